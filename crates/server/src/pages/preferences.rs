//! How somebody wants to see the pages: language, zone and theme.
//!
//! Whoever is signed in has them with their account, so that every browser shows the same. A cookie of the browser has them
//! too: for the page for signing in, and for who is signed out. What an account keeps comes before the cookie, and the
//! cookie before what the browser asks for.
//!
//! ```text
//! users.preferences   {"language":"en","zone":"utc","theme":"dark"}
//! the cookie          en.utc.dark
//! ```
//!
//! What is wrong in either is as if it were absent.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderValue, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use store::UserName;

use super::form::Posted;
use super::view::{Language, Zone};
use super::visit::Visit;
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{Identity, Known};

/// The cookie's name.
const NAME: &str = "blacklist-view";
/// A year.
const MAX_AGE: u32 = 31_536_000;
/// What an account keeps, by name.
const KEYS: [&str; 3] = ["language", "zone", "theme"];

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the reader's system has it.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// Its name in the page and in the cookie.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// The three choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// Korean, unless somebody chose otherwise or their browser asks for English first.
    pub(crate) language: Language,
    /// KST, unless somebody chose otherwise.
    pub(crate) zone: Zone,
    /// As the system has it, unless somebody chose otherwise.
    pub(crate) theme: Theme,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { language: Language::Korean, zone: Zone::default(), theme: Theme::default() }
    }
}

impl Preferences {
    /// What a request's cookie says, and where it says nothing, what the browser asks for.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut chosen = Self { language: accepted(headers), ..Self::default() };
        let fields = headers.get_all(COOKIE).iter().filter_map(|field| field.to_str().ok());
        let cookies = fields.flat_map(|field| field.split(';'));
        let value =
            cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == NAME);
        for word in value.map_or("", |(_, value)| value).split('.') {
            chosen.choose(word);
        }
        chosen
    }

    /// The same for whoever asks: what an account keeps comes first.
    pub(crate) fn seen_by(identity: Option<&Identity>, headers: &HeaderMap) -> Self {
        let mut chosen = Self::of(headers);
        if let Some(Known::Session { preferences, .. }) = identity.map(|identity| &identity.known) {
            for word in KEYS.iter().filter_map(|key| preferences.get(key)?.as_str()) {
                chosen.choose(word);
            }
        }
        chosen
    }

    /// Whether an account keeps all of them.
    pub(crate) fn are_kept(identity: &Identity) -> bool {
        match &identity.known {
            Known::Session { preferences, .. } => KEYS.iter().all(|key| preferences.get(key).is_some()),
            Known::Local | Known::Token { .. } => false,
        }
    }

    /// As an account keeps them.
    fn to_json(self) -> Value {
        let [language, zone, theme] = self.words();
        json!({"language": language, "zone": zone, "theme": theme})
    }

    /// Takes a word of the cookie; one that is none changes nothing.
    pub(crate) fn choose(&mut self, word: &str) {
        match word {
            "ko" => self.language = Language::Korean,
            "en" => self.language = Language::English,
            "kst" => self.zone = Zone::Kst,
            "utc" => self.zone = Zone::Utc,
            "system" => self.theme = Theme::System,
            "dark" => self.theme = Theme::Dark,
            "light" => self.theme = Theme::Light,
            _ => {}
        }
    }

    fn words(self) -> [&'static str; 3] {
        let language = if self.language == Language::Korean { "ko" } else { "en" };
        let zone = if self.zone == Zone::Kst { "kst" } else { "utc" };
        [language, zone, self.theme.name()]
    }

    fn cookie(self) -> String {
        let [language, zone, theme] = self.words();
        format!("{NAME}={language}.{zone}.{theme}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax")
    }
}

/// The first of the two languages that the browser names, in its own order; the weights only repeat that.
fn accepted(headers: &HeaderMap) -> Language {
    let field = headers.get(ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok()).unwrap_or("");
    let mut codes = field.split(',').map(|tag| tag.trim().get(..2).unwrap_or("").to_ascii_lowercase());
    match codes.find(|code| code == "ko" || code == "en").as_deref() {
        Some("en") => Language::English,
        _ => Language::Korean,
    }
}

/// One press of a switch.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    /// What was chosen: a word of the cookie.
    #[serde(default)]
    set: String,
    /// The page to go back to.
    #[serde(default)]
    next: String,
}

/// `GET /preferences?set=en&next=/ip`: keeps the choice in the browser and goes back. It comes by GET because it changes
/// nothing but a cookie of whoever asks.
pub(crate) async fn choose(headers: HeaderMap, Query(choice): Query<Choice>) -> Response {
    let mut chosen = Preferences::of(&headers);
    chosen.choose(&choice.set);
    back(chosen, &choice.next)
}

/// `POST /preferences`: keeps the choice with the account, and in the browser for when nobody is signed in.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(choice): Posted<Choice>,
) -> Result<Response, Problem> {
    let mut chosen = visit.preferences();
    chosen.choose(&choice.set);
    app.keep_preferences(&visit.identity, chosen).await?;
    Ok(back(chosen, &choice.next))
}

impl App {
    /// Keeps them with the account of whoever is signed in.
    pub(crate) async fn keep_preferences(
        &self,
        identity: &Identity,
        chosen: Preferences,
    ) -> Result<(), Problem> {
        let Some(user) = identity.user() else { return Ok(()) };
        let user: UserName = user.clone();
        self.ask_store(move |store| store.set_preferences(&user, &chosen.to_json())).await
    }
}

/// Leads back to the page, with the cookie.
pub(crate) fn back(chosen: Preferences, next: &str) -> Response {
    let next = local(next).and_then(|next| HeaderValue::from_str(next).ok());
    let next = next.unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, next)]).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&chosen.cookie()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// A path of this server. `//host` and `/\host` are addresses of others to a browser.
pub(crate) fn local(next: &str) -> Option<&str> {
    let is_visible = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (next.starts_with('/') && !next.starts_with("//") && is_visible).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn what_is_chosen_comes_back() {
        let chosen = Preferences { language: Language::English, zone: Zone::Utc, theme: Theme::Light };
        let cookie = chosen.cookie();
        let sent = format!("other=1; {}; last=dark", cookie.split(';').next().unwrap());
        assert_eq!(Preferences::of(&headers(&[("cookie", &sent)])), chosen);
    }

    #[test]
    fn without_a_choice_the_browser_says_the_language_and_nonsense_changes_nothing() {
        assert_eq!(Preferences::of(&HeaderMap::new()), Preferences::default());
        let english =
            headers(&[("accept-language", "de, EN-gb;q=0.8, ko;q=0.5"), ("cookie", "blacklist-view=x..y")]);
        assert_eq!(Preferences::of(&english).language, Language::English);
        assert_eq!(Preferences::of(&headers(&[("accept-language", "ko-KR,en")])).language, Language::Korean);
    }

    #[test]
    fn a_switch_leads_to_this_server_only() {
        for good in ["/", "/ip?q=1.2.3.4&page=2"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in ["", "ip", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/a\r\nb"]
        {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }
}
