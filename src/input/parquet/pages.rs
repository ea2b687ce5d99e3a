//! The pages of a column chunk: their headers, and whether those can be true.

use std::ops::Range;

use polars_parquet::parquet::compression::Compression;

use super::thrift::Shape::{Bytes, Struct, Truth, Whole};
use super::thrift::{Shape, UNTOLD, Walk};

const KIND: u8 = 1;
const UNPACKED: u8 = 2;
const PACKED: u8 = 3;
const VALUES: u8 = 4;
const ENCODING: u8 = 5;
const NULLS: u8 = 6;
const LEVELS: u8 = 7;
const WORDS: u8 = 8;
const LEVELS_AS: u8 = 9;
const REPETITIONS: u8 = 10;
const IS_PACKED: u8 = 11;

const STATISTICS: Shape =
    Struct(UNTOLD, &[(1, Bytes), (2, Bytes), (3, Whole(UNTOLD)), (4, Whole(UNTOLD)), (5, Bytes), (6, Bytes)]);
const HEADER: Shape = Struct(
    UNTOLD,
    &[
        (1, Whole(KIND)),
        (2, Whole(UNPACKED)),
        (3, Whole(PACKED)),
        (4, Whole(UNTOLD)),
        (
            5,
            Struct(
                UNTOLD,
                &[(1, Whole(VALUES)), (2, Whole(ENCODING)), (3, Whole(LEVELS_AS)), (4, Whole(UNTOLD)), (5, STATISTICS)],
            ),
        ),
        (7, Struct(UNTOLD, &[(1, Whole(WORDS)), (2, Whole(UNTOLD))])),
        (
            8,
            Struct(
                UNTOLD,
                &[
                    (1, Whole(VALUES)),
                    (2, Whole(NULLS)),
                    (3, Whole(UNTOLD)),
                    (4, Whole(ENCODING)),
                    (5, Whole(LEVELS)),
                    (6, Whole(REPETITIONS)),
                    (7, Truth(IS_PACKED)),
                    (8, STATISTICS),
                ],
            ),
        ),
    ],
);

const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_V2: i64 = 3;

/// The encodings of pages that hold places in the dictionary.
const BY_DICTIONARY: [i64; 2] = [2, 8];

/// The encodings of pages that hold differences.
const BY_DIFFERENCE: [i64; 3] = [5, 6, 7];

/// The pages of a chunk may unpack to this much whatever they were packed in, and to so
/// much more for each value…
const FREELY_UNPACKED: i64 = 64 << 20;
const FREELY_A_VALUE: i64 = 64;
/// …and to more only if it is no more than so many times as long as it was.
const MOST_SHRUNK: i64 = 1_000;

/// The encoding of pages that hold values as they are.
const PLAIN: i64 = 0;
/// The encoding that levels have in all but the oldest files.
const BY_RUNS: i64 = 3;

/// What a page holds, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PageForm {
    /// The things of the dictionary.
    Dictionary,
    /// Places in the dictionary.
    ByDictionary,
    /// Values as they are.
    Plain,
    /// Anything else.
    Other,
}

/// A page.
#[derive(Clone, Debug)]
pub(super) struct PageAt {
    /// Where its bytes lie in the chunk.
    pub(super) at: Range<usize>,
    /// How many they are unpacked.
    pub(super) unpacked: usize,
    /// How many values it holds, or things.
    pub(super) values: usize,
    pub(super) form: PageForm,
    /// Where levels of that length stand in front of what is packed, and whether
    /// that is.
    pub(super) apart: Option<(usize, bool)>,
}

/// What the headers of a chunk's pages say.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    pub(super) list: Vec<PageAt>,
    /// Whether there are pages that hold differences.
    pub(super) some_by_difference: bool,
}

#[derive(Default)]
struct Header {
    kind: Option<i64>,
    unpacked: Option<i64>,
    packed: Option<i64>,
    values: Option<i64>,
    encoding: Option<i64>,
    nulls: i64,
    levels: i64,
    repetitions: i64,
    words: Option<i64>,
    levels_as: Option<i64>,
    is_stored: bool,
}

/// Checks that the pages of a chunk lie within its bytes, hold `values` values
/// in all and do not claim to unpack to the unlikely.
pub(super) fn check(bytes: &[u8], values: usize, compression: Compression) -> Result<Pages, String> {
    let mut pages = Pages { list: Vec::new(), some_by_difference: false };
    let mut left = i64::try_from(values).map_err(|_| "it claims too many values".to_owned())?;
    let free = FREELY_UNPACKED.saturating_add(left.saturating_mul(FREELY_A_VALUE));
    let mut unpacked = 0_i64;
    let mut walk = Walk::new(bytes);
    let mut first = true;
    while left > 0 {
        let mut header = Header::default();
        walk.structure(HEADER, &mut |tag, value| header.tell(tag, value)).ok_or("a page's header is damaged")?;
        let (kind, packed) = header.check(walk.rest().len(), compression).ok_or("a page's header cannot be true")?;
        let start = bytes.len() - walk.rest().len();
        unpacked = unpacked.saturating_add(header.unpacked.unwrap_or_default());
        let read = i64::try_from(start + packed).unwrap_or(i64::MAX);
        if compression != Compression::Uncompressed && unpacked > free.max(read.saturating_mul(MOST_SHRUNK)) {
            return Err("its pages would unpack to many times what they are".to_owned());
        }
        pages.list.push(header.page(kind, start..start + packed));
        walk = Walk::new(walk.rest().get(packed..).unwrap_or_default());
        match kind {
            DICTIONARY if first => {}
            DATA | DATA_V2 => {
                left -= header.values.unwrap_or_default();
                pages.some_by_difference |= header.encoding.is_some_and(|encoding| BY_DIFFERENCE.contains(&encoding));
            }
            _ => return Err("a page of an unknown kind, or out of its place".to_owned()),
        }
        first = false;
    }
    if left < 0 {
        return Err("its pages hold more values than it claims".to_owned());
    }
    Ok(pages)
}

impl Header {
    fn tell(&mut self, tag: u8, value: i64) {
        match tag {
            KIND => self.kind = Some(value),
            UNPACKED => self.unpacked = Some(value),
            PACKED => self.packed = Some(value),
            VALUES => self.values = Some(value),
            ENCODING => self.encoding = Some(value),
            NULLS => self.nulls = value,
            LEVELS => self.levels = value,
            REPETITIONS => self.repetitions = value,
            IS_PACKED => self.is_stored = value == 0,
            WORDS => self.words = Some(value),
            LEVELS_AS => self.levels_as = Some(value),
            _ => {}
        }
    }

    /// The page of a header that has been checked.
    fn page(&self, kind: i64, at: Range<usize>) -> PageAt {
        let form = match (kind, self.encoding) {
            (DICTIONARY, _) => PageForm::Dictionary,
            (DATA, _) if self.levels_as != Some(BY_RUNS) => PageForm::Other,
            (_, Some(PLAIN)) => PageForm::Plain,
            (_, Some(encoding)) if BY_DICTIONARY.contains(&encoding) => PageForm::ByDictionary,
            _ => PageForm::Other,
        };
        let values = if kind == DICTIONARY { self.words } else { self.values };
        let count = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
        let apart = (kind == DATA_V2).then(|| (count(Some(self.levels)), !self.is_stored));
        PageAt { at, unpacked: count(self.unpacked), values: count(values), form, apart }
    }

    /// The kind of page, and how many bytes of it follow.
    fn check(&self, rest: usize, compression: Compression) -> Option<(i64, usize)> {
        let (kind, packed, unpacked) = (self.kind?, self.packed?, self.unpacked?);
        let length = usize::try_from(packed).ok().filter(|length| *length <= rest)?;
        let limit = match compression {
            Compression::Uncompressed => packed,
            _ => FREELY_UNPACKED.max(packed.saturating_mul(MOST_SHRUNK)).min(i64::from(i32::MAX)),
        };
        let sized = (0..=limit).contains(&unpacked);
        let counted = match kind {
            DICTIONARY => self.words.is_some_and(|words| (0..=unpacked.max(1)).contains(&words)),
            _ => self.values.is_some_and(|values| {
                (0..=i64::from(i32::MAX)).contains(&values) && (0..=values).contains(&self.nulls)
            }),
        };
        let levels = self.levels.saturating_add(self.repetitions);
        let levelled = self.levels >= 0 && self.repetitions >= 0 && levels <= packed.min(unpacked);
        (sized && counted && levelled).then_some((kind, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page's header: of data, and what it claims.
    fn header(unpacked: i64, packed: i64, values: i64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut number = |head: &[u8], value: i64| {
            bytes.extend_from_slice(head);
            let mut rest = value.cast_unsigned() << 1;
            while rest >= 0x80 {
                bytes.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
                rest >>= 7;
            }
            bytes.push(u8::try_from(rest).unwrap());
        };
        number(&[0x15], DATA);
        number(&[0x15], unpacked);
        number(&[0x15], packed);
        number(&[0x2c, 0x15], values);
        number(&[0x15], PLAIN);
        number(&[0x15], BY_RUNS);
        number(&[0x15], BY_RUNS);
        bytes.extend_from_slice(&[0, 0]);
        bytes
    }

    #[test]
    fn many_pages_are_no_way_around_what_one_may_unpack_to() {
        let page = [header(FREELY_UNPACKED, 100, 1), vec![0; 100]].concat();
        assert!(check(&page, 1, Compression::Zstd).is_ok());
        let told = check(&page.repeat(3), 3, Compression::Zstd).unwrap_err();
        assert!(told.contains("unpack to many times"), "{told}");
        // With as many values there is more to hold, and with as many bytes.
        let full = [header(FREELY_UNPACKED, 100, 1 << 20), vec![0; 100]].concat();
        assert!(check(&full.repeat(3), 3 << 20, Compression::Zstd).is_ok());
        let long = [header(FREELY_UNPACKED, 1 << 17, 1), vec![0; 1 << 17]].concat();
        assert!(check(&long.repeat(3), 3, Compression::Zstd).is_ok());
    }
}
