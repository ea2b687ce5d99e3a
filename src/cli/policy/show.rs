//! `adjudicate policy show`.

use serde_json::{Value, json};

use adjudicate::claim::Day;
use adjudicate::digest::DigestKind;
use adjudicate::policy::{Coverage, Policy, PrintedList, Program, Version};

use crate::cli::arguments::ShowArguments;
use crate::cli::exit::{Failure, Status};
use crate::cli::page::{self, Page, STRONG};
use crate::cli::text::plural;
use crate::cli::{policies, words};

/// Shows what a policy says.
pub(crate) fn show(arguments: &ShowArguments) -> Result<Status, Failure> {
    let (index, _) = policies::index(&arguments.files, DigestKind::Blake3)?;
    let policy = policies::named(&index, &arguments.id)?;
    if arguments.json {
        page::write_json(&as_json(policy))?;
    } else {
        as_page(policy).print()?;
    }
    Ok(Status::Complete)
}

/// What a version says of each service that it speaks of.
fn coverages<'p>(policy: &'p Policy, version: &'p Version) -> impl Iterator<Item = (&'p String, &'p Coverage)> {
    policy.services.iter().zip(&version.coverage).filter_map(|(service, said)| Some((service, said.as_ref()?)))
}

fn code_count(list: &PrintedList) -> usize {
    list.entries.iter().map(|entry| entry.codes.len()).sum()
}

fn as_page(policy: &Policy) -> Page {
    let mut page = Page::default();
    page.lead(0, STRONG, &policy.id, &policy.title);
    page.named(2, 11, "Publisher", &policy.publisher);
    page.named(2, 11, "Source", &policy.source);
    page.named(2, 11, "File", &policy.origin);
    let programs: Vec<_> = policy.programs.iter().copied().map(Program::name).collect();
    page.named(2, 11, "Programs", &programs.join(", "));
    for (program, target) in &policy.referrals {
        page.named(2, 11, "Referred", &format!("{} to {target}", program.name()));
    }
    procedures(&mut page, policy);
    versions(&mut page, policy);
    page.heading("Indications");
    for indication in &policy.indications {
        page.lead(2, STRONG, &indication.id, &indication.label);
        page.named(4, 11, "Requires", &words::criterion(&indication.when));
        page.named(4, 11, "Section", &indication.cite);
    }
    page.heading("Diagnosis lists");
    for list in &policy.lists {
        let codes = plural(code_count(list), "code");
        page.lead(2, STRONG, &list.id, &format!("({}, {codes}); {}", list.standing.word(), list.cite));
        let rows =
            list.entries.iter().map(|entry| [policy.text(entry.text).into(), entry.codes.len().to_string().into()]);
        page.table(4, &rows.collect::<Vec<_>>());
    }
    for (heading, items) in [("Limitations", &policy.limitations), ("Devices", &policy.devices)] {
        if !items.is_empty() {
            page.heading(heading);
        }
        for item in items {
            page.item(2, item);
        }
    }
    page
}

fn procedures(page: &mut Page, policy: &Policy) {
    page.heading("Procedures");
    for procedure in &policy.procedures {
        let service = policy.services.get(procedure.service).map_or("", String::as_str);
        page.lead(2, STRONG, &procedure.code.to_string(), policy.text(procedure.label));
        let active = words::days(procedure.active_from, procedure.active_to);
        page.named(4, 11, "Active", &active);
        page.named(4, 11, "Service", service);
        page.named(4, 11, "Says", &words::procedure(procedure, policy).join("; "));
        page.named(4, 11, "Section", policy.text(procedure.cite));
        page.named(4, 11, "Edits", policy.text(procedure.edits_source));
    }
}

fn versions(page: &mut Page, policy: &Policy) {
    page.heading("Versions");
    for version in &policy.versions {
        page.lead(2, STRONG, &words::days(version.from, version.to), "");
        page.paragraph(4, &version.note);
        for (service, coverage) in coverages(policy, version) {
            page.lead(4, STRONG, service, &words::coverage(coverage, policy).join("; "));
            page.named(6, 9, "Section", &coverage.cite);
        }
    }
}

fn as_json(policy: &Policy) -> Value {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let codes = |codes: &[adjudicate::claim::ProcedureCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let region = |place: usize| policy.regions.get(place).cloned().unwrap_or_default();
    let procedures = policy.procedures.iter().map(|one| {
        json!({
            "code": one.code.to_string(),
            "label": policy.text(one.label),
            "service": policy.services.get(one.service),
            "active_from": one.active_from.to_string(),
            "active_to": day(one.active_to),
            "replaced_by": one.replaced_by.map(|code| code.to_string()),
            "limit": one.limit,
            "bilateral_included": one.bilateral_included,
            "add_on_to": codes(&one.add_on_to),
            "second_to": codes(&one.second_to),
            "treats": one.treats.iter().map(|index| region(usize::from(index.0))).collect::<Vec<_>>(),
            "doubtful_region": one.doubtful_region.map(|index| region(usize::from(index.0))),
            "cite": policy.text(one.cite),
            "edits_source": policy.text(one.edits_source),
        })
    });
    let coverage = |(service, one): (&String, &Coverage)| {
        json!({
            "service": service,
            "investigational": one.investigational,
            "investigational_techniques": one.investigational_techniques.iter().map(|t| t.word()).collect::<Vec<_>>(),
            "requires_cleared_device": one.requires_cleared_device,
            "diagnosis_lists": one.printed_lists(policy).map(|list| &list.id).collect::<Vec<_>>(),
            "indications": words::indications(one, policy).map(|indication| &indication.id).collect::<Vec<_>>(),
            "cite": one.cite,
        })
    };
    let versions = policy.versions.iter().map(|one| {
        json!({
            "version": one.id,
            "from": one.from.to_string(),
            "to": day(one.to),
            "note": one.note,
            "coverage": coverages(policy, one).map(coverage).collect::<Vec<_>>(),
        })
    });
    let indications = policy.indications.iter().map(|one| {
        json!({
            "id": one.id, "label": one.label, "cite": one.cite, "requires": words::criterion(&one.when),
        })
    });
    let lists = policy.lists.iter().map(|one| {
        let entries =
            one.entries.iter().map(|entry| json!({ "entry": policy.text(entry.text), "codes": entry.codes.len() }));
        json!({
            "id": one.id,
            "standing": one.standing.word(),
            "cite": one.cite,
            "codes": code_count(one),
            "entries": entries.collect::<Vec<_>>(),
        })
    });
    json!({
        "id": policy.id,
        "title": policy.title,
        "publisher": policy.publisher,
        "source": policy.source,
        "origin": policy.origin,
        "programs": policy.programs.iter().copied().map(Program::name).collect::<Vec<_>>(),
        "referrals": policy.referrals.iter().map(|(program, to)| json!({ "program": program.name(), "to": to })).collect::<Vec<_>>(),
        "procedures": procedures.collect::<Vec<_>>(),
        "versions": versions.collect::<Vec<_>>(),
        "indications": indications.collect::<Vec<_>>(),
        "diagnosis_lists": lists.collect::<Vec<_>>(),
        "limitations": policy.limitations,
        "devices": policy.devices,
    })
}
