//! Every assignment, every order, every position of the breaks: the least price there is.
//!
//! Visits are put in one after the other, at every combination of positions, so each arrangement
//! comes up once. What cannot be kept even by the starts of [`Arrangement::bound`] stays so when
//! more is put in (travel keeps the triangle inequality), and no price of a bound falls.

use rond::domain::TIERS;

use super::arrangement::{Arrangement, Halt};
use super::day::Day;

/// The best arrangement and its price.
pub struct Best {
    /// What it costs, tier by tier.
    pub score: [i64; TIERS],
    /// Where everything is.
    pub arrangement: Arrangement,
    /// How many arrangements were timed.
    pub timed: u64,
}

/// The best arrangement of all. `None` when more than `timed_max` would have to be timed.
pub fn best_by_brute_force(day: &Day, timed_max: u64) -> Option<Best> {
    let mut order: Vec<usize> = (0..day.parts_of.len()).collect();
    // What is dearest to leave out comes first, then what has most parts.
    order.sort_by_key(|&visit| {
        let (tier, points) = day.price_of_leaving_out(visit);
        (tier, -points, -(day.parts_of[visit].len() as i64), visit)
    });
    let empty = Arrangement::empty(day);
    let mut search = Search {
        day,
        order,
        decided: vec![false; day.parts_of.len()],
        best: Best { score: [i64::MAX; TIERS], arrangement: empty.clone(), timed: 0 },
        timed_max,
    };
    search.decide(0, empty);
    (search.best.timed <= timed_max).then_some(search.best)
}

struct Search<'d> {
    day: &'d Day<'d>,
    order: Vec<usize>,
    decided: Vec<bool>,
    best: Best,
    timed_max: u64,
}

impl Search<'_> {
    /// Tries everything for the visits from position `at` of the order on.
    fn decide(&mut self, at: usize, arrangement: Arrangement) {
        self.best.timed += 1;
        if self.best.timed > self.timed_max {
            return;
        }
        if at == self.order.len() {
            let Some(timing) = arrangement.earliest(self.day) else { return };
            let score = arrangement.price(self.day, &timing, None);
            if score < self.best.score {
                self.best.score = score;
                self.best.arrangement = arrangement;
            }
            return;
        }
        let Some(bound) = arrangement.bound(self.day) else { return };
        if arrangement.price(self.day, &bound, Some(&self.decided)) >= self.best.score {
            return;
        }
        let visit = self.order[at];
        self.decided[visit] = true;
        if !self.day.is_barred(visit) {
            self.place_part(at, 0, &arrangement);
        }
        self.decide(at + 1, arrangement);
        self.decided[visit] = false;
    }

    /// Puts the visit's `index`-th part at every position of every route, then goes on.
    fn place_part(&mut self, at: usize, index: usize, arrangement: &Arrangement) {
        let parts = &self.day.parts_of[self.order[at]];
        let Some(&part) = parts.get(index) else {
            self.decide(at + 1, arrangement.clone());
            return;
        };
        let taken = self.crews_taken(&parts[..index], arrangement);
        for route in 0..self.day.routes.len() {
            let crew = self.day.routes[route].crew;
            if self.day.fits[part][route].is_none() || taken.contains(&crew) {
                continue;
            }
            for position in 0..=arrangement.routes[route].len() {
                if !self.is_in_turn(part, &arrangement.routes[route], position) {
                    continue;
                }
                let mut next = arrangement.clone();
                next.routes[route].insert(position, Halt::Part(part));
                let is_last = index + 1 == parts.len();
                if is_last || next.bound(self.day).is_some() {
                    self.place_part(at, index + 1, &next);
                }
            }
        }
    }

    /// Do the stops before have no later turn, and those after no earlier one?
    fn is_in_turn(&self, part: usize, stops: &[Halt], position: usize) -> bool {
        let turn = |halt: &Halt| match *halt {
            Halt::Part(part) => Some(self.day.turns[part]),
            Halt::Break(_) => None,
        };
        let own = self.day.turns[part];
        let (before, after) = stops.split_at(position);
        before.iter().filter_map(turn).all(|turn| turn <= own)
            && after.iter().filter_map(turn).all(|turn| own <= turn)
    }

    /// Crews that may not do another part of the visit.
    fn crews_taken(&self, parts: &[usize], arrangement: &Arrangement) -> Vec<usize> {
        let Some(&first) = parts.first() else { return Vec::new() };
        if self.day.world.visits[self.day.parts[first].visit].same_crew_allowed {
            return Vec::new();
        }
        let routes = arrangement.route_of_parts(self.day);
        parts.iter().filter_map(|&part| routes[part]).map(|at| self.day.routes[at].crew).collect()
    }
}
