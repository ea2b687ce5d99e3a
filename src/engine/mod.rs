//! Deciding: one line by itself, then the lines of a run among themselves.
//!
//! No I/O, nothing printed, no clock, no global. A caller turns rows into
//! [`ClaimLine`](crate::claim::ClaimLine)s, asks an [`Adjudicator`] for each
//! line's [`Draft`], puts its [`LineState`] into an [`EditBatch`] in input order,
//! and lets [`LineEdits`] add what only the whole run can tell.

mod adjudicator;
mod again;
mod batch;
mod edits;
mod few;
mod final_action;
mod history;
mod keys;
mod ledger;
mod options;
mod recall;
mod rejudged;
mod state;
mod steps;
mod stretches;
mod traced;
mod version_note;
mod versions;

pub use adjudicator::{Adjudicator, Draft, Trace};
pub use again::{Found, Members};
pub use batch::{Decision, RelatedLine, add_findings, decide_batch};
pub use edits::{EditNote, LineEdits, judge_claims};
pub use final_action::{FinalActions, Superseded, SupersededLine, payment_key};
pub use history::{FIRST_PAST, PastLine, PastLines};
pub use keys::{LineKeys, SessionKey};
pub use options::DecisionOptions;
pub use recall::Recall;
pub use rejudged::{Rejudged, RejudgedPart};
pub use state::{LineState, PackedStates, StatePacker, UnpackedStates};
pub use stretches::{ClaimStretch, EditBatch, PackedBatch, SessionStretch, Stretches, stretch};
pub use traced::{TracedBatch, TracedLine};
pub use version_note::{RowPlace, VersionNote};
pub use versions::{ClaimVersions, SupersededBy, VersionCounts};
