//! Numbers for the overrides that a line meets, so that a line remembers two bytes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::Override;
use crate::rules::FindingSet;

/// Which overrides a line meets, as a number of the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Waiver(pub u16);

impl Waiver {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// Lines met more combinations of overrides than can be told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "the lines meet more than {MOST} combinations of overrides; split the run, or the overrides that meet the same lines"
)]
pub struct TooManyWaivers;

/// Two overrides that waive the same rules on the same line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Overlap {
    /// The place of the one that stands first in the file, and is named.
    pub first: usize,
    /// The place of the other.
    pub second: usize,
    /// The findings of the line that both waive.
    pub rules: FindingSet,
}

/// How many combinations a number can tell apart.
const MOST: usize = u16::MAX as usize;

/// Overrides that some line meets, all of them.
#[derive(Debug)]
pub(super) struct Combination {
    /// Their places, in order; the expired ones too.
    pub(super) met: Box<[u32]>,
    /// The rules of those in force.
    pub(super) waived: FindingSet,
}

/// The combinations that were met, numbered as they are met. Reading one takes no
/// lock, and neither does meeting a single override again.
#[derive(Debug, Default)]
pub(super) struct Waivers {
    /// By number, from 1.
    combinations: Box<[OnceLock<Combination>]>,
    /// The numbers of single overrides, by place.
    singles: Box<[OnceLock<Waiver>]>,
    numbers: Mutex<FxHashMap<Box<[u32]>, Waiver>>,
    exceeded: AtomicBool,
}

impl Waivers {
    pub(super) fn new(overrides: usize) -> Self {
        let possible = u32::try_from(overrides).ok().and_then(|overrides| 1_usize.checked_shl(overrides));
        let most = possible.map_or(MOST, |all| (all - 1).min(MOST));
        Self {
            combinations: (0..most).map(|_| OnceLock::new()).collect(),
            singles: (0..overrides).map(|_| OnceLock::new()).collect(),
            ..Self::default()
        }
    }

    pub(super) fn get(&self, waiver: Waiver) -> Option<&Combination> {
        self.combinations.get(usize::from(waiver.0).checked_sub(1)?)?.get()
    }

    /// The number of these overrides, whose places are in order.
    pub(super) fn number(&self, met: &[u32], entries: &[Override]) -> Waiver {
        match met {
            [] => Waiver::NONE,
            [one] => match self.singles.get(*one as usize) {
                Some(single) => *single.get_or_init(|| self.intern(met, entries)),
                None => Waiver::NONE,
            },
            _ => self.intern(met, entries),
        }
    }

    fn intern(&self, met: &[u32], entries: &[Override]) -> Waiver {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = numbers.get(met) {
            return *known;
        }
        let free = self.combinations.get(numbers.len());
        let (Some(free), Ok(number)) = (free, u16::try_from(numbers.len() + 1)) else {
            self.exceeded.store(true, Ordering::Relaxed);
            return Waiver::NONE;
        };
        let in_force = met.iter().filter_map(|place| entries.get(*place as usize));
        let waived =
            in_force.filter(|one| !one.expired).fold(FindingSet::default(), |all, one| all.or(one.rules.set()));
        numbers.insert(met.into(), Waiver(number));
        let _ = free.set(Combination { met: met.into(), waived });
        Waiver(number)
    }

    pub(super) fn check(&self) -> Result<(), TooManyWaivers> {
        if self.exceeded.load(Ordering::Relaxed) { Err(TooManyWaivers) } else { Ok(()) }
    }
}
