//! Values by themselves: what is read prints as text that reads the same.

use adjudicate::claim::{ClaimStatus, Day, Decimal, Modifier, ProcedureCode};
use adjudicate::icd10::DiagnosisCode;
use toml::value::Datetime;

use super::{claim_lines, codes};

/// Reads the bytes as a value, an entry of a list of codes, or the fields of rows: the
/// first byte says which.
pub fn check(data: &[u8]) {
    match data {
        [choice, data @ ..] if choice % 3 == 0 => value(data),
        [choice, data @ ..] if choice % 3 == 1 => codes::check(data),
        [_, data @ ..] => claim_lines::fields(data),
        [] => {}
    }
}

/// Reads the bytes as everything that they might be.
fn value(data: &[u8]) {
    diagnosis(data);
    numbers(data);
    if let Some(code) = ProcedureCode::parse_head(data) {
        assert_eq!(ProcedureCode::parse_head(code.to_string().as_bytes()), Some(code));
    }
    if let Ok(text) = str::from_utf8(data) {
        texts(text);
    }
}

fn diagnosis(data: &[u8]) {
    let Some(code) = DiagnosisCode::parse(data) else { return };
    assert_eq!(DiagnosisCode::parse(code.dotted().as_bytes()), Some(code));
    assert_eq!(DiagnosisCode::parse(code.undotted().as_bytes()), Some(code));
    assert_eq!(code.undotted().len(), code.len());
    assert!((1..=8).contains(&code.len()) && code.is_prefix_of(code));
    assert_eq!(code.byte(code.len() - 1).is_some(), code.len() <= 8);
    assert_eq!(code.byte(code.len()), None);
}

fn numbers(data: &[u8]) {
    let plain = Decimal::parse(data);
    let dollars = Decimal::parse_dollars(data);
    if let Some(value) = plain {
        assert_eq!(dollars, plain, "dollars are written as numbers too");
        assert_eq!(Decimal::parse(value.to_string().as_bytes()), plain);
        near_float(data, value);
    }
    if let Some(value) = dollars {
        let mut text = Vec::new();
        value.write_dollars(&mut text);
        assert_eq!(Decimal::parse_dollars(&text), dollars);
        assert_eq!(Decimal::parse(&text), dollars);
        let bare: Vec<u8> = data.iter().copied().filter(|byte| !matches!(byte, b'$' | b',' | b' ' | b'\t')).collect();
        near_float(&bare, value);
    }
}

/// The standard library reads nearly the same number.
#[allow(clippy::cast_precision_loss)] // Nearly.
fn near_float(text: &[u8], value: Decimal) {
    let float: Option<f64> = str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok());
    let Some(float) = float else { return };
    let ours = value.ten_thousandths() as f64 / 10_000.0;
    assert!((float - ours).abs() <= 0.000_051 + ours.abs() * 1e-12, "{float} {ours}");
}

fn texts(text: &str) {
    let day = Day::parse_iso(text);
    if let Some(day) = day {
        assert_eq!(day.to_string(), text);
        let (year, month, date) = day.ymd();
        let whole = |value: u32| i8::try_from(value).expect("a month, or a day of one");
        let year = i16::try_from(year).expect("four digits");
        assert_eq!(Day::from_ymd(year, whole(month), whole(date)), Some(day));
        assert!(day.previous() < day);
    }
    // TOML has the same days.
    let is_day = |moment: &Datetime| moment.date.is_some() && moment.time.is_none() && moment.offset.is_none();
    let same = text.parse::<Datetime>().ok().filter(is_day);
    assert_eq!(day.is_some(), same.is_some(), "{text:?}");

    if let Some(code) = ProcedureCode::parse(text) {
        assert_eq!(ProcedureCode::parse(&code.to_string()), Some(code));
        assert_eq!(ProcedureCode::parse_head(text.trim().as_bytes()), Some(code));
        assert_eq!(code.len(), code.to_string().len());
        let mut written = Vec::new();
        code.write(&mut written);
        assert_eq!(written, code.to_string().into_bytes());
    }
    assert_eq!(Modifier::new(text), Modifier::new(&text.to_ascii_uppercase()));
    if let Some(status) = ClaimStatus::from_word(text) {
        assert_eq!(ClaimStatus::from_word(status.word()), Some(status));
    }
}
