//! What runs write is what `docs/schemas` says, and the schemas are strict: they
//! describe every field in words and allow no other.

mod common;

use std::fmt::Write as _;
use std::fs;

use adjudicate::claim::Decimal;
use adjudicate::digest::DigestKind;
use adjudicate::report::FileRecord;
use adjudicate::report::reviews::{ReviewFile, Reviews, SampledLine, Stratum};
use adjudicate::rules::Disposition;
use common::{Workplace, told};
use jsonschema::Validator;
use serde_json::Value;

fn schema(name: &str) -> Value {
    let path = common::repository("docs/schemas").join(format!("{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn validator(name: &str) -> Validator {
    jsonschema::draft202012::options().build(&schema(name)).unwrap()
}

fn check(validator: &Validator, instance: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{instance:#}", errors.join("\n"));
}

/// Validates summary and manifest of a run with these arguments, and returns both.
fn valid(place: &Workplace, arguments: &[&str]) -> (Value, Value) {
    let told = told(place.run().arg("--overwrite").args(arguments));
    assert!(matches!(told.status, 0 | 1 | 3), "{told:?}");
    let [summary, manifest] =
        ["summary", "manifest"].map(|name| serde_json::from_str(&place.read(&format!("{name}.json"))).unwrap());
    check(&validator("summary"), &summary);
    check(&validator("manifest"), &manifest);
    (summary, manifest)
}

fn sample(name: &str) -> String {
    common::repository("sample_data").join(name).to_str().unwrap().to_owned()
}

#[test]
fn runs_of_every_kind_write_what_the_schemas_say() {
    let place = Workplace::new();
    let claims = sample("claims.csv");
    place.write("none.csv", "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n");
    place.write("names.toml", "schema = 1\n[[program]]\nprogram = \"fep\"\nnames = [\"postal\"]\n");
    for arguments in [
        &[&*claims][..],
        &[&claims, "--select", "flagged", "--digest", "sha256", "--fail-on", "deny"],
        &[&claims, "--policy-date", "2026-02-15", "--strict-programs", "--require-clinical", "--clinical", "deny"],
        &[&claims, "--unlisted-diagnosis", "pend", "--policy", "02-20000-18", "--policy", "names.toml"],
        &[&sample("rif-carrier.csv"), "--layout", "rif-carrier"],
        &[&sample("tuva_medical_claim.csv"), "--layout", "tuva"],
        &["none.csv", &claims, "--xlsx", "--spreadsheet-safe"],
        &[&claims, "--overrides", &sample("overrides.toml"), "--as-of", "2026-06-30"],
        &[&claims, "--overrides", &sample("overrides.csv"), "--as-of", "2026-04-30", "--look-back", "12"],
        &["none.csv"],
    ] {
        valid(&place, arguments);
    }
}

#[test]
fn a_run_of_parquet_writes_what_the_schemas_say() {
    let place = Workplace::new();
    let (_, manifest) = valid(&place, &[&sample("claims.parquet")]);
    assert_eq!(manifest["files"][0]["name"], "decisions.parquet");
}

#[test]
fn a_measurement_prints_what_its_schema_says() {
    let place = Workplace::new();
    let measured = |inputs: &[&str], more: &[&str]| -> Value {
        let mut command = common::program();
        command.current_dir(place.inputs()).args(["bench", "--json", "--rounds", "2", "--threads", "2"]);
        let told = told(command.args(inputs).args(more));
        assert!(matches!(told.status, 0 | 1), "{told:?}");
        let measurement = serde_json::from_str(&told.stdout).unwrap();
        check(&validator("bench"), &measurement);
        measurement
    };
    let claims = sample("claims.csv");
    let first = measured(&[&claims], &[]);
    assert_eq!((&first["rows"], &first["in_scope"], &first["comparison"]), (&71.into(), &68.into(), &Value::Null));
    let sum: f64 = first["stages"].as_array().unwrap().iter().map(|stage| stage["seconds"].as_f64().unwrap()).sum();
    assert!((sum - first["whole"]["seconds"].as_f64().unwrap()).abs() < 1e-9, "{first:#}");
    place.write("before.json", first.to_string());
    let second = measured(&[&claims], &["--compare", "before.json", "--threshold", "100"]);
    assert_eq!(second["comparison"]["slower"], false);
    // What was compared can be compared with.
    place.write("second.json", second.to_string());
    measured(&[&claims], &["--compare", "second.json"]);
    let other =
        measured(&[&claims, &sample("claims.parquet")], &["--select", "flagged", "--digest", "sha256", "--xlsx"]);
    assert_eq!((&other["rows"], &other["inputs"][1]["format"]), (&142.into(), &"parquet".into()));
    let mut surplus = first;
    surplus["stages"][0]["surplus"] = 1.into();
    assert!(!validator("bench").is_valid(&surplus));
}

#[test]
fn a_run_with_a_shadow_and_a_history_writes_what_the_schemas_say() {
    let place = Workplace::new();
    let claims = sample("claims.csv");
    let policy = common::repository("policies/02-20000-18.toml");
    let policy = fs::read_to_string(policy).unwrap().replace("2026-02-15", "2026-03-15");
    place.write("revised.toml", policy);
    let (summary, manifest) = valid(&place, &[&claims, "--keep-history", "--shadow", "revised.toml"]);
    assert_ne!(summary["shadow"]["decided"], 0);
    assert_eq!(manifest["shadow"][0]["origin"], "revised.toml");
    check(&validator("compare"), &serde_json::from_str(&place.read("shadow.json")).unwrap());
}

#[test]
fn a_comparison_prints_what_its_schema_says() {
    let place = Workplace::new();
    let run = |name: &str, arguments: &[&str]| {
        let mut command = common::program();
        command.current_dir(place.inputs()).args(["run", "--quiet", "--no-sync", "--out", name]);
        assert_eq!(told(command.args(arguments)).status, 3);
    };
    run("a", &[&sample("claims.csv")]);
    run("b", &[&sample("claims.csv"), "--unlisted-diagnosis", "pend", "--select", "flagged"]);
    run("c", &[&sample("claims.parquet"), &sample("claims.csv"), "--digest", "sha256"]);
    for (a, b) in [("a", "a"), ("a", "b"), ("b", "c"), ("c", "a")] {
        let told = told(common::program().current_dir(place.inputs()).args(["compare", "--json", a, b]));
        assert_eq!((told.status, &*told.stderr), (0, ""));
        let mut compared: Value = serde_json::from_str(&told.stdout).unwrap();
        check(&validator("compare"), &compared);
        compared["by_rule"][0]["surplus"] = 1.into();
        assert!(!validator("compare").is_valid(&compared));
    }
}

/// Reviews with figures that are exact, that are estimates, and that are not there.
fn reviews() -> Value {
    let paid = Decimal::from_integer(100).unwrap();
    let stratum = |(rule, disposition, lines)| Stratum {
        rule: String::from(rule),
        disposition,
        lines,
        paid: Decimal::from_integer(950).unwrap().into(),
        reversed: Some(Decimal::from_integer(-50).unwrap().into()),
        paid_unknown: 1,
    };
    let strata = [
        ("COV002", Disposition::Deny, 10),
        ("COV001", Disposition::Deny, 2),
        ("LIN004", Disposition::Deny, 10),
        ("COV003", Disposition::Pend, 10),
        ("PGM001", Disposition::Refer, 10),
    ]
    .map(stratum);
    let line = |rule: &str, place| SampledLine {
        rule: rule.to_owned(),
        place,
        source_file: format!("{rule}.csv"),
        source_row: place,
        claim_id: format!("C{place}"),
        line_number: 1,
        paid: (place > 1).then_some(paid),
    };
    let sample: Vec<_> = strata.iter().flat_map(|stratum| [1, 2].map(|place| line(&stratum.rule, place))).collect();
    let file = "source_file,source_row,verdict\nCOV002.csv,1,n\nCOV002.csv,2,y\nCOV001.csv,1,y\nCOV001.csv,2,?\n\
        COV003.csv,2,y\nCOV003.csv,9,y\nPGM001.csv,1,\n";
    let reviews = Reviews::new(&strata, &sample, &ReviewFile::read(file.as_bytes()).unwrap()).unwrap();
    let file = Some(FileRecord::of("reviewed.csv", file.as_bytes(), DigestKind::Blake3));
    serde_json::to_value(Reviews { file, ..reviews }).unwrap()
}

#[test]
fn reviews_are_what_their_schema_says() {
    let reviews = reviews();
    check(&validator("reviews"), &reviews);
    let [cov002, cov001, lin004] = [0, 1, 2].map(|place| &reviews["by_rule"][place]);
    assert_eq!((&cov001["precision"]["exact"], &lin004["precision"]), (&true.into(), &Value::Null));
    assert_eq!((&cov002["extrapolated"]["degrees_of_freedom"], &lin004["extrapolated"]), (&1.0.into(), &Value::Null));
    assert_eq!(cov001["extrapolated"]["degrees_of_freedom"], Value::Null);
    assert_eq!(reviews["denied"]["not_extrapolated"], serde_json::json!(["LIN004"]));
    let breaks: [&dyn Fn(&mut Value); 6] = [
        &|reviews| reviews["surplus"] = 1.into(),
        &|reviews| reviews["file"]["digest"] = "none".into(),
        &|reviews| reviews["by_rule"][0]["surplus"] = 1.into(),
        &|reviews| reviews["by_rule"][0]["precision"]["share"] = 2.into(),
        &|reviews| reviews["denied"]["lower_bound"] = Value::Null,
        &|reviews| drop(reviews.as_object_mut().unwrap().remove("method")),
    ];
    for break_it in breaks {
        let mut changed = reviews.clone();
        break_it(&mut changed);
        assert!(!validator("reviews").is_valid(&changed), "{changed:#}");
    }
}

#[test]
fn more_providers_than_are_named_are_one_sum() {
    let place = Workplace::new();
    let mut text =
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,paid_amount\n".to_owned();
    for number in 0..1_100 {
        // The later half is denied, so it comes first.
        let diagnosis = if number < 550 { "M80.08XA" } else { "M54.50" };
        writeln!(text, "C{number},1,2026-03-01,22513,{diagnosis},{number:010},10.10").unwrap();
    }
    place.write("a.csv", text);
    let (summary, _) = valid(&place, &["a.csv"]);
    assert_eq!(summary["by_provider"].as_array().unwrap().len(), 1_000);
    assert_eq!(summary["by_provider"][0]["key"], "0000000550");
    let others = &summary["other_providers"];
    assert_eq!((&others["providers"], &others["lines"]), (&100.into(), &100.into()));
    assert_eq!((&others["allow"], &others["exposure"]), (&100.into(), &0.0.into()));
    assert_eq!((&summary["exposure"], &summary["total"]["paid"]), (&5_555.0.into(), &11_110.0.into()));
}

#[test]
fn sums_are_exact_and_agree_with_one_another() {
    let place = Workplace::new();
    let (summary, manifest) = valid(&place, &[&sample("claims.csv")]);
    let number = |value: &Value| value.as_f64().unwrap();
    let close = |a: f64, b: f64| (a - b).abs() < 0.005;
    for field in ["lines", "billed", "paid", "paid_unknown"] {
        for group in ["by_disposition", "by_procedure", "by_program", "by_service_month", "by_provider", "by_version"] {
            let sum: f64 = summary[group].as_array().unwrap().iter().map(|one| number(&one[field])).sum();
            assert!(close(sum, number(&summary["total"][field])), "{group}.{field}: {sum}");
        }
    }
    let of = |disposition: &str, field: &str| {
        let all = summary["by_disposition"].as_array().unwrap();
        number(&all.iter().find(|one| one["key"] == disposition).unwrap()[field])
    };
    assert!(close(number(&summary["exposure"]), of("deny", "paid")));
    for weight in ["deny", "pend", "refer"] {
        let named = summary["by_rule"].as_array().unwrap().iter().filter(|rule| rule["weight"] == weight);
        assert!(close(named.map(|rule| number(&rule["lines"])).sum(), of(weight, "lines")), "{weight}");
    }
    assert_eq!(summary["decided"], summary["total"]["lines"]);
    for name in ["rows", "out_of_scope", "decided", "rejected"] {
        assert_eq!(summary[name], manifest["counts"][name]);
        assert_eq!(summary[name], summary["files"][0][name]);
    }
    let rejected: u64 =
        summary["rejects"].as_array().unwrap().iter().map(|reject| reject["rows"].as_u64().unwrap()).sum();
    assert_eq!(summary["rejected"], rejected);
}

/// Visits every schema within a schema.
fn each(schema: &Value, path: &str, visit: &mut impl FnMut(&Value, &str)) {
    visit(schema, path);
    for (keyword, inner) in schema.as_object().into_iter().flatten() {
        let path = format!("{path}/{keyword}");
        match (keyword.as_str(), inner) {
            ("properties" | "$defs", Value::Object(named)) => {
                for (name, one) in named {
                    each(one, &format!("{path}/{name}"), visit);
                }
            }
            ("items", Value::Object(_)) => each(inner, &path, visit),
            ("prefixItems" | "oneOf", Value::Array(several)) => {
                for one in several {
                    each(one, &path, visit);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_schemas_are_strict_and_in_words() {
    for name in ["summary", "manifest", "bench", "reviews", "compare"] {
        each(&schema(name), name, &mut |schema, path| {
            if schema["type"] == "object" {
                assert_eq!(schema["additionalProperties"], false, "{path}");
                let properties = schema["properties"].as_object().unwrap();
                assert_eq!(schema["required"].as_array().unwrap().len(), properties.len(), "{path}");
            }
            for (field, one) in schema["properties"].as_object().into_iter().flatten() {
                let told = one["description"].as_str().is_some_and(|words| words.len() > 5);
                assert!(told || !one["const"].is_null(), "{path}: {field} is not described");
            }
        });
    }
}

#[test]
fn what_the_schemas_do_not_say_is_refused() {
    let place = Workplace::new();
    let (summary, manifest) = valid(&place, &[&sample("claims.csv")]);
    let refused = |name: &str, whole: &Value, change: &dyn Fn(&mut Value)| {
        let mut changed = whole.clone();
        change(&mut changed);
        assert!(!validator(name).is_valid(&changed), "{changed:#}");
    };
    refused("summary", &summary, &|summary| summary["surplus"] = 1.into());
    refused("summary", &summary, &|summary| summary["files"][0]["surplus"] = 1.into());
    refused("summary", &summary, &|summary| summary["rows"] = "71".into());
    refused("summary", &summary, &|summary| drop(summary.as_object_mut().unwrap().remove("exposure")));
    refused("summary", &summary, &|summary| summary["by_program"][0]["key"] = "medicaid".into());
    refused("manifest", &manifest, &|manifest| manifest["surplus"] = 1.into());
    refused("manifest", &manifest, &|manifest| manifest["inputs"][0]["digest"] = "abc".into());
    refused("manifest", &manifest, &|manifest| manifest["program"]["name"] = "another".into());
}
