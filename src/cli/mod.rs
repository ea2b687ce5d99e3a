//! The command line: the only place that prints, asks the clock or ends the
//! process. One file for each verb.

mod arguments;
mod audit_words;
mod bench;
mod check;
mod compare;
mod completions;
mod config;
mod decided;
mod dry_run;
mod exit;
mod explain;
mod finished;
mod generate;
mod icd10;
mod in_words;
mod interrupt;
mod log;
mod markdown;
mod messages;
mod metrics;
mod overrides;
mod page;
mod policies;
mod policy;
mod progress;
mod report;
mod resume;
mod rules;
mod run;
mod shadow;
mod sheet;
mod side_by_side;
mod task;
mod text;
mod text_file;
mod verify;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use adjudicate::place::Unfinished;
use arguments::{Arguments, Verb};
use exit::Failure;
use interrupt::Interrupts;
use log::Level;
use serde_json::json;

/// Reads the arguments, does what they say, and turns the outcome into an exit
/// status.
pub(crate) fn main() -> ExitCode {
    exit::quiet_panics();
    // The place of a defect has been told; what is left is the exit status.
    std::panic::catch_unwind(work).unwrap_or_else(|_| {
        exit::tell("a defect stopped the program");
        exit::NOTHING_PRODUCED.into()
    })
}

fn work() -> ExitCode {
    log::ask_early(std::env::args_os());
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; anything else is a usage error.
            let asked = !error.use_stderr();
            let told = error.render().to_string();
            if !asked && log::is_json() {
                let message = told.strip_prefix("error: ").unwrap_or(&told);
                log::tell(Level::Error, "usage", message, json!({ "status": exit::NOTHING_PRODUCED.code() }));
                return exit::NOTHING_PRODUCED.into();
            }
            // An argument may be the name of a file that somebody else made.
            if !asked && text::printable(&told) != told {
                exit::tell(told.trim_start_matches("error: ").trim_end());
                return exit::NOTHING_PRODUCED.into();
            }
            return match error.print().map_err(|error| Failure::output(&error)) {
                Err(Failure::Told(message)) if asked => {
                    exit::tell(&message);
                    exit::NOTHING_PRODUCED.into()
                }
                _ if asked => ExitCode::SUCCESS,
                _ => exit::NOTHING_PRODUCED.into(),
            };
        }
    };
    if let Some(format) = arguments.log_format {
        log::ask(format);
    }
    let unfinished = Unfinished::default();
    let interrupts = Interrupts::watch(&unfinished);
    let outcome = match arguments.verb {
        Verb::Run(run) => run::run(&run, &unfinished),
        Verb::Check(check) => check::check(&check),
        Verb::Explain(explain) => explain::explain(&explain),
        Verb::Rules(rules) => rules::rules(&rules),
        Verb::Policy(verb) => policy::policy(&verb),
        Verb::Icd10(icd10) => icd10::icd10(&icd10),
        Verb::Report(report) => report::report(&report, &unfinished),
        Verb::Compare(compare) => compare::compare(&compare, &unfinished),
        Verb::Verify(verify) => verify::verify(&verify),
        Verb::Generate(generate) => generate::generate(&generate, &unfinished),
        Verb::Bench(bench) => bench::bench(&bench, &unfinished),
        Verb::Completions(completions) => completions::completions(&completions),
    };
    interrupts.unless_stopping();
    match outcome {
        Ok(status) => status.into(),
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(Failure::Told(message)) => {
            exit::tell(&message);
            exit::NOTHING_PRODUCED.into()
        }
    }
}
