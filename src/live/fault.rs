//! Why something was not done, each with the name that it has in answers.

use std::fmt;

use super::RecoverError;
use crate::domain::Refusal;
use crate::store::StoreError;

/// Why the service could not be started.
#[derive(Debug)]
pub enum StartError {
    /// What is stored cannot be taken up.
    Recover(RecoverError),
    /// The store holds another day than the one given.
    OtherDay,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Recover(error) => error.fmt(f),
            StartError::OtherDay => f.write_str(
                "the store holds another day than the file: name another store, or no day file",
            ),
        }
    }
}

impl From<RecoverError> for StartError {
    fn from(error: RecoverError) -> StartError {
        StartError::Recover(error)
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> StartError {
        StartError::Recover(RecoverError::Store(error))
    }
}

/// Why something was not done.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It cannot be.
    Refused(Refusal),
    /// Too much is under way: come again.
    Busy,
    /// The store cannot be written: come again.
    Unavailable {
        /// What is wrong.
        why: String,
    },
    /// The key was used for something else.
    KeyTaken {
        /// The key.
        key: String,
    },
}

impl Fault {
    /// Its name in answers; never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Refused(refusal) => refusal.code(),
            Fault::Busy => "L0201",
            Fault::Unavailable { .. } => "L0202",
            Fault::KeyTaken { .. } => "L0203",
        }
    }

    pub(crate) fn of_store(error: &StoreError) -> Fault {
        Fault::Unavailable { why: error.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Refused(refusal) => refusal.fmt(f),
            Fault::Busy => f.write_str("too much is under way"),
            Fault::Unavailable { why } => f.write_str(why),
            Fault::KeyTaken { key } => {
                write!(f, "the key {key:?} was used for another request")
            }
        }
    }
}
