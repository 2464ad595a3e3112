//! Distances, directions and nearest points on the globe, near enough to be flat.
//!
//! Points are latitude and longitude in ten-millionths of a degree.

const UNITS_PER_DEGREE: f64 = 1e7;
/// The radius that OSRM reckons with.
const EARTH_METRES: f64 = 6_372_797.560_856;

/// Metres between two points (haversine).
pub fn metres(one: [i32; 2], other: [i32; 2]) -> f64 {
    let [lat, lon] = one.map(radians);
    let [other_lat, other_lon] = other.map(radians);
    let sine = |angle: f64| (angle / 2.0).sin();
    let half =
        sine(other_lat - lat).powi(2) + lat.cos() * other_lat.cos() * sine(other_lon - lon).powi(2);
    2.0 * EARTH_METRES * half.sqrt().min(1.0).asin()
}

fn radians(units: i32) -> f64 {
    (f64::from(units) / UNITS_PER_DEGREE).to_radians()
}

/// East and north of `origin` in metres, on a plane that touches the globe there.
pub fn plane(origin: [i32; 2], point: [i32; 2]) -> [f64; 2] {
    let per_unit = (EARTH_METRES / UNITS_PER_DEGREE).to_radians();
    let east = f64::from(point[1]) - f64::from(origin[1]);
    let north = f64::from(point[0]) - f64::from(origin[0]);
    [east * per_unit * radians(origin[0]).cos(), north * per_unit]
}

/// Degrees from north, clockwise, in which a line leaves its first point, measured to the point
/// this many metres along it.
pub fn bearing_after(mut line: impl Iterator<Item = [i32; 2]>, metres: f64) -> f64 {
    let Some(origin) = line.next() else { return 0.0 };
    let (mut last, mut left) = ([0.0, 0.0], metres);
    for point in line {
        let here = plane(origin, point);
        let step = (here[0] - last[0]).hypot(here[1] - last[1]);
        if step >= left {
            let share = left / step;
            last = [0, 1].map(|axis| last[axis] + (here[axis] - last[axis]) * share);
            break;
        }
        left -= step;
        last = here;
    }
    last[0].atan2(last[1]).to_degrees()
}

/// Degrees of turning from one direction to another: right is positive, straight on nothing.
pub fn turn_angle(from: f64, to: f64) -> f64 {
    let angle = (to - from).rem_euclid(360.0);
    if angle > 180.0 { angle - 360.0 } else { angle }
}

/// How near the origin of the plane comes to the line between two points, squared, and at which
/// share of it.
pub fn nearest_on(from: [f64; 2], to: [f64; 2]) -> (f64, f64) {
    let step = [to[0] - from[0], to[1] - from[1]];
    let length = step[0] * step[0] + step[1] * step[1];
    let along = -(from[0] * step[0] + from[1] * step[1]);
    let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let at = [from[0] + step[0] * share, from[1] + step[1] * share];
    (at[0] * at[0] + at[1] * at[1], share)
}

#[cfg(test)]
mod tests {
    use super::{bearing_after, metres, nearest_on, turn_angle};

    const LUND: [i32; 2] = [557_047_000, 131_910_000];
    const MALMO: [i32; 2] = [556_050_000, 130_038_000];

    #[test]
    fn lund_lies_sixteen_kilometres_north_east_of_malmo() {
        assert!((metres(MALMO, LUND) - 16_200.0).abs() < 200.0);
        let bearing = bearing_after([MALMO, LUND].into_iter(), 10.0);
        assert!((40.0..50.0).contains(&bearing), "{bearing}");
    }

    #[test]
    fn right_is_positive_and_left_negative() {
        assert_eq!(turn_angle(0.0, 90.0), 90.0);
        assert_eq!(turn_angle(0.0, 270.0), -90.0);
        assert_eq!(turn_angle(350.0, 10.0), 20.0);
    }

    #[test]
    fn the_nearest_point_may_be_an_end() {
        assert_eq!(nearest_on([-1.0, 2.0], [1.0, 2.0]), (4.0, 0.5));
        assert_eq!(nearest_on([3.0, 4.0], [5.0, 4.0]), (25.0, 0.0));
    }
}
