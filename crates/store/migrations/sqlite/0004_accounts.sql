-- Accounts: who may do what, how they come in, and a record that shows a gap.

-- People. Nobody is deleted: what they did stays theirs.
CREATE TABLE users (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Lower case; never used again for somebody else.
    name           TEXT    NOT NULL UNIQUE,
    role           TEXT    NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    -- A PHC string of Argon2id; '!', which no password fits, once the account is removed.
    password       TEXT    NOT NULL,
    password_at    INTEGER NOT NULL,
    -- The password was set by somebody else, or is the first one: it opens nothing but the page that changes it.
    must_change    INTEGER NOT NULL DEFAULT 0,
    -- The first second at which a one-time password is no longer good.
    password_until INTEGER,
    -- The secret of one-time codes, sealed; absent while none are asked for.
    totp_key_id    TEXT,
    totp_sealed    BLOB,
    -- The last step whose code was taken: no code is good twice.
    totp_step      INTEGER,
    -- A secret that was drawn, and no code of it shown to be right yet. Beside the other, so that drawing a new one does
    -- not switch the codes off.
    next_key_id    TEXT,
    next_sealed    BLOB,
    -- How the pages look to them: JSON.
    preferences    TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(preferences)),
    created_at     INTEGER NOT NULL,
    created_by     TEXT    NOT NULL,
    changed_at     INTEGER,
    last_login_at  INTEGER,
    disabled_at    INTEGER,
    removed_at     INTEGER,
    CHECK ((totp_key_id IS NULL) = (totp_sealed IS NULL) AND (next_key_id IS NULL) = (next_sealed IS NULL))
) STRICT;

-- Passwords that were theirs before: none of them is taken again.
CREATE TABLE old_passwords (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user     INTEGER NOT NULL REFERENCES users (id),
    -- When it was replaced.
    at       INTEGER NOT NULL,
    password TEXT    NOT NULL
) STRICT;
CREATE INDEX old_passwords_by_user ON old_passwords (user, id);

-- Codes for the day on which the telephone is lost; each is good once.
CREATE TABLE recovery_codes (
    user    INTEGER NOT NULL REFERENCES users (id),
    hash    BLOB    NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;

-- Who is signed in. The cookie holds 256 random bits, this table their SHA-256. A session that is ended is gone.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB    NOT NULL UNIQUE,
    user       INTEGER NOT NULL REFERENCES users (id),
    -- 'password': a one-time code is still to come.
    state      TEXT    NOT NULL CHECK (state IN ('password', 'open')),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    -- The first second at which it is over, whatever is done.
    ends_at    INTEGER NOT NULL,
    -- When the password was last typed: dangerous acts ask for a fresh one.
    proved_at  INTEGER NOT NULL,
    address    TEXT,
    agent      TEXT
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user, id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- Programs that ask the API.
CREATE TABLE tokens (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    hash         BLOB    NOT NULL UNIQUE,
    -- The first characters, so that a person can tell two apart.
    hint         TEXT    NOT NULL,
    -- What it may do at most; never more than its owner may.
    role         TEXT    NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    -- Whose it is: it ends with the account.
    user         INTEGER NOT NULL REFERENCES users (id),
    -- JSON: prefixes from which it is good; empty is from anywhere.
    sources      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(sources)),
    created_at   INTEGER NOT NULL,
    created_by   TEXT    NOT NULL,
    until        INTEGER,
    last_used_at INTEGER,
    last_address TEXT,
    revoked_at   INTEGER,
    revoked_by   TEXT
) STRICT;
CREATE UNIQUE INDEX tokens_that_hold ON tokens (name) WHERE revoked_at IS NULL;
CREATE INDEX tokens_by_user ON tokens (user, id);

-- Every try to come in, on every face. The same try again within a minute is the same row, counted.
CREATE TABLE auth_attempts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count   INTEGER NOT NULL DEFAULT 1,
    face    TEXT    NOT NULL CHECK (face IN ('page', 'api', 'feed', 'command')),
    kind    TEXT    NOT NULL CHECK (kind IN ('password', 'code', 'recovery', 'session', 'token', 'secret', 'unlock')),
    -- Only a name that there is: what else was typed could be a password.
    account TEXT,
    address TEXT,
    result  TEXT    NOT NULL,
    agent   TEXT
) STRICT;
CREATE INDEX auth_attempts_by_account ON auth_attempts (account, id);
CREATE INDEX auth_attempts_by_address ON auth_attempts (address, id);
-- Finds the row that the same try again is counted in.
CREATE INDEX auth_attempts_alike ON auth_attempts (account, address, face, kind, result, at);
CREATE INDEX auth_attempts_by_time ON auth_attempts (last_at);

-- Failures that count, by whom and from where; a row is gone when it counts no more.
CREATE TABLE auth_locks (
    kind     TEXT    NOT NULL CHECK (kind IN ('account', 'address', 'pair')),
    -- The account, the place (an address, an IPv6 one as its /64, 'local' where there is none), or 'account place'. A name
    -- that nobody has is not kept: it counts as one of 65,536 numbers, '?a01f'.
    key      TEXT    NOT NULL,
    failures INTEGER NOT NULL,
    -- When the first of them was.
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    -- The first second at which another try is heard.
    until    INTEGER,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX auth_locks_by_time ON auth_locks (last_at);

-- Where an account came in from lately: a lock of the account does not close these.
CREATE TABLE known_places (
    user    INTEGER NOT NULL REFERENCES users (id),
    -- A place, written as in auth_locks.
    place   TEXT    NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (user, place)
) STRICT, WITHOUT ROWID;

-- From which address a change was asked for; absent for a command on this machine.
ALTER TABLE audit_log ADD COLUMN address TEXT;
-- SHA-256 over the hash of the entry before and the fields of this one: an entry that is changed or taken out shows.
ALTER TABLE audit_log ADD COLUMN chain BLOB;
-- The last entry, so that one taken out at the end shows too.
CREATE TABLE audit_head (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    -- The last entry that is older than the chain; 0 where the chain begins with the first.
    since INTEGER NOT NULL,
    id    INTEGER NOT NULL,
    chain BLOB    NOT NULL
) STRICT;
INSERT INTO audit_head (one, since, id, chain) SELECT 1, ifnull(max(id), 0), ifnull(max(id), 0), zeroblob(32) FROM audit_log;

-- What the dashboard draws: one row a source and day (UTC), written when a publication or the day is new.
CREATE TABLE trend (
    day     INTEGER NOT NULL,
    -- 0 is the whole list.
    source  INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    added   INTEGER NOT NULL DEFAULT 0,
    ended   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, source)
) STRICT, WITHOUT ROWID;

-- What ended, counted and paged from the latest on, without a look at the listings: those with an end that a person set have
-- an index of their own.
DROP INDEX listings_by_end;
-- The last two columns are always the same, and here so that the count finds all it asks for in the index.
CREATE INDEX listings_by_end ON listings (source, until, prefix, state, set_until)
    WHERE until IS NOT NULL AND state = 0 AND set_until IS NULL;

-- Reads that went wrong: few among millions, and what a person looks for.
CREATE INDEX pulls_that_failed ON pulls (status, id) WHERE status NOT IN (200, 304);
