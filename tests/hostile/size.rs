//! What is much larger than it looks.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{HEADER, LINE, refused, watched};
use crate::common::{Workplace, told};

/// The most memory that a run of a few lines may have, in MiB, whatever is thrown at it: what
/// the program takes for itself, and what it may for one record and its copies.
const BOUND: u64 = 400;

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

/// A header and a line, then a MiB of these bytes so many times, in a part of its own each:
/// several compressed parts one behind the other are one file.
fn bomb(pack: fn(&[u8]) -> Vec<u8>, filling: &str, times: usize) -> Vec<u8> {
    let filled = pack(filling.repeat((1 << 20) / filling.len()).as_bytes());
    let mut all = pack([HEADER, LINE].concat().as_bytes());
    (0..times).for_each(|_| all.extend_from_slice(&filled));
    all
}

#[test]
fn what_unpacks_without_end_is_refused() {
    let place = Workplace::new();
    for (ending, pack) in [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("zst", zstd)] {
        for (what, filling) in [("lines", "\n"), ("field", "x")] {
            let name = format!("{what}.csv.{ending}");
            let path = place.write(&name, bomb(pack, filling, 100));
            let size = path.metadata().unwrap().len();
            assert!(size < 40 << 20, "{size}");
            let (told, peak) = watched(place.run().arg(&name));
            assert_eq!((told.status, place.left()), (2, Vec::new()), "{told:?}");
            // A record has its own limit.
            let expected = ["unpacks to more than 500 times its size", "--max-unpack-ratio", "has no end within"];
            let known = expected.iter().any(|words| told.stderr.contains(words));
            assert!(known && told.stderr.contains(&name) && told.stderr.len() < 500, "{}", told.stderr);
            assert!(peak < BOUND, "{name}: {peak} MiB");
        }
    }
}

#[test]
fn what_unpacks_to_much_is_read_if_that_is_allowed() {
    let place = Workplace::new();
    for (name, pack) in [("lines.csv.gz", gzip as fn(&[u8]) -> Vec<u8>), ("lines.csv.zst", zstd)] {
        place.write(name, bomb(pack, "\n", 17));
        let limit = ["--max-unpack-ratio", "1000000", "--overwrite", "--quiet"];
        let (told, peak) = watched(place.run().arg(name).args(limit));
        assert_eq!((told.status, told.stderr.as_str()), (0, ""));
        assert!(place.read("summary.json").contains("\"rows\": 1,"));
        assert!(peak < BOUND, "{name}: {peak} MiB");
        // Explaining reads it again.
        let told = crate::common::told(crate::common::program().arg("explain").arg(place.out()).arg("C1"));
        assert!(told.status == 0 && told.stdout.contains("22513"), "{told:?}");
    }
    // Below so many bytes nobody asks.
    place.write("small.csv.gz", bomb(gzip, "\n", 14));
    let told = told(place.run().arg("small.csv.gz").args(["--overwrite", "--max-unpack-ratio", "1"]));
    assert_eq!(told.status, 0, "{told:?}");
    for option in ["0", "-1", "many"] {
        assert_eq!(crate::common::told(place.run().args(["small.csv.gz", "--max-unpack-ratio", option])).status, 2);
    }
}

#[test]
fn a_window_of_zstandard_has_a_limit() {
    let place = Workplace::new();
    let text = [HEADER, LINE].concat();
    let frame = |log: u8| {
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3];
        // The last block, as it is.
        frame.extend(&u32::try_from(text.len() << 3 | 1).unwrap().to_le_bytes()[..3]);
        frame.extend(text.as_bytes());
        frame
    };
    place.write("usual.csv.zst", frame(27));
    assert_eq!(told(place.run().arg("usual.csv.zst").arg("--overwrite")).status, 0);
    std::fs::remove_dir_all(place.out()).unwrap();
    for log in [28, 31, 41] {
        place.write("large.csv.zst", frame(log));
        refused(&place, place.run().arg("large.csv.zst"), &["large.csv.zst: unpacking takes more than 128 MiB"]);
    }
}

#[test]
fn empty_lines_without_number_cost_nothing() {
    let place = Workplace::new();
    // As plain text, before the header, behind it, and of both kinds.
    let lines = "\n".repeat(1 << 20);
    let ends = "\r\n".repeat(1 << 20);
    place.write("behind.csv", [HEADER, &lines, LINE, &ends, LINE].concat());
    place.write("before.csv", [&lines, HEADER, LINE].concat());
    for (name, rows) in [("behind.csv", 2), ("before.csv", 1)] {
        let (told, peak) = watched(place.run().arg(name).args(["--overwrite", "--quiet"]));
        assert_eq!(told.status, 0, "{told:?}");
        assert!(place.read("summary.json").contains(&format!("\"rows\": {rows},")));
        assert!(peak < BOUND, "{name}: {peak} MiB");
    }
    std::fs::remove_dir_all(place.out()).unwrap();
    place.write("nothing.csv", "\n".repeat(17 << 20));
    let told = refused(&place, place.run().arg("nothing.csv"), &["nothing.csv: "]);
    assert!(told.stderr.contains("header"), "{}", told.stderr);
}

#[test]
fn a_header_of_a_hundred_thousand_columns() {
    let place = Workplace::new();
    let columns: String = (0..100_000).map(|number| ["column_", &number.to_string(), ","].concat()).collect();
    let blank = ",".repeat(100_000);
    place.write("wide.csv", [&columns, HEADER, &blank, LINE].concat());
    let (told, peak) = watched(place.run().arg("wide.csv"));
    assert_eq!(told.status, 0, "{told:?}");
    assert!(place.read("summary.json").contains("\"decided\": 1,"));
    assert!(peak < BOUND, "{peak} MiB");
    std::fs::remove_dir_all(place.out()).unwrap();
    let told = crate::common::told(place.run().args(["wide.csv", "--dry-run"]));
    assert!(told.status == 0 && told.stdout.contains("100007 columns") && told.stdout.len() < 4000, "{told:?}");
    // A column that is needed is not there.
    place.write("lacks.csv", [&columns, "claim_no,line_number,service_date\n"].concat());
    refused(&place, place.run().arg("lacks.csv"), &["column `", "` is missing"]);
}

#[test]
fn one_enormous_name_of_a_column() {
    let place = Workplace::new();
    let name = "claim_id".repeat(1 << 16);
    for header in [format!("{name},{HEADER}"), format!("\"{name}\n\",{HEADER}")] {
        place.write("long.csv", format!("{header},{LINE}"));
        let (told, peak) = watched(place.run().args(["long.csv", "--overwrite"]));
        assert_eq!(told.status, 0, "{told:?}");
        assert!(peak < BOUND, "{peak} MiB");
    }
    std::fs::remove_dir_all(place.out()).unwrap();
    place.write("lacks.csv", format!("{name},line_number\nC1,1\n"));
    refused(&place, place.run().arg("lacks.csv"), &["is missing"]);
    place.write("alone.csv", format!("{name}\nC1\n"));
    refused(&place, place.run().arg("alone.csv"), &["is missing"]);
}
