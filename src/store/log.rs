//! One connection that writes, a few that read, and the rule that a connection whose state is not
//! known is never used again.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex as Lock, PoisonError};
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::{Connection, Pool};
use tokio::sync::Mutex;

use super::engine::{Engine, State};
use super::failure::{StoreError, of_commit};
use super::item::{Answer, BATCH_MAX, Batch, Micros, Record, Seq, Snapshot, refused};

/// How long a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// How long the statements of a call may take, and then again its commit.
pub(super) const STATEMENT: Duration = Duration::from_secs(5);
/// How long it may take to bring the tables up to date.
const MIGRATION: Duration = Duration::from_secs(600);
/// Connections that read.
const READERS: u32 = 4;

/// A log in an engine.
pub(super) struct Log<C: Engine> {
    options: C::Options,
    /// Nothing while it is in use, and after it was given up.
    writer: Mutex<Option<C>>,
    readers: Pool<C::Database>,
    /// The number of this writer; the highest may write. Nothing when opened for reading.
    epoch: Option<i64>,
    /// A commit got no answer, and whether it was taken is not known yet.
    is_unsettled: AtomicBool,
    /// Why this store never writes again.
    end: Lock<Option<StoreError>>,
}

/// What one transaction is to do.
pub(super) enum Job<'a> {
    Append(&'a Batch),
    Keep(&'a Snapshot),
    Forget(Micros),
    /// Nothing; but whoever wrote before has ended when it is done.
    Settle,
}

/// Runs one of the engine's questions on a connection that reads.
macro_rules! read {
    ($log:expr, $connection:ident => $question:expr) => {{
        $log.settle().await?;
        let mut $connection = $log.readers.acquire().await?;
        within(STATEMENT, $question).await
    }};
}

impl<C: Engine> Log<C> {
    pub(super) async fn open(options: C::Options) -> Result<Log<C>, StoreError> {
        let mut connection = connect::<C>(&options).await?;
        let found = match within(STATEMENT, connection.state()).await? {
            State::Empty => 0,
            State::Foreign(found) => return Err(StoreError::Foreign { found }),
            State::Version(found) => found,
        };
        let known = C::newest_version();
        if found > known {
            return Err(StoreError::Version { found, known });
        }
        within(STATEMENT, connection.prepare_settings()).await?;
        if found < known {
            within(MIGRATION, connection.migrate()).await?;
        }
        let epoch = within(STATEMENT, connection.take_fence()).await?;
        Ok(Log::of(options, Some(connection), Some(epoch)))
    }

    pub(super) async fn open_to_read(options: C::Options) -> Result<Log<C>, StoreError> {
        let mut connection = connect::<C>(&options).await?;
        let known = C::newest_version();
        match within(STATEMENT, connection.state()).await? {
            State::Version(found) if found == known => {}
            State::Version(found) => return Err(StoreError::Version { found, known }),
            State::Empty => return Err(StoreError::Version { found: 0, known }),
            State::Foreign(found) => return Err(StoreError::Foreign { found }),
        }
        close(connection).await;
        Ok(Log::of(options, None, None))
    }

    fn of(options: C::Options, writer: Option<C>, epoch: Option<i64>) -> Log<C> {
        let readers = PoolOptions::<C::Database>::new()
            .max_connections(READERS)
            .acquire_timeout(CONNECT)
            .connect_lazy_with(options.clone());
        Log {
            options,
            writer: Mutex::new(writer),
            readers,
            epoch,
            is_unsettled: AtomicBool::new(false),
            end: Lock::new(None),
        }
    }

    /// Does a job in a transaction; answers the position of the last record afterwards.
    pub(super) async fn write(&self, job: &Job<'_>) -> Result<Seq, StoreError> {
        let Some(epoch) = self.epoch else {
            return Err(refused("it was opened for reading"));
        };
        self.may_go_on()?;
        let written = self.transact(epoch, job).await;
        if let Err(failure) = &written
            && failure.is_fatal()
        {
            *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure.clone());
        }
        written
    }

    fn may_go_on(&self) -> Result<(), StoreError> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        end.clone().map_or(Ok(()), Err)
    }

    async fn transact(&self, epoch: i64, job: &Job<'_>) -> Result<Seq, StoreError> {
        let mut writer = within(STATEMENT, async { Ok(self.writer.lock().await) }).await?;
        // Somebody before in the queue may have learnt that nothing is to be written any more.
        self.may_go_on()?;
        // Taken out: whatever goes wrong from here, a caller that goes away included, drops it.
        let mut connection = self.begin(writer.take()).await?;
        let done = within(STATEMENT, apply(&mut connection, epoch, job)).await;
        let seq = match done {
            Ok(seq) => seq,
            Err(failure) => {
                if failure.leaves_the_connection_whole()
                    && within(STATEMENT, connection.run("ROLLBACK")).await.is_ok()
                {
                    *writer = Some(connection);
                }
                return Err(failure);
            }
        };
        let commit = Commit { is_unsettled: &self.is_unsettled, has_answer: false };
        let answer = tokio::time::timeout(STATEMENT, connection.run_commit()).await;
        match answer {
            Ok(Ok(())) => {
                commit.answered();
                *writer = Some(connection);
                Ok(seq)
            }
            Ok(Err(error)) => {
                let failure = of_commit(error);
                if !matches!(failure, StoreError::Unknown { .. }) {
                    commit.answered();
                }
                Err(failure)
            }
            Err(_) => Err(StoreError::Unknown { cause: "no answer in time".to_owned() }),
        }
    }

    /// A connection with a transaction begun: the one kept, or a new one when that was lost.
    async fn begin(&self, kept: Option<C>) -> Result<C, StoreError> {
        if let Some(mut connection) = kept {
            match within(STATEMENT, connection.run(C::BEGIN)).await {
                Ok(()) => return Ok(connection),
                Err(StoreError::Unavailable { .. }) => {}
                Err(failure) => return Err(failure),
            }
        }
        let mut connection = connect::<C>(&self.options).await?;
        within(STATEMENT, connection.run(C::BEGIN)).await?;
        Ok(connection)
    }

    /// Waits until a commit without an answer is decided. It holds the row that every transaction
    /// changes first, so whoever gets that row comes after it.
    async fn settle(&self) -> Result<(), StoreError> {
        if !self.is_unsettled.load(Ordering::SeqCst) {
            return Ok(());
        }
        match self.write(&Job::Settle).await {
            // Another writer could only fence this one off after the commit was decided.
            Ok(_) | Err(StoreError::Fenced) => {
                self.is_unsettled.store(false, Ordering::SeqCst);
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn read_from(
        &self,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        read!(self, connection => connection.read_from(after, limit.min(BATCH_MAX)))
    }

    pub(super) async fn last_seq(&self) -> Result<Seq, StoreError> {
        read!(self, connection => connection.last_seq())
    }

    pub(super) async fn find(&self, event_id: &str) -> Result<Option<Record>, StoreError> {
        read!(self, connection => connection.find(event_id))
    }

    pub(super) async fn snapshot(&self, newest: bool) -> Result<Option<Snapshot>, StoreError> {
        read!(self, connection => connection.snapshot(newest))
    }

    pub(super) async fn all_snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        read!(self, connection => connection.all_snapshots())
    }

    pub(super) async fn answer_of(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        read!(self, connection => connection.answer_of(key))
    }

    pub(super) async fn health(&self) -> Result<(), StoreError> {
        self.may_go_on()?;
        self.last_seq().await.map(drop)
    }

    pub(super) async fn close(&self) {
        if let Some(connection) = self.writer.lock().await.take() {
            close(connection).await;
        }
        // A reader that hangs is not waited for: it holds nothing.
        drop(tokio::time::timeout(STATEMENT, self.readers.close()).await);
    }
}

/// A commit under way. Unless it is answered, nobody knows what became of it.
struct Commit<'a> {
    is_unsettled: &'a AtomicBool,
    has_answer: bool,
}

impl Commit<'_> {
    fn answered(mut self) {
        self.has_answer = true;
        // Whoever wrote before and got no answer was decided before this one could begin.
        self.is_unsettled.store(false, Ordering::SeqCst);
    }
}

impl Drop for Commit<'_> {
    fn drop(&mut self) {
        if !self.has_answer {
            self.is_unsettled.store(true, Ordering::SeqCst);
        }
    }
}

async fn apply<C: Engine>(
    connection: &mut C,
    epoch: i64,
    job: &Job<'_>,
) -> Result<Seq, StoreError> {
    let count = match job {
        Job::Append(batch) => i64::try_from(batch.records.len()).unwrap_or(i64::MAX),
        _ => 0,
    };
    let Some(last) = connection.take_numbers(epoch, count).await? else {
        return Err(StoreError::Fenced);
    };
    match job {
        Job::Append(batch) => {
            if !batch.records.is_empty() {
                connection.insert_records(Seq(last.0 - count), &batch.records).await?;
            }
            if !batch.answers.is_empty() {
                connection.insert_answers(&batch.answers).await?;
            }
        }
        Job::Keep(snapshot) if snapshot.seq > last => {
            return Err(refused("a snapshot of records that are not there"));
        }
        Job::Keep(snapshot) => connection.save_snapshot(snapshot).await?,
        Job::Forget(before) => connection.forget_answers(*before).await?,
        Job::Settle => {}
    }
    Ok(last)
}

async fn connect<C: Engine>(options: &C::Options) -> Result<C, StoreError> {
    within(CONNECT, async { Ok(C::open(options).await?) }).await
}

async fn close<C: Connection>(connection: C) {
    // Everything that was answered is on the disk: a close that fails loses nothing.
    drop(tokio::time::timeout(STATEMENT, connection.close()).await);
}

async fn within<T>(
    time: Duration,
    what: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(time, what).await.unwrap_or(Err(StoreError::TimedOut))
}
