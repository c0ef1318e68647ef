//! The canonical text: hosts bare, networks with their length, IPv6 by RFC 5952.

use std::fmt::{self, Debug, Display, Formatter};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::prefix::Either;
use crate::{Net4, Net6, Prefix};

impl Display for Net4 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Ipv4Addr::from(self.first()))?;
        if self.is_host() { Ok(()) } else { write!(f, "/{}", self.len()) }
    }
}

impl Display for Net6 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // std writes RFC 5952, but the mapped and compatible forms with dots; canonical prefixes hold no mapped
        // address, and a compatible one (::/96) is written with dots by every tool that reads this.
        write!(f, "{}", Ipv6Addr::from(self.first()))?;
        if self.is_host() { Ok(()) } else { write!(f, "/{}", self.len()) }
    }
}

impl Display for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.split() {
            Either::V4(net) => Display::fmt(&net, f),
            Either::V6(net) => Display::fmt(&net, f),
        }
    }
}

impl Debug for Net4 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Debug for Net6 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Debug for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
