-- Sources that are fetched: how each is set up, where it stands, what it logs in with.

-- How it is read: 'file' is handed over by people, every other kind is fetched.
ALTER TABLE sources ADD COLUMN kind TEXT NOT NULL DEFAULT 'file';
-- 0: no run starts by itself.
ALTER TABLE sources ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1));
-- JSON that only whoever fetches reads: how it is set up, and where it stands between two runs.
ALTER TABLE sources ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings));
ALTER TABLE sources ADD COLUMN state TEXT CHECK (json_valid(state));
-- When a person last changed how it is set up.
ALTER TABLE sources ADD COLUMN changed_at INTEGER;
-- A removed source keeps its row, for the history of its runs and listings.
ALTER TABLE sources ADD COLUMN removed_at INTEGER;
-- The last version of a credential it had; here, so that no version comes back after a credential was removed.
ALTER TABLE sources ADD COLUMN credential_version INTEGER NOT NULL DEFAULT 0;

-- The id of the cause, for programs; `cause` is for people.
ALTER TABLE runs ADD COLUMN cause_id TEXT;
-- Who wanted it.
ALTER TABLE runs ADD COLUMN "trigger" TEXT NOT NULL DEFAULT 'person' CHECK ("trigger" IN ('person', 'schedule'));
-- The first and last day that a portal was asked for, YYYY-MM-DD.
ALTER TABLE runs ADD COLUMN since TEXT;
ALTER TABLE runs ADD COLUMN until TEXT;

-- Sealed: without the key, which lies elsewhere, a copy of the database gives no secret away.
CREATE TABLE credentials (
    source      INTEGER PRIMARY KEY REFERENCES sources (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('login', 'token')),
    -- Grows with every change, over the life of the source.
    version     INTEGER NOT NULL,
    -- Which key sealed it.
    key_id      TEXT    NOT NULL,
    sealed      BLOB    NOT NULL,
    changed_at  INTEGER NOT NULL,
    -- The last day it is good, YYYY-MM-DD, and how many days before that a person is told.
    expires_on  TEXT,
    remind_days INTEGER,
    verified_at INTEGER,
    rejected_at INTEGER,
    -- The id of the cause.
    rejected_by TEXT,
    -- Logins that were sent since the last one that was answered: each may count as a failure over there.
    unanswered  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What a portal gave for a login, so that the next run need not log in again. Goes with its credential.
CREATE TABLE portal_sessions (
    source             INTEGER PRIMARY KEY REFERENCES credentials (source) ON DELETE CASCADE,
    credential_version INTEGER NOT NULL,
    key_id             TEXT    NOT NULL,
    sealed             BLOB    NOT NULL,
    expires_at         INTEGER,
    changed_at         INTEGER NOT NULL
) STRICT;
