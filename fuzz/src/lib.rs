//! What is fuzzed: for each target a check that holds for any bytes. It fails by a
//! panic.
//!
//! Compiled twice: into the fuzzers of `fuzz_targets`, which look for bytes that break
//! a check, and into `tests/fuzz_corpus.rs`, which goes over the seeds and some changes
//! of them with the program's ordinary tests.

#![forbid(unsafe_code)]
#![allow(unreachable_pub, clippy::must_use_candidate)] // A module of a test, too.

mod claim_lines;
mod codes;
pub mod history;
mod layout;
pub mod on_disk;
mod overrides;
mod parquet;
mod policy;
pub mod records;
pub mod run_folder;
mod values;

use std::panic;

use adjudicate::input::parquet::is_guarded;

/// A target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: that of its fuzzer and of the folder of its seeds.
    pub name: &'static str,
    /// What must hold.
    pub check: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 9] = [
    Target { name: "csv_records", check: records::check },
    Target { name: "csv_lines", check: claim_lines::file },
    Target { name: "parquet_rows", check: parquet::rows },
    Target { name: "values", check: values::check },
    Target { name: "policy", check: policy::check },
    Target { name: "layout", check: layout::check },
    Target { name: "overrides", check: overrides::check },
    Target { name: "history", check: history::check },
    Target { name: "run_folder", check: run_folder::check },
];

/// Checks one input of a target.
///
/// # Panics
///
/// The check fails, or there is no such target.
pub fn check(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.check)(data);
}

/// Lets the Parquet library panic where the program makes an error of it, which is
/// not told then. A panic there that is our own ends the process: it would pass
/// unseen.
pub fn watch_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_ours = info.location().is_none_or(|place| {
            let foreign = ["/registry/", "/rustc/", "library/"];
            !foreign.iter().any(|part| place.file().contains(part))
        });
        if is_guarded() || parquet::is_comparing() {
            if is_ours {
                before(info);
                std::process::abort();
            }
            return parquet::note_caught(info);
        }
        before(info);
    }));
}
