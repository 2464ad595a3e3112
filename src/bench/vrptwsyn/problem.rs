//! An instance as a [`Problem`]: one tick per published unit.

use super::instance::{FORBIDDEN, Instance};
use crate::solver::problem::{
    COST, Fit, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};

/// Points per unit of travel: the annealing needs steps finer than a unit.
pub const TRAVEL_PRICE: i64 = 100;
/// What leaving a visit out costs, in the first tier, per part.
const UNASSIGNED: i64 = 1_000;
/// First and last temperature, in points.
const TEMPERATURES: (i64, i64) = (1_000, 10);
/// Leaving a visit out outweighs any travel.
const WEIGHTS: [i64; 4] = [1 << 40, 1 << 28, 1 << 20, 1];

/// The instance for the solver. Places are the rows of `travel`, routes the vehicles.
pub fn problem_of(instance: &Instance) -> Problem {
    let ticks = |units: &i32| if *units >= FORBIDDEN { NEVER } else { *units };
    let mut problem = Problem {
        places: instance.travel.len(),
        travel: instance.travel.iter().flatten().map(ticks).collect(),
        setup: vec![0; instance.travel.len()],
        // Windows are hard: nothing is ever late.
        lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: Vec::new(), cap: 0 }],
        weights: WEIGHTS,
        temperatures: TEMPERATURES,
        ..Problem::default()
    };
    for vehicle in 0..instance.vehicles {
        problem.routes.push(route_of(vehicle as u32, instance.horizon));
    }
    for visit in &instance.visits {
        match instance.partner(visit.id) {
            None => add_visit(&mut problem, instance, &[visit.id]),
            Some(other) if visit.id < other => {
                add_visit(&mut problem, instance, &[visit.id, other]);
            }
            // It came with its partner.
            Some(_) => {}
        }
    }
    problem
}

fn route_of(crew: u32, horizon: i32) -> RouteSpec {
    RouteSpec {
        crew,
        start_place: 0,
        end_place: 0,
        from: 0,
        to: horizon,
        latest: horizon,
        travel_price: TRAVEL_PRICE,
        waiting_price: 0,
        overtime_price: 0,
        load_max: i64::MAX,
        breaks: Vec::new(),
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
    }
}

/// Visits that start together are the parts of one.
fn add_visit(problem: &mut Problem, instance: &Instance, ids: &[usize]) {
    let first = problem.parts.len() as u32;
    let count = ids.len() as u32;
    let group = problem.groups.len() as u32;
    problem.groups.push((first..first + count).collect());
    for &id in ids {
        let visit = &instance.visits[id - 1];
        let fit = problem.fits.len() as u32;
        problem.fits.push(Fit {
            from: visit.window[0],
            to: visit.window[1],
            starts: NONE,
            cost: 0,
            hours: NONE,
            told_cost: 0,
            told: NONE,
        });
        problem.parts.push(PartSpec {
            visit: problem.visits.len() as u32,
            place: id as u32,
            service: visit.service,
            due: NEVER,
            lateness: 0,
            load: 0,
            group,
        });
        problem.fitting.push((0..instance.vehicles as u32).map(|route| (route, fit)).collect());
        problem.lags_in.push(Vec::new());
        problem.lags_out.push(Vec::new());
    }
    problem.visits.push(VisitSpec {
        parts: first..first + count,
        unassigned: Points { tier: 0, points: UNASSIGNED * i64::from(count) },
        unassigned_told: 0,
        meets: count > 1,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}
