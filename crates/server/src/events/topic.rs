//! What a part of a page can be about, as `data-live` names it.

use store::Part;

/// A topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// What is published, and by which rules.
    Publication,
    /// A candidate that the gate holds.
    Held,
    /// Runs.
    Runs,
    /// Sources and their credentials.
    Sources,
    /// Feeds, devices and what they hold.
    Devices,
    /// What must never be served.
    Allow,
    /// Listings.
    Listings,
    /// Accounts, sessions and tokens.
    Accounts,
    /// The figures of the dashboard are computed anew.
    Figures,
    /// What waits at a place of the navigation.
    Badges,
}

impl Topic {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Publication,
        Self::Held,
        Self::Runs,
        Self::Sources,
        Self::Devices,
        Self::Allow,
        Self::Listings,
        Self::Accounts,
        Self::Figures,
        Self::Badges,
    ];

    /// Its word in `data-live`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Publication => "publication",
            Self::Held => "held",
            Self::Runs => "runs",
            Self::Sources => "sources",
            Self::Devices => "devices",
            Self::Allow => "allow",
            Self::Listings => "listings",
            Self::Accounts => "accounts",
            Self::Figures => "figures",
            Self::Badges => "badges",
        }
    }
}

/// Some topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Topics(u16);

impl Topics {
    /// Every one, for who has missed something.
    pub(crate) fn all() -> Self {
        Topic::ALL.into_iter().collect()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one is among them.
    pub(crate) fn has(self, topic: Topic) -> bool {
        self.0 & (1 << topic as u16) != 0
    }

    /// Those of both.
    #[must_use]
    pub(crate) fn and(self, other: impl Into<Self>) -> Self {
        Self(self.0 | other.into().0)
    }

    /// Each of them.
    pub(crate) fn iter(self) -> impl Iterator<Item = Topic> {
        Topic::ALL.into_iter().filter(move |topic| self.has(*topic))
    }
}

impl From<Topic> for Topics {
    fn from(topic: Topic) -> Self {
        Self(1 << topic as u16)
    }
}

impl<const N: usize> From<[Topic; N]> for Topics {
    fn from(topics: [Topic; N]) -> Self {
        topics.into_iter().collect()
    }
}

impl FromIterator<Topic> for Topics {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        topics.into_iter().fold(Self::default(), Self::and)
    }
}

/// A part of the store may be several topics: a run changes its source and its listings.
impl From<Part> for Topics {
    fn from(part: Part) -> Self {
        match part {
            Part::Publications => Topic::Publication.into(),
            Part::Held => Topic::Held.into(),
            Part::Runs => [Topic::Runs, Topic::Sources, Topic::Listings].into(),
            Part::Sources => Topic::Sources.into(),
            Part::Devices | Part::Reads => Topic::Devices.into(),
            Part::Allow => Topic::Allow.into(),
            Part::Listings => Topic::Listings.into(),
            Part::Accounts => Topic::Accounts.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_a_set_that_says_each_word_once() {
        let topics = Topics::from([Topic::Runs, Topic::Held]).and(Topic::Runs);
        let words: Vec<_> = topics.iter().map(Topic::word).collect();
        assert_eq!(words, ["held", "runs"]);
        assert!(!topics.has(Topic::Allow) && Topics::default().is_empty());
        assert_eq!(Topics::all().iter().count(), Topic::ALL.len());
    }
}
