//! The columns that say what became of a line. Together they take few distinct
//! values, and the outcomes of lines are numbered already: what one says in each
//! column is looked up once.

use super::pages::Column;
use super::words::Vocabulary;
use crate::report::decisions_csv::write_rules;
use crate::report::{DecisionRow, Outcome};

/// The columns that follow from the outcome alone.
const COUNT: usize = 12;

/// What an outcome says in each of them: from the procedure to the indication, and those
/// behind the detail.
const SAID: [fn(&Outcome<'_>, &mut Vec<u8>); COUNT] = [
    |outcome, out| outcome.procedure.write(out),
    |outcome, out| out.extend_from_slice(outcome.disposition.name().as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.rule.map_or("", |rule| rule.rule().code).as_bytes()),
    write_rules,
    |outcome, out| out.extend_from_slice(outcome.carc.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.rarc.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.policy_id.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.policy_version.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.indication.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.claim_status.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.overrides.as_bytes()),
    |outcome, out| out.extend_from_slice(outcome.recovery.as_bytes()),
];

/// The columns, as one.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Of each row its outcome, by the outcome's place among those met.
    rows: Vec<u32>,
    /// How many had been met when an outcome was, by its place among its worker's.
    met: Vec<Option<u32>>,
    said: [Said; COUNT],
    lines_of_business: LinesOfBusiness,
    text: Vec<u8>,
}

/// One column: of each outcome met the place of its text.
#[derive(Default)]
struct Said {
    places: Vec<u32>,
    texts: Vocabulary,
}

/// The program, which follows from the outcome, or where it is unknown what stands
/// on the line.
#[derive(Default)]
struct LinesOfBusiness {
    said: Said,
    /// Of the rows without a program the place of what stands there.
    stated: Vec<u32>,
    /// Of each row the place, if there are such rows.
    keys: Vec<u32>,
}

/// The place of a program that is unknown.
const UNKNOWN: u32 = u32::MAX;

impl Said {
    fn clear(&mut self) {
        self.places.clear();
        self.texts.clear();
    }
}

impl Outcomes {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.met.clear();
        self.said.iter_mut().for_each(Said::clear);
        self.lines_of_business.said.clear();
        self.lines_of_business.stated.clear();
        self.lines_of_business.keys.clear();
    }

    #[inline]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let place = match self.met.get(row.outcome.place) {
            Some(Some(place)) => *place,
            _ => self.meet(row),
        };
        self.rows.push(place);
        if row.outcome.outcome.line_of_business.is_none() {
            let LinesOfBusiness { said, stated, .. } = &mut self.lines_of_business;
            stated.push(said.texts.place_of(row.texts.line_of_business));
        }
    }

    /// Looks up what an outcome says that the group has not met.
    #[cold]
    fn meet(&mut self, row: &DecisionRow<'_>) -> u32 {
        let outcome = &row.outcome.outcome;
        for (said, write) in self.said.iter_mut().zip(SAID) {
            self.text.clear();
            write(outcome, &mut self.text);
            said.places.push(said.texts.place_of(&self.text));
        }
        let Said { places, texts } = &mut self.lines_of_business.said;
        // A group does not have four billion rows.
        let place = u32::try_from(places.len()).unwrap_or(u32::MAX);
        places.push(outcome.line_of_business.map_or(UNKNOWN, |program| texts.place_of(program.as_bytes())));
        if self.met.len() <= row.outcome.place {
            self.met.resize(row.outcome.place + 1, None);
        }
        if let Some(met) = self.met.get_mut(row.outcome.place) {
            *met = Some(place);
        }
        place
    }

    /// To be called when all rows are there.
    pub(super) fn settle(&mut self) {
        let LinesOfBusiness { said, stated, keys } = &mut self.lines_of_business;
        let mut stated = stated.iter().copied();
        if stated.len() > 0 {
            let programs = self.rows.iter().map(|row| said.places.get(*row as usize).copied().unwrap_or(UNKNOWN));
            keys.extend(programs.map(|place| if place == UNKNOWN { stated.next().unwrap_or_default() } else { place }));
        }
    }

    /// In the order of [`SAID`].
    pub(super) fn columns(&self) -> [Column<'_>; COUNT] {
        self.said.each_ref().map(|said| Column::Outcomes(&self.rows, &said.places, &said.texts))
    }

    pub(super) fn line_of_business(&self) -> Column<'_> {
        let LinesOfBusiness { said, keys, .. } = &self.lines_of_business;
        if keys.is_empty() {
            Column::Outcomes(&self.rows, &said.places, &said.texts)
        } else {
            Column::Placed(keys, &said.texts)
        }
    }
}
