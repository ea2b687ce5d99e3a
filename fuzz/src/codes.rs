//! Ranges of codes, looked up in the embedded table.

use std::sync::{Arc, OnceLock};

use adjudicate::icd10::{Icd10, expand, expand_all, expand_plain};

/// The embedded table, decoded once.
pub fn table() -> Arc<Icd10> {
    static TABLE: OnceLock<Arc<Icd10>> = OnceLock::new();
    Arc::clone(TABLE.get_or_init(|| Arc::new(Icd10::embedded().expect("the embedded table"))))
}

/// An entry reads the same in every way of reading it, and as it prints. Behind a line
/// end: the seventh characters that it is narrowed to.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (entry, sevenths) = text.split_once('\n').map_or((text, None), |(entry, rest)| (entry, Some(rest)));
    let table = table();
    let range = match expand_all(entry, &table) {
        Ok(range) => range,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(expand(entry, sevenths, &table).is_err());
            assert_eq!(expand_plain(std::iter::once(entry), &table), [None]);
            return;
        }
    };
    let codes: Vec<_> = range.clone().collect();
    let (Some(first), Some(last)) = (codes.first(), codes.last()) else { panic!("a range without codes") };
    let (first, last) = (table.code(*first), table.code(*last));
    assert!(first <= last);
    assert_eq!(expand(entry, None, &table).as_ref(), Ok(&codes));
    if let [Some(plain)] = expand_plain(std::iter::once(entry), &table).as_slice() {
        assert_eq!(*plain, range);
    }
    for printed in [format!("{first} – {last}"), format!("{}-{}", first.undotted(), last.undotted())] {
        assert_eq!(expand_all(&printed, &table).as_ref(), Ok(&range), "{printed}");
    }
    if let Some(sevenths) = sevenths {
        match expand(entry, Some(sevenths), &table) {
            Ok(narrowed) => {
                let wanted = sevenths.to_ascii_uppercase();
                let is_wanted = |seventh: Option<u8>| seventh.is_some_and(|byte| wanted.as_bytes().contains(&byte));
                assert!(narrowed.iter().all(|code| range.contains(*code) && is_wanted(table.code(*code).seventh())));
                assert!(!narrowed.is_empty());
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
