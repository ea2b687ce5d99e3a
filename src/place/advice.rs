//! What to do about a file that cannot be written.

use std::io::{self, ErrorKind};

/// What whoever sees this error of a file that is written may do about it, to be put
/// behind the error; empty where the error says all there is to say.
#[must_use]
pub fn advice(error: &io::Error) -> &'static str {
    match kind(error) {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "; nothing was kept of it: make room, or name a place elsewhere"
        }
        ErrorKind::FileTooLarge => {
            "; nothing was kept of it: raise the limit on the size of files (ulimit -f), or name a place elsewhere"
        }
        ErrorKind::PermissionDenied => "; ask for the right to write there, or name a place elsewhere",
        ErrorKind::ReadOnlyFilesystem => "; nothing can be written there: name a place elsewhere",
        _ => "",
    }
}

/// What the system said. A library in between may have kept no more of it than its words,
/// which end in the system's number.
fn kind(error: &io::Error) -> ErrorKind {
    if error.kind() != ErrorKind::Other {
        return error.kind();
    }
    let words = error.to_string();
    let number = words.rsplit_once("(os error ").and_then(|(_, number)| number.split_once(')'));
    let number = number.and_then(|(number, _)| number.parse().ok());
    number.map_or(ErrorKind::Other, |number| io::Error::from_raw_os_error(number).kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_one_whoever_tells_of_it() {
        let full = || io::Error::from(rustix::io::Errno::NOSPC);
        let told = advice(&full());
        assert!(told.contains("make room"));
        let by_csv = io::Error::from(csv::Error::from(full()));
        let by_words = io::Error::other(format!("underlying IO error: {}", full()));
        assert_eq!([advice(&by_csv), advice(&by_words)], [told, told]);
        assert_eq!(advice(&io::Error::other("the pages (of the book)")), "");
    }
}
