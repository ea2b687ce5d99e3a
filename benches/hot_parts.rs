//! Throughput of the hot parts: passing over rows, reading and deciding lines,
//! looking codes up. `cargo bench`; with `-- --test` each runs once.

use std::sync::Arc;

use adjudicate::claim::{ClaimLine, Day, ProcedureCode};
use adjudicate::engine::{Adjudicator, DecisionOptions, LineEdits, LineState};
use adjudicate::icd10::{DiagnosisCode, Icd10};
use adjudicate::input::csv::{Records, RowVisitor};
use adjudicate::input::{ColumnMap, Layout, Row, RowReader};
use adjudicate::policy::PolicyIndex;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

const LINES: usize = 10_000;

fn main() {
    divan::main();
}

fn adjudicator() -> Adjudicator {
    let table = Arc::new(Icd10::embedded().expect("the table"));
    let index = Arc::new(PolicyIndex::embedded(table).expect("the policies"));
    Adjudicator::new(index, DecisionOptions::default())
}

/// Rows of which one in a hundred is in scope, or each.
fn rows(adjudicator: &Adjudicator, every: usize) -> (ColumnMap, Vec<u8>) {
    let names = "claim_id,line_number,member_id,provider_npi,line_of_business,service_date,place_of_service,\
                 procedure_code,modifiers,units,billed_amount,paid_amount,diagnosis_codes";
    let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    let map = ColumnMap::new("bench", &names, &Layout::embedded("native").expect("a layout")).expect("a header");
    let listed = listed_diagnosis(adjudicator);
    let active = active_procedure(adjudicator);
    let mut text = Vec::new();
    for line in 0..LINES {
        let procedure = if line % every == 0 { active.to_string() } else { "99213".to_owned() };
        let (claim, number) = (line / 3, line % 3 + 1);
        text.extend_from_slice(
            format!("C{claim:09},{number},M{claim:08},1003000126,commercial,2026-03-01,22,{procedure},,1,4250.00,1700.00,{listed};I10\n")
                .as_bytes(),
        );
    }
    (map, text)
}

fn active_procedure(adjudicator: &Adjudicator) -> ProcedureCode {
    let policy = &adjudicator.index().policies()[0];
    policy.procedures.iter().find(|one| one.active_to.is_none() && one.add_on_to.is_empty()).expect("one").code
}

fn listed_diagnosis(adjudicator: &Adjudicator) -> String {
    let table = adjudicator.index().table();
    let entry = &adjudicator.index().policies()[0].lists[0].entries[0];
    table.code(entry.codes[0]).to_string()
}

/// Reads and decides lines in scope, as a run's worker does.
struct Deciding<'a> {
    adjudicator: &'a Adjudicator,
    states: Vec<LineState>,
}

impl RowVisitor for Deciding<'_> {
    fn accepts(&self, procedure: ProcedureCode) -> bool {
        self.adjudicator.index().find(procedure).is_some()
    }
    fn passed(&mut self) {}
    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        _: &dyn Fn() -> Vec<u8>,
    ) {
        if let Ok(line) = reader.read(row, procedure)
            && let Some(draft) = self.adjudicator.draft(&line)
        {
            self.states.push(LineState::new(&line, &draft, 1));
        }
    }
    fn ragged(&mut self, _: usize, _: &[u8]) {}
}

#[divan::bench(args = [1, 100])]
fn read_and_decide(bencher: Bencher, every: usize) {
    let adjudicator = adjudicator();
    let (map, text) = rows(&adjudicator, every);
    let reader = RowReader::new(&map);
    bencher.counter(BytesCount::of_slice(&text)).counter(ItemsCount::new(LINES)).bench(|| {
        let mut deciding = Deciding { adjudicator: &adjudicator, states: Vec::new() };
        Records::new(b',', map.width, &reader).visit(&text, &mut deciding);
        deciding.states.len()
    });
}

#[divan::bench]
fn decide_a_line(bencher: Bencher) {
    let adjudicator = adjudicator();
    let listed = listed_diagnosis(&adjudicator);
    let day = Day::parse_iso("2026-03-01").expect("a day");
    let mut line = ClaimLine::new("C1", 1, day, active_procedure(&adjudicator));
    line.add_diagnosis(&listed);
    line.add_diagnosis("I10");
    bencher.counter(ItemsCount::new(1_usize)).bench(|| adjudicator.draft(divan::black_box(&line)));
}

#[divan::bench]
fn line_edits(bencher: Bencher) {
    let adjudicator = adjudicator();
    let (map, text) = rows(&adjudicator, 1);
    let reader = RowReader::new(&map);
    let mut deciding = Deciding { adjudicator: &adjudicator, states: Vec::new() };
    Records::new(b',', map.width, &reader).visit(&text, &mut deciding);
    let edits = LineEdits::new(adjudicator.index(), adjudicator.weights());
    bencher
        .counter(ItemsCount::new(LINES))
        .with_inputs(|| deciding.states.clone())
        .bench_values(|mut states| edits.resolve(&mut states).len());
}

#[divan::bench]
fn look_a_code_up(bencher: Bencher) {
    let table = Icd10::embedded().expect("the table");
    let code = DiagnosisCode::parse(b"M80.08XA").expect("a code");
    let day = Day::parse_iso("2026-03-01").expect("a day");
    bencher.counter(ItemsCount::new(1_usize)).bench(|| table.status(divan::black_box(&code), day));
}
