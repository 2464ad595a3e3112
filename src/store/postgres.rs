//! What only PostgreSQL does so: a server, arrays, time-outs of its own.

use std::collections::BTreeSet;
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::engine::{APPLICATION, State, VERSION};
use super::failure::StoreError;
use super::item::{Answer, NewRecord, Seq};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/postgres");

const TABLES: &str = "SELECT COUNT(*) FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
    AND table_name <> '_sqlx_migrations'";
const HAS_HEAD: &str = "SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = 'head'
    AND column_name = 'application'";
const INSERT_RECORDS: &str = "INSERT INTO log (seq, event_id, recorded_at, kind, body)
    SELECT $1 + place, event_id, recorded_at, kind, body
    FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::TEXT[], $5::TEXT[]) WITH ORDINALITY
    AS new (event_id, recorded_at, kind, body, place)
    ON CONFLICT (event_id) DO NOTHING RETURNING event_id";
const INSERT_ANSWERS: &str = "INSERT INTO answer (key, request_hash, status, body, made_at)
    SELECT key, request_hash, status, body, made_at
    FROM UNNEST($1::TEXT[], $2::BYTEA[], $3::BIGINT[], $4::TEXT[], $5::BIGINT[])
    AS new (key, request_hash, status, body, made_at)
    ON CONFLICT (key) DO NOTHING RETURNING key";

pub(super) fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
        return Err(StoreError::Address);
    }
    let options = PgConnectOptions::from_str(address).map_err(|_| StoreError::Address)?;
    // No `statement_timeout`: at a commit that waits for a standby, it would turn "not yet safe"
    // into a success. Locks and idle transactions have their limits, the rest is timed here.
    Ok(options.options([
        ("lock_timeout", "4000"),
        ("idle_in_transaction_session_timeout", "10000"),
        ("client_min_messages", "warning"),
    ]))
}

pub(super) fn to_read(options: PgConnectOptions) -> PgConnectOptions {
    options.options([("default_transaction_read_only", "on")])
}

pub(super) async fn state(connection: &mut PgConnection) -> Result<State, StoreError> {
    let has_head: i64 = sqlx::query_scalar(HAS_HEAD).fetch_one(&mut *connection).await?;
    if has_head == 1 {
        let application: i64 =
            sqlx::query_scalar("SELECT application FROM head").fetch_one(&mut *connection).await?;
        if application == APPLICATION {
            return Ok(State::Version(sqlx::query_scalar(VERSION).fetch_one(connection).await?));
        }
        return Ok(State::Foreign(format!("application id {application}")));
    }
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(State::Empty);
    }
    Ok(State::Foreign(format!("{tables} tables of somebody else's")))
}

pub(super) async fn prepare_settings(connection: &mut PgConnection) -> Result<(), StoreError> {
    const ASK: &str = "SELECT current_setting('fsync'), current_setting('synchronous_commit'),
        current_setting('full_page_writes'), current_setting('server_encoding')";
    let (fsync, commit, pages, encoding): (String, String, String, String) =
        sqlx::query_as(ASK).fetch_one(connection).await?;
    let wrong = [
        (fsync != "on", format!("fsync is {fsync}")),
        (commit == "off", format!("synchronous_commit is {commit}")),
        (pages != "on", format!("full_page_writes is {pages}")),
        (encoding != "UTF8", format!("server_encoding is {encoding}")),
    ];
    match wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
        Some((_, what)) => Err(StoreError::Setting { what }),
        None => Ok(()),
    }
}

pub(super) async fn insert_records(
    connection: &mut PgConnection,
    after: Seq,
    records: &[NewRecord],
) -> Result<(), StoreError> {
    let event_ids: Vec<&str> = records.iter().map(|record| record.event_id.as_str()).collect();
    let moments: Vec<i64> = records.iter().map(|record| record.recorded_at.0).collect();
    let kinds: Vec<&str> = records.iter().map(|record| record.kind.as_str()).collect();
    let bodies: Vec<&str> = records.iter().map(|record| record.body.as_str()).collect();
    let inserted = sqlx::query_scalar(INSERT_RECORDS)
        .bind(after.0)
        .bind(&event_ids)
        .bind(&moments)
        .bind(&kinds)
        .bind(&bodies);
    match first_left_out(&event_ids, inserted.fetch_all(connection).await?) {
        Some(event_id) => Err(StoreError::DuplicateEvent { event_id }),
        None => Ok(()),
    }
}

pub(super) async fn insert_answers(
    connection: &mut PgConnection,
    answers: &[Answer],
) -> Result<(), StoreError> {
    let keys: Vec<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
    let hashes: Vec<&[u8]> = answers.iter().map(|answer| answer.request_hash.as_slice()).collect();
    let statuses: Vec<i64> = answers.iter().map(|answer| i64::from(answer.status)).collect();
    let bodies: Vec<&str> = answers.iter().map(|answer| answer.body.as_str()).collect();
    let moments: Vec<i64> = answers.iter().map(|answer| answer.made_at.0).collect();
    let inserted = sqlx::query_scalar(INSERT_ANSWERS)
        .bind(&keys)
        .bind(&hashes)
        .bind(&statuses)
        .bind(&bodies)
        .bind(&moments);
    match first_left_out(&keys, inserted.fetch_all(connection).await?) {
        Some(key) => Err(StoreError::DuplicateAnswer { key }),
        None => Ok(()),
    }
}

/// The first of these names that was not inserted, because it was there before.
fn first_left_out(names: &[&str], inserted: Vec<String>) -> Option<String> {
    if inserted.len() == names.len() {
        return None;
    }
    let inserted: BTreeSet<String> = inserted.into_iter().collect();
    names.iter().find(|name| !inserted.contains(**name)).map(|name| (*name).to_owned())
}
