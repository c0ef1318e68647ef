//! The other end of a request, as far as it can be told.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::guard;

/// The other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// From which address.
    pub address: Option<IpAddr>,
    /// Whether nobody on the way can read it.
    pub secure: bool,
    /// A program on this machine, that speaks to it as such.
    pub local: bool,
    /// Whether a proxy brought it.
    pub via_proxy: bool,
}

impl Client {
    /// Whether the connection begins on this machine, whoever it is.
    pub(crate) fn is_home(&self) -> bool {
        self.address.is_some_and(|address| address.is_loopback()) && !self.via_proxy
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(guard::client(&parts.extensions, &parts.uri, &parts.headers))
    }
}
