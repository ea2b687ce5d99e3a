//! The bytes of a CSV input: decoded where they are compressed, digested on the
//! way or left to be digested in parts.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::CsvOptions;
use crate::digest::{DigestKind, Digesting, Part, Parts, is_part_size};
use crate::input::Compression;

/// What became of an input that was read to its end.
#[derive(Debug)]
pub enum FileDigest {
    /// Its digest in hexadecimal.
    Whole(String),
    /// What was read before its first chunk; the parts of its chunks belong
    /// behind it.
    Parts(Parts),
}

impl FileDigest {
    /// The digest of the whole input, given the parts of its chunks, in order.
    #[must_use]
    pub fn finish(self, chunks: Vec<Part>) -> String {
        match self {
            Self::Whole(digest) => digest,
            Self::Parts(mut first) => {
                first.extend(chunks);
                first.finish()
            }
        }
    }
}

/// The most memory that Zstandard may ask for to look back: what its own program allows
/// without being told otherwise.
pub(super) const ZSTD_WINDOW: u64 = 128 << 20;

/// Where the bytes of an input come from.
pub(super) enum Source {
    /// Bytes as stored. Whoever reads a chunk digests it.
    Parts { reader: Head<Counted>, parts: Parts },
    /// Bytes that are digested, and maybe decoded, as they are read.
    Digested(Box<dyn Digested>),
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Parts { reader, .. } => reader.read(buffer),
            Self::Digested(reader) => reader.read(buffer),
        }
    }
}

impl Source {
    /// Looks at the first bytes of an input and chooses.
    pub(super) fn new(mut raw: Counted, options: &CsvOptions) -> io::Result<Self> {
        let mut head = Vec::new();
        raw.by_ref().take(4).read_to_end(&mut head)?;
        let compression = Compression::sniff(&head);
        let raw = Head { head: io::Cursor::new(head), inner: raw };
        let in_parts = options.digest == DigestKind::Blake3 && is_part_size(options.chunk_bytes);
        if compression == Compression::Plain && in_parts {
            return Ok(Self::Parts { reader: raw, parts: Parts::default() });
        }
        let raw = Digesting::new(raw, options.digest);
        Ok(Self::Digested(match compression {
            Compression::Plain => Box::new(raw),
            Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(raw)),
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(raw)?;
                decoder.window_log_max(ZSTD_WINDOW.ilog2())?;
                Box::new(decoder)
            }
        }))
    }

    /// Reads what is left of the input as stored; its digest and, where it was
    /// digested here, its length.
    pub(super) fn finish(self) -> io::Result<(FileDigest, Option<u64>)> {
        match self {
            Self::Parts { parts, .. } => Ok((FileDigest::Parts(parts), None)),
            Self::Digested(reader) => reader.finish().map(|(digest, length)| (FileDigest::Whole(digest), Some(length))),
        }
    }
}

/// A decoder above a digest of the raw bytes.
pub(super) trait Digested: Read + Send {
    /// Reads the raw input to its end and returns its digest and length.
    fn finish(self: Box<Self>) -> io::Result<(String, u64)>;
}

type Raw = Digesting<Head<Counted>>;

impl Digested for Raw {
    fn finish(mut self: Box<Self>) -> io::Result<(String, u64)> {
        io::copy(&mut *self, &mut io::sink())?;
        let (_, digest, length) = (*self).finish();
        Ok((digest, length))
    }
}

impl Digested for flate2::read::MultiGzDecoder<Raw> {
    fn finish(self: Box<Self>) -> io::Result<(String, u64)> {
        Box::new((*self).into_inner()).finish()
    }
}

impl Digested for zstd::stream::read::Decoder<'static, io::BufReader<Raw>> {
    fn finish(self: Box<Self>) -> io::Result<(String, u64)> {
        Box::new((*self).finish().into_inner()).finish()
    }
}

/// Counts raw bytes as they are read, for the progress bar.
pub(super) struct Counted {
    pub(super) inner: Box<dyn Read + Send>,
    pub(super) count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Gives back the bytes that were looked at to tell the compression.
pub(super) struct Head<R> {
    head: io::Cursor<Vec<u8>>,
    inner: R,
}

impl<R: Read> Read for Head<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buffer)? {
            0 => self.inner.read(buffer),
            read => Ok(read),
        }
    }
}
