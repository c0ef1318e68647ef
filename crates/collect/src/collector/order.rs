//! What is asked of a collection, and what came of it.

use blocklist::Batch;
use jiff::civil::Date;
use store::{CredentialKind, Published, Run, Trigger};

use crate::source::Kind;
use crate::{Failure, Note};

/// What is asked of one collection.
#[derive(Clone, Debug)]
pub struct Order {
    /// On whose word.
    pub trigger: Trigger,
    /// Portals: from this day, in place of what the source's settings say.
    pub since: Option<Date>,
    /// Portals: to this day, in place of today.
    pub until: Option<Date>,
    /// Fetch and read, but change nothing but the session.
    pub dry_run: bool,
}

impl Order {
    /// By the timetable.
    pub const fn scheduled() -> Self {
        Self { trigger: Trigger::Schedule, since: None, until: None, dry_run: false }
    }

    /// By a person.
    pub const fn by_person() -> Self {
        Self { trigger: Trigger::Person, since: None, until: None, dry_run: false }
    }
}

/// What came of one collection.
#[derive(Debug)]
pub enum Collected {
    /// It came to an end of its own. The run may still be refused: its content was not credible.
    Run {
        /// The run, as it is kept; of a dry run, as it would be.
        run: Run,
        /// The publication after it; absent after a dry run.
        published: Option<Published>,
        /// What a person may want to know.
        notes: Vec<Note>,
        /// Of a dry run: what was read, where anything new was.
        read: Option<Box<Batch>>,
    },
    /// It took nothing.
    Failed {
        /// The run, as it is kept; absent when none began (a state that a person has to end, a dry run).
        run: Option<Run>,
        /// Why.
        failure: Failure,
    },
    /// Another run of the source is under way, in this process or another.
    Busy,
    /// There was nothing to take: a directory without a whole file.
    Nothing,
}

/// Why a collection could not even be tried.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No such source.
    #[error("there is no source '{0}'")]
    NoSource(blocklist::SourceName),
    /// It has nothing to fetch.
    #[error(
        "'{0}' is a source of kind file: nothing is fetched for it, its files come by `blacklist import`"
    )]
    NotFetched(blocklist::SourceName),
    /// Its settings, as they are kept, cannot be read.
    #[error("the settings of '{source_name}' cannot be read")]
    Settings {
        /// Whose.
        source_name: blocklist::SourceName,
        /// Which setting, and why.
        #[source]
        cause: crate::source::BadSetting,
    },
    /// A run of it is under way, in this process or another.
    #[error("a run of '{0}' is under way; try again when it has ended")]
    Busy(blocklist::SourceName),
    /// The request does not fit the source.
    #[error(transparent)]
    Order(#[from] Misfit),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// In what way a request does not fit the source it is for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Its kind takes none, or its settings name none.
    #[error("'{0}' takes no credential; for a source of kind url, set auth first")]
    TakesNoCredential(blocklist::SourceName),
    /// A login where a token is taken, or the other way round.
    #[error("'{source_name}' takes a {}", wanted.as_str())]
    OtherCredential {
        /// Which source.
        source_name: blocklist::SourceName,
        /// What it takes.
        wanted: CredentialKind,
    },
    /// Sent again, it would count as one more failure, and portals lock accounts for that.
    #[error(
        "this is the id and password that were rejected; when the portal takes them now, forget them first \
         (blacklist credential remove) and set them again"
    )]
    RejectedBefore,
    /// It has no account where somebody would log in.
    #[error("'{0}' is no portal: it has no sessions and no codes")]
    NoPortal(blocklist::SourceName),
    /// It is read as a whole.
    #[error("'{source_name}' is a source of kind {kind}: only portals are asked for days")]
    NoDays {
        /// Which source.
        source_name: blocklist::SourceName,
        /// Of which kind.
        kind: Kind,
    },
    /// The last day has not begun.
    #[error("until {until}: that day is still to come, today is {today}")]
    DayToCome {
        /// The last day that was asked for.
        until: Date,
        /// Today, where the portals are.
        today: Date,
    },
    /// By itself the run would begin after the last day.
    #[error("until {until}: say since when, too; by itself a run would begin at {since}")]
    SinceWhen {
        /// The last day that was asked for.
        until: Date,
        /// Where it would begin.
        since: Date,
    },
    /// The first day is after the last.
    #[error("from {since} until {until} there is no day")]
    NoDay {
        /// The first.
        since: Date,
        /// The last.
        until: Date,
    },
    /// The program ends.
    #[error("the program is stopping")]
    Stopping,
}
