//! Times and how long things take. What a template has it hands over as a reference, so that is taken as well as a value.

use std::fmt::Write;

use blocklist::Time;

use super::super::markup::Markup;
use super::super::view::View;
use super::Given;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Beyond it a day says more than their number.
const FAR: u64 = 60 * DAY;

impl View {
    /// How long ago, or in how long, with the exact time when it is pointed at: `<time ..>3분 전</time>`. The script lets it
    /// tick.
    pub(crate) fn ago(self, time: impl Given<Time>) -> Markup {
        let time = time.given();
        let shown = self.relative(time);
        self.element(time, &shown, " data-age")
    }

    /// The exact time in the zone, to the second: `2026-11-23 03:11:42`.
    pub(crate) fn at(self, time: impl Given<Time>) -> Markup {
        let time = time.given();
        let shown = self.zoned(time).strftime("%Y-%m-%d %H:%M:%S").to_string();
        self.element(time, &shown, "")
    }

    /// Day and minute: `11-23 03:11`.
    pub(crate) fn minute(self, time: impl Given<Time>) -> Markup {
        let time = time.given();
        let shown = self.zoned(time).strftime("%m-%d %H:%M").to_string();
        self.element(time, &shown, "")
    }

    /// The minute alone: `03:11`. For what happened on the day that stands above it.
    pub(crate) fn clock(self, time: impl Given<Time>) -> Markup {
        let time = time.given();
        let shown = self.zoned(time).strftime("%H:%M").to_string();
        self.element(time, &shown, "")
    }

    /// The exact time as plain text, with its zone, for a title or a sentence.
    pub(crate) fn exact(self, time: impl Given<Time>) -> String {
        let time = time.given();
        format!("{} {}", self.zoned(time).strftime("%Y-%m-%d %H:%M:%S"), self.zone.name())
    }

    /// The exact time as it is typed, under a label that names the zone: `2026-11-23 03:11:42`.
    pub(crate) fn typed(self, time: impl Given<Time>) -> String {
        self.zoned(time.given()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// "3분 전", "3 min ago"; "3분 뒤", "in 3 min". The script says the same in `ages.js`.
    pub(crate) fn relative(self, time: impl Given<Time>) -> String {
        let time = time.given();
        let past = self.now.unix().saturating_sub(time.unix());
        let seconds = past.unsigned_abs();
        if seconds < MINUTE {
            return self.pick("방금", "just now").into();
        }
        if seconds >= FAR {
            return self.zoned(time).strftime("%Y-%m-%d").to_string();
        }
        let (count, korean, english) = match seconds {
            ..HOUR => (seconds / MINUTE, "분", "min"),
            HOUR..DAY => (seconds / HOUR, "시간", "h"),
            _ => (seconds / DAY, "일", "d"),
        };
        if past > 0 {
            self.pick(format!("{count}{korean} 전"), format!("{count} {english} ago"))
        } else {
            self.pick(format!("{count}{korean} 뒤"), format!("in {count} {english}"))
        }
    }

    /// How long something takes: `3분 12초`, `3 min 12 s`; the two largest units.
    pub(crate) fn duration(self, seconds: u64) -> String {
        let units = [(DAY, "일", "d"), (HOUR, "시간", "h"), (MINUTE, "분", "min"), (1, "초", "s")];
        let largest = units.iter().position(|(unit, ..)| seconds >= *unit).unwrap_or(units.len() - 1);
        let mut rest = seconds;
        let mut out = String::new();
        for (unit, korean, english) in units.iter().skip(largest).take(2) {
            let count = rest / unit;
            rest %= unit;
            if count > 0 || seconds == 0 {
                let gap = if out.is_empty() { "" } else { " " };
                let _ = write!(out, "{gap}{count}{}", self.pick((*korean).to_owned(), format!(" {english}")));
            }
        }
        out
    }

    fn element(self, time: Time, shown: &str, attribute: &str) -> Markup {
        let iso =
            jiff::Timestamp::from_second(time.unix()).map_or_else(|_| String::new(), |at| at.to_string());
        let title = self.exact(time);
        Markup::trusted(format!("<time datetime=\"{iso}\" title=\"{title}\"{attribute}>{shown}</time>"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENGLISH, KOREAN};

    #[test]
    fn a_time_says_how_far_it_is_and_exactly_when() {
        let time = KOREAN.now.plus_seconds(-3 * 60);
        assert_eq!(
            KOREAN.ago(time).as_str(),
            r#"<time datetime="2026-03-01T00:57:00Z" title="2026-03-01 09:57:00 KST" data-age>3분 전</time>"#
        );
        assert_eq!(KOREAN.moment(&KOREAN.typed(time)), Ok(time));
        assert_eq!(ENGLISH.moment(&ENGLISH.typed(time)), Ok(time));
        assert_eq!(ENGLISH.exact(time), "2026-03-01 00:57:00 UTC");
        assert!(KOREAN.clock(time).as_str().ends_with(">09:57</time>"));
        assert!(KOREAN.minute(time).as_str().ends_with(">03-01 09:57</time>"));
        assert!(ENGLISH.at(time).as_str().ends_with(">2026-03-01 00:57:00</time>"));
    }

    #[test]
    fn ages_grow_in_steps_and_end_in_a_day() {
        let ages = [0, 59, 60, 3_599, 3_600, 86_399, 86_400, 59 * 86_400, 60 * 86_400];
        let english = ages.map(|age| ENGLISH.relative(ENGLISH.now.plus_seconds(-age)));
        let expected =
            ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 d ago", "59 d ago"];
        assert_eq!(english[..8], expected);
        assert_eq!(english[8], "2025-12-31");
        assert_eq!(KOREAN.relative(KOREAN.now.plus_seconds(7_200)), "2시간 뒤");
        assert_eq!(ENGLISH.relative(KOREAN.now.plus_seconds(7_200)), "in 2 h");
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        let shown = [0, 12, 60, 192, 3_600, 3_905, 90_000].map(|seconds| KOREAN.duration(seconds));
        assert_eq!(shown, ["0초", "12초", "1분", "3분 12초", "1시간", "1시간 5분", "1일 1시간"]);
        assert_eq!(ENGLISH.duration(192), "3 min 12 s");
    }

    #[test]
    fn a_time_that_no_calendar_has_is_shown_all_the_same() {
        let never = blocklist::Time::from_unix(i64::MAX);
        assert!(KOREAN.ago(never).as_str().contains("9999"));
    }
}
