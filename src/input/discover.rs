//! From what the user names to the files of a run: files, folders, patterns,
//! standard input, in the byte order of their paths.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::InputError;

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

/// Endings of the files that are taken from a folder.
const ENDINGS: [&str; 7] = [".csv", ".tsv", ".psv", ".txt", ".parquet", ".parq", ".pq"];

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
    let mut names =
        Names { found: Vec::new(), links, seen: Vec::new(), walked: Vec::new(), aside: Vec::new(), out: None };
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

/// The names that are found.
struct Names {
    found: Vec<String>,
    links: Links,
    /// The folders that links led to.
    seen: Vec<PathBuf>,
    /// The folders that have been looked into, as they really are.
    walked: Vec<PathBuf>,
    /// Links to folders that stay within, each with where it leads and where it may: what
    /// they lead to may be found without them.
    aside: Vec<(PathBuf, PathBuf, PathBuf)>,
    /// The first link to a file that leads out.
    out: Option<InputError>,
}

impl Names {
    /// Finds the claims files of a folder; `within` is where links may lead.
    fn walk(&mut self, folder: &Path, within: &Path) -> Result<(), InputError> {
        // A run folder beside its inputs holds decisions, which look like claims.
        if folder.join("manifest.json").exists() && folder.join("summary.json").exists() {
            return Ok(());
        }
        self.walked.push(real(folder)?);
        let at = |error| InputError::io(&folder.to_string_lossy(), error);
        for entry in fs::read_dir(folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let kind = fs::metadata(&path).map_err(|error| InputError::io(&path.to_string_lossy(), error))?;
            if kind.is_dir() {
                let is_link = entry.file_type().map_err(at)?.is_symlink();
                if !is_link || self.goes(&path, within)? {
                    self.walk(&path, within)?;
                }
            } else {
                let name = path.to_string_lossy().to_lowercase();
                let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
                if ENDINGS.iter().any(|ending| plain.ends_with(ending)) {
                    self.add(&path, within)?;
                }
            }
        }
        Ok(())
    }

    /// Looks into the folders that links led to and nobody found without them, such as
    /// hidden ones.
    fn walk_aside(&mut self) -> Result<(), InputError> {
        while !self.aside.is_empty() {
            let mut aside = std::mem::take(&mut self.aside);
            aside.sort_unstable();
            for (path, to, within) in aside {
                if !self.walked.contains(&to) {
                    self.walk(&path, &within)?;
                }
            }
        }
        Ok(())
    }

    /// Whether to look into the folder that a link leads to at once. What stays within the
    /// folder is mostly found there, and a link may lead in a circle.
    fn goes(&mut self, path: &Path, within: &Path) -> Result<bool, InputError> {
        let to = real(path)?;
        if self.seen.contains(&to) {
            return Ok(false);
        }
        if to.starts_with(within) {
            self.aside.push((path.to_owned(), to, within.to_owned()));
            return Ok(false);
        }
        self.allow(path, &to)?;
        // A folder above this one holds it too.
        let circle = within.starts_with(&to);
        self.seen.push(to);
        Ok(!circle)
    }

    fn add(&mut self, path: &Path, within: &Path) -> Result<(), InputError> {
        let to = real(path)?;
        if !to.starts_with(within) && !self.seen.iter().any(|seen| to.starts_with(seen)) {
            // That a file is named twice is the better reason.
            self.out = self.out.take().or(self.allow(path, &to).err());
        }
        self.found.push(utf8(path)?);
        Ok(())
    }

    /// Refuses a link that leads out, unless all are followed.
    fn allow(&self, path: &Path, to: &Path) -> Result<(), InputError> {
        let [path, to] = [path, to].map(|path| path.to_string_lossy().into_owned());
        if self.links == Links::All { Ok(()) } else { Err(InputError::Link { path, to }) }
    }

    fn expand(&mut self, pattern: &str) -> Result<(), InputError> {
        let nothing = |reason: String| InputError::Nothing { path: pattern.to_owned(), reason };
        let paths = glob::glob(pattern).map_err(|error| nothing(format!("not a pattern: {error}")))?;
        // The folder before the first part that is a pattern.
        let (fixed, _) = pattern.split_at(pattern.find(['*', '?', '[']).unwrap_or(0));
        let folder = fixed.rfind('/').and_then(|end| fixed.get(..=end)).unwrap_or(".");
        let before = self.found.len();
        for path in paths {
            let path = path.map_err(|error| {
                InputError::io(&error.path().to_string_lossy(), io::Error::from(error.error().kind()))
            })?;
            let within = real(Path::new(folder))?;
            if !path.is_dir() {
                self.add(&path, &within)?;
            } else if !path.is_symlink() || self.goes(&path, &within)? {
                self.walk(&path, &within)?;
            }
        }
        self.walk_aside()?;
        if self.found.len() == before {
            return Err(nothing("no file fits this pattern".to_owned()));
        }
        Ok(())
    }
}

/// Where a path leads.
fn real(path: &Path) -> Result<PathBuf, InputError> {
    fs::canonicalize(path).map_err(|error| InputError::io(&path.to_string_lossy(), error))
}

fn utf8(path: &Path) -> Result<String, InputError> {
    path.to_str().map(str::to_owned).ok_or_else(|| InputError::Nothing {
        path: path.to_string_lossy().into_owned(),
        reason: "the name is not UTF-8; rename the file".to_owned(),
    })
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
