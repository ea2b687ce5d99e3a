//! Work done side by side, results handed over in order.
//!
//! Jobs are drawn one at a time and numbered; any worker takes the next; results
//! wait until it is their turn. Workers never run further ahead than a window, so
//! memory stays bounded however slow one job is. Where there is one worker it does a
//! job, the result is handed over, and then it does the next: one thread keeps one
//! core busy, not two.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::ThreadPool;

use super::RunError;

struct Shared<S, R> {
    source: Mutex<Drawn<S>>,
    results: Mutex<Results<R>>,
    changed: Condvar,
}

struct Drawn<S> {
    draw: S,
    next: u64,
    exhausted: bool,
}

struct Results<R> {
    waiting: BTreeMap<u64, Result<R, RunError>>,
    /// The number of the result whose turn it is.
    turn: u64,
    /// How many jobs there are, once the source is exhausted.
    total: Option<u64>,
    stopped: bool,
}

/// Draws jobs from `draw` until it has no more, has `work` done on the pool's
/// threads, and gives the results to `take` in the order in which they were
/// drawn. `take` runs on the calling thread.
///
/// # Errors
///
/// The first error in that order; a panic is one, wherever it was. What was drawn
/// later is dropped.
pub(super) fn in_order<J, R: Send>(
    pool: &ThreadPool,
    draw: impl FnMut() -> Result<Option<J>, RunError> + Send,
    work: impl Fn(J) -> Result<R, RunError> + Sync,
    mut take: impl FnMut(R) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let workers = pool.current_num_threads();
    if workers == 1 {
        return in_turns(pool, draw, work, take);
    }
    let window = 2 * workers as u64 + 2;
    let shared = Shared {
        source: Mutex::new(Drawn { draw, next: 0, exhausted: false }),
        results: Mutex::new(Results { waiting: BTreeMap::new(), turn: 0, total: None, stopped: false }),
        changed: Condvar::new(),
    };
    let shared = &shared;
    let work = &work;
    pool.in_place_scope(|scope| {
        for _ in 0..workers {
            scope.spawn(move |_| while shared.turn_a_job(window, work) {});
        }
        // The scope waits for the workers, and they for their turn: whatever becomes
        // of `take`, they must hear of it.
        let outcome = guard(|| shared.hand_over(&mut take));
        shared.stop();
        outcome
    })
}

/// The same with one worker, which waits while its results are taken.
fn in_turns<J, R: Send>(
    pool: &ThreadPool,
    mut draw: impl FnMut() -> Result<Option<J>, RunError> + Send,
    work: impl Fn(J) -> Result<R, RunError> + Sync,
    mut take: impl FnMut(R) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let work = &work;
    let mut next = || guard(|| draw()?.map(work).transpose());
    while let Some(result) = pool.install(&mut next)? {
        guard(|| take(result))?;
    }
    Ok(())
}

impl<J, R, S: FnMut() -> Result<Option<J>, RunError>> Shared<S, R> {
    /// Draws and does one job; says whether there may be another.
    fn turn_a_job(&self, window: u64, work: &impl Fn(J) -> Result<R, RunError>) -> bool {
        let mut source = lock(&self.source);
        if source.exhausted || !self.wait_for_room(source.next, window) {
            return false;
        }
        let number = source.next;
        let drawn = guard(|| (source.draw)());
        match drawn {
            Ok(Some(job)) => {
                source.next += 1;
                drop(source);
                self.put(number, guard(|| work(job)), None);
                true
            }
            Ok(None) => {
                source.exhausted = true;
                drop(source);
                let mut results = lock(&self.results);
                results.total = Some(number);
                self.changed.notify_all();
                false
            }
            Err(error) => {
                source.exhausted = true;
                drop(source);
                self.put(number, Err(error), Some(number + 1));
                false
            }
        }
    }

    /// Waits until the job of this number is within the window; false where the
    /// run has stopped.
    fn wait_for_room(&self, number: u64, window: u64) -> bool {
        let mut results = lock(&self.results);
        while !results.stopped && number >= results.turn + window {
            results = self.changed.wait(results).unwrap_or_else(PoisonError::into_inner);
        }
        !results.stopped
    }

    fn put(&self, number: u64, result: Result<R, RunError>, total: Option<u64>) {
        let mut results = lock(&self.results);
        results.waiting.insert(number, result);
        results.total = total.or(results.total);
        self.changed.notify_all();
    }

    fn hand_over(&self, take: &mut impl FnMut(R) -> Result<(), RunError>) -> Result<(), RunError> {
        loop {
            let mut results = lock(&self.results);
            let result = loop {
                let turn = results.turn;
                if results.total == Some(turn) {
                    return Ok(());
                }
                if let Some(result) = results.waiting.remove(&turn) {
                    results.turn += 1;
                    self.changed.notify_all();
                    break result;
                }
                results = self.changed.wait(results).unwrap_or_else(PoisonError::into_inner);
            };
            drop(results);
            take(result?)?;
        }
    }

    fn stop(&self) {
        lock(&self.results).stopped = true;
        self.changed.notify_all();
    }
}

/// A poisoned lock still holds sound values: panics are caught before they could
/// leave anything half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Turns a panic into an error that says where, and nothing of the data.
fn guard<T>(work: impl FnOnce() -> Result<T, RunError>) -> Result<T, RunError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(RunError::Defect("a panic; see the line before".to_owned())))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn results_come_in_order_and_none_is_lost() {
        for threads in [1, 2, 8] {
            let mut next = 0_u64;
            let mut seen = Vec::new();
            let draw = || {
                next += 1;
                Ok((next <= 1000).then_some(next))
            };
            let work = |job: u64| {
                if job.is_multiple_of(7) {
                    std::thread::yield_now();
                }
                Ok(job * 2)
            };
            in_order(&pool(threads), draw, work, |result| {
                seen.push(result);
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, (1..=1000).map(|job| job * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_is_an_error_and_ends_the_work() {
        for threads in [1, 2] {
            let mut next = 0;
            let draw = || {
                next += 1;
                Ok(Some(next))
            };
            let work = |job: i32| if job == 50 { panic!("made for the test") } else { Ok(job) };
            let outcome = in_order(&pool(threads), draw, work, |_| Ok(()));
            assert!(matches!(outcome, Err(RunError::Defect(_))));
        }
    }

    #[test]
    fn one_worker_has_no_result_waiting_when_it_draws() {
        let waiting = std::sync::atomic::AtomicU32::new(0);
        let mut next = 0;
        let draw = || {
            next += 1;
            assert_eq!(waiting.load(std::sync::atomic::Ordering::SeqCst), 0);
            Ok((next <= 100).then_some(()))
        };
        let work = |()| {
            waiting.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        };
        in_order(&pool(1), draw, work, |()| {
            waiting.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        })
        .unwrap();
    }

    /// What becomes of work without end whose third result is taken like this;
    /// `None` where it does not end.
    fn ended_by(threads: usize, third: fn() -> Result<(), RunError>) -> Option<Result<(), RunError>> {
        let (told, outcome) = channel();
        std::thread::spawn(move || {
            let mut taken = 0;
            let outcome = in_order(
                &pool(threads),
                || Ok(Some(())),
                Ok,
                |()| {
                    taken += 1;
                    if taken == 3 { third() } else { Ok(()) }
                },
            );
            told.send(outcome)
        });
        outcome.recv_timeout(Duration::from_mins(1)).ok()
    }

    #[test]
    fn work_without_end_is_ended_by_whoever_takes_the_results() {
        for threads in [1, 2] {
            assert!(matches!(ended_by(threads, || panic!("made for the test")), Some(Err(RunError::Defect(_)))));
            let refused = ended_by(threads, || Err(RunError::TooManyLines { limit: 3 }));
            assert!(matches!(refused, Some(Err(RunError::TooManyLines { limit: 3 }))));
        }
    }
}
