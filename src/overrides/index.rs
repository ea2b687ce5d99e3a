//! Finding the overrides that may be about a line, among very many.
//!
//! Each override stands under one of its conditions, the one that the fewest lines
//! meet: a claim, else a member, else a provider, else procedures.

use std::hash::Hash;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::Override;
use crate::claim::{ClaimLine, ProcedureCode};

type Places = SmallVec<[u32; 2]>;

/// The places of overrides, by the condition that each stands under.
#[derive(Default)]
pub(super) struct Index {
    claims: FxHashMap<Box<str>, Places>,
    members: FxHashMap<Box<str>, Places>,
    providers: FxHashMap<Box<str>, Places>,
    procedures: FxHashMap<ProcedureCode, Places>,
}

impl Index {
    pub(super) fn new(entries: &[Override]) -> Self {
        let mut index = Self::default();
        for (one, place) in entries.iter().zip(0_u32..) {
            let condition = &one.condition;
            if let Some(claim) = &condition.claim_id {
                add(&mut index.claims, claim.as_str().into(), place);
            } else if let Some(member) = &condition.member_id {
                add(&mut index.members, member.as_str().into(), place);
            } else if let Some(provider) = &condition.provider_npi {
                add(&mut index.providers, provider.as_str().into(), place);
            } else {
                for procedure in &condition.procedures {
                    add(&mut index.procedures, *procedure, place);
                }
            }
        }
        index
    }

    /// Shows each override that may be about a line, once, in any order.
    pub(super) fn look_up(&self, line: &ClaimLine<'_>, mut show: impl FnMut(u32)) {
        let texts =
            [(&self.claims, line.claim_id), (&self.members, line.member_id), (&self.providers, line.provider_npi)];
        for (places, text) in texts {
            if !places.is_empty() {
                places.get(text.trim()).into_iter().flatten().for_each(|place| show(*place));
            }
        }
        if !self.procedures.is_empty() {
            self.procedures.get(&line.procedure).into_iter().flatten().for_each(|place| show(*place));
        }
    }
}

fn add<K: Eq + Hash>(places: &mut FxHashMap<K, Places>, key: K, place: u32) {
    places.entry(key).or_default().push(place);
}

/// Its keys are members and claims.
impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}
