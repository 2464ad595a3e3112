//! The shortcuts that stand for every way through edges contracted earlier.

use super::turns::Turn;
use crate::roads::cost::Cost;
use crate::roads::hierarchy::{NONE, Prices, Shape, customise};

/// A hierarchy under construction: edges are numbered in the order they are contracted in.
pub struct Contracted {
    /// Who leads to whom.
    pub shape: Shape,
    /// What that costs.
    pub prices: Prices,
}

/// Contracts `count` edges with these turns between them, in rank numbers; `edge_costs` is what
/// driving each edge costs. Only shortcuts that can be driven are kept.
pub fn contract(count: usize, turns: &[Turn], edge_costs: &[u64]) -> Contracted {
    let full = full_shape(count, turns);
    let costs: Vec<u64> =
        turns.iter().map(|turn| turn.cost.0 + edge_costs[turn.to as usize]).collect();
    let mut prices =
        Prices::of(&full.view(), turns.iter().map(|turn| (turn.from, turn.to)), &costs);
    customise(&full.view(), &mut prices);
    prune(&full, &prices)
}

/// Every pair that contraction joins, both ways round, whether or not it can be driven.
fn full_shape(count: usize, turns: &[Turn]) -> Shape {
    let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); count];
    for turn in turns.iter().filter(|turn| turn.from != turn.to) {
        let (low, high) = (turn.from.min(turn.to), turn.from.max(turn.to));
        waiting[low as usize].push(high);
    }
    let mut first = vec![0_u32; count + 1];
    let mut others: Vec<u32> = Vec::with_capacity(turns.len() * 3);
    let mut parent = vec![NONE; count];
    for at in 0..count {
        let mut own = std::mem::take(&mut waiting[at]);
        own.sort();
        own.dedup();
        if let Some((&next, rest)) = own.split_first() {
            parent[at] = next;
            waiting[next as usize].extend_from_slice(rest);
        }
        others.extend_from_slice(&own);
        first[at + 1] = others.len() as u32;
    }
    Shape {
        parent,
        up_first: first.clone(),
        up_other: others.clone(),
        down_first: first,
        down_other: others,
    }
}

/// Without what cannot be driven.
fn prune(full: &Shape, prices: &Prices) -> Contracted {
    let side = |first: &[u32], others: &[u32], costs: &[u64], via: &[u32]| {
        let mut kept = (vec![0_u32; first.len()], Vec::new(), Vec::new(), Vec::new());
        for at in 0..first.len() - 1 {
            for arc in first[at] as usize..first[at + 1] as usize {
                if !Cost(costs[arc]).is_far() {
                    kept.1.push(others[arc]);
                    kept.2.push(costs[arc]);
                    kept.3.push(via[arc]);
                }
            }
            kept.0[at + 1] = kept.1.len() as u32;
        }
        kept
    };
    let up = side(&full.up_first, &full.up_other, &prices.up_cost, &prices.up_via);
    let down = side(&full.down_first, &full.down_other, &prices.down_cost, &prices.down_via);
    Contracted {
        shape: Shape {
            parent: full.parent.clone(),
            up_first: up.0,
            up_other: up.1,
            down_first: down.0,
            down_other: down.1,
        },
        prices: Prices { up_cost: up.2, up_via: up.3, down_cost: down.2, down_via: down.3 },
    }
}
