//! The days that a portal is asked for by hand: two dates, each with what is wrong with it.

use jiff::civil::Date;
use serde::Deserialize;

use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::sources::run::RunOrder;
use crate::pages::View;
use crate::pages::parts::Field;
use crate::pages::words::{Collect, refusal};

/// As they were typed; both empty is what the timetable would do.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Days {
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
}

/// The two fields, and whether they are to be seen at once.
pub(super) struct DayFields {
    pub(super) since: Field,
    pub(super) until: Field,
    pub(super) is_open: bool,
}

/// What is wrong with each.
#[derive(Clone, Debug, Default)]
pub(super) struct WrongDays {
    since: Option<String>,
    until: Option<String>,
}

impl Days {
    /// Whether none was chosen.
    pub(super) fn are_none(&self) -> bool {
        self.since.trim().is_empty() && self.until.trim().is_empty()
    }

    /// The order that they make, or what is wrong with them.
    pub(super) fn order(&self, view: View) -> Result<RunOrder, WrongDays> {
        let t = Collect::of(view.language);
        let read = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some).map_err(|_| t.day_wrong.to_owned()),
        };
        match (read(&self.since), read(&self.until)) {
            (Ok(since), Ok(until)) => Ok(RunOrder { since, until }),
            (since, until) => Err(WrongDays { since: since.err(), until: until.err() }),
        }
    }

    /// What the collector says against them, at the field that it is about; nothing where it is about something else.
    pub(super) fn against(&self, view: View, problem: &Problem) -> Option<WrongDays> {
        if problem.reason() != Some(&Reason::Days) {
            return None;
        }
        let says = Some(refusal::of(view, problem).says);
        // Days in this form are in the order of their texts. A last day alone that lies before the first one by itself wants
        // a first day.
        let (since, until) = (self.since.trim(), self.until.trim());
        let is_until = !since.is_empty() && since <= until;
        Some(if is_until {
            WrongDays { since: None, until: says }
        } else {
            WrongDays { since: says, until: None }
        })
    }

    /// As a page shows them.
    pub(super) fn fields(&self, view: View, wrong: WrongDays) -> DayFields {
        let t = Collect::of(view.language);
        let is_open = wrong.since.is_some() || wrong.until.is_some();
        DayFields {
            since: Field::typed("since", t.since, "date")
                .value(self.since.as_str())
                .hint(t.since_hint)
                .wrong(wrong.since),
            until: Field::typed("until", t.until, "date")
                .value(self.until.as_str())
                .hint(t.until_hint)
                .wrong(wrong.until),
            is_open,
        }
    }
}
