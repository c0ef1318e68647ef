//! Why the collector did not do what was asked, as problems.

use collect::collector::{CollectError, KeyError};
use collect::vault::VaultError;
use collect::{Failure, Trouble};

use super::problem::Problem;
use super::reason::Reason;
use crate::App;

impl App {
    /// What a portal or a server said, by the cause that the manuals explain. What is wrong with this machine is for its
    /// log.
    pub(crate) fn failed(&self, failure: &Failure) -> Problem {
        let info = failure.trouble.info();
        let problem = match failure.trouble {
            Trouble::Local | Trouble::VaultLocked => self.incident(info.english, failure),
            Trouble::Interrupted => Problem::unavailable(info.english),
            _ => Problem::unprocessable(failure.to_string()),
        };
        problem.with_trouble(failure.trouble)
    }

    /// Why it was not even tried.
    pub(crate) fn not_tried(&self, error: CollectError) -> Problem {
        let reason = Reason::of_collector(&error);
        let problem = match error {
            CollectError::NoSource(_) => Problem::not_found(error.to_string()),
            CollectError::Store(error) => self.store_problem(&error),
            CollectError::Settings { ref cause, .. } => Problem::conflict(format!("{error}: {cause}")),
            CollectError::NotFetched(_) | CollectError::Order(_) | CollectError::Busy(_) => {
                Problem::conflict(error.to_string())
            }
        };
        problem.because_of(reason)
    }

    /// Why a credential was not kept.
    pub(crate) fn not_kept(&self, error: KeyError) -> Problem {
        match error {
            KeyError::Collect(error) => self.not_tried(error),
            KeyError::Bad(bad) => Problem::bad_request(bad.to_string()).because(Reason::of_credential(&bad)),
            KeyError::Vault(error) => self.locked(error),
        }
    }

    fn locked(&self, error: VaultError) -> Problem {
        self.failed(&Failure::from(error))
    }
}
