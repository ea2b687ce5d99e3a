//! Parquet whose footer lies: about rows, sizes, places and kinds. It is read as far as it
//! holds together, or refused; memory and time stay within bounds.

use std::fs;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::watched;
use crate::common::{Workplace, program, told};

/// The most memory that such a run may have, in MiB.
const BOUND: u64 = 400;

/// A file of claims, and where its footer stands in it: in front of its length and the
/// magic number.
fn claims(place: &Workplace) -> (Vec<u8>, Range<usize>) {
    let path = place.inputs().join("claims.parquet");
    let made = ["generate", "--lines", "2000", "--in-scope", "0.5", "--seed", "3", "--out"];
    assert_eq!(told(program().args(made).arg(&path)).status, 0);
    let bytes = fs::read(path).unwrap();
    let end = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap());
    let footer = end - usize::try_from(length).unwrap()..end;
    (bytes, footer)
}

/// Runs over it, and says how that ended.
fn holds(place: &Workplace, bytes: &[u8], what: &str) -> i32 {
    let path = place.write("claims.parquet", bytes);
    let begun = Instant::now();
    let (told, peak) = watched(place.run().arg(&path).args(["--overwrite", "--quiet"]));
    assert!(matches!(told.status, 0 | 2 | 3), "{what}: {told:?}");
    assert!(!told.stderr.contains("a defect at"), "{what}: {}", told.stderr);
    assert!(peak < BOUND, "{what}: {peak} MiB");
    assert!(begun.elapsed() < Duration::from_secs(20), "{what}: {:?}", begun.elapsed());
    if told.status == 2 {
        let said = &told.stderr;
        assert!(said.starts_with("error: ") && said.contains("claims.parquet"), "{what}: {said:.1000}");
        assert!(said.len() < 4000, "{what}: {said:.1000}");
        assert_eq!(place.left(), Vec::<String>::new(), "{what}");
    } else {
        // Whatever was believed adds up.
        let verified = crate::common::told(program().arg("verify").arg(place.out()));
        assert_eq!(verified.status, 0, "{what}: {verified:?}");
        fs::remove_dir_all(place.out()).unwrap();
    }
    told.status
}

#[test]
fn a_footer_that_lies_anywhere() {
    let place = Workplace::new();
    let (bytes, footer) = claims(&place);
    assert_eq!(holds(&place, &bytes, "as it was made"), 0);
    // A number of Thrift is seven bits in a byte, with the lowest for the sign.
    let lies = [0x00, 0x7f, 0xfe, 0xff];
    let (mut refused, mut read) = (0, 0);
    for (number, at) in footer.clone().step_by(footer.len() / 60).enumerate() {
        let lie = lies[number % lies.len()];
        let mut bytes = bytes.clone();
        bytes[at] = lie;
        match holds(&place, &bytes, &format!("byte {at} of {} is {lie:#x}", bytes.len())) {
            2 => refused += 1,
            _ => read += 1,
        }
    }
    assert!(refused > 5 && read > 5, "{refused} refused, {read} read");
}

#[test]
fn a_footer_of_another_length() {
    let place = Workplace::new();
    let (bytes, footer) = claims(&place);
    let own = u32::try_from(footer.len()).unwrap();
    for length in [0, 1, own - 1, own + 1, own * 2, u32::MAX / 2, u32::MAX] {
        let mut bytes = bytes.clone();
        bytes[footer.end..footer.end + 4].copy_from_slice(&length.to_le_bytes());
        assert_eq!(holds(&place, &bytes, &format!("length {length}")), 2);
    }
    for end in [0, 3, 4, 11, bytes.len() / 2, footer.start, bytes.len() - 4, bytes.len() - 1] {
        // Too short to be known as Parquet, it is CSV without a header that is known.
        assert_eq!(holds(&place, &bytes[..end], &format!("cut at {end}")), 2);
    }
}
