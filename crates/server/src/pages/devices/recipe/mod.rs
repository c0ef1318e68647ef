//! What is pasted into a device so that it reads a feed: one row a make.
//!
//! ```text
//! RECIPES (firewalls, gateways, hosts) --fill(server, feed, name, secret)--> pieces of text, each with a title
//! ```
//!
//! A recipe is fixed text with places for what differs. They are filled in one go, so that nothing that is filled in is ever
//! looked at for places again. What is filled in needs no quoting anywhere: names and secrets are letters, digits and `._-`,
//! and an address of this server has been through [`Server`](super::server::Server).
//!
//! A recipe never fails to fill. What it says of a product is from its maker's documents, or was run
//! ([`Recipe::is_tried`]).

mod firewalls;
mod gateways;
mod hosts;
#[cfg(test)]
mod tests;

use blocklist::consumer::Vendor;

use crate::pages::View;

/// A text in Korean and in English.
pub(crate) type Text = (&'static str, &'static str);

/// How a make of device is set up.
#[derive(Debug)]
pub(crate) struct Recipe {
    /// Which.
    pub(crate) vendor: Vendor,
    /// The format that it reads.
    pub(crate) format: &'static str,
    /// What its address asks for beside that, with the question mark.
    pub(crate) query: &'static str,
    /// The most entries that its maker says it takes.
    pub(crate) cap: Option<u32>,
    /// Whether it was run, and not only read about.
    pub(crate) is_tried: bool,
    /// What is pasted, in order.
    pub(crate) pieces: &'static [Piece],
    /// What one has to know.
    pub(crate) notes: &'static [Text],
}

/// Something that is pasted at one place.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Where.
    pub(crate) title: Text,
    /// The text, with places for `{url}`, `{token_url}`, `{server}`, `{token_path}`, `{user}` and `{secret}`.
    pub(crate) text: &'static str,
}

/// What differs from device to device.
#[derive(Clone, Copy)]
pub(crate) struct Device<'a> {
    /// Where this server is, as in `https://bl.example.com:2542`.
    pub(crate) server: &'a str,
    /// The feed that it reads.
    pub(crate) feed: &'a str,
    /// Its name.
    pub(crate) user: &'a str,
    /// Its secret, or what stands for it.
    pub(crate) secret: &'a str,
}

/// A piece that can be pasted. It may hold a secret, so it cannot be printed.
pub(crate) struct Filled {
    /// Where.
    pub(crate) title: &'static str,
    /// What.
    pub(crate) text: String,
}

/// The recipe of a make. Each has one; a test sees to it.
pub(crate) fn of(vendor: Vendor) -> &'static Recipe {
    let mut known = [firewalls::RECIPES, gateways::RECIPES, hosts::RECIPES].into_iter().flatten();
    known.find(|recipe| recipe.vendor == vendor).unwrap_or(&hosts::GENERIC)
}

impl Recipe {
    /// What is pasted for a device.
    pub(crate) fn fill(&self, view: View, device: Device<'_>) -> Vec<Filled> {
        let Device { server, feed, user, secret } = device;
        let path = format!("/feeds/{feed}/{}{}", self.format, self.query);
        let places = [
            ("{url}", format!("{server}{path}")),
            ("{token_url}", format!("{server}/t/{secret}{path}")),
            ("{token_path}", format!("/t/{secret}{path}")),
            ("{server}", server.to_owned()),
            ("{user}", user.to_owned()),
            ("{secret}", secret.to_owned()),
        ];
        let piece = |piece: &Piece| Filled {
            title: view.pick(piece.title.0, piece.title.1),
            text: fill(piece.text, &places),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// What one has to know.
    pub(crate) fn notes(&self, view: View) -> Vec<&'static str> {
        let all = self.notes.iter().chain((!self.is_tried).then_some(&FROM_DOCUMENTS));
        all.map(|(korean, english)| view.pick(*korean, *english)).collect()
    }
}

/// Under every recipe that was never run on the product itself.
const FROM_DOCUMENTS: Text = (
    "제조사 문서를 근거로 작성했습니다. 운영 장비에 넣기 전에 시험 장비에서 확인하십시오.",
    "Written from the maker's documents: try it on a spare device before one in service.",
);

fn fill(text: &str, places: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = if let Some((place, value)) = places.iter().find(|(place, _)| from.starts_with(place)) {
            out.push_str(value);
            &from[place.len()..]
        } else {
            // A brace of the configuration itself.
            out.push('{');
            &from[1..]
        };
    }
    out.push_str(rest);
    out
}
