//! Places numbered so that near ones have near numbers.
//!
//! A step of the search reads travel between places of one neighbourhood. In a region the table is
//! far larger than the processor's near memory; with places in the order of a file, each read is a
//! trip to far memory, with near places side by side a whole neighbourhood lies in a few lines.

use std::borrow::Cow;

use super::problem::Problem;

/// With fewer places the whole table is near anyway.
const PLACES_MIN: usize = 1_024;
/// Groups are not split further: their stretch of a row is one line of memory.
const GROUP: usize = 16;

impl Problem {
    /// The same problem with near places side by side, where that pays. Nothing that a solution
    /// names is numbered anew.
    pub fn with_near_places_together(&self) -> Cow<'_, Problem> {
        if self.places < PLACES_MIN {
            return Cow::Borrowed(self);
        }
        Cow::Owned(self.renumbered(&self.place_order()))
    }

    /// The places in an order that keeps near ones together.
    fn place_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.places as u32).collect();
        self.split(&mut order);
        order
    }

    /// Sorts places from one end of where they lie to the other, and so on with each half.
    fn split(&self, places: &mut [u32]) {
        if places.len() <= GROUP {
            return;
        }
        let furthest = |from: u32| places.iter().copied().max_by_key(|&to| self.travel(from, to));
        // There are more places than a group has.
        let one = furthest(places[0]).unwrap_or(places[0]);
        let other = furthest(one).unwrap_or(one);
        places.sort_by_cached_key(|&at| (self.travel(one, at) - self.travel(other, at), at));
        let (near, far) = places.split_at_mut(places.len() / 2);
        self.split(near);
        self.split(far);
    }

    /// The same problem with its places in this order. Every field stands here, so that one that
    /// knows places cannot be forgotten.
    fn renumbered(&self, order: &[u32]) -> Problem {
        let mut number = vec![0; self.places];
        for (at, &place) in order.iter().enumerate() {
            number[place as usize] = at as u32;
        }
        let mut travel = Vec::with_capacity(self.travel.len());
        for &from in order {
            let row = &self.travel[from as usize * self.places..][..self.places];
            travel.extend(order.iter().map(|&to| row[to as usize]));
        }
        let mut parts = self.parts.clone();
        parts.iter_mut().for_each(|part| part.place = number[part.place as usize]);
        let mut routes = self.routes.clone();
        for route in &mut routes {
            route.start_place = number[route.start_place as usize];
            route.end_place = number[route.end_place as usize];
        }
        Problem {
            places: self.places,
            travel,
            setup: order.iter().map(|&place| self.setup[place as usize]).collect(),
            traffic: self.traffic.as_ref().map(|traffic| traffic.renumbered(order)),
            visits: self.visits.clone(),
            parts,
            groups: self.groups.clone(),
            lags_in: self.lags_in.clone(),
            lags_out: self.lags_out.clone(),
            routes,
            lateness: self.lateness.clone(),
            fits: self.fits.clone(),
            fitting: self.fitting.clone(),
            starts: self.starts.clone(),
            hour_prices: self.hour_prices.clone(),
            told: self.told.clone(),
            next_stop_price: self.next_stop_price,
            fairness: self.fairness,
            greatest_lateness: self.greatest_lateness,
            route_prices: self.route_prices.clone(),
            weights: self.weights,
            scattered_percent: self.scattered_percent,
            temperatures: self.temperatures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{part_at, problem_of_routes};
    use super::*;

    #[test]
    fn renumbered_places_are_as_far_from_one_another_as_before() {
        let mut problem = problem_of_routes(2);
        for place in [1, 2, 1] {
            part_at(&mut problem, place, 0);
        }
        let order: Vec<u32> = (0..problem.places as u32).rev().collect();
        let renumbered = problem.renumbered(&order);
        for (one, other) in (0..3).flat_map(|one| (0..3).map(move |other| (one, other))) {
            let gap = |problem: &Problem| {
                problem.gap(problem.parts[one].place, problem.parts[other].place)
            };
            assert_eq!(gap(&renumbered), gap(&problem));
            let from = |problem: &Problem| {
                problem.gap(problem.routes[0].start_place, problem.parts[other].place)
            };
            assert_eq!(from(&renumbered), from(&problem));
        }
    }

    #[test]
    fn near_places_come_to_lie_side_by_side() {
        // Places on a line, in a scrambled order.
        let places = 2_048;
        let at = |place: usize| (place * 1_237 % places) as i32;
        let row = |from| (0..places).map(move |to| (at(from) - at(to)).abs());
        let problem = Problem {
            places,
            travel: (0..places).flat_map(row).collect(),
            setup: vec![0; places],
            ..Problem::default()
        };
        let ordered = problem.with_near_places_together();
        for group in (0..places as u32).collect::<Vec<u32>>().chunks(GROUP) {
            let across = ordered.travel(group[0], group[GROUP - 1]);
            assert!(across < GROUP as i32, "{across}");
        }
    }
}
