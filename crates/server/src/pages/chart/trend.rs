//! Counts over days, one source upon the other.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use blocklist::Time;

use super::MOVED;
use crate::pages::View;
use crate::pages::markup::escaped;
use crate::pages::show::thousands;

const WIDTH: f64 = 640.0;
/// At the left the numbers of the rules stand.
const LEFT: f64 = 48.0;
/// Where the ground is; the names of the days stand below it.
const GROUND: f64 = 176.0;
/// Above the areas there is room for what a mark says.
const TOP: f64 = 20.0;
const HEIGHT: f64 = 196.0;
/// There are six colours; the last series should be "the others".
const COLOURS: usize = 6;
/// Names of days, at most.
const LABELS: usize = 6;

/// One area.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// "REGTECH".
    pub(crate) name: String,
    /// A value for each time of the trend; what is missing counts as 0.
    pub(crate) values: Vec<u64>,
}

/// A vertical line at something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// When.
    pub(crate) at: Time,
    /// "급증 2,492건 · 보류 후 승인".
    pub(crate) says: String,
}

/// The picture, with its legend. The first series lies on top, as it is named first.
#[derive(Clone, Debug)]
pub(crate) struct Trend {
    /// What it shows, for those who hear it.
    pub(crate) label: String,
    /// When each value was; in order.
    pub(crate) times: Vec<Time>,
    /// The areas.
    pub(crate) series: Vec<Series>,
    /// What happened.
    pub(crate) marks: Vec<Mark>,
    /// Language and zone.
    pub(crate) view: View,
}

impl Trend {
    fn value(&self, series: usize, place: usize) -> u64 {
        self.series[series].values.get(place).copied().unwrap_or(0)
    }

    /// How high the areas from this one to the lowest are together.
    fn height(&self, series: usize, place: usize) -> u64 {
        (series..self.series.len()).map(|series| self.value(series, place)).sum()
    }

    fn x(&self, place: usize) -> f64 {
        LEFT + (WIDTH - LEFT) * place as f64 / (self.times.len().max(2) - 1) as f64
    }

    fn y(value: u64, top: u64) -> f64 {
        GROUND - (GROUND - TOP) * value as f64 / top.max(1) as f64
    }

    fn areas(&self, out: &mut Formatter<'_>, top: u64) -> fmt::Result {
        for series in 0..self.series.len() {
            write!(out, "<path class=\"f{}\" d=\"", series % COLOURS + 1)?;
            for place in 0..self.times.len() {
                let sign = if place == 0 { 'M' } else { 'L' };
                write!(out, "{sign}{:.1} {:.1}", self.x(place), Self::y(self.height(series, place), top))?;
            }
            for place in (0..self.times.len()).rev() {
                write!(out, "L{:.1} {:.1}", self.x(place), Self::y(self.height(series + 1, place), top))?;
            }
            out.write_str("Z\"/>")?;
        }
        Ok(())
    }

    fn rules(out: &mut Formatter<'_>, top: u64) -> fmt::Result {
        let step = step(top);
        let mut value = 0;
        while value <= top {
            let y = Self::y(value, top);
            let (text, value_text) = (y + 4.0, thousands(value));
            write!(
                out,
                "<path class=\"rule\" d=\"M{LEFT} {y:.1}H{WIDTH}\"/><text x=\"{:.0}\" y=\"{text:.1}\" \
                 text-anchor=\"end\">{value_text}</text>",
                LEFT - 6.0
            )?;
            value += step;
        }
        Ok(())
    }

    fn days(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let every = self.times.len().div_ceil(LABELS).max(1);
        for (place, time) in self.times.iter().enumerate().skip(every / 2).step_by(every) {
            let day = self.view.zoned(*time).strftime("%m-%d").to_string();
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{day}</text>",
                self.x(place),
                HEIGHT - 4.0
            )?;
        }
        Ok(())
    }

    fn marks(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Some((first, last)) = self.times.first().zip(self.times.last()) else { return Ok(()) };
        let span = (last.unix() - first.unix()).max(1) as f64;
        for mark in self.marks.iter().filter(|mark| (*first..=*last).contains(&mark.at)) {
            let x = LEFT + (WIDTH - LEFT) * (mark.at.unix() - first.unix()) as f64 / span;
            // What stands at the right is written to the left of its line.
            let (text, anchor) = if x > WIDTH * 0.6 { (x - 6.0, "end") } else { (x + 6.0, "start") };
            let day = self.view.zoned(mark.at).strftime("%m-%d").to_string();
            write!(
                out,
                "<path class=\"mark\" d=\"M{x:.1} 2V{GROUND}\"/><text class=\"mark-text\" x=\"{text:.1}\" y=\"12\" \
                 text-anchor=\"{anchor}\">{day} {}</text>",
                escaped(&mark.says)
            )?;
        }
        Ok(())
    }

    /// Over each time a strip that says its values when it is pointed at.
    fn hints(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let width = (WIDTH - LEFT) / self.times.len().max(1) as f64;
        for (place, time) in self.times.iter().enumerate() {
            let x = (self.x(place) - width / 2.0).clamp(LEFT, WIDTH - width);
            write!(
                out,
                "<rect class=\"hint\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{width:.1}\" height=\"{:.0}\"><title>{}",
                GROUND - TOP,
                self.view.zoned(*time).strftime("%Y-%m-%d")
            )?;
            for series in 0..self.series.len() {
                let value = thousands(self.value(series, place));
                write!(out, " · {} {value}", escaped(&self.series[series].name))?;
            }
            out.write_str("</title></rect>")?;
        }
        Ok(())
    }
}

/// A round step of two to five rules: 1, 2 or 5 and noughts.
fn step(top: u64) -> u64 {
    let mut ten = 1;
    loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|digit| digit * ten).find(|step| top / step <= 5) {
            return step;
        }
        ten *= 10;
    }
}

impl Display for Trend {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let top = (0..self.times.len()).map(|place| self.height(0, place)).max().unwrap_or(0);
        let label = escaped(&self.label);
        write!(
            out,
            "<div{MOVED}><svg class=\"chart trend\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">"
        )?;
        self.areas(out, top)?;
        Self::rules(out, top)?;
        self.days(out)?;
        self.marks(out)?;
        self.hints(out)?;
        out.write_str("</svg></div><ul class=\"legend\">")?;
        for (place, series) in self.series.iter().enumerate() {
            write!(
                out,
                "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"f{}\" width=\"10\" height=\"10\" rx=\"2\"/></svg>{}</li>",
                place % COLOURS + 1,
                escaped(&series.name)
            )?;
        }
        out.write_str("</ul>")
    }
}

impl HtmlSafe for Trend {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::show::tests::KOREAN;

    #[test]
    fn rules_are_round_and_few() {
        assert_eq!([0, 1, 5, 6, 26_624, 1_000_000].map(step), [1, 1, 1, 2, 5_000, 200_000]);
    }

    #[test]
    fn areas_lie_upon_each_other_and_end_at_the_ground() {
        let series = |name: &str, values: &[u64]| Series { name: name.into(), values: values.to_vec() };
        let times: Vec<_> = (0..3).map(|day| KOREAN.now.plus_seconds(day * 86_400)).collect();
        let trend = Trend {
            label: "추세".into(),
            marks: vec![
                Mark { at: times[1], says: "급증".into() },
                Mark { at: Time::from_unix(0), says: "before".into() },
            ],
            times,
            series: vec![series("a<", &[50, 50, 100]), series("b", &[50])],
            view: *KOREAN,
        };
        let svg = trend.to_string();
        assert!(
            svg.contains(
                "<path class=\"f1\" d=\"M48.0 20.0L344.0 98.0L640.0 20.0L640.0 176.0L344.0 176.0L48.0 98.0Z\"/>"
            ),
            "{svg}"
        );
        assert!(svg.contains("03-02 급증") && !svg.contains("before"), "{svg}");
        assert!(svg.contains("<title>2026-03-01 · a&#60; 50 · b 50</title>"), "{svg}");
    }

    #[test]
    fn nothing_is_drawn_as_nothing() {
        let trend =
            Trend { label: String::new(), times: vec![], series: vec![], marks: vec![], view: *KOREAN };
        assert!(!trend.to_string().contains("NaN"));
    }
}
