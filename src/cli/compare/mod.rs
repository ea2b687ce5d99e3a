//! `adjudicate compare`: what became of the lines of one run in another.

mod by_claim;
mod by_place;
mod files;
mod new_file;
mod show;
mod side;

use adjudicate::place::Unfinished;
use adjudicate::report::comparison::{ChangedLine, Comparer, MatchedBy, Pair, Told, differences, same_inputs};

use super::arguments::CompareArguments;
use super::exit::{Failure, Status, heard};
use super::page;
use files::Files;
use side::{Row, Side};

/// Is shown every line: as each run decided it, and which of the lines with its claim
/// and number it is, where that is what lines are matched by.
type See<'s> = &'s mut dyn FnMut(Option<&Row>, Option<&Row>, Option<u32>) -> Result<(), Failure>;

/// Compares two runs.
pub(crate) fn compare(arguments: &CompareArguments, unfinished: &Unfinished) -> Result<Status, Failure> {
    // What cannot be written is told before anything is read.
    let mut files = Files::create(arguments, unfinished)?;
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
        match (a, b) {
            (Some(a), Some(b)) if pair.is_changed() => {
                files.add(&ChangedLine { a: a.decided(), b: b.decided(), occurrence })
            }
            _ => Ok(()),
        }
    };
    let (matched_by, notes) = if same_inputs(&a.manifest, &b.manifest) {
        (MatchedBy::Row, by_place::each(&a, &b, &mut see)?)
    } else {
        let beside = arguments.changes.as_deref().or(arguments.html.as_deref());
        by_claim::each(&a, &b, beside, &mut see)?;
        (MatchedBy::Claim, by_claim::notes(&a, &b))
    };
    let differences = differences(&a.manifest, &b.manifest);
    let told = Told::new([a.told(), b.told()], differences, matched_by, notes, comparer.finish());
    files.finish(&told)?;
    let answered =
        if arguments.json { page::write_json(&told) } else { page::write_out(&show::show(&told, arguments)) };
    heard(answered)?;
    let moved = told.comparison.total.changed > 0;
    Ok(if arguments.fail_on_change && moved { Status::Found } else { Status::Complete })
}
