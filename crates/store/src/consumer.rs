//! Feeds and consumers as they are kept, what consumers read, and what they hold.

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;

use blocklist::{ConsumerName, ConsumerSettings, FeedName, FeedSettings, Hash, Serial, Time};
use prefix::Prefix;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// A feed as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedRow {
    /// Its name.
    pub name: FeedName,
    /// What it shows.
    pub settings: FeedSettings,
    /// When it was made; `None` for the default feed that nobody changed yet.
    pub created_at: Option<Time>,
    /// By whom.
    pub created_by: Option<String>,
    /// When it was last changed.
    pub changed_at: Option<Time>,
    /// By whom.
    pub changed_by: Option<String>,
}

/// A consumer's number in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsumerId(pub i64);

/// An address that a consumer reads from. Never on the block list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerAddress {
    /// The address, or a network of them.
    #[serde(with = "as_text")]
    pub prefix: Prefix,
    /// Whether coming from there is credential enough.
    #[serde(default)]
    pub trusted: bool,
}

/// What is known of a secret: never the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretRow {
    /// Its first characters, so that a person can tell two apart.
    pub hint: String,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// The first second at which it is no longer valid; `None` until it is changed.
    pub until: Option<Time>,
}

/// A new secret: this is the one time that it can be read.
#[derive(Debug)]
pub struct NewSecret {
    /// The secret.
    pub secret: SecretString,
    /// What will be shown of it from now on.
    pub row: SecretRow,
    /// Until when the secrets before it are valid; `None` when there was none.
    pub old_until: Option<Time>,
}

/// The last good read of a feed by a consumer: what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// Which feed.
    pub feed: String,
    /// In which format.
    pub format: String,
    /// Of which publication.
    pub serial: Serial,
    /// How many publications came after it.
    pub behind: u64,
    /// When it was last seen to hold it.
    pub at: Time,
    /// From where it read.
    pub address: Option<String>,
    /// What it calls itself.
    pub agent: Option<String>,
}

/// A consumer with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsumerRow {
    /// Its name.
    pub name: ConsumerName,
    /// How it is set up.
    pub settings: ConsumerSettings,
    /// Whether it may read.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    pub changed_at: Option<Time>,
    /// By whom.
    pub changed_by: Option<String>,
    /// Where it reads from.
    pub addresses: Vec<ConsumerAddress>,
    /// Its secrets that are valid, the newest first.
    pub secrets: Vec<SecretRow>,
    /// What it holds, the latest read first.
    pub holdings: Vec<Holding>,
}

impl ConsumerRow {
    /// What it holds, in a sentence of English: `FW-3 holds serial 812, two behind, last seen 3 h ago`.
    pub fn sentence(&self, now: Time) -> String {
        let Some(last) = self.holdings.first() else {
            return format!("{} has read nothing yet", self.name);
        };
        let behind = match last.behind {
            0 => "the current one".to_owned(),
            1 => "one behind".to_owned(),
            2 => "two behind".to_owned(),
            many => format!("{many} behind"),
        };
        let ago = Ago(now.unix().saturating_sub(last.at.unix()));
        format!("{} holds serial {}, {behind}, last seen {ago}", self.name, last.serial)
    }
}

/// Seconds since something, as people say it.
struct Ago(i64);

impl Display for Ago {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            ..=0 => f.write_str("just now"),
            1..=119 => write!(f, "{} s ago", self.0),
            120..=7_199 => write!(f, "{} min ago", self.0 / 60),
            7_200..=172_799 => write!(f, "{} h ago", self.0 / 3_600),
            _ => write!(f, "{} days ago", self.0 / 86_400),
        }
    }
}

/// What is to be changed of a consumer; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ConsumerChange {
    /// All its settings.
    pub settings: Option<ConsumerSettings>,
    /// All its addresses.
    pub addresses: Option<Vec<ConsumerAddress>>,
    /// Whether it may read.
    pub enabled: Option<bool>,
}

/// Which secrets of a consumer are taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoke {
    /// All.
    All,
    /// Those that were followed by a newer one.
    Old,
}

/// Everything that says who may read which feed, read at one moment.
#[derive(Clone, Debug)]
pub struct Access {
    /// Another one when anything of it changed.
    pub version: AccessVersion,
    /// The feeds, the default one first.
    pub feeds: Vec<FeedRow>,
    /// The consumers that may read.
    pub readers: Vec<Reader>,
    /// The names of all consumers, also of those that may not.
    pub names: Vec<String>,
}

/// Tells one state of feeds and consumers from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessVersion {
    /// How many changes there were.
    pub(crate) count: i64,
    /// When the last one was.
    pub(crate) at: i64,
}

/// A consumer that may read, with what proves that it is the one.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Its number.
    pub id: ConsumerId,
    /// Its name.
    pub name: ConsumerName,
    /// How it is set up.
    pub settings: ConsumerSettings,
    /// When that was last changed; `None` for one that is as it was added.
    pub changed_at: Option<Time>,
    /// SHA-256 of its secrets, and the first second at which each is no longer valid.
    pub secrets: Vec<(Hash, Option<Time>)>,
    /// Where coming from is credential enough.
    pub trusted: Vec<Prefix>,
}

/// A read of a feed, to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// When.
    pub at: Time,
    /// By whom; `None` for a reader without a name, and for one that is not known.
    pub consumer: Option<ConsumerId>,
    /// Of which feed.
    pub feed: String,
    /// In which format.
    pub format: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub agent: Option<String>,
    /// The publication that the answer showed; `None` for a refusal.
    pub serial: Option<Serial>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Bytes of the body.
    pub bytes: u64,
    /// Whether the reader has the list now: not so after a HEAD that says what there would be.
    pub holds: bool,
}

/// Which pulls.
#[derive(Clone, Debug, Default)]
pub struct PullQuery {
    /// Only of this consumer.
    pub consumer: Option<ConsumerName>,
    /// Only with this status.
    pub status: Option<u16>,
    /// At this time or after.
    pub since: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
    /// Before this one, by number.
    pub before: Option<i64>,
}

/// A read of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullRow {
    /// Its number; a later one has a higher one.
    pub id: i64,
    /// When.
    pub at: Time,
    /// By whom; `None` for a reader without a name, and for one that is not known.
    pub consumer: Option<String>,
    /// Of which feed.
    pub feed: String,
    /// In which format.
    pub format: String,
    /// From where.
    pub address: Option<String>,
    /// What it calls itself.
    pub agent: Option<String>,
    /// The publication that the answer showed; `None` for a refusal.
    pub serial: Option<Serial>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Bytes of the body.
    pub bytes: u64,
}

mod as_text {
    //! A prefix as people write it.

    use prefix::Prefix;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(prefix)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Prefix, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|refusal: prefix::Refusal| {
            let shown: String = text.chars().take(80).collect();
            de::Error::custom(format_args!("'{shown}' is no address: {refusal}"))
        })
    }
}

/// 32 random bytes as a secret: 52 letters and digits of one case, which every device, URL and header takes as they are.
pub(crate) fn secret_text(random: [u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity(52);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in random {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(char::from(LETTERS[(bits << (5 - held) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_52_letters_and_keeps_every_bit() {
        assert_eq!(secret_text([0; 32]), "a".repeat(52));
        assert_eq!(secret_text([0xff; 32]), format!("{}q", "7".repeat(51)));
        let texts: std::collections::BTreeSet<String> = (0..256)
            .map(|bit| {
                let mut random = [0u8; 32];
                random[bit / 8] = 1 << (bit % 8);
                secret_text(random)
            })
            .collect();
        assert_eq!(texts.len(), 256);
        assert!(texts.iter().all(|text| text.len() == 52));
    }

    #[test]
    fn times_are_told_as_people_say_them() {
        for (seconds, text) in [
            (-5, "just now"),
            (59, "59 s ago"),
            (120, "2 min ago"),
            (3 * 3_600, "3 h ago"),
            (3 * 86_400, "3 days ago"),
        ] {
            assert_eq!(Ago(seconds).to_string(), text);
        }
    }
}
