//! What a rule is, and the macros that make the catalogue out of the rules'
//! own files, so that nothing about a rule is written twice.

use super::{Evidence, Finding, LineContext, RuleId, SessionContext, Weight, Witness};

/// One rule: its identity, its weight, its suggested adjustment codes, its
/// manual and its test.
#[derive(Debug)]
pub struct Rule {
    /// Its place in the catalogue.
    pub id: RuleId,
    /// The id as printed, such as `COV002`. Never reused.
    pub code: &'static str,
    /// A name for people, in words joined by hyphens.
    pub name: &'static str,
    /// What it adds to a line's disposition, unless an option changes it.
    pub weight: Weight,
    /// The claim adjustment reason code (X12) suggested with it, or blank.
    pub carc: &'static str,
    /// The remittance advice remark code (X12) suggested with it, or blank.
    pub rarc: &'static str,
    /// Another pair (CARC, RARC) that the rule suggests in a case of its own.
    pub alternative: Option<(&'static str, &'static str)>,
    /// The rule's manual, in Markdown.
    pub manual: &'static str,
    /// The test.
    pub check: Check,
}

/// How a rule is asked.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// On a line by itself.
    Line(fn(&LineContext<'_>) -> Option<Finding>),
    /// On a line within its session, when the whole run has been read; with the
    /// words for what it saw, added to a text.
    Session(fn(&SessionContext<'_>) -> Option<Evidence>, fn(&Witness<'_>, &mut Vec<u8>)),
}

impl Rule {
    /// Whether a denial asks for what the claim lacks or has wrong, so that a
    /// corrected claim may mend it: so its reason codes say.
    #[must_use]
    pub fn is_fixable(&self) -> bool {
        matches!(self.carc, "16" | "146")
    }

    /// Whether it rests on what became of another line.
    #[must_use]
    pub fn is_cascaded(&self) -> bool {
        matches!(self.id, RuleId::Lin002 | RuleId::Lin005)
    }

    /// Asks a rule about a line by itself; `None` from a rule about sessions.
    #[must_use]
    #[inline]
    pub fn about_line(&self, line: &LineContext<'_>) -> Option<Finding> {
        match self.check {
            Check::Line(check) => check(line),
            Check::Session(..) => None,
        }
    }

    /// Asks a rule about a line in its session; `None` from one about lines.
    #[must_use]
    #[inline]
    pub fn about_session(&self, session: &SessionContext<'_>) -> Option<Evidence> {
        match self.check {
            Check::Session(check, _) => check(session),
            Check::Line(_) => None,
        }
    }
}

/// Declares the `RULE` of a rule's file. The doc comment becomes its manual.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        $id:ident, $code:literal, $name:literal, $weight:ident,
        carc: $carc:literal, rarc: $rarc:literal $(or ($other_carc:literal, $other_rarc:literal))?,
        $kind:ident($($check:path),+)
    ) => {
        $(#[doc = $doc])+
        pub(super) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $crate::rules::RuleId::$id,
            code: $code,
            name: $name,
            weight: $crate::rules::Weight::$weight,
            carc: $carc,
            rarc: $rarc,
            alternative: rule!(@alternative $(($other_carc, $other_rarc))?),
            manual: concat!($($doc, "\n"),+),
            check: $crate::rules::Check::$kind($($check),+),
        };
    };
    (@alternative) => { None };
    (@alternative ($carc:literal, $rarc:literal)) => { Some(($carc, $rarc)) };
}

/// Makes the modules, the ids and the catalogue from one list.
macro_rules! catalogue {
    ($($id:ident => $module:ident,)+) => {
        $(mod $module;)+

        /// A rule, by its place in the catalogue.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum RuleId {
            $(
                #[doc = concat!("The rule in `", stringify!($module), ".rs`.")]
                $id,
            )+
        }

        /// Every rule, in the order that decides which finding of a weight names
        /// the line.
        pub static CATALOGUE: &[&Rule] = &[$(&$module::RULE),+];

        impl RuleId {
            /// The rule of this id.
            #[must_use]
            #[inline]
            pub fn rule(self) -> &'static Rule {
                match self {
                    $(Self::$id => &$module::RULE,)+
                }
            }

            /// The rule whose printed id is this text, in any case.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                CATALOGUE.iter().find(|rule| rule.code.eq_ignore_ascii_case(code.trim())).map(|rule| rule.id)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::super::CATALOGUE;

    #[test]
    fn ids_are_their_places_and_files_and_all_have_a_manual() {
        for (place, rule) in CATALOGUE.iter().enumerate() {
            assert_eq!(rule.id as usize, place);
            assert_eq!(format!("{:?}", rule.id).to_uppercase(), rule.code);
            for heading in ["## What it does", "## Why it matters", "## Example", "## What to do", "## Source"] {
                assert!(rule.manual.contains(heading), "{} lacks {heading}", rule.code);
            }
        }
        assert!(CATALOGUE.len() < 60, "a finding set has room for 60 rules");
    }
}
