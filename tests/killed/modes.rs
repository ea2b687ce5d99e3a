//! Who may read what is written.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child::{PROGRAM, names, said, waiting};
use crate::common::{Workplace, told};

/// The mode of a file or folder.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Runs the program under a umask.
fn under(umask: &str, folder: &Path, arguments: &str) {
    let script = format!("umask {umask} && exec {PROGRAM} {arguments}");
    let told = told(Command::new("sh").args(["-c", &script]).current_dir(folder));
    assert!([0, 3].contains(&told.status), "{umask} {arguments}: {told:?}");
}

#[test]
fn what_holds_claim_data_is_its_owners_alone_whatever_the_umask() {
    for umask in ["000", "077", "022", "377"] {
        let place = Workplace::new();
        let here = place.outputs();
        let mut expected: Vec<(PathBuf, u32)> = Vec::new();
        let mut files = |names: &[&str]| expected.extend(names.iter().map(|name| (here.join(name), 0o600)));
        for name in ["c.csv", "c.csv.gz", "c.csv.zst", "c.parquet"] {
            under(umask, &here, &format!("generate --lines 300 --seed 3 --in-scope 0.9 --out {name}"));
            files(&[name]);
        }
        under(umask, &here, "generate --history --lines 2000 --seed 3 --in-scope 0.9 --out ext --truth truth.csv");
        files(&["truth.csv"]);
        under(umask, &here, "run ext --no-sync --keep-history --xlsx --out a");
        under(umask, &here, "run c.parquet --no-sync --history a --format parquet --require-clinical --out b");
        under(umask, &here, "run c.csv --no-sync --out c");
        under(umask, &here, "run c.csv --no-sync --clinical deny --overwrite --out c");
        under(umask, &here, "report a --xlsx");
        under(umask, &here, "compare b c --changes changes.csv --html changes.html");
        files(&["changes.csv", "changes.html"]);
        for folder in ["ext", "a", "b", "c"] {
            expected.push((here.join(folder), 0o700));
            let inside = names(&here.join(folder));
            assert!(inside.len() > 5, "{inside:?}");
            expected.extend(inside.iter().map(|name| (here.join(folder).join(name), 0o600)));
        }
        for name in ["a/superseded.csv", "a/history.bin", "a/report.xlsx", "a/sample.csv", "b/decisions.parquet"] {
            assert!(expected.iter().any(|(path, _)| path.ends_with(name)), "{name}");
        }
        for (path, wanted) in &expected {
            assert_eq!(mode(path), *wanted, "{} under umask {umask}", path.display());
        }
        let there = names(&here);
        assert!(there.iter().all(|name| !name.starts_with('.')), "{there:?}");
    }
}

#[test]
fn what_is_on_its_way_is_its_owners_alone_too() {
    let place = Workplace::new();
    let mut child = waiting(&place, &[]);
    let staging = place.outputs().join(".run.adjudicate-partial");
    assert_eq!(mode(&staging), 0o700);
    assert_eq!(mode(&staging.join("rejects.csv")), 0o600);
    assert_eq!(mode(&place.outputs().join(".run.adjudicate-lock")), 0o600);
    assert_eq!(place.left(), [".run.adjudicate-lock", ".run.adjudicate-partial"]);
    // Nothing that holds claims stands anywhere else.
    let open = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap();
    let links: Vec<_> = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok()).collect();
    let written =
        links.iter().filter(|path| path.starts_with(std::env::temp_dir()) && !path.starts_with(place.outputs()));
    assert_eq!(written.count(), 0, "{links:?}");
    drop(child.stdin.take());
    assert_eq!(said(child).0.code(), Some(0));
    assert!(File::open(place.out().join("decisions.csv")).is_ok());
}
