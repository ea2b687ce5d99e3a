//! What runs that were stopped have left: what is cleaned up, and under `--resume` what is gone
//! on from.

use std::fs::File;

use adjudicate::digest::{DigestKind, Hasher};
use adjudicate::place::Resumable;
use adjudicate::report::{Leftover, OptionsRecord, PolicyRecord, RunFolder};
use adjudicate::run::{Checkpoint, Fingerprint, Remark};

use super::arguments::RunArguments;
use super::exit::{self, Failure};
use super::task::Task;

/// What becomes of a checkpoint that is of no use.
const REPLACES: &str = ", and replaces this when its first input is finished";

/// Says what a run that was killed had left, and what became of it.
pub(super) fn tell_leftovers(folder: &RunFolder) {
    for leftover in folder.leftovers() {
        exit::note(&cleaned(leftover));
    }
}

fn cleaned(leftover: &Leftover) -> String {
    match leftover {
        Leftover::PutBack(path) => format!(
            "{}: a run was killed while it replaced this folder, which was put back before anything else",
            path.display()
        ),
        Leftover::Removed(path) => format!("{}: left behind by a run that was killed; removed", path.display()),
    }
}

/// Refuses what cannot be gone on with.
pub(super) fn check(arguments: &RunArguments, task: &Task) -> Result<(), Failure> {
    if !arguments.resume {
        return Ok(());
    }
    if task.settings.inputs.iter().any(adjudicate::input::InputFile::is_stdin) {
        return Err(Failure::told(
            "--resume cannot go on with standard input (`-`), which gives what it holds once; name files instead",
        ));
    }
    Ok(())
}

/// Opens the checkpoint, where one is asked for, and says what is worth knowing of it.
pub(super) fn open(arguments: &RunArguments, task: &Task, folder: &RunFolder) -> Result<Option<Checkpoint>, Failure> {
    let path = folder.checkpoint().path().display();
    if !arguments.resume {
        if folder.checkpoint().has_head() {
            exit::note(&format!(
                "{path}: left by a run that was stopped; --resume would go on from it, and this run removes it when it \
                 is complete"
            ));
        }
        return Ok(None);
    }
    let checkpoint = Checkpoint::open(&task.settings, folder, &fingerprint(task)?)?;
    for remark in checkpoint.remarks() {
        exit::note(&match remark {
            Remark::Differs(names) => {
                format!("{path}: made under something else ({}); the run begins anew{REPLACES}", names.join(", "))
            }
            Remark::Unreadable => {
                format!("{path}: does not say what it was made under; the run begins anew{REPLACES}")
            }
            Remark::Changed(input) => format!("{input}: changed since it was finished; it is read again"),
            Remark::Damaged(input) => {
                format!("{input}: what was kept of it in {path} is damaged; it is read again")
            }
        });
    }
    let (finished, of) = checkpoint.finished();
    if finished > 0 && !arguments.quiet {
        exit::note(&format!("{finished} of {of} inputs were finished before and are not read again ({path})"));
    }
    Ok(Some(checkpoint))
}

/// What is left when a run ends too soon, in words.
pub(super) fn goes_on(resumable: &Resumable) -> String {
    let Resumable { folder, finished, of } = resumable;
    let folder = folder.path().display();
    if *finished == 0 {
        return format!("none of its inputs is finished; what another run has finished stays as it was ({folder})");
    }
    format!("{finished} of {of} inputs are finished, and the same command goes on from there ({folder})")
}

/// All that what becomes of a line depends on, but for its input. Where something is
/// written, and in which form, is none of it.
fn fingerprint(task: &Task) -> Result<Fingerprint, Failure> {
    // Every option is named, so that nobody can add one and forget it here.
    let OptionsRecord {
        policy_date,
        strict_programs,
        unlisted_diagnosis,
        clinical,
        require_clinical,
        select: _,
        format: _,
        delimiter,
        xlsx: _,
        spreadsheet_safe: _,
        as_received,
        look_back,
        overrides,
        as_of,
    } = task.options();
    let table = task.adjudicator.index().table();
    let policies = |all: &[PolicyRecord]| {
        all.iter().map(|policy| format!("{} {}", policy.id, policy.digest)).collect::<Vec<_>>().join(" ")
    };
    let named = |value: Option<String>| value.unwrap_or_default();
    let all = [
        ("the program's version", env!("CARGO_PKG_VERSION").to_owned()),
        ("the program's build", build()?),
        ("the diagnosis table", format!("{} {}", table.edition(), table.digest())),
        ("the policies", policies(&task.policies)),
        ("--shadow", policies(&task.shadow)),
        ("the layout", format!("{} {}", task.layout.name, task.layout.digest)),
        ("--policy-date", named(policy_date)),
        ("--strict-programs", strict_programs.to_string()),
        ("--unlisted-diagnosis", unlisted_diagnosis),
        ("--clinical", clinical),
        ("--require-clinical", require_clinical.to_string()),
        ("--delimiter", named(delimiter)),
        ("--as-received", as_received.to_string()),
        ("--look-back", named(look_back.map(|months| months.to_string()))),
        ("--overrides", named(overrides.map(|file| file.digest))),
        ("--as-of", named(as_of)),
        ("--digest", task.settings.digest.name().to_owned()),
        ("--max-unpack-ratio", task.settings.unpack_ratio.to_string()),
    ];
    Ok(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What tells the program from another one of the same version: the digest of its own file.
fn build() -> Result<String, Failure> {
    let digest = || {
        // The very file that runs, also where another one has come to its name since.
        let program = File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?))?;
        Hasher::of(DigestKind::Blake3, program)
    };
    let told =
        |error| Failure::told(format!("--resume must know which program it goes on with, and cannot read it: {error}"));
    digest().map(|(digest, _)| digest).map_err(told)
}
