//! The lines that an override is about.

use std::fmt;

use smallvec::SmallVec;

use crate::claim::{ClaimLine, Day, ProcedureCode};

/// What has to hold of a line; what is `None` or empty holds of every line.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// The claim.
    pub(super) claim_id: Option<String>,
    /// The line's number on that claim.
    pub(super) line_number: Option<u32>,
    /// The member.
    pub(super) member_id: Option<String>,
    /// The provider.
    pub(super) provider_npi: Option<String>,
    /// Any of these procedures.
    pub(super) procedures: SmallVec<[ProcedureCode; 2]>,
    /// The first service date.
    pub(super) from: Option<Day>,
    /// The last service date.
    pub(super) to: Option<Day>,
}

impl Condition {
    /// Whether all of it holds of a line.
    pub(super) fn holds(&self, line: &ClaimLine<'_>) -> bool {
        let is = |wanted: &Option<String>, text: &str| wanted.as_deref().is_none_or(|wanted| wanted == text.trim());
        self.line_number.is_none_or(|number| number == line.line_number)
            && self.from.is_none_or(|from| from <= line.service_date)
            && self.to.is_none_or(|to| line.service_date <= to)
            && (self.procedures.is_empty() || self.procedures.contains(&line.procedure))
            && is(&self.claim_id, line.claim_id)
            && is(&self.member_id, line.member_id)
            && is(&self.provider_npi, line.provider_npi)
    }

    /// The conditions that are given, by the names of their fields.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        let given = [
            ("claim_id", self.claim_id.is_some()),
            ("line_number", self.line_number.is_some()),
            ("member_id", self.member_id.is_some()),
            ("provider_npi", self.provider_npi.is_some()),
            ("procedure", !self.procedures.is_empty()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }
}

/// Says which conditions there are, and nothing of what they hold.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({})", self.given().join(", "))
    }
}
