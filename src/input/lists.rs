//! Fields that hold several values: diagnoses, modifiers, pointers.

use crate::claim::{Diagnosis, DiagnosisText, Modifier};
use crate::icd10::DiagnosisCode;

/// The values of a list field: `;` `|` `,` `^` `:` and white space separate them.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (token, behind) = first_token(rest);
            rest = behind;
            if !token.is_empty() {
                return Some(token);
            }
        }
        None
    })
}

/// The text before the first separator, and the text behind it.
#[inline]
fn first_token(text: &str) -> (&str, &str) {
    // Letters outside ASCII are rare, and only some of them are white space.
    match text.bytes().position(|byte| SEPARATES.get(usize::from(byte)).copied().unwrap_or_default()) {
        None => (text, ""),
        Some(at) if text.as_bytes().get(at).is_some_and(u8::is_ascii) => cut(text, at, 1),
        Some(_) => {
            let other = |c: char| is_separator(c) || c.is_whitespace();
            match text.char_indices().find(|(_, c)| other(*c)) {
                Some((at, c)) => cut(text, at, c.len_utf8()),
                None => (text, ""),
            }
        }
    }
}

const fn is_separator(c: char) -> bool {
    matches!(c, ';' | '|' | ',' | '^' | ':' | ' ' | '\t'..='\r')
}

/// Bytes that separate values, or may be part of a letter that does.
const SEPARATES: [bool; 256] = {
    let mut separates = [false; 256];
    let mut byte: u8 = 0;
    loop {
        separates[byte as usize] = !byte.is_ascii() || is_separator(byte as char);
        if byte == u8::MAX {
            break separates;
        }
        byte += 1;
    }
};

fn cut(text: &str, at: usize, separator: usize) -> (&str, &str) {
    (text.get(..at).unwrap_or_default(), text.get(at + separator..).unwrap_or_default())
}

/// Whether a token is a diagnosis, and not the qualifier that a claim form puts
/// before one, or nothing but dots.
fn is_diagnosis(token: &str) -> bool {
    match token.as_bytes() {
        [_, _] | [_, _, _] => {
            !["ABK", "ABF", "BK", "BF"].iter().any(|qualifier| token.eq_ignore_ascii_case(qualifier))
                && token.bytes().any(|byte| byte != b'.')
        }
        bytes => bytes.iter().any(|byte| *byte != b'.'),
    }
}

/// Reads a list of diagnoses: the n-th code has the number n.
pub(super) fn push_list<'a>(text: &'a str, diagnoses: &mut Vec<Diagnosis<'a>>) {
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        // Codes beyond the 254th share a number that nothing points at.
        let slot = u8::try_from(diagnoses.len() + 1).unwrap_or(u8::MAX);
        if let Some((code, taken)) = plain_code(rest) {
            diagnoses.push(Diagnosis { slot, text: DiagnosisText::Code(code) });
            at += taken;
            continue;
        }
        let (token, behind) = first_token(text.get(at..).unwrap_or_default());
        if is_diagnosis(token) {
            diagnoses.push(Diagnosis { slot, text: DiagnosisText::read(token) });
        }
        at = text.len() - behind.len();
    }
}

/// A code that stands at the head of a list as codes mostly do, and how many bytes it takes
/// with its separator. `None` says nothing of other codes.
#[inline]
fn plain_code(list: &[u8]) -> Option<(DiagnosisCode, usize)> {
    let (code, length) = DiagnosisCode::parse_head(list)?;
    // Short ones may be qualifiers.
    if code.len() <= 3 {
        return None;
    }
    match list.get(length) {
        None => Some((code, length)),
        Some(byte) if byte.is_ascii() && is_separator(char::from(*byte)) => Some((code, length + 1)),
        Some(_) => None,
    }
}

/// Reads a numbered diagnosis column. Should it hold several codes, all of them
/// have its number.
pub(super) fn push_numbered<'a>(slot: u8, text: &'a str, diagnoses: &mut Vec<Diagnosis<'a>>) {
    let codes = tokens(text).filter(|token| is_diagnosis(token));
    diagnoses.extend(codes.map(|token| Diagnosis { slot, text: DiagnosisText::read(token) }));
}

/// Adds modifiers; the caller sorts them.
pub(super) fn push_modifiers(text: &str, modifiers: &mut impl Extend<Modifier>) {
    modifiers.extend(tokens(text).map(Modifier::new));
}

/// Reads diagnosis pointers: whether there are any, and the slots that they
/// reach, in their order, each once. `None` where one cannot be read.
pub(super) fn pointers(text: &str, diagnoses: &[Diagnosis<'_>], pointed: &mut Vec<u8>) -> Option<bool> {
    if text.is_empty() {
        return Some(false);
    }
    let filled =
        |slot: u32| diagnoses.iter().any(|diagnosis| u32::from(diagnosis.slot) == slot && slot < u32::from(u8::MAX));
    let mut point = |slot: u32| {
        if let Ok(slot) = u8::try_from(slot)
            && filled(u32::from(slot))
            && !pointed.contains(&slot)
        {
            pointed.push(slot);
        }
    };
    let mut any = false;
    for token in tokens(text) {
        any = true;
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = token.parse().unwrap_or(u32::MAX);
            if filled(number) {
                point(number);
            } else if token.bytes().all(|digit| filled(u32::from(digit - b'0'))) {
                token.bytes().for_each(|digit| point(u32::from(digit - b'0')));
            }
        } else if token.bytes().all(|byte| matches!(byte.to_ascii_uppercase(), b'A'..=b'Y')) {
            token.bytes().for_each(|letter| point(u32::from(letter.to_ascii_uppercase() - b'A') + 1));
        } else {
            return None;
        }
    }
    Some(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointed(text: &str, codes: &str) -> Option<Vec<u8>> {
        let mut diagnoses = Vec::new();
        push_list(codes, &mut diagnoses);
        let mut slots = Vec::new();
        pointers(text, &diagnoses, &mut slots).map(|_| slots)
    }

    #[test]
    fn pointers_of_every_kind() {
        let four = "C41.2;C79.51;C90.00;D18.09";
        for (text, expected) in [
            ("", vec![]),
            ("A", vec![1]),
            ("ac", vec![1, 3]),
            ("2", vec![2]),
            ("134", vec![1, 3, 4]),
            ("4:1", vec![4, 1]),
            ("1 1 A", vec![1]),
            ("9", vec![]),
            ("15", vec![]),
            ("10", vec![]),
            ("Y", vec![]),
            ("99999999999", vec![]),
        ] {
            assert_eq!(pointed(text, four), Some(expected), "{text}");
        }
        for text in ["Z", "A1", "-1", "1.0", "*"] {
            assert_eq!(pointed(text, four), None, "{text}");
        }
        let twelve = ["C41.2"; 12].join(";");
        let thirty = ["C41.2"; 30].join(";");
        assert_eq!(pointed("26", &thirty), Some(vec![26]), "letters end at 25, numbers do not");
        assert_eq!(pointed("12", &twelve), Some(vec![12]), "a number before its digits");
    }

    #[test]
    fn qualifiers_and_empties_take_no_number() {
        let mut diagnoses = Vec::new();
        push_list(" ABK:M80.08XA ; ; abf:c412|,.", &mut diagnoses);
        let printed: Vec<_> = diagnoses
            .iter()
            .map(|diagnosis| {
                let mut text = Vec::new();
                diagnosis.text.write(&mut text);
                (diagnosis.slot, String::from_utf8(text).unwrap())
            })
            .collect();
        assert_eq!(printed, [(1, "M80.08XA".to_owned()), (2, "C41.2".to_owned())]);
    }
}
