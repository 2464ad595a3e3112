//! An instance as published, read and checked.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

/// Times and distances beyond this are taken for mistakes.
const GREATEST_NUMBER: f64 = 20_000.0;

/// A whole instance.
#[derive(Clone, Debug, Deserialize)]
pub struct Instance {
    /// Who is to be visited, in the order of the rows of `distances` after the first.
    pub patients: Vec<Patient>,
    /// What can be needed.
    pub services: Vec<Service>,
    /// Who visits.
    pub caregivers: Vec<Caregiver>,
    /// From row to column; row 0 is the office. Not the same both ways.
    pub distances: Vec<Vec<f64>>,
}

/// A patient who needs one service or two.
#[derive(Clone, Debug, Deserialize)]
pub struct Patient {
    /// Its name.
    pub id: String,
    /// Earliest start, and the latest start that is not tardy.
    pub time_window: [f64; 2],
    /// The services needed.
    pub required_caregivers: Vec<Required>,
    /// How two services meet.
    #[serde(default)]
    pub synchronization: Option<Synchronization>,
}

/// A service that a patient needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Required {
    /// Which.
    pub service: String,
    /// How long, where it is not the service's default.
    #[serde(default)]
    pub duration: Option<f64>,
}

/// How the starts of two services of one patient are tied.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Synchronization {
    /// Both start together, by two caregivers.
    Simultaneous,
    /// The second starts so long after the first, by the same caregiver or another.
    Sequential {
        /// Least and greatest distance between the starts.
        distance: [f64; 2],
    },
}

/// Something that a caregiver can do.
#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    /// Its name.
    pub id: String,
    /// How long it takes where the patient does not say.
    pub default_duration: f64,
}

/// One caregiver with one route from the office and back.
#[derive(Clone, Debug, Deserialize)]
pub struct Caregiver {
    /// The caregiver's name.
    pub id: String,
    /// Services that the caregiver can do.
    pub abilities: Vec<String>,
}

/// Why an instance cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum InstanceError {
    /// Not the JSON of this set.
    Shape(String),
    /// The distances are not a square of the office and all patients.
    NotSquare,
    /// Two of one kind have the same name.
    Twice(String),
    /// The patient needs a service that is not listed.
    UnknownService(String),
    /// The patient needs none or more than two services, or twice the same.
    Services(String),
    /// The patient's two services are not tied, or its distances or window are in the wrong order.
    Order(String),
    /// A number is negative, far too great or none at all.
    Number(String),
}

impl fmt::Display for InstanceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceError::Shape(why) => write!(out, "not an HHCRSP instance: {why}"),
            InstanceError::NotSquare => {
                write!(out, "distances need a row and a column for the office and each patient")
            }
            InstanceError::Twice(name) => write!(out, "{name} is listed twice"),
            InstanceError::UnknownService(patient) => {
                write!(out, "{patient} needs a service that is not listed")
            }
            InstanceError::Services(patient) => {
                write!(out, "{patient} must need one service or two different ones")
            }
            InstanceError::Order(patient) => write!(
                out,
                "{patient}: a window or a distance ends before it begins, or two services are \
                     not tied"
            ),
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

    /// How long a service takes with a patient; the patient is known to need a listed service.
    pub fn duration(&self, required: &Required) -> f64 {
        let default = || self.services.iter().find(|service| service.id == required.service);
        required.duration.or_else(|| Some(default()?.default_duration)).unwrap_or(0.0)
    }

    fn check(&self) -> Result<(), InstanceError> {
        let size = self.patients.len() + 1;
        if self.distances.len() != size || self.distances.iter().any(|row| row.len() != size) {
            return Err(InstanceError::NotSquare);
        }
        if !self.distances.iter().flatten().all(|distance| is_plausible(*distance)) {
            return Err(InstanceError::Number("distances".to_owned()));
        }
        no_name_twice(self.patients.iter().map(|patient| &patient.id))?;
        no_name_twice(self.services.iter().map(|service| &service.id))?;
        no_name_twice(self.caregivers.iter().map(|caregiver| &caregiver.id))?;
        for service in &self.services {
            if !is_plausible(service.default_duration) {
                return Err(InstanceError::Number(service.id.clone()));
            }
        }
        self.patients.iter().try_for_each(|patient| self.check_patient(patient))
    }

    fn check_patient(&self, patient: &Patient) -> Result<(), InstanceError> {
        let named = || patient.id.clone();
        let is_known = |required: &Required| {
            self.services.iter().any(|service| service.id == required.service)
        };
        let needed = &patient.required_caregivers;
        if !needed.iter().all(is_known) {
            return Err(InstanceError::UnknownService(named()));
        }
        let is_twice = needed.len() == 2 && needed[0].service == needed[1].service;
        if needed.is_empty() || needed.len() > 2 || is_twice {
            return Err(InstanceError::Services(named()));
        }
        let mut numbers = patient.time_window.to_vec();
        numbers.extend(needed.iter().map(|required| self.duration(required)));
        let [from, to] = patient.time_window;
        let mut is_ordered = from <= to && (needed.len() == 1 || patient.synchronization.is_some());
        if let Some(Synchronization::Sequential { distance }) = &patient.synchronization {
            numbers.extend_from_slice(distance);
            is_ordered &= distance[0] <= distance[1];
        }
        if !numbers.iter().all(|number| is_plausible(*number)) {
            return Err(InstanceError::Number(named()));
        }
        if is_ordered { Ok(()) } else { Err(InstanceError::Order(named())) }
    }
}

fn is_plausible(number: f64) -> bool {
    (0.0..=GREATEST_NUMBER).contains(&number)
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
