//! With whose eyes a page is rendered: language, zone, and the time now.

use blocklist::Time;
use blocklist::time::SEOUL;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub(crate) use store::explain::words::Language;

/// The zone that times are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Asia/Seoul.
    #[default]
    Kst,
    /// Universal time.
    Utc,
}

impl Zone {
    /// Its short name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kst => "KST",
            Self::Utc => "UTC",
        }
    }

    fn of_jiff(self) -> TimeZone {
        match self {
            Self::Kst => TimeZone::fixed(SEOUL),
            Self::Utc => TimeZone::UTC,
        }
    }
}

/// What every value on a page is shown by. It is copied into whatever shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The language of the words.
    pub(crate) language: Language,
    /// The zone of the times.
    pub(crate) zone: Zone,
    /// When the page is rendered.
    pub(crate) now: Time,
}

impl View {
    /// One of two, by language.
    pub(crate) fn pick<T>(self, korean: T, english: T) -> T {
        match self.language {
            Language::Korean => korean,
            Language::English => english,
        }
    }

    /// The language as HTML names it.
    pub(crate) fn code(self) -> &'static str {
        self.pick("ko", "en")
    }

    /// A time in the zone. A time that no calendar has, as only a broken row could, is the first or last that one has.
    pub(crate) fn zoned(self, time: Time) -> Zoned {
        let nearest = if time.unix() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_second(time.unix()).unwrap_or(nearest).to_zoned(self.zone.of_jiff())
    }
}
