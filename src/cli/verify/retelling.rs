//! What only whole rows of the decisions tell: what it takes to mend what is stopped,
//! providers against their peers, what overrides changed. The program's own code makes
//! the figures, so it does for a run of this version alone.

use std::collections::BTreeMap;

use adjudicate::claim::{ClaimStatus, Day, Decimal};
use adjudicate::icd10::Icd10;
use adjudicate::policy::{PolicyRef, ProcedureIndex, Program};
use adjudicate::report::{Amounts, Dollars, Retold, ToldLine};
use adjudicate::rules::{Disposition, FindingSet, RuleId, Weights};
use serde_json::{Value, json};

use super::decisions::entry;
use super::figures::{Figure, Figures};
use super::recorded::{amounts, count, dollars, items, word};
use super::stated::hold;

/// Decisions on their way to figures.
pub(super) struct Retelling<'t> {
    weights: Weights,
    retold: Retold<'t>,
    /// Numbers of versions by policy, in the order of the summary: what is expected of a
    /// provider is summed in it.
    versions: BTreeMap<String, BTreeMap<String, u16>>,
    next_version: u16,
    procedures: BTreeMap<String, u32>,
    overrides: BTreeMap<String, Waived>,
    changed: Waived,
    without_status: u64,
}

/// Lines on which overrides took weight from a finding.
#[derive(Clone, Copy, Default)]
struct Waived {
    lines: u64,
    changed: u64,
    left_exposure: Dollars,
}

impl Waived {
    fn add(&mut self, changed: bool, left_exposure: Dollars) {
        self.lines += 1;
        self.changed += u64::from(changed);
        self.left_exposure += left_exposure;
    }
}

impl<'t> Retelling<'t> {
    pub(super) fn new(weights: Weights, table: &'t Icd10, summary: &Value) -> Self {
        let mut retelling = Self {
            weights,
            retold: Retold::new(weights, table),
            versions: BTreeMap::new(),
            next_version: 0,
            procedures: BTreeMap::new(),
            overrides: BTreeMap::new(),
            changed: Waived::default(),
            without_status: 0,
        };
        for version in items(&summary["by_version"]) {
            retelling.version(word(&version["policy_id"]), word(&version["policy_version"]));
        }
        retelling
    }

    fn version(&mut self, policy: &str, version: &str) -> u16 {
        if let Some(known) = self.versions.get(policy).and_then(|versions| versions.get(version)) {
            return *known;
        }
        let new = self.next_version;
        self.next_version = new.saturating_add(1);
        self.versions.entry(policy.to_owned()).or_default().insert(version.to_owned(), new);
        new
    }

    fn procedure(&mut self, code: &str) -> u32 {
        if let Some(known) = self.procedures.get(code) {
            return *known;
        }
        let next = u32::try_from(self.procedures.len()).unwrap_or(u32::MAX);
        self.procedures.insert(code.to_owned(), next);
        next
    }

    /// Meets a decision of these amounts.
    pub(super) fn meet<'r>(&mut self, text: &impl Fn(&str) -> &'r str, amounts: &Amounts) -> Result<(), &'static str> {
        let rule = match text("rule") {
            "" => None,
            code => Some(RuleId::from_code(code).ok_or("a rule is none of the catalogue")?),
        };
        let status = text("claim_status");
        self.without_status += u64::from(status.is_empty());
        let line = ToldLine {
            rule,
            version: (PolicyRef(self.version(text("policy_id"), text("policy_version"))), None),
            procedure: ProcedureIndex(self.procedure(text("procedure_code"))),
            program: Program::from_name(text("line_of_business")),
            service_date: Day::parse_iso(text("service_date")).ok_or("a service date is no day")?,
            diagnoses: text("diagnosis_codes"),
            provider: text("provider_npi"),
            units: Decimal::parse(text("units").as_bytes()).ok_or("units are no number")?,
            paid_given: !text("paid_amount").is_empty(),
            payer_denied: status == ClaimStatus::Denied.word(),
            has_indication: !text("indication").is_empty(),
            amounts,
        };
        self.retold.add(&line);
        let waiving = text("override");
        if !waiving.is_empty() {
            let findings: FindingSet = text("rules").split(';').filter_map(RuleId::from_code).collect();
            let before = findings.disposition(&self.weights);
            let now = self.weights.disposition_of(rule);
            let left = before == Disposition::Deny && now != Disposition::Deny;
            let left = if left { amounts.paid } else { Dollars::default() };
            self.changed.add(before != now, left);
            for id in waiving.split(';') {
                entry(&mut self.overrides, id).add(before != now, left);
            }
        }
        Ok(())
    }

    /// The figures of decisions that hold every decided line, or only those flagged; and
    /// what the summary has of the same.
    pub(super) fn figures(&self, flagged: bool, summary: &Value) -> (Figures, Figures) {
        let (mut found, mut recorded) = (Figures::default(), Figures::default());
        let mut hold = |section: &'static str, made: Value, stated: &Value| {
            found.tree(section, "", &made);
            recorded.tree(section, "", stated);
        };
        hold("stopped", json!(self.retold.stopped()), &summary["stopped"]);
        hold("diagnoses", json!(self.retold.diagnoses()), &summary["diagnoses"]);
        if flagged {
            return (found, recorded);
        }
        let (providers, peers) = self.retold.providers();
        hold("peers", json!(peers), &summary["peers"]);
        hold("by_provider against peers", compared(&json!(providers)), &compared(&summary["by_provider"]));
        let [before, after] = self.retold.outside_table();
        let outside = |before: &Value, after: &Value| json!({ "before_table": before, "after_table": after });
        let stated = outside(&summary["before_table"], &summary["after_table"]);
        hold("service_dates", outside(&json!(before), &json!(after)), &stated);
        let examined = self.retold.clinical_not_examined();
        hold("clinical_not_examined", json!(examined), &summary["clinical_not_examined"]);
        let not_given = self.retold.paid_not_given();
        hold("not_given, paid_amount", json!(not_given), &summary["not_given"]["paid_amount"]);
        if summary["overrides"].is_object() {
            self.add_overrides(&mut found);
            add_overrides(&mut recorded, &summary["overrides"]);
        } else if !self.overrides.is_empty() {
            found.set("overrides", "", "changed", Figure::Count(self.changed.changed.max(1)));
            recorded.section("overrides");
        }
        (found, recorded)
    }

    /// What no row tells, and cannot be more than rows tell.
    pub(super) fn beyond(&self, summary: &Value) -> Vec<String> {
        let mut told = Vec::new();
        let lines = amounts(&summary["unknown_status"]).lines;
        hold(&mut told, "unknown_status, lines", lines, "lines without a status", self.without_status);
        told
    }

    fn add_overrides(&self, figures: &mut Figures) {
        let named = self.overrides.iter().map(|(id, waived)| (id.as_str(), waived));
        for (of, waived) in named.chain([("", &self.changed)]) {
            if !of.is_empty() {
                figures.set("overrides", of, "waived", Figure::Count(waived.lines));
            }
            figures.set("overrides", of, "changed", Figure::Count(waived.changed));
            figures.set("overrides", of, "left_exposure", Figure::Dollars(waived.left_exposure));
        }
    }
}

/// How providers compare, of a list of them.
fn compared(providers: &Value) -> Value {
    let of = |one: &Value| {
        json!({
            "key": one["key"], "denied": one["denied"], "pended": one["pended"], "paid_against": one["paid_against"],
        })
    };
    items(providers).iter().map(of).collect()
}

/// The same of the summary. An override that is expired takes no weight: what it would have
/// taken no row tells.
fn add_overrides(figures: &mut Figures, overrides: &Value) {
    for one in items(&overrides["overrides"]) {
        let of = word(&one["id"]);
        if word(&one["state"]) != "expired" {
            figures.set("overrides", of, "waived", count(&one["waived"]));
        }
        figures.set("overrides", of, "changed", count(&one["changed"]));
        figures.set("overrides", of, "left_exposure", dollars(&one["left_exposure"]));
    }
    figures.set("overrides", "", "changed", count(&overrides["changed"]));
    figures.set("overrides", "", "left_exposure", dollars(&overrides["left_exposure"]));
}
