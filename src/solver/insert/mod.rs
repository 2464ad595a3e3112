//! The best place for a visit, all its parts at once.
//!
//! `positions` gathers where each part fits by itself, `combination` puts positions of all parts
//! together, `put` does what was judged.

mod combination;
mod positions;
mod put;

use std::sync::Arc;

use rand_pcg::Pcg64Mcg;

use super::judge::{Placement, Position};
use super::near::Nearby;
use super::options::Options;
use super::problem::VisitSpec;
use super::push::Push;
use super::state::State;
use super::walk::Walker;
use super::whole_routes::Trial;

/// Combinations of positions tried per visit before the best so far is taken, in everyday search.
pub(super) const COMBINATIONS_MAX: u32 = 3_000;
/// Rounds in which a visit's parts must settle on starts.
pub(super) const SETTLE_ROUNDS_MAX: usize = 32;

/// How to look for a place.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// One position in this many is overlooked, so that the search does not always do the obvious.
    pub blink_one_in: Option<u32>,
    /// Try every combination of positions.
    pub exhaustive: bool,
}

/// The best place found.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its price, weighted.
    pub price: i64,
    /// Where each part goes, in the order to put them in.
    pub placements: Vec<Placement>,
}

/// Finds places; keeps its memory from one visit to the next.
pub struct Inserter {
    pub(super) positions: Vec<Vec<Position>>,
    /// Every position that was judged for each part of a visit of two, when every pair counts.
    judged: [Vec<Position>; 2],
    chosen: Vec<Position>,
    starts: Vec<i32>,
    pushes: Vec<Push>,
    /// Nodes to look behind, with their routes.
    pub(super) gaps: Vec<(u32, u32)>,
    best: Place,
    second: i64,
    wants_second: bool,
    pub(super) options: Options,
    /// Per part of a visit of two, the least price of any position.
    least: [i64; 2],
    found: bool,
    pub(super) combinations: u32,
    pub(super) walker: Walker,
    /// The greatest lateness in the plan, and what a point more of it costs.
    greatest: (i64, i64),
    pub(super) trial: Trial,
    /// Places that cost this much or more are of no use; `i64::MAX` where every place is.
    pub(super) ceiling: i64,
    /// Idle time of routes above this is priced; above the greatest there is, if none is set.
    pub(super) idle_target: Option<i32>,
    /// Positions and combinations judged so far: the work done.
    pub work: u64,
}

impl Default for Inserter {
    fn default() -> Self {
        Inserter {
            positions: Vec::new(),
            judged: [Vec::new(), Vec::new()],
            chosen: Vec::new(),
            starts: Vec::new(),
            pushes: Vec::new(),
            gaps: Vec::new(),
            best: Place::default(),
            second: i64::MAX,
            wants_second: false,
            options: Options::default(),
            least: [i64::MAX; 2],
            found: false,
            combinations: 0,
            walker: Walker::default(),
            greatest: (0, 0),
            trial: Trial::default(),
            ceiling: i64::MAX,
            idle_target: None,
            work: 0,
        }
    }
}

impl Inserter {
    /// Looks only near by from now on, unless everything is to be tried or nothing is found so.
    pub fn look_near(&mut self, nearby: Arc<Nearby>) {
        self.walker.nearby = Some(nearby);
    }

    /// Is everywhere else looked at when nothing is found near by?
    pub fn fall_back(&mut self, falls_back: bool) {
        self.walker.falls_back = falls_back;
    }

    /// The best place for an absent visit, if it fits anywhere.
    pub fn best_place(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) -> Option<&Place> {
        self.wants_second = false;
        self.look(state, visit, effort, random);
        self.found.then_some(&self.best)
    }

    /// The best place for an absent visit, if it fits anywhere, and the price of the second best.
    pub fn best_two_places(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) -> Option<(&Place, i64)> {
        self.wants_second = true;
        self.look(state, visit, effort, random);
        self.found.then_some((&self.best, self.second))
    }

    fn look(&mut self, state: &mut State<'_>, visit: u32, effort: Effort, random: &mut Pcg64Mcg) {
        let problem = state.problem;
        let spec = &problem.visits[visit as usize];
        self.found = false;
        self.second = i64::MAX;
        self.combinations = 0;
        if spec.barred {
            return;
        }
        self.greatest = (0, problem.greatest_lateness);
        if problem.greatest_lateness > 0 {
            self.greatest.0 = i64::from(state.greatest_lateness());
        }
        let count = spec.parts.len();
        while self.positions.len() < count {
            self.positions.push(Vec::new());
        }
        if problem.route_prices.is_some() {
            self.note_routes(state);
        }
        self.walker.begin(effort);
        self.look_for(state, spec, effort, random);
        if !self.found && !self.is_too_dear() && self.walker.goes_further() {
            self.combinations = 0;
            self.look_for(state, spec, effort, random);
        }
    }

    fn look_for(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        match spec.parts.len() {
            1 => self.look_for_one(state, spec, effort, random),
            2 => self.look_for_two(state, spec, effort, random),
            _ => self.look_for_many(state, spec, effort, random),
        }
    }

    /// Were there places, only above the ceiling? Then there is no use in looking further.
    fn is_too_dear(&self) -> bool {
        self.ceiling < i64::MAX && self.walker.was_dear
    }

    /// What a new place must stay below to matter.
    #[inline]
    pub(super) fn limit(&self) -> i64 {
        if self.options.wanted > 0 {
            return self.options.limit();
        }
        match (self.found, self.wants_second) {
            (false, _) => self.ceiling,
            (true, true) => self.second,
            (true, false) => self.best.price,
        }
    }

    fn look_for_one(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        let part = spec.parts.start;
        let by_route = state.problem.route_prices.is_some();
        let mut pushing = std::mem::take(&mut self.positions[0]);
        pushing.clear();
        self.walk(state, part, effort, random, self.ceiling, |inserter, position| {
            if by_route && position.early <= position.roof {
                inserter.offer(position.bound, &[(part, position)]);
            } else if position.early <= position.roof {
                let price = position.price + inserter.rise(state, &[(part, position.early)], 0);
                inserter.offer(price, &[(part, position)]);
            } else {
                pushing.push(position);
            }
            inserter.limit()
        });
        for position in &pushing {
            if position.bound < self.limit() {
                self.try_places(state, position.price, &[(part, *position)], &[position.early]);
            }
        }
        self.positions[0] = pushing;
    }

    /// What the greatest lateness costs more when these parts start then and push others to
    /// `pushed`.
    #[inline]
    fn rise(&self, state: &State<'_>, parts: &[(u32, i32)], pushed: i32) -> i64 {
        let (greatest, price) = self.greatest;
        if price == 0 {
            return 0;
        }
        let problem = state.problem;
        let mut greater = i64::from(pushed);
        for &(part, start) in parts {
            let spec = &problem.parts[part as usize];
            if start > spec.due {
                let lateness = &problem.lateness[spec.lateness as usize];
                greater = greater.max(lateness.price(start - spec.due));
            }
        }
        (greater - greatest).max(0) * price
    }

    /// Follows what these places push, and offers them. `price` is what they cost without that.
    pub(super) fn try_places(
        &mut self,
        state: &mut State<'_>,
        price: i64,
        places: &[(u32, Position)],
        starts: &[i32],
    ) {
        let price = self.price_with_pushes(state, price, places, starts);
        self.offer(price, places);
    }

    /// The price of these places with all that they push.
    pub(super) fn price_with_pushes(
        &mut self,
        state: &mut State<'_>,
        mut price: i64,
        places: &[(u32, Position)],
        starts: &[i32],
    ) -> i64 {
        if let Some(prices) = &state.problem.route_prices {
            return price + self.timed_change(state, prices, places, starts);
        }
        let mut pushes = std::mem::take(&mut self.pushes);
        pushes.clear();
        let mut greatest = 0;
        for ((part, position), &start) in places.iter().zip(starts) {
            if self.greatest.1 > 0 {
                greatest = greatest.max(self.rise(state, &[(*part, start)], 0));
            }
            if start > position.roof {
                pushes.push(Push { part: *part, prev: position.prev, start });
            }
        }
        if !pushes.is_empty() {
            let limit = self.limit().saturating_sub(price + greatest);
            let (pushed, late) = state.push_price(&pushes, limit);
            price += pushed;
            greatest = greatest.max(self.rise(state, &[], late));
        }
        self.pushes = pushes;
        price + greatest
    }

    pub(super) fn offer(&mut self, price: i64, places: &[(u32, Position)]) {
        self.options.offer(price, places);
        if !self.found && price >= self.ceiling {
            self.walker.was_dear = true;
            return;
        }
        if self.found && price >= self.best.price {
            self.second = self.second.min(price);
            return;
        }
        if self.found {
            self.second = self.best.price;
        }
        self.found = true;
        self.best.price = price;
        self.best.placements.clear();
        self.best.placements.extend(places.iter().map(|(part, position)| Placement {
            part: *part,
            prev: position.prev,
            fit: position.fit,
            hold: position.hold,
        }));
    }
}
