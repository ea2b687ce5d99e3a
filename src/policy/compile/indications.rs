//! Indications: conditions, checked for what cannot be weighed.

use super::error::{PolicyError, Source};
use super::names::{Names, entry};
use crate::claim::Fact;
use crate::policy::raw::{RawCriterion, RawIndication, Weeks};
use crate::policy::{Criterion, Indication};

const KIND: &str = "indication";

/// Compiles every indication, in the file's order.
pub(super) fn compile(source: Source<'_>, raw: &[RawIndication<'_>]) -> Result<(Names, Vec<Indication>), PolicyError> {
    let names = Names::collect(source, KIND, raw.iter().map(|indication| &*indication.id))?;
    let compiled = raw.iter().map(|indication| {
        let when = criterion(&indication.when).map_err(|reason| source.refuse(entry(KIND, &indication.id), reason))?;
        Ok(Indication {
            id: indication.id.as_ref().to_owned(),
            label: indication.label.as_ref().to_owned(),
            cite: indication.cite.as_ref().to_owned(),
            when,
        })
    });
    let compiled = compiled.collect::<Result<_, _>>()?;
    Ok((names, compiled))
}

/// A condition, or why it is none. The depth of nesting is TOML's to limit.
fn criterion(raw: &RawCriterion) -> Result<Criterion, String> {
    let bounded = raw.at_least.is_some() || raw.below.is_some();
    match (&raw.all, &raw.any, &raw.etiology, &raw.fact) {
        (None, None, None, Some(fact)) => weigh(fact.0, raw.at_least, raw.below),
        _ if bounded => Err("`at_least` and `below` belong beside the `fact` that they bound".to_owned()),
        (Some(parts), None, None, None) => parts_of("all", parts).map(Criterion::All),
        (None, Some(parts), None, None) => parts_of("any", parts).map(Criterion::Any),
        (None, None, Some(etiology), None) => Ok(Criterion::Etiology(etiology.0)),
        (None, None, None, None) => {
            Err("a condition is empty; it needs one of `all`, `any`, `etiology` and `fact`".to_owned())
        }
        _ => Err("a condition has one of `all`, `any`, `etiology` and `fact`, not several; \
                  join conditions as tables in `all = [ … ]`"
            .to_owned()),
    }
}

fn parts_of(key: &str, parts: &[RawCriterion]) -> Result<Vec<Criterion>, String> {
    if parts.is_empty() {
        return Err(format!("`{key}` is an empty list, which decides nothing"));
    }
    parts.iter().map(criterion).collect()
}

fn weigh(fact: Fact, at_least: Option<Weeks>, below: Option<Weeks>) -> Result<Criterion, String> {
    let name = fact.column();
    let bounds = (at_least.map(Weeks::number), below.map(Weeks::number));
    match bounds {
        (None, None) if fact.is_number() => Err(format!("fact \"{name}\" is a number: give `at_least` or `below`")),
        (None, None) => Ok(Criterion::Holds(fact)),
        _ if !fact.is_number() => Err(format!("fact \"{name}\" is yes or no: it has no `at_least` or `below`")),
        (_, Some(below)) if !below.is_positive() => Err(format!("fact \"{name}\" is never below {below}")),
        (Some(at_least), Some(below)) if below <= at_least => {
            Err(format!("fact \"{name}\" is never both at least {at_least} and below {below}"))
        }
        (Some(at_least), None) => Ok(Criterion::AtLeast(fact, at_least)),
        (None, Some(below)) => Ok(Criterion::Below(fact, below)),
        (Some(at_least), Some(below)) => {
            Ok(Criterion::All(vec![Criterion::AtLeast(fact, at_least), Criterion::Below(fact, below)]))
        }
    }
}
