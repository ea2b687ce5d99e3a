//! Clinical facts: what an authorization or a chart review may say of a line.

use super::Decimal;

/// Where a fracture comes from, as an indication asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Etiology {
    /// A fracture of osteoporosis.
    Osteoporotic,
    /// A lesion of myeloma or of a metastasis.
    Neoplastic,
    /// A fracture of an injury.
    Traumatic,
}

impl Etiology {
    /// The etiology that a word of a claim file names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "osteoporotic" | "osteoporosis" => Some(Self::Osteoporotic),
            "neoplastic" | "metastatic" | "metastasis" | "myeloma" | "osteolytic" => Some(Self::Neoplastic),
            "traumatic" | "trauma" => Some(Self::Traumatic),
            _ => None,
        }
    }

    /// The word used in policies and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Osteoporotic => "osteoporotic",
            Self::Neoplastic => "neoplastic",
            Self::Traumatic => "traumatic",
        }
    }
}

/// How an augmentation was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Technique {
    /// With an inflatable balloon.
    Balloon,
    /// With a mechanical device.
    Mechanical,
    /// With radiofrequency.
    Radiofrequency,
}

impl Technique {
    /// The technique that a word of a claim file names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "balloon" => Some(Self::Balloon),
            "mechanical" => Some(Self::Mechanical),
            "radiofrequency" | "radiofrequency kyphoplasty" | "rfk" => Some(Self::Radiofrequency),
            _ => None,
        }
    }

    /// The word used in policies and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Balloon => "balloon",
            Self::Mechanical => "mechanical",
            Self::Radiofrequency => "radiofrequency",
        }
    }
}

/// A word that may be missing, known, or not one that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stated<T> {
    /// The column is blank or absent.
    #[default]
    Blank,
    /// A known word.
    Known(T),
    /// Some other text: something was said, nothing is known.
    Other,
}

/// A fact that an indication of a policy may ask for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Fact {
    /// The member has symptoms.
    Symptomatic,
    /// The pain is severe.
    SeverePain,
    /// The fracture led to a hospital stay.
    Hospitalized,
    /// The fracture prevents walking.
    AmbulationPrevented,
    /// Weeks of conservative treatment that failed.
    ConservativeWeeks,
    /// Weeks since the fracture.
    FractureAgeWeeks,
}

impl Fact {
    /// Every fact, in the order of the contract.
    pub const ALL: [Self; 6] = [
        Self::Symptomatic,
        Self::SeverePain,
        Self::Hospitalized,
        Self::AmbulationPrevented,
        Self::ConservativeWeeks,
        Self::FractureAgeWeeks,
    ];

    /// The fact's column, which is also its name in a policy.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Symptomatic => "symptomatic",
            Self::SeverePain => "severe_pain",
            Self::Hospitalized => "hospitalized",
            Self::AmbulationPrevented => "ambulation_prevented",
            Self::ConservativeWeeks => "conservative_weeks",
            Self::FractureAgeWeeks => "fracture_age_weeks",
        }
    }

    /// Whether the fact is a number (else yes or no).
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::ConservativeWeeks | Self::FractureAgeWeeks)
    }
}

/// The clinical facts of one line; `None` is a blank, and a blank is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClinicalFacts {
    /// Where the fracture comes from.
    pub etiology: Stated<Etiology>,
    /// How it was done.
    pub technique: Stated<Technique>,
    /// The member has symptoms.
    pub symptomatic: Option<bool>,
    /// The pain is severe.
    pub severe_pain: Option<bool>,
    /// The fracture led to a hospital stay.
    pub hospitalized: Option<bool>,
    /// The fracture prevents walking.
    pub ambulation_prevented: Option<bool>,
    /// The device is cleared by the FDA.
    pub fda_cleared_device: Option<bool>,
    /// Weeks of conservative treatment that failed, zero or more.
    pub conservative_weeks: Option<Decimal>,
    /// Weeks since the fracture, zero or more.
    pub fracture_age_weeks: Option<Decimal>,
}

impl ClinicalFacts {
    /// A yes-or-no fact; `None` where it is blank or a number.
    #[must_use]
    pub const fn answer(&self, fact: Fact) -> Option<bool> {
        match fact {
            Fact::Symptomatic => self.symptomatic,
            Fact::SeverePain => self.severe_pain,
            Fact::Hospitalized => self.hospitalized,
            Fact::AmbulationPrevented => self.ambulation_prevented,
            Fact::ConservativeWeeks | Fact::FractureAgeWeeks => None,
        }
    }

    /// A number of weeks; `None` where it is blank or no number.
    #[must_use]
    pub const fn weeks(&self, fact: Fact) -> Option<Decimal> {
        match fact {
            Fact::ConservativeWeeks => self.conservative_weeks,
            Fact::FractureAgeWeeks => self.fracture_age_weeks,
            _ => None,
        }
    }

    /// Whether none of the facts that indications weigh was given. The etiology
    /// and the device do not count: a policy reads those elsewhere.
    #[must_use]
    pub fn nothing_to_weigh(&self) -> bool {
        Fact::ALL.iter().all(|fact| self.answer(*fact).is_none() && self.weeks(*fact).is_none())
    }
}
