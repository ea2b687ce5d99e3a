//! The same claims give the same bytes: whatever the threads, the size of batches and the
//! memory; and the same decisions, whatever the files that they stand in.
//!
//! `ADJUDICATE_LINES` asks for more lines than the few of every day: `scripts/same_bytes.sh`
//! runs a million in a release build.

mod common;

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use common::{Row, Workplace, program, rows_of, told};

/// How many lines there are.
fn lines() -> usize {
    env::var("ADJUDICATE_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(12_000)
}

/// What of a run folder follows the claims and the options alone.
const SAME: [&str; 7] = [
    "decisions.csv",
    "decisions.parquet",
    "rejects.csv",
    "superseded.csv",
    "sample.csv",
    "summary.json",
    "history.bin",
];

/// Runs, and says how long it took.
fn run(place: &Workplace, out: &str, options: &[&str]) -> PathBuf {
    let out = place.outputs().join(out);
    let begun = Instant::now();
    let told = told(
        program()
            .current_dir(place.inputs())
            .args(["run", "--no-sync", "--quiet", "--overwrite", "--out"])
            .arg(&out)
            .args(options),
    );
    assert_eq!((told.status, told.stderr.as_str()), (3, ""), "{options:?}");
    println!("{:>8.2} s  {}", begun.elapsed().as_secs_f64(), options.join(" "));
    out
}

/// An extract of some years, with versions of claims, lines that belong together far apart,
/// and, in every file, a row that cannot be read.
fn extract(place: &Workplace) {
    let lines = lines().to_string();
    let mut generate = program();
    generate.current_dir(place.inputs()).args(["generate", "--history", "--in-scope", "0.5", "--seed", "23"]);
    assert_eq!(told(generate.args(["--lines", &lines, "--out", "extract"])).status, 0);
    for file in files(&place.inputs().join("extract")) {
        fs::OpenOptions::new().append(true).open(file).unwrap().write_all(b"one,row,too,short\n").unwrap();
    }
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn threads_batches_and_memory_change_no_byte() {
    let place = Workplace::new();
    extract(&place);
    // Little memory, but no less than what must be remembered of so many lines.
    let little = format!("{}K", (lines() * 40).div_ceil(1024).max(256));
    for format in ["csv", "parquet"] {
        let fixed = ["extract", "--format", format, "--look-back", "12", "--as-of", "2026-06-30", "--keep-history"];
        let first = run(&place, "first", &[&fixed[..], &["--threads", "1"]].concat());
        for threads in ["1", "2", "8"] {
            for batch in ["3000", "65536", "524288"] {
                for memory in [&little, "4G"] {
                    let how = ["--threads", threads, "--batch-bytes", batch, "--memory", memory];
                    let other = run(&place, "other", &[&fixed[..], &how].concat());
                    for name in SAME {
                        let read = |folder: &Path| fs::read(folder.join(name)).ok();
                        assert!(read(&first) == read(&other), "{name} of {format}: {how:?}");
                    }
                }
            }
        }
        for name in ["rejects.csv", "superseded.csv", "sample.csv", "summary.json", "history.bin"] {
            assert!(fs::metadata(first.join(name)).unwrap().len() > 100, "{name} has nothing to tell");
        }
    }
}

/// A claim file in several forms.
struct Forms<'a> {
    header: &'a str,
    rows: Vec<&'a str>,
}

impl Forms<'_> {
    /// So many rows from one on, as CSV.
    fn csv(&self, rows: &[&str]) -> String {
        let mut text = format!("{}\n", self.header);
        for row in rows {
            text.push_str(row);
            text.push('\n');
        }
        text
    }

    /// Writes the claims as files of so many rows.
    fn write(&self, place: &Workplace, name: &str, ending: &str, rows: usize, make: fn(&str) -> Vec<u8>) {
        for (number, part) in self.rows.chunks(rows).enumerate() {
            place.write(&format!("{name}/{number:04}.{ending}"), make(&self.csv(part)));
        }
    }
}

fn plain(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 1).unwrap()
}

/// Decisions without what tells where a line stands: which file and row, and details that
/// name the place of another line.
fn decided(folder: &Path) -> Vec<Row> {
    let mut rows = rows_of(&fs::read(folder.join("decisions.csv")).unwrap());
    for row in &mut rows {
        row.remove("source_file");
        row.remove("source_row");
        if let Some(detail) = row.get_mut("detail")
            && let Some(at) = detail.find("row ")
        {
            detail.truncate(at);
        }
    }
    rows
}

#[test]
fn the_form_of_the_files_changes_no_decision() {
    let place = Workplace::new();
    let mut generate = program();
    let (half, path) = (lines() / 2, place.inputs().join("all.csv"));
    generate.current_dir(place.inputs()).args(["generate", "--in-scope", "0.5", "--seed", "29", "--out", "all.csv"]);
    assert_eq!(told(generate.args(["--lines", &half.to_string()])).status, 0);
    let text = fs::read_to_string(path).unwrap();
    let mut all = text.lines();
    let forms = Forms { header: all.next().unwrap(), rows: all.collect() };
    assert!(!text.contains('"'), "a field may hold a line end");
    let (one, many) = (forms.rows.len(), forms.rows.len() / 7 + 1);
    forms.write(&place, "csv", "csv", one, plain);
    forms.write(&place, "csvs", "csv", many, plain);
    forms.write(&place, "gz", "csv.gz", one, gzip);
    forms.write(&place, "gzs", "csv.gz", many, gzip);
    forms.write(&place, "zst", "csv.zst", one, zstd);
    forms.write(&place, "zsts", "csv.zst", many, zstd);
    forms.write(&place, "parquet", "parquet", one, |text| common::parquet::claims_in_groups(text, 3000));
    forms.write(&place, "parquets", "parquet", many, common::parquet::claims);
    let fixed = ["--format", "csv", "--clinical", "deny"];
    let run = |form: &str| {
        let out = place.outputs().join(form);
        let told = told(
            program()
                .current_dir(place.inputs())
                .args(["run", form, "--no-sync", "--quiet", "--out"])
                .arg(&out)
                .args(fixed),
        );
        assert!([0, 3].contains(&told.status) && told.stderr.is_empty(), "{form}: {told:?}");
        println!("{form}");
        decided(&out)
    };
    let first = run("csv");
    assert!(first.len() > one / 4, "{} decided of {one}", first.len());
    for form in ["csvs", "gz", "gzs", "zst", "zsts", "parquet", "parquets"] {
        let other = run(form);
        assert_eq!(first.len(), other.len(), "{form}");
        for (number, (one, other)) in first.iter().zip(&other).enumerate() {
            assert_eq!(one, other, "{form}: line {number}");
        }
    }
}
