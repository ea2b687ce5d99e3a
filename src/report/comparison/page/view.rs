//! What the templates see: the comparison in parts that fit a page, and the charts.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::{ComparisonPage, checks, lines};
use crate::report::comparison::{
    Comparison, Figures, Group, MatchedBy, Named, RuleTransition, SideTold, Told, Transition,
};
use crate::report::page::text::{claimed, with_minus};
use crate::report::page::{charts, cut};
use crate::report::words;
use crate::rules::Disposition;

/// How many entries of a list a page has room for.
mod room {
    pub(super) const DIFFERENCES: usize = 60;
    pub(super) const FILES: usize = 100;
    pub(super) const RULES: usize = 100;
    pub(super) const PROCEDURES: usize = 100;
    pub(super) const PROVIDERS: usize = 100;
    pub(super) const MONTHS: usize = 120;
    pub(super) const BARS: usize = 15;
    /// More months than this are drawn as years.
    pub(super) const COLUMNS: usize = 60;
}

/// Everything that the templates see.
pub(super) fn of(source: &ComparisonPage<'_>) -> Value {
    let ComparisonPage { told, sample, changes } = *source;
    let comparison = &told.comparison;
    let named_otherwise: Vec<_> = comparison.by_rule.iter().filter(|one| !one.is_same()).cloned().collect();
    let alike = comparison.by_rule.iter().filter(|one| one.is_same());
    let named_alike = Figures::sum(alike.map(|one| one.figures));
    let by_size = |a: &Group, b: &Group| size(&b.figures).total_cmp(&size(&a.figures)).then_with(|| a.key.cmp(&b.key));
    let others = Some(comparison.other_providers).filter(|others| others.providers > 0);
    context! {
        told => Serde(short(told)),
        total => Serde(comparison.total),
        fell => -comparison.total.difference,
        by_claim => told.matched_by == MatchedBy::Claim,
        changed => told.changed_lines(),
        not_decided => told.not_decided(),
        changes,
        differences => Serde(cut::first(&told.differences, room::DIFFERENCES)),
        policies_a => Serde(cut::first(&told.a.policies, room::FILES)),
        policies_b => Serde(cut::first(&told.b.policies, room::FILES)),
        inputs_a => Serde(cut::first(&told.a.inputs, room::FILES)),
        inputs_b => Serde(cut::first(&told.b.inputs, room::FILES)),
        dispositions => Serde(dispositions(comparison)),
        matrices => Serde(matrices(comparison)),
        rules => Serde(cut::first_and_rest(&named_otherwise, room::RULES, rules_as_one)),
        named_alike => Serde(named_alike),
        procedures => Serde(cut::largest_of(&comparison.by_procedure, room::PROCEDURES, by_size, as_one)),
        providers => Serde(cut::first_and_rest(&comparison.by_provider, room::PROVIDERS, as_one)),
        other_providers => Serde(others),
        months => Serde(cut::last_of(&comparison.by_service_month, room::MONTHS, as_one)),
        lines => Serde(lines::of(sample)),
        checks => Serde(checks::of(told)),
        charts => charts(comparison),
    }
}

/// A copy without what is long, so that no template shows it whole by mistake.
fn short(told: &Told) -> Told {
    let side = |side: &SideTold| SideTold { policies: Vec::new(), inputs: Vec::new(), ..side.clone() };
    let comparison = Comparison {
        by_disposition: Vec::new(),
        by_rule: Vec::new(),
        by_procedure: Vec::new(),
        by_provider: Vec::new(),
        by_service_month: Vec::new(),
        ..told.comparison
    };
    Told { a: side(&told.a), b: side(&told.b), differences: Vec::new(), notes: told.notes.clone(), comparison, ..*told }
}

fn as_one(groups: &[&Group]) -> Option<Group> {
    let figures = Figures::sum(groups.iter().map(|one| one.figures));
    (!groups.is_empty()).then(|| Group { key: String::new(), figures })
}

fn rules_as_one(rules: &[&RuleTransition]) -> Option<RuleTransition> {
    let figures = Figures::sum(rules.iter().map(|one| one.figures));
    (!rules.is_empty()).then_some(RuleTransition { a: None, b: None, figures })
}

/// A disposition in either run.
#[derive(Debug, Serialize)]
struct DispositionView {
    disposition: &'static str,
    lines_a: u64,
    lines_b: u64,
    /// More lines in the second, or fewer.
    lines: String,
    paid_a: f64,
    paid_b: f64,
}

fn dispositions(comparison: &Comparison) -> Vec<DispositionView> {
    let moves = || comparison.by_disposition.iter();
    let of = |disposition: Disposition| {
        let name = Some(disposition.name());
        let in_a: Vec<_> = moves().filter(|one| one.a == name).collect();
        let in_b: Vec<_> = moves().filter(|one| one.b == name).collect();
        let lines = |side: &[&Transition]| side.iter().map(|one| one.lines).sum::<u64>();
        let (lines_a, lines_b) = (lines(&in_a), lines(&in_b));
        DispositionView {
            disposition: disposition.name(),
            lines_a,
            lines_b,
            lines: with_minus(&words::grouped(&(i128::from(lines_b) - i128::from(lines_a)).to_string())),
            paid_a: in_a.iter().map(|one| one.paid_a).sum(),
            paid_b: in_b.iter().map(|one| one.paid_b).sum(),
        }
    };
    Disposition::ALL.into_iter().map(of).collect()
}

/// Dispositions in the first run down, those in the second across.
#[derive(Debug, Serialize)]
struct Matrix {
    name: &'static str,
    caption: &'static str,
    heads: Vec<String>,
    rows: Vec<MatrixRow>,
    /// Of each column, and of all.
    all: Vec<String>,
}

#[derive(Debug, Serialize)]
struct MatrixRow {
    head: String,
    cells: Vec<MatrixCell>,
    all: String,
}

#[derive(Debug, Serialize)]
struct MatrixCell {
    text: String,
    is_same: bool,
}

fn matrices(comparison: &Comparison) -> Vec<Matrix> {
    let lines = |moves: &[&Transition]| words::count(moves.iter().map(|one| one.lines).sum());
    let dollars = |sum: f64| with_minus(&words::dollars(sum));
    // What only the second run has, the second run says.
    let in_a = |one: &&Transition| if one.a.is_some() { one.paid_a } else { one.paid_b };
    let in_b = |one: &&Transition| if one.b.is_some() { one.paid_b } else { one.paid_a };
    let paid_a = |moves: &[&Transition]| dollars(moves.iter().map(in_a).sum());
    let paid_b = |moves: &[&Transition]| dollars(moves.iter().map(in_b).sum());
    let mut all = vec![matrix(comparison, ("t-moved-lines", "Lines"), &lines)];
    if comparison.is_paid_alike() {
        all.push(matrix(comparison, ("t-moved-paid", "Dollars paid"), &paid_a));
    } else {
        all.push(matrix(
            comparison,
            ("t-moved-paid", "Dollars paid, as A read them (B where only B has the lines)"),
            &paid_a,
        ));
        all.push(matrix(
            comparison,
            ("t-moved-paid-b", "Dollars paid, as B read them (A where only A has the lines)"),
            &paid_b,
        ));
    }
    all
}

fn matrix(
    comparison: &Comparison,
    (name, caption): (&'static str, &'static str),
    text: &dyn Fn(&[&Transition]) -> String,
) -> Matrix {
    let total = &comparison.total;
    let sides = |alone: u64| {
        let all = Disposition::ALL.into_iter().map(|one| Some(one.name())).chain((alone > 0).then_some(None));
        all.collect::<Vec<_>>()
    };
    // What is not in the second has a column where the first alone has lines.
    let (down, across) = (sides(total.only_in_b), sides(total.only_in_a));
    let head = |side: Option<&str>, run: &str| side.map_or_else(|| format!("not in {run}"), str::to_owned);
    let of = |wanted: &dyn Fn(&Transition) -> bool| {
        text(&comparison.by_disposition.iter().filter(|one| wanted(one)).collect::<Vec<_>>())
    };
    let cell = |a: Option<&'static str>, b: Option<&'static str>| {
        let is_there = comparison.by_disposition.iter().any(|one| (one.a, one.b) == (a, b) && one.lines > 0);
        let text = if is_there { of(&|one| (one.a, one.b) == (a, b)) } else { "–".to_owned() };
        MatrixCell { text, is_same: a == b }
    };
    let row = |a: Option<&'static str>| MatrixRow {
        head: head(a, "A"),
        cells: across.iter().map(|b| cell(a, *b)).collect(),
        all: of(&|one| one.a == a),
    };
    let mut all: Vec<_> = across.iter().map(|b| of(&|one| one.b == *b)).collect();
    all.push(of(&|_| true));
    let heads = across.iter().map(|b| b.map_or_else(|| head(None, "B"), |name| format!("{name} in B"))).collect();
    Matrix { name, caption, heads, rows: down.into_iter().map(row).collect(), all }
}

/// What groups are ranked by: first what moved.
fn size(figures: &Figures) -> f64 {
    figures.changed_exposure
}

fn charts(comparison: &Comparison) -> Value {
    let by_year = comparison.by_service_month.len() > room::COLUMNS;
    let name = |named: Option<&Named>, run: &str| {
        named.map_or_else(
            || format!("not in {run}"),
            |named| {
                format!("{} {}", named.disposition, claimed(named.rule.as_deref().unwrap_or_default()))
                    .trim()
                    .to_owned()
            },
        )
    };
    let rules = comparison.by_rule.iter().filter(|one| !one.is_same());
    let rules =
        rules.map(|one| (format!("{} → {}", name(one.a.as_ref(), "A"), name(one.b.as_ref(), "B")), one.figures));
    let groups = |groups: &[Group]| {
        let key = |one: &Group| if one.key.is_empty() { "(not given)".to_owned() } else { claimed(&one.key) };
        bars(groups.iter().map(|one| (key(one), one.figures)).collect())
    };
    context! {
        rule => bars(rules.collect()),
        procedure => groups(&comparison.by_procedure),
        provider => groups(&comparison.by_provider),
        month => months(&comparison.by_service_month, by_year),
        by_year,
    }
}

/// The groups that moved most, largest first.
fn bars(mut groups: Vec<(String, Figures)>) -> String {
    groups.retain(|(_, figures)| size(figures) > 0.0);
    groups.sort_by(|(one, a), (other, b)| size(b).total_cmp(&size(a)).then_with(|| one.cmp(other)));
    groups.truncate(room::BARS);
    let bar = |(name, figures): (String, Figures)| {
        (format!("{name}  {}", with_minus(&words::dollars(size(&figures)))), size(&figures))
    };
    charts::bars(&groups.into_iter().map(bar).collect::<Vec<_>>())
}

/// Exposure in either run, by month or year.
fn months(groups: &[Group], by_year: bool) -> String {
    let mut names: Vec<String> = Vec::new();
    let (mut in_a, mut in_b) = (Vec::new(), Vec::new());
    for one in groups {
        let name = if by_year { one.key.get(..4).unwrap_or(&one.key) } else { &one.key };
        if names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
            in_a.push(0.0);
            in_b.push(0.0);
        }
        in_a.last_mut().into_iter().for_each(|sum| *sum += one.figures.exposure_a);
        in_b.last_mut().into_iter().for_each(|sum| *sum += one.figures.exposure_b);
    }
    charts::columns(&names, &[("exposure in A".to_owned(), in_a), ("exposure in B".to_owned(), in_b)])
}
