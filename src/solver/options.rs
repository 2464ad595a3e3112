//! Who could come, and what would it cost? The best places for a visit, each with other crews.

use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter, Place};
use super::judge::{Placement, Position};
use super::problem::TIERS;
use super::state::State;

const EVERYTHING: Effort = Effort { blink_one_in: None, exhaustive: true };

/// A place for a visit with the whole price of taking it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What the plan costs more, per tier.
    pub tiers: [i64; TIERS],
    /// Where each part goes, in the order to put them in.
    pub placements: Vec<Placement>,
}

/// The best places so far, least price first, no two by the same routes.
#[derive(Default)]
pub(super) struct Options {
    /// How many are wanted; none when it is 0.
    pub wanted: usize,
    kept: Vec<(Place, Vec<u32>)>,
}

impl Options {
    /// Begins anew.
    fn want(&mut self, wanted: usize) {
        self.wanted = wanted;
        self.kept.clear();
    }

    /// What a place must cost less than to be kept.
    #[inline]
    pub fn limit(&self) -> i64 {
        if self.kept.len() < self.wanted { i64::MAX } else { self.kept[self.wanted - 1].0.price }
    }

    #[inline]
    pub fn offer(&mut self, price: i64, places: &[(u32, Position)]) {
        if self.wanted > 0 && price < self.limit() {
            self.keep(price, places);
        }
    }

    fn keep(&mut self, price: i64, places: &[(u32, Position)]) {
        let is_same = |kept: &(Place, Vec<u32>)| {
            kept.1.len() == places.len()
                && places.iter().all(|(_, position)| kept.1.contains(&position.route))
        };
        match self.kept.iter().position(is_same) {
            Some(at) if self.kept[at].0.price <= price => return,
            Some(at) => drop(self.kept.remove(at)),
            None if self.kept.len() == self.wanted => drop(self.kept.pop()),
            None => {}
        }
        let placements = places.iter().map(|(part, position)| Placement {
            part: *part,
            prev: position.prev,
            fit: position.fit,
            hold: position.hold,
        });
        let place = Place { price, placements: placements.collect() };
        let routes = places.iter().map(|(_, position)| position.route).collect();
        let at = self.kept.partition_point(|kept| kept.0.price <= price);
        self.kept.insert(at, (place, routes));
    }
}

impl Inserter {
    /// The best places for an absent visit, each with other crews and with its whole price, best
    /// first. Every legal place is judged.
    pub fn best_offers(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        count: usize,
        random: &mut Pcg64Mcg,
    ) -> Vec<Offer> {
        self.options.want(count);
        let _ = self.best_place(state, visit, EVERYTHING, random);
        let kept = std::mem::take(&mut self.options.kept);
        self.options.want(0);
        let offers = kept.into_iter().filter_map(|(Place { placements, .. }, _)| {
            let tiers = state.promise(visit, &placements)?;
            Some(Offer { tiers, placements })
        });
        let mut offers: Vec<Offer> = offers.collect();
        offers.sort_by_key(|offer| offer.tiers);
        offers
    }
}
