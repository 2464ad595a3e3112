//! The network: the fastest way from node to node.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::OnceLock;

use super::cost::Cost;
use super::globe::Position;
use super::local::local;
use super::table::Table;
use super::waters::{Island, Shore, Waters};

/// Nodes, what leads from one to the next, and the land between them.
pub(super) struct Network {
    pub(super) waters: Waters,
    pub(super) nodes: Vec<Node>,
    /// Where each node's neighbours begin, and where the last one's end.
    first: Vec<usize>,
    neighbours: Vec<(u16, Cost)>,
    /// From one node to all, worked out when first asked for.
    rows: Vec<OnceLock<Box<[Cost]>>>,
}

pub(super) struct Node {
    pub(super) at: Position,
    pub(super) island: Island,
    pub(super) shore: Shore,
}

/// Nodes closer than this are joined straight where the roads that we know are slower: they are not
/// all the roads there are.
const JOINED_WITHIN_KM: f64 = 28.0;

impl Network {
    pub(super) fn new(table: Table) -> Network {
        let waters = table.waters;
        let nodes: Vec<Node> = table
            .nodes
            .iter()
            .map(|&point| {
                let at = Position::of(point);
                Node { island: waters.island(&at), shore: waters.shore(&at), at }
            })
            .collect();
        let mut network = Network {
            waters,
            rows: nodes.iter().map(|_| OnceLock::new()).collect(),
            nodes,
            first: Vec::new(),
            neighbours: Vec::new(),
        };
        network.set_edges(&table.edges);
        let joined = network.straight_joins();
        network.set_edges(&[table.edges, joined].concat());
        network
    }

    fn set_edges(&mut self, edges: &[(u16, u16, Cost)]) {
        let mut arcs: Vec<(u16, u16, Cost)> = edges.to_vec();
        arcs.extend(edges.iter().map(|&(a, b, cost)| (b, a, cost)));
        arcs.sort_unstable();
        let before = |node: usize| arcs.partition_point(|arc| usize::from(arc.0) < node);
        self.first = (0..=self.nodes.len()).map(before).collect();
        self.neighbours = arcs.iter().map(|&(_, to, cost)| (to, cost)).collect();
    }

    /// Pairs of nodes that are nearer each other by local roads than by the edges.
    fn straight_joins(&self) -> Vec<(u16, u16, Cost)> {
        let limit = local(JOINED_WITHIN_KM);
        let mut joins = Vec::new();
        for (from, a) in self.nodes.iter().enumerate() {
            let by_edges = self.reach(from, limit);
            for (to, b) in self.nodes.iter().enumerate().skip(from + 1) {
                if a.island != b.island || a.at.chord_km(&b.at) > JOINED_WITHIN_KM {
                    continue;
                }
                if local(a.at.chord_km(&b.at)) >= by_edges[to] {
                    continue;
                }
                let straight = local(self.way_km(a, b));
                if straight < by_edges[to] {
                    // The table has fewer nodes than a u16 can number.
                    joins.push((from as u16, to as u16, straight));
                }
            }
        }
        joins
    }

    /// By local roads, round water.
    pub(super) fn way_km(&self, a: &Node, b: &Node) -> f64 {
        if self.waters.cross(&a.at, &b.at) {
            self.waters.way_round_km(&a.shore, &b.shore)
        } else {
            a.at.km(&b.at)
        }
    }

    /// The fastest ways from one node to all.
    pub(super) fn row(&self, from: usize) -> &[Cost] {
        self.rows[from].get_or_init(|| self.reach(from, Cost::NO_WAY).into_boxed_slice())
    }

    /// Dijkstra, no further than the limit.
    fn reach(&self, from: usize, limit: Cost) -> Vec<Cost> {
        let mut best = vec![Cost::NO_WAY; self.nodes.len()];
        let mut queue = BinaryHeap::from([Reverse((Cost::NOTHING, from))]);
        best[from] = Cost::NOTHING;
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > best[node] {
                continue;
            }
            for &(next, step) in &self.neighbours[self.first[node]..self.first[node + 1]] {
                let (next, there) = (usize::from(next), cost.and(step));
                if there < best[next] && there <= limit {
                    best[next] = there;
                    queue.push(Reverse((there, next)));
                }
            }
        }
        best
    }
}
