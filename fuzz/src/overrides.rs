//! Files of overrides, in TOML and in CSV.

use adjudicate::claim::{ClaimLine, Day, ProcedureCode};
use adjudicate::overrides::{OverrideFormat, Overrides};
use adjudicate::rules::{CATALOGUE, FindingSet};

/// The day as of which files are read.
fn as_of() -> Day {
    Day::from_ymd(2026, 3, 1).expect("a day")
}

fn read(text: &str, format: OverrideFormat) -> Option<Overrides> {
    match Overrides::parse("overrides", text, format, as_of()) {
        Ok(overrides) => Some(overrides),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

/// Overrides written again by another program read the same, and each holds for the line
/// that it names. An odd first byte: CSV.
pub fn check(data: &[u8]) {
    let [format, text @ ..] = data else { return };
    let Ok(text) = str::from_utf8(text) else { return };
    if format % 2 == 1 {
        let Some(overrides) = read(text, OverrideFormat::Csv) else { return };
        let (again, rows) = csv_again(text);
        let same = read(&again, OverrideFormat::Csv).expect("the same file");
        assert!(overrides.entries() == same.entries(), "{again}");
        rows.iter().enumerate().for_each(|(place, row)| holds(&overrides, place, row));
    } else {
        let Some(overrides) = read(text, OverrideFormat::Toml) else { return };
        let table: toml::Table = text.parse().expect("TOML");
        let same = read(&toml::to_string(&table).expect("a table"), OverrideFormat::Toml).expect("the same file");
        assert!(overrides.entries() == same.entries());
        let tables = table.get("override").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        for (place, table) in tables.iter().enumerate() {
            let text = |value: &toml::Value| match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Array(values) => values.first().and_then(|one| one.as_str()).unwrap_or_default().into(),
                other => other.to_string(),
            };
            let fields = table.as_table().expect("a table").iter();
            let row: Vec<(String, String)> = fields.map(|(name, value)| (name.clone(), text(value))).collect();
            holds(&overrides, place, &row);
        }
    }
}

type Fields = Vec<(String, String)>;

/// The same with every field in quotes and tabs between them; and its rows, without
/// those of blanks.
fn csv_again(text: &str) -> (String, Vec<Fields>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let known = ["id", "owner", "reason", "expires", "rules"];
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("text")).collect();
        let Some((header, rows)) = records.split_first() else { continue };
        let is_there = |wanted: &&str| header.iter().any(|name| name.trim().eq_ignore_ascii_case(wanted));
        if !known.iter().all(is_there) {
            continue;
        }
        let quotes = csv::QuoteStyle::Always;
        let mut writer =
            csv::WriterBuilder::new().delimiter(b'\t').quote_style(quotes).flexible(true).from_writer(vec![]);
        for record in &records {
            writer.write_record(record).expect("memory");
        }
        let again = String::from_utf8(writer.into_inner().expect("memory")).expect("text");
        let filled = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        let named = |row: &csv::StringRecord| {
            let first = |cell: &str| cell.split(';').find(|one| !one.trim().is_empty()).unwrap_or_default().to_owned();
            let cell = |(name, cell): (&str, &str)| {
                let name = name.trim().to_ascii_lowercase();
                let value = if name == "procedure" { first(cell) } else { cell.to_owned() };
                (name, value)
            };
            header.iter().zip(row).map(cell).collect()
        };
        return (again, filled.map(named).collect());
    }
    panic!("a header that is known, by some delimiter");
}

/// An override holds for a line of which all is so that it names.
fn holds(overrides: &Overrides, place: usize, fields: &Fields) {
    let field = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    };
    let day = field("from").or(field("to")).and_then(Day::parse_iso).unwrap_or(as_of());
    let procedure = field("procedure").and_then(ProcedureCode::parse).unwrap_or(ProcedureCode::NONE);
    let number = field("line_number").and_then(|number| number.parse().ok()).unwrap_or(1);
    let mut line = ClaimLine::new(field("claim_id").unwrap_or("C"), number, day, procedure);
    line.member_id = field("member_id").unwrap_or_default();
    line.provider_npi = field("provider_npi").unwrap_or_default();
    let combination = overrides.find(&line);
    overrides.check().expect("few combinations");
    assert!(overrides.met(combination).any(|met| met == place), "{place}");
    let all: FindingSet = CATALOGUE.iter().map(|rule| rule.id).collect();
    let waived = overrides.waived(combination);
    let one = overrides.entries().get(place).expect("an entry");
    assert!(one.expired || waived.and(one.rules.set()) == one.rules.set());
    assert!(overrides.named(combination, all).iter().all(|named| overrides.met(combination).any(|met| met == *named)));
    assert_eq!(overrides.ids(combination, all).is_empty(), overrides.named(combination, all).is_empty());
    let _ = overrides.overlaps(combination, waived);
}
