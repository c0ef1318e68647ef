//! What the search box and the filters of listings mean, and how both kinds of listings are searched: those of the live
//! publication in memory ([`blocklist::search`]), those that the store keeps in every state a stretch at a time ([`kept`]).

pub(crate) mod asked;
pub(crate) mod country;
pub(crate) mod kept;
