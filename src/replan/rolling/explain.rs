//! Why this crew, and who else: every crew held against the plan as it stands, never against what a
//! search remembers.

use std::collections::BTreeMap;

use crate::domain::{CrewId, Refusal, RoleId, ShiftId, StopWhat, TIERS, VisitId};
use crate::rules::{self, Violation};
use crate::solver::running::Running;

use super::Rolling;

/// So many places are looked at, the best first, no two with the same crews.
const PLACES_MAX: usize = 200;

/// A part of a visit, and what every crew of its role has to say to it.
#[derive(Clone, Debug)]
pub struct ExplainedPart {
    /// Position of the part in the visit.
    pub part: usize,
    /// What is to be given.
    pub role: RoleId,
    /// Who gives it now.
    pub given_by: Option<(CrewId, ShiftId)>,
    /// Every crew that has the role, in the order of the day.
    pub crews: Vec<(CrewId, Could)>,
}

/// Could a crew give a part?
#[derive(Clone, Debug)]
pub enum Could {
    /// Never, whatever else is planned: this rule is in the way.
    ProvenImpossible(Box<Violation>),
    /// Yes, with everything else in its order: what the plan would cost, less what it would cost
    /// without the visit's parts where they are now, per tier.
    Yes([i64; TIERS]),
    /// Not with everything else in its order.
    NoPlaceInThisPlan,
}

impl Rolling {
    /// Why a visit has the crews that it has, and who else could come. Parts that have begun are
    /// left out.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] and [`Refusal::Over`].
    pub fn explain(&self, visit: &VisitId) -> Result<Vec<ExplainedPart>, Refusal> {
        self.live.open_visit(visit)?;
        let world = &self.rest.world;
        let Some(left) = world.visit(visit) else { return Ok(Vec::new()) };
        let places = self.places_by_crew(visit);
        let mut explained = Vec::with_capacity(left.parts.len());
        for (at, part) in left.parts.iter().enumerate() {
            let what = self.rest.in_day(&StopWhat::Part { visit: visit.clone(), part: at });
            let StopWhat::Part { part: in_day, .. } = what else { continue };
            let giver = self.lists().find(|list| list.stops.iter().any(|stop| stop.what == what));
            let crews = world.crews.iter().filter(|crew| crew.roles.contains(&part.role));
            let could = crews.map(|crew| {
                let could = match rules::obstacle(world, &self.travel, left, at, crew) {
                    Some(obstacle) => Could::ProvenImpossible(Box::new(obstacle)),
                    None => match places.get(&(at, crew.id.clone())) {
                        Some(tiers) => Could::Yes(*tiers),
                        None => Could::NoPlaceInThisPlan,
                    },
                };
                (crew.id.clone(), could)
            });
            explained.push(ExplainedPart {
                part: in_day,
                role: part.role.clone(),
                given_by: giver.map(|list| (list.crew.clone(), list.shift.clone())),
                crews: could.collect(),
            });
        }
        Ok(explained)
    }

    /// Per part and crew the least price of a place for the visit.
    fn places_by_crew(&self, visit: &VisitId) -> BTreeMap<(usize, CrewId), [i64; TIERS]> {
        let mut best = BTreeMap::new();
        let Some(at) = self.compiled.position(visit) else { return best };
        let mut running = Running::of(&self.compiled.problem, &self.snapshot);
        if running.has(at) && !running.take_out(at) {
            return best;
        }
        let first = self.compiled.problem.visits[at as usize].parts.start;
        for offer in running.offers(at, PLACES_MAX) {
            let routes = running.tried(at, &offer.placements, |after| {
                let route = |of: &crate::solver::judge::Placement| after.route_of(of.part);
                offer.placements.iter().map(|of| (of.part - first, route(of))).collect::<Vec<_>>()
            });
            for (part, route) in routes.into_iter().flatten() {
                let Some(route) = route else { continue };
                let (crew, _) = self.compiled.shifts[route as usize];
                let key = (part as usize, self.rest.world.crews[crew].id.clone());
                let known = best.entry(key).or_insert(offer.tiers);
                *known = (*known).min(offer.tiers);
            }
        }
        best
    }
}
