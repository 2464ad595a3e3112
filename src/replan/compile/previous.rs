//! The previous plan: where to start from, and what people were told.

use std::collections::BTreeMap;

use crate::domain::{PartId, Stop, StopWhat, Told, VisitId, World};
use crate::solver::Earlier;
use crate::solver::problem::NONE;

use super::Compiler;

impl Compiler<'_> {
    pub(super) fn add_previous(&mut self) {
        let world = self.world;
        let Some(previous) = &world.previous else { return };
        for shift_plan in &previous.shifts {
            let found = self.shifts.iter().position(|&(c, s)| {
                world.crews[c].shifts[s].id == shift_plan.shift
                    && world.crews[c].id == shift_plan.crew
            });
            let Some(route) = found else { continue };
            let (c, s) = self.shifts[route];
            let under_way = world.crews[c].shifts[s].hours.covers(world.as_of);
            let mut expects = under_way;
            for (rank, stop) in shift_plan.stops.iter().enumerate() {
                let StopWhat::Part { visit, part } = &stop.what else { continue };
                let node = self.part_node(visit, *part);
                if expects && stop.start >= world.as_of {
                    expects = false;
                    self.problem.routes[route].next_stop = node.unwrap_or(NONE);
                }
                if let Some(part) = node {
                    self.earlier.push(Earlier { route: route as u32, rank: rank as u32, part });
                }
            }
        }
    }

    pub(super) fn part_node(&self, visit: &VisitId, part: usize) -> Option<u32> {
        let spec = &self.problem.visits[self.world.visit_position(visit)?];
        let node = spec.parts.start + part as u32;
        spec.parts.contains(&node).then_some(node)
    }
}

/// The stops of the previous plan that somebody was told of, with the position of their crew.
pub(super) fn told_stops(world: &World) -> BTreeMap<(usize, usize), (&Stop, usize)> {
    let mut told = BTreeMap::new();
    let Some(previous) = &world.previous else { return told };
    for shift in &previous.shifts {
        let Some(crew) = world.crews.iter().position(|crew| crew.id == shift.crew) else {
            continue;
        };
        for stop in shift.stops.iter().filter(|stop| !stop.told.is_empty()) {
            if let StopWhat::Part { visit, part } = &stop.what
                && let Some(visit) = world.visit_position(visit)
            {
                told.insert((visit, *part), (stop, crew));
            }
        }
    }
    told
}

/// What people were told of each part by the previous plan.
pub(super) fn told(world: &World) -> BTreeMap<PartId, Vec<Told>> {
    let mut told: BTreeMap<PartId, Vec<Told>> = BTreeMap::new();
    let stops = world.previous.iter().flat_map(|plan| &plan.shifts).flat_map(|shift| &shift.stops);
    for stop in stops.filter(|stop| !stop.told.is_empty()) {
        if let StopWhat::Part { visit, part } = &stop.what {
            let part = PartId { visit: visit.clone(), part: *part };
            told.entry(part).or_default().extend(stop.told.iter().cloned());
        }
    }
    told
}
