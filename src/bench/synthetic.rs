//! Made-up problems of any size, to measure how the search grows: as dense as a region, so that a
//! larger problem has more of the same and not more of it per square kilometre.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::solver::problem::{
    BreakSpec, Fit, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};

/// Seconds to drive a kilometre.
const SECONDS_PER_KM: f64 = 72.0;
/// Visits per square kilometre.
const VISITS_PER_KM2: f64 = 1.0;
/// Parts per route.
const PARTS_PER_ROUTE: usize = 8;
/// So many visits at so many addresses: care homes have many patients.
const VISITS_PER_PLACE: (u32, u32) = (5, 2);
/// Routes that start at one base.
const ROUTES_PER_BASE: u32 = 10;
/// One visit in so many is joint: both kinds of crew at once.
const JOINT_ONE_IN: u32 = 3;
const HOUR: i32 = 3_600;
/// When a shift begins and ends, and by when its overtime must end.
const SHIFT: (i32, i32, i32) = (8 * HOUR, 16 * HOUR, 17 * HOUR);
/// How long a visit's window is.
const WINDOW: i32 = 2 * HOUR;
/// Where a break may start, and how long it is.
const BREAK: BreakSpec = BreakSpec { from: 11 * HOUR, to: 13 * HOUR, length: HOUR / 2 };
/// Points of the first tier for a visit left out.
const UNASSIGNED: i64 = 1_000;
/// Points per late minute.
const LATE_MINUTE: i64 = 1;

/// A day of so many visits, single ones and joint ones, with windows of two hours and crews of two
/// kinds who may go anywhere.
pub fn day(visits: u32, seed: u64) -> Problem {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let side = (f64::from(visits) / VISITS_PER_KM2).sqrt();
    let mut problem = Problem {
        lateness: vec![LatenessSpec {
            tier: 1,
            unit: 60,
            steps: vec![(0, LATE_MINUTE)],
            cap: i64::from(NEVER),
        }],
        weights: [1_000_000_000, 100_000, 1_000, 1],
        temperatures: (3_000, 30),
        ..Problem::default()
    };
    let mut kinds = Vec::new();
    let addresses = (visits * VISITS_PER_PLACE.1).div_ceil(VISITS_PER_PLACE.0);
    for visit in 0..visits {
        let place = random.random_range(0..addresses);
        add_visit(&mut problem, (visit, place), &mut kinds, &mut random);
    }
    let routes = problem.parts.len().div_ceil(PARTS_PER_ROUTE).next_multiple_of(2) as u32;
    let places = (addresses + routes.div_ceil(ROUTES_PER_BASE)) as usize;
    for route in 0..routes {
        problem.routes.push(route_of(route, addresses + route / ROUTES_PER_BASE));
    }
    for kind in kinds {
        let fit = problem.fitting.len() as u32;
        let fitting = (0..routes).filter(|route| route % 2 == kind).map(|route| (route, fit));
        problem.fitting.push(fitting.collect());
    }
    let points: Vec<(f64, f64)> = (0..places)
        .map(|_| (random.random::<f64>() * side, random.random::<f64>() * side))
        .collect();
    problem.places = places;
    problem.setup = vec![0; places];
    problem.travel.reserve_exact(places * places);
    for from in &points {
        let seconds = |to: &(f64, f64)| (from.0 - to.0).hypot(from.1 - to.1) * SECONDS_PER_KM;
        problem.travel.extend(points.iter().map(|to| seconds(to) as i32));
    }
    problem
}

fn add_visit(
    problem: &mut Problem,
    (visit, place): (u32, u32),
    kinds: &mut Vec<u32>,
    random: &mut Pcg64Mcg,
) {
    let is_joint = random.random_range(0..JOINT_ONE_IN) == 0;
    let first = problem.parts.len() as u32;
    let parts = first..first + 1 + u32::from(is_joint);
    let service = random.random_range(4..=9) * 300;
    let from = SHIFT.0 + random.random_range(0..=24) * HOUR / 4;
    let kind = if is_joint { 0 } else { random.random_range(0..2) };
    for part in parts.clone() {
        kinds.push(kind + part - first);
        problem.parts.push(PartSpec {
            visit,
            place,
            service,
            due: from + HOUR,
            lateness: 0,
            load: 0,
            group: problem.groups.len() as u32,
        });
        problem.fits.push(Fit {
            from,
            to: from + WINDOW,
            starts: NONE,
            cost: 0,
            hours: NONE,
            told_cost: 0,
            told: NONE,
        });
        problem.lags_in.push(Vec::new());
        problem.lags_out.push(Vec::new());
    }
    problem.groups.push(parts.clone().collect());
    problem.visits.push(VisitSpec {
        parts,
        unassigned: Points { tier: 0, points: UNASSIGNED },
        unassigned_told: 0,
        meets: is_joint,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}

fn route_of(route: u32, place: u32) -> RouteSpec {
    RouteSpec {
        crew: route,
        start_place: place,
        end_place: place,
        from: SHIFT.0,
        to: SHIFT.1,
        latest: SHIFT.2,
        travel_price: 1,
        waiting_price: 0,
        overtime_price: 3,
        breaks: vec![BREAK],
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
        load_max: i64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::construct::construct;
    use crate::solver::insert::{Effort, Inserter};
    use crate::solver::near::Nearby;
    use crate::solver::problem::TIERS;
    use crate::solver::state::State;
    use std::sync::Arc;

    const EVERYTHING: Effort = Effort { blink_one_in: None, exhaustive: true };
    const EVERYDAY: Effort = Effort { blink_one_in: None, exhaustive: false };

    fn planned(problem: &Problem) -> State<'_> {
        let mut state = State::empty(problem);
        let mut inserter = Inserter::default();
        inserter.look_near(Arc::new(Nearby::of(problem)));
        let mut random = Pcg64Mcg::seed_from_u64(1);
        construct(&mut state, &mut inserter, &mut random);
        state
    }

    #[test]
    fn most_visits_of_a_made_up_day_find_a_place() {
        let problem = day(400, 1);
        let state = planned(&problem);
        let placed = state.assigned.iter().filter(|assigned| **assigned).count();
        assert!(placed >= 380, "{placed} of 400");
    }

    /// Near by is a part of everywhere: never better, often the same, and what is promised holds.
    #[test]
    fn near_places_are_places_and_seldom_worse_than_the_best() {
        let problem = day(400, 2);
        let mut state = planned(&problem);
        assert!(!Nearby::of(&problem).links_of(0).is_empty(), "too small to look near by");
        let (mut wide, mut near) = (Inserter::default(), Inserter::default());
        near.look_near(Arc::new(Nearby::of(&problem)));
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let (mut tried, mut equal) = (0, 0);
        for visit in 0..400 {
            if !state.assigned[visit as usize] {
                continue;
            }
            let mark = state.mark();
            state.take_out(visit);
            // A break is taken at the stop before it, which may be further from the next one.
            if !state.refresh() {
                state.rewind(mark);
                continue;
            }
            let best = wide.best_place(&mut state, visit, EVERYTHING, &mut random).cloned();
            let found = near.best_place(&mut state, visit, EVERYDAY, &mut random).cloned();
            let (best, found) = (best.expect("it was in"), found.expect("it was in"));
            assert!(found.price >= best.price, "visit {visit}: near by is part of everywhere");
            tried += 1;
            equal += u32::from(found.price == best.price);
            let before = state.score();
            let promise = state.promise(visit, &found.placements).expect("judged to fit");
            assert!(state.insert(visit, &found.placements));
            let after = state.score();
            let effect: [i64; TIERS] = std::array::from_fn(|tier| after[tier] - before[tier]);
            assert_eq!(promise, effect);
            state.rewind(mark);
        }
        assert!(equal * 2 >= tried, "{equal} of {tried} best places are near by");
    }

    /// The five best by other crews are the five best of all pairs, found one by one.
    #[test]
    fn best_offers_equal_brute_force() {
        // Without breaks: one that moves can make others earlier, which is not judged.
        let mut problem = day(150, 3);
        problem.routes.iter_mut().for_each(|route| route.breaks.clear());
        let mut state = planned(&problem);
        let mut inserter = Inserter::default();
        let mut random = Pcg64Mcg::seed_from_u64(1);
        for visit in 0..150 {
            let parts = problem.visits[visit as usize].parts.clone();
            if !state.assigned[visit as usize] || parts.len() != 2 {
                continue;
            }
            let mark = state.mark();
            state.take_out(visit);
            // A break is taken at the stop before it, which may be further from the next one.
            if !state.refresh() {
                state.rewind(mark);
                continue;
            }
            let offers = inserter.best_offers(&mut state, visit, 5, &mut random);
            let best = inserter.best_place(&mut state, visit, EVERYTHING, &mut random).cloned();
            assert_eq!(best.map(|place| place.placements), Some(offers[0].placements.clone()));
            let brute = brute_force(&mut state, visit);
            for (offer, brute) in offers.iter().zip(&brute) {
                assert_eq!(weighed(&problem, &offer.tiers), *brute, "visit {visit}");
            }
            assert_eq!(offers.len(), brute.len().min(5));
            state.rewind(mark);
        }
    }

    fn weighed(problem: &Problem, tiers: &[i64; TIERS]) -> i64 {
        tiers.iter().zip(&problem.weights).map(|(points, weight)| points * weight).sum()
    }

    /// The least price per pair of routes, least first.
    fn brute_force(state: &mut State<'_>, visit: u32) -> Vec<i64> {
        use crate::solver::judge::Placement;
        let problem = state.problem;
        let parts = problem.visits[visit as usize].parts.clone();
        let gaps = |state: &State<'_>, part: u32| -> Vec<(u32, Placement)> {
            let mut gaps = Vec::new();
            for &(route, fit) in &problem.fitting[part as usize] {
                let mut prev = state.start_node(route);
                while prev != state.end_node(route) {
                    gaps.push((route, Placement { part, prev, fit, hold: -NEVER }));
                    prev = state.nodes[prev as usize].next;
                }
            }
            gaps.retain(|(_, at)| state.judge(part, at.prev, at.fit, at.hold).is_some());
            gaps
        };
        let (first, second) = (gaps(state, parts.start), gaps(state, parts.start + 1));
        let mut best = std::collections::BTreeMap::new();
        for (route, one) in &first {
            for (other_route, other) in &second {
                let behind = |at: &Placement| state.nodes[at.prev as usize].next;
                let (after_one, after_other) = (behind(one), behind(other));
                if state.leads_to(after_one, other.prev) || state.leads_to(after_other, one.prev) {
                    continue;
                }
                let Some(tiers) = state.promise(visit, &[*one, *other]) else { continue };
                let price = weighed(problem, &tiers);
                let kept = best.entry((route, other_route)).or_insert(price);
                *kept = price.min(*kept);
            }
        }
        let mut prices: Vec<i64> = best.into_values().collect();
        prices.sort_unstable();
        prices
    }
}
