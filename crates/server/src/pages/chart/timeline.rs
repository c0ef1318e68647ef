//! What was so from when to when: a lane for each source or device, and a line at now.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use blocklist::Time;

use super::MOVED;
use crate::pages::markup::escaped;
use crate::pages::{Level, View};

/// Left of it the names stand.
const NAMES: f64 = 112.0;
const LANE: f64 = 24.0;
/// What happened at once is seen all the same.
const LEAST: f64 = 3.0;
const LABELS: i64 = 4;
/// A picture up to this width fits a small screen.
const NARROW: u16 = 400;

/// Something that was so for a while.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// Since when.
    pub(crate) from: Time,
    /// Until when; none is still so.
    pub(crate) until: Option<Time>,
    /// How good it is.
    pub(crate) level: Level,
    /// What it was, in words; shown when it is pointed at.
    pub(crate) says: String,
}

/// A lane.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    /// Whose it is.
    pub(crate) name: String,
    /// What was so.
    pub(crate) spans: Vec<Span>,
}

/// The picture.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    /// What it shows, for those who hear it.
    pub(crate) label: String,
    /// How wide it is drawn, in units of its 11 high letters: 640 in a card that has most of a row, 360 in one of three.
    pub(crate) width: u16,
    /// Where it begins.
    pub(crate) from: Time,
    /// Where it ends.
    pub(crate) to: Time,
    /// The lanes, from the top.
    pub(crate) lanes: Vec<Lane>,
    /// Language, zone, and now.
    pub(crate) view: View,
}

impl Timeline {
    fn wide(&self) -> f64 {
        f64::from(self.width)
    }

    fn x(&self, time: Time) -> f64 {
        let span = (self.to.unix() - self.from.unix()).max(1) as f64;
        let share = (time.unix() - self.from.unix()) as f64 / span;
        NAMES + (self.wide() - NAMES) * share.clamp(0.0, 1.0)
    }

    fn lane(&self, out: &mut Formatter<'_>, top: f64, lane: &Lane) -> fmt::Result {
        let (line, text) = (top + LANE / 2.0, top + LANE / 2.0 + 4.0);
        write!(
            out,
            "<text x=\"0\" y=\"{text:.0}\">{}</text><path class=\"rule\" d=\"M{NAMES} {line:.1}H{}\"/>",
            escaped(&lane.name),
            self.width
        )?;
        for span in &lane.spans {
            let until = span.until.unwrap_or(self.view.now);
            if until < self.from || span.from > self.to {
                continue;
            }
            let from = self.x(span.from).min(self.wide() - LEAST);
            let width = (self.x(until) - from).max(LEAST);
            // What is still so has an open end: no rounded corner tells it from what ended now, so it is higher.
            let height = if span.until.is_none() { 14.0 } else { 10.0 };
            write!(
                out,
                "<rect class=\"{}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height}\" rx=\"2\"><title>{}</title></rect>",
                span.level.class(),
                line - height / 2.0,
                escaped(&span.says)
            )?;
        }
        Ok(())
    }
}

impl Display for Timeline {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let ground = LANE * self.lanes.len() as f64;
        let label = escaped(&self.label);
        write!(
            out,
            "<div{}><svg class=\"chart timeline\" viewBox=\"0 0 {} {:.0}\" role=\"img\" aria-label=\"{label}\">",
            if self.width > NARROW { MOVED } else { "" },
            self.width,
            ground + 18.0
        )?;
        for (place, lane) in self.lanes.iter().enumerate() {
            self.lane(out, LANE * place as f64, lane)?;
        }
        if (self.from..=self.to).contains(&self.view.now) {
            write!(out, "<path class=\"mark\" d=\"M{:.1} 0V{ground:.0}\"/>", self.x(self.view.now))?;
        }
        let span = self.to.unix().saturating_sub(self.from.unix());
        let format = if span < 2 * 86_400 { "%H:%M" } else { "%m-%d" };
        for label in 0..=LABELS {
            let time = self.from.plus_seconds(span / LABELS * label);
            let anchor = match label {
                0 => "start",
                LABELS => "end",
                _ => "middle",
            };
            let text = self.view.zoned(time).strftime(format).to_string();
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{text}</text>",
                self.x(time),
                ground + 14.0
            )?;
        }
        out.write_str("</svg></div>")
    }
}

impl HtmlSafe for Timeline {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::show::tests::KOREAN;

    #[test]
    fn a_span_lies_where_its_time_is_and_one_outside_is_not_drawn() {
        let now = KOREAN.now;
        let span = |from, until: Option<i64>, says: &str| Span {
            from: now.plus_seconds(from),
            until: until.map(|until| now.plus_seconds(until)),
            level: Level::Ok,
            says: says.into(),
        };
        let spans =
            vec![span(-50, Some(-25), "half"), span(-10, None, "open"), span(-300, Some(-200), "before")];
        let timeline = Timeline {
            label: String::new(),
            width: 640,
            from: now.plus_seconds(-100),
            to: now,
            lanes: vec![Lane { name: "REGTECH".into(), spans }],
            view: *KOREAN,
        };
        let svg = timeline.to_string();
        assert!(
            svg.contains("x=\"376.0\" y=\"7.0\" width=\"132.0\" height=\"10\" rx=\"2\"><title>half"),
            "{svg}"
        );
        assert!(
            svg.contains("x=\"587.2\" y=\"5.0\" width=\"52.8\" height=\"14\" rx=\"2\"><title>open"),
            "{svg}"
        );
        assert!(!svg.contains("before"), "{svg}");
    }
}
