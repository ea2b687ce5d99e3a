//! Ranges of codes as guidelines print them: `M80.08XA – M80.08XS`.
//!
//! A range is every code of the *table* between its ends, bytewise and without
//! dots. Two other readings look right and are wrong: counting letters from A to S
//! invents seventh characters that no code has, and a list that also holds headers
//! gives codes that nobody may bill.

use super::{CodeIndex, CodeRange, DiagnosisCode, Icd10, Missing, RangeEnd, RangeError, Unreadable};

/// Words that stand between two ends, upper-cased. Neither can be part of an
/// ICD-10-CM code, whose letter O is never but the first character.
const WORDS: [&str; 2] = ["THROUGH", "TO"];

/// The codes of one entry, in order: a range, or a single code.
///
/// The ends stand around a hyphen or a dash of any length, `to`, or `through`.
/// Dots, blanks and case do not matter. Both ends must be codes of the table, of
/// whatever days; they need not be of one length. Note that a code that was
/// subdivided later ends the range before its subdivisions: name the last of those
/// instead.
///
/// `sevenths` narrows the range to codes whose seventh character is one of these
/// (blanks, commas and case do not matter); shorter codes drop out.
///
/// # Errors
///
/// The entry cannot be read, an end is not in the table, the ends are not in
/// order, or narrowing leaves nothing. The message gives the reason; the caller
/// knows the file and the entry.
pub fn expand(entry: &str, sevenths: Option<&str>, table: &Icd10) -> Result<Vec<CodeIndex>, RangeError> {
    let range = expand_all(entry, table)?;
    match sevenths {
        None => Ok(range.collect()),
        Some(sevenths) => narrowed(&range, sevenths, table),
    }
}

/// The codes of one entry that nothing narrows, as neighbouring places: what
/// [`expand`] gives without `sevenths`, and no work for each code.
///
/// # Errors
///
/// As [`expand`].
pub fn expand_all(entry: &str, table: &Icd10) -> Result<CodeRange, RangeError> {
    if let Some(range) = found(plain_ends(entry), table) {
        return Ok(range);
    }
    let (first, last) = read(entry)?;
    table.range(&first, &last)
}

/// The codes of many entries, as [`expand_all`] gives them; `None` for those that
/// are not plainly a code, or two with a dash between them, of the table.
///
/// Lists are long, and most of their entries are plain. Where they are looked up
/// together, the processor waits for many places of the table at a time.
pub fn expand_plain<'e>(entries: impl Iterator<Item = &'e str>, table: &Icd10) -> Vec<Option<CodeRange>> {
    let ends: Vec<_> = entries.map(plain_ends).collect();
    ends.into_iter().map(|ends| found(ends, table)).collect()
}

/// The ends of an entry that is plainly a code, or two with a dash between them.
fn plain_ends(entry: &str) -> Option<(DiagnosisCode, DiagnosisCode)> {
    // Seven characters and a dot.
    if entry.len() <= 8 {
        let code = DiagnosisCode::parse(entry.as_bytes())?;
        return Some((code, code));
    }
    let (first, last) = entry.split_once('–').or_else(|| entry.split_once('-'))?;
    DiagnosisCode::parse(first.as_bytes()).zip(DiagnosisCode::parse(last.as_bytes()))
}

fn found(ends: Option<(DiagnosisCode, DiagnosisCode)>, table: &Icd10) -> Option<CodeRange> {
    let (first, last) = ends?;
    let start = table.find(&first)?;
    let end = if last == first { start } else { table.find(&last)? };
    (start <= end).then(|| CodeRange::through(start, end))
}

fn narrowed(range: &CodeRange, sevenths: &str, table: &Icd10) -> Result<Vec<CodeIndex>, RangeError> {
    let wanted = read_sevenths(sevenths)?;
    let is_wanted = |index: &CodeIndex| table.code(*index).seventh().is_some_and(|byte| wanted.contains(&byte));
    let codes: Vec<_> = range.clone().filter(is_wanted).collect();
    if codes.is_empty() {
        let end = |place: Option<CodeIndex>| place.map_or(DiagnosisCode::EMPTY, |place| table.code(place));
        let (first, last) = (end(range.clone().next()), end(range.clone().next_back()));
        return Err(RangeError::NothingLeft { first, last, sevenths: sevenths.to_owned() });
    }
    Ok(codes)
}

/// The places of two ends. Refuses ends that are not codes of the table, or not
/// in order.
pub(super) fn find_ends(
    table: &Icd10,
    first: DiagnosisCode,
    last: DiagnosisCode,
) -> Result<(CodeIndex, CodeIndex), RangeError> {
    let find = |code: DiagnosisCode, end: RangeEnd| {
        table.find(&code).ok_or_else(|| {
            let why = match written_out(table, first, code) {
                Some(full) => Missing::Abbreviated(full),
                None => Missing::explain(table, code),
            };
            RangeError::NotInTable { end, code, why }
        })
    };
    let [start, end] = if first == last { [RangeEnd::Both; 2] } else { [RangeEnd::Start, RangeEnd::End] };
    let ends = (find(first, start)?, find(last, end)?);
    if last < first { Err(RangeError::Reversed { first, last }) } else { Ok(ends) }
}

/// The code that an end stands for where it gives only the characters in which it
/// differs from the start, as in `M80.08XA-S`.
fn written_out(table: &Icd10, first: DiagnosisCode, end: DiagnosisCode) -> Option<DiagnosisCode> {
    let kept = first.len().checked_sub(end.len()).filter(|kept| *kept > 0)?;
    let full = first.continued(kept, end.undotted().as_bytes())?;
    table.find(&full).map(|_| full)
}

/// The two ends of an entry; a single code is both.
fn read(entry: &str) -> Result<(DiagnosisCode, DiagnosisCode), Unreadable> {
    let text: String = entry.chars().filter(|c| !is_blank(*c)).map(plain).collect();
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    let Some((first, last)) = split(&text) else {
        let code = read_code(&text)?;
        return Ok((code, code));
    };
    match (first, last) {
        ("", _) => Err(Unreadable::NoStart),
        (_, "") => Err(Unreadable::NoEnd),
        _ if split(first).or(split(last)).is_some() => Err(Unreadable::ThirdEnd),
        _ => Ok((read_code(first)?, read_code(last)?)),
    }
}

/// Splits at a run of hyphens, else at a word.
fn split(text: &str) -> Option<(&str, &str)> {
    if let Some((first, last)) = text.split_once('-') {
        return Some((first, last.trim_start_matches('-')));
    }
    WORDS.iter().find_map(|word| text.split_once(word))
}

fn read_code(text: &str) -> Result<DiagnosisCode, Unreadable> {
    DiagnosisCode::parse(text.as_bytes())
        .filter(|code| code.undotted().bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or_else(|| Unreadable::NotACode(text.to_owned()))
}

fn read_sevenths(text: &str) -> Result<Vec<u8>, RangeError> {
    let wanted: Vec<_> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b',')
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    if wanted.is_empty() || !wanted.iter().all(u8::is_ascii_alphanumeric) {
        return Err(RangeError::Sevenths(text.to_owned()));
    }
    Ok(wanted)
}

/// Blanks, and two characters that are copied out of documents unseen.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// Upper case, and one hyphen for all that look like one.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c.to_ascii_uppercase(),
    }
}
