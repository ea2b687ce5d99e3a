//! Members, providers, and what is fixed for each of them.

use super::background::Background;
use super::rng::{Rng, Weighted, fixed, mix, zipf};
use crate::policy::{PolicyIndex, Program};

/// Lines a member has on average, over the years.
const LINES_A_MEMBER: u64 = 12;
/// Lines a provider has on average.
const LINES_A_PROVIDER: u64 = 2_000;
/// Of all providers, one in so many does what is in scope.
const PROVIDERS_A_SPECIALIST: u32 = 4;

/// Different uses of [`fixed`] for one thing must not go together.
const LINE_OF_BUSINESS: u64 = 1 << 40;
const STYLE: u64 = 2 << 40;
const CHARGE: u64 = 3 << 40;
const CHECK: u64 = 4 << 40;

/// A line of business as claim files write it.
pub(super) struct Business {
    /// The text.
    pub(super) text: String,
    /// The program that it means.
    pub(super) program: Program,
}

/// How a provider writes diagnoses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// Capitals, with the dot.
    Dotted,
    /// Capitals, without the dot.
    Plain,
    /// Small letters, without the dot.
    Lower,
}

/// Everybody.
pub(super) struct Population {
    members: u32,
    providers: Weighted<u32>,
    specialists: Weighted<u32>,
    businesses: Weighted<Business>,
}

impl Population {
    /// As many as a file of so many lines needs.
    pub(super) fn new(lines: u64, background: &Background, index: &PolicyIndex) -> Self {
        let scaled = |per: u64, least: u64| u32::try_from((lines / per).max(least)).unwrap_or(u32::MAX);
        let providers = scaled(LINES_A_PROVIDER, 24).min(1 << 20);
        let lines_of_business = &background.lines_of_business;
        let businesses = lines_of_business.pairs().map(|(text, weight)| {
            let program = index.programs().find(text).unwrap_or(Program::Commercial);
            (Business { text: text.clone(), program }, weight)
        });
        Self {
            members: scaled(LINES_A_MEMBER, 60),
            providers: zipf(providers),
            specialists: zipf(providers / PROVIDERS_A_SPECIALIST),
            businesses: Weighted::new(businesses),
        }
    }

    /// A member.
    pub(super) fn member(&self, rng: &mut Rng) -> u32 {
        rng.below(self.members)
    }

    /// What a member is insured with.
    pub(super) fn business_of(&self, member: u32) -> Option<&Business> {
        self.businesses.fixed(LINE_OF_BUSINESS | u64::from(member))
    }

    /// A provider of everyday claims.
    pub(super) fn provider(&self, rng: &mut Rng) -> u32 {
        self.providers.pick(rng).copied().unwrap_or(0)
    }

    /// Every provider of what is in scope and its weight, the largest first.
    pub(super) fn specialists(&self) -> impl Iterator<Item = (u32, u32)> {
        self.specialists.pairs().map(|(place, weight)| (place.saturating_mul(PROVIDERS_A_SPECIALIST), weight))
    }

    /// A provider of what is in scope.
    pub(super) fn specialist(&self, rng: &mut Rng) -> u32 {
        self.specialists.pick(rng).copied().unwrap_or(0).saturating_mul(PROVIDERS_A_SPECIALIST)
    }
}

/// How a provider writes diagnoses.
pub(super) fn style_of(provider: u32) -> Style {
    match fixed(STYLE | u64::from(provider), 100) {
        0..=74 => Style::Dotted,
        75..=95 => Style::Plain,
        _ => Style::Lower,
    }
}

/// Six tenths to twice of what is typical: how charges differ.
const USUAL_PERCENT: (u32, u32) = (60, 199);

/// What a provider bills for one unit of a code, in cents: always the same.
pub(super) fn charge_of(provider: u32, code: &str, typical: u32) -> i64 {
    charge_within(USUAL_PERCENT, provider, code, typical)
}

/// The same for a provider that bills from so many to so many percent of what is
/// typical.
pub(super) fn charge_within((low, high): (u32, u32), provider: u32, code: &str, typical: u32) -> i64 {
    let code = code.bytes().fold(0, |key, byte| mix(key ^ u64::from(byte)));
    let key = mix(CHARGE | u64::from(provider)) ^ code;
    let percent = low.saturating_add(fixed(key, high.saturating_sub(low).saturating_add(1)));
    let cents = i64::from(typical) * i64::from(percent);
    // Many list prices are whole dollars.
    if fixed(key ^ 1, 2) == 0 { cents + i64::from(fixed(key ^ 2, 60)) } else { (cents / 100).max(1) * 100 }
}

/// The number of a claim: where it begins in the file, and two digits that tell
/// nothing, as payers' check digits do not.
pub(super) fn claim_number(first_line: u64) -> u64 {
    first_line.saturating_mul(100).saturating_add(u64::from(fixed(CHECK ^ first_line, 100)))
}

/// A number of ten digits that looks like a provider's and is nobody's: its last
/// digit is not the one that the NPI's checksum asks for.
pub(super) fn npi_of(provider: u32) -> u64 {
    // The factor has no divisor in common with ten: each provider has its own.
    let nine = 100_000_000 + u64::from(provider) * 7_368_787 % 100_000_000;
    // The checksum (Luhn) counts the prefix 80840 as 24.
    let mut sum = 24;
    let mut rest = nine;
    let mut doubled = true;
    while rest > 0 {
        let digit = if doubled { rest % 10 * 2 } else { rest % 10 };
        sum += digit / 10 + digit % 10;
        doubled = !doubled;
        rest /= 10;
    }
    let right = (10 - sum % 10) % 10;
    nine * 10 + (right + 5) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_provider_is_a_real_one() {
        // The worked example of the NPI standard: 1234567893 is right.
        assert_eq!(check(1_234_567_893), 0);
        let numbers: std::collections::BTreeSet<_> = (0..20_000).map(npi_of).collect();
        assert_eq!(numbers.len(), 20_000);
        assert!(numbers.iter().all(|npi| check(*npi) != 0 && npi.to_string().len() == 10));
    }

    fn check(npi: u64) -> u64 {
        let digits = npi.to_string().into_bytes();
        let sum: u64 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u64::from(digit - b'0') << (place % 2);
                digit / 10 + digit % 10
            })
            .sum();
        (sum + 24) % 10
    }

    #[test]
    fn a_provider_bills_a_code_alike() {
        let charge = charge_of(12, "X1234", 200);
        assert_eq!(charge, charge_of(12, "X1234", 200));
        assert!((0..500).all(|provider| (12_000..40_000).contains(&charge_of(provider, "X1234", 200))));
        assert!((0..50).any(|provider| charge_of(provider, "X1234", 200) != charge));
    }
}
