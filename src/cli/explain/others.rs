//! The other lines that a line's decision rests on, or stands among.

use adjudicate::claim::ClaimLine;
use adjudicate::engine::{TracedBatch, TracedLine};
use adjudicate::rules::RuleId;

use super::retell::Place;
use super::told::OtherTold;

/// A line that this one repeats.
pub(super) const REPEATED: &str = "this line repeats it (LIN004)";
/// The other line of a pair that excludes this one.
pub(super) const PAIR: &str = "the other procedure of the pair (LIN006)";
/// A primary of this line, which is an add-on.
pub(super) const PRIMARY: &str = "a primary of this add-on";
/// A line whose units count together with this line's.
pub(super) const SUMMED: &str = "its units are summed with this line's";
const SAME_NUMBER: &str = "an earlier line with the same claim and line number (LIN007)";
const SAME_NUMBER_LATER: &str = "a later line with the same claim and line number (LIN007)";
const REPEATS: &str = "repeats this line (LIN004)";
const ADD_ON: &str = "an add-on to this line's procedure";
const DUPLICATE: &str = "a duplicate, which counts for nothing else";
const SAME_SESSION: &str = "same session";
const SAME_CLAIM: &str = "same claim, another session";

/// How many lines are told that are only there.
const BYSTANDERS: usize = 20;

/// The other lines, in the run's order, and how many more there are on which
/// nothing rests.
pub(super) fn others(
    batch: &TracedBatch<'_>,
    at: usize,
    place: &dyn Fn(usize) -> Option<Place>,
) -> (Vec<OtherTold>, usize) {
    let Some((line, Some(traced))) = batch.get(at) else { return (Vec::new(), 0) };
    let one = One { batch, at, line, traced };
    let (mut told, mut bystanders, mut left_out) = (Vec::new(), 0, 0);
    for (number, (other, decided)) in batch.iter().enumerate().filter(|(number, _)| *number != at) {
        let Some(decided) = decided else { continue };
        let relations = one.relations(number, other, decided);
        if relations.is_empty() {
            continue;
        }
        if matches!(relations[..], [SAME_SESSION | SAME_CLAIM]) {
            bystanders += 1;
            if bystanders > BYSTANDERS {
                left_out += 1;
                continue;
            }
        }
        let weights = &batch.adjudicator().weights_on(decided.waiver);
        let Some(place) = place(number) else { continue };
        told.push(OtherTold {
            source_file: place.file,
            source_row: place.row,
            claim_id: other.claim_id.to_owned(),
            line_number: other.line_number,
            procedure_code: other.procedure.to_string(),
            units: other.units.to_string(),
            disposition: decided.findings.disposition(weights).name(),
            rule: decided.findings.deciding_rule(weights).map_or("", |rule| rule.rule().code),
            relations,
        });
    }
    (told, left_out)
}

/// The line that is told.
struct One<'t, 'a> {
    batch: &'t TracedBatch<'a>,
    at: usize,
    line: &'a ClaimLine<'a>,
    traced: &'t TracedLine<'a>,
}

impl One<'_, '_> {
    /// What another line is to this one; nothing where the two have nothing to do
    /// with one another.
    fn relations(&self, number: usize, other: &ClaimLine<'_>, decided: &TracedLine<'_>) -> Vec<&'static str> {
        let same_session = decided.session == self.traced.session;
        let is_duplicate = decided.findings.contains(RuleId::Lin004);
        let rests = |rule: RuleId| self.batch.other(self.traced, rule) == Some(number);
        let summed = self.traced.findings.contains(RuleId::Lin003)
            && same_session
            && number < self.at
            && other.procedure == self.line.procedure
            && decided.trace.draft.reached_diagnosis
            && !is_duplicate;
        let primary = same_session && add_on_to(self.traced, other);
        let add_on = same_session && add_on_to(decided, self.line);
        let mut relations = Vec::new();
        let mut add = |holds: bool, relation: &'static str| {
            if holds {
                relations.push(relation);
            }
        };
        add(rests(RuleId::Lin004), REPEATED);
        add(rests(RuleId::Lin007), SAME_NUMBER);
        add(rests(RuleId::Lin006), PAIR);
        add(primary && !is_duplicate, PRIMARY);
        add(summed, SUMMED);
        add(self.batch.other(decided, RuleId::Lin004) == Some(self.at), REPEATS);
        add(self.batch.other(decided, RuleId::Lin007) == Some(self.at), SAME_NUMBER_LATER);
        add(add_on, ADD_ON);
        add((primary || add_on) && is_duplicate, DUPLICATE);
        if relations.is_empty() && same_session {
            relations.push(SAME_SESSION);
        } else if relations.is_empty() && other.claim_id == self.line.claim_id {
            relations.push(SAME_CLAIM);
        }
        relations
    }
}

/// Whether a line's procedure is an add-on to that of another line.
fn add_on_to(line: &TracedLine<'_>, other: &ClaimLine<'_>) -> bool {
    line.trace.context.procedure.add_on_to.contains(&other.procedure)
}
