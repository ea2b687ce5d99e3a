//! Flagged lines: what was billed instead of a listed diagnosis, how the sample was
//! drawn, and the sampled lines.

use rust_xlsxwriter::XlsxError;

use super::groups::{LINES, dollars, with_dollars};
use super::sheet::{Book, Cell, Column};
use crate::report::decision::{COLUMNS, ColumnKind};
use crate::report::sample_csv::{BEFORE, BEHIND};
use crate::report::{Sample, Summary};
use crate::rules::RuleId;

pub(super) fn add(book: &mut Book, summary: &Summary, sample: &Sample) -> Result<(), XlsxError> {
    diagnoses(book, summary)?;
    strata(book, summary)?;
    let columns = BEFORE.into_iter().chain(COLUMNS).chain(BEHIND).map(|name| (name, says(name))).collect();
    let rows = sample.strata.iter().flat_map(|stratum| {
        let weight = stratum.weight();
        stratum.rows.iter().zip(1_u64..).map(move |(row, place)| {
            let before = [Cell::text(stratum.rule.rule().code), Cell::Count(place), Cell::Number(weight)];
            before.into_iter().chain(COLUMNS.iter().zip(row.columns()).map(|(name, text)| cell(name, text))).collect()
        })
    });
    book.table("Sample", "the sampled flagged lines, with the columns of sample.csv", columns, rows, None)
}

/// A column of the decisions by its type.
fn cell<'a>(name: &str, text: &'a str) -> Cell<'a> {
    match ColumnKind::of(name) {
        ColumnKind::Text => Cell::text(text),
        ColumnKind::Place => Cell::number(text, Cell::Place),
        ColumnKind::Day => Cell::day(text),
        ColumnKind::Number => Cell::number(text, Cell::Number),
        ColumnKind::Dollars => Cell::number(text, Cell::Dollars),
    }
}

fn says(column: &str) -> &'static str {
    match column {
        "stratum" | "rule" => "the rule that names the line",
        "place" => "its place in the random order of the rule's lines: the first so many are a sample too",
        "weight" => "for how many lines of the rule it stands",
        "source_file" => "the input that the line stands in, as given",
        "source_row" => "its row there, from 1, the header not counted",
        "diagnosis_codes" => "the diagnoses examined",
        "line_of_business" => "the program, or what was read where none is known by that name",
        "units" => "1 where none were given",
        "billed_amount" | "paid_amount" => "dollars; blank where unknown",
        "disposition" => "what the coded data gives reason to do: a recommendation",
        "rules" => "every rule with a finding on the line",
        "carc" => "suggested claim adjustment reason code",
        "rarc" => "suggested remittance advice remark code",
        "policy_id" => "the policy that put the line in scope",
        "policy_version" => "the version applied",
        "indication" => "the indication of the policy that is met",
        "detail" => "what only this line can tell",
        "verdict" | "note" => "for whoever reviews the line",
        _ => "",
    }
}

fn diagnoses(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns: [Column; 4] = [
        ("Rule", ""),
        ("Name", ""),
        ("Diagnosis", "the first of those examined; blank where the code table does not know it"),
        LINES,
    ];
    let rows = summary.diagnoses.iter().map(|one| {
        let first = [Cell::text(&one.rule), Cell::text(name(&one.rule)), Cell::text(&one.code)];
        first.into_iter().chain([Cell::Count(one.amounts.lines)]).chain(dollars(&one.amounts)).collect()
    });
    let told = "what was billed instead of a listed diagnosis: the most frequent of each rule";
    book.table("Diagnoses", told, with_dollars(&columns), rows, None)
}

fn strata(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns = vec![
        ("Rule", ""),
        ("Name", ""),
        ("Lines named", ""),
        ("In the sample", ""),
        ("Weight", "for how many lines of the rule each line of the sample stands"),
    ];
    let rows = summary.sample.strata.iter().map(|one| {
        let [rule, name] = [Cell::text(&one.rule), Cell::text(name(&one.rule))];
        vec![rule, name, Cell::Count(one.lines), Cell::Count(one.sampled), Cell::Number(one.weight)]
    });
    let total =
        vec![Cell::text("All"), Cell::Blank, Cell::Count(summary.sample.flagged), Cell::Count(summary.sample.lines)];
    book.table("Strata", "how the sample of flagged lines was drawn, rule by rule", columns, rows, Some(total))
}

fn name(rule: &str) -> &'static str {
    RuleId::from_code(rule).map_or("", |rule| rule.rule().name)
}
