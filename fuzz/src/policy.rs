//! Policy files.

use adjudicate::policy::{PolicyError, PolicyFile, PolicyIndex};

use super::codes::table;

/// A policy reads the same by the plain reader as by the `toml` crate, and one that
/// compiles can be looked up in.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if text.starts_with('\u{FEFF}') {
        return;
    }
    let table = table();
    // A byte order mark is TOML, and not plain: the crate reads the file.
    let marked = format!("\u{FEFF}{text}");
    match (PolicyFile::parse("policy.toml", text, &table), PolicyFile::parse("policy.toml", &marked, &table)) {
        (Ok(plain), Ok(crates)) => {
            assert_eq!(format!("{plain:?}"), format!("{crates:?}"));
            let procedures = plain.policy.as_ref().map(|policy| policy.procedures.len());
            match PolicyIndex::from_files(table, vec![plain]) {
                Ok(index) => {
                    assert_eq!(index.procedures().len(), procedures.unwrap_or_default());
                    assert!(index.procedures().iter().all(|entry| index.find(entry.code).is_some()));
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        // Places in its text are told, and the mark moves them.
        (Err(PolicyError::Toml { .. }), Err(PolicyError::Toml { .. })) => {}
        (Err(plain), Err(crates)) => assert_eq!(plain.to_string(), crates.to_string()),
        (plain, crates) => panic!("{:?} {:?}", plain.err(), crates.err()),
    }
}
