//! A run's shadow: its policies, and its files, which tell what those would have made of
//! the lines as `compare` tells it of two runs.

use std::sync::Arc;

use adjudicate::digest::DigestKind;
use adjudicate::engine::Adjudicator;
use adjudicate::report::comparison::{
    Comparison, ComparisonPage, MatchedBy, SideTold, Told, differences, render_comparison,
};
use adjudicate::report::{FileRecord, Manifest, PolicyRecord, RunFolder};
use adjudicate::run::{RowCounts, ShadowOutcome};

use super::exit::Failure;
use super::policies::{self, PolicySource};
use super::task::write_file;

/// Loads the policies of a run once more, with others in the place of those of the same
/// id, or behind them: what its shadow decides by, under the same options.
pub(super) fn load(
    named: &[String],
    own: &Adjudicator,
    records: &[PolicyRecord],
    digest: DigestKind,
    threads: usize,
) -> Result<(Adjudicator, Vec<PolicyRecord>), Failure> {
    let table = Arc::clone(own.index().table());
    let shadow = policies::read_all(&policies::sources(named)?, &table, digest, threads)?;
    let mut replaced = Vec::new();
    let mut kept = Vec::new();
    for record in records {
        match shadow.iter().position(|(_, other)| !other.id.is_empty() && other.id == record.id) {
            Some(place) => replaced.push((place, kept.len())),
            None => kept.push(PolicySource::of_origin(&record.origin).ok_or_else(|| gone(record))?),
        }
    }
    let again = policies::read_all(&kept, &table, digest, threads)?;
    if let Some((_, record)) = again.iter().find(|(_, record)| !records.contains(record)) {
        return Err(gone(record));
    }
    let mut all: Vec<_> = again.into_iter().map(Some).collect();
    // From the last on, so that the places in front stay what they are.
    let mut shadow: Vec<_> = shadow.into_iter().map(Some).collect();
    for (place, at) in replaced.into_iter().rev() {
        all.insert(at, shadow.get_mut(place).and_then(Option::take));
    }
    let (index, records) = policies::joined(table, all.into_iter().chain(shadow).flatten().collect())?;
    Ok((Adjudicator::new(index, *own.options()), records))
}

fn gone(record: &PolicyRecord) -> Failure {
    Failure::told(format!("{}: it was changed while the run began; start the run again", record.origin))
}

/// Writes figures and page into the folder of the run of this manifest.
pub(super) fn write(
    folder: &RunFolder,
    manifest: &Manifest,
    shadow: &ShadowOutcome,
) -> Result<[FileRecord; 2], Failure> {
    let told = told(manifest, shadow.counts, shadow.comparison.clone());
    let figures = serde_json::to_string_pretty(&told)? + "\n";
    let source = ComparisonPage { told: &told, sample: &shadow.sample, changes: Some(ShadowOutcome::CHANGES) };
    let page =
        render_comparison(&source).map_err(|error| Failure::told(format!("{}: {error}", ShadowOutcome::PAGE)))?;
    Ok([
        write_file(folder, ShadowOutcome::FIGURES, figures.as_bytes(), manifest.digest)?,
        write_file(folder, ShadowOutcome::PAGE, page.as_bytes(), manifest.digest)?,
    ])
}

/// The run of this manifest (A) beside its shadow (B), of whose rows so much became.
pub(super) fn told(manifest: &Manifest, counts: RowCounts, comparison: Comparison) -> Told {
    let other = Manifest { policies: manifest.shadow.clone(), counts, files: Vec::new(), ..manifest.clone() };
    let mut notes = vec![
        "B is the shadow of A: the same lines in the same run, decided a second time under other policies, with the \
         same options and overrides. Nothing else in the run folder follows it."
            .to_owned(),
    ];
    for policy in &manifest.shadow {
        if !manifest.policies.iter().any(|own| own.id == policy.id) {
            notes.push(format!("No policy of the run has the id {}: the shadow has it beside them.", policy.id));
        }
    }
    if manifest.policies == manifest.shadow {
        notes.push("The shadow has the very policies of the run.".to_owned());
    }
    if !manifest.history.is_empty() {
        notes.push(
            "Lines of earlier runs take part in both as those runs decided them; they are not decided again."
                .to_owned(),
        );
    }
    let sides = [SideTold::of("this run", manifest), SideTold::of("its shadow", &other)];
    let differences = differences(manifest, &other);
    Told::new(sides, differences, MatchedBy::Row, notes, comparison)
}
