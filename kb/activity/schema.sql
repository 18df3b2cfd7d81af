-- What visitors leave behind, version 1: feedback and refused questions. No name, no address, no session.

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,     -- drawn at random: neither ids nor their order tell what was sent after what
    day TEXT NOT NULL,          -- UTC, YYYY-MM-DD; nothing finer is kept
    kind TEXT NOT NULL CHECK (kind IN ('feedback', 'refused')),
    record TEXT NOT NULL        -- the rest, as JSON
);
CREATE INDEX entries_by_day ON entries (day)
