//! `shadow.json` against the manifest, the summary and itself. That no other file tells what
//! the shadow makes of a line that stays as it is does not make its sums free: they are
//! told in five ways.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use adjudicate::report::comparison::{
    Comparison, Figures as Sums, Group, Named, OtherProviders, RuleTransition, Transition,
};
use adjudicate::report::{Dollars, Manifest};
use adjudicate::rules::Disposition;
use adjudicate::run::RowCounts;
use serde_json::Value;

use super::figures::{Figure, Figures};
use super::form;
use super::recorded::{called, items, number, word};
use crate::cli::shadow::told;

/// The groups that a shadow has of the run's own lines as the summary has them.
const GROUPS: [&str; 3] = ["by_procedure", "by_service_month", "by_provider"];

/// What is not as the program writes it of this manifest: both sides, what differs between
/// them, the notes, and the form of all figures.
pub(super) fn differences(shadow: &Value, manifest: &Manifest) -> Vec<String> {
    let counts = RowCounts { decided: number(&shadow["b"]["decided"]), ..RowCounts::default() };
    let comparison = comparison(shadow);
    let mut differences = Vec::new();
    let size = |sums: &Sums| Reverse((Dollars::from(sums.changed_exposure), sums.changed));
    let lines = |sums: &Sums| Reverse(sums.in_both.saturating_add(sums.only_in_a).saturating_add(sums.only_in_b));
    let rules = comparison.by_rule.iter().map(|one| (size(&one.figures), lines(&one.figures), &one.a, &one.b));
    let providers = comparison.by_provider.iter().map(|one| (size(&one.figures), &one.key));
    let sides = || Disposition::ALL.into_iter().map(|one| Some(one.name())).chain([None]);
    let pairs = sides().flat_map(|a| sides().map(move |b| (a, b))).filter(|pair| *pair != (None, None));
    let there = comparison.by_disposition.iter().map(|one| (one.a, one.b));
    for (list, in_order) in
        [("by_rule", rules.is_sorted()), ("by_provider", providers.is_sorted()), ("by_disposition", there.eq(pairs))]
    {
        if !in_order {
            differences.push(format!("{list}: not in the order of the program in shadow.json"));
        }
    }
    differences.extend(form::differences("shadow.json", shadow, &told(manifest, counts, comparison)));
    differences
}

fn disposition(value: &Value) -> Option<&'static str> {
    Disposition::ALL.into_iter().map(Disposition::name).find(|name| *name == word(value))
}

fn dollars(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn sums(value: &Value) -> Sums {
    Sums {
        in_both: number(&value["in_both"]),
        changed: number(&value["changed"]),
        only_in_a: number(&value["only_in_a"]),
        only_in_b: number(&value["only_in_b"]),
        exposure_a: dollars(&value["exposure_a"]),
        exposure_b: dollars(&value["exposure_b"]),
        difference: dollars(&value["difference"]),
        changed_exposure: dollars(&value["changed_exposure"]),
    }
}

/// The figures as the program has them.
fn comparison(shadow: &Value) -> Comparison {
    let named = |side: &Value| {
        let disposition = disposition(&side["disposition"])?;
        Some(Named { disposition, rule: side["rule"].as_str().map(str::to_owned) })
    };
    let groups = |name: &str| {
        let group = |one: &Value| Group { key: word(&one["key"]).to_owned(), figures: sums(one) };
        items(&shadow[name]).iter().map(group).collect()
    };
    let transition = |one: &Value| Transition {
        a: disposition(&one["a"]),
        b: disposition(&one["b"]),
        lines: number(&one["lines"]),
        paid_a: dollars(&one["paid_a"]),
        paid_b: dollars(&one["paid_b"]),
        paid_unknown: number(&one["paid_unknown"]),
    };
    let by_rule = |one: &Value| RuleTransition { a: named(&one["a"]), b: named(&one["b"]), figures: sums(one) };
    let others = &shadow["other_providers"];
    Comparison {
        total: sums(&shadow["total"]),
        rule_changed: number(&shadow["rule_changed"]),
        by_disposition: items(&shadow["by_disposition"]).iter().map(transition).collect(),
        by_rule: items(&shadow["by_rule"]).iter().map(by_rule).collect(),
        by_procedure: groups("by_procedure"),
        by_provider: groups("by_provider"),
        other_providers: OtherProviders { providers: number(&others["providers"]), figures: sums(others) },
        by_service_month: groups("by_service_month"),
    }
}

/// A sum of figures, as exact as JSON has them.
#[derive(Clone, Copy, Default)]
struct Exact {
    counts: [u64; 4],
    dollars: [Dollars; 3],
    /// By how much each of those may be off.
    blur: [f64; 3],
}

/// Up to so many dollars a number of JSON comes back to the ten-thousandth.
const EXACT_UP_TO: f64 = 2e11;

/// By how much dollars may differ from those that a number of JSON was made of.
fn blur(dollars: f64) -> f64 {
    if dollars.abs() < EXACT_UP_TO { 0.0 } else { dollars.abs() * f64::EPSILON + 0.0001 }
}

/// Dollars that were made of others, or those recorded where that is no difference.
fn settled(found: Dollars, recorded: Dollars, blur: f64) -> Dollars {
    if (found - recorded).magnitude().number() <= blur { recorded } else { found }
}

const COUNTS: [&str; 4] = ["in_both", "changed", "only_in_a", "only_in_b"];
const DOLLARS: [&str; 3] = ["exposure_a", "exposure_b", "changed_exposure"];

impl Exact {
    fn add(&mut self, one: &Value) {
        self.counts.iter_mut().zip(COUNTS).for_each(|(sum, name)| *sum = sum.saturating_add(number(&one[name])));
        for ((sum, off), name) in self.dollars.iter_mut().zip(&mut self.blur).zip(DOLLARS) {
            let dollars = dollars(&one[name]);
            *sum += dollars.into();
            *off += blur(dollars);
        }
    }

    /// The same, held to the sum of all.
    fn held_to(mut self, all: &Self) -> Self {
        for (((sum, off), other), more) in self.dollars.iter_mut().zip(self.blur).zip(all.dollars).zip(all.blur) {
            *sum = settled(*sum, other, off + more);
        }
        self
    }

    fn put(&self, figures: &mut Figures, of: &str) {
        self.counts.iter().zip(COUNTS).for_each(|(sum, name)| figures.set("sums", of, name, Figure::Count(*sum)));
        self.dollars.iter().zip(DOLLARS).for_each(|(sum, name)| figures.set("sums", of, name, Figure::Dollars(*sum)));
    }
}

/// What groups add up to, and what stands there for all lines.
pub(super) fn sums_of_groups(shadow: &Value) -> (Figures, Figures) {
    let (mut found, mut own) = (Figures::default(), Figures::default());
    let mut all = Exact::default();
    all.add(&shadow["total"]);
    for section in ["by_rule", "by_procedure", "by_service_month", "by_provider"] {
        let mut sum = Exact::default();
        for one in items(&shadow[section]) {
            sum.add(one);
        }
        if section == "by_provider" {
            sum.add(&shadow["other_providers"]);
        }
        sum.held_to(&all).put(&mut found, section);
        all.put(&mut own, section);
        for one in items(&shadow[section]).iter().chain([&shadow["other_providers"], &shadow["total"]]) {
            let [a, b, difference] = ["exposure_a", "exposure_b", "difference"].map(|name| dollars(&one[name]));
            let made =
                settled(Dollars::from(b) - a.into(), difference.into(), [a, b, difference].into_iter().map(blur).sum());
            let of = &format!("{section}, {}", name(one));
            found.set("differences", of, "difference", Figure::Dollars(made));
            own.set("differences", of, "difference", Figure::Dollars(difference.into()));
        }
    }
    transitions(shadow, &mut found, &mut own);
    (found, own)
}

/// What stands in the lists of dispositions and of rules in other words.
fn transitions(shadow: &Value, found: &mut Figures, own: &mut Figures) {
    let total = &shadow["total"];
    let mut sum = Exact::default();
    for one in items(&shadow["by_disposition"]) {
        let lines = number(&one["lines"]);
        let [a, b] = ["a", "b"].map(|side| one[side].as_str());
        let into = [a.is_some() && b.is_some(), a.is_some() && b.is_some() && a != b, b.is_none(), a.is_none()];
        sum.counts.iter_mut().zip(into).filter(|(_, is)| *is).for_each(|(sum, _)| *sum = sum.saturating_add(lines));
        for (((side, paid), of), off) in
            [(a, "paid_a"), (b, "paid_b")].into_iter().zip(&mut sum.dollars).zip(&mut sum.blur)
        {
            if side == Some(Disposition::Deny.name()) {
                let dollars = dollars(&one[paid]);
                *of += dollars.into();
                *off += blur(dollars);
            }
        }
    }
    // What rose and what fell, dispositions do not tell.
    sum.dollars[2] = dollars(&total["changed_exposure"]).into();
    let mut all = Exact::default();
    all.add(total);
    sum.held_to(&all).put(found, "by_disposition");
    all.put(own, "by_disposition");
    let mut renamed = 0_u64;
    for one in items(&shadow["by_rule"]) {
        let [a, b] = [&one["a"], &one["b"]];
        if !a.is_null() && !b.is_null() && a["disposition"] == b["disposition"] && a != b {
            renamed = renamed.saturating_add(number(&one["in_both"]));
        }
    }
    for (side, alone) in [("a", "only_in_a"), ("b", "only_in_b")] {
        let decided = number(&total["in_both"]).saturating_add(number(&total[alone]));
        found.set("sums", side, "decided", Figure::Count(decided));
        own.set("sums", side, "decided", Figure::Count(number(&shadow[side]["decided"])));
    }
    found.set("sums", "", "rule_changed", Figure::Count(renamed));
    own.set("sums", "", "rule_changed", Figure::Count(number(&shadow["rule_changed"])));
}

fn name(one: &Value) -> String {
    match &one["key"] {
        Value::String(key) => called(key).into_owned(),
        _ => format!("{} to {}", one["a"], one["b"]),
    }
}

/// The run's own lines and exposure by what both files name, by `shadow.json` and by the
/// summary.
pub(super) fn beside(shadow: &Value, summary: &Value) -> (Figures, Figures) {
    let (mut found, mut own) = (Figures::default(), Figures::default());
    let mut rules = BTreeMap::<String, u64>::new();
    for one in items(&shadow["by_rule"]) {
        let lines = number(&one["in_both"]).saturating_add(number(&one["only_in_a"]));
        *rules.entry(word(&one["a"]["rule"]).to_owned()).or_default() += lines;
    }
    for (rule, lines) in rules.iter().filter(|(rule, _)| !rule.is_empty()) {
        found.set("by_rule", rule, "lines", Figure::Count(*lines));
    }
    for one in items(&summary["by_rule"]) {
        own.set("by_rule", word(&one["rule"]), "lines", Figure::Count(number(&one["lines"])));
    }
    for section in GROUPS {
        let keys = |all: &Value| items(all).iter().map(|one| word(&one["key"]).to_owned()).collect::<BTreeSet<_>>();
        let [here, there] = [shadow, summary].map(|file| keys(&file[section]));
        // The summary has one provider in a thousand by name, the shadow fewer.
        let is_some = section == "by_provider" && summary["other_providers"].is_object();
        let both = |key: &str| section != "by_provider" || (here.contains(key) && (there.contains(key) || !is_some));
        for one in items(&shadow[section]).iter().filter(|one| both(word(&one["key"]))) {
            let of = &called(word(&one["key"]));
            let lines = number(&one["in_both"]).saturating_add(number(&one["only_in_a"]));
            // What the shadow alone decides, the summary does not know.
            if lines == 0 {
                continue;
            }
            found.set(section, of, "lines", Figure::Count(lines));
            found.set(section, of, "exposure", Figure::Dollars(dollars(&one["exposure_a"]).into()));
        }
        for one in items(&summary[section]).iter().filter(|one| both(word(&one["key"]))) {
            let of = &called(word(&one["key"]));
            own.set(section, of, "lines", Figure::Count(number(&one["lines"])));
            own.set(section, of, "exposure", Figure::Dollars(dollars(&one["exposure"]).into()));
        }
    }
    if number(&shadow["total"]["only_in_b"]) == 0 {
        let providers = |file: &Value| {
            let named = items(&file["by_provider"]).len() as u64;
            Figure::Count(number(&file["other_providers"]["providers"]).saturating_add(named))
        };
        found.set("by_provider", "", "providers", providers(shadow));
        own.set("by_provider", "", "providers", providers(summary));
    }
    (found, own)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dollars_beyond_the_digits_of_a_number_are_no_difference() {
        let group = |paid: f64| json!({ "key": paid.to_string(), "exposure_a": paid, "exposure_b": paid });
        let shadow = |more: f64| {
            json!({
                "total": { "exposure_a": 10_700_006_753_864.703, "exposure_b": 10_700_006_753_864.703 + more },
                "by_procedure": [
                    group(10_700_000_000_000.5), group(6_753_864.202)
                ],
            })
        };
        let told = |shadow: &Value| {
            let (found, own) = sums_of_groups(shadow);
            let all = found.differences("groups", &own, "total").join("\n");
            all.matches("by_procedure, exposure_b").count()
        };
        assert_eq!(told(&shadow(0.0)), 0);
        assert_eq!(told(&shadow(1.0)), 1);
    }
}
