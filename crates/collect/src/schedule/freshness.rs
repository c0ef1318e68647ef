//! How old what a source has is.

use blocklist::Time;

use crate::source::{Settings, SourceState, Span};

/// How old what a source has is, counted from the end of its last good run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// No run was good yet.
    Never,
    /// As fresh as the setting `freshness` asks for.
    Fresh {
        /// Since the last good run.
        age: Span,
    },
    /// Older.
    Stale {
        /// Since the last good run.
        age: Span,
        /// When it became stale.
        since: Time,
    },
}

/// How old what a source has is. A good run in the future, after a clock was put back, is as old as nothing.
pub fn freshness(settings: &Settings, state: &SourceState, now: Time) -> Fresh {
    let Some(good) = state.good_at else { return Fresh::Never };
    let age = now.unix().saturating_sub(good.unix()).max(0);
    let age = Span::seconds(u32::try_from(age).unwrap_or(u32::MAX));
    let since = good.plus_seconds(settings.freshness.as_seconds());
    if now > since { Fresh::Stale { age, since } } else { Fresh::Fresh { age } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Kind;

    #[test]
    fn a_source_is_stale_when_its_last_good_run_is_older_than_it_may_be() {
        let settings = Settings::of(Kind::Url);
        let good = Time::from_unix(1_795_000_000);
        let state = SourceState { good_at: Some(good), ..SourceState::default() };
        let at = |seconds| freshness(&settings, &state, good.plus_seconds(seconds));
        assert_eq!(freshness(&settings, &SourceState::default(), good), Fresh::Never);
        assert_eq!(at(-60), Fresh::Fresh { age: Span::default() });
        assert_eq!(at(2 * 86_400), Fresh::Fresh { age: Span::days(2) });
        let since = good.plus_seconds(2 * 86_400);
        assert_eq!(at(3 * 86_400), Fresh::Stale { age: Span::days(3), since });
        assert_eq!(at(i64::MAX), Fresh::Stale { age: Span::days(3_660), since });
    }
}
