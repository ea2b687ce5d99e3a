//! The digest of a file that is not read from end to end.

use super::*;
use crate::engine::DecisionOptions;
use crate::icd10::Icd10;
use crate::input::Layout;
use crate::policy::PolicyIndex;

/// What becomes of the digest of a file that has so many bytes when its parts
/// are told off, and so many when they are read.
fn digested(before: u64, after: u64) -> Result<String, RunError> {
    let index = PolicyIndex::embedded(Arc::new(Icd10::embedded().unwrap())).unwrap();
    let adjudicator = Adjudicator::new(Arc::new(index), DecisionOptions::default());
    let settings = RunSettings::new(Vec::new(), Layout::embedded("native").unwrap());
    let stored = tempfile::NamedTempFile::new().unwrap();
    stored.as_file().set_len(before).unwrap();
    let (name, path) = ("a.parquet".to_owned(), stored.path().to_owned());
    let mut feed = Feed::new(&settings, FinishedInputs::new()).unwrap();
    let input = InputFile { name, path, format: InputFormat::Parquet, size: before };
    feed.queue_digest(0, &input, (stored.reopen().unwrap(), before), false);
    stored.as_file().set_len(after).unwrap();
    let mut parts = Vec::new();
    while let Some(job) = feed.draw()? {
        match work(job, &adjudicator, &settings, &Spent::default())? {
            Done::Part(part) => parts.extend(part),
            Done::Ended { digest: FileDigest::Parts(mut first), .. } => {
                first.extend(std::mem::take(&mut parts));
                return Ok(first.finish());
            }
            _ => panic!("another job"),
        }
    }
    panic!("no digest")
}

#[test]
fn a_file_that_becomes_shorter_has_no_digest() {
    let whole = vec![0; 9 << 20];
    assert_eq!(digested(9 << 20, 9 << 20).unwrap(), blake3::hash(&whole).to_hex().to_string());
    for after in [0, 3 << 20, 4 << 20, (9 << 20) - 1] {
        let said = digested(9 << 20, after).unwrap_err().to_string();
        assert!(said.starts_with("a.parquet: the file became shorter while it was read"), "{said}");
    }
}
