//! The columns that say what became of a line. Together they take few distinct
//! values, so a row of them is one number, looked up once.

use std::hash::Hasher as _;
use std::io;

use polars_arrow::array::Array;
use rustc_hash::FxHasher;

use super::words::{Table, Vocabulary, dictionary};
use crate::report::DecisionRow;
use crate::rules::{CATALOGUE, Disposition, FindingSet};

/// Of a row's values those that are numbers: procedure, disposition, rule,
/// findings.
type Numbers = [u64; 4];
/// Those that are words, from the line of business to the indication.
const WORDS: usize = 6;

/// The values of a row in these columns.
#[derive(Clone, Copy)]
struct Outcome {
    numbers: Numbers,
    words: [u32; WORDS],
}

/// The columns, as one.
#[derive(Default)]
pub(super) struct Outcomes {
    rows: Vec<u32>,
    /// Which of them an outcome is, by the outcome's place.
    met: Vec<Option<u32>>,
    distinct: Vec<Outcome>,
    table: Table,
    words: [Vocabulary; WORDS],
}

/// The columns, each by itself.
pub(super) struct OutcomeColumns {
    pub(super) procedure: Box<dyn Array>,
    pub(super) disposition: Box<dyn Array>,
    pub(super) rule: Box<dyn Array>,
    pub(super) findings: Box<dyn Array>,
    pub(super) line_of_business: Box<dyn Array>,
    pub(super) carc: Box<dyn Array>,
    pub(super) rarc: Box<dyn Array>,
    pub(super) policy_id: Box<dyn Array>,
    pub(super) policy_version: Box<dyn Array>,
    pub(super) indication: Box<dyn Array>,
}

impl Outcomes {
    #[inline]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let met = self.met.get(row.outcome.place).copied().flatten();
        let place = match met.filter(|_| row.outcome.outcome.line_of_business.is_some()) {
            Some(place) => place,
            None => self.meet(row),
        };
        self.rows.push(place);
    }

    /// An outcome that the group has not met, or whose line of business is each
    /// line's own.
    #[cold]
    fn meet(&mut self, row: &DecisionRow<'_>) -> u32 {
        let outcome = &row.outcome.outcome;
        let rule = outcome.rule.map_or(0, |rule| rule as u64 + 1);
        let numbers = [outcome.procedure.packed(), outcome.disposition as u64, rule, outcome.findings.bits()];
        let others = [outcome.carc, outcome.rarc, outcome.policy_id, outcome.policy_version, outcome.indication];
        let [carc, rarc, policy, version, indication] = others.map(str::as_bytes);
        let words = [row.program(), carc, rarc, policy, version, indication];
        // The words hang together with the numbers: they are compared, not hashed.
        let mut hasher = FxHasher::default();
        for number in numbers {
            hasher.write_u64(number);
        }
        let hash = hasher.finish() ^ words.iter().fold(0, |sum, word| sum << 5 ^ word.len() as u64);
        let found = self.table.find(hash, |place| {
            self.distinct.get(place as usize).is_some_and(|outcome| {
                let mut pairs = self.words.iter().zip(outcome.words).zip(words);
                outcome.numbers == numbers && pairs.all(|((known, at), word)| known.is(at, word))
            })
        });
        let place = match found {
            Ok(place) => place,
            Err(free) => self.add(free, hash, numbers, words),
        };
        if self.met.len() <= row.outcome.place {
            self.met.resize(row.outcome.place + 1, None);
        }
        if let Some(met) = self.met.get_mut(row.outcome.place) {
            *met = Some(place);
        }
        place
    }

    fn add(&mut self, free: usize, hash: u64, numbers: Numbers, words: [&[u8]; WORDS]) -> u32 {
        let mut places = [0; WORDS];
        for ((place, known), word) in places.iter_mut().zip(&mut self.words).zip(words) {
            *place = known.place_of(word);
        }
        self.distinct.push(Outcome { numbers, words: places });
        self.table.fill(free, hash)
    }

    pub(super) fn into_columns(self) -> io::Result<OutcomeColumns> {
        let Self { rows, distinct, words, .. } = self;
        let [programs, carcs, rarcs, policies, versions, indications] = words;
        let worded = |known: Vocabulary, pick: fn(&Outcome) -> u32| {
            let places: Vec<u32> = distinct.iter().map(pick).collect();
            column(&rows, &places, known)
        };
        let named = |write: fn(&Outcome, &mut Vec<u8>)| {
            let mut names = Vocabulary::default();
            let mut name = Vec::new();
            let place = |outcome: &Outcome| {
                name.clear();
                write(outcome, &mut name);
                names.place_of(&name)
            };
            let places: Vec<u32> = distinct.iter().map(place).collect();
            column(&rows, &places, names)
        };
        Ok(OutcomeColumns {
            procedure: named(|Outcome { numbers: [packed, ..], .. }, out| write_procedure(*packed, out))?,
            disposition: named(|Outcome { numbers: [_, code, ..], .. }, out| write_disposition(*code, out))?,
            rule: named(|Outcome { numbers: [_, _, code, _], .. }, out| write_rule(*code, out))?,
            findings: named(|Outcome { numbers: [.., bits], .. }, out| write_findings(*bits, out))?,
            line_of_business: worded(programs, |Outcome { words: [place, ..], .. }| *place)?,
            carc: worded(carcs, |Outcome { words: [_, place, ..], .. }| *place)?,
            rarc: worded(rarcs, |Outcome { words: [_, _, place, ..], .. }| *place)?,
            policy_id: worded(policies, |Outcome { words: [.., place, _, _], .. }| *place)?,
            policy_version: worded(versions, |Outcome { words: [.., place, _], .. }| *place)?,
            indication: worded(indications, |Outcome { words: [.., place], .. }| *place)?,
        })
    }
}

/// A column of words: of each row the outcome, of each outcome the word.
fn column(rows: &[u32], places: &[u32], words: Vocabulary) -> io::Result<Box<dyn Array>> {
    let keys = rows.iter().map(|row| places.get(*row as usize).copied().unwrap_or_default()).collect();
    dictionary(keys, words.into_array()?)
}

fn write_procedure(packed: u64, out: &mut Vec<u8>) {
    out.extend(packed.to_be_bytes().iter().take_while(|byte| **byte != 0));
}

fn write_disposition(code: u64, out: &mut Vec<u8>) {
    let found = Disposition::ALL.iter().find(|disposition| **disposition as u64 == code);
    out.extend_from_slice(found.map_or("", |disposition| disposition.name()).as_bytes());
}

fn write_rule(code: u64, out: &mut Vec<u8>) {
    let found = CATALOGUE.iter().find(|rule| rule.id as u64 + 1 == code);
    out.extend_from_slice(found.map_or("", |rule| rule.code).as_bytes());
}

fn write_findings(bits: u64, out: &mut Vec<u8>) {
    for (at, rule) in FindingSet::from_bits(bits).rules().enumerate() {
        if at > 0 {
            out.push(b';');
        }
        out.extend_from_slice(rule.rule().code.as_bytes());
    }
}
