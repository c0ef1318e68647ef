//! What a failure does to a source: waits that grow, then the open circuit.

use blocklist::Time;

use super::{Timetable, next};
use crate::Failure;
use crate::random::Random;
use crate::source::{Condition, Settings, SourceState};
use crate::trouble::Class;

/// The wait after the first failure, in seconds; each further one doubles it.
const FIRST: i64 = 60;
/// So many failures in a row open the circuit.
const OPENS_AT: u32 = 5;
/// The wait when the circuit opens, in seconds; each further failure doubles it.
const OPEN: i64 = 30 * 60;
/// Neither grows beyond this, in seconds.
const MOST: i64 = 6 * 3_600;
/// What a server may ask for, and so the longest wait there is, in seconds.
pub(super) const LONGEST_WAIT: i64 = 24 * 3_600;

/// A run failed or was refused.
///
/// | class | what follows |
/// |---|---|
/// | retry | again after 1, 2, 4 ... minutes, at most the timetable's own way; from the fifth on the circuit is open: 30, 60 ... minutes up to six hours |
/// | content | nothing but the next time of the timetable |
/// | wait | the same, and the condition is kept to be shown |
/// | person | the condition is kept, and nothing runs while it stands |
///
/// Waits differ by up to a fifth from these, so that sources that failed together do not come back together, and are
/// never shorter than what the server asked for.
#[must_use]
pub fn after_failure(
    mut state: SourceState,
    failure: &Failure,
    settings: &Settings,
    now: Time,
    random: &dyn Random,
) -> SourceState {
    let class = failure.trouble.class();
    let asked = failure.retry_after.map_or(0, |wait| wait.as_secs().min(LONGEST_WAIT as u64) as i64);
    let asked = (asked > 0).then(|| now.plus_seconds(asked));
    let standing = state.condition.take();
    state.not_before = match class {
        Class::Retry => {
            state.failures = state.failures.saturating_add(1);
            state.circuit_open = state.failures >= OPENS_AT;
            let wait = now.plus_seconds(wait(state.failures, settings, now, random));
            Some(asked.map_or(wait, |asked| asked.max(wait)))
        }
        // Before the timetable's next time nothing runs anyway; a wait would look like one after a failed run.
        Class::Content | Class::Wait | Class::Person => asked
            .filter(|asked| next(&settings.schedule, &settings.zone, now).is_none_or(|next| next < *asked)),
    };
    state.condition = match class {
        Class::Wait | Class::Person => {
            let since = standing.filter(|old| old.trouble == failure.trouble).map_or(now, |old| old.since);
            let detail = Some(failure.detail.clone()).filter(|detail| !detail.is_empty());
            Some(Condition { trouble: failure.trouble, detail, since, until: failure.until })
        }
        // What only a person ends stays; that somebody was in the way is over when a run came to something else.
        Class::Retry | Class::Content => standing.filter(|old| old.trouble.class() == Class::Person),
    };
    state
}

/// Seconds until the next try, at least one.
fn wait(failures: u32, settings: &Settings, now: Time, random: &dyn Random) -> i64 {
    let grown = |first: i64, steps: u32| first.saturating_mul(1 << steps.min(20)).min(MOST);
    let plain = if failures >= OPENS_AT {
        grown(OPEN, failures - OPENS_AT)
    } else {
        let way = match &settings.schedule {
            Timetable::Never => MOST,
            schedule => next(schedule, &settings.zone, now).map_or(MOST, |next| next.unix() - now.unix()),
        };
        grown(FIRST, failures.saturating_sub(1)).min(way)
    };
    // From four fifths to six fifths. Without randomness the middle does.
    let fifth = plain / 5;
    let drawn = random.below(2 * fifth as u64 + 1).map_or(fifth, |drawn| drawn as i64);
    (plain - fifth + drawn).max(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::random::SeededRandom;
    use crate::source::{Kind, Span};
    use crate::trouble::Trouble;

    const NOW: i64 = 1_795_000_000;

    fn now() -> Time {
        Time::from_unix(NOW)
    }

    fn fail(state: SourceState, failure: &Failure, settings: &Settings, seed: u64) -> SourceState {
        after_failure(state, failure, settings, now(), &SeededRandom::new(seed))
    }

    fn waits(state: &SourceState) -> Option<i64> {
        state.not_before.map(|at| at.unix() - NOW)
    }

    #[test]
    fn waits_grow_then_the_circuit_opens_and_closes_with_the_first_good_run() {
        let settings = Settings::of(Kind::Url);
        for seed in 0..50 {
            let mut state = SourceState::default();
            let minutes = [1, 2, 4, 8, 30, 60, 120, 240, 360, 360];
            for (failed, minutes) in (1_u32..).zip(minutes) {
                state = fail(state, &Failure::new(Trouble::Timeout), &settings, seed);
                let wait = waits(&state).unwrap();
                assert!((minutes * 48..=minutes * 72).contains(&wait), "{failed}: {wait}");
                assert_eq!((state.failures, state.circuit_open), (failed, failed >= 5));
            }
            let good = state.after_success(now());
            assert_eq!((good.failures, good.circuit_open, good.not_before), (0, false, None));
        }
        let last = SourceState { failures: u32::MAX, ..SourceState::default() };
        let wait = waits(&fail(last, &Failure::new(Trouble::Timeout), &settings, 1)).unwrap();
        assert!((4 * 3_600..=8 * 3_600).contains(&wait));
    }

    #[test]
    fn a_wait_is_not_longer_than_the_timetables_own_way() {
        let mut settings = Settings::of(Kind::Directory);
        settings.schedule = Timetable::Every(Span::seconds(10));
        let state = SourceState { failures: 3, ..SourceState::default() };
        let wait = waits(&fail(state, &Failure::new(Trouble::Local), &settings, 1)).unwrap();
        assert!((8..=12).contains(&wait), "{wait}");
    }

    #[test]
    fn the_server_is_not_asked_sooner_than_it_allows_nor_later_than_a_day() {
        let settings = Settings::of(Kind::Url);
        for (asked, least, most) in [(7_200, 7_200, 7_200), (10, 48, 72), (u64::MAX, 86_400, 86_400)] {
            let failure = Failure::new(Trouble::RateLimited).retry_after(Some(Duration::from_secs(asked)));
            let wait = waits(&fail(SourceState::default(), &failure, &settings, 1)).unwrap();
            assert!((least..=most).contains(&wait), "{asked}: {wait}");
        }
    }

    #[test]
    fn content_that_is_not_believed_is_looked_at_at_the_next_time_and_not_sooner() {
        let settings = Settings::of(Kind::Url);
        let mut state = SourceState { failures: 2, not_before: Some(now()), ..SourceState::default() };
        state = fail(state, &Failure::new(Trouble::ZeroRows), &settings, 1);
        assert_eq!((state.failures, state.not_before, state.condition.clone()), (2, None, None));
        let failure = Failure::new(Trouble::HttpStatus).retry_after(Some(Duration::from_mins(1)));
        assert_eq!(fail(state.clone(), &failure, &settings, 1).not_before, None);
        let failure = Failure::new(Trouble::HttpStatus).retry_after(Some(Duration::from_hours(2)));
        assert_eq!(waits(&fail(state, &failure, &settings, 1)), Some(7_200));
    }

    #[test]
    fn what_a_person_has_to_end_is_kept_with_the_portals_words_and_its_first_day() {
        let settings = Settings::of(Kind::Regtech);
        let until = Some(now().plus_seconds(600));
        let failure = Failure::new(Trouble::Locked).with("10 minutes").until(until);
        let first = fail(SourceState::default(), &failure, &settings, 1);
        let condition = first.condition.clone().unwrap();
        assert_eq!((condition.trouble, condition.since, condition.until), (Trouble::Locked, now(), until));
        assert_eq!(condition.detail.as_deref(), Some("10 minutes"));
        let later =
            after_failure(first.clone(), &failure, &settings, now().plus_seconds(60), &SeededRandom::new(1));
        assert_eq!(later.condition.unwrap().since, now());
        // A run by hand that did not get through changes nothing about it.
        let through = fail(first, &Failure::new(Trouble::Timeout), &settings, 1);
        assert_eq!(through.condition.unwrap().trouble, Trouble::Locked);
    }

    #[test]
    fn somebody_in_the_way_is_forgotten_when_a_run_comes_to_something_else() {
        let settings = Settings::of(Kind::Secudium);
        let state = fail(SourceState::default(), &Failure::new(Trouble::AlreadyLoggedIn), &settings, 1);
        assert_eq!(state.condition.as_ref().unwrap().trouble, Trouble::AlreadyLoggedIn);
        assert_eq!((state.failures, state.not_before), (0, None));
        assert_eq!(fail(state, &Failure::new(Trouble::Timeout), &settings, 1).condition, None);
    }
}
