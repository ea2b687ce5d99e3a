//! A row of an extract: the native columns, and those of its version.

use super::expected::Expected;
use super::story::{Story, Written};
use crate::claim::Day;
use crate::generate::columns::NATIVE;
use crate::generate::csv;
use crate::generate::draft::{Draft, Line};
use crate::generate::population::claim_number;
use crate::generate::rng::Rng;

/// The columns behind the native ones.
const COLUMNS: [&str; 6] =
    ["claim_frequency", "original_claim_id", "claim_status", "paid_date", "allowed_amount", "authorization_number"];

/// Percent of the allowed amount that is paid, where something is.
const PAID_OF_ALLOWED: i64 = 80;

/// What a claim is to others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Frequency {
    /// It came first.
    Original,
    /// It replaces the one named, or the one of its own number.
    Replacement(Option<u64>),
    /// It takes the one named back, or names none.
    Void(Option<u64>),
}

/// What the payer made of a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// It was paid.
    Paid,
    /// It was denied.
    Denied,
    /// Its payment was taken back.
    Reversed,
    /// It is not told.
    NotTold,
}

impl Status {
    /// As a word; blank where it is not told.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Denied => "denied",
            Self::Reversed => "reversed",
            Self::NotTold => "",
        }
    }
}

/// A version of a claim, as it was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// The day of receipt, which tells its file.
    pub(super) received: Day,
    /// What it is to others.
    pub(super) frequency: Frequency,
    /// What the payer made of it.
    pub(super) status: Status,
    /// The day of payment.
    pub(super) paid_on: Option<Day>,
    /// Whether its services were authorized.
    pub(super) authorized: bool,
}

impl Version {
    /// An original that was paid.
    pub(super) const fn paid(received: Day, paid_on: Option<Day>) -> Self {
        Self { received, frequency: Frequency::Original, status: Status::Paid, paid_on, authorized: false }
    }
}

/// What is known of a row in scope.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) claim: u64,
    pub(super) line: u32,
    pub(super) story: Story,
    pub(super) expected: Expected,
    /// The policy's version on the day of service.
    pub(super) policy_version: String,
    pub(super) status: Status,
    pub(super) service_date: Day,
    pub(super) paid_on: Option<Day>,
    /// Cents.
    pub(super) billed: i64,
    /// Cents; `None` is a blank.
    pub(super) paid: Option<i64>,
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The day of receipt.
    pub(super) received: Day,
    /// As it is written, without the end of the line.
    pub(super) text: Box<[u8]>,
    /// What is known, of a row in scope.
    pub(super) known: Option<Box<Known>>,
}

/// The header of every file.
pub(super) fn header() -> String {
    [NATIVE.join(","), COLUMNS.join(",")].join(",") + "\n"
}

/// Writes the columns of versions as a file has them: the same on each line of a
/// claim.
pub(super) struct Columns<'w> {
    frequency: &'w str,
    original: Option<u64>,
    status: &'w str,
    paid_on: String,
    authorization: Option<u64>,
}

impl<'w> Columns<'w> {
    pub(super) fn new(version: &Version, claim: u64, written: &'w Written, rng: &mut Rng) -> Self {
        let (texts, original) = match version.frequency {
            Frequency::Original => (&written.original, None),
            Frequency::Replacement(original) => (&written.replacement, original),
            Frequency::Void(original) => (&written.void, original),
        };
        let frequency = texts.pick(rng).map_or("", String::as_str);
        let status = match version.status {
            Status::Paid => written.paid.pick(rng),
            Status::Denied => written.denied.pick(rng),
            Status::Reversed => written.reversed.pick(rng),
            Status::NotTold => None,
        };
        Self {
            frequency,
            original,
            status: status.map_or("", String::as_str),
            paid_on: version.paid_on.map(|day| day.to_string()).unwrap_or_default(),
            authorization: version.authorized.then_some(claim),
        }
    }

    /// A line of the claim.
    pub(super) fn row(&self, claim: &Draft<'_>, line: &Line<'_>) -> Box<[u8]> {
        let mut out = Vec::with_capacity(160);
        csv::native(&mut out, claim, line);
        csv::text(&mut out, self.frequency);
        out.push(b',');
        if let Some(original) = self.original {
            csv::claim_id(&mut out, original);
        }
        csv::text(&mut out, self.status);
        csv::text(&mut out, &self.paid_on);
        out.push(b',');
        if let Some(paid) = line.paid {
            csv::dollars(&mut out, allowed(line.billed, paid));
        }
        out.push(b',');
        if let Some(number) = self.authorization {
            out.extend_from_slice(format!("A{:09}", claim_number(number) % 1_000_000_000).as_bytes());
        }
        out.into_boxed_slice()
    }
}

/// What the contract allows, of what was billed and paid: never more than billed.
fn allowed(billed: i64, paid: i64) -> i64 {
    let allowed = (paid.abs() * 100 / PAID_OF_ALLOWED).min(billed.abs());
    if paid < 0 { -allowed } else { allowed }
}
