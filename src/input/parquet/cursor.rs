//! A column chunk on its way: one page of it unpacked at a time, and of that page as
//! many values as are asked for.

use std::ops::Range;

use zstd::bulk::Decompressor;

use super::chunk::Chunk;
use super::pages::{PageAt, PageForm};
use super::runs::{GAP, Runs};

/// Which rows of a group are wanted.
#[derive(Clone, Copy)]
pub(super) enum Rows<'r> {
    /// So many, those that come next.
    Next(usize),
    /// These, counted from the group's first, ascending.
    These(&'r [u32]),
}

impl Rows<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Next(count) => *count,
            Self::These(rows) => rows.len(),
        }
    }
}

/// All numbers are unpacked where one of so many is wanted.
const OFTEN: usize = 8;

/// What is known of a chunk whose values come one after the other.
pub(super) struct Cursor<'g> {
    chunk: Chunk<'g>,
    /// Whether values may be missing.
    optional: bool,
    /// The next page in the list.
    next: usize,
    /// The next row.
    row: usize,
    page: Vec<u8>,
    here: Option<Page>,
    places: Vec<u32>,
    gaps: Gaps,
}

/// Of rows some of which have no value.
#[derive(Default)]
struct Gaps {
    /// Of each 1 if it has one.
    levels: Vec<u32>,
    /// The places of the values that are there.
    present: Vec<u32>,
}

/// The page at hand.
#[derive(Clone)]
struct Page {
    form: PageForm,
    /// The row behind its last.
    end: usize,
    /// Where it says which values are there, if some are missing.
    levels: Option<(Range<usize>, Runs)>,
    values: usize,
    keys: Runs,
    /// How many values are there, and how many of them have been read.
    present: usize,
    passed: usize,
    is_new: bool,
}

/// Some wanted values of a page.
pub(super) struct Wanted<'p> {
    pub(super) form: PageForm,
    /// The values of the page.
    pub(super) values: &'p [u8],
    /// How many there are.
    pub(super) present: usize,
    /// Whether none of the page has been shown before.
    pub(super) is_new: bool,
    /// Of each wanted one its place: in the dictionary, or among the page's.
    pub(super) places: &'p [u32],
}

impl<'g> Cursor<'g> {
    /// A chunk of which nothing has been read, and the memory for its pages.
    pub(super) fn new(chunk: Chunk<'g>, page: Vec<u8>) -> Self {
        let optional = chunk.told.descriptor().descriptor.max_def_level > 0;
        Self { chunk, optional, next: 0, row: 0, page, here: None, places: Vec::new(), gaps: Gaps::default() }
    }

    /// The chunk, and the memory for its pages.
    pub(super) fn into_parts(self) -> (Chunk<'g>, Vec<u8>) {
        (self.chunk, self.page)
    }

    /// Unpacks the dictionary, if there is one, and says how many things it holds.
    pub(super) fn dictionary(&self, zstd: &mut Option<Decompressor<'static>>, into: &mut Vec<u8>) -> Option<usize> {
        into.clear();
        match self.chunk.pages.list.first() {
            Some(page) if page.form == PageForm::Dictionary => {
                self.chunk.unpack(page, zstd, into)?;
                Some(page.values)
            }
            _ => Some(0),
        }
    }

    /// Shows the values of the wanted rows, page by page.
    pub(super) fn read(
        &mut self,
        mut rows: Rows<'_>,
        zstd: &mut Option<Decompressor<'static>>,
        mut show: impl FnMut(&Wanted<'_>) -> Option<()>,
    ) -> Option<()> {
        loop {
            let row = match rows {
                Rows::Next(0) | Rows::These([]) => return Some(()),
                Rows::Next(_) => self.row,
                Rows::These([first, ..]) => *first as usize,
            };
            (row >= self.row).then_some(())?;
            while self.here.as_ref().is_none_or(|page| page.end <= row) {
                self.turn(row, zstd)?;
            }
            let Self { page: unpacked, here, places, gaps, row: at, .. } = self;
            let page = here.as_mut()?;
            places.clear();
            match rows {
                Rows::Next(count) => {
                    let here = count.min(page.end - *at);
                    page.next(unpacked, here, gaps, places)?;
                    *at += here;
                    rows = Rows::Next(count - here);
                }
                Rows::These(all) => {
                    let (here, behind) = all.split_at(all.partition_point(|row| (*row as usize) < page.end));
                    let end = here.last().map_or(0, |last| *last as usize + 1);
                    if OFTEN * here.len() < end - *at {
                        page.some(unpacked, here, *at, places)?;
                    } else {
                        page.next(unpacked, end - *at, gaps, places)?;
                        choose(places, here, *at)?;
                    }
                    *at = end;
                    rows = Rows::These(behind);
                }
            }
            let is_new = std::mem::take(&mut page.is_new);
            let values = unpacked.get(page.values..)?;
            show(&Wanted { form: page.form, values, present: page.present, is_new, places })?;
        }
    }

    /// Goes to the next page, and unpacks it if it holds a row.
    fn turn(&mut self, row: usize, zstd: &mut Option<Decompressor<'static>>) -> Option<()> {
        if let Some(page) = self.here.take() {
            self.row = page.end;
        }
        let page = self.chunk.pages.list.get(self.next)?;
        self.next += 1;
        let end = match page.form {
            PageForm::Dictionary => return Some(()),
            PageForm::Other => return None,
            _ => self.row.checked_add(page.values)?,
        };
        if end <= row {
            self.row = end;
            return Some(());
        }
        self.chunk.unpack(page, zstd, &mut self.page)?;
        self.here = Some(Page::new(page, &self.page, end, self.optional)?);
        Some(())
    }
}

impl Page {
    fn new(page: &PageAt, unpacked: &[u8], end: usize, optional: bool) -> Option<Self> {
        let levels = match page.apart {
            Some((levels, _)) => 0..levels,
            None if optional => 4..(u32::from_le_bytes(*unpacked.first_chunk()?) as usize).checked_add(4)?,
            None => 0..0,
        };
        let (mut values, mut present) = (levels.end, page.values);
        let mut gaps = None;
        if optional {
            let runs = Runs::new(1)?;
            present = runs.clone().ones(unpacked.get(levels.clone())?, page.values)?;
            gaps = (present < page.values).then_some((levels, runs));
        }
        let mut width = 0;
        if page.form == PageForm::ByDictionary {
            // A page without values may have no bytes.
            match unpacked.get(values) {
                Some(byte) => {
                    width = usize::from(*byte);
                    values += 1;
                }
                None => (present == 0).then_some(())?,
            }
        }
        let (form, keys) = (page.form, Runs::new(width)?);
        Some(Self { form, end, levels: gaps, values, keys, present, passed: 0, is_new: true })
    }

    /// Appends the places of so many rows, the next ones.
    fn next(&mut self, unpacked: &[u8], count: usize, gaps: &mut Gaps, places: &mut Vec<u32>) -> Option<()> {
        let Some((range, runs)) = &mut self.levels else { return self.present(unpacked, count, places) };
        let Gaps { levels, present } = gaps;
        levels.clear();
        present.clear();
        runs.read(unpacked.get(range.clone())?, count, levels)?;
        self.present(unpacked, levels.iter().map(|level| *level as usize).sum(), present)?;
        let mut next = 0;
        places.extend(levels.iter().map(|level| {
            // Nobody can foresee which are there, so no step depends on it.
            let place = present.get(next).copied().unwrap_or(GAP);
            next += *level as usize;
            if *level == 1 { place } else { GAP }
        }));
        Some(())
    }

    /// Appends the places of so many values that are there.
    fn present(&mut self, unpacked: &[u8], count: usize, places: &mut Vec<u32>) -> Option<()> {
        if self.form == PageForm::ByDictionary {
            self.keys.read(unpacked.get(self.values..)?, count, places)?;
        } else {
            let first = u32::try_from(self.passed).ok()?;
            places.extend((first..GAP).take(count));
        }
        self.passed += count;
        Some(())
    }

    /// Appends the places of some rows, the first being `row`.
    fn some(&mut self, unpacked: &[u8], rows: &[u32], mut row: usize, places: &mut Vec<u32>) -> Option<()> {
        let values = unpacked.get(self.values..)?;
        let mut due = 0;
        for wanted in rows {
            let between = (*wanted as usize).checked_sub(row)?;
            row = *wanted as usize + 1;
            let (before, is_there) = match &mut self.levels {
                None => (between, true),
                Some((range, runs)) => {
                    let levels = unpacked.get(range.clone())?;
                    (runs.ones(levels, between)?, runs.nth(levels, 0)? == 1)
                }
            };
            due += before;
            if !is_there {
                places.push(GAP);
                continue;
            }
            self.passed += due + 1;
            places.push(match self.form {
                PageForm::ByDictionary => self.keys.nth(values, due)?,
                _ => u32::try_from(self.passed - 1).ok()?,
            });
            due = 0;
        }
        if self.form == PageForm::ByDictionary {
            self.keys.skip(values, due)?;
        }
        self.passed += due;
        Some(())
    }
}

/// Keeps the places of the wanted rows, the first place being that of `row`.
fn choose(places: &mut Vec<u32>, rows: &[u32], row: usize) -> Option<()> {
    if rows.len() < places.len() {
        for (to, wanted) in rows.iter().enumerate() {
            let place = *places.get((*wanted as usize).checked_sub(row)?)?;
            *places.get_mut(to)? = place;
        }
        places.truncate(rows.len());
    }
    Some(())
}
