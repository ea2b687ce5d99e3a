//! The values of one column, for the rows of a batch, as cells.

use polars_arrow::array::{Array, BinaryViewArray, BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::types::NativeType;

use super::runs::GAP;
use super::spans::Spans;
use super::types::{Form, Kind};
use super::{numbers, texts};
use crate::claim::{Day, Decimal};
use crate::input::source::trimmed;
use crate::input::{Cell, Parts};

/// One column of a batch.
pub(super) enum Values {
    /// Text as it stands in the file.
    Text(Spans),
    /// Such text as the library gives it.
    Views(Utf8ViewArray),
    /// What should be text, and is not all UTF-8.
    Bytes(BinaryViewArray),
    /// Text made from numbers or lists.
    Written(Written),
    /// Whole numbers.
    Whole(Known<i64>),
    /// Ten-thousandths.
    Number(Known<i64>),
    /// Days since 1970-01-01.
    Day(Known<i32>),
    /// Truth values.
    Truth(BooleanArray),
}

/// Texts one behind the other; a text without letters is blank.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<usize>,
}

/// Values, some of which may be missing, and a few of which no cell can hold.
#[derive(Default)]
pub(super) struct Known<T> {
    pub(super) values: Vec<T>,
    /// Of each whether it is there; nothing where all are.
    pub(super) there: Vec<bool>,
    /// The odd ones as they read, by their place, which ascends.
    pub(super) odd: Vec<(usize, String)>,
}

impl Values {
    /// The values of an array, in the form that its column asks for. `None`
    /// where the library has made something else of them than was asked.
    pub(super) fn new(array: &dyn Array, kind: &Kind, form: Form) -> Option<Self> {
        Some(match (kind, form) {
            (Kind::Bytes, _) => {
                let bytes = array.as_any().downcast_ref::<BinaryViewArray>()?;
                bytes.to_utf8view().map_or_else(|_| Self::Bytes(bytes.clone()), Self::Views)
            }
            (_, Form::Text) => Self::Written(texts::written(array, kind)?),
            (Kind::Whole, _) => Self::Whole(numbers::whole(array)?),
            (Kind::Float, Form::Day) => Self::Whole(numbers::whole_floats(array)?),
            (Kind::Decimal(places), Form::Day) => Self::Whole(numbers::whole_decimals(array, *places)?),
            (Kind::Float, Form::Plain) => Self::Number(numbers::floats(array)?),
            (Kind::Decimal(places), Form::Plain) => Self::Number(numbers::decimals(array, *places)?),
            (Kind::Date, _) => Self::Day(numbers::days(array)?),
            (Kind::Moment(per_day), _) => Self::Day(numbers::moments(array, *per_day)?),
            (Kind::Truth, _) => Self::Truth(array.as_any().downcast_ref::<BooleanArray>()?.clone()),
            (Kind::Many, _) => return None,
        })
    }

    /// Whether no cell is [`Cell::Bytes`].
    pub(super) fn is_text(&self) -> bool {
        !matches!(self, Self::Bytes(_) | Self::Written(_))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Views(texts) => texts.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Written(written) => written.ends.len(),
            Self::Whole(known) | Self::Number(known) => known.values.len(),
            Self::Day(known) => known.values.len(),
            Self::Truth(truths) => truths.len(),
        }
    }

    /// Forgets the rows.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Text(texts) => texts.clear(),
            Self::Written(written) => {
                written.text.clear();
                written.ends.clear();
            }
            Self::Whole(known) | Self::Number(known) => known.clear(),
            Self::Day(known) => known.clear(),
            Self::Views(_) | Self::Bytes(_) | Self::Truth(_) => {}
        }
    }

    /// Adds a row for each of `places`: the value that `words` has there, none of them
    /// missing, or a gap. `None` where they are not of the same kind, or cannot be added to.
    pub(super) fn append(&mut self, words: &Self, places: &[u32]) -> Option<()> {
        match (self, words) {
            (Self::Whole(known), Self::Whole(words)) | (Self::Number(known), Self::Number(words)) => {
                known.append(words, places);
            }
            (Self::Day(known), Self::Day(words)) => known.append(words, places),
            (Self::Written(written), Self::Written(words)) => {
                for place in places {
                    written.text.extend_from_slice(words.get(*place as usize));
                    written.end();
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// The text at a place without white space around it; empty where there is none.
    #[inline]
    pub(super) fn text(&self, at: usize) -> &str {
        match self {
            Self::Text(texts) => trimmed(texts.get(at).unwrap_or_default()),
            _ => match self.rare_cell(at) {
                Cell::Text(text) => trimmed(text),
                _ => "",
            },
        }
    }

    /// The value at a place; blank beyond the last.
    #[allow(clippy::inline_always)] // It would not be: it is long, and stands in many places.
    #[inline(always)]
    pub(super) fn cell(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Text(texts) => texts.get(at).map_or(Cell::Blank, Cell::Text),
            Self::Whole(known) => known.cell(at, Cell::Integer),
            Self::Number(known) => known.cell(at, |value| Cell::Number(Decimal::from_ten_thousandths(value))),
            Self::Day(known) => known.cell(at, |days| Cell::Day(Day::from_days(days))),
            _ => self.rare_cell(at),
        }
    }

    /// The same, of what few columns are.
    fn rare_cell(&self, at: usize) -> Cell<'_> {
        match self {
            Self::Views(texts) if at < texts.len() => texts.get(at).map_or(Cell::Blank, Cell::Text),
            Self::Bytes(bytes) if at < bytes.len() => {
                bytes.get(at).map_or(Cell::Blank, |bytes| str::from_utf8(bytes).map_or(Cell::Bytes(bytes), Cell::Text))
            }
            Self::Written(written) => match written.get(at) {
                [] => Cell::Blank,
                text => str::from_utf8(text).map_or(Cell::Bytes(text), Cell::Text),
            },
            Self::Truth(truths) if at < truths.len() => truths.get(at).map_or(Cell::Blank, Cell::Truth),
            _ => Cell::Blank,
        }
    }

    /// Marks of rows that follow one another, from a place on, those whose value may not be
    /// that of the row before them.
    pub(super) fn mark_changes(&self, first: usize, parts: Parts, changed: &mut [Parts]) {
        match self {
            Self::Text(texts) => texts.mark_changes(first, parts, changed),
            Self::Whole(known) | Self::Number(known) if known.odd.is_empty() => {
                known.mark_changes(first, parts, changed);
            }
            Self::Day(known) if known.odd.is_empty() => known.mark_changes(first, parts, changed),
            _ => {
                for (at, changed) in changed.iter_mut().enumerate().skip(1) {
                    let is_other = self.cell(first + at - 1) != self.cell(first + at);
                    *changed = changed.and(parts.only_if(is_other));
                }
            }
        }
    }

    /// Appends the value at a place as text.
    pub(super) fn describe(&self, at: usize, out: &mut Vec<u8>) {
        let mut number = itoa::Buffer::new();
        match self.cell(at) {
            Cell::Blank => {}
            Cell::Text(text) => out.extend_from_slice(text.as_bytes()),
            Cell::Bytes(bytes) => out.extend_from_slice(bytes),
            Cell::Integer(value) => out.extend_from_slice(number.format(value).as_bytes()),
            Cell::Number(value) => value.write_plain(out),
            Cell::Day(day) => out.extend_from_slice(day.to_string().as_bytes()),
            Cell::Truth(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
            Cell::Unreadable => out.extend_from_slice(self.odd(at).as_bytes()),
        }
    }

    fn odd(&self, at: usize) -> &str {
        match self {
            Self::Whole(known) | Self::Number(known) => known.odd(at),
            Self::Day(known) => known.odd(at),
            _ => None,
        }
        .unwrap_or_default()
    }
}

impl Written {
    /// Ends the text that was being written.
    pub(super) fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        start.zip(self.ends.get(at)).and_then(|(start, end)| self.text.get(start..*end)).unwrap_or_default()
    }
}

impl<T: NativeType> Known<T> {
    /// Values of an array, of which none is odd.
    pub(super) fn of(array: &PrimitiveArray<T>) -> Self {
        Self { values: array.values().as_slice().to_vec(), there: there(array), odd: Vec::new() }
    }
}

/// Marks rows, from a place on, whose value is not that of the row before.
#[inline]
pub(super) fn mark<T>(
    values: &[T],
    first: usize,
    parts: Parts,
    changed: &mut [Parts],
    is_same: impl Fn(&T, &T) -> bool,
) {
    let (Some(before), Some(values), Some(changed)) =
        (values.get(first..), values.get(first + 1..), changed.get_mut(1..))
    else {
        return;
    };
    for ((changed, one), next) in changed.iter_mut().zip(before).zip(values) {
        *changed = changed.and(parts.only_if(!is_same(one, next)));
    }
}

impl<T: Copy + Default + PartialEq> Known<T> {
    /// Marks changes where none is odd.
    fn mark_changes(&self, first: usize, parts: Parts, changed: &mut [Parts]) {
        mark(&self.values, first, parts, changed, T::eq);
        // Where none is there something stands all the same: at worst it is taken for a change.
        mark(&self.there, first, parts, changed, bool::eq);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.there.clear();
        self.odd.clear();
    }

    fn append(&mut self, words: &Self, places: &[u32]) {
        let before = self.values.len();
        self.values.extend(places.iter().map(|place| words.values.get(*place as usize).copied().unwrap_or_default()));
        if !self.there.is_empty() || places.contains(&GAP) {
            self.there.resize(before, true);
            self.there.extend(places.iter().map(|place| *place != GAP));
        }
        if !words.odd.is_empty() {
            let odd = places.iter().enumerate().filter_map(|(row, place)| Some((row, words.odd(*place as usize)?)));
            self.odd.extend(odd.map(|(row, text)| (before + row, text.to_owned())));
        }
    }

    #[inline]
    fn cell(&self, at: usize, cell: impl Fn(T) -> Cell<'static>) -> Cell<'static> {
        match self.values.get(at) {
            Some(value) if self.there.get(at).copied().unwrap_or(true) => {
                if !self.odd.is_empty() && self.odd(at).is_some() { Cell::Unreadable } else { cell(*value) }
            }
            _ => Cell::Blank,
        }
    }

    fn odd(&self, at: usize) -> Option<&str> {
        let found = self.odd.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        self.odd.get(found).map(|(_, text)| text.as_str())
    }
}

/// Of each value of an array whether it is there; nothing where all are.
pub(super) fn there<T: NativeType>(array: &PrimitiveArray<T>) -> Vec<bool> {
    array.validity().map(|validity| validity.iter().collect()).unwrap_or_default()
}
