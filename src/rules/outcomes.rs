//! Promises kept and broken, and who answers: what is followed up per municipality, delregion and
//! party.

use std::collections::BTreeSet;

use super::reading::{Given, Reading};
use super::why_not::impossible_part;
use crate::domain::{
    DelregionId, Instant, MUNICIPAL_ROLE, MunicipalityId, Part, Party, Plan, RuleId, Seconds,
    Visit, VisitId, World,
};
use crate::travel::Matrix;

/// What became of a promise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The judged part starts by the deadline.
    Kept,
    /// It starts later, or the visit is unassigned.
    Broken,
    /// The visit is left for after the horizon, and its deadline lies there too.
    Deferred,
}

/// One promise and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PromiseOutcome {
    /// The visit.
    pub visit: VisitId,
    /// The promise that covers it.
    pub rule: RuleId,
    /// The latest start that keeps it.
    pub deadline: Instant,
    /// Start of the judged part; none when the visit is unassigned.
    pub start: Option<Instant>,
    /// How late the start is; zero when it is not late, or when there is none.
    pub late: Seconds,
    /// Kept, broken or deferred.
    pub outcome: Outcome,
    /// The patient's municipality.
    pub municipality: MunicipalityId,
    /// Its delregion.
    pub delregion: Option<DelregionId>,
    /// Who answers for a broken one: the party whose crew arrived last (parties, if at the same
    /// time); of an unassigned visit the party whose resource is missing, or all when it can't be
    /// told.
    pub parties: Vec<Party>,
}

/// Every promise of the world, in the order of its visits, and what the plan makes of it.
pub fn promises(world: &World, travel: &Matrix, plan: &Plan) -> Vec<PromiseOutcome> {
    let reading = Reading::new(world, travel, plan);
    world.visits.iter().filter_map(|visit| outcome_of(&reading, visit)).collect()
}

/// What becomes of the promise that covers a visit, if one does.
pub fn outcome_of(reading: &Reading<'_>, visit: &Visit) -> Option<PromiseOutcome> {
    let world = reading.world;
    let (promise, deadline) = world.deadline_of(visit)?;
    let judged = world.judged_part(visit);
    let given = reading.parts_of(&visit.id).iter().find(|given| given.index == judged);
    let start = given.map(|given| given.stop.start);
    let late = start.map_or(Seconds::ZERO, |start| (start - deadline).max(Seconds::ZERO));
    let outcome = match start {
        None if world.is_deferrable(visit) => Outcome::Deferred,
        Some(_) if late == Seconds::ZERO => Outcome::Kept,
        _ => Outcome::Broken,
    };
    let parties = match (outcome, start) {
        (Outcome::Kept | Outcome::Deferred, _) => Vec::new(),
        (Outcome::Broken, Some(_)) => last_to_arrive(reading.parts_of(&visit.id)),
        (Outcome::Broken, None) => missing_parties(reading, visit),
    };
    let municipality = world.patient_of(visit).municipality.clone();
    Some(PromiseOutcome {
        visit: visit.id.clone(),
        rule: promise.id.clone(),
        deadline,
        start,
        late,
        outcome,
        delregion: world.region.delregion_of(&municipality).cloned(),
        municipality,
        parties,
    })
}

/// The parties whose crews came last to the home.
fn last_to_arrive(parts: &[Given<'_>]) -> Vec<Party> {
    let latest = parts.iter().map(|given| given.stop.arrive).max();
    let last = parts.iter().filter(|given| Some(given.stop.arrive) == latest);
    distinct(last.filter_map(|given| given.crew).map(|crew| crew.employer.clone()))
}

/// Whose resource an unassigned visit lacks: that of the part nobody can give, else all its
/// parties.
pub fn missing_parties(reading: &Reading<'_>, visit: &Visit) -> Vec<Party> {
    let impossible = impossible_part(reading.world, reading.travel, visit);
    let missing =
        visit.parts.iter().enumerate().filter(|(at, _)| impossible.is_none_or(|part| part == *at));
    distinct(missing.map(|(_, part)| party_of(reading.world, visit, part)))
}

/// The party that gives such parts. A role that only municipalities have is the patient's own
/// municipality's; every other is the Region's, which answers for all else at home.
fn party_of(world: &World, visit: &Visit, part: &Part) -> Party {
    let mut givers = world.crews.iter().filter(|crew| crew.roles.contains(&part.role)).peekable();
    let is_known = givers.peek().is_some();
    let municipal = givers.all(|crew| matches!(crew.employer, Party::Municipality(_)));
    let is_municipal = if is_known { municipal } else { part.role.as_str() == MUNICIPAL_ROLE };
    if is_municipal {
        Party::Municipality(world.patient_of(visit).municipality.clone())
    } else {
        Party::Region
    }
}

fn distinct(parties: impl Iterator<Item = Party>) -> Vec<Party> {
    parties.collect::<BTreeSet<Party>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Day, at};
    use super::*;

    fn joint(start_minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30), ("nurse", 30)]);
        day.round("car", &[("v1", 0, at(9, start_minute))]);
        day.round("nurse", &[("v1", 1, at(9, start_minute))]);
        day
    }

    fn town() -> Party {
        Party::Municipality(MunicipalityId::new("town"))
    }

    #[test]
    fn a_promise_kept_charges_nobody() {
        let outcome = &joint(0).promises()[0];
        assert_eq!((outcome.outcome, outcome.late), (Outcome::Kept, Seconds::ZERO));
        assert_eq!(outcome.deadline, at(9, 0));
        assert!(outcome.parties.is_empty());
    }

    #[test]
    fn a_broken_one_is_charged_to_whoever_arrived_last() {
        let mut day = joint(30);
        day.plan.shifts[1].stops[0].arrive = at(9, 29);
        let outcome = &day.promises()[0];
        assert_eq!((outcome.outcome, outcome.late), (Outcome::Broken, Seconds(1800)));
        assert_eq!(outcome.parties, [Party::Region]);
        assert_eq!(joint(30).promises()[0].parties, [Party::Region, town()], "at the same time");
    }

    #[test]
    fn an_unassigned_one_to_whoever_is_missing_or_to_all() {
        let mut day = joint(0);
        day.plan.shifts.clear();
        day.leave("v1");
        assert_eq!(day.promises()[0].parties, [Party::Region, town()]);
        day.facts.crews.pop();
        assert_eq!(day.promises()[0].parties, [town()]);
    }
}
