//! A source to fetch from: settings, state and credential in one hand.

use blocklist::Time;
use collect::fetch::{Ask, Content, Fetched};
use collect::source::{Kind, Settings, SourceState};
use collect::vault::Credential;
use collect::{Failure, Options};
use tokio_util::sync::CancellationToken;

use crate::support::{NOW, Net};

pub(super) struct Bench {
    pub(super) net: Net,
    pub(super) settings: Settings,
    pub(super) state: SourceState,
    pub(super) credential: Option<Credential>,
    pub(super) options: Options,
    pub(super) cancel: CancellationToken,
}

impl Bench {
    pub(super) fn new(kind: Kind, settings: &[(&str, &str)]) -> Self {
        let mut typed = Settings::of(kind);
        typed.set_all(kind, settings.iter().copied()).unwrap();
        Self {
            net: Net::new(),
            settings: typed,
            state: SourceState::default(),
            credential: None,
            options: Options::default(),
            cancel: CancellationToken::new(),
        }
    }

    /// Reads the settings into the options, as the collector does.
    pub(super) fn ask(&mut self) -> Ask<'_> {
        self.options.defaults.reason.clone_from(&self.settings.reason);
        self.options.defaults.category.clone_from(&self.settings.category);
        self.options.defaults.confidence = self.settings.confidence;
        Ask {
            network: &self.net.network,
            settings: &self.settings,
            state: &self.state,
            credential: self.credential.as_ref(),
            options: &self.options,
            now: Time::from_unix(NOW),
            cancel: &self.cancel,
        }
    }

    /// Keeps what a run that took the content would keep.
    pub(super) fn keep(&mut self, content: &Content) {
        self.state.validators.clone_from(&content.validators);
        self.state.cursor.clone_from(&content.cursor);
    }
}

pub(super) fn content(fetched: Result<Fetched, Failure>) -> Content {
    match fetched.unwrap() {
        Fetched::Content(content) => *content,
        Fetched::Unchanged => panic!("unchanged"),
    }
}

pub(super) fn is_unchanged(fetched: Result<Fetched, Failure>) -> bool {
    matches!(fetched.unwrap(), Fetched::Unchanged)
}
