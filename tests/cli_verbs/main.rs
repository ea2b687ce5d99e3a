//! Every verb but `run`, from outside: what it prints, and with which status it
//! ends.

mod all;
mod bench;
mod check;
mod compare;
mod compare_page;
mod explain;
mod explain_versions;
mod finished;
mod generate;
mod icd10;
mod policy;
mod report;
mod rules;
mod shadow;
mod tampered;
mod tampered_parts;
mod tampered_run;
mod tampered_summary;
mod tampered_version;

use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "02-20000-18";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjudicate"));
    // No option may come from the environment of whoever runs the tests.
    command.args(arguments).env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn adjudicate(arguments: &[&str]) -> Output {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// What a command prints, which must end well and say nothing else.
fn printed(arguments: &[&str]) -> String {
    let output = adjudicate(arguments);
    assert_eq!(status(&output), 0, "{arguments:?}: {}", complaint(&output));
    assert_eq!(complaint(&output), "", "{arguments:?}");
    text(&output)
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A command that must fail with status 2 and say these words.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = adjudicate(arguments);
    assert_eq!(status(&output), 2, "{arguments:?}");
    assert_eq!(text(&output), "", "{arguments:?}");
    for word in words {
        assert!(complaint(&output).contains(word), "{arguments:?}: {}", complaint(&output));
    }
}
