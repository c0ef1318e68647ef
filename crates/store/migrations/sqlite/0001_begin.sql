-- Times are whole seconds since 1970-01-01T00:00:00Z.
-- A prefix is its key: family (4 or 6), the address in network order, the length; 6 or 18 bytes. Keys order as the
-- prefixes do, so a range of addresses is a range of keys.

CREATE TABLE sources (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- Identifies input, parser, mode and rules of the last run that was done, as long as nothing else has touched the
    -- source's listings since: the same again would change nothing.
    input_key  BLOB,
    -- Listings by state, kept by whoever changes one, so that nobody has to count a million rows.
    active     INTEGER NOT NULL DEFAULT 0,
    withdrawn  INTEGER NOT NULL DEFAULT 0,
    removed    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source     INTEGER NOT NULL REFERENCES sources (id),
    parser     TEXT    NOT NULL,
    mode       TEXT    NOT NULL CHECK (mode IN ('full', 'add')),
    state      TEXT    NOT NULL CHECK (state IN ('done', 'refused', 'failed')),
    -- Why it was refused or failed.
    cause      TEXT,
    -- The file's name, or '-'.
    input      TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    rows       INTEGER NOT NULL,
    accepted   INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    host_bits  INTEGER NOT NULL,
    -- Listings, not rows.
    new        INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    unchanged  INTEGER NOT NULL,
    withdrawn  INTEGER NOT NULL,
    -- {"cause": count}
    refusals   TEXT    NOT NULL,
    -- The run whose rejected rows are this one's too, because the input was the same.
    same_as    INTEGER REFERENCES runs (id)
) STRICT;

CREATE INDEX runs_by_source ON runs (source, id);

CREATE TABLE rejected_rows (
    run    INTEGER NOT NULL REFERENCES runs (id),
    seq    INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES sources (id),
    line   INTEGER NOT NULL,
    cause  TEXT    NOT NULL,
    text   TEXT    NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

-- No foreign key: it would look the source up for each of a million rows that are written in one go. `db check` looks
-- once instead. (And BETWEEN, because IN builds a table of its values for each row.)
CREATE TABLE listings (
    source      INTEGER NOT NULL,
    prefix      BLOB    NOT NULL,
    -- 0 active, 1 withdrawn, 2 removed. Expired follows from until.
    state       INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    detected    INTEGER NOT NULL,
    -- The first second at which it is no longer listed; absent is without end.
    until       INTEGER,
    reason      TEXT,
    country     TEXT,
    category    TEXT,
    severity    TEXT,
    confidence  INTEGER,
    -- The run that brought it, and the last that changed it.
    first_run   INTEGER NOT NULL,
    changed_run INTEGER NOT NULL,
    PRIMARY KEY (source, prefix)
) STRICT, WITHOUT ROWID;

-- What ended, without a look at all that did not. Lists without end dates pay nothing for it.
CREATE INDEX listings_by_end ON listings (source, until) WHERE until IS NOT NULL AND state = 0;
-- What is no longer listed.
CREATE INDEX listings_by_state ON listings (source, state, prefix) WHERE state <> 0;

-- Every change of a listing after it first came; that it came is listings.first_run.
CREATE TABLE listing_events (
    id     INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources (id),
    prefix BLOB    NOT NULL,
    run    INTEGER REFERENCES runs (id),
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL CHECK (event IN ('changed', 'withdrawn', 'relisted', 'removed')),
    -- The fields as they were, as JSON; those that stay absent are left out.
    before TEXT    NOT NULL
) STRICT;

CREATE INDEX listing_events_by_listing ON listing_events (source, prefix, id);

CREATE TABLE publications (
    serial       INTEGER PRIMARY KEY,
    published_at INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    hash         BLOB    NOT NULL,
    entries      INTEGER NOT NULL,
    added        INTEGER NOT NULL,
    removed      INTEGER NOT NULL,
    -- When the first of its listings ends.
    next_end     INTEGER,
    -- The rules it was made by, and the last run it knows of: while nothing else changed, the next one is made from it
    -- rather than from all listings.
    policy       TEXT    NOT NULL,
    run          INTEGER,
    -- The publication before it: after a restored backup that may be one that this database does not know.
    follows      INTEGER,
    -- Prefixes added and removed since then; absent for the first, which added all it holds.
    delta        BLOB
) STRICT;

CREATE TABLE logs (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    level   TEXT    NOT NULL CHECK (level IN ('error', 'warn', 'info')),
    part    TEXT    NOT NULL,
    source  INTEGER REFERENCES sources (id),
    message TEXT    NOT NULL
) STRICT;

CREATE TABLE settings (
    key        TEXT    PRIMARY KEY,
    value      TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
