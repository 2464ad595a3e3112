//! The plan and its lists.

use schemars::JsonSchema;
use serde::Serialize;

use super::StopName;
use crate::domain::{
    CrewId, Instant, Metres, Progress, Reason, Seconds, ShiftId, ShiftPlan, Span, Stop,
};
use crate::live::{PlanView, View};
use crate::wire::time_text;

/// The plan as it is stored.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Plan {
    /// How many changes the plan has seen.
    version: u64,
    /// The last event that it knows of.
    seq: i64,
    /// When that was recorded.
    at: String,
    /// Points per tier, the most important first; fewer is better.
    score: Vec<i64>,
    /// Where driving times come from.
    travel: serde_json::Value,
    /// The lists of all shifts that have stops to come.
    lists: Vec<StopList>,
    /// Who is not visited, and why.
    unassigned: Vec<Unassigned>,
}

/// Lists that are other than they were.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Changes {
    /// The version of the plan now.
    version: u64,
    /// The lists that have changed since the version that was asked for.
    lists: Vec<StopList>,
    /// Shifts that have no stops to come any more, or none yet.
    empty: Vec<String>,
}

/// The stops of a shift that are still to come.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct StopList {
    shift: String,
    crew: String,
    /// How often it has changed.
    version: u64,
    /// The version that the crew has seen last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    acknowledged: Option<u64>,
    /// Has the crew seen this version?
    is_acknowledged: bool,
    depart: String,
    stops: Vec<StopOut>,
    back: String,
    /// Where the crew was last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Position")]
    position: Option<Position>,
}

#[derive(Serialize, JsonSchema)]
struct Position {
    lat: f64,
    lon: f64,
    at: String,
    /// Is it older than ten minutes?
    is_stale: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Stop")]
struct StopOut {
    #[serde(flatten)]
    name: StopName,
    place: String,
    travel_seconds: i64,
    arrive: String,
    start: String,
    end: String,
    /// How much later it could start with every hard rule still kept.
    slack_seconds: i64,
    /// How far the crew has come with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ProgressOut")]
    progress: Option<ProgressOut>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Progress")]
pub(super) struct ProgressOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    under_way: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    arrived: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    started: Option<String>,
    /// When it will end, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    ends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    finished: Option<String>,
    /// Was the patient taken to hospital?
    admitted: bool,
}

#[derive(Serialize, JsonSchema)]
struct Unassigned {
    visit: String,
    /// Left for after the horizon with its promise unbroken.
    deferred: bool,
    /// `proven_impossible`, `no_place_in_this_plan`, `not_found_within_budget`, `pinned`.
    reason: &'static str,
}

/// A position older than this many seconds is not where the crew is.
const STALE: i64 = 600;

impl From<&Progress> for ProgressOut {
    fn from(progress: &Progress) -> ProgressOut {
        ProgressOut {
            under_way: progress.under_way.map(time_text),
            arrived: progress.arrived.map(time_text),
            started: progress.started.map(time_text),
            ends: progress.ends.map(|(_, ends)| time_text(ends)),
            finished: progress.finished.map(time_text),
            admitted: progress.admitted,
        }
    }
}

impl Plan {
    pub(in crate::api) fn of(view: &View) -> Plan {
        let plan = &view.plan;
        Plan {
            version: plan.version,
            seq: view.seq.0,
            at: time_text(view.at),
            score: plan.score.tiers.to_vec(),
            travel: crate::wire::travel_value(&plan.provenance),
            lists: plan.lists.iter().map(|list| StopList::of(list, view)).collect(),
            unassigned: unassigned(plan),
        }
    }
}

impl Changes {
    pub(in crate::api) fn since(view: &View, version: u64) -> Changes {
        let plan = &view.plan;
        let changed = |shift: &crate::domain::ShiftId| {
            plan.changed_at.get(shift).is_some_and(|at| *at > version)
        };
        let lists = plan.lists.iter().filter(|list| changed(&list.shift));
        let empty = plan.changed_at.keys().filter(|shift| changed(shift));
        Changes {
            version: plan.version,
            lists: lists.map(|list| StopList::of(list, view)).collect(),
            empty: empty
                .filter(|shift| plan.list(shift).is_none())
                .map(ToString::to_string)
                .collect(),
        }
    }
}

fn unassigned(plan: &PlanView) -> Vec<Unassigned> {
    let of = |left_out: &crate::domain::Unassigned| Unassigned {
        visit: left_out.visit.to_string(),
        deferred: left_out.deferred,
        reason: match left_out.reason {
            Reason::ProvenImpossible { .. } => "proven_impossible",
            Reason::NoPlaceInThisPlan => "no_place_in_this_plan",
            Reason::NotFoundWithinBudget => "not_found_within_budget",
            Reason::Pinned => "pinned",
        },
    };
    plan.unassigned.iter().map(of).collect()
}

impl StopList {
    /// The list of a shift that has no stops to come.
    pub(in crate::api) fn empty(
        shift: &ShiftId,
        crew: &CrewId,
        hours: Span,
        view: &View,
    ) -> StopList {
        StopList::of(
            &ShiftPlan {
                crew: crew.clone(),
                shift: shift.clone(),
                depart: hours.from(),
                stops: Vec::new(),
                travel_back: Seconds::ZERO,
                metres_back: Metres(0),
                back: hours.to(),
            },
            view,
        )
    }

    pub(in crate::api) fn of(list: &ShiftPlan, view: &View) -> StopList {
        let plan = &view.plan;
        let version = plan.list_versions.get(&list.shift).copied().unwrap_or(0);
        let acknowledged = plan.acknowledged.get(&list.shift).copied();
        let stop = |stop: &Stop| StopOut {
            name: StopName::of(&stop.what),
            place: stop.place.to_string(),
            travel_seconds: stop.travel.0,
            arrive: time_text(stop.arrive),
            start: time_text(stop.start),
            end: time_text(stop.end),
            slack_seconds: stop.slack.0,
            progress: plan
                .progress
                .get(&(list.shift.clone(), stop.what.clone()))
                .map(ProgressOut::from),
        };
        let position = view.positions.get(&list.crew).map(|&(at, point)| Position {
            lat: point.lat(),
            lon: point.lon(),
            at: time_text(at),
            is_stale: is_stale(at, view.at),
        });
        StopList {
            shift: list.shift.to_string(),
            crew: list.crew.to_string(),
            version,
            acknowledged,
            is_acknowledged: acknowledged == Some(version),
            depart: time_text(list.depart),
            stops: list.stops.iter().map(stop).collect(),
            back: time_text(list.back),
            position,
        }
    }
}

fn is_stale(at: Instant, now: Instant) -> bool {
    (now - at).0 > STALE
}
