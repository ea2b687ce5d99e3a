//! The columns of the payer's side of a line, and what a row out of scope says of
//! other claims: a replacement may have dropped the very line that is in scope.

use super::source::{Source, cell, optional, stated, text};
use super::{Column, ColumnMap, Fault, Row, scalars};
use crate::claim::{ClaimFrequency, ClaimStatus, PayerRecord};

/// Where these columns stand in the rows of one file.
#[derive(Clone, Debug)]
pub(super) struct PayerColumns<'m> {
    frequency: Source<'m>,
    original: Source<'m>,
    status: Source<'m>,
    paid_date: Source<'m>,
    allowed: Source<'m>,
    authorization: Source<'m>,
    claim_id: Source<'m>,
    /// Whether the file has any.
    any: bool,
    /// Whether the file says which version of its claim a row belongs to.
    versions: bool,
    /// Whether it says what became of a row with the payer.
    statuses: bool,
}

/// What a row says of its claim as a version of another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VersionRow<'a> {
    /// The claim.
    pub claim_id: &'a str,
    /// What the payer knows of it.
    pub payer: PayerRecord<'a>,
}

impl<'m> PayerColumns<'m> {
    pub(super) fn new(map: &'m ColumnMap) -> Self {
        let columns = [
            Column::ClaimFrequency,
            Column::OriginalClaimId,
            Column::ClaimStatus,
            Column::PaidDate,
            Column::AllowedAmount,
            Column::AuthorizationNumber,
        ];
        let [frequency, original, status, paid_date, allowed, authorization] =
            columns.map(|column| Source::of(map, column));
        Self {
            frequency,
            original,
            status,
            paid_date,
            allowed,
            authorization,
            claim_id: Source::of(map, Column::ClaimId),
            any: columns.iter().any(|column| map.has(*column)),
            versions: map.has(Column::ClaimFrequency),
            statuses: map.has(Column::ClaimStatus),
        }
    }

    /// Whether the file says which version of its claim a row belongs to.
    #[inline]
    pub(super) const fn tell_versions(&self) -> bool {
        self.versions
    }

    /// Whether the file says what became of a row with the payer.
    #[inline]
    pub(super) const fn tells_status(&self) -> bool {
        self.statuses
    }

    /// The place of the column that says so, where it has just one source and no
    /// constant.
    pub(super) fn frequency_place(&self) -> Option<usize> {
        match (self.frequency.places, self.frequency.constant) {
            ([place], None) => Some(*place),
            _ => None,
        }
    }

    /// Reads what a row in scope says of them.
    #[inline]
    pub(super) fn read<'a>(&self, row: &impl Row<'a>, payer: &mut PayerRecord<'a>) -> Result<(), Fault>
    where
        'm: 'a,
    {
        if self.any {
            *payer = self.record(row)?;
        }
        Ok(())
    }

    fn record<'a>(&self, row: &impl Row<'a>) -> Result<PayerRecord<'a>, Fault>
    where
        'm: 'a,
    {
        let at = |column: Column| move |reason| Fault { column: Some(column), reason };
        let frequency = optional(cell(self.frequency, row), scalars::frequency).map_err(at(Column::ClaimFrequency))?;
        let paid_date = optional(cell(self.paid_date, row), scalars::day).map_err(at(Column::PaidDate))?;
        let allowed = optional(cell(self.allowed, row), scalars::dollars).map_err(at(Column::AllowedAmount))?;
        Ok(PayerRecord {
            frequency: frequency.unwrap_or_default(),
            original_claim_id: filled(text(self.original, row)),
            status: stated(text(self.status, row), ClaimStatus::from_word),
            paid_date,
            allowed,
            authorization_number: filled(text(self.authorization, row)),
        })
    }

    fn later_version<'a>(&self, row: &impl Row<'a>) -> Option<ClaimFrequency>
    where
        'm: 'a,
    {
        let frequency = scalars::frequency(cell(self.frequency, row)).ok()?;
        (frequency != ClaimFrequency::Original).then_some(frequency)
    }

    /// Whether a row belongs to a later version of its claim than the original.
    pub(super) fn is_later_version<'a>(&self, row: &impl Row<'a>) -> bool
    where
        'm: 'a,
    {
        self.later_version(row).is_some()
    }

    /// What a row out of scope says of other claims: something where it replaces or
    /// voids one. Of such rows nothing is rejected, so what cannot be read says
    /// nothing.
    pub(super) fn version<'a>(&self, row: &impl Row<'a>) -> Option<VersionRow<'a>>
    where
        'm: 'a,
    {
        let frequency = self.later_version(row)?;
        let claim_id = text(self.claim_id, row);
        let paid_date = scalars::day(cell(self.paid_date, row)).ok();
        let payer =
            PayerRecord { frequency, original_claim_id: text(self.original, row), paid_date, ..PayerRecord::default() };
        (!claim_id.is_empty()).then_some(VersionRow { claim_id, payer })
    }
}

/// What stands in columns of numbers that are not there, in exports of other programs.
const NOTHING: [&str; 6] = ["N/A", "NA", "NONE", "NULL", "UNKNOWN", "-"];

/// The number of a column; blank where what stands there is none.
fn filled(text: &str) -> &str {
    let is_nothing = NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_nothing || text.bytes().all(|byte| matches!(byte, b'0' | b'.')) { "" } else { text }
}
