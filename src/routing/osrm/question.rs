//! What OSRM is asked: addresses as both 5.x and later know them, longitude first.

use std::fmt::Write;

use crate::domain::Point;

/// A block of a table: from each of some of the points to each of some.
pub(super) struct BlockQuestion<'a> {
    /// Every point, once.
    pub(super) points: &'a [Point],
    /// Positions of the rows in `points`.
    pub(super) from: &'a [usize],
    /// Positions of the columns in `points`.
    pub(super) to: &'a [usize],
    /// Ask where the sources are on the road.
    pub(super) with_waypoints: bool,
    /// How far from a road a point may be, in metres.
    pub(super) radius: u32,
}

impl BlockQuestion<'_> {
    /// Path and query of `/table`. The radius is always sent: without it, a point is put on the
    /// nearest road however far that is, in silence.
    pub(super) fn path(&self, profile: &str) -> String {
        let mut path = format!("table/v1/{profile}/");
        coordinates(&mut path, self.points);
        path.push_str("?annotations=duration,distance&generate_hints=false&sources=");
        joined(&mut path, self.from);
        path.push_str("&destinations=");
        joined(&mut path, self.to);
        radiuses(&mut path, self.points.len(), self.radius);
        if !self.with_waypoints {
            path.push_str("&skip_waypoints=true");
        }
        path
    }
}

/// Path and query of `/route` from one point to another, with the whole line.
pub(super) fn route_path(profile: &str, points: [Point; 2], radius: u32) -> String {
    let mut path = format!("route/v1/{profile}/");
    coordinates(&mut path, &points);
    path.push_str("?overview=full&geometries=polyline6&generate_hints=false");
    radiuses(&mut path, 2, radius);
    path
}

fn coordinates(path: &mut String, points: &[Point]) {
    for (at, point) in points.iter().enumerate() {
        let mark = if at == 0 { "" } else { ";" };
        // Writing to a text cannot fail.
        let _ = write!(path, "{mark}{:.6},{:.6}", point.lon(), point.lat());
    }
}

fn joined(path: &mut String, positions: &[usize]) {
    for (at, position) in positions.iter().enumerate() {
        let mark = if at == 0 { "" } else { ";" };
        let _ = write!(path, "{mark}{position}");
    }
}

fn radiuses(path: &mut String, count: usize, radius: u32) {
    path.push_str("&radiuses=");
    joined(path, &vec![radius as usize; count]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longitude_comes_first_and_radiuses_are_always_sent() {
        let point = |lat, lon| Point::from_degrees(lat, lon).expect("on the globe");
        let points = [point(55.7, 13.2), point(55.605, 13.0)];
        let question = BlockQuestion {
            points: &points,
            from: &[0, 1],
            to: &[1],
            with_waypoints: false,
            radius: 800,
        };
        assert_eq!(
            question.path("driving"),
            "table/v1/driving/13.200000,55.700000;13.000000,55.605000\
             ?annotations=duration,distance&generate_hints=false&sources=0;1&destinations=1\
             &radiuses=800;800&skip_waypoints=true"
        );
        assert!(route_path("driving", points, 800).ends_with("&radiuses=800;800"));
    }
}
