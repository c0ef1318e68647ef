//! Places: from where somebody tries to come in, and where an account came in lately.
//!
//! A place is an address, for IPv6 its /64: one line of a provider has all of a /64, so whoever counts single addresses
//! counts nothing. Without an address (a socket on this machine) it is `local`.

use std::net::{IpAddr, Ipv6Addr};

use blocklist::Time;
use rusqlite::{Connection, Transaction, params};

use crate::{Error, Result, UserId};

/// Where no address is known.
pub(super) const LOCAL: &str = "local";
/// The most places of one account; the one that was used longest ago goes.
const MAX_PLACES: i64 = 50;

/// The place of an address.
pub(super) fn of(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => LOCAL.to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The place that a person names: an address, or a place as it is shown.
pub(super) fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    if text == LOCAL {
        return Some(text.to_owned());
    }
    text.strip_suffix("/64").unwrap_or(text).parse().ok().map(|address| of(Some(address)))
}

/// Notes that an account came in.
pub(super) fn add(
    transaction: &Transaction<'_>,
    user: UserId,
    address: Option<IpAddr>,
    now: Time,
) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO known_places (user, place, last_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (user, place) DO UPDATE SET last_at = ?3",
            params![user.0, of(address), now.unix()],
        )
        .and_then(|_| {
            transaction.execute(
                "DELETE FROM known_places WHERE user = ?1 AND place NOT IN
                    (SELECT place FROM known_places WHERE user = ?1 ORDER BY last_at DESC, place LIMIT ?2)",
                [user.0, MAX_PLACES],
            )
        })
        .map(drop)
        .map_err(Error::database("cannot keep from where an account came in"))
}

/// Whether an account came in from a place after some time.
pub(super) fn is_known(connection: &Connection, user: UserId, place: &str, after: Time) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM known_places WHERE user = ? AND place = ? AND last_at > ?)",
        )
        .and_then(|mut statement| statement.query_row(params![user.0, place, after.unix()], |row| row.get(0)))
        .map_err(Error::database("cannot read from where an account came in"))
}
