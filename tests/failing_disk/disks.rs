//! A full disk is one on which files may not grow beyond a limit (`ulimit -f`), which needs
//! no rights: the system says no in the middle of a file all the same. Where the tests
//! may mount one, there is a small file system too.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::common::{Told, Workplace, told};
use crate::{PROGRAM, claims, refused, script};

#[test]
fn a_disk_that_is_full_at_any_byte() {
    let place = Workplace::new();
    let out = place.outputs();
    let mut text = claims(4_000);
    // Rows that cannot be read, for `rejects.csv`.
    for number in 0..1_500 {
        writeln!(text, "R{number},1,2026-02-30,22513,M80.08XA,TESTMEMBER4711,1").unwrap();
    }
    fs::write(place.inputs().join("a.csv"), text).unwrap();
    for options in ["", "--format parquet", "--keep-history --xlsx", "--memory 400000"] {
        let run = format!("exec \"$0\" run ../in/a.csv --quiet --no-sync --out run {options}");
        assert_eq!(script(&out, &run).status, 3, "{options}");
        let sizes = fs::read_dir(out.join("run")).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
        let mut sizes: Vec<u64> = sizes.collect();
        sizes.sort_unstable();
        fs::remove_dir_all(out.join("run")).unwrap();
        // What is largest fails last: each file fails at some limit. A block has 1,024 bytes.
        let largest = sizes.last().unwrap() / 1024;
        for limit in sizes.iter().map(|size| size / 1024).chain([0, largest / 2]) {
            let told = script(&out, &format!("ulimit -f {limit}; {run}"));
            if told.status == 3 {
                // Some files went to a file without a name that was as large: none did here.
                assert!(limit >= largest, "{options} {limit}");
                fs::remove_dir_all(out.join("run")).unwrap();
            } else {
                refused(&place, &told, &["File too large", "ulimit -f", "name a place elsewhere"]);
            }
        }
    }
}

#[test]
fn other_verbs_on_a_full_disk() {
    let place = Workplace::new();
    let out = place.outputs();
    for name in ["c.csv", "c.csv.gz", "c.csv.zst", "c.parquet"] {
        let told = script(
            &out,
            &format!("ulimit -f 8; exec \"$0\" generate --lines 9000 --in-scope 0.5 --seed 1 --out {name} --quiet"),
        );
        refused(&place, &told, &[name, "File too large", "ulimit -f"]);
    }
    let told = script(
        &out,
        "ulimit -f 8; exec \"$0\" generate --history --lines 9000 --in-scope 0.5 --seed 1 --out ext --quiet",
    );
    refused(&place, &told, &["ext", "File too large", "ulimit -f"]);

    fs::write(place.inputs().join("a.csv"), claims(3_000)).unwrap();
    for (name, options) in [("a", ""), ("b", "--require-clinical")] {
        assert_eq!(
            script(&place.inputs(), &format!("exec \"$0\" run a.csv --quiet --no-sync --out {name} {options}")).status,
            0
        );
    }
    let told = script(&out, "ulimit -f 8; exec \"$0\" compare ../in/a ../in/b --changes c.csv --html c.html");
    refused(&place, &told, &["c.csv", "File too large", "ulimit -f"]);
    // A report that cannot be made again stays as it was.
    let told = script(&place.inputs(), "ulimit -f 8; exec \"$0\" report a");
    refused(&place, &told, &["report.html", "File too large", "ulimit -f"]);
    assert_eq!(script(&place.inputs(), "exec \"$0\" verify a").status, 0);
}

#[test]
fn places_that_cannot_be_written_to() {
    let place = Workplace::new();
    fs::write(place.inputs().join("a.csv"), claims(3)).unwrap();
    let told = script(&place.outputs(), "exec \"$0\" run ../in/a.csv --out /proc/run");
    refused(&place, &told, &["/proc/"]);
    // Whoever may do anything is not refused by a mode.
    let shut = place.inputs().join("shut");
    fs::create_dir(&shut).unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o500)).unwrap();
    if File::create(shut.join("probe")).is_err() {
        let told = script(&place.outputs(), "exec \"$0\" run ../in/a.csv --out ../in/shut/run");
        refused(&place, &told, &["shut", "ermission denied", "name a place elsewhere"]);
    }
    // On a file, and behind one.
    fs::write(place.inputs().join("file"), "").unwrap();
    for out in ["../in/file", "../in/file/run"] {
        let told = script(&place.outputs(), &format!("exec \"$0\" run ../in/a.csv --out {out}"));
        refused(&place, &told, &["in/file"]);
        let told = script(&place.outputs(), &format!("exec \"$0\" run ../in/a.csv --overwrite --out {out}"));
        refused(&place, &told, &["in/file"]);
    }
    assert_eq!(fs::read(place.inputs().join("file")).unwrap(), b"");
}

/// On a file system of its own, read-only or with little room, where the tests may make
/// one; says whether they may.
fn on_a_tmpfs(options: &str, run: &str) -> Option<Told> {
    let probe = "mount -t tmpfs none /mnt && exit 77";
    let may = told(Command::new("unshare").args(["-m", "sh", "-c", probe])).status == 77;
    may.then(|| {
        let script =
            format!("mount -t tmpfs -o size=4m none /mnt && mount -o remount,{options} /mnt && {run}; ls -A /mnt >&3");
        told(Command::new("unshare").args(["-m", "bash", "-c", &format!("{{ {script}; }} 3>&1"), PROGRAM]))
    })
}

#[test]
fn a_file_system_that_is_full_or_read_only() {
    let place = Workplace::new();
    let input = place.write("a.csv", claims(40_000));
    let run = format!("\"$0\" run {} --quiet --out /mnt/run", input.display());
    for (options, words) in [
        ("size=1m", ["No space left on device", "make room"]),
        ("ro", ["Read-only file system", "name a place elsewhere"]),
    ] {
        let Some(told) = on_a_tmpfs(options, &format!("{{ {run}; echo $?; }}")) else { return };
        // Nothing is listed behind the status.
        assert_eq!(told.stdout, "2\n", "{told:?}");
        assert!(
            told.stderr.starts_with("error: /mnt/") && words.iter().all(|word| told.stderr.contains(word)),
            "{told:?}"
        );
    }
}
