//! `stories.toml`: what happens to claims over the years, and how often.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::generate::GenerateError;
use crate::generate::rng::{TEN_THOUSAND, Weighted};

const FILE: &str = "stories.toml";
const TEXT: &str = include_str!("stories.toml");

/// What happens to a claim, or to a few that belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Story {
    /// Nothing: a claim as it should be.
    Supported,
    /// No diagnosis is listed.
    UnlistedDiagnosis,
    /// The procedure is not covered.
    InvestigationalProcedure,
    /// One diagnosis, billed before and after a version put it on its list.
    LaterList,
    /// A claim with an unlisted diagnosis is replaced by one with a listed one.
    CorrectedByReplacement,
    /// The other way round.
    SpoiltByReplacement,
    /// A replacement is replaced.
    ReplacedTwice,
    /// Two replacements of one claim.
    Forked,
    /// A replacement without the line in scope.
    LineDropped,
    /// A claim and its void.
    Voided,
    /// A void whose claim is not there.
    VoidAlone,
    /// A replacement whose claim is not there.
    ReplacementAlone,
    /// Two claims, each of which says that it replaces the other.
    Cycle,
    /// A replacement that has its original's number.
    ReplacedUnderItsNumber,
    /// A payment, and the entry that takes it back.
    ReversedByEntry,
    /// Such an entry whose payment is not there.
    ReversalAlone,
    /// A line of which the payment was taken back, and which says so itself.
    ReversedInPlace,
    /// A line that the payer denied.
    PayerDenied,
    /// The same with a paid amount all the same.
    PayerDeniedAndPaid,
    /// An authorized service, mostly with an unlisted diagnosis.
    Authorized,
    /// A claim billed again, received in a later month.
    DuplicateLater,
    /// The same within one file.
    DuplicateInFile,
    /// An add-on that is received in a later month than its primary.
    AddOnLater,
    /// A replacement, in a later month, that says what its original said.
    EqualReplacement,
}

impl Story {
    /// Every story, with its name.
    pub(super) const ALL: [(Self, &'static str); 24] = [
        (Self::Supported, "supported"),
        (Self::UnlistedDiagnosis, "unlisted_diagnosis"),
        (Self::InvestigationalProcedure, "investigational_procedure"),
        (Self::LaterList, "later_list"),
        (Self::CorrectedByReplacement, "corrected_by_replacement"),
        (Self::SpoiltByReplacement, "spoilt_by_replacement"),
        (Self::ReplacedTwice, "replaced_twice"),
        (Self::Forked, "forked"),
        (Self::LineDropped, "line_dropped"),
        (Self::Voided, "voided"),
        (Self::VoidAlone, "void_alone"),
        (Self::ReplacementAlone, "replacement_alone"),
        (Self::Cycle, "cycle"),
        (Self::ReplacedUnderItsNumber, "replaced_under_its_number"),
        (Self::ReversedByEntry, "reversed_by_entry"),
        (Self::ReversalAlone, "reversal_alone"),
        (Self::ReversedInPlace, "reversed_in_place"),
        (Self::PayerDenied, "payer_denied"),
        (Self::PayerDeniedAndPaid, "payer_denied_and_paid"),
        (Self::Authorized, "authorized"),
        (Self::DuplicateLater, "duplicate_later"),
        (Self::DuplicateInFile, "duplicate_in_file"),
        (Self::AddOnLater, "add_on_later"),
        (Self::EqualReplacement, "equal_replacement"),
    ];

    /// Its name in the truth.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(story, _)| *story == self).map_or("", |(_, name)| name)
    }

    /// How many lines in scope it has, at most.
    pub(super) const fn lines_in_scope(self) -> u32 {
        match self {
            Self::ReplacedTwice | Self::Forked => 3,
            Self::LaterList
            | Self::CorrectedByReplacement
            | Self::SpoiltByReplacement
            | Self::Voided
            | Self::Cycle
            | Self::ReplacedUnderItsNumber
            | Self::ReversedByEntry
            | Self::DuplicateLater
            | Self::DuplicateInFile
            | Self::AddOnLater
            | Self::EqualReplacement => 2,
            _ => 1,
        }
    }

    /// How many claims it has, or versions of claims.
    pub(super) const fn claims(self) -> u32 {
        match self {
            Self::LineDropped => 2,
            story => story.lines_in_scope(),
        }
    }

    /// Lines of no policy that each of them must have.
    pub(super) const fn companions(self) -> u32 {
        match self {
            Self::LineDropped => 1,
            _ => 0,
        }
    }
}

/// Texts and how often each is written.
type Texts = Vec<(String, u32)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    stories: BTreeMap<Story, u32>,
    blank: Blank,
    written: RawWritten,
    days: Days,
}

/// Of 10,000 claims, those without a value.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(super) struct Blank {
    /// The day of payment.
    pub(super) paid_date: u32,
    /// What became of it.
    pub(super) claim_status: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWritten {
    original: Texts,
    replacement: Texts,
    void: Texts,
    paid: Texts,
    denied: Texts,
    reversed: Texts,
}

/// How files write what claims are.
pub(super) struct Written {
    /// Frequency codes of an original.
    pub(super) original: Weighted<String>,
    /// Those of a replacement.
    pub(super) replacement: Weighted<String>,
    /// Those of a void.
    pub(super) void: Weighted<String>,
    /// Words for paid.
    pub(super) paid: Weighted<String>,
    /// Words for denied.
    pub(super) denied: Weighted<String>,
    /// Words for reversed.
    pub(super) reversed: Weighted<String>,
}

/// Days between what happens to a claim, from and to.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(super) struct Days {
    /// From service to receipt.
    pub(super) receipt: (u32, u32),
    /// From receipt to payment.
    pub(super) payment: (u32, u32),
}

/// All of the file.
pub(super) struct Stories {
    /// What is told.
    pub(super) shares: Weighted<Story>,
    /// What is blank.
    pub(super) blank: Blank,
    /// How it is written.
    pub(super) written: Written,
    /// When it happens.
    pub(super) days: Days,
}

impl Stories {
    /// Reads the file.
    pub(super) fn load() -> Result<Self, GenerateError> {
        let damaged = |reason: String| GenerateError::Data { file: FILE, reason };
        let raw: Raw = toml::from_str(TEXT).map_err(|error| damaged(error.to_string()))?;
        let told = raw.stories.values().fold(0_u32, |sum, share| sum.saturating_add(*share));
        let rest = TEN_THOUSAND.checked_sub(told).ok_or_else(|| damaged("shares exceed 10,000".to_owned()))?;
        let RawWritten { original, replacement, void, paid, denied, reversed } = raw.written;
        Ok(Self {
            shares: Weighted::new(raw.stories.into_iter().chain([(Story::Supported, rest)])),
            blank: raw.blank,
            written: Written {
                original: Weighted::new(original),
                replacement: Weighted::new(replacement),
                void: Weighted::new(void),
                paid: Weighted::new(paid),
                denied: Weighted::new(denied),
                reversed: Weighted::new(reversed),
            },
            days: raw.days,
        })
    }
}
