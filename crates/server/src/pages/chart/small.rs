//! What fits beside a number: a line of how it went, a strip of the last runs, a bar.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;

use crate::pages::Level;
use crate::pages::markup::escaped;

/// How a number went lately: a line without axes, from the oldest to the newest.
#[derive(Clone, Debug)]
pub(crate) struct Spark(pub(crate) Vec<u64>);

impl Display for Spark {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        const WIDTH: f64 = 90.0;
        const HEIGHT: f64 = 18.0;
        // One point is no line.
        if self.0.len() < 2 {
            return Ok(());
        }
        let least = self.0.iter().copied().min().unwrap_or(0);
        let span = self.0.iter().copied().max().unwrap_or(0) - least;
        out.write_str("<svg class=\"spark\" viewBox=\"0 0 90 22\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"")?;
        for (place, value) in self.0.iter().enumerate() {
            let x = WIDTH * place as f64 / (self.0.len() - 1) as f64;
            // What never changes is a line in the middle, not one at the ground.
            let share = if span == 0 { 0.5 } else { (value - least) as f64 / span as f64 };
            let sign = if place == 0 { 'M' } else { 'L' };
            write!(out, "{sign}{x:.1} {:.1}", 2.0 + HEIGHT * (1.0 - share))?;
        }
        out.write_str("\"/></svg>")
    }
}

/// The last runs of a source as a strip, the newest at the right. Fewer runs than there is room for leave the left free.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    /// How each went, the oldest first.
    pub(crate) runs: Vec<Level>,
    /// The same in words, for those who hear it: "최근 30회 중 28회 정상".
    pub(crate) label: String,
}

impl Strip {
    /// So many runs are shown.
    pub(crate) const RUNS: usize = 30;
}

impl Display for Strip {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let runs = &self.runs[self.runs.len().saturating_sub(Self::RUNS)..];
        let free = Self::RUNS - runs.len();
        let label = escaped(&self.label);
        write!(
            out,
            "<svg class=\"fresh\" viewBox=\"0 0 208 8\" preserveAspectRatio=\"xMinYMid\" role=\"img\" aria-label=\"{label}\">"
        )?;
        for (place, level) in runs.iter().enumerate() {
            let x = (free + place) * 7;
            // What went wrong is also lower or higher, so that nobody has to see the colour.
            let (y, height) = match level {
                Level::Ok => (1, 6),
                Level::Plain => (3, 2),
                Level::Warn | Level::Bad => (0, 8),
            };
            write!(
                out,
                "<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"5\" height=\"{height}\" rx=\"1\"/>",
                level.class()
            )?;
        }
        out.write_str("</svg>")
    }
}

/// A bar that is as long as a share of a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    percent: f64,
    level: Level,
}

impl Bar {
    /// Of a share. What is there is always seen, if only as a point.
    pub(crate) fn share(part: u64, whole: u64) -> Self {
        let percent = if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 100.0).min(100.0) };
        let percent = if part > 0 { percent.max(1.0) } else { 0.0 };
        Self { percent, level: Level::Plain }
    }

    /// In the colour of a level.
    #[must_use]
    pub(crate) fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }
}

impl Display for Bar {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"back\" width=\"100%\" height=\"9\" rx=\"3\"/><rect \
             class=\"part {}\" width=\"{:.1}%\" height=\"9\" rx=\"3\"/></svg>",
            self.level.class(),
            self.percent
        )
    }
}

impl HtmlSafe for Spark {}
impl HtmlSafe for Strip {}
impl HtmlSafe for Bar {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_edge_to_edge_and_from_least_to_most() {
        let line = Spark(vec![10, 30, 20]).to_string();
        assert!(line.contains("d=\"M0.0 20.0L45.0 2.0L90.0 11.0\""), "{line}");
        assert!(Spark(vec![7, 7]).to_string().contains("M0.0 11.0L90.0 11.0"));
        assert_eq!(Spark(vec![7]).to_string(), "");
    }

    #[test]
    fn a_strip_shows_the_newest_runs_at_the_right() {
        let mut runs = vec![Level::Bad];
        runs.resize(Strip::RUNS + 1, Level::Ok);
        let long = Strip { runs, label: String::new() }.to_string();
        assert_eq!(long.matches("<rect").count(), Strip::RUNS);
        assert!(!long.contains("bad"), "{long}");
        let short = Strip { runs: vec![Level::Warn], label: "1 < 2".into() }.to_string();
        assert!(short.contains("x=\"203\"") && short.contains("1 &#60; 2"), "{short}");
    }

    #[test]
    fn a_bar_of_something_is_seen_and_none_is_longer_than_the_whole() {
        let percents =
            [(0, 10), (1, 100_000), (5, 10), (20, 10), (1, 0)].map(|(a, b)| Bar::share(a, b).percent);
        assert!(
            percents.iter().zip([0.0, 1.0, 50.0, 100.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-9),
            "{percents:?}"
        );
    }
}
