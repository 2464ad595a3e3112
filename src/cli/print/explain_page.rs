//! Why a visit goes to whom it goes to, or why nobody can make it.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::{left_out, travel_times, words};
use crate::domain::{
    CrewId, Instant, Place, Plan, Reason, Seconds, Shift, ShiftPlan, Stop, StopWhat, TIERS, Visit,
    World,
};
use crate::rules::Violation;
use crate::travel::Matrix;

/// Crews stopped by the same rule that are each named; more are counted.
const NAMED_MAX: usize = 4;

/// Another crew for a part.
#[derive(Debug)]
pub struct Alternative {
    /// The crew.
    pub crew: CrewId,
    /// The first rule in the way, whatever else is planned; nothing when none is.
    pub obstacle: Option<Violation>,
    /// What the plan would cost more.
    pub price: Price,
}

/// What another crew would cost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Price {
    /// So much more, per tier.
    More([i64; TIERS]),
    /// A short search found no plan in which this crew comes.
    NoPlaceFound,
    /// Nobody has asked.
    NotAsked,
}

/// What is known of a visit in a plan.
pub struct Explanation<'a> {
    /// The visit.
    pub visit: &'a Visit,
    /// The plan.
    pub plan: &'a Plan,
    /// Per part, the other crews that have its role.
    pub alternatives: Vec<Vec<Alternative>>,
}

/// Where a part stands in the plan.
#[derive(Clone, Copy)]
struct Given<'a> {
    shift_plan: &'a ShiftPlan,
    shift: &'a Shift,
    stop: &'a Stop,
    /// When the crew could have started, had nothing else held it.
    ready: Instant,
}

/// The page of `rond explain`.
pub fn explain_page(world: &World, travel: &Matrix, explanation: &Explanation<'_>) -> String {
    let ink = Ink::of_standard_output();
    let Explanation { visit, plan, alternatives } = explanation;
    let provenance = travel.provenance();
    let mut text = travel_times::changed(world, plan, provenance).unwrap_or_default();
    text.push_str(&heading(ink, world, visit));
    if provenance.is_degraded() {
        text.push_str(&travel_times::lines(world, provenance));
    }
    let left = plan.unassigned.iter().find(|left| left.visit == visit.id);
    if let Some(left) = left {
        let state = if left.deferred { "Deferred" } else { "Unassigned" };
        let why = left_out::why(world, travel, visit, &left.reason);
        let _ = writeln!(text, "{}: {why}", ink.paint(Tone::Bad, state));
    }
    for (part, others) in alternatives.iter().enumerate() {
        let role = ink.paint(Tone::Strong, visit.parts[part].role.as_str());
        match given(world, plan, visit, part) {
            Some(here) => {
                let _ = writeln!(text, "\n{role}: {}", who_and_when(world, visit, part, &here));
                let _ = writeln!(
                    text,
                    "  Starts then because {}.",
                    because(world, plan, visit, part, &here)
                );
            }
            None => {
                let _ = writeln!(text, "\n{role}: nobody");
            }
        }
        text.push_str(&others_of(ink, left.map(|left| &left.reason), others));
    }
    text
}

fn heading(ink: Ink, world: &World, visit: &Visit) -> String {
    let place = world.place_of(visit);
    let patient = world.patient_of(visit);
    let mut text = format!(
        "{} · patient {} ({}) · {} · {}, {}\n",
        ink.paint(Tone::Strong, &format!("Visit {}", visit.id)),
        patient.id,
        patient.care_form,
        visit.kind,
        if place.name.is_empty() { place.id.as_str() } else { &place.name },
        words::municipality(world, &place.municipality),
    );
    let _ = write!(text, "Requested {}", words::day_and_clock(world, visit.requested_at));
    match world.deadline_of(visit) {
        Some((promise, deadline)) => {
            let deadline = words::day_and_clock(world, deadline);
            let _ = writeln!(text, "; promised by {deadline} (promise {})", promise.id);
        }
        None => text.push_str("; no promise\n"),
    }
    for window in &visit.windows {
        let from = words::day_and_clock(world, window.from());
        let _ = writeln!(text, "Can be visited {from} – {}", words::clock(world, window.to()));
    }
    text
}

fn given<'a>(world: &'a World, plan: &'a Plan, visit: &Visit, part: usize) -> Option<Given<'a>> {
    let what = StopWhat::Part { visit: visit.id.clone(), part };
    for shift_plan in &plan.shifts {
        let Some(at) = shift_plan.stops.iter().position(|stop| stop.what == what) else { continue };
        let (_, shift) = world.shift(&shift_plan.shift)?;
        let stop = &shift_plan.stops[at];
        let before = at.checked_sub(1).map_or(&shift.start_place, |at| &shift_plan.stops[at].place);
        let place: Option<&Place> = world.place(&stop.place).filter(|_| *before != stop.place);
        // A crew sets out as late as its first stop allows: what counts is when it could have been
        // there.
        let arrive = if at == 0 { world.work_from(shift) + stop.travel } else { stop.arrive };
        let ready = arrive + place.map_or(Seconds::ZERO, |place| place.setup);
        return Some(Given { shift_plan, shift, stop, ready });
    }
    None
}

fn who_and_when(world: &World, visit: &Visit, part: usize, here: &Given<'_>) -> String {
    let Given { shift_plan, shift, stop, .. } = here;
    let mut text = format!(
        "{} (shift {}–{}) arrives {}, starts {}, ends {}",
        shift_plan.crew,
        words::day_and_clock(world, shift.hours.from()),
        words::clock(world, shift.hours.to()),
        words::day_and_clock(world, stop.arrive),
        words::clock(world, stop.start),
        words::clock(world, stop.end),
    );
    if let Some((_, deadline)) = world.deadline_of(visit)
        && world.judged_part(visit) == part
    {
        let margin = deadline - stop.start;
        let kept = if margin < Seconds::ZERO { "late by" } else { "margin" };
        let _ = write!(text, "; {kept} {}", words::length(Seconds(margin.0.abs())));
    }
    let _ = write!(text, "; could start {} later", words::length(stop.slack));
    text
}

/// What the start waits for: the last of the things that must be so before it.
fn because(world: &World, plan: &Plan, visit: &Visit, part: usize, here: &Given<'_>) -> String {
    let start = here.stop.start;
    if here.ready == start {
        return "the crew goes on at once as it arrives".to_owned();
    }
    if here.stop.held_until == Some(start) {
        return "the time that people were told is kept".to_owned();
    }
    if world.earliest_start(visit) == start {
        return "nothing may start before it is requested, nor before now".to_owned();
    }
    if visit.windows.iter().any(|window| window.from() == start) {
        return "the home cannot be visited before".to_owned();
    }
    for meeting in &visit.meetings {
        let (other, lag) = match part {
            first if first == meeting.first => (meeting.second, Seconds(-meeting.lag_max.0)),
            second if second == meeting.second => (meeting.first, meeting.lag_min),
            _ => continue,
        };
        if let Some(there) = given(world, plan, visit, other)
            && there.stop.start + lag == start
        {
            let role = &visit.parts[other].role;
            return if there.ready == there.stop.start {
                let ready = words::clock(world, there.ready);
                format!("{} ({role}) is not there before {ready}", there.shift_plan.crew)
            } else {
                let at = words::clock(world, there.stop.start);
                format!("it meets {} ({role}), who starts {at}", there.shift_plan.crew)
            };
        }
    }
    if world.pins.iter().any(|pin| pin.visit == visit.id) {
        return "a pin says so".to_owned();
    }
    "the crew rests until it sets out".to_owned()
}

/// The other crews: those that could come, cheapest first, then those that cannot, by rule.
fn others_of(ink: Ink, reason: Option<&Reason>, others: &[Alternative]) -> String {
    let mut text = String::new();
    let mut able: Vec<&Alternative> =
        others.iter().filter(|other| other.obstacle.is_none()).collect();
    able.sort_by_key(|other| other.price);
    for other in &able {
        let price = match (reason, other.price) {
            (Some(Reason::NoPlaceInThisPlan), _) => {
                "could come, had it nothing else to do; it has no place for it in this plan"
                    .to_owned()
            }
            (Some(_), _) => "could come, had it nothing else to do".to_owned(),
            (None, Price::More(more)) => format!("could come instead: {}", change(&more)),
            (None, Price::NoPlaceFound) => {
                "could come, had it nothing else to do; no place found beside its other visits"
                    .to_owned()
            }
            (None, Price::NotAsked) => "could come, had it nothing else to do".to_owned(),
        };
        let _ = writeln!(text, "  {}: {price}", other.crew);
    }
    let mut stopped: BTreeMap<&str, Vec<&Alternative>> = BTreeMap::new();
    for other in others {
        if let Some(obstacle) = &other.obstacle {
            stopped.entry(obstacle.rule).or_default().push(other);
        }
    }
    for (rule, crews) in stopped {
        for other in crews.iter().take(NAMED_MAX) {
            let sentence = other.obstacle.as_ref().map_or("", |broken| &broken.sentence_en);
            let _ = writeln!(text, "  {}: {}", ink.paint(Tone::Faint, rule), sentence);
        }
        if let Some(more) = crews.len().checked_sub(NAMED_MAX).filter(|more| *more > 0) {
            let more = words::count(more, "more crew");
            let _ = writeln!(text, "  {}: and {more}", ink.paint(Tone::Faint, rule));
        }
    }
    text
}

/// A difference in score, tier by tier: `tier 2 +14, tier 4 −1 200`.
fn change(more: &[i64; TIERS]) -> String {
    let tiers = more.iter().enumerate().filter(|(_, points)| **points != 0);
    let changes: Vec<String> = tiers
        .map(|(tier, points)| {
            let plus = if *points > 0 { "+" } else { "" };
            format!("tier {} {plus}{}", tier + 1, words::number(*points))
        })
        .collect();
    if changes.is_empty() { "at the same price".to_owned() } else { changes.join(", ") }
}
