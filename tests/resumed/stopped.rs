//! What is said and left when a run is stopped, who may read it, and what is refused.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::child::{INT, PROGRAM, TERM, heard_by, names, said, send};
use crate::common::{Workplace, program, told};
use crate::works::{MEMBER, Stopped, checkpoint, claims, parts};

/// More than can be read before anybody looks.
fn long() -> String {
    let (header, rows) = {
        let text = claims("z");
        let (header, rows) = text.split_once('\n').unwrap();
        (header.to_owned() + "\n", rows.replace("22513", "99213").replace("22511", "99214").replace("22515", "99215"))
    };
    header + &rows.repeat(40_000)
}

#[test]
fn a_signal_leaves_what_is_finished_and_says_so() {
    let place = Workplace::new();
    place.write("days/z.csv", long());
    for signal in [TERM, INT] {
        for finished in [0, 2] {
            let mut child = {
                for name in ["a", "b"] {
                    let path = place.write(&format!("days/{name}.csv"), claims(name));
                    if finished == 0 {
                        fs::remove_file(path).unwrap();
                    }
                }
                let (days, out) = (place.inputs().join("days"), place.out());
                let arguments = [days.as_os_str(), "--resume".as_ref(), "--out".as_ref(), out.as_os_str()];
                heard_by(&arguments).spawn().unwrap()
            };
            let folder = checkpoint(&place);
            while !folder.join("partial").exists() || parts(&place).len() < finished {
                assert!(child.try_wait().unwrap().is_none());
                thread::sleep(Duration::from_millis(2));
            }
            send(&child, signal);
            let (status, said) = said(child);
            assert_eq!(status.signal(), Some(signal.number), "{said}");
            let of = finished + 1;
            let wanted = match finished {
                0 => "nothing was left behind".to_owned(),
                _ => format!(
                    "{finished} of {of} inputs are finished, and the same command goes on from there ({})",
                    folder.display()
                ),
            };
            assert_eq!(said, format!("error: stopped by SIG{}; {wanted}\n", signal.name));
            let left: &[&str] = if finished == 0 { &[] } else { &[".run.adjudicate-checkpoint"] };
            assert_eq!(place.left(), left);
            if finished > 0 {
                assert_eq!(names(&folder).len(), finished + 1, "parts and fingerprint: {:?}", names(&folder));
                fs::remove_dir_all(&folder).unwrap();
            }
        }
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_checkpoint_is_its_owners_alone_and_names_no_member_of_a_decided_line() {
    for umask in ["000", "377"] {
        let stopped = Stopped::run(&[]);
        let folder = checkpoint(&stopped.place);
        fs::remove_dir_all(&folder).unwrap();
        let last = stopped.place.inputs().join("days/d.csv.gz");
        let whole = fs::read(&last).unwrap();
        fs::write(&last, &whole[..whole.len() - 9]).unwrap();
        let out = stopped.place.out();
        let script = format!("umask {umask} && exec {PROGRAM} run days --resume --quiet --out {}", out.display());
        let told = told(Command::new("sh").args(["-c", &script]).current_dir(stopped.place.inputs()));
        assert_eq!(told.status, 2, "{told:?}");
        assert_eq!(mode(&folder), 0o700);
        let names = names(&folder);
        assert_eq!(names.len(), 4);
        for name in &names {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name} under {umask}");
        }
        let mut claims = 0;
        for path in parts(&stopped.place) {
            let bytes = fs::read(path).unwrap();
            let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
            assert!(!holds(MEMBER.as_bytes()));
            claims += u32::from(holds(b"a13") || holds(b"b13") || holds(b"c13"));
        }
        // What is looked for would be found.
        assert_eq!(claims, 3);
    }
}

#[test]
fn what_cannot_go_on_is_refused() {
    let place = Workplace::new();
    place.write("a.csv", claims("a"));
    let pipe = told(place.run().args(["-", "--resume"]).stdin(Stdio::null()));
    assert!(pipe.status == 2 && pipe.stderr.contains("--resume cannot go on with standard input"), "{pipe:?}");
    assert_eq!(place.left(), Vec::<String>::new());
    // By the environment and by a file as well.
    place.write("resume.toml", "resume = true\n");
    let config = told(place.run().args(["-", "--config", "resume.toml"]).stdin(Stdio::null()));
    let environment = told(place.run().arg("-").env("ADJUDICATE_RESUME", "yes").stdin(Stdio::null()));
    assert!([config.status, environment.status] == [2, 2], "{config:?} {environment:?}");
    assert!(config.stderr.contains("standard input") && environment.stderr.contains("standard input"));
}

#[test]
fn what_others_could_have_put_there_is_not_believed() {
    let elsewhere = Workplace::new();
    let place = Workplace::new();
    place.write("a.csv", claims("a"));
    let folder = checkpoint(&place);
    let refused = || {
        let told = told(place.run().args(["a.csv", "--resume"]));
        assert_eq!(told.status, 2, "{told:?}");
        assert!(told.stderr.contains("no folder that is this user's alone; remove it"), "{told:?}");
        assert_eq!(place.left(), [".run.adjudicate-checkpoint"]);
    };
    symlink(elsewhere.outputs(), &folder).unwrap();
    refused();
    fs::remove_file(&folder).unwrap();
    fs::write(&folder, "").unwrap();
    refused();
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o770)).unwrap();
    refused();
}

#[test]
fn what_a_run_left_that_was_killed_when_it_was_complete_goes_with_the_next_command() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    let folder = checkpoint(place);
    let kept = place.inputs().join("kept");
    let copied = |from: &Path, to: &Path| {
        let copied = Command::new("cp").args(["-a", "-T"]).args([from, to]).status().unwrap();
        assert!(copied.success());
    };
    copied(&folder, &kept);
    assert_eq!(told(place.run().args(["days", "--resume"])).status, 3);
    let number = fs::metadata(place.out()).unwrap().ino().to_string();
    let again = || {
        let told = told(place.run().args(["days", "--resume"]));
        assert!(told.status == 2 && told.stderr.contains("exists; name another folder"), "{told:?}");
    };
    let stays = vec![".run.adjudicate-checkpoint", "run"];
    // What has its head is of a run that was to replace the folder, unless that run has put it there; what
    // has none was killed while it was removed.
    for (head, complete, left) in [
        (true, None, stays.clone()),
        (true, Some("1"), stays),
        (true, Some(number.as_str()), vec!["run"]),
        (false, None, vec!["run"]),
    ] {
        let _ = fs::remove_dir_all(&folder);
        copied(&kept, &folder);
        if !head {
            fs::remove_file(folder.join("fingerprint.json")).unwrap();
        }
        if let Some(complete) = complete {
            fs::write(folder.join("complete"), complete).unwrap();
        }
        // Whoever makes the report again writes the manifest.
        assert_eq!(told(program().arg("report").arg(place.out())).status, 0);
        again();
        assert_eq!(place.left(), left, "{head} {complete:?}");
    }
}

#[test]
fn a_report_that_is_made_again_does_not_spend_what_a_run_is_to_replace_it_with() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    let old = place.outputs().join("old");
    let made = told(program().current_dir(place.inputs()).args(["run", "days/a.csv", "--quiet", "--out"]).arg(&old));
    assert_eq!(made.status, 3, "{made:?}");
    fs::rename(old, place.out()).unwrap();
    assert_eq!(told(program().arg("report").arg(place.out())).status, 0);
    let refused = told(place.run().args(["days", "--resume"]));
    assert!(refused.status == 2 && refused.stderr.contains("exists; name another folder"), "{refused:?}");
    assert_eq!(place.left(), [".run.adjudicate-checkpoint", "run"]);
    let told = stopped.go_on(&["--overwrite"]);
    assert!(told.stderr.contains("3 of 4 inputs were finished before"), "{told:?}");
}
