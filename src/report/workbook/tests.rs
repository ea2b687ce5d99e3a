use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};

use super::sheet::Cell;
use super::*;
use crate::claim::Day;

/// A sheet of these rows, where there is so much room, read back; and the book.
fn read_back(room: Room, rows: Vec<Vec<Cell<'_>>>, total: Option<Vec<Cell<'_>>>) -> (Range<Data>, Vec<String>, u64) {
    let mut book = Book::new(room);
    book.table("Sheet", "", vec![("One", ""), ("Two", "")], rows, total).unwrap();
    let told = (book.left_out.clone(), book.cut);
    let mut workbook = Workbook::new();
    book.into_sheets().into_iter().for_each(|sheet| workbook.push_worksheet(sheet));
    let bytes = workbook.save_to_buffer().unwrap();
    let mut read: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    (read.worksheet_range("Sheet").unwrap(), told.0, told.1)
}

fn one(cell: Cell<'_>) -> Data {
    let (range, ..) = read_back(Room::EXCEL, vec![vec![cell]], None);
    range.get_value((1, 0)).cloned().unwrap_or_default()
}

#[test]
fn cells_keep_their_types() {
    let text = |text: &str| Data::String(text.to_owned());
    for (cell, expected) in [
        (Cell::text("00123"), text("00123")),
        (Cell::text("1e5"), text("1e5")),
        (Cell::text("=1+1"), text("'=1+1")),
        (Cell::text("a_x0041_b"), text("a_x0041_b")),
        (Cell::text("<&>\""), text("<&>\"")),
        (Cell::text(""), Data::Empty),
        (Cell::Blank, Data::Empty),
        (Cell::Count(7), Data::Float(7.0)),
        (Cell::Number(f64::NAN), Data::Empty),
        (Cell::Tenths(f64::INFINITY), Data::Empty),
        (Cell::number("-1800.00", Cell::Dollars), Data::Float(-1800.0)),
        (Cell::number("0.5", Cell::Number), Data::Float(0.5)),
        (Cell::number("", Cell::Number), Data::Empty),
        (Cell::number("9999999999999.99", Cell::Dollars), Data::Float(9_999_999_999_999.99)),
        (Cell::number("99999999999999.99", Cell::Dollars), text("99999999999999.99")),
        (Cell::number("inf", Cell::Number), text("inf")),
        (Cell::day("1899-12-31"), text("1899-12-31")),
        (Cell::day("0001-01-01"), text("0001-01-01")),
        (Cell::day("someday"), text("someday")),
    ] {
        let shown = format!("{cell:?}");
        assert_eq!(one(cell), expected, "{shown}");
    }
    for day in ["1900-01-01", "1900-03-01", "2024-02-29", "2026-03-01", "9999-12-31"] {
        let Data::DateTime(date) = one(Cell::day(day)) else { panic!("{day} is no day") };
        let (year, month, of_month, ..) = date.to_ymd_hms_milli();
        let read = Day::from_ymd(year.try_into().unwrap(), month.try_into().unwrap(), of_month.try_into().unwrap());
        assert_eq!(read, Day::parse_iso(day), "{day}");
    }
}

#[test]
fn what_has_no_room_is_left_out_and_told() {
    let rows = |count: u64| (0..count).map(|row| vec![Cell::Count(row)]).collect::<Vec<_>>();
    let room = Room { rows: 10, text: 100 };
    let (range, left_out, _) = read_back(room, rows(6), Some(vec![Cell::text("All")]));
    assert_eq!((range.height(), left_out.len()), (9, 0));
    assert_eq!(range.get_value((8, 0)), Some(&Data::String("All".to_owned())));
    let (range, left_out, _) = read_back(room, rows(100), Some(vec![Cell::text("All")]));
    assert_eq!(range.height(), 10);
    assert_eq!(range.get_value((6, 0)), Some(&Data::Float(5.0)));
    let words = "Sheet: 94 more rows have no room in a sheet";
    assert_eq!(left_out, [words]);
    assert_eq!(range.get_value((9, 0)), Some(&Data::String(words.to_owned())));
}

#[test]
fn texts_are_cut_at_what_a_cell_has_room_for() {
    for (text, fits) in [
        ("é".repeat(32_767), true),
        ("é".repeat(32_768), false),
        // Two units of UTF-16 each.
        ("𝄞".repeat(16_383), true),
        ("𝄞".repeat(16_384), false),
        ("=".repeat(32_766), true),
        ("=".repeat(32_767), false),
        ("a".repeat(1_000_000), false),
    ] {
        let (range, _, cut) = read_back(Room::EXCEL, vec![vec![Cell::text(text.clone())]], None);
        let read = range.get_value((1, 0)).unwrap().to_string();
        assert_eq!(cut, u64::from(!fits), "{} bytes", text.len());
        assert_eq!(read.trim_start_matches('\'') == text, fits, "{} bytes", text.len());
        let units = read.encode_utf16().count();
        assert!(units <= 32_767 && (fits || (units >= 32_766 && read.ends_with("… (cut)"))), "{units}");
    }
}

#[test]
fn a_start_that_is_none_is_no_error() {
    for started in ["", "yesterday", "2026-03-01T10:00:00.123Z", "-009999-01-01T00:00:00Z", "9999-12-30T00:00:00Z"] {
        assert!(properties(started).is_ok(), "{started}");
    }
}
