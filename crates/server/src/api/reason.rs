//! Why a request is refused, by name: programs read the id, pages say it in the language of whoever reads
//! (`pages::words::refusal`). Neither looks at the text of a problem.
//!
//! An id is a promise: it is never given another meaning. Those of [`Trouble`] are of the same space.

use blocklist::Time;
use collect::Trouble;
use collect::collector::{CollectError, Misfit, NotCancelled};
use collect::vault::BadCredential;
use prefix::Prefix;
use store::{AllowCause, AllowRefusal, CredentialKind, Error, Role};

use crate::auth::Weak;

macro_rules! reasons {
    ($($variant:ident $(($value:ty))? = $id:literal, $meaning:literal;)+) => {
        /// Why a request is refused.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) enum Reason {
            /// What a portal, a server or the key said.
            Trouble(Trouble),
            /// A password that is not taken.
            Weak(Weak),
            /// An allow entry that is not taken.
            Allow(AllowRefusal),
            $(#[doc = $meaning] $variant $(($value))?,)+
        }

        impl Reason {
            /// Its name for programs.
            pub(crate) fn id(&self) -> &'static str {
                match self {
                    Self::Trouble(trouble) => trouble.id(),
                    Self::Weak(weak) => weak_id(weak),
                    Self::Allow(refused) => allow_id(&refused.cause),
                    $(Self::$variant { .. } => $id,)+
                }
            }

            /// The ids of the table, in its order.
            #[cfg(test)]
            pub(crate) const TABLE: &'static [&'static str] = &[$($id),+];
        }
    };
}

reasons! {
    // Sources
    SourceExists(String) = "source_exists", "There is a source of that name.";
    NoSource(String) = "no_source", "There is no source of that name.";
    SourceName = "source_name", "That can be no name of a source.";
    NameByHand = "name_by_hand", "The name belongs to what people block by hand.";
    NameOfPage(String) = "name_of_page", "The name is that of a page.";
    UnknownKind = "unknown_kind", "There is no such kind of source, or no such public list.";
    SourceSetting(String) = "source_setting", "A setting of a source has a value that it cannot have.";
    SettingsUnreadable = "settings_unreadable", "What is kept of a source's settings cannot be read.";
    RunUnderWay(String) = "run_under_way", "A run of the source is under way.";
    NothingRuns(String) = "nothing_runs", "No run of the source is under way in this process.";
    RunIsKept(String) = "run_is_kept", "The run has read everything and is being kept.";
    UploadGone = "upload_gone", "The file that was sent does not wait any more.";
    UploadsFull = "uploads_full", "Too many files wait.";
    NothingToFetch = "nothing_to_fetch", "Nothing is fetched for a source of this kind.";
    NothingCollects = "nothing_collects", "This process collects nothing.";
    Days = "days", "The days that were asked for cannot be fetched.";
    NoDays = "no_days", "Only portals are asked for days.";
    Stopping = "stopping", "The program is stopping.";
    // Credentials
    NoCredential = "no_credential", "The source has none.";
    TakesNoCredential = "takes_no_credential", "The source takes none.";
    OtherCredential(CredentialKind) = "other_credential", "The source takes one of this kind.";
    RejectedBefore = "rejected_before", "This one was refused before.";
    NoPortal = "no_portal", "Only portals have codes and sessions.";
    NoCode = "no_code", "No code was typed.";
    Username = "username", "That can be no user name of a portal.";
    Secret = "secret", "That can be no password or token.";
    LastDay = "last_day", "The last day is no date.";
    // Devices and feeds
    ConsumerExists(String) = "consumer_exists", "There is a device of that name.";
    NoConsumer = "no_consumer", "There is no such device.";
    AddressTaken((Prefix, String)) = "address_taken", "Another device is known by this address.";
    AddressTwice(Prefix) = "address_twice", "An address is given twice.";
    AddressTooWide((Prefix, u8)) = "address_too_wide", "An address of a device is wider than one may be.";
    OldDays = "old_valid_days", "An old secret cannot be good for so long.";
    WhichSecret = "which_secret", "It was not said which secrets.";
    FeedExists(String) = "feed_exists", "There is a feed of that name.";
    NoFeed = "no_feed", "There is no such feed.";
    FeedIsRead(String) = "feed_is_read", "Devices read the feed.";
    DefaultFeed = "default_feed", "The default feed cannot be removed.";
    Settings = "settings_not_understood", "The settings are not understood.";
    Setting(String) = "setting", "A setting has a value that it cannot have.";
    TooMany(usize) = "too_many", "A limit is reached.";
    // What must never be served
    NoAllow = "no_allow", "There is no such allow entry.";
    OwnExists(Prefix) = "own_exists", "The network is an own one already.";
    OwnTooWide(Prefix) = "own_too_wide", "The network is so wide that somebody has to say that it is meant.";
    NoOwn(Prefix) = "no_own", "The network is no own one.";
    NoKnownGood = "no_known_good", "There is no such known-good list.";
    KnownGoodName = "known_good_name", "That can be no name of a known-good list.";
    // Listings
    Objections = "objections", "Something stands against an address.";
    TooLong(usize) = "order_too_long", "An order holds more than it may.";
    EndOfListing = "listing_end", "The end of a listing is no span and no day.";
    // Publications
    NoPublication = "no_publication", "The publication is not kept.";
    NothingLeft = "nothing_left", "Nothing of the publication may be served today.";
    NotPinned = "not_pinned", "No publication is held by a rollback.";
    Pinned = "pinned", "A publication is held by a rollback.";
    Undecided = "undecided", "A candidate waits for an answer.";
    NeedsSecond = "needs_second", "Two people must agree.";
    NoHeld = "no_held", "There is no such candidate.";
    HeldIsOver = "held_is_over", "The candidate was decided on already.";
    CandidateChanged = "candidate_changed", "The candidate is not what was looked at.";
    // Accounts
    NoUser = "no_user", "There is no such account.";
    UserExists = "user_exists", "There is, or was, an account of that name.";
    UserName = "user_name", "That can be no name of an account.";
    UserClosed = "user_closed", "The account is closed.";
    LastAdmin = "last_admin", "Nobody would be left who sets up accounts.";
    TotpNotPending = "totp_not_pending", "No one-time secret waits to be confirmed.";
    TotpIsSet = "totp_is_set", "One-time codes are set up already.";
    NoTotp = "no_totp", "One-time codes are not asked for.";
    NoToken = "no_token", "There is no such token.";
    TokenExists = "token_exists", "There is a token of that name.";
    TokenName = "token_name", "That can be no name of a token.";
    TokenEnd = "token_end", "The end of a token has passed.";
    RoleAbove(Role) = "role_above", "A token may do no more than its owner.";
    NoSession = "no_session", "There is no such session.";
    NoAddress = "no_address", "That is no address.";
    // Who asks, and how
    SignIn = "sign_in", "Nobody is known by what was presented.";
    SessionOver = "session_over", "The session has ended meanwhile.";
    NotEncrypted = "not_encrypted", "Nobody signs in over a connection that is not encrypted.";
    Locked(Time) = "too_many_tries", "Too many tries failed.";
    TypeAgain = "type_again", "The password was typed too long ago.";
    Crowded = "crowded", "Too many people try to sign in.";
    Role(Role) = "role", "Only somebody with this role may do that.";
    Note(usize) = "note", "A note is one line of so many characters.";
    NoteNeeded = "note_needed", "A note has to say why.";
    FormToken = "form_token", "The form is not from a page of this session.";
    Form = "form", "A field of the form is missing, or holds what it cannot.";
    TooLarge(usize) = "body_too_large", "More than so many bytes were sent.";
    OtherSite = "other_site", "The form is not from a page of this server.";
    TooManyRequests = "too_many_requests", "Too many requests come from one address.";
    Store = "store", "The store cannot answer now.";
    // Whatever was asked
    NoPath = "no_path", "There is nothing at that path.";
    Nobody = "nobody", "Nobody may do that.";
    OwnAccount = "own_account", "Only somebody who signed in does that, for their own account.";
    Host = "host", "The server is not known by that name.";
    NoRun = "no_run", "There is no such run.";
    NoMake = "no_make", "There is no such make of device.";
    NothingYet = "nothing_published", "Nothing is published yet.";
    NoKey = "no_key", "This process has no key for secrets.";
    Fault = "fault", "Something failed here; the log has the cause under the id.";
}

fn weak_id(weak: &Weak) -> &'static str {
    match weak {
        Weak::Short(_) => "password_short",
        Weak::Long => "password_long",
        Weak::Common => "password_common",
        Weak::Name => "password_name",
        Weak::Used => "password_used",
    }
}

fn allow_id(cause: &AllowCause) -> &'static str {
    match cause {
        AllowCause::Exists(_) => "allow_exists",
        AllowCause::Twice => "allow_twice",
        AllowCause::TooWide => "allow_too_wide",
        AllowCause::Past => "allow_past",
        AllowCause::Reason => "allow_reason",
        AllowCause::Owner => "allow_owner",
        AllowCause::Ticket => "allow_ticket",
        AllowCause::Remind => "allow_remind",
    }
}

impl Reason {
    /// Why the store says no; nothing where it is a fault and no refusal.
    pub(crate) fn of_store(error: &Error) -> Option<Self> {
        Some(match error {
            Error::Exists(name) => Self::SourceExists(name.to_string()),
            Error::NoSource(name) => Self::NoSource(name.to_string()),
            Error::NotByHand { .. } => Self::NameByHand,
            Error::NameOfPage(name) => Self::NameOfPage(name.to_string()),
            Error::ConsumerExists(name) => Self::ConsumerExists(name.to_string()),
            Error::NoConsumer(_) => Self::NoConsumer,
            Error::AddressTaken { prefix, consumer } => Self::AddressTaken((*prefix, consumer.clone())),
            Error::AddressTwice(prefix) => Self::AddressTwice(*prefix),
            Error::AddressTooWide { prefix, widest } => Self::AddressTooWide((*prefix, *widest)),
            Error::FeedExists(name) => Self::FeedExists(name.to_string()),
            Error::NoFeed(_) => Self::NoFeed,
            Error::FeedIsRead { readers, .. } => Self::FeedIsRead(readers.clone()),
            Error::DefaultFeed => Self::DefaultFeed,
            Error::Setting(bad) => Self::Setting(bad.key().to_owned()),
            Error::TooMany { most, .. } => Self::TooMany(*most),
            // All are in the problem's own text; the first is what is said in words.
            Error::Allow(refused) => Self::Allow(refused.first()?.clone()),
            Error::NoAllow(_) => Self::NoAllow,
            Error::OwnExists(prefix) => Self::OwnExists(*prefix),
            Error::OwnTooWide(prefix) => Self::OwnTooWide(*prefix),
            Error::NoOwn(prefix) => Self::NoOwn(*prefix),
            Error::NoKnownGood(_) => Self::NoKnownGood,
            Error::KnownGoodName(_) => Self::KnownGoodName,
            Error::Objections(_) => Self::Objections,
            Error::OrderTooLong { most } => Self::TooLong(*most),
            Error::NoPublication(_) => Self::NoPublication,
            Error::NothingLeft(_) => Self::NothingLeft,
            Error::NotPinned => Self::NotPinned,
            Error::Pinned(_) => Self::Pinned,
            Error::Undecided(_) => Self::Undecided,
            Error::NeedsSecond => Self::NeedsSecond,
            Error::NoHeld(_) => Self::NoHeld,
            Error::HeldIsOver(..) => Self::HeldIsOver,
            Error::CandidateChanged(_) => Self::CandidateChanged,
            Error::NoUser(_) => Self::NoUser,
            Error::UserExists(_) => Self::UserExists,
            Error::UserClosed(_) => Self::UserClosed,
            Error::LastAdmin(_) => Self::LastAdmin,
            Error::TotpNotPending(_) => Self::TotpNotPending,
            Error::NoTotp(_) => Self::NoTotp,
            Error::NoToken(_) => Self::NoToken,
            Error::TokenExists(_) => Self::TokenExists,
            Error::TokenName => Self::TokenName,
            Error::RoleAbove { most, .. } => Self::RoleAbove(*most),
            Error::NoAddress => Self::NoAddress,
            _ => return None,
        })
    }

    /// Why the collector did not try; nothing where the store says why.
    pub(crate) fn of_collector(error: &CollectError) -> Option<Self> {
        Some(match error {
            CollectError::NoSource(name) => Self::NoSource(name.to_string()),
            CollectError::NotFetched(_) => Self::NothingToFetch,
            CollectError::Settings { .. } => Self::SettingsUnreadable,
            CollectError::Busy(name) => Self::RunUnderWay(name.to_string()),
            CollectError::Order(misfit) => Self::of_misfit(misfit),
            CollectError::Store(error) => return Self::of_store(error),
        })
    }

    /// Why no run was cancelled.
    pub(crate) fn of_cancel(not: &NotCancelled) -> Self {
        match not {
            NotCancelled::NothingRuns(name) => Self::NothingRuns(name.to_string()),
            NotCancelled::Keeping(name) => Self::RunIsKept(name.to_string()),
        }
    }

    fn of_misfit(misfit: &Misfit) -> Self {
        match misfit {
            Misfit::TakesNoCredential(_) => Self::TakesNoCredential,
            Misfit::OtherCredential { wanted, .. } => Self::OtherCredential(*wanted),
            Misfit::RejectedBefore => Self::RejectedBefore,
            Misfit::NoPortal(_) => Self::NoPortal,
            Misfit::NoDays { .. } => Self::NoDays,
            Misfit::DayToCome { .. } | Misfit::SinceWhen { .. } | Misfit::NoDay { .. } => Self::Days,
            Misfit::Stopping => Self::Stopping,
        }
    }

    /// Why a credential is none.
    pub(crate) fn of_credential(bad: &BadCredential) -> Self {
        match bad {
            BadCredential::Username => Self::Username,
            BadCredential::Secret | BadCredential::Kept => Self::Secret,
        }
    }
}
