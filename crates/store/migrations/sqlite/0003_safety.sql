-- Publish with safety: what must never be served, the gate's held candidates, the way back, feeds and consumers.

-- When a run last saw the listing, to the hour; kept only for sources whose end rule asks for it.
ALTER TABLE listings ADD COLUMN seen INTEGER;
-- An end that a person set; it wins over whatever the source says, until a person takes it back.
ALTER TABLE listings ADD COLUMN set_until INTEGER;
CREATE INDEX listings_by_set_end ON listings (source, set_until) WHERE set_until IS NOT NULL AND state = 0;
-- Who made a run by hand, and why.
ALTER TABLE runs ADD COLUMN "by" TEXT;
ALTER TABLE runs ADD COLUMN note TEXT;
-- Who changed a listing by hand, and why.
ALTER TABLE listing_events ADD COLUMN "by" TEXT;
ALTER TABLE listing_events ADD COLUMN note TEXT;

-- What must never be served: the firm's word.
CREATE TABLE allow_entries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    prefix      BLOB    NOT NULL,
    reason      TEXT    NOT NULL,
    owner       TEXT,
    ticket      TEXT,
    -- The first second at which it no longer holds; absent is without end.
    until       INTEGER,
    -- How many days before that a person is told.
    remind_days INTEGER,
    created_at  INTEGER NOT NULL,
    created_by  TEXT    NOT NULL,
    changed_at  INTEGER,
    changed_by  TEXT,
    removed_at  INTEGER,
    removed_by  TEXT
) STRICT;
CREATE UNIQUE INDEX allow_entries_that_hold ON allow_entries (prefix) WHERE removed_at IS NULL;

-- The firm's own networks ('firm'), and the addresses of the machines this program serves from ('server').
CREATE TABLE own_networks (
    prefix     BLOB    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('firm', 'server')),
    note       TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    PRIMARY KEY (prefix, kind)
) STRICT, WITHOUT ROWID;

-- Lists of addresses that are known to be good: front doors, resolvers.
CREATE TABLE known_good_lists (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    description TEXT,
    -- Its own version or date, as the file says it.
    version     TEXT,
    -- 0: it is kept and not used.
    enabled     INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    entries     INTEGER NOT NULL,
    -- Entries of the file that are no addresses (names, patterns).
    passed_over INTEGER NOT NULL,
    loaded_at   INTEGER NOT NULL,
    loaded_by   TEXT    NOT NULL
) STRICT;
CREATE TABLE known_good (
    list   INTEGER NOT NULL REFERENCES known_good_lists (id) ON DELETE CASCADE,
    prefix BLOB    NOT NULL,
    PRIMARY KEY (list, prefix)
) STRICT, WITHOUT ROWID;

-- The parts of the address space whose listings changed since the last publication that took all of them in.
CREATE TABLE dirty (
    chunk INTEGER PRIMARY KEY
) STRICT;

-- Active listings that touch what must never be served, as of the last publication that took all in: what the policy
-- cuts out, and what the gate has already asked a person about.
CREATE TABLE hits (
    chunk  INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES sources (id),
    prefix BLOB    NOT NULL,
    kind   TEXT    NOT NULL CHECK (kind IN ('own', 'consumer', 'allow', 'known_good')),
    -- The prefix that it touches.
    guard  BLOB    NOT NULL,
    PRIMARY KEY (chunk, source, prefix, kind, guard)
) STRICT, WITHOUT ROWID;

-- How a publication came to be.
ALTER TABLE publications ADD COLUMN origin TEXT NOT NULL DEFAULT 'policy'
    CHECK (origin IN ('policy', 'frozen', 'approved', 'forced', 'rollback'));
-- Of a rollback: the publication whose content it has.
ALTER TABLE publications ADD COLUMN content_of INTEGER;
ALTER TABLE publications ADD COLUMN "by" TEXT;
ALTER TABLE publications ADD COLUMN note TEXT;
-- The clock it was made by. What ends is judged by it, and a clock that was set back is told by it.
ALTER TABLE publications ADD COLUMN evaluated_at INTEGER;

-- Candidates that the gate held. At most one is open.
CREATE TABLE held_publications (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired', 'superseded')),
    opened_at  INTEGER NOT NULL,
    -- When the candidate last changed under the same hold.
    changed_at INTEGER NOT NULL,
    -- When it counts as rejected, if nobody decides.
    expires_at INTEGER,
    -- The publication that goes on meanwhile; absent when there is none.
    follows    INTEGER,
    hash       BLOB    NOT NULL,
    entries    INTEGER NOT NULL,
    added      INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    -- Prefixes added and removed.
    delta      BLOB    NOT NULL,
    -- JSON: every reason.
    reasons    TEXT    NOT NULL,
    -- JSON: [{"by", "at", "note"}].
    approvals  TEXT    NOT NULL DEFAULT '[]',
    decided_at INTEGER,
    decided_by TEXT,
    note       TEXT,
    -- The publication it became.
    serial     INTEGER
) STRICT;
CREATE UNIQUE INDEX held_publications_open ON held_publications (state) WHERE state = 'open';

-- Named views of the publication.
CREATE TABLE feeds (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    -- JSON: sources, categories, confidence, family, merge, cap.
    settings   TEXT    NOT NULL CHECK (json_valid(settings)),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    changed_at INTEGER,
    changed_by TEXT
) STRICT;

-- Devices and scripts that read a feed.
CREATE TABLE consumers (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    -- JSON: feed, vendor, model, the most entries it takes, a note.
    settings   TEXT    NOT NULL CHECK (json_valid(settings)),
    enabled    INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    changed_at INTEGER,
    changed_by TEXT,
    removed_at INTEGER
) STRICT;
-- The addresses it reads from: by themselves a credential where `trusted` says so, and never served in any case.
CREATE TABLE consumer_addresses (
    consumer INTEGER NOT NULL REFERENCES consumers (id) ON DELETE CASCADE,
    prefix   BLOB    NOT NULL,
    trusted  INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    PRIMARY KEY (consumer, prefix)
) STRICT, WITHOUT ROWID;
-- Secrets of consumers: 256 random bits, shown once, kept as their SHA-256. Old and new are valid together for a while.
CREATE TABLE consumer_secrets (
    id         INTEGER PRIMARY KEY,
    consumer   INTEGER NOT NULL REFERENCES consumers (id) ON DELETE CASCADE,
    hash       BLOB    NOT NULL UNIQUE,
    -- The first characters, so that a person can tell two apart.
    hint       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    -- The first second at which it is no longer valid.
    until      INTEGER
) STRICT;

-- Reads of feeds. `consumer` is absent for a reader on this machine without a name.
CREATE TABLE pulls (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    consumer INTEGER REFERENCES consumers (id) ON DELETE SET NULL,
    feed     TEXT    NOT NULL,
    format   TEXT    NOT NULL,
    address  TEXT,
    agent    TEXT,
    -- The publication that the answer showed, absent for a refusal.
    serial   INTEGER,
    status   INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;
CREATE INDEX pulls_by_consumer ON pulls (consumer, id);
-- The last good read of each consumer and feed: what it holds.
CREATE TABLE holdings (
    consumer INTEGER NOT NULL REFERENCES consumers (id) ON DELETE CASCADE,
    feed     TEXT    NOT NULL,
    format   TEXT    NOT NULL,
    serial   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    address  TEXT,
    agent    TEXT,
    PRIMARY KEY (consumer, feed, format)
) STRICT, WITHOUT ROWID;

-- Every change by a person.
CREATE TABLE audit_log (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    "by"   TEXT    NOT NULL,
    -- What was done, as in 'allow.add', 'held.approve'.
    action TEXT    NOT NULL,
    -- To what.
    target TEXT    NOT NULL,
    -- JSON: how it was, how it is, why.
    before TEXT    CHECK (json_valid(before)),
    after  TEXT    CHECK (json_valid(after)),
    note   TEXT
) STRICT;
