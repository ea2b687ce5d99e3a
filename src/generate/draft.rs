//! A claim being made.

use super::outliers::Outlier;
use crate::claim::{ClinicalFacts, Day};

/// A claim and its lines. Kept and filled again, claim after claim.
#[derive(Clone, Default)]
pub(super) struct Draft<'p> {
    /// Its number: that of its first line in the file, from 1, or that of
    /// the claim that it takes back.
    pub(super) id: u64,
    /// The member.
    pub(super) member: u32,
    /// The provider.
    pub(super) provider: u32,
    /// The line of business as written.
    pub(super) line_of_business: &'p str,
    /// The place of service.
    pub(super) place: &'p str,
    /// Clinical facts, of its lines in scope.
    pub(super) facts: ClinicalFacts,
    /// Its diagnoses as written, joined.
    pub(super) diagnoses: String,
    /// Its lines.
    pub(super) lines: Vec<Line<'p>>,
    /// Its provider, where the claim is affected by what that one does wrong.
    pub(super) outlier: Option<&'p Outlier>,
}

/// A line of a claim. Amounts are cents.
#[derive(Clone, Copy)]
pub(super) struct Line<'p> {
    /// Its number on the claim.
    pub(super) number: u32,
    /// The day of service.
    pub(super) day: Day,
    /// The procedure.
    pub(super) procedure: &'p str,
    /// Its modifier, or nothing.
    pub(super) modifier: &'p str,
    /// Units; `None` is a blank.
    pub(super) units: Option<i32>,
    /// What was billed.
    pub(super) billed: i64,
    /// What was paid; `None` is a blank.
    pub(super) paid: Option<i64>,
    /// How many bytes of the claim's diagnoses the line has.
    pub(super) diagnoses: usize,
    /// Whether a policy speaks about the procedure.
    pub(super) in_scope: bool,
    /// What cannot be read.
    pub(super) fault: Option<Fault>,
}

/// A value that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// The service date.
    Date,
    /// The billed amount.
    Amount,
    /// The line number.
    Number,
}

impl<'p> Draft<'p> {
    /// Makes it a claim without lines, whose memory can be used again.
    pub(super) fn clear(&mut self) {
        self.id = 0;
        self.facts = ClinicalFacts::default();
        self.diagnoses.clear();
        self.lines.clear();
        self.outlier = None;
    }

    /// Makes it an earlier claim once more, with `most` lines and a number of its
    /// own.
    pub(super) fn come_again(&mut self, past: &Self, most: u32) {
        let id = self.id;
        self.clone_from(past);
        self.lines.truncate(most as usize);
        self.id = id;
        self.outlier = None;
    }

    /// Whether every line can be read and says all that it should.
    pub(super) fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| line.fault.is_none() && line.units.is_some())
    }

    /// Adds a line of one unit with all diagnoses, not paid yet.
    pub(super) fn push(
        &mut self,
        day: Day,
        procedure: &'p str,
        modifier: &'p str,
        units: u32,
        billed: i64,
        in_scope: bool,
    ) {
        self.lines.push(Line {
            number: u32::try_from(self.lines.len()).unwrap_or(u32::MAX).saturating_add(1),
            day,
            procedure,
            modifier,
            units: i32::try_from(units).ok(),
            billed: billed.saturating_mul(i64::from(units)),
            paid: None,
            diagnoses: self.diagnoses.len(),
            in_scope,
            fault: None,
        });
    }

    /// Puts the last line first, and so on.
    pub(super) fn reverse(&mut self) {
        self.lines.reverse();
        for (number, line) in (1..).zip(&mut self.lines) {
            line.number = number;
        }
    }

    /// The diagnoses of a line.
    pub(super) fn diagnoses_of(&self, line: &Line<'_>) -> &str {
        self.diagnoses.get(..line.diagnoses).unwrap_or_default()
    }

    /// How many lines it has.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// Where the first diagnosis ends.
    pub(super) fn first_diagnosis(&self) -> usize {
        self.diagnoses.find(SEPARATOR).unwrap_or(self.diagnoses.len())
    }
}

/// Stands between diagnoses.
pub(super) const SEPARATOR: char = ';';
