//! A run's summary for the terminal, in a few aligned lines.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use adjudicate::report::reviews::Reviews;
use adjudicate::report::words::{self, NOT_KNOWN, paid};
use adjudicate::report::{AmountsSummary, MeasureSummary, Summary, UnlikeProvider};
use adjudicate::rules::RuleId;

use super::audit_words;
use super::text::{count, dollars, in_line, plural, printable};

/// How many rules, reasons and providers are told.
const TOLD: usize = 5;

/// The summary, and where the report lies.
pub(super) fn summary(summary: &Summary, out: &Path) -> String {
    let mut shown = String::new();
    // Writing to a string does not fail.
    let _ = rows(&mut shown, summary)
        .and_then(|()| dispositions(&mut shown, summary))
        .and_then(|()| rules(&mut shown, summary))
        .and_then(|()| providers(&mut shown, summary))
        .and_then(|()| doubts(&mut shown, summary))
        .and_then(|()| audit_words::shadow(&mut shown, summary, out))
        .and_then(|()| writeln!(shown, "\nThe report: {}", in_line(&report_path(out).display().to_string())));
    printable(&shown)
}

/// What a chart review found, and where the report lies.
pub(super) fn reviews(reviews: &Reviews, out: &Path) -> String {
    let mut shown = String::new();
    let _ = reviewed(&mut shown, reviews)
        .and_then(|()| writeln!(shown, "\nThe report: {}", in_line(&report_path(out).display().to_string())));
    printable(&shown)
}

fn reviewed(shown: &mut String, reviews: &Reviews) -> Written {
    let read = &reviews.read;
    writeln!(shown, "{} rows of verdicts: {} without one", count(read.rows), count(read.not_reviewed))?;
    writeln!(
        shown,
        "\n{:<43} {:>9} {:>9} {:>10} {:>19} {:>18} {:>18}",
        "", "reviewed", "confirmed", "precision", "95% interval", "estimated", "at least"
    )?;
    for rule in reviews.by_rule.iter().filter(|rule| rule.counts.reviewed > 0) {
        let name = RuleId::from_code(&rule.rule).map_or("", |known| known.rule().name);
        let [reviewed, confirmed] = [rule.counts.reviewed, rule.counts.confirmed].map(count);
        let percent = |share: f64| format!("{:.1}%", share * 100.0);
        let precision = rule.precision.map(|one| percent(one.share)).unwrap_or_default();
        let interval = rule.precision.map_or_else(String::new, |one| {
            if one.exact { "exact".to_owned() } else { format!("{} to {}", percent(one.lower), percent(one.upper)) }
        });
        let estimated = rule.extrapolated.map_or_else(|| "-".to_owned(), |one| dollars(one.dollars));
        let least = dollars(rule.lower_bound);
        writeln!(
            shown,
            "{:<6} {name:<36} {reviewed:>9} {confirmed:>9} {precision:>10} {interval:>19} {estimated:>18} {least:>18}",
            rule.rule
        )?;
    }
    let denied = &reviews.denied;
    writeln!(shown, "\nOf the exposure of {}:", dollars(denied.exposure))?;
    if let Some(estimate) = denied.extrapolated {
        let [estimated, error] = [estimate.dollars, estimate.standard_error].map(dollars);
        writeln!(shown, "  confirmed, as estimated where it can be:  {estimated:>20} (standard error {error})")?;
    }
    writeln!(shown, "  confirmed at least, with 95% confidence:  {:>20}", dollars(denied.lower_bound))?;
    for warning in &reviews.warnings {
        writeln!(shown, "\nNote: {warning}")?;
    }
    Ok(())
}

type Written = Result<(), std::fmt::Error>;

fn rows(shown: &mut String, summary: &Summary) -> Written {
    let [rows, out, superseded, decided, rejected] =
        [summary.rows, summary.out_of_scope, summary.superseded, summary.decided, summary.rejected].map(count);
    let superseded = if summary.superseded == 0 { String::new() } else { format!("{superseded} superseded, ") };
    writeln!(shown, "{rows} rows: {out} out of scope, {superseded}{decided} decided, {rejected} rejected")?;
    if let Some(history) = &summary.history {
        let [runs, seen, used] = [history.runs, history.lines_seen, history.lines_used].map(count);
        writeln!(shown, "Earlier runs: {runs}; of their {seen} lines {used} stand in sessions of this run")?;
    }
    match &summary.service_dates {
        Some(dates) => writeln!(shown, "Service dates: {} to {}", dates.first, dates.last),
        None => Ok(()),
    }
}

fn dispositions(shown: &mut String, summary: &Summary) -> Written {
    if summary.decided == 0 {
        return Ok(());
    }
    writeln!(shown, "\n{:<10} {:>12} {:>20} {:>20}", "", "lines", "billed", "paid")?;
    for one in summary.by_disposition.iter().filter(|one| one.amounts.lines > 0) {
        let lines = count(one.amounts.lines);
        let (billed, paid) = (dollars(one.amounts.dollars.billed), paid(&one.amounts));
        writeln!(shown, "{:<10} {lines:>12} {billed:>20} {paid:>20}", one.key)?;
    }
    Ok(())
}

/// The rules with the most dollars, denials and pends apart: those are not lost yet.
fn rules(shown: &mut String, summary: &Summary) -> Written {
    let kinds = [("deny", "Exposure", "denied"), ("pend", "At risk", "pended")];
    for (weight, heading, lines) in kinds {
        let mut named: Vec<_> =
            summary.by_rule.iter().filter(|rule| rule.weight == weight && rule.amounts.lines > 0).collect();
        if named.is_empty() {
            continue;
        }
        named.sort_by(|a, b| b.amounts.dollars.paid.total_cmp(&a.amounts.dollars.paid));
        match words::known_paid(&of(summary, weight)) {
            Some(paid) => writeln!(shown, "\n{heading}: {} paid on {lines} lines; by rule:", dollars(paid))?,
            None => writeln!(shown, "\n{heading}: not known, as no {lines} line says what was paid; by rule:")?,
        }
        for rule in named.iter().take(TOLD) {
            let (lines, paid) = (count(rule.amounts.lines), paid(&rule.amounts));
            writeln!(shown, "  {:<6} {:<36} {lines:>9} {paid:>20}", rule.rule, rule.name)?;
        }
        if let Some(rest) = named.get(TOLD..).filter(|rest| !rest.is_empty()) {
            let lines = count(rest.iter().map(|rule| rule.amounts.lines).sum());
            let known = rest.iter().filter_map(|rule| words::known_paid(&rule.amounts));
            let paid = known.reduce(|sum, paid| sum + paid).map_or_else(|| NOT_KNOWN.to_owned(), dollars);
            writeln!(shown, "  {:<43} {lines:>9} {paid:>20}", format!("{} more", rest.len()))?;
        }
        if weight == "deny" && summary.stopped.fixable.lines > 0 {
            let fixable = &summary.stopped.fixable;
            let (lines, paid) = (count(fixable.lines), paid(fixable));
            writeln!(shown, "  {:<43} {lines:>9} {paid:>20}", "of all these, a corrected claim may mend")?;
        }
    }
    Ok(())
}

fn of(summary: &Summary, disposition: &str) -> AmountsSummary {
    let found = summary.by_disposition.iter().find(|one| one.key == disposition);
    found.map(|one| one.amounts).unwrap_or_default()
}

fn providers(shown: &mut String, summary: &Summary) -> Written {
    let peers = &summary.peers;
    if peers.unlike == 0 {
        return Ok(());
    }
    let (unlike, all) = (count(peers.unlike), count(peers.providers));
    writeln!(shown, "\nProviders unlike their peers: {unlike} of {all}; the farthest:")?;
    for provider in peers.farthest.iter().take(TOLD) {
        writeln!(shown, "  {:<12} {}", provider.provider, unlike_how(provider))?;
    }
    Ok(())
}

/// In what a provider differs most.
fn unlike_how(provider: &UnlikeProvider) -> String {
    let lines = |one: &MeasureSummary| format!("{} lines where {:.1} were expected", count(one.observed), one.expected);
    let measures = [("denied", provider.denied), ("pended", provider.pended)];
    let overall = measures.iter().filter_map(|(kind, one)| Some((one.as_ref()?.z?, *kind, lines(one.as_ref()?))));
    let rules = provider.rules.iter().filter_map(|rule| Some((rule.lines.z?, rule.rule.as_str(), lines(&rule.lines))));
    let paid = provider
        .paid_against
        .and_then(|one| Some((one.z?, "paid", format!("{:.1} times what others were paid", one.paid / one.expected))));
    // A rule says more than the sum of all: it comes first where it is as far out.
    let farthest = rules.chain(paid).chain(overall).reduce(|far, one| if one.0 > far.0 * 1.5 { one } else { far });
    farthest.map(|(_, what, how)| format!("{what}: {how}")).unwrap_or_default()
}

/// What keeps the figures from being the whole story.
fn doubts(shown: &mut String, summary: &Summary) -> Written {
    if summary.rejected > 0 {
        writeln!(shown, "\n{} rows could not be read; see rejects.csv:", count(summary.rejected))?;
        let mut rejects: Vec<_> = summary.rejects.iter().collect();
        rejects.sort_by_key(|one| Reverse(one.rows));
        for reject in rejects.iter().take(TOLD) {
            let column = if reject.column.is_empty() { "the row" } else { &reject.column };
            writeln!(shown, "  {column}: {} ({})", reject.reason, count(reject.rows))?;
        }
        if let Some(rest) = rejects.get(TOLD..).filter(|rest| !rest.is_empty()) {
            writeln!(shown, "  {} more reasons ({})", rest.len(), count(rest.iter().map(|one| one.rows).sum()))?;
        }
    }
    if summary.total.dollars.paid_unknown > 0 {
        let lines = plural(usize::try_from(summary.total.dollars.paid_unknown).unwrap_or(usize::MAX), "line");
        let billed = summary.total.dollars.billed_paid_unknown;
        writeln!(
            shown,
            "\nPaid amount unknown, so in no sum of dollars paid: {lines}, billed at {}.",
            dollars(billed)
        )?;
    }
    audit_words::doubts(shown, summary)?;
    Ok(())
}

fn report_path(out: &Path) -> PathBuf {
    fs::canonicalize(out).map_or_else(|_| out.join("report.html"), |real| real.join("report.html"))
}
