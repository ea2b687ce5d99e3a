//! `adjudicate compare`: what became of the lines of one run in another.

mod by_claim;
mod by_place;
mod changes;
mod show;
mod side;

use serde::Serialize;

use adjudicate::report::comparison::{
    Comparer, Comparison, Pair, RunDifference, SCHEMA_VERSION, differences, same_inputs,
};

use super::arguments::CompareArguments;
use super::exit::{Failure, Status};
use super::page;
use super::text::plural;
use changes::Changes;
use side::{Row, Side, SideTold};

/// What is told of two runs.
#[derive(Debug, Serialize)]
struct Told {
    schema_version: u32,
    a: SideTold,
    b: SideTold,
    /// What differs between the runs themselves.
    differences: Vec<RunDifference>,
    /// `row` or `claim`.
    matched_by: &'static str,
    /// What to know before the figures are believed.
    notes: Vec<String>,
    #[serde(flatten)]
    comparison: Comparison,
}

/// Is shown every line: as each run decided it, and which of the lines with its claim
/// and number it is, where that is what lines are matched by.
type See<'s> = &'s mut dyn FnMut(Option<&Row>, Option<&Row>, Option<u32>) -> Result<(), Failure>;

/// Compares two runs.
pub(crate) fn compare(arguments: &CompareArguments) -> Result<Status, Failure> {
    // What cannot be written is told before anything is read.
    let (overwrite, safe) = (arguments.overwrite, arguments.spreadsheet_safe);
    let mut changes = arguments.changes.as_deref().map(|path| Changes::create(path, overwrite, safe)).transpose()?;
    let a = Side::read(&arguments.a)?;
    let b = Side::read(&arguments.b)?;
    let mut comparer = Comparer::default();
    let mut see = |a: Option<&Row>, b: Option<&Row>, occurrence: Option<u32>| {
        let pair = match (a, b) {
            (Some(a), Some(b)) => Pair::Both(a.line(), b.line()),
            (Some(a), None) => Pair::OnlyA(a.line()),
            (None, Some(b)) => Pair::OnlyB(b.line()),
            (None, None) => return Ok(()),
        };
        comparer.add(&pair);
        match (&mut changes, a, b) {
            (Some(changes), Some(a), Some(b)) if pair.is_changed() => changes.write(a, b, occurrence),
            _ => Ok(()),
        }
    };
    let (matched_by, mut notes) = if same_inputs(&a.manifest, &b.manifest) {
        ("row", by_place::each(&a, &b, &mut see)?)
    } else {
        by_claim::each(&a, &b, arguments.changes.as_deref(), &mut see)?;
        ("claim", by_claim::notes(&a, &b))
    };
    let comparison = comparer.finish();
    notes.extend(unknown(&comparison));
    if let Some(changes) = changes {
        changes.finish()?;
    }
    let moved = comparison.total.changed > 0;
    let told = Told {
        schema_version: SCHEMA_VERSION,
        differences: differences(&a.manifest, &b.manifest),
        a: a.told(),
        b: b.told(),
        matched_by,
        notes,
        comparison,
    };
    let answered =
        if arguments.json { page::write_json(&told) } else { page::write_out(&show::show(&told, arguments)) };
    match answered {
        // Whether something changed does not hang on who reads on.
        Ok(()) | Err(Failure::ClosedPipe) => {}
        Err(failure) => return Err(failure),
    }
    Ok(if arguments.fail_on_change && moved { Status::Found } else { Status::Complete })
}

/// That dollars of some changed lines are unknown.
fn unknown(comparison: &Comparison) -> Option<String> {
    let changed = comparison.by_disposition.iter().filter(|one| one.a != one.b);
    let lines: u64 = changed.map(|one| one.paid_unknown).sum();
    let lines_told = lines_of(lines);
    (lines > 0).then(|| {
        format!(
            "The paid amount of {lines_told} with another disposition, or in one run only, is unknown: 0 in all sums."
        )
    })
}

fn lines_of(number: u64) -> String {
    plural(usize::try_from(number).unwrap_or(usize::MAX), "line")
}
