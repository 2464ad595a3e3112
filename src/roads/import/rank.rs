//! What is kept of the streets, in the numbers of the finished network.

use super::component::largest;
use super::dissect::{Part, order};
use super::flow::Link;
use super::segment::Streets;
use super::turns::Turn;
use crate::roads::RoadsError;
use crate::roads::hierarchy::NONE;

/// The largest part within which all can be reached from all. Edges are numbered in the order they
/// are contracted in, segments as they come.
pub struct Ranked {
    /// The segments kept, by their old numbers.
    pub segments: Vec<u32>,
    /// Their edges, along and against, or [`NONE`].
    pub segment_edges: Vec<[u32; 2]>,
    /// For each edge twice its segment, plus one against it.
    pub edge_segment: Vec<u32>,
    /// What driving each edge costs.
    pub edge_costs: Vec<u64>,
    /// The turns between them, in order.
    pub turns: Vec<Turn>,
}

/// Keeps the largest part and orders it.
pub fn rank(streets: &Streets, places: &[[i64; 2]], turns: &[Turn]) -> Result<Ranked, RoadsError> {
    let kept = largest(streets.segments.len() * 2, turns);
    let is_kept = |edge: usize| kept[edge] && streets.segments[edge / 2].costs[edge % 2].is_some();
    let width =
        |segment: usize| u8::from(is_kept(segment * 2)) + u8::from(is_kept(segment * 2 + 1));
    let segments: Vec<u32> =
        (0..streets.segments.len()).filter(|&at| width(at) > 0).map(|at| at as u32).collect();
    if kept.iter().filter(|kept| **kept).count() < 2 {
        return Err(RoadsError::NoRoads);
    }
    let part = part(streets, places, &segments, width);
    let mut ranks = vec![NONE; streets.segments.len() * 2];
    let mut edge_segment = Vec::new();
    for at in order(part) {
        let old = segments[at as usize] as usize;
        for side in (0..2).filter(|side| is_kept(old * 2 + side)) {
            ranks[old * 2 + side] = edge_segment.len() as u32;
            edge_segment.push(at * 2 + side as u32);
        }
    }
    let segment_edges = segments
        .iter()
        .map(|&old| [ranks[old as usize * 2], ranks[old as usize * 2 + 1]])
        .collect();
    let edge_costs = edge_segment
        .iter()
        .map(|&edge| {
            let old = segments[edge as usize / 2] as usize;
            // Kept edges have a cost: those without are not driven.
            streets.segments[old].costs[edge as usize % 2].map_or(0, |cost| cost.0)
        })
        .collect();
    let mut turns: Vec<Turn> = turns
        .iter()
        .map(|turn| Turn {
            from: ranks[turn.from as usize],
            to: ranks[turn.to as usize],
            cost: turn.cost,
        })
        .filter(|turn| turn.from != NONE && turn.to != NONE)
        .collect();
    turns.sort_unstable_by_key(|turn| (turn.from, turn.to, turn.cost));
    turns.dedup_by_key(|turn| (turn.from, turn.to));
    Ok(Ranked { segments, segment_edges, edge_segment, edge_costs, turns })
}

/// The kept segments between the junctions that they touch.
fn part(
    streets: &Streets,
    places: &[[i64; 2]],
    segments: &[u32],
    width: impl Fn(usize) -> u8,
) -> Part {
    let mut numbers = vec![NONE; streets.junctions.len()];
    let mut part = Part { places: Vec::new(), links: Vec::new() };
    for (at, &old) in segments.iter().enumerate() {
        let [one, other] = streets.segments[old as usize].ends.map(|junction| {
            let number = &mut numbers[junction as usize];
            if *number == NONE {
                *number = part.places.len() as u32;
                part.places.push(places[junction as usize]);
            }
            *number
        });
        let (segment, width) = (at as u32, width(old as usize));
        part.links.push(Link { one, other, segment, width });
    }
    part
}
