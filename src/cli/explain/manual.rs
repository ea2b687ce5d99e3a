//! A rule's manual on a terminal: Markdown, plainly.

use serde_json::{Value, json};

use adjudicate::rules::Rule;

use crate::cli::page::Page;
use crate::cli::words;

/// The manual as a page.
pub(super) fn page(rule: &Rule) -> Page {
    let mut page = render(rule.manual);
    let pair = |(carc, rarc)| words::adjustment(carc, rarc);
    let mut codes = vec![pair((rule.carc, rule.rarc))];
    codes.extend(rule.alternative.map(pair));
    codes.retain(|pair| !pair.is_empty());
    page.heading("In short");
    page.named(0, 11, "Weight", rule.weight.name());
    page.named(0, 11, "Suggested", &codes.join("; in its other case "));
    page
}

/// The manual and the catalogue's entry.
pub(super) fn as_json(rule: &Rule) -> Value {
    json!({
        "rule": rule.code,
        "name": rule.name,
        "weight": rule.weight.name(),
        "carc": rule.carc,
        "rarc": rule.rarc,
        "alternative": rule.alternative.map(|(carc, rarc)| json!({ "carc": carc, "rarc": rarc })),
        "manual": as_markdown(rule),
    })
}

/// The manual as it is written.
pub(super) fn as_markdown(rule: &Rule) -> String {
    rule.manual.lines().map(bare).collect::<Vec<_>>().join("\n") + "\n"
}

/// A line without the blank that a doc comment begins with.
fn bare(line: &str) -> &str {
    line.strip_prefix(' ').unwrap_or(line)
}

/// What the lines that have been read, and not yet set, belong to.
enum Open {
    Nothing,
    Paragraph(String),
    Item(String),
}

impl Open {
    fn close(&mut self, page: &mut Page) {
        match std::mem::replace(self, Self::Nothing) {
            Self::Nothing => {}
            Self::Paragraph(text) => page.paragraph(0, &plain(&text)),
            Self::Item(text) => page.item(0, &plain(&text)),
        }
    }
}

/// Headings, paragraphs, lists and code: all that manuals hold.
fn render(manual: &str) -> Page {
    let mut page = Page::default();
    let mut open = Open::Nothing;
    let mut in_code = false;
    // What follows a heading stands right beneath it.
    let mut after_heading = false;
    for line in manual.lines().map(bare) {
        if line.starts_with("```") {
            open.close(&mut page);
            if !in_code && !after_heading {
                page.gap();
            }
            in_code = !in_code;
            if !in_code {
                page.gap();
            }
            after_heading = false;
        } else if in_code {
            page.verbatim(4, line);
        } else if line.trim().is_empty() {
            open.close(&mut page);
            if !after_heading {
                page.gap();
            }
        } else if let Some(heading) = line.strip_prefix('#') {
            open.close(&mut page);
            page.heading(heading.trim_start_matches('#').trim());
            after_heading = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            open.close(&mut page);
            open = Open::Item(item.to_owned());
            after_heading = false;
        } else {
            match &mut open {
                Open::Paragraph(text) | Open::Item(text) => {
                    text.push(' ');
                    text.push_str(line.trim());
                }
                Open::Nothing => open = Open::Paragraph(line.to_owned()),
            }
            after_heading = false;
        }
    }
    open.close(&mut page);
    page
}

/// Text without the marks of code.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

#[cfg(test)]
mod tests {
    use adjudicate::rules::CATALOGUE;

    use super::*;

    #[test]
    fn markdown_is_set_plainly() {
        let page = render(" # T\n\n ## A\n one `two`\n three\n ```text\n x  y\n ```\n four\n\n - a\n   b\n - c\n");
        assert_eq!(page.plain(), "T\n\nA\none two three\n\n    x  y\n\nfour\n\n- a b\n- c\n");
    }

    #[test]
    fn no_manual_leaves_a_mark_behind() {
        for rule in CATALOGUE {
            let text = render(rule.manual).plain();
            assert!(!text.contains("```") && !text.contains("##"), "{}", rule.code);
            assert!(text.lines().all(|line| !line.ends_with(' ')), "{}", rule.code);
        }
    }
}
