//! Whether what a portal sent is believed, beyond what each window was compared with.

use blocklist::Time;
use store::Known;

use crate::source::Settings;
use crate::{Failure, Parsed, Trouble};

/// Compares a portal's whole answer with what is known of the source: no row where there were some, or nothing new for
/// longer than the portal ever pauses.
///
/// `first` is a source from which no run was good yet: that a portal has nothing at all is not believed either.
pub(super) fn check(
    parsed: &Parsed,
    known: &Known,
    settings: &Settings,
    first: bool,
    now: Time,
) -> Result<(), Failure> {
    if parsed.batch.rows == 0 && first && known.listed_in_window == 0 {
        return Err(Failure::new(Trouble::ZeroRows).with("at the first collection"));
    }
    if parsed.batch.rows == 0 && known.listed_in_window > 0 {
        let words = format!("of these days {} are listed", known.listed_in_window);
        return Err(Failure::new(Trouble::ZeroRows).with(words));
    }
    let newest = parsed.batch.records.iter().filter_map(|record| record.detected).max();
    // What another run took from these days counts too; without any at all there is nothing to compare.
    let Some(newest) = newest.max(known.newest_detected) else { return Ok(()) };
    let oldest = now.plus_seconds(-settings.newest_within.as_seconds());
    if newest < oldest {
        let day = newest.to_seoul();
        let words = format!(
            "it is of {}, and newest_within is {}",
            &day[..day.len().min(10)],
            settings.newest_within
        );
        return Err(Failure::new(Trouble::Stale).with(words));
    }
    Ok(())
}
