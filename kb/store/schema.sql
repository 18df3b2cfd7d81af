-- The catalogue, version 1. Documents are staged, then live; chunks and blocks belong to a document.

CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    generation TEXT,            -- name of the current index generation's folder
    model TEXT,                 -- id of the model that made its vectors
    corpus TEXT NOT NULL,       -- fingerprints, see kb/fingerprint.py
    fingerprint TEXT NOT NULL,
    updated TEXT NOT NULL       -- UTC, ISO 8601
);

CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('staged', 'live')),
    origin TEXT NOT NULL CHECK (origin IN ('shipped', 'own')),
    id TEXT NOT NULL,
    language TEXT NOT NULL,
    digest TEXT NOT NULL,       -- over text and metadata
    chunker TEXT NOT NULL,      -- version of the chunker that cut it
    record TEXT NOT NULL,       -- the document without its text, as JSON
    text TEXT NOT NULL,
    path TEXT,                  -- of a user's own: path relative to the folder that was given
    folder TEXT,                -- of a user's own: that folder
    original TEXT,              -- of a user's own: name under originals/
    source TEXT                 -- of a user's own: hash of all that it was made from
);
CREATE UNIQUE INDEX one_of_each_state ON documents (id, language, state);

CREATE TABLE blocks (
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    level INTEGER NOT NULL,
    headings TEXT NOT NULL,     -- JSON list
    lead INTEGER,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;

CREATE TABLE chunks (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    block_first INTEGER NOT NULL,
    block_last INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    headings TEXT NOT NULL,     -- JSON list
    embedded TEXT NOT NULL      -- SHA-256 of the exact text to embed
);
CREATE INDEX chunks_of_document ON chunks (document);

CREATE TABLE embeddings (
    text_sha256 TEXT NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,       -- float32, little endian
    PRIMARY KEY (text_sha256, model)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE terms_en USING fts5 (title, headings, text, questions, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_da USING fts5 (title, headings, text, questions, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_nb USING fts5 (title, headings, text, questions, exact, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE terms_sv USING fts5 (title, headings, text, questions, exact, tokenize = 'unicode61 remove_diacritics 0');
