//! Before anything is reported unassigned: every crew and position once more, with one ejection.

use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter};
use super::state::State;

/// Why a visit is not in the plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// This part fits no route at all.
    Impossible {
        /// Position of the part in its visit.
        part: usize,
    },
    /// Every place was tried, with one other visit ejected, and none is worth it.
    NoPlace,
    /// The budget ended before that.
    NotFound,
    /// It was barred from the plan.
    Barred,
}

const EXHAUSTIVE: Effort = Effort { blink_one_in: None, exhaustive: true };
const EVERYDAY: Effort = Effort { blink_one_in: None, exhaustive: false };

/// Tries every absent visit in every place, then with each single other visit ejected. Says of each
/// visit that stays out why, in the order of the visits.
pub fn last_pass(
    state: &mut State<'_>,
    inserter: &mut Inserter,
    random: &mut Pcg64Mcg,
    is_time_up: &dyn Fn(u64) -> bool,
) -> Vec<(u32, Why)> {
    let problem = state.problem;
    let mut reasons = Vec::new();
    let absent: Vec<u32> =
        (0..problem.visits.len() as u32).filter(|&visit| !state.assigned[visit as usize]).collect();
    for visit in absent {
        let spec = &problem.visits[visit as usize];
        if spec.barred {
            reasons.push((visit, Why::Barred));
            continue;
        }
        let unfit = spec.parts.clone().position(|part| state.fitting(part).is_empty());
        if let Some(part) = unfit {
            reasons.push((visit, Why::Impossible { part }));
            continue;
        }
        if is_time_up(inserter.work) {
            reasons.push((visit, Why::NotFound));
            continue;
        }
        if put_in(state, inserter, random, visit, EXHAUSTIVE) {
            state.commit();
            continue;
        }
        match eject_for(state, inserter, random, visit, is_time_up) {
            Some(true) => {}
            Some(false) => reasons.push((visit, Why::NoPlace)),
            None => reasons.push((visit, Why::NotFound)),
        }
    }
    // An ejection may have put a visit out that was in: say so of it too.
    for visit in 0..problem.visits.len() as u32 {
        let said = reasons.iter().any(|(named, _)| *named == visit);
        if !state.assigned[visit as usize] && !said {
            reasons.push((visit, Why::NotFound));
        }
    }
    reasons.retain(|(visit, _)| !state.assigned[*visit as usize]);
    reasons.sort_by_key(|(visit, _)| *visit);
    reasons
}

fn put_in(
    state: &mut State<'_>,
    inserter: &mut Inserter,
    random: &mut Pcg64Mcg,
    visit: u32,
    effort: Effort,
) -> bool {
    let problem = state.problem;
    let limit = problem.price_of_leaving_out(visit);
    match inserter.best_place(state, visit, effort, random) {
        Some(place) if place.price < limit => {
            let before = state.score();
            let mark = state.mark();
            if state.insert(visit, &place.placements) && state.score() < before {
                return true;
            }
            state.rewind(mark);
            false
        }
        _ => false,
    }
}

/// `Some(true)`: it is in, and the plan better for it. `None`: the budget ended first.
fn eject_for(
    state: &mut State<'_>,
    inserter: &mut Inserter,
    random: &mut Pcg64Mcg,
    visit: u32,
    is_time_up: &dyn Fn(u64) -> bool,
) -> Option<bool> {
    let problem = state.problem;
    let mut in_the_way: Vec<u32> = Vec::new();
    for part in problem.visits[visit as usize].parts.clone() {
        for &(route, _) in state.fitting(part) {
            let parts = state.stops(route).filter(|&stop| (stop as usize) < problem.parts.len());
            in_the_way.extend(parts.map(|stop| problem.parts[stop as usize].visit));
        }
    }
    in_the_way.sort_unstable();
    in_the_way.dedup();
    let before = state.score();
    for other in in_the_way {
        if is_time_up(inserter.work) {
            return None;
        }
        let mark = state.mark();
        state.take_out(other);
        if state.refresh() && put_in(state, inserter, random, visit, EVERYDAY) {
            put_in(state, inserter, random, other, EVERYDAY);
            if state.score() < before
                && (state.assigned[other as usize] || !problem.visits[other as usize].kept)
            {
                state.commit();
                return Some(true);
            }
        }
        state.rewind(mark);
    }
    Some(false)
}
