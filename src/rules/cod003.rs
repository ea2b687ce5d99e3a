//! COD003: a diagnosis lacks characters that could make it a supporting one.

use smallvec::SmallVec;

use super::finding::{add_code, begin};
use super::{Finding, LineContext};
use crate::claim::DiagnosisText;
use crate::icd10::{CodeIndex, Status};

/// How many completions a message names before it breaks off.
const NAMED: usize = 12;

rule! {
    /// # COD003 diagnosis-incomplete
    ///
    /// ## What it does
    /// Recommends denial where no examined diagnosis supports the line or calls for
    /// review, but one is incomplete: on the service date it is only the beginning of
    /// billable codes, and one of those is on the version's lists.
    ///
    /// ## Why it matters
    /// The line may well be covered, but an incomplete code does not say which of its
    /// completions is meant: which bone, or which stage of care. Guessing would put a
    /// diagnosis on record that nobody has made.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22514 M80.08 --date 2026-03-01
    /// ```
    /// The line is denied: M80.08 has six completions on that day. The message names
    /// all of them, listed or not (the first twelve, if there are more), so that it
    /// does not lead the biller to the ones that would be paid.
    ///
    /// ## What to do
    /// - Biller: take the complete code from the record, and ask the physician if the
    ///   record leaves it open. Never choose it from the message.
    /// - Examiner: nothing to review until the claim is corrected.
    ///
    /// An incomplete code none of whose completions is listed is COD002's concern, or
    /// an advice (COD005) where another diagnosis decides the line.
    ///
    /// ## Source
    /// NCHS: the ICD-10-CM code table as of the service date, and the Official
    /// Guidelines for Coding and Reporting, section I.B.2 (all characters required).
    /// That this is told apart from an unsupported diagnosis is our judgement.
    Cod003, "COD003", "diagnosis-incomplete", Deny,
    carc: "16", rarc: "M81",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if !context.diagnoses.any_invalid() {
        return None;
    }
    let lists = context.coverage?.diagnoses.as_deref()?;
    context.diagnoses.examined.iter().find_map(|one| {
        let DiagnosisText::Code(code) = one.text else { return None };
        if one.status != Status::Incomplete {
            return None;
        }
        let completions: SmallVec<[CodeIndex; 16]> =
            context.table.completions(&code, context.line.service_date).collect();
        if !completions.iter().any(|completion| lists.get(*completion).is_some()) {
            return None;
        }
        let word = if completions.len() == 1 { " completion: " } else { " completions: " };
        let mut text = begin(&code.dotted());
        text.push_str(" has ");
        text.push_str(itoa::Buffer::new().format(completions.len()));
        text.push_str(word);
        // A table has each code once: none need be compared with those before it.
        for (place, completion) in completions.iter().take(NAMED).enumerate() {
            if place > 0 {
                text.push_str(", ");
            }
            add_code(&mut text, context.table.code(*completion));
        }
        if completions.len() > NAMED {
            text.push_str(", …");
        }
        Some(Finding::with(text))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::RuleId;
    use crate::claim::{ClaimLine, Day, ProcedureCode};
    use crate::engine::{Adjudicator, DecisionOptions};
    use crate::icd10::Icd10;
    use crate::policy::{PolicyFile, PolicyIndex, ProgramNames};

    /// The rules that remark on an augmentation with these diagnoses, and what
    /// they tell.
    fn remarks(diagnoses: &[&str]) -> (Vec<RuleId>, String) {
        let table = Arc::new(Icd10::embedded().unwrap());
        let files = PolicyFile::embedded(&table).unwrap();
        let policies = files.into_iter().filter_map(|file| file.policy).collect();
        let index = PolicyIndex::new(table, policies, ProgramNames::default()).unwrap();
        let day = Day::parse_iso("2026-03-01").unwrap();
        let mut line = ClaimLine::new("C1", 1, day, ProcedureCode::parse("22514").unwrap());
        for text in diagnoses {
            line.add_diagnosis(text);
        }
        let draft = Adjudicator::new(Arc::new(index), DecisionOptions::default()).draft(&line).unwrap();
        (draft.findings.rules().collect(), draft.detail.into_owned())
    }

    #[test]
    fn all_completions_are_named_listed_or_not() {
        let (rules, detail) = remarks(&["D18.0"]);
        assert_eq!(rules, [RuleId::Cod003]);
        assert_eq!(detail, "D18.0 has 5 completions: D18.00, D18.01, D18.02, D18.03, D18.09");
    }

    #[test]
    fn a_long_list_breaks_off_where_it_would_otherwise_lead() {
        let (rules, detail) = remarks(&["M80.0"]);
        assert_eq!(rules, [RuleId::Cod003]);
        assert!(detail.starts_with("M80.0 has 162 completions: M80.00XA, "), "{detail}");
        assert!(detail.ends_with(", M80.011S, …"), "{detail}");
    }

    #[test]
    fn it_counts_only_where_nothing_else_decides() {
        assert_eq!(remarks(&["M80.08XA", "M80.08"]).0, [RuleId::Cod005]);
        assert_eq!(remarks(&["S32.010A", "M80.08"]).0, [RuleId::Cov003, RuleId::Cod005]);
        // Before "not on the list": the complete code may be.
        assert_eq!(remarks(&["M54.50", "M80.08"]).0, [RuleId::Cod003]);
        // A completion for review is reason enough.
        assert_eq!(remarks(&["S32.01"]).0, [RuleId::Cod003]);
        // No completion is listed.
        assert_eq!(remarks(&["M54.5"]).0, [RuleId::Cod002]);
        assert_eq!(remarks(&["M54.50", "M54.5"]).0, [RuleId::Cov002, RuleId::Cod005]);
    }
}
