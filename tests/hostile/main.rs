//! Input that is made to do harm: what unpacks without end, headers and settings of
//! monstrous size, names and texts that act on a terminal, links and places that lead
//! elsewhere. The program says so in a few words, or takes it for what it is; its memory
//! stays within bounds; and nothing is left behind.

#[path = "../common/mod.rs"]
mod common;

mod footer;
mod links;
mod settings;
mod size;
mod terminal;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use common::{Told, Workplace, told};

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,paid_amount\n";
const LINE: &str = "C1,1,2026-03-01,22513,M80.08XA,9990000001,1800.00\n";

/// Runs the program, which should say no in a few words, these among them, and leave
/// nothing.
fn refused(place: &Workplace, command: &mut Command, words: &[&str]) -> Told {
    let told = told(command);
    assert_eq!(told.status, 2, "{told:?}");
    assert!(told.stderr.starts_with("error: "), "{}", told.stderr);
    for word in words {
        assert!(told.stderr.contains(word), "`{word}` is not in {}", told.stderr);
    }
    assert!(told.stderr.len() < 4000, "{} bytes of {:.1000}", told.stderr.len(), told.stderr);
    assert_eq!(place.left(), Vec::<String>::new());
    told
}

/// Runs the program to its end, and says the most memory that it had, in MiB.
fn watched(command: &mut Command) -> (Told, u64) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let path = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(peak.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    (child.wait_with_output().unwrap().into(), most >> 10)
}
