//! Providers that misbehave: what is told of them is true, and it shows where it
//! should and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, OnceLock};

use super::scheme::Schemes;
use super::tests::{bytes, embedded, options, rows};
use super::*;
use crate::claim::{ClaimLine, Decimal, Modifier, ProcedureCode};
use crate::engine::{Adjudicator, DecisionOptions, decide_batch};
use crate::place::Unfinished;
use crate::rules::{Disposition, RuleId};

/// Three years, a quarter in scope, and every scheme once.
fn hiding() -> GenerateOptions {
    let day = |text| Some(Day::parse_iso(text).unwrap());
    GenerateOptions {
        from: day("2023-07-01"),
        to: day("2026-06-30"),
        outliers: u32::try_from(Schemes::load().unwrap().all.len()).unwrap(),
        ..options(240_000, 0.25)
    }
}

/// The claims of [`hiding`], and the truth about them; made once.
fn hidden() -> &'static (String, Vec<HiddenOutlier>) {
    static MADE: OnceLock<(String, Vec<HiddenOutlier>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut out = Vec::new();
        let made = generate_to(&hiding(), &embedded(), &mut out, Format::Csv, &|_| {}).unwrap();
        (String::from_utf8(out).unwrap(), made.outliers)
    })
}

#[test]
fn hidden_outliers_are_the_same_on_any_number_of_threads_and_in_any_format() {
    let index = embedded();
    let with_threads = |threads, format, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let options = GenerateOptions { seed, outliers: 3, ..options(110_000, 0.6) };
        let mut out = Vec::new();
        let made = pool.install(|| generate_to(&options, &index, &mut out, format, &|_| {}).unwrap());
        (out, made.outliers)
    };
    let once = with_threads(1, Format::Csv, 11);
    assert_eq!(once.1.len(), 3);
    assert!(once == with_threads(3, Format::Csv, 11));
    assert_eq!(with_threads(3, Format::Parquet, 11).1, once.1);
    assert_ne!(with_threads(3, Format::Csv, 12).1, once.1);
}

#[test]
fn every_scheme_names_a_rule_that_there_is_or_none_and_its_name_is_its_own() {
    let schemes = Schemes::load().unwrap().all;
    for scheme in &schemes {
        let known = RuleId::from_code(&scheme.rule).is_some();
        assert_eq!(known, scheme.scenario.is_some(), "{}", scheme.name);
    }
    assert_eq!(schemes.iter().map(|scheme| &scheme.name).collect::<BTreeSet<_>>().len(), schemes.len());
}

#[test]
fn the_truth_adds_up() {
    let index = embedded();
    let options = hiding();
    let (text, truth) = hidden();
    let different = |of: fn(&HiddenOutlier) -> &str| truth.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!((different(|one| &one.provider_npi), different(|one| &one.scheme)), (truth.len(), truth.len()));
    let mut theirs: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for row in rows(text).filter(|row| index.find(ProcedureCode::parse(row[7]).unwrap()).is_some()) {
        theirs.entry(row[3]).or_default().push(row);
    }
    let (first, last) = (options.from.unwrap(), options.to.unwrap());
    for one in truth {
        let lines = &theirs[one.provider_npi.as_str()];
        assert_eq!(lines.len() as u64, one.lines, "{one:?}");
        let claims: BTreeSet<_> = lines.iter().map(|row| row[0]).collect();
        // A claim that only takes another one back, in another block, is none.
        assert!(claims.len() as u64 >= one.claims && claims.len() as u64 <= one.claims + 20, "{one:?}");
        assert!(one.claims_affected <= one.claims_since && one.claims_since <= one.claims, "{one:?}");
        assert!(one.claims_affected <= one.lines_affected && one.lines_affected < one.lines, "{one:?}");
        // What was wanted, less what could not be made so: many claims have one
        // line, and a pair is of two.
        let percent = 100 * one.claims_affected / one.claims_since;
        let less = if one.rule == "LIN006" { one.percent * 2 / 3 } else { 13 };
        assert!((u64::from(one.percent - less)..=u64::from(one.percent) + 10).contains(&percent), "{percent} {one:?}");
        let sudden = one.since > first;
        let year_before = Day::from_days(last.days() - 366);
        assert!(!sudden || (year_before <= one.since && one.claims_since * 2 < one.claims), "{one:?}");
        assert!(sudden || one.claims_since == one.claims, "{one:?}");
    }
    let sudden = truth.iter().filter(|one| one.since > first).count();
    assert_eq!(sudden, truth.len() / 2);
    // Of different sizes, and neither the largest of all nor too small to be seen.
    let sizes: Vec<_> = truth.iter().map(|one| one.lines).collect();
    assert!(sizes[0] > 4 * sizes[sizes.len() - 1] && sizes.iter().all(|size| *size > 250), "{sizes:?}");
    assert!(theirs.values().any(|lines| lines.len() as u64 > 2 * sizes[0]), "{sizes:?}");

    // What one of them does can be counted without a policy.
    let both_sides = truth.iter().find(|one| one.scheme == "both-sides").unwrap();
    let lines = &theirs[both_sides.provider_npi.as_str()];
    let since = both_sides.since.to_string();
    let with_modifier = lines.iter().filter(|row| row[8] == "50" && row[5] >= since.as_str()).count() as u64;
    let affected = both_sides.lines_affected;
    assert!((affected..affected + affected / 5).contains(&with_modifier), "{with_modifier} {both_sides:?}");
}

/// Shares of a provider's decided lines that no program takes elsewhere.
#[derive(Default)]
struct Seen {
    lines: f64,
    stopped: f64,
    billed: f64,
    by_rule: BTreeMap<&'static str, f64>,
}

impl Seen {
    fn rate(&self, rule: &str) -> f64 {
        self.by_rule.get(rule).copied().unwrap_or(0.0) / self.lines
    }
}

fn dollars(line: &ClaimLine<'_>) -> f64 {
    line.billed.unwrap().to_string().parse().unwrap()
}

fn decide(text: &str, provider: &str, since: &str, adjudicator: &Adjudicator) -> Seen {
    let mut lines = Vec::new();
    for row in rows(text).filter(|row| row[3] == provider && row[5] >= since) {
        let (Some(day), Some(billed)) = (Day::parse_iso(row[5]), Decimal::parse(row[10].as_bytes())) else { continue };
        let procedure = ProcedureCode::parse(row[7]).unwrap();
        let mut line = ClaimLine::new(row[0], row[1].parse().unwrap(), day, procedure);
        line.member_id = row[2];
        line.provider_npi = row[3];
        line.line_of_business = row[4];
        line.given.line_of_business = !row[4].is_empty();
        line.modifiers.extend((!row[8].is_empty()).then(|| Modifier::new(row[8])));
        line.billed = Some(billed);
        if let Some(units) = Decimal::parse(row[9].as_bytes()) {
            line.units = units;
            line.given.units = true;
        }
        row[12].split(';').filter(|text| !text.is_empty()).for_each(|text| line.add_diagnosis(text));
        lines.push(line);
    }
    let mut seen = Seen::default();
    for (line, decision) in lines.iter().zip(decide_batch(adjudicator, &lines)) {
        let Some(decision) = decision.filter(|one| one.disposition != Disposition::Refer) else { continue };
        seen.lines += 1.0;
        seen.stopped += f64::from(u8::from(decision.disposition != Disposition::Allow));
        seen.billed += dollars(line);
        for rule in decision.findings.rules() {
            *seen.by_rule.entry(rule.rule().code).or_default() += 1.0;
        }
    }
    seen
}

#[test]
fn a_hidden_outlier_stands_out_in_what_it_does_and_nobody_else_does() {
    let index = Arc::new(embedded());
    let (text, truth) = hidden();
    let adjudicator = Adjudicator::new(Arc::clone(&index), DecisionOptions::default());
    let in_scope = |row: &Vec<&str>| index.find(ProcedureCode::parse(row[7]).unwrap()).is_some();
    let providers: BTreeSet<_> = rows(text).filter(in_scope).map(|row| row[3]).collect();
    let others = providers.iter().filter(|npi| truth.iter().all(|one| one.provider_npi != **npi));
    let others: Vec<_> = others.map(|npi| decide(text, npi, "", &adjudicator)).collect();
    let sum = |of: &dyn Fn(&Seen) -> f64| others.iter().map(of).sum::<f64>();
    let lines = sum(&|one| one.lines);
    assert!(others.len() >= 20 && lines > 30_000.0, "{} {lines}", others.len());
    let stopped = sum(&|one| one.stopped) / lines;
    let billed = sum(&|one| one.billed) / lines;
    for one in &others {
        assert!(one.stopped / one.lines < 1.6 * stopped, "{} of {}", one.stopped, one.lines);
        assert!(one.billed / one.lines < 1.6 * billed, "{} of {}", one.billed, one.lines);
    }
    for one in truth {
        let seen = decide(text, &one.provider_npi, &one.since.to_string(), &adjudicator);
        let told = format!("{} {} of {}", one.scheme, seen.stopped, seen.lines);
        if one.rule.is_empty() {
            assert!(seen.billed / seen.lines > 2.2 * billed, "{told}");
            assert!(seen.stopped / seen.lines < 1.6 * stopped, "{told}");
            continue;
        }
        let usual =
            others.iter().map(|other| other.by_rule.get(one.rule.as_str()).unwrap_or(&0.0)).sum::<f64>() / lines;
        let most = others.iter().map(|other| other.rate(&one.rule)).fold(0.0, f64::max);
        let rate = seen.rate(&one.rule);
        assert!(rate > 6.0 * usual && rate > 2.0 * most, "{told}: {rate}, usual {usual}, most {most}");
        assert!(seen.stopped / seen.lines > 1.6 * stopped, "{told}, usual {stopped}");
        assert!(seen.stopped / seen.lines < 0.75, "{told}");
    }
}

#[test]
fn the_truth_is_a_file_of_its_own_and_is_not_replaced_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (index, options) = (embedded(), GenerateOptions { outliers: 1, ..options(60_000, 1.0) });
    let write = |options: &GenerateOptions, out: &str, truth: &str| {
        generate(options, &index, &path(out), Some(&path(truth)), &|_| {}, &Unfinished::default())
    };
    let told = write(&options, "claims.csv", "truth.csv").unwrap();
    let truth = std::fs::read_to_string(path("truth.csv")).unwrap();
    let [one] = &told.outliers[..] else { panic!() };
    assert_eq!(truth.lines().count(), 2);
    assert!(truth.lines().nth(1).unwrap().starts_with(&format!("{},{},", one.provider_npi, one.scheme)), "{truth}");
    assert_eq!(std::fs::metadata(path("truth.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    // The claims are those that are made without telling.
    assert!(std::fs::read(path("claims.csv")).unwrap() == bytes(&options, &index, Format::Csv));

    write(&options, "again.csv", "truth.json").unwrap();
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path("truth.json")).unwrap()).unwrap();
    assert_eq!(json["outliers"][0]["provider_npi"], one.provider_npi);
    assert_eq!(json["outliers"][0]["since"], one.since.to_string());
    assert_eq!(json["outliers"][0]["lines_affected"], one.lines_affected);

    // Nothing is made where the truth cannot be told.
    let exists = write(&options, "more.csv", "truth.csv").unwrap_err();
    assert!(matches!(exists, GenerateError::Exists(_)), "{exists}");
    let unknown = write(&options, "more.csv", "truth.txt").unwrap_err();
    assert!(matches!(unknown, GenerateError::UnknownTruthFormat(_)), "{unknown}");
    let same = write(&options, "more.csv", "more.csv").unwrap_err();
    assert!(matches!(same, GenerateError::TruthInClaims(_)), "{same}");
    let nowhere = write(&options, "more.csv", "none/truth.csv").unwrap_err();
    assert!(matches!(nowhere, GenerateError::Write { .. }), "{nowhere}");
    assert!(!path("more.csv").exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    let replacing = GenerateOptions { overwrite: true, ..options };
    write(&replacing, "claims.csv", "truth.csv").unwrap();
    assert_eq!(std::fs::read_to_string(path("truth.csv")).unwrap(), truth);
}

#[test]
fn more_outliers_than_can_be_hidden_are_refused() {
    let index = embedded();
    let refused = |outliers, lines, in_scope| {
        let options = GenerateOptions { outliers, ..options(lines, in_scope) };
        generate_to(&options, &index, std::io::sink(), Format::Csv, &|_| {}).unwrap_err().to_string()
    };
    let words = "outliers are too many for the providers of these lines: at most";
    assert_eq!(refused(1, 1_000, 0.5), format!("1 {words} 0 can be hidden among them"));
    assert_eq!(refused(7, 60_000, 1.0), format!("7 {words} 2 can be hidden among them"));
    assert_eq!(refused(u32::MAX, 200, 0.0), format!("{} {words} 0 can be hidden among them", u32::MAX));
}
