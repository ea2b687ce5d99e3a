//! What is plain says what the crate says.

use std::fs;

use proptest::prelude::*;

use super::any::plain;
use super::plain_length;
use crate::policy::embedded_policies;
use crate::policy::raw::RawFile;

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
        assert_eq!(RawFile::plain(&text), toml::from_str(&text).ok());
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
}

/// A change of a file.
#[derive(Clone, Debug)]
enum Change {
    /// Another character at a place.
    Letter(prop::sample::Index, char),
    /// A line is not there, is there twice, or stands elsewhere.
    Line(prop::sample::Index, Option<prop::sample::Index>, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let letters: Vec<char> = "ab01 .,=#\"'[]{}-_\\\n\r\t–\u{0}".chars().collect();
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), prop::sample::select(letters)).prop_map(|(place, letter)| Change::Letter(place, letter)),
        (place(), prop::option::of(place()), any::<bool>()).prop_map(|(from, to, stays)| Change::Line(from, to, stays)),
    ]
}

impl Change {
    fn make(&self, text: &str) -> String {
        match self {
            Self::Letter(place, letter) => {
                let mut letters: Vec<char> = text.chars().collect();
                let place = place.index(letters.len());
                letters[place] = *letter;
                letters.into_iter().collect()
            }
            Self::Line(from, to, stays) => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                let from = from.index(lines.len());
                let line = if *stays { lines[from] } else { lines.remove(from) };
                if let Some(to) = to {
                    lines.insert(to.index(lines.len()), line);
                }
                lines.concat()
            }
        }
    }
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
    #[test]
    fn a_string_goes_up_to_what_does_not_stand_for_itself(mut bytes in prop::collection::vec(0x18_u8..=0xFF, 0..40), odd in 0..5_usize) {
        let naive = |bytes: &[u8]| bytes.iter().take_while(|byte| !(**byte < 0x20 || b"\"\\\x7F".contains(byte))).count();
        prop_assert_eq!(plain_length(&bytes), naive(&bytes));
        for byte in &mut bytes {
            *byte = (*byte).max(b'#');
        }
        bytes.extend(b"\"\\\x7F\x00\x1F".get(odd));
        bytes.extend([0, b'"', 1]);
        prop_assert_eq!(plain_length(&bytes), naive(&bytes));
    }
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

    /// A policy file with a few changes says the same, or is left to the crate.
    #[test]
    fn a_changed_policy_says_what_the_crate_says(changes in prop::collection::vec(change(), 1..4), file in any::<prop::sample::Index>()) {
        let mut text = file.get(&files()[1..3]).clone();
        for change in changes {
            text = change.make(&text);
        }
        if let Some(read) = plain(&text) {
            prop_assert_eq!(Some(read), toml::from_str::<toml::Table>(&text).ok());
        }
        if let Some(read) = RawFile::plain(&text) {
            prop_assert_eq!(Ok(read), toml::from_str::<RawFile<'_>>(&text));
        }
    }
}
