//! `adjudicate icd10`: codes and ranges as of a day.

use serde::Serialize;

use adjudicate::claim::Day;
use adjudicate::icd10::{CodeIndex, DiagnosisCode, Icd10, RangeEnd, RangeError, Status as CodeStatus, expand};

use super::arguments::Icd10Arguments;
use super::exit::{Failure, Status};
use super::page::{self, Cell, Page, STRONG};
use super::text::{count, plural};
use super::words;

/// How many completions of a code a page names.
const COMPLETIONS: usize = 40;

/// What a code is on the day.
#[derive(Debug, Serialize)]
struct CodeAnswer {
    code: String,
    status: &'static str,
    valid_from: Option<String>,
    valid_to: Option<String>,
    /// Billable codes that begin with it, where it is incomplete.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    completions: Vec<String>,
    /// What the table has instead, where it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// One entry of the command line.
#[derive(Debug, Serialize)]
struct EntryAnswer {
    entry: String,
    codes: Vec<CodeAnswer>,
}

/// The table itself.
#[derive(Debug, Serialize)]
struct TableAnswer {
    edition: String,
    first_day: String,
    last_day: String,
    codes: usize,
    in_force: Vec<InForce>,
}

#[derive(Debug, Serialize)]
struct InForce {
    date: String,
    codes: usize,
}

/// Looks codes up.
pub(crate) fn icd10(arguments: &Icd10Arguments) -> Result<Status, Failure> {
    let table = Icd10::embedded()?;
    let Some(day) = arguments.date.filter(|_| !arguments.entries.is_empty()) else {
        return about(&table, arguments);
    };
    let answers: Vec<_> =
        arguments.entries.iter().map(|entry| look_up(entry, day, &table)).collect::<Result<_, _>>()?;
    if arguments.json {
        page::write_json(&answers)?;
    } else {
        show(&answers, day, &table).print()?;
    }
    Ok(Status::Complete)
}

/// A code, or every code of a range.
fn look_up(entry: &str, day: Day, table: &Icd10) -> Result<EntryAnswer, Failure> {
    let codes = match expand(entry, None, table) {
        Ok(range) => range.into_iter().map(|index| code_answer(table.code(index), day, table)).collect(),
        // Not in the table: it may be incomplete, or unknown.
        Err(RangeError::NotInTable { end: RangeEnd::Both, code, why }) => {
            let mut answer = code_answer(code, day, table);
            answer.hint = (answer.status == words::status(CodeStatus::Unknown)).then(|| why.to_string());
            vec![answer]
        }
        Err(error) => {
            return Err(Failure::told(format!("\"{entry}\": {error} (a range is one argument: quote it)")));
        }
    };
    Ok(EntryAnswer { entry: entry.to_owned(), codes })
}

fn code_answer(code: DiagnosisCode, day: Day, table: &Icd10) -> CodeAnswer {
    let status = table.status(&code, day);
    let validity = table.find(&code).map(|index| table.validity(index));
    let completions = match status {
        CodeStatus::Incomplete => names(table.completions(&code, day), table),
        _ => Vec::new(),
    };
    CodeAnswer {
        code: code.to_string(),
        status: words::status(status),
        valid_from: validity.map(|(from, _)| from.to_string()),
        valid_to: validity.and_then(|(_, to)| to).map(|day| day.to_string()),
        completions,
        hint: None,
    }
}

fn names(codes: impl Iterator<Item = CodeIndex>, table: &Icd10) -> Vec<String> {
    codes.map(|index| table.code(index).to_string()).collect()
}

fn show(answers: &[EntryAnswer], day: Day, table: &Icd10) -> Page {
    let mut page = Page::default();
    let row = |one: &CodeAnswer| [Cell::styled(STRONG, one.code.as_str()), one.status.into(), about_code(one).into()];
    // Single codes that follow one another are one table.
    for group in answers.chunk_by(|a, b| a.codes.len() == 1 && b.codes.len() == 1) {
        if let [EntryAnswer { entry, codes }] = group
            && codes.len() > 1
        {
            let billable = codes.iter().filter(|one| one.status == words::BILLABLE).count();
            let codes_of = plural(codes.len(), "code");
            page.heading(&format!("{entry}: {codes_of}, {} billable on {day}", count(billable as u64)));
            page.table(2, &codes.iter().map(row).collect::<Vec<_>>());
        } else {
            page.gap();
            page.table(0, &group.iter().flat_map(|one| &one.codes).map(row).collect::<Vec<_>>());
        }
    }
    page.gap();
    page.paragraph(0, &format!("As of {day}. Table: {}.", table.edition()));
    if day < table.first_day() || table.last_day() < day {
        page.paragraph(
            0,
            &format!("The table covers {} to {}: this day lies outside.", table.first_day(), table.last_day()),
        );
    }
    page
}

/// What there is to say of a code beside its status.
fn about_code(answer: &CodeAnswer) -> String {
    let mut words = Vec::new();
    match (&answer.valid_from, &answer.valid_to) {
        (Some(from), Some(to)) => words.push(format!("{from} to {to}")),
        (Some(from), None) => words.push(format!("since {from}")),
        (None, _) => {}
    }
    if !answer.completions.is_empty() {
        let shown: Vec<_> = answer.completions.iter().take(COMPLETIONS).map(String::as_str).collect();
        let more = answer.completions.len() - shown.len();
        let more = if more > 0 { format!(" and {} more (--json has all)", count(more as u64)) } else { String::new() };
        words.push(format!("{}: {}{more}", plural(answer.completions.len(), "completion"), shown.join(", ")));
    }
    words.extend(answer.hint.clone());
    words.join("; ")
}

/// The edition, and how many codes were in force: on a day, or in each fiscal
/// year (which begins in October).
fn about(table: &Icd10, arguments: &Icd10Arguments) -> Result<Status, Failure> {
    let days = arguments.date.map_or_else(|| fiscal_years(table), |day| vec![day]);
    let in_force = |day: &Day| InForce { date: day.to_string(), codes: table.count_in_force(*day) };
    let answer = TableAnswer {
        edition: table.edition().to_owned(),
        first_day: table.first_day().to_string(),
        last_day: table.last_day().to_string(),
        codes: table.len(),
        in_force: days.iter().map(in_force).collect(),
    };
    if arguments.json {
        page::write_json(&answer)?;
        return Ok(Status::Complete);
    }
    let mut page = Page::default();
    page.named(0, 10, "Edition", &answer.edition);
    page.named(0, 10, "Days", &format!("{} to {}", answer.first_day, answer.last_day));
    page.named(0, 10, "Codes", &format!("{} that were billable on any of them", count(answer.codes as u64)));
    page.heading("In force on");
    let rows: Vec<_> =
        answer.in_force.iter().map(|one| [one.date.as_str().into(), count(one.codes as u64).into()]).collect();
    page.table(2, &rows);
    page.print()?;
    Ok(Status::Complete)
}

/// The first day of every fiscal year that the table covers.
fn fiscal_years(table: &Icd10) -> Vec<Day> {
    let (first, ..) = table.first_day().ymd();
    let (last, ..) = table.last_day().ymd();
    let begins = |year: i32| Day::from_ymd(i16::try_from(year).ok()?, 10, 1);
    (first..=last).filter_map(begins).filter(|day| table.first_day() <= *day && *day <= table.last_day()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(entry: &str, day: &str) -> Vec<CodeAnswer> {
        look_up(entry, Day::parse_iso(day).unwrap(), &Icd10::embedded().unwrap()).unwrap().codes
    }

    #[test]
    fn a_code_is_what_it_is_on_the_day() {
        let status = |code: &str, day: &str| answers(code, day).first().map(|one| one.status);
        assert_eq!(status("m8008xa", "2026-03-01"), Some("billable"));
        assert_eq!(status("M80.08", "2026-03-01"), Some("incomplete"));
        assert_eq!(status("M54.5", "2021-09-30"), Some("billable"));
        assert_eq!(status("M54.5", "2021-10-01"), Some("incomplete"));
        assert_eq!(status("M54.50", "2021-09-30"), Some("not valid on the date"));
        assert_eq!(status("724.2", "2026-03-01"), Some("unknown"));
    }

    #[test]
    fn unknown_codes_have_a_hint_and_ranges_their_codes() {
        let hint = |code: &str| answers(code, "2026-03-01").remove(0).hint.unwrap_or_default();
        assert_eq!(hint("M80.08ZZ"), "the nearest codes are M80.08XS and M80.0AXA");
        assert!(hint("Z").contains("codes begin with it"), "{}", hint("Z"));
        assert_eq!(hint("M80.08"), "");
        assert_eq!(answers("M80.08XA - M80.08XS", "2026-03-01").len(), 6);
        assert!(look_up("M80.08XS-M80.08XA", Day::from_days(0), &Icd10::embedded().unwrap()).is_err());
    }
}
