//! Policies, layouts, overrides and options that are deep, long or without end.

use std::process::Command;

use super::{HEADER, LINE, refused};
use crate::common::{Workplace, program, told};

/// So many of a piece nested in one another.
fn nested(open: &str, close: &str, times: usize) -> String {
    format!("{}{}", open.repeat(times), close.repeat(times))
}

/// TOML that is deep, each in a way of its own.
fn deep(times: usize) -> Vec<(&'static str, String)> {
    vec![
        ("arrays", format!("schema = {}\n", nested("[", "]", times))),
        ("open arrays", format!("schema = {}\n", "[".repeat(times))),
        ("inline tables", format!("schema = {}1{}\n", "{ a = ".repeat(times), " }".repeat(times))),
        ("dotted keys", format!("schema{} = 1\n", ".a".repeat(times))),
        ("table names", format!("[schema{}]\nb = 1\n", ".a".repeat(times))),
        ("tables of tables", format!("[[schema{}]]\nb = 1\n", ".a".repeat(times))),
        ("a long line", format!("schema = \"{}\n", "x".repeat(times * 20))),
        ("a long key", format!("{} = 1\n", "x".repeat(times * 20))),
        ("keys in one another", (1..200).map(|depth| ["[a", &".a".repeat(depth), "]\nb = 1\n"].concat()).collect()),
    ]
}

/// The ways in which a file of settings is given.
fn given(place: &Workplace) -> Vec<(&'static str, Command)> {
    let run = |options: &[&str]| {
        let mut command = place.run();
        command.arg("a.csv").args(options);
        command
    };
    let mut lint = program();
    lint.current_dir(place.inputs()).args(["policy", "list", "--policy", "bad.toml"]);
    vec![
        ("policy", run(&["--policy", "bad.toml"])),
        ("shadow", run(&["--shadow", "bad.toml"])),
        ("list", lint),
        ("layout", run(&["--layout", "bad.toml"])),
        ("overrides", run(&["--overrides", "bad.toml", "--as-of", "2026-03-31"])),
        ("config", run(&["--config", "bad.toml"])),
    ]
}

#[test]
fn deep_settings_are_an_error_in_a_few_words() {
    let place = Workplace::new();
    place.write("a.csv", [HEADER, LINE].concat());
    for (what, text) in deep(20_000).into_iter().chain(deep(100)) {
        place.write("bad.toml", &text);
        for (how, mut command) in given(&place) {
            let told = refused(&place, &mut command, &["bad.toml"]);
            assert!(told.stderr.lines().all(|line| line.chars().count() < 400), "{what}, {how}: {}", told.stderr);
        }
        let told = told(program().current_dir(place.inputs()).args(["policy", "lint", "bad.toml"]));
        assert!(told.status == 2 && told.stdout.len() + told.stderr.len() < 4000, "{what}: {told:?}");
    }
}

#[test]
fn settings_without_end_are_an_error() {
    let place = Workplace::new();
    place.write("a.csv", [HEADER, LINE].concat());
    std::os::unix::fs::symlink("/dev/zero", place.inputs().join("bad.toml")).unwrap();
    for (_, mut command) in given(&place) {
        refused(&place, &mut command, &["bad.toml: the file is larger than 64 MiB"]);
    }
}

#[test]
fn settings_of_bytes_that_are_no_text() {
    let place = Workplace::new();
    place.write("a.csv", [HEADER, LINE].concat());
    for content in [&b"schema = \"\xff\xfe\"\n"[..], b"schema = 1\0\n", b"\0\0\0\0", b"\xef\xbb\xbf\x1b[2J = 1\n"] {
        place.write("bad.toml", content);
        for (_, mut command) in given(&place) {
            let told = refused(&place, &mut command, &["bad.toml"]);
            super::terminal::harmless(&told);
        }
    }
}
