//! What can go wrong between us and a routing server, one name each.

use std::fmt;

/// Why OSRM gave no answer. None of them says where anybody lives: addresses asked for hold
/// coordinates, and are never shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OsrmError {
    /// The address given is no address of a server.
    BadAddress(String),
    /// Nothing listens there, or it cannot be spoken to.
    NotThere,
    /// It took longer than it was given.
    TimedOut,
    /// An HTTP status that is no answer of OSRM's.
    Status(u16),
    /// OSRM refused, with its code and message.
    Refused {
        /// Such as `NoSegment`.
        code: String,
        /// As OSRM has it.
        message: String,
    },
    /// The answer ended before its end.
    CutOff,
    /// The answer is not JSON.
    NotJson,
    /// JSON, but not what was asked for.
    WrongShape(&'static str),
    /// The answer is larger than any that could be right.
    TooLarge,
}

impl OsrmError {
    /// As in `docs/errors.md`.
    pub fn code(&self) -> &'static str {
        match self {
            OsrmError::BadAddress(_) => "E0701",
            OsrmError::NotThere => "E0702",
            OsrmError::TimedOut => "E0703",
            OsrmError::Status(_) => "E0704",
            OsrmError::Refused { .. } => "E0705",
            OsrmError::CutOff => "E0706",
            OsrmError::NotJson => "E0707",
            OsrmError::WrongShape(_) | OsrmError::TooLarge => "E0708",
        }
    }

    /// May the same question be answered when it is asked again at once?
    pub(super) fn may_pass(&self) -> bool {
        match self {
            OsrmError::NotThere
            | OsrmError::CutOff
            | OsrmError::NotJson
            | OsrmError::WrongShape(_) => true,
            OsrmError::Status(status) => *status >= 500 || *status == 429,
            _ => false,
        }
    }
}

impl fmt::Display for OsrmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OsrmError::BadAddress(why) => write!(f, "the address of OSRM is none: {why}"),
            OsrmError::NotThere => f.write_str("OSRM is not there"),
            OsrmError::TimedOut => f.write_str("OSRM is too slow"),
            OsrmError::Status(status) => write!(f, "OSRM answers with HTTP status {status}"),
            OsrmError::Refused { code, message } => {
                write!(f, "OSRM refuses: {code:.50}, {message:.100}")
            }
            OsrmError::CutOff => f.write_str("OSRM's answer is cut off"),
            OsrmError::NotJson => f.write_str("OSRM's answer is not JSON"),
            OsrmError::WrongShape(what) => write!(f, "OSRM's answer has {what}"),
            OsrmError::TooLarge => f.write_str("OSRM's answer is too large"),
        }
    }
}

impl std::error::Error for OsrmError {}
