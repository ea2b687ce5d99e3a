//! What a rule may know of a line by itself.

use smallvec::SmallVec;

use crate::claim::{ClaimLine, DiagnosisText, Etiology, Stated};
use crate::engine::DecisionOptions;
use crate::icd10::{CodeIndex, Icd10, Status};
use crate::policy::{
    Coverage, DiagnosisTable, ListedDiagnosis, ListedEtiology, Policy, Procedure, Program, Standing, Truth, Version,
};

/// A line, the policy that speaks about it, and what the earlier steps found.
#[derive(Debug)]
pub struct LineContext<'a> {
    /// The line.
    pub line: &'a ClaimLine<'a>,
    /// The run's options.
    pub options: &'a DecisionOptions,
    /// The diagnosis table.
    pub table: &'a Icd10,
    /// The program; `None` where no policy knows the line of business.
    pub program: Option<Program>,
    /// Whether a loaded policy claims the line's program for this procedure.
    pub claimed: bool,
    /// The policy that put the line in scope.
    pub policy: &'a Policy,
    /// The procedure as that policy knows it.
    pub procedure: &'a Procedure,
    /// The version in force, from step 3 on.
    pub version: Option<&'a Version>,
    /// What that version says of the procedure's service.
    pub coverage: Option<&'a Coverage>,
    /// The examined diagnoses, from step 5 on.
    pub diagnoses: DiagnosisReview<'a>,
    /// The weighed indications, in step 6.
    pub clinical: ClinicalReview,
}

impl LineContext<'_> {
    /// Whether an authorization of the service is on file.
    #[must_use]
    pub fn is_authorized(&self) -> bool {
        !self.line.payer.authorization_number.is_empty()
    }
}

/// The diagnoses that a decision looks at, each with its standing.
#[derive(Debug, Default)]
pub struct DiagnosisReview<'a> {
    /// In the order in which they were examined.
    pub examined: SmallVec<[Examined<'a>; 4]>,
    /// What several rules ask, found once.
    supports: bool,
    for_review: bool,
    any_invalid: bool,
}

/// One examined diagnosis.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'a> {
    /// As it stands on the line.
    pub text: DiagnosisText<'a>,
    /// What it is on the service date.
    pub status: Status,
    /// Whether the table holds the code, on whatever dates.
    pub in_table: bool,
    /// Its entry in the version's lists, where it counts on this line.
    pub listed: Option<&'a ListedDiagnosis>,
    /// Whether it is listed, but only together with a code that is missing.
    pub lacks_companion: bool,
}

impl Examined<'_> {
    /// Whether the code may be billed on the service date.
    #[must_use]
    pub const fn is_billable(&self) -> bool {
        matches!(self.status, Status::Billable(_))
    }

    fn stands(&self, standing: Standing) -> bool {
        self.listed.is_some_and(|listed| listed.standing == standing)
    }
}

impl<'a> DiagnosisReview<'a> {
    /// Looks every examined diagnosis of a line up, of whose diagnoses it is known what
    /// each is on the service date.
    pub(crate) fn fill(&mut self, line: &ClaimLine<'a>, table: &Icd10, lists: &'a DiagnosisTable, statuses: &[Status]) {
        if line.given.pointers {
            return self.fill_pointed(line, table, lists, statuses);
        }
        for (diagnosis, status) in line.diagnoses.iter().zip(statuses) {
            self.examine(line, diagnosis.text, *status, table, lists);
        }
    }

    /// The same for a line with pointers.
    #[inline(never)]
    fn fill_pointed(&mut self, line: &ClaimLine<'a>, table: &Icd10, lists: &'a DiagnosisTable, statuses: &[Status]) {
        for slot in &line.pointed {
            for (diagnosis, status) in line.diagnoses.iter().zip(statuses) {
                if diagnosis.slot == *slot {
                    self.examine(line, diagnosis.text, *status, table, lists);
                }
            }
        }
    }

    // What is found is put together where it stays: it would have to wait for its own
    // stores before it could be copied there.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn examine(
        &mut self,
        line: &ClaimLine<'a>,
        text: DiagnosisText<'a>,
        status: Status,
        table: &Icd10,
        lists: &'a DiagnosisTable,
    ) {
        let one = examined(line, text, status, table, lists);
        match one.listed.map(|listed| listed.standing) {
            Some(Standing::Supporting) => self.supports = true,
            Some(Standing::Review) => self.for_review = true,
            None => {}
        }
        self.any_invalid |= !one.is_billable();
        self.examined.push(one);
    }

    /// The diagnoses that support the service.
    pub fn supporting(&self) -> impl Iterator<Item = &Examined<'a>> {
        self.examined.iter().filter(|one| one.stands(Standing::Supporting))
    }

    /// The diagnoses on the review list.
    pub fn for_review(&self) -> impl Iterator<Item = &Examined<'a>> {
        self.examined.iter().filter(|one| one.stands(Standing::Review))
    }

    /// Whether a diagnosis supports the service.
    #[must_use]
    pub fn supports(&self) -> bool {
        self.supports
    }

    /// Whether a diagnosis is on the review list.
    #[must_use]
    pub fn calls_for_review(&self) -> bool {
        self.for_review
    }

    /// Whether a diagnosis may not be billed on the service date.
    #[must_use]
    pub fn any_invalid(&self) -> bool {
        self.any_invalid
    }

    /// Whether there are supporting diagnoses and all of them are so.
    #[must_use]
    pub fn every_supporting(&self, test: impl Fn(&ListedDiagnosis) -> bool) -> bool {
        self.supports() && self.supporting().filter_map(|one| one.listed).all(test)
    }

    /// Whether the cause is this one, from the line's column where it is filled
    /// in, else from the diagnoses that support or are for review.
    #[must_use]
    pub fn etiology_is(&self, wanted: Etiology, stated: Stated<Etiology>) -> Truth {
        match stated {
            Stated::Known(given) => (given == wanted).into(),
            Stated::Other => Truth::Unknown,
            Stated::Blank => {
                let told = || self.examined.iter().filter_map(|one| one.listed).map(|listed| listed.etiology);
                if told().any(|etiology| etiology == ListedEtiology::Is(wanted)) {
                    Truth::True
                } else if told().any(|etiology| matches!(etiology, ListedEtiology::NotTold | ListedEtiology::None)) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
        }
    }
}

#[allow(clippy::inline_always)]
#[inline(always)]
fn examined<'a>(
    line: &ClaimLine<'a>,
    text: DiagnosisText<'a>,
    status: Status,
    table: &Icd10,
    lists: &'a DiagnosisTable,
) -> Examined<'a> {
    let (in_table, entry) = match (status, text) {
        (Status::Billable(index), _) => (true, lists.get(index)),
        (Status::NotValidOnDate(_), _) => (true, None),
        (Status::Incomplete, DiagnosisText::Code(code)) => (table.find(&code).is_some(), None),
        _ => (false, None),
    };
    let lacks_companion =
        entry.is_some_and(|listed| !listed.together_with.is_empty() && !has_one_of(line, table, &listed.together_with));
    Examined { text, status, in_table, listed: entry.filter(|_| !lacks_companion), lacks_companion }
}

/// Whether a line has one of these codes, pointed at or not.
#[inline(never)]
fn has_one_of(line: &ClaimLine<'_>, table: &Icd10, codes: &[CodeIndex]) -> bool {
    line.diagnoses.iter().any(|one| match one.text {
        DiagnosisText::Code(code) => {
            table.find(&code).is_some_and(|at| codes.contains(&at) && table.billable_on(at, line.service_date))
        }
        DiagnosisText::Other(_) => false,
    })
}

/// What the indications of a service came to on a line's clinical facts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClinicalReview {
    /// Whether there was anything to weigh.
    pub weighed: bool,
    /// The first indication that is met, by its place in the policy.
    pub met: Option<usize>,
    /// Whether every indication is ruled out.
    pub all_false: bool,
    /// The facts whose absence leaves an indication open.
    pub missing: Vec<&'static str>,
}

impl ClinicalReview {
    /// Weighs the indications of a coverage on the facts of a line.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>, policy: &Policy, coverage: &Coverage, diagnoses: &DiagnosisReview<'_>) -> Self {
        if line.facts.nothing_to_weigh() || coverage.indications.is_empty() {
            return Self::default();
        }
        let etiology = |wanted: Etiology| diagnoses.etiology_is(wanted, line.facts.etiology);
        let mut review = Self { weighed: true, all_false: true, ..Self::default() };
        for place in &coverage.indications {
            let Some(indication) = policy.indications.get(*place) else { continue };
            match indication.when.weigh(&line.facts, &etiology) {
                Truth::True => {
                    return Self { weighed: true, met: Some(*place), all_false: false, missing: Vec::new() };
                }
                Truth::Unknown => {
                    review.all_false = false;
                    indication.when.missing(&line.facts, &etiology, &mut review.missing);
                }
                Truth::False => {}
            }
        }
        review
    }
}
