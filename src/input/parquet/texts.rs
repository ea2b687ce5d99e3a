//! Text made from what is not text: numbers, and lists.

use std::fmt::{Display, LowerExp};

use polars_arrow::array::{Array, BinaryViewArray, ListArray, PrimitiveArray};
use polars_arrow::types::NativeType;

use super::numbers;
use super::types::Kind;
use super::values::Written;

/// The most text that the lists of a row group are joined to: elements that are one and
/// the same stand in a file once, however long they are.
const MOST_TEXT: usize = 256 << 20;

/// The texts of an array. `None` where the library has made something else of
/// it than was asked.
pub(super) fn written(array: &dyn Array, kind: &Kind) -> Option<Written> {
    let mut written = Written::default();
    match kind {
        Kind::Whole => whole(array, &mut written)?,
        Kind::Float => {
            if let Some(values) = array.as_any().downcast_ref::<PrimitiveArray<f64>>() {
                each(values, &mut written, |value, out| float(*value, value, out));
            } else {
                let values = array.as_any().downcast_ref::<PrimitiveArray<f32>>()?;
                each(values, &mut written, |value, out| float(f64::from(*value), value, out));
            }
        }
        Kind::Decimal(places) => {
            let values = array.as_any().downcast_ref::<PrimitiveArray<i128>>()?;
            each(values, &mut written, |value, out| {
                out.extend_from_slice(numbers::text_of(*value, *places).as_bytes());
            });
        }
        Kind::Many => many(array.as_any().downcast_ref()?, &mut written)?,
        Kind::Bytes | Kind::Date | Kind::Moment(_) | Kind::Truth => return None,
    }
    Some(written)
}

/// Whole numbers as they are, those beyond 64 signed bits included.
fn whole(array: &dyn Array, written: &mut Written) -> Option<()> {
    let mut digits = itoa::Buffer::new();
    if let Some(values) = array.as_any().downcast_ref::<PrimitiveArray<u64>>() {
        each(values, written, |value, out| out.extend_from_slice(digits.format(*value).as_bytes()));
        return Some(());
    }
    let known = numbers::whole(array)?;
    for (at, value) in known.values.iter().enumerate() {
        if known.there.get(at).copied().unwrap_or(true) {
            written.text.extend_from_slice(digits.format(*value).as_bytes());
        }
        written.end();
    }
    Some(())
}

/// A float that is a whole number has no point: pandas turns whole numbers into
/// floats where one of them is missing, and the missing one into NaN.
fn float(value: f64, shortest: &(impl Display + LowerExp), out: &mut Vec<u8>) {
    if value.is_nan() {
        return;
    }
    match numbers::whole_of(value) {
        Some(whole) => out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes()),
        None => out.extend_from_slice(numbers::text_of_float(value, shortest).as_bytes()),
    }
}

/// Lists, `;` between their elements, of which missing ones are empty.
fn many(lists: &ListArray<i64>, written: &mut Written) -> Option<()> {
    let inner = lists.values().as_ref();
    let elements = if let Some(texts) = inner.as_any().downcast_ref::<BinaryViewArray>() {
        Elements::Text(texts)
    } else {
        let mut numbers = Written::default();
        whole(inner, &mut numbers)?;
        Elements::Number(numbers)
    };
    let mut offsets = lists.offsets().iter();
    let mut start = usize::try_from(*offsets.next()?).ok()?;
    for (at, end) in offsets.enumerate() {
        let end = usize::try_from(*end).ok()?;
        if lists.validity().is_none_or(|there| there.get(at).unwrap_or(false)) {
            for element in start..end {
                if element > start {
                    written.text.push(b';');
                }
                written.text.extend_from_slice(elements.get(element));
                if written.text.len() > MOST_TEXT {
                    return None;
                }
            }
        }
        written.end();
        start = end;
    }
    Some(())
}

enum Elements<'a> {
    Text(&'a BinaryViewArray),
    Number(Written),
}

impl Elements<'_> {
    fn get(&self, at: usize) -> &[u8] {
        match self {
            Self::Text(texts) if at < texts.len() => texts.get(at).unwrap_or_default(),
            Self::Text(_) => &[],
            Self::Number(numbers) => numbers.get(at),
        }
    }
}

fn each<T: NativeType>(values: &PrimitiveArray<T>, written: &mut Written, mut write: impl FnMut(&T, &mut Vec<u8>)) {
    for (at, value) in values.values().iter().enumerate() {
        if values.validity().is_none_or(|there| there.get(at).unwrap_or(false)) {
            write(value, &mut written.text);
        }
        written.end();
    }
}

#[cfg(test)]
mod tests {
    use polars_arrow::array::MutableBinaryViewArray;
    use polars_arrow::datatypes::{ArrowDataType, Field};
    use polars_arrow::offset::OffsetsBuffer;

    use super::*;

    /// Lists, each of the same text, which is there once.
    fn lists(count: usize, word: &[u8]) -> ListArray<i64> {
        let mut texts = MutableBinaryViewArray::<[u8]>::new();
        texts.extend_constant(count, Some(word));
        let texts: BinaryViewArray = texts.into();
        let dtype = ArrowDataType::LargeList(Box::new(Field::new("element".into(), texts.dtype().clone(), true)));
        let ends: Vec<i64> = (0..).take(count + 1).collect();
        ListArray::new(dtype, OffsetsBuffer::try_from(ends).unwrap(), texts.boxed(), None)
    }

    #[test]
    fn one_long_word_is_not_joined_without_end() {
        let word = vec![b'M'; MOST_TEXT / 8];
        assert_eq!(written(&lists(8, &word), &Kind::Many).map(|written| written.ends.len()), Some(8));
        assert!(written(&lists(9, &word), &Kind::Many).is_none());
    }
}
