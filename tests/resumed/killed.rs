//! Killed again and again, at moments all over the run.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng as _;

use crate::child::{KILL, said, send};
use crate::common::Workplace;
use crate::works::{checkpoint, left_by_run, partitions, parts, same, undisturbed};

/// How many inputs a run says were finished before, if it says so.
fn finished_before(said: &str) -> Option<u32> {
    let line = said.lines().find(|line| line.contains(" inputs were finished before and are not read again"))?;
    line.strip_prefix("note: ")?.split(' ').next()?.parse().ok()
}

/// How many inputs are finished.
fn finished(place: &Workplace) -> usize {
    parts(place).len()
}

#[test]
fn a_run_that_is_killed_until_it_ends_leaves_the_bytes_of_an_undisturbed_one() {
    let rounds: u32 = std::env::var("ADJUDICATE_KILLS").map_or(4, |kills| kills.parse().unwrap());
    let place = Workplace::new();
    partitions(&place, 9000);
    let arguments = [
        "days",
        "--resume",
        "--keep-history",
        "--overrides",
        "overrides.csv",
        "--as-of",
        "2021-06-15",
        "--look-back",
        "12",
        "--shadow",
        "draft.toml",
        "--shadow",
        "other.toml",
        "--batch-bytes",
        "4096",
        "--threads",
        "2",
    ];
    let begun = Instant::now();
    let expected = undisturbed(&place, &arguments);
    let whole = begun.elapsed();
    for name in ["superseded.csv", "history.bin", "rejects.csv", "decisions.csv", "sample.csv", "summary.json"] {
        assert!(expected.contains_key(name), "{name}");
    }
    // Lines that both decide, that the run decides alone, and that its shadow does.
    let shadow: serde_json::Value = serde_json::from_slice(&expected["shadow.json"]).unwrap();
    for figure in ["changed", "only_in_a", "only_in_b"] {
        assert!(shadow["total"][figure].as_u64().unwrap() > 20, "{figure}: {}", shadow["total"]);
    }
    let mut random = Pcg64Mcg::new(20_261_124);
    let (mut kills, mut resumed, mut spared) = (0, 0, 0);
    for round in 0..rounds {
        let mut reach = 0.9;
        loop {
            let before = finished(&place);
            let mut command = place.run();
            let mut child = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            if round % 2 == 0 {
                let within = f64::from(random.next_u32()) / f64::from(u32::MAX);
                thread::sleep(whole.mul_f64(reach * within));
            } else {
                // After some more inputs, however fast it is.
                let more = random.next_u32() as usize % 12;
                while child.try_wait().unwrap().is_none() && finished(&place) < before + more {
                    thread::sleep(Duration::from_millis(1));
                }
            }
            reach *= 1.1;
            let met = child.try_wait().unwrap().is_none();
            send(&child, KILL);
            let (status, said) = said(child);
            if let Some(finished) = finished_before(&said) {
                resumed += 1;
                spared += finished;
            }
            if met && status.signal().is_some() {
                kills += 1;
                continue;
            }
            // Or the last kill came when all was in place.
            let is_there = status.code() == Some(2) && said.contains(" exists; name another folder");
            assert!(status.code() == Some(3) || is_there, "{said}");
            break;
        }
        assert!(!checkpoint(&place).exists(), "round {round}");
        assert_eq!(place.left(), ["run"]);
        same(&left_by_run(&place.out()), &expected);
        fs::remove_dir_all(place.out()).unwrap();
    }
    println!("{rounds} rounds of {whole:?}: {kills} kills, {resumed} runs went on, {spared} inputs not read again");
    assert!(kills >= rounds && resumed >= rounds / 2 && spared > 10, "{kills} {resumed} {spared}");
}
