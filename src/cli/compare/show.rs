//! A comparison for the terminal, in aligned lines.

use std::fmt::Write as _;

use adjudicate::report::comparison::{Comparison, Figures, Group, Named, RunDifference, Told, Transition};
use adjudicate::report::words::lines as lines_of;
use adjudicate::rules::{Disposition, RuleId};

use crate::cli::arguments::CompareArguments;
use crate::cli::text::{count, dollars, in_line, plural, printable};

type Written = Result<(), std::fmt::Error>;

/// How many of a kind are told; `--json` has all.
const TOLD: usize = 12;

/// How much of a digest is told.
const DIGEST: usize = 12;

/// What two runs came to, side by side.
pub(super) fn show(told: &Told, arguments: &CompareArguments) -> String {
    let mut shown = String::new();
    // Writing to a string does not fail.
    let _ = runs(&mut shown, told).and_then(|()| lines(&mut shown, &told.comparison)).and_then(|()| {
        groups(&mut shown, &told.comparison)?;
        if let Some(path) = &arguments.changes {
            writeln!(
                shown,
                "\nThe changed lines ({}): {}",
                count(told.changed_lines()),
                in_line(&path.display().to_string())
            )?;
        }
        if let Some(path) = &arguments.html {
            writeln!(shown, "\nThe page: {}", in_line(&path.display().to_string()))?;
        }
        Ok(())
    });
    printable(&shown)
}

fn runs(shown: &mut String, told: &Told) -> Written {
    for (name, side) in [("A", &told.a), ("B", &told.b)] {
        writeln!(shown, "{name}  {}", one_line(&side.folder))?;
    }
    if told.differences.is_empty() {
        writeln!(shown, "\nBoth runs have the same program, policies, options, inputs and code table.")?;
    } else {
        writeln!(shown, "\n{:<43} {:<24} B", "What differs between the runs", "A")?;
    }
    for one in &told.differences {
        let [a, b] =
            [&one.a, &one.b].map(|value| value.as_deref().map_or_else(|| "-".to_owned(), |text| cut(one, text)));
        let name = one_line(&format!("{} {}", one.what, one.name));
        writeln!(shown, "{}", format!("  {:<41} {a:<24} {b:<24}", name.trim_end()).trim_end())?;
    }
    for note in &told.notes {
        writeln!(shown, "\nNote: {note}")?;
    }
    Ok(())
}

/// A value of a run; of a digest its beginning.
fn cut(difference: &RunDifference, text: &str) -> String {
    let is_digest = text.len() >= 64 && text.chars().all(|c| c.is_ascii_hexdigit());
    if is_digest && difference.what != "option" { text.chars().take(DIGEST).collect() } else { one_line(text) }
}

/// A name or a value from a file cannot begin a line of ours.
fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

fn lines(shown: &mut String, comparison: &Comparison) -> Written {
    let total = &comparison.total;
    writeln!(
        shown,
        "\n{} in both runs: {} with another disposition, {} named by another rule alone",
        lines_of(total.in_both),
        count(total.changed),
        count(comparison.rule_changed)
    )?;
    for (from, to, only) in [("A", "B", total.only_in_a), ("B", "A", total.only_in_b)] {
        if only > 0 {
            let alone = |one: &&Transition| if from == "A" { one.b.is_none() } else { one.a.is_none() };
            let found = comparison.by_disposition.iter().filter(alone);
            let paid: f64 = found.map(|one| if from == "A" { one.paid_a } else { one.paid_b }).sum();
            writeln!(shown, "{} in {from} and not in {to}: {} paid", lines_of(only), dollars(paid))?;
        }
    }
    writeln!(
        shown,
        "Exposure: {} in A, {} in B, a difference of {}",
        dollars(total.exposure_a),
        dollars(total.exposure_b),
        dollars(total.difference)
    )?;
    matrix(shown, comparison, "lines", |one| count(one.lines))?;
    let paid = |one: &Transition| dollars(if one.a.is_some() { one.paid_a } else { one.paid_b });
    matrix(shown, comparison, if comparison.is_paid_alike() { "paid" } else { "paid as in A" }, paid)
}

/// Dispositions in A down, those in B across.
fn matrix(shown: &mut String, comparison: &Comparison, what: &str, cell: impl Fn(&Transition) -> String) -> Written {
    let total = &comparison.total;
    let sides =
        |alone: u64| Disposition::ALL.into_iter().map(|one| Some(one.name())).chain((alone > 0).then_some(None));
    write!(shown, "\n{what:<12}")?;
    for b in sides(total.only_in_a) {
        write!(shown, " {:>18}", b.map_or_else(|| "not in B".to_owned(), |name| format!("{name} in B")))?;
    }
    writeln!(shown)?;
    for a in sides(total.only_in_b) {
        write!(shown, "{:<12}", a.map_or_else(|| "not in A".to_owned(), |name| format!("{name} in A")))?;
        for b in sides(total.only_in_a) {
            let found = comparison.by_disposition.iter().find(|one| (one.a, one.b) == (a, b));
            let cell = found.filter(|one| one.lines > 0).map_or_else(|| "-".to_owned(), &cell);
            write!(shown, " {cell:>18}")?;
        }
        writeln!(shown)?;
    }
    Ok(())
}

fn groups(shown: &mut String, comparison: &Comparison) -> Written {
    let rules: Vec<_> = comparison.by_rule.iter().filter(|one| !one.is_same()).collect();
    if rules.is_empty() {
        return Ok(());
    }
    let name = |one: Option<&Named>| {
        one.map_or_else(
            || "not there".to_owned(),
            |one| {
                one.rule
                    .as_deref()
                    .map_or_else(|| one.disposition.to_owned(), |rule| format!("{} {rule}", one.disposition))
            },
        )
    };
    header(shown, "By rule, A -> B", "lines")?;
    for one in rules.iter().take(TOLD) {
        let words = format!("{} -> {}", name(one.a.as_ref()), name(one.b.as_ref()));
        row(shown, &words, one.figures.in_both + one.figures.only_in_a + one.figures.only_in_b, &one.figures)?;
    }
    more(shown, rules.len())?;
    for rule in named(&rules.iter().flat_map(|one| [&one.a, &one.b]).flatten().collect::<Vec<_>>()) {
        writeln!(shown, "  {rule}")?;
    }
    let others = comparison.other_providers;
    let rest = (others.providers > 0).then(|| Group {
        key: plural(usize::try_from(others.providers).unwrap_or(usize::MAX), "other provider"),
        figures: others.figures,
    });
    list(shown, "By procedure", &comparison.by_procedure, None)?;
    list(shown, "By provider", &comparison.by_provider, rest.as_ref())?;
    list(shown, "By month of service", &comparison.by_service_month, None)
}

/// What the told rules are called.
fn named(told: &[&Named]) -> Vec<String> {
    let mut codes: Vec<&str> = told.iter().filter_map(|one| one.rule.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    let called = |code: &str| RuleId::from_code(code).map(|known| format!("{code} is {}", known.rule().name));
    codes.into_iter().filter_map(called).collect()
}

/// The groups in which something changed.
fn list(shown: &mut String, title: &str, groups: &[Group], rest: Option<&Group>) -> Written {
    let is_told = |one: &&Group| changed(&one.figures) > 0 || one.figures.changed_exposure > 0.0;
    let told: Vec<_> = groups.iter().filter(is_told).collect();
    if told.is_empty() {
        return Ok(());
    }
    header(shown, title, "changed")?;
    for one in told.iter().take(TOLD) {
        let key = if one.key.is_empty() { "(blank)".to_owned() } else { one_line(&one.key) };
        row(shown, &key, changed(&one.figures), &one.figures)?;
    }
    more(shown, told.len())?;
    match rest.filter(is_told) {
        Some(rest) => row(shown, &rest.key, changed(&rest.figures), &rest.figures),
        None => Ok(()),
    }
}

/// Lines with another disposition, or in one run only.
fn changed(figures: &Figures) -> u64 {
    figures.changed + figures.only_in_a + figures.only_in_b
}

fn header(shown: &mut String, title: &str, lines: &str) -> Written {
    let [a, b] = ["exposure in A", "exposure in B"];
    writeln!(shown, "\n{title:<32} {lines:>9} {a:>18} {b:>18} {:>18}", "difference")
}

fn row(shown: &mut String, name: &str, lines: u64, figures: &Figures) -> Written {
    let [a, b, difference] = [figures.exposure_a, figures.exposure_b, figures.difference].map(dollars);
    writeln!(shown, "  {name:<30} {:>9} {a:>18} {b:>18} {difference:>18}", count(lines))
}

fn more(shown: &mut String, all: usize) -> Written {
    match all.saturating_sub(TOLD) {
        0 => Ok(()),
        rest => writeln!(shown, "  {rest} more; --json has them"),
    }
}
