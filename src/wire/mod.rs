//! All shapes that files have outside the program, each with a version, and everything that can be
//! wrong with them, told at once.
//!
//! Flows in: the text of day, plan, policy and region files, of events and of reports. Flows out: a
//! [`World`], a [`Plan`], an event or every problem; and files again, among them tables, maps and
//! calendars for other programs. What was written by us is always valid input for us. This room
//! must never know rules, solver, disks or the network.

mod document;
mod export;
mod facts;
mod moment;
mod problem;
mod read;
mod schema;
mod shape;

use std::collections::BTreeMap;

use serde_json::Value;

pub use document::FILE_BYTES_MAX;
pub use export::{CrewCalendar, crew_calendars, plan_csv, plan_geojson};
pub use facts::{FactsError, read_region_facts, shipped_region_facts};
pub use problem::{CODES, CodeEntry, Note, PROBLEMS_MAX, Problem, errors_page};
pub use read::{
    Day, REPORT_BYTES_MAX, SnapshotParts, Stamp, Terms, read_day, read_event, read_plan,
    read_policy, read_region, read_report, read_snapshot, shipped_policy, shipped_region,
};
pub use schema::{Format, event_schema, report_schema, reports_schema, schema};
pub use shape::{EVENT_KINDS, event_kind};

use crate::domain::{
    Calendar, Instant, Memory, Plan, Policy, Provenance, Recorded, Region, ShiftId, ShiftPlan,
    World,
};

/// A moment as it stands in files: the wall clock in Sweden and its offset.
pub fn time_text(moment: Instant) -> String {
    moment::write(moment, &Calendar::stockholm())
}

/// The day file of a world. Its policy and region are left out when they are the shipped ones.
pub fn write_day(world: &World) -> String {
    text_of(shape::DayFile::from(world).into_value())
}

/// The plan file of a plan.
pub fn write_plan(plan: &Plan) -> String {
    text_of(shape::PlanFile::new(plan, &Calendar::stockholm()).into_value())
}

/// The event as it stands in the log: JSON on one line, with no newline at its end.
pub fn write_event(recorded: &Recorded) -> String {
    let file = shape::EventFile::new(recorded, &Calendar::stockholm());
    // Only maps with keys that are no texts fail to serialise, and there are none.
    serde_json::to_string(&file).expect("shapes have text keys only")
}

/// A day that goes on, set down: its facts, what has been reported besides them, the plan of each
/// shift in the names of the day, and how often the lists and the plan have become others.
/// [`read_snapshot`] reads it back exactly, as long as its lengths are whole minutes, as those of
/// day files and events are.
pub fn write_snapshot<'p>(
    world: &World,
    memory: &Memory,
    shifts: impl IntoIterator<Item = &'p ShiftPlan>,
    list_versions: &BTreeMap<ShiftId, u64>,
    plan_version: u64,
) -> String {
    let file = shape::SnapshotFile::new(world, memory, shifts, list_versions, plan_version);
    // Only maps with keys that are no texts fail to serialise, and there are none.
    serde_json::to_string(&file).expect("shapes have text keys only")
}

/// Where travel times came from, as it stands in a plan file.
pub fn travel_value(provenance: &Provenance) -> Value {
    shape::travel_value(provenance, &Calendar::stockholm())
}

/// The policy file of a policy.
pub fn write_policy(policy: &Policy) -> String {
    text_of(shape::PolicyFile::from(policy).into_value())
}

/// The region file of a region.
pub fn write_region(region: &Region) -> String {
    text_of(shape::RegionFile::from(region).into_value())
}

/// JSON with an item per line, and a newline at the end.
fn text_of(value: Value) -> String {
    format!("{value:#}\n")
}
