//! `background.toml`: what claims are made of beside what policies say.

use serde::Deserialize;

use super::GenerateError;
use super::rng::Weighted;
use crate::claim::{Etiology, ProcedureCode};
use crate::policy::{ListedEtiology, PolicyIndex};

const FILE: &str = "background.toml";
const TEXT: &str = include_str!("background.toml");

/// A text and its weight.
type Pair = (String, u32);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    line_of_business: Vec<Pair>,
    lines_of_a_claim: Vec<(u32, u32)>,
    in_scope: RawInScope,
    companions: RawGroup,
    group: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInScope {
    places: Vec<Pair>,
    modifiers: Vec<Pair>,
    bilateral_modifier: String,
    charge: (u32, u32),
    add_on_charge: (u32, u32),
    causes: Causes,
}

/// How often which cause is behind a supporting diagnosis.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(super) struct Causes {
    osteoporotic: u32,
    neoplastic: u32,
    traumatic: u32,
    not_told: u32,
}

impl Causes {
    /// The weight of a cause; none where no indication knows it.
    pub(super) const fn weight(self, cause: ListedEtiology) -> u32 {
        match cause {
            ListedEtiology::Is(Etiology::Osteoporotic) => self.osteoporotic,
            ListedEtiology::Is(Etiology::Neoplastic) => self.neoplastic,
            ListedEtiology::Is(Etiology::Traumatic) => self.traumatic,
            ListedEtiology::NotTold => self.not_told,
            ListedEtiology::None => 0,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    weight: u32,
    places: Vec<Pair>,
    modifiers: Vec<Pair>,
    #[serde(default = "one")]
    most_units: u32,
    codes: Vec<(String, u32, u32)>,
}

const fn one() -> u32 {
    1
}

/// Everyday claims, and what lines in scope share with them.
pub(super) struct Background {
    /// Lines of business as claim files write them.
    pub(super) lines_of_business: Weighted<String>,
    /// How many lines a claim has.
    pub(super) lines_of_a_claim: Weighted<u32>,
    /// Procedures that nobody asks about, by kind.
    pub(super) groups: Weighted<Group>,
    /// Those that are billed beside lines in scope.
    pub(super) companions: Group,
    /// Places of lines in scope.
    pub(super) places: Weighted<String>,
    /// Modifiers of lines in scope.
    pub(super) modifiers: Weighted<String>,
    /// The modifier that says "both sides".
    pub(super) bilateral_modifier: String,
    /// The least and the most that a procedure in scope is billed at, in dollars.
    pub(super) charge: (u32, u32),
    /// The same of an add-on.
    pub(super) add_on_charge: (u32, u32),
    /// Causes of supporting diagnoses.
    pub(super) causes: Causes,
}

/// Procedures of one kind.
pub(super) struct Group {
    /// Where they are done.
    pub(super) places: Weighted<String>,
    /// Their modifiers, none among them.
    pub(super) modifiers: Weighted<String>,
    /// The most units that a line has.
    pub(super) most_units: u32,
    /// The procedures.
    pub(super) codes: Weighted<Everyday>,
}

/// A procedure that no loaded policy speaks about.
pub(super) struct Everyday {
    /// Its code.
    pub(super) code: String,
    /// What it is billed at, in dollars.
    pub(super) charge: u32,
}

impl Background {
    /// Reads the file, and leaves out every procedure that is in scope.
    pub(super) fn load(index: &PolicyIndex) -> Result<Self, GenerateError> {
        let raw: Raw = toml::from_str(TEXT).map_err(|error| damaged(error.to_string()))?;
        let groups = raw.group.into_iter().map(|group| {
            let weight = group.weight;
            Ok((Group::new(group, index)?, weight))
        });
        let background = Self {
            lines_of_business: Weighted::new(raw.line_of_business),
            lines_of_a_claim: Weighted::new(raw.lines_of_a_claim),
            groups: Weighted::new(groups.collect::<Result<Vec<_>, GenerateError>>()?),
            companions: Group::new(raw.companions, index)?,
            places: Weighted::new(raw.in_scope.places),
            modifiers: Weighted::new(raw.in_scope.modifiers),
            bilateral_modifier: raw.in_scope.bilateral_modifier,
            charge: raw.in_scope.charge,
            add_on_charge: raw.in_scope.add_on_charge,
            causes: raw.in_scope.causes,
        };
        // A policy that speaks about every procedure of the file leaves nothing to
        // fill claims with.
        if background.groups.items().iter().chain([&background.companions]).any(|group| group.codes.total() == 0) {
            return Err(damaged("the loaded policies leave a group without a procedure".to_owned()));
        }
        Ok(background)
    }
}

impl Group {
    fn new(raw: RawGroup, index: &PolicyIndex) -> Result<Self, GenerateError> {
        let mut codes = Vec::with_capacity(raw.codes.len());
        for (code, weight, charge) in raw.codes {
            let parsed = ProcedureCode::parse(&code).ok_or_else(|| damaged(format!("{code:?} is no procedure")))?;
            if index.find(parsed).is_none() {
                codes.push((Everyday { code, charge }, weight));
            }
        }
        Ok(Self {
            places: Weighted::new(raw.places),
            modifiers: Weighted::new(raw.modifiers),
            most_units: raw.most_units,
            codes: Weighted::new(codes),
        })
    }
}

fn damaged(reason: String) -> GenerateError {
    GenerateError::Data { file: FILE, reason }
}
