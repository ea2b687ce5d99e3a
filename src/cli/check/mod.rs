//! `adjudicate check`: one procedure from the command line, decided and
//! explained.

mod answer;
mod question;
mod show;

use adjudicate::digest::DigestKind;
use adjudicate::engine::TracedBatch;
use adjudicate::input::RowReader;

use self::answer::Answer;
use self::question::Question;
use super::arguments::CheckArguments;
use super::exit::{Failure, Status};
use super::{page, policies};

/// Decides a procedure with its diagnoses, and says why.
pub(crate) fn check(arguments: &CheckArguments) -> Result<Status, Failure> {
    let (adjudicator, _) = policies::load(&arguments.policy, false, DigestKind::Blake3, 0)?;
    let question = Question::new(arguments);
    let map = Question::columns()?;
    let lines = question.lines(&RowReader::new(&map))?;
    let answer = Answer::new(&TracedBatch::decide(&adjudicator, &lines), arguments);
    if arguments.json {
        page::write_json(&answer)?;
    } else {
        show::page(&answer).print()?;
    }
    Ok(Status::Complete)
}
