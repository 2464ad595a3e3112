//! Straight lines: as lengths on the globe, and on a flat map for what crosses what.

use crate::domain::Point;

/// Mean radius of the earth (IUGG).
const EARTH_KM: f64 = 6_371.008_8;
const KM_PER_DEGREE: f64 = 111.195;
/// Where the flat map has its true width: the middle of Skåne.
const MIDDLE_LAT: f64 = 55.9;

/// A point ready for measuring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    unit: [f64; 3],
    /// Kilometres east and north on the flat map.
    pub(super) flat: Flat,
}

/// Kilometres east and north.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Flat {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Position {
    pub(super) fn of(point: Point) -> Position {
        let (lat, lon) = (point.lat().to_radians(), point.lon().to_radians());
        Position {
            unit: [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()],
            flat: Flat {
                x: point.lon() * KM_PER_DEGREE * MIDDLE_LAT.to_radians().cos(),
                y: point.lat() * KM_PER_DEGREE,
            },
        }
    }

    /// The straight line through the ground: never longer than over it, and cheap.
    pub(super) fn chord_km(&self, other: &Position) -> f64 {
        let apart = |axis: usize| self.unit[axis] - other.unit[axis];
        EARTH_KM * (apart(0).powi(2) + apart(1).powi(2) + apart(2).powi(2)).sqrt()
    }

    /// The great circle.
    pub(super) fn km(&self, other: &Position) -> f64 {
        2.0 * EARTH_KM * (self.chord_km(other) / (2.0 * EARTH_KM)).min(1.0).asin()
    }
}

impl Flat {
    /// Twice the area of the triangle, positive when the corners run against the clock.
    pub(super) fn turn(a: Flat, b: Flat, c: Flat) -> f64 {
        (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }

    /// Do the lines a–b and c–d cross?
    pub(super) fn cross((a, b): (Flat, Flat), (c, d): (Flat, Flat)) -> bool {
        Flat::turn(a, b, c) * Flat::turn(a, b, d) < 0.0
            && Flat::turn(c, d, a) * Flat::turn(c, d, b) < 0.0
    }
}
