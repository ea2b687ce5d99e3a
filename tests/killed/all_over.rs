//! Kills at moments all over a run.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng as _;

use crate::child::{INT, KILL, PROGRAM, Signal, TERM, heard_by, names, said, send, verified};
use crate::common::{Workplace, told};

/// What a kind of run is given, beside `--out`.
struct Kind {
    name: &'static str,
    arguments: Vec<String>,
    /// Whether a complete run stands in its place when it begins.
    replaces: bool,
}

fn generate(arguments: &[&str], out: &Path) -> String {
    let told =
        told(Command::new(PROGRAM).args(["generate", "--seed", "7", "--quiet", "--out"]).arg(out).args(arguments));
    assert_eq!(told.status, 0, "{told:?}");
    out.to_str().unwrap().to_owned()
}

/// CSV and Parquet, superseded claims, history kept and read, a folder replaced, one that goes on.
fn kinds(place: &Workplace) -> Vec<Kind> {
    let at = |name: &str| place.inputs().join(name);
    let csv = generate(&["--lines", "8000", "--in-scope", "0.6"], &at("claims.csv"));
    let parquet = generate(&["--lines", "6000", "--in-scope", "0.6", "--clinical"], &at("claims.parquet"));
    let extract = generate(&["--history", "--lines", "5000", "--in-scope", "0.6"], &at("extract"));
    let earlier = place.inputs().join("earlier").to_str().unwrap().to_owned();
    let told = told(Command::new(PROGRAM).args(["run", &csv, "--keep-history", "--quiet", "--out", &earlier]));
    assert!([0, 3].contains(&told.status), "{told:?}");
    let kind = |name, arguments: &[&str], replaces| Kind {
        name,
        arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
        replaces,
    };
    vec![
        kind("csv", &[&csv, "--no-sync"], false),
        kind("parquet", &[&parquet, "--no-sync", "--history", &earlier, "--memory", "1000000"], false),
        kind("versions", &[&extract, "--keep-history", "--format", "parquet", "--xlsx"], false),
        kind("replaced", &[&csv, "--overwrite", "--no-sync"], true),
        kind("resumed", &[&extract, "--resume", "--no-sync"], false),
    ]
}

/// What became of some kills.
#[derive(Default, Debug)]
struct Counts {
    kills: u32,
    /// Those that met a program that was running.
    met: u32,
    /// Those of them after which something was left to clean.
    left: u32,
    /// Those after which a complete run stood in its place, made by the killed program.
    complete: u32,
    /// Those of which the program said something.
    said: u32,
    /// The longest time from the signal to the end.
    longest: Duration,
    /// How far those had come that were killed without a word.
    stages: BTreeMap<&'static str, u32>,
}

/// What stands there hidden and is to be cleaned up: what `--resume` goes on from is not.
fn leftovers(place: &Workplace) -> usize {
    let is_left = |name: &&String| name.starts_with('.') && !name.ends_with(".adjudicate-checkpoint");
    names(&place.outputs()).iter().filter(is_left).count()
}

/// How far a run had come, by what it left.
fn stage(staging: &Path) -> &'static str {
    let has = |name: &str| staging.join(name).exists();
    match () {
        () if !staging.exists() => "1 before its folder, or after",
        () if has("manifest.json") => "6 complete, and not in place",
        () if has("summary.json") => "5 writing the report",
        () if has("decisions.csv") || has("decisions.parquet") => "4 writing the decisions",
        () if has("rejects.csv") => "3 reading and judging",
        () => "2 beginning",
    }
}

/// Kills a kind of run at so many moments of it, one in each part of its time.
fn kill_all_over(place: &Workplace, kind: &Kind, signal: Signal, kills: u32, random: &mut Pcg64Mcg) -> Counts {
    let out = place.outputs().join(kind.name);
    let mut arguments = kind.arguments.clone();
    arguments.extend(["--out".to_owned(), out.to_str().unwrap().to_owned()]);
    // Undisturbed, twice: the first finds nothing in the system's cache.
    let mut whole = Duration::ZERO;
    for _ in 0..2 {
        let _ = fs::remove_dir_all(&out);
        let begun = Instant::now();
        let (status, said) = said(heard_by(&arguments).spawn().unwrap());
        assert!(matches!(status.code(), Some(0 | 3)), "{status} {said}");
        whole = begun.elapsed();
    }
    let mut counts = Counts::default();
    for part in 0..kills {
        let was = fs::read(out.join("manifest.json")).ok();
        if !kind.replaces && was.is_some() {
            fs::remove_dir_all(&out).unwrap();
        }
        let leftover = leftovers(place) > 0;
        let mut child = heard_by(&arguments).spawn().unwrap();
        let within = f64::from(random.next_u32()) / f64::from(u32::MAX);
        thread::sleep(whole.mul_f64((f64::from(part) + within) / f64::from(kills)));
        let met = child.try_wait().unwrap().is_none();
        let sent = Instant::now();
        send(&child, signal);
        let (status, said) = said(child);
        counts.kills += 1;
        let met = met && status.signal().is_some();
        if met {
            counts.met += 1;
            assert_eq!(status.signal(), Some(signal.number), "{said}");
            counts.longest = counts.longest.max(sent.elapsed());
        } else {
            assert!(matches!(status.code(), Some(0 | 3)), "{status} {said}");
        }
        // The run cleaned up after the one before, if it came so far.
        let mut lines: Vec<&str> = said.lines().collect();
        if lines.first().is_some_and(|line| line.contains("left behind by a run that was killed")) {
            assert!(leftover && lines[0].starts_with("note: "), "{said}");
            lines.remove(0);
        }
        // Killed while it took away what it had gone on from.
        lines.retain(|line| !line.contains("does not say what it was made under"));
        if let Some(line) = lines.first() {
            assert!(met && signal.is_heard && lines.len() == 1, "{signal:?} {said}");
            assert!(line.starts_with(&format!("error: stopped by SIG{}; ", signal.name)), "{said}");
            counts.said += 1;
        }
        // There is nothing or all of it.
        let there = names(&place.outputs());
        let hidden = leftovers(place);
        assert!(
            hidden == 0 || !signal.is_heard || (lines.is_empty() && leftover),
            "{signal:?} {there:?} {leftover} {met} {status} {said}"
        );
        counts.left += u32::from(met && hidden > 0);
        if met && !signal.is_heard {
            *counts
                .stages
                .entry(stage(&place.outputs().join(format!(".{}.adjudicate-partial", kind.name))))
                .or_default() += 1;
        }
        let is = fs::read(out.join("manifest.json")).ok();
        assert_eq!(out.exists(), is.is_some(), "a run folder without its manifest");
        assert!(!kind.replaces || is.is_some(), "what was to be replaced is gone");
        if is.is_some() {
            verified(&out);
            counts.complete += u32::from(met && (!kind.replaces || is != was));
        }
    }
    // The next run works, and cleans up.
    let _ = fs::remove_dir_all(&out);
    let (status, said) = said(heard_by(&arguments).spawn().unwrap());
    assert!(matches!(status.code(), Some(0 | 3)), "{status} {said}");
    verified(&out);
    assert_eq!(names(&place.outputs()), [kind.name]);
    fs::remove_dir_all(&out).unwrap();
    counts
}

#[test]
fn a_run_that_is_killed_anywhere_leaves_nothing_or_all_of_it() {
    let asked = std::env::var("ADJUDICATE_KILLS").ok().map(|kills| kills.parse().unwrap());
    let kills: u32 = asked.unwrap_or(5);
    let mut random = Pcg64Mcg::new(20_261_123);
    let place = Workplace::new();
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for kind in kinds(&place) {
        for signal in [KILL, TERM, INT] {
            let counts = kill_all_over(&place, &kind, signal, kills, &mut random);
            println!("{} {}: {counts:?}", kind.name, signal.name);
            let sum = all.entry(signal.name).or_default();
            sum.kills += counts.kills;
            sum.met += counts.met;
            sum.left += counts.left;
            sum.complete += counts.complete;
            sum.said += counts.said;
            sum.longest = sum.longest.max(counts.longest);
            for (stage, kills) in counts.stages {
                *sum.stages.entry(stage).or_default() += kills;
            }
        }
    }
    for (signal, sum) in &all {
        println!("SIG{signal}: {sum:?}");
        assert!(sum.met * 2 >= sum.kills, "too few kills met a program that was running");
        if *signal == KILL.name {
            assert!(sum.left > 0, "no kill left anything that could be cleaned");
        } else {
            // A second, and what a busy machine takes on top.
            assert!(sum.longest < Duration::from_secs(3), "{sum:?}");
            // The others came before the program could hear.
            assert!(sum.said * 4 >= sum.met * 3, "{sum:?}");
        }
    }
    assert!(all.values().map(|sum| sum.kills).sum::<u32>() >= 50);
}
