//! The program as a scheduler starts it, and signals to it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Workplace, told};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_adjudicate");

/// A signal: its name, its number, and whether the program may say something first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signal {
    pub(crate) name: &'static str,
    pub(crate) number: i32,
    pub(crate) is_heard: bool,
}

pub(crate) const fn heard(name: &'static str, number: i32) -> Signal {
    Signal { name, number, is_heard: true }
}

pub(crate) const KILL: Signal = Signal { name: "KILL", number: 9, is_heard: false };
pub(crate) const TERM: Signal = heard("TERM", 15);
pub(crate) const INT: Signal = heard("INT", 2);
pub(crate) const HUP: Signal = heard("HUP", 1);

/// The program as a scheduler starts it: whatever is ignored where the tests run, this
/// hears.
pub(crate) fn heard_by(arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
    let mut command = Command::new("env");
    command.args(["--default-signal=INT,TERM,HUP", PROGRAM, "run", "--quiet"]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

pub(crate) fn send(child: &Child, signal: Signal) {
    let sent = Command::new("kill").args(["-s", signal.name, &child.id().to_string()]).stderr(Stdio::null()).status();
    sent.unwrap();
}

/// What a child that is over said.
pub(crate) fn said(child: Child) -> (ExitStatus, String) {
    let output = child.wait_with_output().unwrap();
    (output.status, String::from_utf8(output.stderr).unwrap())
}

/// What stands in a folder, hidden or not.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) fn verified(folder: &Path) {
    let told = told(Command::new(PROGRAM).arg("verify").arg(folder));
    assert_eq!(told.status, 0, "{told:?}");
}

/// A run that waits for standard input: the header and a row are there, the rest is not.
pub(crate) fn waiting(place: &Workplace, more: &[&str]) -> Child {
    // In small pieces, so that the run goes on with what is there.
    let mut arguments = vec!["-", "--batch-bytes", "1024", "--out"];
    let out = place.out();
    arguments.push(out.to_str().unwrap());
    arguments.extend(more);
    let mut child = heard_by(&arguments).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = child.stdin.as_mut().unwrap();
    stdin.write_all(b"claim_id,line_number,service_date,procedure_code,diagnosis_codes\n").unwrap();
    let row = "C1,1,2026-03-01,22513,M80.08XA\n";
    stdin.write_all(row.repeat(100).as_bytes()).unwrap();
    let begun = Instant::now();
    while !place.outputs().join(".run.adjudicate-partial/rejects.csv").exists() {
        assert!(begun.elapsed() < Duration::from_mins(1) && child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    child
}
