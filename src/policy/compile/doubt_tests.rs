//! What is doubted: accepted, with a warning for `policy lint`.

use super::PolicyFile;
use super::refusal_tests::{BASE, patched};
use super::tests::{TABLE, place};

#[test]
fn doubts() {
    for (old, new, expected) in [
        ("names = [\"hmo\"]", "names = [\"hmo\", \"H M O\"]", "program \"commercial\": \"H M O\" is there already"),
        ("[[region]]", "[[service]]\nid = \"idle\"\n[[region]]", "service \"idle\": no procedure belongs to it"),
        ("[\"neck\", \"sacrum\"]", "[\"neck\"]", "region \"sacrum\": no procedure treats it or is doubtful there"),
        ("[\"supporting\", \"review\"]", "[\"supporting\"]", "diagnosis_list \"review\": no version uses it"),
        ("[\"supporting\", \"review\"]", "[\"review\"]", "none of its diagnoses supports: no line can be allowed"),
        ("indications = [\"I1\"]\n", "", "indication \"I1\": no version uses it"),
        ("edits_source = \"e\"", "", "procedure 10001: it has a limit, primaries or exclusive pairs, and no"),
        (
            "replaced_by = \"10001\"",
            "replaced_by = \"10009\"",
            "procedure 10000: its replacement 10009 is not in the file",
        ),
        ("dates_only = true\n", "", "procedure 10000: no version says anything of its service"),
        ("\"C41.2\"", "\"C41.2\", \"M54.50 – M54.59\"", ""),
        ("M80.88XA – M80.88XS", "M54.5", ""),
    ] {
        let file = PolicyFile::parse("x.toml", &patched(old, new), &TABLE).unwrap_or_else(|error| panic!("{error}"));
        assert!(file.warnings.iter().all(|warning| warning.starts_with("x.toml, ")), "{:?}", file.warnings);
        let found = file.warnings.iter().any(|warning| warning.contains(expected));
        assert!(
            if expected.is_empty() { file.warnings.is_empty() } else { found },
            "{old} → {new}: {:?}",
            file.warnings
        );
    }
}

#[test]
fn codes_that_nobody_can_bill_while_a_list_is_in_force_are_doubted() {
    let ended = patched("from = 2016-01-01", "from = 2016-01-01\nto = 2016-12-31");
    let ended = ended.replacen("\n[[version]]\nfrom = 2020-01-01\nnote = \"n\"\nas_in = 2016-01-01\n", "", 1);
    // Codes of 2021-10-01 on a list that was in force in 2016.
    let early = ended.replacen("\"C41.2\"", "\"C41.2\", \"M54.50 – M54.59\"", 1);
    let file = PolicyFile::parse("x.toml", &early, &TABLE).unwrap();
    assert_eq!(
        file.warnings,
        ["x.toml, diagnosis_list \"supporting\", entry \"M54.50 – M54.59\": M54.50 and 2 more: \
          not billable on any day on which the list is in force"]
    );
    // A code that ended on 2021-09-30 on one that begins in 2022.
    let late = BASE.replace("2016-01-01", "2022-01-01").replace("2020-01-01", "2024-01-01");
    let file = PolicyFile::parse("x.toml", &late.replacen("\"C41.2\"", "\"M54.5\"", 1), &TABLE).unwrap();
    assert_eq!(
        file.warnings,
        ["x.toml, diagnosis_list \"supporting\", entry \"M54.5\": M54.5: \
          not billable on any day on which the list is in force"]
    );
}

#[test]
fn codes_on_two_lists_that_say_the_same_of_them_are_doubted() {
    let twice = patched(
        "standing = \"review\"\ncite = \"c\"\nentries = [{ codes = \"M80.88XA – M80.88XS\", together_with = [\"C79.51\"] }]",
        "standing = \"supporting\"\ncite = \"c\"\netiology = \"none\"\nentries = [\"M48.58XD – M48.58XS\", \"M48.51XA\"]",
    );
    let file = PolicyFile::parse("x.toml", &twice, &TABLE).unwrap();
    let on = |code: &str| {
        let lists = "on list \"supporting\" and on list \"review\"";
        format!("x.toml, version 2016-01-01, coverage of \"spine\": {code} is {lists}")
    };
    assert_eq!(file.warnings, ["M48.58XD", "M48.58XG", "M48.58XS", "M48.51XA"].map(on));
    let policy = file.policy.unwrap();
    let table = policy.versions[0].coverage[0].as_ref().unwrap().diagnoses.as_ref().unwrap();
    assert_eq!(table.len(), 1 + 36);
    assert_eq!(policy.regions[usize::from(table.get(place("M48.58XG")).unwrap().region.unwrap().0)], "sacrum");
}
