//! Stories of claims that others replace or void.

use super::expected::{Expected, Fate, Reason};
use super::row::{Frequency, Version};
use super::teller::{Teller, fate};
use crate::claim::Day;
use crate::generate::profile::Scenario::{self, UnlistedDiagnosis, Usual};

const REPLACED: Fate = Fate::Superseded(Reason::Replaced);

impl Teller<'_> {
    /// When another version is received, and what becomes of the one that does not
    /// stand: in the same file mostly not.
    fn next_version(&mut self, received: Day, known: Fate, before: Fate) -> (Day, Expected) {
        if self.maker.rng.often(2_500) {
            (self.together(received), Expected::always(known))
        } else {
            (self.later(received), Expected::later(known, before))
        }
    }

    /// A claim and its replacement, with or without a number of its own.
    pub(super) fn replaced(&mut self, first: Scenario, then: Scenario, own_number: bool) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let original = self.claim(&scene, first)?;
        let mut replacement = self.again(&scene, &original, then)?;
        let (received, expected) = self.next_version(scene.received, REPLACED, fate(first));
        let version = self.original(scene.received);
        self.write(&original, &version, expected);
        if !own_number {
            replacement.id = original.id;
        }
        let version = self.replacement(received, own_number.then_some(original.id));
        self.write(&replacement, &version, Expected::always(fate(then)));
        Some(())
    }

    /// A replacement that says what its original said.
    pub(super) fn equal_replacement(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let original = self.claim(&scene, Usual)?;
        let mut replacement = original.clone();
        replacement.id = self.number();
        let version = self.original(scene.received);
        self.write(&original, &version, Expected::later(REPLACED, Fate::ALLOW));
        let received = self.later(scene.received);
        let version = self.replacement(received, Some(original.id));
        self.write(&replacement, &version, Expected::always(Fate::ALLOW));
        Some(())
    }

    /// A replacement of a replacement.
    pub(super) fn replaced_twice(&mut self) -> Option<()> {
        let scene = self.scene(2, |_, _| true)?;
        let last = self.either(Usual, UnlistedDiagnosis);
        let first = self.claim(&scene, UnlistedDiagnosis)?;
        let second = self.again(&scene, &first, UnlistedDiagnosis)?;
        let third = self.again(&scene, &first, last)?;
        let version = self.original(scene.received);
        self.write(&first, &version, Expected::later(REPLACED, Fate::UNLISTED));
        let received = self.later(scene.received);
        let (then, expected) = self.next_version(received, REPLACED, Fate::UNLISTED);
        let version = self.replacement(received, Some(first.id));
        self.write(&second, &version, expected);
        let version = self.replacement(then, Some(second.id));
        self.write(&third, &version, Expected::always(fate(last)));
        Some(())
    }

    /// Two replacements of one claim: the one that was paid later stands; where it is not
    /// known of both when that was, the one that stands later in the run.
    pub(super) fn forked(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let original = self.claim(&scene, UnlistedDiagnosis)?;
        let standing = self.either(Usual, UnlistedDiagnosis);
        let falling = self.either(Usual, UnlistedDiagnosis);
        let stands = self.again(&scene, &original, standing)?;
        let falls = self.again(&scene, &original, falling)?;
        // The two are received in one month: which of them stands is known to every
        // run that sees either.
        let (first, expected) = self.next_version(scene.received, REPLACED, Fate::UNLISTED);
        let second = self.together(first);
        let version = self.original(scene.received);
        self.write(&original, &version, expected);
        let paid_on = self.paid_on(second);
        let earlier = Day::from_days(paid_on.days() - 1 - i32::try_from(self.maker.rng.below(5)).unwrap_or(0));
        let (falls_on, stands_on) = match self.maker.rng.below(4) {
            0 => (None, Some(paid_on)),
            1 => (None, None),
            _ => (Some(earlier), Some(paid_on)),
        };
        let falling = (&falls, falls_on, Expected::always(REPLACED));
        let standing = (&stands, stands_on, Expected::always(fate(standing)));
        // Where a day is not known, the place in the run decides.
        let stands_first = falls_on.is_some() && stands_on.is_some() && self.maker.rng.often(5_000);
        let order = if stands_first { [standing, falling] } else { [falling, standing] };
        for ((claim, paid_on, expected), received) in order.into_iter().zip([first, second]) {
            let version = Version { paid_on, ..self.replacement(received, Some(original.id)) };
            self.write(claim, &version, expected);
        }
        Some(())
    }

    /// A replacement that has everything but the line in scope.
    pub(super) fn line_dropped(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let first = self.either(Usual, UnlistedDiagnosis);
        let original = self.claim(&scene, first)?;
        let mut replacement = original.clone();
        replacement.id = self.number();
        replacement.lines.retain(|line| !line.in_scope);
        let (received, expected) = self.next_version(scene.received, REPLACED, fate(first));
        let version = self.original(scene.received);
        self.write(&original, &version, expected);
        let version = self.replacement(received, Some(original.id));
        // It has no line of which anything could become.
        self.write(&replacement, &version, Expected::always(Fate::ALLOW));
        Some(())
    }

    /// A claim and its void.
    pub(super) fn voided(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let first = self.either(Usual, UnlistedDiagnosis);
        let original = self.claim(&scene, first)?;
        let mut void = original.clone();
        void.id = self.number();
        void.lines.iter_mut().for_each(|line| line.paid = Some(0));
        let voided = Fate::Superseded(Reason::Voided);
        let (received, expected) = self.next_version(scene.received, voided, fate(first));
        let version = self.original(scene.received);
        self.write(&original, &version, expected);
        let version = Version { frequency: Frequency::Void(Some(original.id)), ..self.original(received) };
        self.write(&void, &version, Expected::always(Fate::Superseded(Reason::Void)));
        Some(())
    }

    /// Two claims, each of which says that it replaces the other. Their services
    /// are of two days: both are judged, and would be too many for one.
    pub(super) fn cycle(&mut self) -> Option<()> {
        let scene = self.scene(1, |_, _| true)?;
        let other_day = Day::from_days(scene.day.days() + 1);
        if !scene.span.days.contains(other_day) {
            return None;
        }
        let first = self.claim(&scene, Usual)?;
        let mut second = first.clone();
        second.id = self.number();
        second.lines.iter_mut().for_each(|line| line.day = other_day);
        let version = self.replacement(scene.received, Some(second.id));
        self.write(&first, &version, Expected::always(Fate::ALLOW));
        let received = self.later(scene.received);
        let version = self.replacement(received, Some(first.id));
        self.write(&second, &version, Expected::always(Fate::ALLOW));
        Some(())
    }
}
