//! Rejects, superseded lines, the shadow's changed lines and the history, counted anew.

use std::collections::BTreeMap;
use std::path::Path;

use adjudicate::claim::Decimal;
use adjudicate::report::{Amounts, DecisionFormat, Dollars, SupersededRow};
use adjudicate::run::{HistoryRun, ShadowOutcome};

use super::decisions::entry;
use super::figures::{Figure, Figures};
use crate::cli::exit::Failure;
use crate::cli::finished::Rows;

/// Rows of a file by the input that they come from.
pub(super) type ByFile = BTreeMap<String, u64>;

/// Shows some columns of a CSV file's rows.
fn each(
    folder: &Path,
    name: &str,
    columns: &[&str],
    safe: bool,
    see: &mut dyn FnMut(&[String]) -> Result<(), &'static str>,
) -> Result<(), Failure> {
    let path = folder.join(name);
    let mut reading = Rows::new(&path, DecisionFormat::Csv).spreadsheet_safe(safe).read(columns)?;
    let mut row = Vec::new();
    while reading.next(&mut row)? {
        see(&row).map_err(|reason| reading.told(reason))?;
    }
    Ok(())
}

/// Rejects, by column and reason.
pub(super) fn rejects(folder: &Path, safe: bool, figures: &mut Figures) -> Result<ByFile, Failure> {
    let (mut reasons, mut files) = (BTreeMap::new(), ByFile::new());
    each(folder, "rejects.csv", &["source_file", "column", "reason"], safe, &mut |row| {
        if let [file, column, reason] = row {
            *entry(&mut files, file) += 1;
            *entry(&mut reasons, &format!("{column}: {reason}")) += 1_u64;
        }
        Ok(())
    })?;
    figures.section("rejects");
    for (of, rows) in reasons {
        figures.set("rejects", &of, "rows", Figure::Count(rows));
    }
    Ok(files)
}

/// The inputs and rows of lines that are not judged, in order.
pub(super) fn superseded_rows(folder: &Path, safe: bool) -> Result<Vec<(String, u64)>, Failure> {
    let mut rows = Vec::new();
    each(folder, SupersededRow::FILE_NAME, &["source_file", "source_row"], safe, &mut |row| {
        if let [file, row] = row {
            rows.push((file.clone(), row.parse().map_err(|_| "a source row is no number")?));
        }
        Ok(())
    })?;
    Ok(rows)
}

/// Lines that are not judged, by reason.
pub(super) fn superseded(folder: &Path, safe: bool, figures: &mut Figures) -> Result<ByFile, Failure> {
    let (mut reasons, mut files) = (BTreeMap::<String, Amounts>::new(), ByFile::new());
    let columns = ["source_file", "reason", "billed_amount", "paid_amount"];
    each(folder, SupersededRow::FILE_NAME, &columns, safe, &mut |row| {
        if let [file, reason, billed, paid] = row {
            *entry(&mut files, file) += 1;
            entry(&mut reasons, reason).merge(&Amounts::of(amount(billed)?, amount(paid)?));
        }
        Ok(())
    })?;
    figures.section("final_action");
    for (of, sums) in &reasons {
        figures.amounts("final_action", of, sums);
    }
    Ok(files)
}

/// The shadow's changed lines, by what they were and are.
pub(super) fn changes(folder: &Path, safe: bool) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    let mut rules = BTreeMap::<String, u64>::new();
    let mut dispositions = BTreeMap::<String, (u64, Dollars, Dollars)>::new();
    let columns = ["disposition_a", "rule_a", "disposition_b", "rule_b", "paid_amount", "paid_amount_b"];
    each(folder, ShadowOutcome::CHANGES, &columns, safe, &mut |row| {
        if let [disposition_a, rule_a, disposition_b, rule_b, paid_a, paid_b] = row {
            let (paid_a, paid_b) = (amount(paid_a)?, amount(paid_b)?);
            if disposition_a != disposition_b {
                let (lines, a, b) = entry(&mut dispositions, &format!("{disposition_a} to {disposition_b}"));
                *lines += 1;
                *a += paid_a.unwrap_or_default().into();
                *b += paid_b.unwrap_or_default().into();
            }
            let (a, b) = (format!("{disposition_a} {rule_a}"), format!("{disposition_b} {rule_b}"));
            *entry(&mut rules, &format!("{} to {}", a.trim_end(), b.trim_end())) += 1;
        }
        Ok(())
    })?;
    figures.section("changes by_disposition");
    figures.section("changes by_rule");
    for (of, (lines, a, b)) in dispositions {
        figures.set("changes by_disposition", &of, "lines", Figure::Count(lines));
        figures.set("changes by_disposition", &of, "paid_a", Figure::Dollars(a));
        figures.set("changes by_disposition", &of, "paid_b", Figure::Dollars(b));
    }
    for (of, lines) in rules {
        figures.set("changes by_rule", &of, "lines", Figure::Count(lines));
    }
    Ok(figures)
}

/// The lines that are kept for later runs, by disposition.
pub(super) fn history(folder: &Path) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    for (disposition, lines) in HistoryRun::open(folder)?.count()? {
        figures.set("lines by disposition", disposition.name(), "lines", Figure::Count(lines));
    }
    Ok(figures)
}

/// Adds rows by file, and says how many there are.
pub(super) fn by_file(section: &'static str, files: &ByFile, figures: &mut Figures) -> u64 {
    figures.section(section);
    for (of, rows) in files {
        figures.set(section, of, "rows", Figure::Count(*rows));
    }
    files.values().sum()
}

/// An amount; nothing where it is blank.
pub(super) fn amount(text: &str) -> Result<Option<Decimal>, &'static str> {
    match text {
        "" => Ok(None),
        number => Decimal::parse(number.as_bytes()).map(Some).ok_or("an amount is no number"),
    }
}
