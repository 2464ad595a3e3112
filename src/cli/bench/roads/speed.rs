//! How fast the network answers, in CPU time of all threads, so that a busy machine hardly shows.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use serde::Serialize;

use super::super::super::failure::Failure;
use super::super::row::{at_share, rounded};
use super::places::Places;
use super::{Bar, RoadsArguments, of_osrm};
use crate::domain::Point;
use crate::roads::RoadNetwork;
use crate::routing::Osrm;
use crate::travel::{Matrix, TravelModel};

/// Tables made once more, when it is known where their points are.
const TABLES: usize = 3;
/// Places put into the matrix, one by one.
const NEW_PLACES: usize = 20;
/// Times that the prices are made anew.
const REWEIGHINGS: usize = 10;
/// Legs asked for by themselves.
const ONE_TO_ONE: usize = 1_000;
/// Another pace, so that prices are others.
const PERCENT: u32 = 120;

/// What it took.
#[derive(Debug, Serialize)]
pub struct Speed {
    /// Places of the table.
    pub places: usize,
    /// CPU seconds of the table, first putting its points on the roads.
    pub table_cpu_seconds: f64,
    /// The same on the clock.
    pub table_wall_seconds: f64,
    /// CPU seconds of the table once more, the least of three.
    pub table_again_cpu_seconds: f64,
    /// Seconds on the clock until OSRM has answered for the same table, in blocks.
    pub osrm_table_wall_seconds: Option<f64>,
    /// Places of the matrix that one more is put into.
    pub matrix_places: usize,
    /// CPU milliseconds for one place more: its row, its column, and `Matrix::add_place`.
    pub one_more_milliseconds_median: f64,
    /// The most of twenty.
    pub one_more_milliseconds_most: f64,
    /// CPU milliseconds for the same roads at another pace, the least of ten.
    pub reweighing_milliseconds_least: f64,
    /// The median of ten.
    pub reweighing_milliseconds_median: f64,
    /// CPU microseconds for one leg, both points put on the roads anew; the mean.
    pub one_to_one_microseconds: f64,
    /// Legs that were not those of the table.
    pub one_to_one_differing: usize,
}

/// Asks for each in turn.
pub fn measure(
    network: &RoadNetwork,
    osrm: Option<&Osrm>,
    arguments: &RoadsArguments,
    bar: &Bar,
) -> Result<Speed, Failure> {
    // Points of its own, so that another number of pairs does not change them.
    let mut places = Places::of(network, !arguments.seed)?;
    let points = places.draw(arguments.places as usize)?;
    bar.show(0.4, "table");
    let begun = Instant::now();
    let (table, first) = cpu(|| Matrix::build(network, &points));
    let wall = begun.elapsed();
    let again = (0..TABLES).map(|_| cpu(|| Matrix::build(network, &points)).1).min();
    bar.show(0.5, "OSRM's table");
    let osrm_wall = osrm.map(|osrm| {
        let begun = Instant::now();
        osrm.legs(&points, &points).map(|_| begun.elapsed())
    });
    let osrm_wall = osrm_wall.transpose().map_err(of_osrm)?;
    bar.show(0.6, "legs one by one");
    let (one_to_one, differing) = one_to_one(network, &table, &points);
    bar.show(0.65, "other paces");
    let paces: Vec<f64> =
        (0..REWEIGHINGS).map(|_| milliseconds(cpu(|| network.at_pace(|_| PERCENT)).1)).collect();
    bar.show(0.7, "one place more");
    let more = one_more(network, places.draw(arguments.matrix as usize)?, places.draw(NEW_PLACES)?);
    let seconds = |time: Duration| rounded(time.as_secs_f64(), 4);
    Ok(Speed {
        places: points.len(),
        table_cpu_seconds: seconds(first),
        table_wall_seconds: seconds(wall),
        table_again_cpu_seconds: seconds(again.unwrap_or(first)),
        osrm_table_wall_seconds: osrm_wall.map(seconds),
        matrix_places: arguments.matrix as usize,
        one_more_milliseconds_median: rounded(at_share(more.clone(), 0.5), 2),
        one_more_milliseconds_most: rounded(at_share(more, 1.0), 2),
        reweighing_milliseconds_least: rounded(at_share(paces.clone(), 0.0), 2),
        reweighing_milliseconds_median: rounded(at_share(paces, 0.5), 2),
        one_to_one_microseconds: one_to_one,
        one_to_one_differing: differing,
    })
}

/// The mean of a leg's microseconds, and how many legs the table has otherwise.
fn one_to_one(network: &RoadNetwork, table: &Matrix, points: &[Point]) -> (f64, usize) {
    let pair = |at: usize| (at % points.len(), (at / points.len() + at * 7 + 1) % points.len());
    let ask = |at: usize| {
        let (from, to) = pair(at);
        network.leg(points[from], points[to])
    };
    let (legs, took) = cpu(|| (0..ONE_TO_ONE).map(ask).collect::<Vec<_>>());
    let is_other = |at: &usize| {
        let (from, to) = pair(*at);
        // The table's leg from a place to itself is nothing by definition.
        from != to && legs[*at] != table.leg(from, to)
    };
    let differing = (0..ONE_TO_ONE).filter(is_other).count();
    (rounded(took.as_secs_f64() * 1e6 / ONE_TO_ONE as f64, 2), differing)
}

/// Milliseconds for each new place, in a matrix that has room for them: a service makes it before
/// the first request.
fn one_more(network: &RoadNetwork, mut points: Vec<Point>, new: Vec<Point>) -> Vec<f64> {
    let mut matrix = Matrix::build(network, &points);
    matrix.make_room();
    let mut took = Vec::with_capacity(new.len());
    for place in new {
        took.push(milliseconds(cpu(|| matrix.add_place(network, &points, place)).1));
        points.push(place);
    }
    took
}

/// What comes of it, and the CPU time that it took on all threads.
fn cpu<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = ProcessTime::now();
    let result = work();
    (result, begun.elapsed())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
