//! What the payer has said and done about a claim: which version of it this is, what
//! became of it, when it was paid, and whether the service was authorized.

use super::{Day, Decimal, Stated};

/// Which version of a claim a row belongs to (837, CLM05-3). A later version of one
/// claim is greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ClaimFrequency {
    /// An original, or an interim bill: it takes no other claim's place.
    #[default]
    Original,
    /// It takes another claim's place.
    Replacement,
    /// It takes another claim back.
    Void,
}

/// What became of a line with the payer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ClaimStatus {
    /// Paid.
    Paid,
    /// Denied: nothing was paid, whatever amount stands there.
    Denied,
    /// What was paid has been taken back.
    Reversed,
}

impl ClaimStatus {
    /// The status that a word of a claim file names, or a claim status code of an 835
    /// (CLP02).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        // Codes come as numbers too.
        match word.strip_suffix(".0").unwrap_or(&word).trim_start_matches('0') {
            "paid" | "1" | "2" | "3" | "19" | "20" | "21" => Some(Self::Paid),
            "denied" | "4" => Some(Self::Denied),
            "reversed" | "22" => Some(Self::Reversed),
            _ => None,
        }
    }

    /// The word used in the output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Denied => "denied",
            Self::Reversed => "reversed",
        }
    }
}

/// What a row says of the payer's side of its line. Blank text is empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PayerRecord<'a> {
    /// The version of the claim.
    pub frequency: ClaimFrequency,
    /// The claim that a replacement or a void names.
    pub original_claim_id: &'a str,
    /// What became of the line.
    pub status: Stated<ClaimStatus>,
    /// The day on which it was paid, if known.
    pub paid_date: Option<Day>,
    /// Dollars allowed; `None` is unknown.
    pub allowed: Option<Decimal>,
    /// The number of an authorization of the service.
    pub authorization_number: &'a str,
}

impl PayerRecord<'_> {
    /// Whether the payer has denied the line itself.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.status == Stated::Known(ClaimStatus::Denied)
    }

    /// Whether what was paid has been taken back, or this row takes it back.
    #[must_use]
    pub fn is_reversed(&self) -> bool {
        self.status == Stated::Known(ClaimStatus::Reversed)
    }
}
