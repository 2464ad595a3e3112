//! An instance as published, read and checked.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

/// Times, distances and weights beyond this are taken for mistakes.
const GREATEST_NUMBER: i64 = 20_000;

/// A whole instance. All times are minutes.
#[derive(Clone, Debug, Deserialize)]
pub struct Instance {
    /// What costs what, and how windows are meant.
    pub metadata: Metadata,
    /// Where caregivers leave from and come back to.
    pub terminal_points: Vec<Terminal>,
    /// Who visits.
    pub caregivers: Vec<Caregiver>,
    /// Who is to be visited.
    pub patients: Vec<Patient>,
    /// What can be needed.
    pub services: Vec<Service>,
    /// When caregivers have lunch, if they do.
    pub lunch_breaks: Option<LunchBreaks>,
    /// Minutes from row to column; not the same both ways.
    pub distances: Vec<Vec<i64>>,
}

/// What costs what, and how windows are meant.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Weight per component; one that is not listed costs nothing.
    pub cost_components: BTreeMap<String, Weight>,
    /// Which moment of a service must lie in the window.
    pub time_window_met: WindowMet,
    /// Where the instance comes from.
    pub origin: String,
}

/// What a component of cost weighs.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum Weight {
    /// So many points per unit.
    Soft(i64),
    /// `"HARD"`: it must not occur.
    Hard(String),
}

/// Which moment of a service must lie in the window.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum WindowMet {
    /// The start.
    AtServiceStart,
    /// The end.
    AtServiceEnd,
}

/// Where caregivers leave from and come back to.
#[derive(Clone, Debug, Deserialize)]
pub struct Terminal {
    /// Its name.
    pub id: String,
    /// Its row of the distances.
    pub distance_matrix_index: usize,
}

/// One caregiver with one route.
#[derive(Clone, Debug, Deserialize)]
pub struct Caregiver {
    /// The caregiver's name.
    pub id: String,
    /// Services that the caregiver can do.
    pub abilities: Vec<String>,
    /// Where the route starts, and where lunch is had.
    pub departing_point: String,
    /// Where the route ends.
    pub arrival_point: String,
    /// From when to when without overtime.
    pub working_shift: Option<Span>,
    /// Is a lunch break due?
    #[serde(default)]
    pub lunch_break: bool,
}

/// From when to when.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Span {
    /// First minute.
    pub start: i64,
    /// Last minute.
    pub end: i64,
}

/// A patient who needs one service or two.
#[derive(Clone, Debug, Deserialize)]
pub struct Patient {
    /// The patient's name.
    pub id: String,
    /// The services needed.
    pub required_services: Vec<Required>,
    /// The home's row of the distances.
    pub distance_matrix_index: usize,
    /// When the home can be visited without lateness, in order.
    pub time_windows: Vec<Span>,
    /// How two services are tied.
    pub synchronization: Option<Synchronization>,
    /// May the patient be left out?
    #[serde(default)]
    pub optional: bool,
    /// Anyone else costs, if any are named.
    #[serde(default)]
    pub preferred_caregivers: Option<Vec<String>>,
    /// Who must not come.
    #[serde(default)]
    pub incompatible_caregivers: Option<Vec<String>>,
}

/// A service that a patient needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Required {
    /// Which.
    pub service: String,
    /// How long, if other than usual.
    pub duration: Option<i64>,
}

/// How two services of a patient are tied.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Synchronization {
    /// Not at all.
    Independent,
    /// They start together, by two caregivers.
    Simultaneous,
    /// From the start of the first to that of the second.
    Sequential {
        /// How long at least and at most.
        distance: Distance,
    },
}

/// Least and greatest minutes between two starts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Distance {
    /// At least.
    pub min: i64,
    /// At most.
    pub max: i64,
}

/// Something that a caregiver can do.
#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    /// Its name.
    pub id: String,
    /// How long it usually takes.
    pub default_duration: Option<i64>,
}

/// When lunch starts and how long it lasts.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct LunchBreaks {
    /// It starts no earlier.
    pub start: i64,
    /// It starts no later.
    pub end: i64,
    /// It lasts at least so long.
    pub min_duration: i64,
}

/// Why an instance cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceError {
    /// Not the JSON of this set.
    Shape(String),
    /// The distances are not a square, or something lies outside it.
    Distances(String),
    /// Two of one kind have the same name.
    Twice(String),
    /// It names something that is not listed.
    Unknown(String),
    /// The patient needs none or more than two services, or twice the same.
    Services(String),
    /// A window, a shift or a distance ends before it begins, or windows are missing or unordered.
    Order(String),
    /// A number is negative or far too great.
    Number(String),
}

impl fmt::Display for InstanceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceError::Shape(why) => write!(out, "not a UHHC instance: {why}"),
            InstanceError::Distances(what) => write!(out, "{what}: no row or column of distances"),
            InstanceError::Twice(name) => write!(out, "{name} is listed twice"),
            InstanceError::Unknown(name) => write!(out, "{name} names something not listed"),
            InstanceError::Services(patient) => {
                write!(out, "{patient} must need one service or two different ones")
            }
            InstanceError::Order(name) => {
                write!(out, "{name}: a window, shift or distance ends before it begins")
            }
            InstanceError::Number(place) => write!(out, "{place}: a number that cannot be right"),
        }
    }
}

impl std::error::Error for InstanceError {}

impl Instance {
    /// Reads and checks an instance.
    pub fn read(text: &[u8]) -> Result<Instance, InstanceError> {
        let read: Result<Instance, serde_json::Error> = serde_json::from_slice(text);
        let instance = read.map_err(|why| InstanceError::Shape(why.to_string()))?;
        instance.check()?;
        Ok(instance)
    }

    /// Points per unit of a component; 0 when it costs nothing or is hard.
    pub fn weight(&self, component: &str) -> i64 {
        match self.metadata.cost_components.get(component) {
            Some(Weight::Soft(weight)) => *weight,
            Some(Weight::Hard(_)) | None => 0,
        }
    }

    /// Must the component not occur at all?
    pub fn is_hard(&self, component: &str) -> bool {
        matches!(self.metadata.cost_components.get(component), Some(Weight::Hard(_)))
    }

    /// Do caregivers leave when their shift starts, instead of as late as they can?
    pub fn leaves_at_start(&self) -> bool {
        matches!(self.metadata.origin.as_str(), "bazirha" | "bazirha-caie")
    }

    /// How long a service takes with a patient; the patient is known to need a listed service.
    pub fn duration(&self, required: &Required) -> i64 {
        let listed = || self.services.iter().find(|service| service.id == required.service);
        required.duration.or_else(|| listed()?.default_duration).unwrap_or(0)
    }

    /// The row of a terminal; the caregivers are known to name listed ones.
    pub fn row_of_terminal(&self, id: &str) -> usize {
        let found = self.terminal_points.iter().find(|terminal| terminal.id == id);
        found.map_or(0, |terminal| terminal.distance_matrix_index)
    }

    fn check(&self) -> Result<(), InstanceError> {
        let size = self.distances.len();
        if self.distances.iter().any(|row| row.len() != size) {
            return Err(InstanceError::Distances("distances".to_owned()));
        }
        if !self.distances.iter().flatten().all(|minutes| is_plausible(*minutes)) {
            return Err(InstanceError::Number("distances".to_owned()));
        }
        for (component, weight) in &self.metadata.cost_components {
            match weight {
                Weight::Soft(weight) if !is_plausible(*weight) => {
                    return Err(InstanceError::Number(component.clone()));
                }
                Weight::Hard(word) if word != "HARD" => {
                    return Err(InstanceError::Shape(format!("{component}: {word}")));
                }
                Weight::Soft(_) | Weight::Hard(_) => {}
            }
        }
        no_name_twice(self.patients.iter().map(|patient| &patient.id))?;
        no_name_twice(self.services.iter().map(|service| &service.id))?;
        no_name_twice(self.caregivers.iter().map(|caregiver| &caregiver.id))?;
        no_name_twice(self.terminal_points.iter().map(|terminal| &terminal.id))?;
        for terminal in &self.terminal_points {
            if terminal.distance_matrix_index >= size {
                return Err(InstanceError::Distances(terminal.id.clone()));
            }
        }
        if let Some(lunch) = &self.lunch_breaks {
            check_span("lunch_breaks", lunch.start, lunch.end)?;
            check_span("lunch_breaks", 0, lunch.min_duration)?;
        }
        self.caregivers.iter().try_for_each(|caregiver| self.check_caregiver(caregiver))?;
        self.patients.iter().try_for_each(|patient| self.check_patient(patient))
    }

    fn check_caregiver(&self, caregiver: &Caregiver) -> Result<(), InstanceError> {
        let is_listed = |id: &String| self.terminal_points.iter().any(|other| other.id == *id);
        if !is_listed(&caregiver.departing_point) || !is_listed(&caregiver.arrival_point) {
            return Err(InstanceError::Unknown(caregiver.id.clone()));
        }
        let shift = caregiver.working_shift;
        shift.map_or(Ok(()), |shift| check_span(&caregiver.id, shift.start, shift.end))
    }

    fn check_patient(&self, patient: &Patient) -> Result<(), InstanceError> {
        let named = || patient.id.clone();
        if patient.distance_matrix_index >= self.distances.len() {
            return Err(InstanceError::Distances(named()));
        }
        let needed = &patient.required_services;
        let is_twice = needed.len() == 2 && needed[0].service == needed[1].service;
        if needed.is_empty() || needed.len() > 2 || is_twice {
            return Err(InstanceError::Services(named()));
        }
        for required in needed {
            if !self.services.iter().any(|service| service.id == required.service) {
                return Err(InstanceError::Unknown(named()));
            }
            if !is_plausible(self.duration(required)) {
                return Err(InstanceError::Number(named()));
            }
        }
        for window in &patient.time_windows {
            check_span(&patient.id, window.start, window.end)?;
        }
        if let Some(Synchronization::Sequential { distance }) = &patient.synchronization {
            check_span(&patient.id, distance.min, distance.max)?;
        }
        let is_ordered = patient.time_windows.is_sorted_by(|a, b| a.start < b.start);
        if patient.time_windows.is_empty() || !is_ordered {
            return Err(InstanceError::Order(named()));
        }
        Ok(())
    }
}

fn check_span(name: &str, start: i64, end: i64) -> Result<(), InstanceError> {
    if !is_plausible(start) || !is_plausible(end) {
        return Err(InstanceError::Number(name.to_owned()));
    }
    if start <= end { Ok(()) } else { Err(InstanceError::Order(name.to_owned())) }
}

fn is_plausible(number: i64) -> bool {
    (0..=GREATEST_NUMBER).contains(&number)
}

fn no_name_twice<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), InstanceError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(InstanceError::Twice(name.clone()));
        }
    }
    Ok(())
}
