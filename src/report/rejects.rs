//! `rejects.csv`: rows that could not be read, each with its reason.

use std::io::{self, Write};

use crate::csv_text::push_field;

/// Writes rejects, in the run's order.
pub struct RejectWriter<W> {
    out: W,
    buffer: Vec<u8>,
}

impl<W: Write> RejectWriter<W> {
    /// Begins the file.
    ///
    /// # Errors
    ///
    /// `out` cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"source_file,source_row,column,reason,row\n")?;
        Ok(Self { out, buffer: Vec::new() })
    }

    /// Writes one reject. `text` is the row as it was read; bytes that are not
    /// UTF-8 are replaced, so that the file itself is.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write(&mut self, file: &str, row: u64, column: &str, reason: &str, text: &[u8]) -> io::Result<()> {
        let out = &mut self.buffer;
        out.clear();
        push_field(out, file.as_bytes());
        write!(out, ",{row},")?;
        push_field(out, column.as_bytes());
        out.push(b',');
        push_field(out, reason.as_bytes());
        out.push(b',');
        push_field(out, String::from_utf8_lossy(text).as_bytes());
        out.push(b'\n');
        self.out.write_all(out)
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}
