//! What is protected at an address, with the particulars of an allow entry; and what was at a time.

use blocklist::Time;
use blocklist::policy::{Guard, GuardKind, Protected};
use prefix::Prefix;
use rusqlite::{Connection, OptionalExtension};

use crate::explain::GuardTold;
use crate::sqlite::query::collect;
use crate::sqlite::rows;
use crate::{Error, Result};

/// The most guards that are told.
const MOST: usize = 50;

/// The guards that share an address with `asked`.
pub(super) fn told(connection: &Connection, protected: &Protected, asked: Prefix) -> Result<Vec<GuardTold>> {
    let mut told = Vec::new();
    for guard in protected.touching(asked).take(MOST) {
        let mut one = GuardTold {
            kind: guard.kind,
            prefix: guard.prefix,
            name: guard.name.to_string(),
            reason: None,
            owner: None,
            ticket: None,
            until: guard.until,
        };
        if guard.kind == GuardKind::Allow {
            let entry = connection
                .prepare_cached("SELECT reason, owner, ticket FROM allow_entries WHERE id = ?")
                .and_then(|mut statement| {
                    let row = statement
                        .query_row([&*guard.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
                    row.optional()
                })
                .map_err(Error::database("cannot read the allow entry"))?;
            if let Some((reason, owner, ticket)) = entry {
                (one.reason, one.owner, one.ticket) = (reason, owner, ticket);
            }
        }
        told.push(one);
    }
    Ok(told)
}

/// What was protected at a time, as far as the rows of now tell: what was deleted since does not.
pub(super) fn at(connection: &Connection, at: Time) -> Result<Protected> {
    let sql = "SELECT prefix, 'own', CASE kind WHEN 'server' THEN 'this server' ELSE ifnull(note, 'own network') END, NULL
            FROM own_networks WHERE created_at <= ?1
         UNION ALL SELECT prefix, 'consumer', name, NULL FROM consumer_addresses JOIN consumers ON consumers.id = consumer
            WHERE created_at <= ?1 AND ifnull(removed_at > ?1, 1)
         UNION ALL SELECT prefix, 'allow', CAST(id AS TEXT), until FROM allow_entries
            WHERE created_at <= ?1 AND ifnull(removed_at > ?1, 1)
         UNION ALL SELECT prefix, 'known_good', name, NULL FROM known_good
            JOIN known_good_lists ON known_good_lists.id = list WHERE enabled AND loaded_at <= ?1";
    let guards = collect(connection, sql, &[&at.unix()], |row| {
        Ok(Guard {
            prefix: rows::prefix(row, 0)?,
            kind: GuardKind::from_word(row.get_ref(1)?.as_str()?).unwrap_or(GuardKind::Own),
            name: rows::text(row, 2)?.unwrap_or_default().into(),
            until: rows::optional_time(row, 3)?,
        })
    });
    guards.map(|guards| Protected::new(guards, at)).map_err(Error::database("cannot read what was protected"))
}
