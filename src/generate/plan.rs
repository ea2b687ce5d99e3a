//! What is decided before the first claim: everything that blocks share.

use std::ops::Range;

use super::background::Background;
use super::catalogue::Catalogue;
use super::outliers::Outliers;
use super::pool::Pool;
use super::population::Population;
use super::profile::Rates;
use super::window::Window;
use super::{GenerateError, GenerateOptions};
use crate::icd10::Icd10;
use crate::policy::PolicyIndex;

/// Lines that are made from one stream of chance, independently of all others.
/// Part of what a seed means: another number gives other claims.
pub(super) const LINES_OF_A_BLOCK: u64 = 25_000;

/// Shared by all blocks, changed by none.
pub(super) struct Plan<'i> {
    pub(super) seed: u64,
    pub(super) lines: u64,
    share: f64,
    pub(super) clinical: bool,
    pub(super) icd10: &'i Icd10,
    pub(super) window: Window,
    pub(super) background: Background,
    pub(super) rates: Rates,
    pub(super) population: Population,
    pub(super) pool: Pool<'i>,
    pub(super) catalogue: Catalogue<'i>,
    pub(super) outliers: Outliers,
}

impl<'i> Plan<'i> {
    pub(super) fn new(options: &GenerateOptions, index: &'i PolicyIndex) -> Result<Self, GenerateError> {
        let share = options.in_scope;
        if !(0.0..=1.0).contains(&share) {
            return Err(GenerateError::Share(share));
        }
        let background = Background::load(index)?;
        let window = Window::of(options, index)?;
        let mut catalogue = Catalogue::new(index, window, &background);
        if share > 0.0 && catalogue.all.is_empty() {
            return Err(GenerateError::NothingInScope);
        }
        // Everyday codes are those of all days, as far as the table knows them.
        let mut known = window;
        if options.has_span() {
            catalogue.keep_within(window);
            known = window.within(index.table().first_day(), None).unwrap_or(window);
        }
        let mut plan = Self {
            seed: options.seed,
            lines: options.lines,
            share,
            clinical: options.clinical,
            icd10: index.table(),
            window,
            rates: Rates::load(options.profile)?,
            population: Population::new(options.lines, &background, index),
            pool: Pool::new(index.table(), known),
            catalogue,
            background,
            outliers: Outliers::default(),
        };
        plan.outliers = Outliers::choose(options.outliers, &plan)?;
        Ok(plan)
    }

    /// How many lines are in scope.
    pub(super) fn lines_in_scope(&self) -> u64 {
        self.in_scope_before(self.lines)
    }

    /// How many blocks there are.
    pub(super) fn blocks(&self) -> u64 {
        self.lines.div_ceil(LINES_OF_A_BLOCK)
    }

    /// The lines of a block, counted from 0.
    pub(super) fn lines_of(&self, block: u64) -> Range<u64> {
        let first = block.saturating_mul(LINES_OF_A_BLOCK);
        first.min(self.lines)..first.saturating_add(LINES_OF_A_BLOCK).min(self.lines)
    }

    /// How many of a block's lines are in scope: all blocks together have the
    /// share that was asked for, to the line.
    pub(super) fn in_scope_of(&self, block: u64) -> u64 {
        let lines = self.lines_of(block);
        self.in_scope_before(lines.end).saturating_sub(self.in_scope_before(lines.start))
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn in_scope_before(&self, line: u64) -> u64 {
        // One product and one rounding: IEEE 754 leaves no machine a choice.
        (line as f64 * self.share).round() as u64
    }
}
