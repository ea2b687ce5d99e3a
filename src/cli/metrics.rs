//! A file for Prometheus's textfile collector: what became of the last run, also where
//! it produced nothing. It holds counts and dollars, nothing of a claim, and is readable
//! by the collector, which is another user.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use adjudicate::claim::Day;
use adjudicate::report::{Summary, Warning, open_regular};
use tempfile::NamedTempFile;

use super::exit::{Failure, Status};

/// When the last complete run ended. It outlives runs that produce nothing.
const LAST_COMPLETE: &str = "adjudicate_run_last_complete_timestamp_seconds";
/// No file of ours is as long.
const LONGEST: u64 = 1 << 20;

/// A file of metrics, to be written when the run has ended.
pub(super) struct Metrics {
    file: PathBuf,
    begun: Instant,
}

/// What a run that is complete has to tell.
pub(super) struct Told {
    pub(super) summary: Summary,
    pub(super) input_bytes: u64,
    pub(super) policies: usize,
    /// The last day of the diagnosis table.
    pub(super) table_ends: Day,
}

impl Metrics {
    /// Takes the time from now on, and sees whether the file can be written at all.
    pub(super) fn begin(file: &Path) -> Result<Self, Failure> {
        let metrics = Self { file: file.to_owned(), begun: Instant::now() };
        metrics.beside().map_err(|error| metrics.failed(&error))?;
        Ok(metrics)
    }

    /// Writes the file: complete, and in one step.
    pub(super) fn write(&self, status: Status, told: Option<&Told>) -> Result<(), Failure> {
        let text = self.text(status, told);
        let write = || {
            let mut file = self.beside()?;
            file.write_all(text.as_bytes())?;
            // Whatever the umask is: the collector is another user.
            file.as_file().set_permissions(Permissions::from_mode(0o644))?;
            file.as_file().sync_all()?;
            file.persist(&self.file).map_err(|error| error.error)
        };
        write().map(drop).map_err(|error| self.failed(&error))
    }

    /// A file of its own in the same folder, under a name that no collector reads.
    fn beside(&self) -> io::Result<NamedTempFile> {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".adjudicate.").suffix(".tmp").tempfile_in(folder.unwrap_or(Path::new(".")))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::told(format!("{}: {error}", self.file.display()))
    }

    fn text(&self, status: Status, told: Option<&Told>) -> String {
        let now = jiff::Timestamp::now();
        #[allow(clippy::cast_precision_loss)] // Seconds since 1970 are exact in a float.
        let now = now.as_second() as f64;
        let name = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let mut page = Exposition { text: String::new(), name: &name };
        page.one("adjudicate_run_complete", "Whether the last run left a run folder.", flag(told.is_some()));
        page.one("adjudicate_run_exit_status", "Exit status of the last run.", f64::from(status.code()));
        page.one("adjudicate_run_end_timestamp_seconds", "When the last run ended.", now);
        let last = told.map(|_| now).or_else(|| self.last_complete());
        if let Some(last) = last {
            page.one(LAST_COMPLETE, "When the last complete run ended.", last);
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        page.one("adjudicate_run_duration_seconds", "How long the last run took.", seconds);
        if let Some(told) = told {
            page.complete(told);
        }
        page.text
    }

    /// When the last complete run ended, as the file says that is there.
    fn last_complete(&self) -> Option<f64> {
        let mut text = String::new();
        open_regular(&self.file).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
        let line = text.lines().find(|line| line.starts_with(LAST_COMPLETE))?;
        line.rsplit(' ').next()?.parse().ok().filter(|seconds: &f64| seconds.is_finite())
    }
}

fn flag(set: bool) -> f64 {
    f64::from(u8::from(set))
}

/// A page in the text format of Prometheus. Every series has the file's name, so that
/// several jobs on one machine do not give the same ones.
struct Exposition<'a> {
    text: String,
    name: &'a str,
}

#[allow(clippy::cast_precision_loss)] // No run counts as far.
impl Exposition<'_> {
    fn one(&mut self, metric: &str, help: &str, value: f64) {
        self.series(metric, help, [(Vec::new(), value)]);
    }

    fn series(
        &mut self,
        metric: &str,
        help: &str,
        series: impl IntoIterator<Item = (Vec<(&'static str, String)>, f64)>,
    ) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "# HELP {metric} {help}\n# TYPE {metric} gauge\n");
        for (labels, value) in series {
            let _ = write!(self.text, "{metric}{{name=\"{}\"", escaped(self.name));
            for (label, text) in labels {
                let _ = write!(self.text, ",{label}=\"{}\"", escaped(&text));
            }
            let _ = writeln!(self.text, "}} {value}");
        }
    }

    fn complete(&mut self, told: &Told) {
        let Told { summary, input_bytes, policies, table_ends } = told;
        self.one("adjudicate_run_input_files", "Inputs of the last run.", summary.files.len() as f64);
        self.one("adjudicate_run_input_bytes", "Their bytes, as stored.", *input_bytes as f64);
        let kinds = [
            ("out_of_scope", summary.out_of_scope),
            ("superseded", summary.superseded),
            ("decided", summary.decided),
            ("rejected", summary.rejected),
        ];
        let rows = kinds.map(|(kind, rows)| (vec![("kind", kind.to_owned())], rows as f64));
        self.series("adjudicate_run_rows", "Rows read, by what became of them.", rows);
        let by = |value: &dyn Fn(&adjudicate::report::KeyedAmounts) -> f64| {
            let all = summary.by_disposition.iter();
            all.map(|one| (vec![("disposition", one.key.clone())], value(one))).collect::<Vec<_>>()
        };
        self.series("adjudicate_run_lines", "Decided lines.", by(&|one| one.amounts.lines as f64));
        self.series("adjudicate_run_billed_dollars", "Dollars billed on them.", by(&|one| one.amounts.dollars.billed));
        self.series("adjudicate_run_paid_dollars", "Dollars paid on them.", by(&|one| one.amounts.dollars.paid));
        self.one("adjudicate_run_exposure_dollars", "Dollars paid on denied lines.", summary.exposure);
        let warnings = Warning::IDS.map(|id| {
            let found = summary.warnings.iter().find(|one| one.id == id);
            (vec![("warning", id.to_owned())], found.map_or(0.0, |one| one.count as f64))
        });
        self.series("adjudicate_run_warnings", "How many things each warning tells of; 0 is none.", warnings);
        self.one("adjudicate_run_policies", "Policies loaded.", *policies as f64);
        let versions = summary.by_version.iter().map(|one| {
            let labels = vec![("policy", one.policy_id.clone()), ("version", one.policy_version.clone())];
            (labels, one.group.amounts.lines as f64)
        });
        self.series("adjudicate_run_version_lines", "Decided lines by version of a policy.", versions);
        let build = [("version", env!("CARGO_PKG_VERSION").to_owned()), ("icd10cm", summary.icd10cm.clone())];
        self.series("adjudicate_build_info", "Program and diagnosis table.", [(build.to_vec(), 1.0)]);
        let ends = f64::from(table_ends.days()) * 86_400.0;
        self.one("adjudicate_icd10cm_last_day_timestamp_seconds", "The diagnosis table's last day.", ends);
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
