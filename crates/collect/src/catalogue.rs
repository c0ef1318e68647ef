//! Public lists of malicious addresses as ready sources: one table, from which `source add` fills in the settings.
//!
//! Nothing here is collected until somebody adds it, having read the publisher's terms. What a template says was
//! looked up, not guessed: an address that could not be confirmed is not here, and neither is a list that its publisher
//! has given up. Left out for a reason:
//!
//! | list | why |
//! |---|---|
//! | abuse.ch SSLBL addresses | given up by its publisher on 2025-01-03 |
//! | `AlienVault` OTX | its TAXII server speaks 1.x, which no kind of source reads |
//! | Team Cymru fullbogons | special and unassigned space, which the rules of admission refuse |
//! | Dataplane.org | forbids passing on any part of it, and a publication passes it on |
//!
//! No template sets a confidence: the publishers give none, and a number of ours would look like theirs. None runs more
//! often than its publisher allows; `min_interval` keeps it so when somebody shortens the schedule.
//!
//! | file | what |
//! |---|---|
//! | `networks` | whole networks, and lists made of other lists |
//! | `attackers` | single addresses that attacked somebody |
//! | `infrastructure` | command and control servers, and exit nodes |
//! | `accounts` | what needs a key |
//! | `intelligence` | MISP feeds |

mod accounts;
mod attackers;
mod infrastructure;
mod intelligence;
mod networks;

use crate::source::Kind;

/// A public list that can be added as a source.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// The source's name, unless somebody picks another.
    pub id: &'static str,
    /// How it is read.
    pub kind: Kind,
    /// Its name as the publisher writes it.
    pub title: &'static str,
    /// Who publishes it.
    pub publisher: &'static str,
    /// The page that tells about it.
    pub home: &'static str,
    /// The settings that differ from the defaults of the kind, by name, as [`crate::source::SETTINGS`] reads them.
    pub settings: &'static [(&'static str, &'static str)],
    /// The form of its address, where every customer has one of their own: `url` then is not among the settings, and
    /// the source is refused until it is given.
    pub own_url: Option<&'static str>,
    /// What it lists.
    pub about: Words,
    /// What the publisher asks for: licence, registration, how often.
    pub terms: Words,
}

/// A text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// English.
    pub english: &'static str,
    /// Korean.
    pub korean: &'static str,
}

impl Template {
    /// Whether it cannot be read before a credential is set.
    pub fn needs_credential(&self) -> bool {
        self.settings.iter().any(|(name, value)| *name == "auth" && *value != "none")
    }
}

/// The template of this name.
pub fn find(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id == id)
}

/// Every template, in the order in which help shows them.
pub const TEMPLATES: &[Template] = &[
    networks::SPAMHAUS_DROP_V4,
    networks::SPAMHAUS_DROP_V6,
    networks::DSHIELD,
    networks::FIREHOL_LEVEL1,
    networks::FIREHOL_LEVEL2,
    networks::ET_BLOCK_IPS,
    attackers::ET_COMPROMISED,
    attackers::BLOCKLIST_DE,
    attackers::CINS_ARMY,
    attackers::IPSUM_LEVEL3,
    attackers::IPSUM_LEVEL5,
    attackers::GREENSNOW,
    attackers::BINARY_DEFENSE,
    attackers::BRUTEFORCEBLOCKER,
    attackers::TURRIS_GREYLIST,
    infrastructure::FEODO_TRACKER,
    infrastructure::C2_INTEL_FEEDS,
    infrastructure::TOR_EXITS,
    accounts::ABUSEIPDB,
    accounts::CROWDSEC,
    accounts::CROWDSEC_TAXII,
    intelligence::CIRCL_OSINT,
    intelligence::BOTVRIJ,
    intelligence::CSIRT_ITALIA,
    intelligence::THREATFOX,
];
