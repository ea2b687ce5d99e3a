//! Which code a procedure field holds: the same for every format, and all that is looked
//! at of most rows.

use std::str;

use crate::claim::ProcedureCode;

/// The code at the head of a procedure field. Text outside ASCII may begin with
/// a blank of its own.
#[inline]
pub(super) fn procedure_head(field: &[u8]) -> Option<ProcedureCode> {
    if let plain @ Some(_) = ProcedureCode::parse_plain(field) {
        return plain;
    }
    procedure_head_of_any(field)
}

fn procedure_head_of_any(field: &[u8]) -> Option<ProcedureCode> {
    if field.is_ascii() {
        return ProcedureCode::parse_head(field);
    }
    let Ok(text) = str::from_utf8(field) else {
        // Modifiers that cannot be read do not take the code out of scope.
        return ProcedureCode::parse_head(field);
    };
    let text = text.trim();
    let head = text.split(|c: char| c == '-' || c == ':' || c.is_whitespace()).next()?;
    ProcedureCode::parse_head(head.as_bytes())
}
