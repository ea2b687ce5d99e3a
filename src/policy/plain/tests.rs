//! What is plain says what the crate says.

use std::fs;

use proptest::prelude::*;
use toml::value::Datetime;

use super::values::{Table, Value};
use super::{Reader, from_str};
use crate::policy::embedded_policies;
use crate::policy::raw::RawFile;

/// What a text says, as the crate would hold it; `None` where it is not plain.
fn plain(text: &str) -> Option<toml::Table> {
    Reader::new(text).document().map(table)
}

fn table(table: Table<'_>) -> toml::Table {
    table.pairs.into_iter().map(|(key, one)| (key.to_owned(), value(one))).collect()
}

fn value(one: Value<'_>) -> toml::Value {
    match one {
        Value::Text(text) => text.into(),
        Value::Whole(number) => number.into(),
        Value::Fraction(number) => number.into(),
        Value::Truth(truth) => truth.into(),
        Value::Day(day) => day.to_string().parse::<Datetime>().unwrap().into(),
        Value::Array(values) => toml::Value::Array(values.into_iter().map(value).collect()),
        Value::Table(one) => table(one).into(),
        Value::Tables(tables) => toml::Value::Array(tables.into_iter().map(|one| table(one).into()).collect()),
    }
}

/// The policy files of the repository.
fn files() -> Vec<String> {
    let mut texts: Vec<_> = embedded_policies().iter().map(|(_, text)| (*text).to_owned()).collect();
    for name in ["tests/policies/second.toml", "tests/policies/small.toml", "policies/examples/A56572-example.toml"] {
        texts.push(fs::read_to_string(name).unwrap());
    }
    texts
}

#[test]
fn policies_are_written_in_plain_toml() {
    for text in files() {
        let read = plain(&text).unwrap();
        assert_eq!(read, toml::from_str::<toml::Table>(&text).unwrap());
        assert!(from_str::<RawFile<'_>>(&text).is_some());
        assert_eq!(plain(&text.replace('\n', "\r\n")).unwrap(), read);
    }
}

#[test]
fn what_is_plain_and_what_is_left_to_the_crate() {
    for text in [
        "",
        "\n\n# a\n",
        "a = 1",
        "a = 1 # b",
        "a=0\nb=\t\"\"",
        "a = 1.5",
        "a = 0.25",
        "a = true\nb = false",
        "a = 2000-02-29",
        "a = [2000-02-29, ]",
        "a = [2000-02-29 ]",
        "a = [[1], [\n# c\n]]",
        "a = { b = 1, c = { d = [] } }",
        "[a]\nb = 1\n[c]",
        "[[a]]\n[[a]]\nb = 1\n[[a.b-c]]\n[[a.b-c]]\n[[a]]",
        "a = \"ä – ö\"",
        "a_-9 = \"#\"\r\n",
        "1 = 1",
    ] {
        assert_eq!(plain(text), Some(toml::from_str(text).unwrap()), "{text}");
    }
    for text in [
        // Right, and not plain.
        "a = 'b'",
        "a = \"\\n\"",
        "a = \"\"\"b\"\"\"",
        "a = -1",
        "a = +1",
        "a = 1_000",
        "a = 1e3",
        "a = 0x1F",
        "a = inf",
        "a = 2000-01-01 10:00:00",
        "a = 2000-01-01T10:00:00Z",
        "a = 10:00:00",
        "a.b = 1",
        "\"a\" = 1",
        "[a.b]",
        "[ a ]",
        "[[a]]\n[a.b]",
        "a = {}",
        "a = { b = 1,\nc = 2 }",
        "a = 1234567890123456",
        "\u{FEFF}a = 1",
        "a = \"\t\"",
        // Wrong.
        "a",
        "a =",
        "a = 1 b = 2",
        "a = 01",
        "a = 1.",
        "a = 2001-02-29",
        "a = 2001-2-9",
        "a = tru",
        "a = truer",
        "a = \"b",
        "a = \"b\nc\"",
        "a = [1",
        "a = [1 2]",
        "a = [,]",
        "a = { b = 1",
        "a = { b = 1, b = 2 }",
        "a = 1\na = 2",
        "a = 1\r",
        "# \r a",
        "# \u{1}",
        "[a",
        "[a]b",
        "[[a]",
        "[]",
        "[a]\n[a]",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "a = []\n[[a]]",
        "[[a]]\nb = []\n[[a.b]]",
        "[[a.b]]\n[[a]]",
        "[a]\n[[a.b]]\n[[a.b]]\nc = 1\nc = 1",
        "= 1",
        "a = 1\u{b}",
    ] {
        assert_eq!(plain(text), None, "{text}");
    }
    // Nested as no policy is.
    let deep = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!((plain(&deep(32)).is_some(), plain(&deep(33))), (true, None));
    assert!(plain(&deep(1_000_000)).is_none());
    let keys = |keys: usize| (0..keys).map(|key| format!("k{key} = 1\n")).collect::<Vec<_>>().concat();
    assert_eq!((plain(&keys(64)).is_some(), plain(&keys(65))), (true, None));
}

/// TOML of lines that are mostly plain and often right.
fn toml_like() -> impl Strategy<Value = String> {
    let of = |texts: &[&'static str]| prop::sample::select(texts.to_vec());
    let usual = of(&["0", "12", "1.5", "2000-01-01", "2000-12-31 ", "true", "\"\"", "\"é – #\""]);
    let odd = of(&[
        "07",
        "1.",
        "-1",
        "1e3",
        "2000-13-01",
        "2000-01-01 10:00:00",
        "\"\\n\"",
        "'e'",
        "\"\"\"e\"\"\"",
        "{}",
        "\"\t\"",
    ]);
    let leaf = prop_oneof![30 => usual, 1 => odd].prop_map(str::to_owned);
    let value = leaf.prop_recursive(3, 8, 3, move |inner| {
        let comma = prop::sample::select(vec![",", ", ", " ,\n", ", # c\n"]);
        let array = (prop::collection::vec(inner.clone(), 0..3), comma, any::<bool>())
            .prop_map(|(values, comma, last)| format!("[{}{}]", values.join(comma), if last { "," } else { "" }));
        let keys = prop::collection::vec((prop::sample::select(vec!["a", "b", "c"]), inner), 1..3);
        let table = keys.prop_map(|pairs| {
            let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", pairs.join(", "))
        });
        prop_oneof![array, table]
    });
    let pair = (of(&["a", "b", "c", "d-e", "f_1", "2"]), of(&[" = ", "=", "\t= "]), value);
    let pair = pair.prop_map(|(key, equals, value)| format!("{key}{equals}{value}"));
    let header = of(&["[x]", "[y]", "[[v]]", "[[w]]", "[[v.c]]", "[[v.d]] # c", "[[w.c]]"]);
    let odd =
        of(&["[x.c]", "[ y ]", "[[a]]", "[[x.c]]", "a.b = 1", "\"a\" = 1", "x = 1", "v = []", "a", "\r", "]", "\u{0}"]);
    let (header, odd) = (header.prop_map(str::to_owned), odd.prop_map(str::to_owned));
    let line = prop_oneof![20 => pair, 12 => header, 2 => Just("# é".to_owned()), 1 => odd];
    let end = of(&["\n", "\n", "\n\n", " # c\n", "\r\n"]);
    prop::collection::vec((line, end), 0..8)
        .prop_map(|lines| lines.into_iter().flat_map(|(a, b)| [a, b.to_owned()]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn plain_text_says_what_the_crate_says(text in toml_like()) {
        if let Some(read) = plain(&text) {
            prop_assert_eq!(Some(read), toml::from_str::<toml::Table>(&text).ok(), "{:?}", text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A policy file with a few bytes changed says the same, or is left to the crate.
    #[test]
    fn a_changed_policy_says_what_the_crate_says(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
        file in any::<prop::sample::Index>(),
    ) {
        let mut text: Vec<char> = file.get(&files()[1..3]).chars().collect();
        let letters: Vec<char> = "ab01 .,=#\"'[]{}-_\\\n\r\t–\u{0}".chars().collect();
        for (place, letter) in changes {
            let place = place.index(text.len());
            text[place] = *letter.get(&letters);
        }
        let text: String = text.into_iter().collect();
        if let Some(read) = plain(&text) {
            prop_assert_eq!(Some(read), toml::from_str::<toml::Table>(&text).ok());
        }
        // What is read as a policy, the crate reads as one too.
        if from_str::<RawFile<'_>>(&text).is_some() {
            let read = toml::from_str::<RawFile<'_>>(&text);
            prop_assert!(read.is_ok(), "{:?}", read.err());
        }
    }
}
