//! The neighbourhood: which addresses of the same /24 are published, as a square of 16 by 16; of IPv6 the prefixes of the
//! same /64.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use blocklist::Publication;
use prefix::prefix::Either;
use prefix::{Net, Net4, Prefix};

use crate::pages::{View, words};

/// Addresses of a side.
const SIDE: u32 = 16;
/// The side of a cell, and the room between two, in the units of the picture.
const CELL: u32 = 14;
const STEP: u32 = 16;
/// The most prefixes that are named.
pub(super) const NAMED: usize = 50;

/// The square.
pub(super) struct Grid {
    net: Net4,
    asked: Prefix,
    published: Vec<bool>,
    view: View,
}

/// What lies around an address.
pub(super) enum Near {
    /// The /24 of an IPv4 address.
    Grid(Grid),
    /// The published prefixes around an IPv6 one.
    List(Vec<Prefix>),
    /// It is wider than its neighbourhood would be.
    Wide,
}

impl Near {
    /// Of a prefix, in a publication.
    pub(super) fn of(view: View, publication: &Publication, asked: Prefix) -> Self {
        match asked.split() {
            Either::V4(net) => match Net::new(net.first(), 24).filter(|_| net.len() >= 24) {
                Some(around) => Self::Grid(Grid::of(view, publication, around, asked)),
                None => Self::Wide,
            },
            Either::V6(net) => match Net::new(net.first(), 64).filter(|_| net.len() >= 64) {
                Some(around) => {
                    let inside = publication.inside(around.into()).map(|at| publication.prefix(at));
                    Self::List(inside.filter(|prefix| *prefix != asked).take(NAMED).collect())
                }
                None => Self::Wide,
            },
        }
    }
}

impl Grid {
    fn of(view: View, publication: &Publication, net: Net4, asked: Prefix) -> Self {
        let mut published = vec![publication.lists(net.into()); 256];
        for at in publication.inside(net.into()) {
            if let Some(inside) = publication.prefix(at).v4() {
                published[(inside.first() & 0xff) as usize..=(inside.last() & 0xff) as usize].fill(true);
            }
        }
        Self { net, asked, published, view }
    }

    /// How many are published, in words.
    pub(super) fn says(&self) -> String {
        let count = self.published.iter().filter(|published| **published).count();
        words::ip_one::neighbours(self.view, count as u64)
    }
}

impl Display for Grid {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let label = self.says();
        let size = STEP * SIDE - (STEP - CELL);
        write!(
            out,
            "<svg class=\"near\" viewBox=\"0 0 {size} {size}\" role=\"group\" aria-label=\"{label}\">"
        )?;
        for (low, published) in (0..256u32).zip(&self.published) {
            let host = Prefix::from(Net::host(self.net.first() | low));
            let (x, y) = (low % SIDE * STEP, low / SIDE * STEP);
            let class = match (self.asked.covers(host), published) {
                (true, true) => "at on",
                (true, false) => "at",
                (false, true) => "on",
                (false, false) => "",
            };
            let cell = format!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" rx=\"2\"><title>{host}</title></rect>"
            );
            // Only what is there leads somewhere: 256 stops of the keyboard would be no help.
            match published {
                true => write!(out, "<a href=\"/ip/{host}\" aria-label=\"{host}\">{cell}</a>")?,
                false => out.write_str(&cell)?,
            }
        }
        out.write_str("</svg>")
    }
}

impl HtmlSafe for Grid {}
