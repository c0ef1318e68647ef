//! Everything that is fetched without a portal: addresses, collections, feeds of events, directories.

use store::Trigger;

use super::fetching::{Fetched, Taken, Unfetched};
use super::{Collector, Order, Source, Step, Watch, lock};
use crate::fetch::directory::{Found, Outcome};
use crate::fetch::{self, Ask};
use crate::portals::CREDENTIALS;
use crate::source::{Auth, Kind, SourceState};
use crate::trouble::Class;
use crate::vault::{Binding, Credential};
use crate::{Failure, Parsed, Parser, Trouble};

impl Collector {
    /// An address, a collection, a feed of events.
    pub(super) async fn fetch_feed(
        &self,
        source: &Source,
        mut next: SourceState,
        watch: Watch<'_>,
    ) -> Result<Fetched, Unfetched> {
        watch(Step::Fetch { what: source.input() });
        // "Unchanged" is believed while the store still holds what it would be unchanged from.
        let kept = match &next.validators {
            Some(validators) => self.store.same_input(&source.name, &key_of(&validators.input_key))?,
            None => None,
        };
        if kept.is_none() {
            next.validators = None;
        }
        let credential = self.credential(source)?;
        let options = self.options(source);
        let ask = Ask {
            network: &self.network,
            settings: &source.settings,
            state: &next,
            credential: credential.as_ref(),
            options: &options,
            now: self.now(),
            cancel: &self.cancel,
        };
        let (fetched, parser) = match source.kind {
            Kind::Taxii => (fetch::taxii::fetch(&ask).await?, Parser::Stix),
            Kind::Misp => (fetch::misp::fetch(&ask).await?, Parser::Misp),
            _ => (fetch::url::fetch(&ask).await?, Parser::List),
        };
        match fetched {
            fetch::Fetched::Content(content) => {
                next.validators = content.validators;
                next.cursor = content.cursor;
                let (parsed, input) = (content.parsed, content.input);
                let taken = Taken::of(parsed, input, content.input_key, source.mode(), next);
                // News may be none; a whole list that is empty is not believed.
                let allow_empty = matches!(source.kind, Kind::Taxii | Kind::Misp);
                Ok(Fetched::Taken(Box::new(Taken { allow_empty, ..taken })))
            }
            fetch::Fetched::Unchanged => {
                if let Some(earlier) = kept {
                    let (earlier, next) = (Box::new(earlier), Box::new(next));
                    return Ok(Fetched::Same { earlier, input: source.input(), next });
                }
                let taken = Taken::of(Parsed::empty(parser), source.input(), None, source.mode(), next);
                Ok(Fetched::Taken(Box::new(Taken { allow_empty: true, ..taken })))
            }
        }
    }

    /// The next whole file of a directory.
    pub(super) async fn fetch_file(
        &self,
        source: &Source,
        order: &Order,
        next: SourceState,
        watch: Watch<'_>,
    ) -> Result<Fetched, Unfetched> {
        let mut found = self.scan(source)?;
        // By the timetable the next look is soon enough. A person waits for it: a file has to be seen twice.
        if found.is_none() && order.trigger == Trigger::Person && self.is_waiting(source) {
            watch(Step::Fetch { what: format!("{}: waiting whether files still grow", source.input()) });
            let settle = source.settings.settle.as_duration();
            tokio::time::sleep(settle + std::time::Duration::from_secs(1)).await;
            found = self.scan(source)?;
        }
        let Some(found) = found else { return Ok(Fetched::Nothing) };
        watch(Step::Fetch { what: found.name() });
        let options = self.options(source);
        let ask = Ask {
            network: &self.network,
            settings: &source.settings,
            state: &next,
            credential: None,
            options: &options,
            now: self.now(),
            cancel: &self.cancel,
        };
        match fetch::directory::fetch(&ask, &found).await {
            Ok(fetch::Fetched::Content(content)) => {
                let taken =
                    Taken::of(content.parsed, content.input, content.input_key, source.mode(), next.clone());
                Ok(Fetched::Taken(Box::new(Taken { file: Some(found), ..taken })))
            }
            Ok(fetch::Fetched::Unchanged) => Ok(Fetched::Nothing),
            Err(failure) => Err(Unfetched { failure, file: Some(found) }),
        }
    }

    fn scan(&self, source: &Source) -> Result<Option<Found>, Failure> {
        lock(&self.watches).entry(source.name.clone()).or_default().scan(&source.settings, self.now())
    }

    fn is_waiting(&self, source: &Source) -> bool {
        lock(&self.watches).get(&source.name).is_some_and(fetch::directory::Watch::is_waiting)
    }

    /// Moves the file of a run away. That it cannot be moved is no failure of the run: the next run takes it once more, and
    /// changes nothing. Answers whether it is out of the way.
    pub(super) fn settle(
        &self,
        source: &Source,
        file: &Found,
        outcome: Outcome,
        report: &impl serde::Serialize,
    ) -> bool {
        match file.settle(outcome, report, self.now()) {
            Ok(Some(path)) => {
                tracing::info!(source = %source.name, to = %path.display(), "file moved");
                true
            }
            Ok(None) => {
                tracing::info!(source = %source.name, file = file.name(), "another file has its name now");
                true
            }
            Err(failure) => {
                tracing::error!(source = %source.name, "{failure}");
                false
            }
        }
    }

    /// The credential of a source whose settings ask for one.
    fn credential(&self, source: &Source) -> Result<Option<Credential>, Failure> {
        if source.settings.auth == Auth::None {
            return Ok(None);
        }
        let row = self.store.credential(&source.name)?;
        let row = row.ok_or_else(|| Failure::new(Trouble::CredentialMissing))?;
        let binding = Binding { table: CREDENTIALS, owner: source.name.as_str(), version: row.version };
        let plain = self.vault()?.unseal(&binding, &row.sealed)?;
        let credential = Credential::from_json(&plain);
        credential.map(Some).map_err(|error| Failure::new(Trouble::VaultLocked).because(error))
    }
}

/// Whether a file that could not be read is out of the way: one that this machine could not read is tried again.
pub(super) fn is_refused(failure: &Failure) -> bool {
    // A file that is cut off is whole as far as the directory is concerned.
    failure.trouble.class() == Class::Content
        || failure.trouble == Trouble::BrokenOff
        || failure.trouble == Trouble::Maintenance
}

/// The key that the state keeps in hex; one that is none is the key of nothing.
fn key_of(hex: &str) -> [u8; 32] {
    let mut key = [0; 32];
    if hex.len() == 64 {
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap_or_default();
        }
    }
    key
}

impl Taken {
    fn of(
        parsed: Parsed,
        input: String,
        input_key: Option<[u8; 32]>,
        mode: blocklist::Mode,
        next: SourceState,
    ) -> Self {
        Self { parsed, input, input_key, mode, window: None, allow_empty: false, next, file: None }
    }
}
