//! Lines that are named for their diagnoses, by the first of these.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::claim::{Day, Decimal};
use crate::icd10::{DiagnosisCode, Icd10, Status};
use crate::report::{Amounts, DecisionRow};
use crate::rules::RuleId;

/// A diagnosis code as the decisions print it.
pub type DiagnosisText = SmallVec<[u8; 8]>;

/// Rules that speak of a line's diagnoses: what was billed in place of a listed
/// one is worth a table.
pub(in crate::report) const OF_DIAGNOSES: [RuleId; 4] =
    [RuleId::Cov002, RuleId::Cov003, RuleId::Cod002, RuleId::Cod003];

/// Lines by the rule that names them and their first examined diagnosis.
#[derive(Debug, Default)]
pub(super) struct DiagnosisLines(FxHashMap<(RuleId, DiagnosisText), DiagnosisSums>);

#[derive(Debug, Default)]
struct DiagnosisSums {
    /// Whether the code table has it as it is, whatever the day.
    is_code: bool,
    amounts: Amounts,
}

impl DiagnosisLines {
    /// Adds a line that such a rule names.
    #[inline(never)]
    pub(super) fn add(&mut self, rule: RuleId, row: &DecisionRow<'_>, paid: Option<Decimal>, table: &Icd10) {
        let examined = row.texts.diagnosis_codes.as_bytes();
        // Most have been met.
        if let Some(known) = self.0.get_mut(&(rule, SmallVec::from_slice(first_text(examined))))
            && known.is_code
        {
            return known.amounts.add(row.billed, paid);
        }
        let first = first_diagnosis(examined, row.service_date, table);
        let is_code = DiagnosisCode::parse(&first).is_some_and(|code| table.find(&code).is_some());
        let sums = self.0.entry((rule, first)).or_default();
        sums.is_code = is_code;
        sums.amounts.add(row.billed, paid);
    }

    /// All of them, in no order.
    pub(super) fn into_iter(self) -> impl Iterator<Item = ((RuleId, DiagnosisText), Amounts)> {
        self.0.into_iter().map(|(key, sums)| (key, sums.amounts))
    }
}

/// The first examined diagnosis of a line; blank where the code table has nothing
/// of the kind, so that there are never more than the table can name.
pub(in crate::report) fn first_diagnosis(examined: &[u8], service_date: Day, table: &Icd10) -> DiagnosisText {
    let first = first_text(examined);
    let status = DiagnosisCode::parse(first).map(|code| table.status(&code, service_date));
    match status {
        None | Some(Status::Unknown) => SmallVec::new(),
        Some(_) => SmallVec::from_slice(first),
    }
}

fn first_text(examined: &[u8]) -> &[u8] {
    examined.split(|byte| *byte == b';').next().unwrap_or_default()
}
