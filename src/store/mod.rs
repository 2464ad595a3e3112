//! The event log: what happened, in order, for good.
//!
//! Flows in: records, each with an id of its own, and what was answered to whoever reported them.
//! Flows out: the same, after any crash. SQLite or PostgreSQL keep it. This room knows bytes, not
//! meaning. Read in this order: [`item`] (what is kept, and the bounds), [`failure`] (what can go
//! wrong), `log` (one writer and some readers), `engine` (the statements).
//!
//! - What [`Store::append`] has answered is on the disk; what it has refused is nowhere.
//! - Positions are gapless, and order is the order of commits.
//! - There is one writer: whoever opens the store fences off all who opened it before.

mod engine;
pub mod failure;
pub mod item;
mod log;
mod postgres;
mod sqlite;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;

pub use failure::{CODES, CodeEntry, StoreError, errors_section};
pub use item::{Answer, Batch, Micros, NewRecord, Record, Seq, Snapshot};
use log::{Job, Log};

/// An event log that is open.
pub struct Store {
    engine: Either,
}

enum Either {
    Sqlite(Log<SqliteConnection>),
    Postgres(Log<PgConnection>),
}

macro_rules! on_either {
    ($store:expr, $log:ident => $call:expr) => {
        match &$store.engine {
            Either::Sqlite($log) => $call,
            Either::Postgres($log) => $call,
        }
    };
}

impl Store {
    /// Opens the store for writing: makes what is not there, brings its tables up to date, and
    /// fences off whoever had opened it before.
    ///
    /// The address is `sqlite:PATH`, `sqlite::memory:` (gone when closed) or `postgres://…`.
    ///
    /// # Errors
    ///
    /// The address is none, the database is another program's or a newer one's, does not keep what
    /// it says it has stored, or is not there.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        let engine = if sqlite::is_meant(address) {
            Either::Sqlite(Log::open(sqlite::options(address)?).await?)
        } else {
            Either::Postgres(Log::open(postgres::options(address)?).await?)
        };
        Ok(Store { engine })
    }

    /// Opens the store for reading: nothing is changed, nobody fenced off, and every call that
    /// writes is refused.
    ///
    /// # Errors
    ///
    /// As [`Store::open`]; also when the store is of an older version, or nothing is there.
    pub async fn open_to_read(address: &str) -> Result<Store, StoreError> {
        let engine = if sqlite::is_meant(address) {
            Either::Sqlite(Log::open_to_read(sqlite::to_read(sqlite::options(address)?)).await?)
        } else {
            let options = postgres::to_read(postgres::options(address)?);
            Either::Postgres(Log::open_to_read(options).await?)
        };
        Ok(Store { engine })
    }

    /// Stores all of a batch in one transaction, or nothing of it. Answers the position of the last
    /// record when all is on the disk. Batches go one after the other.
    ///
    /// # Errors
    ///
    /// Nothing was stored, except after [`StoreError::Unknown`] and [`StoreError::Broken`]: then
    /// [`Store::find`] tells, after `Broken` once the store was opened again.
    pub async fn append(&self, batch: &Batch) -> Result<Seq, StoreError> {
        batch.check()?;
        on_either!(self, log => log.write(&Job::Append(batch)).await)
    }

    /// The records after a position, in order: at most `limit`, and fewer than are there when they
    /// are many or long. Only an empty list means that there are no more.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn read_from(&self, after: Seq, limit: usize) -> Result<Vec<Record>, StoreError> {
        on_either!(self, log => log.read_from(after, limit).await)
    }

    /// The position of the last record; 0 when there is none.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn last_seq(&self) -> Result<Seq, StoreError> {
        on_either!(self, log => log.last_seq().await)
    }

    /// The record with this event id. After [`StoreError::Unknown`] it waits until it is decided
    /// whether the record is stored.
    ///
    /// # Errors
    ///
    /// The database does not answer, or it is not decided yet: then ask again.
    pub async fn find(&self, event_id: &str) -> Result<Option<Record>, StoreError> {
        on_either!(self, log => log.find(event_id).await)
    }

    /// Keeps a snapshot. The first one ever stays for good, and of the others the newest three.
    ///
    /// # Errors
    ///
    /// It is too big, lies after the last record, or would replace the first; or as `append`.
    pub async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        snapshot.check()?;
        on_either!(self, log => log.write(&Job::Keep(snapshot)).await.map(drop))
    }

    /// The newest snapshot.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        on_either!(self, log => log.snapshot(true).await)
    }

    /// The first snapshot: what the log began with.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn first_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        on_either!(self, log => log.snapshot(false).await)
    }

    /// Every snapshot that is kept, the first one first.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn all_snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        on_either!(self, log => log.all_snapshots().await)
    }

    /// What was answered to the request with this key.
    ///
    /// # Errors
    ///
    /// As [`Store::find`].
    pub async fn answer_of(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        on_either!(self, log => log.answer_of(key).await)
    }

    /// Forgets the answers made before this moment.
    ///
    /// # Errors
    ///
    /// As `append`.
    pub async fn forget_answers(&self, before: Micros) -> Result<(), StoreError> {
        on_either!(self, log => log.write(&Job::Forget(before)).await.map(drop))
    }

    /// Does the database answer, and may this store still write?
    ///
    /// # Errors
    ///
    /// What the next call would fail with.
    pub async fn health(&self) -> Result<(), StoreError> {
        on_either!(self, log => log.health().await)
    }

    /// Closes every connection, once calls under way have ended.
    pub async fn close(self) {
        on_either!(self, log => log.close().await);
    }
}
