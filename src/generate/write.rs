//! From blocks to bytes: blocks are made on all threads and written in order.

use std::mem;
use std::ops::Range;

use rayon::prelude::*;

use super::block::Block;
use super::draft::{Draft, Line};
use super::outliers::Count;
use super::plan::{LINES_OF_A_BLOCK, Plan};
use super::{GenerateError, Generated};

/// What a block becomes before it is written.
pub(super) trait Part: Send {
    /// Nothing yet; with or without the columns of clinical facts.
    fn new(clinical: bool) -> Self;

    /// Adds a line of a claim.
    fn push(&mut self, claim: &Draft<'_>, line: &Line<'_>);
}

/// Where parts go.
pub(super) trait Sink: Send {
    /// What it takes.
    type Part: Part;

    /// How many blocks it takes at once, at most.
    const BLOCKS: u64;

    /// Writes the parts of neighbouring blocks.
    fn write(&mut self, parts: Vec<Self::Part>) -> Result<(), GenerateError>;

    /// Writes what belongs behind the last one.
    fn finish(self) -> Result<(), GenerateError>;
}

/// Makes every block and writes it.
pub(super) fn write_all<S: Sink>(
    plan: &Plan<'_>,
    mut sink: S,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Generated, GenerateError> {
    let mut made = Vec::new();
    let mut next = 0;
    let mut lines_in_scope = 0;
    let mut counts = plan.outliers.no_counts();
    loop {
        let blocks = next..(next + S::BLOCKS).min(plan.blocks());
        // While some are written, the next ones are made: two groups of blocks are
        // all that is ever in memory.
        let waiting = mem::take(&mut made);
        let (parts, written) = rayon::join(|| make::<S::Part>(plan, blocks.clone()), || sink.write(waiting));
        written?;
        progress((next * LINES_OF_A_BLOCK).min(plan.lines));
        if parts.is_empty() {
            break;
        }
        for (part, in_scope, part_counts) in parts {
            made.push(part);
            lines_in_scope += in_scope;
            counts.iter_mut().zip(part_counts).for_each(|(count, part)| count.add(part));
        }
        next = blocks.end;
    }
    sink.finish()?;
    Ok(Generated { lines: plan.lines, in_scope: lines_in_scope, outliers: plan.outliers.truth(&counts) })
}

fn make<P: Part>(plan: &Plan<'_>, blocks: Range<u64>) -> Vec<(P, u64, Vec<Count>)> {
    let make = |number| {
        let mut part = P::new(plan.clinical);
        let mut in_scope = 0;
        let mut counts = plan.outliers.no_counts();
        let mut next_line = plan.lines_of(number).start + 1;
        let mut block = Block::new(plan, number);
        while let Some(claim) = block.next() {
            for line in &claim.lines {
                part.push(claim, line);
                in_scope += u64::from(line.in_scope);
            }
            plan.outliers.count(claim, claim.id == next_line, &mut counts);
            next_line += u64::from(claim.len());
        }
        (part, in_scope, counts)
    };
    blocks.into_par_iter().map(make).collect()
}
