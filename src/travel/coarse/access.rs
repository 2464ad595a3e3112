//! From a place to the network and back.

use std::cell::OnceCell;

use super::cost::Cost;
use super::globe::Position;
use super::local::{at_least_milliseconds, local};
use super::network::Network;
use super::waters::{Island, Shore};
use crate::domain::Point;

/// Further than this from every node, a place is outside the network.
const OUTSIDE_KM: f64 = 25.0;

/// A place, and the nodes by which the network is entered from it.
pub(super) struct Stop<'a> {
    pub(super) point: Point,
    at: Position,
    island: Island,
    network: &'a Network,
    shore: OnceCell<Shore>,
    /// Nodes that are reached no faster through another of them.
    doors: Vec<(usize, Cost)>,
}

impl<'a> Stop<'a> {
    pub(super) fn of(point: Point, network: &'a Network) -> Stop<'a> {
        let at = Position::of(point);
        let mut stop = Stop {
            point,
            at,
            island: network.waters.island(&at),
            network,
            shore: OnceCell::new(),
            doors: Vec::new(),
        };
        stop.doors = stop.find_doors();
        stop
    }

    /// No node within reach?
    pub(super) fn is_outside(&self) -> bool {
        self.doors.is_empty()
    }

    fn find_doors(&self) -> Vec<(usize, Cost)> {
        let nodes = &self.network.nodes;
        let mut near: Vec<(f64, usize)> = nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.island == self.island)
            .map(|(index, node)| (self.at.chord_km(&node.at), index))
            .collect();
        let by_distance =
            |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        let Some(&nearest) = near.iter().min_by(|a, b| by_distance(a, b)) else {
            return Vec::new();
        };
        if nearest.0 > OUTSIDE_KM {
            return Vec::new();
        }
        let first = local(self.way_to_node_km(nearest.1));
        let row = self.network.row(nearest.1);
        near.retain(|&(km, node)| {
            let through_nearest = first.and(row[node]);
            node == nearest.1
                || at_least_milliseconds(km) <= through_nearest.milliseconds()
                    && local(km) < through_nearest
        });
        near.sort_by(by_distance);
        let mut doors = Vec::new();
        for (km, node) in near {
            if local(km) < self.through(&doors, node) {
                let cost = local(self.way_to_node_km(node));
                if cost < self.through(&doors, node) {
                    doors.push((node, cost));
                }
            }
        }
        let all = doors.clone();
        doors.retain(|&(node, cost)| {
            all.iter().all(|&(other, there)| {
                other == node || cost < there.and(self.network.row(other)[node])
            })
        });
        doors
    }

    /// The fastest to a node by these doors.
    fn through(&self, doors: &[(usize, Cost)], node: usize) -> Cost {
        let ways = doors.iter().map(|&(door, cost)| cost.and(self.network.row(door)[node]));
        ways.min().unwrap_or(Cost::NO_WAY)
    }

    fn shore(&self) -> &Shore {
        self.shore.get_or_init(|| self.network.waters.shore(&self.at))
    }

    fn way_to_node_km(&self, node: usize) -> f64 {
        let (node, waters) = (&self.network.nodes[node], &self.network.waters);
        if waters.cross(&self.at, &node.at) {
            waters.way_round_km(self.shore(), &node.shore)
        } else {
            self.at.km(&node.at)
        }
    }

    /// The fastest to every node.
    pub(super) fn reach(&self) -> Vec<Cost> {
        let mut reached = vec![Cost::NO_WAY; self.network.nodes.len()];
        for &(door, cost) in &self.doors {
            for (best, &way) in reached.iter_mut().zip(self.network.row(door)) {
                *best = cost.and(way).min(*best);
            }
        }
        reached
    }

    /// The fastest to another place, given the fastest to every node.
    pub(super) fn to(&self, other: &Stop<'_>, reached: &[Cost]) -> Cost {
        let ways = other.doors.iter().map(|&(door, cost)| reached[door].and(cost));
        let by_network = ways.min().unwrap_or(Cost::NO_WAY);
        let chord = self.at.chord_km(&other.at);
        if at_least_milliseconds(chord) > by_network.milliseconds()
            || local(chord) > by_network
            || self.island != other.island
        {
            return by_network;
        }
        let waters = &self.network.waters;
        let km = if waters.cross(&self.at, &other.at) {
            waters.way_round_km(self.shore(), other.shore())
        } else {
            self.at.km(&other.at)
        };
        by_network.min(local(km))
    }
}
