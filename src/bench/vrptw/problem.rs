//! An instance as a [`Problem`]: the same timing and moves as a day, only with the published
//! objective.

use super::instance::{Instance, Objective};
use crate::solver::problem::{
    COST, Fit, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};

/// What leaving a customer out costs, in the first tier: the published problem has no such thing.
const UNASSIGNED: i64 = 1_000;
/// First and last temperature, in published units of distance.
const TEMPERATURES: (f64, f64) = (100.0, 1.0);
/// Leaving a customer out outweighs any distance.
const WEIGHTS: [i64; 4] = [1 << 40, 1 << 28, 1 << 20, 1];
/// The last moment of a fine-grained instance: far from [`NEVER`].
const LAST_TICK_MAX: f64 = (NEVER / 4) as f64;
/// Loads are whole numbers of thousandths.
const LOAD_SCALE: f64 = 1_000.0;

/// Ticks per published unit. Distances cut to one decimal are whole tenths; in double precision a
/// tick is the finest power of ten that leaves room for the day.
pub fn ticks_per_unit(instance: &Instance, objective: Objective) -> f64 {
    match objective {
        Objective::Distance => 10.0,
        Objective::Vehicles => {
            let last = instance.nodes[0].due.max(1.0);
            10_f64.powf((LAST_TICK_MAX / last).log10().floor())
        }
    }
}

/// The instance for the solver. Places are the nodes, parts the customers in order, routes the
/// vehicles. Legs are rounded up and windows inwards, so what is legal in ticks is legal.
pub fn problem_of(instance: &Instance, objective: Objective) -> Problem {
    let scale = ticks_per_unit(instance, objective);
    let places = instance.nodes.len();
    // A whole number of ticks must not rise to the one above by a hair.
    let up = |units: f64| (units * scale - 1e-6).ceil() as i32;
    let leg = |at: usize| up(instance.distance(at / places, at % places, objective));
    let temperature = |units: f64| (units * scale).round() as i64;
    let mut problem = Problem {
        places,
        travel: (0..places * places).map(leg).collect(),
        setup: vec![0; places],
        // Windows are hard: nothing is ever late.
        lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: Vec::new(), cap: 0 }],
        weights: WEIGHTS,
        temperatures: (temperature(TEMPERATURES.0), temperature(TEMPERATURES.1)),
        ..Problem::default()
    };
    for vehicle in 0..instance.vehicles {
        problem.routes.push(route_of(instance, vehicle, scale));
    }
    for customer in 1..places {
        add_customer(&mut problem, instance, customer, scale);
    }
    problem
}

fn route_of(instance: &Instance, vehicle: usize, scale: f64) -> RouteSpec {
    let depot = &instance.nodes[0];
    let back = (depot.due * scale).floor() as i32;
    RouteSpec {
        crew: vehicle as u32,
        start_place: 0,
        end_place: 0,
        from: (depot.ready * scale).ceil() as i32,
        to: back,
        latest: back,
        travel_price: 1,
        waiting_price: 0,
        overtime_price: 0,
        load_max: (instance.capacity * LOAD_SCALE).floor() as i64,
        breaks: Vec::new(),
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
    }
}

fn add_customer(problem: &mut Problem, instance: &Instance, customer: usize, scale: f64) {
    let node = &instance.nodes[customer];
    let part = problem.parts.len() as u32;
    let fit = problem.fits.len() as u32;
    problem.fits.push(Fit {
        from: (node.ready * scale).ceil() as i32,
        to: (node.due * scale).floor() as i32,
        starts: NONE,
        cost: 0,
        hours: NONE,
        told_cost: 0,
        told: NONE,
    });
    problem.groups.push(vec![part]);
    problem.parts.push(PartSpec {
        visit: part,
        place: customer as u32,
        service: (node.service * scale).ceil() as i32,
        due: NEVER,
        lateness: 0,
        load: (node.demand * LOAD_SCALE).ceil() as i64,
        group: part,
    });
    problem.fitting.push((0..instance.vehicles as u32).map(|route| (route, fit)).collect());
    problem.lags_in.push(Vec::new());
    problem.lags_out.push(Vec::new());
    problem.visits.push(VisitSpec {
        parts: part..part + 1,
        unassigned: Points { tier: 0, points: UNASSIGNED },
        unassigned_told: 0,
        meets: false,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}
