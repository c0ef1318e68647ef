//! Which days a portal is asked for.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::source::{Settings, SourceState, Span};

/// A window of dates stays under so many calendar months: the script of the portal REGTECH allows no more, and whether
/// its server does is not known.
const MONTHS: i32 = 3;

const DAY: i64 = 86_400;

/// The days from `since` to `until`, both with, in windows of at most `longest` days (at least one), each of them
/// strictly under three calendar months. The newest comes first, so that a run that breaks off has the most useful
/// part. Windows are given as first and last day, both with; none where `since` lies after `until`.
pub fn windows(since: Date, until: Date, longest: Span) -> Vec<(Date, Date)> {
    let days = (longest.as_seconds() / DAY).max(1);
    let mut windows = Vec::new();
    let mut last = Some(until).filter(|until| since <= *until);
    while let Some(end) = last {
        let mut first = end.saturating_sub((days - 1).days()).max(since);
        while first.saturating_add(MONTHS.months()) <= end {
            first = first.saturating_add(1.day());
        }
        windows.push((first, end));
        last = first.yesterday().ok().filter(|end| since <= *end);
    }
    windows
}

/// The first day that a collection asks for: `history` back the first time, and later the setting `overlap` back over
/// what good runs have covered, but never further than `history`.
pub fn first_day(state: &SourceState, settings: &Settings, today: Date) -> Date {
    let back =
        |from: Date, span: Span, round: i64| from.saturating_sub(((span.as_seconds() + round) / DAY).days());
    let earliest = back(today, settings.history, 0);
    match state.covered_until {
        // A day in the future was covered under a wrong clock.
        Some(covered) => back(covered.min(today), settings.overlap, DAY - 1).max(earliest),
        None => earliest,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::source::Kind;

    #[test]
    fn the_newest_window_comes_first() {
        assert_eq!(
            windows(date(2026, 11, 1), date(2026, 11, 23), Span::days(10)),
            [
                (date(2026, 11, 14), date(2026, 11, 23)),
                (date(2026, 11, 4), date(2026, 11, 13)),
                (date(2026, 11, 1), date(2026, 11, 3)),
            ]
        );
        let day = date(2026, 11, 23);
        assert_eq!(windows(day, day, Span::days(89)), [(day, day)]);
        assert_eq!(windows(day, date(2026, 11, 22), Span::days(89)), []);
        assert_eq!(windows(Date::MIN, date(-9999, 1, 2), Span::default()).len(), 2);
    }

    #[test]
    fn a_collection_goes_back_over_what_is_covered_and_never_beyond_its_history() {
        let settings = Settings::of(Kind::Regtech);
        let today = date(2026, 11, 23);
        let first = |covered: Option<Date>| {
            let state = SourceState { covered_until: covered, ..SourceState::default() };
            first_day(&state, &settings, today)
        };
        assert_eq!(first(None), date(2026, 5, 27));
        assert_eq!(first(Some(date(2026, 11, 22))), date(2026, 11, 15));
        assert_eq!(first(Some(date(2020, 1, 1))), date(2026, 5, 27));
        assert_eq!(first(Some(date(2030, 1, 1))), date(2026, 11, 16));
    }

    proptest! {
        #[test]
        fn windows_cover_each_day_once_and_stay_under_three_months(
            start in 0_i32..20_000, length in 0_i32..900, longest in 1_u32..200,
        ) {
            let since = date(1990, 1, 1).saturating_add(start.days());
            let until = since.saturating_add(length.days());
            let mut expected = until;
            for (first, last) in windows(since, until, Span::days(longest)) {
                prop_assert_eq!(last, expected);
                prop_assert!(first <= last && since <= first);
                prop_assert!((last - first).get_days() < longest as i32);
                prop_assert!(last < first.saturating_add(3.months()));
                expected = first.yesterday().unwrap();
            }
            prop_assert_eq!(expected, since.yesterday().unwrap());
        }
    }
}
