//! What a signal ends, how soon, and what is said; and who else is on the same way.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::child::{HUP, INT, PROGRAM, TERM, heard_by, said, send, verified, waiting};
use crate::common::{Told, Workplace, program, told};

#[test]
fn a_run_that_waits_for_standard_input_ends_within_a_second() {
    for signal in [TERM, INT, HUP] {
        let place = Workplace::new();
        let mut child = waiting(&place, &[]);
        let stdin = child.stdin.take();
        let sent = Instant::now();
        send(&child, signal);
        let (status, said) = said(child);
        assert!(sent.elapsed() < Duration::from_secs(2), "{:?}", sent.elapsed());
        assert_eq!(status.signal(), Some(signal.number));
        assert_eq!(said, format!("error: stopped by SIG{}; nothing was left behind\n", signal.name));
        assert_eq!(place.left(), Vec::<String>::new());
        drop(stdin);
    }
}

#[test]
fn a_collector_is_told_the_signal() {
    let place = Workplace::new();
    let mut child = waiting(&place, &["--log-format", "json"]);
    let stdin = child.stdin.take();
    send(&child, TERM);
    let told: serde_json::Value = serde_json::from_str(&said(child).1).unwrap();
    assert_eq!((&told["event"], &told["signal"]), (&"stopped".into(), &"SIGTERM".into()));
    drop(stdin);
}

#[test]
fn folders_on_the_way_go_as_well() {
    let place = Workplace::new();
    let deep = place.outputs().join("a/b/run");
    let mut child = heard_by(&["-", "--out", deep.to_str().unwrap()]).stdin(Stdio::piped()).spawn().unwrap();
    while !deep.with_file_name(".run.adjudicate-partial").exists() {
        assert!(child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    let stdin = child.stdin.take();
    send(&child, TERM);
    assert_eq!(said(child).0.signal(), Some(TERM.number));
    assert_eq!(place.left(), Vec::<String>::new());
    drop(stdin);
}

#[test]
fn nobody_need_read_standard_error_for_the_program_to_end() {
    let place = Workplace::new();
    let (reader, mut writer) = io::pipe().unwrap();
    // As much as the pipe holds.
    writer.write_all(&vec![b'.'; 64 << 10]).unwrap();
    let out = place.out();
    let mut command = heard_by(&["-", "--out", out.to_str().unwrap()]);
    let mut child = command.stdin(Stdio::piped()).stderr(writer).spawn().unwrap();
    while !place.outputs().join(".run.adjudicate-partial").exists() {
        assert!(child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    let stdin = child.stdin.take();
    let sent = Instant::now();
    send(&child, TERM);
    assert_eq!(child.wait().unwrap().signal(), Some(TERM.number));
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
    assert_eq!(place.left(), Vec::<String>::new());
    drop((stdin, reader));
}

#[test]
fn a_signal_that_whoever_started_the_program_ignores_is_ignored() {
    let place = Workplace::new();
    let out = place.out();
    let mut command = Command::new("env");
    command.args(["--ignore-signal=HUP", PROGRAM, "run", "-", "--quiet", "--out"]).arg(out);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !place.outputs().join(".run.adjudicate-partial").exists() {
        assert!(child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    send(&child, HUP);
    let mut stdin = child.stdin.take().unwrap();
    let header = "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n";
    stdin.write_all([header, "SYN1,1,2026-03-02,22513,M80.08XA\n"].concat().as_bytes()).unwrap();
    drop(stdin);
    let (status, said) = said(child);
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
    verified(&place.out());
}

#[test]
fn the_second_of_two_runs_into_one_folder_is_refused() {
    let place = Workplace::new();
    let claims = place.write("claims.csv", fs::read("sample_data/claims.csv").unwrap());
    let mut first = waiting(&place, &[]);
    for overwrite in [&[][..], &["--overwrite"]] {
        // However the place is called.
        for out in [place.out(), place.outputs().join("../out/run")] {
            let mut command = program();
            command.args(["run", "--quiet"]).arg(&claims).args(overwrite).arg("--out").arg(&out);
            let Told { status, stderr, stdout } = told(&mut command);
            assert_eq!((status, stdout.as_str()), (2, ""));
            assert!(stderr.contains("another run is writing this folder") && stderr.contains("/run: "), "{stderr}");
        }
    }
    // The first knows nothing of it.
    drop(first.stdin.take());
    let (status, heard) = said(first);
    assert_eq!((status.code(), heard.as_str()), (Some(0), ""));
    verified(&place.out());
    assert_eq!(place.left(), ["run"]);

    // Nor does one that replaces the folder, and nor do those who read it meanwhile.
    let mut first = waiting(&place, &["--overwrite"]);
    let mut second = program();
    second.args(["run", "--quiet", "--overwrite"]).arg(&claims).arg("--out").arg(place.out());
    assert_eq!(told(&mut second).status, 2);
    verified(&place.out());
    drop(first.stdin.take());
    assert_eq!(said(first).0.code(), Some(0));
    verified(&place.out());
    assert_eq!(place.left(), ["run"]);
}

#[test]
fn other_verbs_leave_no_half_of_a_file_either() {
    let place = Workplace::new();
    for signal in [TERM, INT] {
        let mut child = Command::new("env")
            .args(["--default-signal=INT,TERM,HUP", PROGRAM, "generate", "--lines", "30000000", "--seed", "1"])
            .args(["--in-scope", "0.5", "--quiet", "--out", "claims.csv"])
            .current_dir(place.outputs())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while place.left().is_empty() {
            assert!(child.try_wait().unwrap().is_none());
            thread::sleep(Duration::from_millis(5));
        }
        send(&child, signal);
        let (status, said) = said(child);
        assert_eq!(status.signal(), Some(signal.number));
        assert_eq!(said, format!("error: stopped by SIG{}; nothing was left behind\n", signal.name));
        assert_eq!(place.left(), Vec::<String>::new());
    }
}
