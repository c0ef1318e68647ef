//! One HTTP request, from names to body, for feeds and portals alike.
//!
//! ```text
//! Request -> try again (GET only) -> follow redirects -> client (TLS, proxy, names) -> status -> body, counted -> Answer
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`request`] | what is asked, with what secrets, within which limits |
//! | [`answer`] | what came; the body in memory or in an unnamed file |
//! | `client` | reqwest clients, one for each authority file, proxy and reach |
//! | [`names`] | names to addresses, without the C library |
//! | `redirect` | whether a redirect is followed, and what is sent there |
//! | `cause` | errors and statuses to causes |
//! | [`patience`] | how long is waited for what |
//!
//! # What holds for every request
//! TLS is always verified. Nothing is taken from environment variables, no cookie is kept, no body is unpacked.
//! A secret goes to the origin it was meant for and nowhere else, and is in no error: texts name an address
//! without its query.
//!
//! # Failure
//! [`Trouble::Unreachable`], [`Trouble::NameUnknown`] and [`Trouble::Tls`] mean that not one byte of the request was
//! sent. After any other failure the server may have acted on it: whoever sends a login has to count it as sent.

pub mod answer;
mod cause;
mod client;
pub mod names;
pub mod patience;
mod redirect;
pub mod request;

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use blocklist::Clock;
use reqwest::Response;
use url::Url;

pub use answer::{Answer, Body};
pub(crate) use cause::{local, shown};
pub use names::Names;
pub use patience::Patience;
pub use request::{Request, Statuses};

use crate::source::settings::is_loopback;
use crate::trouble::Class;
use crate::{Failure, Trouble};
use answer::Filling;
use client::{Clients, Route};
use redirect::Hop;

/// The way out of this machine. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Network {
    clients: Arc<Clients>,
    clock: Arc<dyn Clock>,
    patience: Patience,
    /// Where bodies go that are too large for memory.
    spool: Arc<PathBuf>,
    proxy: Option<Url>,
}

impl Network {
    /// Bodies over 8 MiB go into unnamed files in `spool`; `clock` reads the dates of `Retry-After`.
    pub fn new(spool: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        let patience = Patience::default();
        let clients = Arc::new(Clients::new(Names::system(), patience.connect));
        Self { clients, clock, patience, spool: Arc::new(spool.into()), proxy: None }
    }

    /// The proxy of requests that name none; addresses of this machine itself are asked directly.
    #[must_use]
    pub fn with_proxy(mut self, proxy: Option<Url>) -> Self {
        self.proxy = proxy;
        self
    }

    /// With other waits: tests are in a hurry.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.clients = Arc::new(Clients::new(self.clients.names().clone(), patience.connect));
        self.patience = patience;
        self
    }

    /// With other names.
    #[must_use]
    pub fn with_names(mut self, names: Names) -> Self {
        self.clients = Arc::new(Clients::new(names, self.patience.connect));
        self
    }

    /// Sends the request and takes the answer whole, or says what went wrong.
    ///
    /// Statuses that the request does not want ([`Statuses`]) are failures. A GET is tried again, at most
    /// [`Request::retries`] times, after what may pass by itself; nothing else ever is.
    pub async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        tokio::select! {
            biased;
            () = request.cancel.clone().cancelled_owned() => Err(Failure::new(Trouble::Interrupted)),
            answer = self.tries(request) => answer,
        }
    }

    async fn tries(&self, request: &Request) -> Result<Answer, Failure> {
        let patience = &self.patience;
        let again = if request.is_harmless() { request.retries } else { 0 };
        let mut waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(patience.first)
            .with_factor(patience.factor)
            .with_max_delay(patience.longest)
            .with_max_times(again.into())
            .build();
        loop {
            let failure = match self.in_time(request).await {
                Err(failure) if is_worth_a_try(&failure, patience.longest) => failure,
                end => return end,
            };
            let Some(wait) = waits.next() else { return Err(failure) };
            // The server's wish counts when it is longer than the own wait.
            let wait = wait.max(failure.retry_after.unwrap_or_default());
            tracing::debug!(%failure, ?wait, "tried again");
            (patience.sleep)(wait).await;
        }
    }

    async fn in_time(&self, request: &Request) -> Result<Answer, Failure> {
        match tokio::time::timeout(request.timeout, self.follow(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(cause::late(&request.url, "the whole answer", request.timeout)),
        }
    }

    async fn follow(&self, request: &Request) -> Result<Answer, Failure> {
        let proxy =
            request.proxy.clone().or_else(|| self.proxy.clone().filter(|_| !is_loopback(&request.url)));
        let mut route = Route::new(request.ca_file.as_deref(), proxy).await?;
        let mut hop = Hop::first(request)?;
        loop {
            let client = self.clients.get(&route)?;
            let sent = hop.request(&client, request).send().await;
            let response = sent.map_err(|error| cause::of_request(error, &hop.url))?;
            match hop.next(&response, &mut route)? {
                Some(next) => hop = next,
                None => return self.take(request, &hop, response).await,
            }
        }
    }

    /// Judges the status and takes the body.
    async fn take(&self, request: &Request, hop: &Hop, mut response: Response) -> Result<Answer, Failure> {
        let (url, limit) = (&hop.url, request.limit);
        if let Some(failure) = cause::of_status(request, hop, &response, self.clock.now()) {
            return Err(failure);
        }
        if let Some(declared) = response.content_length().filter(|declared| *declared > limit) {
            return Err(cause::too_large(url, Some(declared), limit));
        }
        let mut body = Filling::new(Arc::clone(&self.spool), request.in_memory);
        loop {
            let Ok(chunk) = tokio::time::timeout(self.patience.stall, response.chunk()).await else {
                return Err(cause::late(url, "a further byte", self.patience.stall));
            };
            let Some(chunk) = chunk.map_err(|error| cause::of_request(error, url))? else { break };
            if body.len() + chunk.len() as u64 > limit {
                return Err(cause::too_large(url, None, limit));
            }
            body.push(&chunk).await.map_err(local)?;
        }
        let body = body.finish().await.map_err(local)?;
        let headers = std::mem::take(response.headers_mut());
        Ok(Answer { status: response.status(), url: hop.url.clone(), headers, body })
    }
}

/// Whether the same request may succeed in a moment. A full disk is not better in a second, and a server that asks for
/// a long wait is asked again by the timetable.
fn is_worth_a_try(failure: &Failure, longest: Duration) -> bool {
    failure.trouble.class() == Class::Retry
        && failure.trouble != Trouble::Local
        && failure.retry_after.is_none_or(|wait| wait <= longest)
}

impl Debug for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("spool", &self.spool).finish_non_exhaustive()
    }
}
