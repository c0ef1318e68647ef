//! With whose eyes a page is rendered: language, zone, and the time now. What is typed is read with the same: a clock without a
//! zone is one of the zone that the labels name.

use blocklist::Time;
use blocklist::time::SEOUL;
use blocklist::when::{self, BadWhen};
use jiff::tz::{Offset, TimeZone};
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

    /// How far it is from universal time.
    pub(crate) fn offset(self) -> Offset {
        match self {
            Self::Kst => SEOUL,
            Self::Utc => Offset::UTC,
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
        Timestamp::from_second(time.unix()).unwrap_or(nearest).to_zoned(TimeZone::fixed(self.zone.offset()))
    }
    /// A label with the zone that what is typed under it is read in: `종료일 (KST)`.
    pub(crate) fn in_zone(self, label: &str) -> String {
        format!("{label} ({})", self.zone.name())
    }

    /// A moment that was typed.
    pub(crate) fn moment(self, text: &str) -> Result<Time, BadWhen> {
        when::moment_in(text, self.zone.offset())
    }

    /// An end that was typed: a day alone still counts whole.
    pub(crate) fn end(self, text: &str) -> Result<Time, BadWhen> {
        when::end_in(text, self.zone.offset())
    }
}
