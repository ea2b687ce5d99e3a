//! Claims at random, from pools so small that sessions, duplicates and repeated
//! lines are common.

use proptest::prelude::*;
use proptest::sample::select;

/// The columns of [`lines`].
pub(crate) const COLUMNS: [&str; 22] = [
    "claim_id",
    "line_number",
    "service_date",
    "procedure_code",
    "diagnosis_codes",
    "diagnosis_pointers",
    "line_of_business",
    "member_id",
    "provider_npi",
    "modifiers",
    "units",
    "billed_amount",
    "paid_amount",
    "etiology",
    "technique",
    "symptomatic",
    "severe_pain",
    "hospitalized",
    "ambulation_prevented",
    "fda_cleared_device",
    "conservative_weeks",
    "fracture_age_weeks",
];

/// One line: a value for each column.
pub(crate) type Line = Vec<String>;

/// What each column may hold, the frequent first. The last `bad` values of it
/// cannot be read.
struct Pool {
    values: &'static [&'static str],
    bad: usize,
}

const fn pool(values: &'static [&'static str], bad: usize) -> Pool {
    Pool { values, bad }
}

const ANSWER: Pool = pool(&["", "", "", "yes", "no", "perhaps"], 1);

/// In the order of the columns.
const POOLS: [Pool; 22] = [
    pool(&["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C 8", "Ç9", ""], 1),
    pool(&["1", "1", "2", "3", "4", "0"], 1),
    pool(&["2026-03-01", "2026-03-01", "2026-03-02", "2019-05-05", "2016-01-01", "2035-01-01", "2026-02-30"], 1),
    pool(
        &[
            "22510", "22511", "22512", "22513", "22514", "22515", "22513", "22514", "22515", "0200T", "22523", "99213",
            "72148", "",
        ],
        0,
    ),
    pool(
        &[
            "M80.08XA",
            "M80.08XA",
            "M80.08XA",
            "C79.51",
            "M54.50",
            "M54.50;M80.08XA",
            "S32.010A",
            "M48.58XA",
            "M48.54XD",
            "C41.2;ZZZ99",
            "M80.08",
            "M54.5",
            "",
        ],
        0,
    ),
    pool(&["", "", "", "", "A", "B", "12", "9", "?"], 1),
    pool(&["", "commercial", "HMO", "fep", "medicare", "Plan, 7"], 0),
    pool(&["M1", "M1", "M2", ""], 0),
    pool(&["9990000001", "9990000001", "9990000002", ""], 0),
    pool(&["", "", "", "RT", "50", "59 RT"], 0),
    pool(&["1", "1", "1", "", "2", "-1", "0.5", "0", "many"], 1),
    pool(&["100", "100", "2500.25", "", "-100", "free"], 1),
    pool(&["50", "1250.10", "", "-50", "12,34"], 1),
    pool(&["", "", "", "osteoporotic", "trauma", "a fall"], 0),
    pool(&["", "", "", "balloon", "rfk", "by hand"], 0),
    ANSWER,
    ANSWER,
    ANSWER,
    ANSWER,
    pool(&["", "", "", "yes", "yes", "no", "perhaps"], 1),
    pool(&["", "", "", "6", "2", "1.5", "-1"], 1),
    pool(&["", "", "", "2", "8", "new"], 1),
];

fn field(pool: &'static Pool, bad: bool) -> BoxedStrategy<String> {
    let (good, spoilt) = pool.values.split_at(pool.values.len() - pool.bad);
    let good = select(good);
    if bad && !spoilt.is_empty() {
        prop_oneof![60 => good, 1 => select(spoilt)].prop_map(str::to_owned).boxed()
    } else {
        good.prop_map(str::to_owned).boxed()
    }
}

fn line(bad: bool) -> impl Strategy<Value = Line> {
    let fields: Vec<_> = POOLS.iter().map(|pool| field(pool, bad)).collect();
    // Facts on every line would stop too many: most have none.
    (fields, 0..4_u8).prop_map(|(mut fields, facts)| {
        if facts > 0 {
            fields[13..].iter_mut().for_each(String::clear);
        }
        fields
    })
}

/// So many lines; a few of them with a value that cannot be read.
pub(crate) fn lines(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(true), count)
}

/// So many lines that can all be read.
pub(crate) fn sound_lines(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(false), count)
}

/// Lines as CSV with a header.
pub(crate) fn text(lines: &[Line]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for line in lines {
        writer.write_record(line).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
