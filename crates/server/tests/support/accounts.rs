//! People who are signed in, with cookie and form token, and programs that send a token.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use blocklist::{FixedClock, Hash, Time};
use collect::random::{Random, SystemRandom};
use collect::vault::{KeySource, Vault};
use secrecy::ExposeSecret;
use serde_json::Value;
use server::{AccountRules, App, Budget, Passwords, hash_secret, new_token};
use store::{Actor, NewToken, Role, Store, UserName};
use tempfile::TempDir;

use super::{Answer, PUBLISHED, Rig};

/// The password of everybody here. Not a secret: no such account is anywhere else.
pub const PASSWORD: &str = "corner lamp seven otter";
/// Who sets accounts up.
pub const SETUP: Actor<'static> = Actor { by: "setup", note: None, address: None };
/// The cookie of a session on a way that is not encrypted.
pub const COOKIE: &str = "blacklist_session";

/// An app with a store and a key of its own.
pub struct Desk {
    pub rig: Rig,
    pub store: Arc<Store>,
    pub dir: TempDir,
}

impl Desk {
    /// Nobody does anything here who is not signed in: the rules are those of a program that nobody configured, but that
    /// this machine may nothing.
    pub fn new() -> Self {
        Self::with(AccountRules { local_role: None, ..AccountRules::default() })
    }

    pub fn with(rules: AccountRules) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED + 3_600)));
        let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
        let key = KeySource::in_directory(dir.path());
        let open = move |create| Vault::open(&KeySource { create, ..key.clone() }, Arc::new(SystemRandom));
        let app = App::new(Some(store.clone()), clock.clone(), Budget::default(), "0.0.0-test");
        let app = app.with_accounts(rules).with_passwords(passwords()).with_vault(Box::new(open));
        Self { rig: Rig::strict(app, clock), store, dir }
    }

    /// Time goes on.
    pub fn later(&self, seconds: i64) {
        self.rig.clock.set(self.rig.clock_now().plus_seconds(seconds));
    }

    /// An account with the [`PASSWORD`].
    pub fn person(&self, name: &str, role: Role) -> UserName {
        person(&self.store, name, role)
    }

    /// Somebody of this role, who came in a moment ago. Their name is the role's.
    pub fn signed_in(&self, role: Role) -> Browser {
        self.rig.signed_in(role)
    }

    /// The same, with the one-time code still to come.
    pub fn half_signed_in(&self, role: Role) -> Browser {
        self.rig.half_signed_in(role)
    }

    /// A token of an admin that may do what this role may. Its name is the role's.
    pub fn token(&self, role: Role) -> String {
        let owner = person(&self.store, "robots", Role::Admin);
        let (secret, hint) = new_token(&SystemRandom).unwrap();
        let new = NewToken {
            name: role.to_string(),
            hash: hash_secret(secret.expose_secret()),
            hint,
            role,
            user: owner,
            sources: Vec::new(),
            until: None,
        };
        self.store.add_token(&new, &SETUP).unwrap();
        secret.expose_secret().to_owned()
    }
}

/// Quick ones.
pub fn passwords() -> Passwords {
    Passwords::with_cost(8, 1)
}

/// The account of this name; it is made where there is none.
pub fn person(store: &Store, name: &str, role: Role) -> UserName {
    let name: UserName = name.parse().unwrap();
    if store.user(&name).unwrap().is_none() {
        let password = passwords().hash_now(&PASSWORD.into(), &SystemRandom).unwrap();
        store.add_user(&name, role, &password, false, None, &SETUP).unwrap();
    }
    name
}

impl Rig {
    /// The time of the app.
    pub fn clock_now(&self) -> Time {
        self.app.now()
    }

    /// Somebody of this role, who came in a moment ago. Their name is the role's.
    pub fn signed_in(&self, role: Role) -> Browser {
        self.with_session(role, false)
    }

    /// The same, with the one-time code still to come.
    pub fn half_signed_in(&self, role: Role) -> Browser {
        self.with_session(role, true)
    }

    fn with_session(&self, role: Role, waits_for_code: bool) -> Browser {
        let store = self.app.store().expect("a rig with a store");
        let name = person(store, role.as_str(), role);
        let mut random = [0; 32];
        SystemRandom.fill(&mut random).unwrap();
        let secret = Hash(random).to_string();
        let ends_at = self.app.now().plus_seconds(12 * 3_600);
        let (address, agent) = (Some([127, 0, 0, 1].into()), Some("a test"));
        store.open_session(&hash_secret(&secret), &name, waits_for_code, ends_at, address, agent).unwrap();
        self.browser(&secret)
    }

    /// A browser with this cookie.
    pub fn browser(&self, secret: &str) -> Browser {
        Browser {
            rig: self.clone(),
            secret: Mutex::new(secret.to_owned()),
            peer: ([127, 0, 0, 1], 50_000).into(),
        }
    }
}

/// A browser with the cookie of a session, on this machine. It keeps a cookie that an answer sets.
pub struct Browser {
    pub rig: Rig,
    secret: Mutex<String>,
    peer: SocketAddr,
}

impl Browser {
    /// The same at another machine.
    pub fn at(mut self, peer: &str) -> Self {
        self.peer = peer.parse().unwrap();
        self
    }

    /// What the cookie holds.
    pub fn secret(&self) -> String {
        self.secret.lock().unwrap().clone()
    }

    /// The field `Cookie`.
    pub fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.secret())
    }

    /// What forms and requests carry that change something.
    pub fn csrf(&self) -> String {
        Hash::of(format!("form\n{}", self.secret()).as_bytes()).to_string()
    }

    /// A page, or something of the API.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("accept", accept(path)), Body::empty()).await
    }

    /// A form of a page of this server, with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf()).extend_pairs(fields);
        let request = Request::post(path)
            .header("accept", accept(path))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(form.finish())).await
    }

    /// To the API, with the token that such a request carries.
    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-csrf-token", self.csrf())
            .header("content-type", "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// The same without a body.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Request::delete(path).header("x-csrf-token", self.csrf()), Body::empty()).await
    }

    /// A request that may lack something.
    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header("host", "127.0.0.1:2542").header("cookie", self.cookie());
        let answer = self.rig.send(request.extension(ConnectInfo(self.peer)).body(body).unwrap()).await;
        if let Some(secret) = set_cookie(&answer) {
            *self.secret.lock().unwrap() = secret;
        }
        answer
    }
}

/// What an answer sets as the cookie of a session, if it does.
pub fn set_cookie(answer: &Answer) -> Option<String> {
    let field = answer.header("set-cookie").strip_prefix(&format!("{COOKIE}="))?;
    field.split(';').next().map(str::to_owned)
}

fn accept(path: &str) -> &'static str {
    if path.starts_with("/api/") { "application/json" } else { "text/html" }
}

/// A page in English.
pub async fn english(browser: &Browser, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html").header("accept-language", "en");
    browser.send(request, Body::empty()).await
}
