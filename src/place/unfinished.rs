//! What a program has begun to write and not finished.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::CheckpointFolder;
use super::checkpoint_folder::unless_gone;

/// What a program has begun to write and not finished, and what it has finished: a
/// value that whoever writes shares with whoever may be told to stop the program. It is
/// made by the one that knows both, and no global.
#[derive(Clone, Debug, Default)]
pub struct Unfinished(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    next: u64,
    begun: BTreeMap<u64, Begun>,
    finished: Vec<PathBuf>,
    resumable: Option<Resumable>,
}

/// What is kept of the work at hand if the program is stopped, for another one to go on from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resumable {
    /// The folder that it stands in.
    pub folder: CheckpointFolder,
    /// How many inputs are finished: where none is, what is kept is another run's.
    pub finished: usize,
    /// How many there are.
    pub of: usize,
}

/// What there is when the program has been stopped.
#[derive(Debug)]
pub struct Stopped {
    /// What was finished before.
    pub finished: Vec<PathBuf>,
    /// What could not be taken away.
    pub left: Vec<Begun>,
    /// What the next program can go on from.
    pub resumable: Option<Resumable>,
}

/// Something that goes away again unless it is finished.
#[derive(Debug)]
pub enum Begun {
    /// A file.
    File(PathBuf),
    /// A folder and what stands in it.
    Folder(PathBuf),
    /// A checkpoint in which nothing is finished, and what is ours in it.
    Checkpoint(CheckpointFolder),
    /// A folder that something else is to stand in: goes only while it is empty.
    Way(PathBuf),
}

impl Begun {
    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        match self {
            Self::File(path) | Self::Folder(path) | Self::Way(path) => path,
            Self::Checkpoint(folder) => folder.path(),
        }
    }

    /// Takes it away. That it is gone already is as well.
    fn remove(&self) -> io::Result<()> {
        let removed = match self {
            Self::File(path) => fs::remove_file(path),
            Self::Folder(path) => fs::remove_dir_all(path),
            Self::Checkpoint(folder) => folder.remove(),
            Self::Way(path) => fs::remove_dir(path).or(Ok(())),
        };
        removed.or_else(unless_gone)
    }
}

/// How often a folder is emptied into which somebody still writes.
const ATTEMPTS: u32 = 50;

impl Unfinished {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the list sound: entries come and go whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does a short piece of work that must not happen when the program has been
    /// stopped, such as giving a file its name.
    ///
    /// # Errors
    ///
    /// It has been stopped, or the work fails.
    pub fn unless_stopped<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.state().check().and_then(|_| work())
    }

    /// Makes something that goes away again unless it is finished.
    ///
    /// # Errors
    ///
    /// The program has been stopped, or it cannot be made.
    pub fn begin<T>(&self, new: impl FnOnce() -> io::Result<(Begun, T)>) -> io::Result<(Place, T)> {
        let mut state = self.state();
        let (begun, made) = state.check().and_then(|_| new())?;
        let number = state.next;
        state.next += 1;
        state.begun.insert(number, begun);
        Ok((Place { of: self.clone(), number }, made))
    }

    /// Takes away all that is not finished, the last first, and lets nothing be begun or
    /// finished from now on: the program is about to end.
    #[must_use]
    pub fn stop(&self) -> Stopped {
        let mut state = self.state();
        state.stopped = true;
        let mut left = Vec::new();
        while let Some((_, begun)) = state.begun.pop_last() {
            let mut removed = begun.remove();
            for _ in 1..ATTEMPTS {
                if removed.is_ok() {
                    break;
                }
                // A file that another thread was making when the folder was looked at.
                thread::sleep(Duration::from_millis(5));
                removed = begun.remove();
            }
            if removed.is_err() {
                left.push(begun);
            }
        }
        let mut finished = std::mem::take(&mut state.finished);
        // Some are finished within a folder that was to go away with them.
        finished.retain(|path| path.exists());
        // It may just have gone with what was to replace it.
        let mut resumable = state.resumable.take().filter(|kept| kept.folder.has_head());
        if let Some(Resumable { folder, .. }) = &resumable {
            finished.retain(|path| !path.starts_with(folder.path()));
            // The work is done: there is nothing to go on with.
            if !finished.is_empty() {
                let folder = Begun::Checkpoint(folder.clone());
                left.extend(folder.remove().is_err().then_some(folder));
                resumable = None;
            }
        }
        Stopped { finished, left, resumable }
    }

    /// Says what is kept of the work at hand if the program is stopped.
    pub fn set_resumable(&self, resumable: Option<Resumable>) {
        self.state().resumable = resumable;
    }

    /// What is kept of the work at hand if the program is stopped.
    #[must_use]
    pub fn resumable(&self) -> Option<Resumable> {
        self.state().resumable.clone().filter(|kept| kept.folder.has_head())
    }
}

impl State {
    fn check(&self) -> io::Result<&Self> {
        if self.stopped { Err(io::Error::other("the program has been stopped")) } else { Ok(self) }
    }
}

/// The place of something unfinished. Dropped, it takes that away.
#[derive(Debug)]
pub struct Place {
    of: Unfinished,
    number: u64,
}

impl Place {
    /// Lets `put` put it where it belongs, in one step. Where `put` says so, what stood
    /// there stands at the path it gives, and is what goes away from now on.
    ///
    /// # Errors
    ///
    /// The program has been stopped, or the system says no: then it is unfinished still.
    pub fn finish(&self, target: &Path, put: impl FnOnce() -> io::Result<Option<PathBuf>>) -> io::Result<()> {
        let mut state = self.of.state();
        let old = state.check().and_then(|_| put())?;
        state.finished.push(target.to_owned());
        match old {
            Some(old) => drop(state.begun.insert(self.number, Begun::Folder(old))),
            None => drop(state.begun.remove(&self.number)),
        }
        Ok(())
    }

    /// Lets `put` put it among what is kept of the work at hand, in one step with what is told of
    /// that. What it stands in, if that was to go away again, is kept as well.
    ///
    /// # Errors
    ///
    /// The program has been stopped, or the system says no: then it is unfinished still.
    pub fn finish_in(
        self,
        folder: Option<&Self>,
        kept: Resumable,
        put: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let mut state = self.of.state();
        state.check().and_then(|_| put())?;
        state.begun.remove(&self.number);
        if let Some(folder) = folder {
            state.begun.remove(&folder.number);
        }
        state.resumable = Some(kept);
        Ok(())
    }

    /// Keeps what is there: it is none of what goes away.
    pub fn keep(self) {
        self.of.state().begun.remove(&self.number);
    }

    /// Takes it away now.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn remove(self) -> io::Result<()> {
        self.take_away()
    }

    fn take_away(&self) -> io::Result<()> {
        // While nobody else does: the same name may be somebody else's a moment later.
        let mut state = self.of.state();
        state.begun.remove(&self.number).map_or(Ok(()), |begun| begun.remove())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nothing better can be done with an error here.
        let _ = self.take_away();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_is_stopped_leaves_what_was_finished_and_nothing_else() {
        let here = tempfile::TempDir::new().unwrap();
        let at = |name: &str| here.path().join(name);
        let unfinished = Unfinished::default();
        let file = |name: &str| {
            let path = at(name);
            unfinished.begin(|| fs::write(&path, "").map(|()| (Begun::File(path.clone()), ()))).unwrap().0
        };
        let way = at("way");
        let (_way, ()) = unfinished.begin(|| fs::create_dir(&way).map(|()| (Begun::Way(way.clone()), ()))).unwrap();
        let folder = way.join("folder");
        let (_folder, ()) =
            unfinished.begin(|| fs::create_dir(&folder).map(|()| (Begun::Folder(folder.clone()), ()))).unwrap();
        fs::write(folder.join("inside"), "").unwrap();
        let [finished, _late, kept, dropped] = ["finished", "late", "kept", "dropped"].map(file);
        finished.finish(&at("target"), || fs::rename(at("finished"), at("target")).map(|()| None)).unwrap();
        kept.keep();
        drop(dropped);
        assert!(!at("dropped").exists());

        let Stopped { finished, left, .. } = unfinished.stop();
        assert_eq!(finished, [at("target")]);
        assert!(left.is_empty());
        let mut names = names(here.path());
        names.sort();
        assert_eq!(names, ["kept", "target"]);
        let refused: io::Result<(Place, ())> = unfinished.begin(|| unreachable!("nothing is begun any more"));
        assert!(refused.is_err());
    }

    #[test]
    fn what_comes_to_stand_at_a_name_afterwards_is_left_alone() {
        let here = tempfile::TempDir::new().unwrap();
        let path = here.path().join("name");
        let unfinished = Unfinished::default();
        let (place, ()) = unfinished.begin(|| fs::write(&path, "").map(|()| (Begun::File(path.clone()), ()))).unwrap();
        assert!(unfinished.stop().left.is_empty());
        fs::write(&path, "another program's").unwrap();
        drop(place);
        assert!(path.exists());
    }
}
