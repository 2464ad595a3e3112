//! The fastest way from one place to another.

use super::Snapped;
use super::climb::{Ancestors, Arcs, Places, Start, climb};
use super::cost::Cost;
use super::hierarchy::{NONE, ShapeView};
use super::network::RoadNetwork;

/// Where a search begins, and the edge turned from to get there.
struct Begin {
    start: Start,
    before: Option<u32>,
}

/// Two climbs that have met.
struct Meeting {
    ancestors: Ancestors,
    forward: Vec<[u64; 1]>,
    backward: Vec<[u64; 1]>,
    cost: Cost,
    place: usize,
}

impl RoadNetwork {
    /// What the fastest way costs.
    pub(super) fn cost_between(&self, from: &Snapped, to: &Snapped) -> Cost {
        self.with_places(|places| {
            let (begins, ends) = (self.begins(from, to), self.feet(to));
            let meeting = self.meet(&begins, &ends, places);
            meeting.ancestors.free(places);
            meeting.cost.min(self.straight_on(from, to).0)
        })
    }

    /// The fastest way: its cost and its edges, of which the first and the last are driven in part.
    pub(super) fn way_between(&self, from: &Snapped, to: &Snapped) -> Option<(Cost, Vec<u32>)> {
        self.with_places(|places| {
            let (begins, ends) = (self.begins(from, to), self.feet(to));
            let meeting = self.meet(&begins, &ends, places);
            let (straight, edge) = self.straight_on(from, to);
            let way = if straight <= meeting.cost {
                (!straight.is_far()).then(|| (straight, vec![edge]))
            } else {
                let up = self.up();
                let starts: Vec<Start> = begins.iter().map(|begin| begin.start).collect();
                let climbed = trace(&up, &meeting, &meeting.forward, &starts, places);
                let first = climbed.last().copied().unwrap_or(NONE);
                let begun = meeting.forward[places.get(first) as usize][0];
                let before = begins
                    .iter()
                    .find(|begin| begin.start.edge == first && begin.start.cost.0 == begun)
                    .and_then(|begin| begin.before);
                let ends = bias(&ends).1;
                let down = trace(&self.down(), &meeting, &meeting.backward, &ends, places);
                let mut stops: Vec<u32> = climbed.into_iter().rev().collect();
                stops.extend(down.into_iter().skip(1));
                Some((meeting.cost, self.unpack(before, &stops)))
            };
            meeting.ancestors.free(places);
            way
        })
    }

    /// Runs a search with memory that another has done with.
    fn with_places<T>(&self, search: impl FnOnce(&mut Places) -> T) -> T {
        let pool = || self.places.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let idle = pool().pop();
        let mut places = idle.unwrap_or_else(|| Places::of(self.hierarchy().count()));
        let found = search(&mut places);
        pool().push(places);
        found
    }

    /// On one and the same segment the way may lead round a block and back: it begins with a turn.
    fn begins(&self, from: &Snapped, to: &Snapped) -> Vec<Begin> {
        let feet = self.feet(from);
        if from.segment != to.segment {
            return feet.into_iter().map(|start| Begin { start, before: None }).collect();
        }
        let mut begins = Vec::new();
        for foot in feet {
            for (edge, cost) in self.turns_from(foot.edge) {
                let start = Start { edge, cost: foot.cost.and(Cost(cost)) };
                begins.push(Begin { start, before: Some(foot.edge) });
            }
        }
        begins
    }

    /// Along one edge, without leaving it.
    fn straight_on(&self, from: &Snapped, to: &Snapped) -> (Cost, u32) {
        let mut best = (Cost::FAR, NONE);
        if from.segment == to.segment {
            for (one, other) in self.feet(from).into_iter().zip(self.feet(to)) {
                if one.cost.holds(other.cost) && self.is_ahead(one.edge, from, to) {
                    best = best.min((one.cost.without(other.cost), one.edge));
                }
            }
        }
        best
    }

    fn is_ahead(&self, edge: u32, from: &Snapped, to: &Snapped) -> bool {
        if self.segment_of(edge).1 { from.share >= to.share } else { from.share <= to.share }
    }

    fn meet(&self, begins: &[Begin], ends: &[Start], places: &mut Places) -> Meeting {
        let shape = self.hierarchy();
        let starts: Vec<Start> = begins.iter().map(|begin| begin.start).collect();
        let (bias, ends) = bias(ends);
        let edges = starts.iter().chain(&ends).map(|start| start.edge);
        let ancestors = Ancestors::of(&shape, edges, places);
        let forward = climb::<1>(&self.up(), &ancestors, places, &[starts]);
        let backward = climb::<1>(&self.down(), &ancestors, places, &[ends]);
        let sums = forward.iter().zip(&backward).map(|(one, other)| one[0] + other[0]);
        let (sum, place) = sums.zip(0..).min().unwrap_or((u64::MAX, 0));
        let far = Cost(sum).is_far();
        let cost = if far { Cost::FAR } else { Cost(sum).without(bias) };
        Meeting { ancestors, forward, backward, cost, place }
    }

    /// Every edge of a way given by the edges where its shortcuts begin and end.
    fn unpack(&self, before: Option<u32>, stops: &[u32]) -> Vec<u32> {
        let shape = self.hierarchy();
        let mut edges: Vec<u32> = before.into_iter().collect();
        edges.extend(stops.first());
        for pair in stops.windows(2) {
            let mut open = vec![(pair[0], pair[1])];
            while let Some((from, to)) = open.pop() {
                match self.via(&shape, from, to) {
                    Some(via) => open.extend([(via, to), (from, via)]),
                    None => edges.push(to),
                }
            }
        }
        edges
    }

    /// The lowest edge of the shortcut between two edges; `None` when it is a turn.
    fn via(&self, shape: &ShapeView<'_>, from: u32, to: u32) -> Option<u32> {
        let (up, at) = shape.arc(from, to)?;
        let [ups, downs] = self.vias();
        let via = if up { ups[at] } else { downs[at] };
        (via != NONE).then_some(via)
    }
}

/// What is left of an edge counts as spent already when one searches backwards. So that no search
/// begins with less than nothing, all begin with the most that is left of any.
pub(super) fn bias(ends: &[Start]) -> (Cost, Vec<Start>) {
    let bias = ends.iter().fold(Cost::NONE, |most, end| most.most_of_each(end.cost));
    let begin = |end: &Start| Start { edge: end.edge, cost: bias.without(end.cost) };
    (bias, ends.iter().map(begin).collect())
}

/// The edges climbed over, from the meeting back to where it began.
fn trace(
    arcs: &Arcs<'_>,
    meeting: &Meeting,
    spent: &[[u64; 1]],
    starts: &[Start],
    places: &Places,
) -> Vec<u32> {
    let mut place = meeting.place;
    let mut edges = Vec::new();
    loop {
        let edge = meeting.ancestors.0[place];
        edges.push(edge);
        let here = spent[place][0];
        if starts.iter().any(|start| start.edge == edge && start.cost.0 == here) {
            return edges;
        }
        let below = (0..place).find(|&low| {
            let own = arcs.of(meeting.ancestors.0[low] as usize);
            let others = &arcs.other[own.clone()];
            spent[low][0] < here
                && others
                    .binary_search(&edge)
                    .is_ok_and(|at| spent[low][0] + arcs.cost[own.start + at] == here)
        });
        match below {
            Some(low) => place = low,
            None => return edges,
        }
        debug_assert_eq!(places.get(meeting.ancestors.0[place]), place as u32);
    }
}
