//! `adjudicate policy list`.

use serde::Serialize;

use adjudicate::digest::DigestKind;
use adjudicate::policy::{Policy, Program, Standing};

use crate::cli::arguments::ListArguments;
use crate::cli::exit::{Failure, Status};
use crate::cli::page::{self, Page, STRONG};
use crate::cli::policies;
use crate::cli::text::plural;

/// A policy as it is listed.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    title: String,
    publisher: String,
    origin: String,
    programs: Vec<&'static str>,
    versions: Vec<String>,
    procedures: usize,
    indications: usize,
    supporting_codes: usize,
    review_codes: usize,
}

/// Lists the loaded policies.
pub(crate) fn list(arguments: &ListArguments) -> Result<Status, Failure> {
    let (index, _) = policies::index(&arguments.files, DigestKind::Blake3)?;
    let listed: Vec<_> = index.policies().iter().map(listed).collect();
    if arguments.json {
        page::write_json(&listed)?;
        return Ok(Status::Complete);
    }
    let mut page = Page::default();
    for policy in &listed {
        page.gap();
        page.lead(0, STRONG, &policy.id, &policy.title);
        page.named(2, 12, "Publisher", &policy.publisher);
        page.named(2, 12, "File", &policy.origin);
        page.named(2, 12, "Programs", &policy.programs.join(", "));
        page.named(2, 12, "Versions", &policy.versions.join(", "));
        page.named(
            2,
            12,
            "Holds",
            &format!(
                "{}, {}, {} that support and {} for review",
                plural(policy.procedures, "procedure"),
                plural(policy.indications, "indication"),
                plural(policy.supporting_codes, "diagnosis code"),
                policy.review_codes,
            ),
        );
    }
    page.print()?;
    Ok(Status::Complete)
}

fn listed(policy: &Policy) -> Listed {
    Listed {
        id: policy.id.clone(),
        title: policy.title.clone(),
        publisher: policy.publisher.clone(),
        origin: policy.origin.clone(),
        programs: policy.programs.iter().copied().map(Program::name).collect(),
        versions: policy.versions.iter().map(|version| version.id.clone()).collect(),
        procedures: policy.procedures.len(),
        indications: policy.indications.len(),
        supporting_codes: codes(policy, Standing::Supporting),
        review_codes: codes(policy, Standing::Review),
    }
}

/// The codes of lists of one standing, each once.
fn codes(policy: &Policy, standing: Standing) -> usize {
    let lists = policy.lists.iter().filter(|list| list.standing == standing);
    let mut codes: Vec<_> = lists.flat_map(|list| &list.entries).flat_map(|entry| &entry.codes).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.len()
}
