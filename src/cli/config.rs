//! Options of `run` from a TOML file. The command line comes before the
//! environment, and both before the file.

use std::path::PathBuf;

use adjudicate::run::NoRejectLimit;
use adjudicate::toml_error::toml_fault;
use serde::Deserialize;

use super::arguments::{self, DenyOrPend, DigestName, FormatName, RunArguments, SelectName};
use super::exit::Failure;
use super::log::{self, LogFormat};
use super::policies;
use super::text_file::read_text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    out: Option<PathBuf>,
    overwrite: Option<bool>,
    resume: Option<bool>,
    no_sync: Option<bool>,
    layout: Option<String>,
    delimiter: Option<String>,
    policy: Option<Vec<String>>,
    policy_date: Option<toml::value::Datetime>,
    strict_programs: Option<bool>,
    unlisted_diagnosis: Option<DenyOrPend>,
    clinical: Option<DenyOrPend>,
    require_clinical: Option<bool>,
    as_received: Option<bool>,
    look_back: Option<u32>,
    overrides: Option<PathBuf>,
    as_of: Option<toml::value::Datetime>,
    format: Option<FormatName>,
    select: Option<SelectName>,
    sample: Option<u32>,
    sample_seed: Option<u64>,
    digest: Option<DigestName>,
    xlsx: Option<bool>,
    spreadsheet_safe: Option<bool>,
    keep_history: Option<bool>,
    history: Option<Vec<PathBuf>>,
    shadow: Option<Vec<String>>,
    fail_on: Option<DenyOrPend>,
    max_rejects: Option<toml::Value>,
    metrics: Option<PathBuf>,
    log_format: Option<LogFormat>,
    json: Option<bool>,
    quiet: Option<bool>,
    no_progress: Option<bool>,
    threads: Option<u16>,
    memory: Option<String>,
    follow_links: Option<bool>,
    max_unpack_ratio: Option<u64>,
}

/// The arguments, with what the file says where they say nothing.
pub(crate) fn merged(given: &RunArguments) -> Result<RunArguments, Failure> {
    let mut all = given.clone();
    let Some(path) = &given.config else { return Ok(all) };
    let name = path.display();
    let text = read_text(path).map_err(|error| Failure::told(format!("{name}: {error}")))?;
    let config: Config = toml::from_str(&text)
        .map_err(|error| Failure::told(format!("{name}: {}", toml_fault(&path.to_string_lossy(), &text, &error))))?;
    let told = |entry: &str, reason: String| Failure::told(format!("{name}: {entry}: {reason}"));

    all.out = all.out.or(config.out);
    all.overwrite = switch(all.overwrite, "ADJUDICATE_OVERWRITE", config.overwrite);
    all.resume = switch(all.resume, "ADJUDICATE_RESUME", config.resume);
    all.no_sync = switch(all.no_sync, "ADJUDICATE_NO_SYNC", config.no_sync);
    all.task.input.layout = all.task.input.layout.or(config.layout);
    let input = &mut all.task.input;
    input.follow_links = switch(input.follow_links, "ADJUDICATE_FOLLOW_LINKS", config.follow_links);
    input.max_unpack_ratio = input.max_unpack_ratio.or(config.max_unpack_ratio.map(|ratio| ratio.max(1)));
    if let (None, Some(delimiter)) = (all.task.input.delimiter, config.delimiter) {
        all.task.input.delimiter = Some(arguments::delimiter(&delimiter).map_err(|reason| told("delimiter", reason))?);
    }
    all.task.policy.files.policies = policies::given(&all.task.policy.files);
    if all.task.policy.files.policies.is_empty() {
        all.task.policy.files.policies = config.policy.unwrap_or_default();
    }
    if let (None, Some(date)) = (all.task.policy.policy_date, config.policy_date) {
        let day = arguments::day(&date.to_string()).map_err(|reason| told("policy-date", reason))?;
        all.task.policy.policy_date = Some(day);
    }
    all.task.policy.strict_programs =
        switch(all.task.policy.strict_programs, "ADJUDICATE_STRICT_PROGRAMS", config.strict_programs);
    all.task.policy.require_clinical =
        switch(all.task.policy.require_clinical, "ADJUDICATE_REQUIRE_CLINICAL", config.require_clinical);
    all.task.policy.unlisted_diagnosis = all.task.policy.unlisted_diagnosis.or(config.unlisted_diagnosis);
    all.task.policy.clinical = all.task.policy.clinical.or(config.clinical);
    all.task.audit.as_received = switch(all.task.audit.as_received, "ADJUDICATE_AS_RECEIVED", config.as_received);
    all.task.audit.look_back = all.task.audit.look_back.or(config.look_back);
    all.task.audit.overrides = all.task.audit.overrides.or(config.overrides);
    if let (None, Some(date)) = (all.task.audit.as_of, config.as_of) {
        all.task.audit.as_of = Some(arguments::day(&date.to_string()).map_err(|reason| told("as-of", reason))?);
    }
    all.task.output.format = all.task.output.format.or(config.format);
    all.task.output.select = all.task.output.select.or(config.select);
    all.task.output.sample = all.task.output.sample.or(config.sample);
    all.task.output.sample_seed = all.task.output.sample_seed.or(config.sample_seed);
    all.task.output.digest = all.task.output.digest.or(config.digest);
    all.task.output.xlsx = switch(all.task.output.xlsx, "ADJUDICATE_XLSX", config.xlsx);
    all.task.output.spreadsheet_safe =
        switch(all.task.output.spreadsheet_safe, "ADJUDICATE_SPREADSHEET_SAFE", config.spreadsheet_safe);
    all.keep_history = switch(all.keep_history, "ADJUDICATE_KEEP_HISTORY", config.keep_history);
    if all.history.is_empty() {
        all.history = config.history.unwrap_or_default();
    }
    if all.shadow.is_empty() {
        all.shadow = config.shadow.unwrap_or_default();
    }
    all.fail_on = all.fail_on.or(config.fail_on);
    if let (None, Some(limit)) = (all.max_rejects, config.max_rejects) {
        let text = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
        all.max_rejects = Some(text.parse().map_err(|reason: NoRejectLimit| told("max-rejects", reason.to_string()))?);
    }
    all.metrics = all.metrics.or(config.metrics);
    if let Some(format) = config.log_format {
        log::prefer(format);
    }
    all.json = switch(all.json, "ADJUDICATE_JSON", config.json);
    all.quiet = switch(all.quiet, "ADJUDICATE_QUIET", config.quiet);
    all.no_progress = switch(all.no_progress, "ADJUDICATE_NO_PROGRESS", config.no_progress);
    if let Some(threads) = config.threads.filter(|threads| !arguments::THREADS.contains(&i64::from(*threads))) {
        let (least, most) = (arguments::THREADS.start(), arguments::THREADS.end());
        return Err(told("threads", format!("{threads} is not in {least}..={most}")));
    }
    all.task.threads = all.task.threads.or(config.threads);
    if let (None, Some(memory)) = (all.memory, config.memory) {
        all.memory = Some(arguments::size(&memory).map_err(|reason| told("memory", reason))?);
    }
    Ok(all)
}

/// A switch, as given or as the file says. The environment, where it says
/// anything, has been asked already: it may have said no.
fn switch(given: bool, variable: &str, file: Option<bool>) -> bool {
    given || (std::env::var_os(variable).is_none() && file.unwrap_or(false))
}
