//! Stories of one claim, and of one diagnosis under two versions.

use super::expected::{AUTHORIZED, Expected, FOR_REVIEW, Fate, INVESTIGATIONAL, Reason};
use super::row::{Frequency, Status, Version};
use super::teller::{Teller, fate};
use crate::claim::Day;
use crate::generate::profile::Scenario;
use crate::policy::Standing;

impl Teller<'_> {
    /// A primary and some of its add-ons.
    pub(super) fn supported(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let mut claim = self.claim(&scene, Scenario::Usual)?;
        let room = self.in_scope.saturating_sub(1).min(2);
        let wanted = self.maker.rng.between(0, room);
        let active = |at: &usize| {
            let add_on = self.shared.plan.catalogue.covered.get(*at);
            add_on.is_some_and(|one| one.span_on(scene.day).is_some())
        };
        if let Some(add_on) = scene.covered.add_ons.iter().copied().find(|at| active(at)) {
            let before = claim.lines.len();
            self.maker.levels(&mut claim, add_on, scene.day, wanted, Scenario::Usual);
            let (business, provider) = (claim.line_of_business, claim.provider);
            for line in claim.lines.iter_mut().skip(before) {
                self.maker.settle(line, business, provider, true);
            }
        }
        let version = self.original(scene.received);
        self.write(&claim, &version, Expected::always(Fate::ALLOW));
        Some(())
    }

    /// A claim with an unlisted diagnosis.
    pub(super) fn unlisted(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let claim = self.claim(&scene, Scenario::UnlistedDiagnosis)?;
        let version = self.original(scene.received);
        self.write(&claim, &version, Expected::always(Fate::UNLISTED));
        Some(())
    }

    /// A claim for a procedure that is not covered.
    pub(super) fn investigational(&mut self) -> Option<()> {
        let plan = self.shared.plan;
        let last = Day::from_days(plan.window.last.days() - self.room(0));
        let day = self.day_between(plan.window.first, last)?;
        let one = self.maker.rng.pick_where(&plan.catalogue.investigational, |one| one.days.contains(day))?;
        let mut claim = self.person()?;
        claim.id = self.number();
        self.maker.everyday_diagnoses(&mut claim, day);
        self.maker.line(&mut claim, &one.code, false, 1, day, Scenario::Usual);
        self.maker.settle_all(&mut claim, true);
        let received = self.received(day);
        let version = self.original(received);
        self.write(&claim, &version, Expected::always(Fate::deny(INVESTIGATIONAL)));
        Some(())
    }

    /// One diagnosis before and after a version put it on its list.
    pub(super) fn later_list(&mut self) -> Option<()> {
        let shared = self.shared;
        let room = self.room(0);
        let gained = self.maker.rng.pick(&shared.gained)?;
        let (code, standing) = *self.maker.rng.pick(&gained.codes)?;
        let last = Day::from_days(shared.plan.window.last.days() - room);
        let before = self.day_between(gained.before.first, gained.before.last.min(last))?;
        let after = self.day_between(gained.after.first, gained.after.last.min(last))?;
        let listed = if standing == Standing::Review { Fate::pend(FOR_REVIEW) } else { Fate::ALLOW };
        // Both or none: the second scene has the same member.
        let scenes = [self.scene_of(gained.at, before)?, self.scene_of(gained.at, after)?];
        for (scene, fate) in scenes.iter().zip([Fate::UNLISTED, listed]) {
            let mut claim = self.bare(scene);
            self.maker.diagnose_with(code, &mut claim);
            self.fill(scene, &mut claim);
            let version = self.original(scene.received);
            self.write(&claim, &version, Expected::always(fate));
        }
        Some(())
    }

    /// A line of which the payment was taken back, and which says so itself.
    pub(super) fn reversed_in_place(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let diagnoses = self.either(Scenario::Usual, Scenario::UnlistedDiagnosis);
        let claim = self.claim(&scene, diagnoses)?;
        let version = Version { status: Status::Reversed, ..self.original(scene.received) };
        self.write(&claim, &version, Expected::always(Fate::Superseded(Reason::Reversed)));
        Some(())
    }

    /// A line that the payer denied; its amount is none, not told, or one that
    /// does not count.
    pub(super) fn payer_denied(&mut self, paid: bool) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let diagnoses = self.either(Scenario::Usual, Scenario::UnlistedDiagnosis);
        let mut claim = self.claim(&scene, diagnoses)?;
        let nothing = if self.maker.rng.often(5_000) { Some(0) } else { None };
        for line in &mut claim.lines {
            line.paid =
                if paid { Some(line.paid.filter(|paid| *paid > 0).unwrap_or(line.billed / 2)) } else { nothing };
        }
        let version = Version { status: Status::Denied, ..self.original(scene.received) };
        self.write(&claim, &version, Expected::always(fate(diagnoses)));
        Some(())
    }

    /// An authorized service.
    pub(super) fn authorized(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let unlisted = !self.maker.rng.often(2_500);
        let diagnoses = if unlisted { Scenario::UnlistedDiagnosis } else { Scenario::Usual };
        let claim = self.claim(&scene, diagnoses)?;
        let version = Version { authorized: true, ..self.original(scene.received) };
        let fate = if unlisted { Fate::pend(AUTHORIZED) } else { Fate::ALLOW };
        self.write(&claim, &version, Expected::always(fate));
        Some(())
    }

    /// A void of a claim that is not there, or of none.
    pub(super) fn void_alone(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let claim = self.claim(&scene, Scenario::Usual)?;
        let named = if self.maker.rng.often(5_000) { Some(self.unknown_number()) } else { None };
        let version = Version { frequency: Frequency::Void(named), ..self.original(scene.received) };
        self.write(&claim, &version, Expected::always(Fate::Superseded(Reason::Void)));
        Some(())
    }

    /// A replacement of a claim that is not there.
    pub(super) fn replacement_alone(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let diagnoses = self.either(Scenario::Usual, Scenario::UnlistedDiagnosis);
        let claim = self.claim(&scene, diagnoses)?;
        let original = self.unknown_number();
        let version = self.replacement(scene.received, Some(original));
        self.write(&claim, &version, Expected::always(fate(diagnoses)));
        Some(())
    }
}
