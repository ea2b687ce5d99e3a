//! Pages that hold differences: whether the lengths that come of them can be
//! true.
//!
//! The library takes memory for such a length before it looks for the text, and
//! a length is whatever the differences add up to. So pages of these encodings,
//! which are rare, are unpacked and added up here first.

use polars_parquet::parquet::compression::DecompressionContext;
use polars_parquet::parquet::page::split_buffer;
use polars_parquet::read::{ColumnChunkMetadata, Page, decompress};
use polars_parquet::write::Encoding;

use super::decode::{page_reader, quietly};
use super::thrift::Walk;

/// More values than a block has in any file; writers put 128 in one.
const MOST_IN_BLOCK: usize = 1 << 16;

/// Checks the pages of a chunk that has some in these encodings.
pub(super) fn check(bytes: Vec<u8>, chunk: &ColumnChunkMetadata) -> Result<(), String> {
    let honest = quietly(|| {
        let mut buffer = Vec::new();
        let mut context = DecompressionContext::Unset;
        for page in page_reader(bytes, chunk) {
            if let Page::Data(page) = decompress(page?, &mut buffer, &mut context)? {
                let values = split_buffer(&page)?.values;
                if is_honest(page.encoding(), values, page.num_values()).is_none() {
                    return Ok(false);
                }
            }
        }
        Ok::<_, polars_parquet::read::ParquetError>(true)
    })?;
    if honest { Ok(()) } else { Err("a page's lengths cannot be true".to_owned()) }
}

fn is_honest(encoding: Encoding, values: &[u8], most: usize) -> Option<()> {
    match encoding {
        Encoding::DeltaBinaryPacked => drop(sequence(values, most, None)?),
        Encoding::DeltaLengthByteArray => {
            let (lengths, text) = lengths(values, most)?;
            let sum = lengths.into_iter().try_fold(0_usize, usize::checked_add)?;
            text.get(..sum)?;
        }
        Encoding::DeltaByteArray => {
            let (shared, rest) = lengths(values, most)?;
            let (own, text) = lengths(rest, most)?;
            (shared.len() == own.len()).then_some(())?;
            let mut last = 0;
            let mut used = 0_usize;
            for (shared, own) in shared.into_iter().zip(own) {
                used = used.checked_add(own)?;
                (shared <= last && used <= text.len()).then_some(())?;
                last = shared + own;
            }
        }
        _ => {}
    }
    Some(())
}

fn lengths(values: &[u8], most: usize) -> Option<(Vec<usize>, &[u8])> {
    let mut lengths = Vec::new();
    let rest = sequence(
        values,
        most,
        Some(&mut |length| {
            lengths.push(usize::try_from(length).ok()?);
            Some(())
        }),
    )?;
    Some((lengths, rest))
}

/// Walks over one sequence of differences, telling the sums if someone asks for
/// them, and returns what lies behind.
fn sequence<'a>(bytes: &'a [u8], most: usize, mut tell: Option<&mut dyn FnMut(i64) -> Option<()>>) -> Option<&'a [u8]> {
    let mut walk = Walk::new(bytes);
    let mut count = || usize::try_from(walk.varint()?).ok();
    let (block, parts, mut left) = (count()?, count()?, count()?);
    let mut sum = walk.whole()?;
    let part = block.checked_div(parts)?;
    let shaped =
        block <= MOST_IN_BLOCK && block.is_multiple_of(128) && block == part * parts && part.is_multiple_of(32);
    (shaped && part > 0 && left <= most).then_some(())?;
    if left > 0 {
        left -= 1;
        if let Some(tell) = &mut tell {
            tell(sum)?;
        }
    }
    while left > 0 {
        let least = walk.whole()?;
        // Parts that are not needed have a width, but no bytes.
        for width in walk.bytes(parts)?.iter().take(left.div_ceil(part)) {
            let width = usize::from(*width);
            let packed = walk.bytes((width <= 64).then_some(part / 8 * width)?)?;
            let values = part.min(left);
            left -= values;
            if let Some(tell) = &mut tell {
                for at in 0..values {
                    sum = sum.wrapping_add(least).wrapping_add(unpacked(packed, at * width, width).cast_signed());
                    tell(sum)?;
                }
            }
        }
    }
    Some(walk.rest())
}

/// The number of so many bits that begins at a bit.
fn unpacked(packed: &[u8], bit: usize, width: usize) -> u64 {
    let bytes = packed.get(bit / 8..).unwrap_or_default().iter().take(9);
    let wide = bytes.zip(0_u32..).fold(0_u128, |wide, (byte, at)| wide | u128::from(*byte) << (8 * at));
    let mask = (1_u128 << width) - 1;
    u64::try_from(wide >> (bit % 8) & mask).unwrap_or_default()
}
