//! Numbers and days of every width, as the two or three kinds that cells know.

use std::fmt::{Display, LowerExp, Write as _};

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::types::NativeType;

use super::values::{self, Known};
use crate::claim::Decimal;

/// The places of a [`Decimal`].
const PLACES: usize = 4;

/// Whole numbers of any width.
pub(super) fn whole(array: &dyn Array) -> Option<Known<i64>> {
    let any = array.as_any();
    if let Some(values) = any.downcast_ref::<PrimitiveArray<i64>>() {
        return Some(Known::of(values));
    }
    if let Some(values) = any.downcast_ref::<PrimitiveArray<u64>>() {
        return Some(each(values, |value| i64::try_from(value).ok(), |value| value.to_string()));
    }
    widened::<i32>(array)
        .or_else(|| widened::<i16>(array))
        .or_else(|| widened::<i8>(array))
        .or_else(|| widened::<u32>(array))
        .or_else(|| widened::<u16>(array))
        .or_else(|| widened::<u8>(array))
}

fn widened<T: NativeType + Into<i64>>(array: &dyn Array) -> Option<Known<i64>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<T>>()?;
    Some(each(values, |value| Some(value.into()), |_| String::new()))
}

/// Floats as ten-thousandths.
pub(super) fn floats(array: &dyn Array) -> Option<Known<i64>> {
    if let Some(values) = array.as_any().downcast_ref::<PrimitiveArray<f64>>() {
        return Some(each(
            values,
            |value| Decimal::from_float(value).map(Decimal::ten_thousandths),
            |v| text_of_float(v, &v),
        ));
    }
    let values = array.as_any().downcast_ref::<PrimitiveArray<f32>>()?;
    // A single float's shortest text is what was meant: 1234.56, where its value
    // is 1234.56005859375.
    let mut text = String::new();
    let read = |value: f32| {
        text.clear();
        write!(text, "{value}").ok()?;
        Decimal::parse(text.as_bytes()).map(Decimal::ten_thousandths)
    };
    Some(each(values, read, |value| text_of_float(value.into(), &value)))
}

/// A float as text: with an exponent where it would be hundreds of digits.
pub(super) fn text_of_float(value: f64, shortest: &(impl Display + LowerExp)) -> String {
    let is_short = value == 0.0 || !value.is_finite() || (1e-16..1e17).contains(&value.abs());
    if is_short { shortest.to_string() } else { format!("{shortest:e}") }
}

/// Floats that must be whole.
pub(super) fn whole_floats(array: &dyn Array) -> Option<Known<i64>> {
    if let Some(values) = array.as_any().downcast_ref::<PrimitiveArray<f64>>() {
        return Some(each(values, whole_of, |value| text_of_float(value, &value)));
    }
    let values = array.as_any().downcast_ref::<PrimitiveArray<f32>>()?;
    Some(each(values, |value| whole_of(value.into()), |value| text_of_float(value.into(), &value)))
}

/// The whole number that a float is, where floats still count by ones.
pub(super) fn whole_of(value: f64) -> Option<i64> {
    const LAST: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation)]
    (value.fract() == 0.0 && value.abs() <= LAST).then_some(value as i64)
}

/// Decimals as ten-thousandths, rounded half away from zero.
pub(super) fn decimals(array: &dyn Array, places: usize) -> Option<Known<i64>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<i128>>()?;
    Some(each(values, |value| rounded(value, places), |value| text_of(value, places)))
}

fn rounded(value: i128, places: usize) -> Option<i64> {
    let scaled = match places.checked_sub(PLACES) {
        None => value.checked_mul(power(PLACES - places)?)?,
        Some(0) => value,
        Some(more) => {
            let unit = power(more)?;
            let (quotient, rest) = (value / unit, value % unit);
            // Twice the rest could overflow where half the unit cannot.
            quotient + if rest.abs() >= unit / 2 { value.signum() } else { 0 }
        }
    };
    let scaled = i64::try_from(scaled).ok()?;
    // The decimal's own limits.
    Decimal::from_integer(scaled / Decimal::ONE.ten_thousandths()).map(|_| scaled)
}

/// Decimals that must be whole.
pub(super) fn whole_decimals(array: &dyn Array, places: usize) -> Option<Known<i64>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<i128>>()?;
    let unit = power(places)?;
    let read = |value: i128| (value % unit == 0).then(|| i64::try_from(value / unit).ok()).flatten();
    Some(each(values, read, |value| text_of(value, places)))
}

/// A decimal as text, with no more places than it has.
pub(super) fn text_of(value: i128, places: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn power(places: usize) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(places).ok()?)
}

/// Days.
pub(super) fn days(array: &dyn Array) -> Option<Known<i32>> {
    array.as_any().downcast_ref().map(Known::of)
}

/// Moments as the day that they fall on where they were written: a time zone
/// beside them is not regarded.
pub(super) fn moments(array: &dyn Array, per_day: i64) -> Option<Known<i32>> {
    let values = array.as_any().downcast_ref::<PrimitiveArray<i64>>()?;
    Some(each(values, |value| i32::try_from(value.div_euclid(per_day)).ok(), |value| value.to_string()))
}

/// Reads each value that is there; those that cannot be read are kept as text.
fn each<T: NativeType, N: NativeType>(
    from: &PrimitiveArray<T>,
    mut read: impl FnMut(T) -> Option<N>,
    text: impl Fn(T) -> String,
) -> Known<N> {
    let mut odd = Vec::new();
    let there = values::there(from);
    let values: Vec<N> = from
        .values()
        .iter()
        .enumerate()
        .map(|(at, value)| {
            read(*value).unwrap_or_else(|| {
                // What stands where a value is missing means nothing.
                if there.get(at).copied().unwrap_or(true) {
                    odd.push((at, text(*value)));
                }
                N::default()
            })
        })
        .collect();
    Known { values, there, odd }
}
