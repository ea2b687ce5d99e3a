//! What the summary says that the manifest, the program or other figures of its own say
//! too.

use std::sync::Arc;

use adjudicate::icd10::Icd10;
use adjudicate::policy::{PolicyIndex, embedded_policy};
use adjudicate::report::{Manifest, PolicySummary, RowsRead, SCHEMA_VERSION, Warning};
use adjudicate::rules::{Disposition, RuleId, Weights};
use adjudicate::run::{RejectLimit, RowCounts};
use serde_json::{Value, json};

use super::figures::{Figure, Figures};
use super::recorded::{amounts, items, number, word};
use crate::cli::text::{count, in_line};

/// Counts of the manifest that the summary has too.
pub(super) fn of_manifest(manifest: &Manifest) -> Figures {
    let mut figures = Figures::default();
    let mut add = |section, of: &str, counts: RowCounts| {
        let RowCounts { rows, out_of_scope, superseded, decided, rejected } = counts;
        for (name, number) in [
            ("rows", rows),
            ("out_of_scope", out_of_scope),
            ("superseded", superseded),
            ("decided", decided),
            ("rejected", rejected),
        ] {
            figures.set(section, of, name, Figure::Count(number));
        }
    };
    add("rows", "", manifest.counts);
    for (input, place) in manifest.inputs.iter().zip(1_usize..) {
        add("inputs", &format!("{place} {}", input.name), input.counts);
    }
    for (input, place) in manifest.inputs.iter().zip(1_usize..) {
        figures.set("files", &place.to_string(), "file", Figure::Word(input.name.clone()));
    }
    figures.set("run", "", "icd10cm", Figure::Word(manifest.icd10cm.clone()));
    figures
}

/// Options of the manifest under the names of the summary. Of another version, those that
/// its manifest and its summary both have.
pub(super) fn options(manifest: &Manifest, summary: &Value, ours: bool) -> (Figures, Figures) {
    let options = &manifest.options;
    let as_of = |asked: bool| json!(if asked { options.as_of.as_deref() } else { None });
    let has_overrides = options.overrides.is_some();
    let found = json!({
        "policy_date": options.policy_date,
        "strict_programs": options.strict_programs,
        "require_clinical": options.require_clinical,
        "clinical_denies": options.clinical == "deny",
        "unlisted_diagnosis_pends": options.unlisted_diagnosis == "pend",
        "as_received": options.as_received,
        "select": options.select,
        "look_back": options.look_back,
        "look_back as_of": as_of(options.look_back.is_some()),
        "overrides": has_overrides,
        "overrides as_of": as_of(has_overrides),
        "history runs": manifest.history.len(),
        "shadow": !manifest.shadow.is_empty(),
    });
    let mut recorded = summary["options"].clone();
    if let Some(recorded) = recorded.as_object_mut() {
        recorded.extend([
            ("look_back".to_owned(), summary["recovery"]["months"].clone()),
            ("look_back as_of".to_owned(), summary["recovery"]["as_of"].clone()),
            ("overrides".to_owned(), summary["overrides"].is_object().into()),
            ("overrides as_of".to_owned(), summary["overrides"]["as_of"].clone()),
            ("history runs".to_owned(), number(&summary["history"]["runs"]).into()),
            ("shadow".to_owned(), summary["shadow"].is_object().into()),
        ]);
    }
    let both = |name: &String, value: &Value| {
        let in_both = |all: &Value| !matches!(&all[name], Value::Null | Value::Bool(false)) && all[name] != json!(0);
        ours || (in_both(&found) && in_both(&recorded) && !value.is_null())
    };
    let kept = |all: &Value| {
        let kept = all.as_object().into_iter().flatten().filter(|(name, value)| both(name, value));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    (tree("options", &kept(&found)), tree("options", &kept(&recorded)))
}

/// What this version of the program says of rules, policies and the diagnosis table.
pub(super) fn of_program(manifest: &Manifest, summary: &Value, index: &Embedded<'_>) -> (Figures, Figures) {
    let weights = Weights::new(&manifest.options.decision());
    let (mut found, mut recorded) = (Figures::default(), Figures::default());
    found.set("run", "", "icd10cm", Figure::Word(index.table.edition().to_owned()));
    recorded.set("run", "", "icd10cm", Figure::Word(word(&summary["icd10cm"]).to_owned()));
    found.set("run", "", "schema_version", Figure::Count(SCHEMA_VERSION.into()));
    recorded.set("run", "", "schema_version", Figure::Count(number(&summary["schema_version"])));
    for (one, place) in Disposition::ALL.into_iter().zip(1_usize..) {
        found.set("by_disposition", &place.to_string(), "key", Figure::Word(one.name().to_owned()));
    }
    for (one, place) in items(&summary["by_disposition"]).iter().zip(1_usize..) {
        recorded.set("by_disposition", &place.to_string(), "key", Figure::Word(word(&one["key"]).to_owned()));
    }
    for stated in items(&summary["by_rule"]) {
        let of = word(&stated["rule"]);
        let Some(id) = RuleId::from_code(of) else {
            recorded.set("rules", of, "rule", Figure::Word(of.to_owned()));
            continue;
        };
        let rule = id.rule();
        let weight = weights.of(id).name();
        found.tree(
            "rules",
            of,
            &json!({
                "name": rule.name, "weight": weight, "carc": rule.carc, "rarc": rule.rarc, "fixable": rule.is_fixable(),
            }),
        );
        let names = ["name", "weight", "carc", "rarc", "fixable"];
        recorded.tree("rules", of, &names.into_iter().map(|name| (name, stated[name].clone())).collect());
    }
    for stated in items(&summary["sample"]["strata"]) {
        let of = word(&stated["rule"]);
        let made = RuleId::from_code(of).map_or("", |id| weights.disposition_of(Some(id)).name());
        found.set("sample", of, "disposition", Figure::Word(made.to_owned()));
        recorded.set("sample", of, "disposition", Figure::Word(word(&stated["disposition"]).to_owned()));
    }
    for (stated, place) in items(&summary["policies"]).iter().zip(1_usize..) {
        let of = &place.to_string();
        let policies = index.index.iter().flat_map(PolicyIndex::policies);
        if let Some(policy) = policies.into_iter().find(|policy| policy.id == word(&stated["id"])) {
            found.tree("policies", of, &json!(PolicySummary::from(policy)));
            recorded.tree("policies", of, stated);
        }
    }
    (found, recorded)
}

/// The policies of the program, where they are those of the run.
pub(super) struct Embedded<'t> {
    table: &'t Icd10,
    index: Option<PolicyIndex>,
}

impl<'t> Embedded<'t> {
    pub(super) fn new(manifest: &Manifest, table: &'t Arc<Icd10>) -> Self {
        let are_ours = manifest.policies.iter().all(|policy| {
            embedded_policy(&policy.id).is_some_and(|text| manifest.digest.of(text.as_bytes()) == policy.digest)
        });
        let index = are_ours.then(|| PolicyIndex::embedded(Arc::clone(table)).ok()).flatten();
        let index = index.filter(|index| index.policies().len() == manifest.policies.len());
        Self { table, index }
    }

    /// The diagnosis table of the program.
    pub(super) fn table(&self) -> &'t Icd10 {
        self.table
    }

    /// The policies, where they are at hand.
    pub(super) fn index(&self) -> Option<&PolicyIndex> {
        self.index.as_ref()
    }
}

/// The warnings that counts give rise to, and those that are recorded. What policies give
/// rise to is left out, where they are not at hand.
pub(super) fn warnings(manifest: &Manifest, summary: &Value, index: &Embedded<'_>) -> (Figures, Figures) {
    let stated = items(&summary["warnings"]);
    let inputs: Vec<RowCounts> = manifest.inputs.iter().map(|input| input.counts).collect();
    let rejects = items(&summary["rejects"]).iter().filter(|one| Warning::is_cut(word(&one["reason"])));
    // The limit stands in the warning alone.
    let over = stated.iter().find(|one| word(&one["id"]) == Warning::REJECTS_OVER_LIMIT).map(|one| word(&one["text"]));
    let limit = over.and_then(|text| text.split_once("--max-rejects ")?.1.split_whitespace().next());
    let read = RowsRead {
        inputs: &inputs,
        cut: rejects.map(|one| number(&one["rows"])).sum(),
        max_rejects: limit.and_then(|limit| limit.parse::<RejectLimit>().ok()),
        outside_table: ["before_table", "after_table"].map(|name| number(&summary[name])),
    };
    let date = manifest.options.decision().policy_date;
    let mut made = index.index.as_ref().map(|index| Warning::of_policies(index, date)).unwrap_or_default();
    made.extend(Warning::of_rows(&read, index.table));
    let of_policies = [Warning::POLICY_NEVER_JUDGES, Warning::POLICY_DOUBTS];
    let known = stated.iter().filter(|one| index.index.is_some() || !of_policies.contains(&word(&one["id"])));
    (tree("warnings", &json!(made)), tree("warnings", &known.cloned().collect()))
}

/// What no file tells, and cannot be more than another figure.
pub(super) fn beyond(manifest: &Manifest, summary: &Value) -> Vec<String> {
    let mut told = Vec::new();
    let all = &mut told;
    for one in items(&summary["allowed"]) {
        let key = word(&one["key"]);
        let same = items(&summary["by_disposition"]).iter().find(|other| word(&other["key"]) == key);
        let most = same.map_or(0, |same| amounts(same).lines);
        hold(all, &format!("allowed, {key}, lines"), number(&one["lines"]), "lines of that disposition", most);
    }
    let of = |name: &str| amounts(&summary["recovery"][name]).lines;
    let both = of("recoverable") + of("lapsed");
    hold(all, "recovery, counted_from_service, lines", of("counted_from_service"), "lines of both kinds", both);
    let history = &summary["history"];
    let (used, seen) = (number(&history["lines_used"]), number(&history["lines_seen"]));
    hold(all, "history, lines_used", used, "lines_seen", seen);
    let decided = number(&summary["decided"]);
    for name in ["line_of_business", "units", "diagnosis_pointers"] {
        let lines = amounts(&summary["not_given"][name]).lines;
        hold(all, &format!("not_given, {name}, lines"), lines, "lines decided", decided);
    }
    service_dates(all, summary);
    let overrides = &summary["overrides"];
    for one in items(&overrides["overrides"]) {
        let [id, state, expires] = ["id", "state", "expires"].map(|name| word(&one[name]));
        let [matched, waived] = ["matched", "waived"].map(|name| number(&one[name]));
        hold(all, &format!("overrides, {id}, waived"), waived, "its lines matched", matched);
        hold(all, &format!("overrides, {id}, matched"), matched, "lines decided", decided);
        let made = match (expires < word(&overrides["as_of"]), waived) {
            (true, _) => "expired",
            (false, 0) => "unused",
            (false, _) => "used",
        };
        if state != made {
            let id = in_line(id);
            all.push(format!(
                "overrides, {id}, state: {made:?} by its last day and its lines, {state:?} by summary.json"
            ));
        }
    }
    let waived = |id: &Value| {
        let same = items(&overrides["overrides"]).iter().find(|one| one["id"] == *id);
        same.map_or(0, |one| number(&one["waived"]))
    };
    for overlap in items(&overrides["overlaps"]) {
        let (first, second) = (word(&overlap["first"]), word(&overlap["second"]));
        let of = &format!("overrides, {first} and {second}, lines");
        hold(all, of, number(&overlap["lines"]), "lines that the first waived", waived(&overlap["first"]));
    }
    // A policy that put lines in scope is one that judged, and one that was loaded.
    let ids = |list: &Value, name: &str| items(list).iter().map(|one| word(&one[name]).to_owned()).collect::<Vec<_>>();
    let mut applied = ids(&summary["by_version"], "policy_id");
    applied.dedup();
    if applied != ids(&summary["policies"], "id") {
        told.push("policies: not those of by_version in summary.json".to_owned());
    }
    let unknown = applied.iter().filter(|id| manifest.policies.iter().all(|policy| policy.id != **id));
    told.extend(unknown.map(|id| format!("by_version, {id:?}: a policy that manifest.json does not name")));
    told
}

/// The first and the last day are of the first and the last month.
fn service_dates(told: &mut Vec<String>, summary: &Value) {
    let months = items(&summary["by_service_month"]);
    for (name, month) in [("first", months.first()), ("last", months.last())] {
        let day = word(&summary["service_dates"][name]);
        if day.get(..7).unwrap_or_default() != month.map_or("", |month| word(&month["key"])) {
            told.push(format!("service_dates, {name}: not of the {name} month of by_service_month in summary.json"));
        }
    }
}

/// Tells of a figure that is more than it can be.
pub(super) fn hold(told: &mut Vec<String>, figure: &str, lines: u64, of: &str, most: u64) {
    hold_in("summary.json", told, figure, lines, of, most);
}

/// The same of another file.
pub(super) fn hold_in(file: &str, told: &mut Vec<String>, figure: &str, lines: u64, of: &str, most: u64) {
    if lines > most {
        let (lines, most) = (count(lines), count(most));
        told.push(format!("{}: {lines} by {file}, more than {of} ({most})", in_line(figure)));
    }
}

fn tree(section: &'static str, value: &Value) -> Figures {
    let mut figures = Figures::default();
    figures.tree(section, "", value);
    figures
}
