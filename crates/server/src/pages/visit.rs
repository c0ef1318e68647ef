//! One request for a page: who, with whose eyes, and where they are.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;

use super::nav::Page;
use super::preferences::Preferences;
use super::rights::seen_at;
use super::shell::{Shell, Who};
use super::view::View;
use super::words::Common;
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{Identity, Known, writes};

/// What a handler of a page works with.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// Who asks. Pages are for people who signed in: the guard lets nobody else through.
    pub(crate) identity: Identity,
    /// Language, zone, and the time now.
    pub(crate) view: View,
    preferences: Preferences,
    path: String,
    turn: u64,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let identity = <Identity as FromRequestParts<Arc<App>>>::from_request_parts(parts, app).await?;
        let preferences = Preferences::seen_by(Some(&identity), &parts.headers);
        let view = View { language: preferences.language, zone: preferences.zone, now: app.now() };
        let route = parts.extensions.get::<MatchedPath>();
        let path = match route.filter(|_| writes(&parts.method)) {
            Some(route) => seen_at(route.as_str(), parts.uri.path()),
            None => parts.uri.path_and_query().map_or("/", |path| path.as_str()),
        };
        let path = path.to_owned();
        Ok(Self { identity, view, preferences, path, turn: app.events.turn() })
    }
}

impl Visit {
    /// What forms bring back.
    pub(crate) fn form_token(&self) -> &str {
        match &self.identity.known {
            Known::Session { form_token, .. } => form_token,
            Known::Local | Known::Token { .. } => "",
        }
    }

    /// How they want to see pages.
    pub(crate) fn preferences(&self) -> Preferences {
        self.preferences
    }

    /// The words that all pages share.
    pub(crate) fn common(&self) -> &'static Common {
        Common::of(self.view.language)
    }

    /// The frame of the page.
    pub(crate) fn shell(&self, app: &App, page: Page) -> Shell {
        let who = self.identity.user().map(|user| Who { name: user.to_string(), role: self.identity.role });
        Shell {
            who,
            view: self.view,
            theme: self.preferences.theme,
            csrf: self.form_token().to_owned(),
            path: self.path.clone(),
            turn: self.turn,
            page,
            badges: app.badges(),
            version: app.version,
            serial: app.live().map(|live| live.head().serial),
            assets: app.assets.urls(),
        }
    }
}
