//! What the workbook is, what made it, and what its sheets and columns say.

use rust_xlsxwriter::XlsxError;

use super::sheet::{Book, Cell, Column, Told};
use crate::report::{PageSource, words};

/// How many inputs and policies are told with their digests.
const FILES: usize = 200;

const RECOMMENDATION: &str = "A recommendation from coded data. It does not say that a service was, or was not, \
    medically necessary: a listed diagnosis supports that and proves nothing. Before money is asked back, a sample of \
    charts should be reviewed.";
const TEXTS: &str = "Claims, providers and codes are text, so that no zero and no digit is lost. No cell is a formula. \
    Text that a spreadsheet would run if it came out of this workbook as CSV has ' before it, which is not part of it.";

pub(super) fn add(book: &mut Book, source: &PageSource<'_>) -> Result<(), XlsxError> {
    let PageSource { summary, manifest, .. } = *source;
    let mut rows: Vec<[String; 3]> = Vec::new();
    let mut add = |of: &str, entry: &str, says: String| rows.push([of.to_owned(), entry.to_owned(), says]);
    add("Workbook", "What it is", RECOMMENDATION.to_owned());
    add("Workbook", "Text", TEXTS.to_owned());
    let dollars = "Exposure is what was paid on denied lines, reversals netted. A line counts once, for the rule that \
                   names it. Dollars are those of decided lines.";
    add("Workbook", "Dollars", dollars.to_owned());
    let most = format!(
        "{} of {} flagged lines, drawn with seed {}; the decisions have every line.",
        words::count(summary.sample.lines),
        words::count(summary.sample.flagged),
        summary.sample.seed,
    );
    add("Workbook", "Sample", most);
    for left in &book.left_out {
        add("Workbook", "Left out", format!("{left}: summary.json and sample.csv have all"));
    }
    if book.cut > 0 {
        let cut = words::count(book.cut);
        add("Workbook", "Cut", format!("{cut} texts are longer than a cell has room for: the other files have them."));
    }

    add("Run", "Program", format!("{} {}", manifest.program.name, manifest.program.version));
    add("Run", "Begun", crate::report::page::moment(&manifest.started));
    add("Run", "Code table", summary.icd10cm.clone());
    add("Run", "Layout", manifest.layout.name.clone());
    if let Some(dates) = &summary.service_dates {
        add("Run", "Service dates", format!("{} to {}", dates.first, dates.last));
    }
    for option in words::options(&manifest.options) {
        add("Option", option.name, option.value);
    }
    let digest = manifest.digest.name();
    for input in manifest.inputs.iter().take(FILES) {
        let bytes = words::count(input.bytes);
        add("Input", &input.name, format!("{bytes} bytes, {digest} {}", input.digest));
    }
    for policy in manifest.policies.iter().take(FILES) {
        add("Policy file", &policy.origin, format!("{} bytes, {digest} {}", words::count(policy.bytes), policy.digest));
    }
    let more = manifest.inputs.len().saturating_sub(FILES) + manifest.policies.len().saturating_sub(FILES);
    if more > 0 {
        add("Run", "Left out", format!("{more} more inputs and policy files are in manifest.json"));
    }
    for policy in summary.policies.iter().take(FILES) {
        add("Policy", &policy.id, format!("{}. {}. {}", policy.title, policy.publisher, policy.source));
        for limitation in &policy.limitations {
            add("Claim data cannot show", &policy.id, limitation.clone());
        }
    }
    for told in &book.told {
        add(told.name, "The sheet", told.says.to_owned());
    }
    for ((column, says), sheets) in columns(&book.told) {
        add(&sheets.join(", "), column, says.to_owned());
    }
    let columns = vec![("Of", ""), ("Entry", ""), ("What it says", "")];
    let rows = rows.into_iter().map(|row| row.map(Cell::text).into());
    book.table("About", "", columns, rows, None)
}

/// What columns say, each with the sheets in which it says so.
fn columns(told: &[Told]) -> Vec<(Column, Vec<&'static str>)> {
    let mut all: Vec<(Column, Vec<&str>)> = Vec::new();
    for sheet in told {
        for column in sheet.columns.iter().filter(|(_, says)| !says.is_empty()) {
            match all.iter_mut().find(|(known, _)| known == column) {
                Some((_, sheets)) => sheets.push(sheet.name),
                None => all.push((*column, vec![sheet.name])),
            }
        }
    }
    all
}
