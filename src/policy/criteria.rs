//! Indications: conditions over clinical facts, in three-valued logic, where a
//! blank fact is unknown and an unknown never counts against a member.

use crate::claim::{ClinicalFacts, Decimal, Etiology, Fact};

/// True, false, or not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// Nothing given decides it.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Kleene's conjunction.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// Kleene's disjunction.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

/// A condition of an indication.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Criterion {
    /// The etiology is this one.
    Etiology(Etiology),
    /// A yes-or-no fact is true.
    Holds(Fact),
    /// A number of weeks is at least this.
    AtLeast(Fact, Decimal),
    /// A number of weeks is below this.
    Below(Fact, Decimal),
    /// Each of these.
    All(Vec<Criterion>),
    /// One of these.
    Any(Vec<Criterion>),
}

impl Criterion {
    /// Weighs the condition. `etiology` answers "is the etiology this one?".
    pub fn weigh(&self, facts: &ClinicalFacts, etiology: &impl Fn(Etiology) -> Truth) -> Truth {
        match self {
            Self::Etiology(wanted) => etiology(*wanted),
            Self::Holds(fact) => facts.answer(*fact).into(),
            Self::AtLeast(fact, weeks) => facts.weeks(*fact).map(|given| given >= *weeks).into(),
            Self::Below(fact, weeks) => facts.weeks(*fact).map(|given| given < *weeks).into(),
            Self::All(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(part.weigh(facts, etiology))),
            Self::Any(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(part.weigh(facts, etiology))),
        }
    }

    /// Adds the names of the facts that keep this condition from being decided,
    /// each once, in the condition's order.
    pub fn missing(&self, facts: &ClinicalFacts, etiology: &impl Fn(Etiology) -> Truth, names: &mut Vec<&'static str>) {
        self.name(Truth::Unknown, facts, etiology, names);
    }

    /// Adds the names of the facts that rule this condition out, likewise.
    pub fn against(&self, facts: &ClinicalFacts, etiology: &impl Fn(Etiology) -> Truth, names: &mut Vec<&'static str>) {
        self.name(Truth::False, facts, etiology, names);
    }

    /// Adds the names of the facts that make this condition what it is, if it is
    /// `wanted`: unknown or false.
    fn name(
        &self,
        wanted: Truth,
        facts: &ClinicalFacts,
        etiology: &impl Fn(Etiology) -> Truth,
        names: &mut Vec<&'static str>,
    ) {
        if self.weigh(facts, etiology) != wanted {
            return;
        }
        let name = match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.name(wanted, facts, etiology, names);
                }
                return;
            }
            Self::Etiology(_) => "etiology",
            Self::Holds(fact) | Self::AtLeast(fact, _) | Self::Below(fact, _) => fact.column(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

/// A situation for which a policy supports a service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Indication {
    /// Its short name, as printed in the `indication` column.
    pub id: String,
    /// What it is about, in our own words.
    pub label: String,
    /// The section of the policy behind it.
    pub cite: String,
    /// What must hold.
    pub when: Criterion,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False, True, Unknown};

    #[test]
    fn truth_tables() {
        let table = [
            // a, b, a and b, a or b
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (False, True, False, True),
            (Unknown, False, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
            (Unknown, True, Unknown, True),
            (True, False, False, True),
            (True, Unknown, Unknown, True),
            (True, True, True, True),
        ];
        for (a, b, and, or) in table {
            assert_eq!(a.and(b), and, "{a:?} and {b:?}");
            assert_eq!(a.or(b), or, "{a:?} or {b:?}");
        }
    }

    #[test]
    fn a_blank_fact_is_named_only_where_it_decides() {
        let criterion = Criterion::All(vec![
            Criterion::Etiology(Etiology::Osteoporotic),
            Criterion::Holds(Fact::Symptomatic),
            Criterion::Any(vec![Criterion::Holds(Fact::Hospitalized), Criterion::Holds(Fact::AmbulationPrevented)]),
        ]);
        let yes = |_: Etiology| True;
        let mut facts = ClinicalFacts { hospitalized: Some(true), ..ClinicalFacts::default() };
        let mut missing = Vec::new();
        criterion.missing(&facts, &yes, &mut missing);
        assert_eq!(missing, ["symptomatic"]);

        facts.symptomatic = Some(false);
        missing.clear();
        assert_eq!(criterion.weigh(&facts, &yes), False);
        criterion.missing(&facts, &yes, &mut missing);
        assert!(missing.is_empty());
    }
}
