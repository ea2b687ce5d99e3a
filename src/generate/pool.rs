//! Diagnoses that no list needs: everyday ones, and ones that are wrong.

use super::rng::{Rng, Weighted, zipf};
use super::window::Window;
use crate::claim::Day;
use crate::icd10::{CodeIndex, DiagnosisCode, Icd10, Status};

/// How many diagnoses make up most of what is seen.
const COMMON: u32 = 2_500;

/// Which of the common ones is the n-th: fixed, so that two seeds differ in
/// claims and not in what people fall ill with.
const SHUFFLE: u64 = 1;

/// The code table, from which anything can be drawn.
pub(super) struct Pool<'i> {
    icd10: &'i Icd10,
    /// Every code of every day.
    all: Vec<CodeIndex>,
    /// Codes of the whole window, the commonest first.
    common: Vec<CodeIndex>,
    ranks: Weighted<u32>,
    /// Codes that ended before the window.
    expired: Vec<CodeIndex>,
}

impl<'i> Pool<'i> {
    /// Prepares to draw codes of a window.
    pub(super) fn new(icd10: &'i Icd10, window: Window) -> Self {
        let letters = (b'A'..=b'Z').filter_map(|letter| DiagnosisCode::parse(&[letter]));
        let all: Vec<_> = letters.flat_map(|letter| icd10.with_prefix(&letter)).collect();
        let lasts = |code: &CodeIndex| {
            let (from, to) = icd10.validity(*code);
            from <= window.first && to.is_none_or(|to| window.last <= to)
        };
        let mut rng = Rng::new(SHUFFLE, 0);
        let common: Vec<_> = (0..COMMON).filter_map(|_| rng.pick_where(&all, lasts).copied()).collect();
        let ended = |code: &CodeIndex| icd10.validity(*code).1.is_some_and(|to| to < window.first);
        let expired = all.iter().copied().filter(ended).collect();
        Self { icd10, all, ranks: zipf(u32::try_from(common.len()).unwrap_or(0)), common, expired }
    }

    /// An everyday diagnosis, billable on the day.
    pub(super) fn everyday(&self, day: Day, rng: &mut Rng) -> Option<DiagnosisCode> {
        if rng.often(2_000) {
            let rare = rng.pick(&self.all).filter(|code| self.icd10.billable_on(**code, day));
            if let Some(code) = rare {
                return Some(self.icd10.code(*code));
            }
        }
        let place = *self.ranks.pick(rng)? as usize;
        self.common.get(place).map(|code| self.icd10.code(*code))
    }

    /// A billable code of the same category as `code` that is none of `listed`.
    pub(super) fn neighbour(
        &self,
        code: DiagnosisCode,
        day: Day,
        listed: impl Fn(CodeIndex) -> bool,
        rng: &mut Rng,
    ) -> Option<DiagnosisCode> {
        let category = beginning(code, 3)?;
        let family: Vec<_> = self.icd10.completions(&category, day).filter(|code| !listed(*code)).collect();
        rng.pick(&family).map(|code| self.icd10.code(*code))
    }

    /// The beginning of a code, if characters are missing of it on the day.
    pub(super) fn incomplete(&self, code: DiagnosisCode, day: Day, rng: &mut Rng) -> Option<DiagnosisCode> {
        let kept = rng.between(3, u32::try_from(code.len()).ok()?.saturating_sub(1)) as usize;
        let short = beginning(code, kept)?;
        (self.icd10.status(&short, day) == Status::Incomplete).then_some(short)
    }

    /// A code that may not be billed on the day: one that has ended, or one that
    /// looks like `code` and never was.
    pub(super) fn invalid(&self, code: DiagnosisCode, day: Day, rng: &mut Rng) -> Option<DiagnosisCode> {
        if rng.often(4_000) {
            let ended = rng.pick(&self.expired).map(|code| self.icd10.code(*code));
            // A header of today is incomplete, which is another error.
            let ended = ended.filter(|code| matches!(self.icd10.status(code, day), Status::NotValidOnDate(_)));
            if ended.is_some() {
                return ended;
            }
        }
        let text = code.undotted();
        let letters: Vec<_> = (b'A'..=b'Z').collect();
        (0..8).find_map(|_| {
            let mut typo = text.as_bytes().to_vec();
            *typo.last_mut()? = *rng.pick(&letters)?;
            DiagnosisCode::parse(&typo).filter(|typo| self.icd10.status(typo, day) == Status::Unknown)
        })
    }
}

fn beginning(code: DiagnosisCode, characters: usize) -> Option<DiagnosisCode> {
    DiagnosisCode::parse(code.undotted().as_bytes().get(..characters)?)
}
