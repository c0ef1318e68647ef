//! `Display` and `Debug`: the [canonical text](crate::write).

use std::fmt::{self, Debug, Display, Formatter};

use crate::{Address, Net, Prefix, Range, write};

impl<A: Address> Display for Net<A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        text(f, |out| write::push_net(out, *self))
    }
}

impl<A: Address> Display for Range<A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        text(f, |out| write::push_range(out, *self))
    }
}

impl Display for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        text(f, |out| write::push_prefix(out, *self))
    }
}

impl<A: Address> Debug for Net<A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Debug for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// Pads as the format asks; what is written by the million goes through [`write`](crate::write) instead.
fn text(f: &mut Formatter<'_>, push: impl FnOnce(&mut Vec<u8>)) -> fmt::Result {
    let mut out = Vec::with_capacity(96);
    push(&mut out);
    f.pad(std::str::from_utf8(&out).map_err(|_| fmt::Error)?)
}
