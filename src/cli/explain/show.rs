//! A claim's lines on a sheet: a page for a terminal, or Markdown for a file.

use adjudicate::rules::{Disposition, Weight};

use super::told::{BilledTold, FileTold, FindingTold, LineTold, OtherTold, RunTold, Told};
use crate::cli::decided::Examination;
use crate::cli::decided::show::{self, FindingShown};
use crate::cli::page::{STRONG, disposition_style, weight_style};
use crate::cli::sheet::Sheet;
use crate::cli::text::dollars;
use crate::cli::words::CODE_TABLE;

/// Tells the lines of a claim.
pub(super) fn tell(sheet: &mut dyn Sheet, told: &Told) {
    for line in &told.lines {
        one(sheet, line);
    }
    for limitations in &told.limitations {
        sheet.heading(&format!("What claim data cannot show (policy {})", limitations.policy_id));
        for limitation in &limitations.limitations {
            sheet.item(2, limitation);
        }
    }
    run(sheet, &told.run);
    if !told.notes.is_empty() {
        sheet.heading("What could not be told");
        for note in &told.notes {
            sheet.item(2, note);
        }
    }
    sheet.gap();
    sheet.paragraph(0, told.recommendation);
}

fn one(sheet: &mut dyn Sheet, line: &LineTold) {
    let number = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let head = format!("Claim {}, line {}", line.claim_id, number(line.line_number));
    sheet.title(&head, &format!("({}, row {})", line.source_file, number(line.source_row)));
    verdict(sheet, line);
    again(sheet, line);
    sheet.heading("What was billed");
    billed(sheet, line);
    sheet.heading("Findings");
    if line.findings.is_empty() {
        sheet.paragraph(2, "none");
    }
    if line.recorded && line.as_recorded != Some(true) {
        // It cannot be told apart by findings.
        sheet.named(2, "Detail", &line.detail);
    }
    for told in &line.findings {
        finding(sheet, told);
    }
    if let Some(examined) = &line.examined {
        show::diagnoses(sheet, examined);
        facts(sheet, examined);
        show::indications(sheet, examined);
    }
    others(sheet, line);
    if let Some(examined) = &line.examined {
        show::policy(sheet, examined);
    }
}

/// What became of the line, and by what.
fn verdict(sheet: &mut dyn Sheet, line: &LineTold) {
    match Disposition::ALL.into_iter().find(|one| one.name() == line.disposition) {
        Some(allow @ Disposition::Allow) if !line.overrides.is_empty() => {
            sheet.lead(0, disposition_style(allow), "allow:", "The payer waives what would have stopped this line.");
        }
        Some(disposition) => show::disposition(sheet, disposition),
        None => sheet.lead(0, STRONG, &line.disposition, ""),
    }
    let by = if line.rule.is_empty() { String::new() } else { format!("Named by {}. ", line.rule) };
    let version = match line.policy_version.as_str() {
        "" => "no version applied".to_owned(),
        version => format!("version {version}"),
    };
    sheet.paragraph(0, &format!("{by}Policy {}, {version}.", line.policy_id));
    if !line.indication.is_empty() {
        let label = line.indication_label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        sheet.paragraph(0, &format!("Indication {}{label} is met.", line.indication));
    }
    if !line.overrides.is_empty() {
        let ids = line.overrides.replace(';', ", ");
        let text = format!("{ids} took weight from findings of the line.");
        sheet.lead(0, STRONG, "Override:", &text);
    }
    let counts = |finding: &&FindingTold| weight(finding.weight).is_some_and(|weight| weight != Weight::Advice);
    let several: Vec<_> = line.findings.iter().filter(counts).map(|finding| finding.rule.as_str()).collect();
    if several.len() > 1 {
        sheet.paragraph(0, &format!("Each of these stops it by itself: {}.", several.join(", ")));
    }
}

/// Whether the line was decided again, and to what.
fn again(sheet: &mut dyn Sheet, line: &LineTold) {
    sheet.gap();
    let warn = weight_style(Weight::Deny);
    match (line.as_recorded, line.recorded) {
        (Some(true), _) => {
            sheet.paragraph(0, "The row was read and decided again: it comes to what the run recorded.");
        }
        (Some(false), _) => {
            sheet.lead(
                0,
                warn,
                "DIFFERS:",
                "decided again, this line comes to something else. What the run recorded is told here and counts; \
                 diagnoses, indications and other lines are told as they are seen now. A changed program, or lines of \
                 inputs that were not read again, may be the reason.",
            );
            let header = ["what", "recorded", "decided again"];
            let rows = line.differences.iter();
            let rows = rows.map(|one| vec![one.what.to_owned(), blank(&one.recorded), blank(&one.now)]);
            sheet.table(&header, &rows.collect::<Vec<_>>());
        }
        (None, false) => {
            let allowed = line.disposition == Disposition::Allow.name();
            let text = "the run left this line out, since it kept flagged lines only. What follows is what it comes to \
                        when it is read and decided again.";
            sheet.lead(0, STRONG, "Not recorded:", text);
            if !allowed {
                let text = "a line that the run left out was allowed; decided again, it is not.";
                sheet.lead(0, warn, "DIFFERS:", text);
            }
        }
        (None, true) if line.billed.is_some() => sheet.lead(
            0,
            STRONG,
            "Not decided again:",
            "a policy of the run, or its file of overrides, is gone or changed. The row was read again; what became of it is what the run \
             recorded.",
        ),
        (None, true) => {
            let reason = line.not_read_again.as_deref().unwrap_or_default();
            let text = format!(
                "{}: {reason}. What follows is what the decisions of the run hold; pointers, modifiers, clinical facts \
                 and other lines are not among it.",
                line.source_file
            );
            sheet.lead(0, STRONG, "Not read again:", &text);
        }
    }
}

fn blank(text: &str) -> String {
    if text.is_empty() { "(blank)".to_owned() } else { text.to_owned() }
}

fn billed(sheet: &mut dyn Sheet, line: &LineTold) {
    let mut named = |name: &str, text: &str| sheet.named(2, name, text);
    let label = line.procedure_label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    let dollars = |amount: &str| match amount.parse::<f64>() {
        Ok(number) => dollars(number),
        Err(_) => "not given".to_owned(),
    };
    let row = line.billed.as_ref();
    let written = row.filter(|row| !row.procedure.eq_ignore_ascii_case(&line.procedure_code));
    let written = written.map(|row| format!(", written {}", row.procedure)).unwrap_or_default();
    named("Procedure", &format!("{}{label}{written}", line.procedure_code));
    named("Date", &line.service_date);
    match row {
        Some(row) => of_row(&mut named, row),
        None => named("Examined", &line.diagnosis_codes.replace(';', ", ")),
    }
    let given = row.is_none_or(|row| !row.units.is_empty());
    named("Units", &format!("{}{}", line.units, if given { "" } else { " (none given)" }));
    named("Billed", &dollars(&line.billed_amount));
    named("Paid", &dollars(&line.paid_amount));
    let program = match row.map(|row| row.line_of_business.as_str()) {
        Some("") => format!("{} (no line of business given)", line.line_of_business),
        Some(text) if text != line.line_of_business => format!("{} (billed as {text})", line.line_of_business),
        _ => line.line_of_business.clone(),
    };
    named("Program", &program);
    named("Provider", if line.provider_npi.is_empty() { "not given" } else { &line.provider_npi });
}

/// What only the row tells.
fn of_row(named: &mut impl FnMut(&str, &str), row: &BilledTold) {
    let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    named("Diagnoses", &or_none(&row.diagnoses));
    let pointers = match (row.pointers.as_str(), row.pointed.as_slice()) {
        ("", _) => "none: every diagnosis counts".to_owned(),
        (pointers, []) => format!("{pointers}, at nothing"),
        (pointers, pointed) => format!("{pointers}, at {}", pointed.join(", ")),
    };
    named("Pointers", &pointers);
    named("Modifiers", &or_none(&row.modifiers));
    named("Place", &row.place_of_service);
}

fn finding(sheet: &mut dyn Sheet, told: &FindingTold) {
    let FindingTold { rule, name, says, detail, basis, carc, rarc, .. } = told;
    let version = match told.policy_version.as_str() {
        "" => String::new(),
        version => format!(", version {version}"),
    };
    let basis = match basis.as_str() {
        "" => "none: it rests on the claims themselves".to_owned(),
        table if table.starts_with(CODE_TABLE) => table.to_owned(),
        section => format!("policy {}{version}: {section}", told.policy_id),
    };
    let weight = weight(told.weight);
    show::finding(sheet, &FindingShown { rule, name, weight, says, detail, basis: &basis, carc, rarc });
    sheet.named(4, "To change", &told.changes);
    // What an analyst is told concerns files and options, not this line.
    for advice in told.advice.iter().filter(|advice| advice.reader != "Analyst") {
        sheet.named(4, advice.reader, &advice.text);
    }
}

fn weight(name: &str) -> Option<Weight> {
    [Weight::Advice, Weight::Pend, Weight::Deny, Weight::Refer].into_iter().find(|weight| weight.name() == name)
}

fn facts(sheet: &mut dyn Sheet, examined: &Examination) {
    sheet.heading("Clinical facts");
    if examined.facts.is_empty() {
        sheet.paragraph(2, "none given");
    }
    for fact in &examined.facts {
        sheet.lead_item(&format!("{}:", fact.fact), &fact.value);
    }
    sheet.paragraph(2, examined.not_examined.unwrap_or_default());
}

fn others(sheet: &mut dyn Sheet, line: &LineTold) {
    let Some(session) = line.session else { return };
    sheet.heading("Other lines of the session and the claim");
    let none = if line.others.is_empty() { " There is no other line in scope in what was read." } else { "" };
    sheet.paragraph(2, &format!("A session is of one {session}.{none}"));
    if line.others.is_empty() {
        return;
    }
    let row = |other: &OtherTold| {
        let file = if other.source_file == line.source_file { "" } else { other.source_file.as_str() };
        let of = if file.is_empty() { "" } else { " of " };
        let by = if other.rule.is_empty() { String::new() } else { format!(" by {}", other.rule) };
        vec![
            format!("row {}{of}{file}", other.source_row),
            other.claim_id.clone(),
            other.line_number.to_string(),
            other.procedure_code.clone(),
            other.units.clone(),
            format!("{}{by}", other.disposition),
            other.relations.join("; "),
        ]
    };
    let rows: Vec<_> = line.others.iter().map(row).collect();
    sheet.table(&["where", "claim", "line", "procedure", "units", "disposition", "what it is here"], &rows);
    if line.others_left_out > 0 {
        sheet.paragraph(2, &format!("and {} more on which nothing rests", line.others_left_out));
    }
}

fn run(sheet: &mut dyn Sheet, run: &RunTold) {
    sheet.heading("The run");
    sheet.named(2, "Program", &format!("{} {}, begun {}", run.program, run.version, run.started));
    sheet.named(2, "Folder", &run.folder);
    let file = |file: &FileTold| {
        let FileTold { id, name, digest, now } = file;
        let id = id.as_ref().map(|id| format!("{id}, ")).unwrap_or_default();
        format!("{id}{name}, {} {digest} ({now})", run.digest)
    };
    sheet.named(2, "Decisions", &file(&run.decisions));
    for input in &run.inputs {
        sheet.named(2, "Input", &file(input));
    }
    for policy in &run.policies {
        sheet.named(2, "Policy", &file(policy));
    }
    sheet.named(2, "Layout", &file(&run.layout));
    sheet.named(2, "Codes", &run.icd10cm);
    let options = if run.options.is_empty() { "the usual ones".to_owned() } else { run.options.join(", ") };
    sheet.named(2, "Options", &options);
}
