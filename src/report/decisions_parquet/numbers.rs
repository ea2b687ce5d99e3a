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

/// A column of numbers, some of which may be missing: a dictionary for as long as
/// they are few.
#[derive(Default)]
pub(super) struct FewNumbers {
    values: Vec<i64>,
    /// The rows that have none.
    gaps: Vec<usize>,
    keys: Vec<u32>,
    distinct: Vec<i64>,
    table: Table,
    last: Option<(i64, u32)>,
    are_many: bool,
}

impl FewNumbers {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.gaps.clear();
        self.keys.clear();
        self.distinct.clear();
        self.table.clear();
        self.last = None;
        self.are_many = false;
    }

    #[inline]
    pub(super) fn push(&mut self, value: Option<i64>) {
        let Some(value) = value else {
            self.gaps.push(self.rows());
            return;
        };
        self.values.push(value);
        if !self.are_many {
            let place = match self.last {
                Some((last, place)) if last == value => place,
                _ => self.place_of(value),
            };
            self.keys.push(place);
        }
    }

    fn place_of(&mut self, value: i64) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write_i64(value);
        let hash = hasher.finish();
        let found = self.table.find(hash, |place| self.distinct.get(place as usize) == Some(&value));
        let place = found.unwrap_or_else(|free| {
            self.distinct.push(value);
            self.are_many = self.distinct.len() > FIRST_LOOK && !self.are_few();
            self.table.fill(free, hash)
        });
        self.last = Some((value, place));
        place
    }

    fn are_few(&self) -> bool {
        OFTEN * self.distinct.len() <= self.values.len()
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

    /// Where they are few: the place of each, and the distinct ones.
    pub(super) fn coded(&self) -> Option<(&[u32], &[i64])> {
        (!self.are_many && self.are_few()).then_some((&self.keys, &self.distinct))
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
    let (least, most) = (values.iter().min().copied(), values.iter().max().copied());
    let days = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
    match of.physical_type {
        PhysicalType::Int32 => told(days(least), days(most), gaps, of),
        _ => told(least, most, gaps, of),
    }
}
