//! The script of `docs/operations`, night after night, in the surroundings that cron
//! gives it.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use common::{Told, Workplace, told};
use serde_json::Value;

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi\n";

/// Runs the script for a day as cron would: an empty environment, and a umask.
fn night(place: &Workplace, day: &str) -> Told {
    let program = Path::new(env!("CARGO_BIN_EXE_adjudicate")).parent().unwrap();
    let folder = |name: &str| place.inputs().join(name).display().to_string();
    let script = common::repository("docs/operations/adjudicate-nightly");
    told(
        Command::new("sh")
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
            .envs([("CLAIMS", folder("claims")), ("RUNS", folder("runs")), ("METRICS", folder("metrics"))])
            .env("CONFIG", common::repository("docs/operations/nightly.toml"))
            .args(["-c", "umask 077; exec \"$0\" \"$1\"", script.to_str().unwrap(), day]),
    )
}

fn file(place: &Workplace, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.inputs().join("runs").join(name)).unwrap()).unwrap()
}

#[test]
fn night_after_night() {
    let place = Workplace::new();
    fs::create_dir(place.inputs().join("metrics")).unwrap();
    let claims =
        |day: &str, rows: &str| drop(place.write(&format!("claims/{day}/part-1.csv"), [HEADER, rows].concat()));
    claims("2026-03-01", "C1,1,2026-02-20,22513,M80.08XA,M1,1234567893\n");
    // Its primary came last night.
    claims("2026-03-02", "C2,1,2026-02-20,22515,M80.08XA,M1,1234567893\n");
    claims("2026-03-03", "C3,1,someday,22513,M80.08XA,M1,1234567893\n");

    let first = night(&place, "2026-03-01");
    assert_eq!((first.status, first.stderr.as_str()), (0, ""), "{first:?}");
    let metrics = place.inputs().join("metrics/adjudicate_nightly.prom");
    assert_eq!(fs::metadata(&metrics).unwrap().permissions().mode() & 0o777, 0o644, "the collector reads it");
    let second = night(&place, "2026-03-02");
    assert_eq!(second.status, 0, "{second:?}");
    let summary = file(&place, "2026-03-02/summary.json");
    assert_eq!((&summary["history"]["runs"], &summary["by_disposition"][0]["lines"]), (&1.into(), &1.into()));

    // Nothing came: that fails, and is not forgotten.
    let missing = night(&place, "2026-03-09");
    assert_eq!(missing.status, 2, "{missing:?}");
    assert!(fs::read_to_string(&metrics).unwrap().contains("adjudicate_run_complete{name=\"adjudicate_nightly\"} 0"));

    // A night that is complete is left as it is, and one with too many rejects does not
    // get better by trying again.
    let before = fs::read(place.inputs().join("runs/2026-03-01/manifest.json")).unwrap();
    let again = night(&place, "2026-03-01");
    assert!(again.status == 0 && again.stderr.starts_with("as recorded"), "{again:?}");
    assert_eq!(fs::read(place.inputs().join("runs/2026-03-01/manifest.json")).unwrap(), before);
    for _ in 0..2 {
        assert_eq!(night(&place, "2026-03-03").status, 1);
    }
    fs::write(place.inputs().join("runs/2026-03-01/decisions.csv"), "").unwrap();
    assert_eq!(night(&place, "2026-03-01").status, 2, "changed since");
}

#[test]
fn options_of_the_configuration_are_known() {
    let place = Workplace::new();
    place.write("a.csv", HEADER);
    let text = fs::read_to_string(common::repository("docs/operations/nightly.toml")).unwrap();
    // What is commented out has to be right too.
    place.write(
        "job.toml",
        text.replace("# policy = [\"/etc/adjudicate/policies\"]", "policy = [\"02-20000-18\"]")
            .replace("# threads", "threads"),
    );
    let ran = told(place.run().args(["a.csv", "--config", "job.toml"]));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(fs::read_to_string(place.inputs().join("job.toml")).unwrap().contains("\nthreads = 8"));
}
