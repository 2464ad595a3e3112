//! What can go wrong with a store, and what that means for what was to be stored.

use std::fmt;

use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::sqlite::SqliteError;

const SECTION_HEAD: &str = "
# What can go wrong with the event log

Nothing of a batch is stored under any of these but E0906 and E0914.

| code | cause | action |
|---|---|---|
";

/// The end of `docs/errors.md`, made from the table.
pub fn errors_section() -> String {
    let row =
        |entry: &CodeEntry| format!("| {} | {} | {} |\n", entry.code, entry.cause, entry.action);
    CODES.iter().fold(SECTION_HEAD.to_owned(), |section, entry| section + &row(entry))
}

/// One row of the table of codes.
#[derive(Clone, Copy, Debug)]
pub struct CodeEntry {
    /// `E0901`
    pub code: &'static str,
    /// What is wrong.
    pub cause: &'static str,
    /// What to do.
    pub action: &'static str,
}

macro_rules! codes {
    ($($code:literal $cause:literal => $action:literal;)*) => {
        /// Every code of this room: `docs/errors.md` shows the same table.
        pub const CODES: &[CodeEntry] =
            &[$(CodeEntry { code: $code, cause: $cause, action: $action }),*];
    };
}

codes! {
    "E0900" "The database refuses a statement of this program"
        => "Look at the cause given and at the database's own log";
    "E0901" "The address of the store is none"
        => "Give sqlite:PATH or postgres://USER@HOST/DATABASE";
    "E0902" "The database is not there, or the connection was lost"
        => "Start it, or correct the address; calls may be tried again";
    "E0903" "The disk of the database is full"
        => "Make room; calls may be tried again";
    "E0904" "The database can only be read"
        => "Check the file's rights, or whether the server is a standby";
    "E0905" "The database did not answer in time"
        => "Look at its load, and at who holds its locks; calls may be tried again";
    "E0906" "The connection was lost while a batch was stored: it may be stored or not"
        => "Ask for the event before it is sent again";
    "E0907" "The log has an event with this id already"
        => "Nothing, if it is the same event";
    "E0908" "A request with this key was answered already"
        => "Give that answer";
    "E0909" "Another writer has opened the store since"
        => "Let one of the two end; the older one writes no more";
    "E0910" "The database is not the store of rond"
        => "Give a database, or a schema, of its own";
    "E0911" "The store is of another version than this program"
        => "Use a newer program; to read an older store, open it for writing once";
    "E0912" "The database may lose what it says it has stored"
        => "Correct the setting that is named";
    "E0913" "The store was asked for what it does not do"
        => "Keep within the bound that is named";
    "E0914" "The disk failed, or the database is damaged"
        => "End the program, check the disk, and start again or restore a backup";
}

/// What went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// The database refuses a statement: nothing was stored.
    Unexpected {
        /// What it says.
        cause: String,
    },
    /// The address is none.
    Address,
    /// The database is not there, or went away before the commit: nothing was stored.
    Unavailable {
        /// Why.
        cause: String,
    },
    /// The disk is full: nothing was stored.
    Full {
        /// What the database says.
        cause: String,
    },
    /// The database can only be read: nothing was stored.
    ReadOnly {
        /// What the database says.
        cause: String,
    },
    /// It took too long, or somebody else had it locked: nothing was stored.
    TimedOut,
    /// The commit got no answer: all is stored, or nothing.
    Unknown {
        /// Why.
        cause: String,
    },
    /// The log has an event with this id already: nothing was stored.
    DuplicateEvent {
        /// The id.
        event_id: String,
    },
    /// The key has an answer already: nothing was stored.
    DuplicateAnswer {
        /// The key.
        key: String,
    },
    /// Another writer has opened the store since: this one never writes again.
    Fenced,
    /// The database is another program's.
    Foreign {
        /// What was found.
        found: String,
    },
    /// The store is of a version that this program does not know, or is not to change.
    Version {
        /// The store's; 0 when it has none.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// A setting of the database under which stored records may be lost.
    Setting {
        /// Which, and how it is set.
        what: String,
    },
    /// Too big, or a write to a store that was opened for reading: nothing was stored.
    Refused {
        /// What.
        what: String,
    },
    /// The disk failed, or the database is damaged. What is stored shows when the store is opened
    /// again, by another process.
    Broken {
        /// What the database says.
        cause: String,
    },
}

impl StoreError {
    /// Its code in `docs/errors.md`; never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Unexpected { .. } => "E0900",
            StoreError::Address => "E0901",
            StoreError::Unavailable { .. } => "E0902",
            StoreError::Full { .. } => "E0903",
            StoreError::ReadOnly { .. } => "E0904",
            StoreError::TimedOut => "E0905",
            StoreError::Unknown { .. } => "E0906",
            StoreError::DuplicateEvent { .. } => "E0907",
            StoreError::DuplicateAnswer { .. } => "E0908",
            StoreError::Fenced => "E0909",
            StoreError::Foreign { .. } => "E0910",
            StoreError::Version { .. } => "E0911",
            StoreError::Setting { .. } => "E0912",
            StoreError::Refused { .. } => "E0913",
            StoreError::Broken { .. } => "E0914",
        }
    }

    /// Must the process end, because this store never writes again?
    pub fn is_fatal(&self) -> bool {
        matches!(self, StoreError::Fenced | StoreError::Broken { .. })
    }

    /// Was nothing stored, and may the same call succeed when the cause is gone?
    pub fn may_retry(&self) -> bool {
        matches!(
            self,
            StoreError::Unavailable { .. }
                | StoreError::Full { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::TimedOut
        )
    }

    /// Did the store itself say so, over a connection that is as good as before?
    pub(super) fn leaves_the_connection_whole(&self) -> bool {
        matches!(
            self,
            StoreError::DuplicateEvent { .. }
                | StoreError::DuplicateAnswer { .. }
                | StoreError::Fenced
                | StoreError::Refused { .. }
        )
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = CODES.iter().find(|entry| entry.code == self.code()).map(|entry| entry.cause);
        write!(f, "{}", cause.unwrap_or_default())?;
        match self {
            StoreError::Address | StoreError::TimedOut | StoreError::Fenced => Ok(()),
            StoreError::Unexpected { cause: more }
            | StoreError::Unavailable { cause: more }
            | StoreError::Full { cause: more }
            | StoreError::ReadOnly { cause: more }
            | StoreError::Unknown { cause: more }
            | StoreError::Broken { cause: more }
            | StoreError::DuplicateEvent { event_id: more }
            | StoreError::DuplicateAnswer { key: more }
            | StoreError::Foreign { found: more }
            | StoreError::Setting { what: more }
            | StoreError::Refused { what: more } => write!(f, ": {more}"),
            StoreError::Version { found, known } => write!(f, ": {found}, and {known} is known"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    /// What an error means that came before a commit was sent.
    fn from(error: sqlx::Error) -> StoreError {
        let cause = error.to_string();
        match &error {
            sqlx::Error::Configuration(_) => StoreError::Address,
            sqlx::Error::WorkerCrashed => StoreError::Broken { cause },
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                if database.try_downcast_ref::<SqliteError>().is_some() {
                    of_sqlite(&code, cause)
                } else {
                    of_postgres(&code, cause)
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed => StoreError::Unavailable { cause },
            _ => StoreError::Unexpected { cause },
        }
    }
}

/// What an error means that came instead of the answer to a commit: only a plain refusal of the
/// database is proof that nothing was stored.
pub(super) fn of_commit(error: sqlx::Error) -> StoreError {
    let is_refusal = match &error {
        sqlx::Error::Database(database) => {
            match database.try_downcast_ref::<PgDatabaseError>() {
                // A server that shuts down may have committed before it says so.
                Some(said) => said.severity() == PgSeverity::Error,
                None => database.code().as_deref() != Some(NO_ROOM_FOR_THE_INDEX),
            }
        }
        _ => false,
    };
    if is_refusal { error.into() } else { StoreError::Unknown { cause: error.to_string() } }
}

/// SQLite found no room to extend the index of its write-ahead log (`SQLITE_IOERR_SHMSIZE`). At a
/// commit that may be after the commit was written.
const NO_ROOM_FOR_THE_INDEX: &str = "4874";

/// By SQLite's result codes: the lower byte is the kind, the rest says more.
fn of_sqlite(code: &str, cause: String) -> StoreError {
    if code == NO_ROOM_FOR_THE_INDEX {
        return StoreError::Full { cause };
    }
    match code.parse::<i32>().map(|code| code & 0xff) {
        Ok(5 | 6) => StoreError::TimedOut,
        Ok(8) => StoreError::ReadOnly { cause },
        Ok(10 | 11) => StoreError::Broken { cause },
        Ok(13) => StoreError::Full { cause },
        Ok(14) => StoreError::Unavailable { cause },
        Ok(26) => StoreError::Foreign { found: cause },
        _ => StoreError::Unexpected { cause },
    }
}

/// By SQLSTATE.
fn of_postgres(code: &str, cause: String) -> StoreError {
    match code {
        "53100" => StoreError::Full { cause },
        "25006" => StoreError::ReadOnly { cause },
        "55P03" | "57014" => StoreError::TimedOut,
        "58030" | "XX001" | "XX002" => StoreError::Broken { cause },
        _ => match code.get(..2) {
            // Connections, rights, no such database, out of something, shutting down.
            Some("08" | "28" | "3D" | "53" | "57" | "25") => StoreError::Unavailable { cause },
            _ => StoreError::Unexpected { cause },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_sync_is_fatal_and_a_full_disk_is_not() {
        // SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_CORRUPT; io_error, data_corrupted.
        for code in ["1034", "778", "11"] {
            assert!(of_sqlite(code, String::new()).is_fatal(), "{code}");
        }
        for code in ["58030", "XX001"] {
            assert!(of_postgres(code, String::new()).is_fatal(), "{code}");
        }
        // SQLITE_FULL, no room for the index, SQLITE_READONLY, SQLITE_BUSY_SNAPSHOT.
        for code in ["13", "4874", "8", "517"] {
            assert!(of_sqlite(code, String::new()).may_retry(), "{code}");
        }
        // Full, a standby, locked, too many connections, shutting down, no such database.
        for code in ["53100", "25006", "55P03", "53300", "57P01", "3D000"] {
            assert!(of_postgres(code, String::new()).may_retry(), "{code}");
        }
    }

    #[test]
    fn only_a_refusal_of_the_database_proves_that_a_commit_was_not_taken() {
        let gone = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(of_commit(sqlx::Error::Io(gone())), StoreError::Unknown { .. }));
        assert!(matches!(of_commit(sqlx::Error::WorkerCrashed), StoreError::Unknown { .. }));
        let before = StoreError::from(sqlx::Error::Io(gone()));
        assert!(matches!(before, StoreError::Unavailable { .. }));
    }
}
