//! A line decided again, as a run would write it.

use adjudicate::claim::{ClaimLine, Decimal};
use adjudicate::engine::{TracedBatch, TracedLine};
use adjudicate::rules::{Check, RuleId, Weights};

use super::billed::printed;
use super::record::Record;
use super::retell::Teller;
use super::told::DifferenceTold;

/// A line that was decided again.
pub(super) struct Again<'t, 'a> {
    pub(super) at: usize,
    pub(super) batch: &'t TracedBatch<'a>,
    pub(super) line: &'a ClaimLine<'a>,
    pub(super) traced: &'t TracedLine<'a>,
}

/// What a decision says, so that a changed one can be told.
const DECIDED: [&str; 10] =
    ["disposition", "rule", "rules", "carc", "rarc", "policy_id", "policy_version", "indication", "detail", "override"];

impl Again<'_, '_> {
    /// What each rule weighs on the line.
    pub(super) fn weights(&self) -> Weights {
        self.batch.adjudicator().weights_on(self.traced.waiver)
    }

    /// How another line is named in the words of a finding on this one.
    fn name(&self, teller: &Teller<'_, '_>, other: usize) -> String {
        let (Some(place), Some(own)) = (teller.place(other), teller.place(self.at)) else { return String::new() };
        if place.file == own.file {
            format!("row {}", place.row)
        } else {
            format!("row {} of {}", place.row, place.file)
        }
    }

    /// What a rule saw on the line, in words.
    pub(super) fn detail(&self, teller: &Teller<'_, '_>, rule: RuleId) -> String {
        self.batch.detail(self.traced, rule, &|other| self.name(teller, other))
    }

    /// The row that a run would write of the line.
    pub(super) fn record(&self, teller: &Teller<'_, '_>) -> Option<Record> {
        let place = teller.place(self.at)?;
        let (line, draft) = (self.line, &self.traced.trace.draft);
        let (policy, findings) = (self.traced.trace.context.policy, self.traced.findings);
        let adjudicator = self.batch.adjudicator();
        let (weights, overrides, waiver) = (&self.weights(), adjudicator.overrides(), self.traced.waiver);
        let taken = findings.and(adjudicator.weights().weighing()).and(overrides.waived(waiver));
        let rule = findings.deciding_rule(weights);
        let (carc, rarc) = rule.map_or(("", ""), |rule| findings.codes(rule));
        let version = draft.version.and_then(|at| policy.versions.get(usize::from(at)));
        let indication = draft.indication.and_then(|at| policy.indications.get(usize::from(at)));
        let amount = |amount: Option<Decimal>| amount.map(|one| one.to_string()).unwrap_or_default();
        Some(Record::of(|column| match column {
            "claim_id" => line.claim_id.to_owned(),
            "line_number" => line.line_number.to_string(),
            "source_file" => place.file.clone(),
            "source_row" => place.row.to_string(),
            "service_date" => line.service_date.to_string(),
            "procedure_code" => line.procedure.to_string(),
            "diagnosis_codes" => line.examined().map(|one| printed(&one.text)).collect::<Vec<_>>().join(";"),
            "line_of_business" => {
                draft.program.map_or_else(|| line.line_of_business.to_owned(), |program| program.name().to_owned())
            }
            "provider_npi" => line.provider_npi.to_owned(),
            "units" => line.units.to_string(),
            "billed_amount" => amount(line.billed),
            "paid_amount" => amount(line.paid),
            "disposition" => findings.disposition(weights).name().to_owned(),
            "rule" => rule.map_or("", |rule| rule.rule().code).to_owned(),
            "rules" => findings.rules().map(|rule| rule.rule().code).collect::<Vec<_>>().join(";"),
            "carc" => carc.to_owned(),
            "rarc" => rarc.to_owned(),
            "policy_id" => policy.id.clone(),
            "policy_version" => version.map(|version| version.id.clone()).unwrap_or_default(),
            "indication" => indication.map(|one| one.id.clone()).unwrap_or_default(),
            "override" => overrides.ids(waiver, taken),
            "detail" => self.batch.details(self.traced, &|other| self.name(teller, other)),
            _ => String::new(),
        }))
    }
}

/// Whether two rows differ, and at most in what line edits found.
pub(super) fn differ_in_edits(record: &Record, now: &Record) -> bool {
    let edits =
        |code: &str| RuleId::from_code(code).is_some_and(|rule| matches!(rule.rule().check, Check::Session(..)));
    let own = |row: &Record| -> Vec<String> {
        row.text("rules").split(';').filter(|code| !code.is_empty() && !edits(code)).map(str::to_owned).collect()
    };
    let same = ["policy_id", "policy_version", "indication"].iter().all(|what| record.text(what) == now.text(what));
    same && own(record) == own(now) && !differences(record, now).is_empty()
}

/// What came out otherwise.
pub(super) fn differences(record: &Record, now: &Record) -> Vec<DifferenceTold> {
    let differ = |what: &&'static str| record.text(what) != now.text(what);
    let told = |what: &'static str| DifferenceTold {
        what,
        recorded: record.text(what).to_owned(),
        now: now.text(what).to_owned(),
    };
    DECIDED.into_iter().filter(|what| differ(what)).map(told).collect()
}
