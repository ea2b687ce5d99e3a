//! Digests of files: what was read, what was written.

mod parts;

use std::fmt;
use std::io::{self, Read, Write};

use sha2::Digest as _;

pub use parts::{Part, Parts, is_part_size};

/// Which digest a manifest holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigestKind {
    /// BLAKE3, which costs less than reading.
    #[default]
    Blake3,
    /// SHA-256, for those who must.
    Sha256,
}

impl DigestKind {
    /// The name in a manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha256",
        }
    }

    /// The digest of bytes, in lower-case hexadecimal.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> String {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

/// A digest being made.
#[derive(Clone, Debug)]
pub enum Hasher {
    /// BLAKE3.
    Blake3(Box<blake3::Hasher>),
    /// SHA-256.
    Sha256(Box<sha2::Sha256>),
}

impl Hasher {
    /// A digest of nothing yet.
    #[must_use]
    pub fn new(kind: DigestKind) -> Self {
        match kind {
            DigestKind::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
            DigestKind::Sha256 => Self::Sha256(Box::new(sha2::Sha256::new())),
        }
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Blake3(hasher) => drop(hasher.update(bytes)),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// The digest in lower-case hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        match self {
            Self::Blake3(hasher) => hasher.finalize().to_hex().to_string(),
            Self::Sha256(hasher) => hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
                let _ = fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
                text
            }),
        }
    }

    /// The digest and length of all that a reader holds.
    ///
    /// # Errors
    ///
    /// The reader fails.
    pub fn of(kind: DigestKind, mut reader: impl Read) -> io::Result<(String, u64)> {
        let mut hasher = Self::new(kind);
        let mut buffer = vec![0; 1 << 18];
        let mut length = 0;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok((hasher.finish(), length)),
                Ok(read) => {
                    hasher.update(buffer.get(..read).unwrap_or_default());
                    length += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Passes bytes on and digests them on the way.
#[derive(Debug)]
pub struct Digesting<T> {
    inner: T,
    hasher: Hasher,
    length: u64,
}

impl<T> Digesting<T> {
    /// Digests what goes through `inner`.
    pub fn new(inner: T, kind: DigestKind) -> Self {
        Self { inner, hasher: Hasher::new(kind), length: 0 }
    }

    /// The inner value, the digest and the number of bytes.
    pub fn finish(self) -> (T, String, u64) {
        (self.inner, self.hasher.finish(), self.length)
    }

    fn note(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.note(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.note(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
