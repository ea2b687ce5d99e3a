//! Disks that are full, places that cannot be written to, inputs that change while they
//! are read, and pipes that close: the program says what and where, ends with the status
//! that the contract names, and leaves nothing behind.
#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

mod disks;
mod inputs;
mod pipes;

use std::path::Path;
use std::process::Command;

use common::{Told, Workplace, told};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_adjudicate");
pub(crate) const HEADER: &str =
    "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,paid_amount\n";

/// A file of so many lines, each decided.
pub(crate) fn claims(lines: usize) -> String {
    let line = |number| format!("C{number},1,2026-03-01,22513,M80.08XA,TESTMEMBER4711,1800.00\n");
    std::iter::once(HEADER.to_owned()).chain((1..=lines).map(line)).collect()
}

/// The program said no, and nothing is left.
pub(crate) fn refused(place: &Workplace, told: &Told, words: &[&str]) {
    assert_eq!(told.status, 2, "{told:?}");
    assert_eq!(told.stdout, "");
    assert!(told.stderr.starts_with("error: ") && told.stderr.lines().count() == 1, "{}", told.stderr);
    for word in words {
        assert!(told.stderr.contains(word), "`{word}` is not in {}", told.stderr);
    }
    for word in ["TESTMEMBER", "panicked", "defect"] {
        assert!(!told.stderr.contains(word), "{}", told.stderr);
    }
    assert_eq!(place.left(), Vec::<String>::new());
}

/// Runs a script in which `$0` is the program.
pub(crate) fn script(folder: &Path, script: &str) -> Told {
    told(Command::new("bash").args(["-c", script, PROGRAM]).current_dir(folder))
}
