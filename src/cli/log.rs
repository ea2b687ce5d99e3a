//! What the program says on standard error: lines for people, or one JSON object a
//! line for a collector (`--log-format json`). Its fields are described by
//! `docs/schemas/log.schema.json`.
//!
//! Neither form ever holds a value of a claim: messages name files, rows and columns.

use std::ffi::OsString;
use std::io::Write as _;
use std::sync::atomic::{AtomicU8, Ordering};

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Map, Value, json};

use super::text;

/// The form of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// How grave a message is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Level {
    /// All is well; told to collectors alone.
    Info,
    /// Worth knowing, and no reason to do anything.
    Note,
    /// The run is complete, and something about it is probably not as it should be.
    Warning,
    /// Something failed.
    Error,
}

/// The form that was asked for: 0 none, 1 text, 2 JSON. It belongs to the process, as
/// standard error does.
static ASKED: AtomicU8 = AtomicU8::new(0);

const TEXT: u8 = 1;
const JSON: u8 = 2;

/// Tells messages in this form from now on.
pub(crate) fn ask(format: LogFormat) {
    ASKED.store(if format == LogFormat::Json { JSON } else { TEXT }, Ordering::Relaxed);
}

/// The same, unless a form was asked for before.
pub(crate) fn prefer(format: LogFormat) {
    if ASKED.load(Ordering::Relaxed) == 0 {
        ask(format);
    }
}

/// Asks for the form that the arguments or the environment name, before anybody knows
/// whether the arguments can be read at all.
pub(crate) fn ask_early(arguments: impl IntoIterator<Item = OsString>) {
    let mut given = std::env::var("ADJUDICATE_LOG_FORMAT").ok();
    let mut arguments = arguments.into_iter().map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--log-format") {
            Some("") => given = arguments.next(),
            Some(rest) => given = rest.strip_prefix('=').map(str::to_owned).or(given),
            None => {}
        }
    }
    if given.as_deref() == Some("json") {
        ask(LogFormat::Json);
    }
}

/// Whether messages are for a collector.
pub(crate) fn is_json() -> bool {
    ASKED.load(Ordering::Relaxed) == JSON
}

/// Tells of an event. `figures` is an object, whose fields stand beside the others.
pub(crate) fn tell(level: Level, event: &str, message: &str, figures: Value) {
    if is_json() {
        let line = text::printable_json(line(level, event, message, figures));
        // If nobody can be told, the exit status still tells.
        let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
        return;
    }
    let (name, colour) = match level {
        Level::Info => return,
        Level::Note => ("note", AnsiColor::Cyan),
        Level::Warning => ("warning", AnsiColor::Yellow),
        Level::Error => ("error", AnsiColor::Red),
    };
    let style: Style = colour.on_default().bold();
    let (on, off) = (style.render(), style.render_reset());
    let _ = writeln!(anstream::stderr(), "{on}{name}:{off} {}", text::hanging(message));
}

fn line(level: Level, event: &str, message: &str, figures: Value) -> String {
    let mut fields = Map::new();
    let level = match level {
        Level::Info | Level::Note => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    fields.insert("time".to_owned(), json!(jiff::Timestamp::now().to_string()));
    fields.insert("level".to_owned(), json!(level));
    fields.insert("event".to_owned(), json!(event));
    fields.insert("message".to_owned(), json!(message.trim_end()));
    if let Value::Object(figures) = figures {
        fields.extend(figures);
    }
    Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::process::Command;

    use super::*;
    use crate::cli::exit;

    /// Stands for a value of a claim, which a panic's message may hold.
    const VALUE: &str = "ZQMEMBER";
    /// Names the form in which the panicking process tells.
    const FORM: &str = "LOG_FORM_OF_THE_TEST";

    #[test]
    fn a_panic_tells_its_place_and_nothing_else() {
        if let Ok(form) = std::env::var(FORM) {
            ask(LogFormat::from_str(&form, true).unwrap());
            exit::quiet_panics();
            assert!(catch_unwind(|| panic!("{VALUE}")).is_err());
            return;
        }
        for (form, told) in [("text", "error: a defect at src/cli/log.rs"), ("json", "\"event\":\"defect\"")] {
            let name = "cli::log::tests::a_panic_tells_its_place_and_nothing_else";
            let mut itself = Command::new(std::env::current_exe().unwrap());
            let outcome = itself.args(["--exact", name, "--nocapture"]).env(FORM, form).env("NO_COLOR", "1").output();
            let outcome = outcome.unwrap();
            let said = String::from_utf8_lossy(&[outcome.stdout, outcome.stderr].concat()).into_owned();
            assert!(said.contains("1 passed") && said.contains(told), "{said}");
            assert!(!said.contains(VALUE), "{said}");
        }
    }

    #[test]
    fn figures_stand_beside_what_every_line_has() {
        let told = line(Level::Warning, "run-warning", "two\nlines\n", json!({ "warning": "x", "count": 2 }));
        assert!(!told.contains('\n'), "{told}");
        let told: Value = serde_json::from_str(&told).unwrap();
        let fields: Vec<_> = told.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["time", "level", "event", "message", "warning", "count"]);
        assert_eq!((&told["level"], &told["message"]), (&json!("warning"), &json!("two\nlines")));
    }
}
