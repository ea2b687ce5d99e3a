//! Final action: which version of a claim stands, when a later one replaces it or takes
//! it back.
//!
//! Claims that name one another make a family. Of a family one version stands, the one
//! that no other names; of several such the latest; nothing where that one is a void.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{LineState, RowPlace, VersionNote};
use crate::claim::{ClaimFrequency, Day};

/// Why a line is not judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SupersededBy {
    /// A later version of its claim stands.
    Replacement,
    /// A later version took its claim back.
    Voided,
    /// It belongs to a void itself.
    Void,
    /// What was paid on it has been taken back.
    Reversed,
    /// It takes back what was paid on another line.
    Reversal,
}

impl SupersededBy {
    /// Every reason, in output order.
    pub const ALL: [Self; 5] = [Self::Replacement, Self::Voided, Self::Void, Self::Reversed, Self::Reversal];

    /// The word used in the output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Replacement => "replaced",
            Self::Voided => "voided",
            Self::Void => "void",
            Self::Reversed => "reversed",
            Self::Reversal => "reversal",
        }
    }
}

/// What is odd about the versions of a run's claims, in claims and families.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VersionCounts {
    /// Families of which several versions claim to be the last.
    pub forked: u64,
    /// Families whose versions name one another in a circle, so that none is the last.
    pub cycles: u64,
    /// Voids in scope of which no other version is.
    pub voids_without_original: u64,
    /// Replacements in scope of which no other version is.
    pub replacements_without_original: u64,
}

/// What stands of a family.
#[derive(Clone, Copy, Debug)]
struct Standing {
    claim: u64,
    frequency: ClaimFrequency,
    place: RowPlace,
}

/// A claim that names another, or is named.
#[derive(Clone, Copy, Debug, Default)]
struct Member {
    /// The first member of its family, by way of others.
    leader: usize,
    /// Its last version; an original where no row says more.
    frequency: ClaimFrequency,
    paid_date: Option<Day>,
    place: RowPlace,
    /// Another claim names it.
    named: bool,
    /// The claim that its last version names, by its place.
    original: Option<usize>,
    /// A line of its last version is in scope.
    in_scope: bool,
    /// A line of an earlier version of it is.
    earlier_in_scope: bool,
}

/// The versions of a run's claims.
#[derive(Debug, Default)]
pub struct ClaimVersions {
    places: FxHashMap<u64, usize>,
    members: Vec<Member>,
    /// What stands, by leader; `None` in a circle.
    standing: FxHashMap<usize, Option<Standing>>,
    /// The leaders of families of which several versions claim to be the last.
    forked: Vec<usize>,
}

impl ClaimVersions {
    /// The versions that these rows name, in the run's order.
    #[must_use]
    pub fn new(notes: &[VersionNote]) -> Self {
        let mut versions = Self::default();
        for note in notes {
            let place = versions.place(note.claim);
            versions.take(place, note);
            if note.original != 0 && note.original != note.claim {
                let original = versions.place(note.original);
                versions.join(place, original);
                if let Some(member) = versions.members.get_mut(original) {
                    member.named = true;
                }
                if let Some(member) = versions.members.get_mut(place) {
                    member.original = Some(original);
                }
            }
        }
        versions.settle();
        versions
    }

    /// Whether no claim has more than one version.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn place(&mut self, claim: u64) -> usize {
        let next = self.members.len();
        let place = *self.places.entry(claim).or_insert(next);
        if place == next {
            self.members.push(Member { leader: next, ..Member::default() });
        }
        place
    }

    /// Takes what a row says of its own claim: the last version counts.
    fn take(&mut self, place: usize, note: &VersionNote) {
        let Some(member) = self.members.get_mut(place) else { return };
        if note.frequency > member.frequency {
            member.frequency = note.frequency;
            (member.paid_date, member.place) = (note.paid_date, note.place);
        } else if note.frequency == member.frequency {
            member.paid_date = member.paid_date.max(note.paid_date);
            member.place = member.place.min(note.place);
        }
    }

    fn leader(&mut self, place: usize) -> usize {
        let mut at = place;
        while let Some(next) = self.members.get(at).map(|member| member.leader).filter(|next| *next != at) {
            // Halves the way for whoever asks next.
            let after = self.members.get(next).map_or(next, |member| member.leader);
            if let Some(member) = self.members.get_mut(at) {
                member.leader = after;
            }
            at = after;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.leader(one), self.leader(other));
        let (first, second) = (one.min(other), one.max(other));
        if let Some(member) = self.members.get_mut(second) {
            member.leader = first;
        }
    }

    /// Finds what stands of each family.
    fn settle(&mut self) {
        let mut families: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for place in 0..self.members.len() {
            let leader = self.leader(place);
            families.entry(leader).or_default().push(place);
        }
        let claims: FxHashMap<usize, u64> = self.places.iter().map(|(claim, place)| (*place, *claim)).collect();
        for (leader, family) in families {
            let members = || family.iter().filter_map(|place| Some((*place, self.members.get(*place)?)));
            let last = || members().filter(|(_, one)| one.frequency > ClaimFrequency::Original && !one.named);
            let dated = last().all(|(_, one)| one.paid_date.is_some());
            // On one day a claim is taken back before it is billed anew.
            let replaces = |one: &Member| dated && one.frequency == ClaimFrequency::Replacement;
            let latest = last().max_by_key(|(_, one)| (one.paid_date.filter(|_| dated), replaces(one), one.place));
            if last().count() > 1 {
                self.forked.push(leader);
            }
            let standing = latest.and_then(|(place, one)| {
                Some(Standing { claim: *claims.get(&place)?, frequency: one.frequency, place: one.place })
            });
            self.standing.insert(leader, standing);
        }
    }

    /// Notes that a line in scope belongs to a claim.
    pub fn see(&mut self, state: &LineState) {
        if let Some(member) = self.places.get(&state.claim).and_then(|place| self.members.get_mut(*place)) {
            member.in_scope |= state.frequency() == member.frequency;
            member.earlier_in_scope |= state.frequency() < member.frequency;
        }
    }

    /// What is odd about the versions, when every line in scope has been seen.
    #[must_use]
    pub fn counts(&self) -> VersionCounts {
        let is_seen = |member: &Member| member.in_scope || member.earlier_in_scope;
        let seen: FxHashSet<usize> =
            self.members.iter().filter(|member| is_seen(member)).map(|member| self.end(member.leader)).collect();
        let circles = self.standing.iter().filter(|(leader, standing)| standing.is_none() && seen.contains(leader));
        let mut counts = VersionCounts {
            forked: self.forked.iter().filter(|leader| seen.contains(leader)).count() as u64,
            cycles: circles.count() as u64,
            ..VersionCounts::default()
        };
        for member in self.members.iter().filter(|member| member.in_scope && !member.earlier_in_scope) {
            let original = member.original.and_then(|place| self.members.get(place));
            let alone = u64::from(!original.is_some_and(is_seen));
            match member.frequency {
                ClaimFrequency::Void => counts.voids_without_original += alone,
                ClaimFrequency::Replacement => counts.replacements_without_original += alone,
                ClaimFrequency::Original => {}
            }
        }
        counts
    }

    fn end(&self, place: usize) -> usize {
        let mut at = place;
        while let Some(next) = self.members.get(at).map(|member| member.leader).filter(|next| *next != at) {
            at = next;
        }
        at
    }

    /// Why a line is not judged, and by which row; `None` where it stands.
    #[must_use]
    pub fn superseded(&self, state: &LineState) -> Option<(SupersededBy, Option<RowPlace>)> {
        self.superseded_version(state.claim, state.frequency())
    }

    /// Why a version of a claim, by its hash, is not judged; `None` where it stands.
    #[must_use]
    pub fn superseded_version(
        &self,
        claim: u64,
        frequency: ClaimFrequency,
    ) -> Option<(SupersededBy, Option<RowPlace>)> {
        let void = frequency == ClaimFrequency::Void;
        let standing = self.standing_of(claim);
        match standing {
            Some(last) if last.claim == claim && last.frequency == frequency => {
                void.then_some((SupersededBy::Void, None))
            }
            Some(last) if void => Some((SupersededBy::Void, Some(last.place))),
            Some(last) if last.frequency == ClaimFrequency::Void => Some((SupersededBy::Voided, Some(last.place))),
            Some(last) => Some((SupersededBy::Replacement, Some(last.place))),
            None if void => Some((SupersededBy::Void, None)),
            // In a circle a claim's own last version counts.
            None => self.member(claim).filter(|member| frequency < member.frequency).map(|member| {
                let taken_back = member.frequency == ClaimFrequency::Void;
                let reason = if taken_back { SupersededBy::Voided } else { SupersededBy::Replacement };
                (reason, Some(member.place))
            }),
        }
    }

    fn member(&self, claim: u64) -> Option<&Member> {
        self.members.get(*self.places.get(&claim)?)
    }

    fn standing_of(&self, claim: u64) -> Option<Standing> {
        let member = self.member(claim)?;
        *self.standing.get(&self.end(member.leader))?
    }
}
