//! A file of this version held to the form in which this version writes it: nothing is left
//! out of it, nothing added to it.

use serde::Serialize;
use serde_json::Value;

use super::figures::shortened;
use crate::cli::text::in_line;

/// What of a file is not as its content is written by this version, in words.
pub(super) fn differences(file: &str, stated: &Value, content: &impl Serialize) -> Vec<String> {
    let mut told = Vec::new();
    match serde_json::to_value(content) {
        Ok(written) => compare(file, "", stated, &written, &mut told),
        Err(error) => told.push(format!("{file}: {error}")),
    }
    shortened(told)
}

fn compare(file: &str, at: &str, stated: &Value, written: &Value, told: &mut Vec<String>) {
    let within = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}, {name}") };
    match (stated, written) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one {
                let at = within(name);
                match other.get(name) {
                    Some(written) => compare(file, &at, value, written, told),
                    None => told.push(format!("{}: in {file}, which has no such figure", in_line(&at))),
                }
            }
            let gone = other.keys().filter(|name| !one.contains_key(*name));
            told.extend(gone.map(|name| format!("{}: not in {file}", in_line(&within(name)))));
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for ((one, other), place) in one.iter().zip(other).zip(1_usize..) {
                compare(file, &within(&place.to_string()), one, other, told);
            }
        }
        _ if stated == written => {}
        _ => told
            .push(format!("{}: not as the program writes it in {file}", in_line(&within("")).trim_end_matches(", "))),
    }
}
