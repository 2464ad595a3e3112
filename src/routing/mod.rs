//! Where travel times come from: a routing server, road networks, and what to do when one of them
//! is missing.
//!
//! Flows in: places and the sources there are, the best first. Flows out: a [`Matrix`], always,
//! with its provenance: which source served which places, from when, and why not a better one. Read
//! in this order: [`sources`] (the chain), [`cache`] (what is kept for next time), [`osrm`] (the
//! server). This room asks the network and writes files; only `cli` uses it.
//!
//! [`Matrix`]: crate::travel::Matrix

pub mod cache;
mod chain;
mod growth;
pub mod osrm;
pub mod sources;

pub use cache::{Cache, DiskCache, Kept, MemoryCache};
pub use osrm::{Osrm, OsrmError, OsrmSettings};
pub use sources::{SourceSettings, Sources};

const SECTION_HEAD: &str = "
# What can be wrong with travel times

A plan comes out under each of these but the first: the next source serves, and plan and page say
so with the code (see [travel.md](travel.md)).

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
    /// `E0701`
    pub code: &'static str,
    /// What is wrong.
    pub cause: &'static str,
    /// What to do.
    pub action: &'static str,
}

/// A source answers, but these places are not on its roads.
pub const NOT_REACHED: &str = "E0709";
/// There are too many places to ask a server for all legs.
pub const TOO_MANY: &str = "E0710";
/// Tables cannot be kept for next time.
pub const NOT_KEPT: &str = "E0711";

/// Every code of this room. None but the first stops a plan: `docs/errors.md` shows the same table.
pub const CODES: &[CodeEntry] = &[
    CodeEntry {
        code: "E0701",
        cause: "The address of OSRM is none",
        action: "Give one such as http://127.0.0.1:5000",
    },
    CodeEntry {
        code: "E0702",
        cause: "OSRM is not there",
        action: "Start it, or correct the address",
    },
    CodeEntry {
        code: "E0703",
        cause: "OSRM is slower than its answers are worth",
        action: "Look at its load; give it longer with --osrm-patience",
    },
    CodeEntry {
        code: "E0704",
        cause: "What listens there answers with an HTTP error",
        action: "Look at OSRM and at what stands before it",
    },
    CodeEntry {
        code: "E0705",
        cause: "OSRM refuses the question",
        action: "Look at the code and message given; check the profile in the address",
    },
    CodeEntry {
        code: "E0706",
        cause: "OSRM's answer ends before its end",
        action: "Look at OSRM and at what stands before it",
    },
    CodeEntry {
        code: "E0707",
        cause: "OSRM's answer is not JSON",
        action: "Check that the address is OSRM's",
    },
    CodeEntry {
        code: "E0708",
        cause: "OSRM's answer is JSON, but not what was asked for",
        action: "Check that the address is OSRM's, and its version",
    },
    CodeEntry {
        code: "E0709",
        cause: "Some places have no road near them in a source, or no way to most others",
        action: "Check where they are; give the source a larger extract",
    },
    CodeEntry {
        code: "E0710",
        cause: "There are too many places to ask a server for every leg",
        action: "Split the day by delregion, or import a road network",
    },
    CodeEntry {
        code: "E0711",
        cause: "Tables of legs cannot be kept for next time",
        action: "Check the folder's rights and the room on its disk",
    },
];
