//! Files of text that are read whole: policies, layouts, overrides, options.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The most bytes of such a file. A thousand policies in one have a tenth of it; what is
/// larger is something else, or has no end.
const LONGEST: u64 = 64 << 20;

/// Reads a file of text; a pipe as well.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let file = File::open(path)?;
    // Room for the whole, so that it is read at once; a pipe does not say how long it is.
    let mut text = String::with_capacity(usize::try_from(file.metadata()?.len().min(LONGEST)).unwrap_or_default() + 1);
    file.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("the file is larger than {} MiB", LONGEST >> 20)));
    }
    Ok(text)
}
