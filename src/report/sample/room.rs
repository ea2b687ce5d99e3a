//! How many lines of each rule have room in the sample.

use crate::rules::{CATALOGUE, Weight};

/// Of a rule that refers its lines no more are taken, unless all flagged lines are.
const MOST_REFERRED: u64 = 10;

/// How many lines at most are taken of each rule, in catalogue order, where it names
/// so many.
///
/// No number of these grows when more lines are named, so that a worker who has seen
/// some of them may leave what is beyond: once all lines have no room they never have
/// again, and what then counts of each rule (all, or ten at most) does not become less;
/// the more of it there is, the lower the level up to which all may be taken.
pub(super) fn room(named: &[u64], lines: u64) -> Vec<u64> {
    let referred = |at: usize| CATALOGUE.get(at).is_some_and(|rule| rule.weight == Weight::Refer);
    if named.iter().sum::<u64>() <= lines {
        return vec![u64::MAX; named.len()];
    }
    let most = named.iter().enumerate().map(|(at, _)| if referred(at) { MOST_REFERRED } else { u64::MAX });
    let most: Vec<u64> = most.collect();
    let counted: Vec<u64> = named.iter().zip(&most).map(|(named, most)| *named.min(most)).collect();
    let level = most_of_each(&counted, lines);
    most.into_iter().map(|most| most.min(level)).collect()
}

/// How many lines at most are taken of each stratum, so that all are taken, or as
/// many as may be.
fn most_of_each(strata: &[u64], lines: u64) -> u64 {
    let mut small: Vec<u64> = strata.iter().copied().filter(|lines| *lines > 0).collect();
    small.sort_unstable();
    let mut left = lines;
    for (before, stratum) in small.iter().enumerate() {
        let share = left / (small.len() - before) as u64;
        if *stratum > share {
            // One of each is worth a few more than were asked for.
            return share.max(lines.min(1));
        }
        left -= stratum;
    }
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::super::chance;
    use super::*;
    use crate::rules::RuleId;

    #[test]
    fn small_strata_are_taken_whole_and_others_alike() {
        for (strata, lines, most) in [
            (&[][..], 10, u64::MAX),
            (&[3, 4], 10, u64::MAX),
            (&[3, 7], 10, u64::MAX),
            (&[3, 8], 10, 7),
            (&[0, 100, 100, 2], 10, 4),
            (&[100; 30], 10, 1),
            (&[100; 30], 0, 0),
        ] {
            assert_eq!(most_of_each(strata, lines), most, "{strata:?}");
        }
    }

    #[test]
    fn few_of_what_is_referred_are_taken_and_the_rest_goes_to_others() {
        let place = |code| CATALOGUE.iter().position(|rule| rule.id == RuleId::from_code(code).unwrap()).unwrap();
        let [denied, pended, referred] = ["COV001", "REV001", "PGM001"].map(place);
        for (lines, flagged, taken) in [
            (300, [100, 100, 100], [100, 100, 100]),
            (299, [100, 100, 100], [100, 100, 10]),
            (110, [100, 100, 100], [50, 50, 10]),
            (110, [100, 20, 100], [80, 20, 10]),
            (15, [100, 100, 100], [5, 5, 5]),
            (15, [100, 100, 2], [6, 6, 2]),
            (100, [0, 0, 1_000], [0, 0, 10]),
        ] {
            let mut named = vec![0; CATALOGUE.len()];
            let mut most = vec![u64::MAX; CATALOGUE.len()];
            // More lines of any rule leave no more room for another.
            for seen in [8, 4, 2, 1] {
                [denied, pended, referred].into_iter().zip(flagged).for_each(|(at, lines)| named[at] = lines / seen);
                let room = room(&named, lines);
                assert!(room.iter().zip(&most).all(|(now, before)| now <= before), "{lines} of {flagged:?}");
                most = room;
            }
            let took = [denied, pended, referred].map(|at| named[at].min(most[at]));
            assert_eq!(took, taken, "{lines} of {flagged:?}");
        }
    }

    #[test]
    fn no_line_that_is_seen_makes_room() {
        for lines in [0, 1, 7, 40, 100] {
            for seed in 0..20 {
                let mut named = vec![0; CATALOGUE.len()];
                let mut before = room(&named, lines);
                for line in 0..300 {
                    // Some rules name most of the lines.
                    let rule = chance(seed, line) % (1 + chance(seed, line + 1_000) % CATALOGUE.len() as u64);
                    named[usize::try_from(rule).unwrap()] += 1 + chance(seed, line + 2_000) % 8;
                    let now = room(&named, lines);
                    assert!(now.iter().zip(&before).all(|(now, before)| now <= before), "{seed}: {named:?}");
                    before = now;
                }
            }
        }
    }
}
