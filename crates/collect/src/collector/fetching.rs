//! By kind: what is fetched, and what is remembered of it.

use blocklist::{Mode, Time};
use jiff::civil::Date;
use store::{Run, Trigger, Window};

use super::{Collector, Misfit, Order, Source, Watch, drift};
use crate::fetch::directory::Found;
use crate::portals::{By, day_in_seoul, regtech, secudium};
use crate::source::{Kind, SourceState};
use crate::{Defaults, Failure, JsonPaths, Options, Parsed, Trouble, schedule};

/// What came of fetching.
pub(super) enum Fetched {
    /// Content, read and compared.
    Taken(Box<Taken>),
    /// The content of an earlier run, which the store still holds.
    Same {
        /// That run.
        earlier: Box<Run>,
        /// What was read, as runs show it.
        input: String,
        /// Where the source stands then.
        next: Box<SourceState>,
    },
    /// There is nothing to take.
    Nothing,
}

/// Content, read and compared, ready to be kept.
pub(super) struct Taken {
    pub(super) parsed: Parsed,
    /// What was read, as runs show it.
    pub(super) input: String,
    /// Identifies the input with all that decides what is made of it.
    pub(super) input_key: Option<[u8; 32]>,
    pub(super) mode: Mode,
    /// Portals: the days that were asked for.
    pub(super) window: Option<Window>,
    /// No row at all is believed.
    pub(super) allow_empty: bool,
    /// Where the source stands when this is kept.
    pub(super) next: SourceState,
    /// The file it was, to be moved away when it is kept.
    pub(super) file: Option<Found>,
}

/// Why nothing was taken, and the file for which that is so.
pub(super) struct Unfetched {
    pub(super) failure: Failure,
    pub(super) file: Option<Found>,
}

impl<F: Into<Failure>> From<F> for Unfetched {
    fn from(failure: F) -> Self {
        Self { failure: failure.into(), file: None }
    }
}

impl Collector {
    /// Fetches, reads and compares. Changes nothing but a portal's session.
    pub(super) async fn fetch(
        &self,
        source: &Source,
        order: &Order,
        started_at: Time,
        watch: Watch<'_>,
    ) -> Result<Fetched, Unfetched> {
        let mut next = source.state.clone();
        next.attempted_at = Some(started_at);
        match source.kind {
            Kind::Regtech | Kind::Secudium => Ok(self.fetch_portal(source, order, next, watch).await?),
            Kind::Url | Kind::Taxii | Kind::Misp => self.fetch_feed(source, next, watch).await,
            Kind::Directory => self.fetch_file(source, order, next, watch).await,
            Kind::File | Kind::Manual => Ok(Fetched::Nothing),
        }
    }

    async fn fetch_portal(
        &self,
        source: &Source,
        order: &Order,
        mut next: SourceState,
        watch: Watch<'_>,
    ) -> Result<Fetched, Failure> {
        let now = self.now();
        let today = day_in_seoul(now);
        let days = days(source, order, today).map_err(|why| Failure::new(Trouble::Settings).with(why))?;
        let windows = schedule::windows(days.since, days.until, source.settings.window);
        let vault = self.vault()?;
        let by = match order.trigger {
            // A person who starts a run does not look at each login of it: the guard is as strict as by night.
            Trigger::Person | Trigger::Schedule => By::Timetable,
        };
        let account = self.account(&vault, source, by);
        let options = self.options(source);
        let desk = self.desk(source, &account, &options, watch);
        let parsed = match source.kind {
            Kind::Regtech => regtech::collect(&desk, &windows).await?,
            _ => secudium::collect(&desk, &windows).await?,
        };
        // An old window on demand has no newest row to be compared.
        if days.until >= today {
            let (Some(start), Some(end)) = (Time::start_of_day(days.since), Time::end_of_day(days.until))
            else {
                return Err(Failure::new(Trouble::Settings).with("days outside of the calendar"));
            };
            let known = self.store.known(&source.name, start, end, now)?;
            drift::check(&parsed, &known, &source.settings, source.state.covered_until.is_none(), now)?;
            // Days on demand that leave a gap before them move nothing: the next run still closes it.
            let first = schedule::first_day(&source.state, &source.settings, today);
            if days.since <= source.state.covered_until.unwrap_or(first).max(first) {
                next.covered_until = Some(days.until);
            }
        }
        Ok(Fetched::Taken(Box::new(Taken {
            parsed,
            input: source.input(),
            input_key: None,
            mode: Mode::Add,
            window: Some(days),
            // The portal itself counted none, and none was known.
            allow_empty: true,
            next,
            file: None,
        })))
    }

    /// How the content of a source is read.
    pub(super) fn options(&self, source: &Source) -> Options {
        let settings = &source.settings;
        Options {
            limits: self.program.limits,
            rules: self.program.rules,
            columns: settings.columns.clone(),
            json: JsonPaths { items: settings.items.clone() },
            defaults: Defaults {
                reason: settings.reason.clone(),
                category: settings.category.clone(),
                confidence: settings.confidence,
                ..Defaults::default()
            },
        }
    }
}

/// The days that a portal is asked for, or why the order makes none.
pub(super) fn days(source: &Source, order: &Order, today: Date) -> Result<Window, Misfit> {
    let until = order.until.unwrap_or(today);
    let since = order.since.unwrap_or_else(|| schedule::first_day(&source.state, &source.settings, today));
    if until > today {
        return Err(Misfit::DayToCome { until, today });
    }
    if since > until && order.since.is_none() {
        return Err(Misfit::SinceWhen { until, since });
    }
    if since > until { Err(Misfit::NoDay { since, until }) } else { Ok(Window { since, until }) }
}
