//! What holds for any claims. `PROPTEST_CASES` raises the number of cases, and
//! `PROPTEST_RNG_SEED` chooses others; without it they are the same every time.

mod common;
#[allow(dead_code)] // The fuzzers share the reading of records.
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use adjudicate::claim::{ClaimLine, Day, Decimal, Etiology, Modifier, ProcedureCode, Stated, Technique};
use adjudicate::engine::{Adjudicator, decide_batch};
use adjudicate::input::{InputFormat, RowReader};
use adjudicate::report::DecisionFormat;
use adjudicate::run::RunError;
use common::claims::{COLUMNS, Line, lines, sound_lines, text};
use common::{Ran, Row, adjudicator};
use fuzz::on_disk::input;
use fuzz::records::{check_raws, layout, map, noted, reference};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use tempfile::TempDir;

/// So many cases, the same ones every time unless the environment says otherwise.
fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let usual = std::env::var_os("PROPTEST_CASES").is_none();
    let seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(20_260_301) } else { given.rng_seed };
    ProptestConfig {
        cases: if usual { cases } else { given.cases },
        rng_seed: seed,
        failure_persistence: None,
        ..given
    }
}

/// Files in a folder of their own.
struct Files {
    place: TempDir,
}

impl Files {
    fn new() -> Self {
        Self { place: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.place.path().join(name)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    /// A run over some of them.
    fn ran(&self, names: &[&str], adjudicator: &Arc<Adjudicator>) -> Ran {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        common::run_here(&common::settings(&paths), adjudicator).unwrap()
    }
}

/// Rows without some of their columns.
fn without(rows: Vec<Row>, columns: &[&str]) -> Vec<Row> {
    let strip = |mut row: Row| {
        row.retain(|column, _| !columns.contains(&column.as_str()));
        row
    };
    rows.into_iter().map(strip).collect()
}

/// A summary as JSON, without what depends on how rows are dealt to files.
fn totals(ran: &Ran) -> serde_json::Value {
    let mut summary: serde_json::Value = serde_json::from_str(&ran.summary_json()).unwrap();
    summary["files"] = serde_json::Value::Null;
    // This one is about the files, not about their lines.
    summary["warnings"].as_array_mut().unwrap().retain(|warning| warning["id"] != "empty-input");
    summary
}

/// A line of [`common::claims`] as the library's own, without a reader.
fn as_claim_line(line: &[String]) -> ClaimLine<'_> {
    let decimal = |text: &str| Decimal::parse(text.as_bytes());
    let answer = |text: &str| Some(text).filter(|text| !text.is_empty()).map(|text| text == "yes");
    let (day, procedure) = (Day::parse_iso(&line[2]).unwrap(), ProcedureCode::parse(&line[3]).unwrap());
    let mut made = ClaimLine::new(&line[0], line[1].parse().unwrap(), day, procedure);
    line[4].split(';').filter(|text| !text.is_empty()).for_each(|text| made.add_diagnosis(text));
    (made.line_of_business, made.member_id, made.provider_npi) = (&line[6], &line[7], &line[8]);
    made.modifiers = line[9].split_whitespace().map(Modifier::new).collect();
    made.modifiers.sort_unstable();
    made.units = decimal(&line[10]).unwrap_or(Decimal::ONE);
    (made.billed, made.paid) = (decimal(&line[11]), decimal(&line[12]));
    made.facts.etiology = match &*line[13] {
        "" => Stated::Blank,
        word => Etiology::from_word(word).map_or(Stated::Other, Stated::Known),
    };
    made.facts.technique = match &*line[14] {
        "" => Stated::Blank,
        word => Technique::from_word(word).map_or(Stated::Other, Stated::Known),
    };
    made.facts.symptomatic = answer(&line[15]);
    made.facts.severe_pain = answer(&line[16]);
    made.facts.hospitalized = answer(&line[17]);
    made.facts.ambulation_prevented = answer(&line[18]);
    made.facts.fda_cleared_device = answer(&line[19]);
    made.facts.conservative_weeks = decimal(&line[20]);
    made.facts.fracture_age_weeks = decimal(&line[21]);
    made
}

// ---------------------------------------------------------------------------
// Runs.

/// What a line in a batch of its own takes at least: 52 bytes of state and its tables, 32 of
/// keys, and 25 held.
const LINE_BYTES: usize = 109;
/// Few enough that decisions as Parquet have several row groups.
const GROUP_LINES: u32 = 7;

#[test]
fn bytes_do_not_depend_on_threads_batches_or_the_spool() {
    // Runs that ended, though their lines take more than the limit.
    let (spilled, of_groups) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let claims = (lines(0..80), any::<bool>());
    let outcome = TestRunner::new(cases(24)).run(&claims, |(lines, crlf)| {
        let text = if crlf { text(&lines).replace('\n', "\r\n") } else { text(&lines) };
        let files = Files::new().with("a.csv", &text).with("b.csv", &text);
        for format in [DecisionFormat::Csv, DecisionFormat::Parquet] {
            let mut settings = common::settings(&[files.path("a.csv"), files.path("b.csv")]);
            (settings.threads, settings.format, settings.group_lines) = (1, format, GROUP_LINES);
            let first = common::run_here(&settings, &adjudicator()).unwrap();
            let decided = usize::try_from(first.summary.decided).unwrap();
            if format == DecisionFormat::Parquet {
                let groups = common::parquet::groups(&first.decisions);
                prop_assert_eq!(groups.iter().sum::<usize>(), decided);
                prop_assert_eq!(groups.len(), decided.div_ceil(GROUP_LINES as usize));
                of_groups.fetch_add(usize::from(groups.len() > 1), Ordering::Relaxed);
            }
            for (threads, batch_bytes, memory_bytes) in [
                (2, 1, 40_000),
                (8, 7, 1 << 20),
                (2, 64, 12_000),
                (8, 1, decided * (LINE_BYTES - 1)),
                (8, 4096, 8_000),
                (1, 1, 20_000),
                (2, 1 << 20, 25_000),
            ] {
                (settings.threads, settings.batch_bytes, settings.memory_bytes) = (threads, batch_bytes, memory_bytes);
                let other = match common::run_here(&settings, &adjudicator()) {
                    // Some of it cannot be put aside; then there is no run.
                    Err(RunError::Memory { .. }) => continue,
                    other => other.unwrap(),
                };
                prop_assert!(first.decisions == other.decisions, "{threads} {batch_bytes} {memory_bytes}");
                prop_assert!(first.rejects == other.rejects, "{threads} {batch_bytes} {memory_bytes}");
                prop_assert_eq!(first.summary_json(), other.summary_json());
                let does_not_fit = batch_bytes == 1 && decided * LINE_BYTES > memory_bytes;
                spilled.fetch_add(usize::from(does_not_fit), Ordering::Relaxed);
            }
        }
        Ok(())
    });
    outcome.unwrap();
    let (spilled, of_groups) = (spilled.into_inner(), of_groups.into_inner());
    assert!(spilled > 0 && of_groups > 0, "{spilled} {of_groups}");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn rows_add_up_and_each_is_written_once(lines in lines(0..60), ragged in proptest::collection::vec(0..60_usize, 0..4)) {
        let mut text = text(&lines);
        for at in ragged {
            text += lines.get(at).map_or("", |line| line[0].as_str());
            text += ",\n";
        }
        let ran = common::run_text(&text);
        let summary = &ran.summary;
        let written = csv::Reader::from_reader(text.as_bytes()).into_byte_records().count();
        prop_assert_eq!(summary.rows, summary.out_of_scope + summary.decided + summary.rejected);
        prop_assert_eq!(summary.rows, written as u64);
        prop_assert!(written >= lines.len());
        prop_assert!(summary.files.iter().all(|file| file.counts.adds_up()));
        let row = |row: &Row| row["source_row"].parse::<u64>().unwrap();
        let decided: Vec<u64> = ran.decisions().iter().map(row).collect();
        let rejected: Vec<u64> = ran.rejects().iter().map(row).collect();
        prop_assert_eq!((decided.len() as u64, rejected.len() as u64), (summary.decided, summary.rejected));
        prop_assert!(decided.is_sorted_by(|a, b| a < b) && rejected.is_sorted_by(|a, b| a < b));
        prop_assert!(decided.iter().all(|row| rejected.binary_search(row).is_err()));
    }

    #[test]
    fn rows_out_of_scope_change_nothing(
        lines in lines(1..50),
        others in proptest::collection::vec((sound_lines(1..2), any::<prop::sample::Index>()), 1..20),
    ) {
        let mut more = lines.clone();
        for (other, at) in others {
            let mut other = other[0].clone();
            other[3] = "99213".to_owned();
            other[1] = "not looked at".to_owned();
            more.insert(at.index(more.len() + 1), other);
        }
        let (few, many) = (common::run_text(text(&lines)), common::run_text(text(&more)));
        // Rows are counted, and named in words, by their place.
        let columns = ["source_file", "source_row", "detail"];
        prop_assert_eq!(without(few.decisions(), &columns), without(many.decisions(), &columns));
        let columns = ["source_file", "source_row"];
        prop_assert_eq!(without(few.rejects(), &columns), without(many.rejects(), &columns));
        prop_assert_eq!(few.summary.decided, many.summary.decided);
    }

    #[test]
    fn a_policy_of_other_codes_changes_nothing(lines in lines(1..50)) {
        let beside = common::index_with(&["tests/policies/second.toml"]).unwrap();
        let beside = common::judging(beside, adjudicate::engine::DecisionOptions::default());
        let files = Files::new().with("a.csv", text(&lines));
        let (one, two) = (files.ran(&["a.csv"], &adjudicator()), files.ran(&["a.csv"], &beside));
        prop_assert!(one.decisions == two.decisions && one.rejects == two.rejects);
        prop_assert_eq!(one.summary_json(), two.summary_json());
    }

    #[test]
    fn lines_from_memory_are_decided_as_those_of_a_file(lines in sound_lines(0..60)) {
        let lines: Vec<Line> = lines
            .into_iter()
            .map(|mut line| {
                line[5].clear();
                line
            })
            .filter(|line| !line[3].is_empty())
            .collect();
        let from_memory: Vec<ClaimLine<'_>> = lines.iter().map(|line| as_claim_line(line)).collect();
        let seen: Vec<[String; 6]> = decide_batch(&adjudicator(), &from_memory)
            .into_iter()
            .flatten()
            .map(|decision| {
                let rules: Vec<&str> = decision.findings.rules().map(|rule| rule.rule().code).collect();
                [
                    decision.disposition.name().to_owned(),
                    rules.join(";"),
                    decision.carc.to_owned(),
                    decision.policy_version,
                    decision.indication,
                    decision.detail,
                ]
            })
            .collect();
        let columns = ["disposition", "rules", "carc", "policy_version", "indication", "detail"];
        let ran = common::run_text(text(&lines)).decisions();
        let expected: Vec<[String; 6]> = ran.iter().map(|row| columns.map(|column| row[column].clone())).collect();
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn one_file_and_several_are_decided_alike(lines in lines(0..60), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(lines.len() + 1)).collect();
        cuts.extend([0, lines.len()]);
        cuts.sort_unstable();
        let mut files = Files::new().with("whole.csv", text(&lines));
        let mut names = Vec::new();
        for (cut, name) in cuts.windows(2).zip(["a.csv", "b.csv", "c.csv", "d.csv", "e.csv"]) {
            files = files.with(name, text(&lines[cut[0]..cut[1]]));
            names.push(name);
        }
        let (whole, parts) = (files.ran(&["whole.csv"], &adjudicator()), files.ran(&names, &adjudicator()));
        let columns = ["source_file", "source_row", "detail"];
        prop_assert_eq!(without(whole.decisions(), &columns), without(parts.decisions(), &columns));
        prop_assert_eq!(without(whole.rejects(), &columns), without(parts.rejects(), &columns));
        prop_assert_eq!(totals(&whole), totals(&parts));
    }

    #[test]
    fn packed_files_are_decided_as_plain_ones(lines in lines(0..40)) {
        let text = text(&lines);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text.as_bytes()).unwrap();
        let files = Files::new()
            .with("a.csv", &text)
            .with("b.csv.gz", gz.finish().unwrap())
            .with("c.csv.zst", zstd::encode_all(text.as_bytes(), 1).unwrap());
        let plain = files.ran(&["a.csv"], &adjudicator());
        for name in ["b.csv.gz", "c.csv.zst"] {
            let packed = files.ran(&[name], &adjudicator());
            prop_assert_eq!(without(plain.decisions(), &["source_file"]), without(packed.decisions(), &["source_file"]));
            prop_assert_eq!(without(plain.rejects(), &["source_file"]), without(packed.rejects(), &["source_file"]));
            prop_assert_eq!(totals(&plain), totals(&packed));
        }
    }

    #[test]
    fn parquet_is_decided_as_csv_is(lines in lines(0..50), sound in sound_lines(0..50), rows in 1..60_usize) {
        let files = Files::new()
            .with("a.csv", text(&lines))
            .with("a.parquet", common::parquet::claims_in_groups(&text(&lines), rows))
            .with("b.csv", text(&sound))
            .with("b.parquet", common::parquet::typed_claims(&text(&sound), rows));
        for name in ["a", "b"] {
            let csv = files.ran(&[&format!("{name}.csv")], &adjudicator());
            let parquet = files.ran(&[&format!("{name}.parquet")], &adjudicator());
            prop_assert_eq!(without(csv.decisions(), &["source_file"]), without(parquet.decisions(), &["source_file"]));
            // How a row is shown follows its format.
            let columns = ["source_file", "row"];
            prop_assert_eq!(without(csv.rejects(), &columns), without(parquet.rejects(), &columns));
            prop_assert_eq!(totals(&csv), totals(&parquet));
        }
    }

    #[test]
    fn decisions_as_parquet_hold_what_those_as_csv_hold(lines in lines(0..50)) {
        let files = Files::new().with("a.csv", text(&lines));
        let mut settings = common::settings(&[files.path("a.csv")]);
        let csv = common::run_here(&settings, &adjudicator()).unwrap();
        settings.format = DecisionFormat::Parquet;
        let parquet = common::run_here(&settings, &adjudicator()).unwrap();
        prop_assert_eq!(csv.decisions(), common::parquet::decisions(&parquet.decisions));
        prop_assert_eq!(csv.rejects, parquet.rejects);
        prop_assert_eq!(csv.summary, parquet.summary);
    }

    #[test]
    fn a_day_is_the_same_in_every_spelling(days in -25_567..20_000_i32, zeros: bool) {
        let day = Day::from_days(days);
        let (year, month, date) = day.ymd();
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month as usize - 1];
        let iso = day.to_string();
        let us = if zeros { format!("{month:02}/{date:02}/{year}") } else { format!("{month}/{date}/{year}") };
        let named = if zeros { format!("{date:02}-{name}-{year}") } else { format!("{date}-{}-{year}", name.to_lowercase()) };
        let spellings = [iso.clone(), iso.replace('-', ""), us, named];
        let rows: Vec<_> = spellings.iter().zip(1..).map(|(day, n)| format!("C{n},1,{day},22513,M80.08XA\n")).collect();
        let ran = common::run_text(format!("{}\n{}", COLUMNS[..5].join(","), rows.concat()));
        let seen: Vec<String> = ran.decisions().iter().map(|row| row["service_date"].clone()).collect();
        prop_assert_eq!(seen, vec![iso; 4]);
    }
}

// ---------------------------------------------------------------------------
// Values.

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_decimal_reads_back(value in -9_000_000_000_000_000..=9_000_000_000_000_000_i64) {
        let decimal = Decimal::from_ten_thousandths(value);
        prop_assert_eq!(Decimal::parse(decimal.to_string().as_bytes()), Some(decimal));
        let mut dollars = Vec::new();
        decimal.write_dollars(&mut dollars);
        prop_assert_eq!(Decimal::parse_dollars(&dollars), Some(decimal));
        // As a spreadsheet shows it.
        let plain = String::from_utf8(dollars).unwrap();
        let (sign, plain) = plain.strip_prefix('-').map_or(("", &*plain), |rest| ("-", rest));
        let (whole, fraction) = plain.split_once('.').unwrap();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        for shown in [format!("{sign}${grouped}.{fraction}"), format!("${sign}{grouped}.{fraction}")] {
            prop_assert_eq!(Decimal::parse_dollars(shown.as_bytes()), Some(decimal), "{}", shown);
        }
    }

    #[test]
    fn a_decimal_is_the_float_that_it_came_from(value in -90_000_000_000_i64..=90_000_000_000) {
        #[allow(clippy::cast_precision_loss)]
        let float = value as f64 / 10_000.0;
        let decimal = Decimal::from_float(float).unwrap();
        prop_assert_eq!(decimal.ten_thousandths(), value);
        prop_assert_eq!(Decimal::parse(format!("{float}").as_bytes()), Some(decimal));
    }

    #[test]
    fn text_that_is_a_number_reads_as_what_it_prints(text in "[-+$]{0,2}[0-9,]{0,9}[.]?[0-9]{0,7}") {
        if let Some(decimal) = Decimal::parse(text.as_bytes()) {
            prop_assert_eq!(Decimal::parse(decimal.to_string().as_bytes()), Some(decimal));
            prop_assert_eq!(Decimal::parse_dollars(text.as_bytes()), Some(decimal));
        }
        if let Some(decimal) = Decimal::parse_dollars(text.as_bytes()) {
            let mut dollars = Vec::new();
            decimal.write_dollars(&mut dollars);
            prop_assert_eq!(Decimal::parse_dollars(&dollars), Some(decimal));
        }
    }

    #[test]
    fn a_day_reads_back(days in -719_162..=2_932_896_i32) {
        let day = Day::from_days(days);
        prop_assert_eq!(Day::parse_iso(&day.to_string()), Some(day));
        let (year, month, date) = day.ymd();
        let whole = |value: u32| i8::try_from(value).unwrap();
        prop_assert_eq!(Day::from_ymd(i16::try_from(year).unwrap(), whole(month), whole(date)), Some(day));
        prop_assert!(day.previous() < day);
        prop_assert!(day.previous().to_string() < day.to_string());
    }

    #[test]
    fn a_procedure_code_reads_back(code in "[0-9A-Za-z]{1,8}", behind in "([-: ][0-9A-Z]{2}){0,2}") {
        let read = ProcedureCode::parse(&code).unwrap();
        prop_assert_eq!(read.to_string(), code.to_uppercase());
        prop_assert_eq!(ProcedureCode::parse_head(format!(" {code}{behind}").as_bytes()), Some(read));
    }
}

// ---------------------------------------------------------------------------
// Records: cut into chunks and taken apart, they are what the `csv` crate reads.

#[test]
fn records_that_a_carriage_return_ends_take_no_longer_in_a_large_chunk() {
    let records = 100_000;
    let (_file, input) = input(format!("a,b,c\r{}", "a,22513,c\r".repeat(records)).as_bytes(), InputFormat::Csv);
    let begin = Instant::now();
    let seen = noted(&input, &layout(false), b',', 1 << 22);
    assert_eq!(seen.records.len(), records);
    // A second or two. Each record looked for to the chunk's end takes minutes.
    assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", begin.elapsed());
}

/// Bytes in which everything that matters to CSV is frequent.
fn csv_bytes(delimiter: u8) -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof![
        6 => Just(&b""[..]),
        6 => Just(&b"22513"[..]),
        3 => Just(&b"a"[..]),
        2 => Just(&b"\"22513\""[..]),
        4 => Just(&b"\"x\ny\""[..]),
        2 => Just(&b"\"x\"\"y\""[..]),
        1 => Just(&b"\"22513\"-59"[..]),
        1 => Just(&b"5\" pipe"[..]),
        1 => Just(&b"\"\""[..]),
        1 => Just(&b"\""[..]),
        1 => Just(&b"\"\"\""[..]),
        1 => Just(&b"\"x\r\n\r\ny"[..]),
        1 => Just(&b" \"x\" "[..]),
        1 => Just(&b"\xff\xfe"[..]),
        1 => Just(&b"\xef\xbb\xbf"[..]),
        1 => Just(&b"\xef\xbb\xbf\"x\""[..]),
        1 => Just(&b",;|\t"[..]),
        1 => Just(&b"\xe2\x80\xa822513"[..]),
    ];
    let end = prop_oneof![
        8 => Just(&b"\n"[..]),
        4 => Just(&b"\r\n"[..]),
        4 => Just(&b"\r"[..]),
        1 => Just(&b"\n\n"[..]),
        1 => Just(&b"\r\n\r\n"[..]),
        1 => Just(&b"\n\r"[..]),
        1 => Just(&b"\r\r\n"[..]),
        1 => Just(&b""[..]),
    ];
    let record = (proptest::collection::vec(field, 1..6), 0..8_u8, end).prop_map(move |(mut fields, kind, end)| {
        // Mostly of the header's width.
        if kind > 0 {
            fields.resize(3, b"z");
        }
        [fields.join(&delimiter), end.to_vec()].concat()
    });
    proptest::collection::vec(record, 0..24).prop_map(|records| records.concat())
}

fn whole_files() -> impl Strategy<Value = (u8, Vec<u8>)> {
    proptest::sample::select(&b",|\t;~"[..]).prop_flat_map(|delimiter| {
        let heads = [
            "a,b,c\n",
            "\u{feff}a,b,c\r\n",
            "\n\r\na,b,c\n",
            "\"a\",b,\"c\"\r\n",
            "\u{feff}\"a\",\"b\",c\n",
            "a,b,c\r",
        ];
        (proptest::sample::select(heads.to_vec()), csv_bytes(delimiter)).prop_map(move |(head, body)| {
            let mut text = head.replace(',', std::str::from_utf8(&[delimiter]).unwrap()).into_bytes();
            text.extend(body);
            (delimiter, text)
        })
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn records_are_those_of_the_csv_crate((delimiter, text) in whole_files()) {
        let (_file, input) = input(&text, InputFormat::Csv);
        for constant in [false, true] {
            let layout = layout(constant);
            let map = map(&layout);
            let expected = reference(&text, 1, delimiter, 3, &RowReader::new(&map));
            for chunk_bytes in [1, 2, 5, 16, 61, 4096] {
                let seen = noted(&input, &layout, delimiter, chunk_bytes);
                prop_assert_eq!(&expected, &seen.records, "chunks of {}", chunk_bytes);
            }
        }
    }

    #[test]
    fn a_row_as_it_was_read_reads_the_same_again((delimiter, text) in whole_files()) {
        let (_file, input) = input(&text, InputFormat::Csv);
        check_raws(&noted(&input, &layout(true), delimiter, 16), delimiter);
    }

    #[test]
    fn no_bytes_stop_a_run((delimiter, body) in whole_files(), noise in proptest::collection::vec(any::<u8>(), 0..60)) {
        let delimiter = std::str::from_utf8(&[delimiter]).unwrap().to_owned();
        let head = COLUMNS[..5].join(&delimiter) + "\n";
        let text = [head.as_bytes(), &body, &noise].concat();
        let files = Files::new().with("a.csv", text);
        let mut settings = common::settings(&[files.path("a.csv")]);
        settings.delimiter = Some(delimiter.as_bytes()[0]);
        let ran = common::run_here(&settings, &adjudicator()).unwrap();
        let summary = &ran.summary;
        prop_assert_eq!(summary.rows, summary.out_of_scope + summary.decided + summary.rejected);
        prop_assert_eq!(ran.rejects().len() as u64, summary.rejected);
    }
}

/// The pools of lines reach every rule that a line by itself or its session can.
#[test]
fn the_lines_at_random_make_most_rules_fire() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::new(cases(1));
    let lines: Vec<Line> = lines(3000..3001).new_tree(&mut runner).unwrap().current();
    let ran = common::run_text(text(&lines));
    let fired: std::collections::BTreeSet<String> =
        ran.decisions().iter().flat_map(|row| row["rules"].split(';').map(str::to_owned).collect::<Vec<_>>()).collect();
    let never: Vec<&str> =
        adjudicate::rules::CATALOGUE.iter().map(|rule| rule.code).filter(|code| !fired.contains(*code)).collect();
    // No state accounts among the programs, nothing sacral but 0200T out of reach, and no
    // authorizations.
    assert_eq!(never, ["PGM002", "AUT001"], "{fired:?}");
    assert!(ran.summary.rejected > 0 && ran.summary.out_of_scope > 0);
}
