//! The embedded policy says what the guideline says.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::tests::{TABLE, coverage, day, embedded, place, procedure};
use crate::claim::{Etiology, Technique};
use crate::policy::{ListedEtiology, PolicyIndex, Program, Standing, embedded_policies};

#[test]
fn it_compiles_without_a_doubt() {
    for (id, _) in embedded_policies() {
        let files = super::PolicyFile::embedded(&TABLE).unwrap();
        let file = files.iter().find(|file| file.policy.as_ref().unwrap().id == *id).unwrap();
        assert_eq!(file.warnings, Vec::<String>::new());
    }
}

#[test]
fn ten_entries_hold_sixty_eight_codes() {
    let policy = embedded().policy.unwrap();
    let counts = |id: &str| -> Vec<usize> {
        let list = policy.lists.iter().find(|list| list.id == id).unwrap();
        list.entries.iter().map(|entry| entry.codes.len()).collect()
    };
    assert_eq!(counts("supporting"), [1, 2, 3, 1, 1, 36, 6, 6, 6, 6]);
    assert_eq!(counts("other osteoporosis"), [6]);
    assert_eq!(counts("acute trauma"), [138, 90, 60]);

    assert_eq!(policy.text(policy.lists[0].entries[5].text), "M48.50XA – M48.58XS");
    let supporting: BTreeSet<_> = policy.lists[0].entries.iter().flat_map(|entry| &entry.codes).collect();
    assert_eq!(supporting.len(), 68);
    for code in supporting {
        assert_eq!(TABLE.validity(*code), (day("2015-10-01"), None));
    }
    let standings: Vec<_> = policy.lists.iter().map(|list| list.standing).collect();
    assert_eq!(standings, [Standing::Supporting, Standing::Review, Standing::Review]);
}

#[test]
fn what_lies_just_outside_is_not_listed() {
    let policy = embedded().policy.unwrap();
    let table = coverage(&policy, "2026-03-01", "augmentation").unwrap().diagnoses.as_ref().unwrap();
    for code in ["C90.10", "D47.Z1", "S12.000D", "S12.691S", "S12.8XXA", "S22.089K", "S32.10XA", "M80.00XA", "M54.50"] {
        assert!(table.get(place(code)).is_none(), "{code}");
    }
    assert_eq!(table.len(), 68 + 6 + 288);
}

#[test]
fn diagnoses_tell_cause_and_region() {
    let policy = embedded().policy.unwrap();
    let table = coverage(&policy, "2026-03-01", "vertebroplasty").unwrap().diagnoses.as_ref().unwrap();
    let is = ListedEtiology::Is;
    for (code, standing, etiology, region) in [
        ("C41.2", Standing::Supporting, ListedEtiology::None, None),
        ("C79.51", Standing::Supporting, is(Etiology::Neoplastic), None),
        ("C90.02", Standing::Supporting, is(Etiology::Neoplastic), None),
        ("D18.09", Standing::Supporting, ListedEtiology::None, None),
        ("D47.Z9", Standing::Supporting, ListedEtiology::None, None),
        ("M48.50XA", Standing::Supporting, ListedEtiology::NotTold, None),
        ("M48.51XD", Standing::Supporting, ListedEtiology::NotTold, Some("occipito-atlanto-axial")),
        ("M48.54XG", Standing::Supporting, ListedEtiology::NotTold, Some("thoracic")),
        ("M48.58XS", Standing::Supporting, ListedEtiology::NotTold, Some("sacral")),
        ("M80.08XK", Standing::Supporting, is(Etiology::Osteoporotic), None),
        ("M84.48XA", Standing::Supporting, ListedEtiology::NotTold, None),
        ("M84.58XP", Standing::Supporting, is(Etiology::Neoplastic), None),
        ("M84.68XA", Standing::Supporting, ListedEtiology::NotTold, None),
        ("M80.88XP", Standing::Review, is(Etiology::Osteoporotic), None),
        ("S12.000A", Standing::Review, is(Etiology::Traumatic), None),
        ("S32.059B", Standing::Review, is(Etiology::Traumatic), None),
    ] {
        let listed = table.get(place(code)).unwrap_or_else(|| panic!("{code}"));
        assert_eq!((listed.standing, listed.etiology), (standing, etiology), "{code}");
        assert_eq!(listed.region.map(|at| policy.regions[usize::from(at.0)].as_str()), region, "{code}");
        assert!(listed.together_with.is_empty(), "{code}");
    }
}

#[test]
fn versions_say_what_was_said_then() {
    let policy = embedded().policy.unwrap();
    let ids: Vec<_> = policy.versions.iter().map(|version| version.id.as_str()).collect();
    assert_eq!(ids, ["2009-07-15", "2018-10-01", "2020-06-15", "2026-02-15"]);
    assert!(policy.version_on(day("2009-07-14")).is_none());

    let names = |on, service| -> Vec<&str> {
        let indications = &coverage(&policy, on, service).unwrap().indications;
        indications.iter().map(|at| policy.indications[*at].id.as_str()).collect()
    };
    for on in ["2009-07-15", "2018-09-30"] {
        assert!(coverage(&policy, on, "sacroplasty").unwrap().investigational);
        assert!(coverage(&policy, on, "vertebroplasty").is_none());
        assert!(coverage(&policy, on, "augmentation").is_none());
    }
    for on in ["2018-10-01", "2020-06-14"] {
        assert_eq!(names(on, "vertebroplasty"), ["V1", "V2", "V3"]);
        assert_eq!(names(on, "augmentation"), ["K1", "K2"]);
        assert!(
            coverage(&policy, on, "augmentation").unwrap().diagnoses.as_ref().unwrap().get(place("S22.000A")).is_none()
        );
    }
    for on in ["2020-06-15", "2026-02-14", "2026-02-15", "2030-01-01"] {
        assert_eq!(names(on, "vertebroplasty"), ["V1", "V2", "V3", "V4"]);
        assert_eq!(names(on, "augmentation"), ["K1", "K2", "K3"]);
        assert!(coverage(&policy, on, "sacroplasty").unwrap().investigational);
        let [one, other] = ["vertebroplasty", "augmentation"].map(|service| coverage(&policy, on, service).unwrap());
        assert_eq!(other.investigational_techniques, [Technique::Radiofrequency]);
        assert!(other.requires_cleared_device && !one.requires_cleared_device);
        assert!(one.investigational_techniques.is_empty());
    }
    for service in ["former vertebroplasty", "former augmentation", "guidance"] {
        for version in &policy.versions {
            assert!(coverage(&policy, &version.id, service).is_none());
        }
    }
}

#[test]
fn procedures_have_their_days_limits_and_neighbours() {
    // code, from, to, replaced by, limit, bilateral, add-on to, second to, regions treated, doubtful
    type Row = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        Option<u32>,
        bool,
        &'static [&'static str],
        &'static [&'static str],
        &'static [u16],
        bool,
    );
    let expected: [Row; 22] = [
        ("0200T", "2009-07-01", "", "", Some(1), false, &[], &[], &[], false),
        ("0201T", "2009-07-01", "", "", Some(1), false, &[], &[], &[], false),
        ("22510", "2015-01-01", "", "", Some(1), true, &[], &[], &[1, 2, 3, 4, 5], false),
        ("22511", "2015-01-01", "", "", Some(1), true, &[], &["22510"], &[5, 6, 7, 8], true),
        ("22512", "2015-01-01", "", "", Some(3), true, &["22510", "22511"], &[], &[], true),
        ("22513", "2015-01-01", "", "", Some(1), true, &[], &[], &[3, 4, 5], false),
        ("22514", "2015-01-01", "", "", Some(1), true, &[], &["22513"], &[5, 6, 7], true),
        ("22515", "2015-01-01", "", "", Some(4), true, &["22513", "22514"], &[], &[3, 4, 5, 6, 7], true),
        ("22520", "2001-01-01", "2014-12-31", "22510", None, false, &[], &[], &[], false),
        ("22521", "2001-01-01", "2014-12-31", "22511", None, false, &[], &[], &[], false),
        ("22522", "2001-01-01", "2014-12-31", "22512", None, false, &[], &[], &[], false),
        ("22523", "2006-01-01", "2014-12-31", "22513", None, false, &[], &[], &[], false),
        ("22524", "2006-01-01", "2014-12-31", "22514", None, false, &[], &[], &[], false),
        ("22525", "2006-01-01", "2014-12-31", "22515", None, false, &[], &[], &[], false),
        ("72291", "2007-01-01", "2014-12-31", "", None, false, &[], &[], &[], false),
        ("72292", "2007-01-01", "2014-12-31", "", None, false, &[], &[], &[], false),
        ("76012", "2001-01-01", "2006-12-31", "72291", None, false, &[], &[], &[], false),
        ("76013", "2001-01-01", "2006-12-31", "72292", None, false, &[], &[], &[], false),
        ("S2360", "2002-01-01", "2015-12-31", "22510", None, false, &[], &[], &[], false),
        ("S2361", "2002-01-01", "2015-12-31", "22512", None, false, &[], &[], &[], false),
        ("S2362", "2004-01-01", "2006-03-31", "22523", None, false, &[], &[], &[], false),
        ("S2363", "2004-01-01", "2006-03-31", "22525", None, false, &[], &[], &[], false),
    ];
    let policy = embedded().policy.unwrap();
    assert_eq!(policy.procedures.len(), expected.len());
    // Regions stand in the order of the site digit, which begins with 1.
    let site = |at: &crate::policy::RegionIndex| at.0 + 1;
    let text = |codes: &[crate::claim::ProcedureCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (code, from, to, replaced_by, limit, bilateral, add_on_to, second_to, treats, doubtful) in expected {
        let known = policy.procedures.iter().find(|known| known.code == procedure(code)).unwrap();
        assert_eq!(known.active_from, day(from), "{code}");
        assert_eq!(known.active_to.map(|day| day.to_string()).unwrap_or_default(), to, "{code}");
        assert_eq!(known.replaced_by.map(|code| code.to_string()).unwrap_or_default(), replaced_by, "{code}");
        assert_eq!((known.limit, known.bilateral_included), (limit, bilateral), "{code}");
        assert_eq!(text(&known.add_on_to), add_on_to, "{code}");
        assert_eq!(text(&known.second_to), second_to, "{code}");
        assert_eq!(known.treats.iter().map(site).collect::<Vec<_>>(), treats, "{code}");
        assert_eq!(known.doubtful_region.as_ref().map(site), doubtful.then_some(8), "{code}");
    }
}

#[test]
fn every_line_of_business_of_the_contract_has_its_program() {
    let index = PolicyIndex::from_files(Arc::clone(&TABLE), vec![embedded()]).unwrap();
    for (program, names) in [
        (
            Program::Commercial,
            &[
                "",
                " ",
                "commercial",
                "Commercial",
                "hmo",
                "PPO",
                "epo",
                "pos",
                "exchange",
                "aca",
                "aso",
                "individual",
                "group",
                "self funded",
                "Self-Funded",
                "SELF_FUNDED",
                "selffunded",
                "fully insured",
                "Fully-Insured",
            ][..],
        ),
        (Program::Fep, &["fep", "FEP", "federal employee program", "Federal_Employee-Program"]),
        (Program::Sao, &["sao", "State Account Organization"]),
        (Program::Medicare, &["ma", "MA", "medicare advantage", "MedicareAdvantage", "medicare"]),
    ] {
        for name in names {
            assert_eq!(index.programs().find(name), Some(program), "{name:?}");
        }
    }
    for name in ["medicaid", "tricare", "gold", "state"] {
        assert_eq!(index.programs().find(name), None, "{name}");
    }
    assert_eq!(index.programs().iter().count(), 12 + 2 + 2 + 3);
}

#[test]
fn other_programs_are_sent_elsewhere() {
    let policy = embedded().policy.unwrap();
    let programs: Vec<_> = policy.referrals.iter().map(|(program, _)| *program).collect();
    assert_eq!(programs, [Program::Fep, Program::Sao, Program::Medicare]);
    for part in ["L34976", "34", "2021-07-11", "A57872", "10"] {
        assert!(policy.referrals[2].1.contains(part), "{part}");
    }
    assert_eq!(policy.initial_encounter, b"A");
    assert_eq!(policy.devices.len(), 15);
    assert!(!policy.limitations.is_empty());
}
