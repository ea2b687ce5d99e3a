//! Columns of numbers that are often few.

use std::hash::Hasher as _;

use polars_parquet::parquet::schema::types::{PhysicalType, PrimitiveType};
use polars_parquet::parquet::statistics::{ParquetStatistics, PrimitiveStatistics};
use polars_parquet::parquet::types::NativeType;
use rustc_hash::FxHasher;

use super::words::Table;

/// Distinct numbers from which on it is asked whether they are few.
const FIRST_LOOK: usize = 1 << 10;
/// They are few where each comes so often.
const OFTEN: usize = 4;

/// A column of numbers, some of which may be missing.
#[derive(Default)]
pub(super) struct FewNumbers {
    values: Vec<i64>,
    /// The rows that have none.
    gaps: Vec<usize>,
}

/// Distinct numbers, in the order in which they came.
#[derive(Default)]
pub(super) struct Distinct {
    numbers: Vec<i64>,
    table: Table,
}

impl FewNumbers {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.gaps.clear();
    }

    #[inline]
    pub(super) fn push(&mut self, value: Option<i64>) {
        match value {
            Some(value) => self.values.push(value),
            None => self.gaps.push(self.rows()),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.values.len() + self.gaps.len()
    }

    pub(super) fn gaps(&self) -> &[usize] {
        &self.gaps
    }

    /// Those that there are.
    pub(super) fn values(&self) -> &[i64] {
        &self.values
    }

    /// The place of each among the distinct ones; `false` where these are not few.
    pub(super) fn words(&self, known: &mut Distinct, keys: &mut Vec<u32>) -> bool {
        known.clear();
        keys.clear();
        keys.reserve(self.values.len());
        let are_few = |distinct: usize, rows: usize| OFTEN * distinct <= rows;
        let mut last = None;
        for value in &self.values {
            let place = match last {
                Some((last, place)) if last == *value => place,
                _ => known.place_of(*value),
            };
            last = Some((*value, place));
            keys.push(place);
            if place as usize >= FIRST_LOOK && !are_few(place as usize + 1, keys.len()) {
                return false;
            }
        }
        are_few(known.numbers.len(), keys.len())
    }
}

impl Distinct {
    fn clear(&mut self) {
        self.numbers.clear();
        self.table.clear();
    }

    pub(super) fn numbers(&self) -> &[i64] {
        &self.numbers
    }

    #[inline]
    fn place_of(&mut self, value: i64) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write_i64(value);
        let hash = hasher.finish();
        let found = self.table.find(hash, |place| self.numbers.get(place as usize) == Some(&value));
        found.unwrap_or_else(|free| {
            self.numbers.push(value);
            self.table.fill(free, hash)
        })
    }
}

/// What a page says of its numbers.
pub(super) fn statistics(values: &[i64], gaps: usize, of: &PrimitiveType) -> ParquetStatistics {
    fn told<T: NativeType>(least: Option<T>, most: Option<T>, gaps: usize, of: &PrimitiveType) -> ParquetStatistics {
        PrimitiveStatistics {
            primitive_type: of.clone(),
            null_count: i64::try_from(gaps).ok(),
            distinct_count: None,
            min_value: least,
            max_value: most,
        }
        .serialize()
    }
    let limits = values.iter().fold(None, |limits: Option<(i64, i64)>, value| {
        Some(limits.map_or((*value, *value), |(least, most)| (least.min(*value), most.max(*value))))
    });
    let (least, most) = limits.unzip();
    let days = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
    match of.physical_type {
        PhysicalType::Int32 => told(days(least), days(most), gaps, of),
        _ => told(least, most, gaps, of),
    }
}
