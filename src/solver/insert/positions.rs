//! Where each part of a visit fits by itself: the best positions, or every one that can matter.

use rand_pcg::Pcg64Mcg;

use super::{Effort, Inserter};
use crate::solver::judge::Position;
use crate::solver::problem::VisitSpec;
use crate::solver::push::Push;
use crate::solver::state::State;

/// Positions kept per part of a visit of two, in everyday search.
const KEPT_PER_PART: usize = 10;
/// Positions kept per part of a visit of two before it is asked whether others can matter, when
/// every pair counts.
const KEPT_AT_FIRST: usize = 10;

/// The same where whole routes have prices.
const KEPT_BY_ROUTE: usize = 16;

impl Inserter {
    pub(super) fn look_for_two(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        if state.problem.route_prices.is_some() {
            let kept = if effort.exhaustive { usize::MAX } else { KEPT_BY_ROUTE };
            self.gather(state, spec, effort, random, kept);
            if spec.same_crew_allowed {
                self.take_pairs_by_one_crew(state, spec);
            }
            self.take_pairs_by_route(state, spec, effort.exhaustive);
            return;
        }
        if effort.exhaustive {
            return self.look_at_all_pairs(state, spec, effort, random);
        }
        let kept = if state.is_one_slot { KEPT_PER_PART } else { usize::MAX };
        self.gather(state, spec, effort, random, kept);
        if spec.same_crew_allowed {
            self.take_pairs_by_one_crew(state, spec);
        }
        self.take_pairs(state, spec, false);
        let is_cut = self.positions[..2].iter().any(|list| list.len() == kept);
        if !self.found && is_cut && !self.is_too_dear() {
            self.gather(state, spec, effort, random, usize::MAX);
            self.take_pairs(state, spec, false);
        }
    }

    /// Judges every position of both parts and pairs the best of them; then whatever else could
    /// still be part of a better pair.
    fn look_at_all_pairs(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        // No position that was not kept has a lesser bound.
        let mut left_out = [i64::MAX; 2];
        for (index, left_out) in left_out.iter_mut().enumerate() {
            let part = spec.parts.start + index as u32;
            let mut positions = std::mem::take(&mut self.positions[index]);
            let mut judged = std::mem::take(&mut self.judged[index]);
            positions.clear();
            judged.clear();
            let mut least = i64::MAX;
            self.walk(state, part, effort, random, i64::MAX, |_, position| {
                least = least.min(position.price);
                judged.push(position);
                keep_best(&mut positions, position, KEPT_AT_FIRST);
                i64::MAX
            });
            if positions.len() == KEPT_AT_FIRST {
                *left_out = positions[KEPT_AT_FIRST - 1].bound;
            }
            self.positions[index] = positions;
            self.judged[index] = judged;
            self.least[index] = least;
        }
        if spec.same_crew_allowed {
            self.take_pairs_by_one_crew(state, spec);
        }
        self.take_pairs(state, spec, true);
        // A pair costs no less than the bound of the one and the price of the other.
        let limits = [1, 0].map(|other| self.limit().saturating_sub(self.least[other]));
        if (0..2).any(|index| left_out[index] < limits[index]) {
            for (index, limit) in limits.into_iter().enumerate() {
                let part = spec.parts.start + index as u32;
                let mut positions = std::mem::take(&mut self.positions[index]);
                positions.clear();
                let judged = self.judged[index].iter();
                positions.extend(judged.filter(|position| position.bound < limit));
                raise_bounds(state, part, &mut positions, limit);
                self.positions[index] = positions;
            }
            self.take_pairs(state, spec, true);
        }
    }

    pub(super) fn look_for_many(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        self.gather(state, spec, effort, random, usize::MAX);
        self.take_combination(state, spec, effort);
    }

    /// The positions where each part fits by itself: the `kept` best of each, best first.
    fn gather(
        &mut self,
        state: &State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
        kept: usize,
    ) {
        for (index, part) in spec.parts.clone().enumerate() {
            let mut positions = std::mem::take(&mut self.positions[index]);
            positions.clear();
            let ceiling = self.ceiling;
            self.walk(state, part, effort, random, ceiling, |_, position| {
                if kept == usize::MAX {
                    positions.push(position);
                    return ceiling;
                }
                keep_best(&mut positions, position, kept).min(ceiling)
            });
            self.positions[index] = positions;
        }
    }
}

/// What each position pushes by itself, at its earliest start, it pushes in every pair: adds that
/// to the bounds, and drops positions whose bound reaches the limit.
fn raise_bounds(state: &mut State<'_>, part: u32, positions: &mut Vec<Position>, limit: i64) {
    positions.retain_mut(|position| {
        if position.early > position.roof {
            let push = Push { part, prev: position.prev, start: position.early };
            let (pushed, _) = state.push_price(&[push], limit.saturating_sub(position.price));
            position.bound = position.bound.max(position.price + pushed);
        }
        position.bound < limit
    });
}

/// Keeps the `kept` positions of least bound, least first; says from which bound on others are of
/// no use.
#[inline]
fn keep_best(positions: &mut Vec<Position>, position: Position, kept: usize) -> i64 {
    if positions.len() == kept {
        if position.bound >= positions[kept - 1].bound {
            return positions[kept - 1].bound;
        }
        positions.pop();
    }
    let at = positions.partition_point(|other| other.bound <= position.bound);
    positions.insert(at, position);
    if positions.len() == kept { positions[kept - 1].bound } else { i64::MAX }
}
