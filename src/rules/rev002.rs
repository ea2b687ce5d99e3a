//! REV002: the diagnoses name regions that the procedure does not treat.

use super::finding::{add_names, begin};
use super::{Finding, LineContext, rev001};

/// How many regions a message names before it breaks off.
const NAMED: usize = 3;

rule! {
    /// # REV002 region-mismatch
    ///
    /// ## What it does
    /// Pends a line where every diagnosis that supports it names a region of the spine,
    /// and none of these regions is one that the procedure treats. The message names
    /// them. It is not raised beside REV001, which says more.
    ///
    /// ## Why it matters
    /// Procedure and diagnosis contradict one another: one of the two is coded wrongly,
    /// or belongs to another line of the claim. The wrong one of two procedure codes may
    /// also be paid differently.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22513 M48.52XA --date 2026-03-01
    /// ```
    /// The line is pended: a thoracic augmentation for a cervical vertebra. Regions that
    /// border the procedure's own count as treated: M48.53 and M48.55 pass with 22513.
    ///
    /// ## What to do
    /// - Biller: check the level in the operative note, and correct the code that is
    ///   wrong. If the claim treats several levels, point each line to its diagnosis.
    /// - Examiner: the note tells the level. A mismatch alone says nothing about whether
    ///   the service is covered.
    ///
    /// Only M48.51 to M48.58 name a region. The other listed codes, and M48.50, name
    /// none, and a line with one of them is not tested; nor is 22512, which treats any
    /// region.
    ///
    /// ## Source
    /// Our judgement, from the regions in the names of the procedures and of the sites
    /// of M48.5.
    Rev002, "REV002", "region-mismatch", Pend,
    carc: "11", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let treats = &context.procedure.treats;
    if treats.is_empty() || rev001::is_doubtful(context) {
        return None;
    }
    let elsewhere = context.diagnoses.every_supporting(|listed| listed.region.is_some_and(|at| !treats.contains(&at)));
    if !elsewhere {
        return None;
    }
    let regions = context.diagnoses.supporting().filter_map(|one| one.listed?.region);
    let names = regions.filter_map(|region| context.policy.regions.get(usize::from(region.0)));
    let mut text = begin("diagnosis region ");
    add_names(&mut text, names, NAMED, |text, name| text.push_str(name));
    Some(Finding::with(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::RuleId;
    use crate::claim::{ClaimLine, Day, ProcedureCode};
    use crate::engine::{Adjudicator, DecisionOptions};
    use crate::icd10::Icd10;
    use crate::policy::{PolicyFile, PolicyIndex, ProgramNames};

    #[test]
    fn regions_of_every_site_and_procedure() {
        let table = Arc::new(Icd10::embedded().unwrap());
        let files = PolicyFile::embedded(&table).unwrap();
        let policies = files.into_iter().filter_map(|file| file.policy).collect();
        let index = PolicyIndex::new(table, policies, ProgramNames::default()).unwrap();
        let adjudicator = Adjudicator::new(Arc::new(index), DecisionOptions::default());
        let remark = |procedure: &str, diagnoses: &[String]| {
            let day = Day::parse_iso("2026-03-01").unwrap();
            let mut line = ClaimLine::new("C1", 1, day, ProcedureCode::parse(procedure).unwrap());
            for text in diagnoses {
                line.add_diagnosis(text);
            }
            let found: Vec<RuleId> = adjudicator.draft(&line).unwrap().findings.rules().collect();
            match found[..] {
                [] => '.',
                [RuleId::Rev001] => 's',
                [RuleId::Rev002] => 'm',
                _ => '?',
            }
        };
        // By site, 0 to 8: passes, mismatch, or possibly a sacroplasty.
        for (procedure, expected) in [
            ("22510", "......mmm"),
            ("22511", ".mmmm...s"),
            ("22512", "........s"),
            ("22513", ".mm...mmm"),
            ("22514", ".mmmm...s"),
            ("22515", ".mm.....s"),
        ] {
            let seen: String = (0..=8).map(|site| remark(procedure, &[format!("M48.5{site}XA")])).collect();
            assert_eq!(seen, expected, "{procedure}");
        }
        // One diagnosis of another place, or of none, is enough to lift either.
        assert_eq!(remark("22511", &["M48.58XA".into(), "M48.57XA".into()]), '.');
        assert_eq!(remark("22513", &["M48.52XA".into(), "M80.08XA".into()]), '.');
        // Sacral and cervical: no sacroplasty, but nothing that is treated either.
        assert_eq!(remark("22514", &["M48.58XA".into(), "M48.52XA".into()]), 'm');
    }
}
