//! `/start`: the first steps of a new house, one page a step.
//!
//! ```text
//! /password --> /start --> the first step that is to do
//!   1 view      language, clock, theme: kept with the account
//!   2 own       the firm's own networks
//!   3 source    where listings come from, run at once
//!   4 device    what reads the list, and what is pasted into it
//!   5 done      what runs now
//! ```
//!
//! Nothing is kept of how far it is: a step is done when what it makes is there, whichever way it came, and each can be
//! passed over and come back to. Only that somebody left the steps is kept, so that they do not come back by themselves.
//!
//! **Failure.** What is refused stands above the step again, with what was typed but for secrets.

pub(crate) mod device;
pub(crate) mod done;
pub(crate) mod own;
pub(crate) mod source;
pub(crate) mod view;
mod walk;
pub(crate) mod watch;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use store::Role;

pub(crate) use walk::{Facts, Step, Walk};

use super::Visit;
use super::error::lead_to;
use super::form::Posted;
use crate::App;
use crate::api::problem::Problem;
use crate::auth::Identity;

/// Nothing but the token.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Nothing {}

/// Leads to the first step that is to do.
pub(crate) async fn begin(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let facts = Facts::of(&app, &visit).await?;
    let next = Step::ALL.into_iter().find(|step| !facts.is_done(*step)).unwrap_or(Step::Done);
    Ok(lead_to(next.path()))
}

/// Leaves the steps.
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Problem> {
    let who = visit.identity.plain();
    app.ask_store(move |store| store.leave_first_steps(&who.actor())).await?;
    Ok(lead_to("/"))
}

impl App {
    /// Where somebody is led who has just set the first password: an admin to the first steps, while there are any.
    pub(crate) async fn first_page(&self, identity: &Identity) -> &'static str {
        if identity.role != Role::Admin {
            return "/";
        }
        let to_do = self.ask_store(|store| {
            let is_over = store.first_steps_left()? || walk::has_source(store)? && walk::has_device(store)?;
            Ok(!is_over)
        });
        // Somebody who has just come in is not shown a fault for this.
        if to_do.await.unwrap_or(false) { "/start" } else { "/" }
    }
}
