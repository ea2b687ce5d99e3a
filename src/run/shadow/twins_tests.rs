//! Where the shadow says that it decides a line alike, deciding it again comes to the same.

use std::sync::Arc;

use super::Shadow;
use crate::claim::{ClaimLine, Day, Decimal, Etiology, Modifier, Stated, Technique};
use crate::engine::{Adjudicator, DecisionOptions, Recall};
use crate::icd10::Icd10;
use crate::policy::{PolicyFile, PolicyIndex, embedded_policy};

/// Revisions of the embedded policy: what stands there, and what in its place.
const REVISIONS: [(&str, &str); 15] = [
    ("    { codes = \"M84.58XA – M84.58XS\", etiology = \"neoplastic\" },\n", ""),
    ("M84.58XS\", etiology = \"neoplastic\"", "M84.58XS\", etiology = \"none\""),
    ("seventh = \"AB\"", "seventh = \"A\""),
    ("requires_cleared_device = true", "requires_cleared_device = false"),
    ("investigational_techniques = [\"radiofrequency\"]\n", ""),
    ("indications = [\"K1\", \"K2\", \"K3\"]", "indications = [\"K1\", \"K2\"]"),
    ("at_least = 2 }", "at_least = 3 }"),
    ("initial_encounter = \"A\"", "initial_encounter = \"AD\""),
    ("doubtful_region = \"sacral\" # J\n", ""),
    ("diagnoses = [\"supporting\", \"other osteoporosis\", \"acute trauma\"]", "diagnoses = [\"supporting\"]"),
    ("bilateral_included = true", "bilateral_included = false"),
    ("2020-06-15", "2021-06-15"),
    (
        "service = \"augmentation\"
from = 2015-01-01
limit = 1",
        "service = \"augmentation\"
from = 2019-02-01
limit = 1",
    ),
    ("Employee Program's own", "Employee Program's"),
    ("names = [\"fep\", ", "names = [\"hmo of old\", "),
];

const DIAGNOSES: [&[&str]; 14] = [
    &["M84.58XA"],
    &["M84.5"],
    &["M84.58XD", "M54.50"],
    &["M80.08XA"],
    &["M80.08XD"],
    &["S32.010A"],
    &["S32.010B"],
    &["S32.01"],
    &["M54.50"],
    &["M48.58XA"],
    &["M48.52XA"],
    &["M81.0"],
    &["C79.51", "M84.58XA"],
    &["nonsense"],
];

fn adjudicator(text: &str) -> Option<Adjudicator> {
    let table = Arc::new(Icd10::embedded().ok()?);
    let file = PolicyFile::parse("policy", text, &table).ok()?;
    Some(Adjudicator::new(Arc::new(PolicyIndex::from_files(table, vec![file]).ok()?), DecisionOptions::default()))
}

/// Every procedure with every diagnosis, on days of every version, with facts and without.
fn each_line(own: &Adjudicator, mut see: impl FnMut(&ClaimLine<'_>)) {
    for entry in own.index().procedures() {
        for day in ["2018-11-01", "2020-10-01", "2021-07-01", "2026-03-01"] {
            for (diagnoses, facts) in DIAGNOSES.iter().flat_map(|all| [0, 1, 2, 3].map(|facts| (all, facts))) {
                for line_of_business in ["", "fep", "hmo of old"] {
                    let mut line = ClaimLine::new("C1", 1, Day::parse_iso(day).unwrap(), entry.code);
                    line.line_of_business = line_of_business;
                    diagnoses.iter().for_each(|text| line.add_diagnosis(text));
                    if facts == 1 {
                        line.facts.technique = Stated::Known(Technique::Radiofrequency);
                        line.modifiers.push(Modifier::new("50"));
                    }
                    if facts >= 2 {
                        line.facts.conservative_weeks = Some(Decimal::from_ten_thousandths(20_000));
                        line.facts.symptomatic = Some(true);
                        line.facts.fda_cleared_device = Some(facts == 2);
                        line.facts.etiology = Stated::Known(Etiology::Traumatic);
                    }
                    see(&line);
                }
            }
        }
    }
}

#[test]
fn what_is_alike_comes_to_the_same() {
    let text = embedded_policy("02-20000-18").unwrap();
    let own = adjudicator(text).unwrap();
    for (from, to) in REVISIONS {
        let revised = text.replace(from, to);
        let Some(revised) = adjudicator(&revised) else { panic!("{from}: cannot be read") };
        let shadow = Shadow::new(own.index(), revised);
        let (mut alike, mut others) = (0, 0);
        let mut recall = Recall::default();
        each_line(&own, |line| {
            let draft = own.draft(line).unwrap();
            let other = shadow.draft(line, Some(&draft), &mut recall);
            let is_same = other.is_some_and(|other| shadow.is_same(&draft, &other));
            if shadow.decides_alike(line, &draft) {
                assert!(is_same, "{from}: {} {:?} on {}", line.procedure, line.diagnoses, line.service_date);
                alike += 1;
            }
            others += u32::from(!is_same);
        });
        // It is not said of all lines for nothing, nor of none.
        assert!(others > 0, "{from}: changes nothing");
        let is_of_all = ["initial_encounter", "Employee Program", "names"].iter().any(|word| from.starts_with(word));
        assert_eq!(alike == 0, is_of_all, "{from}: {alike}");
    }
}
