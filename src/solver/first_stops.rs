//! First stops: parts that a route does before all its others, in a given order.
//!
//! Every part has a turn. One that comes first somewhere has its own there, and stands on no other
//! route; all others have the last. Along every route turns never fall: taking a part out keeps
//! that so, and putting one in is judged by [`State::is_in_turn`].

use super::problem::{NONE, Problem};
use super::state::{Kind, State};

/// Which parts come first where.
pub(super) struct FirstStops {
    /// Per part; empty where no route has first stops, so that nobody else pays for them.
    turns: Vec<Turn>,
}

#[derive(Clone, Copy)]
struct Turn {
    /// Where it comes first; [`NONE`] if nowhere.
    route: u32,
    /// Its place among those that come first there.
    rank: u32,
}

/// Of a part that comes first nowhere.
const LAST: Turn = Turn { route: NONE, rank: u32::MAX };

impl FirstStops {
    pub fn of(problem: &Problem) -> FirstStops {
        if problem.routes.iter().all(|route| route.first.is_empty()) {
            return FirstStops { turns: Vec::new() };
        }
        let mut turns = vec![LAST; problem.parts.len()];
        for (route, spec) in problem.routes.iter().enumerate() {
            for (rank, &part) in spec.first.iter().enumerate() {
                turns[part as usize] = Turn { route: route as u32, rank: rank as u32 };
            }
        }
        FirstStops { turns }
    }

    fn turn_of(&self, part: u32) -> Turn {
        self.turns.get(part as usize).copied().unwrap_or(LAST)
    }

    /// The place of a part among those that come first on its route; after all of them for others.
    pub fn rank_of(&self, part: u32) -> u32 {
        self.turn_of(part).rank
    }

    /// Does the part come first on some route?
    #[inline]
    pub fn has(&self, part: u32) -> bool {
        !self.turns.is_empty() && self.turn_of(part).route != NONE
    }

    /// May the part stand on the route at all?
    pub fn lets(&self, part: u32, route: u32) -> bool {
        let its = self.turn_of(part).route;
        its == NONE || its == route
    }
}

impl<'p> State<'p> {
    /// The routes that a part fits and may stand on, each with how it fits, in order.
    #[inline]
    pub fn fitting(&self, part: u32) -> &'p [(u32, u32)] {
        let fitting = &self.problem.fitting[part as usize];
        if !self.first_stops.has(part) {
            return fitting;
        }
        let route = self.first_stops.turn_of(part).route;
        let at = fitting.partition_point(|entry| entry.0 < route);
        let found = fitting[at..].iter().take_while(|entry| entry.0 == route).count();
        &fitting[at..at + found]
    }

    /// May the part stand between `prev` and `after`, the first stop behind `prev` that is no
    /// break?
    #[inline]
    pub(super) fn is_in_turn(&self, part: u32, prev: u32, after: u32) -> bool {
        self.first_stops.turns.is_empty() || self.is_in_turn_among(part, prev, after)
    }

    /// Do turns nowhere fall, and does everything that comes first do so on its own route? For
    /// plans that nobody has judged part by part.
    pub(super) fn keeps_turns(&self) -> bool {
        let is_kept = |route: u32| {
            let parts =
                self.stops(route).filter(|&stop| self.nodes[stop as usize].kind == Kind::Part);
            let mut rank = 0;
            for part in parts {
                let own = self.first_stops.rank_of(part);
                if own < rank || !self.first_stops.lets(part, route) {
                    return false;
                }
                rank = own;
            }
            true
        };
        self.first_stops.turns.is_empty() || (0..self.routes.len() as u32).all(is_kept)
    }

    #[cold]
    fn is_in_turn_among(&self, part: u32, prev: u32, after: u32) -> bool {
        let own = self.first_stops.turn_of(part);
        if own.rank > self.first_stops.rank_of(after) {
            return false;
        }
        let mut before = prev;
        while self.nodes[before as usize].kind == Kind::Break {
            before = self.nodes[before as usize].prev;
        }
        let is_first = self.nodes[before as usize].kind == Kind::Start;
        self.first_stops.lets(part, self.nodes[prev as usize].route)
            && (is_first || self.first_stops.rank_of(before) <= own.rank)
    }
}
