//! Reading claims: from files to rows, from rows to lines or rejects.
//!
//! A [`Layout`] says how another system's columns map to ours; a [`ColumnMap`]
//! is that layout found in one file's header; a reader hands out numbered
//! batches; [`RowReader`] turns one row of a batch into a claim line, or says
//! which column cannot be read.

mod cell;
mod column;
mod discover;
mod error;
mod facts;
mod header;
mod layout;
mod line;
mod lists;
mod memory;
mod parts;
mod payer;
mod procedure;
mod row;
mod scalars;
mod source;

pub mod csv;
pub mod parquet;

pub use cell::{Cell, Row};
pub use column::Column;
pub use discover::{Compression, InputFile, InputFormat, Links, discover, discover_by};
pub use error::InputError;
pub use header::ColumnMap;
pub use layout::{Layout, embedded_layouts};
pub use memory::RowMemory;
pub use parts::Parts;
pub use payer::VersionRow;
pub use row::{Fault, RowReader};
