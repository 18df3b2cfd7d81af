-- Version 3: the pages of a user's own files as they were before cleaning; the journal of ingestion; what failed.

CREATE TABLE source_pages (
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,    -- from 1
    text TEXT NOT NULL,         -- as the file gave it
    lines TEXT NOT NULL,        -- JSON: [start, end, raw_start, raw_end] of each line that was kept
    PRIMARY KEY (document, number)
) WITHOUT ROWID;

CREATE TABLE runs (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,      -- UTC, ISO 8601
    ended TEXT,                 -- NULL while it runs, and where it was interrupted
    request TEXT NOT NULL       -- what was asked for, as JSON
);

CREATE TABLE journal (
    run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    file TEXT NOT NULL,         -- absolute path
    what TEXT NOT NULL,         -- added, changed, unchanged, failed
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT NOT NULL,
    source TEXT,                -- hash of all that was read
    PRIMARY KEY (run, file)
) WITHOUT ROWID;

CREATE TABLE quarantine (
    file TEXT PRIMARY KEY,      -- absolute path
    id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT NOT NULL,
    request TEXT NOT NULL,      -- how it was asked for, as JSON, so that it can be retried
    at TEXT NOT NULL            -- UTC, ISO 8601
) WITHOUT ROWID;
