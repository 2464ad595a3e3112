//! The statements, the same text for both engines; where they differ, `sqlite` and `postgres`.

use std::future::Future;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Executor};

use super::failure::StoreError;
use super::item::{
    Answer, BATCH_BYTES_MAX, Micros, NewRecord, Record, SNAPSHOTS_KEPT, Seq, Snapshot, refused,
};
use super::{postgres, sqlite};

/// Whose database it is: `rond` as four bytes.
pub(super) const APPLICATION: i64 = 0x726f_6e64;

/// What a database holds.
pub(super) enum State {
    /// No table at all.
    Empty,
    /// Something else than a log.
    Foreign(String),
    /// A log of this version.
    Version(i64),
}

type Answered<T> = Result<T, StoreError>;

/// A connection to either engine.
pub(super) trait Engine: Connection + Sized + 'static {
    /// Begins a transaction that may write.
    const BEGIN: &'static str;

    fn newest_version() -> i64;
    fn open(options: &Self::Options) -> impl Future<Output = Result<Self, sqlx::Error>> + Send;
    fn run(&mut self, sql: &'static str) -> impl Future<Output = Answered<()>> + Send;
    fn run_commit(&mut self) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// What is there, without changing it.
    fn state(&mut self) -> impl Future<Output = Answered<State>> + Send;
    /// Sets what keeps records safe, and checks that it is so.
    fn prepare_settings(&mut self) -> impl Future<Output = Answered<()>> + Send;
    fn migrate(&mut self) -> impl Future<Output = Answered<()>> + Send;
    /// The number of a new writer, higher than all before.
    fn take_fence(&mut self) -> impl Future<Output = Answered<i64>> + Send;

    /// Holds the head of the log until the transaction ends, and moves it on by `count` positions;
    /// answers where it is then. Nothing when there is a newer writer.
    fn take_numbers(
        &mut self,
        epoch: i64,
        count: i64,
    ) -> impl Future<Output = Answered<Option<Seq>>> + Send;
    fn insert_records(
        &mut self,
        after: Seq,
        records: &[NewRecord],
    ) -> impl Future<Output = Answered<()>> + Send;
    fn insert_answers(&mut self, answers: &[Answer]) -> impl Future<Output = Answered<()>> + Send;
    fn save_snapshot(&mut self, snapshot: &Snapshot) -> impl Future<Output = Answered<()>> + Send;
    fn forget_answers(&mut self, before: Micros) -> impl Future<Output = Answered<()>> + Send;

    fn read_from(
        &mut self,
        after: Seq,
        limit: usize,
    ) -> impl Future<Output = Answered<Vec<Record>>> + Send;
    fn last_seq(&mut self) -> impl Future<Output = Answered<Seq>> + Send;
    fn find(&mut self, event_id: &str) -> impl Future<Output = Answered<Option<Record>>> + Send;
    fn snapshot(&mut self, newest: bool)
    -> impl Future<Output = Answered<Option<Snapshot>>> + Send;
    fn all_snapshots(&mut self) -> impl Future<Output = Answered<Vec<Snapshot>>> + Send;
    fn answer_of(&mut self, key: &str) -> impl Future<Output = Answered<Option<Answer>>> + Send;
}

pub(super) const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
const TAKE_FENCE: &str = "UPDATE head SET epoch = epoch + 1 RETURNING epoch";
const TAKE_NUMBERS: &str = "UPDATE head SET seq = seq + $2 WHERE epoch = $1 RETURNING seq";
/// The first snapshot is what the log began with: it is never replaced.
const SAVE_SNAPSHOT: &str = "INSERT INTO snapshot (seq, format, body) VALUES ($1, $2, $3)
    ON CONFLICT (seq) DO UPDATE SET format = excluded.format, body = excluded.body
    WHERE snapshot.seq > (SELECT MIN(seq) FROM snapshot)";
const DROP_SNAPSHOTS: &str = "DELETE FROM snapshot
    WHERE seq > (SELECT MIN(seq) FROM snapshot)
    AND seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT $1)";
const FORGET_ANSWERS: &str = "DELETE FROM answer WHERE made_at < $1";
const READ_FROM: &str = "SELECT seq, event_id, recorded_at, kind, body FROM log
    WHERE seq > $1 ORDER BY seq LIMIT $2";
const FIND: &str = "SELECT seq, event_id, recorded_at, kind, body FROM log WHERE event_id = $1";
const LAST_SEQ: &str = "SELECT seq FROM head";
const NEWEST_SNAPSHOT: &str = "SELECT seq, format, body FROM snapshot ORDER BY seq DESC LIMIT 1";
const ALL_SNAPSHOTS: &str = "SELECT seq, format, body FROM snapshot ORDER BY seq";
const FIRST_SNAPSHOT: &str = "SELECT seq, format, body FROM snapshot ORDER BY seq LIMIT 1";
const ANSWER_OF: &str = "SELECT key, request_hash, status, body, made_at FROM answer
    WHERE key = $1";

type RecordRow = (i64, String, i64, String, String);
type AnswerRow = (String, Vec<u8>, i64, String, i64);

fn record((seq, event_id, recorded_at, kind, body): RecordRow) -> Record {
    let recorded_at = Micros(recorded_at);
    Record { seq: Seq(seq), event: NewRecord { event_id, recorded_at, kind, body } }
}

fn answer((key, request_hash, status, body, made_at): AnswerRow) -> Answered<Answer> {
    let status = u16::try_from(status).map_err(|_| damaged("an answer's status"))?;
    Ok(Answer { key, request_hash, status, body, made_at: Micros(made_at) })
}

fn snapshot((seq, format, body): (i64, i64, Vec<u8>)) -> Answered<Snapshot> {
    let format = u32::try_from(format).map_err(|_| damaged("a snapshot's format"))?;
    Ok(Snapshot { seq: Seq(seq), format, body })
}

fn damaged(what: &str) -> StoreError {
    StoreError::Broken { cause: format!("{what} is none") }
}

macro_rules! engine {
    ($connection:ty, $options:ty, $room:ident, $begin:literal) => {
        impl Engine for $connection {
            const BEGIN: &'static str = $begin;

            fn newest_version() -> i64 {
                $room::MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
            }

            async fn open(options: &$options) -> Result<Self, sqlx::Error> {
                options.connect().await
            }

            async fn run(&mut self, sql: &'static str) -> Answered<()> {
                self.execute(sql).await?;
                Ok(())
            }

            async fn run_commit(&mut self) -> Result<(), sqlx::Error> {
                self.execute("COMMIT").await.map(drop)
            }

            async fn state(&mut self) -> Answered<State> {
                $room::state(self).await
            }

            async fn prepare_settings(&mut self) -> Answered<()> {
                $room::prepare_settings(self).await
            }

            async fn migrate(&mut self) -> Answered<()> {
                let migrated = $room::MIGRATIONS.run_direct(None, self, false).await;
                migrated.map_err(|error| match error {
                    sqlx::migrate::MigrateError::Execute(error) => error.into(),
                    other => StoreError::Unexpected { cause: other.to_string() },
                })
            }

            async fn take_fence(&mut self) -> Answered<i64> {
                Ok(sqlx::query_scalar(TAKE_FENCE).fetch_one(self).await?)
            }

            async fn take_numbers(&mut self, epoch: i64, count: i64) -> Answered<Option<Seq>> {
                let taken = sqlx::query_scalar(TAKE_NUMBERS).bind(epoch).bind(count);
                Ok(taken.fetch_optional(self).await?.map(Seq))
            }

            async fn insert_records(&mut self, after: Seq, records: &[NewRecord]) -> Answered<()> {
                $room::insert_records(self, after, records).await
            }

            async fn insert_answers(&mut self, answers: &[Answer]) -> Answered<()> {
                $room::insert_answers(self, answers).await
            }

            async fn save_snapshot(&mut self, snapshot: &Snapshot) -> Answered<()> {
                let saved = sqlx::query(SAVE_SNAPSHOT)
                    .bind(snapshot.seq.0)
                    .bind(i64::from(snapshot.format))
                    .bind(snapshot.body.as_slice());
                if saved.execute(&mut *self).await?.rows_affected() == 0 {
                    return Err(refused("the first snapshot stays as it is"));
                }
                sqlx::query(DROP_SNAPSHOTS).bind(SNAPSHOTS_KEPT).execute(self).await?;
                Ok(())
            }

            async fn forget_answers(&mut self, before: Micros) -> Answered<()> {
                sqlx::query(FORGET_ANSWERS).bind(before.0).execute(self).await?;
                Ok(())
            }

            async fn read_from(&mut self, after: Seq, limit: usize) -> Answered<Vec<Record>> {
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let read = sqlx::query_as::<_, RecordRow>(READ_FROM).bind(after.0).bind(limit);
                let mut rows = read.fetch(self);
                let (mut records, mut bytes) = (Vec::new(), 0);
                while bytes < BATCH_BYTES_MAX
                    && let Some(row) = rows.try_next().await?
                {
                    bytes += row.4.len();
                    records.push(record(row));
                }
                Ok(records)
            }

            async fn last_seq(&mut self) -> Answered<Seq> {
                Ok(Seq(sqlx::query_scalar(LAST_SEQ).fetch_one(self).await?))
            }

            async fn find(&mut self, event_id: &str) -> Answered<Option<Record>> {
                let found = sqlx::query_as(FIND).bind(event_id).fetch_optional(self).await?;
                Ok(found.map(record))
            }

            async fn snapshot(&mut self, newest: bool) -> Answered<Option<Snapshot>> {
                let sql = if newest { NEWEST_SNAPSHOT } else { FIRST_SNAPSHOT };
                sqlx::query_as(sql).fetch_optional(self).await?.map(snapshot).transpose()
            }

            async fn all_snapshots(&mut self) -> Answered<Vec<Snapshot>> {
                let all = sqlx::query_as(ALL_SNAPSHOTS).fetch_all(self).await?;
                all.into_iter().map(snapshot).collect()
            }

            async fn answer_of(&mut self, key: &str) -> Answered<Option<Answer>> {
                let found = sqlx::query_as(ANSWER_OF).bind(key).fetch_optional(self).await?;
                found.map(answer).transpose()
            }
        }
    };
}

// SQLite's readers never wait for a writer; a writer takes its lock at once, so that it never has
// to give up half-way because another was faster.
engine!(SqliteConnection, SqliteConnectOptions, sqlite, "BEGIN IMMEDIATE");
engine!(PgConnection, PgConnectOptions, postgres, "BEGIN");
