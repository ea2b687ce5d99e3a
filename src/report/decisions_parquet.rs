//! Placeholder while the writer is being written.
#![allow(missing_docs, clippy::all, clippy::pedantic, unused)]
use super::DecisionRow;
use std::io::{self, Write};
#[derive(Debug)]
pub struct ParquetEncoder;
#[derive(Debug)]
pub struct ParquetGroup<'e>(&'e ());
pub struct ParquetRowGroup;
pub struct ParquetSink<W: Write>(W);
impl ParquetEncoder {
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }
    pub fn group(&self) -> ParquetGroup<'_> {
        ParquetGroup(&())
    }
}
impl ParquetGroup<'_> {
    pub fn push(&mut self, _: &DecisionRow<'_>) {}
    pub fn finish(self) -> io::Result<ParquetRowGroup> {
        Ok(ParquetRowGroup)
    }
}
impl<W: Write> ParquetSink<W> {
    pub fn new(w: W) -> io::Result<Self> {
        Ok(Self(w))
    }
    pub fn write(&mut self, _: ParquetRowGroup) -> io::Result<()> {
        Ok(())
    }
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0)
    }
}
