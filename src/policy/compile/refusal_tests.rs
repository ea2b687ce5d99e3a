//! What is refused, and what is said then: a small file, and one change to it at
//! a time.

use proptest::prelude::*;

use super::PolicyFile;
use super::tests::TABLE;

pub(super) const BASE: &str = include_str!("../../../tests/policies/small.toml");

/// The small file with one change.
pub(super) fn patched(old: &str, new: &str) -> String {
    assert!(BASE.contains(old), "the base has no {old}");
    BASE.replacen(old, new, 1)
}

fn assert_refused(cases: &[(&str, &str, &str)]) {
    for (old, new, expected) in cases {
        let error = PolicyFile::parse("x.toml", &patched(old, new), &TABLE)
            .map(|_| ())
            .expect_err(&format!("{old} → {new} was not refused"))
            .to_string();
        assert!(error.starts_with("x.toml"), "{error}");
        assert!(error.contains(expected), "{old} → {new}\nexpected: {expected}\nfound:    {error}");
    }
}

#[test]
fn the_base_itself_is_accepted() {
    let file = PolicyFile::parse("x.toml", BASE, &TABLE).unwrap();
    assert_eq!(file.warnings, Vec::<String>::new());
}

#[test]
fn shapes() {
    assert_refused(&[
        ("title =", "titel =", "line 7, column 1"),
        ("title =", "titel =", "unknown field `titel`"),
        ("limit = 2", "limits = 2", "unknown field `limits`"),
        ("etiology = \"none\"", "etiologie = \"none\"", "unknown field `etiologie`"),
        ("schema = 1", "schema = 2\nnew = 1", "has schema 2, and this program reads schema 1"),
        ("schema = 1", "", "missing field `schema`"),
        ("limit = 2", "limit = -2", "expected a whole number of units, one or more"),
        ("limit = 2", "limit = 2.0", "invalid type: floating point"),
        ("id = \"P1\"", "id = \"P1", "invalid basic string"),
        ("[policy]", "[policy", "line 5"),
        ("from = 2015-01-01", "from = \"2015-01-01\"", "write a day without quotes, as YYYY-MM-DD"),
        ("from = 2015-01-01", "from = 2015-02-29", "expected day between 01 and 28"),
        ("from = 2015-01-01", "from = 2015-01-01T10:00:00Z", "write a day without quotes"),
    ]);
}

#[test]
fn words() {
    assert_refused(&[
        ("[\"commercial\"]", "[\"comercial\"]", "\"comercial\" is no program; write \"commercial\", \"fep\""),
        ("program = \"fep\"", "program = \"FEP\"", "\"FEP\" is no program"),
        ("standing = \"review\"", "standing = \"maybe\"", "write \"supporting\" or \"review\""),
        ("etiology = \"none\"", "etiology = \"old\"", "\"old\" is no etiology of a diagnosis"),
        ("fact = \"symptomatic\"", "fact = \"fda_cleared_device\"", "\"fda_cleared_device\" is no fact"),
        ("fact = \"symptomatic\"", "etiology = \"none\"", "\"none\" is no etiology; write \"osteoporotic\""),
        ("code = \"10001\"", "code = \"100 01\"", "\"100 01\" is no procedure code; write one to eight letters"),
        ("code = \"10001\"", "code = \"123456789\"", "\"123456789\" is no procedure code"),
        ("replaced_by = \"10001\"", "replaced_by = \"\"", "\"\" is no procedure code"),
        (
            "indications = [\"I1\"]",
            "investigational_techniques = [\"laser\"]",
            "\"laser\" is no technique; write \"balloon\", \"mechanical\" or \"radiofrequency\"",
        ),
    ]);
}

#[test]
fn heads_and_programs() {
    assert_refused(&[
        ("id = \"P1\"", "id = \" \"", "[policy]: `id` is blank"),
        ("programs = [\"commercial\"]", "programs = []", "[policy]: `programs` is an empty list"),
        ("[\"commercial\"]", "[\"sao\", \"sao\"]", "`programs` names \"sao\" twice"),
        ("initial_encounter = \"A\"", "initial_encounter = \"a\"", "`initial_encounter` is one word of capital"),
        ("names = [\"hmo\"]", "names = []", "program \"commercial\": `names` is an empty list"),
        ("names = [\"hmo\"]", "names = [\"-\"]", "a name that is blank"),
        (
            "[[referral]]",
            "[[program]]\nprogram = \"fep\"\nnames = [\"H M O\"]\n[[referral]]",
            "program \"fep\": \"H M O\" is a name of program \"commercial\" already",
        ),
        (
            "[[referral]]",
            "[[program]]\nprogram = \"fep\"\nnames = [\"commercial\"]\n[[referral]]",
            "\"commercial\" means commercial always",
        ),
        ("program = \"fep\"\nto", "program = \"commercial\"\nto", "the policy decides this program itself"),
        (
            "[[service]]",
            "[[referral]]\nprogram = \"fep\"\nto = \"x\"\n[[service]]",
            "referral of program \"fep\": there are two",
        ),
        ("to = \"elsewhere\"", "to = \"\"", "referral of program \"fep\": `to` is blank"),
    ]);
}

#[test]
fn ranges_and_lists() {
    let range = "M48.50XA – M48.58XS";
    assert_refused(&[
        (
            "{ codes = \"M48.50XA – M48.58XS\"",
            "{ codes = \"M48.58XS – M48.50XA\"",
            "x.toml, diagnosis_list \"supporting\", entry 2 \"M48.58XS – M48.50XA\": its ends are the wrong way round",
        ),
        (range, "M48.50XA – M48.59XS", "M48.59XS is not a code of the diagnosis table"),
        (range, "M48.5", "M48.5 is not a code of the diagnosis table: it is a header"),
        (range, "", "entry 2 \"\": it cannot be read: it is empty"),
        ("etiology = \"none\"", "seventh = \"Q\"", "no code from M48.50XA to M48.58XS has a seventh character"),
        (range, "C41.2", "entry 2 \"C41.2\": C41.2 is in entry 1 already"),
        // The first fault is the one that is told.
        ("\"C41.2\",", "\"C41.2\", \"C41.2\", \"C41.X\",", "entry 2 \"C41.2\": C41.2 is in entry 1 already"),
        ("\"C41.2\",", "\"C41.2\", \"C41.X\", \"C41.2\",", "entry 2 \"C41.X\": C41.X is not a code"),
        (
            "[\"M48.58XA – M48.58XS\"]",
            "[\"M48.58XA\", \"M48.58XA\", \"M48.5\"]",
            "region \"sacrum\", entry 2 \"M48.58XA\": M48.58XA is in region \"sacrum\" already",
        ),
        ("entries = [\"C41.2\", ", "entries = []\nx = [", "unknown field `x`"),
        (
            "entries = [{ codes = \"M80.88XA – M80.88XS\", together_with = [\"C79.51\"] }]",
            "entries = []",
            "diagnosis_list \"review\": `entries` is an empty list",
        ),
        ("[\"C79.51\"]", "[]", "entry 1 \"M80.88XA – M80.88XS\": `together_with` is an empty list"),
        ("[\"C79.51\"]", "[\"C79.5\"]", "`together_with` \"C79.5\": C79.5 is not a code"),
        ("[\"C79.51\"]", "[\"M80.88XD\"]", "M80.88XD would count together with itself"),
        (
            "id = \"review\"",
            "id = \"supporting\"",
            "diagnosis_list \"supporting\": there are two; they are number 1 and 2",
        ),
        ("id = \"review\"", "id = \"\"", "diagnosis_list 2: `id` is blank"),
        ("id = \"sacrum\"", "id = \"neck\"", "region \"neck\": there are two"),
        ("[\"M48.58XA – M48.58XS\"]", "[]", "region \"sacrum\": `diagnoses` is an empty list"),
        (
            "[\"M48.58XA – M48.58XS\"]",
            "[\"M48.58XA\", \"M48.52XD\"]",
            "region \"sacrum\", entry 2 \"M48.52XD\": M48.52XD is in region \"neck\" already",
        ),
        ("[\"M48.58XA – M48.58XS\"]", "[\"M48.58XS – M48.58XA\"]", "region \"sacrum\", entry 1"),
    ]);
}

#[test]
fn indications() {
    let when = "all = [{ fact = \"symptomatic\" }, { fact = \"conservative_weeks\", at_least = 6 }]";
    assert_refused(&[
        (when, "", "indication \"I1\": a condition is empty"),
        (when, "all = []", "indication \"I1\": `all` is an empty list"),
        (when, "any = [{ all = [] }]", "`all` is an empty list"),
        (when, "fact = \"symptomatic\", etiology = \"traumatic\"", "not several"),
        (when, "fact = \"symptomatic\", at_least = 1", "\"symptomatic\" is yes or no"),
        (when, "fact = \"conservative_weeks\"", "is a number: give `at_least` or `below`"),
        (when, "etiology = \"traumatic\", below = 1", "belong beside the `fact`"),
        (when, "fact = \"conservative_weeks\", below = 0", "never below 0"),
        (when, "fact = \"conservative_weeks\", at_least = 6, below = 6", "never both at least 6 and below 6"),
        ("at_least = 6", "at_least = -1", "expected a number of weeks, zero or more"),
        ("at_least = 6", "at_least = nan", "expected a number of weeks, zero or more"),
        ("at_least = 6", "at_least = \"6\"", "expected a number of weeks, zero or more"),
    ]);
}

#[test]
fn procedures() {
    assert_refused(&[
        ("code = \"10002\"", "code = \"10001\"", "procedure 10001: the file has two of this code"),
        ("limit = 2", "limit = 0", "invalid value: integer `0`, expected a whole number of units"),
        ("to = 2014-12-31", "to = 2000-12-31", "procedure 10000: `to` 2000-12-31 is before `from` 2001-01-01"),
        ("to = 2014-12-31\n", "", "procedure 10000: it is replaced and has no last day"),
        ("replaced_by = \"10001\"", "replaced_by = \"10000\"", "it is replaced by itself"),
        ("service = \"spine\"", "service = \"spin\"", "the file has no service \"spin\"; is \"spine\" meant?"),
        ("[\"neck\", \"sacrum\"]", "[\"nek\"]", "the file has no region \"nek\"; is \"neck\" meant?"),
        ("[\"neck\", \"sacrum\"]", "[\"arm\"]", "the file has no region \"arm\""),
        ("[\"neck\", \"sacrum\"]", "[]", "procedure 10001: `treats` is an empty list"),
        ("limit = 2", "doubtful_region = \"neckline\"", "the file has no region \"neckline\""),
        ("[\"10001\", \"10002\"]", "[\"10009\"]", "procedure 10003: `add_on_to`: the file has no procedure 10009"),
        ("[\"10001\", \"10002\"]", "[]", "procedure 10003: `add_on_to` is an empty list"),
        ("[\"10001\", \"10002\"]", "[\"10001\", \"10001\"]", "it names 10001 twice"),
        ("[\"10001\", \"10002\"]", "[\"10003\"]", "it names the procedure itself"),
        ("second_to = [\"10001\"]", "second_to = [\"10009\"]", "`second_to`: the file has no procedure 10009"),
        ("second_to = [\"10001\"]", "add_on_to = [\"10003\"]", "10003 is an add-on itself, and no primary"),
        ("limit = 2", "second_to = [\"10002\"]", "10002 is second to this one as well"),
    ]);
    let (head, _) = BASE.split_once("[[procedure]]").unwrap();
    let error = PolicyFile::parse("x.toml", head, &TABLE).unwrap_err().to_string();
    assert_eq!(error, "x.toml, [policy]: the file has no [[procedure]] table");
}

#[test]
fn versions_and_coverages() {
    let second = "from = 2020-01-01\nnote = \"n\"\nas_in = 2016-01-01";
    let lists = "diagnoses = [\"supporting\", \"review\"]";
    let again = "from = 2020-01-01\nnote = \"n\"\n[[version.coverage]]\nservice = \"spine\"\ncite = \"c\"\n\
                 [[version.coverage]]\nservice = \"spine\"\ncite = \"c\"";
    assert_refused(&[
        ("from = 2020-01-01", "from = 2016-01-01", "version 2016-01-01: there are two versions from that day on"),
        ("from = 2020-01-01", "from = 2014-01-01", "version 2014-01-01: it stands behind the version of 2016-01-01"),
        ("from = 2016-01-01", "from = 2016-01-01\nto = 2015-01-01", "`to` 2015-01-01 is before its first day"),
        ("from = 2016-01-01", "from = 2016-01-01\nto = 2020-01-01", "this one ends by 2019-12-31"),
        ("as_in = 2016-01-01", "as_in = 2017-01-01", "`as_in` 2017-01-01: no earlier version begins on that day"),
        ("as_in = 2016-01-01", "as_in = 2020-01-01", "no earlier version begins"),
        (second, again, "version 2020-01-01, coverage of \"spine\": the version has two"),
        (
            "service = \"spine\"\ndiagnoses",
            "service = \"spien\"\ndiagnoses",
            "version 2016-01-01, coverage of \"spien\": the file has no service \"spien\"; is \"spine\" meant?",
        ),
        ("service = \"spine\"\ndiagnoses", "service = \"former\"\ndiagnoses", "is `dates_only`"),
        (lists, "diagnoses = [\"suporting\"]", "no diagnosis_list \"suporting\"; is \"supporting\" meant?"),
        (lists, "diagnoses = []", "coverage of \"spine\": `diagnoses` is an empty list"),
        (lists, "diagnoses = [\"review\", \"review\"]", "it names diagnosis_list \"review\" twice"),
        (lists, "", "it has indications and no diagnoses"),
        (lists, "investigational = true\ndiagnoses = [\"review\"]", "`diagnoses` has no meaning here"),
        ("indications = [\"I1\"]", "indications = [\"I2\"]", "no indication \"I2\"; it has \"I1\""),
        ("indications = [\"I1\"]", "indications = []", "`indications` is an empty list"),
        ("indications = [\"I1\"]", "investigational_techniques = []", "`investigational_techniques` is an empty list"),
        (
            "codes = \"M80.88XA – M80.88XS\", together_with = [\"C79.51\"]",
            "codes = \"C41.2\"",
            "C41.2 is on list \"supporting\" and on list \"review\": it supports or it is for review, not both",
        ),
    ]);
    let same = patched("standing = \"review\"", "standing = \"supporting\"");
    let same = same.replacen("M80.88XA – M80.88XS", "C41.2", 1);
    let error = PolicyFile::parse("x.toml", &same, &TABLE).unwrap_err().to_string();
    assert!(error.ends_with("which say different things of it"), "{error}");
}

#[test]
fn files_with_no_policy() {
    for (text, expected) in [
        ("schema = 1", "x.toml, [policy]: the file has neither this table nor any [[program]] table"),
        ("", "missing field `schema`"),
        (
            "schema = 1\n[[service]]\nid = \"s\"",
            "x.toml, [[service]]: the file has no [policy] table that it could belong to",
        ),
    ] {
        let error = PolicyFile::parse("x.toml", text, &TABLE).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let deep = format!("schema = 1\nx = {}", "[".repeat(100_000));
    assert!(PolicyFile::parse("x.toml", &deep, &TABLE).is_err());
}

proptest! {
    /// A file that was cut, doubled or overwritten anywhere is refused or not,
    /// but never takes the program down.
    #[test]
    fn no_file_makes_it_panic(at in 0..2_000_usize, cut in 0..80_usize, put in "[\\PC\n]{0,12}|\\[\\[version\\]\\]|[0-9\\-]{1,20}") {
        let chars: Vec<char> = BASE.chars().collect();
        let at = at.min(chars.len());
        let rest = chars.iter().skip(at.saturating_add(cut));
        let text: String = chars.iter().take(at).copied().chain(put.chars()).chain(rest.copied()).collect();
        if let Err(error) = PolicyFile::parse("x.toml", &text, &TABLE) {
            prop_assert!(error.to_string().starts_with("x.toml"));
        }
    }
}
