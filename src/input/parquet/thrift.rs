//! Just enough of Thrift's compact protocol to look at a footer or a page header
//! before the Parquet library does.
//!
//! The library believes what it reads: it takes memory for a list's announced
//! length, and it takes a field's type from its number alone. Here every byte is
//! walked once, against the shape that the format prescribes, so that what
//! passes holds what it announces.

/// What a value has to look like.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A whole number; told with its tag, unless that is [`UNTOLD`].
    Whole(u8),
    /// A truth value, told as 1 or 0.
    Truth(u8),
    /// Text or bytes.
    Bytes,
    /// A list.
    List(&'static Self),
    /// A structure: the shapes of the fields that are known. Others may hold
    /// anything. Its end is told with its tag.
    Struct(u8, &'static [(i64, Self)]),
}

/// The tag of what is not told.
pub(super) const UNTOLD: u8 = 0;

/// Structures within structures; the format itself needs six.
const DEEPEST: u8 = 16;

const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const STRUCT: u8 = 12;

/// A walk over bytes; `None` from any step means that they are not what they
/// should be.
pub(super) struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been walked.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Walks over one structure, telling tagged numbers and ends in their order.
    pub(super) fn structure(&mut self, shape: Shape, tell: &mut dyn FnMut(u8, i64)) -> Option<()> {
        self.value(STRUCT, shape, tell, 0)
    }

    fn value(&mut self, wire: u8, shape: Shape, tell: &mut dyn FnMut(u8, i64), depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match (shape, wire) {
            (Shape::Whole(tag), I16..=I64) => {
                let value = self.whole()?;
                if tag != UNTOLD {
                    tell(tag, value);
                }
            }
            (Shape::Truth(tag), TRUE | FALSE) => tell(tag, i64::from(wire == TRUE)),
            (Shape::Bytes, BINARY) => self.skip(BINARY, depth)?,
            (Shape::List(inner), LIST) => {
                let (wire, length) = self.list()?;
                for _ in 0..length {
                    self.value(wire, *inner, tell, depth + 1)?;
                }
            }
            (Shape::Struct(tag, fields), STRUCT) => {
                let mut id = 0;
                while let Some(wire) = self.field(&mut id)? {
                    match fields.iter().find(|(known, _)| *known == id) {
                        Some((_, shape)) => self.value(wire, *shape, tell, depth + 1)?,
                        None => self.skip(wire, depth + 1)?,
                    }
                }
                if tag != UNTOLD {
                    tell(tag, 0);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// The next field's type; its number is left in `id`. `Some(None)` ends the
    /// structure.
    #[allow(clippy::option_option)]
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head & 0x0f == STOP {
            return Some(None);
        }
        *id = match head >> 4 {
            0 => self.whole()?,
            delta => *id + i64::from(delta),
        };
        i16::try_from(*id).ok()?;
        Some(Some(head & 0x0f))
    }

    fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let length = match head >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            short => usize::from(short),
        };
        // Every element is a byte at least.
        (length <= self.rest.len()).then_some((head & 0x0f, length))
    }

    fn skip(&mut self, wire: u8, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match wire {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            I16..=I64 => drop(self.varint()?),
            DOUBLE => drop(self.bytes(8)?),
            BINARY => {
                let length = self.varint()?;
                self.bytes(usize::try_from(length).ok()?)?;
            }
            LIST | SET => {
                let (wire, length) = self.list()?;
                // In a list a truth value is a byte of its own.
                let wire = if wire == FALSE || wire == TRUE { BYTE } else { wire };
                for _ in 0..length {
                    self.skip(wire, depth + 1)?;
                }
            }
            STRUCT => {
                let mut id = 0;
                while let Some(wire) = self.field(&mut id)? {
                    self.skip(wire, depth + 1)?;
                }
            }
            // There are maps in Thrift, but none in the format.
            _ => return None,
        }
        Some(())
    }

    /// The next so many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A whole number that is not negative.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A whole number that may be negative.
    pub(super) fn whole(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        Some((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }
}
