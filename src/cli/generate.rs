//! `adjudicate generate`.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use adjudicate::digest::DigestKind;
use adjudicate::generate::{self, ExtractOptions, GenerateError, GenerateOptions, Profile};
use adjudicate::place::{Unfinished, advice};
use adjudicate::policy::PolicyIndex;

use super::arguments::GenerateArguments;
use super::exit::{Failure, Status};
use super::page::{write_json, write_out};
use super::{policies, text};

/// Makes synthetic claims.
pub(crate) fn generate(arguments: &GenerateArguments, unfinished: &Unfinished) -> Result<Status, Failure> {
    let (index, _) = policies::index(&arguments.policies, DigestKind::default())?;
    if arguments.history {
        return extract(arguments, &index, unfinished);
    }
    let options = GenerateOptions {
        lines: arguments.lines,
        seed: arguments.seed,
        in_scope: arguments.in_scope.unwrap_or_default(),
        from: arguments.from,
        to: arguments.to,
        profile: if arguments.clean { Profile::Clean } else { Profile::Realistic },
        clinical: arguments.clinical,
        outliers: arguments.outliers,
        overwrite: arguments.overwrite,
    };
    let bar = bar(arguments);
    let progress = |lines| bar.set_position(lines);
    let (out, truth) = (&arguments.out, arguments.truth.as_deref());
    let made = generate::generate(&options, &index, out, truth, &progress, unfinished);
    bar.finish_and_clear();
    let made = made.map_err(failure)?;
    let out = arguments.out.display().to_string();
    if arguments.json {
        let outliers = made.outliers.len();
        write_json(&json!({
            "file": out, "lines": made.lines, "in_scope": made.in_scope, "seed": arguments.seed, "outliers": outliers,
        }))?;
    } else if !arguments.quiet {
        let (lines, in_scope) = (text::count(made.lines), text::count(made.in_scope));
        let out = text::in_line(&out);
        write_out(&format!("{lines} synthetic lines, {in_scope} of them in scope: {out}\n"))?;
        if let Some(truth) = &arguments.truth {
            let truth = text::in_line(&truth.display().to_string()).into_owned();
            write_out(&format!("Who misbehaves in them: {truth}\n"))?;
        }
    }
    Ok(Status::Complete)
}

/// Makes an extract for a retrospective audit.
fn extract(arguments: &GenerateArguments, index: &PolicyIndex, unfinished: &Unfinished) -> Result<Status, Failure> {
    let options = ExtractOptions {
        lines: arguments.lines,
        seed: arguments.seed,
        in_scope: arguments.in_scope.unwrap_or(ExtractOptions::default().in_scope),
        from: arguments.from,
        to: arguments.to,
        overwrite: arguments.overwrite,
    };
    let bar = bar(arguments);
    let progress = |lines| bar.set_position(lines);
    let (out, truth) = (&arguments.out, arguments.truth.as_deref());
    let made = generate::generate_extract(&options, index, out, truth, &progress, unfinished);
    bar.finish_and_clear();
    let made = made.map_err(failure)?;
    let out = arguments.out.display().to_string();
    if arguments.json {
        write_json(&json!({
            "folder": out, "files": made.files, "lines": made.lines, "in_scope": made.in_scope,
            "seed": arguments.seed, "totals": made.totals,
        }))?;
    } else if !arguments.quiet {
        let (lines, in_scope) = (text::count(made.lines), text::count(made.in_scope));
        let (files, out) = (text::count(made.files), text::in_line(&out));
        write_out(&format!("{lines} synthetic lines, {in_scope} of them in scope, in {files} files: {out}\n"))?;
        if let Some(truth) = &arguments.truth {
            let truth = text::in_line(&truth.display().to_string()).into_owned();
            write_out(&format!("What is to become of them: {truth}\n"))?;
        }
    }
    Ok(Status::Complete)
}

fn bar(arguments: &GenerateArguments) -> ProgressBar {
    let target = if arguments.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
    let bar = ProgressBar::with_draw_target(Some(arguments.lines), target);
    if let Ok(style) = ProgressStyle::with_template("Writing {bar:30} {percent:>3}%  {human_pos} lines  ETA {eta}") {
        bar.set_style(style);
    }
    bar
}

fn failure(error: GenerateError) -> Failure {
    match &error {
        GenerateError::Exists(_) => Failure::told(format!("{error}; name another, or replace it with --overwrite")),
        GenerateError::TooManyOutliers { .. } => {
            Failure::told(format!("{error}; ask for fewer, or for more lines in scope"))
        }
        GenerateError::Span { .. } => Failure::told(format!("{error}; give both, with --from and --to")),
        GenerateError::Write { source, .. } => Failure::told(format!("{error}: {source}{}", advice(source))),
        _ => error.into(),
    }
}
