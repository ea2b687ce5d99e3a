//! What the loaded policies offer to a maker of claims: which procedures are
//! covered when, under which list, with which add-ons; which are not covered; and
//! which are gone.

use super::background::Background;
use super::listed::Listed;
use super::profile::Scenario;
use super::window::Window;
use crate::claim::Day;
use crate::policy::{Coverage, DiagnosisTable, Policy, PolicyIndex, Procedure, Program, Version};

/// Days on which one version covers a procedure.
pub(super) struct Span<'i> {
    /// The days.
    pub(super) days: Window,
    /// What the version says.
    pub(super) coverage: &'i Coverage,
    /// Its list, by place in [`Catalogue::lists`]; none where diagnoses are not
    /// tested.
    pub(super) list: Option<usize>,
}

/// A procedure that some version covers within the window.
pub(super) struct Covered<'i> {
    /// The procedure.
    pub(super) procedure: &'i Procedure,
    /// Its policy.
    pub(super) policy: &'i Policy,
    /// Its code as text.
    pub(super) code: String,
    /// When it is covered; never empty.
    pub(super) spans: Vec<Span<'i>>,
    /// Its add-ons, by place in [`Catalogue::covered`].
    pub(super) add_ons: Vec<usize>,
    /// The procedures that may not stand beside it, by place there.
    pub(super) seconds: Vec<usize>,
    /// The days before the first version that covers it, where there are any.
    pub(super) before: Option<Window>,
}

impl<'i> Covered<'i> {
    /// Whether the scenario can be with it.
    pub(super) fn suits(&self, scenario: Scenario) -> bool {
        match scenario {
            Scenario::NoVersion => self.before.is_some(),
            Scenario::BilateralModifier => self.procedure.bilateral_included,
            Scenario::DoubtfulRegion => self.procedure.doubtful_region.is_some(),
            Scenario::OtherRegion => !self.procedure.treats.is_empty(),
            Scenario::UnitsOverLimit => self.procedure.limit.is_some(),
            _ => true,
        }
    }

    /// What covers it on a day.
    pub(super) fn span_on(&self, day: Day) -> Option<&Span<'i>> {
        self.spans.iter().find(|span| span.days.contains(day))
    }
}

/// A procedure that is not covered, and the days on which it is not.
pub(super) struct Uncovered {
    /// Its code as text.
    pub(super) code: String,
    /// The days.
    pub(super) days: Window,
}

/// Places in [`Catalogue::covered`] that one program can use.
#[derive(Default)]
pub(super) struct Scope {
    /// Procedures that stand alone.
    pub(super) primaries: Vec<usize>,
    /// Add-ons.
    pub(super) add_ons: Vec<usize>,
    /// Those of `primaries` that have a `seconds`.
    pub(super) firsts: Vec<usize>,
}

/// Everything in scope.
pub(super) struct Catalogue<'i> {
    /// Covered procedures.
    pub(super) covered: Vec<Covered<'i>>,
    /// Diagnosis lists, each once.
    pub(super) lists: Vec<Listed<'i>>,
    /// Investigational procedures.
    pub(super) investigational: Vec<Uncovered>,
    /// Procedures with the days behind their last one.
    pub(super) deleted: Vec<Uncovered>,
    /// Every procedure in scope.
    pub(super) all: Vec<String>,
    scopes: Vec<(Program, Scope)>,
    every: Scope,
}

impl<'i> Catalogue<'i> {
    /// Looks through every policy.
    pub(super) fn new(index: &'i PolicyIndex, window: Window, background: &Background) -> Self {
        let mut catalogue = Self {
            covered: Vec::new(),
            lists: Vec::new(),
            investigational: Vec::new(),
            deleted: Vec::new(),
            all: index.procedures().iter().map(|entry| entry.code.to_string()).collect(),
            scopes: Vec::new(),
            every: Scope::default(),
        };
        for policy in index.policies() {
            let tables = catalogue.add_lists(policy, index, background);
            let first = catalogue.covered.len();
            for procedure in &policy.procedures {
                catalogue.add(policy, procedure, window, &tables);
            }
            catalogue.link(first);
        }
        for program in Program::ALL {
            let claims = |covered: &Covered<'_>| covered.policy.programs.contains(&program);
            let scope = Scope::new(&catalogue.covered, claims);
            if !scope.primaries.is_empty() {
                catalogue.scopes.push((program, scope));
            }
        }
        catalogue.every = Scope::new(&catalogue.covered, |_| true);
        catalogue
    }

    /// What a program's claims are made of; all there is, where no policy decides
    /// the program's claims.
    pub(super) fn scope(&self, program: Program) -> &Scope {
        self.scopes.iter().find(|(of, _)| *of == program).map_or(&self.every, |(_, scope)| scope)
    }

    /// Whether there is anything that the scenario can be with.
    pub(super) fn offers(&self, scenario: Scenario) -> bool {
        let suits = |at: &usize| self.covered.get(*at).is_some_and(|covered| covered.suits(scenario));
        match scenario {
            Scenario::InvestigationalProcedure => !self.investigational.is_empty(),
            Scenario::DeletedProcedure => !self.deleted.is_empty(),
            Scenario::UnlistedDiagnosis | Scenario::IncompleteDiagnosis if self.lists.is_empty() => false,
            _ => self.every.places(scenario).iter().any(suits),
        }
    }

    /// Forgets the days outside of a window: the years before versions are such.
    pub(super) fn keep_within(&mut self, window: Window) {
        for covered in &mut self.covered {
            covered.before = covered.before.and_then(|days| window.within(days.first, Some(days.last)));
        }
    }

    /// The lists of a policy's versions, each with its place.
    fn add_lists(
        &mut self,
        policy: &'i Policy,
        index: &'i PolicyIndex,
        background: &Background,
    ) -> Vec<(*const DiagnosisTable, usize)> {
        let mut tables = Vec::new();
        for coverage in policy.versions.iter().flat_map(|version| version.coverage.iter().flatten()) {
            let Some(table) = &coverage.diagnoses else { continue };
            let table: &'i DiagnosisTable = table;
            // Versions share a list that did not change: sort it once.
            if !tables.iter().any(|(known, _)| std::ptr::eq(*known, table)) {
                tables.push((std::ptr::from_ref(table), self.lists.len()));
                self.lists.push(Listed::new(table, policy, background.causes, index.table()));
            }
        }
        tables
    }

    fn add(
        &mut self,
        policy: &'i Policy,
        procedure: &'i Procedure,
        window: Window,
        tables: &[(*const DiagnosisTable, usize)],
    ) {
        let code = procedure.code.to_string();
        if let Some(days) = procedure.active_to.and_then(|last| window.within(Day::from_days(last.days() + 1), None)) {
            self.deleted.push(Uncovered { code: code.clone(), days });
        }
        let Some(active) = window.within(procedure.active_from, procedure.active_to) else { return };
        let mut spans = Vec::new();
        for version in &policy.versions {
            let Some((coverage, days)) = coverage_of(version, procedure, active) else { continue };
            if coverage.investigational {
                self.investigational.push(Uncovered { code: code.clone(), days });
            } else {
                let place = |table: &DiagnosisTable| {
                    tables.iter().find(|(known, _)| std::ptr::eq(*known, table)).map(|(_, place)| *place)
                };
                spans.push(Span { days, coverage, list: coverage.diagnoses.as_deref().and_then(place) });
            }
        }
        if !spans.is_empty() {
            let before = before_versions(policy, procedure);
            let (add_ons, seconds) = (Vec::new(), Vec::new());
            self.covered.push(Covered { procedure, policy, code, spans, add_ons, seconds, before });
        }
    }

    /// Add-ons and exclusive pairs of one policy's procedures.
    fn link(&mut self, first: usize) {
        let codes: Vec<_> = self.covered.iter().enumerate().skip(first).map(|(at, one)| (at, one.procedure)).collect();
        for covered in self.covered.iter_mut().skip(first) {
            let code = covered.procedure.code;
            covered.add_ons.extend(codes.iter().filter(|(_, other)| other.add_on_to.contains(&code)).map(|(at, _)| at));
            covered.seconds.extend(codes.iter().filter(|(_, other)| other.second_to.contains(&code)).map(|(at, _)| at));
        }
    }
}

impl Scope {
    /// The procedures that the scenario begins with.
    pub(super) fn places(&self, scenario: Scenario) -> &[usize] {
        match scenario {
            Scenario::AddOnAlone => &self.add_ons,
            Scenario::SecondPrimary => &self.firsts,
            _ => &self.primaries,
        }
    }

    fn new(covered: &[Covered<'_>], wanted: impl Fn(&Covered<'_>) -> bool) -> Self {
        let mut scope = Self::default();
        for (at, one) in covered.iter().enumerate().filter(|(_, one)| wanted(one)) {
            if one.procedure.add_on_to.is_empty() {
                scope.primaries.push(at);
                if !one.seconds.is_empty() {
                    scope.firsts.push(at);
                }
            } else {
                scope.add_ons.push(at);
            }
        }
        scope
    }
}

fn coverage_of<'i>(version: &'i Version, procedure: &Procedure, active: Window) -> Option<(&'i Coverage, Window)> {
    let coverage = version.coverage.get(procedure.service)?.as_ref()?;
    Some((coverage, active.within(version.from, version.to)?))
}

/// The year before the first version that says anything of a procedure, as far as
/// its code was active then.
fn before_versions(policy: &Policy, procedure: &Procedure) -> Option<Window> {
    let speaks = |version: &&Version| version.coverage.get(procedure.service).is_some_and(Option::is_some);
    let first = policy.versions.iter().find(speaks)?.from;
    let year = Window { first: Day::from_days(first.days().saturating_sub(365)), last: first.previous() };
    year.within(procedure.active_from, procedure.active_to)
}
