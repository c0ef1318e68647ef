//! What a person is told when a command fails: what happened, where, and what to do.

use std::fmt::Display;

use blocklist::SourceName;
use collect::collector::{CollectError, KeyError};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::language::Language;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What happened and where.
    pub(crate) what: String,
    /// The causes behind it, outermost first.
    pub(crate) causes: Vec<String>,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// With `--json`: what is printed in place of the error, when the command has an answer of its own even so.
    pub(crate) answer: Option<Value>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Display) -> Self {
        Self { exit, what: what.to_string(), causes: Vec::new(), hint: None, answer: None }
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(what: impl Display) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// An error and its causes.
    pub(crate) fn from_error(error: &dyn std::error::Error) -> Self {
        let mut failure = Self::new(Exit::Failed, error);
        let mut cause = error.source();
        while let Some(inner) = cause {
            failure.causes.push(inner.to_string());
            cause = inner.source();
        }
        failure
    }

    /// What kept a source from being read, told in a language.
    pub(crate) fn of_source(name: &SourceName, failure: &collect::Failure, language: Language) -> Self {
        let mut told = Self::new(Exit::Failed, format!("{name}: {}", cause_text(failure, language)));
        let mut cause = std::error::Error::source(failure);
        while let Some(inner) = cause {
            let text = inner.to_string();
            // The particulars are often the words of what lies behind.
            if !told.what.contains(&text) {
                told.causes.push(text);
            }
            cause = inner.source();
        }
        told.hint(cause_hint(failure.trouble, name.as_str(), language))
    }

    /// Adds a cause.
    pub(crate) fn because(mut self, cause: impl Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    pub(crate) fn answer(mut self, answer: Value) -> Self {
        self.answer = Some(answer);
        self
    }

    /// The value that `--json` prints.
    pub(crate) fn to_json(&self) -> Value {
        self.answer.clone().unwrap_or_else(|| {
            json!({"error": {"what": self.what, "causes": self.causes, "hint": self.hint, "exit": self.exit as u8}})
        })
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        let hint = match &error {
            store::Error::Busy(_) => Some("wait for the other process to end, then run the command again"),
            store::Error::Publication { .. } => {
                Some("run `blacklist publish`, which writes it again from the database")
            }
            store::Error::Database { .. } => {
                Some("run `blacklist db check`; a backup can be put back by `blacklist db restore`")
            }
            store::Error::File { cause, .. } => match cause.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    Some("run it as the user that owns the data directory, or name another by --data-dir")
                }
                std::io::ErrorKind::StorageFull => {
                    Some("free some space on that disk, then run the command again")
                }
                _ => None,
            },
            store::Error::NoAllow(_) => Some("`blacklist allow list --all` shows every one"),
            store::Error::Allow(_) => Some("nothing changed; mend what is refused and try again"),
            store::Error::OwnExists(_) | store::Error::NoOwn(_) => {
                Some("`blacklist own list` shows every one; nothing changed")
            }
            store::Error::OwnTooWide(_) => Some("--wide says that it is meant"),
            store::Error::NoKnownGood(_) => Some("`blacklist known-good list` shows those there are"),
            store::Error::NoFeed(_) => Some("`blacklist feed list` shows those there are"),
            store::Error::NoConsumer(_) => Some("`blacklist consumer list` shows those there are"),
            store::Error::FeedExists(_) => Some("`blacklist feed set NAME KEY=VALUE` changes it"),
            store::Error::ConsumerExists(_) => Some("`blacklist consumer set NAME KEY=VALUE` changes it"),
            store::Error::NoPublication(_) => Some("`blacklist publication list` shows those there are"),
            store::Error::NothingLeft(_) => {
                Some("`blacklist publication list` shows the others; nothing was changed")
            }
            store::Error::NotPinned => Some("`blacklist publication show` says what is served now"),
            store::Error::Pinned(_) => Some("let the list go on first: blacklist publication release"),
            store::Error::NoHeld(_) => Some("`blacklist held list` shows those there were"),
            store::Error::HeldIsOver(..) | store::Error::CandidateChanged(_) => {
                Some("`blacklist held show` shows what waits now")
            }
            store::Error::Undecided(_) => Some(
                "`blacklist held show` shows it; then blacklist held approve ID, or blacklist held reject ID",
            ),
            store::Error::NeedsSecond => Some(
                "`blacklist publish` asks again, and two people approve; blacklist gate set second_person=off asks for one",
            ),
            store::Error::UserExists(_) => Some("`blacklist user set NAME` changes one that is there"),
            store::Error::UserClosed(_) => Some("`blacklist user set NAME --enable` opens it"),
            store::Error::LastAdmin(_) => {
                Some("nothing changed; `blacklist user set NAME --role admin` makes another one admin")
            }
            store::Error::RoleAbove { .. } => Some("ask for less, or `blacklist user set NAME --role ROLE`"),
            store::Error::TokenExists(_) => Some("`blacklist token list` shows those there are"),
            _ => None,
        };
        let failure = Self { exit: exit_of(&error), ..Self::from_error(&error) };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// That something is not there is an answer; a person's mistake and a fault are none.
fn exit_of(error: &store::Error) -> Exit {
    match error {
        store::Error::NoHeld(_)
        | store::Error::NoPublication(_)
        | store::Error::NotPinned
        | store::Error::NoFeed(_)
        | store::Error::NoConsumer(_)
        | store::Error::NoAllow(_)
        | store::Error::NoOwn(_)
        | store::Error::NoKnownGood(_)
        | store::Error::NoUser(_)
        | store::Error::NoToken(_) => Exit::No,
        store::Error::KnownGoodName(_)
        | store::Error::NameOfPage(_)
        | store::Error::TokenName
        | store::Error::NoAddress => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// What happened at a source, with its particulars.
pub(crate) fn cause_text(failure: &collect::Failure, language: Language) -> String {
    let info = failure.trouble.info();
    let mut text = match language {
        Language::English => info.english,
        Language::Korean => info.korean,
    }
    .to_owned();
    if !failure.detail.is_empty() {
        text.extend([": ", &failure.detail]);
    }
    text
}

/// What to do about it, with the commands as they are to be typed for this source.
pub(crate) fn cause_hint(trouble: collect::Trouble, name: &str, language: Language) -> String {
    let hint = match language {
        Language::English => trouble.info().english_hint,
        Language::Korean => trouble.info().korean_hint,
    };
    hint.replace("NAME", name)
}

impl From<CollectError> for Failure {
    fn from(error: CollectError) -> Self {
        let (exit, hint) = match error {
            CollectError::Store(error) => return error.into(),
            CollectError::NoSource(_) => (Exit::No, "`blacklist source list` shows those there are"),
            CollectError::NotFetched(_) => {
                (Exit::Usage, "`blacklist source add NAME --kind KIND` makes it a source that is fetched")
            }
            CollectError::Settings { .. } => {
                (Exit::Usage, "`blacklist source set NAME KEY=VALUE` mends it; an empty value is the default")
            }
            CollectError::Busy(_) => return Self::from_error(&error),
            CollectError::Order(_) => return Self { exit: Exit::Usage, ..Self::from_error(&error) },
        };
        Self { exit, ..Self::from_error(&error) }.hint(hint)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Collect(error) => error.into(),
            KeyError::Bad(error) => Self { exit: Exit::Usage, ..Self::from_error(&error) },
            KeyError::Vault(error) => Self::from_error(&error),
        }
    }
}
