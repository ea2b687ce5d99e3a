//! Which sampled line each verdict is about.

use std::collections::HashMap;

use super::file::{LineKey, ReviewFile, Verdict, plain};
use super::result::ReadCounts;
use super::sample::{SampleError, SampledLine, Stratum};

/// More lines than a stratum can have and still be counted exactly by a float.
const MOST_LINES: u64 = 1 << 53;

/// A sampled line and what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reviewed<'s> {
    pub(super) line: &'s SampledLine,
    pub(super) verdict: Option<Verdict>,
}

/// The lines of each stratum in their random order, with their verdicts, in the order
/// of the strata; and what the file came to.
pub(super) fn matched<'s>(
    strata: &[Stratum],
    sample: &'s [SampledLine],
    file: &ReviewFile,
) -> Result<(Vec<Vec<Reviewed<'s>>>, ReadCounts), SampleError> {
    let (verdicts, counts) = verdicts(sample, file)?;
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, stratum) in strata.iter().enumerate() {
        if places.insert(&stratum.rule, place).is_some() {
            return Err(SampleError::StratumTwice(stratum.rule.clone()));
        }
    }
    let mut lines: Vec<Vec<Reviewed>> = strata.iter().map(|_| Vec::new()).collect();
    for (line, verdict) in sample.iter().zip(verdicts) {
        let stratum = places.get(line.rule.as_str()).and_then(|place| lines.get_mut(*place));
        stratum.ok_or_else(|| SampleError::NoStratum(line.rule.clone()))?.push(Reviewed { line, verdict });
    }
    for (stratum, lines) in strata.iter().zip(&mut lines) {
        let sampled = lines.len() as u64;
        if sampled > stratum.lines || stratum.lines > MOST_LINES {
            return Err(SampleError::TooMany { rule: stratum.rule.clone(), sampled, lines: stratum.lines });
        }
        lines.sort_by_key(|reviewed| reviewed.line.place);
    }
    Ok((lines, counts))
}

/// The verdict on each sampled line.
fn verdicts(sample: &[SampledLine], file: &ReviewFile) -> Result<(Vec<Option<Verdict>>, ReadCounts), SampleError> {
    let index = index(sample)?;
    let mut found: Vec<Vec<Verdict>> = vec![Vec::new(); sample.len()];
    let mut counts = ReadCounts { rows: file.rows, ..ReadCounts::default() };
    counts.not_reviewed = file.rows.saturating_sub(file.marks.len() as u64);
    for mark in &file.marks {
        match index.get(&mark.key).map(Vec::as_slice) {
            None => counts.not_in_sample += 1,
            Some([place]) => {
                if let (Some(line), Some(verdicts)) = (sample.get(*place), found.get_mut(*place)) {
                    counts.other_claim += u64::from(mark.also.as_ref().is_some_and(|also| *also != claim(line)));
                    verdicts.push(mark.verdict);
                }
            }
            Some(_) => counts.ambiguous += 1,
        }
    }
    let verdicts = found.iter().map(|verdicts| match verdicts.as_slice() {
        [first, more @ ..] if more.iter().all(|other| other == first) => {
            counts.repeated += more.len() as u64;
            Some(*first)
        }
        [] => None,
        [_, ..] => {
            counts.contradicted += 1;
            Some(Verdict::Undetermined)
        }
    });
    let verdicts = verdicts.collect();
    Ok((verdicts, counts))
}

/// Where the lines of a sample are, by either name. A claim and line number may be
/// those of several rows: duplicates are sampled too.
fn index(sample: &[SampledLine]) -> Result<HashMap<LineKey, Vec<usize>>, SampleError> {
    let mut index: HashMap<LineKey, Vec<usize>> = HashMap::new();
    for (place, line) in sample.iter().enumerate() {
        let source = LineKey::Source { file: text(&line.source_file), row: line.source_row };
        if index.insert(source, vec![place]).is_some() {
            return Err(SampleError::LineTwice(line.rule.clone()));
        }
        index.entry(claim(line)).or_default().push(place);
    }
    Ok(index)
}

fn claim(line: &SampledLine) -> LineKey {
    LineKey::Claim { id: text(&line.claim_id), number: line.line_number }
}

/// Text as the file's cells are read, so that both are compared in one form.
fn text(text: &str) -> String {
    String::from_utf8_lossy(plain(text.as_bytes())).into_owned()
}
