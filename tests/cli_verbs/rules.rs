//! `rules`, and `explain` with a rule: the catalogue and its manuals.

use std::fs;

use adjudicate::rules::{CATALOGUE, Rule};

use super::{complaint, json, printed, refused, run_in, status};

#[test]
fn explain_prints_manuals() {
    insta::assert_snapshot!("explain_cov005", printed(&["explain", "cov005"]));
    assert_eq!(printed(&["explain", "clinical-facts-missing"]), printed(&["explain", "COV005"]));
    for rule in CATALOGUE {
        let manual = json(&["explain", rule.code, "--json"]);
        assert_eq!(manual["rule"], rule.code);
        assert!(manual["manual"].as_str().unwrap().starts_with(&format!("# {}", rule.code)), "{}", rule.code);
    }
    refused(&["explain", "COV02"], &["is COV002 meant?"]);
    refused(&["explain", "src"], &["name a claim"]);
}

/// What stands in the examples of a rule's manual.
fn examples(rule: &Rule) -> Vec<String> {
    let manual: Vec<_> = rule.manual.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let blocks = manual.split(|line| line.starts_with("```")).skip(1).step_by(2);
    blocks.map(|block| block.join("\n") + "\n").collect()
}

#[test]
fn the_commands_in_a_manual_show_its_rule() {
    let mut ran = 0;
    for rule in CATALOGUE {
        let commands: Vec<_> =
            examples(rule).iter().flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        let checks: Vec<_> = commands.iter().filter_map(|line| line.strip_prefix("adjudicate ")).collect();
        let mut seen = checks.is_empty();
        for check in checks {
            ran += 1;
            seen |= printed(&check.split_whitespace().collect::<Vec<_>>()).contains(&format!("{} ", rule.code));
        }
        assert!(seen, "{}: none of its commands shows it", rule.code);
    }
    assert!(ran > 10, "{ran} commands");
}

#[test]
fn the_claims_in_a_manual_show_its_rule() {
    let mut ran = 0;
    for rule in CATALOGUE {
        for claims in examples(rule).iter().filter(|block| block.starts_with("claim_id,")) {
            ran += 1;
            let place = tempfile::tempdir().unwrap();
            fs::write(place.path().join("claims.csv"), claims).unwrap();
            let output = run_in(place.path(), &["run", "claims.csv", "--out", "audit", "--quiet", "--no-sync"]);
            assert_eq!(status(&output), 0, "{}: {}", rule.code, complaint(&output));
            let decisions = fs::read_to_string(place.path().join("audit/decisions.csv")).unwrap();
            assert!(decisions.contains(rule.code), "{}: {decisions}", rule.code);
        }
    }
    assert!(ran > 10, "{ran} files of claims");
}

#[test]
fn rules_lists_the_catalogue() {
    insta::assert_snapshot!("rules", printed(&["rules"]));
    insta::assert_snapshot!("rules_markdown", printed(&["rules", "--markdown"]));
    let rules = json(&["rules", "--json"]);
    assert_eq!(rules.as_array().unwrap().len(), CATALOGUE.len());
    refused(&["rules", "--json", "--markdown"], &["cannot be used with"]);
}
