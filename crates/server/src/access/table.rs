//! The table: feeds by name, consumers by the hash of their secrets and by their trusted addresses.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::sync::Arc;

use blocklist::{FeedName, FeedSettings, Time};
use prefix::{Family, Net, Prefix};
use store::{AccessVersion, ConsumerId, FeedRow};
use subtle::ConstantTimeEq;

use super::{Caller, Presented};

/// A feed as it is defined now. Feeds that show the same are equal, so that they share their bodies.
#[derive(Debug)]
pub(crate) struct Feed {
    /// Its name.
    pub name: FeedName,
    /// What it shows.
    pub settings: FeedSettings,
    key: blocklist::Hash,
    /// When its definition last changed.
    since: Time,
}

impl Feed {
    fn new(row: FeedRow) -> Self {
        let since = row.changed_at.or(row.created_at).unwrap_or(Time::from_unix(0));
        Self { name: row.name, key: row.settings.key(), settings: row.settings, since }
    }

    /// The default feed as it is when nobody changed it.
    pub(crate) fn all() -> Self {
        let settings = FeedSettings::default();
        Self { name: FeedName::default_feed(), key: settings.key(), settings, since: Time::from_unix(0) }
    }
}

impl PartialEq for Feed {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Feed {}

impl Hash for Feed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// A consumer that may read.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its number.
    pub id: ConsumerId,
    /// Its name.
    pub name: Box<str>,
    feed: Option<FeedName>,
    /// The most entries that it takes.
    pub cap: Option<usize>,
    /// When it was last set up otherwise than it was added.
    since: Time,
}

/// What a caller may read, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The feed.
    pub feed: Arc<Feed>,
    /// The consumer; `None` for a program on this machine without a name.
    pub consumer: Option<Arc<Known>>,
}

impl Grant {
    /// Since when it is defined as it is: what the caller had before may have been something else.
    pub(crate) fn since(&self) -> Time {
        self.consumer.as_ref().map_or(self.feed.since, |known| known.since.max(self.feed.since))
    }
}

/// Why a caller may not.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// Nobody is known by what it presents.
    Unknown,
    /// It is known by its address alone, and the request names another host.
    NotNamed,
    /// It is limited to another feed.
    OtherFeed(Arc<Known>),
    /// There is no such feed.
    NoFeed(Option<Arc<Known>>),
}

/// One secret.
struct Secret {
    digest: [u8; 32],
    consumer: Arc<Known>,
    until: Option<Time>,
}

/// Who may read what.
pub(crate) struct Table {
    version: AccessVersion,
    feeds: BTreeMap<Box<str>, Arc<Feed>>,
    secrets: HashMap<[u8; 32], Secret>,
    /// The names of all consumers, also of those that may not read.
    names: HashSet<String>,
    trusted: HashMap<Prefix, Arc<Known>>,
    /// The lengths among the trusted, the longest first.
    lengths: [Vec<u8>; 2],
}

impl Table {
    /// Of what the store knows.
    pub(crate) fn new(access: store::Access) -> Self {
        let mut table = Self {
            version: access.version,
            feeds: BTreeMap::new(),
            secrets: HashMap::new(),
            names: access.names.into_iter().collect(),
            trusted: HashMap::new(),
            lengths: [Vec::new(), Vec::new()],
        };
        for row in access.feeds {
            table.feeds.insert(row.name.as_str().into(), Arc::new(Feed::new(row)));
        }
        let mut lengths = [BTreeSet::new(), BTreeSet::new()];
        for reader in access.readers {
            let known = Arc::new(Known {
                id: reader.id,
                name: reader.name.as_str().into(),
                feed: reader.settings.feed,
                cap: reader.settings.cap.map(|cap| cap as usize),
                since: reader.changed_at.unwrap_or(Time::from_unix(0)),
            });
            for (hash, until) in reader.secrets {
                let secret = Secret { digest: hash.0, consumer: Arc::clone(&known), until };
                table.secrets.insert(hash.0, secret);
            }
            for prefix in reader.trusted {
                lengths[side(prefix.family())].insert(prefix.len());
                table.trusted.insert(prefix, Arc::clone(&known));
            }
        }
        table.lengths = lengths.map(|lengths| lengths.into_iter().rev().collect());
        table
    }

    /// Of which state of the store.
    pub(crate) fn version(&self) -> AccessVersion {
        self.version
    }

    /// The names of the feeds.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.feeds.keys().map(AsRef::as_ref).collect()
    }

    /// A feed that there is.
    pub(crate) fn feed(&self, name: &str) -> Option<&Arc<Feed>> {
        self.feeds.get(name)
    }

    /// Whether there is a consumer of this name.
    pub(crate) fn is_consumer(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether the caller may read the feed, and as whom.
    pub(crate) fn decide(&self, caller: &Caller<'_>, feed: &str, now: Time) -> Result<Grant, Refusal> {
        let consumer = self.who(caller, now)?;
        let found = self.feeds.get(feed);
        if let Some(known) = &consumer
            && known.feed.as_ref().is_some_and(|own| own.as_str() != feed)
        {
            // Which feeds there are is not for those who may read one.
            return Err(Refusal::OtherFeed(Arc::clone(known)));
        }
        match found {
            Some(feed) => Ok(Grant { feed: Arc::clone(feed), consumer }),
            None => Err(Refusal::NoFeed(consumer)),
        }
    }

    fn who(&self, caller: &Caller<'_>, now: Time) -> Result<Option<Arc<Known>>, Refusal> {
        match caller.presented {
            Presented::Malformed => Err(Refusal::Unknown),
            Presented::Secret { user, digest } => {
                match self.by_secret(user.as_deref(), digest, now) {
                    Some(known) => Ok(Some(known)),
                    // A proxy on this machine that asks for passwords of its own passes them on. Who may read without
                    // any is not refused for one that was meant for somebody else.
                    None if caller.local
                        && user.as_ref().is_some_and(|user| !self.names.contains(&**user)) =>
                    {
                        Ok(None)
                    }
                    None => Err(Refusal::Unknown),
                }
            }
            Presented::Nothing => {
                let known = caller.address.and_then(|address| self.by_address(address));
                match known.filter(|_| caller.exact) {
                    Some(_) if !caller.named => Err(Refusal::NotNamed),
                    Some(known) => Ok(Some(known)),
                    None if caller.local => Ok(None),
                    None => Err(Refusal::Unknown),
                }
            }
        }
    }

    /// Found by the hash of what was presented, of which nobody can choose the bits; then compared whole, in the same time
    /// whatever it is.
    fn by_secret(&self, user: Option<&str>, digest: &[u8; 32], now: Time) -> Option<Arc<Known>> {
        let secret = self.secrets.get(digest)?;
        let same = bool::from(secret.digest.ct_eq(digest));
        let valid = secret.until.is_none_or(|until| now < until);
        let named = user.is_none_or(|user| user == &*secret.consumer.name);
        (same && valid && named).then(|| Arc::clone(&secret.consumer))
    }

    /// By the narrowest trusted network that holds the address.
    fn by_address(&self, peer: IpAddr) -> Option<Arc<Known>> {
        let address = Prefix::from(peer.to_canonical());
        let lengths = &self.lengths[side(address.family())];
        let networks = lengths.iter().filter_map(|&len| match address.split() {
            prefix::prefix::Either::V4(net) => Net::new(net.first(), len).map(Prefix::from),
            prefix::prefix::Either::V6(net) => Net::new(net.first(), len).map(Prefix::from),
        });
        let mut known = networks.filter_map(|network| self.trusted.get(&network));
        known.next().map(Arc::clone)
    }
}

fn side(family: Family) -> usize {
    usize::from(family == Family::V6)
}
