//! `rejects.csv`: rows that could not be read, each with its reason.

use std::io::{self, Write};

use super::spreadsheet::disarmed;
use crate::csv_text::push_field;

/// Writes rejects, in the run's order.
pub struct RejectWriter<W> {
    out: W,
    buffer: Vec<u8>,
    safe: bool,
}

impl<W: Write> RejectWriter<W> {
    /// Begins the file.
    ///
    /// # Errors
    ///
    /// `out` cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"source_file,source_row,column,reason,row\n")?;
        Ok(Self { out, buffer: Vec::new(), safe: false })
    }

    /// Whether text is written so that no spreadsheet runs it as a formula.
    #[must_use]
    pub fn spreadsheet_safe(self, safe: bool) -> Self {
        Self { safe, ..self }
    }

    /// Writes one reject. `text` is the row as it was read; bytes that are not
    /// UTF-8 are replaced, so that the file itself is.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write(&mut self, file: &str, row: u64, column: &str, reason: &str, text: &[u8]) -> io::Result<()> {
        let text = String::from_utf8_lossy(text);
        let out = &mut self.buffer;
        let push = |out: &mut Vec<u8>, text: &str| {
            let text = if self.safe { disarmed(text) } else { text.into() };
            push_field(out, text.as_bytes());
        };
        out.clear();
        push(out, file);
        write!(out, ",{row},")?;
        push(out, column);
        out.push(b',');
        push(out, reason);
        out.push(b',');
        push(out, &text);
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
