-- One row: whose database this is, the newest writer, and the position of the last record. Every
-- append changes it, so its page keeps room for the row's next version.
CREATE TABLE head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    application BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO head (one, application, epoch, seq) VALUES (1, 1919905380, 0, 0);

CREATE TABLE log (
    seq BIGINT PRIMARY KEY,
    event_id TEXT COLLATE "C" NOT NULL UNIQUE,
    recorded_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE FUNCTION log_is_only_appended_to() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is only appended to'; END $$;
CREATE TRIGGER log_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log
FOR EACH STATEMENT EXECUTE FUNCTION log_is_only_appended_to();

CREATE TABLE snapshot (
    seq BIGINT PRIMARY KEY,
    format BIGINT NOT NULL,
    body BYTEA NOT NULL
);

CREATE TABLE answer (
    key TEXT COLLATE "C" PRIMARY KEY,
    request_hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX answer_by_age ON answer (made_at);
