//! What only SQLite does so: one file, a write-ahead log, a sync at every commit.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteSynchronous};

use super::engine::{APPLICATION, State, VERSION};
use super::failure::StoreError;
use super::item::{Answer, NewRecord, Seq};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/sqlite");

/// How long another process may hold the lock: shorter than a statement may take, so that the
/// answer is SQLite's own.
const LOCKED: Duration = Duration::from_secs(4);

const TABLES: &str = "SELECT COUNT(*) FROM sqlite_schema
    WHERE type = 'table' AND name <> '_sqlx_migrations' AND name NOT LIKE 'sqlite_%'";
const INSERT_RECORD: &str = "INSERT INTO log (seq, event_id, recorded_at, kind, body)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (event_id) DO NOTHING";
const INSERT_ANSWER: &str = "INSERT INTO answer (key, request_hash, status, body, made_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING";

pub(super) fn is_meant(address: &str) -> bool {
    address.starts_with("sqlite:")
}

pub(super) fn options(address: &str) -> Result<SqliteConnectOptions, StoreError> {
    let options = SqliteConnectOptions::from_str(address).map_err(|_| StoreError::Address)?;
    Ok(options
        .create_if_missing(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(LOCKED)
        // What the write-ahead log has grown to in a busy hour is given back.
        .pragma("journal_size_limit", "67108864"))
}

pub(super) fn to_read(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.create_if_missing(false).read_only(true)
}

pub(super) async fn state(connection: &mut SqliteConnection) -> Result<State, StoreError> {
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut *connection).await?;
    let application: i64 =
        sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    if application == APPLICATION {
        return Ok(State::Version(sqlx::query_scalar(VERSION).fetch_one(connection).await?));
    }
    if tables == 0 && application == 0 {
        return Ok(State::Empty);
    }
    Ok(State::Foreign(format!("application id {application}, {tables} tables")))
}

pub(super) async fn prepare_settings(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // Only here, after it is certain whose file it is: this one is written into the file.
    let journal: String =
        sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut *connection).await?;
    // `memory` is what a database answers that has no file.
    if journal != "wal" && journal != "memory" {
        return Err(StoreError::Setting { what: format!("journal_mode is {journal}") });
    }
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(connection).await?;
    if synchronous < 2 {
        return Err(StoreError::Setting { what: format!("synchronous is {synchronous}") });
    }
    Ok(())
}

pub(super) async fn insert_records(
    connection: &mut SqliteConnection,
    after: Seq,
    records: &[NewRecord],
) -> Result<(), StoreError> {
    for (seq, record) in (after.0 + 1..).zip(records) {
        let inserted = sqlx::query(INSERT_RECORD)
            .bind(seq)
            .bind(record.event_id.as_str())
            .bind(record.recorded_at.0)
            .bind(record.kind.as_str())
            .bind(record.body.as_str());
        if inserted.execute(&mut *connection).await?.rows_affected() == 0 {
            return Err(StoreError::DuplicateEvent { event_id: record.event_id.clone() });
        }
    }
    Ok(())
}

pub(super) async fn insert_answers(
    connection: &mut SqliteConnection,
    answers: &[Answer],
) -> Result<(), StoreError> {
    for answer in answers {
        let inserted = sqlx::query(INSERT_ANSWER)
            .bind(answer.key.as_str())
            .bind(answer.request_hash.as_slice())
            .bind(i64::from(answer.status))
            .bind(answer.body.as_str())
            .bind(answer.made_at.0);
        if inserted.execute(&mut *connection).await?.rows_affected() == 0 {
            return Err(StoreError::DuplicateAnswer { key: answer.key.clone() });
        }
    }
    Ok(())
}
