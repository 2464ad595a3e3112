//! An instance as published, read and checked.

use std::fmt;

/// Coordinates, times and demands beyond this are taken for mistakes.
const GREATEST_NUMBER: f64 = 100_000.0;
/// Vehicles and customers beyond this are taken for mistakes.
const GREATEST_COUNT: f64 = 20_000.0;

/// What counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objective {
    /// The distance alone; legs are cut to one decimal.
    Distance,
    /// The fewest vehicles, then the distance, in double precision.
    Vehicles,
}

/// A whole instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// How many vehicles there are.
    pub vehicles: usize,
    /// What each can carry.
    pub capacity: f64,
    /// The depot, then the customers by number.
    pub nodes: Vec<Node>,
}

/// The depot or a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Where.
    pub x: f64,
    /// Where.
    pub y: f64,
    /// What is brought there.
    pub demand: f64,
    /// Earliest start (of the depot: departure).
    pub ready: f64,
    /// Latest start (of the depot: return).
    pub due: f64,
    /// How long it takes.
    pub service: f64,
}

/// Why an instance cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum InstanceError {
    /// It is not text, or lacks the heading of vehicles or of customers, or what follows it.
    Shape(&'static str),
    /// The line, counted from 1, does not hold the numbers it must.
    Line(usize),
    /// Customers are not numbered 0, 1, 2 and so on.
    Numbering(usize),
    /// The customer's window ends before it begins.
    Order(usize),
}

impl fmt::Display for InstanceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceError::Shape(why) => write!(out, "not a VRPTW instance: {why}"),
            InstanceError::Line(line) => {
                write!(out, "line {line}: not the numbers that must stand here")
            }
            InstanceError::Numbering(line) => {
                write!(out, "line {line}: customers must be numbered 0, 1, 2 and so on")
            }
            InstanceError::Order(customer) => {
                write!(out, "customer {customer}: the window ends before it begins")
            }
        }
    }
}

impl std::error::Error for InstanceError {}

impl Instance {
    /// Reads and checks an instance.
    pub fn read(text: &[u8]) -> Result<Instance, InstanceError> {
        let text = std::str::from_utf8(text).map_err(|_| InstanceError::Shape("it is no text"))?;
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line.split_whitespace().collect::<Vec<&str>>()))
            .filter(|(_, words)| !words.is_empty());
        if !lines.any(|(_, words)| words[0] == "NUMBER") {
            return Err(InstanceError::Shape("there is no line NUMBER CAPACITY"));
        }
        let fleet = lines.next().ok_or(InstanceError::Shape("there is no number of vehicles"))?;
        let [vehicles, capacity] = numbers(fleet.0, &fleet.1)?;
        let is_count = |number: f64| number.fract() == 0.0 && number <= GREATEST_COUNT;
        if !is_count(vehicles) || vehicles < 1.0 {
            return Err(InstanceError::Line(fleet.0));
        }
        let mut nodes = Vec::new();
        for (line, words) in lines {
            // Headings stand between the fleet and the customers.
            if nodes.is_empty() && words[0].parse::<f64>().is_err() {
                continue;
            }
            let [number, x, y, demand, ready, due, service] = numbers(line, &words)?;
            if number != nodes.len() as f64 || !is_count(number) {
                return Err(InstanceError::Numbering(line));
            }
            if ready > due {
                return Err(InstanceError::Order(nodes.len()));
            }
            nodes.push(Node { x, y, demand, ready, due, service });
        }
        if nodes.is_empty() {
            return Err(InstanceError::Shape("there is no depot"));
        }
        Ok(Instance { vehicles: vehicles as usize, capacity, nodes })
    }

    /// How many customers.
    pub fn customers(&self) -> usize {
        self.nodes.len() - 1
    }

    /// How far it is from one node to another, which is also how long it takes.
    pub fn distance(&self, from: usize, to: usize, objective: Objective) -> f64 {
        let (from, to) = (&self.nodes[from], &self.nodes[to]);
        let distance = (from.x - to.x).hypot(from.y - to.y);
        match objective {
            // A whole tenth must not fall to the one below by a hair.
            Objective::Distance => (distance * 10.0 + 1e-9).floor() / 10.0,
            Objective::Vehicles => distance,
        }
    }
}

/// So many plausible numbers on a line.
fn numbers<const COUNT: usize>(line: usize, words: &[&str]) -> Result<[f64; COUNT], InstanceError> {
    let mut found = [0.0; COUNT];
    if words.len() != COUNT {
        return Err(InstanceError::Line(line));
    }
    for (number, word) in found.iter_mut().zip(words) {
        *number = word.parse().map_err(|_| InstanceError::Line(line))?;
        if !(0.0..=GREATEST_NUMBER).contains(number) {
            return Err(InstanceError::Line(line));
        }
    }
    Ok(found)
}
