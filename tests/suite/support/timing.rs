//! Earliest and latest starts of a plan's stops by shortest paths (Bellman 1958, Ford 1956).
//!
//! Every rule on times that ties two stops is an arc; a start that falls between two windows is
//! raised to the next one (or lowered to the last one) and the paths are found anew.

use petgraph::algo::bellman_ford;
use petgraph::graph::{DiGraph, NodeIndex};
use rond::domain::{Instant, Plan, StopWhat};

use super::day::Day;

/// Earliest and latest start per shift of the plan and stop; the last entry is the return.
#[derive(Debug)]
pub struct Limits {
    /// Earliest starts.
    pub earliest: Vec<Vec<Instant>>,
    /// Latest starts with every hard rule kept, all else in the same order.
    pub latest: Vec<Vec<Instant>>,
}

/// The limits of a plan's starts, given its orders and holds. `None` when they cannot be kept.
pub fn limits_of(day: &Day, plan: &Plan) -> Option<Limits> {
    let network = Network::of(day, plan)?;
    let earliest = network.settle(false)?;
    let latest = network.settle(true)?;
    let consistent = earliest.iter().zip(&latest).all(|(earliest, latest)| earliest <= latest);
    consistent.then(|| Limits {
        earliest: network.by_shift(&earliest),
        latest: network.by_shift(&latest),
    })
}

/// One stop or return.
struct Point {
    shift: usize,
    /// Stretches in which it may be, both ends included.
    stretches: Vec<(i64, i64)>,
}

struct Network {
    points: Vec<Point>,
    shifts: usize,
    /// `(from, to, least)`: `time(to) ≥ time(from) + least`.
    arcs: Vec<(usize, usize, i64)>,
}

impl Network {
    fn of(day: &Day, plan: &Plan) -> Option<Network> {
        let mut network =
            Network { points: Vec::new(), shifts: plan.shifts.len(), arcs: Vec::new() };
        let mut point_of_part = vec![None; day.parts.len()];
        // Per shift of the plan: its route, the return, and the way to its first stop.
        let mut ends = Vec::new();
        for at in 0..plan.shifts.len() {
            ends.push(network.add_shift(day, plan, at, &mut point_of_part)?);
        }
        for tie in &day.ties {
            if let (Some(from), Some(to)) = (point_of_part[tie.from], point_of_part[tie.to]) {
                network.arcs.push((from, to, tie.least));
            }
        }
        let rest = day.world.policy.rest.0;
        for &(earlier, back, _, _) in &ends {
            for &(later, _, first, way) in &ends {
                let (one, other) = (&day.routes[earlier], &day.routes[later]);
                if one.crew == other.crew && one.shift < other.shift {
                    network.arcs.push((back, first, rest + way));
                }
            }
        }
        Some(network)
    }

    /// Adds the stops of one shift. Returns its route, return, first stop and the way there.
    fn add_shift(
        &mut self,
        day: &Day,
        plan: &Plan,
        at: usize,
        point_of_part: &mut [Option<usize>],
    ) -> Option<(usize, usize, usize, i64)> {
        let planned = &plan.shifts[at];
        let route = (0..day.routes.len()).find(|&route| day.shift(route).id == planned.shift)?;
        let facts = &day.routes[route];
        let first = self.points.len();
        let (mut here, mut before, mut first_way) = (facts.start_place, None, 0);
        for stop in &planned.stops {
            let point = self.points.len();
            let (there, length, mut stretches) = match &stop.what {
                StopWhat::Break { index } => {
                    let due = facts.breaks.iter().find(|due| due.index == *index)?;
                    (here, due.length, vec![(due.from, due.to)])
                }
                StopWhat::Part { visit, part } => {
                    let part = day.parts_of[day.world.visit_position(visit)?][*part];
                    point_of_part[part] = Some(point);
                    let due = &day.parts[part];
                    (due.place, due.service, day.fits[part][route].as_ref()?.starts.clone())
                }
            };
            let is_break = matches!(stop.what, StopWhat::Break { .. });
            let way = if is_break { 0 } else { day.gap(here, there)? };
            let mut from = stop.held_until.map_or(i64::MIN, |held| held.0);
            match before {
                Some((previous, length)) => self.arcs.push((previous, point, length + way)),
                None => {
                    from = from.max(facts.from + way);
                    first_way = way;
                }
            }
            stretches.retain(|stretch| stretch.1 >= from);
            stretches.first_mut()?.0 = stretches.first()?.0.max(from);
            self.points.push(Point { shift: at, stretches });
            (here, before) = (there, Some((point, length)));
        }
        let (last, length) = before?;
        let back = self.points.len();
        let way = day.travel(here, facts.end_place)?;
        self.points.push(Point { shift: at, stretches: vec![(facts.from, facts.latest)] });
        self.arcs.push((last, back, length + way));
        Some((route, back, first, first_way))
    }

    /// The least times that keep every arc and stretch, or the greatest ones.
    fn settle(&self, latest: bool) -> Option<Vec<i64>> {
        let mut bounds: Vec<i64> = self
            .points
            .iter()
            .map(|point| match latest {
                // There is a stretch in every point.
                true => point.stretches.last().expect("a stretch").1,
                false => point.stretches[0].0,
            })
            .collect();
        loop {
            let times = self.paths(&bounds, latest)?;
            let mut settled = true;
            for (at, point) in self.points.iter().enumerate() {
                let mut stretches = point.stretches.iter();
                let within = match latest {
                    true => stretches.rfind(|(from, _)| *from <= times[at])?.1.min(times[at]),
                    false => stretches.find(|(_, to)| times[at] <= *to)?.0.max(times[at]),
                };
                settled &= within == times[at];
                bounds[at] = within;
            }
            if settled {
                return Some(times);
            }
        }
    }

    /// Longest paths from the bounds forward, or shortest ones backward. `None` when arcs go
    /// round in a circle of positive length: a deadlock.
    fn paths(&self, bounds: &[i64], latest: bool) -> Option<Vec<i64>> {
        // Seconds since a moment near by: exact in floating point.
        let origin = bounds.iter().min().copied().unwrap_or(0);
        let mut graph = DiGraph::<(), f64>::new();
        let source = graph.add_node(());
        let nodes: Vec<NodeIndex> = bounds.iter().map(|_| graph.add_node(())).collect();
        let sign = if latest { 1 } else { -1 };
        for (at, bound) in bounds.iter().enumerate() {
            graph.add_edge(source, nodes[at], (sign * (bound - origin)) as f64);
        }
        for &(from, to, least) in &self.arcs {
            let (tail, head) = if latest { (to, from) } else { (from, to) };
            graph.add_edge(nodes[tail], nodes[head], -least as f64);
        }
        let paths = bellman_ford(&graph, source).ok()?;
        let time = |node: &NodeIndex| origin + sign * paths.distances[node.index()] as i64;
        Some(nodes.iter().map(time).collect())
    }

    fn by_shift(&self, times: &[i64]) -> Vec<Vec<Instant>> {
        let mut shifts = vec![Vec::new(); self.shifts];
        for (point, time) in self.points.iter().zip(times) {
            shifts[point.shift].push(Instant(*time));
        }
        shifts
    }
}
