//! The rows, as others see them.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use blocklist::{Country, Hash, Head, Mode, Serial, SourceName, State, Time};
use jiff::civil::Date;
use prefix::Prefix;
use serde::{Serialize, Serializer};

use crate::Origin;

/// Writes a value as its text.
pub(crate) fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RunId(pub i64);

impl Display for RunId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// How a run ended. A run that is killed leaves no row: it is written in the transaction that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Its rows are kept.
    Done,
    /// Its content could not be read or was not credible; nothing changed.
    Refused,
    /// Its content never came; nothing changed.
    Failed,
}

impl RunState {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Who wanted a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// A person, by a command or a request.
    #[default]
    Person,
    /// The schedule of the source.
    Schedule,
}

impl Trigger {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Schedule => "schedule",
        }
    }
}

/// The days that a portal was asked for, both included. Days of the portal, which are those of Asia/Seoul.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first.
    pub since: Date,
    /// The last.
    pub until: Date,
}

/// One attempt to read a source.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Its number.
    pub run: RunId,
    /// Of which source.
    pub source: SourceName,
    /// With which parser.
    pub parser: String,
    /// What the content meant.
    pub mode: Mode,
    /// How it ended.
    pub state: RunState,
    /// Why it was refused or failed, for programs: the id of a cause.
    pub cause_id: Option<String>,
    /// Why it was refused or failed, for people.
    pub cause: Option<String>,
    /// Who wanted it.
    pub trigger: Trigger,
    /// Of a portal: the days that were asked for.
    pub window: Option<Window>,
    /// The file's name, or `-`.
    pub input: String,
    /// When it started.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Time,
    /// Rows that held something.
    pub rows: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows whose host bits were cleared.
    pub host_bits: u64,
    /// Listings that came.
    pub new: u64,
    /// Listings whose fields changed.
    pub changed: u64,
    /// Listings that stayed as they were.
    pub unchanged: u64,
    /// Listings that a full list no longer had.
    pub withdrawn: u64,
    /// Refused rows by cause.
    pub refusals: BTreeMap<String, u64>,
    /// The earlier run whose refused rows are this one's too.
    pub same_as: Option<RunId>,
    /// Who made it by hand.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// A refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// Its line, row or number, from 1.
    pub line: u64,
    /// Why: the id of a cause.
    pub cause: String,
    /// The start of its text.
    pub text: String,
}

/// What came of an import.
#[derive(Clone, Debug)]
pub struct ImportedRun {
    /// The run.
    pub run: Run,
    /// The publication after it: a new one, or the one that still holds.
    pub published: Published,
}

/// What came of the wish to publish.
#[derive(Clone, Debug)]
pub enum Published {
    /// A new publication.
    New(PublicationRow),
    /// Nothing changed; this one still holds.
    Same(PublicationRow),
    /// The gate holds the candidate; the last publication, if there is one, goes on.
    Held {
        /// Every reason.
        reasons: Vec<blocklist::gate::Reason>,
        /// The last publication.
        last: Option<PublicationRow>,
    },
}

impl Published {
    /// The publication that holds now.
    pub fn current(&self) -> Option<&PublicationRow> {
        match self {
            Self::New(row) | Self::Same(row) => Some(row),
            Self::Held { last, .. } => last.as_ref(),
        }
    }
}

/// A publication, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicationRow {
    /// Its number.
    pub serial: Serial,
    /// When it was published.
    pub published_at: Time,
    /// When the set of prefixes last changed.
    pub changed_at: Time,
    /// Distinct prefixes.
    pub entries: u64,
    /// Prefixes that came.
    pub added: u64,
    /// Prefixes that went.
    pub removed: u64,
    /// SHA-256 of the content.
    pub hash: Hash,
    /// When the first of its listings ends.
    pub next_end: Option<Time>,
    /// How it came to be.
    pub origin: Origin,
    /// Of a rollback: the publication whose content it has.
    pub content_of: Option<Serial>,
    /// Who decided it, where a person did.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}

impl PublicationRow {
    /// The head of its file.
    pub fn head(&self) -> Head {
        Head {
            serial: self.serial,
            published_at: self.published_at,
            changed_at: self.changed_at,
            hash: self.hash,
        }
    }
}

/// A listing as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListingRow {
    /// Who lists it.
    pub source: SourceName,
    /// What is listed.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// Where it stands at the time of asking.
    pub state: State,
    /// When it was detected.
    pub detected: Time,
    /// When it ends: as a person set it, else as its source says.
    pub until: Option<Time>,
    /// Whether a person set the end.
    pub end_set_by_person: bool,
    /// Why.
    pub reason: Option<String>,
    /// Where the address is said to be.
    pub country: Option<Country>,
    /// The kind of attack.
    pub category: Option<String>,
    /// How grave.
    pub severity: Option<String>,
    /// How sure the source is, 0 to 100.
    pub confidence: Option<u8>,
    /// The run that brought it.
    pub first_run: RunId,
    /// The last run that changed it.
    pub changed_run: RunId,
}

/// Where a page of listings ended: opaque to whoever pages, `source/prefix` inside, and `@end` after that for pages by end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingCursor {
    /// The source of the last listing seen.
    pub source: SourceName,
    /// Its prefix.
    pub prefix: Prefix,
    /// Its end, where pages go by it.
    pub end: Option<Time>,
}

impl Display for ListingCursor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.prefix)?;
        self.end.map_or(Ok(()), |end| write!(f, "@{}", end.unix()))
    }
}

impl FromStr for ListingCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (source, rest) = text.split_once('/').ok_or(())?;
        let (prefix, end) = rest.split_once('@').map_or((rest, None), |(prefix, end)| (prefix, Some(end)));
        let end = end.map(|end| end.parse().map(Time::from_unix)).transpose().map_err(drop)?;
        Ok(Self { source: source.parse().map_err(drop)?, prefix: prefix.parse().map_err(drop)?, end })
    }
}

/// Which listings.
#[derive(Clone, Debug, Default)]
pub struct ListingQuery {
    /// Of this source.
    pub source: Option<SourceName>,
    /// That lie inside this prefix, itself included.
    pub inside: Option<Prefix>,
    /// In this state.
    pub state: Option<State>,
    /// After this one, by source as it was first seen, then by prefix; what ended, asked for alone, by source and from the
    /// latest end on.
    pub after: Option<ListingCursor>,
    /// At most so many.
    pub limit: usize,
}

impl ListingQuery {
    /// Whether pages go by the end. What ended follows from the clock, so no index can have it by prefix: it would take a
    /// walk through a million listings for the few that ended.
    pub(crate) fn goes_by_end(&self) -> bool {
        self.state == Some(State::Expired) && self.inside.is_none()
    }

    /// Where a page that ends with this row goes on.
    pub fn cursor(&self, row: &ListingRow) -> ListingCursor {
        let end = row.until.filter(|_| self.goes_by_end());
        ListingCursor { source: row.source.clone(), prefix: row.prefix, end }
    }
}

/// Which runs, newest first.
#[derive(Clone, Debug, Default)]
pub struct RunQuery {
    /// Of this source.
    pub source: Option<SourceName>,
    /// That ended so.
    pub state: Option<RunState>,
    /// Before this one.
    pub before: Option<RunId>,
    /// At most so many.
    pub limit: usize,
}

/// A line of the store's own log.
#[derive(Clone, Debug, Serialize)]
pub struct LogRow {
    /// When.
    pub at: Time,
    /// `error`, `warn` or `info`.
    pub level: String,
    /// Which part of the program.
    pub part: String,
    /// About which source.
    pub source: Option<SourceName>,
    /// What happened.
    pub message: String,
}

/// The state of the database.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Where it lies.
    pub path: String,
    /// Its schema.
    pub schema: u32,
    /// The newest schema this program knows.
    pub known_schema: u32,
    /// Bytes of the database file and its log.
    pub bytes: u64,
    /// Sources that are not removed.
    pub sources: u64,
    /// Listings in every state.
    pub listings: u64,
    /// Runs.
    pub runs: u64,
    /// Publications.
    pub publications: u64,
    /// The newest publication.
    pub publication: Option<PublicationRow>,
    /// The last run.
    pub last_run: Option<Run>,
}
