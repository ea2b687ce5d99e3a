//! `history.bin` of an earlier run, read by a run.

use std::fs;
use std::sync::{Arc, OnceLock};

use adjudicate::digest::DigestKind;
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::input::{InputFile, InputFormat, Layout};
use adjudicate::policy::PolicyIndex;
use adjudicate::report::{FileRecord, Manifest, RunFolder};
use adjudicate::run::{HistoryRun, Outcome, RunError, RunSettings, Stage, Unobserved, run, run_until};

use super::codes::table;
use super::on_disk;

/// The embedded policies, compiled once.
pub fn adjudicator() -> Arc<Adjudicator> {
    static ADJUDICATOR: OnceLock<Arc<Adjudicator>> = OnceLock::new();
    Arc::clone(ADJUDICATOR.get_or_init(|| {
        let index = PolicyIndex::embedded(table()).expect("the embedded policies");
        Arc::new(Adjudicator::new(Arc::new(index), DecisionOptions::default()))
    }))
}

/// The claims of the run: the same as of the run that made the seeds, so that their
/// sessions meet.
const CLAIMS: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,\
                          units,paid_amount,claim_frequency,original_claim_id\n\
                          A1,1,2026-03-01,22513,M80.08XA,S1,1000000001,1,1800.00,1,\n\
                          A1,2,2026-03-01,22515,M80.08XA,S1,1000000001,2,900.00,1,\n\
                          A2,1,2026-03-02,22514,M54.50,S2,1000000001,1,1700.00,1,\n\
                          A3,1,2026-03-02,22514,M54.50,S2,1000000001,1,1700.00,7,A2\n\
                          A4,1,2026-03-03,22510,C41.2,S3,1000000002,1,x,1,\n";

/// A run over the claims beside earlier ones.
fn settings(input: InputFile, history: Vec<HistoryRun>, keep: bool) -> RunSettings {
    let layout = Layout::embedded("native").expect("a layout of ours");
    RunSettings {
        threads: 1,
        memory_bytes: 16 << 20,
        history,
        keep_history: keep,
        ..RunSettings::new(vec![input], layout)
    }
}

/// What such a run comes to.
pub fn ran(history: Vec<HistoryRun>, keep: bool) -> (Result<Outcome, RunError>, tempfile::TempDir) {
    let place = on_disk::folder();
    let (_file, input) = on_disk::input(CLAIMS.as_bytes(), InputFormat::Csv);
    let settings = settings(input, history, keep);
    let folder = RunFolder::begin(&place.path().join("run"), false, false).expect("a run folder");
    let outcome = run(&settings, &adjudicator(), &folder, &mut Unobserved);
    let kept = place.path().join("kept");
    fs::create_dir(&kept).expect("a folder");
    for entry in fs::read_dir(folder.staging()).expect("a folder").flatten() {
        let _ = fs::copy(entry.path(), kept.join(entry.file_name()));
    }
    (outcome, place)
}

/// A manifest of a run that wrote one file.
pub fn manifest(file: FileRecord) -> Manifest {
    let text = serde_json::json!({
        "schema": 1,
        "program": { "name": "adjudicate", "version": "0.0.0" },
        "arguments": [],
        "started": "2026-03-04T05:06:07Z",
        "digest": "blake3",
        "icd10cm": "",
        "options": {
            "policy_date": null, "strict_programs": false, "unlisted_diagnosis": "deny", "clinical": "pend",
            "require_clinical": false, "select": "in-scope", "format": "csv", "delimiter": null, "as_of": null,
        },
        "layout": { "name": "native", "origin": "", "digest": "", "bytes": 0 },
        "inputs": [],
        "policies": [],
        "history": [],
        "counts": { "rows": 0, "out_of_scope": 0, "superseded": 0, "decided": 0, "rejected": 0 },
        "files": [],
    });
    let mut manifest: Manifest = serde_json::from_value(text).expect("a manifest");
    manifest.record(file);
    manifest
}

/// A run beside an earlier one whose file holds these bytes ends well, or says that it
/// cannot be used; it never counts a row otherwise.
pub fn check(data: &[u8]) {
    let earlier = on_disk::folder();
    fs::write(earlier.path().join(HistoryRun::FILE_NAME), data).expect("room for a file");
    let manifest = manifest(FileRecord::of(HistoryRun::FILE_NAME, data, DigestKind::Blake3));
    let text = manifest.to_json().expect("JSON");
    fs::write(earlier.path().join(Manifest::FILE_NAME), text).expect("room for a file");
    let earlier = HistoryRun::open(earlier.path()).map(|run| (run, earlier));
    let (run, _folder) = earlier.expect("a manifest that records the file");
    // Most of it is found without the writing, which takes ten times as long.
    let done = if data.len().is_multiple_of(8) {
        ran(vec![run], false).0.map(|outcome| {
            let summary = outcome.summary;
            assert_eq!((summary.rows, summary.rejected), (5, 1));
            assert_eq!(summary.rows, summary.out_of_scope + summary.superseded + summary.decided + summary.rejected);
            let counts = summary.history.expect("a run of history");
            assert!(counts.lines_used <= counts.lines_seen);
        })
    } else {
        let (_file, input) = on_disk::input(CLAIMS.as_bytes(), InputFormat::Csv);
        run_until(Stage::Decide, &settings(input, vec![run], false), &adjudicator()).map(drop)
    };
    match done {
        Ok(()) | Err(RunError::History(_) | RunError::Memory { .. }) => {}
        Err(other) => panic!("{other}"),
    }
}
