//! The rules: one file each, one line of registration each.
//!
//! A rule sees one line with what has been worked out about it, or one line with
//! its session, and says whether it has a remark. It never sees a file, a clock
//! or a global. Its doc comment is its manual: `adjudicate explain RULE` prints
//! it.

#[macro_use]
mod catalogue;
mod finding;
mod line;
mod session;
mod weights;

pub use catalogue::{Check, Rule};
pub use finding::{Disposition, Finding, FindingSet, Weight};
pub use line::{ClinicalReview, DiagnosisReview, Examined, LineContext};
pub use session::{Evidence, Primaries, SessionContext, Witness};
pub use weights::Weights;

// Registration. The order is the catalogue's: it decides which finding of a
// weight names the line. Append within a weight's group; never reuse an id.
catalogue! {
    Pgm001 => pgm001,
    Pgm002 => pgm002,
    Pgm003 => pgm003,
    Cod001 => cod001,
    Pol001 => pol001,
    Cov001 => cov001,
    Cov006 => cov006,
    Cov007 => cov007,
    Lin004 => lin004,
    Cod004 => cod004,
    Cod006 => cod006,
    Cod003 => cod003,
    Cod002 => cod002,
    Cov002 => cov002,
    Cov003 => cov003,
    Cov004 => cov004,
    Cov005 => cov005,
    Aut001 => aut001,
    Lin001 => lin001,
    Lin002 => lin002,
    Lin005 => lin005,
    Lin003 => lin003,
    Lin006 => lin006,
    Rev001 => rev001,
    Rev002 => rev002,
    Rev004 => rev004,
    Pgm004 => pgm004,
    Lin007 => lin007,
    Rev003 => rev003,
    Rev005 => rev005,
    Cod005 => cod005,
}
