//! Which turns are allowed at each junction, and what they cost.

use super::junction::{Junctions, SegmentEnd};
use super::read::{Extract, Restriction};
use super::segment::{Segment, Streets};
use crate::roads::cost::Cost;
use crate::roads::geometry;
use crate::roads::profile::{
    Obstacle, ObstacleKind, RESTRICTED_TENTHS, Towards, TurnShape, turn_tenths,
};

/// From the end of one edge into another. An edge is a segment one way round: twice the segment,
/// plus one against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    /// From this edge…
    pub from: u32,
    /// …into this.
    pub to: u32,
    /// What the turn itself costs.
    pub cost: Cost,
}

/// How far from a junction the direction of a road is taken.
const BEARING_AT_METRES: f64 = 10.0;
/// A stop sign without direction concerns those who come to it on a short stretch.
const STOP_AT_METRES: f64 = 20.0;

/// Every allowed turn, in the order of the edges they are made from.
pub fn turns(extract: &Extract, streets: &mut Streets) -> Vec<Turn> {
    let junctions = Junctions::of(extract, streets);
    let mut turns = Vec::new();
    for junction in 0..streets.junctions.len() {
        let place = Place::at(extract, streets, &junctions, junction);
        for from in place.ends.iter().filter(|end| place.is_open(end.arriving())) {
            for to in place.ends.iter().filter(|end| place.is_open(end.leaving())) {
                turns.extend(place.turn(*from, *to));
            }
        }
    }
    turns.sort_unstable_by_key(|turn| (turn.from, turn.to));
    turns
}

/// A junction with all that bears on its turns.
struct Place<'s> {
    streets: &'s Streets,
    ends: &'s [SegmentEnd],
    obstacles: &'s [(u32, Obstacle)],
    restrictions: &'s [&'s Restriction],
    /// Degrees in which each segment end leaves.
    bearings: Vec<f64>,
    /// Nobody passes.
    barrier: bool,
    /// There is one road in at most: one may turn round.
    dead_end: bool,
}

impl<'s> Place<'s> {
    fn at(
        extract: &'s Extract,
        streets: &'s Streets,
        junctions: &'s Junctions<'s>,
        junction: usize,
    ) -> Place<'s> {
        let node = streets.junctions[junction];
        let ends = junctions.ends(junction);
        let obstacles = junctions.obstacles(node);
        let bearings = ends.iter().map(|end| bearing(extract, streets, *end)).collect();
        let mut place = Place {
            streets,
            ends,
            obstacles,
            restrictions: junctions.restrictions(node),
            bearings,
            barrier: obstacles.iter().any(|(_, row)| row.kind == ObstacleKind::Barrier),
            dead_end: false,
        };
        place.dead_end = ends.iter().filter(|end| place.is_open(end.arriving())).count() <= 1;
        place
    }

    fn segment(&self, edge: u32) -> &'s Segment {
        &self.streets.segments[edge as usize / 2]
    }

    fn is_open(&self, edge: u32) -> bool {
        self.segment(edge).costs[edge as usize % 2].is_some()
    }

    fn is_restricted(&self, edge: u32) -> bool {
        self.segment(edge).drive.ways[edge as usize % 2].is_some_and(|drive| drive.restricted)
    }

    /// The turn, when it is allowed.
    fn turn(&self, from: SegmentEnd, to: SegmentEnd) -> Option<Turn> {
        let round = from == to;
        let allowed = if round { self.barrier || self.dead_end } else { !self.barrier };
        if !allowed || self.is_forbidden(from, to) {
            return None;
        }
        let (one, other) = (from.arriving(), to.leaving());
        let roads = [one, other].map(|edge| self.segment(edge).drive);
        let tenths = self.delay(from, to)
            + turn_tenths(TurnShape {
                angle: self.angle(from, to),
                turns_round: round,
                roads: self.ends.len(),
                roundabout: roads[0].roundabout || roads[1].roundabout,
                changes_mode: roads[0].ferry != roads[1].ferry,
            });
        let weight = if !self.is_restricted(one) && self.is_restricted(other) {
            RESTRICTED_TENTHS
        } else {
            tenths
        };
        Some(Turn { from: one, to: other, cost: Cost::new(weight, tenths, 0) })
    }

    fn angle(&self, from: SegmentEnd, to: SegmentEnd) -> f64 {
        if from == to {
            return 180.0;
        }
        let of = |end: SegmentEnd| {
            let at = self.ends.iter().position(|other| *other == end).unwrap_or_default();
            self.bearings[at]
        };
        geometry::turn_angle(of(from) + 180.0, of(to))
    }

    fn way_at(&self, end: SegmentEnd) -> i64 {
        self.segment(end.segment * 2).ways[usize::from(end.last)]
    }

    /// A restriction counts only where it is plain which ends it means.
    fn is_forbidden(&self, from: SegmentEnd, to: SegmentEnd) -> bool {
        self.restrictions.iter().any(|row| {
            let ends = |way| self.ends.iter().filter(move |end| self.way_at(**end) == way);
            let coming = ends(row.from).filter(|end| self.is_open(end.arriving())).count();
            let going = ends(row.to).filter(|end| self.is_open(end.leaving())).count();
            let plain = coming == 1 && going == 1 && self.way_at(from) == row.from;
            plain && (self.way_at(to) == row.to) != row.only
        })
    }

    /// Tenths that obstacles cost those who come by `from`.
    fn delay(&self, from: SegmentEnd, to: SegmentEnd) -> u64 {
        let along = if from.last { Towards::Forward } else { Towards::Backward };
        let costs = self.obstacles.iter().map(|(_, row)| row).filter(|row| match row.towards {
            Towards::Both => true,
            Towards::Unsaid => !self.is_far_stop(row, from, to),
            one_way => one_way == along,
        });
        costs
            .filter(|row| row.kind != ObstacleKind::MinorStop || self.enters_by_lesser(from))
            .map(|row| u64::from(row.tenths))
            .sum()
    }

    /// Between junctions, a stop sign belongs to the nearer one.
    fn is_far_stop(&self, obstacle: &Obstacle, from: SegmentEnd, to: SegmentEnd) -> bool {
        let metres = |end: SegmentEnd| self.segment(end.segment * 2).metres;
        self.ends.len() == 2
            && obstacle.kind == ObstacleKind::Stop
            && metres(from) < STOP_AT_METRES
            && metres(to) > STOP_AT_METRES
    }

    fn enters_by_lesser(&self, from: SegmentEnd) -> bool {
        let speed = |end: &SegmentEnd| {
            let ways = self.segment(end.segment * 2).drive.ways;
            ways.iter().flatten().map(|drive| drive.speed).fold(0.0, f64::max)
        };
        let own = speed(&from);
        self.ends.iter().any(|end| *end != from && speed(end) > own)
    }
}

/// Degrees in which a segment leaves the junction at its end.
fn bearing(extract: &Extract, streets: &Streets, end: SegmentEnd) -> f64 {
    let segment = &streets.segments[end.segment as usize];
    let shape = &streets.shape[segment.first..segment.end];
    let point = |node: &u32| extract.points[*node as usize];
    if end.last {
        geometry::bearing_after(shape.iter().rev().map(point), BEARING_AT_METRES)
    } else {
        geometry::bearing_after(shape.iter().map(point), BEARING_AT_METRES)
    }
}
