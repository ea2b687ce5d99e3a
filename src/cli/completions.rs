//! `adjudicate completions`.

use clap::CommandFactory as _;

use super::arguments::{Arguments, CompletionsArguments};
use super::exit::{Failure, Status};
use super::page::write_out;

/// Prints a shell's completion script.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Status, Failure> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    write_out(&String::from_utf8_lossy(&script))?;
    Ok(Status::Complete)
}
