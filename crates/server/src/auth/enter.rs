//! From a request to whoever asks.
//!
//! **Failure.** A store that cannot answer is 503, never "you are nobody": who gets that signs in again, or stops. A token
//! that is wrong is written down and answered like one that ended or comes from elsewhere. A cookie that is over counts as
//! none: everybody has such a cookie in the morning.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use blocklist::{Hash, Time};
use prefix::Prefix;
use secrecy::zeroize::Zeroizing;
use store::{Attempt, Face, Limits, Outcome, Proof, Role, Store, TokenRow, UserRow};

use super::identity::{Identity, Known, Pending};
use super::{cookie, secret};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::client::Client;

/// The longest token that is looked at.
const MAX_TOKEN: usize = 256;
/// The most of a program's name that is kept, in characters.
const MAX_AGENT: usize = 200;

/// What a request shows.
enum Shown {
    Nothing,
    /// Something that can be no token.
    Malformed,
    Token(Hash),
    Session(Zeroizing<String>),
}

impl Shown {
    /// A token counts before a cookie: whoever sends one means it.
    fn of(headers: &HeaderMap, secure: bool) -> Self {
        let mut fields = headers.get_all(AUTHORIZATION).iter().chain(headers.get_all("x-api-key"));
        if let Some(field) = fields.next() {
            let bytes = field.as_bytes().trim_ascii();
            let bearer = bytes.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case(b"bearer "));
            let text = bearer.map_or(bytes, |_| bytes[7..].trim_ascii());
            // No token holds a space: that is another scheme, or this one without anything after it.
            let one_word = !text.contains(&b' ') && !text.eq_ignore_ascii_case(b"bearer");
            let sound = fields.next().is_none() && one_word && (1..=MAX_TOKEN).contains(&text.len());
            return match std::str::from_utf8(text) {
                Ok(text) if sound => Self::Token(secret::hash(text)),
                _ => Self::Malformed,
            };
        }
        match cookie::read(headers, secure) {
            Some(text) if text.len() <= MAX_TOKEN => Self::Session(Zeroizing::new(text.to_owned())),
            _ => Self::Nothing,
        }
    }
}

impl App {
    /// Who asks; `None` is nobody that is known.
    pub(crate) async fn identify(
        &self,
        client: &Client,
        headers: &HeaderMap,
    ) -> Result<Option<Identity>, Problem> {
        match Shown::of(headers, client.secure) {
            Shown::Malformed => return Err(unknown()),
            Shown::Token(hash) => {
                self.check_way(client)?;
                return self.by_token(hash, client, agent(headers)).await.map(Some);
            }
            Shown::Session(text) => {
                self.check_way(client)?;
                if let Some(identity) = self.by_session(text, client).await? {
                    return Ok(Some(identity));
                }
            }
            Shown::Nothing => {}
        }
        let local = self.accounts().local_role.filter(|_| client.local);
        Ok(local.map(|role| Identity { known: Known::Local, role, address: client.address, pending: None }))
    }

    /// Whether secrets may come this way at all.
    pub(crate) fn check_way(&self, client: &Client) -> Result<(), Problem> {
        if client.secure || client.is_home() || self.accounts().unencrypted {
            return Ok(());
        }
        Err(Problem::forbidden("this connection is not encrypted, so nobody signs in over it")
            .because(Reason::NotEncrypted)
            .with_hint(
                "give the server a certificate (tls.certificate, tls.key), or put a proxy with one in front",
            ))
    }

    /// Whoever has this cookie.
    pub(crate) async fn by_session(
        &self,
        text: Zeroizing<String>,
        client: &Client,
    ) -> Result<Option<Identity>, Problem> {
        let (hash, idle) = (secret::hash(&text), self.accounts().idle);
        let found = self.ask_store(move |store| {
            let found = store.session(&hash, idle)?;
            if let Some((row, _)) = &found {
                store.touch_session(row)?;
            }
            Ok(found)
        });
        let Some((row, user)) = found.await? else { return Ok(None) };
        let pending = self.pending(&user, row.waits_for_code);
        let known = Known::Session {
            user: user.name,
            row: Box::new(row),
            form_token: secret::form_token(&text).into(),
            preferences: user.preferences,
            totp: user.totp,
        };
        Ok(Some(Identity { known, role: user.role, address: client.address, pending }))
    }

    /// What somebody has to do before anything else.
    pub(crate) fn pending(&self, user: &UserRow, waits_for_code: bool) -> Option<Pending> {
        if waits_for_code {
            Some(Pending::Code)
        } else if user.must_change {
            Some(Pending::Password)
        } else if !user.totp && self.accounts().asks_codes_of(user.role) {
            Some(Pending::Enrol)
        } else {
            None
        }
    }

    async fn by_token(
        &self,
        hash: Hash,
        client: &Client,
        agent: Option<String>,
    ) -> Result<Identity, Problem> {
        let (address, now) = (client.address, self.now());
        let found = self.ask_store(move |store| {
            let found = store.token(&hash)?;
            let outcome = match &found {
                None => Outcome::Wrong,
                Some((row, user)) => judge(row, user, address, now),
            };
            match &found {
                Some((row, _)) if outcome == Outcome::Ok => store.touch_token(row, address)?,
                _ => write_down(
                    store,
                    found.as_ref().map(|(row, _)| &*row.name),
                    address,
                    outcome,
                    agent.as_deref(),
                )?,
            }
            Ok(found.filter(|_| outcome == Outcome::Ok))
        });
        let (row, user) = found.await?.ok_or_else(unknown)?;
        let role: Role = row.role.min(user.role);
        let known = Known::Token { token: row.name.into(), user: user.name };
        Ok(Identity { known, role, address, pending: None })
    }
}

fn judge(row: &TokenRow, user: &UserRow, address: Option<IpAddr>, now: Time) -> Outcome {
    if row.revoked_at.is_some() || row.until.is_some_and(|until| until <= now) {
        Outcome::Expired
    } else if user.disabled_at.is_some() {
        Outcome::Disabled
    } else if !row.sources.is_empty() && !address.is_some_and(|address| is_from(&row.sources, address)) {
        Outcome::Place
    } else {
        Outcome::Ok
    }
}

fn is_from(sources: &[String], address: IpAddr) -> bool {
    let address = Prefix::from(address.to_canonical());
    sources.iter().filter_map(|text| text.parse::<Prefix>().ok()).any(|source| source.covers(address))
}

fn write_down(
    store: &Store,
    account: Option<&str>,
    address: Option<IpAddr>,
    outcome: Outcome,
    agent: Option<&str>,
) -> store::Result<()> {
    let attempt = Attempt { face: Face::Api, proof: Proof::Token, account, address, outcome, agent };
    store.attempt(&attempt, &Limits::default()).map(drop)
}

fn unknown() -> Problem {
    Problem::unauthorized("nobody is known by this token")
}

/// With which program, as it says itself.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(MAX_AGENT).collect())
}
