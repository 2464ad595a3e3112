//! The snapshot, `rond-snapshot`: a day that goes on, set down to be taken up again. It is for
//! nobody but the program itself; its schema is not published.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::event::StopNameFile;
use super::plan::ToldFile;
use super::{DayFile, PlanFile, VERSION};
use crate::domain::{
    Calendar, CrewId, Instant, Memory, Point, Progress, ShiftId, ShiftPlan, StopWhat, Told,
    VisitId, World,
};
use crate::wire::moment::{TIME_PATTERN, write};

/// The value of the field `format`.
pub(in crate::wire) const SNAPSHOT: &str = "rond-snapshot";

/// A day that goes on, all of it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rond-snapshot")]
pub(in crate::wire) struct SnapshotFile {
    #[schemars(extend("const" = "rond-snapshot"))]
    format: &'static str,
    #[schemars(extend("const" = 1))]
    version: u32,
    day: DayFile,
    memory: MemoryFile,
    plan: PlanFile,
    list_versions: BTreeMap<String, u64>,
    plan_version: u64,
}

/// What has been reported besides the facts.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Memory")]
struct MemoryFile {
    #[schemars(regex(pattern = TIME_PATTERN))]
    now: String,
    cancelled: Vec<VisitTimeFile>,
    held: Vec<VisitTimeFile>,
    progress: Vec<StepsFile>,
    off: Vec<ShiftTimeFile>,
    late: Vec<ShiftTimeFile>,
    positions: Vec<SeenFile>,
    told: Vec<ToldPartFile>,
    acknowledged: Vec<SeenListFile>,
}

/// A visit and a moment.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VisitTime")]
struct VisitTimeFile {
    visit: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    time: String,
}

/// A shift and a moment.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiftTime")]
struct ShiftTimeFile {
    shift: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    time: String,
}

/// How far a shift has come with a stop.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Steps")]
struct StepsFile {
    shift: String,
    stop: StopNameFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    under_way: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    arrived: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    started: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OverrunFile")]
    overrun: Option<OverrunFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    finished: Option<String>,
    admitted: bool,
}

/// When the last word on an end was said, and what.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Overrun")]
struct OverrunFile {
    #[schemars(regex(pattern = TIME_PATTERN))]
    said: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    ends: String,
}

/// Where a crew was last.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Seen")]
struct SeenFile {
    crew: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    time: String,
    lat: f64,
    lon: f64,
}

/// Who was told which start of a part.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ToldPart")]
struct ToldPartFile {
    visit: String,
    part: usize,
    told: Vec<ToldFile>,
}

/// The version of its list that a crew has seen.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SeenList")]
struct SeenListFile {
    shift: String,
    list_version: u64,
}

impl SnapshotFile {
    /// A day that goes on as a file, with times by the wall clock of the day.
    pub(in crate::wire) fn new<'p>(
        world: &World,
        memory: &Memory,
        shifts: impl IntoIterator<Item = &'p ShiftPlan>,
        list_versions: &BTreeMap<ShiftId, u64>,
        plan_version: u64,
    ) -> SnapshotFile {
        let calendar = world.calendar();
        let versions = list_versions.iter();
        SnapshotFile {
            format: SNAPSHOT,
            version: VERSION,
            day: DayFile::whole(world),
            memory: MemoryFile::new(memory, calendar),
            plan: PlanFile::of_shifts(shifts, calendar),
            list_versions: versions.map(|(shift, count)| (shift.to_string(), *count)).collect(),
            plan_version,
        }
    }
}

impl MemoryFile {
    fn new(memory: &Memory, calendar: &Calendar) -> MemoryFile {
        let of_visit = |(visit, moment): (&VisitId, &Instant)| VisitTimeFile {
            visit: visit.to_string(),
            time: write(*moment, calendar),
        };
        let of_shift = |(shift, moment): (&ShiftId, &Instant)| ShiftTimeFile {
            shift: shift.to_string(),
            time: write(*moment, calendar),
        };
        let seen = |(crew, (moment, point)): (&CrewId, &(Instant, Point))| SeenFile {
            crew: crew.to_string(),
            time: write(*moment, calendar),
            lat: point.lat(),
            lon: point.lon(),
        };
        let told = |((visit, part), told): (&(VisitId, usize), &Vec<Told>)| ToldPartFile {
            visit: visit.to_string(),
            part: *part,
            told: told.iter().map(|told| ToldFile::new(told, calendar)).collect(),
        };
        let seen_list = |(shift, version): (&ShiftId, &u64)| SeenListFile {
            shift: shift.to_string(),
            list_version: *version,
        };
        MemoryFile {
            now: write(memory.now, calendar),
            cancelled: memory.cancelled.iter().map(of_visit).collect(),
            held: memory.held.iter().map(of_visit).collect(),
            progress: memory
                .progress
                .iter()
                .map(|((shift, what), progress)| StepsFile::new(shift, what, progress, calendar))
                .collect(),
            off: memory.off.iter().map(of_shift).collect(),
            late: memory.late.iter().map(of_shift).collect(),
            positions: memory.positions.iter().map(seen).collect(),
            told: memory.told.iter().map(told).collect(),
            acknowledged: memory.acknowledged.iter().map(seen_list).collect(),
        }
    }
}

impl StepsFile {
    fn new(
        shift: &ShiftId,
        what: &StopWhat,
        progress: &Progress,
        calendar: &Calendar,
    ) -> StepsFile {
        let time = |moment: Instant| write(moment, calendar);
        let overrun =
            |(said, ends): (Instant, Instant)| OverrunFile { said: time(said), ends: time(ends) };
        StepsFile {
            shift: shift.to_string(),
            stop: StopNameFile::from(what),
            under_way: progress.under_way.map(time),
            arrived: progress.arrived.map(time),
            started: progress.started.map(time),
            overrun: progress.ends.map(overrun),
            finished: progress.finished.map(time),
            admitted: progress.admitted,
        }
    }
}
