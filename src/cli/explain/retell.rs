//! A line put together: what is recorded of it, and what it comes to again.

use adjudicate::claim::ClaimLine;
use adjudicate::engine::TracedBatch;
use adjudicate::icd10::DiagnosisCode;
use adjudicate::policy::{Coverage, Policy, Procedure};
use adjudicate::report::words::advice;
use adjudicate::rules::{CATALOGUE, Rule, RuleId, Weights};

use super::again::{Again, differ_in_edits, differences};
use super::billed::billed;
use super::change::Standpoint;
use super::others::others;
use super::record::Record;
use super::remains::Remains;
use super::source::Source;
use super::told::{AdviceTold, FindingTold, LineTold, OtherTold};
use crate::cli::decided::{Examination, basis};
use crate::cli::words::{self, Ground};

/// Where a line stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) row: u64,
}

/// All that a line is told from.
pub(super) struct Teller<'t, 'a> {
    pub(super) remains: &'t Remains,
    pub(super) source: &'t Source,
    /// The lines that were read again, decided; none where they could not be.
    pub(super) batch: Option<&'t TracedBatch<'a>>,
    pub(super) weights: Weights,
    /// Whether lines of earlier runs took part, which are not read again.
    pub(super) has_history: bool,
    /// The edition of the run's diagnosis table.
    pub(super) edition: String,
}

/// What a policy says of a line.
struct Said<'a> {
    policy: Option<&'a Policy>,
    procedure: Option<&'a Procedure>,
    coverage: Option<&'a Coverage>,
}

impl<'t, 'a> Teller<'t, 'a> {
    /// Where a line that was read again stands.
    pub(super) fn place(&self, at: usize) -> Option<Place> {
        let line = self.source.lines.get(at)?;
        Some(Place { file: self.source.inputs.get(line.file)?.name.clone(), row: line.row })
    }

    /// A line that the decisions hold.
    pub(super) fn recorded(&self, record: &Record) -> LineTold {
        let place = record.text("source_row").parse().ok();
        let place = place.map(|row| Place { file: record.text("source_file").to_owned(), row });
        let at = (0..self.source.lines.len()).find(|at| place.is_some() && self.place(*at) == place);
        self.line(record, true, at)
    }

    /// A line that the run decided and did not keep.
    pub(super) fn unrecorded(&self, at: usize) -> Option<LineTold> {
        let record = self.again(at)?.record(self)?;
        Some(self.line(&record, false, Some(at)))
    }

    fn again(&self, at: usize) -> Option<Again<'t, 'a>> {
        let batch = self.batch?;
        let (line, traced) = batch.get(at)?;
        Some(Again { at, batch, line, traced: traced? })
    }

    fn line(&self, record: &Record, recorded: bool, at: Option<usize>) -> LineTold {
        let text = |column: &str| record.text(column).to_owned();
        let number = |column: &str| record.number(column).to_owned();
        let again = at.and_then(|at| self.again(at));
        let now = again.as_ref().and_then(|again| again.record(self)).filter(|_| recorded);
        // What line edits saw of earlier runs they cannot see again.
        let rests_on_history = self.has_history && now.as_ref().is_some_and(|now| differ_in_edits(record, now));
        let differences = now.filter(|_| !rests_on_history).map(|now| differences(record, &now));
        let examined = again.as_ref().map(|again| Examination::new(again.line, &again.traced.trace));
        let named = |at: usize| self.place(at);
        let (others, others_left_out) =
            again.as_ref().map(|again| others(again.batch, again.at, &named)).unwrap_or_default();
        let said = self.said(record);
        let is_as_told = !rests_on_history && differences.as_ref().is_none_or(Vec::is_empty);
        let indication = record.text("indication");
        LineTold {
            findings: self.findings(record, &said, again.as_ref(), examined.as_ref(), &others, is_as_told),
            claim_id: text("claim_id"),
            line_number: record.text("line_number").parse().ok(),
            source_file: text("source_file"),
            source_row: record.text("source_row").parse().ok(),
            service_date: text("service_date"),
            procedure_code: text("procedure_code"),
            procedure_label: said
                .policy
                .zip(said.procedure)
                .map(|(policy, procedure)| policy.text(procedure.label).to_owned()),
            diagnosis_codes: text("diagnosis_codes"),
            line_of_business: text("line_of_business"),
            provider_npi: text("provider_npi"),
            units: number("units"),
            billed_amount: number("billed_amount"),
            paid_amount: number("paid_amount"),
            disposition: text("disposition"),
            rule: text("rule"),
            carc: text("carc"),
            rarc: text("rarc"),
            policy_id: text("policy_id"),
            policy_version: text("policy_version"),
            indication: indication.to_owned(),
            overrides: text("override"),
            indication_label: said
                .policy
                .and_then(|policy| policy.indications.iter().find(|one| one.id == indication))
                .map(|one| one.label.clone()),
            detail: text("detail"),
            recorded,
            not_read_again: self.not_read(record, at),
            billed: at.and_then(|at| self.source.lines.get(at)).map(billed),
            as_recorded: differences.as_ref().map(Vec::is_empty),
            differences: differences.unwrap_or_default(),
            examined,
            session: again.as_ref().map(|again| session(again.line)),
            others,
            others_left_out,
        }
    }

    /// Why a row was not read again.
    fn not_read(&self, record: &Record, at: Option<usize>) -> Option<String> {
        let reason = self.source.unread_reason(record.text("source_file"));
        at.is_none().then(|| reason.unwrap_or("its row is not in the input").to_owned())
    }

    /// What the policies that are as they were say of a line.
    fn said(&self, record: &Record) -> Said<'t> {
        let policy = self.remains.policy(record.text("policy_id"));
        let code = record.text("procedure_code");
        let procedure =
            policy.and_then(|policy| policy.procedures.iter().find(|procedure| procedure.code.to_string() == code));
        let coverage = policy.zip(procedure).and_then(|(policy, procedure)| {
            let version = policy.versions.iter().find(|version| version.id == record.text("policy_version"))?;
            version.coverage.get(procedure.service)?.as_ref()
        });
        Said { policy, procedure, coverage }
    }

    fn findings(
        &self,
        record: &Record,
        said: &Said<'_>,
        again: Option<&Again<'_, '_>>,
        examined: Option<&Examination>,
        others: &[OtherTold],
        is_as_told: bool,
    ) -> Vec<FindingTold> {
        let codes = record.text("diagnosis_codes").split(';');
        let diagnoses: Vec<_> =
            codes.filter_map(|code| self.remains.table.find(&DiagnosisCode::parse(code.as_bytes())?)).collect();
        let ground = said.policy.map(|policy| Ground {
            policy,
            procedure: said.procedure,
            coverage: said.coverage,
            diagnoses: &diagnoses,
            table_edition: &self.edition,
        });
        let standpoint = Standpoint {
            procedure_code: record.text("procedure_code"),
            service_date: record.text("service_date"),
            line_of_business: record.text("line_of_business"),
            policy: said.policy,
            procedure: said.procedure,
            coverage: said.coverage,
            examined,
            others,
        };
        let weights = again.map_or_else(|| self.weights, Again::weights);
        let finding = |code: &str| {
            let (policy_id, policy_version) =
                (record.text("policy_id").to_owned(), record.text("policy_version").to_owned());
            let Some(rule) = RuleId::from_code(code).map(RuleId::rule) else {
                return FindingTold { policy_id, policy_version, ..unknown(code) };
            };
            let again = again.filter(|again| again.traced.findings.contains(rule.id));
            let detail = again.filter(|_| is_as_told).map(|again| again.detail(self, rule.id));
            // What was suggested stands in the row; of other findings, it is what
            // they came to again, or what their rule usually suggests.
            let (carc, rarc) = if code == record.text("rule") {
                (record.text("carc"), record.text("rarc"))
            } else {
                again.map_or((rule.carc, rule.rarc), |again| again.traced.findings.codes(rule.id))
            };
            FindingTold {
                rule: rule.code.to_owned(),
                name: rule.name,
                weight: weights.of(rule.id).name(),
                says: words::short(rule),
                detail: detail.unwrap_or_default(),
                policy_id,
                policy_version,
                basis: again.map_or_else(
                    || ground.as_ref().map(|ground| ground.of(rule.id)).unwrap_or_default(),
                    |again| basis(again.line, &again.traced.trace, rule.id),
                ),
                carc: carc.to_owned(),
                rarc: rarc.to_owned(),
                changes: standpoint.change(rule.id, weights.of(rule.id)),
                advice: advice_of(rule),
            }
        };
        record.text("rules").split(';').filter(|code| !code.is_empty()).map(finding).collect()
    }
}

/// What the lines of a line's session share.
fn session(line: &ClaimLine<'_>) -> &'static str {
    if line.member_id.is_empty() || line.provider_npi.is_empty() {
        "claim and service date, since no member or no provider is given"
    } else {
        "member, provider and service date"
    }
}

fn advice_of(rule: &Rule) -> Vec<AdviceTold> {
    advice(rule).map(|(reader, text)| AdviceTold { reader, text }).collect()
}

/// A rule of another release of the program.
fn unknown(code: &str) -> FindingTold {
    FindingTold {
        rule: code.to_owned(),
        name: "",
        weight: "",
        says: format!("A rule that this release does not have (it has {}).", CATALOGUE.len()),
        detail: String::new(),
        policy_id: String::new(),
        policy_version: String::new(),
        basis: String::new(),
        carc: String::new(),
        rarc: String::new(),
        changes: String::new(),
        advice: Vec::new(),
    }
}
