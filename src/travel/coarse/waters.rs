//! Lakes, bays and islands: how far it is when nobody drives across water.

use super::globe::{Flat, Position};
use crate::domain::Point;

/// Outlines that no straight way may cross. A point drawn in the water itself (outlines are coarse)
/// may leave it in every direction.
pub(super) struct Waters {
    lakes: Vec<Ring>,
    islands: Vec<Ring>,
    /// Where a way round a lake can turn, a few steps from the shore.
    corners: Vec<Position>,
    /// The shortest way between corners without crossing water, row by row.
    between: Vec<f64>,
}

struct Ring {
    corners: Vec<Flat>,
    least: Flat,
    most: Flat,
}

/// A place and what can be seen from it, for ways round water.
pub(super) struct Shore {
    /// Corners in sight, nearest first, each with its distance.
    seen: Vec<(usize, f64)>,
}

/// Which island, if any.
pub(super) type Island = Option<usize>;

const STEPS_FROM_SHORE_KM: f64 = 0.03;

impl Waters {
    pub(super) fn new(lakes: Vec<Vec<Point>>, islands: Vec<Vec<Point>>) -> Waters {
        let corners = lakes.iter().flat_map(|ring| turning_points(ring)).collect();
        let ring = |points: &Vec<Point>| Ring::new(points);
        let mut waters = Waters {
            lakes: lakes.iter().map(ring).collect(),
            islands: islands.iter().map(ring).collect(),
            corners,
            between: Vec::new(),
        };
        waters.between = waters.ways_between_corners();
        waters
    }

    /// Every pair through every third: a hundred corners at most.
    fn ways_between_corners(&self) -> Vec<f64> {
        let count = self.corners.len();
        let mut ways = vec![f64::INFINITY; count * count];
        for (from, a) in self.corners.iter().enumerate() {
            for (to, b) in self.corners.iter().enumerate() {
                if !self.cross(a, b) {
                    ways[from * count + to] = a.km(b);
                }
            }
        }
        for through in 0..count {
            for from in 0..count {
                for to in 0..count {
                    let way = ways[from * count + through] + ways[through * count + to];
                    if way < ways[from * count + to] {
                        ways[from * count + to] = way;
                    }
                }
            }
        }
        ways
    }

    /// The island that a point lies on.
    pub(super) fn island(&self, at: &Position) -> Island {
        self.islands.iter().position(|ring| ring.holds(at.flat))
    }

    /// In a lake or a bay as they are drawn?
    #[cfg(test)]
    pub(super) fn is_wet(&self, at: &Position) -> bool {
        self.lakes.iter().any(|ring| ring.holds(at.flat))
    }

    /// Does the straight line cross water?
    pub(super) fn cross(&self, a: &Position, b: &Position) -> bool {
        self.lakes.iter().any(|ring| {
            ring.may_meet(a.flat, b.flat)
                && ring.crossed(a.flat, b.flat)
                && !ring.holds(a.flat)
                && !ring.holds(b.flat)
        })
    }

    /// What can be seen from here.
    pub(super) fn shore(&self, at: &Position) -> Shore {
        let in_sight = |&(_, corner): &(usize, &Position)| !self.cross(at, corner);
        let mut seen: Vec<(usize, f64)> = self
            .corners
            .iter()
            .enumerate()
            .filter(in_sight)
            .map(|(index, corner)| (index, at.km(corner)))
            .collect();
        seen.sort_by(|a, b| a.1.total_cmp(&b.1));
        Shore { seen }
    }

    /// The shortest way round water between two places on the same land.
    pub(super) fn way_round_km(&self, from: &Shore, to: &Shore) -> f64 {
        let mut best = f64::INFINITY;
        for &(a, first) in &from.seen {
            if first >= best {
                break;
            }
            for &(b, last) in &to.seen {
                if first + last >= best {
                    break;
                }
                best = best.min(first + self.between[a * self.corners.len() + b] + last);
            }
        }
        best
    }
}

impl Ring {
    /// The ring through these corners; at least one.
    fn new(points: &[Point]) -> Ring {
        let corners: Vec<Flat> = points.iter().map(|&point| Position::of(point).flat).collect();
        let (mut least, mut most) = (corners[0], corners[0]);
        for corner in &corners {
            least = Flat { x: least.x.min(corner.x), y: least.y.min(corner.y) };
            most = Flat { x: most.x.max(corner.x), y: most.y.max(corner.y) };
        }
        Ring { corners, least, most }
    }

    fn sides(&self) -> impl Iterator<Item = (Flat, Flat)> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).map(|(&a, &b)| (a, b))
    }

    /// Do the boxes round both overlap?
    fn may_meet(&self, a: Flat, b: Flat) -> bool {
        a.x.min(b.x) <= self.most.x
            && a.x.max(b.x) >= self.least.x
            && a.y.min(b.y) <= self.most.y
            && a.y.max(b.y) >= self.least.y
    }

    fn crossed(&self, a: Flat, b: Flat) -> bool {
        self.sides().any(|side| Flat::cross((a, b), side))
    }

    fn holds(&self, at: Flat) -> bool {
        let crossings = self.sides().filter(|(a, b)| {
            (a.y > at.y) != (b.y > at.y) && at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y)
        });
        self.may_meet(at, at) && crossings.count() % 2 == 1
    }
}

/// The corners that stick out of a ring, moved a few steps away from it.
fn turning_points(ring: &[Point]) -> Vec<Position> {
    let flat: Vec<Flat> = ring.iter().map(|&point| Position::of(point).flat).collect();
    let count = flat.len();
    let around: f64 =
        (0..count).map(|at| Flat::turn(flat[0], flat[at], flat[(at + 1) % count])).sum();
    let mut corners = Vec::new();
    for at in 0..count {
        let (before, here, after) =
            (flat[(at + count - 1) % count], flat[at], flat[(at + 1) % count]);
        if Flat::turn(before, here, after) * around <= 0.0 {
            continue;
        }
        let away = direction(before, here);
        let from = direction(after, here);
        let out = Flat { x: away.x + from.x, y: away.y + from.y };
        let length = out.x.hypot(out.y).max(f64::EPSILON);
        let step = |part: f64, per_degree: f64| STEPS_FROM_SHORE_KM * part / length / per_degree;
        // Kilometres per degree are those of the flat map; a few steps stay a few steps.
        let moved = Point::from_degrees(
            ring[at].lat() + step(out.y, 111.2),
            ring[at].lon() + step(out.x, 62.3),
        );
        corners.extend(moved.map(Position::of));
    }
    corners
}

fn direction(from: Flat, to: Flat) -> Flat {
    let length = (to.x - from.x).hypot(to.y - from.y).max(f64::EPSILON);
    Flat { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
}
