//! `adjudicate policy expand`: every code of every list entry.

use serde::Serialize;

use adjudicate::claim::Day;
use adjudicate::digest::DigestKind;
use adjudicate::icd10::{CodeIndex, Icd10};
use adjudicate::policy::{ListedDiagnosis, Policy};

use crate::cli::arguments::ExpandArguments;
use crate::cli::exit::{Failure, Status};
use crate::cli::page::{self, Cell, Page, STRONG};
use crate::cli::text::plural;
use crate::cli::{policies, words};

/// A listed code.
#[derive(Debug, Serialize)]
struct Row<'p> {
    list: &'p str,
    standing: &'static str,
    entry: &'p str,
    code: String,
    valid_from: String,
    valid_to: Option<String>,
    /// These are of the latest version that uses the list, or of the one in
    /// force on the day; blank where none does.
    etiology: &'static str,
    region: &'p str,
    together_with: String,
    cite: &'p str,
}

/// Lists every diagnosis code of a policy.
pub(crate) fn expand(arguments: &ExpandArguments) -> Result<Status, Failure> {
    let (index, _) = policies::index(&arguments.files, DigestKind::Blake3)?;
    let policy = policies::named(&index, &arguments.id)?;
    let rows = rows(policy, index.table(), arguments.date);
    if arguments.json {
        page::write_json(&rows)?;
    } else if arguments.csv {
        page::write_out(&as_csv(&rows)?)?;
    } else {
        as_page(&rows, policy, arguments.date).print()?;
    }
    Ok(Status::Complete)
}

/// What counts on a day, or at all.
fn rows<'p>(policy: &'p Policy, table: &Icd10, day: Option<Day>) -> Vec<Row<'p>> {
    let mut rows = Vec::new();
    for (place, list) in policy.lists.iter().enumerate() {
        if day.is_some() && !used(policy, place, day) {
            continue;
        }
        for entry in &list.entries {
            for code in entry.codes.iter().filter(|code| day.is_none_or(|day| table.billable_on(**code, day))) {
                let listed = listed(policy, place, *code, day);
                let (from, to) = table.validity(*code);
                let region = listed.and_then(|listed| policy.regions.get(usize::from(listed.region?.0)));
                let together = listed.map(|listed| &*listed.together_with).unwrap_or_default();
                rows.push(Row {
                    list: &list.id,
                    standing: list.standing.word(),
                    entry: policy.text(entry.text),
                    code: table.code(*code).to_string(),
                    valid_from: from.to_string(),
                    valid_to: to.map(|day| day.to_string()),
                    etiology: listed.map_or("", |listed| words::etiology(listed.etiology)),
                    region: region.map_or("", String::as_str),
                    together_with: together
                        .iter()
                        .map(|code| table.code(*code).to_string())
                        .collect::<Vec<_>>()
                        .join(" "),
                    cite: &list.cite,
                });
            }
        }
    }
    rows
}

/// The coverages that use a list, of the version of a day or of all, the latest
/// first.
fn coverages(policy: &Policy, list: usize, day: Option<Day>) -> impl Iterator<Item = &adjudicate::policy::Coverage> {
    let in_force = day.map(|day| policy.version_on(day).map(|(place, _)| place));
    let versions = policy.versions.iter().enumerate().rev();
    versions
        .filter(move |(place, _)| in_force.is_none_or(|wanted| wanted == Some(*place)))
        .flat_map(|(_, version)| version.coverage.iter().flatten())
        .filter(move |coverage| coverage.lists.contains(&list))
}

fn used(policy: &Policy, list: usize, day: Option<Day>) -> bool {
    coverages(policy, list, day).next().is_some()
}

fn listed(policy: &Policy, list: usize, code: CodeIndex, day: Option<Day>) -> Option<&ListedDiagnosis> {
    coverages(policy, list, day).find_map(|coverage| coverage.diagnoses.as_deref()?.get(code))
}

fn as_csv(rows: &[Row<'_>]) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record([
        "list",
        "standing",
        "entry",
        "code",
        "valid_from",
        "valid_to",
        "etiology",
        "region",
        "together_with",
        "cite",
    ])?;
    for row in rows {
        writer.serialize(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::told(error.error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn as_page(rows: &[Row<'_>], policy: &Policy, day: Option<Day>) -> Page {
    let mut page = Page::default();
    let on = day.map(|day| format!(" that count on {day}")).unwrap_or_default();
    page.lead(0, STRONG, &policy.id, &format!("{}{on}", plural(rows.len(), "diagnosis code")));
    if let Some(day) = day {
        match policy.version_on(day) {
            Some((_, version)) => page.paragraph(0, &format!("Version {}", version.id)),
            None => page.paragraph(0, "No version is in force on that day."),
        }
    }
    for list in rows.chunk_by(|a, b| a.list == b.list) {
        let Some(first) = list.first() else { continue };
        page.heading(&format!("{} ({}), {}", first.list, first.standing, plural(list.len(), "code")));
        page.paragraph(2, first.cite);
        for entry in list.chunk_by(|a, b| a.entry == b.entry) {
            let Some(first) = entry.first() else { continue };
            page.lead(2, STRONG, first.entry, "");
            page.table(4, &entry.iter().map(cells).collect::<Vec<_>>());
        }
    }
    page
}

fn cells(row: &Row<'_>) -> [Cell; 3] {
    let days = match &row.valid_to {
        Some(to) => format!("{} to {to}", row.valid_from),
        None => format!("since {}", row.valid_from),
    };
    let mut says = vec![format!("etiology {}", if row.etiology.is_empty() { "unused" } else { row.etiology })];
    if !row.region.is_empty() {
        says.push(format!("region {}", row.region));
    }
    if !row.together_with.is_empty() {
        says.push(format!("only together with {}", row.together_with.replace(' ', " or ")));
    }
    [row.code.as_str().into(), days.into(), says.join("; ").into()]
}
