//! Opening a CSV input and cutting it into chunks.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::boundary::last_record_end;
use crate::digest::{DigestKind, Digesting};
use crate::input::{ColumnMap, Compression, InputError, InputFile, Layout};

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
    reader: Box<dyn Digested>,
    map: ColumnMap,
    delimiter: u8,
    chunk_bytes: usize,
    /// Bytes read and not yet handed out; they begin with a record.
    pending: Vec<u8>,
    at_end: bool,
    stored_bytes_read: Arc<AtomicU64>,
}

/// A decoder above a digest of the raw bytes.
trait Digested: Read + Send {
    /// Reads the raw input to its end and returns its digest and length.
    fn finish(self: Box<Self>) -> io::Result<(String, u64)>;
}

type Raw = Digesting<Counting<Box<dyn Read + Send>>>;

/// Counts raw bytes as they are read, for the progress bar.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Digested for Raw {
    fn finish(mut self: Box<Self>) -> io::Result<(String, u64)> {
        io::copy(&mut *self, &mut io::sink())?;
        let (_, digest, length) = (*self).finish();
        Ok((digest, length))
    }
}

impl Digested for flate2::read::MultiGzDecoder<Head<Raw>> {
    fn finish(self: Box<Self>) -> io::Result<(String, u64)> {
        Box::new((*self).into_inner().inner).finish()
    }
}

impl Digested for Head<Raw> {
    fn finish(self: Box<Self>) -> io::Result<(String, u64)> {
        Box::new(self.inner).finish()
    }
}

impl Digested for zstd::stream::read::Decoder<'static, io::BufReader<Head<Raw>>> {
    fn finish(self: Box<Self>) -> io::Result<(String, u64)> {
        Box::new((*self).finish().into_inner().inner).finish()
    }
}

/// Gives back the bytes that were looked at to tell the compression.
struct Head<R> {
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
        let reader = decode(raw, options.digest, Arc::clone(&stored_bytes_read))
            .map_err(|error| InputError::io(&name, error))?;
        let mut file = Self {
            name,
            reader,
            map: ColumnMap::unmapped(),
            delimiter: b',',
            chunk_bytes: options.chunk_bytes.max(1),
            pending: Vec::new(),
            at_end: false,
            stored_bytes_read,
        };
        let known = options.delimiter.or(layout.delimiter);
        let header = file.read_header(known)?;
        file.delimiter = known.unwrap_or_else(|| detect_delimiter(&header));
        let names = header_names(&header, file.delimiter);
        file.map = ColumnMap::new(&file.name, &names, layout)?;
        Ok(file)
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
    /// the last. `buffer` is reused.
    ///
    /// # Errors
    ///
    /// The input cannot be read, or compressed data is damaged.
    pub fn next_chunk(&mut self, mut buffer: Vec<u8>) -> Result<Option<Vec<u8>>, InputError> {
        buffer.clear();
        buffer.append(&mut self.pending);
        let mut wanted = self.chunk_bytes;
        loop {
            self.fill(&mut buffer, wanted)?;
            if self.at_end {
                return Ok((!buffer.is_empty()).then_some(buffer));
            }
            // The chunk is full, but a record may be longer than a chunk.
            if let Some(end) = last_record_end(&buffer, self.delimiter) {
                self.pending.extend_from_slice(buffer.get(end..).unwrap_or_default());
                buffer.truncate(end);
                return Ok(Some(buffer));
            }
            wanted = buffer.len().saturating_mul(2);
        }
    }

    /// Reads what is left of the input as stored, and returns digest and length.
    ///
    /// # Errors
    ///
    /// The input cannot be read.
    pub fn finish(self) -> Result<(String, u64), InputError> {
        self.reader.finish().map_err(|error| InputError::io(&self.name, error))
    }

    fn fill(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> Result<(), InputError> {
        let missing = wanted.saturating_sub(buffer.len());
        if missing == 0 || self.at_end {
            return Ok(());
        }
        let read = self.reader.by_ref().take(missing as u64).read_to_end(buffer);
        match read {
            Ok(read) => {
                self.at_end = read < missing;
                Ok(())
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

    /// Takes the first record off the input, without its terminator.
    fn read_header(&mut self, delimiter: Option<u8>) -> Result<Vec<u8>, InputError> {
        let mut buffer = Vec::new();
        let mut wanted = self.chunk_bytes.min(HEAD_BYTES);
        loop {
            self.fill(&mut buffer, wanted)?;
            let bom = if buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let start = bom + buffer.iter().skip(bom).take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let body = buffer.get(start..).unwrap_or_default();
            if let Some(end) = first_line_end(body, delimiter) {
                let header = body.get(..end).unwrap_or_default().to_vec();
                let rest = body.get(end..).unwrap_or_default();
                let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
                self.pending = rest.to_vec();
                return Ok(header);
            }
            if self.at_end {
                if body.trim_ascii().is_empty() {
                    return Err(InputError::Empty { path: self.name.clone() });
                }
                return Ok(body.to_vec());
            }
            if buffer.len() > HEADER_LIMIT {
                let reason = format!("no header ends within {HEADER_LIMIT} bytes; is a quote left open in it?");
                return Err(InputError::Header { path: self.name.clone(), reason });
            }
            wanted = buffer.len().saturating_mul(2);
        }
    }
}

/// How much is read at first, in search of the header.
const HEAD_BYTES: usize = 1 << 16;
/// The most bytes of a header: beyond, the file is something else.
const HEADER_LIMIT: usize = 16 << 20;

/// The bytes outside quotes, with their places. In a header, where no delimiter
/// is known yet, a field may begin behind any that could be one; a quote within
/// a field is an ordinary character.
fn outside_quotes(bytes: &[u8], delimiter: Option<u8>) -> impl Iterator<Item = (usize, u8)> {
    let separates = move |byte: u8| delimiter.map_or(DELIMITERS.contains(&byte), |known| known == byte);
    let (mut quoted, mut start) = (false, true);
    bytes.iter().copied().enumerate().filter(move |(_, byte)| {
        if quoted {
            // Of a doubled quote, the second opens again what the first closed.
            quoted = *byte != b'"';
            start = !quoted;
            return false;
        }
        quoted = start && *byte == b'"';
        start = separates(*byte);
        !quoted
    })
}

/// What may separate fields, where nobody says.
const DELIMITERS: [u8; 4] = [b',', b'|', b'\t', b';'];

/// The first line end outside quotes.
fn first_line_end(bytes: &[u8], delimiter: Option<u8>) -> Option<usize> {
    outside_quotes(bytes, delimiter).find(|(_, byte)| matches!(byte, b'\n' | b'\r')).map(|(at, _)| at)
}

fn decode(raw: Box<dyn Read + Send>, digest: DigestKind, count: Arc<AtomicU64>) -> io::Result<Box<dyn Digested>> {
    let mut raw = Digesting::new(Counting { inner: raw, count }, digest);
    let mut head = Vec::new();
    raw.by_ref().take(4).read_to_end(&mut head)?;
    let compression = Compression::sniff(&head);
    let raw = Head { head: io::Cursor::new(head), inner: raw };
    Ok(match compression {
        Compression::Plain => Box::new(raw),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(raw)),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(raw)?),
    })
}

/// The delimiter that stands most often in a header outside quotes.
fn detect_delimiter(header: &[u8]) -> u8 {
    let mut counts = DELIMITERS.map(|delimiter| (delimiter, 0_usize));
    for (_, byte) in outside_quotes(header, None) {
        for (delimiter, count) in &mut counts {
            *count += usize::from(*delimiter == byte);
        }
    }
    // The first of the most frequent: a comma where there is none at all.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

fn header_names(header: &[u8], delimiter: u8) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(header);
    let mut record = csv::ByteRecord::new();
    // Reading from memory does not fail; a header that yields nothing has no names.
    let _ = reader.read_byte_record(&mut record);
    record.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_ends_where_the_csv_crate_ends_it() {
        for (text, end) in [
            ("a,b\nc", Some(3)),
            ("a,\"b\nc\"\nd", Some(7)),
            ("a,size 5\"\nc", Some(9)),
            ("\"a\"\"\n\",b\nc", Some(8)),
            ("a;\"b\r\nc\";d\r\ne", Some(10)),
            ("a,\"b\nc", None),
        ] {
            assert_eq!(first_line_end(text.as_bytes(), None), end, "{text:?}");
        }
        assert_eq!(detect_delimiter(b"a;\"b,c,d,e\";f"), b';');
    }
}
