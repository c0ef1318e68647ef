//! The days that a form asks for.

use jiff::Span;
use jiff::civil::Date;

use crate::http::Form;

/// From one day to another, both included; either may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
}

impl Window {
    /// What a form says. Only `YYYYMMDD` is a day: a date with dashes does not filter, as the portal was seen to do.
    pub(super) fn of(form: &Form) -> Self {
        Self { start: day(form.get("startDate")), end: day(form.get("endDate")) }
    }

    pub(super) fn is_open(self) -> bool {
        self.start.is_none() && self.end.is_none()
    }

    /// Whether it is shorter than three calendar months, as the page's script demands.
    pub(super) fn is_short(self) -> bool {
        let (Some(start), Some(end)) = (self.start, self.end) else { return false };
        start.checked_add(Span::new().months(3)).is_ok_and(|limit| end < limit)
    }
}

fn day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text[range].parse().ok();
    Date::new(part(0..4)?, part(4..6)? as i8, part(6..8)? as i8).ok()
}
