//! How much memory the process has held.

use std::fs;

/// The most memory that this process has held at once, in bytes; `None` where
/// the system does not say it the way Linux does.
pub(super) fn peak() -> Option<u64> {
    high_water_mark(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The high water mark of the resident set: `VmHWM:    1234 kB`.
fn high_water_mark(status: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_found() {
        assert_eq!(high_water_mark("Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 5 kB\n"), Some(1234 * 1024));
        for other in ["", "VmHWM:\n", "VmHWM: 12 MB", "VmHWM: many kB", "VmRSS: 5 kB", "VmHWM: 18446744073709551615 kB"]
        {
            assert_eq!(high_water_mark(other), None, "{other:?}");
        }
    }
}
