//! The places of the navigation, in its order.

use super::show::Level;
use super::view::Language;
use super::words::Common;

/// A place that has its own line in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Page {
    /// `/`
    Dashboard,
    /// `/ip`
    Ip,
    /// `/collect`
    Collect,
    /// `/publications`
    Publications,
    /// `/devices`
    Devices,
    /// `/allow`
    Allow,
    /// `/logs`
    Logs,
    /// `/settings`
    Settings,
    /// `/account`
    Account,
}

impl Page {
    /// All of them, as they are listed.
    pub(crate) const ALL: [Self; 9] = [
        Self::Dashboard,
        Self::Ip,
        Self::Collect,
        Self::Publications,
        Self::Devices,
        Self::Allow,
        Self::Logs,
        Self::Settings,
        Self::Account,
    ];

    /// Where it is.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Dashboard => "/",
            Self::Ip => "/ip",
            Self::Collect => "/collect",
            Self::Publications => "/publications",
            Self::Devices => "/devices",
            Self::Allow => "/allow",
            Self::Logs => "/logs",
            Self::Settings => "/settings",
            Self::Account => "/account",
        }
    }

    /// The letter that leads there after `g`.
    pub(crate) fn key(self) -> char {
        match self {
            Self::Dashboard => 'd',
            Self::Ip => 'i',
            Self::Collect => 'c',
            Self::Publications => 'p',
            Self::Devices => 'f',
            Self::Allow => 'a',
            Self::Logs => 'l',
            Self::Settings => 's',
            Self::Account => 'u',
        }
    }

    /// Its name.
    pub(crate) fn name(self, language: Language) -> &'static str {
        let words = Common::of(language);
        match self {
            Self::Dashboard => words.dashboard,
            Self::Ip => words.ip,
            Self::Collect => words.collect,
            Self::Publications => words.publications,
            Self::Devices => words.devices,
            Self::Allow => words.allow,
            Self::Logs => words.logs,
            Self::Settings => words.settings,
            Self::Account => words.account,
        }
    }
}

/// A number beside a place: what waits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    /// Where.
    pub(crate) page: Page,
    /// How many. None is shown for zero.
    pub(crate) count: u64,
    /// How bad.
    pub(crate) level: Level,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_place_has_its_own_path_letter_and_names() {
        let of = |part: fn(Page) -> String| Page::ALL.into_iter().map(part).collect::<BTreeSet<_>>().len();
        assert_eq!(of(|page| page.path().into()), Page::ALL.len());
        assert_eq!(of(|page| page.key().into()), Page::ALL.len());
        assert_eq!(of(|page| page.name(Language::Korean).into()), Page::ALL.len());
        assert_eq!(of(|page| page.name(Language::English).into()), Page::ALL.len());
    }
}
