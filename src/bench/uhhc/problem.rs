//! An instance as a [`Problem`]: the same timing and moves as a day, only with the published
//! objective. Ticks are minutes.
//!
//! A lunch is a visit of one part at the place where its caregiver's route starts; going without
//! costs what leaving any optional patient out would.

use super::instance::{Caregiver, Instance, LunchBreaks, Patient, Synchronization, WindowMet};
use crate::solver::problem::{
    COST, Fit, Lag, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RoutePrices, RouteSpec,
    VisitSpec,
};

/// What leaving out a patient who must be served costs, in the first tier.
const UNASSIGNED: i64 = 1_000;
/// Leaving a patient out who must be served outweighs any objective.
const WEIGHTS: [i64; 4] = [1 << 40, 1 << 28, 1 << 20, 1];

/// The instance for the solver. Places are the rows of the distances; visits are the patients in
/// order, then the lunches of those who have one, in the order of the caregivers.
pub fn problem_of(instance: &Instance) -> Problem {
    let travel = instance.distances.iter().flatten().map(|minutes| *minutes as i32);
    let (waiting, lateness) =
        (instance.weight("total_waiting_time"), instance.weight("total_tardiness"));
    let mut problem = Problem {
        places: instance.distances.len(),
        travel: travel.collect(),
        setup: vec![0; instance.distances.len()],
        lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: vec![], cap: 0 }],
        weights: WEIGHTS,
        scattered_percent: 30,
        temperatures: temperatures(instance),
        route_prices: Some(RoutePrices {
            waiting,
            lateness,
            overtime: instance.weight("total_extra_time"),
            greatest_lateness: instance.weight("highest_tardiness"),
            greatest_idle: instance.weight("max_idle_time"),
            imbalance: instance.weight("workload_balance"),
            leaves_at_start: instance.leaves_at_start(),
            yields: RoutePrices::yields_for(waiting, lateness),
            windows: Vec::new(),
            later_windows: Vec::new(),
            rests: Vec::new(),
        }),
        ..Problem::default()
    };
    for (crew, caregiver) in instance.caregivers.iter().enumerate() {
        problem.routes.push(route_of(instance, crew as u32, caregiver));
    }
    for patient in &instance.patients {
        add_patient(&mut problem, instance, patient);
    }
    if let Some(lunch) = &instance.lunch_breaks {
        for (crew, caregiver) in instance.caregivers.iter().enumerate() {
            if caregiver.lunch_break {
                add_lunch(&mut problem, instance, crew as u32, caregiver, lunch);
            }
        }
    }
    problem
}

/// From half of what a leg costs down to a twentieth: nearly all of the cost is in a greatest
/// value, so a plan that is worse by much is seldom on the way to a better one.
fn temperatures(instance: &Instance) -> (i64, i64) {
    let count: i64 = instance.distances.iter().map(|row| row.len() as i64).sum();
    let sum: i64 = instance.distances.iter().flatten().sum();
    let leg = sum / count.max(1) * instance.weight("travel_time").max(1);
    ((leg / 2).max(10), (leg / 20).max(1))
}

fn route_of(instance: &Instance, crew: u32, caregiver: &Caregiver) -> RouteSpec {
    let farthest = instance.distances.iter().flatten().max().copied().unwrap_or(0);
    let shift = caregiver.working_shift;
    let to = shift.map_or(NEVER, |shift| shift.end as i32);
    RouteSpec {
        crew,
        start_place: instance.row_of_terminal(&caregiver.departing_point) as u32,
        end_place: instance.row_of_terminal(&caregiver.arrival_point) as u32,
        from: shift.map_or(-(farthest as i32), |shift| shift.start as i32),
        to,
        latest: if instance.is_hard("total_extra_time") { to } else { NEVER },
        travel_price: instance.weight("travel_time"),
        waiting_price: 0,
        overtime_price: 0,
        breaks: Vec::new(),
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
        load_max: i64::MAX,
    }
}

fn add_patient(problem: &mut Problem, instance: &Instance, patient: &Patient) {
    let first = problem.parts.len() as u32;
    let visit = problem.visits.len() as u32;
    let count = patient.required_services.len() as u32;
    let is_joint = count == 2;
    let tie = patient.synchronization.as_ref().filter(|_| is_joint);
    let together = matches!(tie, Some(Synchronization::Simultaneous));
    let is_tied = is_joint && !matches!(tie, None | Some(Synchronization::Independent));
    for (position, required) in patient.required_services.iter().enumerate() {
        let service = instance.duration(required) as i32;
        let at = Part { visit, place: patient.distance_matrix_index as u32, service };
        let windows = windows_of(instance, patient, service);
        let fitting = (0..instance.caregivers.len())
            .filter_map(|crew| {
                let fit = fit_of(problem, instance, patient, (crew, &required.service), &windows);
                fit.map(|fit| (crew as u32, fit))
            })
            .collect();
        add_part(problem, at, fitting, &windows, position > 0 && together);
    }
    let must = !patient.optional || instance.is_hard("optional_patients");
    let points = if must { UNASSIGNED } else { instance.weight("optional_patients") };
    problem.visits.push(VisitSpec {
        parts: first..first + count,
        unassigned: Points { tier: if must { 0 } else { COST }, points },
        unassigned_told: 0,
        meets: is_tied,
        has_lags: is_tied && !together,
        same_crew_allowed: is_joint && !together,
        barred: false,
        kept: false,
    });
    if let Some(Synchronization::Sequential { distance }) = tie {
        add_lag(problem, first, first + 1, distance.min as i32);
        add_lag(problem, first + 1, first, -distance.max as i32);
    }
}

/// Per window: from when, and until when a service of this length may start without lateness.
fn windows_of(instance: &Instance, patient: &Patient, service: i32) -> Vec<(i32, i32)> {
    let at_end = instance.metadata.time_window_met == WindowMet::AtServiceEnd;
    let ahead = if at_end { service } else { 0 };
    let windows = patient.time_windows.iter();
    windows.map(|window| (window.start as i32, window.end as i32 - ahead)).collect()
}

/// The fit of a service with a caregiver who can and may give it.
fn fit_of(
    problem: &mut Problem,
    instance: &Instance,
    patient: &Patient,
    (crew, service): (usize, &String),
    windows: &[(i32, i32)],
) -> Option<u32> {
    let caregiver = &instance.caregivers[crew];
    let is_named = |list: &Option<Vec<String>>| {
        list.as_ref().is_some_and(|names| names.contains(&caregiver.id))
    };
    let has_wish = patient.preferred_caregivers.as_ref().is_some_and(|names| !names.is_empty());
    let is_unwished = has_wish && !is_named(&patient.preferred_caregivers);
    if !caregiver.abilities.contains(service)
        || is_named(&patient.incompatible_caregivers)
        || (is_unwished && instance.is_hard("caregiver_preferences"))
    {
        return None;
    }
    let is_strict = instance.is_hard("total_tardiness") || instance.is_hard("highest_tardiness");
    let (first, last) = (windows.first()?, windows.last()?);
    let starts = if is_strict && windows.len() > 1 {
        position_of(&mut problem.starts, windows.to_vec())
    } else {
        NONE
    };
    let fit = Fit {
        from: first.0,
        to: if is_strict { last.1 } else { NEVER },
        starts,
        cost: if is_unwished { instance.weight("caregiver_preferences") } else { 0 },
        hours: NONE,
        told_cost: 0,
        told: NONE,
    };
    Some(position_of(&mut problem.fits, fit))
}

fn position_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> u32 {
    let found = list.iter().position(|other| *other == item);
    let at = found.unwrap_or(list.len());
    if at == list.len() {
        list.push(item);
    }
    at as u32
}

fn add_lunch(
    problem: &mut Problem,
    instance: &Instance,
    crew: u32,
    caregiver: &Caregiver,
    lunch: &LunchBreaks,
) {
    let (part, visit) = (problem.parts.len() as u32, problem.visits.len() as u32);
    let fit = Fit {
        from: lunch.start as i32,
        to: lunch.end as i32,
        starts: NONE,
        cost: 0,
        hours: NONE,
        told_cost: 0,
        told: NONE,
    };
    let fit = position_of(&mut problem.fits, fit);
    let place = instance.row_of_terminal(&caregiver.departing_point) as u32;
    let at = Part { visit, place, service: lunch.min_duration as i32 };
    let window = (lunch.start as i32, lunch.end as i32);
    add_part(problem, at, vec![(crew, fit)], &[window], false);
    if let Some(prices) = &mut problem.route_prices {
        prices.rests[part as usize] = true;
    }
    let must = instance.is_hard("missed_lunch_break");
    let points = if must { UNASSIGNED } else { instance.weight("missed_lunch_break") };
    problem.visits.push(VisitSpec {
        parts: part..part + 1,
        unassigned: Points { tier: if must { 0 } else { COST }, points },
        unassigned_told: 0,
        meets: false,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}

struct Part {
    visit: u32,
    place: u32,
    service: i32,
}

fn add_part(
    problem: &mut Problem,
    at: Part,
    fitting: Vec<(u32, u32)>,
    windows: &[(i32, i32)],
    joins_group: bool,
) {
    let part = problem.parts.len() as u32;
    if !joins_group {
        problem.groups.push(Vec::new());
    }
    let group = problem.groups.len() - 1;
    problem.groups[group].push(part);
    let Part { visit, place, service } = at;
    let group = group as u32;
    problem.parts.push(PartSpec { visit, place, service, due: NEVER, lateness: 0, load: 0, group });
    problem.fitting.push(fitting);
    problem.lags_in.push(Vec::new());
    problem.lags_out.push(Vec::new());
    if let Some(prices) = &mut problem.route_prices {
        prices.add_windows(windows);
        prices.rests.push(false);
    }
}

/// `start(to) ≥ start(from) + least`.
fn add_lag(problem: &mut Problem, from: u32, to: u32, least: i32) {
    problem.lags_in[to as usize].push(Lag { other: from, least });
    problem.lags_out[from as usize].push(Lag { other: to, least });
}
