//! Columns without lists in the encodings that nearly every file has them in,
//! read without the library's detour: of texts the dictionary once, of rows the
//! wanted ones only.
//!
//! Whatever is not as expected here, be it rare or damaged, is left to the
//! library: `None`.

use std::io::Cursor;

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::bitmap::BitmapBuilder;
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::types::NativeType;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet::read::ColumnChunkMetadata;
use zstd::bulk::Decompressor;

use super::pages::{PageAt, PageForm, Pages};
use super::runs::{self, Pick};
use super::source::Source;
use super::spans::{Plain, Spans};
use super::types::Kind;
use super::values::Values;

/// Which rows of a group are wanted.
#[derive(Clone, Copy)]
pub(super) enum Rows<'r> {
    All,
    These(&'r [u32]),
}

/// What reading a column takes, from column to column.
#[derive(Default)]
pub(super) struct Scratch {
    /// A chunk as it lies in the file.
    pub(super) chunk: Vec<u8>,
    zstd: Option<Decompressor<'static>>,
    dictionary: Vec<u8>,
    page: Vec<u8>,
    words: Plain,
}

/// A column chunk.
#[derive(Clone, Copy)]
pub(super) struct Flat<'c> {
    pub(super) bytes: &'c [u8],
    pub(super) pages: &'c Pages,
    pub(super) chunk: &'c ColumnChunkMetadata,
    pub(super) field: &'c Field,
}

impl Flat<'_> {
    /// The values of the wanted rows.
    pub(super) fn values(&self, source: &Source, rows: Rows<'_>, scratch: &mut Scratch) -> Option<Values> {
        match source.kind {
            Kind::Bytes => self.texts(rows, scratch).map(Values::Text),
            Kind::Many => None,
            _ => Values::new(self.numbers(rows, scratch)?.as_ref(), &source.kind, source.form),
        }
    }

    fn is_of(&self, physical: PhysicalType) -> bool {
        let descriptor = &self.chunk.descriptor().descriptor;
        descriptor.max_rep_level == 0
            && descriptor.max_def_level <= 1
            && descriptor.primitive_type.physical_type == physical
    }

    /// The texts of the wanted rows.
    fn texts(&self, rows: Rows<'_>, scratch: &mut Scratch) -> Option<Spans> {
        (self.is_of(PhysicalType::ByteArray) && self.field.dtype == ArrowDataType::BinaryView).then_some(())?;
        let Scratch { zstd, dictionary, page, words, .. } = scratch;
        let count = self.dictionary(zstd, dictionary)?;
        words.find(dictionary, count)?;
        // Few texts of many are put together; of many the dictionary stays.
        let mut texts = match rows {
            Rows::These(rows) if rows.len() < count => Spans::default(),
            _ => Spans::of_dictionary(std::mem::take(dictionary), words)?,
        };
        let is_kept = texts.is_dictionary();
        let mut entries = Plain::default();
        let mut keys = Vec::new();
        self.each_page(rows, zstd, page, |form, values, pick| match form {
            PageForm::ByDictionary if is_kept => texts.push_keys(|keys| pick.keys(values, count, keys)),
            PageForm::ByDictionary => {
                keys.clear();
                pick.keys(values, count, &mut keys)?;
                keys.iter().try_for_each(|key| texts.push_word(*key, words, dictionary))
            }
            _ => {
                entries.find(values, pick.present())?;
                pick.each(|place| texts.push_text(entries.get(values, place)))
            }
        })?;
        texts.gathered()
    }

    /// The numbers of the wanted rows.
    fn numbers(&self, rows: Rows<'_>, scratch: &mut Scratch) -> Option<Box<dyn Array>> {
        match self.field.dtype {
            ArrowDataType::Int32 | ArrowDataType::Date32 if self.is_of(PhysicalType::Int32) => {
                self.fixed(rows, scratch, i32::from_le_bytes)
            }
            ArrowDataType::Int64 if self.is_of(PhysicalType::Int64) => self.fixed(rows, scratch, i64::from_le_bytes),
            ArrowDataType::Float64 if self.is_of(PhysicalType::Double) => self.fixed(rows, scratch, f64::from_le_bytes),
            _ => None,
        }
    }

    fn fixed<T: NativeType, const N: usize>(
        &self,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        read: fn([u8; N]) -> T,
    ) -> Option<Box<dyn Array>> {
        let Scratch { zstd, dictionary, page, .. } = scratch;
        let count = self.dictionary(zstd, dictionary)?;
        let words: Vec<T> = dictionary.as_chunks().0.iter().copied().map(read).collect();
        (words.len() >= count).then_some(())?;
        let (mut values, mut there) = (Vec::new(), BitmapBuilder::new());
        let mut keys = Vec::new();
        self.each_page(rows, zstd, page, |form, bytes, pick| {
            let mut push = |value: Option<T>| {
                values.push(value.unwrap_or_default());
                there.push(value.is_some());
            };
            if form == PageForm::ByDictionary {
                keys.clear();
                pick.keys(bytes, count, &mut keys)?;
                if pick.is_all() {
                    values.extend(keys.iter().map(|key| words.get(*key as usize).copied().unwrap_or_default()));
                    there.extend_constant(keys.len(), true);
                } else {
                    keys.iter().map(|key| words.get(*key as usize).copied()).for_each(push);
                }
                return Some(());
            }
            let bytes = bytes.as_chunks().0.get(..pick.present())?;
            if pick.is_all() {
                values.extend(bytes.iter().copied().map(read));
                there.extend_constant(bytes.len(), true);
                return Some(());
            }
            pick.each(|place| {
                push(bytes.get(place as usize).copied().map(read));
                Some(())
            })
        })?;
        let there = there.freeze();
        let validity = (there.unset_bits() > 0).then_some(there);
        Some(PrimitiveArray::new(T::PRIMITIVE.into(), values.into(), validity).boxed())
    }

    /// Unpacks the dictionary, if there is one, and says how many things it holds.
    fn dictionary(&self, zstd: &mut Option<Decompressor<'static>>, into: &mut Vec<u8>) -> Option<usize> {
        into.clear();
        match self.pages.list.first() {
            Some(page) if page.form == PageForm::Dictionary => {
                self.unpack(page, zstd, into)?;
                Some(page.values)
            }
            _ => Some(0),
        }
    }

    /// Shows the form, the values and the wanted ones of each page that has some.
    fn each_page(
        &self,
        rows: Rows<'_>,
        zstd: &mut Option<Decompressor<'static>>,
        unpacked: &mut Vec<u8>,
        mut show: impl FnMut(PageForm, &[u8], &Pick) -> Option<()>,
    ) -> Option<()> {
        let optional = self.chunk.descriptor().descriptor.max_def_level > 0;
        let mut first = 0;
        let mut wanted = rows;
        for page in self.pages.list.iter().filter(|page| page.form != PageForm::Dictionary) {
            (page.form != PageForm::Other).then_some(())?;
            let end = first + page.values;
            let here = match wanted {
                Rows::All => Rows::All,
                Rows::These(rows) => {
                    let (here, behind) = rows.split_at(rows.partition_point(|row| (*row as usize) < end));
                    wanted = Rows::These(behind);
                    Rows::These(here)
                }
            };
            if !matches!(here, Rows::These([])) {
                self.unpack(page, zstd, unpacked)?;
                let (levels, values) = match page.apart {
                    Some((levels, _)) => unpacked.split_at_checked(levels)?,
                    None if optional => {
                        let (length, rest) = unpacked.split_first_chunk()?;
                        rest.split_at_checked(u32::from_le_bytes(*length) as usize)?
                    }
                    None => ([].as_slice(), unpacked.as_slice()),
                };
                let levels = if optional { runs::gaps(levels, page.values)? } else { None };
                show(page.form, values, &Pick::new(here, first, page.values, levels.as_deref()))?;
            }
            first = end;
        }
        Some(())
    }

    fn unpack(&self, page: &PageAt, zstd: &mut Option<Decompressor<'static>>, into: &mut Vec<u8>) -> Option<()> {
        let (levels, is_packed) = page.apart.unwrap_or((0, true));
        let (levels, packed) = self.bytes.get(page.at.clone())?.split_at_checked(levels)?;
        into.clear();
        into.extend_from_slice(levels);
        match self.chunk.compression() {
            _ if !is_packed || packed.is_empty() => into.extend_from_slice(packed),
            Compression::Uncompressed => into.extend_from_slice(packed),
            Compression::Zstd => {
                if zstd.is_none() {
                    *zstd = Decompressor::new().ok();
                }
                into.reserve(page.unpacked.saturating_sub(levels.len()));
                let mut behind = Cursor::new(into);
                behind.set_position(levels.len() as u64);
                zstd.as_mut()?.decompress_to_buffer(packed, &mut behind).ok()?;
                return (behind.get_ref().len() == page.unpacked).then_some(());
            }
            _ => return None,
        }
        (into.len() == page.unpacked).then_some(())
    }
}
