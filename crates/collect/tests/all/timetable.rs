//! The timetable against a naive model: a program that looks at its clock every minute, is stopped now and then, and
//! whose runs sometimes fail.

use blocklist::{SourceName, Time};
use collect::random::SeededRandom;
use collect::schedule::{Decision, after_failure, decide};
use collect::source::{Kind, Settings, SourceState, Span};
use collect::{Failure, Trouble};
use proptest::prelude::*;

/// 2026-11-23 00:00 UTC.
const START: i64 = 1_795_392_000;

/// What happens in one simulated time.
#[derive(Clone, Debug)]
struct World {
    /// The minute and the hours of a cron expression; none is an interval of so many minutes.
    cron: Option<(i64, Vec<i64>)>,
    every: u32,
    jitter: u32,
    min_interval: u32,
    catch_up: bool,
    /// First minute and length of each stop of the program.
    stops: Vec<(i64, i64)>,
    /// Which runs fail, over and over.
    fails: Vec<bool>,
}

const MINUTES: i64 = 4 * 1_440;

impl World {
    fn settings(&self) -> Settings {
        let schedule = match &self.cron {
            Some((minute, hours)) => {
                let hours: Vec<String> = hours.iter().map(ToString::to_string).collect();
                format!("{minute} {} * * *", hours.join(","))
            }
            None => format!("{}m", self.every),
        };
        let mut settings = Settings::of(Kind::Url);
        settings.schedule = schedule.parse().unwrap();
        settings.zone = "UTC".parse().unwrap();
        settings.jitter = Span::minutes(self.jitter);
        settings.min_interval = Span::minutes(self.min_interval);
        settings.catch_up = self.catch_up;
        settings
    }

    fn stopped(&self, minute: i64) -> bool {
        self.stops.iter().any(|(from, length)| (*from..from + length).contains(&minute))
    }

    /// The minutes at which the cron expression wants a run, found without any library.
    fn slots(&self) -> Vec<i64> {
        let Some((at, hours)) = &self.cron else { return Vec::new() };
        (0..MINUTES).filter(|m| m % 60 == *at && hours.contains(&(m / 60 % 24))).collect()
    }

    /// The minutes at which runs began.
    fn simulate(&self) -> Vec<i64> {
        let (settings, random) = (self.settings(), SeededRandom::new(1));
        let name: SourceName = "feed".parse().unwrap();
        // It has run at the very beginning, so that nothing is missed yet.
        let mut state = SourceState { attempted_at: Some(Time::from_unix(START)), ..SourceState::default() };
        let (mut runs, mut started) = (vec![0], START);
        let mut promised = None;
        let mut fails = self.fails.iter().cycle();
        for minute in 1..MINUTES {
            let now = Time::from_unix(START + minute * 60);
            if self.stopped(minute) {
                started = START + (minute + 1) * 60;
                promised = None;
                continue;
            }
            match decide(&name, &settings, true, &state, Time::from_unix(started), now) {
                Decision::Run => {
                    assert!(promised.is_none_or(|until| until <= now), "sooner than it said");
                    promised = None;
                    runs.push(minute);
                    state.attempted_at = Some(now);
                    state = if *fails.next().unwrap() {
                        after_failure(state, &Failure::new(Trouble::Timeout), &settings, now, &random)
                    } else {
                        state.after_success(now)
                    };
                }
                Decision::Wait(until) => {
                    assert!(until > now);
                    assert!(promised.is_none_or(|before| before == until), "drawn again");
                    promised = Some(until);
                }
                other => panic!("{other:?}"),
            }
        }
        runs
    }
}

fn world() -> impl Strategy<Value = World> {
    let cron = (0_i64..60, prop::collection::btree_set(0_i64..24, 1..5));
    let cron = prop::option::of(cron.prop_map(|(minute, hours)| (minute, hours.into_iter().collect())));
    let stops = prop::collection::vec((1..MINUTES, 1_i64..2_000), 0..3);
    let fails = prop_oneof![Just(vec![false]), prop::collection::vec(any::<bool>(), 1..12)];
    (cron, 1_u32..600, 0_u32..90, 0_u32..50, any::<bool>(), stops, fails).prop_map(
        |(cron, every, jitter, min_interval, catch_up, stops, fails)| World {
            cron,
            every,
            jitter,
            min_interval,
            catch_up,
            stops,
            fails,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_two_runs_are_closer_than_the_least_interval(world in world()) {
        let runs = world.simulate();
        for pair in runs.windows(2) {
            prop_assert!(pair[1] - pair[0] >= i64::from(world.min_interval), "{pair:?}");
        }
    }

    #[test]
    fn no_time_of_a_cron_expression_is_run_twice(mut world in world()) {
        world.fails = vec![false];
        let (runs, slots) = (world.simulate(), world.slots());
        if world.cron.is_some() {
            for pair in runs.windows(2) {
                let reasons = slots.iter().filter(|slot| pair[0] < **slot && **slot <= pair[1]);
                prop_assert!(reasons.count() >= 1, "{pair:?} of {slots:?}");
            }
        }
    }

    #[test]
    fn a_program_that_never_stops_runs_each_time_and_each_interval(mut world in world()) {
        world.stops.clear();
        world.fails = vec![false];
        let (runs, slots) = (world.simulate(), world.slots());
        if world.cron.is_some() {
            // Between one time and the one after lies exactly one run; the last may be late beyond the end.
            for pair in slots.windows(2).filter(|pair| pair[0] > 0) {
                let between = runs.iter().filter(|run| (pair[0]..pair[1]).contains(*run)).count();
                prop_assert_eq!(between, 1, "{:?} of {:?}", pair, runs);
            }
        } else {
            let least = i64::from(world.every.max(world.min_interval));
            for pair in runs.windows(2) {
                let most = least.max(i64::from(world.every) * 5 / 4 + 1);
                prop_assert!((least..=most).contains(&(pair[1] - pair[0])), "{pair:?}");
            }
            prop_assert!(MINUTES - runs[runs.len() - 1] <= least * 5 / 4 + 1);
        }
    }

    #[test]
    fn missed_times_are_made_up_for_once_or_not_at_all(mut world in world(), stop in (60_i64..2_000, 100_i64..2_000)) {
        world.stops = vec![stop];
        world.fails = vec![false];
        world.jitter = 0;
        world.min_interval = 0;
        let (runs, slots) = (world.simulate(), world.slots());
        let (from, back) = (stop.0, stop.0 + stop.1);
        prop_assert!(!runs.iter().any(|run| (from..back).contains(run)));
        if world.cron.is_some() {
            let missed = slots.iter().any(|slot| (from..back).contains(slot));
            let at_once = runs.contains(&back);
            prop_assert_eq!(at_once, (missed && world.catch_up) || slots.contains(&back));
            prop_assert_eq!(runs[1..].iter().filter(|run| **run != back && !slots.contains(run)).count(), 0);
        }
    }
}
