//! What a reader of the figures needs to know, in sentences.

use super::dollars::StratumDollars;
use super::result::{ReadCounts, RuleReview, Totals};
use crate::report::words::{count, dollars};
use crate::rules::Disposition;

/// With fewer reviewed lines of a stratum, the limit rests on few amounts: the least
/// that audits usually draw from one.
const FEW: u64 = 30;

/// How the figures were made.
pub fn method() -> Vec<String> {
    [
        "Precision is the share of a rule's flagged lines whose recommendation the reviewers confirmed; a line left \
         undetermined counts as not confirmed. Its 95% interval is exact: Clopper and Pearson's, for lines drawn \
         without replacement from a known number of lines.",
        "Dollars are a stratified mean-per-unit estimate: for each rule, its number of lines times the mean of the \
         dollars paid on its reviewed lines, where a line that was not confirmed, or whose paid amount is unknown, \
         counts 0. The standard error has the finite population correction; degrees of freedom are \
         Satterthwaite's.",
        "The lower limit is that of the two-sided 90% interval by Student's t, as the Office of Inspector General of \
         the US Department of Health and Human Services uses it in audits of Medicare overpayments: the true sum \
         lies above it 95 times in 100.",
        "The lower bound is that limit with two corrections: the spread of a rule's lines is not taken to be smaller \
         than the exact lower bound of its precision implies; and where the sum of reversals is known, the bound \
         lies between what is certain (the dollars confirmed, less all reversals among the lines not reviewed) and \
         what is possible.",
        "For a rule with no reviewed line, with one of several, or with lines that were picked and not drawn, nothing \
         can be extrapolated: only what its reviewed lines confirm counts in the lower bound.",
        "All of it holds for lines that were reviewed in the order of the sample, from the first place on. Only \
         rules that deny are part of the sum; dollars of other rules are those paid on lines rightly held back, not \
         an overpayment.",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What makes the figures weaker than they look.
pub(super) fn warnings(
    read: &ReadCounts,
    rules: &[RuleReview],
    of_lines: &[StratumDollars],
    denied: &Totals,
) -> Vec<String> {
    let mut warnings = of_file(read);
    if rules.iter().all(|rule| rule.counts.reviewed == 0) {
        warnings.push("No sampled line has a verdict, so nothing is known of any rule.".to_owned());
        return warnings;
    }
    for (rule, dollars) in rules.iter().zip(of_lines) {
        warnings.extend(of_rule(rule, dollars));
    }
    if !denied.not_extrapolated.is_empty() {
        warnings.push(format!(
            "Nothing can be extrapolated for {} ({}, {} paid), of which too few lines were reviewed, or lines that were \
             picked: what they confirm counts in the lower \
             bound, the lines not reviewed count nothing.",
            denied.not_extrapolated.join(", "),
            lines(denied.not_extrapolated_lines),
            dollars(denied.not_extrapolated_paid),
        ));
    }
    warnings
}

fn of_file(read: &ReadCounts) -> Vec<String> {
    [
        (
            read.not_in_sample,
            "Rows left out because their line is not in the sample (such lines were not drawn by chance)",
        ),
        (
            read.ambiguous,
            "Rows left out because several sampled lines have their claim and line number (keep the columns \
             source_file and source_row)",
        ),
        (
            read.other_claim,
            "Rows that name another claim or line than the sample does for their source row (a spreadsheet may have \
             changed it, or the file is of another run)",
        ),
        (read.contradicted, "Lines whose verdicts contradict each other, counted as undetermined"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, words)| format!("{words}: {}.", count(number)))
    .collect()
}

fn of_rule(rule: &RuleReview, of_lines: &StratumDollars) -> Vec<String> {
    let (name, reviewed) = (&rule.rule, rule.counts.reviewed);
    let mut warnings = Vec::new();
    if !rule.drawn {
        warnings.push(format!(
            "{name}: the reviewed lines are not the first of the sample's order. They were picked, not drawn, and say \
             nothing of the other lines: nothing is extrapolated."
        ));
    }
    if rule.disposition != Disposition::Deny.name() {
        return warnings;
    }
    if (2..FEW).contains(&reviewed) && reviewed < rule.lines {
        warnings.push(format!(
            "{name}: {} were reviewed; with fewer than {FEW} the limit of its dollars is rough.",
            lines(reviewed)
        ));
    }
    if rule.confirmed_paid_unknown > 0 {
        warnings.push(format!(
            "{name}: confirmed lines whose paid amount is unknown, counted as 0 dollars: {}.",
            count(rule.confirmed_paid_unknown)
        ));
    }
    let most = of_lines.certain.map(|(_, most)| most);
    if let Some((estimate, most)) =
        of_lines.estimate.zip(most).filter(|(estimate, most)| estimate.dollars > *most + 0.005)
    {
        warnings.push(format!(
            "{name}: the estimate of {} is more than its lines can come to ({}): the reviewed lines are dearer than the \
             others.",
            dollars(estimate.dollars),
            dollars(most)
        ));
    }
    warnings
}

fn lines(number: u64) -> String {
    if number == 1 { "1 line".to_owned() } else { format!("{} lines", count(number)) }
}
