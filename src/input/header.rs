//! A layout found in one file's header: which of its columns hold what.

use super::column::{DIAGNOSIS_COLUMNS, MODIFIER_COLUMNS};
use super::{Column, InputError, Layout};

/// Where each of our columns stands in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnMap {
    /// How many fields a row of the file has.
    pub width: usize,
    /// The file's own column names.
    pub names: Vec<String>,
    sources: Vec<(Column, Vec<usize>)>,
    constants: Vec<(Column, String)>,
}

impl ColumnMap {
    /// Finds a layout's columns among a file's. Names are compared without
    /// regard to case and to white space around them.
    ///
    /// # Errors
    ///
    /// A needed column is missing, a used one stands twice, or both forms of a
    /// list (one column, and numbered ones) are there.
    pub fn new(path: &str, names: &[String], layout: &Layout) -> Result<Self, InputError> {
        let fail = |reason: String| InputError::Header { path: path.to_owned(), reason };
        let folded: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        let mut map = Self { width: names.len(), names: names.to_vec(), sources: Vec::new(), constants: Vec::new() };
        for (column, wanted) in &layout.columns {
            let mut places = Vec::new();
            for source in wanted {
                let source = source.trim().to_lowercase();
                let mut found = folded.iter().enumerate().filter(|(_, name)| **name == source).map(|(at, _)| at);
                places.extend(found.next());
                if found.next().is_some() {
                    return Err(fail(format!("the column `{source}` stands twice in the header")));
                }
            }
            if !places.is_empty() {
                map.sources.push((*column, places));
            }
        }
        map.constants = layout.constants.iter().map(|(column, value)| (*column, value.clone())).collect();
        map.check(layout, names).map_err(fail)?;
        Ok(map)
    }

    /// A map of no columns, for a file whose header is not yet read.
    pub(super) const fn unmapped() -> Self {
        Self { width: 0, names: Vec::new(), sources: Vec::new(), constants: Vec::new() }
    }

    fn check(&self, layout: &Layout, names: &[String]) -> Result<(), String> {
        for column in Column::REQUIRED {
            if !self.has(column) {
                return Err(missing(column, layout, names));
            }
        }
        let numbered = (1..=DIAGNOSIS_COLUMNS).map(Column::Diagnosis).find(|column| self.has(*column));
        match (self.has(Column::DiagnosisCodes), numbered) {
            (false, None) => return Err(missing(Column::DiagnosisCodes, layout, names)),
            (true, Some(column)) => return Err(both(Column::DiagnosisCodes, column)),
            _ => {}
        }
        let numbered = (1..=MODIFIER_COLUMNS).map(Column::Modifier).find(|column| self.has(*column));
        match numbered {
            Some(column) if self.has(Column::Modifiers) => Err(both(Column::Modifiers, column)),
            _ => Ok(()),
        }
    }

    /// Whether a column has a source or a constant.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        !self.places(column).is_empty() || self.constant(column).is_some()
    }

    /// The places of a column's sources, the preferred one first.
    #[must_use]
    pub fn places(&self, column: Column) -> &[usize] {
        self.sources.iter().find(|(known, _)| *known == column).map_or(&[], |(_, places)| places)
    }

    /// A column's constant value.
    #[must_use]
    pub fn constant(&self, column: Column) -> Option<&str> {
        self.constants.iter().find(|(known, _)| *known == column).map(|(_, value)| value.as_str())
    }

    /// Every column that has sources, with their places.
    pub fn mapped(&self) -> impl Iterator<Item = (Column, &[usize])> {
        self.sources.iter().map(|(column, places)| (*column, places.as_slice()))
    }

    /// The places of every column of the file that is used, in the file's order.
    #[must_use]
    pub fn used_places(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.sources.iter().flat_map(|(_, places)| places.iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Which of our columns a place of the file belongs to.
    #[must_use]
    pub fn column_at(&self, place: usize) -> Option<Column> {
        self.sources.iter().find(|(_, places)| places.contains(&place)).map(|(column, _)| *column)
    }

    /// Columns that the layout knows and the file does not have.
    #[must_use]
    pub fn absent(&self, layout: &Layout) -> Vec<Column> {
        layout.columns.keys().copied().filter(|column| !self.has(*column)).collect()
    }
}

fn both(list: Column, numbered: Column) -> String {
    format!("both `{list}` and `{numbered}` are there; which holds the codes? Leave one form out")
}

fn missing(column: Column, layout: &Layout, names: &[String]) -> String {
    let wanted = layout.columns.get(&column).and_then(|sources| sources.first()).cloned().unwrap_or(column.to_string());
    let also = if column == Column::DiagnosisCodes { " (or `diagnosis_1` and so on)" } else { "" };
    let mut reason = format!("the column `{wanted}`{also} is missing");
    if let [only] = names {
        let other = [',', '|', '\t', ';'].into_iter().find(|delimiter| only.contains(*delimiter));
        reason.push_str("; the header has one column only");
        reason.push_str(match other {
            Some(_) => ", so the delimiter is probably another one: name it with --delimiter",
            None => ": is the first line the header?",
        });
    } else if let Some(near) = nearest(&wanted, names.iter().map(String::as_str)) {
        reason = format!("{reason}; the nearest name in the header is `{near}`");
    }
    if layout.name == "native" {
        reason.push_str(". If the columns have other names, give a layout: --layout NAME or FILE.toml");
    } else {
        reason = format!("{reason}. The layout is `{}`", layout.name);
    }
    reason
}

/// The most bytes of a name that could be meant for a column of ours.
const LONGEST_NAME: usize = 256;

/// The name that is most like another, if one is at all.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = wanted.to_lowercase();
    names
        // A header may have columns by the thousand, and names of megabytes.
        .filter(|name| name.len() <= LONGEST_NAME)
        .map(|name| (strsim::jaro_winkler(&wanted, &name.trim().to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
