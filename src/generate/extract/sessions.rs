//! Stories of lines that meet: billed twice, apart from their primary, taken back.

use super::expected::{DUPLICATE, Expected, Fate, NO_PRIMARY, Reason};
use super::row::{Status, Version};
use super::teller::{Teller, fate};
use crate::generate::draft::Draft;
use crate::generate::profile::Scenario;

impl Teller<'_> {
    /// A claim that is billed again under another number.
    pub(super) fn duplicate(&mut self, in_file: bool) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let claim = self.claim(&scene, Scenario::Usual)?;
        let mut again = claim.clone();
        again.id = self.number();
        let version = self.original(scene.received);
        self.write(&claim, &version, Expected::always(Fate::ALLOW));
        let denied = Fate::deny(DUPLICATE);
        let (received, expected) = if in_file {
            (self.together(scene.received), Expected::always(denied))
        } else {
            (self.later(scene.received), Expected::by_earlier(denied, Fate::ALLOW))
        };
        let version = self.original(received);
        self.write(&again, &version, expected);
        Some(())
    }

    /// An add-on on a claim of its own, in a later month than its primary.
    pub(super) fn add_on_later(&mut self) -> Option<()> {
        let catalogue = &self.shared.plan.catalogue;
        let scene = self.scene(1, |covered, day| {
            let active = |at: &usize| catalogue.covered.get(*at).is_some_and(|one| one.span_on(day).is_some());
            covered.add_ons.iter().any(active)
        })?;
        let active = |at: &usize| catalogue.covered.get(*at).is_some_and(|one| one.span_on(scene.day).is_some());
        let add_on = scene.covered.add_ons.iter().copied().find(|at| active(at))?;
        let primary = self.claim(&scene, Scenario::Usual)?;
        let mut second = primary.clone();
        second.id = self.number();
        second.lines.clear();
        self.maker.covered_line(&mut second, add_on, scene.day, 1, Scenario::Usual);
        self.maker.settle_all(&mut second, true);
        let version = self.original(scene.received);
        self.write(&primary, &version, Expected::always(Fate::ALLOW));
        let received = self.later(scene.received);
        let version = self.original(received);
        self.write(&second, &version, Expected::by_earlier(Fate::ALLOW, Fate::deny(NO_PRIMARY)));
        Some(())
    }

    /// A payment and the entry that takes it back.
    pub(super) fn reversed_by_entry(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let diagnoses = self.either(Scenario::Usual, Scenario::UnlistedDiagnosis);
        let mut claim = self.claim(&scene, diagnoses)?;
        paid_something(&mut claim);
        let entry = taken_back(&claim);
        let reversed = [Reason::Reversed, Reason::Reversal].map(Fate::Superseded);
        // A night that does not see the payment nets the entry against it.
        let (received, [of_line, of_entry]) = if self.maker.rng.often(2_500) {
            (self.together(scene.received), reversed.map(Expected::always))
        } else {
            let later = |whole| Expected::later(whole, fate(diagnoses));
            (self.later(scene.received), reversed.map(later))
        };
        let version = self.original(scene.received);
        self.write(&claim, &version, of_line);
        let version = Version { status: Status::Reversed, ..self.original(received) };
        self.write(&entry, &version, of_entry);
        Some(())
    }

    /// An entry that takes back what is not there.
    pub(super) fn reversal_alone(&mut self) -> Option<()> {
        let scene = self.scene(0, |_, _| true)?;
        let diagnoses = self.either(Scenario::Usual, Scenario::UnlistedDiagnosis);
        let mut claim = self.claim(&scene, diagnoses)?;
        paid_something(&mut claim);
        let entry = taken_back(&claim);
        let version = Version { status: Status::Reversed, ..self.original(scene.received) };
        self.write(&entry, &version, Expected::always(fate(diagnoses)));
        Some(())
    }
}

/// Has every line paid, so that there is something to take back.
fn paid_something(claim: &mut Draft<'_>) {
    for line in &mut claim.lines {
        line.paid = Some(line.paid.filter(|paid| *paid > 0).unwrap_or(line.billed / 2));
    }
}

/// The claim with every amount taken back.
fn taken_back<'p>(claim: &Draft<'p>) -> Draft<'p> {
    let mut entry = claim.clone();
    for line in &mut entry.lines {
        line.units = Some(line.units.map_or(-1, |units| -units));
        line.billed = -line.billed;
        line.paid = line.paid.map(|paid| -paid);
    }
    entry
}
