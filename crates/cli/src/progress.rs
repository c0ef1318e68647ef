//! What is going on, on stderr, when somebody looks.

use std::io::Read;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// Below this many bytes an input is read before anybody could look at a bar.
const WORTH_A_BAR: u64 = 4 << 20;

/// Wraps a reader with a bar over its bytes, when somebody looks. Without a known size it counts only.
pub(crate) fn reading<R: Read>(
    input: R,
    size: Option<u64>,
    what: &str,
    output: &Output,
) -> (impl Read + use<R>, ProgressBar) {
    let bar = if output.shows_progress() && size.is_none_or(|size| size >= WORTH_A_BAR) {
        size.map_or_else(ProgressBar::no_length, ProgressBar::new)
    } else {
        ProgressBar::hidden()
    };
    let template = if size.is_some() {
        "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}"
    } else {
        "{msg} {spinner} {bytes}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    (bar.wrap_read(input), bar)
}

/// A line that says what a run is doing, when somebody looks.
pub(crate) fn steps(what: &str, output: &Output) -> ProgressBar {
    if !output.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
