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
use zstd::zstd_safe::compress_bound;

use super::bits;
use super::numbers::{Distinct, FewNumbers, statistics};
use super::texts::Texts;
use super::words::Vocabulary;
use crate::short::TextBuffer;

/// Zstandard's quickest: levels above it take as long again and save a tenth.
const LEVEL: i32 = 1;

/// Differences that take so many bytes each may be as good as random: then nothing is saved
/// by compressing them.
const BY_CHANCE: usize = 2;
/// So many bytes of such a page tell. A shorter one is compressed whatever comes of it.
const FIRST_PART: usize = 1 << 14;
/// A page of texts that has so many bytes takes no more of them.
const FULL_PAGE: usize = 1 << 20;

/// A column of a group.
pub(super) enum Column<'c> {
    /// Of each row the place of its text.
    Placed(&'c [u32], &'c Vocabulary),
    /// Of each row its outcome, and of each outcome the place of its text.
    Outcomes(&'c [u32], &'c [u32], &'c Vocabulary),
    /// Texts that repeat, or not.
    Words(&'c Texts),
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
    /// The page, and what it is compressed into.
    page: Vec<u8>,
    packed: Vec<u8>,
    keys: Vec<u32>,
    words: Vocabulary,
    distinct: Distinct,
    texts: TextPage,
    levels: Vec<u8>,
}

impl PageEncoder {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            compressor: Compressor::new(LEVEL)?,
            page: Vec::new(),
            packed: Vec::new(),
            keys: Vec::new(),
            words: Vocabulary::default(),
            distinct: Distinct::default(),
            texts: TextPage::default(),
            levels: Vec::new(),
        })
    }

    /// The pages of a column.
    pub(super) fn pages(&mut self, column: &Column<'_>, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        self.page.clear();
        match column {
            Column::Placed(keys, words) => self.coded(keys, |place| place, words, to),
            Column::Outcomes(rows, places, words) => {
                self.coded(rows, |row| places.get(row as usize).copied().unwrap_or_default(), words, to)
            }
            Column::Words(texts) => self.words(texts, to),
            Column::Texts(texts) => self.texts(texts, to),
            Column::Numbers(numbers) => self.numbers(numbers, 0, to),
            Column::Few(numbers) => self.few(numbers, to),
        }
    }

    fn few(&mut self, numbers: &FewNumbers, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        let (gaps, rows) = (numbers.gaps(), numbers.rows());
        if to.primitive_type.field_info.repetition == Repetition::Optional {
            self.levels(gaps, rows);
        }
        let (mut distinct, mut keys) = (std::mem::take(&mut self.distinct), std::mem::take(&mut self.keys));
        let pages = if numbers.words(&mut distinct, &mut keys) {
            let distinct = distinct.numbers();
            let plain: Vec<u8> = distinct.iter().flat_map(|number| number.to_le_bytes()).collect();
            let dictionary = self.dictionary(&plain, distinct.len())?;
            self.keys(&keys, |key| key, distinct.len());
            let told = statistics(distinct, gaps.len(), &to.primitive_type);
            Ok(vec![dictionary, self.data(Encoding::RleDictionary, Some(told), rows, to)?])
        } else {
            self.numbers(numbers.values(), gaps.len(), to)
        };
        (self.distinct, self.keys) = (distinct, keys);
        pages
    }

    /// Numbers behind the levels, if there are any.
    fn numbers(&mut self, numbers: &[i64], gaps: usize, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        bits::differences(numbers, &mut self.page);
        let told = statistics(numbers, gaps, &to.primitive_type);
        Ok(vec![self.data(Encoding::DeltaBinaryPacked, Some(told), numbers.len() + gaps, to)?])
    }

    fn words(&mut self, texts: &Texts, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        let (mut words, mut keys) = (std::mem::take(&mut self.words), std::mem::take(&mut self.keys));
        let pages = if texts.words(&mut words, &mut keys) {
            self.coded(&keys, |place| place, &words, to)
        } else {
            self.texts(texts, to)
        };
        (self.words, self.keys) = (words, keys);
        pages
    }

    /// A dictionary, and `of` each row its place there.
    fn coded(
        &mut self,
        rows: &[u32],
        of: impl Fn(u32) -> u32,
        words: &Vocabulary,
        to: &Descriptor,
    ) -> io::Result<Vec<CompressedPage>> {
        let dictionary = self.dictionary(words.plain(), words.len())?;
        self.keys(rows, of, words.len());
        let told = BinaryStatistics {
            primitive_type: to.primitive_type.clone(),
            null_count: Some(0),
            distinct_count: None,
            max_value: words.iter().max().map(<[u8]>::to_vec),
            min_value: words.iter().min().map(<[u8]>::to_vec),
        };
        let data = self.data(Encoding::RleDictionary, Some(told.serialize()), rows.len(), to)?;
        Ok(vec![dictionary, data])
    }

    /// Puts places in a dictionary of so many things into the page.
    fn keys(&mut self, rows: &[u32], of: impl Fn(u32) -> u32, things: usize) {
        let width = bits::width(things.saturating_sub(1) as u64);
        self.page.push(width.to_le_bytes()[0]);
        if width == 0 {
            bits::run(0, rows.len(), width, &mut self.page);
        } else {
            bits::runs(rows, of, width, &mut self.page);
        }
    }

    /// Texts one behind the other. The least and the greatest of long texts tell a reader
    /// nothing.
    fn texts(&mut self, texts: &Texts, to: &Descriptor) -> io::Result<Vec<CompressedPage>> {
        let mut page = std::mem::take(&mut self.texts);
        let mut pages = Vec::new();
        for (text, rows) in texts.runs() {
            for _ in 0..rows {
                page.bytes.add(text);
                // No memory is longer than a signed number counts.
                page.lengths.push(text.len().cast_signed() as i64);
                if page.bytes.len() >= FULL_PAGE {
                    pages.push(self.text_page(&mut page, to)?);
                }
            }
        }
        if !page.lengths.is_empty() {
            pages.push(self.text_page(&mut page, to)?);
        }
        self.texts = page;
        Ok(pages)
    }

    fn text_page(&mut self, page: &mut TextPage, to: &Descriptor) -> io::Result<CompressedPage> {
        self.page.clear();
        bits::differences(&page.lengths, &mut self.page);
        self.page.extend_from_slice(page.bytes.as_bytes());
        let done = self.data(Encoding::DeltaLengthByteArray, None, page.lengths.len(), to);
        page.bytes.clear();
        page.lengths.clear();
        done
    }

    /// Puts into the page which rows have a value: all but the gaps.
    fn levels(&mut self, gaps: &[usize], rows: usize) {
        self.levels.clear();
        self.levels.resize(rows, 1);
        for gap in gaps {
            if let Some(level) = self.levels.get_mut(*gap) {
                *level = 0;
            }
        }
        self.page.extend_from_slice(&[0; LENGTH]);
        bits::runs(&self.levels, u32::from, 1, &mut self.page);
        let length = u32::try_from(self.page.len() - LENGTH).unwrap_or(u32::MAX);
        if let Some(place) = self.page.first_chunk_mut() {
            *place = length.to_le_bytes();
        }
    }

    fn dictionary(&mut self, plain: &[u8], things: usize) -> io::Result<CompressedPage> {
        let packed = packed(&mut self.compressor, plain, &mut self.packed)?;
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
        let (page, compression) = if encoding == Encoding::DeltaBinaryPacked && self.is_by_chance(rows)? {
            (CowBuffer::Owned(self.page.clone()), Compression::Uncompressed)
        } else {
            (packed(&mut self.compressor, &self.page, &mut self.packed)?, Compression::Zstd)
        };
        let page = CompressedDataPage::new(header, page, compression, self.page.len(), to.clone(), rows);
        Ok(CompressedPage::Data(page))
    }

    /// Whether a page of differences does not become shorter by a thirtieth.
    fn is_by_chance(&mut self, rows: usize) -> io::Result<bool> {
        let first = self.page.get(..FIRST_PART).filter(|_| self.page.len() >= BY_CHANCE * rows);
        let Some(first) = first else { return Ok(false) };
        let shorter = packed(&mut self.compressor, first, &mut self.packed)?;
        Ok(shorter.len() > first.len() - first.len() / 30)
    }
}

/// The bytes of a length.
const LENGTH: usize = 4;

/// What goes into one page of texts.
#[derive(Default)]
struct TextPage {
    bytes: TextBuffer,
    lengths: Vec<i64>,
}

/// Compresses into memory that has room for whatever comes, and takes from there what came.
fn packed(compressor: &mut Compressor<'_>, page: &[u8], into: &mut Vec<u8>) -> io::Result<CowBuffer> {
    into.clear();
    into.reserve(compress_bound(page.len()));
    compressor.compress_to_buffer(page, into)?;
    Ok(CowBuffer::Owned(into.clone()))
}
