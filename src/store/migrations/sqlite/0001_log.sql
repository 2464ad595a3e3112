-- "rond" as four bytes: whose file this is.
PRAGMA application_id = 1919905380;

-- One row: the newest writer, and the position of the last record.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    application INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO head (one, application, epoch, seq) VALUES (1, 1919905380, 0, 0);

CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    recorded_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;

CREATE TABLE snapshot (
    seq INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE answer (
    key TEXT PRIMARY KEY,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_by_age ON answer (made_at);
