//! Whether the comparison's totals tie, to the line and the cent.

use crate::report::comparison::{Figures, Told};
use crate::report::page::checks::Check;
use crate::rules::Disposition;
use crate::run::Select;

/// All controls of a comparison.
pub(super) fn of(told: &Told) -> Vec<Check> {
    let comparison = &told.comparison;
    let total = &comparison.total;
    let moves = || comparison.by_disposition.iter();
    let denied = Some(Disposition::Deny.name());
    let all = |figures: &Figures| figures.in_both + figures.only_in_a + figures.only_in_b;
    let mut checks = Vec::new();
    for (run, side, alone) in [("A", &told.a, total.only_in_a), ("B", &told.b, total.only_in_b)] {
        // Flagged decisions lack lines that the run decided.
        if side.select == Select::InScope.name() {
            let control = format!("Lines that {run} decided = lines in both + lines only in {run}");
            checks.push(Check::rows(control, side.decided, total.in_both + alone));
        }
    }
    checks.extend([
        Check::rows("Lines = lines from any disposition to any", all(total), moves().map(|one| one.lines).sum()),
        Check::rows(
            "Lines with another disposition = those off the diagonal",
            total.changed,
            moves().filter(|one| one.a.is_some() && one.b.is_some() && one.a != one.b).map(|one| one.lines).sum(),
        ),
        Check::dollars(
            "Exposure in A = paid on lines that A denies",
            total.exposure_a,
            moves().filter(|one| one.a == denied).map(|one| one.paid_a).sum(),
        ),
        Check::dollars(
            "Exposure in B = paid on lines that B denies",
            total.exposure_b,
            moves().filter(|one| one.b == denied).map(|one| one.paid_b).sum(),
        ),
        Check::dollars(
            "Difference = exposure in B − exposure in A",
            total.difference,
            total.exposure_b - total.exposure_a,
        ),
    ]);
    let groups = |groups: &[crate::report::comparison::Group]| Figures::sum(groups.iter().map(|one| one.figures));
    let divisions = [
        ("rules", Figures::sum(comparison.by_rule.iter().map(|one| one.figures))),
        ("procedures", groups(&comparison.by_procedure)),
        ("providers", groups(&comparison.by_provider).plus(comparison.other_providers.figures)),
        ("months", groups(&comparison.by_service_month)),
    ];
    for (name, sums) in divisions {
        checks.extend([
            Check::rows(format!("Lines = lines of all {name}"), all(total), all(&sums)),
            Check::rows(format!("Lines with another disposition = those of all {name}"), total.changed, sums.changed),
            Check::dollars(format!("Exposure in A = that of all {name}"), total.exposure_a, sums.exposure_a),
            Check::dollars(format!("Exposure in B = that of all {name}"), total.exposure_b, sums.exposure_b),
        ]);
    }
    checks
}
