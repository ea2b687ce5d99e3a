//! Inputs of all kinds, what runs over them leave, and runs that stop before the last input.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::child::names;
use crate::common::{Told, Workplace, parquet, program, repository, told};

/// A member who is in every input.
pub(crate) const MEMBER: &str = "MARKED-MEMBER-7";

pub(crate) fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// The monthly files of an extract of years: claims that are replaced, voided, reversed and
/// billed again in other months. Some are compressed, some Parquet; some rows cannot be read.
pub(crate) fn partitions(place: &Workplace, lines: u32) {
    let lines = lines.to_string();
    let made = told(program().current_dir(place.inputs()).args([
        "generate",
        "--history",
        "--lines",
        &lines,
        "--seed",
        "11",
        "--in-scope",
        "0.6",
        "--quiet",
        "--out",
        "days",
    ]));
    assert_eq!(made.status, 0, "{made:?}");
    let folder = place.inputs().join("days");
    for (at, name) in names(&folder).into_iter().enumerate() {
        let path = folder.join(&name);
        let mut text = fs::read_to_string(&path).unwrap();
        let columns = text.lines().next().unwrap().split(',').count();
        // In every month: a session of the same member, and a row without a day.
        let rest = ",".repeat(columns - 6);
        text += &format!("S{at},1,{MEMBER},1,PPO,2020-03-01{rest}\n").replace("2020-03-01,,", "2020-03-01,24,22513");
        text += &format!("R{at},1,M,1,PPO,someday{rest}\n").replace("someday,,", "someday,24,22513");
        match at % 3 {
            0 => fs::write(&path, text).unwrap(),
            1 => {
                fs::remove_file(&path).unwrap();
                fs::write(folder.join(name + ".gz"), gzipped(text.as_bytes())).unwrap();
            }
            _ => {
                fs::remove_file(&path).unwrap();
                let name = name.replace(".csv", ".parquet");
                fs::write(folder.join(name), parquet::claims_in_groups(&text, 90)).unwrap();
            }
        }
    }
    place.write("overrides.csv", OVERRIDES);
    drafts(place);
}

/// Policies for a shadow: one that has fewer diagnoses on its list, another revision day and
/// nothing to say of a code, in the place of the run's own; and one that speaks of other codes.
pub(crate) fn drafts(place: &Workplace) {
    let own = fs::read_to_string(repository("policies/02-20000-18.toml")).unwrap();
    let text = own.replace("    { codes = \"M84.68XA – M84.68XS\", etiology = \"not told\" },\n", "");
    let text = text.replace("2020-06-15", "2022-01-01");
    let blocks = text.split("[[procedure]]").filter(|block| !block.trim_start().starts_with("code = \"22512\""));
    let text = blocks.collect::<Vec<_>>().join("[[procedure]]");
    assert!(text.len() + 200 < own.len());
    place.write("draft.toml", text);
    let other = fs::read_to_string(repository("tests/policies/second.toml")).unwrap();
    place.write("other.toml", other.replace("63650", "99213"));
}

const OVERRIDES: &str = "id,owner,reason,expires,rules,member_id,claim_id,provider_npi\n\
    MARKED,Appeals,upheld,2026-12-31,all,MARKED-MEMBER-7,,\n\
    ONE,Network,carve-out,2026-12-31,COV002;LIN002,,,1\n\
    OLD,Appeals,upheld,2020-01-31,COV002,,S3,\n";

/// The files of a run folder, but for pages and workbook, which tell when the run began, as
/// the manifest and the shadow's figures do; that is taken out.
pub(crate) fn left_by_run(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<_, _> =
        names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect();
    let telling = ["report.html", "report.xlsx", "shadow.html", "shadow.json"];
    let [page, _, _, shadow] = telling.map(|name| files.remove(name));
    assert!(page.is_some());
    let parsed = |file: &[u8]| serde_json::from_slice::<serde_json::Value>(file).unwrap();
    let mut without =
        |name: &str, value: serde_json::Value| drop(files.insert(name.to_owned(), value.to_string().into()));
    if let Some(shadow) = shadow {
        let mut figures = parsed(&shadow);
        for side in ["a", "b"] {
            assert!(figures[side].as_object_mut().unwrap().remove("started").is_some());
        }
        without("shadow.json", figures);
    }
    let mut manifest = parsed(&fs::read(folder.join("manifest.json")).unwrap());
    assert!(manifest.as_object_mut().unwrap().remove("started").is_some());
    manifest["files"].as_array_mut().unwrap().retain(|file| !telling.iter().any(|name| file["name"] == *name));
    without("manifest.json", manifest);
    files
}

/// What an undisturbed run leaves; its folder is gone again.
pub(crate) fn undisturbed(place: &Workplace, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let told = told(place.run().args(arguments));
    assert!([0, 3].contains(&told.status), "{told:?}");
    assert!(!told.stderr.contains("finished before"), "{told:?}");
    assert_eq!(place.left(), ["run"]);
    let left = left_by_run(&place.out());
    fs::remove_dir_all(place.out()).unwrap();
    left
}

pub(crate) fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    let differing: Vec<_> = one.iter().filter(|(name, bytes)| other[*name] != **bytes).collect();
    assert!(differing.is_empty(), "{:?}", differing.iter().map(|(name, _)| name).collect::<Vec<_>>());
}

pub(crate) fn checkpoint(place: &Workplace) -> PathBuf {
    place.outputs().join(".run.adjudicate-checkpoint")
}

/// The parts of the checkpoint, in the order in which they were finished.
pub(crate) fn parts(place: &Workplace) -> Vec<PathBuf> {
    // A run that ends takes it away.
    let Ok(all) = fs::read_dir(checkpoint(place)) else { return Vec::new() };
    let all = all.filter_map(|entry| Some(entry.ok()?.path()));
    let mut parts: Vec<_> = all.filter(|path| path.extension().is_some_and(|ending| ending == "part")).collect();
    parts.sort_by_cached_key(|path| fs::metadata(path).and_then(|told| told.modified()).ok());
    parts
}

const HEADER: &str = "claim_id,line_number,member_id,provider_npi,service_date,procedure_code,diagnosis_codes,units\n";

/// Claims of a file: sessions that all files share, and some rejects.
pub(crate) fn claims(file: &str) -> String {
    let rows = (0..60).map(|number| {
        let code = ["22513", "22515", "99213", "22511", "22512"][number % 5];
        let day = if number == 8 { "someday".to_owned() } else { format!("2026-03-{:02}", number % 28 + 1) };
        let member = if number % 7 == 0 { MEMBER.to_owned() } else { format!("M{number}") };
        format!("{file}{number},{},{member},{},{day},{code},M80.08XA,1\n", number % 3 + 1, number % 3)
    });
    HEADER.to_owned() + &rows.collect::<String>()
}

/// Claims of a file that is so long, however well it is packed, that looking at its header does
/// not meet its end. Most are out of scope.
fn long() -> String {
    let mut number = 1_u64;
    let rows = (0..12_000).map(|_| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{number:x}{:x},1,M1,1,2026-03-01,99213,M80.08XA,1\n", number.rotate_left(29))
    });
    claims("d") + &rows.collect::<String>()
}

/// What stops a run at its last input, whatever the time, and what it should have been.
pub(crate) struct Stopped {
    pub(crate) place: Workplace,
}

impl Stopped {
    /// A run over four files, of which the last one is not all there; three are finished.
    pub(crate) fn run(arguments: &[&str]) -> Self {
        let place = Workplace::new();
        for file in ["a", "b", "c"] {
            place.write(&format!("days/{file}.csv"), claims(file));
        }
        place.write("overrides.csv", OVERRIDES);
        drafts(&place);
        let whole = gzipped(long().as_bytes());
        place.write("days/d.csv.gz", &whole[..whole.len() - 9]);
        let told = told(Self::command(&place).args(arguments));
        assert_eq!((told.status, told.stdout.as_str()), (2, ""), "{told:?}");
        let path = checkpoint(&place);
        let said = format!("3 of 4 inputs are finished, and the same command goes on from there ({})", path.display());
        assert!(told.stderr.contains(&said), "{}", told.stderr);
        assert_eq!(place.left(), [".run.adjudicate-checkpoint"]);
        assert_eq!(parts(&place).len(), 3);
        place.write("days/d.csv.gz", whole);
        Self { place }
    }

    fn command(place: &Workplace) -> Command {
        let mut command = place.run();
        command.args(["days", "--resume"]);
        command
    }

    /// The same command, or another one; and that it leaves what an undisturbed run does.
    pub(crate) fn go_on(&self, arguments: &[&str]) -> Told {
        let told = told(Self::command(&self.place).args(arguments));
        assert_eq!(told.status, 3, "{told:?}");
        assert_eq!(self.place.left(), ["run"]);
        let left = left_by_run(&self.place.out());
        fs::remove_dir_all(self.place.out()).unwrap();
        let mut all = vec!["days", "--resume"];
        all.extend(arguments);
        same(&left, &undisturbed(&self.place, &all));
        told
    }
}
