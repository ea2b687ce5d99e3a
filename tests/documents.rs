//! The commands in the documents are run, and what they are shown to print is
//! what they print.
//!
//! A block marked `console` holds lines `$ command`, each followed by its output, or
//! by nothing where the output is not shown. `...` alone on a line stands for any
//! lines. Commands of cargo itself and of other programs are not run, but for a few that
//! prepare a place or look at a file.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const DOCUMENTS: [&str; 4] = ["README.md", "CONTRIBUTING.md", "docs/retrospective-audit.md", "docs/operations.md"];

struct Shown {
    document: &'static str,
    command: String,
    output: Vec<String>,
}

fn shown_commands() -> Vec<Shown> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut commands: Vec<Shown> = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document)).unwrap();
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with("```") {
                inside = line == "```console";
            } else if inside {
                if let Some(command) = line.strip_prefix("$ ") {
                    commands.push(Shown { document, command: command.to_owned(), output: Vec::new() });
                } else if let Some(last) = commands.last_mut() {
                    last.output.push(line.to_owned());
                }
            }
        }
    }
    commands
}

/// What to run for a command of a document; `None` for what is not ours.
fn runnable(command: &str) -> Option<String> {
    let command = command.split("   #").next().unwrap_or(command).trim();
    let ours = command.strip_prefix("cargo run --release -- ").map(|rest| format!("adjudicate {rest}"));
    let ours = ours.unwrap_or_else(|| command.to_owned());
    let prepares = ["mkdir ", "cp ", "grep "].iter().any(|tool| ours.starts_with(tool));
    (prepares || ours.contains("adjudicate ")).then_some(ours).filter(|ours| !ours.starts_with("cargo"))
}

fn agrees(expected: &[String], printed: &str) -> bool {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let expected: Vec<&str> = expected.iter().map(|line| line.trim_end()).collect();
    let mut parts = expected.split(|line| *line == "...");
    let first = parts.next().unwrap_or_default();
    if !printed.starts_with(first) {
        return false;
    }
    let mut at = first.len();
    let rest: Vec<&[&str]> = parts.collect();
    if rest.is_empty() {
        return printed.len() == at;
    }
    for (number, part) in rest.iter().enumerate() {
        let last = number + 1 == rest.len();
        let found = (at..=printed.len().saturating_sub(part.len())).find(|start| {
            let end = start + part.len();
            printed[*start..end] == **part && (!last || part.is_empty() || end == printed.len())
        });
        match found {
            Some(start) => at = start + part.len(),
            None => return false,
        }
    }
    true
}

#[test]
fn the_documents_commands_do_what_they_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    for name in ["sample_data", "policies", "layouts", "tests", "docs"] {
        symlink(root.join(name), place.path().join(name)).unwrap();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_adjudicate"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut ran = 0;
    for shown in shown_commands() {
        let Some(command) = runnable(&shown.command) else { continue };
        let outcome = Command::new("sh")
            .args(["-c", &command])
            .current_dir(place.path())
            .env("PATH", &path)
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&outcome.stderr);
        let status = outcome.status.code();
        assert!(matches!(status, Some(0 | 1 | 3)), "{}: `{command}` ended with {status:?}: {said}", shown.document);
        let printed =
            String::from_utf8_lossy(&outcome.stdout).replace(&place.path().display().to_string(), "/home/you");
        let printed = printed.replace("/private/home/you", "/home/you");
        let expected: Vec<String> = shown.output.clone();
        let expected: &[String] = match expected.split_last() {
            Some((last, rest)) if last.is_empty() => rest,
            _ => &expected,
        };
        if !expected.is_empty() {
            assert!(
                agrees(expected, &printed),
                "{}: `{command}` prints\n{printed}\nand is shown to print\n{}",
                shown.document,
                expected.join("\n")
            );
        }
        ran += 1;
    }
    assert!(ran >= 5, "the documents show {ran} commands; were they read?");
}

#[test]
fn paths_that_the_documents_name_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ARCHITECTURE.md", "docs/operations.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let folder = quoted.split('/').next().unwrap_or_default();
            let ours = ["src", "tests", "benches", "scripts", "docs", "policies", "layouts", "sample_data"];
            let is_path = ours.contains(&folder) && quoted.contains('/') && !quoted.contains([' ', '*', '<']);
            assert!(!is_path || root.join(quoted).exists(), "{document} names {quoted}");
        }
    }
}
