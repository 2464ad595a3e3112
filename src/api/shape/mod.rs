//! The shapes of answers. Times are RFC 3339 with the offset of Swedish time, lengths whole minutes
//! unless their name says seconds, points of tier 4 about a second of driving each.

mod explained;
mod options;
mod plan;
mod visit;

pub(super) use explained::Explained;
pub(super) use options::{Accepted, Options};
pub(super) use plan::{Changes, Plan, StopList};
pub(super) use visit::{Crews, Visit, VisitPage, Wanted, visit_of};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::{self, Instant, StopWhat};
use crate::live::{self, Health};
use crate::wire::time_text;

/// A stop of a list: the part of a visit, or a break of the shift.
#[derive(Serialize, JsonSchema, Clone)]
pub(super) struct StopName {
    /// The visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    visit: Option<String>,
    /// Position of the part in the visit, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    part: Option<usize>,
    /// Position of the break in the shift, from 0.
    #[serde(rename = "break", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    at_break: Option<usize>,
}

impl StopName {
    pub(super) fn of(what: &StopWhat) -> StopName {
        match what {
            StopWhat::Part { visit, part } => {
                StopName { visit: Some(visit.to_string()), part: Some(*part), at_break: None }
            }
            StopWhat::Break { index } => {
                StopName { visit: None, part: None, at_break: Some(*index) }
            }
        }
    }
}

/// What should not be so, and yet was accepted.
#[derive(Serialize, JsonSchema)]
pub(super) struct Flag {
    /// `never_started`, `other_shift`, `unassigned`, …
    code: &'static str,
    /// The visit that it is about besides the event's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    visit: Option<String>,
}

impl From<&domain::Flag> for Flag {
    fn from(flag: &domain::Flag) -> Flag {
        Flag { code: flag.code(), visit: flag.visit().map(ToString::to_string) }
    }
}

/// Somebody who was told a start has to be told another.
#[derive(Serialize, JsonSchema)]
pub(super) struct Notice {
    visit: String,
    part: usize,
    /// Who: `patient`, `municipality`, …
    audience: String,
    /// What they were told.
    was: String,
    /// What is so now; absent when nobody comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    now: Option<String>,
}

impl From<&crate::replan::rolling::Notice> for Notice {
    fn from(notice: &crate::replan::rolling::Notice) -> Notice {
        Notice {
            visit: notice.visit.to_string(),
            part: notice.part,
            audience: notice.audience.clone(),
            was: time_text(notice.was),
            now: notice.now.map(time_text),
        }
    }
}

/// A message of the stream.
#[derive(Serialize, JsonSchema)]
pub(super) struct Heard {
    /// Its place in the log; the id of the message.
    seq: i64,
    /// The kind of event.
    kind: &'static str,
    /// When it was recorded.
    at: String,
    /// The visit that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    visit: Option<String>,
    /// Shifts whose list is another than before.
    changed: Vec<String>,
    flags: Vec<Flag>,
    notices: Vec<Notice>,
    /// The version of the plan since then.
    plan_version: u64,
}

impl From<&live::Heard> for Heard {
    fn from(heard: &live::Heard) -> Heard {
        Heard {
            seq: heard.seq.0,
            kind: heard.kind,
            at: time_text(heard.at),
            visit: heard.visit.as_ref().map(ToString::to_string),
            changed: heard.changed.iter().map(ToString::to_string).collect(),
            flags: heard.flags.iter().map(Flag::from).collect(),
            notices: heard.notices.iter().map(Notice::from).collect(),
            plan_version: heard.plan_version,
        }
    }
}

/// Better plans that wait for a yes.
#[derive(Serialize, JsonSchema)]
pub(super) struct Suggestions {
    suggestions: Vec<Suggestion>,
}

/// A better plan that waits for a yes.
#[derive(Serialize, JsonSchema)]
struct Suggestion {
    id: u64,
    /// When it was found.
    made_at: String,
    /// Points saved, the most important tier first.
    gain: Vec<i64>,
    /// Visits that would have another crew or another place in an order.
    moved: usize,
    /// Shifts whose order would be another.
    shifts: Vec<String>,
    /// Shifts whose next stop would be another.
    next_stops: Vec<String>,
    /// Who would have to be told another time.
    notices: Vec<Notice>,
}

impl Suggestions {
    pub(super) fn of(waiting: &[live::Suggestion]) -> Suggestions {
        let one = |known: &live::Suggestion| Suggestion {
            id: known.id,
            made_at: time_text(known.made_at),
            gain: known.improved.gain.to_vec(),
            moved: known.found.moved,
            shifts: known.improved.orders.iter().map(|order| order.shift.to_string()).collect(),
            next_stops: known.found.next_stops.iter().map(ToString::to_string).collect(),
            notices: known.found.notices.iter().map(Notice::from).collect(),
        };
        Suggestions { suggestions: waiting.iter().map(one).collect() }
    }
}

/// How the service is.
#[derive(Serialize, JsonSchema)]
pub(super) struct Ready {
    /// `ready`, or `degraded` with reasons.
    status: &'static str,
    /// What is not as it should be, in words.
    degraded: Vec<String>,
    /// The last event that readers see.
    seq: i64,
    /// When that was recorded.
    at: String,
    /// Now, by the service's clock.
    now: String,
    /// Events under way that change the plan.
    under_way: usize,
    /// How many may be.
    under_way_max: usize,
}

impl Ready {
    /// How it is, and whether it can serve.
    pub(super) fn of(health: &Health, now: Instant) -> (Ready, bool) {
        let mut degraded = Vec::new();
        if !health.is_store_up {
            degraded.push("the store cannot be written; the last plan is shown".to_owned());
        }
        if health.is_stopping {
            degraded.push("the service is stopping".to_owned());
        }
        let serves = degraded.is_empty();
        if health.has_snapshot_failed {
            degraded.push("the last snapshot could not be kept; a start takes longer".to_owned());
        }
        let astray = health.clock_astray.0;
        if astray.abs() > CLOCK_ASTRAY_MAX {
            degraded.push(format!(
                "the machine's clock is {astray} seconds from the service's, which goes on evenly"
            ));
        }
        let ready = Ready {
            status: if degraded.is_empty() { "ready" } else { "degraded" },
            degraded,
            seq: health.seq.0,
            at: time_text(health.at),
            now: time_text(now),
            under_way: health.heavy.0,
            under_way_max: health.heavy.1,
        };
        (ready, serves)
    }
}

/// A machine's clock further away than this many seconds was set by somebody.
const CLOCK_ASTRAY_MAX: i64 = 5;
