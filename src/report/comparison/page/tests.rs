use super::*;
use crate::claim::Decimal;
use crate::digest::DigestKind;
use crate::report::comparison::{
    ChangedLine, Comparer, DecidedLine, Digested, Line, MatchedBy, Pair, RunDifference, SideTold,
};
use crate::rules::Disposition;

fn decided<'a>(claim: &'a str, text: &'a str, paid: Option<i64>, disposition: Disposition) -> DecidedLine<'a> {
    let paid = paid.map(|dollars| Decimal::from_integer(dollars).unwrap());
    let line = Line { service_date: "2026-03-01", procedure: text, provider: text, paid, disposition, rule: "COV002" };
    DecidedLine {
        line,
        source_file: text,
        source_row: 7,
        claim_id: claim,
        line_number: "1",
        units: None,
        billed: None,
        rules: text,
        detail: text,
        policy_version: text,
    }
}

fn changed<'a>(claim: &'a str, text: &'a str, paid: Option<i64>) -> ChangedLine<'a> {
    let [a, b] = [Disposition::Deny, Disposition::Pend].map(|one| decided(claim, text, paid, one));
    ChangedLine { a, b, occurrence: None }
}

fn side(text: &str, many: usize) -> SideTold {
    let digested = Digested { name: text.to_owned(), digest: text.to_owned() };
    SideTold {
        folder: text.to_owned(),
        version: text.to_owned(),
        started: text.to_owned(),
        icd10cm: text.to_owned(),
        select: "flagged".to_owned(),
        decided: 1,
        digest: DigestKind::default(),
        policies: vec![digested.clone(); many],
        inputs: vec![digested.clone(); many],
        decisions: Some(digested),
    }
}

fn claims(sample: &ChangedSample) -> Vec<&str> {
    sample.lines().into_iter().map(|one| one.claim.as_str()).collect()
}

#[test]
fn those_paid_most_are_kept_and_of_equals_the_first() {
    let paid = [("a", Some(5)), ("b", None), ("c", Some(9)), ("d", Some(5)), ("e", Some(-1)), ("f", Some(9))];
    for (room, expected) in [(0, ""), (1, "c"), (2, "cf"), (3, "cfa"), (5, "cfade"), (9, "cfadeb")] {
        let mut sample = ChangedSample::with_room(room);
        for (claim, paid) in paid {
            sample.add(&changed(claim, "x", paid));
        }
        assert_eq!((claims(&sample).concat(), sample.seen()), (expected.to_owned(), 6), "{room}");
    }
}

#[test]
fn where_room_ends_lines_are_left_and_counted() {
    let mut sample = ChangedSample::default();
    for _ in 0..4 {
        sample.add(&changed("C", "'", Some(1)));
    }
    let shown = |room| {
        let lines = lines::within(&sample, room);
        (lines.shown.len(), lines.left)
    };
    assert_eq!((shown(0), shown(700), shown(usize::MAX)), ((0, 4), (2, 2), (4, 0)));
}

#[test]
fn a_page_has_an_end_whatever_the_input() {
    let harm = "<\"'&>\u{202e}".repeat(2_000);
    let mut comparer = Comparer::default();
    let mut sample = ChangedSample::default();
    for number in 0..2_000 {
        let (procedure, month) = (format!("{number}{harm}"), format!("{:04}-{:02}", number / 12, number % 12 + 1));
        let mut line = changed(&harm, &harm, Some(number));
        for side in [&mut line.a.line, &mut line.b.line] {
            (side.procedure, side.provider, side.service_date) = (&procedure, &procedure, &month);
        }
        sample.add(&line);
        comparer.add(&line.pair());
        comparer.add(&Pair::OnlyA(line.a.line));
    }
    let difference = RunDifference { what: "input", name: harm.clone(), a: Some(harm.clone()), b: None };
    let sides = [side(&harm, 3_000), side(&harm, 3_000)];
    let told = Told::new(sides, vec![difference; 3_000], MatchedBy::Claim, Vec::new(), comparer.finish());
    let page = render_comparison(&ComparisonPage { told: &told, sample: &sample, changes: Some(&harm) }).unwrap();
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(!page.contains("<\"") && !page.contains('\u{202e}'));
    assert!(page.contains("300 of the 2,000 lines") || page.contains(" are not shown."), "what is cut is told");
    assert!(!page.contains("DOES NOT TIE"));
}

#[test]
fn totals_that_do_not_tie_are_told_first() {
    let mut comparer = Comparer::default();
    comparer.add(&changed("C", "x", Some(1)).pair());
    let sides = ["a", "b"].map(|name| SideTold { select: "in-scope".to_owned(), ..side(name, 1) });
    let mut told = Told::new(sides, Vec::new(), MatchedBy::Row, Vec::new(), comparer.finish());
    let page = |told: &Told| {
        let sample = ChangedSample::default();
        render_comparison(&ComparisonPage { told, sample: &sample, changes: None }).unwrap()
    };
    assert!(!page(&told).contains("do not tie"));
    told.a.decided = 2;
    let page = page(&told);
    assert!(page.contains("role=\"alert\"") && page.contains("DOES NOT TIE"), "{page}");
}
