//! Where travel times come from: a real routing server, faults before it, the chain of sources, and
//! tables kept for next time.

mod chain;
mod commands;
mod kept;
mod server;

use rond::domain::{MunicipalityId, Place, PlaceId, Point, Seconds};

use crate::support::dice::Dice;

/// Points scattered south of the station of Lund, where all streets of the extract hang together.
pub fn points_in_lund(count: usize, seed: u64) -> Vec<Point> {
    let mut dice = Dice::new(seed);
    let mut points = Vec::new();
    while points.len() < count {
        let lat = 55.7036 + dice.within(0..=1_600) as f64 / 1e6;
        let lon = 13.1842 + dice.within(0..=4_800) as f64 / 1e6;
        let point = Point::from_degrees(lat, lon).expect("Lund is on the globe");
        if !points.contains(&point) {
            points.push(point);
        }
    }
    points
}

/// Far from every road of the extract, in the sea west of Skåne.
pub fn at_sea() -> Point {
    Point::from_degrees(55.6, 12.6).expect("on the globe")
}

/// Places at these points, `p0`, `p1`, …
pub fn places_at(points: &[Point]) -> Vec<Place> {
    let place = |(at, point): (usize, &Point)| Place {
        id: PlaceId::new(format!("p{at}")),
        name: String::new(),
        point: *point,
        municipality: MunicipalityId::new("1281"),
        setup: Seconds::ZERO,
    };
    points.iter().enumerate().map(place).collect()
}
