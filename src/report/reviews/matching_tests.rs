//! Which line a row is about, and what is no sample.

use super::tests::{file, lines, stratum};
use super::*;

#[test]
fn lines_that_were_picked_are_told() {
    let (stratum, sample) = (stratum("A", 50, 5_000), lines("A", &[100; 5]));
    let picked = |rows: &[(&str, u64, &str)]| {
        let reviews = Reviews::new(std::slice::from_ref(&stratum), &sample, &file(rows)).unwrap();
        assert_eq!(reviews.by_rule[0].drawn, reviews.denied.drawn);
        let rule = &reviews.by_rule[0];
        assert_eq!(rule.drawn, !reviews.warnings.iter().any(|warning| warning.contains("They were picked")));
        // Nothing is extrapolated from such lines, and the bound is what they confirm.
        assert_eq!((rule.drawn, rule.drawn), (rule.extrapolated.is_some(), rule.precision.is_some()));
        assert!(rule.drawn || rule.lower_bound <= rule.confirmed_paid);
        !reviews.denied.drawn
    };
    assert!(picked(&[("A", 1, "y"), ("A", 3, "y")]));
    assert!(picked(&[("A", 2, "y"), ("A", 3, "n")]));
    assert!(!picked(&[("A", 2, "y"), ("A", 1, "?")]));
    // The order of the file's rows is of no account, the place is.
    assert!(!picked(&[("A", 3, "n"), ("A", 2, "y"), ("A", 1, "y")]));
}

#[test]
fn rows_that_repeat_contradict_or_miss() {
    let mut sample = lines("A", &[100; 6]);
    sample[4].claim_id = "A-4".to_owned();
    let text = "source_file,source_row,claim_id,line_number,verdict\n\
        A.csv,1,A-1,1,y\nA.csv,1,A-1,1,confirmed\n,,A-1,1,yes\n\
        A.csv,2,A-2,1,y\nA.csv,2,A-2,1,n\nA.csv,2,A-2,1,n\n\
        A.csv,3,A-7,1,n\n\
        ,,A-4,1,y\n,,A-4,1,n\n\
        B.csv,1,A-1,1,y\nA.csv,99,,,y\n,,A-1,2,y\n\
        A.csv,6,A-6,1,\n";
    let read = ReviewFile::read(text.as_bytes()).unwrap();
    let reviews = Reviews::new(&[stratum("A", 50, 5_000)], &sample, &read).unwrap();
    let expected = ReadCounts {
        rows: 13,
        not_reviewed: 1,
        not_in_sample: 3,
        ambiguous: 2,
        repeated: 2,
        contradicted: 1,
        other_claim: 1,
    };
    assert_eq!(reviews.read, expected);
    let counts = ReviewCounts { sampled: 6, reviewed: 3, confirmed: 1, overturned: 1, undetermined: 1 };
    assert_eq!(reviews.by_rule[0].counts, counts);
    // Four kinds of rows, and few lines.
    assert_eq!(reviews.warnings.len(), 5, "{:?}", reviews.warnings);
    assert!(reviews.warnings.iter().all(|warning| !warning.contains("A-")), "{:?}", reviews.warnings);
}

#[test]
fn lines_that_are_no_sample_of_the_strata() {
    let (strata, sample) = ([stratum("A", 2, 200)], lines("A", &[100, 100]));
    let fails = |strata: &[Stratum], sample: &[SampledLine]| {
        Reviews::new(strata, sample, &ReviewFile::default()).unwrap_err().to_string()
    };
    let twice = [strata[0].clone(), strata[0].clone()];
    assert_eq!(fails(&twice, &sample), "rule A is two strata of the sample");
    assert_eq!(fails(&[], &sample), "a sampled line is of rule A, which is no stratum of the sample");
    let many = lines("A", &[1, 2, 3]);
    assert_eq!(fails(&strata, &many), "the sample has 3 lines of rule A, which names 2");
    let huge = [stratum("A", u64::MAX, 0)];
    assert!(fails(&huge, &sample).starts_with("the sample has 2 lines of rule A"));
    let twice = [sample[0].clone(), sample[0].clone()];
    assert_eq!(fails(&strata, &twice), "a row is in the sample twice, under rule A");
}
