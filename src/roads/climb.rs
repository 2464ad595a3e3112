//! From some edges up to all their ancestors: the half of every search.

use super::cost::Cost;
use super::hierarchy::{NONE, ShapeView};

/// The arcs that one half of a search goes along: of each edge, those to higher edges.
#[derive(Clone, Copy)]
pub struct Arcs<'n> {
    /// Where each edge's list begins.
    pub first: &'n [u32],
    /// The higher edges.
    pub other: &'n [u32],
    /// What going there costs.
    pub cost: &'n [u64],
}

impl Arcs<'_> {
    /// The arcs of an edge.
    pub fn of(&self, edge: usize) -> std::ops::Range<usize> {
        self.first[edge] as usize..self.first[edge + 1] as usize
    }
}

/// Memory that searches use again: for every edge its place in the search under way.
pub struct Places(Vec<u32>);

impl Places {
    /// For a network of this many edges.
    pub fn of(count: usize) -> Places {
        Places(vec![NONE; count])
    }

    /// The place of an edge in the search under way, or [`NONE`].
    pub fn get(&self, edge: u32) -> u32 {
        self.0[edge as usize]
    }
}

/// Some edges and all their ancestors, lowest first, numbered in `places` until they are freed.
pub struct Ancestors(pub Vec<u32>);

impl Ancestors {
    /// Of these edges.
    pub fn of(
        shape: &ShapeView<'_>,
        edges: impl Iterator<Item = u32>,
        places: &mut Places,
    ) -> Ancestors {
        let mut all = Vec::new();
        for edge in edges {
            let mut at = edge;
            while at != NONE && places.0[at as usize] == NONE {
                places.0[at as usize] = 0;
                all.push(at);
                at = shape.parent[at as usize];
            }
        }
        all.sort_unstable();
        all.iter().enumerate().for_each(|(place, &edge)| places.0[edge as usize] = place as u32);
        Ancestors(all)
    }

    /// Takes their numbers away, so that the memory can be used again.
    pub fn free(&self, places: &mut Places) {
        self.0.iter().for_each(|&edge| places.0[edge as usize] = NONE);
    }
}

/// Where a search begins: an edge, and what has been spent when it is driven to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// The edge.
    pub edge: u32,
    /// What has been spent.
    pub cost: Cost,
}

/// What it costs to get from the starts of each lane to each ancestor by arcs up alone. Lanes are
/// searches side by side: they share the walk over the arcs.
pub fn climb<const LANES: usize>(
    arcs: &Arcs<'_>,
    ancestors: &Ancestors,
    places: &Places,
    starts: &[Vec<Start>],
) -> Vec<[u64; LANES]> {
    let mut spent = vec![[Cost::FAR.0; LANES]; ancestors.0.len()];
    for (lane, starts) in starts.iter().enumerate() {
        for start in starts {
            let slot = &mut spent[places.get(start.edge) as usize][lane];
            *slot = (*slot).min(start.cost.0);
        }
    }
    for (place, &edge) in ancestors.0.iter().enumerate() {
        let here = spent[place];
        for arc in arcs.of(edge as usize) {
            let there = &mut spent[places.get(arcs.other[arc]) as usize];
            let cost = arcs.cost[arc];
            for lane in 0..LANES {
                there[lane] = there[lane].min(here[lane] + cost);
            }
        }
    }
    spent
}
