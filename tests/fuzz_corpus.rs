//! The checks of the fuzzers, over what is kept of their inputs and some changes of it:
//! the same ones every time. The long form is `scripts/fuzz.sh`.

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::{Path, PathBuf};

use fuzz::{TARGETS, Target};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng as _;

/// The seeds of a target, in the order of their names.
fn seeds(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target.name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// A number below another.
fn below(rng: &mut Pcg64Mcg, most: usize) -> usize {
    usize::try_from(rng.next_u64() % most.max(1) as u64).unwrap()
}

/// Changes some bytes, as fuzzers do: others, fewer, more, or some of another seed.
fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut Pcg64Mcg) {
    const TELLING: &[u8] = b"\0\x01\x7f\x80\xff\n\r\",;|=[]{}-.$ 09aA";
    for _ in 0..=below(rng, 3) {
        let at = below(rng, bytes.len());
        let length = 1 + below(rng, 8);
        let end = bytes.len().min(at + length);
        match below(rng, 6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << below(rng, 8),
            1 if at < bytes.len() => bytes[at] = TELLING[below(rng, TELLING.len())],
            2 => drop(bytes.drain(at..end)),
            3 => bytes.insert(at, TELLING[below(rng, TELLING.len())]),
            4 => {
                let from = below(rng, other.len());
                let part = other[from..].iter().take(length * 4).copied();
                bytes.splice(at..end, part);
            }
            _ => bytes.truncate(bytes.len().saturating_sub(below(rng, length))),
        }
    }
}

/// So many changes of the seeds of a target are checked.
fn changes(target: &Target) -> usize {
    match target.name {
        // A run each, or a page.
        "history" | "run_folder" => 60,
        "policy" | "parquet_rows" | "csv_lines" | "csv_records" => 400,
        _ => 2_000,
    }
}

/// What is checked: told if that fails.
struct Told(String);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", self.0);
        }
    }
}

fn go_over(name: &str) {
    fuzz::watch_panics();
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = seeds(target);
    assert!(!seeds.is_empty());
    for (path, seed) in &seeds {
        let told = Told(path.display().to_string());
        fuzz::check(name, seed);
        drop(told);
    }
    let mut rng = Pcg64Mcg::new(0xadad_adad);
    for number in 0..changes(target) {
        let (path, seed) = &seeds[number % seeds.len()];
        let (_, other) = &seeds[below(&mut rng, seeds.len())];
        let mut bytes = seed.clone();
        change(&mut bytes, other, &mut rng);
        let told = Told(format!("change {number} of {}: {:?}", path.display(), bytes.escape_ascii().to_string()));
        fuzz::check(name, &bytes);
        drop(told);
    }
}

/// Seeds that only a run can make. The others: `fuzz/make_seeds.py`.
#[test]
#[ignore = "writes seeds"]
fn seeds_of_a_run() {
    let files = fuzz::run_folder::files();
    let reviews = "source_file,source_row,claim_id,line_number,verdict,note\nclaims,1,A1,1,confirmed,\n";
    for (target, name, content) in [
        ("history", "kept", files.history.clone()),
        ("run_folder", "manifest", [b"\0", files.manifest.as_bytes()].concat()),
        ("run_folder", "summary", [b"\x01", files.summary.as_bytes()].concat()),
        ("run_folder", "sample", [b"\x02", files.sample.as_slice()].concat()),
        ("run_folder", "sample_safe", [b"\x06", files.sample.as_slice()].concat()),
        ("run_folder", "reviews", [b"\x03", reviews.as_bytes()].concat()),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), content).unwrap();
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                go_over(stringify!($name));
            }
        )*

        #[test]
        fn every_target_has_its_test_and_its_fuzzer() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|target| target.name), tested);
            for name in tested {
                let fuzzer = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/fuzz_targets/{name}.rs"));
                assert!(fs::read_to_string(fuzzer).unwrap().contains(&format!("{name:?}")), "{name}");
            }
        }
    };
}

targets! {
    csv_records csv_lines parquet_rows values policy layout overrides history run_folder
}
