//! Single values of a policy file: words, days, numbers. An error raised here
//! reaches the user with the line that it is about.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use toml::value::Date;

use crate::claim::{Day, Decimal, Etiology, Fact, ProcedureCode, Technique};
use crate::policy::plain::CALENDAR;
use crate::policy::program::Program;
use crate::policy::{ListedEtiology, Standing};

/// A value that is written as a word.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Clone, Copy)]
pub(crate) struct Word<T>(pub(crate) T);

/// What a word of a policy file can mean.
pub(crate) trait Meaning: Sized {
    /// What the word is, for messages.
    const WHAT: &'static str;

    /// What the word means.
    fn of(word: &str) -> Option<Self>;

    /// The words that mean something, or what they look like.
    fn known() -> String;
}

impl<'de, T: Meaning> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordVisitor<T>(std::marker::PhantomData<T>);

        impl<T: Meaning> Visitor<'_> for WordVisitor<T> {
            type Value = Word<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a string: {} ({})", T::WHAT, T::known())
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Word<T>, E> {
                let refusal = || E::custom(format_args!("\"{word}\" is no {}; write {}", T::WHAT, T::known()));
                T::of(word).map(Word).ok_or_else(refusal)
            }
        }

        deserializer.deserialize_str(WordVisitor(std::marker::PhantomData))
    }
}

/// `a, b or c`, each in quotes.
fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut quoted: Vec<_> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} or {last}", quoted.join(", ")) }
}

impl Meaning for ProcedureCode {
    const WHAT: &'static str = "procedure code";

    fn of(word: &str) -> Option<Self> {
        Self::parse(word)
    }

    fn known() -> String {
        "one to eight letters and digits".to_owned()
    }
}

impl Meaning for Program {
    const WHAT: &'static str = "program";

    fn of(word: &str) -> Option<Self> {
        Self::from_name(word)
    }

    fn known() -> String {
        one_of(Self::ALL.map(Self::name))
    }
}

impl Meaning for Fact {
    const WHAT: &'static str = "fact";

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.column() == word)
    }

    fn known() -> String {
        one_of(Self::ALL.map(Self::column))
    }
}

const ETIOLOGIES: [Etiology; 3] = [Etiology::Osteoporotic, Etiology::Neoplastic, Etiology::Traumatic];

impl Meaning for Etiology {
    const WHAT: &'static str = "etiology";

    fn of(word: &str) -> Option<Self> {
        ETIOLOGIES.into_iter().find(|etiology| etiology.word() == word)
    }

    fn known() -> String {
        one_of(ETIOLOGIES.map(Self::word))
    }
}

const NONE: &str = "none";
const NOT_TOLD: &str = "not told";

impl Meaning for ListedEtiology {
    const WHAT: &'static str = "etiology of a diagnosis";

    fn of(word: &str) -> Option<Self> {
        match word {
            NONE => Some(Self::None),
            NOT_TOLD => Some(Self::NotTold),
            _ => Etiology::of(word).map(Self::Is),
        }
    }

    fn known() -> String {
        one_of(ETIOLOGIES.map(Etiology::word).into_iter().chain([NONE, NOT_TOLD]))
    }
}

const TECHNIQUES: [Technique; 3] = [Technique::Balloon, Technique::Mechanical, Technique::Radiofrequency];

impl Meaning for Technique {
    const WHAT: &'static str = "technique";

    fn of(word: &str) -> Option<Self> {
        TECHNIQUES.into_iter().find(|technique| technique.word() == word)
    }

    fn known() -> String {
        one_of(TECHNIQUES.map(Self::word))
    }
}

impl Meaning for Standing {
    const WHAT: &'static str = "standing";

    fn of(word: &str) -> Option<Self> {
        [Self::Supporting, Self::Review].into_iter().find(|standing| standing.word() == word)
    }

    fn known() -> String {
        one_of([Self::Supporting.word(), Self::Review.word()])
    }
}

/// A day, written as a TOML date.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Clone, Copy)]
pub(crate) struct Calendar(Day);

impl Calendar {
    /// The day.
    pub(crate) const fn day(self) -> Day {
        self.0
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DayVisitor;

        impl<'de> Visitor<'de> for DayVisitor {
            type Value = Calendar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day")
            }

            /// From TOML.
            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Calendar, D::Error> {
                const HOW: &str = "write a day without quotes, as YYYY-MM-DD";
                let Date { year, month, day } = Date::deserialize(deserializer)
                    .map_err(|error| D::Error::custom(format_args!("{}; {HOW}", error.to_string().trim_end())))?;
                let found = || Day::from_ymd(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
                let refusal = || D::Error::custom(format_args!("there is no day {}", Date { year, month, day }));
                found().map(Calendar).ok_or_else(refusal)
            }

            /// From plain TOML, which knows days.
            fn visit_i32<E: Error>(self, days: i32) -> Result<Calendar, E> {
                Ok(Calendar(Day::from_days(days)))
            }
        }

        deserializer.deserialize_newtype_struct(CALENDAR, DayVisitor)
    }
}

/// A number of weeks, zero or more.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Clone, Copy)]
pub(crate) struct Weeks(Decimal);

impl Weeks {
    /// The number.
    pub(crate) const fn number(self) -> Decimal {
        self.0
    }
}

impl<'de> Deserialize<'de> for Weeks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WeeksVisitor;

        impl Visitor<'_> for WeeksVisitor {
            type Value = Weeks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of weeks, zero or more")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Weeks, E> {
                let weeks = Decimal::from_integer(value).filter(|weeks| !weeks.is_negative());
                weeks.map(Weeks).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Weeks, E> {
                let weeks = Decimal::from_float(value).filter(|weeks| !weeks.is_negative());
                weeks.map(Weeks).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
            }
        }

        deserializer.deserialize_any(WeeksVisitor)
    }
}

/// A number of units, one or more: a limit of none would deny every line.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Clone, Copy)]
pub(crate) struct Limit(u32);

impl Limit {
    /// The number.
    pub(crate) const fn units(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LimitVisitor;

        impl Visitor<'_> for LimitVisitor {
            type Value = Limit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of units, one or more (leave it out for no limit)")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Limit, E> {
                let units = u32::try_from(value).ok().filter(|units| *units > 0);
                units.map(Limit).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self))
            }
        }

        deserializer.deserialize_any(LimitVisitor)
    }
}
