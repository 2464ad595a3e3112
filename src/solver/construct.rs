//! A first plan: regret insertion, the most urgent visits first, joint visits as units.

use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter};
use super::problem::{NEVER, Problem};
use super::state::State;

/// Visits that compete for the next insertion.
const CANDIDATES: usize = 8;

/// Inserts every absent visit that fits and is worth it. Of the next few in order of urgency, the
/// one that would lose most by waiting (the regret between its best and second-best place) goes
/// first. It is never cut short: a plan comes first, however small the budget.
pub fn construct(state: &mut State<'_>, inserter: &mut Inserter, random: &mut Pcg64Mcg) {
    let problem = state.problem;
    let mut waiting: Vec<u32> = (0..problem.visits.len() as u32)
        .filter(|&visit| !state.assigned[visit as usize] && !problem.visits[visit as usize].barred)
        .collect();
    waiting.sort_by_key(|&visit| urgency(problem, visit));
    waiting.reverse();
    let effort = Effort { blink_one_in: None, exhaustive: false };
    let mut candidates: Vec<u32> = Vec::with_capacity(CANDIDATES);
    loop {
        while candidates.len() < CANDIDATES
            && let Some(visit) = waiting.pop()
        {
            candidates.push(visit);
        }
        if candidates.is_empty() {
            return;
        }
        let mut chosen: Option<(i64, usize, i64, Vec<_>)> = None;
        let mut hopeless = Vec::new();
        for (at, &visit) in candidates.iter().enumerate() {
            let Some((place, second)) = inserter.best_two_places(state, visit, effort, random)
            else {
                hopeless.push(visit);
                continue;
            };
            let regret = second.saturating_sub(place.price);
            if chosen.as_ref().is_none_or(|best| regret > best.0) {
                chosen = Some((regret, at, place.price, place.placements.clone()));
            }
        }
        if let Some((_, at, price, placements)) = chosen {
            let visit = candidates[at];
            if price < problem.price_of_leaving_out(visit) {
                state.insert(visit, &placements);
                state.commit();
            }
            candidates.remove(at);
        }
        candidates.retain(|visit| !hopeless.contains(visit));
    }
}

/// Smaller is more urgent: what must stay in the plan, then the tier of its promise, then by when
/// it must start.
fn urgency(problem: &Problem, visit: u32) -> (bool, usize, i32, u32) {
    let spec = &problem.visits[visit as usize];
    let last_start = |part: u32| {
        let fitting = &problem.fitting[part as usize];
        let windows = fitting.iter().map(|&(_, fit)| problem.fits[fit as usize].to).max();
        windows.unwrap_or(NEVER).min(problem.parts[part as usize].due)
    };
    let due = spec.parts.clone().map(last_start).min().unwrap_or(NEVER);
    (!spec.kept, spec.unassigned.tier, due, visit)
}
