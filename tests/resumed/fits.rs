//! What a checkpoint still fits, what it does not fit, and that nothing wrong comes of it.

use std::fs::{self, File};

use crate::common::{repository, told};
use crate::works::{Stopped, checkpoint, claims, left_by_run, parts, undisturbed};

const SPARED: &str = "3 of 4 inputs were finished before and are not read again";

#[test]
fn finished_inputs_are_not_opened_again() {
    for arguments in [&[][..], &["--overrides", "overrides.csv", "--as-of", "2026-06-30", "--keep-history"]] {
        let stopped = Stopped::run(arguments);
        // Nothing tells that they hold something else now.
        let expected = {
            let other = Stopped::run(arguments);
            fs::remove_dir_all(checkpoint(&other.place)).unwrap();
            let mut all = vec!["days", "--resume"];
            all.extend(arguments);
            undisturbed(&other.place, &all)
        };
        for name in ["a", "b", "c"] {
            let path = stopped.place.inputs().join(format!("days/{name}.csv"));
            let length = fs::metadata(&path).unwrap().len();
            let written = fs::metadata(&path).unwrap().modified().unwrap();
            fs::write(&path, vec![b'?'; usize::try_from(length).unwrap()]).unwrap();
            File::options().append(true).open(&path).unwrap().set_modified(written).unwrap();
        }
        let told = told(stopped.place.run().args(["days", "--resume"]).args(arguments));
        assert!(told.status == 3 && told.stderr.contains(SPARED), "{told:?}");
        let left = left_by_run(&stopped.place.out());
        for name in ["decisions.csv", "rejects.csv", "sample.csv"] {
            assert_eq!(left[name], expected[name], "{name}");
        }
        // Its manifest says of them what was read.
        let inputs = |manifest: &[u8]| serde_json::from_slice::<serde_json::Value>(manifest).unwrap()["inputs"].clone();
        assert_eq!(inputs(&left["manifest.json"]), inputs(&expected["manifest.json"]));
    }
}

#[test]
fn threads_memory_batches_and_what_is_written_may_be_others() {
    for arguments in [
        &["--threads", "1", "--batch-bytes", "300", "--memory", "100000"][..],
        &["--format", "parquet", "--select", "flagged", "--sample", "5", "--spreadsheet-safe"],
        &["--keep-history", "--xlsx"],
    ] {
        let stopped = Stopped::run(&["--threads", "2"]);
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
