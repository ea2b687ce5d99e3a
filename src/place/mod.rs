//! Files and folders on their way to their places: made under names of their own,
//! readable by their owner alone, put in place when they are complete, and taken away
//! again where that does not come to be.

mod advice;
mod checkpoint_folder;
mod file;
mod unfinished;

pub use advice::advice;
pub use checkpoint_folder::CheckpointFolder;
pub use file::{NewFile, sync_folder};
pub use unfinished::{Begun, Place, Resumable, Stopped, Unfinished};
