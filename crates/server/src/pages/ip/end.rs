//! When something that a person does ends: one of the usual spans, a day, or never.

use blocklist::Time;

use crate::pages::View;
use crate::pages::parts::Field;
use crate::pages::words::IpOne;

/// As the form sends it, and how long it is in hours.
const SPANS: [(&str, i64); 4] = [("1h", 1), ("24h", 24), ("7d", 7 * 24), ("30d", 30 * 24)];
/// A day of its own.
const DATE: &str = "date";
/// No end.
const NONE: &str = "none";

/// The choice of a span, and the day for who chooses one.
pub(super) fn fields(view: View, span: &str, date: &str, wrong: Option<&str>) -> [Field; 2] {
    let t = IpOne::of(view.language);
    let names = [t.span_hour, t.span_day, t.span_week, t.span_month];
    let spans = SPANS.iter().zip(names).map(|((value, _), name)| (*value, name));
    let choices = spans.chain([(DATE, t.span_date), (NONE, t.span_none)]);
    [
        Field::choice("span", t.end, choices).value(if span.is_empty() { "24h" } else { span }),
        Field::typed("date", view.in_zone(t.date), "date").value(date).hint(t.date_hint).wrong(wrong),
    ]
}

/// What was chosen. The error is for a day that cannot be read, or a choice that there is not.
pub(super) fn read(view: View, span: &str, date: &str, now: Time) -> Result<Option<Time>, ()> {
    match span {
        NONE => Ok(None),
        DATE => view.end(date).map(Some).map_err(drop),
        _ => {
            let (_, hours) = SPANS.iter().find(|(value, _)| *value == span).ok_or(())?;
            Ok(Some(now.plus_seconds(hours * 3_600)))
        }
    }
}
