//! What a checkpoint still fits, what it does not fit, and that nothing wrong comes of it.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::inotify;

use crate::child::{PROGRAM, names};
use crate::common::{repository, told};
use crate::works::{Stopped, checkpoint, claims, left_by_run, parts, same, undisturbed};

const SPARED: &str = "3 of 4 inputs were finished before and are not read again";

/// What tells of every file of these that is opened.
struct Opened {
    events: File,
}

impl Opened {
    fn of(paths: &[PathBuf]) -> Self {
        let watch = inotify::init(inotify::CreateFlags::NONBLOCK).unwrap();
        for path in paths {
            inotify::add_watch(&watch, path, inotify::WatchFlags::OPEN).unwrap();
        }
        Self { events: watch.into() }
    }

    /// How often one of them was opened since the last time.
    fn times(&mut self) -> usize {
        match self.events.read(&mut [0; 4096]) {
            // Each is told in so many bytes; of the same one after the other one is told.
            Ok(events) => events / 16,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                0
            }
        }
    }
}

#[test]
fn finished_inputs_are_not_read_again() {
    for arguments in [&[][..], &["--overrides", "overrides.csv", "--as-of", "2026-06-30", "--keep-history"]] {
        let stopped = Stopped::run(arguments);
        let at = |name: &str| stopped.place.inputs().join("days").join(name);
        let mut finished = Opened::of(&["a.csv", "b.csv", "c.csv"].map(at));
        let mut rest = Opened::of(&[at("d.csv.gz")]);
        let told = told(stopped.place.run().args(["days", "--resume"]).args(arguments));
        assert!(told.status == 3 && told.stderr.contains(SPARED), "{told:?}");
        // Once each, for its first bytes, which say of which format it is; then for the header, and to be read.
        assert!(finished.times() == 3 && rest.times() > 0);
        let left = left_by_run(&stopped.place.out());
        fs::remove_dir_all(stopped.place.out()).unwrap();
        let mut all = vec!["days", "--resume"];
        all.extend(arguments);
        same(&left, &undisturbed(&stopped.place, &all));
        // What is looked for would be found.
        assert_eq!(finished.times(), 9);
    }
}

#[test]
fn threads_memory_batches_and_what_is_written_may_be_others() {
    for arguments in [
        &["--threads", "1", "--batch-bytes", "300", "--memory", "100000"][..],
        &["--format", "parquet", "--select", "flagged", "--sample", "5", "--spreadsheet-safe"],
        &["--keep-history", "--xlsx"],
        &["--shadow", "other.toml", "--shadow", "draft.toml", "--threads", "1", "--memory", "3000000"],
    ] {
        let shadow: &[&str] = if arguments[0] == "--shadow" { &arguments[..4] } else { &[] };
        let stopped = Stopped::run(&[shadow, &["--threads", "2"]].concat());
        let told = stopped.go_on(arguments);
        assert!(told.stderr.contains(SPARED), "{told:?}");
        assert!(!told.stderr.contains("again;") && !told.stderr.contains("anew"), "{told:?}");
    }
    let told = Stopped::run(&[]).go_on(&["--quiet"]);
    assert_eq!(told.stderr, "");
}

#[test]
fn inputs_that_come_or_go_leave_the_others_finished() {
    let stopped = Stopped::run(&[]);
    stopped.place.write("days/aa.csv", claims("aa"));
    fs::remove_file(stopped.place.inputs().join("days/b.csv")).unwrap();
    let told = stopped.go_on(&[]);
    assert!(told.stderr.contains("2 of 4 inputs were finished before"), "{told:?}");
}

#[test]
fn a_changed_input_is_read_again_and_no_other() {
    let stopped = Stopped::run(&[]);
    stopped.place.write("days/b.csv", claims("other"));
    let told = stopped.go_on(&[]);
    assert!(told.stderr.contains("note: days/b.csv: changed since it was finished; it is read again"), "{told:?}");
    assert!(told.stderr.contains("2 of 4 inputs were finished before"), "{told:?}");
}

#[test]
fn an_input_that_was_rewritten_and_had_its_time_put_back_is_read_again() {
    let stopped = Stopped::run(&[]);
    let path = stopped.place.inputs().join("days/b.csv");
    let (was, written) = (fs::read_to_string(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let is = was.replace("22511", "22514");
    assert!(is != was && is.len() == was.len());
    fs::write(&path, is).unwrap();
    File::options().append(true).open(&path).unwrap().set_modified(written).unwrap();
    // What only gets other rights cannot be told from it.
    let touched = stopped.place.inputs().join("days/c.csv");
    fs::set_permissions(touched, Permissions::from_mode(0o604)).unwrap();
    let told = stopped.go_on(&[]);
    for name in ["b", "c"] {
        assert!(told.stderr.contains(&format!("note: days/{name}.csv: changed since it was finished")), "{told:?}");
    }
    assert!(told.stderr.contains("1 of 4 inputs were finished before"), "{told:?}");
}

#[test]
fn a_damaged_part_is_none() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 4] = [
        ("changed", |bytes| {
            let place = bytes.len() / 2;
            bytes[place] ^= 1;
        }),
        ("cut short", |bytes| bytes.truncate(bytes.len() - 40)),
        ("empty", Vec::clear),
        ("longer", |bytes| bytes.push(0)),
    ];
    for (what, damage) in damages {
        let stopped = Stopped::run(&[]);
        let part = parts(&stopped.place).remove(1);
        let mut bytes = fs::read(&part).unwrap();
        damage(&mut bytes);
        fs::write(&part, bytes).unwrap();
        let told = stopped.go_on(&[]);
        assert!(told.stderr.contains("note: days/b.csv: what was kept of it in "), "{what} {told:?}");
        assert!(told.stderr.contains("2 of 4 inputs were finished before"), "{what} {told:?}");
    }
    // Another input's part is none of this one's.
    let stopped = Stopped::run(&[]);
    let [first, second, _] = parts(&stopped.place).try_into().unwrap();
    fs::copy(first, second).unwrap();
    assert!(stopped.go_on(&[]).stderr.contains("days/b.csv: changed since"));
}

#[test]
fn what_was_made_under_something_else_is_of_no_use() {
    let policy = repository("tests/policies/small.toml");
    let policy = policy.to_str().unwrap();
    for (arguments, what) in [
        (&["--clinical", "deny"][..], "--clinical"),
        (&["--policy", policy], "the policies"),
        (&["--overrides", "overrides.csv", "--as-of", "2026-06-30"], "--overrides, --as-of"),
        (&["--as-of", "2026-06-30", "--look-back", "3"], "--look-back, --as-of"),
        (&["--digest", "sha256", "--as-received"], "the policies, the layout, --as-received, --digest"),
        (&["--delimiter", ","], "--delimiter"),
        (&["--max-unpack-ratio", "400"], "--max-unpack-ratio"),
        (&["--shadow", "draft.toml"], "--shadow"),
    ] {
        let stopped = Stopped::run(&[]);
        let told = told(stopped.place.run().args(["days", "--resume"]).args(arguments));
        assert!([0, 3].contains(&told.status), "{told:?}");
        let said = format!("made under something else ({what}); the run begins anew");
        assert!(told.stderr.contains(&said) && !told.stderr.contains("finished before"), "{what}: {told:?}");
        assert_eq!(stopped.place.left(), ["run"]);
    }
    let stopped = Stopped::run(&["--overrides", "overrides.csv", "--as-of", "2026-06-30"]);
    let overrides = stopped.place.inputs().join("overrides.csv");
    fs::write(&overrides, fs::read_to_string(&overrides).unwrap().replace("COV002;LIN002", "LIN002")).unwrap();
    let told = stopped.go_on(&["--overrides", "overrides.csv", "--as-of", "2026-06-30"]);
    assert!(told.stderr.contains("made under something else (--overrides)"), "{told:?}");
    let stopped = Stopped::run(&["--shadow", "draft.toml"]);
    let draft = stopped.place.inputs().join("draft.toml");
    fs::write(&draft, fs::read_to_string(&draft).unwrap().replace("2022-01-01", "2022-02-01")).unwrap();
    let told = stopped.go_on(&["--shadow", "draft.toml"]);
    assert!(told.stderr.contains("made under something else (--shadow)"), "{told:?}");
    let stopped = Stopped::run(&[]);
    fs::write(checkpoint(&stopped.place).join("fingerprint.json"), "[").unwrap();
    assert!(stopped.go_on(&[]).stderr.contains("does not say what it was made under; the run begins anew"));
}

#[test]
fn a_run_that_was_not_asked_to_go_on_says_what_is_there_and_removes_it_in_the_end() {
    let stopped = Stopped::run(&[]);
    let told = told(stopped.place.run().arg("days"));
    assert!(
        told.status == 3 && told.stderr.contains("left by a run that was stopped; --resume would go on"),
        "{told:?}"
    );
    assert_eq!(stopped.place.left(), ["run"]);
}

#[test]
fn another_build_of_the_same_version_goes_on_from_nothing_and_a_copy_of_the_same_does() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    let copy = place.inputs().join("adjudicate");
    fs::copy(PROGRAM, &copy).unwrap();
    let run = || {
        let mut command = Command::new(&copy);
        command.current_dir(place.inputs()).args(["run", "days", "--resume", "--no-sync", "--out"]).arg(place.out());
        let told = told(&mut command);
        assert_eq!(told.status, 3, "{told:?}");
        told
    };
    let kept = place.inputs().join("kept");
    let keep = |from: &Path, to: &Path| {
        assert!(Command::new("cp").args(["-a", "-T"]).args([from, to]).status().unwrap().success());
    };
    keep(&checkpoint(place), &kept);
    assert!(run().stderr.contains(SPARED));
    fs::remove_dir_all(place.out()).unwrap();
    keep(&kept, &checkpoint(place));
    // What follows the end of a program is none of it.
    File::options().append(true).open(&copy).unwrap().write_all(b"\n").unwrap();
    let told = run();
    assert!(told.stderr.contains("made under something else (the program's build); the run begins anew"), "{told:?}");
}

#[test]
fn a_mistaken_command_takes_nothing_away() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    place.write("other.csv", "nothing,of,use\n1,2,3\n");
    let last = fs::read(place.inputs().join("days/d.csv.gz")).unwrap();
    place.write("damaged/d.csv.gz", &last[..last.len() - 9]);
    let kept = format!(
        "none of its inputs is finished; what another run has finished stays as it was ({})",
        checkpoint(place).display()
    );
    let was = parts(place);
    for (arguments, what) in [
        (&["days", "--layout", "rif-carrier"][..], "made under something else (the layout); the run begins anew"),
        (&["other.csv"], "is missing"),
        // As far as the end of an input, which is damaged.
        (&["damaged"], "damaged or ends early"),
        (&["damaged", "--clinical", "deny"], "and replaces this when its first input is finished"),
    ] {
        let told = told(place.run().args(arguments).arg("--resume"));
        assert_eq!(told.status, 2, "{told:?}");
        assert!(told.stderr.contains(what) && told.stderr.contains(&kept), "{told:?}");
        assert_eq!(place.left(), [".run.adjudicate-checkpoint"]);
        assert_eq!(parts(place), was);
    }
    let told = stopped.go_on(&[]);
    assert!(told.stderr.contains(SPARED), "{told:?}");
}

#[test]
fn a_run_under_other_options_replaces_what_there_is_when_an_input_is_finished() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    let last = fs::read(place.inputs().join("days/d.csv.gz")).unwrap();
    place.write("days/b.csv.gz", &last[..last.len() - 9]);
    let arguments = ["days", "--resume", "--clinical", "deny"];
    let told = told(place.run().args(arguments));
    assert!(told.stderr.contains("2 of 5 inputs are finished, and the same command goes on"), "{told:?}");
    assert_eq!(parts(place).len(), 2);
    place.write("days/b.csv.gz", last);
    let told = stopped.go_on(&["--clinical", "deny"]);
    assert!(told.stderr.contains("2 of 5 inputs were finished before"), "{told:?}");
}

#[test]
fn what_is_not_ours_stays_and_is_told_of() {
    let stopped = Stopped::run(&[]);
    let place = &stopped.place;
    let folder = checkpoint(place);
    // Where a file of ours belongs, nobody goes on.
    let in_the_way = folder.join("partial");
    fs::create_dir(&in_the_way).unwrap();
    let refused = told(place.run().args(["days", "--resume"]));
    assert_eq!(refused.status, 2, "{refused:?}");
    assert!(
        refused.stderr.contains("`partial` in it stands where a file belongs, and is none; remove it"),
        "{refused:?}"
    );
    fs::remove_dir(in_the_way).unwrap();
    fs::create_dir(folder.join("lost+found")).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let whole = told(place.run().args(["days", "--resume"]));
    assert!(whole.status == 3 && whole.stderr.contains(SPARED), "{whole:?}");
    assert!(whole.stderr.contains("could not be removed: "), "{whole:?}");
    assert_eq!(names(&folder), ["lost+found", "notes.txt"]);
    // And what is left is in nobody's way.
    fs::remove_dir_all(place.out()).unwrap();
    let again = told(place.run().args(["days", "--resume"]));
    assert!(again.status == 3 && !again.stderr.contains("made under"), "{again:?}");
    assert_eq!(names(&folder), ["lost+found", "notes.txt"]);
}
