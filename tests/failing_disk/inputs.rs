//! Inputs that are not what they were, or that may not be read.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Told, Workplace, told};
use crate::{claims, refused, script};

/// A run that reads the file and then waits for standard input.
fn between(place: &Workplace, inputs: &[&str]) -> Child {
    let mut run = place.run();
    // In small pieces, so that the run goes on with what is there.
    run.args(["--quiet", "--batch-bytes", "1024"]).args(inputs);
    let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(claims(100).as_bytes()).unwrap();
    let begun = Instant::now();
    while !place.outputs().join(".run.adjudicate-partial/rejects.csv").exists() {
        assert!(begun.elapsed() < Duration::from_mins(1) && child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    child
}

fn ended(mut child: Child) -> Told {
    drop(child.stdin.take());
    child.wait_with_output().unwrap().into()
}

/// Something that is done to a file.
type Change = fn(&Path);

#[test]
fn an_input_that_changes_before_it_has_been_read() {
    let place = Workplace::new();
    let text = claims(2_000);
    let parquet = || {
        let out = place.inputs().join("b.parquet");
        let made = script(
            &place.inputs(),
            "exec \"$0\" generate --overwrite --quiet --lines 300 --in-scope 0.5 --seed 1 --out b.parquet",
        );
        assert_eq!(made.status, 0);
        fs::read(out).unwrap()
    };
    let parquet = parquet();
    let zst = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let changes: [(&str, Change, &str); 5] = [
        (
            "shrinks",
            |path| File::options().write(true).open(path).unwrap().set_len(1_000).unwrap(),
            "changed while it was read",
        ),
        ("grows", |path| append(path, b"C9,1,2026-03-01,22513,M80.08XA,,\n"), "changed while it was read"),
        (
            "is written to in place",
            // The same byte again: what it would be read as is not the matter.
            |path| {
                let first = fs::read(path).unwrap()[0];
                OpenOptions::new().write(true).open(path).unwrap().write_all(&[first]).unwrap();
            },
            "changed while it was read",
        ),
        (
            "is replaced",
            |path| {
                let copy = path.with_extension("copy");
                fs::copy(path, &copy).unwrap();
                fs::rename(copy, path).unwrap();
            },
            "changed while it was read",
        ),
        ("vanishes", |path| fs::remove_file(path).unwrap(), "No such file"),
    ];
    for (name, content) in [("b.csv", text.as_bytes()), ("b.csv.zst", &zst), ("b.parquet", &parquet)] {
        for (what, change, word) in changes {
            let path = place.write(name, content);
            let child = between(&place, &["-", name]);
            thread::sleep(Duration::from_millis(20));
            change(&path);
            let told = ended(child);
            // Cut short or overwritten, it may be too damaged to be read to its end.
            let words: &[&str] = if told.stderr.contains("not a readable Parquet") || told.stderr.contains("damaged") {
                assert!(name != "b.csv" && ["shrinks", "grows"].contains(&what), "{told:?}");
                &[name]
            } else {
                &[name, word]
            };
            refused(&place, &told, words);
        }
    }
    // What is left alone is read; whoever only looks at it changes nothing.
    let path = place.write("b.csv", &text);
    let child = between(&place, &["-", "b.csv"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(&path, path.with_extension("link")).unwrap();
    assert_eq!(ended(child).status, 0);
}

fn append(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn an_input_that_grows_all_the_while() {
    let place = Workplace::new();
    let path = place.write("a.csv", claims(60_000));
    let mut run = place.run();
    let child = run.args(["--quiet", "a.csv"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let writer = thread::spawn(move || {
        for _ in 0..400 {
            append(&path, b"C9,1,2026-03-01,22513,M80.08XA,,\n");
            thread::sleep(Duration::from_millis(5));
        }
    });
    let told = Told::from(child.wait_with_output().unwrap());
    writer.join().unwrap();
    refused(&place, &told, &["a.csv", "changed while it was read", "nobody writes to it"]);
}

#[test]
fn a_file_without_the_right_to_read_it() {
    let place = Workplace::new();
    let path = place.write("a.csv", claims(1));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_err() {
        refused(&place, &told(place.run().arg("a.csv")), &["a.csv", "ermission denied"]);
    }
}
