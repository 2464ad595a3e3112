//! An instance in the JSON made from the published data, read and checked.

use std::fmt;

use serde::Deserialize;

/// Legs this long are forbidden.
pub const FORBIDDEN: i32 = 10_000;
/// Times beyond this are taken for mistakes.
const GREATEST_NUMBER: i32 = 1_000_000;

/// A whole instance. All times are whole units.
#[derive(Clone, Debug, Deserialize)]
pub struct Instance {
    /// Every vehicle is back by then; all start at 0.
    pub horizon: i32,
    /// How many vehicles.
    pub vehicles: usize,
    /// Who is to be visited, in the order of the rows of `travel` after the first.
    pub visits: Vec<Visit>,
    /// Visits that start together, by two vehicles.
    pub sync_pairs: Vec<[usize; 2]>,
    /// From row to column; row 0 is the depot.
    pub travel: Vec<Vec<i32>>,
}

/// One visit.
#[derive(Clone, Debug, Deserialize)]
pub struct Visit {
    /// Its row in `travel`.
    pub id: usize,
    /// How long it takes.
    pub service: i32,
    /// Earliest and latest start.
    pub window: [i32; 2],
}

/// Why an instance cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum InstanceError {
    /// Not the JSON of this set.
    Shape(String),
    /// The travel times are not a square of the depot and all visits.
    NotSquare,
    /// Visits are not numbered from 1 on in the order of the rows.
    Numbering,
    /// A window ends before it begins.
    Order(usize),
    /// A pair names no visit, the same twice, or one that another pair names too.
    Pair(usize, usize),
    /// A number is negative or far too great.
    Number(String),
}

impl fmt::Display for InstanceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceError::Shape(why) => write!(out, "not a VRPTWSyn instance: {why}"),
            InstanceError::NotSquare => {
                write!(out, "travel needs a row and a column for the depot and each visit")
            }
            InstanceError::Numbering => write!(out, "visits must be numbered 1, 2, 3 and so on"),
            InstanceError::Order(id) => write!(out, "visit {id}: its window ends before it begins"),
            InstanceError::Pair(one, other) => {
                write!(out, "pair {one}, {other}: each visit is in one pair at most, with another")
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

    /// The visit that starts together with this one.
    pub fn partner(&self, id: usize) -> Option<usize> {
        self.sync_pairs.iter().find_map(|&[one, other]| match id {
            _ if id == one => Some(other),
            _ if id == other => Some(one),
            _ => None,
        })
    }

    fn check(&self) -> Result<(), InstanceError> {
        let size = self.visits.len() + 1;
        if self.travel.len() != size || self.travel.iter().any(|row| row.len() != size) {
            return Err(InstanceError::NotSquare);
        }
        let is_plausible = |number: &i32| (0..=GREATEST_NUMBER).contains(number);
        if !self.travel.iter().flatten().all(is_plausible) {
            return Err(InstanceError::Number("travel".to_owned()));
        }
        if !is_plausible(&self.horizon) || self.vehicles == 0 || self.vehicles > size {
            return Err(InstanceError::Number("horizon or vehicles".to_owned()));
        }
        for (index, visit) in self.visits.iter().enumerate() {
            if visit.id != index + 1 {
                return Err(InstanceError::Numbering);
            }
            if !visit.window.iter().all(is_plausible) || !is_plausible(&visit.service) {
                return Err(InstanceError::Number(format!("visit {}", visit.id)));
            }
            if visit.window[0] > visit.window[1] {
                return Err(InstanceError::Order(visit.id));
            }
        }
        let mut paired = vec![false; size];
        for &[one, other] in &self.sync_pairs {
            let is_visit = |id: usize| (1..size).contains(&id);
            if !is_visit(one) || !is_visit(other) || one == other || paired[one] || paired[other] {
                return Err(InstanceError::Pair(one, other));
            }
            (paired[one], paired[other]) = (true, true);
        }
        Ok(())
    }
}
