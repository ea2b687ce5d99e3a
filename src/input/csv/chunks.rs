//! Opening a CSV input and cutting it into chunks.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::boundary::last_record_end;
use super::chunk::Chunk;
use super::header::{header_end, header_names};
use super::source::{Counted, FileDigest, Source, ZSTD_WINDOW};
use crate::digest::{DigestKind, Parts};
use crate::input::{ColumnMap, InputError, InputFile, Layout};

/// How to read CSV.
#[derive(Clone, Copy, Debug)]
pub struct CsvOptions {
    /// The delimiter, where the user names one.
    pub delimiter: Option<u8>,
    /// The least number of bytes of a chunk.
    pub chunk_bytes: usize,
    /// The digest made of the file as it is read.
    pub digest: DigestKind,
}

/// A CSV input, open behind its header.
pub struct CsvFile {
    name: String,
    source: Source,
    map: ColumnMap,
    delimiter: u8,
    chunk_bytes: usize,
    record_limit: usize,
    /// How many times its stored size the input may come to, once it is large.
    unpack_ratio: u64,
    /// Bytes read and not yet handed out; they begin with a record.
    pending: Vec<u8>,
    at_end: bool,
    stored_bytes_read: Arc<AtomicU64>,
    /// How many bytes have been read, decoded.
    bytes_read: u64,
}

impl CsvFile {
    /// Opens an input, finds its compression and delimiter, and maps its header.
    ///
    /// # Errors
    ///
    /// The input cannot be read, is empty, or its header does not fit the layout.
    pub fn open(input: &InputFile, layout: &Layout, options: CsvOptions) -> Result<Self, InputError> {
        let name = input.name.clone();
        let raw: Box<dyn Read + Send> = if input.is_stdin() {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(&input.path).map_err(|error| InputError::io(&name, error))?)
        };
        let stored_bytes_read = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: raw, count: Arc::clone(&stored_bytes_read) };
        let source = Source::new(counted, &options).map_err(|error| InputError::io(&name, error))?;
        let mut file = Self {
            name,
            source,
            map: ColumnMap::unmapped(),
            delimiter: b',',
            chunk_bytes: options.chunk_bytes.max(1),
            record_limit: RECORD_LIMIT,
            unpack_ratio: UNPACK_RATIO,
            pending: Vec::new(),
            at_end: false,
            stored_bytes_read,
            bytes_read: 0,
        };
        let known = options.delimiter.or(layout.delimiter);
        let header = file.read_header(known)?;
        let names = header_names(&header, file.delimiter);
        file.map = ColumnMap::new(&file.name, &names, layout)?;
        Ok(file)
    }

    /// Another limit of how many times its stored size a compressed input may come to.
    #[must_use]
    pub fn with_unpack_ratio(self, unpack_ratio: u64) -> Self {
        Self { unpack_ratio, ..self }
    }

    /// Where the columns stand.
    #[must_use]
    pub fn map(&self) -> &ColumnMap {
        &self.map
    }

    /// The delimiter, as given or detected.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// How many bytes of the input, as stored, have been read so far.
    #[must_use]
    pub fn stored_bytes_read(&self) -> u64 {
        self.stored_bytes_read.load(Ordering::Relaxed)
    }

    /// The next chunk: whole records, at least as long as the option says but for
    /// the last. The memory of `spent` is used again.
    ///
    /// # Errors
    ///
    /// The input cannot be read, compressed data is damaged, or a record has no end
    /// within [`RECORD_LIMIT`].
    pub fn next_chunk(&mut self, mut spent: Chunk) -> Result<Option<Chunk>, InputError> {
        let chunk = &mut spent;
        chunk.restart(&self.pending);
        chunk.offset = self.bytes_read;
        chunk.part_bytes = if self.in_parts() { self.chunk_bytes } else { 0 };
        self.pending.clear();
        let mut wanted = self.chunk_bytes;
        loop {
            self.fill(chunk, wanted)?;
            // Whatever the size of chunks and whatever was read beyond, a record that
            // is too long is found so: it is the first of its chunk.
            let begun = chunk.filled().get(..=self.record_limit);
            if begun.is_some_and(|begun| last_record_end(begun, self.delimiter).is_none()) {
                let at = self.bytes_read - chunk.filled as u64;
                return Err(InputError::Record { path: self.name.clone(), at, limit: self.record_limit });
            }
            if self.at_end {
                chunk.end = chunk.filled;
                return Ok((chunk.end > 0).then_some(spent));
            }
            // The chunk is full, but a record may be longer than a chunk.
            if let Some(end) = last_record_end(chunk.filled(), self.delimiter) {
                self.pending.extend_from_slice(chunk.filled().get(end..).unwrap_or_default());
                chunk.end = end;
                return Ok(Some(spent));
            }
            wanted = chunk.filled.saturating_mul(2).min(self.record_limit + 1);
        }
    }

    /// Reads what is left of the input as stored, and returns digest and length.
    ///
    /// # Errors
    ///
    /// The input cannot be read.
    pub fn finish(self) -> Result<(FileDigest, u64), InputError> {
        let read = self.stored_bytes_read();
        let (digest, length) = self.source.finish().map_err(|error| InputError::io(&self.name, error))?;
        Ok((digest, length.unwrap_or(read)))
    }

    /// Whether whoever reads a chunk digests it.
    fn in_parts(&self) -> bool {
        matches!(self.source, Source::Parts { .. })
    }

    /// Reads until so many bytes are there, or the input ends: whole parts where
    /// the input is digested in parts.
    fn fill(&mut self, chunk: &mut Chunk, wanted: usize) -> Result<(), InputError> {
        let missing = wanted.saturating_sub(chunk.filled);
        if missing == 0 || self.at_end {
            return Ok(());
        }
        let missing = if self.in_parts() { missing.next_multiple_of(self.chunk_bytes) } else { missing };
        let read = read_full(&mut self.source, chunk.room(missing));
        match read {
            Ok(read) => {
                chunk.filled += read;
                self.bytes_read += read as u64;
                self.at_end = read < missing;
                self.check_ratio()
            }
            Err(source) if source.to_string().contains("Frame requires too much memory") => {
                Err(InputError::Window { path: self.name.clone(), limit: ZSTD_WINDOW })
            }
            Err(source)
                if matches!(
                    source.kind(),
                    io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::InvalidData
                        | io::ErrorKind::InvalidInput
                        | io::ErrorKind::Other
                ) =>
            {
                Err(InputError::Damaged { path: self.name.clone(), source })
            }
            Err(source) => Err(InputError::io(&self.name, source)),
        }
    }

    /// Refuses what unpacks to far more than claims do: a few kilobytes may be made so that
    /// they keep a run busy for days.
    fn check_ratio(&self) -> Result<(), InputError> {
        let (unpacked, stored, ratio) = (self.bytes_read, self.stored_bytes_read(), self.unpack_ratio);
        if unpacked > FREELY_UNPACKED && unpacked / ratio.max(1) > stored {
            return Err(InputError::Bomb { path: self.name.clone(), unpacked, stored, ratio });
        }
        Ok(())
    }

    /// Takes the first record off the input, without its terminator, and finds the
    /// delimiter where it is not known.
    fn read_header(&mut self, delimiter: Option<u8>) -> Result<Vec<u8>, InputError> {
        let mut chunk = Chunk::default();
        let mut wanted = self.chunk_bytes.min(HEAD_BYTES);
        loop {
            self.fill(&mut chunk, wanted)?;
            let buffer = chunk.filled();
            let bom = if buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let start = bom + buffer.iter().skip(bom).take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let body = buffer.get(start..).unwrap_or_default();
            // Where the file begins with lines of nothing, they count.
            let head = buffer.get(start..buffer.len().min(HEADER_LIMIT)).unwrap_or_default();
            let is_all = self.at_end || buffer.len() >= HEADER_LIMIT;
            let Some((found, known)) = header_end(head, delimiter, is_all) else {
                wanted = buffer.len().saturating_mul(2);
                continue;
            };
            if found.is_none() && (buffer.len() > HEADER_LIMIT || !self.at_end) {
                let reason = format!("no header ends within {HEADER_LIMIT} bytes; is a quote left open in it?");
                return Err(InputError::Header { path: self.name.clone(), reason });
            }
            self.delimiter = known;
            if found.is_none() && body.trim_ascii().is_empty() {
                return Err(InputError::Empty { path: self.name.clone() });
            }
            let (header, rest) = body.split_at(found.unwrap_or(body.len()));
            let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
            self.pending = rest.to_vec();
            let header = header.to_vec();
            if let Source::Parts { parts, .. } = &mut self.source {
                *parts = Parts::of(chunk.filled(), self.chunk_bytes);
            }
            return Ok(header);
        }
    }
}

/// Fills a buffer, or as much of it as there is left to read.
fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The most bytes of a record, without its line end. A claim line has some hundred;
/// one without end is a quote left open, and would take in all that follows it in
/// the file.
pub const RECORD_LIMIT: usize = 64 << 20;
/// How many times its stored size a compressed input may come to. Claims are packed to a tenth
/// or less; the same line again and again is, by gzip, to three hundredths at best.
pub const UNPACK_RATIO: u64 = 500;
/// As much as this may come of any compressed input.
const FREELY_UNPACKED: u64 = 16 << 20;
/// How much is read at first, in search of the header.
const HEAD_BYTES: usize = 1 << 16;
/// The most bytes of a header: beyond, the file is something else.
const HEADER_LIMIT: usize = 16 << 20;

#[cfg(test)]
mod tests;
