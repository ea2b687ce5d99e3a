//! Links that lead out of a folder, and places for output that are none.

use std::fs;
use std::os::unix::fs::symlink;

use super::{HEADER, LINE, refused};
use crate::common::{Workplace, program, told};

/// A folder with a file of its own, and things elsewhere.
fn folder() -> Workplace {
    let place = Workplace::new();
    place.write("claims/own.csv", [HEADER, LINE].concat());
    place.write("elsewhere/other.csv", [HEADER, &LINE.replace("C1", "C2")].concat());
    place
}

#[test]
fn a_link_out_of_a_folder_is_followed_only_if_asked() {
    for (link, to, folder_link) in
        [("claims/link.csv", "../elsewhere/other.csv", false), ("claims/linked", "../elsewhere", true)]
    {
        let place = folder();
        symlink(to, place.inputs().join(link)).unwrap();
        // A pattern that a linked folder fits means what is in it.
        let mut names = vec!["claims", "./claims/", "claims/*"];
        names.extend(if folder_link { ["claims/*/*.csv"] } else { ["claims/*.csv"] });
        for name in &names {
            let told =
                refused(&place, place.run().arg(name), &["a link that leads out of the folder", "--follow-links"]);
            assert!(told.stderr.contains("link") && told.stderr.contains("elsewhere"), "{}", told.stderr);
            let told = crate::common::told(place.run().args([name, "--follow-links", "--overwrite", "--quiet"]));
            assert_eq!((told.status, told.stderr.as_str()), (0, ""), "{name}");
            assert!(place.read("decisions.csv").contains("C2,"), "{name}");
            fs::remove_dir_all(place.out()).unwrap();
        }
        // What is named itself may be a link.
        let told = told(place.run().arg(link));
        assert_eq!(told.status, 0, "{told:?}");
        assert!(place.read("decisions.csv").contains("C2,"));
    }
}

#[test]
fn a_link_that_leads_nowhere_is_not_passed_over() {
    // Of whatever name: it may have been a file, or a folder of them.
    for name in ["claims/2026-03", "claims/more.csv", "claims/README"] {
        let place = folder();
        symlink("../not-mounted", place.inputs().join(name)).unwrap();
        refused(&place, place.run().arg("claims"), &[name, "a link that leads nowhere"]);
    }
}

#[test]
fn what_only_a_link_leads_to_is_read() {
    let place = folder();
    // Folders are published by a link to a hidden one.
    place.write("claims/.store/march/more.csv", [HEADER, &LINE.replace("C1", "C3")].concat());
    symlink(".store/march", place.inputs().join("claims/march")).unwrap();
    symlink(".store/march", place.inputs().join("claims/march-again")).unwrap();
    for name in ["claims", "claims/*"] {
        let told = told(place.run().args([name, "--overwrite", "--quiet"]));
        assert_eq!((told.status, told.stderr.as_str()), (0, ""), "{name}");
        assert!(place.read("summary.json").contains("\"rows\": 2,"), "{name}");
    }
    let told = told(place.run().args(["claims/march*", "--overwrite", "--quiet"]));
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    assert!(place.read("summary.json").contains("\"rows\": 1,"));
}

#[test]
fn links_within_a_folder_and_to_it_are_no_matter() {
    let place = folder();
    symlink("claims", place.inputs().join("all")).unwrap();
    // In circles, to what is found anyway, and to what is no claims file.
    symlink(".", place.inputs().join("claims/here")).unwrap();
    place.write("claims/january/more.csv", [HEADER, &LINE.replace("C1", "C3")].concat());
    symlink("january", place.inputs().join("claims/latest")).unwrap();
    symlink("../elsewhere/other.csv", place.inputs().join("claims/notes.md")).unwrap();
    for options in [&["all"][..], &["claims"], &["claims", "--follow-links"], &["all/", "--follow-links"]] {
        let told = told(place.run().args(options).args(["--overwrite", "--quiet"]));
        assert_eq!((told.status, told.stderr.as_str()), (0, ""), "{options:?}");
        assert!(place.read("summary.json").contains("\"rows\": 2,"), "{options:?}");
    }
    fs::remove_dir_all(place.out()).unwrap();
    // A circle by way of a folder above.
    symlink("..", place.inputs().join("claims/up")).unwrap();
    refused(&place, place.run().arg("claims"), &["claims/up: a link that leads out"]);
    let told = told(place.run().args(["claims", "--follow-links", "--quiet"]));
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    assert!(place.read("summary.json").contains("\"rows\": 2,"), "{}", place.read("summary.json"));
}

#[test]
fn a_file_that_a_link_leads_to_twice_is_refused() {
    let place = folder();
    symlink("own.csv", place.inputs().join("claims/again.csv")).unwrap();
    refused(&place, place.run().arg("claims"), &["named twice"]);
    let place = folder();
    symlink("../elsewhere", place.inputs().join("claims/one")).unwrap();
    symlink("../elsewhere/other.csv", place.inputs().join("claims/two.csv")).unwrap();
    refused(&place, place.run().args(["claims", "--follow-links"]), &["named twice"]);
}

#[test]
fn a_place_for_output_that_is_none_is_refused() {
    let place = folder();
    for out in
        ["", ".", "..", "/", "new/..", "new/.", "claims/..", "../in/claims/.", "claims/own.csv", "claims/own.csv/run"]
    {
        for overwrite in [false, true] {
            let mut command = program();
            command.current_dir(place.inputs()).args(["run", "claims", "--no-sync", "--out", out]);
            let before = tree(&place);
            let told = told(command.args(overwrite.then_some("--overwrite")));
            assert!(told.status == 2 && told.stderr.starts_with("error: "), "{out:?}: {told:?}");
            assert_eq!(tree(&place), before, "{out:?}");
        }
    }
    // One that goes up and down again is the place that it comes to.
    let told = told(program().current_dir(place.inputs()).args([
        "run",
        "claims",
        "--no-sync",
        "--quiet",
        "--out",
        "claims/../../out/run",
    ]));
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    assert_eq!(place.left(), ["run"]);
}

fn tree(place: &Workplace) -> Vec<String> {
    let mut all = Vec::new();
    let mut left = vec![place.inputs().parent().unwrap().to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            all.push(path.display().to_string());
            if path.is_dir() {
                left.push(path);
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_run_folder_given_through_links_is_that_folder() {
    let place = folder();
    assert_eq!(told(place.run().arg("claims")).status, 0);
    symlink("../out", place.inputs().join("runs")).unwrap();
    symlink("runs/run", place.inputs().join("tonight")).unwrap();
    for arguments in [
        &["verify", "tonight"][..],
        &["explain", "tonight", "C1"],
        &["compare", "tonight", "runs/run"],
        &["report", "tonight"],
    ] {
        let told = told(program().current_dir(place.inputs()).args(arguments));
        assert_eq!((told.status, told.stderr.as_str()), (0, ""), "{arguments:?}");
    }
    // A file of it that is replaced by a link to elsewhere is not what the run left.
    let sample = place.out().join("sample.csv");
    fs::remove_file(&sample).unwrap();
    symlink("/etc/passwd", &sample).unwrap();
    let told = told(program().arg("verify").arg(place.out()));
    assert!(told.status == 2 && told.stdout.contains("sample.csv"), "{told:?}");
    assert!(!told.stdout.contains("root:"), "{told:?}");
}
