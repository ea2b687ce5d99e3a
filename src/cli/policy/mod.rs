//! `adjudicate policy`: what loaded policies say, and whether files are sound.

mod expand;
mod lint;
mod list;
mod show;

use super::arguments::PolicyVerb;
use super::exit::{Failure, Status};

/// Does what the verb says.
pub(crate) fn policy(verb: &PolicyVerb) -> Result<Status, Failure> {
    match verb {
        PolicyVerb::List(arguments) => list::list(arguments),
        PolicyVerb::Show(arguments) => show::show(arguments),
        PolicyVerb::Lint(arguments) => lint::lint(arguments),
        PolicyVerb::Expand(arguments) => expand::expand(arguments),
    }
}
