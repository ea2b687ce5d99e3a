//! What is to become of a line: said by the story that it belongs to.

use crate::rules::Disposition;

/// The rules that stories are about.
pub(super) const UNLISTED: &str = "COV002";
pub(super) const FOR_REVIEW: &str = "COV003";
pub(super) const INVESTIGATIONAL: &str = "COV001";
pub(super) const AUTHORIZED: &str = "AUT001";
pub(super) const DUPLICATE: &str = "LIN004";
pub(super) const NO_PRIMARY: &str = "LIN001";

/// Why a line does not stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reason {
    /// Another version of its claim stands.
    Replaced,
    /// A void of its claim stands.
    Voided,
    /// It is of a void.
    Void,
    /// Its payment was taken back.
    Reversed,
    /// It takes a payment back.
    Reversal,
}

impl Reason {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Voided => "voided",
            Self::Void => "void",
            Self::Reversed => "reversed",
            Self::Reversal => "reversal",
        }
    }
}

/// What becomes of a line in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It is decided: the disposition, and the rule that names it.
    Decided(Disposition, &'static str),
    /// It does not stand.
    Superseded(Reason),
}

impl Fate {
    /// Nothing stops it.
    pub(super) const ALLOW: Self = Self::Decided(Disposition::Allow, "");
    /// No diagnosis is listed.
    pub(super) const UNLISTED: Self = Self::deny(UNLISTED);

    /// Denied under a rule.
    pub(super) const fn deny(rule: &'static str) -> Self {
        Self::Decided(Disposition::Deny, rule)
    }

    /// Pended under a rule.
    pub(super) const fn pend(rule: &'static str) -> Self {
        Self::Decided(Disposition::Pend, rule)
    }
}

/// What becomes of a line in each way of running an extract.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Expected {
    /// In one run over all files.
    pub(super) whole: Fate,
    /// In a run over its own file that knows no other.
    pub(super) alone: Fate,
    /// In a run over its own file that knows the runs of all earlier ones.
    pub(super) nightly: Fate,
}

impl Expected {
    /// The same in each.
    pub(super) const fn always(fate: Fate) -> Self {
        Self { whole: fate, alone: fate, nightly: fate }
    }

    /// What only a run over all files knows: a later file holds it.
    pub(super) const fn later(whole: Fate, before: Fate) -> Self {
        Self { whole, alone: before, nightly: before }
    }

    /// What every run knows that knows earlier files.
    pub(super) const fn by_earlier(known: Fate, alone: Fate) -> Self {
        Self { whole: known, alone, nightly: known }
    }
}
