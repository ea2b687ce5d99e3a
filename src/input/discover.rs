//! From what the user names to the files of a run: files, folders, patterns,
//! standard input, in the byte order of their paths.

mod names;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::InputError;
use names::{ENDINGS, Names, real};

/// The format of an input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputFormat {
    /// Text in fields.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// How an input is compressed as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// The compression that the first bytes of a file show.
    #[must_use]
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// One file of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputFile {
    /// Its name as given, or as found in a folder as given. `-` is standard input.
    pub name: String,
    /// Where it is; empty for standard input.
    pub path: PathBuf,
    /// What it is.
    pub format: InputFormat,
    /// Its size in bytes; 0 where that is not known.
    pub size: u64,
}

impl InputFile {
    /// Whether the file is standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        self.name == "-"
    }
}

/// Finds the files of a run, in the byte order of their names. Of folders and patterns
/// links that lead out of them are refused.
///
/// # Errors
///
/// A name that nothing fits, a folder without claims files, a file named twice,
/// or one that cannot be opened.
pub fn discover(inputs: &[String]) -> Result<Vec<InputFile>, InputError> {
    discover_by(inputs, Links::Within)
}

/// Which links in folders, and of those that fit a pattern, are followed. Whoever can write
/// into a folder of inputs could else let the run read any file that it may. A name
/// that is given is followed wherever it leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Links {
    /// Those that stay in the folder; others are an error.
    Within,
    /// All of them.
    All,
}

/// The same, where links may lead anywhere.
///
/// # Errors
///
/// As [`discover`].
pub fn discover_by(inputs: &[String], links: Links) -> Result<Vec<InputFile>, InputError> {
    let mut names = Names::new(links);
    for input in inputs {
        if input == "-" {
            names.found.push(input.clone());
        } else if Path::new(input).is_dir() {
            let before = names.found.len();
            names.walk(Path::new(input), &real(Path::new(input))?)?;
            names.walk_aside()?;
            if names.found.len() == before {
                let reason = format!("no claims file in this folder (endings: {})", ENDINGS.join(" "));
                return Err(InputError::Nothing { path: input.clone(), reason });
            }
        } else if Path::new(input).exists() || !input.contains(['*', '?', '[']) {
            names.found.push(input.clone());
        } else {
            names.expand(input)?;
        }
    }
    let mut found = names.found;
    found.sort_unstable();
    refuse_twins(&found)?;
    if let Some(error) = names.out {
        return Err(error);
    }
    found.into_iter().map(open).collect()
}

/// Two names of one file, links included, are refused.
fn refuse_twins(names: &[String]) -> Result<(), InputError> {
    let mut real: Vec<(PathBuf, &String)> =
        names.iter().map(|name| (fs::canonicalize(name).unwrap_or_else(|_| PathBuf::from(name)), name)).collect();
    real.sort();
    for pair in real.windows(2) {
        if let [(first, twin), (second, name)] = pair
            && first == second
        {
            return Err(InputError::Twice { path: (*name).clone(), twin: (*twin).clone() });
        }
    }
    Ok(())
}

fn open(name: String) -> Result<InputFile, InputError> {
    if name == "-" {
        return Ok(InputFile { name, path: PathBuf::new(), format: InputFormat::Csv, size: 0 });
    }
    let path = PathBuf::from(&name);
    let about = fs::metadata(&path).map_err(|error| InputError::io(&name, error))?;
    if !about.is_file() {
        // A file is opened more than once; a pipe gives what it holds once.
        let reason = "not a file; to read what a pipe holds, give it on standard input and name `-`".to_owned();
        return Err(InputError::Nothing { path: name, reason });
    }
    let size = about.len();
    let mut file = File::open(&path).map_err(|error| InputError::io(&name, error))?;
    let mut head = [0; 4];
    let mut length = 0;
    while let Some(rest) = head.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest).map_err(|error| InputError::io(&name, error))? {
            0 => break,
            more => length += more,
        }
    }
    let lower = name.to_lowercase();
    let by_name = [".parquet", ".parq", ".pq"].iter().any(|ending| lower.ends_with(ending));
    let format = if head == *b"PAR1" || by_name { InputFormat::Parquet } else { InputFormat::Csv };
    Ok(InputFile { name, path, format, size })
}
