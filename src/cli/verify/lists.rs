//! Lists of a file: nothing stands in one of them twice, nor without a line of its own, nor
//! elsewhere than the program puts it.

use std::collections::BTreeSet;

use adjudicate::engine::SupersededBy;
use adjudicate::rules::{Disposition, RuleId};
use serde_json::Value;

use super::figures::shortened;
use super::recorded::{GROUPS, called, items, number, word};
use crate::cli::text::in_line;

/// Where the program puts an entry: before those of greater places.
type Place = (usize, usize, String);

/// The lists of one file.
struct Lists<'f> {
    file: &'f str,
    /// Whether this version of the program wrote it: another may have an order of its own.
    ours: bool,
    told: Vec<String>,
}

impl Lists<'_> {
    /// Holds one list, whose entries are told apart by a name. `place` is where an entry
    /// goes, as far as there is one order alone.
    fn hold(
        &mut self,
        list: &str,
        of: &Value,
        name: &dyn Fn(&Value) -> String,
        place: Option<&dyn Fn(&Value) -> Place>,
    ) {
        let mut differ = Vec::new();
        let (mut names, mut before) = (BTreeSet::new(), None);
        for one in items(of) {
            let name = name(one);
            let shown = in_line(&name).into_owned();
            let now = place.map(|place| place(one));
            let is_before = before.as_ref().zip(now.as_ref()).is_some_and(|(before, now)| now < before);
            if !names.insert(name) {
                differ.push(format!("{list}, {shown}: stands twice in {}", self.file));
            } else if self.ours && is_before {
                differ.push(format!("{list}, {shown}: not in its place in {}", self.file));
            } else if self.ours && has_nothing(one) {
                differ.push(format!("{list}, {shown}: stands in {} without a line", self.file));
            }
            before = now;
        }
        self.told.extend(shortened(differ));
    }

    /// A list of rules, in the order of the catalogue.
    fn rules(&mut self, list: &str, of: &Value) {
        self.hold(list, of, &|one| word(&one["rule"]).to_owned(), Some(&|one| rule_place(word(&one["rule"]))));
    }

    /// A list in the order of its names.
    fn named(&mut self, list: &str, of: &Value) {
        self.hold(list, of, &key, Some(&|one| (0, 0, word(&one["key"]).to_owned())));
    }

    /// A list in an order of its own.
    fn keyed(&mut self, list: &str, of: &Value) {
        self.hold(list, of, &key, None);
    }
}

/// Whether something that is told because of its lines has none.
fn has_nothing(one: &Value) -> bool {
    let counts = ["lines_with_finding", "rows", "lines", "in_both", "only_in_a", "only_in_b"];
    let kinds = [one, &one["recoverable"], &one["lapsed"]];
    let mut there = kinds.iter().flat_map(|kind| counts.map(|name| &kind[name])).filter(|of| !of.is_null()).peekable();
    // An override has other figures, and is told without a line too.
    there.peek().is_some() && there.all(|lines| number(lines) == 0)
}

fn key(one: &Value) -> String {
    called(word(&one["key"])).into_owned()
}

fn rule_place(code: &str) -> Place {
    RuleId::from_code(code).map_or((usize::MAX, 0, code.to_owned()), |rule| (rule as usize, 0, String::new()))
}

fn word_place(words: &[&str], word: &str) -> Place {
    (words.iter().position(|one| *one == word).unwrap_or(usize::MAX), 0, word.to_owned())
}

/// What is wrong with the lists of a summary.
pub(super) fn of_summary(summary: &Value, ours: bool) -> Vec<String> {
    let mut lists = Lists { file: "summary.json", ours, told: Vec::new() };
    lists.rules("by_rule", &summary["by_rule"]);
    lists.rules("recovery, by_rule", &summary["recovery"]["by_rule"]);
    lists.rules("sample, strata", &summary["sample"]["strata"]);
    for section in GROUPS {
        if matches!(section, "by_provider" | "by_version") {
            lists.keyed(section, &summary[section]);
        } else {
            lists.named(section, &summary[section]);
        }
        for group in items(&summary[section]) {
            lists.rules(&format!("{section}, {}, rules", key(group)), &group["rules"]);
        }
    }
    lists.rules("other_providers, rules", &summary["other_providers"]["rules"]);
    let dispositions = Disposition::ALL.map(Disposition::name);
    lists.hold("allowed", &summary["allowed"], &key, Some(&|one| word_place(&dispositions, word(&one["key"]))));
    let reasons = SupersededBy::ALL.map(SupersededBy::word);
    let superseded = &summary["final_action"]["superseded"];
    lists.hold("final_action", superseded, &key, Some(&|one| word_place(&reasons, word(&one["key"]))));
    let reject = |one: &Value| [word(&one["column"]), word(&one["reason"])].map(called).join(": ");
    let in_order = |one: &Value| (0, 0, [word(&one["column"]), word(&one["reason"])].join("\0"));
    lists.hold("rejects", &summary["rejects"], &reject, Some(&in_order));
    let overrides = &summary["overrides"];
    lists.hold("overrides", &overrides["overrides"], &|one| word(&one["id"]).to_owned(), None);
    let place = |id: &Value| items(&overrides["overrides"]).iter().position(|one| one["id"] == *id);
    let pair = |one: &Value| [word(&one["first"]), word(&one["second"])].map(called).join(" and ");
    let of_pair = |one: &Value| {
        let [first, second] = ["first", "second"].map(|name| place(&one[name]).unwrap_or(usize::MAX));
        (first, second, String::new())
    };
    lists.hold("overrides, overlaps", &overrides["overlaps"], &pair, Some(&of_pair));
    lists.told
}

/// What is wrong with the lists of a shadow's figures.
pub(super) fn of_shadow(shadow: &Value, ours: bool) -> Vec<String> {
    let mut lists = Lists { file: "shadow.json", ours, told: Vec::new() };
    lists.named("by_procedure", &shadow["by_procedure"]);
    lists.named("by_service_month", &shadow["by_service_month"]);
    lists.keyed("by_provider", &shadow["by_provider"]);
    let named = |side: &Value| [word(&side["disposition"]), word(&side["rule"])].join(" ");
    let pair = |one: &Value| ["a", "b"].map(|side| named(&one[side])).join(" to ");
    lists.hold("by_rule", &shadow["by_rule"], &pair, None);
    lists.told
}
