//! A part of a checkpoint: all that became of one input, as a file.
//!
//! ```text
//! magic, form, fingerprint
//! a batch:  1, length, its digest, its bytes
//! ...
//! the end:  2, length, what is said of the input; digest of the head, of all batches' digests and of this
//! ```
//!
//! The last digest is written when the input has been read to its end: a file without it, or
//! with another, is no part.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use blake3::{Hash, Hasher};

use super::bytes::{Bytes, put, put_bytes};
use super::{FORM, at};
use crate::place::{NewFile, Unfinished};
use crate::run::RunError;
use crate::run::watched::Lasting;

const MAGIC: [u8; 8] = *b"adjpart\0";
const BATCH: u8 = 1;
const END: u8 = 2;

/// What is said of an input that has been read to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Finished {
    /// Its name, as given.
    pub(super) name: String,
    /// How it was when it was read.
    pub(super) stamp: Lasting,
    /// Its digest, in hexadecimal.
    pub(super) digest: String,
    /// Its size in bytes, as stored.
    pub(super) bytes: u64,
}

impl Finished {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_bytes(&mut out, self.name.as_bytes());
        for number in self.stamp {
            put(&mut out, number);
        }
        put_bytes(&mut out, self.digest.as_bytes());
        put(&mut out, self.bytes);
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = &mut Bytes(bytes);
        let name = bytes.text()?;
        let mut stamp = Lasting::default();
        for number in &mut stamp {
            *number = bytes.number()?;
        }
        let finished = Self { name, stamp, digest: bytes.text()?, bytes: bytes.number()? };
        bytes.0.is_empty().then_some(finished)
    }
}

fn head(fingerprint: &Hash) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    put(&mut head, FORM.into());
    head.extend_from_slice(fingerprint.as_bytes());
    head
}

/// A batch's bytes, as they stand in a part; made by whoever decided it, so that
/// several are at it.
pub(in crate::run) struct Block {
    digest: Hash,
    pub(super) bytes: Vec<u8>,
}

impl Block {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { digest: blake3::hash(&bytes), bytes }
    }

    /// Whether the bytes are those that were written.
    pub(super) fn is_whole(&self) -> bool {
        blake3::hash(&self.bytes) == self.digest
    }
}

/// A part that is being written.
pub(super) struct NewPart {
    new: NewFile,
    out: BufWriter<File>,
    digests: Hasher,
}

impl NewPart {
    /// Begins a part under a name of its own.
    pub(super) fn begin(partial: &Path, fingerprint: &Hash, unfinished: &Unfinished) -> io::Result<Self> {
        let (new, file) = NewFile::begin_as(partial, unfinished)?;
        let mut part = Self { new, out: BufWriter::new(file), digests: Hasher::new() };
        let head = head(fingerprint);
        part.out.write_all(&head)?;
        part.digests.update(&head);
        Ok(part)
    }

    /// Adds a batch.
    pub(super) fn add(&mut self, Block { digest, bytes }: &Block) -> io::Result<()> {
        self.out.write_all(&[BATCH])?;
        self.out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.out.write_all(digest.as_bytes())?;
        self.out.write_all(bytes)?;
        self.digests.update(digest.as_bytes());
        Ok(())
    }

    /// Ends the part; what is left is to give it its name.
    pub(super) fn end(mut self, finished: &Finished, sync: bool) -> io::Result<NewFile> {
        let said = finished.to_bytes();
        self.out.write_all(&[END])?;
        self.out.write_all(&(said.len() as u64).to_le_bytes())?;
        self.out.write_all(&said)?;
        self.digests.update(&said);
        self.out.write_all(self.digests.finalize().as_bytes())?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if sync {
            file.sync_all()?;
        }
        Ok(self.new)
    }
}

/// A part that is read back.
pub(super) struct PartReader {
    path: PathBuf,
    file: BufReader<File>,
    /// How many bytes there may still be.
    left: u64,
    /// Of the head and of all batches' digests so far.
    digests: Hasher,
}

/// The next that stands in a part.
pub(super) enum Next {
    /// A batch, of which nobody has seen yet whether it is whole.
    Batch(Block),
    /// What is said of the input, of as many batches as have been read.
    End(Finished),
}

impl PartReader {
    /// Opens a part of this fingerprint; `None` where the file is none.
    pub(super) fn open(path: &Path, fingerprint: &Hash) -> io::Result<Option<Self>> {
        let file = File::open(path)?;
        let left = file.metadata()?.len();
        let wanted = head(fingerprint);
        let mut digests = Hasher::new();
        digests.update(&wanted);
        let mut part = Self { path: path.to_owned(), file: BufReader::new(file), left, digests };
        Ok((part.take(wanted.len() as u64)?.is_some_and(|found| found == wanted)).then_some(part))
    }

    /// So many bytes, if there are so many.
    fn take(&mut self, length: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(left) = self.left.checked_sub(length) else { return Ok(None) };
        self.left = left;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        self.file.read_exact(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn number(&mut self) -> io::Result<Option<u64>> {
        let bytes = self.take(8)?;
        Ok(bytes.and_then(|bytes| Bytes(&bytes).number()))
    }

    fn digest(&mut self) -> io::Result<Option<Hash>> {
        let bytes = self.take(blake3::OUT_LEN as u64)?;
        Ok(bytes.and_then(|bytes| Hash::from_slice(&bytes).ok()))
    }

    /// The next that stands there; `None` where it is none.
    fn next(&mut self) -> io::Result<Option<Next>> {
        let (Some(tag), Some(length)) = (self.take(1)?, self.number()?) else { return Ok(None) };
        Ok(match tag.first() {
            Some(&BATCH) => {
                let (Some(digest), Some(bytes)) = (self.digest()?, self.take(length)?) else { return Ok(None) };
                self.digests.update(digest.as_bytes());
                Some(Next::Batch(Block { digest, bytes }))
            }
            Some(&END) => {
                let Some(said) = self.take(length)? else { return Ok(None) };
                self.digests.update(&said);
                let is_whole = self.digest()? == Some(self.digests.finalize()) && self.left == 0;
                Finished::from_bytes(&said).filter(|_| is_whole).map(Next::End)
            }
            _ => None,
        })
    }

    /// The next batch, or the end of all of them.
    ///
    /// # Errors
    ///
    /// There is none, although the part was whole when the run began; or the system says no.
    pub(super) fn read(&mut self) -> Result<Next, RunError> {
        let next = self.next().map_err(at(self.path.clone()))?;
        next.ok_or(RunError::CheckpointDamaged)
    }

    /// Reads all of a part: what it says of its input, if every byte of it is as it was
    /// written.
    fn check(&mut self) -> io::Result<Option<Finished>> {
        loop {
            match self.next()? {
                Some(Next::Batch(block)) if block.is_whole() => {}
                Some(Next::End(finished)) => return Ok(Some(finished)),
                Some(Next::Batch(_)) | None => return Ok(None),
            }
        }
    }
}

/// What a part says of its input. `None` where it is damaged, or made under another
/// fingerprint.
///
/// # Errors
///
/// The system says no.
pub(super) fn checked(path: &Path, fingerprint: &Hash) -> io::Result<Option<Finished>> {
    PartReader::open(path, fingerprint)?.map_or(Ok(None), |mut part| part.check())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_part_is_whole_or_none() {
        let here = tempfile::TempDir::new().unwrap();
        let at = |name: &str| here.path().join(name);
        let fingerprint = blake3::hash(b"fingerprint");
        let stamp = [1, u64::MAX, 3, 4, 5, 6];
        let finished = Finished { name: "a.csv".into(), stamp, digest: "ab".into(), bytes: 9 };
        let mut part = NewPart::begin(&at("partial"), &fingerprint, &Unfinished::default()).unwrap();
        for bytes in [&b"one"[..], b"", b"three"] {
            part.add(&Block::new(bytes.to_vec())).unwrap();
        }
        part.end(&finished, true).and_then(|new| new.finish(&at("part"), true)).unwrap();
        assert_eq!(checked(&at("part"), &fingerprint).unwrap().as_ref(), Some(&finished));
        let mut reader = PartReader::open(&at("part"), &fingerprint).unwrap().unwrap();
        let mut read = Vec::new();
        let said = loop {
            match reader.read().unwrap() {
                Next::Batch(block) => {
                    assert!(block.is_whole());
                    read.push(block.bytes);
                }
                Next::End(said) => break said,
            }
        };
        assert_eq!(read, [b"one".to_vec(), Vec::new(), b"three".to_vec()]);
        assert_eq!(said, finished);

        let whole = fs::read(at("part")).unwrap();
        let is_part = |bytes: &[u8]| {
            fs::write(at("other"), bytes).unwrap();
            checked(&at("other"), &fingerprint).unwrap().is_some()
        };
        assert!(is_part(&whole));
        for place in 0..whole.len() {
            assert!(!is_part(&whole[..place]), "cut at {place}");
            let mut other = whole.clone();
            other[place] ^= 1;
            assert!(!is_part(&other), "changed at {place}");
        }
        assert!(!is_part(&[&whole[..], b"\0"].concat()));

        // Each batch is whole, and one of them is gone, since the part was looked at: the end tells.
        let batch = |bytes: u64| 1 + 8 + blake3::OUT_LEN + usize::try_from(bytes).unwrap();
        let first = head(&fingerprint).len();
        fs::write(at("other"), [&whole[..first], &whole[first + batch(3)..]].concat()).unwrap();
        let mut reader = PartReader::open(&at("other"), &fingerprint).unwrap().unwrap();
        for _ in 0..2 {
            assert!(matches!(reader.read(), Ok(Next::Batch(block)) if block.is_whole()));
        }
        assert!(matches!(reader.read(), Err(RunError::CheckpointDamaged)));
        assert!(checked(&at("part"), &blake3::hash(b"another")).unwrap().is_none());
    }
}
