//! A thousand policies beside the embedded one: each decides its own lines, and
//! none another's; the run folder names all of them, and only those that decided.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use adjudicate::claim::Day;
use adjudicate::digest::{DigestKind, Hasher};
use adjudicate::icd10::CodeIndex;
use adjudicate::report::{Manifest, Summary};
use common::Workplace;

const POLICIES: usize = 1_000;
const PROCEDURES: usize = 10;
/// Of each policy's diagnoses, those in one range, and those by themselves.
const IN_RANGE: usize = 20;
const ALONE: usize = 20;

/// Diagnoses that are billable on the day of the lines, in runs of neighbours.
struct Diagnoses {
    codes: Vec<CodeIndex>,
}

impl Diagnoses {
    fn new() -> Self {
        let (table, day) = (common::table(), Day::parse_iso("2026-03-01").unwrap());
        let whole = ["A00.0", "Z99.89"].map(|code| adjudicate::icd10::DiagnosisCode::parse(code.as_bytes()).unwrap());
        let codes = table.range(&whole[0], &whole[1]).unwrap().filter(|code| table.billable_on(*code, day));
        Self { codes: codes.collect() }
    }

    /// A code by its place, the first following the last.
    fn code(&self, place: usize) -> String {
        common::table().code(self.codes[place % self.codes.len()]).to_string()
    }

    /// Where a policy's diagnoses begin; the next policy's begin among them.
    fn first(&self, policy: usize) -> usize {
        (policy * 61) % (self.codes.len() - 400)
    }

    /// The ends of a policy's range.
    fn range(&self, policy: usize) -> (String, String) {
        (self.code(self.first(policy)), self.code(self.first(policy) + IN_RANGE))
    }

    /// One of a policy's other codes: each second one behind its range.
    fn alone(&self, policy: usize, number: usize) -> String {
        self.code(self.first(policy) + IN_RANGE + 2 + 2 * number)
    }

    /// A code between those.
    fn unlisted(&self, policy: usize, number: usize) -> String {
        self.code(self.first(policy) + IN_RANGE + 3 + 2 * number)
    }
}

/// A code of five letters, which no code list has.
fn procedure(policy: usize, number: usize) -> String {
    let mut number = policy * PROCEDURES + number;
    let mut letters = vec![b'X'; 5];
    for letter in letters.iter_mut().skip(1).rev() {
        *letter = b'A' + u8::try_from(number % 26).unwrap();
        number /= 26;
    }
    String::from_utf8(letters).unwrap()
}

/// The text of a policy: its third procedure is an add-on to its first.
fn policy(policy: usize, diagnoses: &Diagnoses) -> String {
    let (first, last) = diagnoses.range(policy);
    let alone: Vec<_> = (0..ALONE).map(|number| format!("\"{}\"", diagnoses.alone(policy, number))).collect();
    let mut text = format!(
        "schema = 1\n[policy]\nid = \"SYN-{policy:04}\"\ntitle = \"t\"\npublisher = \"p\"\nsource = \"s\"\n\
         programs = [\"commercial\"]\n[[service]]\nid = \"s\"\n[[diagnosis_list]]\nid = \"d\"\n\
         standing = \"supporting\"\ncite = \"c\"\nentries = [\"{first} – {last}\", {}]\n",
        alone.join(", ")
    );
    for number in 0..PROCEDURES {
        let add_on = if number == 2 { format!("add_on_to = [\"{}\"]\n", procedure(policy, 0)) } else { String::new() };
        let code = procedure(policy, number);
        write!(
            text,
            "[[procedure]]\ncode = \"{code}\"\nlabel = \"l\"\nservice = \"s\"\nfrom = 2015-01-01\n{add_on}\
             limit = 1\ncite = \"c\"\nedits_source = \"e\"\n"
        )
        .unwrap();
    }
    text + "[[version]]\nfrom = 2016-01-01\nnote = \"n\"\n[[version.coverage]]\nservice = \"s\"\ndiagnoses = [\"d\"]\ncite = \"c\"\n"
}

/// A workplace with a folder of the policies.
fn with_policies(diagnoses: &Diagnoses) -> Workplace {
    let place = Workplace::new();
    for number in 0..POLICIES {
        place.write(&format!("policies/{number:04}.toml"), policy(number, diagnoses));
    }
    place
}

const ARGUMENTS: [&str; 5] = ["a.csv", "--policy", "policies", "--policy", "02-20000-18"];

#[test]
fn each_of_a_thousand_policies_decides_its_own_lines() {
    let diagnoses = Diagnoses::new();
    let place = with_policies(&diagnoses);
    let asked = [0, 1, 2, 500, POLICIES - 2, POLICIES - 1];
    let mut lines = Vec::new();
    for policy in asked {
        let (first, last) = diagnoses.range(policy);
        let own = format!("SYN-{policy:04}");
        for (number, diagnosis, verdict) in [
            (0, first, "allow "),
            (1, last.clone(), "allow "),
            (PROCEDURES - 1, diagnoses.alone(policy, ALONE - 1), "allow "),
            (3, diagnoses.unlisted(policy, 4), "deny COV002"),
            (2, last, "deny LIN001"),
        ] {
            lines.push((procedure(policy, number), diagnosis, own.clone(), verdict));
        }
    }
    lines.push(("22513".to_owned(), "M80.08XA".to_owned(), "02-20000-18".to_owned(), "allow "));
    lines.push(("22513".to_owned(), "M54.50".to_owned(), "02-20000-18".to_owned(), "deny COV002"));
    let mut text = "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n".to_owned();
    for (claim, (procedure, diagnosis, ..)) in lines.iter().enumerate() {
        writeln!(text, "C{claim},1,2026-03-01,{procedure},{diagnosis}").unwrap();
    }
    text.push_str("C,1,2026-03-01,99213,M80.08XA\n");
    place.write("a.csv", text);

    let mut seen = Vec::new();
    for threads in ["1", "4"] {
        let told = common::told(place.run().args(ARGUMENTS).args(["--overwrite", "--threads", threads]));
        assert_eq!(told.status, 0, "{told:?}");
        seen.push((place.read("decisions.csv"), place.read("summary.json")));
    }
    assert!(seen[0] == seen[1], "threads make a difference");
    let rows = common::rows_of(seen[0].0.as_bytes());
    assert_eq!(rows.len(), lines.len());
    for (row, (procedure, diagnosis, policy, verdict)) in rows.iter().zip(&lines) {
        let seen = (row["policy_id"].as_str(), format!("{} {}", row["disposition"], row["rules"]));
        assert_eq!(seen, (policy.as_str(), (*verdict).to_owned()), "{procedure} {diagnosis}");
    }

    // The summary has the policies that decided; the manifest all, in order.
    let summary: Summary = serde_json::from_str(&seen[0].1).unwrap();
    assert_eq!((summary.out_of_scope, summary.by_version.len()), (1, asked.len() + 1));
    let manifest = Manifest::read(&place.out()).unwrap();
    assert_eq!(manifest.policies.len(), POLICIES + 1);
    for (number, record) in manifest.policies.iter().take(POLICIES).enumerate() {
        assert_eq!(record.id, format!("SYN-{number:04}"));
        assert_eq!(record.origin, format!("policies/{number:04}.toml"));
        let file = fs::File::open(place.inputs().join(&record.origin)).unwrap();
        assert_eq!(Hasher::of(DigestKind::Blake3, file).unwrap(), (record.digest.clone(), record.bytes));
    }
    assert_eq!(manifest.policies[POLICIES].origin, "embedded:02-20000-18");
    assert!(place.read("report.html").contains("SYN-0999"));
}

#[test]
fn of_several_mistakes_the_first_in_order_is_told() {
    let diagnoses = Diagnoses::new();
    let place = with_policies(&diagnoses);
    place.write("a.csv", "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n");
    let error = |threads: &str| {
        let told = common::told(place.run().args(ARGUMENTS).args(["--threads", threads]));
        assert_eq!((told.status, place.left().len()), (2, 0));
        told.stderr
    };
    // Two of one id are found when all are joined.
    place.write("policies/0900.toml", policy(700, &diagnoses));
    assert_eq!(
        error("2"),
        "error: policies/0700.toml and policies/0900.toml both hold policy SYN-0700: load one of the two\n"
    );
    for number in [998, 400, 399] {
        place.write(&format!("policies/{number:04}.toml"), policy(number, &diagnoses).replace("limit", "limits"));
    }
    for threads in ["1", "2", "8"] {
        let told = error(threads);
        assert!(told.starts_with("error: policies/0399.toml cannot be read as a policy: "), "{told}");
        assert!(told.contains("unknown field `limits`"), "{told}");
    }
}

#[test]
fn the_script_makes_policies_without_a_doubt() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let place = Workplace::new();
    let folder = place.inputs().join("policies");
    let made = || {
        let mut make = Command::new("python3");
        make.arg(common::repository("scripts/make_policies.py")).arg("--out").arg(&folder);
        make.args(["--policies", "3", "--procedures", "7", "--diagnoses", "150"]);
        make.args(["--adjudicate", env!("CARGO_BIN_EXE_adjudicate")]).env("PYTHONDONTWRITEBYTECODE", "1");
        let told = common::told(&mut make);
        assert_eq!(told.status, 0, "{told:?}");
        fs::read(folder.join("syn-00002.toml")).unwrap()
    };
    assert!(made() == made(), "the same numbers give other bytes");
    let lint = common::told(common::program().args(["policy", "lint", "--deny-warnings"]).arg(&folder));
    assert_eq!(lint.status, 0, "{lint:?}");
    let expand = ["policy", "expand", "SYN-00002", "--csv", "--date", "2026-03-01", "--policy"];
    let expanded = common::told(common::program().args(expand).arg(&folder));
    assert_eq!(expanded.stdout.lines().count(), 1 + 150, "{}", expanded.stderr);
}
