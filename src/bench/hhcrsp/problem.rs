//! An instance as a [`Problem`]: the same timing and moves as a day, only with the published
//! objective.

use super::instance::{Instance, Patient, Synchronization};
use crate::solver::problem::{
    COST, Fit, Lag, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};

/// Ticks per published unit: the published numbers have at most three decimals.
pub const TICKS_PER_UNIT: f64 = 1_000.0;

/// What leaving a patient out costs, in the first tier: the published problem has no such thing.
const UNASSIGNED: i64 = 1_000;
/// First and last temperature, in thousandths of travel + tardiness + greatest tardiness.
const TEMPERATURES: (i64, i64) = (50_000, 1_000);
/// Leaving a patient out outweighs any objective, which stays far below 2⁴⁰ thousandths.
const WEIGHTS: [i64; 4] = [1 << 40, 1 << 28, 1 << 20, 1];

/// The instance for the solver. Places are the rows of the distances; parts are the services in the
/// order of the patients; routes are the caregivers.
pub fn problem_of(instance: &Instance) -> Problem {
    let mut problem = Problem {
        places: instance.distances.len(),
        travel: instance.distances.iter().flatten().map(|distance| ticks(*distance)).collect(),
        setup: vec![0; instance.distances.len()],
        lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: vec![(0, 1)], cap: i64::MAX }],
        greatest_lateness: 1,
        weights: WEIGHTS,
        temperatures: TEMPERATURES,
        ..Problem::default()
    };
    for (caregiver, _) in instance.caregivers.iter().enumerate() {
        problem.routes.push(route_of(caregiver as u32));
    }
    for (index, patient) in instance.patients.iter().enumerate() {
        add_patient(&mut problem, instance, index, patient);
    }
    problem
}

fn ticks(number: f64) -> i32 {
    (number * TICKS_PER_UNIT).round() as i32
}

fn route_of(crew: u32) -> RouteSpec {
    RouteSpec {
        crew,
        start_place: 0,
        end_place: 0,
        from: 0,
        to: NEVER,
        latest: NEVER,
        travel_price: 1,
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

fn add_patient(problem: &mut Problem, instance: &Instance, index: usize, patient: &Patient) {
    let first = problem.parts.len() as u32;
    let count = patient.required_caregivers.len() as u32;
    let [from, due] = patient.time_window;
    let fit = problem.fits.len() as u32;
    problem.fits.push(Fit {
        // The authors cut windows to whole units: some begin a hair before one.
        from: ticks(from.trunc()),
        to: NEVER,
        starts: NONE,
        cost: 0,
        hours: NONE,
        told_cost: 0,
        told: NONE,
    });
    let is_joint = count == 2;
    let together = matches!(patient.synchronization, Some(Synchronization::Simultaneous));
    for (position, required) in patient.required_caregivers.iter().enumerate() {
        let part = first + position as u32;
        if position == 0 || !together {
            problem.groups.push(Vec::new());
        }
        let group = problem.groups.len() - 1;
        problem.groups[group].push(part);
        problem.parts.push(PartSpec {
            visit: index as u32,
            place: index as u32 + 1,
            service: ticks(instance.duration(required)),
            due: ticks(due),
            lateness: 0,
            load: 0,
            group: group as u32,
        });
        let able = instance.caregivers.iter().enumerate();
        let able = able.filter(|(_, caregiver)| caregiver.abilities.contains(&required.service));
        problem.fitting.push(able.map(|(caregiver, _)| (caregiver as u32, fit)).collect());
        problem.lags_in.push(Vec::new());
        problem.lags_out.push(Vec::new());
    }
    problem.visits.push(VisitSpec {
        parts: first..first + count,
        unassigned: Points { tier: 0, points: UNASSIGNED },
        unassigned_told: 0,
        meets: is_joint,
        has_lags: is_joint && !together,
        same_crew_allowed: is_joint && !together,
        barred: false,
        kept: false,
    });
    if let (true, Some(Synchronization::Sequential { distance })) =
        (is_joint, &patient.synchronization)
    {
        add_lag(problem, first, first + 1, ticks(distance[0]));
        add_lag(problem, first + 1, first, -ticks(distance[1]));
    }
}

/// `start(to) ≥ start(from) + least`.
fn add_lag(problem: &mut Problem, from: u32, to: u32, least: i32) {
    problem.lags_in[to as usize].push(Lag { other: from, least });
    problem.lags_out[from as usize].push(Lag { other: to, least });
}
