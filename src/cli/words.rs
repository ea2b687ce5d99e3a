//! What policies and rules say, in short words that verbs share.

use adjudicate::claim::{Day, ProcedureCode};
use adjudicate::icd10::{CodeIndex, Status};
use adjudicate::policy::{
    Coverage, Criterion, Indication, ListedEtiology, Policy, PrintedEntry, PrintedList, Procedure,
};
pub(crate) use adjudicate::report::words::{adjustment, sentence as short};
pub(crate) use adjudicate::report::{CODE_TABLE, Ground};

/// Days from the first to the last, or since the first.
pub(crate) fn days(from: Day, to: Option<Day>) -> String {
    match to {
        Some(to) => format!("{from} to {to}"),
        None => format!("since {from}"),
    }
}

/// Codes with commas between them.
pub(crate) fn codes(codes: &[ProcedureCode]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a code that may be billed is called.
pub(crate) const BILLABLE: &str = "billable";

/// What a code's status on a day is called.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Billable(_) => BILLABLE,
        Status::Incomplete => "incomplete",
        Status::NotValidOnDate(_) => "not valid on the date",
        Status::Unknown => "unknown",
    }
}

/// What a listed code says about the cause.
pub(crate) fn etiology(listed: ListedEtiology) -> &'static str {
    match listed {
        ListedEtiology::Is(etiology) => etiology.word(),
        ListedEtiology::NotTold => "not told",
        ListedEtiology::None => "none",
    }
}

/// A condition, as someone would say it.
pub(crate) fn criterion(criterion: &Criterion) -> String {
    let join = |parts: &[Criterion], word: &str| {
        let part = |part: &Criterion| match part {
            Criterion::All(_) | Criterion::Any(_) => format!("({})", self::criterion(part)),
            _ => self::criterion(part),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    };
    match criterion {
        Criterion::Etiology(etiology) => format!("etiology {}", etiology.word()),
        Criterion::Holds(fact) => fact.column().to_owned(),
        Criterion::AtLeast(fact, weeks) => format!("{} at least {weeks}", fact.column()),
        Criterion::Below(fact, weeks) => format!("{} below {weeks}", fact.column()),
        Criterion::All(parts) => join(parts, " and "),
        Criterion::Any(parts) => join(parts, " or "),
    }
}

/// What a policy says of a procedure, beside its dates.
pub(crate) fn procedure(procedure: &Procedure, policy: &Policy) -> Vec<String> {
    let region = |place: usize| policy.regions.get(place).map_or("", String::as_str);
    let mut words = Vec::new();
    if let Some(code) = procedure.replaced_by {
        words.push(format!("replaced by {code}"));
    }
    if let Some(limit) = procedure.limit {
        words.push(format!("at most {} a day", super::text::plural(limit as usize, "unit")));
    }
    if !procedure.add_on_to.is_empty() {
        words.push(format!("add-on to {}", codes(&procedure.add_on_to)));
    }
    if !procedure.second_to.is_empty() {
        words.push(format!("not beside {}", codes(&procedure.second_to)));
    }
    if procedure.bilateral_included {
        words.push("stands for one side or both".to_owned());
    }
    if !procedure.treats.is_empty() {
        let regions: Vec<_> = procedure.treats.iter().map(|one| region(usize::from(one.0))).collect();
        words.push(format!("treats {}", regions.join(", ")));
    }
    if let Some(doubtful) = procedure.doubtful_region {
        words.push(format!("doubtful where every diagnosis is {}", region(usize::from(doubtful.0))));
    }
    words
}

/// What a version says of a service.
pub(crate) fn coverage(coverage: &Coverage, policy: &Policy) -> Vec<String> {
    if coverage.investigational {
        return vec!["investigational".to_owned()];
    }
    let lists: Vec<_> = coverage.printed_lists(policy).map(|list| format!("\"{}\"", list.id)).collect();
    let mut words = vec![if coverage.diagnoses.is_none() {
        "covered whatever the diagnosis".to_owned()
    } else {
        format!("diagnosis lists {}", lists.join(", "))
    }];
    let indications: Vec<_> = indications(coverage, policy).map(|one| one.id.as_str()).collect();
    if !indications.is_empty() {
        words.push(format!("indications {}", indications.join(", ")));
    }
    if !coverage.investigational_techniques.is_empty() {
        let techniques: Vec<_> = coverage.investigational_techniques.iter().map(|one| one.word()).collect();
        words.push(format!("investigational by technique {}", techniques.join(", ")));
    }
    if coverage.requires_cleared_device {
        words.push("only with a device cleared by the FDA".to_owned());
    }
    words
}

/// The indications of a coverage, in the policy's order.
pub(crate) fn indications<'p>(coverage: &'p Coverage, policy: &'p Policy) -> impl Iterator<Item = &'p Indication> {
    coverage.indications.iter().filter_map(|place| policy.indications.get(*place))
}

/// The list, and its entry, on which a coverage has a code.
pub(crate) fn listed_in<'p>(
    code: CodeIndex,
    coverage: &'p Coverage,
    policy: &'p Policy,
) -> Option<(&'p PrintedList, &'p PrintedEntry)> {
    coverage
        .printed_lists(policy)
        .find_map(|list| Some((list, list.entries.iter().find(|entry| entry.codes.contains(&code))?)))
}

#[cfg(test)]
mod tests {
    use adjudicate::claim::{Decimal, Etiology, Fact};

    use super::*;

    #[test]
    fn conditions_read_as_said() {
        let condition = Criterion::All(vec![
            Criterion::Etiology(Etiology::Osteoporotic),
            Criterion::AtLeast(Fact::ConservativeWeeks, Decimal::ONE),
            Criterion::Any(vec![
                Criterion::Holds(Fact::Hospitalized),
                Criterion::Below(Fact::FractureAgeWeeks, Decimal::ONE),
            ]),
        ]);
        assert_eq!(
            criterion(&condition),
            "etiology osteoporotic and conservative_weeks at least 1 and (hospitalized or fracture_age_weeks below 1)"
        );
    }
}
