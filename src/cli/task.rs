//! A run that is made ready: arguments made settings, policies loaded; and what it writes
//! beside the decisions.

use std::io::Write as _;
use std::sync::Arc;

use adjudicate::digest::DigestKind;
use adjudicate::engine::Adjudicator;
use adjudicate::input::{InputFormat, Links, discover_by};
use adjudicate::place::advice;
use adjudicate::report::{
    Completed, DecisionFormat, FileRecord, HistoryRecord, InputRecord, LayoutRecord, Manifest, OptionsRecord,
    PageSource, PolicyRecord, ProgramRecord, RunFolder, SampleSettings, Summary,
};
use adjudicate::run::{self, Checkpoint, HistoryRun, LookBack, Observer, Outcome, RunSettings, Select, Shadow};

use super::arguments::{AuditArguments, DigestName, FormatName, SelectName, TaskArguments};
use super::exit::Failure;
use super::{overrides, policies, report, shadow, side_by_side};

/// A run that is made ready: nothing is left to ask but the inputs themselves.
pub(super) struct Task {
    pub(super) settings: RunSettings,
    pub(super) adjudicator: Arc<Adjudicator>,
    pub(super) layout: LayoutRecord,
    pub(super) policies: Vec<PolicyRecord>,
    /// The payer's overrides, where there are any.
    overrides: Option<FileRecord>,
    /// The policies of the shadow, where there is one.
    pub(super) shadow: Vec<PolicyRecord>,
    /// Whether the report is written as a workbook too.
    pub(super) xlsx: bool,
}

/// A run folder that stands in its place.
pub(super) struct Written {
    pub(super) outcome: Outcome,
    pub(super) completed: Completed,
}

impl Task {
    /// Finds the inputs, and loads layout and policies.
    pub(super) fn new(inputs: &[String], arguments: &TaskArguments) -> Result<Self, Failure> {
        let (settings, layout) = settings(inputs, arguments)?;
        let audit = &arguments.audit;
        let (digest, threads) = (settings.digest, settings.threads);
        let (adjudicator, policies) = policies::load(&arguments.policy, audit.as_received, digest, threads)?;
        let (overrides, record) = match &audit.overrides {
            Some(file) => overrides::load(file, audit.as_of, digest).map(|(all, record)| (all, Some(record)))?,
            None => Default::default(),
        };
        Ok(Self {
            settings,
            adjudicator: Arc::new(adjudicator.with_overrides(overrides)),
            layout,
            policies,
            overrides: record,
            shadow: Vec::new(),
            xlsx: arguments.output.xlsx,
        })
    }

    /// Loads the policies by which every line is decided a second time.
    pub(super) fn load_shadow(&mut self, named: &[String]) -> Result<(), Failure> {
        let Self { settings, adjudicator, policies, .. } = self;
        let (other, records) = shadow::load(named, adjudicator, policies, settings.digest, settings.threads)?;
        let other = other.with_overrides(adjudicator.shared_overrides());
        settings.shadow = Some(Arc::new(Shadow::new(adjudicator.index(), other)));
        self.shadow = records;
        Ok(())
    }

    /// Reads, decides and writes everything, and puts the folder in its place.
    pub(super) fn write(
        &self,
        folder: RunFolder,
        checkpoint: Option<Checkpoint>,
        observer: &mut dyn Observer,
    ) -> Result<Written, Failure> {
        let started = jiff::Timestamp::now();
        let outcome = run::run_from(checkpoint, &self.settings, &self.adjudicator, &folder, observer)?;
        let mut manifest = self.manifest(&outcome, started);
        if let Some(shadow) = &outcome.shadow {
            manifest.files.extend(shadow::write(&folder, &manifest, shadow)?);
        }
        write_rest(&folder, &outcome, manifest, self.settings.threads)?;
        Ok(Written { completed: folder.complete()?, outcome })
    }

    /// The options in effect.
    pub(super) fn options(&self) -> OptionsRecord {
        let Self { settings, adjudicator, overrides, xlsx, .. } = self;
        let decision = adjudicator.options();
        let weight = |other: bool, if_so: &str, else_: &str| if other { if_so } else { else_ }.to_owned();
        let as_of = settings.look_back.map(|look_back| look_back.as_of).or(adjudicator.overrides().as_of());
        OptionsRecord {
            policy_date: decision.policy_date.map(|day| day.to_string()),
            strict_programs: decision.strict_programs,
            unlisted_diagnosis: weight(decision.unlisted_diagnosis_pends, "pend", "deny"),
            clinical: weight(decision.clinical_denies, "deny", "pend"),
            require_clinical: decision.require_clinical,
            select: settings.select.name().to_owned(),
            format: settings.format.name().to_owned(),
            delimiter: settings
                .delimiter
                .map(|byte| if byte == b'\t' { "tab".to_owned() } else { char::from(byte).into() }),
            xlsx: *xlsx,
            spreadsheet_safe: settings.spreadsheet_safe,
            as_received: decision.as_received,
            look_back: settings.look_back.map(|look_back| look_back.months),
            overrides: overrides.clone(),
            as_of: as_of.map(|day| day.to_string()),
        }
    }

    fn manifest(&self, outcome: &Outcome, started: jiff::Timestamp) -> Manifest {
        let inputs = outcome.inputs.iter().map(|input| InputRecord {
            name: input.name.clone(),
            digest: input.digest.clone(),
            bytes: input.bytes,
            counts: input.counts,
        });
        let inputs: Vec<_> = inputs.collect();
        let counts = inputs.iter().map(|input| input.counts).sum();
        Manifest {
            schema: Manifest::SCHEMA,
            program: ProgramRecord {
                name: Manifest::PROGRAM.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            arguments: std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect(),
            started: started.to_string(),
            digest: self.settings.digest,
            icd10cm: self.adjudicator.index().table().edition().to_owned(),
            options: self.options(),
            layout: self.layout.clone(),
            inputs,
            policies: self.policies.clone(),
            shadow: self.shadow.clone(),
            history: self.settings.history.iter().map(history).collect(),
            counts,
            files: outcome.files.clone(),
        }
    }
}

fn history(run: &HistoryRun) -> HistoryRecord {
    HistoryRecord { folder: run.folder.clone(), digest: run.file.digest.clone(), bytes: run.file.bytes }
}

fn settings(inputs: &[String], arguments: &TaskArguments) -> Result<(RunSettings, LayoutRecord), Failure> {
    let links = if arguments.input.follow_links { Links::All } else { Links::Within };
    let inputs = discover_by(inputs, links)?;
    let first = inputs.first().map(|input| input.format);
    let format = match (arguments.output.format, first) {
        (Some(FormatName::Parquet), _) | (None, Some(InputFormat::Parquet)) => DecisionFormat::Parquet,
        _ => DecisionFormat::Csv,
    };
    let digest = match arguments.output.digest {
        Some(DigestName::Sha256) => DigestKind::Sha256,
        _ => DigestKind::Blake3,
    };
    let (layout, record) = policies::layout(arguments.input.layout.as_deref(), digest)?;
    let usual = RunSettings::new(inputs, layout);
    let settings = RunSettings {
        unpack_ratio: arguments.input.max_unpack_ratio.unwrap_or(usual.unpack_ratio),
        delimiter: arguments.input.delimiter,
        format,
        select: match arguments.output.select {
            Some(SelectName::Flagged) => Select::Flagged,
            _ => Select::InScope,
        },
        digest,
        sample: sample(arguments),
        threads: arguments.threads.map_or(0, usize::from),
        spreadsheet_safe: arguments.output.spreadsheet_safe,
        look_back: look_back(&arguments.audit)?,
        ..usual
    };
    Ok((settings, record))
}

fn look_back(arguments: &AuditArguments) -> Result<Option<LookBack>, Failure> {
    match (arguments.look_back, arguments.as_of) {
        (Some(months), Some(as_of)) => Ok(Some(LookBack::new(months, as_of))),
        (Some(_), None) => {
            Err(Failure::told("--look-back needs --as-of YYYY-MM-DD: the day from which it counts is not guessed"))
        }
        (None, _) => Ok(None),
    }
}

fn sample(arguments: &TaskArguments) -> SampleSettings {
    let usual = SampleSettings::default();
    SampleSettings {
        lines: arguments.output.sample.map_or(usual.lines, |lines| lines as usize),
        seed: arguments.output.sample_seed.unwrap_or(usual.seed),
    }
}

/// Writes summary, report and manifest, the manifest last.
fn write_rest(folder: &RunFolder, outcome: &Outcome, mut manifest: Manifest, threads: usize) -> Result<(), Failure> {
    let source = PageSource { summary: &outcome.summary, manifest: &manifest, sample: &outcome.sample, reviews: None };
    let files = |place| match place {
        0 => Ok(vec![("summary.json", json(&outcome.summary)?.into_bytes())]),
        _ => report::files(&source, manifest.options.xlsx),
    };
    let written = side_by_side::each(2, threads, |place| {
        let files = files(place)?.into_iter();
        files.map(|(name, content)| write_file(folder, name, &content, manifest.digest)).collect::<Result<Vec<_>, _>>()
    });
    manifest.files.extend(written?.into_iter().flatten());
    let text = manifest.to_json().map_err(|error| Failure::told(format!("manifest.json: {error}")))?;
    write_file(folder, Manifest::FILE_NAME, text.as_bytes(), manifest.digest).map(drop)
}

pub(super) fn write_file(
    folder: &RunFolder,
    name: &str,
    content: &[u8],
    digest: DigestKind,
) -> Result<FileRecord, Failure> {
    let (path, mut file) = folder.create(name)?;
    let told = |error| Failure::told(format!("{}: {error}{}", path.display(), advice(&error)));
    file.write_all(content).map_err(told)?;
    Ok(FileRecord::of(name, content, digest))
}

pub(super) fn json(summary: &Summary) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(summary)? + "\n")
}
