//! What every story is made with: who and when, claims, versions of them, and rows.

use super::expected::{Expected, Fate};
use super::row::{Columns, Frequency, Known, Row, Status, Version};
use super::span::{Gained, first_of_month};
use super::story::{Stories, Story};
use super::truth::ExtractTotals;
use crate::claim::{Day, ProcedureCode};
use crate::generate::catalogue::{Covered, Span};
use crate::generate::draft::Draft;
use crate::generate::maker::Maker;
use crate::generate::plan::{LINES_OF_A_BLOCK, Plan};
use crate::generate::profile::Scenario;
use crate::policy::{PolicyIndex, Program};

/// Numbers of claims that a block has for each of its lines: some are given to
/// claims that come to nothing.
const NUMBERS_A_LINE: u64 = 8;
/// Numbers of members that a story has, of which the first that will do is taken.
const MEMBERS_A_STORY: u32 = 8;
/// The most days until a version is received in a later month: what is left of one
/// month, one more, and 28 days.
const DAYS_A_VERSION: i32 = 30 + 31 + 28;

/// What all blocks share.
pub(super) struct Shared<'p> {
    pub(super) plan: &'p Plan<'p>,
    pub(super) index: &'p PolicyIndex,
    pub(super) stories: &'p Stories,
    /// Procedures that stand alone, by place in the catalogue.
    pub(super) primaries: Vec<usize>,
    pub(super) gained: Vec<Gained>,
}

/// Tells the stories of a block.
pub(super) struct Teller<'p> {
    pub(super) shared: &'p Shared<'p>,
    pub(super) maker: Maker<'p>,
    pub(super) story: Story,
    /// Lines of either kind that are still to be made.
    pub(super) in_scope: u32,
    pub(super) others: u32,
    pub(super) rows: Vec<Row>,
    pub(super) totals: ExtractTotals,
    block: u64,
    claims: u64,
    told: u32,
}

/// Who, what and when: the same for all claims of a story.
pub(super) struct Scene<'p> {
    pub(super) at: usize,
    pub(super) covered: &'p Covered<'p>,
    pub(super) span: &'p Span<'p>,
    pub(super) day: Day,
    /// The day on which its first claim is received.
    pub(super) received: Day,
    draft: Draft<'p>,
    companions: u32,
}

/// What becomes of a claim that was made so.
pub(super) const fn fate(scenario: Scenario) -> Fate {
    match scenario {
        Scenario::UnlistedDiagnosis => Fate::UNLISTED,
        _ => Fate::ALLOW,
    }
}

impl<'p> Teller<'p> {
    pub(super) fn new(shared: &'p Shared<'p>, block: u64) -> Self {
        let lines = shared.plan.lines_of(block);
        let all = u32::try_from(lines.end - lines.start).unwrap_or(u32::MAX);
        let in_scope = u32::try_from(shared.plan.in_scope_of(block)).unwrap_or(u32::MAX);
        Self {
            shared,
            maker: Maker::new(shared.plan, block),
            story: Story::Supported,
            in_scope,
            others: all.saturating_sub(in_scope),
            rows: Vec::new(),
            totals: ExtractTotals::default(),
            block,
            claims: 0,
            told: 0,
        }
    }

    /// A claim's number that no other has.
    pub(super) fn number(&mut self) -> u64 {
        self.claims += 1;
        self.block * LINES_OF_A_BLOCK * NUMBERS_A_LINE + self.claims
    }

    /// A claim's number that is nowhere in the extract.
    pub(super) fn unknown_number(&mut self) -> u64 {
        let claims = self.shared.plan.blocks() * LINES_OF_A_BLOCK * NUMBERS_A_LINE;
        claims + self.number()
    }

    /// One of two ways.
    pub(super) fn either(&mut self, one: Scenario, other: Scenario) -> Scenario {
        if self.maker.rng.often(5_000) { one } else { other }
    }

    /// A scene with room for so many claims that are received in later months.
    pub(super) fn scene(&mut self, later: i32, fits: impl Fn(&Covered<'p>, Day) -> bool) -> Option<Scene<'p>> {
        let plan = self.shared.plan;
        let room = self.room(later);
        let day = self.day_between(plan.window.first, Day::from_days(plan.window.last.days() - room))?;
        let fits = |at: &usize| {
            plan.catalogue.covered.get(*at).is_some_and(|one| one.span_on(day).is_some() && fits(one, day))
        };
        let at = *self.maker.rng.pick_where(&self.shared.primaries, fits)?;
        self.scene_of(at, day)
    }

    /// The same of a procedure and a day.
    pub(super) fn scene_of(&mut self, at: usize, day: Day) -> Option<Scene<'p>> {
        let covered = self.shared.plan.catalogue.covered.get(at)?;
        let span = covered.span_on(day)?;
        let draft = self.person()?;
        let received = self.received(day);
        let wanted = self.maker.rng.below(3).max(self.story.companions());
        let companions = wanted.min(self.others / self.story.claims().max(1));
        (companions >= self.story.companions()).then_some(Scene { at, covered, span, day, received, draft, companions })
    }

    /// Days that a story needs behind its first day of service.
    pub(super) fn room(&self, later: i32) -> i32 {
        let (_, most) = self.shared.stories.days.receipt;
        i32::try_from(most).unwrap_or(0) + later * DAYS_A_VERSION
    }

    /// A day from one to another.
    pub(super) fn day_between(&mut self, first: Day, last: Day) -> Option<Day> {
        let days = u32::try_from(last.days() - first.days() + 1).ok().filter(|days| *days > 0)?;
        Some(Day::from_days(first.days() + i32::try_from(self.maker.rng.below(days)).ok()?))
    }

    /// A member of whom no other story is, and a provider.
    pub(super) fn person(&mut self) -> Option<Draft<'p>> {
        let plan = self.shared.plan;
        let first = self.block * LINES_OF_A_BLOCK + u64::from(self.told);
        let first = u32::try_from(first * u64::from(MEMBERS_A_STORY)).ok()?;
        let commercial = |member: &u32| {
            plan.population.business_of(*member).is_some_and(|business| business.program == Program::Commercial)
        };
        let member = (first..first.saturating_add(MEMBERS_A_STORY)).find(commercial)?;
        Some(Draft {
            member,
            provider: plan.population.specialist(&mut self.maker.rng),
            line_of_business: plan.population.business_of(member).map_or("", |business| &business.text),
            place: plan.background.places.pick(&mut self.maker.rng).map_or("", String::as_str),
            ..Draft::default()
        })
    }

    /// When a service is received first.
    pub(super) fn received(&mut self, day: Day) -> Day {
        let (least, most) = self.shared.stories.days.receipt;
        let waited = self.maker.rng.between(least, most);
        Day::from_days(day.days() + i32::try_from(waited).unwrap_or(0)).min(self.shared.plan.window.last)
    }

    /// A day in one of the two months behind.
    pub(super) fn later(&mut self, received: Day) -> Day {
        let months = if self.maker.rng.often(5_000) { 1 } else { 2 };
        let first = first_of_month(received, months);
        Day::from_days(first.days() + i32::try_from(self.maker.rng.below(28)).unwrap_or(0))
    }

    /// A day of the same month, not before.
    pub(super) fn together(&mut self, received: Day) -> Day {
        let last = first_of_month(received, 1).previous().min(self.shared.plan.window.last);
        self.day_between(received, last).unwrap_or(received)
    }

    /// When a claim is paid that is received on a day.
    pub(super) fn paid_on(&mut self, received: Day) -> Day {
        let (least, most) = self.shared.stories.days.payment;
        Day::from_days(received.days() + i32::try_from(self.maker.rng.between(least, most)).unwrap_or(0))
    }

    /// A claim of the scene without diagnoses and lines.
    pub(super) fn bare(&mut self, scene: &Scene<'p>) -> Draft<'p> {
        Draft { id: self.number(), ..scene.draft.clone() }
    }

    /// A claim of the scene, with its procedure and everyday lines beside.
    pub(super) fn claim(&mut self, scene: &Scene<'p>, diagnoses: Scenario) -> Option<Draft<'p>> {
        let mut draft = self.bare(scene);
        if !self.maker.diagnose(diagnoses, scene.covered, scene.span, scene.day, &mut draft) {
            return None;
        }
        self.fill(scene, &mut draft);
        Some(draft)
    }

    /// The lines of a claim of which everything else is known.
    pub(super) fn fill(&mut self, scene: &Scene<'p>, draft: &mut Draft<'p>) {
        self.maker.covered_line(draft, scene.at, scene.day, 1, Scenario::Usual);
        self.maker.settle_all(draft, true);
        self.maker.companions(draft, scene.companions);
    }

    /// A claim once more under another number, with diagnoses of another kind.
    pub(super) fn again(&mut self, scene: &Scene<'p>, of: &Draft<'p>, diagnoses: Scenario) -> Option<Draft<'p>> {
        let mut draft = Draft { id: self.number(), ..of.clone() };
        if !self.maker.diagnose(diagnoses, scene.covered, scene.span, scene.day, &mut draft) {
            return None;
        }
        let written = draft.diagnoses.len();
        draft.lines.iter_mut().for_each(|line| line.diagnoses = written);
        self.maker.settle_all(&mut draft, true);
        Some(draft)
    }

    /// An original that was paid, mostly with the day and the status told.
    pub(super) fn original(&mut self, received: Day) -> Version {
        let blank = self.shared.stories.blank;
        let paid_on = self.paid_on(received);
        let told = !self.maker.rng.often(blank.paid_date);
        let mut version = Version::paid(received, told.then_some(paid_on));
        if self.maker.rng.often(blank.claim_status) {
            version.status = Status::NotTold;
        }
        version
    }

    /// The same of a replacement.
    pub(super) fn replacement(&mut self, received: Day, original: Option<u64>) -> Version {
        Version { frequency: Frequency::Replacement(original), ..self.original(received) }
    }

    /// Writes a version of a claim: all its lines in scope become the same.
    pub(super) fn write(&mut self, claim: &Draft<'p>, version: &Version, expected: Expected) {
        let written = &self.shared.stories.written;
        let columns = Columns::new(version, claim.id, written, &mut self.maker.rng);
        for line in &claim.lines {
            let known = line.in_scope.then(|| {
                Box::new(Known {
                    claim: claim.id,
                    line: line.number,
                    story: self.story,
                    expected,
                    policy_version: self.version_on(line.procedure, line.day).unwrap_or_default(),
                    status: version.status,
                    service_date: line.day,
                    paid_on: version.paid_on,
                    billed: line.billed,
                    paid: line.paid,
                })
            });
            let left = if line.in_scope { &mut self.in_scope } else { &mut self.others };
            *left = left.saturating_sub(1);
            self.rows.push(Row { received: version.received, text: columns.row(claim, line), known });
        }
    }

    /// The name of the policy's version.
    fn version_on(&self, procedure: &str, day: Day) -> Option<String> {
        let index = self.shared.index;
        let entry = index.entry(index.find(ProcedureCode::parse(procedure)?)?)?;
        let (_, policy, _) = index.first_policy(entry)?;
        Some(policy.version_on(day)?.1.id.clone())
    }

    /// The next story has members of its own.
    pub(super) const fn next_story(&mut self) {
        self.told += 1;
    }
}
