//! `adjudicate explain`: a rule's manual, or the lines of a claim in a finished
//! run.

mod again;
mod billed;
mod change;
mod claim;
mod manual;
mod others;
mod record;
mod remains;
mod retell;
mod show;
mod source;
mod superseded;
mod told;

use std::path::Path;

use adjudicate::rules::{CATALOGUE, Rule};

use super::arguments::ExplainArguments;
use super::exit::{Failure, Status};
use super::markdown::Markdown;
use super::page::{self, Page};
use super::text::nearest;

/// Explains a rule, or lines of a run.
pub(crate) fn explain(arguments: &ExplainArguments) -> Result<Status, Failure> {
    let subject = arguments.subject.trim();
    if let Some(claim) = &arguments.claim {
        let told = claim::tell(Path::new(subject), claim.trim(), arguments.line)?;
        if arguments.json {
            page::write_json(&told)?;
        } else if arguments.markdown {
            let mut markdown = Markdown::default();
            show::tell(&mut markdown, &told);
            markdown.print()?;
        } else {
            let mut page = Page::default();
            show::tell(&mut page, &told);
            page.print()?;
        }
        return Ok(Status::Complete);
    }
    let rule = find(subject)?;
    if arguments.json {
        page::write_json(&manual::as_json(rule))?;
    } else if arguments.markdown {
        page::write_out(&manual::as_markdown(rule))?;
    } else {
        manual::page(rule).print()?;
    }
    Ok(Status::Complete)
}

/// The rule of an id or a name.
fn find(subject: &str) -> Result<&'static Rule, Failure> {
    let is_it = |rule: &&&Rule| rule.code.eq_ignore_ascii_case(subject) || rule.name.eq_ignore_ascii_case(subject);
    if let Some(rule) = CATALOGUE.iter().find(is_it) {
        return Ok(rule);
    }
    if Path::new(subject).exists() {
        return Err(Failure::told(format!("{subject}: name a claim of this run too: explain {subject} CLAIM [LINE]")));
    }
    let names = CATALOGUE.iter().flat_map(|rule| [rule.code, rule.name]);
    Err(Failure::told(match nearest(subject, names) {
        Some(near) => format!("there is no rule {subject}; is {near} meant? `adjudicate rules` lists all"),
        None => format!("there is no rule {subject}; `adjudicate rules` lists all"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_by_id_and_by_name() {
        assert_eq!(find("cov002").unwrap().code, "COV002");
        assert_eq!(find("add-on-without-primary").unwrap().code, "LIN001");
        let Err(Failure::Told(message)) = find("COV02") else { panic!("no such rule") };
        assert!(message.contains("COV002"), "{message}");
    }
}
