//! Random travel between the places of a random world.

use std::collections::BTreeMap;

use rond::domain::{Metres, Point, Seconds, World};
use rond::travel::{Leg, Matrix, TravelModel};

use super::dice::Dice;

/// Legs in a table, by points.
struct Table {
    position: BTreeMap<Point, usize>,
    seconds: Vec<Vec<Option<i64>>>,
}

impl TravelModel for Table {
    fn profile(&self) -> &str {
        "test"
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let seconds = self.seconds[self.position[&from]][self.position[&to]]?;
        Some(Leg { seconds: Seconds(seconds), metres: Metres(seconds * 13) })
    }
}

/// Whole seconds that keep the triangle inequality; some tables are not the same both ways, and in
/// some no way leads to one of the homes.
pub fn random_travel(seed: u64, world: &World) -> Matrix {
    let mut dice = Dice::new(seed ^ 0x7261_7665);
    let points: Vec<Point> = world.places.iter().map(|place| place.point).collect();
    let skew = if dice.chance(40) { 30 } else { 0 };
    let mut seconds: Vec<Vec<Option<i64>>> = points
        .iter()
        .map(|from| points.iter().map(|to| Some(driving(*from, *to))).collect())
        .collect();
    for leg in seconds.iter_mut().flatten().flatten() {
        *leg += *leg * dice.within(0..=skew) / 100;
    }
    if let Some(home) = unreachable_home(&mut dice, world) {
        for (from, legs) in seconds.iter_mut().enumerate() {
            if from != home {
                legs[home] = None;
            }
        }
    }
    close(&mut seconds);
    let position = points.iter().enumerate().map(|(at, point)| (*point, at)).collect();
    Matrix::build(&Table { position, seconds }, &points)
}

/// About a minute and a quarter per kilometre, after a minute and a half to get going.
fn driving(from: Point, to: Point) -> i64 {
    if from == to {
        return 0;
    }
    let north = (to.lat() - from.lat()) * 111.0;
    let east = (to.lon() - from.lon()) * 63.0;
    90 + (75.0 * north.hypot(east)).round() as i64
}

/// One world in twelve has a home that no way leads to.
fn unreachable_home(dice: &mut Dice, world: &World) -> Option<usize> {
    let homes: Vec<usize> =
        world.patients.iter().map(|patient| world.place_position(&patient.place)).collect();
    (!homes.is_empty() && dice.chance(8)).then(|| *dice.pick(&homes))
}

/// Shortest paths, so that no detour is quicker than the leg (Floyd 1962, Warshall 1962).
fn close(seconds: &mut [Vec<Option<i64>>]) {
    let size = seconds.len();
    for via in 0..size {
        for from in 0..size {
            for to in 0..size {
                let (Some(first), Some(second)) = (seconds[from][via], seconds[via][to]) else {
                    continue;
                };
                let shortest =
                    seconds[from][to].map_or(first + second, |leg| leg.min(first + second));
                seconds[from][to] = Some(shortest);
            }
        }
    }
}
