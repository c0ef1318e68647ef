//! What is asked, with what secrets, within which limits.

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tokio_util::sync::CancellationToken;
use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use super::cause::shown;
use crate::source::Settings;
use crate::{Failure, Trouble};

/// Which statuses are an [`Answer`](super::Answer); all others are failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statuses {
    /// Those that bring what was asked for: 2xx and 304.
    #[default]
    Good,
    /// All but 429 and 5xx: whoever asks looks at redirects and refusals itself.
    Explained,
    /// All of them.
    All,
}

/// One request.
///
/// Without further word it follows no redirect, is not tried again, and takes at most 64 MiB in at most a minute.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) query: Option<(String, SecretString)>,
    pub(super) form: Option<Zeroizing<String>>,
    pub(super) statuses: Statuses,
    pub(super) redirects: u8,
    pub(super) limit: u64,
    pub(super) timeout: Duration,
    pub(super) retries: u8,
    pub(super) in_memory: bool,
    pub(super) repeatable: bool,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) proxy: Option<Url>,
    pub(super) cancel: CancellationToken,
}

impl Request {
    /// A request of any method.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            query: None,
            form: None,
            statuses: Statuses::Good,
            redirects: 0,
            limit: 64 << 20,
            timeout: Duration::from_mins(1),
            retries: 0,
            in_memory: false,
            repeatable: false,
            ca_file: None,
            proxy: None,
            cancel: CancellationToken::new(),
        }
    }

    /// A GET.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST; a form comes by [`field`](Self::field).
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Time, size, retries, proxy and authority file as the source has them; its redirects not, for portals look at
    /// each themselves.
    #[must_use]
    pub fn as_set(mut self, settings: &Settings) -> Self {
        self.timeout = settings.timeout.as_duration();
        self.limit = settings.max_bytes;
        self.retries = settings.retries;
        self.ca_file.clone_from(&settings.ca_file);
        self.proxy.clone_from(&settings.proxy);
        self
    }

    /// With a header that is no secret, in place of one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With a header that is a secret: sent to the origin of the address only, and never shown.
    pub fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Result<Self, Failure> {
        // What a header cannot hold is a line break or the like, typed in with the credential.
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
            Failure::new(Trouble::Settings)
                .with(format!("the credential does not fit into the header {name}"))
        })?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// With HTTP Basic.
    pub fn basic(self, username: &str, password: &SecretString) -> Result<Self, Failure> {
        let pair = Zeroizing::new(format!("{username}:{}", password.expose_secret()));
        let value = SecretString::from(format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes())));
        self.secret_header(AUTHORIZATION, &value)
    }

    /// With a query parameter that is a secret: added when the request is sent, to the origin of the address only.
    #[must_use]
    pub fn secret_query(mut self, name: impl Into<String>, value: SecretString) -> Self {
        self.query = Some((name.into(), value));
        self
    }

    /// With a further field of the form.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        let form = self.form.get_or_insert_default();
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(byte_serialize(name.as_bytes()));
        form.push('=');
        form.extend(byte_serialize(value.as_bytes()));
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        self
    }

    /// With a further field of the form that is a secret. A form is never shown, so this only opens the secret.
    #[must_use]
    pub fn secret_field(self, name: &str, value: &SecretString) -> Self {
        self.field(name, value.expose_secret())
    }

    /// Which statuses are an answer.
    #[must_use]
    pub fn statuses(mut self, statuses: Statuses) -> Self {
        self.statuses = statuses;
        self
    }

    /// Follows at most so many redirects.
    #[must_use]
    pub fn redirects(mut self, redirects: u8) -> Self {
        self.redirects = redirects;
        self
    }

    /// Takes at most so many bytes of body.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The whole answer, redirects and all, must be there in this time; each try has as much.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Tries after the first. Only a GET, and what is [`repeatable`](Self::repeatable), is ever tried again.
    #[must_use]
    pub fn retries(mut self, retries: u8) -> Self {
        self.retries = retries;
        self
    }

    /// A POST that only reads: sending it twice does no more than sending it once.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The body never touches a disk: for answers that hold a secret.
    #[must_use]
    pub fn in_memory(mut self) -> Self {
        self.in_memory = true;
        self
    }

    /// Trusts the authorities of this PEM file beside the public ones.
    #[must_use]
    pub fn ca_file(mut self, file: Option<PathBuf>) -> Self {
        self.ca_file = file;
        self
    }

    /// Goes through this proxy.
    #[must_use]
    pub fn proxy(mut self, proxy: Option<Url>) -> Self {
        self.proxy = proxy;
        self
    }

    /// Stops when this is cancelled.
    #[must_use]
    pub fn cancel(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// Whether sending it twice does no more than sending it once.
    pub(super) fn is_harmless(&self) -> bool {
        self.repeatable || self.method == Method::GET && self.form.is_none()
    }
}

impl Debug for Request {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Headers, query and form are left out, not masked: what is not written cannot be written by mistake.
        write!(f, "Request({} {})", self.method, shown(&self.url))
    }
}
