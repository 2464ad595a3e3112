//! Where a visit could go, with the whole price in numbers and in words: when who comes, how much
//! time the promise leaves, who becomes later by how much, and what each rule charges.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    CrewId, Instant, Plan, RoleId, Seconds, ShiftId, ShiftPlan, Slot, StopWhat, TIERS, Tier,
    VisitId,
};
use crate::rules::{self, Audit, PlanPart};
use crate::solver::judge::Placement;
use crate::solver::running::Running;

use super::super::decompile;
use super::{OPTIONS, Rolling};

/// A place for a visit, and what it costs to take it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// Where each part goes.
    pub slots: Vec<Slot>,
    /// What the plan costs more, per tier; less than nothing for what leaving it out would cost.
    pub tiers: [i64; TIERS],
    /// Who comes when.
    pub parts: Vec<ChosenPart>,
    /// Latest start that keeps the promise, if there is one.
    pub deadline: Option<Instant>,
    /// Time between the start that the promise is judged on and the deadline; negative when late.
    pub margin: Option<Seconds>,
    /// Other stops that start later than they would.
    pub delays: Vec<Delay>,
    /// What each rule charges more or less than before, the most important tier first.
    pub prices: Vec<PriceChange>,
}

/// A part of a visit in a choice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChosenPart {
    /// Position of the part in the visit.
    pub part: usize,
    /// What is given.
    pub role: RoleId,
    /// By whom.
    pub crew: CrewId,
    /// On which shift.
    pub shift: ShiftId,
    /// When the crew is there.
    pub arrive: Instant,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
}

/// A stop that starts later than it would.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delay {
    /// The visit.
    pub visit: VisitId,
    /// Position of the part in the visit.
    pub part: usize,
    /// By how much.
    pub by: Seconds,
    /// When it starts now.
    pub start: Instant,
}

/// What one rule charges more (or, negative, less).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceChange {
    /// The tier.
    pub tier: Tier,
    /// The rule's code.
    pub code: &'static str,
    /// Points.
    pub points: i64,
    /// What it charges for now that it did not before, in Swedish.
    pub sentences_sv: Vec<String>,
    /// The same in English.
    pub sentences_en: Vec<String>,
}

/// The plan before a choice, as far as choices are held against it.
pub(super) struct Before {
    starts: Vec<Option<i32>>,
    score: [i64; TIERS],
}

impl Rolling {
    pub(super) fn seen(running: &Running<'_>) -> Before {
        Before { starts: running.starts(), score: running.score() }
    }

    /// The best choices for a visit that is not in the plan, each with what the solver needs to
    /// take it.
    pub(super) fn best_choices(&self, visit: &VisitId) -> Vec<(Choice, Vec<Placement>)> {
        let Some(at) = self.compiled.position(visit) else { return Vec::new() };
        let mut running = Running::of(&self.compiled.problem, &self.snapshot);
        if running.has(at) && !running.take_out(at) {
            return Vec::new();
        }
        let before = Rolling::seen(&running);
        let offers = running.offers(at, OPTIONS);
        let mut choices = Vec::with_capacity(offers.len());
        for offer in offers {
            let seen = running.tried(at, &offer.placements, |after| {
                self.choice(after, at, &offer.placements, &before)
            });
            choices.extend(seen.map(|choice| (choice, offer.placements)));
        }
        choices
    }

    /// The choice that was made: `after` has the visit there.
    pub(super) fn choice(
        &self,
        after: &Running<'_>,
        at: u32,
        placements: &[Placement],
        before: &Before,
    ) -> Choice {
        let problem = &self.compiled.problem;
        let parts = problem.visits[at as usize].parts.clone();
        let starts = after.starts();
        let mut delays = Vec::new();
        let mut routes: BTreeSet<u32> =
            placements.iter().filter_map(|p| after.route_of(p.part)).collect();
        for (part, (was, now)) in before.starts.iter().zip(&starts).enumerate() {
            let (Some(was), Some(now)) = (was, now) else { continue };
            if was == now || parts.contains(&(part as u32)) {
                continue;
            }
            routes.extend(after.route_of(part as u32));
            if was < now {
                delays.extend(self.delay(part as u32, i64::from(now - was), *now));
            }
        }
        let (shifts, part) = self.part_of_plan(after, &routes, Some(at));
        let chosen = self.chosen_parts(at, &shifts);
        let score = after.score();
        let tiers = std::array::from_fn(|tier| score[tier] - before.score[tier]);
        let world = &self.rest.world;
        // The visit is of the rest: it was compiled from there.
        let visit = self.compiled.visits[at as usize].as_ref().and_then(|id| world.visit(id));
        let deadline = visit.and_then(|visit| world.deadline_of(visit)).map(|(_, moment)| moment);
        let judged = visit.map_or(0, |visit| world.judged_part(visit));
        let judged_start = after
            .starts()
            .get((parts.start as usize) + judged)
            .copied()
            .flatten()
            .map(|start| self.moment(start));
        let margin = deadline.zip(judged_start).map(|(deadline, start)| deadline - start);
        let slots = placements.iter().filter_map(|placement| self.slot(after, at, placement));
        Choice {
            slots: slots.collect(),
            tiers,
            parts: chosen,
            deadline,
            margin,
            delays,
            prices: self.price_changes(shifts, &part),
        }
    }

    fn delay(&self, part: u32, by: i64, start: i32) -> Option<Delay> {
        let (visit, part) = self.day_part(part)?;
        Some(Delay { visit, part, by: Seconds(by), start: self.moment(start) })
    }

    /// A part of the solver as it is called in the day.
    pub(super) fn day_part(&self, part: u32) -> Option<(VisitId, usize)> {
        let problem = &self.compiled.problem;
        let spec = problem.parts.get(part as usize)?;
        let visit = self.compiled.visits[spec.visit as usize].clone()?;
        let position = (part - problem.visits[spec.visit as usize].parts.start) as usize;
        match self.rest.in_day(&StopWhat::Part { visit, part: position }) {
            StopWhat::Part { visit, part } => Some((visit, part)),
            StopWhat::Break { .. } => None,
        }
    }

    /// A stop of the solver as it is called in the day.
    pub(super) fn day_stop(&self, route: usize, node: u32) -> Option<StopWhat> {
        if let Some((visit, part)) = self.day_part(node) {
            return Some(StopWhat::Part { visit, part });
        }
        let problem = &self.compiled.problem;
        let earlier: usize = problem.routes[..route].iter().map(|spec| spec.breaks.len()).sum();
        let at = (node as usize).checked_sub(problem.parts.len() + earlier)?;
        let index = *self.compiled.breaks[route].get(at)?;
        Some(StopWhat::Break { index })
    }

    fn slot(&self, after: &Running<'_>, at: u32, placement: &Placement) -> Option<Slot> {
        let route = after.route_of(placement.part)? as usize;
        let (_, part) = self.day_part(placement.part)?;
        let (crew, shift) = self.compiled.shifts[route];
        debug_assert!(self.compiled.problem.parts[placement.part as usize].visit == at);
        Some(Slot {
            part,
            shift: self.rest.world.crews[crew].shifts[shift].id.clone(),
            after: self.day_stop(route, placement.prev),
        })
    }

    /// The shifts of these routes, those that meet them, and the visits that have a part on them:
    /// what can be another than before.
    fn part_of_plan(
        &self,
        after: &Running<'_>,
        routes: &BTreeSet<u32>,
        also: Option<u32>,
    ) -> (Vec<ShiftPlan>, PlanPart) {
        let problem = &self.compiled.problem;
        let mut visits: BTreeSet<u32> = also.into_iter().collect();
        for &route in routes {
            let nodes = after.order(route).into_iter();
            let parts = nodes.filter_map(|(node, _)| problem.parts.get(node as usize));
            visits.extend(parts.map(|part| part.visit));
        }
        let mut all = routes.clone();
        for &visit in &visits {
            let parts = problem.visits[visit as usize].parts.clone();
            all.extend(parts.filter_map(|part| after.route_of(part)));
        }
        // Rest between shifts ties those of one crew.
        let crews: BTreeSet<u32> =
            all.iter().map(|&route| problem.routes[route as usize].crew).collect();
        let of_crews = problem.routes.iter().enumerate();
        all.extend(
            of_crews.filter(|(_, s)| crews.contains(&s.crew)).map(|(route, _)| route as u32),
        );
        let mut shifts = Vec::new();
        for &route in &all {
            let stops = after.stops(route);
            if !stops.is_empty() {
                let (rest, travel) = (&self.rest.world, &self.travel);
                let (compiled, route) = (&self.compiled, route as usize);
                shifts.push(decompile::shift_plan(rest, travel, compiled, route, &stops));
            }
        }
        let name = |&visit: &u32| self.compiled.visits[visit as usize].clone();
        let shift_name = |&route: &u32| {
            let (crew, shift) = self.compiled.shifts[route as usize];
            self.rest.world.crews[crew].shifts[shift].id.clone()
        };
        let part = PlanPart {
            visits: visits.iter().filter_map(name).collect(),
            shifts: all.iter().map(shift_name).collect(),
        };
        (shifts, part)
    }

    fn chosen_parts(&self, at: u32, shifts: &[ShiftPlan]) -> Vec<ChosenPart> {
        let Some(id) = &self.compiled.visits[at as usize] else { return Vec::new() };
        let Some(visit) = self.rest.world.visit(id) else { return Vec::new() };
        let mut chosen = Vec::new();
        for shift in shifts {
            for stop in &shift.stops {
                let StopWhat::Part { visit: of, part } = &stop.what else { continue };
                if of != id {
                    continue;
                }
                let StopWhat::Part { part: in_day, .. } = self.rest.in_day(&stop.what) else {
                    continue;
                };
                chosen.push(ChosenPart {
                    part: in_day,
                    role: visit.parts[*part].role.clone(),
                    crew: shift.crew.clone(),
                    shift: shift.shift.clone(),
                    arrive: stop.arrive,
                    start: stop.start,
                    end: stop.end,
                });
            }
        }
        chosen.sort_by_key(|part| part.part);
        chosen
    }

    /// What every rule charges for this part of the plan, less what it charged before.
    fn price_changes(&self, shifts: Vec<ShiftPlan>, part: &PlanPart) -> Vec<PriceChange> {
        let world = &self.rest.world;
        let before = Plan {
            shifts: self
                .shifts
                .iter()
                .flatten()
                .filter(|shift| part.shifts.contains(&shift.shift))
                .map(|shift| self.in_rest(shift))
                .collect(),
            ..Plan::default()
        };
        let after = Plan { shifts, ..Plan::default() };
        let was = rules::bill_of_part(world, &self.travel, &before, part);
        let is = rules::bill_of_part(world, &self.travel, &after, part);
        let mut changes: BTreeMap<(Tier, &'static str), PriceChange> = BTreeMap::new();
        let known: BTreeSet<&str> = was.iter().map(|line| line.sentence_en.as_str()).collect();
        for (sign, line) in was.iter().map(|l| (-1, l)).chain(is.iter().map(|l| (1, l))) {
            let change = changes.entry((line.tier, line.code)).or_insert_with(|| PriceChange {
                tier: line.tier,
                code: line.code,
                points: 0,
                sentences_sv: Vec::new(),
                sentences_en: Vec::new(),
            });
            change.points += sign * line.points;
            if sign > 0 && !known.contains(line.sentence_en.as_str()) {
                change.sentences_sv.push(line.sentence_sv.clone());
                change.sentences_en.push(line.sentence_en.clone());
            }
        }
        changes.into_values().filter(|change| change.points != 0).collect()
    }

    /// What the plain rules say of the shifts that changed, and of everything that meets them.
    pub fn audit_of(&self, changed: &[ShiftId]) -> Audit {
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        let changed: BTreeSet<&ShiftId> = changed.iter().collect();
        let routes: BTreeSet<u32> = (0..self.compiled.problem.routes.len() as u32)
            .filter(|&route| {
                let (crew, shift) = self.compiled.shifts[route as usize];
                changed.contains(&self.rest.world.crews[crew].shifts[shift].id)
            })
            .collect();
        let (shifts, mut part) = self.part_of_plan(&running, &routes, None);
        part.visits.extend(self.unassigned.keys().cloned());
        let unassigned = self.unassigned.values().cloned().collect();
        let plan = Plan { shifts, unassigned, ..Plan::default() };
        rules::audit_of_part(&self.rest.world, &self.travel, &plan, &part)
    }
}
