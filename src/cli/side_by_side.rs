//! Work on many things at a time, with an outcome as if it were one at a time.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Does `work` on each of so many places, by so many threads (0: one for each
/// core), of which the caller is one. Results are in order; of several errors, the
/// first in order is returned.
pub(crate) fn each<T: Send, E: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let threads = if threads == 0 { thread::available_parallelism().map_or(1, usize::from) } else { threads };
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Places are taken in order, so that those before an error are all done.
    let worker = || {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= count {
                break;
            }
            let result = work(place);
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.push((place, result));
        }
        done
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(worker)).collect();
        let mut all = worker();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_are_in_order_whatever_the_threads() {
        for threads in [0, 1, 2, 7] {
            let squares = each(100, threads, |place| Ok::<_, ()>(place * place)).unwrap();
            assert!(squares.into_iter().eq((0..100).map(|place| place * place)), "{threads}");
        }
        assert_eq!(each(0, 4, |_| Ok::<_, ()>(())), Ok(Vec::new()));
    }

    #[test]
    fn the_first_error_is_told_even_if_a_later_one_is_sooner() {
        let work = |place: usize| {
            thread::sleep(Duration::from_millis(if place == 3 { 30 } else { 0 }));
            if place >= 3 { Err(place) } else { Ok(()) }
        };
        for threads in [1, 4] {
            assert_eq!(each(100, threads, work), Err(3));
        }
    }

    #[test]
    #[should_panic(expected = "place 5")]
    fn a_panic_goes_on() {
        let _ = each(100, 3, |place| if place == 5 { panic!("place {place}") } else { Ok::<_, ()>(()) });
    }
}
