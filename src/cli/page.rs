//! A page of text for a terminal, and standard output.
//!
//! Whatever is put on a page may come from a file: its control characters are
//! shown, never sent. Colour is added here alone, and taken away again where
//! standard output is no terminal.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use adjudicate::rules::{Disposition, Weight};

use super::exit::Failure;
use super::text::{hanging, in_line, printable, printable_json};

/// How wide text is set. The same everywhere, so that output can be compared.
const WIDTH: usize = 100;

/// Headings, and words that name what follows.
pub(crate) const STRONG: Style = Style::new().bold();

/// Text as it is.
pub(crate) const PLAIN: Style = Style::new();

/// The colour of a disposition.
pub(crate) const fn disposition_style(disposition: Disposition) -> Style {
    let colour = match disposition {
        Disposition::Allow => AnsiColor::Green,
        Disposition::Deny => AnsiColor::Red,
        Disposition::Pend => AnsiColor::Yellow,
        Disposition::Refer => AnsiColor::Cyan,
    };
    colour.on_default().bold()
}

/// The colour of a weight.
pub(crate) const fn weight_style(weight: Weight) -> Style {
    match weight {
        Weight::Advice => PLAIN,
        Weight::Pend => disposition_style(Disposition::Pend),
        Weight::Deny => disposition_style(Disposition::Deny),
        Weight::Refer => disposition_style(Disposition::Refer),
    }
}

/// Text in the making.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    /// Writes the page to standard output.
    pub(crate) fn print(&self) -> Result<(), Failure> {
        write_out(&self.text)
    }

    /// The page without its styles.
    #[cfg(test)]
    pub(crate) fn plain(&self) -> String {
        anstream::adapter::strip_str(&self.text).to_string()
    }

    /// A heading, with an empty line before it unless it is the first thing.
    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        self.styled(STRONG, text);
        self.text.push('\n');
    }

    /// An empty line, unless nothing is there yet or one just was.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph, wrapped; nothing where there are no words.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) {
        self.lead(indent, PLAIN, "", text);
    }

    /// An item of a list, wrapped behind its dash.
    pub(crate) fn item(&mut self, indent: usize, text: &str) {
        self.indent(indent);
        self.text.push_str("- ");
        self.wrap(indent + 2, indent + 2, text);
    }

    /// A paragraph behind words of a style; its later lines stand as far in as
    /// its first begins.
    pub(crate) fn lead(&mut self, indent: usize, style: Style, head: &str, text: &str) {
        if head.is_empty() && text.trim().is_empty() {
            return;
        }
        self.indent(indent);
        let mut hanging = indent;
        if !head.is_empty() {
            self.styled(style, head);
            hanging += width(&in_line(head));
            if !text.trim().is_empty() {
                self.text.push(' ');
                hanging += 1;
            }
        }
        self.wrap(hanging, hanging, text);
    }

    /// A word that names what follows, in a column of its own.
    pub(crate) fn named(&mut self, indent: usize, column: usize, name: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.indent(indent);
        self.text.push_str(&pad(&in_line(name), column));
        self.wrap(indent + column, indent + column, text);
    }

    /// Text as it stands, indented, line by line.
    pub(crate) fn verbatim(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.indent(indent);
            self.text.push_str(&printable(line));
            self.text.push('\n');
        }
    }

    /// A message behind a word of a style, line by line as it stands, but its further lines
    /// further in.
    pub(crate) fn marked(&mut self, style: Style, mark: &str, message: &str) {
        self.styled(style, mark);
        let _ = writeln!(self.text, " {}", hanging(message));
    }

    /// Rows in aligned columns. The last column is wrapped, and cells are padded
    /// before they are styled.
    pub(crate) fn table(&mut self, indent: usize, rows: &[impl AsRef<[Cell]>]) {
        let columns = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or_default();
        let mut widths = vec![0; columns];
        for row in rows {
            for (widest, cell) in widths.iter_mut().zip(row.as_ref()) {
                *widest = (*widest).max(width(&cell.text));
            }
        }
        let last_start = indent + widths.iter().take(columns.saturating_sub(1)).map(|widest| widest + 2).sum::<usize>();
        for row in rows {
            self.indent(indent);
            for (place, (cell, widest)) in row.as_ref().iter().zip(&widths).enumerate() {
                if place + 1 == columns {
                    self.wrap(last_start, last_start, &cell.text);
                } else {
                    let padding = pad("", widest.saturating_sub(width(&cell.text)) + 2);
                    self.styled(cell.style, &cell.text);
                    self.text.push_str(&padding);
                }
            }
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.push_str(&pad("", indent));
    }

    fn styled(&mut self, style: Style, text: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{}{}{}", style.render(), in_line(text), style.render_reset());
    }

    /// Words, from a column on, and every further line from another.
    fn wrap(&mut self, start: usize, hanging: usize, text: &str) {
        let text = printable(text);
        let mut column = start;
        for (place, word) in text.split_whitespace().enumerate() {
            let length = width(word);
            if place > 0 && column + 1 + length > WIDTH {
                self.text.push('\n');
                self.indent(hanging);
                column = hanging;
            } else if place > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        // What was padded for a last cell that turned out empty.
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Text in a style.
    pub(crate) fn styled(style: Style, text: impl Into<String>) -> Self {
        Self { text: in_line(&text.into()).into_owned(), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(PLAIN, text)
    }
}

/// How many columns text takes. Of what a page holds, every character takes one.
fn width(text: &str) -> usize {
    text.chars().count()
}

fn pad(text: &str, to: usize) -> String {
    format!("{text:to$}")
}

/// Writes a value as JSON to standard output.
pub(crate) fn write_json(value: &impl Serialize) -> Result<(), Failure> {
    write_out(&(printable_json(serde_json::to_string_pretty(value)?) + "\n"))
}

/// Writes to standard output.
pub(crate) fn write_out(shown: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(shown.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::output(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_hang_behind_their_head() {
        let mut page = Page::default();
        page.lead(2, PLAIN, "COV002", &"words ".repeat(20));
        let lines: Vec<_> = page.text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("  COV002 words words"), "{}", lines[0]);
        assert!(lines[1].starts_with("         words"), "{}", lines[1]);
        assert!(lines.iter().all(|line| width(line) <= WIDTH && !line.ends_with(' ')));
    }

    #[test]
    fn tables_align_and_leave_no_blanks_behind() {
        let mut page = Page::default();
        page.table(1, &[["a".into(), "bb".into(), "".into()], ["aaa".into(), "b".into(), "end".into()]]);
        assert_eq!(page.text, " a    bb\n aaa  b   end\n");
    }

    #[test]
    fn what_a_file_says_cannot_reach_the_terminal() {
        let mut page = Page::default();
        page.heading("\u{1b}[2J");
        page.item(0, "a\u{1b}[31mb");
        page.table(0, &[["\u{7}".into(), "\u{202e}".into()]]);
        let escapes = page.text.replace(&STRONG.render().to_string(), "").replace("\u{1b}[0m", "");
        assert!(!escapes.contains('\u{1b}') && !escapes.contains('\u{7}') && !escapes.contains('\u{202e}'));
    }

    #[test]
    fn a_gap_is_one_line() {
        let mut page = Page::default();
        page.gap();
        page.paragraph(0, "one");
        page.gap();
        page.gap();
        page.paragraph(0, "two");
        page.paragraph(0, " ");
        assert_eq!(page.text, "one\n\ntwo\n");
    }
}
