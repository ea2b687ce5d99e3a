//! What the decisions add up to, row by row, as a run adds it up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use adjudicate::claim::{ClaimStatus, Decimal};
use adjudicate::policy::Program;
use adjudicate::report::{Amounts, DECISION_COLUMNS, DecisionFormat, Dollars};

use super::figures::{Figure, Figures};
use super::grounded::Grounded;
use super::others::amount;
use super::recorded::{GROUPS, OTHERS, called};
use super::redrawn::Redrawn;
use super::retelling::Retelling;
use super::sampled::Sampled;
use crate::cli::exit::Failure;
use crate::cli::finished::Rows;

/// Lines by what a disposition and a rule made of them, each pair by its place among
/// [`Found::rulings`].
type Group = Vec<Amounts>;

/// What was found in the decisions.
#[derive(Default)]
pub(super) struct Found {
    /// How many rows there are.
    pub(super) rows: u64,
    /// Dispositions with the rules that name them; few.
    rulings: Vec<(String, String)>,
    all: Group,
    by: [BTreeMap<String, Group>; 5],
    with_finding: BTreeMap<String, u64>,
    files: BTreeMap<String, Amounts>,
    already_denied: Amounts,
    recovery: BTreeMap<String, Amounts>,
    days: BTreeSet<String>,
}

/// What each decision is shown to.
pub(super) struct Seeing<'t> {
    pub(super) sample: Sampled,
    pub(super) retelling: Option<Retelling<'t>>,
    pub(super) redrawn: Option<Redrawn>,
    pub(super) grounded: Option<Grounded<'t>>,
}

/// Reads the decisions. The error of a row names no value.
pub(super) fn read(path: &Path, format: DecisionFormat, safe: bool, seeing: &mut Seeing<'_>) -> Result<Found, Failure> {
    let rows = Rows::new(path, format).spreadsheet_safe(safe);
    // An older version had fewer columns.
    let there = rows.columns()?;
    let columns: Vec<_> = DECISION_COLUMNS.into_iter().filter(|column| there.iter().any(|one| one == column)).collect();
    let mut reading = rows.read(&columns)?;
    let (mut found, mut row) = (Found::default(), Vec::new());
    while reading.next(&mut row)? {
        let text = |name: &str| {
            let place = columns.iter().position(|column| *column == name);
            place.and_then(|place| row.get(place)).map_or("", String::as_str)
        };
        let sums = found.add(&text).map_err(|reason| reading.told(reason))?;
        let line = seeing.redrawn.as_mut().and_then(|redrawn| redrawn.meet(&text));
        seeing.sample.meet(&text, line);
        if let Some(grounded) = &mut seeing.grounded {
            grounded.meet(&text);
        }
        if let Some(retelling) = &mut seeing.retelling {
            retelling.meet(&text, &sums).map_err(|reason| reading.told(reason))?;
        }
    }
    Ok(found)
}

impl Found {
    fn add<'r>(&mut self, text: &impl Fn(&str) -> &'r str) -> Result<Amounts, &'static str> {
        let (billed, read) = (amount(text("billed_amount"))?, amount(text("paid_amount"))?);
        let denied = text("claim_status") == ClaimStatus::Denied.word();
        // What the payer denied it did not pay, whatever stands there.
        let sums = Amounts::of(billed, if denied { Some(Decimal::ZERO) } else { read });
        self.rows += 1;
        let ruling = self.ruling(text("disposition"), text("rule"));
        add_to(&mut self.all, ruling, &sums);
        let line_of_business = text("line_of_business");
        let program = Program::from_name(line_of_business).map_or("unknown", |_| line_of_business);
        let version = format!("{} {}", text("policy_id"), text("policy_version"));
        let day = text("service_date");
        let keys =
            [text("procedure_code"), program, day.get(..7).unwrap_or(day), version.trim_end(), text("provider_npi")];
        for (groups, key) in self.by.iter_mut().zip(keys) {
            add_to(entry(groups, key), ruling, &sums);
        }
        for rule in text("rules").split(';').filter(|rule| !rule.is_empty()) {
            *entry(&mut self.with_finding, rule) += 1;
        }
        entry(&mut self.files, text("source_file")).merge(&sums);
        if denied {
            self.already_denied.merge(&Amounts::of(billed, read));
        }
        if !text("recovery").is_empty() {
            entry(&mut self.recovery, &format!("{} {}", text("rule"), text("recovery"))).merge(&sums);
            entry(&mut self.recovery, text("recovery")).merge(&sums);
        }
        if !self.days.contains(day) {
            self.days.insert(day.to_owned());
        }
        Ok(sums)
    }

    fn ruling(&mut self, disposition: &str, rule: &str) -> usize {
        let known = self.rulings.iter().position(|(one, other)| one == disposition && other == rule);
        known.unwrap_or_else(|| {
            self.rulings.push((disposition.to_owned(), rule.to_owned()));
            self.rulings.len() - 1
        })
    }

    fn sum(&self, group: &Group, wanted: impl Fn(&str, &str) -> bool) -> Amounts {
        let mut sum = Amounts::default();
        let lines = self.rulings.iter().zip(group).filter(|((disposition, rule), _)| wanted(disposition, rule));
        lines.for_each(|(_, amounts)| sum.merge(amounts));
        sum
    }

    /// The figures that the summary has. Of so many lines decided, the decisions may
    /// hold those that are flagged.
    pub(super) fn figures(&self, decided: u64, flagged: bool, recorded: &Figures) -> Figures {
        let mut figures = Figures::default();
        let all = &mut figures;
        let every = self.sum(&self.all, |_, _| true);
        if flagged {
            let left = decided.saturating_sub(every.lines);
            all.set("by_disposition", "allow", "lines", Figure::Count(left));
        } else {
            all.amounts("total", "", &every);
            for name in ["first", "last"] {
                let day = if name == "first" { self.days.first() } else { self.days.last() };
                all.set("service_dates", "", name, Figure::Word(day.cloned().unwrap_or_default()));
            }
            all.amounts("already_denied", "", &self.already_denied);
            for (rule, lines) in &self.with_finding {
                all.set("by_rule", rule, "lines_with_finding", Figure::Count(*lines));
            }
        }
        for disposition in self.rulings.iter().map(|(disposition, _)| disposition).collect::<BTreeSet<_>>() {
            all.amounts("by_disposition", disposition, &self.sum(&self.all, |one, _| one == disposition));
        }
        for section in [OTHERS, "by_rule", "recovery", "flagged", "by_disposition"] {
            all.section(section);
        }
        for rule in self.rulings.iter().map(|(_, rule)| rule).filter(|rule| !rule.is_empty()).collect::<BTreeSet<_>>() {
            let sum = self.sum(&self.all, |_, one| one == rule);
            all.amounts("by_rule", rule, &sum);
            all.set("flagged", rule, "lines", Figure::Count(sum.lines));
            all.set("flagged", rule, "paid", Figure::Dollars(sum.paid));
            all.set("flagged", rule, "reversed", Figure::Dollars(sum.reversed));
            all.set("flagged", rule, "paid_unknown", Figure::Count(sum.paid_unknown));
        }
        all.set("flagged", "", "lines", Figure::Count(self.sum(&self.all, |_, rule| !rule.is_empty()).lines));
        let exposure = self.sum(&self.all, |disposition, _| disposition == "deny").paid;
        all.set("exposure", "", "dollars", Figure::Dollars(exposure));
        for (of, sum) in &self.recovery {
            all.amounts("recovery", of, sum);
        }
        for (section, groups) in GROUPS.into_iter().zip(&self.by) {
            all.section(section);
            let mut others = (0, Group::default());
            for (key, group) in groups {
                let key = &called(key);
                if section == "by_provider" && !recorded.has(section, &format!("{key}, exposure")) {
                    others.0 += 1;
                    group.iter().enumerate().for_each(|(ruling, sums)| add_to(&mut others.1, ruling, sums));
                } else {
                    self.add_group(all, section, key, group, flagged);
                }
            }
            if others.0 > 0 {
                self.add_group(all, OTHERS, "others", &others.1, flagged);
                if !flagged {
                    all.set(OTHERS, "others", "providers", Figure::Count(others.0));
                }
            }
        }
        figures
    }

    fn add_group(&self, all: &mut Figures, section: &'static str, key: &str, group: &Group, flagged: bool) {
        let mut exposure = Dollars::default();
        for ((disposition, rule), sums) in self.rulings.iter().zip(group).filter(|(_, sums)| sums.lines > 0) {
            if disposition == "deny" {
                exposure += sums.paid;
            }
            all.set(section, key, disposition, Figure::Count(self.sum(group, |one, _| one == disposition).lines));
            if !rule.is_empty() {
                let of = format!("{key} {disposition} {rule}");
                all.set(section, &of, "lines", Figure::Count(sums.lines));
                all.set(section, &of, "paid", Figure::Dollars(sums.paid));
            }
        }
        all.set(section, key, "exposure", Figure::Dollars(exposure));
        if section == "by_version" {
            all.set(section, key, "policy", Figure::Word(key.to_owned()));
        }
        if !flagged {
            all.amounts(section, key, &self.sum(group, |_, _| true));
        }
    }

    /// Decided lines and dollars by input.
    pub(super) fn files(&self) -> &BTreeMap<String, Amounts> {
        &self.files
    }
}

fn add_to(group: &mut Group, ruling: usize, sums: &Amounts) {
    if group.len() <= ruling {
        group.resize(ruling + 1, Amounts::default());
    }
    if let Some(sum) = group.get_mut(ruling) {
        sum.merge(sums);
    }
}

/// The value of a key.
pub(super) fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, key: &str) -> &'m mut V {
    map.entry(key.to_owned()).or_default()
}
