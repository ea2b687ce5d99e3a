//! An override, checked: what it waives, where, on whose word and until when.

use std::fmt;

use super::Condition;
use super::error::Refusal;
use super::raw::{Field, RawEntry};
use crate::claim::{Day, ProcedureCode};
use crate::rules::{CATALOGUE, FindingSet, RuleId};
use crate::unseen::acts;

/// One exception of a payer's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Override {
    /// Its id, of its own in the file.
    pub id: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it was made.
    pub reason: String,
    /// The last day on which it is in force.
    pub expires: Day,
    /// Whether that day was before the one as of which the file was read.
    pub expired: bool,
    /// What it waives.
    pub rules: WaivedRules,
    /// On which lines.
    pub condition: Condition,
}

/// The rules that an override waives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaivedRules {
    /// Every rule.
    All,
    /// These.
    Some(FindingSet),
}

impl WaivedRules {
    /// The rules as a set.
    #[must_use]
    pub fn set(self) -> FindingSet {
        match self {
            Self::All => CATALOGUE.iter().map(|rule| rule.id).collect(),
            Self::Some(mut rules) => {
                // It stands in the place of these two.
                if rules.contains(RuleId::Cov002) || rules.contains(RuleId::Cov004) {
                    rules.insert(RuleId::Aut001);
                }
                rules
            }
        }
    }

    /// Their ids in the catalogue's order, or `all`.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Self::All => vec!["all"],
            Self::Some(rules) => rules.rules().map(|rule| rule.rule().code).collect(),
        }
    }
}

impl fmt::Display for WaivedRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}

/// The longest id, and the longest text, in characters.
const LONGEST_ID: usize = 64;
const LONGEST_TEXT: usize = 500;
/// A member or claim of fewer characters may stand in a text by chance.
const TELLING: usize = 4;

impl Override {
    /// Checks an entry.
    pub(super) fn new(raw: &RawEntry, as_of: Day) -> Result<Self, Refusal> {
        let expires = day(raw, Field::Expires)?.ok_or_else(|| needed(Field::Expires))?;
        let one = Self {
            id: id(raw)?,
            owner: text(raw, Field::Owner)?,
            reason: text(raw, Field::Reason)?,
            expires,
            expired: expires < as_of,
            rules: rules(raw)?,
            condition: condition(raw)?,
        };
        one.tells_nothing()?;
        Ok(one)
    }

    /// Refuses texts that are printed and name the entry's own member or claim.
    fn tells_nothing(&self) -> Result<(), Refusal> {
        let secret = [&self.condition.member_id, &self.condition.claim_id];
        for (field, text) in [(Field::Id, &self.id), (Field::Owner, &self.owner), (Field::Reason, &self.reason)] {
            let text = text.to_lowercase();
            let tells = |secret: &String| secret.len() >= TELLING && text.contains(&secret.to_lowercase());
            if secret.into_iter().flatten().any(tells) {
                return Err(Refusal::of(field, "it names the member or the claim, and it is printed"));
            }
        }
        Ok(())
    }
}

fn needed(field: Field) -> Refusal {
    Refusal::of(field, "it is needed")
}

fn id(raw: &RawEntry) -> Result<String, Refusal> {
    let id = raw.one(Field::Id).filter(|id| !id.is_empty()).ok_or_else(|| needed(Field::Id))?;
    let fits = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, ';' | ',' | '"');
    if id.len() > LONGEST_ID || !id.starts_with(|c: char| c.is_ascii_alphanumeric()) || !id.chars().all(fits) {
        return Err(Refusal::of(
            Field::Id,
            "an id has at most 64 ASCII characters that can be printed, begins with a letter or digit, and has no \
             comma, semicolon or quotation mark",
        ));
    }
    Ok(id.to_owned())
}

fn text(raw: &RawEntry, field: Field) -> Result<String, Refusal> {
    let text = raw.one(field).filter(|text| !text.is_empty()).ok_or_else(|| needed(field))?;
    if text.chars().count() > LONGEST_TEXT || text.chars().any(acts) {
        return Err(Refusal::of(field, "a text is one line of at most 500 characters that can be printed"));
    }
    Ok(text.to_owned())
}

fn day(raw: &RawEntry, field: Field) -> Result<Option<Day>, Refusal> {
    let Some(text) = raw.one(field) else { return Ok(None) };
    Day::parse_iso(text).map(Some).ok_or_else(|| Refusal::of(field, "not a date; write YYYY-MM-DD"))
}

fn rules(raw: &RawEntry) -> Result<WaivedRules, Refusal> {
    let named = raw.all(Field::Rules);
    if named.is_empty() {
        return Err(Refusal::of(Field::Rules, "it is needed: ids of rules, or `all`"));
    }
    if let [all] = named
        && (all == "*" || all.eq_ignore_ascii_case("all"))
    {
        return Ok(WaivedRules::All);
    }
    let known = named.iter().map(|name| RuleId::from_code(name)).collect::<Option<FindingSet>>();
    known.map(WaivedRules::Some).ok_or_else(|| {
        Refusal::of(Field::Rules, "not an id of the catalogue (`adjudicate rules` lists them), nor `all` alone")
    })
}

fn condition(raw: &RawEntry) -> Result<Condition, Refusal> {
    let text = |field: Field| match raw.one(field) {
        Some("") => Err(Refusal::of(field, "it is blank: fill it, or leave it out")),
        text => Ok(text.map(str::to_owned)),
    };
    let not_a_code = || Refusal::of(Field::Procedure, "not a procedure code of letters and digits");
    let procedures = raw.all(Field::Procedure).iter().map(|code| ProcedureCode::parse(code).ok_or_else(not_a_code));
    let not_a_number = || Refusal::of(Field::LineNumber, "not a line number of 1 or more");
    let number = |text: &str| text.parse().ok().filter(|number| *number > 0).ok_or_else(not_a_number);
    let condition = Condition {
        claim_id: text(Field::ClaimId)?,
        line_number: raw.one(Field::LineNumber).map(number).transpose()?,
        member_id: text(Field::MemberId)?,
        provider_npi: text(Field::ProviderNpi)?,
        procedures: procedures.collect::<Result<_, _>>()?,
        from: day(raw, Field::From)?,
        to: day(raw, Field::To)?,
    };
    if condition.line_number.is_some() && condition.claim_id.is_none() {
        return Err(Refusal::of(Field::LineNumber, "a line has a number on its claim: name the `claim_id` too"));
    }
    if condition.from.zip(condition.to).is_some_and(|(from, to)| from > to) {
        return Err(Refusal::of(Field::To, "it is before `from`"));
    }
    let named = [&condition.claim_id, &condition.member_id, &condition.provider_npi];
    if condition.procedures.is_empty() && named.into_iter().all(Option::is_none) {
        return Err(Refusal::whole(
            "it would hold for every line: name a `claim_id`, a `member_id`, a `provider_npi` or a `procedure`",
        ));
    }
    Ok(condition)
}
