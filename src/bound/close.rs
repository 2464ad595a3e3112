//! The best plan of a stretch, found by trying: every choice of routes that could be better than
//! the plan at hand, with its meetings timed.

use super::climb::Summit;
use super::relaxed::{Relaxed, SCALE};
use super::routes::{Route, routes_within};
use crate::solver::problem::{NEVER, NONE};

/// How much to try.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Routes per class.
    pub routes: usize,
    /// Steps along routes, and choices of routes.
    pub steps: u64,
}

/// The least scaled price of any plan within the windows, or `target` when none is below it by a
/// point. `None` when that takes more than the limits allow.
pub fn close(relaxed: &Relaxed<'_>, summit: &Summit, target: i64, limits: Limits) -> Option<i64> {
    let parts = relaxed.problem.parts.len();
    let slack = target - SCALE - summit.bound;
    if parts > 128 || slack < 0 {
        return (slack < 0).then_some(target);
    }
    let mut steps = limits.steps;
    let mut routes = Vec::new();
    for class in 0..relaxed.classes.len() as u32 {
        let prices = (summit.prices[class as usize], slack);
        let bounds = (limits.routes, &mut steps);
        routes.extend(routes_within(relaxed, class, &summit.multipliers, prices, bounds)?);
    }
    let mut choice = Choice {
        relaxed,
        summit,
        routes: &routes,
        slack,
        best: None,
        left: relaxed.classes.iter().map(|class| class.count).collect(),
        chosen: Vec::new(),
        start: vec![-NEVER; parts],
        steps,
        has_holes: relaxed.problem.fits.iter().any(|fit| fit.starts != NONE),
    };
    let mut settled = 0;
    for (visit, spec) in relaxed.problem.visits.iter().enumerate() {
        if relaxed.impossible.0[visit] {
            settled |= spec.parts.clone().fold(0, |set, part| set | 1_u128 << part);
        }
    }
    let candidates: Vec<u32> = (0..routes.len() as u32).collect();
    choice.choose(settled, 0, &candidates)?;
    Some(choice.best.map_or(target, |excess| summit.bound + excess))
}

struct Choice<'c, 'p> {
    relaxed: &'c Relaxed<'p>,
    summit: &'c Summit,
    routes: &'c [Route],
    slack: i64,
    best: Option<i64>,
    left: Vec<i64>,
    chosen: Vec<u32>,
    start: Vec<i32>,
    steps: u64,
    has_holes: bool,
}

impl Choice<'_, '_> {
    /// Tries everything for the parts that are not settled. `excess` is what the routes chosen cost
    /// above the cheapest and visits above what they earn.
    fn choose(&mut self, settled: u128, excess: i64, candidates: &[u32]) -> Option<()> {
        self.steps = self.steps.checked_sub(1 + candidates.len() as u64 / 16)?;
        let Some(timed) = self.time() else { return Some(()) };
        if excess + timed > self.slack {
            return Some(());
        }
        let parts = self.relaxed.problem.parts.len() as u32;
        let mut count = vec![0_u32; parts as usize];
        for &at in candidates {
            self.routes[at as usize].parts.iter().for_each(|&part| count[part as usize] += 1);
        }
        let open = (0..parts).filter(|part| settled >> part & 1 == 0);
        let Some(part) = open.min_by_key(|&part| (count[part as usize], part)) else {
            self.note(excess + timed);
            return Some(());
        };
        for &at in candidates {
            let route = &self.routes[at as usize];
            if route.set >> part & 1 == 0 {
                continue;
            }
            let next = settled | route.set;
            let more = excess + route.excess + self.excess_of_made(settled, next);
            self.left[route.class as usize] -= 1;
            self.chosen.push(at);
            let fits = |&&other: &&u32| {
                let other = &self.routes[other as usize];
                other.set & next == 0
                    && self.left[other.class as usize] > 0
                    && more + other.excess <= self.slack
            };
            let rest: Vec<u32> = candidates.iter().filter(fits).copied().collect();
            let done = self.choose(next, more, &rest);
            self.chosen.pop();
            self.left[route.class as usize] += 1;
            done?;
        }
        self.leave_out(settled, excess, part, candidates)
    }

    /// What the visits that are begun between the two sets earn too much, made as they are.
    fn excess_of_made(&self, before: u128, after: u128) -> i64 {
        let relaxed = self.relaxed;
        let fresh = after & !before;
        let mut excess = 0;
        for (visit, spec) in relaxed.problem.visits.iter().enumerate() {
            // Counted once, with the first part of the visit.
            if fresh >> spec.parts.start & 1 == 1 {
                excess += (self.earned(visit) - relaxed.left_out[visit]).max(0);
            }
        }
        excess
    }

    fn earned(&self, visit: usize) -> i64 {
        let parts = self.relaxed.problem.visits[visit].parts.clone();
        parts.map(|part| self.summit.multipliers.earned[part as usize]).sum()
    }

    fn leave_out(
        &mut self,
        settled: u128,
        excess: i64,
        part: u32,
        candidates: &[u32],
    ) -> Option<()> {
        let visit = self.relaxed.problem.parts[part as usize].visit as usize;
        let parts = self.relaxed.problem.visits[visit].parts.clone();
        let set = parts.fold(0, |set, part| set | 1_u128 << part);
        let more = excess + (self.relaxed.left_out[visit] - self.earned(visit)).max(0);
        if settled & set != 0 || more > self.slack {
            return Some(());
        }
        let fits = |at: &&u32| self.routes[**at as usize].set & set == 0;
        let rest: Vec<u32> = candidates.iter().filter(fits).copied().collect();
        self.choose(settled | set, more, &rest)
    }

    /// A whole plan: routes that stay at home cost what the cheapest of their class would gain.
    fn note(&mut self, excess: i64) {
        let prices = self.left.iter().zip(&self.summit.prices);
        let excess = excess + prices.map(|(left, price)| left * -price).sum::<i64>();
        if excess <= self.slack {
            self.best = Some(excess);
            self.slack = excess - 1;
        }
    }

    /// What the routes chosen cost more than by themselves once those who meet wait for one
    /// another. `None` when they cannot all be.
    fn time(&mut self) -> Option<i64> {
        let mut made = Vec::new();
        for &at in &self.chosen {
            made.extend_from_slice(&self.routes[at as usize].parts);
        }
        self.start.fill(-NEVER);
        let rounds = 4 * made.len() + 8;
        // The first sweep hears of no meeting.
        let (_, mut home) = self.sweep()?;
        let alone = home + self.own_lateness(&made);
        let mut settled = false;
        for _ in 0..rounds {
            let mut risen = self.meet(&made);
            if risen {
                (risen, home) = self.sweep()?;
            }
            if !risen {
                settled = true;
                break;
            }
        }
        let mut price = home + self.own_lateness(&made);
        if settled {
            price += self.unpaid(&made);
        } else if !self.has_holes {
            // It goes round in a circle: each waits for another.
            return None;
        }
        Some(price - alone)
    }

    fn own_lateness(&self, made: &[u32]) -> i64 {
        made.iter().map(|&part| self.price_of_lateness(part)).sum()
    }

    fn price_of_lateness(&self, part: u32) -> i64 {
        let start = self.start[part as usize];
        self.summit.multipliers.price_of_lateness(self.relaxed, part, start)
    }

    /// Raises starts along the routes: did any rise, and what is going home worth? `None` when one
    /// is too late.
    fn sweep(&mut self) -> Option<(bool, i64)> {
        let (relaxed, problem) = (self.relaxed, self.relaxed.problem);
        let (mut risen, mut homes) = (false, 0);
        for &at in &self.chosen {
            let route = &self.routes[at as usize];
            let class = &relaxed.classes[route.class as usize];
            let spec = &problem.routes[class.route as usize];
            let (mut place, mut free) = (spec.start_place, spec.from);
            for &part in &route.parts {
                let ready = free + problem.gap(place, relaxed.place(part));
                let start = relaxed.start(class, part, ready.max(self.start[part as usize]));
                if start >= NEVER {
                    return None;
                }
                risen |= start > self.start[part as usize];
                self.start[part as usize] = start;
                place = relaxed.place(part);
                free = start + problem.parts[part as usize].service;
            }
            let last = *route.parts.last()?;
            homes += relaxed.go_home(class, last, free)? * SCALE;
        }
        Some((risen, homes))
    }

    /// Raises starts over meetings; did any rise?
    fn meet(&mut self, made: &[u32]) -> bool {
        let mut risen = false;
        for &part in made {
            for &at in &self.relaxed.ties_from[part as usize] {
                let tie = &self.relaxed.ties[at as usize];
                let other = self.start[tie.to as usize];
                let least = self.start[part as usize] + tie.least;
                if other > -NEVER && other < least {
                    self.start[tie.to as usize] = least;
                    risen = true;
                }
            }
        }
        risen
    }

    /// What lateness costs beyond what multipliers took for it: the greatest is paid in full, and
    /// those who are spared a part pay what nobody forced upon them.
    fn unpaid(&self, made: &[u32]) -> i64 {
        let relaxed = self.relaxed;
        let multipliers = &self.summit.multipliers;
        let late = |part: u32| relaxed.late_points(part, self.start[part as usize]);
        let mut price = 0;
        if relaxed.problem.greatest_lateness > 0 {
            let least = relaxed.windows.greatest.0;
            let greatest = made.iter().map(|&part| late(part)).max().unwrap_or(0).max(least);
            let paid: i64 = multipliers.greatest.iter().sum();
            let whole = relaxed.problem.greatest_lateness * SCALE;
            price += (whole - paid).max(0) * (greatest - least);
            for &part in made {
                price += multipliers.greatest[part as usize] * (greatest - late(part));
            }
        }
        for &part in made {
            for &at in &relaxed.ties_from[part as usize] {
                let tie = &relaxed.ties[at as usize];
                if self.start[tie.to as usize] > -NEVER {
                    let forced = self.start[part as usize] + tie.least;
                    let spared = late(tie.to) - relaxed.late_points(tie.to, forced);
                    price += multipliers.forced[at as usize] * spared;
                }
            }
        }
        price
    }
}
