//! `adjudicate run --dry-run`: what was detected, and nothing written.

use std::fmt::Write as _;

use adjudicate::engine::Adjudicator;
use adjudicate::input::InputFormat;
use adjudicate::run::{Preview, RunSettings, preview};

use super::exit::{Failure, Status};
use super::page::write_out;
use super::text::{in_line, printable};

/// How many rows are shown.
const ROWS: usize = 3;

/// Says how each input would be read.
pub(crate) fn show(settings: &RunSettings, adjudicator: &Adjudicator) -> Result<Status, Failure> {
    let mut shown = String::new();
    let previews = preview(&settings.inputs, &settings.layout, settings.delimiter, ROWS)?;
    for Preview { reading: file, rows } in previews {
        // Writing to a string does not fail.
        let _ = writeln!(shown, "{}", in_line(&file.name));
        let format = match file.format {
            InputFormat::Csv => "CSV",
            InputFormat::Parquet => "Parquet",
        };
        let delimiter = match file.delimiter {
            Some(b'\t') => ", delimiter tab".to_owned(),
            Some(byte) => format!(", delimiter `{}`", char::from(byte)),
            None => String::new(),
        };
        let _ = writeln!(shown, "  format    {format}{delimiter}, {} columns", file.map.width);
        let _ = writeln!(shown, "  layout    {}", in_line(&settings.layout.name));
        for (column, places) in file.map.mapped() {
            let names: Vec<_> =
                places.iter().filter_map(|place| file.map.names.get(*place)).map(|n| n.trim()).collect();
            let _ = writeln!(shown, "  mapped    {column} from {}", in_line(&names.join(", else ")));
        }
        for (column, value) in &settings.layout.constants {
            let _ = writeln!(shown, "  constant  {column} = {}", in_line(value));
        }
        let absent: Vec<_> = file.map.absent(&settings.layout).iter().map(ToString::to_string).collect();
        let _ = writeln!(shown, "  not there {}", if absent.is_empty() { "none".to_owned() } else { shorten(&absent) });
        for (row, number) in rows.iter().zip(1..) {
            let _ = if row.fields == file.map.width {
                writeln!(shown, "  row {number}")
            } else {
                writeln!(shown, "  row {number} has {} fields, not {}: a reject", row.fields, file.map.width)
            };
            for (column, value) in row.columns.iter().filter(|(_, value)| !value.is_empty()) {
                let _ = writeln!(shown, "    {column} = {}", in_line(value));
            }
        }
    }
    let ids: Vec<_> = adjudicator.index().policies().iter().map(|policy| policy.id.as_str()).collect();
    let _ = writeln!(shown, "policies  {}", in_line(&ids.join(", ")));
    for (policy, why) in adjudicator.index().never_judging(adjudicator.options().policy_date) {
        let _ = writeln!(shown, "          {} can judge no line: {why}", in_line(&policy.id));
    }
    let _ = writeln!(shown, "table     {}", adjudicator.index().table().edition());
    let _ = writeln!(shown, "Nothing was written.");
    write_out(&printable(&shown))?;
    Ok(Status::Complete)
}

/// Runs of numbered columns as one.
fn shorten(names: &[String]) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut last: Option<(String, u32)> = None;
    for name in names {
        let split = name.rsplit_once('_').and_then(|(stem, n)| Some((stem.to_owned(), n.parse::<u32>().ok()?)));
        match (&last, &split) {
            (Some((stem, number)), Some((next, n))) if stem == next && *n == number + 1 => {
                if let Some(entry) = shown.last_mut() {
                    let start = entry.split(" to ").next().unwrap_or(entry).to_owned();
                    *entry = format!("{start} to {name}");
                }
            }
            _ => shown.push(name.clone()),
        }
        last = split;
    }
    shown.join(", ")
}
