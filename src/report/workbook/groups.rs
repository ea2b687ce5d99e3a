//! The sums: in short, by disposition, rule, kind, month, procedure, program and
//! version.

use rust_xlsxwriter::XlsxError;

use super::sheet::{Book, Cell, Column};
use crate::report::page::meaning;
use crate::report::words;
use crate::report::{AmountsSummary, GroupSummary, NamedSummary, RuleSummary, Summary};
use crate::rules::{Disposition, RuleId};

pub(super) const LINES: Column = ("Lines", "");
/// The columns of [`dollars`].
pub(super) const DOLLARS: [Column; 4] = [
    ("Billed", "dollars billed, reversals netted"),
    ("Paid", "dollars paid, reversals netted"),
    ("Paid unknown", "lines whose paid amount is unknown: in no sum of dollars paid"),
    ("Billed on those", "dollars billed on lines whose paid amount is unknown"),
];

/// The cells of [`DOLLARS`].
pub(super) fn dollars<'a>(amounts: &AmountsSummary) -> [Cell<'a>; 4] {
    let dollars = &amounts.dollars;
    [
        Cell::Dollars(dollars.billed),
        Cell::Dollars(dollars.paid),
        Cell::Count(dollars.paid_unknown),
        Cell::Dollars(dollars.billed_paid_unknown),
    ]
}

/// Some columns and those of [`DOLLARS`].
pub(super) fn with_dollars(first: &[Column]) -> Vec<Column> {
    first.iter().chain(&DOLLARS).copied().collect()
}

/// A name, words on it, lines and dollars.
pub(super) fn amounts_row<'a>(name: &'a str, says: &'a str, amounts: &AmountsSummary) -> Vec<Cell<'a>> {
    let mut row = vec![Cell::text(name), Cell::text(says), Cell::Count(amounts.lines)];
    row.extend(dollars(amounts));
    row
}

pub(super) fn add(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    in_short(book, summary)?;
    dispositions(book, summary)?;
    rules(book, summary)?;
    kinds(book, summary)?;
    let mut groups = |name, says, key, groups: &mut dyn Iterator<Item = &GroupSummary>| {
        let rows: Vec<_> = groups.map(group).collect();
        book.table(name, says, group_columns(key), rows, None)
    };
    groups("Months", "decided lines by month of service", "Month", &mut summary.by_service_month.iter())?;
    groups("Procedures", "decided lines by procedure", "Procedure", &mut summary.by_procedure.iter())?;
    groups("Programs", "decided lines by program", "Program", &mut summary.by_program.iter())?;
    let mut versions = summary.by_version.iter().map(|version| &version.group);
    groups("Versions", "decided lines by policy and the version that was applied", "Version", &mut versions)
}

fn in_short(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let with = |disposition: Disposition| {
        let found = summary.by_disposition.iter().find(|one| one.key == disposition.name());
        found.map(|one| one.amounts).unwrap_or_default()
    };
    let [deny, pend, refer] = [Disposition::Deny, Disposition::Pend, Disposition::Refer].map(with);
    let fixable = &summary.stopped.fixable;
    let unexamined = &summary.clinical_not_examined;
    let total = &summary.total.dollars;
    let figures = [
        ("Rows read", summary.rows, None, "out of scope, superseded, decided and rejected"),
        (
            "Out of scope",
            summary.out_of_scope,
            None,
            "rows whose procedure no policy speaks about: counted and no more",
        ),
        ("Superseded", summary.superseded, None, "lines of claims of which another version stands: not judged"),
        ("Decided", summary.decided, Some(total.paid), "lines decided, and dollars paid on them"),
        ("Rejected", summary.rejected, None, "rows that could not be read: rejects.csv has them"),
        ("Exposure", deny.lines, Some(summary.exposure), "paid on denied lines, reversals netted"),
        ("At risk", pend.lines, Some(pend.dollars.paid), "paid on pended lines, which a person should look at"),
        (
            "A corrected claim may mend",
            fixable.lines,
            Some(fixable.dollars.paid),
            "the part of the exposure that rests on what claims lack or have wrong",
        ),
        ("Referred", refer.lines, Some(refer.dollars.paid), "paid on lines that another program's rules decide"),
        (
            "Paid amount unknown",
            total.paid_unknown,
            Some(total.billed_paid_unknown),
            "billed on lines whose paid amount is unknown: in no sum of dollars paid",
        ),
        (
            "Allowed, facts unexamined",
            unexamined.lines,
            Some(unexamined.dollars.paid),
            "paid on allowed lines whose clinical facts were not on file: nobody has seen a chart",
        ),
        ("Before the code table", summary.before_table, None, "lines with a service date before the table's first day"),
        ("After the code table", summary.after_table, None, "lines with a service date after the table's last day"),
        ("Providers compared", summary.peers.providers, None, "providers held against their peers"),
        ("Providers unlike their peers", summary.peers.unlike, None, "a reason to look, and no finding of fault"),
    ];
    let rows = figures.map(|(figure, count, dollars, says)| {
        vec![Cell::text(figure), Cell::Count(count), dollars.map_or(Cell::Blank, Cell::Dollars), Cell::text(says)]
    });
    let columns = vec![("Figure", ""), ("Count", "rows, lines or providers"), ("Dollars", ""), ("What it is", "")];
    book.table("In short", "the run in a few figures", columns, rows, None)
}

fn dispositions(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let rows = summary.by_disposition.iter().map(|one| amounts_row(&one.key, meaning(&one.key), &one.amounts));
    let columns = with_dollars(&[("Disposition", "what the coded data gives reason to do"), ("Meaning", ""), LINES]);
    let total = amounts_row("All", "", &summary.total);
    book.table("Dispositions", "decided lines by disposition", columns, rows, Some(total))
}

fn rules(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let row = |rule: &RuleSummary| {
        let known = RuleId::from_code(&rule.rule).map(RuleId::rule);
        let says = known.map(words::paragraph).unwrap_or_default();
        let other = known.and_then(|rule| rule.alternative).map(|(carc, rarc)| words::adjustment(carc, rarc));
        let mut row: Vec<Cell<'static>> =
            [&rule.rule, &rule.name, &rule.weight, &rule.carc, &rule.rarc].map(|text| Cell::text(text.clone())).into();
        row.push(Cell::text(other.unwrap_or_default()));
        row.push(Cell::text(if rule.fixable { "yes" } else { "no" }));
        row.push(Cell::Count(rule.amounts.lines));
        row.extend(dollars(&rule.amounts));
        row.extend([Cell::Count(rule.lines_with_finding), Cell::text(rule.sections.join("; ")), Cell::text(says)]);
        row
    };
    let mut columns = with_dollars(&[
        ("Rule", ""),
        ("Name", ""),
        ("Weight", "what a finding of the rule weighed in this run"),
        ("CARC", "claim adjustment reason code that the rule usually suggests"),
        ("RARC", "remittance advice remark code that the rule usually suggests"),
        ("Or", "the codes that the rule suggests in its other case, if it has one"),
        ("Fixable", "whether a corrected claim could mend it"),
        ("Lines named", "lines that are named for the rule: each line is for one"),
    ]);
    columns.extend([
        ("Lines with a finding", "lines with a finding of the rule, whatever names them"),
        ("Rests on", "sections of the policy, as far as findings rest on it"),
        ("What it does", ""),
    ]);
    book.table(
        "Rules",
        "the rules that fired, in the catalogue's order",
        columns,
        summary.by_rule.iter().map(row),
        None,
    )
}

fn kinds(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let stopped = &summary.stopped;
    let rows = [
        ("Hard denials", "no corrected claim mends them", &stopped.hard),
        ("Fixable denials", "the claim lacks something or has it wrong: a corrected one may be paid", &stopped.fixable),
        ("Cascaded denials", "an add-on whose primary is denied: they stand and fall with it", &stopped.cascaded),
        ("Pended", "a person should look first: dollars at risk", &stopped.pended),
        ("Pended with another line", "an add-on whose primary is pended", &stopped.pended_with_another),
    ];
    let rows = rows.map(|(name, says, amounts)| amounts_row(name, says, amounts));
    let columns = with_dollars(&[("Kind", ""), ("Meaning", ""), LINES]);
    book.table("Kinds", "denied and pended lines by what it would take", columns, rows, None)
}

pub(super) fn group_columns(key: &'static str) -> Vec<Column> {
    let mut columns = with_dollars(&[
        (key, ""),
        LINES,
        ("Allow", "lines"),
        ("Deny", "lines"),
        ("Pend", "lines"),
        ("Refer", "lines"),
        ("Denied", "the denied part of the lines"),
    ]);
    columns.extend([("Exposure", "dollars paid on denied lines, reversals netted"), ("Named by", NAMED_BY)]);
    columns
}

/// What the column of [`named_by`] says.
pub(super) const NAMED_BY: &str = "the rules that name the flagged lines, and how many of them";

/// The cells of [`group_columns`].
pub(super) fn group(group: &GroupSummary) -> Vec<Cell<'_>> {
    let mut row = vec![
        Cell::text(&group.key),
        Cell::Count(group.amounts.lines),
        Cell::Count(group.allow),
        Cell::Count(group.deny),
        Cell::Count(group.pend),
        Cell::Count(group.refer),
        share(group.deny, group.amounts.lines),
    ];
    row.extend(dollars(&group.amounts));
    row.extend([Cell::Dollars(group.exposure), named_by(&group.rules)]);
    row
}

#[allow(clippy::cast_precision_loss)]
fn share<'a>(part: u64, whole: u64) -> Cell<'a> {
    if whole == 0 { Cell::Blank } else { Cell::Share(part as f64 / whole as f64) }
}

/// Rules and the lines that they name.
fn named_by<'a>(rules: &[NamedSummary]) -> Cell<'a> {
    let named: Vec<_> = rules.iter().map(|named| format!("{} ({})", named.rule, named.lines)).collect();
    Cell::text(named.join(", "))
}
