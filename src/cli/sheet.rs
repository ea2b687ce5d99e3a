//! What is told, whatever it is told on: a page for a terminal, or Markdown.

use clap::builder::styling::Style;

use super::page::{Cell, Page, STRONG};

/// Takes text piece by piece. Indents, columns and styles are for a terminal; a
/// document has forms of its own.
pub(crate) trait Sheet {
    /// What all that follows is about.
    fn title(&mut self, head: &str, text: &str);
    /// A heading.
    fn heading(&mut self, text: &str);
    /// An empty line, where a terminal needs one.
    fn gap(&mut self);
    /// A paragraph.
    fn paragraph(&mut self, indent: usize, text: &str);
    /// A paragraph behind words of a style.
    fn lead(&mut self, indent: usize, style: Style, head: &str, text: &str);
    /// What a heading has several of, with words of a style before it; named
    /// things may follow.
    fn entry(&mut self, style: Style, head: &str, text: &str);
    /// An item of a list.
    fn item(&mut self, indent: usize, text: &str);
    /// An item behind words that name it.
    fn lead_item(&mut self, head: &str, text: &str);
    /// A word that names what follows; nothing where nothing does.
    fn named(&mut self, indent: usize, name: &str, text: &str);
    /// Rows of cells under their names.
    fn table(&mut self, header: &[&str], rows: &[Vec<String>]);
}

/// How wide the names are in front of what they name.
const NAMES: usize = 11;

impl Sheet for Page {
    fn title(&mut self, head: &str, text: &str) {
        self.gap();
        self.lead(0, STRONG, head, text);
    }

    fn heading(&mut self, text: &str) {
        self.heading(text);
    }

    fn gap(&mut self) {
        self.gap();
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        self.paragraph(indent, text);
    }

    fn lead(&mut self, indent: usize, style: Style, head: &str, text: &str) {
        self.lead(indent, style, head, text);
    }

    fn entry(&mut self, style: Style, head: &str, text: &str) {
        self.lead(2, style, head, text);
    }

    fn item(&mut self, indent: usize, text: &str) {
        self.item(indent, text);
    }

    fn lead_item(&mut self, head: &str, text: &str) {
        self.lead(2, STRONG, head, text);
    }

    fn named(&mut self, indent: usize, name: &str, text: &str) {
        self.named(indent, NAMES, name, text);
    }

    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let head: Vec<Cell> = header.iter().map(|name| Cell::styled(STRONG, *name)).collect();
        let rows = rows.iter().map(|row| row.iter().map(|cell| cell.as_str().into()).collect::<Vec<Cell>>());
        self.table(2, &std::iter::once(head).chain(rows).collect::<Vec<_>>());
    }
}
