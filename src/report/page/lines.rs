//! The flagged lines of the report, as far as it has room.

use std::fmt::Write as _;

use minijinja::HtmlEscape;
use serde::Serialize;

use super::text::{claimed, weight, with_minus};
use crate::report::decision::COLUMNS;
use crate::report::{Sample, SampledRow, Stratum, words};

/// How many bytes of the page are for lines.
const ROOM: usize = 1_200_000;

/// The sampled lines that the page shows.
#[derive(Debug, Serialize)]
pub(super) struct ShownLines {
    /// Their rows of the table, as HTML: there are thousands, and a template took longer
    /// over them than over all else of the page.
    rows: String,
    /// How many they are.
    shown: usize,
    /// How many of the sample are not shown.
    left: usize,
}

/// How a column of the decisions is shown.
#[derive(Clone, Copy)]
enum Shown {
    /// As it stands.
    Plain,
    /// The same, among numbers.
    Place,
    /// What a claim says.
    Claimed,
    Number,
}

/// The cells of a row, but for the last two.
const CELLS: [(&str, Shown); 15] = [
    ("rule", Shown::Plain),
    ("disposition", Shown::Plain),
    ("claim_id", Shown::Claimed),
    ("line_number", Shown::Place),
    ("service_date", Shown::Plain),
    ("procedure_code", Shown::Plain),
    ("diagnosis_codes", Shown::Claimed),
    ("line_of_business", Shown::Claimed),
    ("provider_npi", Shown::Claimed),
    ("units", Shown::Number),
    ("billed_amount", Shown::Number),
    ("paid_amount", Shown::Number),
    ("rules", Shown::Plain),
    ("detail", Shown::Claimed),
    ("policy_version", Shown::Plain),
];

/// Writes rows of the table.
struct RowWriter {
    places: [Option<usize>; CELLS.len()],
    file: Option<usize>,
    row: Option<usize>,
}

impl RowWriter {
    fn new() -> Self {
        let place = |name: &str| COLUMNS.iter().position(|known| *known == name);
        Self { places: CELLS.map(|(name, _)| place(name)), file: place("source_file"), row: place("source_row") }
    }

    fn write(&self, row: &SampledRow, weight: &str, out: &mut String) {
        let mut columns = [""; COLUMNS.len()];
        columns.iter_mut().zip(row.columns()).for_each(|(column, text)| *column = text);
        let column = |place: Option<usize>| place.and_then(|place| columns.get(place)).copied().unwrap_or_default();
        out.push_str("\n<tr>");
        for (place, (_, shown)) in self.places.iter().zip(CELLS) {
            let text = column(*place);
            out.push_str(if matches!(shown, Shown::Place | Shown::Number) { "<td class=\"n\">" } else { "<td>" });
            match shown {
                Shown::Plain | Shown::Place => add(text, out),
                Shown::Claimed => add(&claimed(text), out),
                Shown::Number => add(&with_minus(&words::grouped(text)), out),
            }
        }
        out.push_str("<td class=\"n\">");
        add(weight, out);
        out.push_str("<td>");
        add(&claimed(column(self.file)), out);
        out.push(':');
        add(column(self.row), out);
        out.push_str("</tr>");
    }
}

/// Adds a text, escaped.
fn add(text: &str, out: &mut String) {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric() || b".,;:-_".contains(&byte)) {
        out.push_str(text);
    } else {
        // A string takes whatever is written.
        let _ = write!(out, "{}", HtmlEscape(text));
    }
}

/// The sampled lines, rule by rule: denials, then pends, then what is referred. Where
/// not all have room, they are the first of each rule, then the second of each, and so
/// on: a smaller sample of the same kind.
pub(super) fn of(sample: &Sample) -> ShownLines {
    within(sample, ROOM)
}

fn within(sample: &Sample, room: usize) -> ShownLines {
    let disposition = |stratum: &&Stratum| stratum.rows.first().map(|row| row.column("disposition").to_owned());
    let mut strata: Vec<&Stratum> = sample.strata.iter().collect();
    // So their names happen to stand in the alphabet.
    strata.sort_by_key(disposition);
    let all: usize = strata.iter().map(|stratum| stratum.rows.len()).sum();
    let writer = RowWriter::new();
    let mut tables: Vec<_> = strata.iter().map(|stratum| (weight(stratum.weight()), String::new())).collect();
    let places = strata.iter().map(|stratum| stratum.rows.len()).max().unwrap_or_default();
    let (mut shown, mut bytes) = (0, 0);
    'page: for place in 0..places {
        for (stratum, (weight, table)) in strata.iter().zip(&mut tables) {
            let Some(row) = stratum.rows.get(place) else { continue };
            let before = table.len();
            writer.write(row, weight, table);
            bytes += table.len() - before;
            if bytes > room {
                table.truncate(before);
                break 'page;
            }
            shown += 1;
        }
    }
    let rows = tables.iter().map(|(_, table)| table.as_str()).collect();
    ShownLines { rows, shown, left: all - shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::SampleSettings;
    use crate::report::decision::COLUMNS;
    use crate::rules::RuleId;

    /// Strata of so many lines whose claims are called `claim`.
    fn sample(strata: &[(RuleId, usize)], claim: &str) -> Sample {
        let strata = strata.iter().map(|(rule, lines)| {
            let row = |place: usize| {
                let place = place.to_string();
                SampledRow::of(COLUMNS.map(|name| match name {
                    "rule" => rule.rule().code,
                    "disposition" => rule.rule().weight.name(),
                    "claim_id" => claim,
                    "line_number" => &place,
                    _ => "",
                }))
            };
            Stratum { rule: *rule, lines: 1_000, rows: (0..*lines).map(row).collect() }
        });
        Sample { settings: SampleSettings::default(), strata: strata.collect() }
    }

    /// The cells of each row.
    fn cells(lines: &ShownLines) -> Vec<Vec<&str>> {
        let rows = lines.rows.split("\n<tr>").skip(1).map(|row| row.strip_suffix("</tr>").unwrap());
        rows.map(|row| row.split("<td").skip(1).map(|cell| cell.split_once('>').unwrap().1).collect()).collect()
    }

    /// The lines shown as `rule place`, and how many are not.
    fn shown(sample: &Sample, room: usize) -> (Vec<String>, usize) {
        let lines = within(sample, room);
        let told: Vec<_> = cells(&lines).iter().map(|row| format!("{} {}", row[0], row[3])).collect();
        assert_eq!(told.len(), lines.shown);
        (told, lines.left)
    }

    #[test]
    fn where_room_ends_each_rule_has_as_many_lines() {
        let sample = sample(&[(RuleId::Cov001, 1), (RuleId::Rev001, 3), (RuleId::Cov002, 4)], "C");
        assert_eq!(within(&sample, usize::MAX).left, 0);
        // Enough for five of the eight.
        let room = within(&sample, usize::MAX).rows.len() * 11 / 16;
        let (lines, left) = shown(&sample, room);
        assert_eq!((lines.join(", ").as_str(), left), ("COV001 0, COV002 0, COV002 1, REV001 0, REV001 1", 3));
        assert!(within(&sample, room).rows.len() <= room);
        assert_eq!(shown(&sample, 0), (Vec::new(), 8));
        // Weights are those of the sample.
        let lines = within(&sample, room);
        let weights: Vec<_> = cells(&lines).iter().map(|row| row[15]).collect();
        assert_eq!(weights, ["1,000", "250", "250", "333.33", "333.33"]);
    }

    #[test]
    fn what_a_claim_says_is_text_on_the_page() {
        for (claim, told) in [
            ("C 1-2", "C 1-2"),
            ("<b>\"'&/", "&lt;b&gt;&quot;&#x27;&amp;&#x2f;"),
            ("\u{202e}", "\\u{202e}"),
            ("é", "é"),
        ] {
            let lines = within(&sample(&[(RuleId::Cov001, 1)], claim), usize::MAX);
            assert_eq!(cells(&lines)[0][2], told);
        }
    }
}
