//! The policies that are part of the program.

/// Each policy's id, and its file as written.
const POLICIES: &[(&str, &str)] = &[("02-20000-18", include_str!("../../policies/02-20000-18.toml"))];

/// Every embedded policy: its id, and the text of its file.
#[must_use]
pub fn embedded_policies() -> &'static [(&'static str, &'static str)] {
    POLICIES
}

/// The text of an embedded policy's file.
#[must_use]
pub fn embedded_policy(id: &str) -> Option<&'static str> {
    POLICIES.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}
