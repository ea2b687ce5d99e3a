//! What the decisions say that rests on the texts of the program's own policies: which
//! version judged a line, and which sections are behind the findings of a rule.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use adjudicate::claim::Day;
use adjudicate::policy::{PolicyIndex, PolicyRef, ProcedureIndex};
use adjudicate::report::sections_behind;
use adjudicate::rules::RuleId;
use serde_json::{Value, json};

use super::figures::Figures;
use super::recorded::{items, word};
use crate::cli::text::count;

/// Decisions on their way to the texts that they rest on.
pub(super) struct Grounded<'t> {
    index: &'t PolicyIndex,
    policy_date: Option<Day>,
    procedures: HashMap<String, ProcedureIndex>,
    found: BTreeMap<RuleId, BTreeSet<(ProcedureIndex, PolicyRef, Option<u16>)>>,
    out_of_force: u64,
}

impl<'t> Grounded<'t> {
    /// Nothing yet, of a run whose lines were judged by the versions of this day, if one was
    /// named.
    pub(super) fn new(index: &'t PolicyIndex, policy_date: Option<Day>) -> Self {
        let procedures = index.procedures().iter().zip(0..);
        let procedures = procedures.map(|(entry, place)| (entry.code.to_string(), ProcedureIndex(place))).collect();
        Self { index, policy_date, procedures, found: BTreeMap::new(), out_of_force: 0 }
    }

    /// Meets a decision.
    pub(super) fn meet<'r>(&mut self, text: &impl Fn(&str) -> &'r str) {
        let (id, applied) = (text("policy_id"), text("policy_version"));
        let policy = self.index.policies().iter().zip(0..).find(|(policy, _)| policy.id == id);
        let Some((policy, place)) = policy else {
            self.out_of_force += 1;
            return;
        };
        if !applied.is_empty() {
            let day = self.policy_date.or_else(|| Day::parse_iso(text("service_date")));
            let in_force = day.and_then(|day| policy.version_on(day));
            self.out_of_force += u64::from(in_force.is_none_or(|(_, version)| version.id != applied));
        }
        let version = policy.versions.iter().zip(0..).find(|(version, _)| version.id == applied);
        let Some(procedure) = self.procedures.get(text("procedure_code")) else { return };
        for rule in text("rules").split(';').filter_map(RuleId::from_code) {
            let ground = (*procedure, PolicyRef(place), version.map(|(_, place)| place));
            self.found.entry(rule).or_default().insert(ground);
        }
    }

    /// Whether lines were judged by what was not in force.
    pub(super) fn out_of_force(&self, file: &str) -> Option<String> {
        let day = if self.policy_date.is_some() { "the day that the run names" } else { "their days of service" };
        (self.out_of_force > 0).then(|| {
            format!("{file}: lines under a version that was not in force on {day}: {}", count(self.out_of_force))
        })
    }

    /// The sections behind each rule, and those that the summary names.
    pub(super) fn sections(&self, summary: &Value) -> (Figures, Figures) {
        let (mut found, mut recorded) = (Figures::default(), Figures::default());
        for stated in items(&summary["by_rule"]) {
            let of = word(&stated["rule"]);
            let Some(rule) = RuleId::from_code(of) else { continue };
            let grounds = self.found.get(&rule).into_iter().flatten();
            let grounds = grounds.map(|(procedure, policy, version)| (*procedure, (*policy, *version)));
            found.tree("sections", of, &json!(sections_behind(rule, self.index, grounds)));
            recorded.tree("sections", of, &stated["sections"]);
        }
        (found, recorded)
    }
}
