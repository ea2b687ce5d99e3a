//! What a retrospective audit has to tell, for a terminal.

use std::fmt::Write as _;
use std::path::Path;

use adjudicate::report::words::{count, dollars, lines, plural};
use adjudicate::report::{OverridesSummary, Summary};
use adjudicate::run::ShadowOutcome;

/// What of the versions of claims keeps the figures from being the whole story, and what
/// can still be asked back.
pub(super) fn doubts(shown: &mut String, summary: &Summary) -> std::fmt::Result {
    let action = &summary.final_action;
    if summary.superseded > 0 {
        let reasons = action.superseded.iter().map(|one| format!("{} {}", count(one.amounts.lines), one.key));
        let reasons: Vec<_> = reasons.collect();
        writeln!(shown, "\nNot judged, since another version stands; see superseded.csv: {}.", reasons.join(", "))?;
    }
    let odd = [
        (action.forked, "claims with several last versions: the latest stands"),
        (action.cycles, "circles of claims that name one another: all are judged"),
        (action.voids_without_original, "voids of which no other version is in scope"),
        (action.replacements_without_original, "replacements of which no other version is in scope"),
        (action.reversals_without_line, "rows that take back a payment that no line shows: judged, and netted"),
        (summary.unknown_status.lines, "lines whose claim_status is no known word: taken as paid"),
    ];
    for (number, words) in odd.into_iter().filter(|(number, _)| *number > 0) {
        writeln!(shown, "  {} {words}", count(number))?;
    }
    if summary.already_denied.lines > 0 {
        let billed = dollars(summary.already_denied.dollars.billed);
        let lines = count(summary.already_denied.lines);
        writeln!(shown, "\nDenied by the payer itself, so no exposure: {lines} lines, billed at {billed}.")?;
    }
    if let Some(back) = &summary.recovery {
        writeln!(
            shown,
            "\nOf the exposure, within {} months before {}: {} on {} lines; lapsed: {} on {}.",
            back.months,
            back.as_of,
            dollars(back.recoverable.dollars.paid),
            count(back.recoverable.lines),
            dollars(back.lapsed.dollars.paid),
            count(back.lapsed.lines)
        )?;
    }
    if let Some(overrides) = &summary.overrides {
        waived(shown, overrides)?;
    }
    Ok(())
}

/// What other policies would have made of the lines.
pub(super) fn shadow(shown: &mut String, summary: &Summary, out: &Path) -> std::fmt::Result {
    let Some(shadow) = &summary.shadow else { return Ok(()) };
    write!(
        shown,
        "\nUnder the shadow's policies {} would have another disposition, {} another rule alone; exposure {} instead \
         of {}, a difference of {}.",
        lines(shadow.changed),
        count(shadow.rule_changed),
        dollars(shadow.exposure),
        dollars(summary.exposure),
        dollars(shadow.difference)
    )?;
    for (alone, words) in [(shadow.only_in_run, "run"), (shadow.only_in_shadow, "shadow")] {
        if alone > 0 {
            write!(shown, " The {words} alone decides {}.", lines(alone))?;
        }
    }
    writeln!(shown, "\nThe shadow: {}", super::text::in_line(&out.join(ShadowOutcome::PAGE).display().to_string()))
}

/// How many overrides that expired are named.
const NAMED: usize = 20;

/// What the payer's overrides came to, and which of them a line asks for though they expired.
fn waived(shown: &mut String, all: &OverridesSummary) -> std::fmt::Result {
    let of = |state: &str| count(all.overrides.iter().filter(|one| one.state == state).count() as u64);
    writeln!(
        shown,
        "\nOverrides as of {}: {} used, {} unused, {} expired. They changed {}; {} left exposure.",
        all.as_of,
        of("used"),
        of("unused"),
        of("expired"),
        lines(all.changed),
        dollars(all.left_exposure)
    )?;
    let missed: Vec<_> = all.overrides.iter().filter(|one| one.state == "expired" && one.waived > 0).collect();
    for one in missed.iter().take(NAMED) {
        let lines = lines(one.waived);
        writeln!(
            shown,
            "  {} expired on {}; it would have taken weight from a finding on {lines}",
            one.id, one.expires
        )?;
    }
    if missed.len() > NAMED {
        writeln!(shown, "  and {} other expired ones with such lines", count((missed.len() - NAMED) as u64))?;
    }
    if !all.overlaps.is_empty() {
        let pairs = plural(all.overlaps.len(), "pair");
        writeln!(shown, "  {pairs} with a rule that both waive on a line: the first of the file is named")?;
    }
    Ok(())
}
