//! The page of a device or a feed again, after something was refused: why stands above it, and what was typed is still there.

use axum::http::StatusCode;

use super::fields::{Typed, Wrong};
use crate::api::problem::Problem;
use crate::pages::View;
use crate::pages::parts::Notice;

/// What stands above the page, and what was typed into it.
#[derive(Default)]
pub(super) struct Again {
    problem: Option<Problem>,
    /// What was typed.
    pub(super) typed: Typed,
    /// Which field is wrong.
    pub(super) wrong: Option<Wrong>,
}

impl Again {
    /// The rules say no, to what was typed if anything was.
    pub(super) fn refused(problem: Problem, typed: Typed) -> Self {
        Self { problem: Some(problem), typed, wrong: None }
    }

    /// A field cannot be read.
    pub(super) fn unread(typed: Typed, wrong: Wrong) -> Self {
        Self { problem: None, typed, wrong: Some(wrong) }
    }

    /// Of the page.
    pub(super) fn status(&self) -> StatusCode {
        match (&self.problem, &self.wrong) {
            (Some(problem), _) => problem.status(),
            (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, None) => StatusCode::OK,
        }
    }

    /// Why, where it is not a field that is wrong.
    pub(super) fn notice(&self, view: View) -> Option<Notice> {
        self.problem.as_ref().map(|problem| Notice::refused(view, problem))
    }
}
