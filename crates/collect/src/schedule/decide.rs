//! Whether a source runs now.

use blocklist::{SourceName, Time};
use sha2::{Digest, Sha256};

use super::{Timetable, next};
use crate::source::{Settings, SourceState};
use crate::trouble::{Class, Trouble};

/// What a source does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It runs.
    Run,
    /// It is asked again then, or when its settings or state change.
    Wait(Time),
    /// Nothing until a person has acted on this.
    Blocked(Trouble),
    /// It runs only when a person says so.
    Never,
}

/// A last run that lies this far ahead was begun under a wrong clock. Less is a clock that was set right by a little,
/// and costs no more than a delay.
const CLOCK_SLACK: i64 = 10 * 60;

/// No wait that this crate sets is longer than a day; one that lies further ahead was set under a wrong clock.
const LONGEST_WAIT: i64 = super::retry::LONGEST_WAIT + CLOCK_SLACK;

/// Whether a source runs now. `started` is when the program began to look after it: times of a cron expression before
/// that were missed, and count only where `catch_up` is set.
///
/// An interval counts from when the last run began. However many times were missed, one run makes up for them all.
/// `min_interval` and the wait after a failure hold always. A source that never ran and catches up runs at once.
pub fn decide(
    name: &SourceName,
    settings: &Settings,
    enabled: bool,
    state: &SourceState,
    started: Time,
    now: Time,
) -> Decision {
    if !enabled || settings.schedule == Timetable::Never {
        return Decision::Never;
    }
    let condition = state.condition.as_ref().map(|condition| condition.trouble);
    if let Some(trouble) = condition.filter(|trouble| trouble.class() == Class::Person) {
        return Decision::Blocked(trouble);
    }
    let attempted = state.attempted_at.filter(|at| *at <= now.plus_seconds(CLOCK_SLACK));
    let not_before = state.not_before.filter(|at| *at <= now.plus_seconds(LONGEST_WAIT));
    let due = match not_before {
        // The wait after a failure is the plan: it ends before the timetable's next time, or holds against it.
        Some(retry) if state.failures > 0 => retry,
        _ => match due(name, settings, attempted, started, now) {
            Some(due) => due,
            None => return Decision::Never,
        },
    };
    let spaced = attempted.map(|at| at.plus_seconds(settings.min_interval.as_seconds()));
    let at = [Some(due), spaced, not_before].into_iter().flatten().max().unwrap_or(due);
    if at <= now { Decision::Run } else { Decision::Wait(at) }
}

/// When the timetable wants the next run. `attempted` is the last, where it is believed.
fn due(
    name: &SourceName,
    settings: &Settings,
    attempted: Option<Time>,
    started: Time,
    now: Time,
) -> Option<Time> {
    let cron = matches!(settings.schedule, Timetable::Cron(_));
    // A program that started in the future did so under a wrong clock. A time at the very second of the start is not
    // missed, so what is looked for lies after the second before it.
    let started = started.min(now).plus_seconds(-1);
    let from = match attempted {
        Some(at) if cron && !settings.catch_up => at.max(started),
        Some(at) => at,
        None if cron && !settings.catch_up => started,
        None => return Some(now),
    };
    let slot = next(&settings.schedule, &settings.zone, from)?;
    Some(slot.plus_seconds(jitter(name, settings, slot)))
}

/// By how many seconds a run is later than its time: the same for the same source and time, so that restarts do not
/// draw again, and at most a quarter of the way to the time after it, so that no two become one.
fn jitter(name: &SourceName, settings: &Settings, slot: Time) -> i64 {
    let after = next(&settings.schedule, &settings.zone, slot);
    let quarter = after.map_or(0, |after| (after.unix() - slot.unix()) / 4);
    let most = settings.jitter.as_seconds().min(quarter);
    if most <= 0 {
        return 0;
    }
    let hash = Sha256::new().chain_update(name.as_str()).chain_update(slot.unix().to_le_bytes()).finalize();
    let number = hash.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    // 64 bits over a few hours of seconds: the unevenness of the remainder is far below anything to be seen.
    (number % most as u64) as i64
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Condition, Kind, Span};

    /// 2026-11-18 06:40:00 UTC.
    const NOW: i64 = 1_794_984_000;

    fn at(seconds: i64) -> Time {
        Time::from_unix(NOW + seconds)
    }

    fn settings(schedule: &str) -> Settings {
        Settings {
            schedule: schedule.parse().unwrap(),
            zone: "UTC".parse().unwrap(),
            jitter: Span::default(),
            ..Settings::of(Kind::Url)
        }
    }

    fn attempted(seconds: i64) -> SourceState {
        SourceState { attempted_at: Some(at(seconds)), ..SourceState::default() }
    }

    /// What a source does at [`NOW`], in a program that began an hour before.
    fn now(settings: &Settings, state: &SourceState) -> Decision {
        decide(&"feed".parse().unwrap(), settings, true, state, at(-3_600), at(0))
    }

    #[test]
    fn an_interval_counts_from_the_last_beginning() {
        let hourly = settings("1h");
        assert_eq!(now(&hourly, &SourceState::default()), Decision::Run);
        assert_eq!(now(&hourly, &attempted(-3_599)), Decision::Wait(at(1)));
        assert_eq!(now(&hourly, &attempted(-3_600)), Decision::Run);
        assert_eq!(now(&hourly, &attempted(-99_999_999)), Decision::Run);
    }

    #[test]
    fn what_is_switched_off_or_waits_for_a_person_does_not_run() {
        let hourly = settings("1h");
        let name = "feed".parse().unwrap();
        assert_eq!(decide(&name, &hourly, false, &attempted(-9_999), at(0), at(0)), Decision::Never);
        assert_eq!(now(&settings("never"), &SourceState::default()), Decision::Never);
        let mut state = attempted(-9_999);
        for (trouble, decision) in [
            (Trouble::CredentialRejected, Decision::Blocked(Trouble::CredentialRejected)),
            (Trouble::AlreadyLoggedIn, Decision::Run),
        ] {
            state.condition =
                Some(Condition { trouble, detail: None, since: at(-9_999), until: Some(at(-1)) });
            assert_eq!(now(&hourly, &state), decision);
        }
    }

    #[test]
    fn a_missed_time_is_made_up_for_once_or_skipped_as_the_setting_says() {
        // 04:40 lies before the program began, 06:10 after.
        for (cron, missed) in [("40 4 * * *", true), ("10 6 * * *", false)] {
            let mut daily = settings(cron);
            assert_eq!(now(&daily, &attempted(-86_400)), Decision::Run);
            assert_eq!(now(&daily, &SourceState::default()), Decision::Run);
            daily.catch_up = false;
            let skipped = matches!(now(&daily, &attempted(-86_400)), Decision::Wait(_));
            assert_eq!(skipped, missed);
        }
    }

    #[test]
    fn the_least_interval_and_the_wait_after_a_failure_hold_against_the_timetable() {
        let mut often = settings("* * * * *");
        often.min_interval = Span::minutes(10);
        assert_eq!(now(&often, &attempted(-120)), Decision::Wait(at(480)));
        let waiting =
            |failures, seconds| SourceState { failures, not_before: Some(at(seconds)), ..attempted(-3_000) };
        assert_eq!(now(&often, &waiting(0, 900)), Decision::Wait(at(900)));
        assert_eq!(now(&often, &waiting(6, 900)), Decision::Wait(at(900)));
        // The try after a failure does not wait for the timetable.
        assert_eq!(now(&settings("6h"), &waiting(1, 60)), Decision::Wait(at(60)));
        assert_eq!(now(&settings("6h"), &waiting(1, 0)), Decision::Run);
    }

    #[test]
    fn a_clock_that_jumps_neither_stops_a_source_nor_starts_a_storm() {
        for schedule in ["1h", "10 6 * * *"] {
            let plan = settings(schedule);
            // Put right by a little: no second run because of that.
            assert!(matches!(now(&plan, &attempted(5)), Decision::Wait(_)));
            // Back by years, with all that was kept in the future.
            let mut future = attempted(99_999_999);
            future.not_before = Some(at(99_999_999));
            future.failures = 3;
            let name = "feed".parse().unwrap();
            assert_eq!(decide(&name, &plan, true, &future, at(99_999_999), at(0)), Decision::Run);
            // Forward by years: one run, and then the timetable again.
            assert_eq!(now(&plan, &attempted(-99_999_999)), Decision::Run);
            assert!(matches!(now(&plan, &attempted(0)), Decision::Wait(_)));
        }
    }

    #[test]
    fn jitter_is_spread_by_name_and_time_and_never_drawn_again() {
        let mut hourly = settings("0 * * * *");
        hourly.jitter = Span::minutes(5);
        let slot = at(1_200);
        let late = |name: String| jitter(&name.parse().unwrap(), &hourly, slot);
        let all: Vec<i64> = (0..200).map(|n| late(format!("feed-{n}"))).collect();
        assert!(all.iter().all(|late| (0..300).contains(late)));
        assert!(all.iter().any(|late| *late < 30) && all.iter().any(|late| *late > 270));
        assert_eq!(late("feed-1".into()), all[1]);
        // No more than a quarter of the way to the next time, however much is set.
        hourly.jitter = Span::days(1);
        assert!((0..200).all(|n| jitter(&format!("feed-{n}").parse().unwrap(), &hourly, slot) < 900));
    }
}
