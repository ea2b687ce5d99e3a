//! The options of a run as people read them.

use crate::report::{FileRecord, OptionsRecord};

/// How many digits of a digest tell one file from another.
const DIGITS: usize = 12;

/// An option of a run, as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionWords {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it was; `yes` and `no` of a switch.
    pub value: String,
    /// What it did, where it changed what was decided or what is kept of it.
    pub effect: Option<String>,
}

impl OptionWords {
    /// As it is given on the command line.
    #[must_use]
    pub fn given(&self) -> String {
        let Self { name, value, .. } = self;
        if value == "yes" { format!("--{name}") } else { format!("--{name} {value}") }
    }
}

/// Every option of a run.
#[must_use]
pub fn options(record: &OptionsRecord) -> Vec<OptionWords> {
    let OptionsRecord {
        policy_date,
        strict_programs,
        unlisted_diagnosis,
        clinical,
        require_clinical,
        select,
        format,
        delimiter,
        xlsx,
        spreadsheet_safe,
        as_received,
        look_back,
        overrides,
        as_of,
    } = record;
    let switch = |given: bool| if given { "yes" } else { "no" }.to_owned();
    let if_given = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".to_owned());
    let with = |name: &'static str, value: String, effect: Option<String>| OptionWords { name, value, effect };
    let when = |is_so: bool, effect: &str| is_so.then(|| effect.to_owned());
    let by_date = policy_date.as_ref().map(|day| format!("every line judged under the versions of {day}"));
    vec![
        with("policy-date", if_given(policy_date), by_date),
        with("strict-programs", switch(*strict_programs), when(*strict_programs, "unknown lines of business pend")),
        with(
            "unlisted-diagnosis",
            unlisted_diagnosis.clone(),
            when(unlisted_diagnosis == "pend", "unlisted diagnoses pend"),
        ),
        with("clinical", clinical.clone(), when(clinical == "deny", "clinical criteria not met deny")),
        with("require-clinical", switch(*require_clinical), when(*require_clinical, "blank clinical facts pend")),
        with("select", select.clone(), when(select == "flagged", "the decisions have flagged lines only")),
        with("format", format.clone(), None),
        with("delimiter", if_given(delimiter), None),
        with("xlsx", switch(*xlsx), None),
        with("spreadsheet-safe", switch(*spreadsheet_safe), None),
        with("as-received", switch(*as_received), when(*as_received, "every version of a claim is judged")),
        with("look-back", if_given(&look_back.map(|months| months.to_string())), None),
        with("overrides", if_given(&overrides.as_ref().map(|file| file.name.clone())), overrides.as_ref().map(waived)),
        with("as-of", if_given(as_of), None),
    ]
}

fn waived(file: &FileRecord) -> String {
    let digest: String = file.digest.chars().take(DIGITS).collect();
    format!("rules waived as {} says (digest {digest}…)", file.name)
}

/// What those options did that did anything, in words.
#[must_use]
pub fn effects(record: &OptionsRecord) -> String {
    let effects: Vec<_> = options(record).into_iter().filter_map(|option| option.effect).collect();
    if effects.is_empty() { "the usual ones".to_owned() } else { effects.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_as_given_and_by_what_they_did() {
        let usual = OptionsRecord {
            policy_date: None,
            strict_programs: false,
            unlisted_diagnosis: "deny".to_owned(),
            clinical: "pend".to_owned(),
            require_clinical: false,
            select: "in-scope".to_owned(),
            format: "csv".to_owned(),
            delimiter: None,
            xlsx: true,
            spreadsheet_safe: true,
            as_received: false,
            look_back: None,
            overrides: None,
            as_of: None,
        };
        assert_eq!(effects(&usual), "the usual ones");
        assert!(options(&usual).iter().all(|option| option.effect.is_none()));
        let other = OptionsRecord {
            policy_date: Some("2020-01-01".to_owned()),
            strict_programs: true,
            unlisted_diagnosis: "pend".to_owned(),
            clinical: "deny".to_owned(),
            require_clinical: true,
            select: "flagged".to_owned(),
            overrides: Some(FileRecord {
                name: "overrides.csv".to_owned(),
                digest: "0123456789abcdef".to_owned(),
                bytes: 1,
            }),
            ..usual
        };
        let given: Vec<_> = options(&other).iter().filter(|one| one.effect.is_some()).map(OptionWords::given).collect();
        let expected = "--policy-date 2020-01-01 --strict-programs --unlisted-diagnosis pend --clinical deny \
                        --require-clinical --select flagged --overrides overrides.csv";
        assert_eq!(given.join(" "), expected);
        assert!(effects(&other).starts_with("every line judged under the versions of 2020-01-01; unknown"));
        assert!(effects(&other).ends_with("rules waived as overrides.csv says (digest 0123456789ab…)"));
    }
}
