//! The other end of a request, as far as it can be told.

use std::net::IpAddr;

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
