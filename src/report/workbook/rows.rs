//! The rows: what they did not give, what could not be read, inputs and controls.

use rust_xlsxwriter::XlsxError;

use super::groups::{LINES, amounts_row, dollars, with_dollars};
use super::sheet::{Book, Cell, Column};
use crate::report::page::checks::{self, Figure};
use crate::report::{AmountsSummary, Manifest, Summary};
use crate::run::RowCounts;

pub(super) fn add(book: &mut Book, summary: &Summary, manifest: &Manifest) -> Result<(), XlsxError> {
    not_given(book, summary)?;
    let columns = vec![("Column", "blank where the row as a whole is at fault"), ("Reason", ""), ("Rows", "")];
    let rows = summary.rejects.iter();
    let rows = rows.map(|one| vec![Cell::text(&one.column), Cell::text(&one.reason), Cell::Count(one.rows)]);
    book.table("Rejects", "rows that could not be read; each is in rejects.csv", columns, rows, None)?;
    files(book, summary)?;
    controls(book, summary, manifest)
}

fn not_given(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let lacks = &summary.not_given;
    let rows = [
        ("Line of business", "commercial", &lacks.line_of_business),
        ("Units", "one", &lacks.units),
        ("Diagnosis pointers", "every diagnosis of the line examined", &lacks.diagnosis_pointers),
        ("Paid amount", "unknown: in no sum of dollars paid", &lacks.paid_amount),
    ];
    let rows = rows.map(|(value, taken_as, amounts)| amounts_row(value, taken_as, amounts));
    let columns = with_dollars(&[("Value", ""), ("Taken as", ""), LINES]);
    book.table("Not given", "lines without a value, and what was done", columns, rows, None)
}

fn files(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns: [Column; 6] = [
        ("Input", "as given"),
        ("Rows", ""),
        ("Out of scope", "rows"),
        ("Superseded", "rows"),
        ("Decided", "rows, to which the dollars belong"),
        ("Rejected", "rows"),
    ];
    let rows = summary.files.iter().map(|file| {
        let amounts = AmountsSummary { lines: file.counts.decided, dollars: file.dollars };
        file_row(&file.file, &file.counts, &amounts)
    });
    let counts = RowCounts {
        rows: summary.rows,
        out_of_scope: summary.out_of_scope,
        superseded: summary.superseded,
        decided: summary.decided,
        rejected: summary.rejected,
    };
    let total = file_row("All", &counts, &summary.total);
    book.table("Inputs", "rows and dollars by input, and in all", with_dollars(&columns), rows, Some(total))
}

fn file_row<'a>(name: &'a str, counts: &RowCounts, amounts: &AmountsSummary) -> Vec<Cell<'a>> {
    let counts =
        [counts.rows, counts.out_of_scope, counts.superseded, counts.decided, counts.rejected].map(Cell::Count);
    [Cell::text(name)].into_iter().chain(counts).chain(dollars(amounts)).collect()
}

fn controls(book: &mut Book, summary: &Summary, manifest: &Manifest) -> Result<(), XlsxError> {
    let cell = |figure: &Figure| match *figure {
        Figure::Rows(rows) => Cell::Count(rows),
        Figure::Dollars(dollars) => Cell::Dollars(dollars),
    };
    let checks = checks::of(summary, manifest);
    let rows = checks.iter().map(|check| {
        let result = if check.ties { "ties" } else { "DOES NOT TIE" };
        vec![Cell::text(&*check.control), cell(&check.one), cell(&check.other), Cell::text(result)]
    });
    let columns = vec![("Control", ""), ("One side", ""), ("The other", ""), ("Result", "")];
    book.table("Controls", "whether the totals tie, to the row and the cent", columns, rows, None)
}
