//! Many to many: from each place climb once, then sweep down over what leads to the other places
//! (RPHAST: Delling, Goldberg & Werneck, 2011), eight places side by side.

use rayon::prelude::*;

use super::climb::{Ancestors, Arcs, Places, Start, climb};
use super::cost::Cost;
use super::hierarchy::ShapeView;

/// Places that are swept for at once, where there are so many.
const MANY: usize = 8;

/// One end of the table: for each place where the search begins or ends.
pub type Starts = Vec<Vec<Start>>;

/// One half of the hierarchy to climb, the other to sweep.
pub struct Halves<'n> {
    /// Who is whose ancestor.
    pub shape: ShapeView<'n>,
    /// Climbed from the outer places.
    pub climb: Arcs<'n>,
    /// Swept to the inner places.
    pub sweep: Arcs<'n>,
}

/// The inner places' ancestors, highest first, with their arcs in these numbers.
struct Selection {
    edges: Vec<u32>,
    first: Vec<u32>,
    arcs: Vec<(u32, u64)>,
    /// For each inner place, where it is in the selection.
    inner: Vec<Vec<u32>>,
}

/// For each outer place, a row: for each inner place and each of its edges the cost from the outer
/// place's starts to the end of that edge. `finish` makes a cell of the costs of an inner place.
pub fn rows(
    halves: &Halves<'_>,
    outer: &Starts,
    inner: &[Vec<u32>],
    finish: impl Fn(usize, usize, &[Cost]) -> Cost + Sync,
) -> Vec<Vec<Cost>> {
    match outer.len() {
        1 => rows_by::<1>(halves, outer, inner, &finish),
        _ => rows_by::<MANY>(halves, outer, inner, &finish),
    }
}

fn rows_by<const LANES: usize>(
    halves: &Halves<'_>,
    outer: &Starts,
    inner: &[Vec<u32>],
    finish: &(impl Fn(usize, usize, &[Cost]) -> Cost + Sync),
) -> Vec<Vec<Cost>> {
    let count = halves.shape.count();
    let selection = select(halves, inner, &mut Places::of(count));
    // Neighbours on the map have most ancestors in common: they share lanes.
    let mut order: Vec<usize> = (0..outer.len()).collect();
    order.sort_by_key(|&at| (outer[at].first().map(|start| start.edge), at));
    let mut rows: Vec<(usize, Vec<Cost>)> = order
        .par_chunks(LANES)
        .map_init(
            || Places::of(count),
            |places, group| {
                let starts: Starts = group.iter().map(|&at| outer[at].clone()).collect();
                let swept = sweep::<LANES>(halves, &selection, &starts, places);
                let row = |lane: usize| cells(&selection, &swept, lane, group[lane], finish);
                group.iter().enumerate().map(|(lane, &at)| (at, row(lane))).collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    rows.sort_unstable_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn cells<const LANES: usize>(
    selection: &Selection,
    swept: &[[u64; LANES]],
    lane: usize,
    outer: usize,
    finish: &impl Fn(usize, usize, &[Cost]) -> Cost,
) -> Vec<Cost> {
    let mut costs = Vec::with_capacity(2);
    let cell = |(inner, places): (usize, &Vec<u32>)| {
        costs.clear();
        costs.extend(places.iter().map(|&place| Cost(swept[place as usize][lane])));
        finish(outer, inner, &costs)
    };
    selection.inner.iter().enumerate().map(cell).collect()
}

fn select(halves: &Halves<'_>, inner: &[Vec<u32>], places: &mut Places) -> Selection {
    let ancestors = Ancestors::of(&halves.shape, inner.iter().flatten().copied(), places);
    let highest = ancestors.0.len() as u32;
    let number = |edge: u32| highest - 1 - places.get(edge);
    let edges: Vec<u32> = ancestors.0.iter().rev().copied().collect();
    let mut first = vec![0_u32; edges.len() + 1];
    let mut arcs = Vec::new();
    for (at, &edge) in edges.iter().enumerate() {
        let own = halves.sweep.of(edge as usize);
        arcs.extend(own.map(|arc| (number(halves.sweep.other[arc]), halves.sweep.cost[arc])));
        first[at + 1] = arcs.len() as u32;
    }
    let inner = inner.iter().map(|edges| edges.iter().map(|&e| number(e)).collect()).collect();
    ancestors.free(places);
    Selection { edges, first, arcs, inner }
}

/// What it costs from each lane's starts to the end of each selected edge.
fn sweep<const LANES: usize>(
    halves: &Halves<'_>,
    selection: &Selection,
    starts: &Starts,
    places: &mut Places,
) -> Vec<[u64; LANES]> {
    let edges = starts.iter().flatten().map(|start| start.edge);
    let ancestors = Ancestors::of(&halves.shape, edges, places);
    let climbed = climb::<LANES>(&halves.climb, &ancestors, places, starts);
    let mut costs: Vec<[u64; LANES]> = Vec::with_capacity(selection.edges.len());
    for (at, &edge) in selection.edges.iter().enumerate() {
        let mut here = match climbed.get(places.get(edge) as usize) {
            Some(spent) => *spent,
            None => [Cost::FAR.0; LANES],
        };
        let own = selection.first[at] as usize..selection.first[at + 1] as usize;
        for &(from, cost) in &selection.arcs[own] {
            let there = &costs[from as usize];
            for lane in 0..LANES {
                here[lane] = here[lane].min(there[lane] + cost);
            }
        }
        costs.push(here);
    }
    ancestors.free(places);
    costs
}
