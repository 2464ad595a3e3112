//! The cheapest route of a class, when every part made earns its multiplier.
//!
//! Labels in the order of their times: a route so far, with its last part, the start there and its
//! price. A label is dropped when another at the same part is no later, no dearer and remembers no
//! more. Routes remember only visits near where they stand (*ng-routes*: Baldacci, Mingozzi &
//! Roberti 2011), so a route may come back to a far visit: it costs no more than a true route.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::relaxed::{Class, Relaxed, SCALE};
use crate::solver::problem::NEVER;

/// What parts earn and what lateness costs besides its price.
#[derive(Clone, Debug)]
pub struct Multipliers {
    /// Per part, what making it earns, scaled.
    pub earned: Vec<i64>,
    /// Per part, what a point of lateness pays towards the greatest lateness, scaled.
    pub greatest: Vec<i64>,
    /// Per tie, what the part it starts from pays for each point of lateness that it forces upon
    /// the other, scaled; the other is spared as much.
    pub forced: Vec<i64>,
    /// Per part, what a point of its own lateness costs in all, scaled.
    pub late: Vec<i64>,
}

impl Multipliers {
    /// What a start costs by its lateness and by what it forces upon others, scaled.
    #[inline]
    pub fn price_of_lateness(&self, relaxed: &Relaxed<'_>, part: u32, start: i32) -> i64 {
        let mut price = relaxed.late_points(part, start) * self.late[part as usize];
        for &at in &relaxed.ties_from[part as usize] {
            let forced = self.forced[at as usize];
            if forced != 0 {
                let tie = &relaxed.ties[at as usize];
                price += forced * relaxed.late_points(tie.to, start + tie.least);
            }
        }
        price
    }
}

/// The cheapest route of a class.
#[derive(Clone, Debug, Default)]
pub struct Cheapest {
    /// What it costs beyond what it earns, scaled; 0 for staying at home.
    pub price: i64,
    /// Its parts in order, with their starts.
    pub stops: Vec<(u32, i32)>,
    /// Labels looked at.
    pub labels: u64,
}

#[derive(Clone, Copy)]
struct Label {
    part: u32,
    start: i32,
    price: i64,
    memory: u16,
    parent: u32,
}

/// Finds it; `None` when that takes more than `labels_max` labels.
pub fn cheapest(
    relaxed: &Relaxed<'_>,
    class: &Class,
    multipliers: &Multipliers,
    labels_max: u64,
) -> Option<Cheapest> {
    let mut search = Search {
        relaxed,
        class,
        multipliers,
        labels: Vec::new(),
        open: BinaryHeap::new(),
        settled: vec![Vec::new(); relaxed.problem.parts.len()],
        best: (0, u32::MAX),
    };
    let route = &relaxed.problem.routes[class.route as usize];
    for &part in &class.parts {
        let ready = route.from + relaxed.problem.gap(route.start_place, relaxed.place(part));
        let price = relaxed.set_out(class, part) * SCALE;
        search.open_label(part, ready, price, 0, u32::MAX);
    }
    while let Some(Reverse((_, _, at))) = search.open.pop() {
        if search.labels.len() as u64 > labels_max {
            return None;
        }
        search.settle(at);
    }
    let mut found = Cheapest { price: search.best.0, ..Cheapest::default() };
    found.labels = search.labels.len() as u64;
    let mut at = search.best.1;
    while let Some(label) = search.labels.get(at as usize) {
        found.stops.push((label.part, label.start));
        at = label.parent;
    }
    found.stops.reverse();
    Some(found)
}

struct Search<'s, 'p> {
    relaxed: &'s Relaxed<'p>,
    class: &'s Class,
    multipliers: &'s Multipliers,
    labels: Vec<Label>,
    open: BinaryHeap<Reverse<(i32, i64, u32)>>,
    /// Per part, price and memory of the labels settled there, cheapest first.
    settled: Vec<Vec<(i64, u16)>>,
    best: (i64, u32),
}

impl Search<'_, '_> {
    /// Opens a label at `part`, which is ready then, unless a settled one is as good.
    #[inline]
    fn open_label(&mut self, part: u32, ready: i32, price: i64, memory: u16, parent: u32) {
        let start = self.relaxed.start(self.class, part, ready);
        if start >= NEVER {
            return;
        }
        let at = part as usize;
        let own = self.relaxed.own_price(self.class, part, start);
        let price = price + own * SCALE - self.multipliers.earned[at]
            + self.multipliers.price_of_lateness(self.relaxed, part, start);
        if self.is_beaten(part, price, memory | 1) {
            return;
        }
        let label = Label { part, start, price, memory: memory | 1, parent };
        self.open.push(Reverse((start, price, self.labels.len() as u32)));
        self.labels.push(label);
    }

    #[inline]
    fn is_beaten(&self, part: u32, price: i64, memory: u16) -> bool {
        let settled = &self.settled[part as usize];
        let cheaper = settled.iter().take_while(|(other, _)| *other <= price);
        cheaper.into_iter().any(|(_, other)| other & !memory == 0)
    }

    /// Settles a label: closes the route there and goes on from it.
    fn settle(&mut self, at: u32) {
        let label = self.labels[at as usize];
        if self.is_beaten(label.part, label.price, label.memory) {
            return;
        }
        let settled = &mut self.settled[label.part as usize];
        let rank = settled.partition_point(|(price, _)| *price <= label.price);
        settled.insert(rank, (label.price, label.memory));
        let (relaxed, class) = (self.relaxed, self.class);
        let problem = relaxed.problem;
        let spec = &problem.parts[label.part as usize];
        let done = label.start + spec.service;
        if let Some(home) = relaxed.go_home(class, label.part, done) {
            let price = label.price + home * SCALE;
            if price < self.best.0 {
                self.best = (price, at);
            }
        }
        let travel_price = problem.routes[class.route as usize].travel_price;
        let here = relaxed.item[label.part as usize];
        for &part in &class.parts {
            let there = relaxed.item[part as usize];
            let position = relaxed.position(here, there);
            if position != u8::MAX && label.memory >> position & 1 == 1 {
                continue;
            }
            let place = relaxed.place(part);
            let ready = done + problem.gap(spec.place, place);
            if ready > relaxed.windows.roof[part as usize] {
                continue;
            }
            let ticks = i64::from(problem.travel(spec.place, place));
            let drive = relaxed.weighted(crate::solver::problem::COST, ticks * travel_price);
            let memory = self.remembered(label.memory, here, there);
            self.open_label(part, ready, label.price + drive * SCALE, memory, at);
        }
    }

    /// What a route that remembers so much at `here` still remembers at `there`.
    #[inline]
    fn remembered(&self, memory: u16, here: u32, there: u32) -> u16 {
        let near = &self.relaxed.near[here as usize];
        let (mut left, mut kept) = (memory, 0);
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            let position = self.relaxed.position(there, near[at as usize]);
            if position != u8::MAX {
                kept |= 1 << position;
            }
        }
        kept
    }
}
