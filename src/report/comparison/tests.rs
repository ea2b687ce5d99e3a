use super::*;
use crate::digest::DigestKind;
use crate::report::{InputRecord, LayoutRecord, Manifest, OptionsRecord, PolicyRecord, ProgramRecord};
use crate::run::RowCounts;

const DENIED: (Disposition, &str) = (Disposition::Deny, "COV002");
const PENDED: (Disposition, &str) = (Disposition::Pend, "COV002");
const ALLOWED: (Disposition, &str) = (Disposition::Allow, "");

fn line<'a>(provider: &'a str, cents: Option<i64>, (disposition, rule): (Disposition, &'a str)) -> Line<'a> {
    let paid = cents.map(|cents| Decimal::from_ten_thousandths(cents * 100));
    Line { service_date: "2026-03-01", procedure: "22513", provider, paid, disposition, rule }
}

fn compared<'a>(pairs: impl IntoIterator<Item = Pair<'a>>) -> Comparison {
    let mut comparer = Comparer::default();
    comparer.extend(pairs);
    comparer.finish()
}

fn cell(comparison: &Comparison, a: Option<&str>, b: Option<&str>) -> (u64, f64, f64, u64) {
    let found = comparison.by_disposition.iter().find(|one| (one.a, one.b) == (a, b)).unwrap();
    (found.lines, found.paid_a, found.paid_b, found.paid_unknown)
}

#[test]
fn what_changed_is_counted_where_it_came_from_and_where_it_went() {
    let later = Line { service_date: "2026-04-30", procedure: "22514", ..line("P2", Some(50), ALLOWED) };
    let comparison = compared([
        Pair::Both(line("P1", Some(10_010), DENIED), line("P1", Some(10_010), PENDED)),
        Pair::Both(line("P1", Some(-10), ALLOWED), line("P1", Some(-10), DENIED)),
        Pair::Both(later, later),
        Pair::Both(line("P1", None, DENIED), line("P1", Some(7), DENIED)),
        Pair::OnlyA(line("P2", Some(300), DENIED)),
        Pair::OnlyB(line("P3", None, PENDED)),
    ]);
    let total = comparison.total;
    assert_eq!((total.in_both, total.changed, total.only_in_a, total.only_in_b), (4, 2, 1, 1));
    assert_eq!((total.exposure_a, total.exposure_b, total.difference), (103.1, -0.03, -103.13));
    assert_eq!((total.changed_exposure, comparison.rule_changed), (103.27, 0));
    assert_eq!(comparison.by_disposition.len(), 24);
    assert_eq!(cell(&comparison, Some("deny"), Some("pend")), (1, 100.1, 100.1, 0));
    assert_eq!(cell(&comparison, Some("deny"), Some("deny")), (1, 0.0, 0.07, 1));
    assert_eq!(cell(&comparison, Some("deny"), None), (1, 3.0, 0.0, 0));
    assert_eq!(cell(&comparison, None, Some("pend")), (1, 0.0, 0.0, 1));
    let keys = |groups: &[Group]| groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&comparison.by_provider), ["P1", "P2", "P3"]);
    assert_eq!(keys(&comparison.by_procedure), ["22513", "22514"]);
    assert_eq!(keys(&comparison.by_service_month), ["2026-03", "2026-04"]);
    assert_eq!(comparison.by_service_month[1].figures.changed, 0);
    let largest = &comparison.by_rule[0];
    assert_eq!(largest.a.as_ref().unwrap().rule.as_deref(), Some("COV002"));
    assert_eq!(largest.b.as_ref().map(|named| named.disposition), Some("pend"));
    for groups in [&comparison.by_provider, &comparison.by_procedure, &comparison.by_service_month] {
        assert_eq!(groups.iter().map(|one| one.figures.in_both).sum::<u64>(), total.in_both);
    }
    assert_eq!(comparison.by_rule.iter().map(|one| one.figures.in_both).sum::<u64>(), total.in_both);
}

#[test]
fn another_rule_alone_is_a_change_of_its_own() {
    let pair = Pair::Both(line("P1", Some(1), DENIED), line("P1", Some(1), (Disposition::Deny, "COV001")));
    assert!(pair.is_changed());
    let comparison = compared([pair]);
    assert_eq!((comparison.total.changed, comparison.rule_changed), (0, 1));
    assert!(!comparison.by_rule[0].is_same());
    assert!(!Pair::Both(line("P1", Some(1), DENIED), line("P2", None, DENIED)).is_changed());
    assert!(!Pair::OnlyA(line("P1", Some(1), DENIED)).is_changed());
}

#[test]
fn the_providers_that_changed_most_are_told_and_the_rest_is_one() {
    let names: Vec<_> = (0..60).map(|number| format!("P{number:02}")).collect();
    let pairs: Vec<_> = names
        .iter()
        .zip(0..)
        .map(|(name, cents)| Pair::Both(line(name, Some(cents), DENIED), line(name, Some(cents), ALLOWED)))
        .collect();
    let forward = compared(pairs.iter().copied());
    assert_eq!(forward, compared(pairs.iter().rev().copied()));
    assert_eq!(forward.by_provider.len(), MOST_PROVIDERS);
    assert_eq!((&*forward.by_provider[0].key, &*forward.by_provider[49].key), ("P59", "P10"));
    let others = forward.other_providers;
    assert_eq!((others.providers, others.figures.changed, others.figures.difference), (10, 10, -0.45));
}

#[test]
fn what_rose_and_what_fell_do_not_cancel_out() {
    let comparison = compared([
        Pair::Both(line("P1", Some(500), DENIED), line("P1", Some(500), ALLOWED)),
        Pair::Both(line("P1", Some(500), ALLOWED), line("P1", Some(500), DENIED)),
    ]);
    assert_eq!((comparison.total.difference, comparison.total.changed_exposure), (0.0, 10.0));
}

fn manifest() -> Manifest {
    let text = String::from;
    let input =
        |name, digest| InputRecord { name: text(name), digest: text(digest), bytes: 1, counts: RowCounts::default() };
    Manifest {
        schema: Manifest::SCHEMA,
        program: ProgramRecord { name: text("adjudicate"), version: text("1.0.0") },
        arguments: Vec::new(),
        started: text("2026-03-01T00:00:00Z"),
        digest: DigestKind::default(),
        icd10cm: text("one"),
        options: OptionsRecord {
            as_received: false,
            look_back: None,
            overrides: None,
            as_of: None,
            policy_date: None,
            strict_programs: false,
            unlisted_diagnosis: text("deny"),
            clinical: text("pend"),
            require_clinical: false,
            select: text("in-scope"),
            format: text("csv"),
            delimiter: None,
            xlsx: false,
            spreadsheet_safe: false,
        },
        layout: LayoutRecord { name: text("native"), origin: text("embedded"), digest: text("l1"), bytes: 1 },
        inputs: vec![input("x.csv", "d1"), input("y.csv", "d2")],
        shadow: Vec::new(),
        history: Vec::new(),
        policies: vec![PolicyRecord { id: text("P-1"), origin: text("p.toml"), digest: text("p1"), bytes: 1 }],
        counts: RowCounts::default(),
        files: Vec::new(),
    }
}

fn told(a: &Manifest, b: &Manifest) -> Vec<String> {
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    differences(a, b)
        .iter()
        .map(|one| format!("{} {}: {} {}", one.what, one.name, side(&one.a), side(&one.b)))
        .collect()
}

#[test]
fn runs_are_told_apart_by_what_they_record() {
    let a = manifest();
    let mut b = manifest();
    b.started = "2027-01-01T00:00:00Z".to_owned();
    b.inputs[0].name = "moved/x.csv".to_owned();
    assert!(same_inputs(&a, &b));
    assert_eq!(told(&a, &b), [""; 0], "another name and another day are no difference");

    b.program.version = "1.1.0".to_owned();
    b.icd10cm = "two".to_owned();
    b.layout.digest = "l2".to_owned();
    b.options.policy_date = Some("2026-02-15".to_owned());
    b.options.strict_programs = true;
    b.policies[0].digest = "p2".to_owned();
    b.policies.push(PolicyRecord { id: "P-2".to_owned(), ..b.policies[0].clone() });
    b.inputs[1].digest = "d3".to_owned();
    assert!(!same_inputs(&a, &b));
    let expected = [
        "program : 1.0.0 1.1.0",
        "code table : one two",
        "layout native: l1 l2",
        "option policy_date: - 2026-02-15",
        "option strict_programs: false true",
        "policy P-1: p1 p2",
        "policy P-2: - p2",
        "input y.csv: d2 d3",
    ];
    assert_eq!(told(&a, &b), expected);
}

#[test]
fn digests_of_different_kinds_are_not_compared() {
    let a = manifest();
    let mut b = manifest();
    b.digest = DigestKind::Sha256;
    b.policies[0].digest = "of another kind".to_owned();
    b.inputs.truncate(1);
    assert!(!same_inputs(&a, &b));
    assert_eq!(told(&a, &b), ["digest : blake3 sha256", "input y.csv: there -"]);
    let mut turned = manifest();
    turned.inputs.reverse();
    assert!(!same_inputs(&a, &turned), "decisions stand in another order");
    assert_eq!(told(&a, &turned), [""; 0]);
}
