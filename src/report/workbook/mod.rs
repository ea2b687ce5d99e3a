//! `report.xlsx`: the run for a spreadsheet.
//!
//! The same as the page, from the same source, as tables whose columns have types:
//! numbers and days are ones, and what names something (claims, providers, codes) is
//! text, so that no digit of it is lost. No cell is a formula. The bytes depend on
//! the source alone: the document's date is the run's.

mod about;
mod flagged;
mod groups;
mod providers;
mod reviews;
mod rows;
mod sheet;

use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::PageSource;
use sheet::{Book, Room};

/// The workbook's name in the run folder.
pub const WORKBOOK_NAME: &str = "report.xlsx";

/// Makes the workbook.
///
/// # Errors
///
/// The library fails, which is a defect.
pub fn render_workbook(source: &PageSource<'_>) -> io::Result<Vec<u8>> {
    render(source, Room::EXCEL).map_err(io::Error::other)
}

fn render(source: &PageSource<'_>, room: Room) -> Result<Vec<u8>, XlsxError> {
    let PageSource { summary, manifest, sample, reviews } = *source;
    let mut book = Book::new(room);
    groups::add(&mut book, summary)?;
    providers::add(&mut book, summary)?;
    flagged::add(&mut book, summary, sample)?;
    if let Some(found) = reviews {
        reviews::add(&mut book, found)?;
    }
    rows::add(&mut book, summary, manifest)?;
    about::add(&mut book, source)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&manifest.started)?);
    book.into_sheets().into_iter().for_each(|sheet| workbook.push_worksheet(sheet));
    workbook.save_to_buffer()
}

/// What the document says of itself. Its date is the run's, so that the same run
/// makes the same bytes.
fn properties(started: &str) -> Result<DocProperties, XlsxError> {
    let started: Option<jiff::Timestamp> = started.parse().ok();
    let seconds = started.map_or(0, jiff::Timestamp::as_second);
    let moment = ExcelDateTime::from_timestamp(seconds).or_else(|_| ExcelDateTime::from_timestamp(0))?;
    Ok(DocProperties::new().set_title("Recommendations of a run of adjudicate").set_creation_datetime(&moment))
}

#[cfg(test)]
mod tests;
