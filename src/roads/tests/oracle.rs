//! The fastest ways without any hierarchy: Dijkstra over edges and turns.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::roads::cost::Cost;
use crate::roads::{RoadNetwork, Snapped};

/// What it costs from one place to each of the others.
pub fn costs_from(network: &RoadNetwork, from: &Snapped, to: &[Snapped]) -> Vec<Cost> {
    let spent = spent(network, from);
    to.iter().map(|place| cost_to(network, from, place, &spent)).collect()
}

fn cost_to(network: &RoadNetwork, from: &Snapped, to: &Snapped, spent: &[u64]) -> Cost {
    let by_turns = network
        .feet(to)
        .into_iter()
        .filter(|foot| spent[foot.edge as usize] != u64::MAX)
        .map(|foot| Cost(spent[foot.edge as usize] - foot.cost.0));
    let ahead = |edge: u32| {
        let (_, against) = network.segment_of(edge);
        if against { to.share <= from.share } else { from.share <= to.share }
    };
    let feet = network.feet(from).into_iter().filter(|_| from.segment == to.segment);
    let straight =
        feet.zip(network.feet(to)).filter(|(one, _)| ahead(one.edge)).map(|(one, other)| {
            assert_eq!(one.edge, other.edge, "feet of one segment are its edges in order");
            Cost(one.cost.0 - other.cost.0)
        });
    by_turns.chain(straight).min().unwrap_or(Cost::FAR)
}

/// What has been spent at the end of each edge when one got there by a turn.
fn spent(network: &RoadNetwork, from: &Snapped) -> Vec<u64> {
    let mut spent = vec![u64::MAX; network.hierarchy().count()];
    let mut open = BinaryHeap::new();
    let mut reach = |edge: u32, cost: u64, open: &mut BinaryHeap<Reverse<(u64, u32)>>| {
        if cost < spent[edge as usize] {
            spent[edge as usize] = cost;
            open.push(Reverse((cost, edge)));
        }
    };
    for foot in network.feet(from) {
        for (edge, cost) in network.turns_from(foot.edge) {
            reach(edge, foot.cost.0 + cost, &mut open);
        }
    }
    let mut settled = vec![false; network.hierarchy().count()];
    while let Some(Reverse((cost, edge))) = open.pop() {
        if std::mem::replace(&mut settled[edge as usize], true) {
            continue;
        }
        for (next, more) in network.turns_from(edge) {
            reach(next, cost + more, &mut open);
        }
    }
    spent
}
