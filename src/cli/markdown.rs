//! Markdown to be pasted into a letter or a file.
//!
//! Whatever is written may come from a claim file: it is escaped, so that it can
//! be no markup, no link and no HTML, and its control characters are shown.

use clap::builder::styling::Style;

use super::exit::Failure;
use super::page::write_out;
use super::sheet::Sheet;
use super::text::printable;

/// A document in the making.
#[derive(Debug, Default)]
pub(crate) struct Markdown {
    text: String,
    last: Option<Block>,
}

/// What the text so far ends with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Block {
    /// Something that stands alone.
    Whole,
    /// A list, which another item may follow.
    List,
    /// A table of names, which another row may follow.
    Names,
}

impl Markdown {
    /// Writes the document to standard output.
    pub(crate) fn print(&self) -> Result<(), Failure> {
        write_out(&self.text)
    }

    /// Begins a block, behind an empty line unless it continues the one before.
    fn begin(&mut self, block: Block) {
        if self.last.is_some_and(|last| last != block || block == Block::Whole) {
            self.text.push('\n');
        }
        self.last = Some(block);
    }

    fn block(&mut self, text: &str) {
        self.begin(Block::Whole);
        self.add(text);
    }

    /// A line of text.
    fn add(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) {
        let cells: Vec<_> = cells.map(|cell| format!(" {cell} ")).collect();
        self.add(&format!("|{}|", cells.join("|")));
    }
}

impl Sheet for Markdown {
    fn title(&mut self, head: &str, text: &str) {
        self.block(&format!("# {}", escaped(&format!("{head} {text}"))));
    }

    fn heading(&mut self, text: &str) {
        self.block(&format!("## {}", escaped(text)));
    }

    fn gap(&mut self) {}

    fn paragraph(&mut self, _: usize, text: &str) {
        if !text.trim().is_empty() {
            self.block(&opening(text));
        }
    }

    fn lead(&mut self, _: usize, _: Style, head: &str, text: &str) {
        let head = if head.is_empty() { String::new() } else { format!("**{}**", escaped(head)) };
        self.block(format!("{head} {}", escaped(text)).trim());
    }

    fn entry(&mut self, _: Style, head: &str, text: &str) {
        self.block(format!("### {} {}", escaped(head), escaped(text)).trim());
    }

    fn item(&mut self, _: usize, text: &str) {
        self.begin(Block::List);
        self.add(&format!("- {}", opening(text)));
    }

    fn lead_item(&mut self, head: &str, text: &str) {
        self.begin(Block::List);
        self.add(&format!("- **{}** {}", escaped(head), escaped(text)));
    }

    fn named(&mut self, _: usize, name: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let first = self.last != Some(Block::Names);
        self.begin(Block::Names);
        if first {
            self.text.push_str("| | |\n|---|---|\n");
        }
        self.row([escaped(name), escaped(text)].into_iter());
    }

    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.begin(Block::Whole);
        self.row(header.iter().map(|name| escaped(name)));
        self.add(&format!("|{}", "---|".repeat(header.len())));
        for row in rows {
            self.row(row.iter().map(|cell| escaped(cell)));
        }
    }
}

/// Text that begins a block: what would make it a list, a heading or a rule is
/// escaped too.
fn opening(text: &str) -> String {
    let text = escaped(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'-' | b'+' | b'=') if digits == 0 => format!("\\{text}"),
        Some(b'.' | b')') if digits > 0 => {
            let (number, rest) = text.split_at(digits);
            format!("{number}\\{rest}")
        }
        _ => text,
    }
}

/// Text on one line that is nothing but text.
fn escaped(text: &str) -> String {
    let shown = printable(text);
    let mut words = String::with_capacity(shown.len());
    for word in shown.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        // An address is made a link without any mark.
        let is_address = word.to_ascii_lowercase().contains("www.") || word.contains("://") || word.contains('@');
        for c in word.chars() {
            match c {
                '&' => words.push_str("&amp;"),
                '<' => words.push_str("&lt;"),
                '>' => words.push_str("&gt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' | '!' => words.extend(['\\', c]),
                ':' | '.' | '@' | '/' if is_address => words.extend(['\\', c]),
                _ => words.push(c),
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::page::PLAIN;

    #[test]
    fn what_a_file_says_is_no_markup() {
        for (text, expected) in [
            ("C1", "C1"),
            ("a|b\nc", "a\\|b c"),
            ("**x** _y_ `z`", "\\*\\*x\\*\\* \\_y\\_ \\`z\\`"),
            ("[x](http://a.b)", "\\[x\\](http\\:\\/\\/a\\.b)"),
            ("<img src=x>&", "&lt;img src=x&gt;&amp;"),
            ("WWW.evil.example", "WWW\\.evil\\.example"),
            ("\u{1b}[31m", "\\\\u{1b}\\[31m"),
            ("\u{202e}x", "\\\\u{202e}x"),
            ("M80.08XA: 2026-03-01", "M80.08XA: 2026-03-01"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
        for (text, expected) in
            [("- x", "\\- x"), ("1. x", "1\\. x"), ("12) x", "12\\) x"), ("# x", "\\# x"), ("1x", "1x")]
        {
            assert_eq!(opening(text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_stand_apart_and_rows_together() {
        let mut markdown = Markdown::default();
        markdown.title("Claim", "C|1");
        markdown.heading("One");
        markdown.item(2, "a");
        markdown.lead_item("b", "c");
        markdown.named(2, "Name", "value");
        markdown.named(2, "Nothing", "");
        markdown.named(2, "Other", "x|y");
        markdown.lead(0, PLAIN, "deny:", "words");
        markdown.table(&["a", "b"], &[vec!["1".into(), "2".into()]]);
        let expected = "# Claim C\\|1\n\n## One\n\n- a\n- **b** c\n\n| | |\n|---|---|\n| Name | value |\n| Other | x\\|y \
                        |\n\n**deny:** words\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
        assert_eq!(markdown.text, expected);
    }
}
