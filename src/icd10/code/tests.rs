//! Codes as they are written, compared and printed.

use proptest::prelude::*;

use super::*;

fn code(text: &str) -> DiagnosisCode {
    DiagnosisCode::parse(text.as_bytes()).unwrap()
}

#[test]
fn dots_blanks_and_case_do_not_matter() {
    for text in ["M80.08XA", "m8008xa", " M80.08xA\r\n", "M.8.0.0.8.X.A."] {
        let code = code(text);
        assert_eq!(code.to_string(), "M80.08XA", "{text:?}");
        assert_eq!(code.undotted().as_str(), "M8008XA", "{text:?}");
        assert_eq!(code.len(), 7, "{text:?}");
    }
}

#[test]
fn a_code_begins_with_all_that_it_completes() {
    let texts = |text| code(text).beginnings().map(|code| code.to_string()).collect::<Vec<_>>();
    assert_eq!(texts("C41.2"), ["C", "C4", "C41", "C41.2"]);
    assert_eq!(texts("ABC.DEFGH").last().map(String::as_str), Some("ABC.DEFGH"));
    assert!(code("M80.08XA").beginnings().all(|one| one.is_prefix_of(code("M80.08XA"))));
}

#[test]
fn the_dot_stands_only_before_a_fourth_character() {
    for (text, printed) in [("C", "C"), ("c41", "C41"), ("C412", "C41.2"), ("ABCDEFGH", "ABC.DEFGH")] {
        assert_eq!(code(text).to_string(), printed);
    }
}

#[test]
fn text_that_cannot_be_a_code_is_refused() {
    for text in ["", " ", "...", "M80 08XA", "M80.08XAXX", "M80.08X\u{c4}", "M80\0"] {
        assert_eq!(DiagnosisCode::parse(text.as_bytes()), None, "{text:?}");
    }
}

#[test]
fn characters_are_counted_without_the_dot() {
    let code = code("M48.57XG");
    assert_eq!((code.byte(0), code.byte(4), code.byte(7)), (Some(b'M'), Some(b'7'), None));
    assert_eq!((code.seventh(), DiagnosisCode::parse(b"C79.51").unwrap().seventh()), (Some(b'G'), None));
}

#[test]
fn values_pad_as_text_does() {
    assert_eq!(format!("[{:<8}] [{:>6}]", code("C412"), code("C412").undotted()), "[C41.2   ] [  C412]");
}

proptest! {
    #[test]
    fn a_plain_head_is_read_as_any_is(text in "[A-Za-z0-9.]{0,9}[;, @\\[{/:\u{e9}\u{1}]?[A-Za-z0-9.;\u{e9}]{0,9}") {
        let any = DiagnosisCode::parse_any_head(text.as_bytes());
        let plain = DiagnosisCode::parse_plain_head(text.as_bytes());
        prop_assert!(plain.is_none() || plain == any, "{}: {:?}, {:?}", text, plain, any);
        let taken = any.map_or(0, |(_, taken)| taken);
        let is_plain = taken <= 8 && text.len() >= 4 && text[..taken].matches('.').count() <= 1;
        prop_assert!(plain.is_some() || any.is_none() || !is_plain, "{}", text);
    }

    #[test]
    fn a_code_is_its_upper_cased_text(a in "[0-9A-Za-z]{1,8}", b in "[0-9A-Za-z]{1,8}") {
        let (one, other) = (code(&a), code(&b));
        let (a, b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
        prop_assert_eq!(one.undotted().to_string(), &a[..]);
        prop_assert_eq!(one.len(), a.len());
        prop_assert_eq!(one.cmp(&other), a.cmp(&b));
        prop_assert_eq!(one.is_prefix_of(other), b.starts_with(&a));
        prop_assert_eq!(code(&one.to_string()), one);
        prop_assert!(one.is_prefix_of(one.last_with_prefix()));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..16)) {
        if let Some(code) = DiagnosisCode::parse(&bytes) {
            prop_assert_eq!(DiagnosisCode::parse(code.dotted().as_bytes()), Some(code));
        }
    }
}
