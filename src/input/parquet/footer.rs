//! The footer: what a file says about itself, and whether that can be true.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use polars_parquet::read::{ColumnChunkMetadata, FileMetadata};

use super::thrift::Shape::{Bytes, List, Struct, Whole};
use super::thrift::{Shape, UNTOLD, Walk};

/// More rows than a group may hold: old writers put 64 Mi in one.
pub(super) const MOST_ROWS: usize = 64 << 20;

/// The footer's length and the mark, at the end of the file.
const TAIL: u64 = 8;
/// The mark at the beginning.
const MARK: u64 = 4;
/// Groups within groups of the schema. The library goes down by recursion.
const DEEPEST: usize = 32;

const CHILDREN: u8 = 1;
const ELEMENT: u8 = 2;
const ENCRYPTED: u8 = 3;

const FILE: Shape = Struct(
    UNTOLD,
    &[
        (1, Whole(UNTOLD)),
        (2, List(&SCHEMA_ELEMENT)),
        (3, Whole(UNTOLD)),
        (4, List(&ROW_GROUP)),
        (5, List(&Struct(UNTOLD, &[(1, Bytes), (2, Bytes)]))),
        (6, Bytes),
        (7, List(&Struct(UNTOLD, &[]))),
        (8, Struct(ENCRYPTED, &[])),
    ],
);
const SCHEMA_ELEMENT: Shape = Struct(
    ELEMENT,
    &[
        (1, Whole(UNTOLD)),
        (2, Whole(UNTOLD)),
        (3, Whole(UNTOLD)),
        (4, Bytes),
        (5, Whole(CHILDREN)),
        (6, Whole(UNTOLD)),
        (7, Whole(UNTOLD)),
        (8, Whole(UNTOLD)),
        (9, Whole(UNTOLD)),
        (10, Struct(UNTOLD, &[])),
    ],
);
const ROW_GROUP: Shape = Struct(
    UNTOLD,
    &[
        (1, List(&COLUMN_CHUNK)),
        (2, Whole(UNTOLD)),
        (3, Whole(UNTOLD)),
        (4, List(&Struct(UNTOLD, &[]))),
        (5, Whole(UNTOLD)),
        (6, Whole(UNTOLD)),
        (7, Whole(UNTOLD)),
    ],
);
const COLUMN_CHUNK: Shape = Struct(
    UNTOLD,
    &[
        (1, Bytes),
        (2, Whole(UNTOLD)),
        (3, CHUNK),
        (4, Whole(UNTOLD)),
        (5, Whole(UNTOLD)),
        (6, Whole(UNTOLD)),
        (7, Whole(UNTOLD)),
        (8, Struct(ENCRYPTED, &[])),
    ],
);
const CHUNK: Shape = Struct(
    UNTOLD,
    &[
        (1, Whole(UNTOLD)),
        (2, List(&Whole(UNTOLD))),
        (3, List(&Bytes)),
        (4, Whole(UNTOLD)),
        (5, Whole(UNTOLD)),
        (6, Whole(UNTOLD)),
        (7, Whole(UNTOLD)),
        (9, Whole(UNTOLD)),
        (10, Whole(UNTOLD)),
        (11, Whole(UNTOLD)),
        (12, Struct(UNTOLD, &[(1, Bytes), (2, Bytes), (3, Whole(UNTOLD)), (4, Whole(UNTOLD)), (5, Bytes), (6, Bytes)])),
        (14, Whole(UNTOLD)),
        (15, Whole(UNTOLD)),
    ],
);

/// Reads the footer of a file of `size` bytes. `Ok(Err(…))` says what is wrong
/// with it.
pub(super) fn read(file: &File, size: u64) -> std::io::Result<Result<FileMetadata, String>> {
    if size < MARK + TAIL {
        return Ok(Err("it is too short to be one".to_owned()));
    }
    let mut head = [0; 4];
    file.read_exact_at(&mut head, 0)?;
    let mut tail = [0; 8];
    file.read_exact_at(&mut tail, size - TAIL)?;
    let [a, b, c, d, mark @ ..] = tail;
    match &mark {
        b"PAR1" if head == *b"PAR1" => {}
        b"PAR1" => return Ok(Err("it does not begin as one".to_owned())),
        b"PARE" => return Ok(Err("it is encrypted".to_owned())),
        _ => return Ok(Err("it does not end as one; it may have been cut off".to_owned())),
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(start) = size.checked_sub(MARK + TAIL + length).map(|before| before + MARK) else {
        return Ok(Err("its footer would be longer than the file".to_owned()));
    };
    let Ok(room) = usize::try_from(length) else {
        return Ok(Err("its footer is too long".to_owned()));
    };
    let mut bytes = vec![0; room];
    file.read_exact_at(&mut bytes, start)?;
    Ok(check_shape(&bytes).and_then(|()| {
        let metadata = super::decode::quietly(|| polars_parquet::parquet::read::deserialize_metadata(bytes.into()))?;
        check_sums(&metadata)?;
        Ok(metadata)
    }))
}

fn check_shape(bytes: &[u8]) -> Result<(), String> {
    let mut encrypted = false;
    let mut too_deep = false;
    let mut children = 0;
    // How many children are still to come at each level that is open.
    let mut open: Vec<i64> = Vec::new();
    let walked = Walk::new(bytes).structure(FILE, &mut |tag, value| match tag {
        CHILDREN => children = value,
        ELEMENT => {
            while open.pop_if(|left| *left <= 0).is_some() {}
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            open.push(std::mem::take(&mut children));
            too_deep |= open.len() > DEEPEST;
        }
        _ => encrypted = true,
    });
    match walked {
        _ if encrypted => Err("it is encrypted".to_owned()),
        _ if too_deep => Err(format!("its schema is more than {DEEPEST} levels deep")),
        None => Err("its footer is damaged".to_owned()),
        Some(()) => Ok(()),
    }
}

fn check_sums(metadata: &FileMetadata) -> Result<(), String> {
    let mut sum = 0_usize;
    for (at, group) in metadata.row_groups.iter().enumerate() {
        if group.num_rows() > MOST_ROWS {
            return Err(format!("row group {at} claims {} rows; the most is {MOST_ROWS}", group.num_rows()));
        }
        sum = sum.saturating_add(group.num_rows());
    }
    if sum != metadata.num_rows {
        return Err(format!("its row groups hold {sum} rows, but it claims {}", metadata.num_rows));
    }
    Ok(())
}

/// Where a column chunk lies in a file whose data ends at `end`.
pub(super) fn place_of(chunk: &ColumnChunkMetadata, end: u64) -> Option<(u64, usize)> {
    let data = u64::try_from(chunk.data_page_offset()).ok()?;
    // Some writers say 0 where there is no dictionary.
    let dictionary = chunk.dictionary_page_offset().and_then(|at| u64::try_from(at).ok());
    let start = dictionary.filter(|at| (MARK..data).contains(at)).unwrap_or(data);
    let length = u64::try_from(chunk.compressed_size()).ok()?;
    let inside = start >= MARK && start.checked_add(length)? <= end;
    inside.then_some((start, usize::try_from(length).ok()?))
}
