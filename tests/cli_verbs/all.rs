//! What holds for every verb: help, colour, escapes, closed pipes.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use super::{POLICY, adjudicate, command, complaint, printed, refused, status, text};

#[test]
fn every_verb_has_help_with_examples() {
    let verbs: [&[&str]; 14] = [
        &["run"],
        &["check"],
        &["explain"],
        &["rules"],
        &["policy", "list"],
        &["policy", "show"],
        &["policy", "lint"],
        &["policy", "expand"],
        &["icd10"],
        &["compare"],
        &["verify"],
        &["generate"],
        &["bench"],
        &["completions"],
    ];
    for verb in verbs {
        let mut arguments = verb.to_vec();
        arguments.push("--help");
        assert!(printed(&arguments).contains("Examples:\n  adjudicate "), "{verb:?}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(printed(&["completions", shell]).contains("adjudicate"), "{shell}");
    }
    refused(&["completions", "cmd"], &["possible values"]);
}

#[test]
fn there_is_no_colour_where_there_is_no_terminal() {
    let commands: [&[&str]; 4] = [
        &["check", "22513", "M54.50", "--date", "2026-03-01"],
        &["explain", "COV002"],
        &["rules"],
        &["policy", "show", POLICY],
    ];
    for arguments in commands {
        assert!(!printed(arguments).contains('\u{1b}'), "{arguments:?}");
    }
    // It is there where it is asked for.
    let output = command(Path::new("."), &["rules"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(text(&output).contains('\u{1b}'));
    let output = command(Path::new("."), &["rules"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!text(&output).contains('\u{1b}'));
}

#[test]
fn what_arguments_say_cannot_reach_the_terminal() {
    let output =
        adjudicate(&["check", "22513", "\u{1b}[2J", "--date", "2026-03-01", "--line-of-business", "\u{1b}[31m"]);
    assert!(!text(&output).contains('\u{1b}'), "{}", text(&output));
    let output = adjudicate(&["explain", "\u{1b}[31mCOV"]);
    assert!(!complaint(&output).contains('\u{1b}'), "{}", complaint(&output));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands: [&[&str]; 2] =
        [&["policy", "expand", POLICY, "--json"], &["icd10", "A00.0 - Z99.89", "--date", "2026-03-01"]];
    for arguments in commands {
        let mut child = command(root, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A few bytes, as `head -1` would, and then no more.
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 8]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(status(&output), 0, "{arguments:?}");
        assert_eq!(complaint(&output), "", "{arguments:?}");
    }
}
