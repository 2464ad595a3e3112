//! The contracted network, and what its shortcuts cost (customisable contraction hierarchies:
//! Dibbelt, Strasser & Wagner, 2016).
//!
//! Edges are numbered by rank: the first contracted is 0. An arc from a lower to a higher edge lies
//! on the lower one's `up` list; one from a higher to a lower edge on the lower one's `down` list,
//! so that both lists of an edge name higher ones. Every shortest way climbs along `up` and then
//! descends along `down`, and meets only ancestors: `parent` and its parents.

/// No edge.
pub const NONE: u32 = u32::MAX;

use super::cost::Cost;

/// Who leads to whom; owned.
pub struct Shape {
    /// The next edge up, or [`NONE`].
    pub parent: Vec<u32>,
    /// Where each edge's `up` list begins.
    pub up_first: Vec<u32>,
    /// Heads of arcs up, ascending.
    pub up_other: Vec<u32>,
    /// Where each edge's `down` list begins.
    pub down_first: Vec<u32>,
    /// Tails of arcs down to this edge, ascending.
    pub down_other: Vec<u32>,
}

/// Who leads to whom; borrowed.
#[derive(Clone, Copy)]
pub struct ShapeView<'n> {
    /// See [`Shape`].
    pub parent: &'n [u32],
    /// See [`Shape`].
    pub up_first: &'n [u32],
    /// See [`Shape`].
    pub up_other: &'n [u32],
    /// See [`Shape`].
    pub down_first: &'n [u32],
    /// See [`Shape`].
    pub down_other: &'n [u32],
}

impl Shape {
    /// Borrowed.
    pub fn view(&self) -> ShapeView<'_> {
        ShapeView {
            parent: &self.parent,
            up_first: &self.up_first,
            up_other: &self.up_other,
            down_first: &self.down_first,
            down_other: &self.down_other,
        }
    }
}

impl ShapeView<'_> {
    /// How many edges there are.
    pub fn count(&self) -> usize {
        self.parent.len()
    }

    /// The arcs up from an edge.
    pub fn up(&self, edge: usize) -> std::ops::Range<usize> {
        self.up_first[edge] as usize..self.up_first[edge + 1] as usize
    }

    /// The arcs down to an edge.
    pub fn down(&self, edge: usize) -> std::ops::Range<usize> {
        self.down_first[edge] as usize..self.down_first[edge + 1] as usize
    }

    /// Where the arc from one edge to another stands: in `up` (`true`) or in `down`.
    pub fn arc(&self, from: u32, to: u32) -> Option<(bool, usize)> {
        let up = from < to;
        let (range, others, other) = if up {
            (self.up(from as usize), self.up_other, to)
        } else {
            (self.down(to as usize), self.down_other, from)
        };
        let at = others[range.clone()].binary_search(&other).ok()?;
        Some((up, range.start + at))
    }
}

/// What the arcs cost, and the lowest edge on the way of each shortcut ([`NONE`]: it is a turn).
pub struct Prices {
    /// Of arcs up.
    pub up_cost: Vec<u64>,
    /// Of arcs up.
    pub up_via: Vec<u32>,
    /// Of arcs down.
    pub down_cost: Vec<u64>,
    /// Of arcs down.
    pub down_via: Vec<u32>,
}

impl Prices {
    /// Of the turns alone, before any shortcut: `turns` are from and to, each with its cost, that
    /// of the edge turned into included.
    pub fn of(
        view: &ShapeView<'_>,
        turns: impl Iterator<Item = (u32, u32)>,
        costs: &[u64],
    ) -> Prices {
        let mut prices = Prices {
            up_cost: vec![Cost::FAR.0; view.up_other.len()],
            up_via: vec![NONE; view.up_other.len()],
            down_cost: vec![Cost::FAR.0; view.down_other.len()],
            down_via: vec![NONE; view.down_other.len()],
        };
        for ((from, to), cost) in turns.zip(costs) {
            // A turn from an edge into itself is never part of a shortest way between two edges.
            if let Some((up, at)) = view.arc(from, to) {
                let costs = if up { &mut prices.up_cost } else { &mut prices.down_cost };
                costs[at] = costs[at].min(*cost);
            }
        }
        prices
    }
}

/// Prices every shortcut: the cheapest way over lower edges, each pair of arcs over a common lower
/// edge looked at once, from the lowest up.
pub fn customise(shape: &ShapeView<'_>, prices: &mut Prices) {
    let count = shape.count();
    let below_up = Below::of(count, shape.up_first, shape.up_other);
    let below_down = Below::of(count, shape.down_first, shape.down_other);
    let mut place = vec![0_u32; count];
    for edge in 0..count {
        for at in shape.up(edge) {
            place[shape.up_other[at] as usize] = at as u32;
        }
        for &(low, leg) in below_down.of_edge(edge) {
            let first = prices.down_cost[leg as usize];
            if first >= Cost::FAR.0 {
                continue;
            }
            for at in shape.up(low as usize).rev() {
                let other = shape.up_other[at];
                if other as usize <= edge {
                    break;
                }
                let arc = place[other as usize] as usize;
                let cost = first + prices.up_cost[at];
                if cost < prices.up_cost[arc] {
                    prices.up_cost[arc] = cost;
                    prices.up_via[arc] = low;
                }
            }
        }
        for at in shape.down(edge) {
            place[shape.down_other[at] as usize] = at as u32;
        }
        for &(low, leg) in below_up.of_edge(edge) {
            let last = prices.up_cost[leg as usize];
            if last >= Cost::FAR.0 {
                continue;
            }
            for at in shape.down(low as usize).rev() {
                let other = shape.down_other[at];
                if other as usize <= edge {
                    break;
                }
                let arc = place[other as usize] as usize;
                let cost = prices.down_cost[at] + last;
                if cost < prices.down_cost[arc] {
                    prices.down_cost[arc] = cost;
                    prices.down_via[arc] = low;
                }
            }
        }
    }
}

/// For each edge the lower ones that name it, with the place of the arc.
struct Below {
    first: Vec<u32>,
    arcs: Vec<(u32, u32)>,
}

impl Below {
    fn of(count: usize, firsts: &[u32], others: &[u32]) -> Below {
        let mut first = vec![0_u32; count + 1];
        others.iter().for_each(|&other| first[other as usize + 1] += 1);
        (0..count).for_each(|at| first[at + 1] += first[at]);
        let mut next = first.clone();
        let mut arcs = vec![(0, 0); others.len()];
        for low in 0..count {
            for arc in firsts[low]..firsts[low + 1] {
                let slot = &mut next[others[arc as usize] as usize];
                arcs[*slot as usize] = (low as u32, arc);
                *slot += 1;
            }
        }
        Below { first, arcs }
    }

    fn of_edge(&self, edge: usize) -> &[(u32, u32)] {
        &self.arcs[self.first[edge] as usize..self.first[edge + 1] as usize]
    }
}
