//! Chance, from a seed: whole-number arithmetic wherever it can be, so that every machine draws the
//! same.

use rand::{Rng, RngExt};
use rand_pcg::Pcg64;

use crate::domain::Point;

/// Kilometres per degree of latitude.
const KM_PER_DEGREE: f64 = 111.32;
/// Points are tried so often before the search for one inside an outline is given up.
const TRIES_MAX: usize = 200;
/// A count is drawn as a binomial of so many trials per expected event: near enough to Poisson.
const TRIALS_PER_EVENT: u64 = 64;

/// A stream of chance. Streams of the same seed with different names are independent, so that
/// another staffing leaves the demand as it was.
pub(super) struct Dice {
    generator: Pcg64,
}

impl Dice {
    /// The stream with this name.
    pub(super) fn new(seed: u64, name: &str) -> Dice {
        // FNV-1a, written out so that the streams never change with a library.
        let stream = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Dice { generator: Pcg64::new(u128::from(seed), u128::from(stream)) }
    }

    /// A whole number from 0 up to, not including, `end`, which must be positive.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.generator.random_range(0..end)
    }

    /// True so many times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// A whole number from `least` to `greatest`, both included, in steps of `step` from `least`.
    pub(super) fn between(&mut self, least: i64, greatest: i64, step: i64) -> i64 {
        let steps = ((greatest - least) / step).max(0) as u64;
        least + self.below(steps + 1) as i64 * step
    }

    /// A position, each as likely as its weight says. Some weight must be positive.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// How many events happen where `mean_millionths` / 1 000 000 are expected.
    pub(super) fn count(&mut self, mean_millionths: u64) -> u64 {
        let trials = (mean_millionths / 1_000_000 + 1) * TRIALS_PER_EVENT;
        (0..trials).filter(|_| self.below(trials * 1_000_000) < mean_millionths).count() as u64
    }

    /// Evenly in [0, 1).
    fn fraction(&mut self) -> f64 {
        // The 53 highest bits are what a double can hold.
        (self.generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A point evenly in a disc of this area, and inside the outline where there is one.
    pub(super) fn point_in_disc(
        &mut self,
        centre: Point,
        area_ha: u32,
        outline: &[Vec<Point>],
    ) -> Point {
        let radius_km = (f64::from(area_ha) / 100.0 / std::f64::consts::PI).sqrt();
        let km_per_degree_east = KM_PER_DEGREE * centre.lat().to_radians().cos();
        for _ in 0..TRIES_MAX {
            let east = self.fraction() * 2.0 - 1.0;
            let north = self.fraction() * 2.0 - 1.0;
            let lat = centre.lat() + north * radius_km / KM_PER_DEGREE;
            let lon = centre.lon() + east * radius_km / km_per_degree_east;
            if let Some(point) = Point::from_degrees(lat, lon)
                && east * east + north * north <= 1.0
                && (outline.is_empty() || is_inside(point, outline))
            {
                return point;
            }
        }
        // A coast so generalised that the whole locality lies in the sea.
        centre
    }

    /// A point evenly inside an outline; nothing when the outline is empty or too thin.
    pub(super) fn point_in_outline(&mut self, outline: &[Vec<Point>]) -> Option<Point> {
        let corners = || outline.iter().flatten();
        let (south, north) = bounds(corners().map(|point| point.lat()))?;
        let (west, east) = bounds(corners().map(|point| point.lon()))?;
        (0..TRIES_MAX).find_map(|_| {
            let lat = south + self.fraction() * (north - south);
            let lon = west + self.fraction() * (east - west);
            Point::from_degrees(lat, lon).filter(|point| is_inside(*point, outline))
        })
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |bounds, value| match bounds {
        None => Some((value, value)),
        Some((least, greatest)) => Some((value.min(least), value.max(greatest))),
    })
}

/// Does the point lie inside one of the rings? A ray to the east crosses an odd number of sides.
pub(super) fn is_inside(point: Point, outline: &[Vec<Point>]) -> bool {
    outline.iter().any(|ring| {
        let sides = ring.iter().zip(ring.iter().cycle().skip(1));
        let crossed = sides.filter(|(a, b)| {
            (a.lat() > point.lat()) != (b.lat() > point.lat())
                && point.lon()
                    < a.lon() + (b.lon() - a.lon()) * (point.lat() - a.lat()) / (b.lat() - a.lat())
        });
        crossed.count() % 2 == 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_the_same_for_the_same_name_and_differ_otherwise() {
        let draw = |seed, name: &str| {
            let mut dice = Dice::new(seed, name);
            (0..8).map(|_| dice.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "visits 1280"), draw(1, "visits 1280"));
        assert_ne!(draw(1, "visits 1280"), draw(1, "visits 1281"));
        assert_ne!(draw(1, "visits 1280"), draw(2, "visits 1280"));
    }

    #[test]
    fn counts_have_the_mean_that_was_asked_for() {
        let mut dice = Dice::new(7, "counts");
        for mean_millionths in [20_000, 700_000, 12_500_000] {
            let total: u64 = (0..4_000).map(|_| dice.count(mean_millionths)).sum();
            let expected = mean_millionths as f64 * 4_000.0 / 1e6;
            let error = (total as f64 - expected).abs();
            assert!(error < 4.0 * expected.sqrt(), "{total} instead of {expected}");
        }
    }

    #[test]
    fn points_lie_in_the_disc_and_in_the_outline() {
        let corner = |lat, lon| Point::from_degrees(lat, lon).expect("on the globe");
        let square = vec![vec![
            corner(55.0, 13.0),
            corner(55.0, 14.0),
            corner(56.0, 14.0),
            corner(56.0, 13.0),
        ]];
        let mut dice = Dice::new(3, "points");
        let centre = corner(55.0, 13.5);
        for _ in 0..500 {
            let point = dice.point_in_disc(centre, 31_416, &square);
            assert!(is_inside(point, &square));
            assert!((point.lat() - 55.0).abs() < 0.0905, "at most 10 km north");
            let rural = dice.point_in_outline(&square).expect("the square is wide");
            assert!(is_inside(rural, &square));
        }
        assert_eq!(dice.point_in_outline(&[]), None);
    }
}
