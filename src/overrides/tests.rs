use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::claim::ProcedureCode;
use crate::engine::{Adjudicator, Decision, DecisionOptions, decide_batch};
use crate::icd10::Icd10;
use crate::policy::PolicyIndex;
use crate::rules::{CATALOGUE, RuleId};

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn toml(text: &str) -> Overrides {
    Overrides::parse("o.toml", text, OverrideFormat::Toml, day("2026-06-30")).unwrap()
}

fn csv(text: &str) -> Overrides {
    Overrides::parse("o.csv", text, OverrideFormat::Csv, day("2026-06-30")).unwrap()
}

/// A row for each override, of id, expiry, rules, and the condition in one column.
fn with(column: &str, rows: &[(&str, &str, &str)]) -> Overrides {
    let mut text = format!("id,owner,reason,expires,rules,{column}\n");
    for (number, (expires, rules, value)) in rows.iter().enumerate() {
        writeln!(text, "O{number},Appeals,upheld,{expires},{rules},{value}").unwrap();
    }
    csv(&text)
}

fn line(claim: &'static str) -> ClaimLine<'static> {
    let mut line = ClaimLine::new(claim, 1, day("2026-03-01"), ProcedureCode::parse("22513").unwrap());
    line.member_id = "MEMBER-1";
    line.provider_npi = "1234567893";
    line
}

fn decided(overrides: Overrides, lines: &[ClaimLine<'_>]) -> Vec<(&'static str, &'static str)> {
    let index = PolicyIndex::embedded(Arc::new(Icd10::embedded().unwrap())).unwrap();
    let adjudicator = Adjudicator::new(Arc::new(index), DecisionOptions::default()).with_overrides(Arc::new(overrides));
    let told = |one: Decision| (one.disposition.name(), one.rule.map_or("", |rule| rule.rule().code));
    decide_batch(&adjudicator, lines).into_iter().map(|one| told(one.unwrap())).collect()
}

#[test]
fn a_waived_denial_allows_its_line_and_the_add_on_beside_it() {
    let mut primary = line("C1");
    primary.add_diagnosis("M54.50");
    let mut add_on = ClaimLine::new("C1", 2, day("2026-03-01"), ProcedureCode::parse("22515").unwrap());
    (add_on.member_id, add_on.provider_npi) = ("MEMBER-1", "1234567893");
    add_on.add_diagnosis("M80.08XA");
    let lines = [primary, add_on];
    assert_eq!(decided(Overrides::default(), &lines), [("deny", "COV002"), ("deny", "LIN002")]);
    for (expires, rules, wanted) in [
        ("2026-12-31", "COV002", [("allow", ""), ("allow", "")]),
        ("2026-06-29", "COV002", [("deny", "COV002"), ("deny", "LIN002")]),
        ("2026-12-31", "LIN002", [("deny", "COV002"), ("allow", "")]),
    ] {
        assert_eq!(decided(with("claim_id", &[(expires, rules, "C1")]), &lines), wanted, "{expires} {rules}");
    }
}

fn set<const N: usize>(rules: [RuleId; N]) -> FindingSet {
    rules.into_iter().collect()
}

#[test]
fn both_formats_say_the_same() {
    let tables = toml(
        "[[override]]\nid = \"A\"\nowner = \"Appeals\"\nreason = \"upheld\"\nexpires = 2026-12-31\nrules = \"cov004\"\n\
         claim_id = \" C1 \"\nline_number = 2\n\n[[override]]\nid = \"B\"\nowner = \"Network\"\nreason = \"contract, 4\"\n\
         expires = \"2026-06-29\"\nrules = [\"COV004\", \"LIN003\"]\nprovider_npi = \"1234567893\"\n\
         procedure = [\"22513\", \"22514\"]\nfrom = 2026-01-01\nto = 2026-03-31\n",
    );
    for delimiter in [",", ";", "\t"] {
        let rows = "\u{feff}ID|owner|reason|expires|rules|claim_id|line_number|provider_npi|procedure|from|to\n\
             A|Appeals|upheld|2026-12-31|COV004| C1 |2|||\"\"|\n\
             |||||||||| \n\
             B|Network|\"contract, 4\"|2026-06-29|\"COV004; LIN003\"|||1234567893|\"22513;22514\"|2026-01-01|2026-03-31\n";
        let rows = csv(&rows.replace('|', delimiter));
        assert_eq!(rows.entries(), tables.entries(), "{delimiter}");
    }
    assert_eq!(tables.entries().iter().map(|one| one.expired).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn all_conditions_have_to_hold() {
    let overrides =
        csv("id,owner,reason,expires,rules,claim_id,line_number,member_id,provider_npi,procedure,from,to\n\
         A,o,r,2026-12-31,all,C1,1,MEMBER-1,1234567893,22513;22514,2026-03-01,2026-03-01\n");
    let changed = |change: fn(&mut ClaimLine<'_>)| {
        let mut line = line("C1");
        change(&mut line);
        overrides.find(&line)
    };
    assert!(!changed(|_| ()).is_none());
    assert!(!changed(|line| line.member_id = " MEMBER-1 ").is_none());
    let others: [fn(&mut ClaimLine<'_>); 7] = [
        |line| line.claim_id = "C2",
        |line| line.line_number = 2,
        |line| line.member_id = "",
        |line| line.provider_npi = "1",
        |line| line.procedure = ProcedureCode::parse("22510").unwrap(),
        |line| line.service_date = Day::parse_iso("2026-02-28").unwrap(),
        |line| line.service_date = Day::parse_iso("2026-03-02").unwrap(),
    ];
    for (number, other) in others.into_iter().enumerate() {
        assert!(changed(other).is_none(), "{number}");
    }
}

#[test]
fn a_line_is_found_by_whatever_an_override_names() {
    for (column, value) in
        [("claim_id", "C1"), ("member_id", "MEMBER-1"), ("provider_npi", "1234567893"), ("procedure", "22513")]
    {
        let overrides = with(column, &[("2026-12-31", "COV004", value)]);
        let waiver = overrides.find(&line("C1"));
        // With it the rule that stands in its place.
        assert_eq!(overrides.waived(waiver), set([RuleId::Cov004, RuleId::Aut001]), "{column}");
        assert_eq!(waiver, overrides.find(&line("C1")));
    }
    assert!(Overrides::default().find(&line("C1")).is_none());
}

#[test]
fn the_last_day_counts_and_what_is_expired_is_met_and_waives_nothing() {
    let rows = [("2026-06-30", "COV002", "MEMBER-1"), ("2026-06-29", "COV004", "MEMBER-1")];
    let overrides = with("member_id", &rows);
    let waiver = overrides.find(&line("C1"));
    assert_eq!(overrides.met(waiver).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(overrides.waived(waiver), set([RuleId::Cov002, RuleId::Aut001]));
    assert!(overrides.overlaps(waiver, set([RuleId::Cov002, RuleId::Cov004])).is_empty());
}

#[test]
fn the_first_of_the_file_is_named_and_the_others_overlap() {
    let rows = [
        ("2026-12-31", "COV004;LIN003", "MEMBER-1"),
        ("2026-12-31", "COV004", "MEMBER-1"),
        ("2026-12-31", "COV004;LIN004", "MEMBER-1"),
    ];
    let overrides = with("member_id", &rows);
    let waiver = overrides.find(&line("C1"));
    assert_eq!(overrides.ids(waiver, set([RuleId::Cov004])), "O0");
    assert_eq!(overrides.ids(waiver, set([RuleId::Lin004, RuleId::Lin003])), "O0;O2");
    let found = overrides.overlaps(waiver, set([RuleId::Cov004, RuleId::Lin004]));
    let told: Vec<_> = found.iter().map(|one| (one.first, one.second, one.rules)).collect();
    assert_eq!(told, [(0, 1, set([RuleId::Cov004])), (0, 2, set([RuleId::Cov004]))]);
    assert!(overrides.overlaps(waiver, set([RuleId::Lin003])).is_empty());
}

#[test]
fn all_rules_are_all() {
    for word in ["*", "all", "ALL"] {
        let overrides = with("member_id", &[("2026-12-31", word, "MEMBER-1")]);
        let waived = overrides.waived(overrides.find(&line("C1")));
        for rule in CATALOGUE {
            // Options may give weight to what is advice by the catalogue.
            assert!(waived.contains(rule.id), "{}", rule.code);
        }
    }
}

#[test]
fn more_combinations_than_can_be_told_apart_are_an_error() {
    // Two bytes tell 65,535 apart: each member's own, and each with the provider's.
    let members: Vec<String> = (0..33_000).map(|number| format!("M{number}")).collect();
    let mut text = String::from("id,owner,reason,expires,rules,member_id,provider_npi\n");
    text.push_str("P,o,r,2026-12-31,all,,1234567893\n");
    for (number, member) in members.iter().enumerate() {
        writeln!(text, "X-{number},o,r,2026-12-31,all,{member},").unwrap();
    }
    let overrides = csv(&text);
    for provider in ["1234567893", "9"] {
        assert_eq!(overrides.check(), Ok(()));
        for member in &members {
            let mut line = line("C1");
            (line.member_id, line.provider_npi) = (member, provider);
            let _ = overrides.find(&line);
        }
    }
    assert_eq!(overrides.check(), Err(TooManyWaivers));
}

#[test]
fn nothing_prints_members_or_claims() {
    let overrides = csv("id,owner,reason,expires,rules,member_id,claim_id\nA,o,r,2026-12-31,all,MEMBER-1,CLAIM-1\n");
    let _ = overrides.find(&line("CLAIM-1"));
    let printed = format!("{overrides:?}");
    assert!(!printed.contains("MEMBER-1") && !printed.contains("CLAIM-1"), "{printed}");
}
