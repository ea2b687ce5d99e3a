//! A claim's lines in a finished run, and what each finding on them rests on.
//!
//! Nothing is decided anew: the decisions are the run's, and the policy is read
//! only to name its sections, if it still is the one of the run.

use std::path::Path;

use serde::Serialize;

use adjudicate::engine::DecisionOptions;
use adjudicate::icd10::{DiagnosisCode, Icd10};
use adjudicate::policy::{Policy, PolicyFile};
use adjudicate::report::{Manifest, Summary};
use adjudicate::rules::{CATALOGUE, Rule, RuleId, Weights};
use adjudicate::run::Select;

use crate::cli::exit::Failure;
use crate::cli::finished::{self, Rows};
use crate::cli::policies::{PolicySource, digest_of};
use crate::cli::words::{self, Ground};

/// What there is to tell about a claim.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) lines: Vec<LineTold>,
    /// What could not be told.
    pub(super) notes: Vec<String>,
}

/// One line as the run decided it.
#[derive(Debug, Serialize)]
pub(super) struct LineTold {
    pub(super) claim_id: String,
    pub(super) line_number: Option<u64>,
    pub(super) source_file: String,
    pub(super) source_row: Option<u64>,
    pub(super) service_date: String,
    pub(super) procedure_code: String,
    pub(super) procedure_label: Option<String>,
    pub(super) diagnosis_codes: String,
    pub(super) line_of_business: String,
    pub(super) disposition: String,
    pub(super) rule: String,
    pub(super) carc: String,
    pub(super) rarc: String,
    pub(super) policy_id: String,
    pub(super) policy_version: String,
    pub(super) indication: String,
    pub(super) indication_label: Option<String>,
    pub(super) detail: String,
    pub(super) findings: Vec<FindingTold>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingTold {
    pub(super) rule: String,
    pub(super) name: &'static str,
    pub(super) weight: &'static str,
    pub(super) says: String,
    pub(super) basis: String,
    pub(super) carc: String,
    pub(super) rarc: String,
}

/// The columns that are told. The claim stands first, by which rows are found,
/// and the line's number second.
const COLUMNS: [&str; 17] = [
    "claim_id",
    "line_number",
    "source_file",
    "source_row",
    "service_date",
    "procedure_code",
    "diagnosis_codes",
    "line_of_business",
    "disposition",
    "rule",
    "carc",
    "rarc",
    "policy_id",
    "policy_version",
    "indication",
    "detail",
    "rules",
];

/// Finds the lines of a claim in a run folder.
pub(super) fn find(folder: &Path, claim: &str, line: Option<u32>) -> Result<Told, Failure> {
    let manifest = Manifest::read(folder)?;
    let summary = finished::summary(folder)?;
    let line = line.map(|number| number.to_string());
    let (name, format) = finished::decisions_file(&manifest)?;
    let mut rows = Rows::new(&folder.join(name), format).find(&COLUMNS, claim)?;
    rows.retain(|row| line.is_none() || row.get(1) == line.as_ref());
    if rows.is_empty() {
        return Err(not_found(claim, line.as_deref(), &summary));
    }
    let table = Icd10::embedded()?;
    let (policies, notes) = policies(&manifest, &table);
    let teller = Teller { policies, weights: weights(&summary), edition: manifest.icd10cm, table };
    Ok(Told { lines: rows.into_iter().map(|row| teller.line(&row)).collect(), notes })
}

fn not_found(claim: &str, line: Option<&str>, summary: &Summary) -> Failure {
    let line = line.map(|number| format!("line {number} of ")).unwrap_or_default();
    let mut reasons = vec!["it may be out of scope (such lines are only counted)".to_owned()];
    if summary.rejected > 0 {
        reasons.push("or among the rejected rows (rejects.csv)".to_owned());
    }
    if summary.options.select == Select::Flagged.name() {
        reasons.push("or allowed (the run kept flagged lines only)".to_owned());
    }
    Failure::told(format!("{line}claim {claim} is not among the decisions: {}", reasons.join(", ")))
}

/// The policies of a run, as far as they can still be had unchanged.
fn policies(manifest: &Manifest, table: &Icd10) -> (Vec<Policy>, Vec<String>) {
    let mut policies = Vec::new();
    let mut notes = Vec::new();
    for record in manifest.policies.iter().filter(|record| !record.id.is_empty()) {
        let text = PolicySource::of_origin(&record.origin).and_then(|source| source.read().ok());
        let unchanged = text.filter(|file| digest_of(&file.text, manifest.digest) == record.digest);
        match unchanged.and_then(|file| PolicyFile::parse(&file.origin, &file.text, table).ok()?.policy) {
            Some(policy) => policies.push(policy),
            None => notes.push(format!(
                "{} can no longer be read as it was in the run ({}): its sections are not told.",
                record.id, record.origin
            )),
        }
    }
    (policies, notes)
}

/// What rules weighed in the run.
fn weights(summary: &Summary) -> Weights {
    let options = &summary.options;
    Weights::new(&DecisionOptions {
        policy_date: None,
        strict_programs: options.strict_programs,
        require_clinical: options.require_clinical,
        clinical_denies: options.clinical_denies,
        unlisted_diagnosis_pends: options.unlisted_diagnosis_pends,
    })
}

struct Teller {
    policies: Vec<Policy>,
    weights: Weights,
    edition: String,
    table: Icd10,
}

impl Teller {
    fn line(&self, row: &[String]) -> LineTold {
        let text = |column: &str| {
            let place = COLUMNS.iter().position(|known| *known == column);
            place.and_then(|place| row.get(place)).cloned().unwrap_or_default()
        };
        let (procedure_code, diagnosis_codes) = (text("procedure_code"), text("diagnosis_codes"));
        let (rule, carc, rarc) = (text("rule"), text("carc"), text("rarc"));
        let (policy_id, policy_version, indication) = (text("policy_id"), text("policy_version"), text("indication"));
        let policy = self.policies.iter().find(|policy| policy.id == policy_id);
        let procedure = policy
            .and_then(|policy| policy.procedures.iter().find(|procedure| procedure.code.to_string() == procedure_code));
        let coverage = policy.zip(procedure).and_then(|(policy, procedure)| {
            let version = policy.versions.iter().find(|version| version.id == policy_version)?;
            version.coverage.get(procedure.service)?.as_ref()
        });
        let diagnoses: Vec<_> = diagnosis_codes
            .split(';')
            .filter_map(|code| self.table.find(&DiagnosisCode::parse(code.as_bytes())?))
            .collect();
        let ground = policy.map(|policy| Ground {
            policy,
            procedure,
            coverage,
            diagnoses: &diagnoses,
            table_edition: &self.edition,
        });
        let finding = |code: &str| match RuleId::from_code(code).map(RuleId::rule) {
            // What was suggested stands in the row; of other findings, it is
            // what their rule usually suggests.
            Some(known) if code == rule => self.finding(known, ground.as_ref(), (&carc, &rarc)),
            Some(known) => self.finding(known, ground.as_ref(), (known.carc, known.rarc)),
            None => unknown(code),
        };
        let findings = text("rules").split(';').filter(|code| !code.is_empty()).map(finding).collect();
        let indication_label = policy
            .and_then(|policy| policy.indications.iter().find(|one| one.id == indication))
            .map(|one| one.label.clone());
        LineTold {
            claim_id: text("claim_id"),
            line_number: text("line_number").parse().ok(),
            source_file: text("source_file"),
            source_row: text("source_row").parse().ok(),
            service_date: text("service_date"),
            procedure_code,
            procedure_label: policy.zip(procedure).map(|(policy, procedure)| policy.text(procedure.label).to_owned()),
            diagnosis_codes,
            line_of_business: text("line_of_business"),
            disposition: text("disposition"),
            rule,
            carc,
            rarc,
            policy_id,
            policy_version,
            indication,
            indication_label,
            detail: text("detail"),
            findings,
        }
    }

    fn finding(&self, rule: &Rule, ground: Option<&Ground<'_>>, (carc, rarc): (&str, &str)) -> FindingTold {
        FindingTold {
            rule: rule.code.to_owned(),
            name: rule.name,
            weight: self.weights.of(rule.id).name(),
            says: words::short(rule),
            basis: ground.map(|ground| ground.of(rule.id)).unwrap_or_default(),
            carc: carc.to_owned(),
            rarc: rarc.to_owned(),
        }
    }
}

/// A rule of another release of the program.
fn unknown(code: &str) -> FindingTold {
    FindingTold {
        rule: code.to_owned(),
        name: "",
        weight: "",
        says: format!("A rule that this release does not have (it has {}).", CATALOGUE.len()),
        basis: String::new(),
        carc: String::new(),
        rarc: String::new(),
    }
}
