//! From a column to its pages.

use std::io;

use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{
    CompressedDataPage, CompressedDictPage, DataPageHeader, DataPageHeaderV1, FormatEncoding,
};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::statistics::{BinaryStatistics, ParquetStatistics};
use polars_parquet::write::{CompressedPage, Encoding};
use zstd::bulk::Compressor;

use super::bits;
use super::numbers::{FewNumbers, statistics};
use super::words::{Texts, Vocabulary};

/// Zstandard's quickest: levels above it take as long again and save a tenth.
const LEVEL: i32 = 1;

/// A column of a group.
pub(super) enum Column<'c> {
    /// Of each row the place of its text.
    Words(&'c [u32], &'c Vocabulary),
    /// Of each row its outcome, and of each outcome the place of its text.
    Outcomes(&'c [u32], &'c [u32], &'c Vocabulary),
    /// Texts that do not repeat.
    Texts(&'c Texts),
    /// Numbers, or days.
    Numbers(&'c [i64]),
    /// Numbers that may be few or missing.
    Few(&'c FewNumbers),
}

/// Encodes and compresses pages; what it needs for one it uses again for the next.
pub(super) struct PageEncoder {
    compressor: Compressor<'static>,
    buffer: Vec<u8>,
    keys: Vec<u32>,
}

impl PageEncoder {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { compressor: Compressor::new(LEVEL)?, buffer: Vec::new(), keys: Vec::new() })
    }

    /// The pages of a column.
    pub(super) fn pages(&mut self, column: &Column<'_>, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        self.buffer.clear();
        match column {
            Column::Words(keys, words) => self.words(keys, words, to),
            Column::Outcomes(rows, places, words) => {
                let mut keys = std::mem::take(&mut self.keys);
                keys.clear();
                if words.len() > 1 {
                    keys.extend(rows.iter().map(|row| places.get(*row as usize).copied().unwrap_or_default()));
                } else {
                    keys.resize(rows.len(), 0);
                }
                let pages = self.words(&keys, words, to);
                self.keys = keys;
                pages
            }
            // The least and the greatest of long texts tell a reader nothing.
            Column::Texts(texts) => texts
                .pages()
                .map(|page| {
                    self.buffer.clear();
                    page.encode(&mut self.buffer);
                    self.data(Encoding::DeltaLengthByteArray, None, page.rows(), to)
                })
                .collect(),
            Column::Numbers(numbers) => {
                bits::differences(numbers, &mut self.buffer);
                let told = statistics(numbers, 0, &to.primitive_type);
                Ok(vec![self.data(Encoding::DeltaBinaryPacked, Some(told), numbers.len(), to)?])
            }
            Column::Few(numbers) => self.few(numbers, to),
        }
    }

    fn few(&mut self, numbers: &FewNumbers, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        let (gaps, rows) = (numbers.gaps(), numbers.rows());
        if to.primitive_type.field_info.repetition == Repetition::Optional {
            self.levels(gaps, rows);
        }
        let Some((keys, distinct)) = numbers.coded() else {
            bits::differences(numbers.values(), &mut self.buffer);
            let told = statistics(numbers.values(), gaps.len(), &to.primitive_type);
            return Ok(vec![self.data(Encoding::DeltaBinaryPacked, Some(told), rows, to)?]);
        };
        let plain: Vec<u8> = distinct.iter().flat_map(|number| number.to_le_bytes()).collect();
        let dictionary = self.dictionary(&plain, distinct.len())?;
        self.keys(keys, distinct.len());
        let told = statistics(distinct, gaps.len(), &to.primitive_type);
        Ok(vec![dictionary, self.data(Encoding::RleDictionary, Some(told), rows, to)?])
    }

    fn words(&mut self, keys: &[u32], words: &Vocabulary, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        let dictionary = self.dictionary(words.plain(), words.len())?;
        self.keys(keys, words.len());
        let told = BinaryStatistics {
            primitive_type: to.primitive_type.clone(),
            null_count: Some(0),
            distinct_count: None,
            max_value: words.iter().max().map(<[u8]>::to_vec),
            min_value: words.iter().min().map(<[u8]>::to_vec),
        };
        let data = self.data(Encoding::RleDictionary, Some(told.serialize()), keys.len(), to)?;
        Ok(vec![dictionary, data])
    }

    /// Puts places in a dictionary of so many things into the page.
    fn keys(&mut self, keys: &[u32], things: usize) {
        let width = bits::width(things.saturating_sub(1) as u64);
        self.buffer.push(width.to_le_bytes()[0]);
        bits::runs(keys, width, &mut self.buffer);
    }

    /// Puts into the page which rows have a value: all but the gaps.
    fn levels(&mut self, gaps: &[usize], rows: usize) {
        self.keys.clear();
        self.keys.resize(rows, 1);
        for gap in gaps {
            if let Some(level) = self.keys.get_mut(*gap) {
                *level = 0;
            }
        }
        let mut levels = Vec::new();
        bits::runs(&self.keys, 1, &mut levels);
        self.buffer.extend_from_slice(&u32::try_from(levels.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.buffer.extend_from_slice(&levels);
    }

    fn dictionary(&mut self, plain: &[u8], things: usize) -> io::Result<CompressedPage> {
        let packed = CowBuffer::Owned(self.compressor.compress(plain)?);
        Ok(CompressedPage::Dict(CompressedDictPage::new(packed, Compression::Zstd, plain.len(), things, false)))
    }

    /// The page that has been put together.
    fn data(
        &mut self,
        encoding: Encoding,
        statistics: Option<ParquetStatistics>,
        rows: usize,
        to: &Descriptor,
    ) -> io::Result<CompressedPage> {
        let header = DataPageHeader::V1(DataPageHeaderV1 {
            num_values: i32::try_from(rows).map_err(io::Error::other)?,
            encoding: encoding.into(),
            definition_level_encoding: FormatEncoding::RLE,
            repetition_level_encoding: FormatEncoding::RLE,
            statistics,
        });
        let packed = CowBuffer::Owned(self.compressor.compress(&self.buffer)?);
        let unpacked = self.buffer.len();
        let page = CompressedDataPage::new(header, packed, Compression::Zstd, unpacked, to.clone(), rows);
        Ok(CompressedPage::Data(page))
    }
}
