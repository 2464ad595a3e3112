//! Routes with starts, in the published solution format.

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use crate::solver::Solution;

/// The name that a lunch has among the services.
pub const LUNCH: &str = "lunch_break";

/// A solution as published.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Schedule {
    /// One per caregiver who leaves the depot, in the order of the instance.
    pub routes: Vec<Route>,
}

/// The route of one caregiver.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Route {
    /// Whose.
    pub caregiver_id: String,
    /// The stops in order.
    pub locations: Vec<Stop>,
}

/// A service at a patient's home, or a lunch.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Stop {
    /// The patient; for a lunch, the place that the route starts from.
    pub patient: String,
    /// The service.
    pub service: String,
    /// When the service starts (not when the caregiver arrives, whatever the name says).
    pub arrival_time: i64,
    /// When the service ends.
    pub departure_time: i64,
}

/// The routes of a solution of [`super::problem_of`] with its starts.
pub fn schedule_of(instance: &Instance, solution: &Solution) -> Schedule {
    let patients = instance.patients.iter();
    let services: Vec<(usize, usize)> = patients
        .enumerate()
        .flat_map(|(at, patient)| (0..patient.required_services.len()).map(move |n| (at, n)))
        .collect();
    let lunch = instance.lunch_breaks.map_or(0, |lunch| lunch.min_duration);
    let mut routes = Vec::new();
    for (caregiver, stops) in instance.caregivers.iter().zip(&solution.routes) {
        let stop_of = |stop: &crate::solver::SolutionStop| {
            let start = i64::from(stop.start);
            let (patient, service, duration) = match services.get(stop.node as usize) {
                Some(&(patient, position)) => {
                    let patient = &instance.patients[patient];
                    let required = &patient.required_services[position];
                    let duration = instance.duration(required);
                    (patient.id.clone(), required.service.clone(), duration)
                }
                None => (caregiver.departing_point.clone(), LUNCH.to_owned(), lunch),
            };
            Stop { patient, service, arrival_time: start, departure_time: start + duration }
        };
        if !stops.is_empty() {
            routes.push(Route {
                caregiver_id: caregiver.id.clone(),
                locations: stops.iter().map(stop_of).collect(),
            });
        }
    }
    Schedule { routes }
}
