//! Judges a schedule by the published rules alone: knows nothing of the solver.

use std::collections::BTreeMap;

use super::instance::{Caregiver, Instance, Patient, Synchronization, WindowMet};
use super::schedule::{LUNCH, Route, Schedule, Stop};

/// What a schedule amounts to; every component in its own unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Minutes on the road.
    pub travel_time: i64,
    /// Minutes of lateness of all services.
    pub total_tardiness: i64,
    /// Minutes of the latest of them.
    pub highest_tardiness: i64,
    /// Minutes waited after the first stop.
    pub total_waiting_time: i64,
    /// Minutes after the ends of shifts.
    pub total_extra_time: i64,
    /// Minutes of the caregiver with most idle time.
    pub max_idle_time: i64,
    /// Services given by someone other than wished for.
    pub caregiver_preferences: i64,
    /// Patients left out.
    pub optional_patients: i64,
    /// Caregivers who go without lunch.
    pub missed_lunch_break: i64,
    /// Minutes that caregivers' work lies from the mean.
    pub workload_balance: i64,
    /// Patients who must be served and are not, and lunches that must be had and are not: the
    /// instance is left open.
    pub unserved: usize,
    /// The weighted sum.
    pub objective: i64,
    /// What is not legal, in words; empty when all is.
    pub faults: Vec<String>,
}

impl Verdict {
    /// Every component by its published name.
    pub fn components(&self) -> [(&'static str, i64); 10] {
        [
            ("travel_time", self.travel_time),
            ("total_tardiness", self.total_tardiness),
            ("highest_tardiness", self.highest_tardiness),
            ("total_waiting_time", self.total_waiting_time),
            ("total_extra_time", self.total_extra_time),
            ("max_idle_time", self.max_idle_time),
            ("caregiver_preferences", self.caregiver_preferences),
            ("optional_patients", self.optional_patients),
            ("missed_lunch_break", self.missed_lunch_break),
            ("workload_balance", self.workload_balance),
        ]
    }
}

/// Start of a service and who gives it, by patient and service.
type Served<'s> = BTreeMap<(&'s str, &'s str), (i64, &'s str)>;

/// Judges a schedule.
pub fn judge(instance: &Instance, schedule: &Schedule) -> Verdict {
    let mut verdict = Verdict::default();
    let mut served = Served::new();
    let mut worked: BTreeMap<&str, i64> =
        instance.caregivers.iter().map(|caregiver| (caregiver.id.as_str(), 0)).collect();
    let mut at_lunch: Vec<&str> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for route in &schedule.routes {
        let name = route.caregiver_id.as_str();
        let Some(caregiver) = instance.caregivers.iter().find(|other| other.id == name) else {
            verdict.faults.push(format!("{name} is no caregiver"));
            continue;
        };
        if seen.contains(&name) {
            verdict.faults.push(format!("{name} has two routes"));
        }
        seen.push(name);
        if route.locations.iter().any(|stop| stop.service == LUNCH) {
            at_lunch.push(name);
        }
        let work = judge_route(instance, caregiver, route, &mut served, &mut verdict);
        worked.insert(name, work);
    }
    for caregiver in &instance.caregivers {
        let name = caregiver.id.as_str();
        if let (Some(shift), false) = (caregiver.working_shift, seen.contains(&name)) {
            verdict.max_idle_time = verdict.max_idle_time.max(shift.end - shift.start);
        }
        if caregiver.lunch_break && !at_lunch.contains(&name) {
            verdict.missed_lunch_break += 1;
        }
    }
    let is_counted = instance.is_hard("optional_patients");
    for patient in &instance.patients {
        judge_patient(patient, &served, is_counted, &mut verdict);
    }
    let (count, sum) = (worked.len() as i64, worked.values().sum::<i64>());
    let distances = worked.values().map(|work| (work * count - sum).unsigned_abs());
    let rounded_up = distances.map(|distance| distance.div_ceil(count.max(1) as u64) as i64);
    verdict.workload_balance = rounded_up.sum();
    weigh(instance, &mut verdict);
    verdict
}

/// Adds up what the components cost, and finds those that must not occur.
fn weigh(instance: &Instance, verdict: &mut Verdict) {
    for (component, value) in verdict.components() {
        verdict.objective += instance.weight(component) * value;
        if !instance.is_hard(component) || value == 0 {
            continue;
        }
        if matches!(component, "missed_lunch_break" | "optional_patients") {
            verdict.unserved += value as usize;
        } else {
            verdict.faults.push(format!("{component} must be 0 and is {value}"));
        }
    }
}

/// Judges one route; the minutes driven and served.
fn judge_route<'s>(
    instance: &Instance,
    caregiver: &Caregiver,
    route: &'s Route,
    served: &mut Served<'s>,
    verdict: &mut Verdict,
) -> i64 {
    let name = route.caregiver_id.as_str();
    let shift = caregiver.working_shift;
    let Some(first) = route.locations.first() else {
        let idle = shift.map_or(0, |shift| shift.end - shift.start);
        verdict.max_idle_time = verdict.max_idle_time.max(idle);
        return 0;
    };
    let depot = instance.row_of_terminal(&caregiver.departing_point);
    let row_of = |stop: &Stop| {
        let patient = instance.patients.iter().find(|patient| patient.id == stop.patient);
        patient.map_or(depot, |patient| patient.distance_matrix_index)
    };
    let mut free = first.arrival_time - instance.distances[depot][row_of(first)];
    if let Some(shift) = shift {
        if free < shift.start {
            verdict.faults.push(format!("{name} leaves before the shift"));
        }
        if instance.leaves_at_start() {
            free = shift.start;
        }
    }
    let mut idle = shift.map_or(0, |shift| (free - shift.start).max(0));
    let (mut row, mut work) = (depot, 0);
    for (at, stop) in route.locations.iter().enumerate() {
        let leg = instance.distances[row][row_of(stop)];
        if stop.arrival_time < free + leg {
            verdict.faults.push(format!("{name} {} starts before arriving", stop.patient));
        }
        let waited = (stop.arrival_time - free - leg).max(0);
        idle += waited;
        let follows_first_lunch = at == 1 && first.service == LUNCH;
        verdict.total_waiting_time += if follows_first_lunch { 0 } else { waited };
        verdict.travel_time += leg;
        work += leg;
        if stop.service == LUNCH {
            judge_lunch(instance, name, stop, verdict);
        } else {
            work += stop.departure_time - stop.arrival_time;
            judge_service(instance, caregiver, stop, name, served, verdict);
        }
        (row, free) = (row_of(stop), stop.departure_time);
    }
    let leg = instance.distances[row][instance.row_of_terminal(&caregiver.arrival_point)];
    verdict.travel_time += leg;
    if let Some(shift) = shift {
        verdict.total_extra_time += (free + leg - shift.end).max(0);
        idle += (shift.end - free - leg).max(0);
    }
    verdict.max_idle_time = verdict.max_idle_time.max(idle);
    work + leg
}

fn judge_lunch(instance: &Instance, name: &str, stop: &Stop, verdict: &mut Verdict) {
    let Some(lunch) = &instance.lunch_breaks else { return };
    let is_inside = (lunch.start..=lunch.end).contains(&stop.arrival_time);
    if !is_inside || stop.departure_time - stop.arrival_time < lunch.min_duration {
        verdict.faults.push(format!("{name} has lunch at the wrong time or in too short a time"));
    }
}

fn judge_service<'s>(
    instance: &Instance,
    caregiver: &Caregiver,
    stop: &'s Stop,
    name: &'s str,
    served: &mut Served<'s>,
    verdict: &mut Verdict,
) {
    let (patient, service) = (stop.patient.as_str(), stop.service.as_str());
    let Some(spec) = instance.patients.iter().find(|other| other.id == patient) else {
        verdict.faults.push(format!("{patient} is no patient"));
        return;
    };
    let Some(required) = spec.required_services.iter().find(|one| one.service == service) else {
        verdict.faults.push(format!("{patient} does not need {service}"));
        return;
    };
    let mut fault_if = |is_fault: bool, fault: &str| {
        if is_fault {
            verdict.faults.push(format!("{name} {patient} {service} {fault}"));
        }
    };
    let (start, end) = (stop.arrival_time, stop.departure_time);
    let is_named = |list: &Option<Vec<String>>| {
        list.as_ref().is_some_and(|names| names.iter().any(|other| other == name))
    };
    fault_if(!caregiver.abilities.contains(&stop.service), "lacks the ability");
    fault_if(is_named(&spec.incompatible_caregivers), "must not come");
    fault_if(end - start < instance.duration(required), "takes less time than it must");
    fault_if(served.insert((patient, service), (start, name)).is_some(), "is served twice");
    let opened = spec.time_windows.iter().rev().find(|window| window.start <= start);
    fault_if(opened.is_none(), "starts before the window");
    let moment = match instance.metadata.time_window_met {
        WindowMet::AtServiceStart => start,
        WindowMet::AtServiceEnd => end,
    };
    let late = opened.map_or(0, |window| (moment - window.end).max(0));
    verdict.total_tardiness += late;
    verdict.highest_tardiness = verdict.highest_tardiness.max(late);
    let has_wish = spec.preferred_caregivers.as_ref().is_some_and(|names| !names.is_empty());
    if has_wish && !is_named(&spec.preferred_caregivers) {
        verdict.caregiver_preferences += 1;
    }
}

/// `is_counted`: whoever is left out is counted as unserved already.
fn judge_patient(patient: &Patient, served: &Served<'_>, is_counted: bool, verdict: &mut Verdict) {
    let name = patient.id.as_str();
    let needed = patient.required_services.iter();
    let found: Vec<_> =
        needed.filter_map(|one| served.get(&(name, one.service.as_str()))).collect();
    if found.is_empty() {
        verdict.optional_patients += 1;
        if !patient.optional && !is_counted {
            verdict.unserved += 1;
        }
        return;
    }
    if found.len() < patient.required_services.len() {
        verdict.faults.push(format!("{name} is served in part"));
        return;
    }
    let [first, second] = found[..] else { return };
    let (least, most) = match &patient.synchronization {
        Some(Synchronization::Simultaneous) => (0, 0),
        Some(Synchronization::Sequential { distance }) => (distance.min, distance.max),
        Some(Synchronization::Independent) | None => return,
    };
    let between = second.0 - first.0;
    if between < least || between > most {
        verdict.faults.push(format!("{name}: {between} between starts, not {least} to {most}"));
    }
}
