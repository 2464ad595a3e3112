//! Crews, their shifts and breaks in the day file.

use schemars::JsonSchema;
use serde::Serialize;

use super::{minutes, texts};
use crate::domain::{Calendar, Crew, Party, Shift};
use crate::wire::moment::{TIME_PATTERN, write};

/// A doctor, a läkarbil, a municipal nurse: whoever has a route of their own.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Crew")]
pub(super) struct CrewFile {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// `doctor`, `läkarbil`, `nurse`, …: areas, lending and responsibility speak of it.
    #[schemars(length(min = 1, max = 100))]
    kind: String,
    /// The roles it can give.
    #[schemars(length(min = 1, max = 100), inner(length(min = 1, max = 100)))]
    roles: Vec<String>,
    /// What else it can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 100)))]
    skills: Vec<String>,
    /// `region`, or the SCB code of a municipality.
    #[schemars(length(min = 1, max = 100))]
    employer: String,
    /// Its vårdcentral or mobile team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    unit: Option<String>,
    /// The delregion it belongs to.
    #[schemars(length(min = 1, max = 100))]
    home_delregion: String,
    #[schemars(length(max = 1000))]
    shifts: Vec<ShiftFile>,
}

/// One stretch of work.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Shift")]
struct ShiftFile {
    /// Unique within the file.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// Where it starts.
    #[schemars(length(min = 1, max = 100))]
    start_place: String,
    /// Where it ends; absent means where it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    end_place: Option<String>,
    #[schemars(regex(pattern = TIME_PATTERN))]
    from: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    to: String,
    /// Back later than `to` by at most this: priced; beyond it is forbidden.
    #[serde(default)]
    #[schemars(range(min = 0, max = 720))]
    overtime_max_minutes: i64,
    /// Breaks, each to be had on a shift that visits anyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    breaks: Vec<BreakFile>,
    /// What it does first, in this order, breaks apart: of these parts, those that are in the plan
    /// stand on this shift before all others. No part comes first twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    first: Vec<FirstFile>,
}

/// A part that a shift does before what is not named so.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "First")]
struct FirstFile {
    /// The visit.
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// Position of the part in the visit, from 0.
    #[schemars(range(min = 0, max = 1000))]
    part: usize,
}

/// A break, wholly between `from` and `to`.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Break")]
struct BreakFile {
    #[schemars(regex(pattern = TIME_PATTERN))]
    from: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    to: String,
    /// How long it is.
    #[schemars(range(min = 1, max = 720))]
    length_minutes: i64,
}

impl CrewFile {
    pub(super) fn new(crew: &Crew, calendar: &Calendar) -> CrewFile {
        CrewFile {
            id: crew.id.to_string(),
            kind: crew.kind.to_string(),
            roles: texts(&crew.roles),
            skills: texts(&crew.skills),
            employer: match &crew.employer {
                Party::Region => "region".to_owned(),
                Party::Municipality(id) => id.to_string(),
            },
            unit: crew.unit.as_ref().map(ToString::to_string),
            home_delregion: crew.home_delregion.to_string(),
            shifts: crew.shifts.iter().map(|shift| ShiftFile::new(shift, calendar)).collect(),
        }
    }
}

impl ShiftFile {
    fn new(shift: &Shift, calendar: &Calendar) -> ShiftFile {
        let ends_elsewhere = shift.end_place != shift.start_place;
        ShiftFile {
            id: shift.id.to_string(),
            start_place: shift.start_place.to_string(),
            end_place: ends_elsewhere.then(|| shift.end_place.to_string()),
            from: write(shift.hours.from(), calendar),
            to: write(shift.hours.to(), calendar),
            overtime_max_minutes: minutes(shift.overtime_max),
            breaks: shift
                .breaks
                .iter()
                .map(|due| BreakFile {
                    from: write(due.window.from(), calendar),
                    to: write(due.window.to(), calendar),
                    length_minutes: minutes(due.length),
                })
                .collect(),
            first: shift
                .first
                .iter()
                .map(|first| FirstFile { visit: first.visit.to_string(), part: first.part })
                .collect(),
        }
    }
}
