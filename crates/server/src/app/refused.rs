//! Asking what may say no: the store, the collector, the keys. Each no becomes the problem that handlers pass on.
//!
//! What is absent, busy or broken is 503, and its cause goes to the log under an id; what the store refuses for a reason of its own
//! is 400, 404 or 409 with that reason. Nothing is tried twice.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use collect::collector::Collector;
use collect::vault::Vault;
use store::{AllowCause, Store};

use super::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

impl App {
    /// The store, or the problem that it is not open.
    pub(crate) fn store_or_503(&self) -> Result<Arc<Store>, Problem> {
        self.store.clone().ok_or_else(|| Problem::unavailable("the store is not open").because(Reason::Store))
    }

    /// What collects, or the problem that nothing does.
    pub(crate) fn collector_or_503(&self) -> Result<Arc<Collector>, Problem> {
        let collector = self.collector.clone();
        collector.ok_or_else(|| {
            Problem::unavailable("nothing is collected by this process").because(Reason::NothingCollects)
        })
    }

    /// The keys that secrets are sealed with; with `create` one is made where there is none.
    pub(crate) fn vault_or_503(&self, create: bool) -> Result<Vault, Problem> {
        let Some(open) = &self.open_vault else {
            let problem = Problem::unavailable("this process has no key for secrets");
            return Err(problem.because(Reason::NoKey));
        };
        open(create).map_err(|error| self.incident("the key for secrets cannot be read", &error))
    }

    /// Asks the store, off the async threads. A store that is absent, busy or broken is 503: the same question may have
    /// an answer later, and what is wrong with the disk is not for whoever asked.
    pub(crate) async fn ask_store<T, Q>(&self, question: Q) -> Result<T, Problem>
    where
        T: Send + 'static,
        Q: FnOnce(&Store) -> store::Result<T> + Send + 'static,
    {
        let store = self.store_or_503()?;
        match tokio::task::spawn_blocking(move || question(&store)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.store_problem(&error)),
            Err(error) => Err(self.incident("the store cannot answer now", &error).because(Reason::Store)),
        }
    }

    /// What the store says no for. That a thing is not there, or no longer what it was, is no fault.
    pub(crate) fn store_problem(&self, error: &store::Error) -> Problem {
        let conflict = |hint| Problem::conflict(error.to_string()).with_hint(hint);
        let problem = match error {
            store::Error::Allow(refused)
                if refused.iter().any(|one| matches!(one.cause, AllowCause::Exists(_))) =>
            {
                Problem::conflict(error.to_string())
            }
            store::Error::Allow(_) | store::Error::OwnTooWide(_) | store::Error::KnownGoodName(_) => {
                Problem::bad_request(error.to_string())
            }
            store::Error::NoHeld(_) => {
                Problem::not_found(error.to_string()).with_hint("GET /api/v1/held lists those there were")
            }
            // Its own text names a command.
            store::Error::NoPublication(serial) => {
                Problem::not_found(format!("publication {serial} is not kept"))
                    .with_hint("GET /api/v1/publications lists those there are")
            }
            store::Error::HeldIsOver(..) | store::Error::CandidateChanged(_) => {
                conflict("GET /api/v1/held shows what waits now; look at it, then decide")
            }
            store::Error::NothingLeft(_) => conflict("GET /api/v1/publications lists the others"),
            store::Error::NotPinned => conflict("the list goes on already"),
            store::Error::Pinned(_) => conflict("POST /api/v1/publications/release lets the list go on"),
            store::Error::Undecided(_) => conflict("POST /api/v1/held/{id}/approve or /reject answers it"),
            store::Error::NeedsSecond => {
                conflict("POST /api/v1/publish without force asks again, and two people approve")
            }
            // Their own texts name commands.
            store::Error::NoUser(name) => Problem::not_found(format!("there is no account '{name}'"))
                .with_hint("GET /api/v1/users lists those there are"),
            store::Error::NoToken(name) => {
                Problem::not_found(format!("there is no token '{name}', or it was revoked already"))
                    .with_hint("GET /api/v1/tokens lists those there are")
            }
            store::Error::NoSource(_)
            | store::Error::NoFeed(_)
            | store::Error::NoConsumer(_)
            | store::Error::NoAllow(_)
            | store::Error::NoOwn(_)
            | store::Error::NoKnownGood(_) => Problem::not_found(error.to_string()),
            store::Error::Exists(_)
            | store::Error::OwnExists(_)
            | store::Error::FeedExists(_)
            | store::Error::FeedIsRead { .. }
            | store::Error::DefaultFeed
            | store::Error::ConsumerExists(_)
            | store::Error::AddressTaken { .. }
            | store::Error::UserExists(_)
            | store::Error::UserClosed(_)
            | store::Error::LastAdmin(_)
            | store::Error::TotpNotPending(_)
            | store::Error::NoTotp(_)
            | store::Error::TokenExists(_)
            | store::Error::RoleAbove { .. }
            | store::Error::NotByHand { .. }
            | store::Error::Objections(_)
            | store::Error::TooMany { .. } => Problem::conflict(error.to_string()),
            store::Error::Setting(_)
            | store::Error::TokenName
            | store::Error::NameOfPage(_)
            | store::Error::OrderTooLong { .. }
            | store::Error::NoAddress
            | store::Error::AddressTooWide { .. }
            | store::Error::AddressTwice(_) => Problem::bad_request(error.to_string()),
            _ => self.incident("the store cannot answer now", error).because(Reason::Store),
        };
        problem.because_of(Reason::of_store(error))
    }

    /// Logs a cause under an id, and makes the problem that names the id alone.
    pub(crate) fn incident(&self, detail: &'static str, cause: &(dyn Error + 'static)) -> Problem {
        let count = self.incidents.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:x}-{count}", self.started_at.unix());
        let causes = std::iter::successors(Some(cause), |&cause| cause.source());
        let causes = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        tracing::error!(id, cause = causes, "{detail}");
        Problem::unavailable(detail).with_id(id).because(Reason::Fault)
    }
}
