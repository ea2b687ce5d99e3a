//! Lists as far as a page has room: what matters most, and the rest as one.

use std::cmp::{Ordering, Reverse};

use serde::Serialize;

use crate::report::{AmountsSummary, DollarsSummary, FileSummary, GroupSummary};

/// A list as far as there is room.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Cut<'a, T> {
    pub(super) shown: Vec<&'a T>,
    /// How many are not shown.
    pub(super) left: usize,
    /// What those come to, where that can be said.
    rest: Option<T>,
}

/// The first of a list.
pub(in crate::report) fn first<T>(all: &[T], room: usize) -> Cut<'_, T> {
    Cut { shown: all.iter().take(room).collect(), left: all.len().saturating_sub(room), rest: None }
}

/// The first of a list, and what the others come to.
pub(in crate::report) fn first_and_rest<T>(all: &[T], room: usize, sum: impl FnOnce(&[&T]) -> Option<T>) -> Cut<'_, T> {
    let (shown, rest) = all.split_at(all.len().min(room));
    Cut { shown: shown.iter().collect(), left: rest.len(), rest: sum(&rest.iter().collect::<Vec<_>>()) }
}

/// The last of a list, and what the others come to.
pub(in crate::report) fn last_of<T>(all: &[T], room: usize, sum: impl FnOnce(&[&T]) -> Option<T>) -> Cut<'_, T> {
    let (rest, shown) = all.split_at(all.len().saturating_sub(room));
    Cut { shown: shown.iter().collect(), left: rest.len(), rest: sum(&rest.iter().collect::<Vec<_>>()) }
}

/// The first by a rank, in the order in which they stand, and what the others come to.
pub(in crate::report) fn largest_of<T>(
    all: &[T],
    room: usize,
    rank: impl Fn(&T, &T) -> Ordering,
    sum: impl FnOnce(&[&T]) -> Option<T>,
) -> Cut<'_, T> {
    let mut ranked: Vec<(usize, &T)> = all.iter().enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| rank(a, b));
    let rest = ranked.split_off(ranked.len().min(room));
    ranked.sort_by_key(|(place, _)| *place);
    let shown = ranked.into_iter().map(|(_, group)| group).collect();
    let rest: Vec<_> = rest.into_iter().map(|(_, group)| group).collect();
    Cut { shown, left: rest.len(), rest: sum(&rest) }
}

/// The last of groups.
pub(super) fn last(all: &[GroupSummary], room: usize) -> Cut<'_, GroupSummary> {
    last_of(all, room, sum)
}

/// The groups with the most exposure, then lines, in the order in which they stand.
pub(super) fn largest(all: &[GroupSummary], room: usize) -> Cut<'_, GroupSummary> {
    let size = |group: &GroupSummary| Reverse(group.amounts.lines);
    let rank = |a: &GroupSummary, b: &GroupSummary| {
        b.exposure.total_cmp(&a.exposure).then_with(|| (size(a), &a.key).cmp(&(size(b), &b.key)))
    };
    largest_of(all, room, rank, sum)
}

/// The first inputs.
pub(super) fn files(all: &[FileSummary], room: usize) -> Cut<'_, FileSummary> {
    first_and_rest(all, room, |rest| {
        rest.iter().copied().cloned().reduce(|mut sum, one| {
            sum.counts = sum.counts.plus(one.counts);
            add(&mut sum.dollars, &one.dollars);
            sum
        })
    })
}

/// Groups as one. Which rules name their lines is left out.
fn sum(groups: &[&GroupSummary]) -> Option<GroupSummary> {
    let mut sum = groups.iter().copied().cloned().reduce(|mut sum, one| {
        let AmountsSummary { lines, dollars } = &mut sum.amounts;
        *lines += one.amounts.lines;
        add(dollars, &one.amounts.dollars);
        sum.allow += one.allow;
        sum.deny += one.deny;
        sum.pend += one.pend;
        sum.refer += one.refer;
        sum.exposure += one.exposure;
        sum
    })?;
    sum.rules.clear();
    Some(sum)
}

fn add(sum: &mut DollarsSummary, one: &DollarsSummary) {
    sum.billed += one.billed;
    sum.paid += one.paid;
    sum.paid_unknown += one.paid_unknown;
    sum.billed_paid_unknown += one.billed_paid_unknown;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(key: &str, lines: u64, exposure: f64) -> GroupSummary {
        GroupSummary {
            key: key.to_owned(),
            amounts: AmountsSummary { lines, dollars: DollarsSummary::default() },
            allow: 0,
            deny: lines,
            pend: 0,
            refer: 0,
            exposure,
            rules: Vec::new(),
        }
    }

    #[test]
    fn what_matters_is_shown_and_the_rest_is_one() {
        let all = [group("a", 1, 0.0), group("b", 9, 5.0), group("c", 2, 0.0), group("d", 1, 7.0), group("e", 3, -1.0)];
        let keys = |cut: &Cut<'_, GroupSummary>| cut.shown.iter().map(|one| one.key.clone()).collect::<String>();
        let cut = largest(&all, 3);
        assert_eq!((keys(&cut), cut.left), ("bcd".to_owned(), 2));
        let rest = cut.rest.unwrap();
        assert_eq!((rest.amounts.lines, rest.deny), (4, 4));
        assert!((rest.exposure + 1.0).abs() < 1e-9);
        let cut = last(&all, 2);
        assert_eq!((keys(&cut), cut.left, cut.rest.unwrap().amounts.lines), ("de".to_owned(), 3, 12));
        for cut in [largest(&all, 5), last(&all, 9), first(&all, 5)] {
            assert_eq!((keys(&cut), cut.left, cut.rest.is_none()), ("abcde".to_owned(), 0, true));
        }
    }
}
