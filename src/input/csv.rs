//! CSV: a stream of bytes cut into chunks that end where a record ends, and the
//! records of a chunk, read as the `csv` crate reads them.

mod boundary;
mod chunk;
mod chunks;
mod fields;
mod header;
mod last;
mod line;
mod lines;
mod places;
mod records;
mod rows;
mod source;

pub use chunk::Chunk;
pub use chunks::{CsvFile, CsvOptions, RECORD_LIMIT, UNPACK_RATIO};
pub use records::{Records, RowVisitor};
pub use source::FileDigest;
