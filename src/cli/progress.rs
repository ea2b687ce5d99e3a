//! The progress bar of a run, on standard error, if that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use adjudicate::run::Observer;

use super::text;

/// Shows how far a run is.
pub(crate) struct Progress {
    bar: ProgressBar,
    input_bytes: u64,
    writing: bool,
}

impl Progress {
    /// A bar over so many bytes of input; 0 where that is not known.
    pub(crate) fn new(input_bytes: u64, shown: bool) -> Self {
        // indicatif hides a bar whose target is no terminal.
        let target = if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target((input_bytes > 0).then_some(input_bytes), target);
        let template = if input_bytes > 0 {
            "{prefix} {bar:30} {percent:>3}%  {bytes}/{total_bytes}  {msg}  ETA {eta}"
        } else {
            "{prefix} {spinner} {bytes}  {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix("Reading");
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, input_bytes, writing: false }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn reading(&mut self, bytes: u64, rows: u64) {
        self.bar.set_position(if self.input_bytes > 0 { bytes.min(self.input_bytes) } else { bytes });
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = (rows as f64 / seconds) as u64;
        self.bar.set_message(format!("{} rows, {} rows/s", text::count(rows), text::count(rate)));
    }

    fn writing(&mut self, lines: u64, of: u64) {
        if !self.writing {
            self.writing = true;
            self.bar.set_prefix("Writing");
            if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:30} {percent:>3}%  {msg}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_length(of);
        self.bar.set_position(lines);
        self.bar.set_message(format!("{} of {} lines", text::count(lines), text::count(of)));
    }
}
