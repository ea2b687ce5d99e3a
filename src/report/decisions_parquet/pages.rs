//! From a column's values to its pages.

use std::io;

use polars_arrow::array::Array;
use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{CompressedDataPage, CompressedDictPage, Page};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Encoding, Nested, StatisticsOptions, Version, WriteOptions, array_to_pages,
};
use zstd::bulk::Compressor;

/// Zstandard's quickest: levels above it take as long again and save a tenth.
const LEVEL: i32 = 1;

const STATISTICS: StatisticsOptions = StatisticsOptions {
    min_value: true,
    max_value: true,
    distinct_count: false,
    null_count: true,
    binary_statistics_truncate_length: None,
};

/// Encodes and compresses pages; the compressor is the same for all of them.
pub(super) struct PageEncoder {
    compressor: Compressor<'static>,
}

impl PageEncoder {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { compressor: Compressor::new(LEVEL)? })
    }

    /// The pages of a column. A dictionary is written as one, anything else in
    /// the encoding given.
    pub(super) fn pages(
        &mut self,
        array: &dyn Array,
        descriptor: &Descriptor,
        encoding: Encoding,
    ) -> io::Result<Vec<CompressedPage>> {
        let optional = descriptor.primitive_type.field_info.repetition == Repetition::Optional;
        let nested = [Nested::primitive(array.validity().cloned(), optional, array.len())];
        let is_dictionary = matches!(array.dtype(), polars_arrow::datatypes::ArrowDataType::Dictionary(..));
        let encoding = if is_dictionary { Encoding::RleDictionary } else { encoding };
        // The least and the greatest of long texts tell a reader nothing.
        let statistics =
            if encoding == Encoding::DeltaLengthByteArray { StatisticsOptions::empty() } else { STATISTICS };
        let options = WriteOptions {
            statistics,
            version: Version::V1,
            compression: CompressionOptions::Zstd(None),
            data_page_size: None,
        };
        let type_ = descriptor.primitive_type.clone();
        let pages = array_to_pages(array, type_, &nested, options, encoding).map_err(io::Error::other)?;
        pages.map(|page| self.compressed(page.map_err(io::Error::other)?)).collect()
    }

    fn compressed(&mut self, page: Page) -> io::Result<CompressedPage> {
        Ok(match page {
            Page::Data(page) => {
                let packed = CowBuffer::Owned(self.compressor.compress(page.buffer())?);
                let (header, unpacked, rows) =
                    (page.header().clone(), page.buffer().len(), page.num_rows().unwrap_or(page.num_values()));
                let descriptor = page.descriptor;
                CompressedPage::Data(CompressedDataPage::new(
                    header,
                    packed,
                    Compression::Zstd,
                    unpacked,
                    descriptor,
                    rows,
                ))
            }
            Page::Dict(page) => {
                let packed = CowBuffer::Owned(self.compressor.compress(&page.buffer)?);
                let unpacked = page.buffer.len();
                CompressedPage::Dict(CompressedDictPage::new(
                    packed,
                    Compression::Zstd,
                    unpacked,
                    page.num_values,
                    false,
                ))
            }
        })
    }
}
