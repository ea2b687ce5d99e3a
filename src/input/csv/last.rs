//! The line that was read before, and what of the next one is as it was there: where the
//! fields of a claim's header are the same, byte by byte, nothing of it need be read again.

use super::places::Places;
use crate::claim::{ClaimLine, Day, ProcedureCode};
use crate::input::{ColumnMap, Parts};
use crate::short::same;

/// Fields that stand side by side, and what is read from them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stretch {
    parts: Parts,
    first: usize,
    /// The place behind its last.
    behind: usize,
}

/// Where the fields of a header stand in the lines of a file.
#[derive(Clone, Debug)]
pub(super) struct HeaderFields {
    stretches: Vec<Stretch>,
    /// What else the file says of a line.
    beside: Parts,
}

impl HeaderFields {
    pub(super) fn of(map: &ColumnMap) -> Self {
        let mut stretches: Vec<Stretch> = Vec::new();
        for parts in [Parts::CLAIM, Parts::DIAGNOSES, Parts::DAY] {
            let columns = map.mapped().filter(|(column, _)| Parts::of(*column) == parts);
            let mut places: Vec<usize> = columns.flat_map(|(_, places)| places.iter().copied()).collect();
            places.sort_unstable();
            places.dedup();
            for place in places {
                match stretches.last_mut() {
                    Some(last) if last.parts == parts && last.behind == place => last.behind += 1,
                    _ => stretches.push(Stretch { parts, first: place, behind: place + 1 }),
                }
            }
        }
        let beside = map.mapped().map(|(column, _)| Parts::of(column).beside_header());
        Self { stretches, beside: beside.fold(Parts::NONE, Parts::and) }
    }
}

/// The last line that was read, and the fields of its header as they stand in the chunk.
pub(super) struct LastLine<'a> {
    /// Those that stand side by side together.
    fields: Vec<(Stretch, &'a [u8])>,
    beside: Parts,
    pub(super) line: ClaimLine<'a>,
}

impl<'a> LastLine<'a> {
    /// None yet.
    pub(super) fn none(header: &HeaderFields) -> Self {
        let line = ClaimLine::new("", 0, Day::from_days(0), ProcedureCode::NONE);
        let fields = header.stretches.iter().map(|stretch| (*stretch, &[][..])).collect();
        Self { fields, beside: header.beside, line }
    }

    /// What of the next line to be read may not be as it is in this one. Its fields are
    /// then those to compare with.
    #[inline]
    pub(super) fn changed(&mut self, text: &'a str, places: &Places) -> Parts {
        let mut changed = self.beside;
        for (stretch, last) in &mut self.fields {
            match text.as_bytes().get(places.between(stretch.first, stretch.behind)) {
                Some(next) if same(last, next) => {}
                next => {
                    *last = next.unwrap_or_default();
                    changed = changed.and(stretch.parts);
                }
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::num::NonZeroU64;

    use proptest::prelude::*;

    use super::*;
    use crate::input::csv::{Records, RowVisitor};
    use crate::input::{Layout, Row, RowMemory, RowReader};

    /// Holds each row behind others to what it is by itself.
    #[derive(Default)]
    struct Compared {
        memory: RowMemory,
        headers: HashMap<NonZeroU64, String>,
        rows: usize,
        width: usize,
        /// What stands last in the rows in scope.
        lasts: Vec<String>,
    }

    impl RowVisitor for Compared {
        fn accepts(&mut self, procedure: ProcedureCode) -> bool {
            procedure.to_string().starts_with('9')
        }

        fn passed(&mut self) {
            self.rows += 1;
        }

        fn row<'a, 'm: 'a, R: Row<'a>>(
            &mut self,
            row: &R,
            procedure: ProcedureCode,
            reader: &RowReader<'m>,
            raw: &dyn Fn() -> Vec<u8>,
        ) {
            let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
            self.row_behind(row, procedure, &mut line, reader, raw);
            self.memory.take_back(line);
        }

        fn row_behind<'a, 'm: 'a, R: Row<'a>>(
            &mut self,
            row: &R,
            procedure: ProcedureCode,
            line: &mut ClaimLine<'a>,
            reader: &RowReader<'m>,
            _: &dyn Fn() -> Vec<u8>,
        ) {
            self.rows += 1;
            self.lasts.push(row.text(self.width - 1).to_owned());
            line.procedure = procedure;
            let filled = reader.fill(row, line, &mut self.memory);
            let filled = filled.map(|()| ClaimLine { header: None, ..line.clone() });
            assert_eq!(format!("{filled:?}"), format!("{:?}", reader.read(row, procedure)));
            assert_eq!(filled.is_ok(), line.header.is_some());
            if let Some(number) = line.header {
                let ClaimLine { claim_id, member_id, provider_npi, service_date, line_of_business, .. } = &*line;
                let texts = [claim_id, member_id, provider_npi, line_of_business];
                let header = format!("{texts:?} {service_date} {:?}", line.diagnoses);
                assert_eq!(self.headers.entry(number.0).or_insert_with(|| header.clone()), &header);
            }
        }

        fn ragged(&mut self, _: usize, _: &[u8]) {
            self.rows += 1;
        }
    }

    /// What the fields of a row may be, the first of each mostly; those of diagnoses as one
    /// column or two.
    const FIELDS: [(&str, [&str; 4]); 14] = [
        ("claim_id", ["C1", " C1", "C2", ""]),
        ("member_id", ["M1", "M", "\"M1\"", ""]),
        ("provider_npi", ["1N", "N", "1N ", ""]),
        ("line_number", ["1", "2", "x", ""]),
        ("line_of_business", ["group", "FEP", "\"a \"\" b\"", "\u{e9}"]),
        ("service_date", ["2026-03-01", "2026-03-02", "3/1/2026", "soon"]),
        ("procedure_code", ["99213", "99213-59", "12345", ""]),
        ("modifiers", ["", "LT", "LT 59", " "]),
        ("units", ["1", "2.5", "-1", "one"]),
        ("billed_amount", ["10.00", "$10", "", "ten"]),
        ("paid_amount", ["7", "-7", "", "1e5"]),
        ("diagnosis_pointers", ["", "A", "BA", "?"]),
        ("diagnosis", ["C41.2", "C41.2;M80.08XA", "no code at all", ""]),
        ("diagnosis_2", ["", "I10", " I10", "M80.08XA"]),
    ];

    proptest! {
        #[test]
        fn a_row_behind_others_is_read_as_it_is_by_itself(
            rows in proptest::collection::vec(
                proptest::array::uniform14(prop_oneof![6 => Just(0_usize), 1 => 1..4_usize]),
                1..30,
            ),
            numbered: bool,
            odd in proptest::option::weighted(0.2, 0..30_usize),
            long_ends: bool,
        ) {
            let width = if numbered { FIELDS.len() } else { FIELDS.len() - 1 };
            let names: Vec<String> = FIELDS[..width]
                .iter()
                .map(|(name, _)| match *name {
                    "diagnosis" if numbered => "diagnosis_1".to_owned(),
                    "diagnosis" => "diagnosis_codes".to_owned(),
                    name => name.to_owned(),
                })
                .collect();
            let map = ColumnMap::new("claims.csv", &names, &Layout::embedded("native").unwrap()).unwrap();
            let mut chunk = Vec::new();
            for (number, row) in rows.iter().enumerate() {
                let fields: Vec<&str> = FIELDS[..width].iter().zip(row).map(|((_, values), at)| values[*at]).collect();
                chunk.extend_from_slice(fields.join(",").as_bytes());
                // A line that is no text leaves its chunk none.
                chunk.extend_from_slice(if odd == Some(number) { b"\xff" } else { b"" });
                chunk.extend_from_slice(if long_ends { b"\r\n" } else { b"\n" });
            }
            let reader = RowReader::new(&map);
            let mut compared = Compared { width, ..Compared::default() };
            Records::new(b',', width, &reader).visit(&chunk, &mut compared);
            prop_assert_eq!(compared.rows, rows.len());
            if odd.is_none_or(|odd| odd >= rows.len()) {
                let in_scope = rows.iter().filter(|row| row[6] < 2);
                let lasts: Vec<&str> = in_scope.map(|row| FIELDS[width - 1].1[row[width - 1]].trim()).collect();
                prop_assert_eq!(compared.lasts, lasts);
            }
        }
    }
}
