//! What can go wrong with a command, and the one place where it is printed.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::roads::RoadsError;
use crate::rules::Audit;
use crate::wire::Problem;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// A file that was named cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file was read and is wrong.
    Faulty {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },
    /// Something else that was asked for makes no sense.
    Input(String),
    /// Travel times cannot be asked for as it was said.
    Travel {
        /// As in `docs/errors.md`.
        code: &'static str,
        /// What is wrong.
        cause: String,
    },
    /// A road network or a map cannot be used, or not be written.
    Roads {
        /// The file.
        path: PathBuf,
        /// Why.
        error: RoadsError,
    },
    /// A file cannot be written.
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Something outside the program is missing or failed: a store, an address.
    Outside(String),
    /// The search made a plan that the plain rules reject: a defect of this program.
    Rejected(Box<Audit>),
}

impl Failure {
    /// A file that cannot be written.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Failure {
        move |error| Failure::Unwritable { path: path.to_owned(), error }
    }

    /// Prints it on standard error.
    pub fn report(&self) {
        eprintln!("rond: {self}");
    }

    /// The exit code that tells scripts what kind of failure it was.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Unreadable { .. }
            | Failure::Faulty { .. }
            | Failure::Input(_)
            | Failure::Travel { .. }
            | Failure::Roads { .. } => ExitCode::from(2),
            Failure::Unwritable { .. } | Failure::Outside(_) => ExitCode::from(3),
            Failure::Rejected(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreadable { path, error } => {
                write!(f, "cannot read {}: {error}", path.display())
            }
            Failure::Faulty { path, problems } => {
                let count = match problems.len() {
                    1 => "1 problem".to_owned(),
                    several => format!("{several} problems"),
                };
                write!(f, "{}: {count}", path.display())?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
            Failure::Input(message) | Failure::Outside(message) => f.write_str(message),
            Failure::Travel { code, cause } => write!(f, "{code}: {cause}"),
            Failure::Roads { path, error } => write!(f, "{}: {error}", path.display()),
            Failure::Unwritable { path, error } => {
                write!(f, "cannot write {}: {error}", path.display())
            }
            Failure::Rejected(audit) => {
                write!(
                    f,
                    "the search made a plan that breaks {} rules, and it was thrown away; this is \
                     a defect of the program: please report the day file, the seed and the budget",
                    audit.violations.len()
                )?;
                let first = audit.violations.iter().take(5);
                first.into_iter().try_for_each(|broken| write!(f, "\n  {}", broken.sentence_en))
            }
        }
    }
}
