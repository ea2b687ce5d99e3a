//! The sheets of a workbook: one table each, within what Excel has room for.

use std::borrow::Cow;

use rust_xlsxwriter::{ExcelDateTime, Format, FormatBorder, Worksheet, XlsxError};

use crate::claim::Day;
use crate::report::spreadsheet::disarmed;

/// How wide a column is at most, in pixels.
const WIDEST: u32 = 420;
/// More digits than this are not kept by a number of a spreadsheet.
const DIGITS: usize = 15;

/// What a sheet has room for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Rows, the header among them.
    pub(super) rows: u32,
    /// UTF-16 units of a text.
    pub(super) text: usize,
}

impl Room {
    /// Excel's own limits.
    pub(super) const EXCEL: Self = Self { rows: 1_048_576, text: 32_767 };
}

/// A column: its name, and what it says where the name does not.
pub(super) type Column = (&'static str, &'static str);

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text, whatever its characters.
    Text(Cow<'a, str>),
    /// How many.
    Count(u64),
    /// A whole number that names something.
    Place(f64),
    /// A number as it is.
    Number(f64),
    /// A number of which one digit behind the point is enough.
    Tenths(f64),
    /// Dollars.
    Dollars(f64),
    /// A part of 1.
    Share(f64),
    /// A day.
    Day(Day),
}

impl<'a> Cell<'a> {
    /// Text; blank text is nothing.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number that stands as text, or that text where a number of a spreadsheet
    /// would not keep all its digits.
    pub(super) fn number(text: &'a str, of: impl Fn(f64) -> Self) -> Self {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let number = text.parse().ok().filter(|number: &f64| number.is_finite() && digits <= DIGITS);
        number.map_or_else(|| Self::text(text), of)
    }

    /// A day that stands as text.
    pub(super) fn day(text: &'a str) -> Self {
        Day::parse_iso(text).map_or_else(|| Self::text(text), Self::Day)
    }
}

/// How cells of each kind are shown.
#[derive(Debug)]
struct Formats {
    text: Format,
    count: Format,
    place: Format,
    number: Format,
    tenths: Format,
    dollars: Format,
    share: Format,
    day: Format,
}

impl Formats {
    fn new(format: &Format) -> Self {
        let with = |shown: &str| format.clone().set_num_format(shown);
        Self {
            // A text that somebody changes stays a text.
            text: with("@"),
            count: with("#,##0"),
            place: with("0"),
            number: with("General"),
            tenths: with("#,##0.0"),
            dollars: with("\"$\"#,##0.00;-\"$\"#,##0.00"),
            share: with("0.0%"),
            day: with("yyyy-mm-dd"),
        }
    }
}

/// What is told of a sheet.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) columns: Vec<Column>,
}

/// A workbook in the making.
pub(super) struct Book {
    room: Room,
    header: Format,
    plain: Formats,
    total: Formats,
    sheets: Vec<Worksheet>,
    /// What was added, in order.
    pub(super) told: Vec<Told>,
    /// What had no room, in words.
    pub(super) left_out: Vec<String>,
    /// How many texts were cut.
    pub(super) cut: u64,
}

impl Book {
    pub(super) fn new(room: Room) -> Self {
        let bold = Format::new().set_bold();
        Self {
            room,
            header: bold.clone().set_border_bottom(FormatBorder::Thin),
            plain: Formats::new(&Format::new()),
            total: Formats::new(&bold),
            sheets: Vec::new(),
            told: Vec::new(),
            left_out: Vec::new(),
            cut: 0,
        }
    }

    /// The sheets, the last one first: it tells of the others.
    pub(super) fn into_sheets(mut self) -> Vec<Worksheet> {
        let last = self.sheets.pop();
        last.into_iter().chain(self.sheets).collect()
    }

    /// Adds a sheet. Rows for which it has no room are counted; `total` stands below
    /// the others, where filters and sorting leave it alone.
    pub(super) fn table<'a>(
        &mut self,
        name: &'static str,
        says: &'static str,
        columns: Vec<Column>,
        rows: impl IntoIterator<Item = Vec<Cell<'a>>>,
        total: Option<Vec<Cell<'a>>>,
    ) -> Result<(), XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        for (column, (title, _)) in (0..).zip(&columns) {
            sheet.write_string_with_format(0, column, *title, &self.header)?;
        }
        // The header, a blank row, the total, and what was left out have theirs.
        let room = self.room.rows.saturating_sub(4);
        let mut row = 0;
        let mut left: u64 = 0;
        for cells in rows {
            if row < room {
                row += 1;
                self.cut += put(&mut sheet, row, &cells, &self.plain, self.room.text)?;
            } else {
                left += 1;
            }
        }
        let last: u16 = columns.len().saturating_sub(1).try_into().unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, row, last)?;
        sheet.set_freeze_panes(1, 0)?;
        if let Some(total) = total {
            row += 2;
            self.cut += put(&mut sheet, row, &total, &self.total, self.room.text)?;
        }
        if left > 0 {
            let words = format!("{name}: {left} more rows have no room in a sheet");
            sheet.write_string_with_format(row + 1, 0, &words, &self.total.text)?;
            self.left_out.push(words);
        }
        sheet.set_autofit_max_width(WIDEST).autofit();
        self.sheets.push(sheet);
        self.told.push(Told { name, says, columns });
        Ok(())
    }
}

/// Writes a row, and says how many of its texts were cut.
fn put(sheet: &mut Worksheet, row: u32, cells: &[Cell<'_>], formats: &Formats, room: usize) -> Result<u64, XlsxError> {
    let mut cut = 0;
    for (column, cell) in (0..).zip(cells) {
        let (number, format) = match cell {
            Cell::Blank => continue,
            Cell::Text(text) if text.is_empty() => continue,
            Cell::Text(text) => {
                let safe = disarmed(text);
                let fitting = fitted(&safe, room);
                cut += u64::from(fitting.len() != safe.len());
                sheet.write_string_with_format(row, column, fitting.as_ref(), &formats.text)?;
                continue;
            }
            Cell::Day(day) => {
                match date(*day) {
                    Some(date) => sheet.write_datetime_with_format(row, column, &date, &formats.day)?,
                    None => sheet.write_string_with_format(row, column, day.to_string(), &formats.text)?,
                };
                continue;
            }
            #[allow(clippy::cast_precision_loss)]
            Cell::Count(count) => (*count as f64, &formats.count),
            Cell::Place(number) => (*number, &formats.place),
            Cell::Number(number) => (*number, &formats.number),
            Cell::Tenths(number) => (*number, &formats.tenths),
            Cell::Dollars(number) => (*number, &formats.dollars),
            Cell::Share(number) => (*number, &formats.share),
        };
        if number.is_finite() {
            sheet.write_number_with_format(row, column, number, format)?;
        }
    }
    Ok(cut)
}

/// A day, if Excel has it: its calendar begins with 1900.
fn date(day: Day) -> Option<ExcelDateTime> {
    let (year, month, day) = day.ymd();
    let year = u16::try_from(year).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

/// A text as far as there is room for it, which it says.
fn fitted(text: &str, room: usize) -> Cow<'_, str> {
    // No text has more units than bytes.
    if text.len() <= room || text.encode_utf16().count() <= room {
        return Cow::Borrowed(text);
    }
    let remark = "… (cut)";
    let mut left = room.saturating_sub(remark.chars().count());
    let fits = |c: &char| {
        let after = left.checked_sub(c.len_utf16());
        left = after.unwrap_or(0);
        after.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept + remark)
}
