//! Figures by where the summary has them: as recorded, and as found anew.

use std::collections::BTreeMap;
use std::fmt;

use adjudicate::report::{Amounts, Dollars};
use serde_json::Value;

use crate::cli::text::{count, dollars, in_line};

/// How many figures of a section are told one by one where they differ.
const MOST_TOLD: usize = 5;

/// One figure.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Figure {
    /// Rows, lines or providers.
    Count(u64),
    /// Dollars.
    Dollars(Dollars),
    /// A day, a name, a weight.
    Word(String),
    /// What is measured.
    Number(f64),
    /// Whether something is so.
    Is(bool),
}

/// How far numbers may differ that are the same but for the order of a sum; and by what part.
const ROUNDING: (f64, f64) = (1e-9, 1e-12);

impl Figure {
    /// What a figure that is not there stands for.
    fn is_nothing(&self) -> bool {
        match self {
            Self::Count(number) => *number == 0,
            Self::Dollars(sum) => *sum == Dollars::default(),
            Self::Word(word) => word.is_empty(),
            Self::Number(number) => *number == 0.0,
            Self::Is(so) => !so,
        }
    }

    /// The figure of a value of JSON that is neither list nor object.
    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(so) => Self::Is(*so),
            Value::Number(number) => match number.as_u64() {
                Some(number) => Self::Count(number),
                None => Self::Number(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Word(text.clone()),
            _ => Self::Word(String::new()),
        }
    }

    /// Dollars stand in files as numbers of JSON, which hold so many digits.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dollars(one), Self::Dollars(other)) => Dollars::from(one.number()) == Dollars::from(other.number()),
            (Self::Number(one), Self::Number(other)) => {
                (one - other).abs() <= ROUNDING.0 + ROUNDING.1 * one.abs().max(other.abs())
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(number) => f.write_str(&count(*number)),
            Self::Dollars(sum) => f.write_str(&dollars(sum.number())),
            Self::Word(word) => write!(f, "{word:?}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Is(so) => write!(f, "{so}"),
        }
    }
}

/// Figures by section and name. A section that is not there says nothing of its figures;
/// in one that is, a figure that is not there is nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Figures {
    sections: BTreeMap<&'static str, BTreeMap<String, Figure>>,
}

impl Figures {
    /// A section, which is there from now on.
    pub(super) fn section(&mut self, section: &'static str) -> &mut BTreeMap<String, Figure> {
        self.sections.entry(section).or_default()
    }

    /// Adds a figure of something; `of` is blank where the section has but one.
    pub(super) fn set(&mut self, section: &'static str, of: &str, name: &str, figure: Figure) {
        self.section(section).insert(if of.is_empty() { name.to_owned() } else { format!("{of}, {name}") }, figure);
    }

    /// Adds lines and dollars.
    pub(super) fn amounts(&mut self, section: &'static str, of: &str, sums: &Amounts) {
        self.set(section, of, "lines", Figure::Count(sums.lines));
        self.dollars(section, of, sums);
    }

    /// Adds dollars.
    pub(super) fn dollars(&mut self, section: &'static str, of: &str, sums: &Amounts) {
        self.set(section, of, "billed", Figure::Dollars(sums.billed));
        self.set(section, of, "paid", Figure::Dollars(sums.paid));
        self.set(section, of, "paid_unknown", Figure::Count(sums.paid_unknown));
        self.set(section, of, "billed_paid_unknown", Figure::Dollars(sums.billed_paid_unknown));
    }

    /// Adds all that a value of JSON holds, of lists by place. A section that is null says
    /// nothing of its figures.
    pub(super) fn tree(&mut self, section: &'static str, of: &str, value: &Value) {
        let within = |name: &str| if of.is_empty() { name.to_owned() } else { format!("{of}, {name}") };
        match value {
            Value::Null => {}
            Value::Array(items) => {
                self.section(section);
                for (item, place) in items.iter().zip(1_usize..) {
                    self.tree(section, &within(&place.to_string()), item);
                }
            }
            Value::Object(items) => {
                self.section(section);
                items.iter().for_each(|(name, item)| self.tree(section, &within(name), item));
            }
            value => {
                self.section(section).insert(of.to_owned(), Figure::of(value));
            }
        }
    }

    /// Whether a section has a figure.
    pub(super) fn has(&self, section: &str, name: &str) -> bool {
        self.sections.get(section).is_some_and(|figures| figures.contains_key(name))
    }

    /// What is not as another file records it, in words.
    pub(super) fn differences(&self, file: &str, recorded: &Self, other: &str) -> Vec<String> {
        let mut told = Vec::new();
        for (section, found) in &self.sections {
            let Some(recorded) = recorded.sections.get(section) else { continue };
            let mut differ = Vec::new();
            for (name, figure) in found {
                let was = recorded.get(name);
                let name = in_line(name);
                match was {
                    Some(other) if figure.is(other) => {}
                    None if figure.is_nothing() => {}
                    Some(was) => differ.push(format!("{section}, {name}: {figure} by {file}, {was} by {other}")),
                    None => differ.push(format!("{section}, {name}: {figure} by {file}, not in {other}")),
                }
            }
            let gone = recorded.iter().filter(|(name, was)| !found.contains_key(*name) && !was.is_nothing());
            differ.extend(
                gone.map(|(name, was)| format!("{section}, {}: not in {file}, {was} by {other}", in_line(name))),
            );
            told.extend(shortened(differ));
        }
        told
    }
}

/// So many of them that people can read them.
pub(super) fn shortened(mut told: Vec<String>) -> Vec<String> {
    let more = told.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        told.truncate(MOST_TOLD);
        told.push(format!("… and {} more", count(more as u64)));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_from_both_sides() {
        let figures = |all: &[(&str, u64)]| {
            let mut figures = Figures::default();
            figures.section("empty");
            for (name, number) in all {
                figures.set("by_rule", name, "lines", Figure::Count(*number));
            }
            figures
        };
        let found = figures(&[("A", 1), ("B", 2), ("C", 0), ("D", 4)]);
        let recorded = figures(&[("A", 1), ("B", 3), ("E", 5), ("F", 0)]);
        assert_eq!(
            found.differences("a.csv", &recorded, "b.json"),
            [
                "by_rule, B, lines: 2 by a.csv, 3 by b.json",
                "by_rule, D, lines: 4 by a.csv, not in b.json",
                "by_rule, E, lines: not in a.csv, 5 by b.json"
            ]
        );
        assert_eq!(found.differences("a.csv", &Figures::default(), "b.json"), Vec::<String>::new());
        let many: Vec<_> = (0..30).map(|number| number.to_string()).collect();
        assert_eq!(shortened(many).last().unwrap(), "… and 25 more");
    }
}
