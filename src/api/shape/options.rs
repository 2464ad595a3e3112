//! What a request comes to: where the visit could go, with the whole price, and where it went.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Flag, Notice, StopName};
use crate::domain::{Seconds, Slot};
use crate::live::Outcome;
use crate::replan::rolling::{Choice, Delay, PriceChange};
use crate::wire::time_text;

/// Where a visit could go.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Options {
    /// The best first; none when nobody can come.
    options: Vec<Option_>,
}

/// A place for a visit, and its price.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Option")]
struct Option_ {
    /// Where each part goes: to be sent back to have just this place.
    slots: Vec<SlotOut>,
    /// Who comes when.
    parts: Vec<PartOut>,
    /// What the plan costs more, the most important tier first; negative for what leaving the visit
    /// out would cost.
    tiers: Vec<i64>,
    /// Latest start that keeps the promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    deadline: Option<String>,
    /// Minutes between the start and the deadline, rounded down; negative when late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64")]
    margin_minutes: Option<i64>,
    /// Other stops that start later than they would.
    delays: Vec<DelayOut>,
    /// What each rule charges more (or, negative, less).
    prices: Vec<PriceOut>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Slot")]
struct SlotOut {
    part: usize,
    shift: String,
    /// The stop before it; absent means that it comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "StopName")]
    after: Option<StopName>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PartOfOption")]
struct PartOut {
    part: usize,
    role: String,
    crew: String,
    shift: String,
    arrive: String,
    start: String,
    end: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delay")]
struct DelayOut {
    visit: String,
    part: usize,
    /// By how much.
    seconds: i64,
    /// When it starts now.
    start: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Price")]
struct PriceOut {
    /// 1 to 4; an earlier tier outranks all later ones.
    tier: usize,
    /// The rule.
    rule: &'static str,
    points: i64,
    /// What it charges for now that it did not before, in Swedish.
    sv: Vec<String>,
    /// The same in English.
    en: Vec<String>,
}

impl Options {
    pub(in crate::api) fn of(choices: &[Choice]) -> Options {
        Options { options: choices.iter().map(Option_::from).collect() }
    }
}

impl From<&Choice> for Option_ {
    fn from(choice: &Choice) -> Option_ {
        let parts = choice.parts.iter().map(|part| PartOut {
            part: part.part,
            role: part.role.to_string(),
            crew: part.crew.to_string(),
            shift: part.shift.to_string(),
            arrive: time_text(part.arrive),
            start: time_text(part.start),
            end: time_text(part.end),
        });
        Option_ {
            slots: choice.slots.iter().map(SlotOut::from).collect(),
            parts: parts.collect(),
            tiers: choice.tiers.to_vec(),
            deadline: choice.deadline.map(time_text),
            margin_minutes: choice.margin.map(|Seconds(margin)| margin.div_euclid(60)),
            delays: choice.delays.iter().map(DelayOut::from).collect(),
            prices: choice.prices.iter().map(PriceOut::from).collect(),
        }
    }
}

impl From<&Slot> for SlotOut {
    fn from(slot: &Slot) -> SlotOut {
        SlotOut {
            part: slot.part,
            shift: slot.shift.to_string(),
            after: slot.after.as_ref().map(StopName::of),
        }
    }
}

impl From<&Delay> for DelayOut {
    fn from(delay: &Delay) -> DelayOut {
        DelayOut {
            visit: delay.visit.to_string(),
            part: delay.part,
            seconds: delay.by.0,
            start: time_text(delay.start),
        }
    }
}

impl From<&PriceChange> for PriceOut {
    fn from(price: &PriceChange) -> PriceOut {
        PriceOut {
            tier: price.tier as usize + 1,
            rule: price.code,
            points: price.points,
            sv: price.sentences_sv.clone(),
            en: price.sentences_en.clone(),
        }
    }
}

/// What an event came to; everything here is stored.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Accepted {
    /// Its place in the log.
    seq: i64,
    /// Its id.
    id: String,
    /// When it was recorded.
    recorded_at: String,
    /// The visit that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    visit: Option<String>,
    /// The version of the plan since then.
    plan_version: u64,
    /// Shifts whose list is another than before.
    changed: Vec<String>,
    flags: Vec<Flag>,
    notices: Vec<Notice>,
    /// Where the visit is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option_")]
    chosen: Option<Option_>,
    /// Where it could go, the best first, as it was before it was placed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    options: Vec<Option_>,
}

impl Accepted {
    pub(in crate::api) fn of(outcome: &Outcome<'_>) -> Accepted {
        let reaction = outcome.reaction;
        let visit = match &outcome.recorded.event {
            crate::domain::Event::Requested(request) => Some(request.visit.id.to_string()),
            _ => None,
        };
        Accepted {
            seq: outcome.seq.0,
            id: outcome.recorded.id.to_string(),
            recorded_at: time_text(outcome.recorded.recorded_at),
            visit,
            plan_version: outcome.rolling.version(),
            changed: reaction.changed.iter().map(ToString::to_string).collect(),
            flags: reaction.flags.iter().map(Flag::from).collect(),
            notices: reaction.notices.iter().map(Notice::from).collect(),
            chosen: reaction.chosen.as_ref().map(Option_::from),
            options: reaction.options.iter().map(Option_::from).collect(),
        }
    }
}
