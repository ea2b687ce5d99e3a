//! The figures of `summary.json` and `shadow.json`, whichever version of the program
//! wrote them: what is not there is not looked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use adjudicate::report::{Amounts, Dollars};
use serde_json::Value;

use super::figures::{Figure, Figures};

/// Groups of lines by what they share.
pub(super) const GROUPS: [&str; 5] = ["by_procedure", "by_program", "by_service_month", "by_version", "by_provider"];

/// Providers that are not named.
pub(super) const OTHERS: &str = "other_providers";

/// The figures of a summary, by section. Of a run whose decisions hold flagged lines only,
/// those that flagged lines come to.
pub(super) fn of_summary(summary: &Value, flagged: bool) -> Figures {
    let mut figures = Figures::default();
    let all = &mut figures;
    for name in ["rows", "out_of_scope", "superseded", "decided", "rejected"] {
        all.set("rows", "", name, count(&summary[name]));
    }
    for name in ["superseded by file", "rejected by file", "inputs"] {
        all.section(name);
    }
    files(all, summary, flagged);
    all.set("run", "", "icd10cm", Figure::Word(word(&summary["icd10cm"]).to_owned()));
    for one in items(&summary["by_disposition"]) {
        all.set("lines by disposition", word(&one["key"]), "lines", count(&one["lines"]));
    }
    if !flagged && summary["total"].is_object() {
        all.amounts("total", "", &amounts(&summary["total"]));
    }
    keyed(all, "by_disposition", &summary["by_disposition"], "key", |key| flagged && key == "allow");
    keyed(all, "by_rule", &summary["by_rule"], "rule", |_| false);
    if !flagged {
        for rule in items(&summary["by_rule"]) {
            all.set("by_rule", word(&rule["rule"]), "lines_with_finding", count(&rule["lines_with_finding"]));
        }
    }
    for section in GROUPS {
        if summary[section].is_array() {
            all.section(section);
        }
        for group in items(&summary[section]) {
            add_group(all, section, group, flagged);
        }
    }
    all.section(OTHERS);
    if summary["other_providers"].is_object() {
        add_group(all, OTHERS, &summary["other_providers"], flagged);
    }
    if !summary["exposure"].is_null() {
        all.set("exposure", "", "dollars", dollars(&summary["exposure"]));
    }
    if !flagged && summary["already_denied"].is_object() {
        all.amounts("already_denied", "", &amounts(&summary["already_denied"]));
    }
    if summary["recovery"].is_object() {
        for name in ["recoverable", "lapsed"] {
            all.amounts("recovery", name, &amounts(&summary["recovery"][name]));
        }
    }
    for rule in items(&summary["recovery"]["by_rule"]) {
        for name in ["recoverable", "lapsed"] {
            all.amounts("recovery", &format!("{} {name}", word(&rule["rule"])), &amounts(&rule[name]));
        }
    }
    if !flagged && summary.get("service_dates").is_some() {
        // Nothing where no line is decided.
        all.section("service_dates");
        for name in ["first", "last"] {
            all.set("service_dates", "", name, Figure::Word(word(&summary["service_dates"][name]).to_owned()));
        }
    }
    keyed(all, "final_action", &summary["final_action"]["superseded"], "key", |_| false);
    if summary["rejects"].is_array() {
        all.section("rejects");
    }
    for reject in items(&summary["rejects"]) {
        let of = format!("{}: {}", word(&reject["column"]), word(&reject["reason"]));
        all.set("rejects", &of, "rows", count(&reject["rows"]));
    }
    add_sample(all, &summary["sample"]);
    figures
}

/// The inputs, by place; and what they come to by name, as rows of other files name them.
fn files(all: &mut Figures, summary: &Value, flagged: bool) {
    let mut by_name = BTreeMap::<&str, (u64, u64, Amounts)>::new();
    for (file, place) in items(&summary["files"]).iter().zip(1_usize..) {
        let name = word(&file["file"]);
        all.set("files", &place.to_string(), "file", Figure::Word(name.to_owned()));
        for count_of in ["rows", "out_of_scope", "superseded", "decided", "rejected"] {
            all.set("inputs", &format!("{place} {name}"), count_of, count(&file[count_of]));
        }
        let (superseded, rejected, decided) = by_name.entry(name).or_default();
        *superseded = superseded.saturating_add(number(&file["superseded"]));
        *rejected = rejected.saturating_add(number(&file["rejected"]));
        decided.merge(&Amounts { lines: number(&file["decided"]), ..amounts(file) });
    }
    for (name, (superseded, rejected, decided)) in by_name {
        all.set("superseded by file", name, "rows", Figure::Count(superseded));
        all.set("rejected by file", name, "rows", Figure::Count(rejected));
        if !flagged {
            all.amounts("decided by file", name, &decided);
        }
    }
}

fn add_sample(all: &mut Figures, sample: &Value) {
    if !sample.is_object() {
        return;
    }
    all.set("sample", "", "lines", count(&sample["lines"]));
    all.set("flagged", "", "lines", count(&sample["flagged"]));
    for stratum in items(&sample["strata"]) {
        let of = word(&stratum["rule"]);
        all.set("sample", of, "sampled", count(&stratum["sampled"]));
        if number(&stratum["sampled"]) > 0 {
            let weight = stratum["weight"].as_f64().unwrap_or_default();
            all.set("sample", of, "weight", Figure::Word(weight.to_string()));
        }
        for name in ["lines", "paid_unknown"] {
            all.set("flagged", of, name, count(&stratum[name]));
        }
        for name in ["paid", "reversed"] {
            all.set("flagged", of, name, dollars(&stratum[name]));
        }
    }
}

/// What `shadow.json` says in all, under the names of the summary.
pub(super) fn of_shadow(shadow: &Value) -> Figures {
    let mut figures = Figures::default();
    let total = &shadow["total"];
    figures.set("shadow", "", "decided", count(&shadow["b"]["decided"]));
    figures.set("shadow", "", "rule_changed", count(&shadow["rule_changed"]));
    for (name, of) in [("changed", "changed"), ("only_in_run", "only_in_a"), ("only_in_shadow", "only_in_b")] {
        figures.set("shadow", "", name, count(&total[of]));
    }
    for (name, of) in [("exposure", "exposure_b"), ("difference", "difference")] {
        figures.set("shadow", "", name, dollars(&total[of]));
    }
    figures
}

/// How many lines of each disposition the run itself has, by `shadow.json`.
pub(super) fn of_sides(shadow: &Value) -> Figures {
    let mut lines = BTreeMap::<&str, u64>::new();
    for one in items(&shadow["by_disposition"]).iter().filter(|one| !one["a"].is_null()) {
        *lines.entry(word(&one["a"])).or_default() += number(&one["lines"]);
    }
    let mut figures = Figures::default();
    figures.section("lines by disposition");
    for (of, lines) in &lines {
        figures.set("lines by disposition", of, "lines", Figure::Count(*lines));
    }
    figures.set("exposure", "", "dollars", dollars(&shadow["total"]["exposure_a"]));
    figures
}

/// What the summary says of the shadow.
pub(super) fn of_shadow_in(summary: &Value) -> Figures {
    let mut figures = Figures::default();
    let shadow = &summary["shadow"];
    if shadow.is_object() {
        for name in ["decided", "rule_changed", "changed", "only_in_run", "only_in_shadow"] {
            figures.set("shadow", "", name, count(&shadow[name]));
        }
        for name in ["exposure", "difference"] {
            figures.set("shadow", "", name, dollars(&shadow[name]));
        }
    }
    figures
}

/// What `shadow.json` says of the lines that both decide, each in its own way.
pub(super) fn of_changes(shadow: &Value) -> Figures {
    let mut figures = Figures::default();
    figures.section("changes by_disposition");
    figures.section("changes by_rule");
    let both = |one: &Value| one["a"] != one["b"] && !one["a"].is_null() && !one["b"].is_null();
    for one in items(&shadow["by_disposition"]).iter().filter(|one| both(one)) {
        let of = format!("{} to {}", word(&one["a"]), word(&one["b"]));
        figures.set("changes by_disposition", &of, "lines", count(&one["lines"]));
        for name in ["paid_a", "paid_b"] {
            figures.set("changes by_disposition", &of, name, dollars(&one[name]));
        }
    }
    for one in items(&shadow["by_rule"]).iter().filter(|one| both(one)) {
        let named = |side: &Value| format!("{} {}", word(&side["disposition"]), word(&side["rule"]));
        let of = format!("{} to {}", named(&one["a"]).trim_end(), named(&one["b"]).trim_end());
        figures.set("changes by_rule", &of, "lines", count(&one["in_both"]));
    }
    figures
}

fn keyed(all: &mut Figures, section: &'static str, list: &Value, key: &str, lines_only: impl Fn(&str) -> bool) {
    if list.is_array() {
        all.section(section);
    }
    for one in items(list) {
        let of = word(&one[key]);
        if lines_only(of) {
            all.set(section, of, "lines", count(&one["lines"]));
        } else {
            all.amounts(section, of, &amounts(one));
        }
    }
}

/// What a group is called: no two alike, whatever a claim calls a provider.
pub(super) fn called(key: &str) -> Cow<'_, str> {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '.' | '_');
    if key.is_empty() {
        "(blank)".into()
    } else if key.chars().all(is_plain) {
        key.into()
    } else {
        format!("{key:?}").into()
    }
}

fn add_group(all: &mut Figures, section: &'static str, group: &Value, flagged: bool) {
    let of = &called(word(&group["key"]));
    let dispositions: &[&str] = if flagged { &["deny", "pend", "refer"] } else { &["allow", "deny", "pend", "refer"] };
    for name in dispositions {
        all.set(section, of, name, count(&group[name]));
    }
    all.set(section, of, "exposure", dollars(&group["exposure"]));
    // Of a group without a flagged line, flagged decisions have no row.
    let has_rows = !flagged || dispositions.iter().any(|name| group[*name].as_u64() != Some(0));
    if section == "by_version" && has_rows {
        let version = format!("{} {}", word(&group["policy_id"]), word(&group["policy_version"]));
        all.set(section, of, "policy", Figure::Word(called(version.trim_end()).into_owned()));
    }
    if !flagged {
        all.amounts(section, of, &amounts(group));
        if !group["providers"].is_null() {
            all.set(section, of, "providers", count(&group["providers"]));
        }
    }
    for rule in items(&group["rules"]) {
        let of = format!("{of} {} {}", word(&rule["disposition"]), word(&rule["rule"]));
        all.set(section, &of, "lines", count(&rule["lines"]));
        all.set(section, &of, "paid", dollars(&rule["paid"]));
    }
}

/// Lines and dollars of an object; what is not there is nothing.
pub(super) fn amounts(value: &Value) -> Amounts {
    let sum = |name: &str| Dollars::from(value[name].as_f64().unwrap_or_default());
    Amounts {
        lines: number(&value["lines"]),
        billed: sum("billed"),
        paid: sum("paid"),
        paid_unknown: number(&value["paid_unknown"]),
        billed_paid_unknown: sum("billed_paid_unknown"),
        reversed: Dollars::default(),
    }
}

/// A count, or nothing.
pub(super) fn count(value: &Value) -> Figure {
    Figure::Count(number(value))
}

/// Dollars, or nothing.
pub(super) fn dollars(value: &Value) -> Figure {
    Figure::Dollars(value.as_f64().unwrap_or_default().into())
}

/// A whole number, or zero.
pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// A text, or a blank one.
pub(super) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items of a list, or none.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
