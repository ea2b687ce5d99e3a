//! Texts that act on whoever reads them: terminal escapes, characters that are not seen or
//! turn the direction, line ends that would make a line of their own.

use std::fs;
use std::path::Path;

use adjudicate::report::words::acts;

use super::HEADER;
use crate::common::{Told, Workplace, program, rows_of, told};

/// Sets the title, clears the screen, turns the direction, takes no room, and says
/// something in a line of its own.
const EVIL: &str = "X\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\u{2066}\nFORGED: all is well\u{feff}Y";

/// Whether nothing acts, and no line is forged, in what is shown.
pub(super) fn harmless(told: &Told) {
    for shown in [&told.stdout, &told.stderr] {
        let found: Vec<_> = shown.chars().filter(|c| *c != '\n' && acts(*c)).collect();
        assert!(found.is_empty(), "{found:?} in {shown:?}");
        assert!(!shown.lines().any(|line| line.starts_with("FORGED")), "{shown}");
        assert!(!shown.contains("defect"), "{shown}");
    }
}

/// A command that ends with this status, and shows nothing that acts.
fn shown(place: &Path, arguments: &[&str], status: &[i32]) -> Told {
    let told = told(program().current_dir(place).args(arguments));
    assert!(status.contains(&told.status), "{arguments:?}: {told:?}");
    harmless(&told);
    told
}

/// Claims of which every text is evil.
fn claims(more: &str) -> String {
    let text = format!("\"{EVIL}\"");
    let header = HEADER.trim_end();
    format!(
        "{header},line_of_business,member_id,modifiers,claim_status,{text}\n\
         {text},1,2026-03-01,22513,M80.08XA,{text},1800.00,{text},M1,{text},{text},1\n\
         {text},2,2026-03-01,22513,{text},{text},1800.00,ppo,M1,,denied,1\n\
         {text},3,{text},22513,M80.08XA,,1800.00,ppo,M1,,,1\n\
         {text},4,2026-03-01,22514,M54.5,{text},{text},ppo,M1,,,1\n\
         {text},5,2026-03-01,22514,M54.5,{text},10,ppo,M1,,,1{more}\n\
         a\0b,1,2026-03-01,22514,M54.5,a\0b,10,ppo,M1,,,1\n"
    )
}

#[test]
fn texts_of_claims_are_kept_and_never_act() {
    let place = Workplace::new();
    let here = &place.inputs();
    place.write("a.csv", claims(""));
    place.write("b.csv", claims(",too,many"));
    fs::create_dir(here.join(format!("in{EVIL}"))).unwrap();
    let evil_name = format!("in{EVIL}/{EVIL}.csv");
    place.write(&evil_name, claims(""));

    let run = |input: &str, out: &str, more: &[&str], status: i32| {
        shown(here, &[&["run", input, "--no-sync", "--no-progress", "--out", out], more].concat(), &[status]);
    };
    for format in ["csv", "parquet"] {
        let out = format!("{format}{EVIL}");
        let kinds: [(&str, &[&str]); 3] = [(&out, &[]), ("one", &["--xlsx", "--keep-history"]), ("json", &["--json"])];
        for (out, more) in kinds {
            run("a.csv", out, &[more, &["--format", format, "--overwrite"]].concat(), 3);
        }
        run(
            "b.csv",
            "two",
            &["--format", format, "--overwrite", "--clinical", "deny", "--unlisted-diagnosis", "pend"],
            3,
        );
        run(&evil_name, "named", &["--format", format, "--overwrite"], 3);
        for folder in [&*out, "one", "named", "two"] {
            shown(here, &["verify", folder], &[0]);
            shown(here, &["report", folder], &[0]);
            for more in [&[][..], &["--json"], &["--markdown"]] {
                let told = shown(here, &[&["explain", folder, EVIL], more].concat(), &[0]);
                assert!(told.stdout.contains("owned"), "{told:?}");
                shown(here, &[&["explain", folder, EVIL, "5"], more].concat(), &[0, 2]);
                shown(here, &[&["explain", folder, "nothing"], more].concat(), &[1, 2]);
            }
            let page = fs::read_to_string(here.join(folder).join("report.html")).unwrap();
            let acting: Vec<_> = page.chars().filter(|c| *c != '\n' && acts(*c)).collect();
            assert!(acting.is_empty(), "{folder}: {acting:?}");
        }
        for more in [&[][..], &["--json"], &["--html", "page.html", "--changes", "changes.csv", "--overwrite"]] {
            shown(here, &[&["compare", "one", "two"], more].concat(), &[0]);
            shown(here, &[&["compare", &out, "named"], more].concat(), &[0]);
        }
        let page = fs::read_to_string(here.join("page.html")).unwrap();
        assert!(page.chars().all(|c| c == '\n' || !acts(c)));
    }
    // In files all is as it was.
    run("a.csv", "csv", &[], 3);
    let decisions = rows_of(&fs::read(here.join("csv/decisions.csv")).unwrap());
    let kept = EVIL.trim();
    assert_eq!((decisions[0]["claim_id"].as_str(), decisions[0]["provider_npi"].as_str()), (kept, kept));
    assert!(decisions.iter().any(|row| row["claim_id"] == "a\0b" && row["provider_npi"] == "a\0b"));
    let rejects = rows_of(&fs::read(here.join("csv/rejects.csv")).unwrap());
    assert!(!rejects.is_empty() && rejects.iter().all(|row| row["row"].contains(EVIL)), "{rejects:?}");
    let told = shown(here, &["compare", "csv", "one"], &[0]);
    assert!(told.stdout.contains("same") || told.stdout.contains('0'), "{}", told.stdout);
}

#[test]
fn names_of_files_never_act() {
    let place = Workplace::new();
    let here = &place.inputs();
    let name = format!("{EVIL}.csv");
    for (content, status) in [
        (claims("").into_bytes(), 3),
        (b"claim_id,\n".to_vec(), 2),
        (Vec::new(), 2),
        (b"\x1f\x8bnot gzip".to_vec(), 2),
        (format!("{HEADER}\"").into_bytes(), 0),
    ] {
        place.write(&name, content);
        for input in [&*name, ".", "*.csv"] {
            shown(here, &["run", input, "--no-sync", "--out", "out", "--overwrite"], &[status, 3]);
            shown(here, &["run", input, "--dry-run"], &[0, 2]);
            let _ = fs::remove_dir_all(here.join("out"));
        }
        shown(here, &["run", &name, "./*.csv", "--out", "out"], &[2]);
    }
    for nothing in ["nothing", "nothing.csv", "nothing*"] {
        shown(here, &["run", &format!("{nothing}{EVIL}"), "--out", "out"], &[2]);
    }
    fs::remove_file(here.join(&name)).unwrap();
    place.write(&format!("{EVIL}.parquet"), "PAR1 and no more");
    shown(here, &["run", &format!("{EVIL}.parquet"), "--out", "out"], &[2]);
    fs::remove_file(here.join(format!("{EVIL}.parquet"))).unwrap();
    place.write("sub/a.csv", claims(""));
    std::os::unix::fs::symlink("/etc", here.join(format!("sub/{EVIL}"))).unwrap();
    shown(here, &["run", "sub", "--out", "out"], &[2]);
    fs::remove_file(here.join(format!("sub/{EVIL}"))).unwrap();
    // What is no file of the run.
    shown(here, &["run", "sub", "--no-sync", "--out", "out"], &[3]);
    place.write(&format!("out/{EVIL}"), "");
    shown(here, &["verify", "out"], &[2]);
    shown(here, &["verify", "out", "--json"], &[2]);
    for arguments in [
        &["verify", EVIL][..],
        &["report", EVIL],
        &["explain", EVIL, EVIL],
        &["compare", EVIL, EVIL],
        &["generate", "--lines", "9", "--seed", "1", "--out", EVIL],
        &["run", "sub", "--layout", EVIL, "--out", "more"],
        &["run", "sub", "--layout", "none\u{1b}[2J\nFORGED.toml", "--out", "more"],
        &["run", "sub", "--policy", EVIL, "--out", "more"],
        &["run", "sub", "--config", EVIL, "--out", "more"],
        &["run", "sub", "--history", EVIL, "--out", "more"],
        &["run", "sub", "--delimiter", EVIL, "--out", "more"],
        &["run", "sub", "--delimiter", "\u{1b}", "--dry-run"],
        &["run", "sub", "--threads", EVIL, "--out", "more"],
        &["run", "sub", EVIL, "--out", "out"],
        &["run", "sub", &format!("--{EVIL}")],
        &[EVIL],
        &["rules", EVIL],
        &["explain", EVIL],
        &["icd10", EVIL],
        &["icd10", "M80.08XA", "--on", EVIL],
        &["policy", "show", EVIL],
        &["policy", "expand", EVIL],
        &["policy", "lint", EVIL],
        &["completions", EVIL],
    ] {
        shown(here, arguments, &[2]);
    }
    shown(here, &["check", EVIL, EVIL, "--date", "2026-03-01"], &[0, 1, 2]);
    shown(here, &["check", "22513", EVIL, "--date", "2026-03-01", "--json"], &[0, 1, 2]);
    shown(here, &["check", "22513", "M80.08XA", "--date", "2026-03-01", "--lob", EVIL], &[0, 1, 2]);
}

#[test]
fn texts_of_policies_layouts_and_overrides_never_act() {
    let place = Workplace::new();
    let here = &place.inputs();
    place.write("a.csv", claims(""));
    let escaped: Vec<String> = EVIL.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect();
    let escaped = escaped.concat();
    let policy = include_str!("../policies/second.toml");
    let mut evil = String::new();
    for line in policy.lines() {
        let free = ["title", "publisher", "source", "summary", "text", "note"];
        match line.split_once(" = \"").filter(|(key, _)| free.contains(&key.trim())) {
            Some((key, rest)) if rest.ends_with('"') => evil += &[key, " = \"", &escaped, " ", rest, "\n"].concat(),
            _ => evil += &[line, "\n"].concat(),
        }
    }
    assert!(evil.contains(&escaped));
    place.write("evil.toml", &evil);
    for arguments in [
        &["policy", "list", "--policy", "evil.toml"][..],
        &["policy", "show", "TEST-02", "--policy", "evil.toml"],
        &["policy", "show", "TEST-02", "--policy", "evil.toml", "--json"],
        &["policy", "expand", "TEST-02", "--policy", "evil.toml"],
        &["policy", "expand", "TEST-02", "--policy", "evil.toml", "--json"],
        &["policy", "lint", "evil.toml"],
        &["run", "a.csv", "--policy", "evil.toml", "--dry-run"],
        &["run", "a.csv", "--policy", "evil.toml", "--no-sync", "--out", "out"],
        &["run", "a.csv", "--policy", "evil.toml", "--no-sync", "--json", "--out", "other"],
        &["check", "63650", "M96.1", "--date", "2026-03-01", "--policy", "evil.toml"],
    ] {
        shown(here, arguments, &[0, 1, 3]);
    }
    let page = fs::read_to_string(here.join("out/report.html")).unwrap();
    assert!(page.chars().all(|c| c == '\n' || !acts(c)));
    // Where it is an id, or a word that is not known.
    for (key, line) in [("id", "id = \"TEST-02\""), ("schema", "schema = 1")] {
        assert!(policy.contains(line), "{key}");
        place.write("wrong.toml", policy.replacen(line, &format!("{key} = \"{escaped}\""), 1));
        shown(here, &["policy", "list", "--policy", "wrong.toml"], &[0, 2]);
        shown(here, &["policy", "lint", "wrong.toml"], &[0, 2]);
        shown(here, &["run", "a.csv", "--policy", "wrong.toml", "--dry-run"], &[0, 2]);
    }
    place.write("wrong.toml", format!("name = \"{escaped}\"\n[columns]\n\"{escaped}\" = \"x\"\n"));
    shown(here, &["run", "a.csv", "--layout", "wrong.toml", "--dry-run"], &[2]);
    let native =
        include_str!("../../layouts/native.toml").replacen("name = \"native\"", &format!("name = \"{escaped}\""), 1);
    place.write("named.toml", format!("{native}\n[constants]\nline_of_business = \"{escaped}\"\n"));
    shown(here, &["run", "a.csv", "--layout", "named.toml", "--dry-run"], &[0, 2]);
    shown(here, &["run", "a.csv", "--layout", "named.toml", "--no-sync", "--out", "named"], &[3, 2]);
    let overrides = include_str!("../../sample_data/overrides.toml");
    let wrong = overrides.replacen("id = \"", &format!("id = \"{escaped}"), 1).replacen(
        "reason = \"",
        &format!("reason = \"{escaped}"),
        1,
    );
    place.write("overrides.toml", wrong);
    shown(
        here,
        &["run", "a.csv", "--overrides", "overrides.toml", "--as-of", "2026-06-30", "--no-sync", "--out", "over"],
        &[2, 3],
    );
}
