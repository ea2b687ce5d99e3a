use tempfile::TempDir;

use super::*;
use crate::place::Stopped;

fn names(place: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(place.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn folders_change_places_in_two_steps_too() {
    let place = TempDir::new().unwrap();
    let [staging, target] = [".run.x.partial", "run"].map(|name| place.path().join(name));
    for (folder, file) in [(&staging, "new"), (&target, "old")] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join(file), "").unwrap();
    }
    let aside = replace(&staging, &target).unwrap();
    assert!(target.join("new").exists() && aside.join("old").exists() && !staging.exists());
    // Nothing to put in place: what stood there stays.
    assert!(replace(&staging, &target).is_err());
    assert!(target.join("new").exists());
}

#[test]
fn two_runs_into_one_folder_at_once_are_one_too_many() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    let one = RunFolder::begin(&target, false, false).unwrap();
    let mode = fs::metadata(one.staging()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    for overwrite in [false, true] {
        assert!(matches!(RunFolder::begin(&target, overwrite, false), Err(FolderError::Busy(_))));
    }
    // Another place is another matter, however alike its name.
    for other in ["run.1", "ru", "."] {
        RunFolder::begin(&place.path().join("else").join(other), false, false).unwrap();
    }
    drop(RunFolder::begin(&place.path().join("run.1"), false, false).unwrap());
    assert!(one.staging().exists());
    let (_, file) = one.create("decisions.csv").unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let done = one.complete().unwrap();
    assert!(done.left.is_none() && done.unsynced.is_none());
    assert_eq!(names(&place), ["run"]);
    assert!(matches!(RunFolder::begin(&target, false, false), Err(FolderError::Exists(_))));
    assert_eq!(names(&place), ["run"]);
}

#[test]
fn what_a_killed_run_left_is_taken_away_by_the_next_one_into_the_same_place() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    let beside = Beside::of(place.path(), &target);
    fs::create_dir(&beside.staging).unwrap();
    fs::write(beside.staging.join("decisions.csv"), "half a").unwrap();
    fs::write(&beside.lock, "").unwrap();
    drop(RunFolder::begin(&place.path().join("other"), false, false).unwrap());
    assert!(beside.staging.exists());

    let run = RunFolder::begin(&target, false, false).unwrap();
    assert_eq!(run.leftovers(), [Leftover::Removed(beside.staging.clone())]);
    assert_eq!(fs::read_dir(run.staging()).unwrap().count(), 0);
    drop(run);
    assert_eq!(names(&place), Vec::<String>::new());
}

#[test]
fn what_a_killed_run_left_goes_also_where_the_next_one_is_refused() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    RunFolder::begin(&target, false, false).unwrap().complete().unwrap();
    let beside = Beside::of(place.path(), &target);
    // Killed on the way to a folder in its place; and when only the lock was left to remove.
    fs::create_dir(&beside.staging).unwrap();
    fs::write(beside.staging.join("decisions.csv"), "half a").unwrap();
    for _ in 0..2 {
        fs::write(&beside.lock, "").unwrap();
        assert!(matches!(RunFolder::begin(&target, false, false), Err(FolderError::Exists(_))));
        assert_eq!(names(&place), ["run"]);
    }
    // What belongs to a run that is on its way stays.
    fs::remove_dir(&target).unwrap();
    let other = RunFolder::begin(&target, false, false).unwrap();
    fs::create_dir(&target).unwrap();
    assert!(matches!(RunFolder::begin(&target, false, false), Err(FolderError::Exists(_))));
    assert!(other.staging().exists() && beside.lock.exists());
}

#[test]
fn a_folder_that_was_being_replaced_is_put_back() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    let beside = Beside::of(place.path(), &target);
    // As killed between the two steps of `replace`.
    fs::create_dir(&beside.aside).unwrap();
    fs::write(beside.aside.join("old"), "").unwrap();
    fs::create_dir(&beside.staging).unwrap();
    assert!(matches!(RunFolder::begin(&target, false, false), Err(FolderError::Exists(_))));
    assert!(target.join("old").exists());
    assert_eq!(names(&place), ["run"]);
}

#[test]
fn a_stopped_run_leaves_nothing_and_makes_nothing_more() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("way").join("to").join("run");
    let unfinished = Unfinished::default();
    let run = RunFolder::begin_within(&unfinished, &target, false, true).unwrap();
    run.create("decisions.csv").unwrap();
    let Stopped { finished, left, .. } = unfinished.stop();
    assert!(finished.is_empty() && left.is_empty());
    assert_eq!(names(&place), Vec::<String>::new());
    // The name may be another run's by now.
    let next = RunFolder::begin(&target, false, false).unwrap();
    assert!(run.create("summary.json").is_err());
    assert!(run.complete().is_err());
    assert!(next.staging().exists() && !target.exists());
}

#[test]
fn long_names_have_places_of_their_own() {
    let place = TempDir::new().unwrap();
    let [one, other] = ["a", "b"].map(|end| place.path().join("n".repeat(254) + end));
    let runs = [&one, &other].map(|target| RunFolder::begin(target, false, false).unwrap());
    for run in runs {
        run.complete().unwrap();
    }
    assert!(one.exists() && other.exists());
}

#[test]
fn where_files_cannot_be_locked_what_stands_there_is_left_alone() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    let beside = Beside::of(place.path(), &target);
    assert_eq!(leftovers(&beside, &target, false).unwrap(), []);
    fs::create_dir(&beside.staging).unwrap();
    assert!(matches!(leftovers(&beside, &target, false), Err(FolderError::Unsure(path)) if path == beside.staging));
    assert!(beside.staging.exists());
}

#[test]
fn a_link_in_a_shared_folder_leads_nowhere() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("run");
    let beside = Beside::of(place.path(), &target);
    let elsewhere = place.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("precious"), "").unwrap();
    std::os::unix::fs::symlink(&elsewhere, &beside.staging).unwrap();
    drop(RunFolder::begin(&target, false, false).unwrap());
    assert!(elsewhere.join("precious").exists());
    std::os::unix::fs::symlink(elsewhere.join("precious"), &beside.lock).unwrap();
    assert!(matches!(RunFolder::begin(&target, false, false), Err(FolderError::Io { .. })));
}
