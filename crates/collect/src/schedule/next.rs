//! The next time of a timetable.
//!
//! A cron expression names times on the wall. Where its hours begin with `*`, it means "so often" and follows the time
//! that passes: an hour that comes twice has its runs twice, one that is left out has none. Where it names hours, it
//! means "then": once a day, also when the clock is put back over that time, and right after the gap when the clock is
//! put forward over it. This is what the cron of Unix does; the library alone treats `30 2,14 * * *` as "so often", and
//! would run it twice in autumn and once too few in spring.

use blocklist::Time;
use croner::Cron;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned, civil};

use super::{Timetable, Zone};

/// The first time of the timetable after the given one. An interval counts from there. None where there is none before
/// the year 5000, and for [`Timetable::Never`].
pub fn next(timetable: &Timetable, zone: &Zone, after: Time) -> Option<Time> {
    match timetable {
        Timetable::Never => None,
        Timetable::Every(span) => Some(after.plus_seconds(span.as_seconds())),
        Timetable::Cron(cron) => {
            let after = Timestamp::from_second(after.unix()).ok()?.to_zoned(zone.zone().clone());
            let next = if so_often(cron) {
                cron.find_next_occurrence(&after, false).ok()?.timestamp()
            } else {
                at_the_hour(cron, &after)?
            };
            Some(Time::from_unix(next.as_second()))
        }
    }
}

/// Whether the hours of the expression are `*` or `*/n`.
fn so_often(cron: &Cron) -> bool {
    cron.as_str().split_whitespace().nth(1).is_some_and(|hours| hours.starts_with('*'))
}

/// The search goes over the wall clock, and each time found becomes one instant. The order of instants is that of times
/// on the wall, so the first that lies after `after` is the next.
fn at_the_hour(cron: &Cron, after: &Zoned) -> Option<Timestamp> {
    let mut wall = after.datetime();
    loop {
        wall = cron.find_next_occurrence(&wall, false).ok()?;
        let instant = instant(wall, after.time_zone())?;
        // Else the clock was put back: the time has been there already, before `after`.
        if instant > after.timestamp() {
            return Some(instant);
        }
    }
}

/// When the clock shows this time: the first of two moments, and the end of the gap for a time that it leaves out.
fn instant(wall: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let found = zone.to_ambiguous_timestamp(wall);
    match found.offset() {
        AmbiguousOffset::Gap { after, .. } => {
            // With the offset of afterwards the time lies before the gap; what follows is the change of the clock.
            let before = after.to_timestamp(wall).ok()?;
            zone.following(before).next().map(|change| change.timestamp())
        }
        _ => found.earlier().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of a cron expression in a zone, after one instant and up to another.
    fn times(cron: &str, zone: &str, from: &str, until: &str) -> Vec<String> {
        let (timetable, zone): (Timetable, Zone) = (cron.parse().unwrap(), zone.parse().unwrap());
        let until: Time = until.parse().unwrap();
        let mut at: Time = from.parse().unwrap();
        let mut times = Vec::new();
        while let Some(time) = next(&timetable, &zone, at).filter(|time| *time <= until) {
            assert!(time > at);
            at = time;
            times.push(time.to_string());
        }
        times
    }

    #[test]
    fn a_time_that_spring_leaves_out_is_run_right_after_the_gap_and_once() {
        // In Berlin 2026-03-29 the clock goes from 02:00 to 03:00, at 01:00 UTC.
        let day = |cron| times(cron, "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        assert_eq!(day("30 2 * * *"), ["2026-03-29T01:00:00Z"]);
        assert_eq!(day("30 2,14 * * *"), ["2026-03-29T01:00:00Z", "2026-03-29T12:30:00Z"]);
        assert_eq!(day("15,45 2 * * *"), ["2026-03-29T01:00:00Z"]);
        assert_eq!(day("0 2,3 * * *"), ["2026-03-29T01:00:00Z"]);
        assert_eq!(day("0 * * * *").len(), 23);
    }

    #[test]
    fn a_time_that_comes_twice_in_autumn_is_run_once() {
        // In Berlin 2026-10-25 the clock goes from 03:00 back to 02:00, at 01:00 UTC.
        let day = |cron| times(cron, "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        assert_eq!(day("30 2 * * *"), ["2026-10-25T00:30:00Z"]);
        assert_eq!(day("30 2,14 * * *"), ["2026-10-25T00:30:00Z", "2026-10-25T13:30:00Z"]);
        assert_eq!(day("*/30 2 * * *"), ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"]);
        // So often is so often: 25 hours have 25 of them (the first lies on the edge).
        assert_eq!(day("0 * * * *").len(), 25);
        // Also when the question comes from within the hour that comes again.
        let late = times("50 2 * * *", "Europe/Berlin", "2026-10-25T01:40:00Z", "2026-10-26T12:00:00Z");
        assert_eq!(late, ["2026-10-26T01:50:00Z"]);
    }

    #[test]
    fn a_day_that_a_zone_leaves_out_is_made_up_for_when_the_next_begins() {
        // Samoa had no 2011-12-30; its 31st began at 10:00 UTC of the 30th.
        let samoa = times("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-31T00:00:00Z");
        assert_eq!(samoa, ["2011-12-30T10:00:00Z"]);
    }

    #[test]
    fn seoul_has_its_days_without_any_of_this() {
        let seoul = times("10 6,18 * * 1-5", "Asia/Seoul", "2026-11-20T00:00:00Z", "2026-11-23T23:00:00Z");
        assert_eq!(
            seoul,
            ["2026-11-20T09:10:00Z", "2026-11-22T21:10:00Z", "2026-11-23T09:10:00Z", "2026-11-23T21:10:00Z"]
        );
    }

    #[test]
    fn a_time_beyond_all_calendars_has_no_next() {
        let daily: Timetable = "0 0 * * *".parse().unwrap();
        for far in [i64::MAX, i64::MIN, 253_402_300_799] {
            assert_eq!(next(&daily, &Zone::default(), Time::from_unix(far)), None);
        }
        assert_eq!(next(&Timetable::Never, &Zone::default(), Time::from_unix(0)), None);
    }
}
