//! Columns without lists in the encodings that nearly every file has them in,
//! read without the library's detour: of texts the dictionary once, of rows the
//! wanted ones only, and of those as many at a time as are asked for.
//!
//! Whatever is not as expected here, be it rare or damaged, is left to the
//! library: `None`.

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::types::NativeType;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet::read::ColumnChunkMetadata;
use zstd::bulk::Decompressor;

use super::chunk::Chunk;
use super::cursor::{Cursor, Rows};
use super::pages::PageForm;
use super::runs::GAP;
use super::source::Source;
use super::spans::Spans;
use super::types::{Form, Kind};
use super::values::Values;
use super::words::{Plain, Words};

/// What reading columns takes, from column to column and from group to group.
#[derive(Default)]
pub(super) struct Scratch {
    zstd: Option<Decompressor<'static>>,
    /// For chunks as they lie in the file, for unpacked pages and for dictionaries: of several
    /// columns that are read side by side each has its own. Whoever gave back last is the next
    /// to take: columns closed from the last to the first find their own in the next group.
    pub(super) chunks: Vec<Vec<u8>>,
    pages: Vec<Vec<u8>>,
    dictionaries: Vec<(Vec<u8>, Plain)>,
    /// For texts before it is known whether they are any.
    letters: Vec<u8>,
    /// For the places of wanted rows.
    pub(super) selected: Vec<u32>,
}

/// A column chunk, read from its first row to its last.
pub(super) struct Flat<'g> {
    cursor: Cursor<'g>,
    dictionary: Dictionary,
    /// How many things the dictionary holds.
    count: usize,
    /// The texts of a page that has them as they are.
    entries: Plain,
    kind: Kind,
    form: Form,
}

/// Where the things of a dictionary are.
enum Dictionary {
    /// With the values of the rows.
    Near,
    /// Here, known to be text.
    Far(Words),
    /// Here, as the file has them: few of them are wanted.
    Found(Vec<u8>, Plain),
    /// Here, numbers of a type, as the values that they are.
    Numbers(Number, Values),
}

/// How a number is stored.
#[derive(Clone, Copy)]
enum Number {
    Int,
    Long,
    Double,
}

impl<'g> Flat<'g> {
    /// Whether a column chunk is one that can be read here, by what is told of it.
    fn suits(source: &Source, chunk: &ColumnChunkMetadata) -> bool {
        let descriptor = &chunk.descriptor().descriptor;
        let physical = descriptor.primitive_type.physical_type;
        let is_known = match source.kind {
            Kind::Many => false,
            Kind::Bytes => physical == PhysicalType::ByteArray && source.field.dtype == ArrowDataType::BinaryView,
            _ => number(&source.field.dtype, physical).is_some(),
        };
        is_known && descriptor.max_rep_level == 0 && descriptor.max_def_level <= 1
    }

    /// A column chunk of which `wanted` rows are going to be read, and what takes their
    /// values; or one that cannot be read here.
    pub(super) fn open(
        source: &Source,
        chunk: Chunk<'g>,
        wanted: usize,
        scratch: &mut Scratch,
    ) -> Result<(Self, Values), Chunk<'g>> {
        if !Self::suits(source, chunk.told) {
            return Err(chunk);
        }
        let told = chunk.told;
        let cursor = Cursor::new(chunk, scratch.pages.pop().unwrap_or_default());
        match Self::dictionary(&cursor, source, told, wanted, scratch) {
            Some((count, dictionary, values)) => {
                let entries = Plain::default();
                let (kind, form) = (source.kind.clone(), source.form);
                Ok((Self { cursor, dictionary, count, entries, kind, form }, values))
            }
            None => Err(cursor.into_parts().0),
        }
    }

    fn dictionary(
        cursor: &Cursor<'g>,
        source: &Source,
        chunk: &ColumnChunkMetadata,
        wanted: usize,
        scratch: &mut Scratch,
    ) -> Option<(usize, Dictionary, Values)> {
        let (mut bytes, mut words) = scratch.dictionaries.pop().unwrap_or_default();
        let count = cursor.dictionary(&mut scratch.zstd, &mut bytes)?;
        if source.kind != Kind::Bytes {
            let number = number(&source.field.dtype, chunk.descriptor().descriptor.primitive_type.physical_type)?;
            let made = |bytes| Values::new(number.array(bytes, 0..count)?.as_ref(), &source.kind, source.form);
            let none = Values::new(number.array(&[], std::iter::empty())?.as_ref(), &source.kind, source.form)?;
            let dictionary = Dictionary::Numbers(number, made(&bytes)?);
            scratch.dictionaries.push((bytes, words));
            return Some((count, dictionary, none));
        }
        words.find(&bytes, count)?;
        // Few texts of many are put together; of many the dictionary stays.
        if wanted < count {
            return Some((count, Dictionary::Found(bytes, words), Values::Text(Spans::default())));
        }
        if Words::are_near(&bytes) {
            // It stays with the rows: the memory that may hold a long one does not.
            let near = Words::new(bytes.clone(), words.clone())?;
            scratch.dictionaries.push((bytes, words));
            return Some((count, Dictionary::Near, Values::Text(Spans::of_words(near))));
        }
        Some((count, Dictionary::Far(Words::new(bytes, words)?), Values::Text(Spans::default())))
    }

    /// Gives back the memory.
    pub(super) fn close(self, scratch: &mut Scratch) {
        let (chunk, page) = self.cursor.into_parts();
        scratch.chunks.push(chunk.bytes);
        scratch.pages.push(page);
        match self.dictionary {
            Dictionary::Found(bytes, words) => scratch.dictionaries.push((bytes, words)),
            Dictionary::Far(words) => scratch.dictionaries.push(words.into_memory()),
            Dictionary::Near | Dictionary::Numbers(..) => {}
        }
    }

    /// The chunk, of which nothing has been read.
    pub(super) fn into_chunk(self) -> Chunk<'g> {
        self.cursor.into_parts().0
    }

    /// Adds the values of the wanted rows, which come behind all that were read before.
    pub(super) fn read(&mut self, rows: Rows<'_>, values: &mut Values, scratch: &mut Scratch) -> Option<()> {
        let before = values.len();
        let Self { cursor, dictionary, count, entries, kind, form } = self;
        let Scratch { zstd, letters, .. } = scratch;
        cursor.read(rows, zstd, |wanted| {
            let by_dictionary = wanted.form == PageForm::ByDictionary;
            if by_dictionary {
                // Counted from 1 a gap is 0.
                let most = wanted.places.iter().fold(0, |most: u32, place| most.max(place.wrapping_add(1)));
                (most as usize <= *count).then_some(())?;
            }
            match (&*dictionary, &mut *values) {
                (Dictionary::Numbers(_, words), values) if by_dictionary => values.append(words, wanted.places),
                (Dictionary::Numbers(number, _), values) => {
                    let there = wanted.places.iter().filter(|place| **place != GAP).map(|place| *place as usize);
                    let here = Values::new(number.array(wanted.values, there)?.as_ref(), kind, *form)?;
                    let mut next = 0;
                    let place = |place: &u32| {
                        let here = if *place == GAP { GAP } else { next };
                        next += u32::from(*place != GAP);
                        here
                    };
                    values.append(&here, &wanted.places.iter().map(place).collect::<Vec<_>>())
                }
                (Dictionary::Near, Values::Text(texts)) if by_dictionary => texts.push_keys(wanted.places),
                (Dictionary::Far(words), Values::Text(texts)) if by_dictionary => {
                    texts.push_words(wanted.places, words)
                }
                (Dictionary::Found(bytes, words), Values::Text(texts)) if by_dictionary => {
                    texts.push_found(wanted.places, words, bytes, letters)
                }
                (_, Values::Text(texts)) => {
                    if wanted.is_new {
                        entries.find(wanted.values, wanted.present)?;
                    }
                    texts.push_plain(wanted.places, entries, wanted.values, letters)
                }
                _ => None,
            }
        })?;
        (values.len() == before + rows.len()).then_some(())
    }
}

fn number(dtype: &ArrowDataType, physical: PhysicalType) -> Option<Number> {
    Some(match (dtype, physical) {
        (ArrowDataType::Int32 | ArrowDataType::Date32, PhysicalType::Int32) => Number::Int,
        (ArrowDataType::Int64, PhysicalType::Int64) => Number::Long,
        (ArrowDataType::Float64, PhysicalType::Double) => Number::Double,
        _ => return None,
    })
}

impl Number {
    /// Those at places, all of which must be there.
    fn array(self, bytes: &[u8], places: impl Iterator<Item = usize>) -> Option<Box<dyn Array>> {
        match self {
            Self::Int => fixed(bytes, places, i32::from_le_bytes),
            Self::Long => fixed(bytes, places, i64::from_le_bytes),
            Self::Double => fixed(bytes, places, f64::from_le_bytes),
        }
    }
}

fn fixed<T: NativeType, const N: usize>(
    bytes: &[u8],
    places: impl Iterator<Item = usize>,
    read: fn([u8; N]) -> T,
) -> Option<Box<dyn Array>> {
    let stored = bytes.as_chunks().0;
    let values: Option<Vec<T>> = places.map(|place| stored.get(place).copied().map(read)).collect();
    Some(PrimitiveArray::new(T::PRIMITIVE.into(), values?.into(), None).boxed())
}
