//! How values look on every page: numbers, times, prefixes, states.
//!
//! All of it hangs on [`View`], so a template writes `{{ view.ago(run.started) }}`.

mod number;
mod state;
mod time;

pub(crate) use number::thousands;
pub(crate) use state::{Level, state};

use blocklist::Time;
use prefix::Prefix;

use super::markup::{Markup, escaped};

/// A value as a template has it: itself, a reference to it, or, inside a loop or a pattern, a reference to that.
pub(crate) trait Given<T> {
    /// The value.
    fn given(&self) -> T;
}

macro_rules! given {
    ($($kind:ty),*) => {
        $(impl Given<$kind> for $kind {
            fn given(&self) -> $kind {
                *self
            }
        })*
    };
}
given!(Prefix, Time, Level);

impl<V, T: Given<V> + ?Sized> Given<V> for &T {
    fn given(&self) -> V {
        (**self).given()
    }
}

/// A prefix that leads to its page.
pub(crate) fn prefix(prefix: impl Given<Prefix>) -> Markup {
    let text = escaped(prefix.given());
    Markup::trusted(format!("<a class=\"ip\" href=\"/ip/{text}\">{text}</a>"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::view::{Language, View, Zone};
    use super::*;
    use blocklist::Time;

    /// 2026-03-01T01:00:00Z, in Korean and KST.
    pub(crate) static KOREAN: std::sync::LazyLock<View> = std::sync::LazyLock::new(|| View {
        language: Language::Korean,
        zone: Zone::Kst,
        now: Time::from_unix(1_772_326_800),
    });
    /// The same in English and UTC.
    pub(crate) static ENGLISH: std::sync::LazyLock<View> =
        std::sync::LazyLock::new(|| View { language: Language::English, zone: Zone::Utc, ..*KOREAN });

    #[test]
    fn a_prefix_leads_to_its_page() {
        let host = prefix("198.51.100.7".parse::<Prefix>().unwrap());
        assert_eq!(host.as_str(), r#"<a class="ip" href="/ip/198.51.100.7">198.51.100.7</a>"#);
        let net = prefix("2001:db8::/32".parse::<Prefix>().unwrap());
        assert_eq!(net.as_str(), r#"<a class="ip" href="/ip/2001:db8::/32">2001:db8::/32</a>"#);
    }
}
