//! Bytes as a file, since the readers of whole inputs read files.

use std::io::Write as _;
use std::path::Path;

use adjudicate::input::{InputFile, InputFormat};
use tempfile::{NamedTempFile, TempDir};

/// A file in memory, where the system has some for files.
fn place() -> &'static Path {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory } else { Path::new("/tmp") }
}

/// An input with these bytes.
pub fn input(bytes: &[u8], format: InputFormat) -> (NamedTempFile, InputFile) {
    let mut file = NamedTempFile::new_in(place()).expect("a file");
    file.write_all(bytes).expect("room for a file");
    let path = file.path().to_owned();
    let input = InputFile { name: "claims".to_owned(), path, format, size: bytes.len() as u64 };
    (file, input)
}

/// A folder of its own.
pub fn folder() -> TempDir {
    TempDir::new_in(place()).expect("a folder")
}
