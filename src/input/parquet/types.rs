//! Which types of column mean what our columns hold.

use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::read::ParquetType;
use polars_parquet::read::schema::{SchemaInferenceOptions, parquet_to_arrow_schema_with_options};

use crate::input::Column;

/// What a column of a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Text, or bytes that may be text.
    Bytes,
    /// Whole numbers.
    Whole,
    /// Floating numbers.
    Float,
    /// Numbers with so many decimal places.
    Decimal(usize),
    /// Days.
    Date,
    /// Moments, counted in units of which a day has so many.
    Moment(i64),
    /// Truth values.
    Truth,
    /// Several texts or whole numbers.
    Many,
}

/// What the values of a column are made into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Text, whatever they are.
    Text,
    /// Days, or whole numbers like 20260301.
    Day,
    /// What they are.
    Plain,
}

/// A type that does not mean what its column holds.
pub(super) struct Unsuitable {
    pub(super) found: String,
    pub(super) wanted: &'static str,
}

/// What 128 bits hold.
const MOST_DIGITS: usize = 38;

/// The field to ask the library for, the kind of its values, and the form that
/// suits all of our columns that use it.
pub(super) fn suit(column: &ParquetType, users: &[Column]) -> Result<(Field, Kind, Form), Unsuitable> {
    let options = SchemaInferenceOptions { int96_coerce_to_timeunit: TimeUnit::Millisecond };
    let schema = parquet_to_arrow_schema_with_options(std::slice::from_ref(column), &Some(options));
    let field = schema.iter_values().next().cloned();
    let repeated = column.get_field_info().repetition == Repetition::Repeated;
    let kind = field.as_ref().filter(|_| !repeated).and_then(|field| kind(&field.dtype));
    for user in users {
        let (suits, wanted): (fn(&Kind) -> bool, _) = wanted(*user);
        if !kind.as_ref().is_some_and(suits) {
            let found = match &field {
                _ if repeated => "repeated field".to_owned(),
                Some(field) => described(&field.dtype),
                None => "empty group".to_owned(),
            };
            return Err(Unsuitable { found, wanted });
        }
    }
    let form = if users.iter().any(|user| user.is_text()) {
        Form::Text
    } else if users.iter().any(|user| matches!(user, Column::ServiceDate | Column::PaidDate)) {
        Form::Day
    } else {
        Form::Plain
    };
    match (field, kind) {
        (Some(mut field), Some(kind)) => {
            as_bytes(&mut field);
            Ok((field, kind, form))
        }
        _ => Err(Unsuitable { found: "empty group".to_owned(), wanted: "a column of values" }),
    }
}

fn wanted(user: Column) -> (fn(&Kind) -> bool, &'static str) {
    use Kind::{Bytes, Date, Decimal, Float, Many, Moment, Truth, Whole};
    match user {
        Column::DiagnosisCodes | Column::DiagnosisPointers | Column::Modifiers => (
            |kind| matches!(kind, Bytes | Whole | Float | Decimal(_) | Many),
            "text, a number, or a list of texts or whole numbers",
        ),
        Column::ServiceDate | Column::PaidDate => (
            |kind| matches!(kind, Bytes | Whole | Float | Decimal(_) | Date | Moment(_)),
            "a date, a timestamp, text or a number like 20260301",
        ),
        Column::Symptomatic
        | Column::SeverePain
        | Column::Hospitalized
        | Column::AmbulationPrevented
        | Column::FdaClearedDevice => {
            (|kind| matches!(kind, Bytes | Whole | Float | Decimal(_) | Truth), "a truth value, 1 and 0, or text")
        }
        _ if user.is_text() => (|kind| matches!(kind, Bytes | Whole | Float | Decimal(_)), "text or a number"),
        _ => (|kind| matches!(kind, Bytes | Whole | Float | Decimal(_)), "a number or text"),
    }
}

fn kind(dtype: &ArrowDataType) -> Option<Kind> {
    use ArrowDataType as T;
    Some(match dtype {
        T::Utf8View | T::BinaryView => Kind::Bytes,
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 | T::UInt64 => Kind::Whole,
        T::Float32 | T::Float64 => Kind::Float,
        T::Decimal(..=MOST_DIGITS, places) => Kind::Decimal(*places),
        T::Date32 => Kind::Date,
        T::Timestamp(unit, _) => Kind::Moment(match unit {
            TimeUnit::Second => 86_400,
            TimeUnit::Millisecond => 86_400_000,
            TimeUnit::Microsecond => 86_400_000_000,
            TimeUnit::Nanosecond => 86_400_000_000_000,
        }),
        T::Boolean => Kind::Truth,
        T::LargeList(inner) if matches!(kind(&inner.dtype), Some(Kind::Bytes | Kind::Whole)) => Kind::Many,
        _ => return None,
    })
}

/// Asks for text as bytes: the library refuses a whole file for one text that is
/// not UTF-8; for us that is one reject.
fn as_bytes(field: &mut Field) {
    match &mut field.dtype {
        text @ ArrowDataType::Utf8View => *text = ArrowDataType::BinaryView,
        ArrowDataType::LargeList(inner) => as_bytes(inner),
        _ => {}
    }
}

fn described(dtype: &ArrowDataType) -> String {
    use ArrowDataType as T;
    let word = match dtype {
        T::Utf8View | T::BinaryView => "text",
        T::Float32 | T::Float64 => "float",
        T::Decimal(..=MOST_DIGITS, _) => "decimal",
        T::Decimal(..) => "decimal of more than 38 digits",
        T::Date32 => "date",
        T::Timestamp(..) => "timestamp",
        T::Time32(_) | T::Time64(_) => "time of day",
        T::Interval(_) => "interval",
        T::Boolean => "boolean",
        T::FixedSizeBinary(_) => "bytes of fixed length",
        T::Struct(_) => "struct",
        T::Map(..) => "map",
        T::LargeList(inner) => return format!("list of {}", described(&inner.dtype)),
        _ if kind(dtype) == Some(Kind::Whole) => "integer",
        other => return format!("{other:?}"),
    };
    word.to_owned()
}
