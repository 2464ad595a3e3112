//! The judge: is a schedule legal, and what is its published objective? It reads only the published
//! instance and the published solution, never what the solver thought.

use std::collections::BTreeMap;

use super::instance::{Instance, Patient, Synchronization};
use super::schedule::Schedule;

/// Sums of published decimals differ by less than this.
const TOLERANCE: f64 = 1e-6;

/// What the judge found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Sum of all legs, to the office and from it included.
    pub travel: f64,
    /// Sum over services of what they start after their window.
    pub tardiness: f64,
    /// The greatest of those.
    pub greatest: f64,
    /// A third of the three together.
    pub objective: f64,
    /// What is not legal, in words; empty when all is.
    pub faults: Vec<String>,
}

/// Start and caregiver of a service, by patient and service.
type Served<'s> = BTreeMap<(&'s str, &'s str), (f64, &'s str)>;

/// Judges a schedule.
pub fn judge(instance: &Instance, schedule: &Schedule) -> Verdict {
    let mut verdict = Verdict::default();
    let mut served = Served::new();
    let mut seen: Vec<&str> = Vec::new();
    for route in &schedule.routes {
        if seen.contains(&route.caregiver_id.as_str()) {
            verdict.faults.push(format!("{} has two routes", route.caregiver_id));
        }
        seen.push(&route.caregiver_id);
        judge_route(instance, route, &mut served, &mut verdict);
    }
    for patient in &instance.patients {
        judge_meeting(patient, &served, &mut verdict);
    }
    verdict.objective = (verdict.travel + verdict.tardiness + verdict.greatest) / 3.0;
    verdict
}

fn judge_route<'s>(
    instance: &Instance,
    route: &'s super::schedule::Route,
    served: &mut Served<'s>,
    verdict: &mut Verdict,
) {
    let name = route.caregiver_id.as_str();
    let Some(caregiver) = instance.caregivers.iter().find(|caregiver| caregiver.id == name) else {
        verdict.faults.push(format!("{name} is no caregiver"));
        return;
    };
    let (mut row, mut free) = (0, 0.0);
    for stop in &route.locations {
        let (patient, service) = (stop.patient.as_str(), stop.service.as_str());
        let Some(at) = instance.patients.iter().position(|other| other.id == patient) else {
            verdict.faults.push(format!("{patient} is no patient"));
            continue;
        };
        let spec = &instance.patients[at];
        let required = spec.required_caregivers.iter().find(|other| other.service == service);
        let Some(required) = required else {
            verdict.faults.push(format!("{patient} does not need {service}"));
            continue;
        };
        let (start, end) = (stop.arrival_time, stop.departure_time);
        let mut fault_if = |is_fault: bool, fault: &str| {
            if is_fault {
                verdict.faults.push(format!("{name} {patient} {service} {fault}"));
            }
        };
        fault_if(!caregiver.abilities.contains(&stop.service), "lacks the ability");
        // Not `a < b`: a start that is no number must be a fault too.
        let is_kept = |least: f64| start + TOLERANCE >= least;
        fault_if(!is_kept(free + instance.distances[row][at + 1]), "starts before arriving");
        fault_if(!is_kept(spec.time_window[0].trunc()), "starts before the window");
        let is_whole = (end - start - instance.duration(required)).abs() <= TOLERANCE;
        fault_if(!is_whole, "does not last as long as it must");
        fault_if(served.insert((patient, service), (start, name)).is_some(), "is served twice");
        let tardiness = (start - spec.time_window[1]).max(0.0);
        verdict.travel += instance.distances[row][at + 1];
        verdict.tardiness += tardiness;
        verdict.greatest = verdict.greatest.max(tardiness);
        (row, free) = (at + 1, end);
    }
    verdict.travel += instance.distances[row][0];
}

fn judge_meeting(patient: &Patient, served: &Served<'_>, verdict: &mut Verdict) {
    let name = patient.id.as_str();
    let mut found = Vec::new();
    for required in &patient.required_caregivers {
        match served.get(&(name, required.service.as_str())) {
            Some(one) => found.push(one),
            None => verdict.faults.push(format!("{name} {} is not served", required.service)),
        }
    }
    let [first, second] = found[..] else { return };
    let gap = second.0 - first.0;
    match &patient.synchronization {
        Some(Synchronization::Simultaneous) => {
            if gap.abs() > TOLERANCE {
                verdict.faults.push(format!("{name} is not served by two at once"));
            }
            if first.1 == second.1 {
                verdict.faults.push(format!("{name} is served by {} twice at once", first.1));
            }
        }
        Some(Synchronization::Sequential { distance: [least, most] })
            if gap < least - TOLERANCE || gap > most + TOLERANCE =>
        {
            verdict.faults.push(format!("{name}: {gap} between starts, not {least} to {most}"));
        }
        Some(Synchronization::Sequential { .. }) | None => {}
    }
}
