//! Files and folders on their way to their places: made under names of their own,
//! readable by their owner alone, put in place when they are complete, and taken away
//! again where that does not come to be.

mod advice;
mod file;
mod unfinished;

pub use advice::advice;
pub use file::NewFile;
pub use unfinished::{Begun, Place, Resumable, Stopped, Unfinished};
