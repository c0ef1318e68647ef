//! Feeds, consumers and pulls.

use utoipa::ToSchema;

use super::{Choice, Filter};

/// A feed.
#[derive(ToSchema)]
pub(crate) struct Feed {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub settings: FeedSettings,
    /// RFC 3339, UTC; `null` for the default feed that nobody changed yet.
    pub created_at: Option<String>,
    /// By whom.
    pub created_by: Option<String>,
    /// RFC 3339, UTC.
    pub changed_at: Option<String>,
    /// By whom.
    pub changed_by: Option<String>,
}

/// What a feed shows.
#[derive(ToSchema)]
pub(crate) struct FeedSettings {
    /// Which sources; `null` for all of them.
    pub sources: Option<Choice>,
    /// Which of their listings.
    pub filter: Filter,
    /// Join neighbours, in formats that show no origin.
    pub merge: bool,
    /// At most so many entries; what matters least is cut.
    pub cap: Option<u32>,
}

/// A device or a script that reads feeds.
#[derive(ToSchema)]
pub(crate) struct Consumer {
    /// Its name: the user of HTTP Basic.
    pub name: String,
    /// How it is set up.
    pub settings: ConsumerSettings,
    /// Whether it may read.
    pub enabled: bool,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// RFC 3339, UTC.
    pub changed_at: Option<String>,
    /// By whom.
    pub changed_by: Option<String>,
    /// Where it reads from: never on the block list.
    pub addresses: Vec<ConsumerAddress>,
    /// Its secrets that are valid, the newest first.
    pub secrets: Vec<ConsumerSecret>,
    /// What it holds, the latest read first.
    pub holdings: Vec<Holding>,
}

/// How a consumer is set up.
#[derive(ToSchema)]
pub(crate) struct ConsumerSettings {
    /// The one feed that it may read; `null` is any.
    pub feed: Option<String>,
    /// The make: `fortigate`, `paloalto`, `nftables` and so on, or `generic`.
    pub vendor: String,
    /// Which model.
    pub model: Option<String>,
    /// The most entries that it takes; the smaller of this and the feed's holds.
    pub cap: Option<u32>,
    /// What people want to know of it.
    pub note: Option<String>,
}

/// An address of a consumer.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumerAddress {
    /// The address, or a network of them.
    #[schema(format = "prefix")]
    pub prefix: String,
    /// Whether coming from there is credential enough.
    pub trusted: bool,
}

/// What is known of a secret.
#[derive(ToSchema)]
pub(crate) struct ConsumerSecret {
    /// Its first characters.
    pub hint: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// The first second at which it is no longer valid; `null` until it is changed.
    pub until: Option<String>,
}

/// What a consumer holds of a feed.
#[derive(ToSchema)]
pub(crate) struct Holding {
    /// Which feed.
    pub feed: String,
    /// In which format.
    pub format: String,
    /// Of which publication.
    pub serial: u64,
    /// How many publications came after it.
    pub behind: u64,
    /// When it was last seen to hold it.
    pub at: String,
    /// From where it read.
    pub address: Option<String>,
    /// What it calls itself.
    pub agent: Option<String>,
}

/// A read of a feed.
#[derive(ToSchema)]
pub(crate) struct Pull {
    /// Its number.
    pub id: i64,
    /// RFC 3339, UTC.
    pub at: String,
    /// By whom; `null` for a program on this machine without a name, and for one that is not known.
    pub consumer: Option<String>,
    /// Of which feed; `-` where the request named none that there is.
    pub feed: String,
    /// In which format, or `changes`.
    pub format: String,
    /// From where.
    pub address: Option<String>,
    /// What it calls itself.
    pub agent: Option<String>,
    /// The publication that the answer showed; `null` for a refusal.
    pub serial: Option<u64>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Bytes of the body.
    pub bytes: u64,
}
