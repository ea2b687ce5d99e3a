//! Procedures as they are met, and whether a policy speaks about them.
//!
//! Nearly all rows of a feed have one of a few thousand codes, and under a thousand
//! policies the index of those that are in scope is larger than a core's cache. So whoever
//! sorts rows remembers what it has been told, by what stands in a field: then the field
//! need not even be read.

use crate::claim::ProcedureCode;
use crate::slot::slot;

/// A memory of procedures, in front of an index.
#[derive(Clone, Debug, Default)]
pub struct MetProcedures {
    /// Codes by their hash, in scope or not; the last one met has the place.
    met: Vec<u64>,
}

impl MetProcedures {
    /// How many codes are remembered, as a power of two: they fit the nearest cache.
    const PLACES: u32 = 11;

    /// Marks codes in scope: all are ASCII, so that none has this bit itself.
    const IN_SCOPE: u64 = 1 << 63;

    /// The procedure in a field that is nothing but a code, and whether a policy speaks about
    /// it, as far as that is remembered. `None` says nothing.
    #[inline]
    #[must_use]
    pub fn find(&self, field: &[u8]) -> Option<(ProcedureCode, bool)> {
        let packed = ProcedureCode::packed_as_it_stands(field)?;
        let in_scope = self.of(packed)?;
        // Only codes are remembered, and nothing else comes to what they do.
        Some((ProcedureCode::from_packed(packed), in_scope))
    }

    /// Whether a policy speaks about a procedure: what `speaks`, which must ask the same
    /// policies each time, says or has said.
    #[inline]
    pub fn is_in_scope(&mut self, procedure: ProcedureCode, speaks: impl FnOnce() -> bool) -> bool {
        self.of(procedure.packed()).unwrap_or_else(|| {
            let in_scope = speaks();
            self.met.resize(1 << Self::PLACES, 0);
            if let Some(met) = self.met.get_mut(slot(procedure.packed(), Self::PLACES)) {
                *met = procedure.packed() | if in_scope { Self::IN_SCOPE } else { 0 };
            }
            in_scope
        })
    }

    #[inline]
    fn of(&self, packed: u64) -> Option<bool> {
        let met = self.met.get(slot(packed, Self::PLACES))?;
        (met & !Self::IN_SCOPE == packed).then_some(met & Self::IN_SCOPE != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_of_a_code_is_said_of_its_field() {
        let mut procedures = MetProcedures::default();
        let code = |text: &str| ProcedureCode::parse(text).unwrap();
        assert_eq!(procedures.find(b"22513"), None);
        for number in 10_000..20_000 {
            let text = number.to_string();
            assert_eq!(procedures.is_in_scope(code(&text), || number % 3 == 0), number % 3 == 0);
            assert_eq!(procedures.find(text.as_bytes()), Some((code(&text), number % 3 == 0)));
        }
        assert!(procedures.is_in_scope(code("0200t"), || true));
        assert!(procedures.is_in_scope(code("0200T"), || unreachable!()));
        assert_eq!(procedures.find(b"0200T"), Some((code("0200T"), true)));
        for field in ["0200t", "0200", "0200T ", "0200T-59", "", "\u{e9}0200", "\u{b0}200T", "0200TTTTT"] {
            assert_eq!(procedures.find(field.as_bytes()), None, "{field}");
        }
        let zeros: [&[u8]; 6] = [b"0200T\0", b"0200T\0\0\0", b"0200\0", b"0\x00200T", b"\0\0\0\0\0", b"\x000200T"];
        for field in zeros {
            assert_eq!(procedures.find(field), None, "{field:?}");
        }
    }
}
