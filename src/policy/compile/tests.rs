//! What compiles, and what files come to when joined. What is refused:
//! `refusal_tests`; the embedded policy: `embedded_tests`.

use std::sync::{Arc, LazyLock};

use super::{PolicyError, PolicyFile};
use crate::claim::{Day, Decimal, Etiology, Fact, ProcedureCode};
use crate::icd10::{CodeIndex, DiagnosisCode, Icd10};
use crate::policy::{Coverage, Criterion, ListedEtiology, Policy, PolicyIndex, Program, Standing, embedded_policy};

pub(super) static TABLE: LazyLock<Arc<Icd10>> = LazyLock::new(|| Arc::new(Icd10::embedded().unwrap()));

const SECOND: &str = include_str!("../../../tests/policies/second.toml");
const ARTICLE: &str = include_str!("../../../policies/examples/A56572-example.toml");

pub(super) fn parse(origin: &str, text: &str) -> PolicyFile {
    PolicyFile::parse(origin, text, &TABLE).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn embedded() -> PolicyFile {
    parse("embedded.toml", embedded_policy("02-20000-18").unwrap())
}

pub(super) fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

pub(super) fn place(code: &str) -> CodeIndex {
    TABLE.find(&DiagnosisCode::parse(code.as_bytes()).unwrap()).unwrap()
}

pub(super) fn procedure(code: &str) -> ProcedureCode {
    ProcedureCode::parse(code).unwrap()
}

/// What the version in force on a day says of a service.
pub(super) fn coverage<'a>(policy: &'a Policy, on: &str, service: &str) -> Option<&'a Coverage> {
    let service = policy.services.iter().position(|name| name == service).unwrap();
    policy.version_on(day(on)).unwrap().1.coverage[service].as_ref()
}

#[test]
fn the_second_policy_uses_every_feature() {
    let file = parse("second.toml", SECOND);
    assert_eq!(file.warnings, Vec::<String>::new());
    assert!(file.programs.is_empty());
    let policy = file.policy.unwrap();
    assert_eq!(policy.programs, [Program::Commercial, Program::Medicare]);

    // A version that ends, a gap, and one that ends where the next begins.
    let days: Vec<_> = policy.versions.iter().map(|version| (version.id.as_str(), version.to)).collect();
    let ends = [Some(day("2018-12-31")), Some(day("2022-12-31")), None];
    assert_eq!(days, ["2016-01-01", "2020-01-01", "2023-01-01"].into_iter().zip(ends).collect::<Vec<_>>());
    assert!(policy.version_on(day("2019-06-01")).is_none());
    assert!(policy.version_on(day("2015-12-31")).is_none());

    let lead = coverage(&policy, "2024-01-01", "lead").unwrap();
    assert_eq!(lead.indications, [0, 1], "in the policy's order, not the coverage's");
    let table = lead.diagnoses.as_ref().unwrap();
    let region = |code| table.get(place(code)).unwrap().region.map(|at| policy.regions[usize::from(at.0)].as_str());
    assert_eq!((region("G56.43"), region("G90.522"), region("M96.1")), (Some("upper limb"), Some("lower limb"), None));
    assert_eq!(table.get(place("T85.112A")).unwrap().standing, Standing::Review);
    assert!(table.get(place("T85.112D")).is_none());
    assert_eq!(table.get(place("G57.71")).unwrap().etiology, ListedEtiology::Is(Etiology::Traumatic));
    assert_eq!(table.get(place("G90.511")).unwrap().etiology, ListedEtiology::NotTold);

    // What counts together with what: the list's, and an entry's own.
    let beside = |code| table.get(place(code)).unwrap().together_with.to_vec();
    assert_eq!(beside("G89.4"), [place("G03.9"), place("M96.1")]);
    assert_eq!(beside("G89.21"), [place("G89.11")]);
    assert!(beside("M96.1").is_empty());

    let generator = coverage(&policy, "2024-01-01", "generator").unwrap();
    assert!(generator.diagnoses.is_none() && generator.requires_cleared_device);
    assert_eq!(generator.investigational_techniques.len(), 2);
    assert!(coverage(&policy, "2017-01-01", "generator").is_none());
    assert!(coverage(&policy, "2017-01-01", "former").is_none());

    let tenths = |tenths: i64| Decimal::from_ten_thousandths(tenths * 1000);
    let pain = Criterion::Holds(Fact::SeverePain);
    let care = Criterion::AtLeast(Fact::ConservativeWeeks, tenths(255));
    assert_eq!(policy.indications[0].when, Criterion::All(vec![pain, care]));
    let span = Criterion::All(vec![
        Criterion::AtLeast(Fact::FractureAgeWeeks, tenths(20)),
        Criterion::Below(Fact::FractureAgeWeeks, tenths(120)),
    ]);
    let injury = Criterion::All(vec![Criterion::Etiology(Etiology::Traumatic), span]);
    let walking = Criterion::Holds(Fact::AmbulationPrevented);
    assert_eq!(policy.indications[1].when, Criterion::Any(vec![injury, walking]));
}

#[test]
fn versions_share_tables_that_are_the_same() {
    let policy = embedded().policy.unwrap();
    let table = |on, service| coverage(&policy, on, service).unwrap().diagnoses.clone().unwrap();
    let first = table("2020-06-15", "vertebroplasty");
    assert!(Arc::ptr_eq(&first, &table("2026-02-15", "vertebroplasty")));
    assert!(Arc::ptr_eq(&first, &table("2026-02-15", "augmentation")));
    assert!(!Arc::ptr_eq(&first, &table("2020-06-14", "augmentation")));
}

#[test]
fn the_articles_second_group_counts_only_beside_a_fracture() {
    let file = parse("article.toml", ARTICLE);
    assert_eq!(file.warnings, Vec::<String>::new());
    let policy = file.policy.unwrap();
    assert_eq!(policy.programs, [Program::Medicare]);
    let coverage = coverage(&policy, "2024-01-01", "augmentation").unwrap();
    let table = coverage.diagnoses.as_ref().unwrap();
    assert_eq!(table.len(), 10);
    let fractures = [place("M84.58XA"), place("M84.58XS")];
    for code in ["C41.2", "C79.51", "C79.52", "C90.00", "C90.01", "C90.02"] {
        assert_eq!(*table.get(place(code)).unwrap().together_with, fractures, "{code}");
    }
    for code in ["M80.08XA", "M80.08XS", "M80.88XA", "M80.88XS"] {
        assert!(table.get(place(code)).unwrap().together_with.is_empty(), "{code}");
    }
    assert!(table.get(place("M84.58XA")).is_none(), "it does not count by itself");
}

#[test]
fn policies_for_different_programs_or_procedures_join() {
    let files = vec![embedded(), parse("article.toml", ARTICLE)];
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), files).unwrap();
    let entry = index.entry(index.find(procedure("22513")).unwrap()).unwrap();
    let claimant =
        |program| index.claimant(entry, program, day("2024-01-01")).map(|(_, policy, ..)| policy.id.as_str());
    assert_eq!(claimant(Program::Commercial), Some("02-20000-18"));
    assert_eq!(claimant(Program::Medicare), Some("A56572-example"));
    assert_eq!(claimant(Program::Fep), None);

    let index = PolicyIndex::from_files(Arc::clone(&TABLE), vec![embedded(), parse("second.toml", SECOND)]).unwrap();
    assert_eq!(index.procedures().len(), 22 + 5);
}

/// The embedded policy under another id, its versions ended or begun elsewhere.
fn rival(from: &str) -> PolicyFile {
    let text = embedded_policy("02-20000-18").unwrap();
    let (head, _) = text.split_once("# Versions.").unwrap();
    let head = head.replace("id = \"02-20000-18\"", "id = \"rival\"");
    parse("rival.toml", &format!("{head}\n[[version]]\nfrom = {from}\nnote = \"all\"\n"))
}

#[test]
fn two_policies_may_not_decide_the_same_lines() {
    let join = |files| PolicyIndex::from_files(Arc::clone(&TABLE), files).unwrap_err().to_string();
    let message = join(vec![embedded(), rival("2021-01-01")]);
    for part in ["embedded.toml", "rival.toml", "0200T", "\"commercial\"", "from 2021-01-01 on"] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let message = join(vec![embedded(), embedded()]);
    assert_eq!(message, "embedded.toml and embedded.toml both hold policy 02-20000-18: load one of the two");

    // Ended before the other begins, the two agree.
    let (mut old, new) = (embedded(), rival("2027-01-01"));
    let last = old.policy.as_mut().unwrap().versions.last_mut().unwrap();
    last.to = Some(day("2026-12-31"));
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), vec![old, new]).unwrap();
    let entry = index.entry(index.find(procedure("22513")).unwrap()).unwrap();
    let (_, policy, ..) = index.claimant(entry, Program::Commercial, day("2027-02-01")).unwrap();
    assert_eq!(policy.id, "rival");
}

#[test]
fn a_file_may_only_add_names() {
    let names = "schema = 1\n[[program]]\nprogram = \"commercial\"\nnames = [\"Gold Plan\", \"silver-plan\"]\n";
    let file = parse("names.toml", names);
    assert!(file.policy.is_none());
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), vec![embedded(), file.clone()]).unwrap();
    assert_eq!(index.programs().find("GOLDPLAN"), Some(Program::Commercial));
    assert_eq!(index.programs().find("Medicare Advantage"), Some(Program::Medicare));

    // Beside a policy that names none, the embedded names hold as well.
    let files = vec![parse("second.toml", SECOND), file.clone()];
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), files).unwrap();
    assert_eq!(index.programs().find("silver plan"), Some(Program::Commercial));
    assert_eq!(index.programs().find("SAO"), Some(Program::Sao));

    // But not beside one that has its own.
    let own = format!("{SECOND}\n[[program]]\nprogram = \"fep\"\nnames = [\"federal\"]\n");
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), vec![parse("own.toml", &own)]).unwrap();
    assert_eq!((index.programs().find("federal"), index.programs().find("sao")), (Some(Program::Fep), None));

    let error = PolicyIndex::from_files(Arc::clone(&TABLE), vec![file]).unwrap_err();
    assert_eq!(error, PolicyError::NoPolicy);
}

#[test]
fn a_name_means_one_program_in_all_files() {
    let names = "schema = 1\n[[program]]\nprogram = \"fep\"\nnames = [\"H-M-O\"]\n";
    let files = vec![embedded(), parse("names.toml", names)];
    let error = PolicyIndex::from_files(Arc::clone(&TABLE), files).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the line of business \"H-M-O\" is commercial in embedded.toml and fep in names.toml: \
         take it out of one of the two"
    );
}
