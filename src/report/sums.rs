//! What one worker's lines add up to.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::DecisionRow;
use super::amounts::{Amounts, ByRule, Split};
use super::outcome::Outcomes;
use super::tally::{AllowedSums, ProviderLine, ProviderSums, Quarter, Tally};
use crate::claim::{Day, Decimal};
use crate::engine::SupersededBy;
use crate::icd10::{DiagnosisCode, Icd10, Status};
use crate::rules::{Disposition, RuleId};
use crate::short::same;

/// A diagnosis code as the decisions print it.
pub type DiagnosisText = SmallVec<[u8; 8]>;

/// Rules that speak of a line's diagnoses: what was billed in place of a listed
/// one is worth a table.
pub(super) const OF_DIAGNOSES: [RuleId; 4] = [RuleId::Cov002, RuleId::Cov003, RuleId::Cod002, RuleId::Cod003];

/// What one worker's lines add up to, until the tally is made of it.
#[derive(Debug, Default)]
pub struct WorkerSums {
    /// Each day is looked up in the calendar but once.
    days: Keyed<Day, DaySums>,
    months: Split<(i32, u32), ByRule>,
    providers: Keyed<SmallVec<[u8; 16]>, ProviderSums>,
    files: Vec<Amounts>,
    diagnoses: FxHashMap<(RuleId, DiagnosisText), Amounts>,
    already_denied: Amounts,
    allowed: [AllowedSums; 4],
    superseded: [Amounts; 5],
}

/// The lines of a day.
#[derive(Debug, Default)]
struct DaySums {
    dated: Option<Dated>,
    lines: u64,
}

/// What a day lies in.
#[derive(Clone, Copy, Debug)]
struct Dated {
    month: (i32, u32),
    quarter: Quarter,
}

impl Dated {
    fn new(day: Day) -> Self {
        let (year, month, _) = day.ymd();
        Self { month: (year, month), quarter: Quarter::of(year, month) }
    }
}

/// Sums by a key that lines next to each other mostly share.
#[derive(Debug)]
pub(super) struct Keyed<K, V> {
    places: FxHashMap<K, usize>,
    added: Vec<V>,
    /// The place of the last line's.
    last: Option<(K, usize)>,
}

impl<K, V> Default for Keyed<K, V> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), added: Vec::new(), last: None }
    }
}

impl<K: Eq + Hash, V: Default> Keyed<K, V> {
    /// The sums of a key; `is_last` says whether the last one's is the same.
    #[inline]
    pub(super) fn of<Q>(&mut self, key: &Q, is_last: impl FnOnce(&K) -> bool, own: impl Fn(&Q) -> K) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let place = match &self.last {
            Some((last, place)) if is_last(last) => *place,
            _ => self.find(key, own),
        };
        self.added.get_mut(place)
    }

    #[inline(never)]
    fn find<Q>(&mut self, key: &Q, own: impl Fn(&Q) -> K) -> usize
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let known = self.places.get(key).copied();
        let place = known.unwrap_or_else(|| {
            self.added.push(V::default());
            self.places.insert(own(key), self.added.len() - 1);
            self.added.len() - 1
        });
        self.last = Some((own(key), place));
        place
    }

    fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, place)| Some((key, self.added.get(*place)?)))
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (K, V)> {
        let mut added = self.added;
        self.places.into_iter().filter_map(move |(key, place)| Some((key, std::mem::take(added.get_mut(place)?))))
    }
}

impl WorkerSums {
    /// Adds a decided line and its amounts.
    pub fn add(&mut self, row: &DecisionRow<'_>, amounts: &Amounts, table: &Icd10) {
        let kept = row.outcome;
        let rule = kept.outcome.rule;
        let disposition = kept.outcome.disposition;
        let day = self.days.of(&row.service_date, |last| *last == row.service_date, |day| *day);
        let Some(day) = day else { return };
        day.lines += 1;
        let Dated { month, quarter } = *day.dated.get_or_insert_with(|| Dated::new(row.service_date));
        self.months.of(month).of(rule).merge(amounts);
        if let Some(provider) =
            self.providers.of(row.provider_npi, |last| same(last, row.provider_npi), SmallVec::from_slice)
        {
            provider.add(&ProviderLine {
                rule,
                disposition,
                version: kept.sorted.version,
                service: (kept.sorted.procedure, kept.sorted.program),
                // Lines without a provider are compared with nobody's.
                quarter: (!row.provider_npi.is_empty()).then_some(quarter),
                priced: row.paid.is_some() && !kept.sorted.payer_denied,
                units: row.units,
                amounts,
            });
        }
        if let Some(rule) = rule.filter(|rule| OF_DIAGNOSES.contains(rule)) {
            let first = first_diagnosis(row.diagnosis_codes, row.service_date, table);
            self.diagnoses.entry((rule, first)).or_default().merge(amounts);
        }
    }

    /// Adds a line that the payer has denied itself, with its amounts as they were read.
    pub fn add_already_denied(&mut self, amounts: &Amounts) {
        self.already_denied.merge(amounts);
    }

    /// Adds what was allowed on a decided line.
    pub fn add_allowed(&mut self, disposition: Disposition, allowed: Decimal) {
        if let Some(sums) = self.allowed.get_mut(disposition as usize) {
            sums.lines += 1;
            sums.allowed += allowed.into();
        }
    }

    /// Adds a line that is not judged.
    pub fn add_superseded(&mut self, reason: SupersededBy, amounts: &Amounts) {
        if let Some(sums) = self.superseded.get_mut(reason as usize) {
            sums.merge(amounts);
        }
    }

    /// Adds decided lines of an input, by its place.
    pub fn add_to_file(&mut self, file: usize, amounts: &Amounts) {
        if self.files.len() <= file {
            self.files.resize(file + 1, Amounts::default());
        }
        if let Some(sum) = self.files.get_mut(file) {
            sum.merge(amounts);
        }
    }

    /// How many decided lines each day has, in no order.
    pub(super) fn lines_by_day(&self) -> impl Iterator<Item = (Day, u64)> {
        self.days.iter().map(|(day, sums)| (*day, sums.lines))
    }

    /// How many decided lines each provider has, in no order.
    pub(super) fn lines_by_provider(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.providers.iter().map(|(provider, sums)| (provider.as_slice(), sums.all.lines))
    }

    /// Adds all of it to a tally.
    pub fn add_to(self, outcomes: &Outcomes<'_>, tally: &mut Tally) {
        outcomes.iter().for_each(|kept| tally.add(kept));
        for (day, sums) in self.days.into_iter() {
            *tally.days.entry(day).or_default() += sums.lines;
        }
        for (month, sums) in self.months.iter() {
            tally.months.entry(*month).or_default().merge(sums);
        }
        for (provider, sums) in self.providers.into_iter() {
            let provider = String::from_utf8_lossy(&provider).into_owned();
            tally.providers.entry(provider).or_default().merge(&sums);
        }
        if tally.files.len() < self.files.len() {
            tally.files.resize(self.files.len(), Amounts::default());
        }
        tally.files.iter_mut().zip(&self.files).for_each(|(sum, more)| sum.merge(more));
        tally.already_denied.merge(&self.already_denied);
        for (sum, more) in tally.allowed.iter_mut().zip(&self.allowed) {
            sum.lines += more.lines;
            sum.allowed += more.allowed;
        }
        tally.superseded.iter_mut().zip(&self.superseded).for_each(|(sum, more)| sum.merge(more));
        for (key, amounts) in self.diagnoses {
            tally.diagnoses.entry(key).or_default().merge(&amounts);
        }
    }
}

/// The first examined diagnosis of a line; blank where the code table has nothing
/// of the kind, so that there are never more than the table can name.
pub(super) fn first_diagnosis(examined: &[u8], service_date: Day, table: &Icd10) -> DiagnosisText {
    let first = examined.split(|byte| *byte == b';').next().unwrap_or_default();
    let status = DiagnosisCode::parse(first).map(|code| table.status(&code, service_date));
    match status {
        None | Some(Status::Unknown) => SmallVec::new(),
        Some(_) => SmallVec::from_slice(first),
    }
}
