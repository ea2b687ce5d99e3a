//! Findings, and what they add up to.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use super::{CATALOGUE, RuleId, Weights};
use crate::icd10::DiagnosisCode;

/// What a rule's finding adds to the disposition of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Worth knowing; changes nothing.
    Advice,
    /// A person should look before it is paid.
    Pend,
    /// The coded data gives a reason not to pay.
    Deny,
    /// Another program's rules apply.
    Refer,
}

impl Weight {
    /// The weight's name in the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Pend => "pend",
            Self::Deny => "deny",
            Self::Refer => "refer",
        }
    }
}

/// What the findings of a line add up to: a recommendation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Disposition {
    /// The coded data gives no reason to stop the line.
    Allow,
    /// It gives a reason not to pay it.
    Deny,
    /// It gives a person something to look at first.
    Pend,
    /// The line belongs to another program's rules.
    Refer,
}

impl Disposition {
    /// Every disposition, in output order.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Deny, Self::Pend, Self::Refer];

    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Pend => "pend",
            Self::Refer => "refer",
        }
    }
}

/// One rule's remark on one line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Finding {
    /// What only this line can tell, in a few words; often nothing.
    pub detail: Cow<'static, str>,
    /// Whether the rule's alternative adjustment codes apply.
    pub alternative: bool,
}

impl Finding {
    /// A finding that the rule's name says all about.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// A finding with something to tell.
    #[must_use]
    pub fn with(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), alternative: false }
    }
}

/// A text for a finding's detail, begun with these words.
pub(super) fn begin(words: &str) -> String {
    // Room for most: growing costs more than the words.
    let mut text = String::with_capacity(words.len() + 96);
    text.push_str(words);
    text
}

/// Adds the first few of some names, each once; where there are more, it says so with an
/// ellipsis. Says whether there are any.
pub(super) fn add_names<N>(
    text: &mut String,
    names: impl IntoIterator<Item = N>,
    most: usize,
    add: impl Fn(&mut String, N),
) -> bool {
    let mut kept: SmallVec<[Range<usize>; 8]> = SmallVec::new();
    for name in names {
        let end = text.len();
        if !kept.is_empty() {
            text.push_str(", ");
        }
        let start = text.len();
        add(text, name);
        let new = start..text.len();
        if kept.iter().any(|known| text.get(known.clone()) == text.get(new.clone())) {
            text.truncate(end);
        } else if kept.len() == most {
            text.truncate(start);
            text.push('…');
            break;
        } else {
            kept.push(new);
        }
    }
    !kept.is_empty()
}

/// Adds a code as it is printed.
pub(super) fn add_code(text: &mut String, code: DiagnosisCode) {
    text.push_str(&code.dotted());
}

/// The findings of a line as a set, ordered as the catalogue is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct FindingSet(u64);

/// Marks that the alternative adjustment codes of the set's one rule that has
/// them apply.
const ALTERNATIVE: u64 = 1 << 63;

impl FindingSet {
    /// A set from its bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The set as bits, one for each rule.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Adds a rule.
    pub const fn insert(&mut self, rule: RuleId) {
        self.0 |= 1 << rule as u8;
    }

    /// Marks that alternative adjustment codes apply.
    pub const fn mark_alternative(&mut self) {
        self.0 |= ALTERNATIVE;
    }

    /// Whether the rule has a finding.
    #[must_use]
    pub const fn contains(self, rule: RuleId) -> bool {
        self.0 & 1 << rule as u8 != 0
    }

    /// Whether no rule has a finding.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 & !ALTERNATIVE == 0
    }

    /// Whether the two share a rule.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 & !ALTERNATIVE != 0
    }

    /// The rules of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The rules that the two share.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0 & !ALTERNATIVE)
    }

    /// The rules that the other does not have.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !(other.0 & !ALTERNATIVE))
    }

    /// The rules, in catalogue order.
    pub fn rules(self) -> impl Iterator<Item = RuleId> {
        let mut rest = self.0 & !ALTERNATIVE;
        std::iter::from_fn(move || {
            let rule = CATALOGUE.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(rule.id)
        })
    }

    /// The rule that names the line: the first of the weight that decided it.
    #[must_use]
    pub fn deciding_rule(self, weights: &Weights) -> Option<RuleId> {
        let mask = match self.disposition(weights) {
            Disposition::Allow => return None,
            Disposition::Deny => weights.deny,
            Disposition::Pend => weights.pend,
            Disposition::Refer => weights.refer,
        };
        let bit = (self.0 & mask.0).trailing_zeros();
        CATALOGUE.get(bit as usize).map(|rule| rule.id)
    }

    /// What the findings add up to.
    #[must_use]
    pub const fn disposition(self, weights: &Weights) -> Disposition {
        if self.intersects(weights.refer) {
            Disposition::Refer
        } else if self.intersects(weights.deny) {
            Disposition::Deny
        } else if self.intersects(weights.pend) {
            Disposition::Pend
        } else {
            Disposition::Allow
        }
    }

    /// The adjustment codes (CARC, RARC) suggested with one of its rules.
    #[must_use]
    pub fn codes(self, rule: RuleId) -> (&'static str, &'static str) {
        let rule = rule.rule();
        match rule.alternative {
            Some(codes) if self.0 & ALTERNATIVE != 0 => codes,
            _ => (rule.carc, rule.rarc),
        }
    }
}

impl FromIterator<RuleId> for FindingSet {
    fn from_iter<I: IntoIterator<Item = RuleId>>(rules: I) -> Self {
        let mut set = Self::default();
        for rule in rules {
            set.insert(rule);
        }
        set
    }
}
