//! Which rows of a group are in scope, told by the procedure column alone.

use polars_arrow::array::{Array, BinaryViewArray};
use polars_arrow::bitmap::BitmapBuilder;
use polars_parquet::read::expr::{ParquetColumnExpr, SpecializedParquetColumnExpr};
use rustc_hash::FxHashSet;

use super::super::row::procedure_head;
use crate::claim::ProcedureCode;

/// The fields of a dictionary whose procedure is in scope.
///
/// A feed has a few thousand distinct procedure fields in millions of rows, so
/// each is read once here, and the rows are then told apart by their place in
/// the dictionary.
pub(super) struct FieldsInScope(FxHashSet<Box<[u8]>>);

impl FieldsInScope {
    /// Reads a dictionary: `count` times a length and so many bytes. `None` if
    /// it is cut short.
    pub(super) fn of_dictionary(
        mut rest: &[u8],
        count: usize,
        in_scope: &(dyn Fn(ProcedureCode) -> bool + Sync),
    ) -> Option<Self> {
        let mut fields = FxHashSet::default();
        for _ in 0..count {
            let (length, behind) = rest.split_first_chunk()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (field, behind) = behind.split_at_checked(length)?;
            if procedure_head(field).is_some_and(in_scope) {
                fields.insert(field.into());
            }
            rest = behind;
        }
        Some(Self(fields))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ParquetColumnExpr for FieldsInScope {
    fn evaluate_mut(&self, values: &dyn Array, mask: &mut BitmapBuilder) {
        match values.as_any().downcast_ref::<BinaryViewArray>() {
            Some(fields) => {
                for field in fields.values_iter() {
                    mask.push(self.0.contains(field));
                }
            }
            // The column was asked for as bytes.
            None => mask.extend_constant(values.len(), false),
        }
    }

    fn evaluate_null(&self) -> bool {
        false
    }

    fn as_specialized(&self) -> Option<&SpecializedParquetColumnExpr> {
        None
    }
}
