//! A policy that has been checked: what it says, with every code resolved.

use std::ops::Deref;
use std::sync::Arc;

use super::{DiagnosisTable, Excerpt, Indication, Program, Standing};
use crate::claim::{Day, ProcedureCode, Technique};
use crate::icd10::CodeIndex;

/// A region of the body that a policy names, by its place in the policy's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RegionIndex(pub u16);

/// One coverage policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its number, as the payer prints it.
    pub id: String,
    /// What it is about, in our own words.
    pub title: String,
    /// Whose policy it is.
    pub publisher: String,
    /// The document behind the file, and its date.
    pub source: String,
    /// The name of the file that it was read from, for messages.
    pub origin: String,
    /// The programs whose lines it decides.
    pub programs: Vec<Program>,
    /// Programs that it sends elsewhere, with where to, for messages.
    pub referrals: Vec<(Program, String)>,
    /// Every procedure that it speaks about, in the file's order.
    pub procedures: Vec<Procedure>,
    /// The services that procedures belong to, in order of first mention.
    pub services: Vec<String>,
    /// Regions, by [`RegionIndex`].
    pub regions: Vec<String>,
    /// Indications of every version.
    pub indications: Vec<Indication>,
    /// Versions, oldest first; no two in force on one day.
    pub versions: Vec<Version>,
    /// Diagnosis lists as printed, for people, in the file's order.
    pub lists: Vec<PrintedList>,
    /// Seventh characters of a first encounter; another one is a later one.
    pub initial_encounter: Vec<u8>,
    /// What a reader of any report must be told that claim data cannot show.
    pub limitations: Vec<String>,
    /// Devices that the document names; informational.
    pub devices: Vec<String>,
    /// What its excerpts are of.
    pub(super) texts: Box<str>,
}

impl Policy {
    /// A text of this policy.
    #[must_use]
    pub fn text(&self, excerpt: Excerpt) -> &str {
        excerpt.of(&self.texts)
    }

    /// The version in force on a day.
    #[must_use]
    pub fn version_on(&self, day: Day) -> Option<(usize, &Version)> {
        self.versions
            .iter()
            .enumerate()
            .rev()
            .find(|(_, version)| version.from <= day && version.to.is_none_or(|last| day <= last))
    }
}

/// A procedure as a policy knows it.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// Its code.
    pub code: ProcedureCode,
    /// A short label of our own.
    pub label: Excerpt,
    /// The service it belongs to, by place in [`Policy::services`].
    pub service: usize,
    /// The first day on which the code was active.
    pub active_from: Day,
    /// The last one, if the code was deleted.
    pub active_to: Option<Day>,
    /// The code that took its place: a help for the biller, no more.
    pub replaced_by: Option<ProcedureCode>,
    /// Most units on one day.
    pub limit: Option<u32>,
    /// Whether the code covers one side or both.
    pub bilateral_included: bool,
    /// The primaries that it is an add-on to; empty for a primary.
    pub add_on_to: Box<[ProcedureCode]>,
    /// The primaries beside which it may not be billed, and which stay.
    pub second_to: Box<[ProcedureCode]>,
    /// The regions it treats; empty means any.
    pub treats: Box<[RegionIndex]>,
    /// The region whose diagnoses, if there are no others, make the line
    /// doubtful: the work there may be another, uncovered service.
    pub doubtful_region: Option<RegionIndex>,
    /// The section of the policy behind it.
    pub cite: Excerpt,
    /// Where limit, pairs and add-on primaries come from.
    pub edits_source: Excerpt,
}

/// What a policy said from one day on.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its first day in ISO form: the version's name.
    pub id: String,
    /// Its first day.
    pub from: Day,
    /// Its last day, if another version or an end follows.
    pub to: Option<Day>,
    /// What changed, in our own words, with the section behind it.
    pub note: String,
    /// What it says of each service, by place in [`Policy::services`]; `None`
    /// where it says nothing.
    pub coverage: Vec<Option<Coverage>>,
}

/// What a version says of one service.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Not covered, whatever the diagnosis.
    pub investigational: bool,
    /// Techniques of the service that are not covered.
    pub investigational_techniques: Vec<Technique>,
    /// Only with a device that the FDA has cleared.
    pub requires_cleared_device: bool,
    /// The diagnoses that it lists; `None` where diagnoses are not tested.
    pub diagnoses: Option<Arc<DiagnosisTable>>,
    /// The lists that they were joined from, in the policy's order, by place in
    /// [`Policy::lists`]; for people.
    pub lists: Vec<usize>,
    /// Indications, in the policy's order, by place in [`Policy::indications`].
    pub indications: Vec<usize>,
    /// The section behind it.
    pub cite: String,
}

impl Coverage {
    /// The lists that its diagnoses were joined from.
    pub fn printed_lists<'p>(&'p self, policy: &'p Policy) -> impl Iterator<Item = &'p PrintedList> {
        self.lists.iter().filter_map(|place| policy.lists.get(*place))
    }
}

/// A diagnosis list as printed. Rules read the tables made of it instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintedList {
    /// Its name.
    pub id: String,
    /// The standing of its diagnoses.
    pub standing: Standing,
    /// The section of the policy behind it, or whose judgement it is.
    pub cite: String,
    /// Its entries, in order.
    pub entries: Vec<PrintedEntry>,
}

/// An entry of a diagnosis list: a code or a range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintedEntry {
    /// As printed.
    pub text: Excerpt,
    /// The codes that it holds, in order.
    pub codes: EntryCodes,
}

/// The codes of an entry, as a slice. Most entries are one code, which is kept in
/// place.
#[derive(Clone, Debug)]
pub enum EntryCodes {
    /// One code.
    One([CodeIndex; 1]),
    /// Several.
    Several(Box<[CodeIndex]>),
}

impl FromIterator<CodeIndex> for EntryCodes {
    fn from_iter<I: IntoIterator<Item = CodeIndex>>(codes: I) -> Self {
        let mut codes = codes.into_iter();
        match (codes.next(), codes.next()) {
            (Some(code), None) => Self::One([code]),
            (first, second) => Self::Several(first.into_iter().chain(second).chain(codes).collect()),
        }
    }
}

impl Deref for EntryCodes {
    type Target = [CodeIndex];

    fn deref(&self) -> &[CodeIndex] {
        match self {
            Self::One(code) => code,
            Self::Several(codes) => codes,
        }
    }
}

impl<'a> IntoIterator for &'a EntryCodes {
    type Item = &'a CodeIndex;
    type IntoIter = std::slice::Iter<'a, CodeIndex>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for EntryCodes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for EntryCodes {}
