//! The pages of a column chunk: their headers, and whether those can be true.

use polars_parquet::parquet::compression::Compression;

use super::thrift::Shape::{Bytes, Struct, Whole};
use super::thrift::{Shape, UNTOLD, Walk};

const KIND: u8 = 1;
const UNPACKED: u8 = 2;
const PACKED: u8 = 3;
const VALUES: u8 = 4;
const ENCODING: u8 = 5;
const NULLS: u8 = 6;
const LEVELS: u8 = 7;
const WORDS: u8 = 8;

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
                &[(1, Whole(VALUES)), (2, Whole(ENCODING)), (3, Whole(UNTOLD)), (4, Whole(UNTOLD)), (5, STATISTICS)],
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
                    (6, Whole(LEVELS)),
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

/// A page may unpack to this much whatever it was packed in…
const FREELY_UNPACKED: i64 = 64 << 20;
/// …and to more only if it is no more than so many times as long as it was.
const MOST_SHRUNK: i64 = 1_000;

/// What the headers of a chunk's pages say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages {
    /// Where the dictionary's page ends, if the chunk begins with one.
    pub(super) dictionary_end: Option<usize>,
    /// Whether every value stands in the dictionary.
    pub(super) all_by_dictionary: bool,
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
    negative_levels: bool,
    words: Option<i64>,
}

/// Checks that the pages of a chunk lie within its bytes, hold `values` values
/// in all and do not claim to unpack to the unlikely.
pub(super) fn check(bytes: &[u8], values: usize, compression: Compression) -> Result<Pages, String> {
    let mut pages = Pages { dictionary_end: None, all_by_dictionary: true, some_by_difference: false };
    let mut left = i64::try_from(values).map_err(|_| "it claims too many values".to_owned())?;
    let mut walk = Walk::new(bytes);
    let mut first = true;
    while left > 0 {
        let mut header = Header::default();
        walk.structure(HEADER, &mut |tag, value| header.tell(tag, value)).ok_or("a page's header is damaged")?;
        let (kind, packed) = header.check(walk.rest().len(), compression).ok_or("a page's header cannot be true")?;
        walk = Walk::new(walk.rest().get(packed..).unwrap_or_default());
        match kind {
            DICTIONARY if first => pages.dictionary_end = Some(bytes.len() - walk.rest().len()),
            DATA | DATA_V2 => {
                left -= header.values.unwrap_or_default();
                pages.some_by_difference |= header.encoding.is_some_and(|encoding| BY_DIFFERENCE.contains(&encoding));
                pages.all_by_dictionary &= header.encoding.is_some_and(|encoding| BY_DICTIONARY.contains(&encoding));
            }
            _ => return Err("a page of an unknown kind, or out of its place".to_owned()),
        }
        first = false;
    }
    if left < 0 {
        return Err("its pages hold more values than it claims".to_owned());
    }
    pages.all_by_dictionary &= pages.dictionary_end.is_some();
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
            LEVELS => {
                self.negative_levels |= value < 0;
                self.levels = self.levels.saturating_add(value);
            }
            WORDS => self.words = Some(value),
            _ => {}
        }
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
        let levelled = !self.negative_levels && self.levels <= packed.min(unpacked);
        (sized && counted && levelled).then_some((kind, length))
    }
}
