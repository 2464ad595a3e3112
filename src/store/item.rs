//! What is kept, and how much of it at a time.

use std::collections::BTreeSet;

use super::failure::StoreError;

/// Bytes of the body of a record or an answer.
pub const BODY_MAX: usize = 1 << 20;
/// Records, and answers, of a batch.
pub const BATCH_MAX: usize = 1_000;
/// Bytes of all bodies of a batch, and of what is read at a time.
pub const BATCH_BYTES_MAX: usize = 64 << 20;
/// Bytes of an event id, a kind or a key.
pub const KEY_MAX: usize = 200;
/// Bytes of a snapshot.
pub const SNAPSHOT_MAX: usize = 256 << 20;
/// Snapshots that are kept besides the first.
pub const SNAPSHOTS_KEPT: i64 = 3;

/// A position in the log: the first record has 1, and none is left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Seq(pub i64);

impl Seq {
    /// Before the first record.
    pub const ZERO: Seq = Seq(0);
}

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Micros(pub i64);

/// A record that is to be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewRecord {
    /// Its name; the log never holds two with the same.
    pub event_id: String,
    /// When it was recorded. The log is ordered by position, not by this.
    pub recorded_at: Micros,
    /// What it is.
    pub kind: String,
    /// What it says.
    pub body: String,
}

/// A record that is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Where it stands.
    pub seq: Seq,
    /// The record.
    pub event: NewRecord,
}

/// What was answered to a request, so that the same request gets the same answer again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The key that the request had.
    pub key: String,
    /// A hash of the request: another request with the same key is a mistake.
    pub request_hash: Vec<u8>,
    /// HTTP status.
    pub status: u16,
    /// What was answered.
    pub body: String,
    /// When.
    pub made_at: Micros,
}

/// What is stored together.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Batch {
    /// In the order in which they are to stand; may be none.
    pub records: Vec<NewRecord>,
    /// What is answered; may be none.
    pub answers: Vec<Answer>,
}

/// What all records up to a position amount to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// The last record that is part of it.
    pub seq: Seq,
    /// How the body is to be read.
    pub format: u32,
    /// The snapshot.
    pub body: Vec<u8>,
}

impl Batch {
    /// Is everything within its bounds, and each name there once?
    pub(super) fn check(&self) -> Result<(), StoreError> {
        at_most("records of a batch", self.records.len(), BATCH_MAX)?;
        at_most("answers of a batch", self.answers.len(), BATCH_MAX)?;
        let mut event_ids = BTreeSet::new();
        let mut bytes = 0;
        for record in &self.records {
            check_name("event id", &record.event_id)?;
            check_name("kind", &record.kind)?;
            check_body(&record.body)?;
            bytes += record.body.len();
            if !event_ids.insert(&record.event_id) {
                return Err(StoreError::DuplicateEvent { event_id: record.event_id.clone() });
            }
        }
        let mut keys = BTreeSet::new();
        for answer in &self.answers {
            check_name("key", &answer.key)?;
            check_body(&answer.body)?;
            at_most("bytes of a hash", answer.request_hash.len(), KEY_MAX)?;
            bytes += answer.body.len();
            if !keys.insert(&answer.key) {
                return Err(StoreError::DuplicateAnswer { key: answer.key.clone() });
            }
        }
        at_most("bytes of a batch", bytes, BATCH_BYTES_MAX)
    }
}

impl Snapshot {
    /// Is it within its bounds?
    pub(super) fn check(&self) -> Result<(), StoreError> {
        at_most("bytes of a snapshot", self.body.len(), SNAPSHOT_MAX)?;
        if self.seq < Seq::ZERO {
            return Err(refused("a snapshot lies before the log"));
        }
        Ok(())
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), StoreError> {
    at_most(what, name.len(), KEY_MAX)?;
    if name.is_empty() || name.contains('\0') {
        return Err(refused(format!("{what}: empty, or with a NUL character")));
    }
    Ok(())
}

fn check_body(body: &str) -> Result<(), StoreError> {
    at_most("bytes of a body", body.len(), BODY_MAX)?;
    // PostgreSQL keeps no NUL in a text, so nobody else does either.
    if body.contains('\0') {
        return Err(refused("a body has a NUL character"));
    }
    Ok(())
}

fn at_most(what: &str, count: usize, most: usize) -> Result<(), StoreError> {
    if count > most {
        return Err(refused(format!("{what}: {count}, and at most {most} are taken")));
    }
    Ok(())
}

pub(super) fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Refused { what: what.into() }
}
