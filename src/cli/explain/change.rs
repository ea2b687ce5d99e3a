//! What would change the outcome, of each finding: what it lacks, by name. Never
//! which of several diagnoses would be paid.

use adjudicate::policy::{Coverage, Policy, Procedure, Standing};
use adjudicate::rules::{RuleId, Weight};

use super::others::{PAIR, PRIMARY, REPEATED, SUMMED};
use super::told::OtherTold;
use crate::cli::decided::Examination;
use crate::cli::words;

/// How many other lines are named before it breaks off.
const NAMED: usize = 5;

/// What is known of a line with a finding.
pub(super) struct Standpoint<'a> {
    pub(super) procedure_code: &'a str,
    pub(super) service_date: &'a str,
    pub(super) line_of_business: &'a str,
    pub(super) policy: Option<&'a Policy>,
    pub(super) procedure: Option<&'a Procedure>,
    pub(super) coverage: Option<&'a Coverage>,
    pub(super) examined: Option<&'a Examination>,
    pub(super) others: &'a [OtherTold],
}

impl Standpoint<'_> {
    /// What would change what a finding does to the line.
    pub(super) fn change(&self, rule: RuleId, weight: Weight) -> String {
        if weight == Weight::Advice {
            return "Nothing has to change: an advice does not count in the disposition.".to_owned();
        }
        let Self { procedure_code, service_date, line_of_business, .. } = self;
        match rule {
            RuleId::Pgm001 | RuleId::Pgm002 | RuleId::Pgm003 => format!(
                "Nothing on the line, if its line of business ({line_of_business}) is right: that program's own rules \
                 decide it."
            ),
            RuleId::Pgm004 => "A line of business that the policy knows, or its name added to the policy.".to_owned(),
            RuleId::Cod001 => format!(
                "A service date on which {procedure_code} was active{}, if the one billed is wrong; else the code for \
                 the service rendered that was active on {service_date}.",
                self.active()
            ),
            RuleId::Pol001 => format!(
                "A version of the policy in force on {service_date}; as long as there is none, the line is judged by \
                 hand."
            ),
            RuleId::Cov001 => format!(
                "Nothing in the coding, if {procedure_code} is the service rendered: the version holds it \
                 investigational whatever the diagnosis."
            ),
            RuleId::Cov006 => "Another technique, if the record shows that this one is wrong.".to_owned(),
            RuleId::Cov007 => "A device cleared by the FDA, if the record shows one.".to_owned(),
            RuleId::Lin004 => format!(
                "That the two services are distinct, said with a modifier; or that this claim replaces the other \
                 one{}.",
                self.named(REPEATED)
            ),
            RuleId::Cod004 => "The diagnosis that the record documents.".to_owned(),
            RuleId::Cod006 => "Pointers that lead to diagnoses of the line.".to_owned(),
            RuleId::Cod003 => "The complete code in place of the incomplete one, taken from the record. All that it \
                               may be are named, and none is proposed."
                .to_owned(),
            RuleId::Cod002 => {
                format!("A diagnosis that may be billed on {service_date}, coded anew from what the record documents.")
            }
            RuleId::Cov002 => format!(
                "A diagnosis of the version's supporting list{}, if the record documents one that the line does not \
                 carry or does not point to; none may be added for the list's sake.",
                self.lists()
            ),
            RuleId::Cov003 => format!("An indication that is met{}.", self.facts("the facts it takes")),
            RuleId::Cov004 => {
                "Facts other than those given, if the record shows them: those that rule each indication \
                               out stand beside it."
                    .to_owned()
            }
            RuleId::Aut001 => {
                "The look of an examiner at the authorization: whether it covers this member, procedure, \
                               day and diagnosis."
                    .to_owned()
            }
            RuleId::Cov005 => {
                format!(
                    "Facts that decide an indication, from an authorization or a chart review{}.",
                    self.facts("missing")
                )
            }
            RuleId::Lin001 => {
                format!("A primary of this add-on{} for the same session, and not denied.", self.primaries())
            }
            RuleId::Lin002 => {
                format!("Another recommendation, or decision, for the primary{}.", self.named(PRIMARY))
            }
            RuleId::Lin005 => format!("The decision on the primary{}.", self.named(PRIMARY)),
            RuleId::Lin003 => format!(
                "Units that come to no more than{} on that day{}; or a record that supports more.",
                self.procedure
                    .and_then(|procedure| procedure.limit)
                    .map_or_else(|| " the limit".to_owned(), |limit| format!(" {limit}")),
                match self.named(SUMMED).as_str() {
                    "" => String::new(),
                    named => format!(", those of other lines counted{named}"),
                }
            ),
            RuleId::Lin006 => {
                format!("One of the two procedures alone, if only one was rendered{}.", self.named(PAIR))
            }
            RuleId::Rev001 => "An operative note that shows another region, and a diagnosis that says so.".to_owned(),
            RuleId::Rev002 => "The procedure or the diagnosis corrected, whichever the operative note shows to be \
                               wrong."
                .to_owned(),
            RuleId::Rev004 => "The line without the bilateral modifier.".to_owned(),
            RuleId::Lin007 | RuleId::Rev003 | RuleId::Rev005 | RuleId::Cod005 => {
                "What the rule found, if it is an error of the claim.".to_owned()
            }
        }
    }

    fn active(&self) -> String {
        let days = |procedure: &Procedure| format!(" ({})", words::days(procedure.active_from, procedure.active_to));
        self.procedure.map(days).unwrap_or_default()
    }

    /// The supporting lists, with their sections.
    fn lists(&self) -> String {
        let Some((coverage, policy)) = self.coverage.zip(self.policy) else { return String::new() };
        let supporting = coverage.printed_lists(policy).filter(|list| list.standing == Standing::Supporting);
        let names: Vec<_> = supporting.map(|list| format!("\"{}\": {}", list.id, list.cite)).collect();
        in_brackets(&names.join("; "))
    }

    fn primaries(&self) -> String {
        self.procedure.map_or_else(String::new, |procedure| in_brackets(&words::codes(&procedure.add_on_to)))
    }

    /// The facts that open indications lack.
    fn facts(&self, what: &str) -> String {
        let indications = self.examined.map(|examined| examined.indications.as_slice()).unwrap_or_default();
        let open = indications.iter().filter(|one| !one.missing.is_empty());
        let facts: Vec<_> = open.map(|one| format!("for {}: {}", one.id, one.missing.join(", "))).collect();
        if facts.is_empty() { String::new() } else { in_brackets(&format!("{what} {}", facts.join("; "))) }
    }

    /// The other lines that are something to this one.
    fn named(&self, relation: &str) -> String {
        let related = self.others.iter().filter(|other| other.relations.contains(&relation));
        let name = |other: &OtherTold| {
            let OtherTold { claim_id, line_number, procedure_code, disposition, rule, .. } = other;
            let by = if rule.is_empty() { String::new() } else { format!(" by {rule}") };
            format!("claim {claim_id}, line {line_number}: {procedure_code}, {disposition}{by}")
        };
        let more = related.clone().count().saturating_sub(NAMED);
        let mut names: Vec<_> = related.take(NAMED).map(name).collect();
        if more > 0 {
            names.push(format!("and {more} more"));
        }
        in_brackets(&names.join("; "))
    }
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

#[cfg(test)]
mod tests {
    use adjudicate::rules::CATALOGUE;

    use super::*;

    #[test]
    fn every_finding_has_something_that_changes_it() {
        let standpoint = Standpoint {
            procedure_code: "12345",
            service_date: "2026-03-01",
            line_of_business: "fep",
            policy: None,
            procedure: None,
            coverage: None,
            examined: None,
            others: &[],
        };
        for rule in CATALOGUE {
            let change = standpoint.change(rule.id, rule.weight);
            assert!(
                change.ends_with('.') && !change.contains("  ") && !change.contains("()"),
                "{}: {change}",
                rule.code
            );
            let is_advice = change.starts_with("Nothing has to change");
            assert_eq!(is_advice, rule.weight == Weight::Advice, "{}: {change}", rule.code);
        }
    }

    #[test]
    fn of_many_other_lines_some_are_named() {
        let other = |line_number| OtherTold {
            source_file: "a.csv".to_owned(),
            source_row: 1,
            claim_id: "C1".to_owned(),
            line_number,
            procedure_code: "12345".to_owned(),
            units: "1".to_owned(),
            disposition: "pend",
            rule: "COV003",
            relations: vec![PRIMARY],
        };
        let others: Vec<_> = (1..=7).map(other).collect();
        let standpoint = Standpoint {
            procedure_code: "12346",
            service_date: "2026-03-01",
            line_of_business: "",
            policy: None,
            procedure: None,
            coverage: None,
            examined: None,
            others: &others,
        };
        let change = standpoint.change(RuleId::Lin005, Weight::Pend);
        assert!(change.contains("claim C1, line 5: 12345, pend by COV003; and 2 more)."), "{change}");
        assert!(!standpoint.change(RuleId::Lin006, Weight::Pend).contains("C1"));
    }
}
