//! What became of lines, apart from what is each line's own.
//!
//! Millions of lines share a few hundred outcomes: a procedure, a program, a
//! version, findings and what follows from them. Each is worked out, put into
//! words and summed up once.

use rustc_hash::FxHashMap;

use super::amounts::Amounts;
use super::decisions_csv::OutcomeColumns;
use super::tally::Sorted;
use crate::claim::ProcedureCode;
use crate::overrides::Waiver;
use crate::policy::ProcedureIndex;
use crate::rules::{Disposition, FindingSet, RuleId};

/// What lines have in common that came to the same.
#[derive(Clone, Debug)]
pub struct Outcome<'p> {
    /// The procedure.
    pub procedure: ProcedureCode,
    /// The program; `None` where the line of business is unknown.
    pub line_of_business: Option<&'static str>,
    /// The recommendation.
    pub disposition: Disposition,
    /// The rule that names it.
    pub rule: Option<RuleId>,
    /// Every finding.
    pub findings: FindingSet,
    /// Suggested claim adjustment reason code.
    pub carc: &'static str,
    /// Suggested remittance advice remark code.
    pub rarc: &'static str,
    /// The policy that put the line in scope.
    pub policy_id: &'p str,
    /// The version applied.
    pub policy_version: &'p str,
    /// The indication that is met.
    pub indication: &'p str,
    /// What became of its lines with the payer; blank where that is not known.
    pub claim_status: &'static str,
    /// The overrides that took weight from a finding, `;` between them.
    pub overrides: String,
    /// Whether what was paid on denied lines can still be asked for; blank where that was
    /// not asked.
    pub recovery: &'static str,
}

/// By what outcomes are told apart: equal keys, equal outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OutcomeKey {
    /// Program, policy, version, indication and what was not given, as one
    /// number.
    pub context: u64,
    /// The procedure.
    pub procedure: ProcedureIndex,
    /// Every finding.
    pub findings: FindingSet,
    /// The overrides that the line meets.
    pub waiver: Waiver,
}

/// An outcome as it is kept.
#[derive(Clone, Debug)]
pub struct KeptOutcome<'p> {
    /// Its place among those of its worker.
    pub place: usize,
    /// What it is.
    pub outcome: Outcome<'p>,
    /// Where it is summed up.
    pub(super) sorted: Sorted,
    /// What its lines add up to.
    pub(super) amounts: Amounts,
    /// Its columns of a CSV row.
    pub(super) csv: OutcomeColumns,
}

/// The outcomes that one worker has met.
#[derive(Debug, Default)]
pub struct Outcomes<'p> {
    kept: Vec<KeptOutcome<'p>>,
    places: FxHashMap<OutcomeKey, usize>,
    /// Those met last, where their keys have them looked for first: nearly all lines come to one
    /// of some hundred.
    recent: Vec<Option<(OutcomeKey, usize)>>,
}

/// How many are looked for there, as a power of two.
const RECENT: u32 = 8;

impl OutcomeKey {
    /// Where it is looked for first.
    #[inline]
    fn slot(&self) -> usize {
        let Self { context, procedure, findings, waiver } = self;
        let rest = u64::from(procedure.0) << 16 | u64::from(waiver.0);
        let mixed =
            (context ^ findings.bits().rotate_left(40) ^ rest.rotate_left(20)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::from((mixed >> (u64::BITS - RECENT)).to_le_bytes()[0])
    }
}

impl<'p> Outcomes<'p> {
    /// The place of an outcome, worked out if it is new.
    #[inline]
    pub fn place(&mut self, key: OutcomeKey, work_out: impl FnOnce() -> (Outcome<'p>, Sorted)) -> usize {
        let slot = key.slot();
        match self.recent.get(slot) {
            Some(Some((known, place))) if *known == key => *place,
            _ => {
                let known = self.places.get(&key).copied();
                let place = known.unwrap_or_else(|| self.add(key, work_out()));
                self.recent.resize(1 << RECENT, None);
                if let Some(recent) = self.recent.get_mut(slot) {
                    *recent = Some((key, place));
                }
                place
            }
        }
    }

    #[cold]
    fn add(&mut self, key: OutcomeKey, (outcome, sorted): (Outcome<'p>, Sorted)) -> usize {
        let place = self.kept.len();
        let csv = OutcomeColumns::of(&outcome);
        let amounts = Amounts::default();
        self.kept.push(KeptOutcome { place, outcome, sorted, amounts, csv });
        self.places.insert(key, place);
        place
    }

    /// An outcome by its place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&KeptOutcome<'p>> {
        self.kept.get(place)
    }

    /// Adds lines to what an outcome's lines add up to.
    pub(super) fn add_amounts(&mut self, place: usize, amounts: &Amounts) {
        if let Some(kept) = self.kept.get_mut(place) {
            kept.amounts.merge(amounts);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &KeptOutcome<'p>> {
        self.kept.iter()
    }
}
