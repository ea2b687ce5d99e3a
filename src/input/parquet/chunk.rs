//! A column chunk as it lies in the file.

use std::io::Cursor as Position;
use std::ops::Range;

use polars_parquet::parquet::compression::Compression;
use polars_parquet::read::ColumnChunkMetadata;
use zstd::bulk::Decompressor;

use super::pages::{PageAt, Pages};

/// A column chunk.
pub(super) struct Chunk<'g> {
    /// What the footer tells of it.
    pub(super) told: &'g ColumnChunkMetadata,
    pub(super) bytes: Vec<u8>,
    /// Where in these it is.
    pub(super) within: Range<usize>,
    pub(super) pages: Pages,
}

impl<'g> Chunk<'g> {
    /// Its bytes, and no others.
    pub(super) fn into_bytes(self) -> (&'g ColumnChunkMetadata, Vec<u8>) {
        let Self { told, mut bytes, within, .. } = self;
        bytes.truncate(within.end);
        bytes.drain(..within.start.min(bytes.len()));
        (told, bytes)
    }

    /// Unpacks one of its pages.
    pub(super) fn unpack(
        &self,
        page: &PageAt,
        zstd: &mut Option<Decompressor<'static>>,
        into: &mut Vec<u8>,
    ) -> Option<()> {
        let (levels, is_packed) = page.apart.unwrap_or((0, true));
        let bytes = self.bytes.get(self.within.clone())?;
        let (levels, packed) = bytes.get(page.at.clone())?.split_at_checked(levels)?;
        into.clear();
        into.extend_from_slice(levels);
        match self.told.compression() {
            _ if !is_packed || packed.is_empty() => into.extend_from_slice(packed),
            Compression::Uncompressed => into.extend_from_slice(packed),
            Compression::Zstd => {
                if zstd.is_none() {
                    *zstd = Decompressor::new().ok();
                }
                into.reserve(page.unpacked.saturating_sub(levels.len()));
                let mut behind = Position::new(into);
                behind.set_position(levels.len() as u64);
                zstd.as_mut()?.decompress_to_buffer(packed, &mut behind).ok()?;
                return (behind.get_ref().len() == page.unpacked).then_some(());
            }
            _ => return None,
        }
        (into.len() == page.unpacked).then_some(())
    }
}
