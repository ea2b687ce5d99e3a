//! A block of claims: a fixed number of lines, a fixed number of them in scope.

use super::draft::Draft;
use super::maker::Maker;
use super::plan::Plan;
use super::rng::fixed;

/// Where a file has lines of both kinds, a claim in scope has other lines beside:
/// at most this share of those behind its first.
const MOST_COMPANIONS: f64 = 0.6;

/// How many claims of an earlier block can be repeated, and how many are looked
/// through for them.
const DISTANT: usize = 8;
const LOOKED_THROUGH: u32 = 400;

/// One block, claim by claim.
pub(super) struct Block<'p> {
    maker: Maker<'p>,
    /// Lines still to be made.
    lines: u32,
    /// Those of them that are to be in scope.
    in_scope: u32,
    /// The number of the next line in the file, from 1.
    next_line: u64,
    draft: Draft<'p>,
}

impl<'p> Block<'p> {
    /// The block of a number.
    pub(super) fn new(plan: &'p Plan<'p>, number: u64) -> Self {
        let mut block = Self::alone(plan, number);
        // Some claims come again a long way behind: give this block a few of an
        // earlier one. Only where claims in scope are frequent enough to be found
        // at once.
        if number > 0 && block.in_scope >= 50 {
            // Not from the block's own stream: others look this block through
            // without knowing of its past.
            let back = 1 + u64::from(fixed(plan.seed ^ number, 40));
            block.maker.history.distant = Self::alone(plan, number.saturating_sub(back)).repeatable();
        }
        block
    }

    /// A block that knows no other.
    fn alone(plan: &'p Plan<'p>, number: u64) -> Self {
        let lines = plan.lines_of(number);
        let count = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        Self {
            maker: Maker::new(plan, number),
            lines: count(lines.end - lines.start),
            in_scope: count(plan.in_scope_of(number)),
            next_line: lines.start + 1,
            draft: Draft::default(),
        }
    }

    /// The first claims of the block that can be repeated elsewhere.
    fn repeatable(mut self) -> Vec<Draft<'p>> {
        for _ in 0..LOOKED_THROUGH {
            if self.next().is_none() || self.maker.history.len() >= DISTANT {
                break;
            }
        }
        self.maker.history.into_claims()
    }

    /// The next claim; `None` behind the last one.
    pub(super) fn next(&mut self) -> Option<&Draft<'p>> {
        if self.lines == 0 {
            return None;
        }
        self.draft.clear();
        self.draft.id = self.next_line;
        self.maker.at(self.next_line);
        let others = self.lines - self.in_scope;
        let wanted = self.maker.lines_of_a_claim().min(self.lines);
        let share_of_others = f64::from(others) / f64::from(self.lines);
        let companions = (1.5 * share_of_others).min(MOST_COMPANIONS);
        if self.maker.rng.below(1_000_000) < millionths(self.claims_in_scope(share_of_others, companions)) {
            let beside = (1..wanted).filter(|_| self.maker.rng.below(1_000_000) < millionths(companions)).count();
            let beside = u32::try_from(beside).unwrap_or(0);
            let most = (wanted - beside).min(self.in_scope).max(1);
            self.maker.in_scope(&mut self.draft, most);
            self.in_scope -= self.draft.len().min(self.in_scope);
            // A claim that is taken back has its lines already.
            if self.draft.id == self.next_line {
                self.maker.companions(&mut self.draft, beside.min(others));
            }
        } else {
            self.maker.everyday(&mut self.draft, wanted.min(others));
        }
        let made = self.draft.len();
        self.lines -= made.min(self.lines);
        self.next_line += u64::from(made);
        Some(&self.draft)
    }

    /// How many of the next claims are to be in scope, so that the rest of the
    /// block gets its share of lines.
    fn claims_in_scope(&self, share_of_others: f64, companions: f64) -> f64 {
        if self.in_scope == 0 {
            return 0.0;
        }
        if self.in_scope == self.lines {
            return 1.0;
        }
        // Of three lines, the usual number, two can be other ones.
        (1.0 - share_of_others) / (1.0 - companions * 2.0 / 3.0)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and a million.
fn millionths(share: f64) -> u32 {
    (share * 1_000_000.0).clamp(0.0, 1_000_000.0) as u32
}
