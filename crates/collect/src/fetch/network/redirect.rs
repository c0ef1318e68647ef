//! Whether a redirect is followed, and what is sent there.
//!
//! A redirect never leads from TLS to plain HTTP, and never from a public address into private or special space: else
//! any feed could make this machine read what only it can reach. Secrets go to the origin that they were meant for;
//! once the way has left it they are gone, also when it comes back. A form is sent to no other origin at all.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderValue, LOCATION, PROXY_AUTHORIZATION};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret as _;
use url::{Host, Url};

use super::cause::shown;
use super::client::Route;
use super::names::is_special;
use super::request::Request;
use crate::{Failure, Trouble};

/// One step of the way to an answer.
pub(super) struct Hop {
    /// Where it goes, without the secret query parameter.
    pub(super) url: Url,
    /// A secret goes along.
    pub(super) sends_secret: bool,
    method: Method,
    /// Still at the origin of the request.
    home: bool,
    left: u8,
}

impl Hop {
    /// The first step.
    pub(super) fn first(request: &Request) -> Result<Self, Failure> {
        let url = request.url.clone();
        if !matches!(url.scheme(), "http" | "https") || has_userinfo(&url) {
            return Err(Failure::new(Trouble::Settings)
                .with(format!("{}: only http and https without a user name", shown(&url))));
        }
        let secret = request.query.is_some() || request.headers.values().any(HeaderValue::is_sensitive);
        let method = request.method.clone();
        Ok(Self { url, sends_secret: secret, method, home: true, left: request.redirects })
    }

    /// What is sent in this step.
    pub(super) fn request(&self, client: &Client, request: &Request) -> RequestBuilder {
        let mut url = self.url.clone();
        let mut headers = request.headers.clone();
        if self.home {
            if let Some((name, value)) = &request.query {
                url.query_pairs_mut().append_pair(name, value.expose_secret());
            }
        } else {
            for header in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
                headers.remove(header);
            }
            let secret: Vec<_> = headers
                .iter()
                .filter(|(_, value)| value.is_sensitive())
                .map(|(name, _)| name.clone())
                .collect();
            for name in secret {
                headers.remove(name);
            }
        }
        let form = request.form.as_ref().filter(|_| self.method == request.method);
        if form.is_none() {
            headers.remove(CONTENT_TYPE);
        }
        let builder = client.request(self.method.clone(), url).headers(headers);
        match form {
            Some(form) => builder.body(form.as_bytes().to_vec()),
            None => builder,
        }
    }

    /// The next step, if the answer is a redirect that is to be followed; `None` is the end of the way.
    pub(super) fn next(&self, response: &Response, route: &mut Route) -> Result<Option<Self>, Failure> {
        let keeps_method = match response.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
                self.method == Method::GET || self.method == Method::HEAD
            }
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
            _ => return Ok(None),
        };
        if self.left == 0 {
            return Ok(None);
        }
        let refuse = |why: &str, to: Option<&Url>| {
            let to = to.map(|to| format!(" to {}", shown(to))).unwrap_or_default();
            Err(Failure::new(Trouble::Redirect).with(format!("{}{to}: {why}", shown(&self.url))))
        };
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(mut url) = location.and_then(|location| self.url.join(location).ok()) else {
            return refuse("it names no address", None);
        };
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") || has_userinfo(&url) {
            return refuse("only http and https without a user name", Some(&url));
        }
        if self.url.scheme() == "https" && url.scheme() == "http" {
            return refuse("from TLS to plain HTTP", Some(&url));
        }
        // Judged by where the answer really came from; behind a proxy only by what the address says. What was public
        // once on the way stays so.
        let came_from = response.remote_addr().filter(|_| route.proxy.is_none());
        route.public_only |= match came_from {
            Some(peer) => !is_special(peer.ip()),
            None => !names_special(&self.url),
        };
        if route.public_only && names_special(&url) {
            return refuse("from a public address to one that is not", Some(&url));
        }
        let home = self.home && url.origin() == self.url.origin();
        let method = if keeps_method { self.method.clone() } else { Method::GET };
        if !home && method != Method::GET && method != Method::HEAD {
            return refuse("what was sent is not for another server", Some(&url));
        }
        let sends_secret = self.sends_secret && home;
        Ok(Some(Self { url, sends_secret, method, home, left: self.left - 1 }))
    }
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether the address itself, without a resolver, names something that is not public.
fn names_special(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => is_special(address.into()),
        Some(Host::Ipv6(address)) => is_special(address.into()),
        None => true,
    }
}
