//! How many rejected rows a run may have before whoever runs it is told.

use std::fmt;
use std::str::FromStr;

use super::RowCounts;

/// The most rejected rows: so many, or a share of the rows that are not out of scope.
///
/// Nearly all rows of a feed are out of scope and cannot be rejected but for their
/// shape: as a share of all rows, even the loss of every line in scope would be small.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RejectLimit {
    /// So many rows.
    Rows(u64),
    /// So many millionths of the rows that are not out of scope.
    Share(u32),
}

/// A text that is no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a limit of rejects is a number of rows, such as 100, or a share of at most 100%, such as 0.5%")]
pub struct NoRejectLimit;

/// Millionths in a hundredth.
const PERCENT: u32 = 10_000;

impl RejectLimit {
    /// Whether a run with these counts has more rejects.
    #[must_use]
    pub fn is_exceeded_by(self, counts: &RowCounts) -> bool {
        match self {
            Self::Rows(rows) => counts.rejected > rows,
            Self::Share(share) => {
                let of = u128::from(counts.rows - counts.out_of_scope);
                u128::from(counts.rejected) * u128::from(100 * PERCENT) > of * u128::from(share)
            }
        }
    }
}

impl FromStr for RejectLimit {
    type Err = NoRejectLimit;

    fn from_str(text: &str) -> Result<Self, NoRejectLimit> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten().ok_or(NoRejectLimit)
        };
        let Some(share) = text.trim().strip_suffix('%') else { return number(text.trim()).map(Self::Rows) };
        let (whole, part) = share.trim_end().split_once('.').unwrap_or((share.trim_end(), "0"));
        if part.len() > 4 {
            return Err(NoRejectLimit);
        }
        let millionths = number(whole)?
            .checked_mul(PERCENT.into())
            .and_then(|millionths| Some(millionths + number(&format!("{part:0<4}")).ok()?))
            .filter(|millionths| (1..=4).contains(&part.len()) && *millionths <= (100 * PERCENT).into());
        let millionths = millionths.and_then(|millionths| u32::try_from(millionths).ok());
        millionths.map(Self::Share).ok_or(NoRejectLimit)
    }
}

impl fmt::Display for RejectLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(rows) => write!(f, "{rows}"),
            Self::Share(share) => {
                let text = format!("{}.{:04}", share / PERCENT, share % PERCENT);
                write!(f, "{}%", text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(text: &str) -> RejectLimit {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    #[test]
    fn limits_are_rows_or_shares() {
        for (text, shown) in
            [("0", "0"), ("100", "100"), ("0.5%", "0.5%"), ("1 %", "1%"), ("100%", "100%"), ("00.0001%", "0.0001%")]
        {
            assert_eq!(limit(text).to_string(), shown, "{text}");
        }
        for text in [
            "",
            "%",
            "-1",
            "+1",
            "0.5",
            "101%",
            "100.0001%",
            "1.%",
            ".5%",
            "1.00001%",
            "1e3",
            "5%%",
            "18446744073709551616",
        ] {
            assert_eq!(text.parse::<RejectLimit>(), Err(NoRejectLimit), "{text}");
        }
    }

    #[test]
    fn a_share_is_of_what_is_not_out_of_scope_and_exact() {
        let counts = |rejected, decided| RowCounts {
            rows: 1_000 + decided + rejected,
            out_of_scope: 1_000,
            superseded: 0,
            decided,
            rejected,
        };
        assert!(!limit("0.5%").is_exceeded_by(&counts(1, 199)));
        assert!(limit("0.5%").is_exceeded_by(&counts(1, 198)));
        assert!(limit("99.9999%").is_exceeded_by(&counts(3, 0)));
        assert!(!limit("100%").is_exceeded_by(&counts(3, 0)));
        assert!(!limit("0%").is_exceeded_by(&counts(0, 0)));
        assert!(limit("0").is_exceeded_by(&counts(1, 9)));
        assert!(!limit("1").is_exceeded_by(&counts(1, 9)));
    }
}
