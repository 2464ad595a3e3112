//! Solution → Plan: numbers become names, ticks become moments.

use crate::domain::{
    Metres, PartId, Plan, Reason, Score, Seconds, ShiftPlan, Stop, StopWhat, Told, Unassigned,
    World,
};
use crate::solver::problem::NEVER;
use crate::solver::{Solution, SolutionStop, Why};
use crate::travel::{Drive, Matrix};

use super::compile::Compiled;

/// The plan that a solution of the compiled world means.
pub fn decompile(world: &World, travel: &Matrix, compiled: &Compiled, solution: &Solution) -> Plan {
    let mut shifts = Vec::new();
    for (route, stops) in solution.routes.iter().enumerate() {
        if !stops.is_empty() {
            shifts.push(shift_plan(world, travel, compiled, route, stops));
        }
    }
    let unassigned = solution
        .unassigned
        .iter()
        .filter_map(|&(visit, why)| unassigned(world, compiled, visit, why))
        .collect();
    Plan {
        shifts,
        unassigned,
        score: Score { tiers: solution.score },
        travel: Some(travel.provenance().clone()),
    }
}

/// A visit that the solver left out; nothing when nobody wants it any more.
pub(super) fn unassigned(
    world: &World,
    compiled: &Compiled,
    visit: u32,
    why: Why,
) -> Option<Unassigned> {
    let visit = world.visit(compiled.visits[visit as usize].as_ref()?)?;
    Some(Unassigned {
        visit: visit.id.clone(),
        deferred: world.is_deferrable(visit),
        reason: match why {
            Why::Impossible { part } => Reason::ProvenImpossible { part },
            Why::NoPlace => Reason::NoPlaceInThisPlan,
            Why::NotFound => Reason::NotFoundWithinBudget,
            Why::Barred => Reason::Pinned,
        },
    })
}

/// The work of one route that visits somebody.
pub(super) fn shift_plan(
    world: &World,
    travel: &Matrix,
    compiled: &Compiled,
    route: usize,
    solved: &[SolutionStop],
) -> ShiftPlan {
    let problem = &compiled.problem;
    let (c, s) = compiled.shifts[route];
    let (crew, shift) = (&world.crews[c], &world.crews[c].shifts[s]);
    let moment = |tick: i32| compiled.origin + Seconds(i64::from(tick));
    let leg = |from: usize, to: usize| {
        let leg = travel.leg(from, to);
        leg.map_or((Seconds::ZERO, Metres(0)), |leg| (leg.seconds, leg.metres))
    };
    let mut here = world.place_position(&shift.start_place);
    let mut depart = None;
    let mut done = moment(problem.routes[route].from);
    let mut breaks = 0;
    let mut stops = Vec::with_capacity(solved.len());
    for stop in solved {
        let start = moment(stop.start);
        let (what, place, service) = if let Some(part) = part_of(world, compiled, stop.node) {
            part
        } else {
            let index = compiled.breaks[route][breaks];
            breaks += 1;
            (StopWhat::Break { index }, here, shift.breaks[index].length)
        };
        let (by_table, metres) = leg(here, place);
        let setup = if place == here { Seconds::ZERO } else { world.places[place].setup };
        // The crew sets out as late as the first stop allows, and goes on at once from every other.
        let drive = Drive { world, from: &world.places[here], to: &world.places[place], by_table };
        let left = if stops.is_empty() { drive.departure(start - setup) } else { done };
        depart.get_or_insert(left);
        let arrive = drive.arrival(left);
        done = start + service;
        here = place;
        let held_until = (stop.hold > -NEVER).then(|| moment(stop.hold));
        let told = told_before(compiled, &what);
        let slack = Seconds(i64::from((stop.latest - stop.start).max(0)));
        let place = world.places[place].id.clone();
        stops.push(Stop {
            what,
            place,
            travel: arrive - left,
            metres,
            arrive,
            start,
            end: done,
            slack,
            held_until,
            told,
        });
    }
    let home = world.place_position(&shift.end_place);
    let (by_table, metres_back) = leg(here, home);
    let drive = Drive { world, from: &world.places[here], to: &world.places[home], by_table };
    let back = drive.arrival(done);
    ShiftPlan {
        crew: crew.id.clone(),
        shift: shift.id.clone(),
        depart: depart.unwrap_or(done),
        stops,
        travel_back: back - done,
        metres_back,
        back,
    }
}

/// What a part's node means: the part, the position of its place, its service time. Nothing for
/// the node of a break.
fn part_of(world: &World, compiled: &Compiled, node: u32) -> Option<(StopWhat, usize, Seconds)> {
    let problem = &compiled.problem;
    let part = problem.parts.get(node as usize)?;
    let visit = world.visit(compiled.visits[part.visit as usize].as_ref()?)?;
    let index = (node - problem.visits[part.visit as usize].parts.start) as usize;
    let what = StopWhat::Part { visit: visit.id.clone(), part: index };
    Some((what, part.place as usize, visit.parts[index].service))
}

/// What people were told of this part by the previous plan: it stays a fact.
fn told_before(compiled: &Compiled, what: &StopWhat) -> Vec<Told> {
    let StopWhat::Part { visit, part } = what else { return Vec::new() };
    if compiled.told.is_empty() {
        return Vec::new();
    }
    let part = PartId { visit: visit.clone(), part: *part };
    compiled.told.get(&part).cloned().unwrap_or_default()
}
