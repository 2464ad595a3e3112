//! The shapes of the files, version 1: what is written, and, through their schemas, what is read.
//!
//! Units: every `*_minutes` and `*_seconds` is a whole number, every time is RFC 3339 with the
//! offset of Swedish time, every latitude and longitude is in degrees (WGS 84).
//!
//! The doc comments of the fields are the descriptions in `rond schema`.

mod crews;
mod day;
mod event;
mod plan;
mod policy;
mod region;
mod snapshot;
mod traffic;
mod travel;

pub(super) use day::DayFile;
pub use event::{EVENT_KINDS, event_kind};
pub(super) use event::{EventFile, HeadFile, fields_of};
pub(super) use plan::PlanFile;
pub(super) use policy::PolicyFile;
pub(super) use region::RegionFile;
pub(super) use snapshot::{SNAPSHOT, SnapshotFile};
pub(super) use travel::travel_value;

use crate::domain::Seconds;

/// The version of all formats.
pub(super) const VERSION: u32 = 1;

/// Lengths in files are whole minutes; those of worlds made elsewhere are rounded up.
fn minutes(length: Seconds) -> i64 {
    length.minutes_begun()
}

/// Ids as texts.
fn texts<Id: ToString>(ids: impl IntoIterator<Item = Id>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}
