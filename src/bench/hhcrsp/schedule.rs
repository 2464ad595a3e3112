//! Routes with exact starts, in the published solution format.

use serde::{Deserialize, Serialize};

use super::instance::{Instance, Synchronization};
use crate::solver::Solution;

/// Starts settle after as many rounds as meetings depend on one another; more is a circle.
const ROUNDS_PER_SERVICE_MAX: usize = 2;

/// A solution as published.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Schedule {
    /// One per caregiver, in the order of the instance.
    pub routes: Vec<Route>,
}

/// The route of one caregiver.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Route {
    /// Whose.
    pub caregiver_id: String,
    /// The stops in order.
    pub locations: Vec<Stop>,
}

/// A service at a patient's home.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Stop {
    /// The patient.
    pub patient: String,
    /// The service.
    pub service: String,
    /// When the service starts (not when the caregiver arrives, whatever the name says).
    pub arrival_time: f64,
    /// When the service ends.
    pub departure_time: f64,
}

/// The routes of a solution with the earliest starts found anew from the published numbers,
/// unrounded. `None` when there are no such starts.
pub fn schedule_of(instance: &Instance, solution: &Solution) -> Option<Schedule> {
    let services: Vec<(usize, usize)> = (instance.patients.iter().enumerate())
        .flat_map(|(patient, spec)| (0..spec.required_caregivers.len()).map(move |n| (patient, n)))
        .collect();
    let routes: Vec<Vec<usize>> = (solution.routes.iter())
        .map(|route| route.iter().map(|stop| stop.node as usize).collect())
        .collect();
    let starts = earliest_starts(instance, &services, &routes)?;
    let stop_of = |&service: &usize| {
        let (patient, position) = services[service];
        let required = &instance.patients[patient].required_caregivers[position];
        Stop {
            patient: instance.patients[patient].id.clone(),
            service: required.service.clone(),
            arrival_time: starts[service],
            departure_time: starts[service] + instance.duration(required),
        }
    };
    let route_of = |(route, caregiver): (&Vec<usize>, &super::instance::Caregiver)| Route {
        caregiver_id: caregiver.id.clone(),
        locations: route.iter().map(stop_of).collect(),
    };
    Some(Schedule { routes: routes.iter().zip(&instance.caregivers).map(route_of).collect() })
}

/// The least starts that keep windows, routes and meetings, by raising them until nothing rises.
/// `services` are (patient, position) pairs, two of one patient side by side.
fn earliest_starts(
    instance: &Instance,
    services: &[(usize, usize)],
    routes: &[Vec<usize>],
) -> Option<Vec<f64>> {
    let window = |&(patient, _): &(usize, usize)| instance.patients[patient].time_window[0].trunc();
    let duration = |service: usize| {
        let (patient, position) = services[service];
        instance.duration(&instance.patients[patient].required_caregivers[position])
    };
    let mut starts: Vec<f64> = services.iter().map(window).collect();
    for _ in 0..=ROUNDS_PER_SERVICE_MAX * services.len() + 2 {
        let mut has_risen = false;
        let mut raise = |start: &mut f64, least: f64| {
            if least > *start {
                *start = least;
                has_risen = true;
            }
        };
        for route in routes {
            let (mut row, mut free) = (0, 0.0);
            for &service in route {
                let home = services[service].0 + 1;
                raise(&mut starts[service], free + instance.distances[row][home]);
                (row, free) = (home, starts[service] + duration(service));
            }
        }
        for (service, &(patient, position)) in services.iter().enumerate() {
            if position == 0 {
                continue;
            }
            let (first, second) = (starts[service - 1], starts[service]);
            match &instance.patients[patient].synchronization {
                Some(Synchronization::Simultaneous) => {
                    raise(&mut starts[service - 1], second);
                    raise(&mut starts[service], first);
                }
                Some(Synchronization::Sequential { distance: [least, most] }) => {
                    raise(&mut starts[service], first + least);
                    raise(&mut starts[service - 1], second - most);
                }
                None => {}
            }
        }
        if !has_risen {
            return Some(starts);
        }
    }
    None
}
