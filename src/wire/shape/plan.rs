//! The plan file, `rond-plan`. Times and lengths keep their seconds, so that a plan written by us
//! is read back exactly; no figure in it comes from a clock on the wall, but for when travel times
//! were asked for.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::VERSION;
use super::travel::TravelFile;
use crate::domain::{Calendar, Plan, Reason, Score, ShiftPlan, Stop, StopWhat, Told, Unassigned};
use crate::wire::moment::{TIME_PATTERN, write};

/// Who goes where, when, together with whom.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rond-plan")]
pub(in crate::wire) struct PlanFile {
    /// Always `rond-plan`.
    #[schemars(extend("const" = "rond-plan"))]
    format: &'static str,
    /// Always 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// Points per tier; fewer is better, an earlier tier outranks all later ones.
    score: ScoreFile,
    /// The shifts that visit anyone.
    #[schemars(length(max = 10_000))]
    shifts: Vec<ShiftPlanFile>,
    /// The visits that nobody makes.
    #[schemars(length(max = 50_000))]
    unassigned: Vec<UnassignedFile>,
    /// Where the travel times came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TravelFile")]
    travel: Option<TravelFile>,
}

/// Points per tier, the most important first.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Score")]
struct ScoreFile {
    unplanned: i64,
    planned: i64,
    told: i64,
    cost: i64,
}

/// The work of one shift.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiftPlan")]
struct ShiftPlanFile {
    /// The crew.
    #[schemars(length(min = 1, max = 100))]
    crew: String,
    /// The shift.
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// When it leaves the start place.
    #[schemars(regex(pattern = TIME_PATTERN))]
    depart: String,
    /// Visits and breaks in order of time.
    #[schemars(length(max = 1000))]
    stops: Vec<StopFile>,
    /// Driving time from the last stop to the end place.
    #[schemars(range(min = 0, max = 1_000_000))]
    travel_back_seconds: i64,
    /// Road length from the last stop to the end place.
    #[schemars(range(min = 0, max = 100_000_000))]
    metres_back: i64,
    /// When it is back at the end place.
    #[schemars(regex(pattern = TIME_PATTERN))]
    back: String,
}

/// One stop: a visit's part (`visit` and `part`), or a break (`break`); positions count from 0.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stop")]
struct StopFile {
    /// The visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    visit: Option<String>,
    /// Position of the part in the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    part: Option<usize>,
    /// Position of the break in the shift, in order of time.
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    break_index: Option<usize>,
    /// Where; a break is at the place of the stop before it.
    #[schemars(length(min = 1, max = 100))]
    place: String,
    /// Driving time from the place before.
    #[schemars(range(min = 0, max = 1_000_000))]
    travel_seconds: i64,
    /// Road length from the place before.
    #[schemars(range(min = 0, max = 100_000_000))]
    metres: i64,
    /// When the crew is there; set-up time comes after it.
    #[schemars(regex(pattern = TIME_PATTERN))]
    arrive: String,
    /// When it starts.
    #[schemars(regex(pattern = TIME_PATTERN))]
    start: String,
    /// When it ends.
    #[schemars(regex(pattern = TIME_PATTERN))]
    end: String,
    /// How much later it could start with every hard rule still kept.
    #[schemars(range(min = -10_000_000_000i64, max = 10_000_000_000i64))]
    slack_seconds: i64,
    /// Not to start before this, because it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    held_until: Option<String>,
    /// Who has been told which start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    told: Vec<ToldFile>,
}

/// A start that somebody has been told.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Told")]
pub(super) struct ToldFile {
    /// Who: `patient`, `crew`, `municipality`, …
    #[schemars(length(min = 1, max = 100))]
    audience: String,
    /// The start they were told.
    #[schemars(regex(pattern = TIME_PATTERN))]
    time: String,
}

/// A visit that nobody makes.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unassigned")]
struct UnassignedFile {
    /// The visit.
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// Left for after the horizon with its promise unbroken.
    deferred: bool,
    /// Why nobody makes it.
    reason: ReasonFile,
    /// With `proven_impossible`: position of the part that nobody can do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    part: Option<usize>,
}

/// Why a visit is unassigned.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Reason")]
enum ReasonFile {
    ProvenImpossible,
    NoPlaceInThisPlan,
    NotFoundWithinBudget,
    Pinned,
}

impl PlanFile {
    /// A plan as a file, with times by the wall clock of `calendar`.
    pub(in crate::wire) fn new(plan: &Plan, calendar: &Calendar) -> PlanFile {
        let Score { tiers: [unplanned, planned, told, cost] } = plan.score;
        let shifts = plan.shifts.iter();
        PlanFile {
            format: "rond-plan",
            version: VERSION,
            score: ScoreFile { unplanned, planned, told, cost },
            shifts: shifts.map(|shift| ShiftPlanFile::new(shift, calendar)).collect(),
            unassigned: plan.unassigned.iter().map(UnassignedFile::from).collect(),
            travel: plan.travel.as_ref().map(|travel| TravelFile::new(travel, calendar)),
        }
    }

    /// The work of these shifts, with nothing said of what the plan is worth or leaves out.
    pub(super) fn of_shifts<'p>(
        shifts: impl IntoIterator<Item = &'p ShiftPlan>,
        calendar: &Calendar,
    ) -> PlanFile {
        let shifts = shifts.into_iter().map(|shift| ShiftPlanFile::new(shift, calendar));
        PlanFile { shifts: shifts.collect(), ..PlanFile::new(&Plan::default(), calendar) }
    }

    /// The file as a JSON value.
    pub(in crate::wire) fn into_value(self) -> Value {
        // Only maps with keys that are no texts fail to serialise, and there are none.
        serde_json::to_value(self).expect("shapes have text keys only")
    }
}

impl ShiftPlanFile {
    fn new(shift: &ShiftPlan, calendar: &Calendar) -> ShiftPlanFile {
        ShiftPlanFile {
            crew: shift.crew.to_string(),
            shift: shift.shift.to_string(),
            depart: write(shift.depart, calendar),
            stops: shift.stops.iter().map(|stop| StopFile::new(stop, calendar)).collect(),
            travel_back_seconds: shift.travel_back.0,
            metres_back: shift.metres_back.0,
            back: write(shift.back, calendar),
        }
    }
}

impl StopFile {
    fn new(stop: &Stop, calendar: &Calendar) -> StopFile {
        let (visit, part, break_index) = match &stop.what {
            StopWhat::Part { visit, part } => (Some(visit.to_string()), Some(*part), None),
            StopWhat::Break { index } => (None, None, Some(*index)),
        };
        StopFile {
            visit,
            part,
            break_index,
            place: stop.place.to_string(),
            travel_seconds: stop.travel.0,
            metres: stop.metres.0,
            arrive: write(stop.arrive, calendar),
            start: write(stop.start, calendar),
            end: write(stop.end, calendar),
            slack_seconds: stop.slack.0,
            held_until: stop.held_until.map(|moment| write(moment, calendar)),
            told: stop.told.iter().map(|told| ToldFile::new(told, calendar)).collect(),
        }
    }
}

impl ToldFile {
    pub(super) fn new(told: &Told, calendar: &Calendar) -> ToldFile {
        ToldFile { audience: told.audience.clone(), time: write(told.time, calendar) }
    }
}

impl From<&Unassigned> for UnassignedFile {
    fn from(unassigned: &Unassigned) -> UnassignedFile {
        let (reason, part) = match unassigned.reason {
            Reason::ProvenImpossible { part } => (ReasonFile::ProvenImpossible, Some(part)),
            Reason::NoPlaceInThisPlan => (ReasonFile::NoPlaceInThisPlan, None),
            Reason::NotFoundWithinBudget => (ReasonFile::NotFoundWithinBudget, None),
            Reason::Pinned => (ReasonFile::Pinned, None),
        };
        let visit = unassigned.visit.to_string();
        UnassignedFile { visit, deferred: unassigned.deferred, reason, part }
    }
}
