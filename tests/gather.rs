//! Lines read again after a run are those that the run decided, in the rows that
//! it named.

mod common;

use std::fs;

use adjudicate::digest::{DigestKind, Hasher};
use adjudicate::input::Column;
use adjudicate::run::{RunSettings, gather};
use common::parquet::claims_in_groups;
use common::{Workplace, adjudicator, index, repository, run_here, settings};

/// Lines of every kind that a reader has to count: rejected ones, ragged ones, and
/// one over two lines.
const AWKWARD: &str = "\
claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id
C1,1,2026-03-01,22513,M80.08XA,MEMBER-1
C2,1,tomorrow,22513,M80.08XA,MEMBER-1
C3,1,2026-03-01,22513,M80.08XA
\"C
4\",1,2026-03-01,22514,\"M54.50;Ünfug\",MEMBER-1

C5,1,2026-03-01,99213,M80.08XA,MEMBER-1
C6,1,2026-03-01,22514,M80.08XA,MEMBER-1
";

#[test]
fn gathered_lines_are_those_of_the_run() {
    let sample = fs::read_to_string(repository("sample_data/claims.csv")).unwrap();
    let place = Workplace::new();
    let inputs = [
        place.write("a.csv", &sample),
        place.write("b.parquet", claims_in_groups(&sample, 7)),
        place.write("c.csv", AWKWARD),
        place.write("d.csv", sample.replace("SYN", "OTHER")),
    ];
    for batch_bytes in [1 << 10, 1 << 19] {
        let settings = RunSettings { batch_bytes, ..settings(&inputs) };
        let decided = run_here(&settings, &adjudicator()).unwrap().decisions();
        let index = index();
        let in_scope = |procedure| index.find(procedure).is_some();
        let all = gather(&settings, &in_scope, &|_| true).unwrap();
        let places: Vec<_> = all
            .lines
            .iter()
            .map(|kept| {
                let line = kept.line();
                let file = &settings.inputs[kept.file].name;
                (file.clone(), kept.row.to_string(), line.claim_id.to_owned(), line.line_number.to_string())
            })
            .collect();
        let text = |row: &common::Row, column: &str| row[column].clone();
        let expected: Vec<_> = decided
            .iter()
            .map(|row| {
                (text(row, "source_file"), text(row, "source_row"), text(row, "claim_id"), text(row, "line_number"))
            })
            .collect();
        assert_eq!(places, expected);
        for (input, digest) in settings.inputs.iter().zip(&all.digests) {
            let stored = fs::read(&input.path).unwrap();
            assert_eq!(Hasher::of(DigestKind::Blake3, &stored[..]).unwrap().0, *digest);
        }

        let some = gather(&settings, &in_scope, &|line| line.claim_id == "C\n4").unwrap();
        let [kept] = &some.lines[..] else { panic!("{:?}", some.lines) };
        assert_eq!((kept.file, kept.row, kept.text(Column::DiagnosisCodes)), (2, 4, "M54.50;Ünfug"));
        assert_eq!((kept.line().diagnoses.len(), kept.line().member_id), (2, "MEMBER-1"));
        assert_eq!(kept.text(Column::MemberId), "");
        assert!(!format!("{kept:?}").contains("MEMBER"));
        let mut other = Vec::new();
        kept.line().diagnoses[1].text.write(&mut other);
        assert_eq!(String::from_utf8(other).unwrap(), "ÜNF.UG");
    }
}
