//! The problem as the bound sees it: every price it keeps is the true one or less, every limit it
//! keeps is a true one.
//!
//! Kept: travel, overtime, windows, shifts, lateness, border and continuity, told times, who may do
//! what, that no crew visits twice, meetings as far as they narrow windows. Left out, and so priced
//! at nothing: breaks, rests, waiting, the squares of fairness beyond each part's own, and that
//! those who meet start together.

use std::collections::BTreeMap;

use crate::solver::Problem;
use crate::solver::problem::{COST, Lag, NEVER, NONE, RouteSpec, TIERS, TOLD};

/// Parts of a point: multipliers are whole numbers of these.
pub const SCALE: i64 = 256;
/// No single price counts for more: what swamps the rest swamps it at this already.
pub const PRICE_MAX: i64 = 1 << 40;
/// Visits that a route remembers having made, per place it may stand at, that one included.
const MEMORY: usize = 10;
/// Rounds in which windows narrow one another over meetings.
const NARROWINGS: usize = 6;

/// The parts that a route may do, each with its fit.
type Fitting = Vec<(u32, u32)>;

/// Routes that are all alike: any of them could run the route of any other.
pub struct Class {
    /// How many.
    pub count: i64,
    /// One of them.
    pub route: u32,
    /// The parts they may do.
    pub parts: Vec<u32>,
    /// Per part of the problem, the fit on these routes, [`NONE`] without one.
    pub fit_of: Vec<u32>,
}

/// `start(to) ≥ start(from) + least`, for parts of one visit.
#[derive(Clone, Copy, Debug)]
pub struct Tie {
    /// The part that comes first.
    pub from: u32,
    /// The part that waits for it.
    pub to: u32,
    /// The least lag.
    pub least: i32,
}

/// Limits that a stretch of all plans keeps.
#[derive(Clone, Debug)]
pub struct Windows {
    /// Per part, no start lies before.
    pub floor: Vec<i32>,
    /// Per part, no start lies after.
    pub roof: Vec<i32>,
    /// The greatest lateness lies between these, in points.
    pub greatest: (i64, i64),
}

/// What every bound is found on.
pub struct Relaxed<'p> {
    /// The true problem.
    pub problem: &'p Problem,
    /// Points per tier for the weighted sum.
    pub weights: [i64; TIERS],
    /// The classes of routes.
    pub classes: Vec<Class>,
    /// When parts may start, and how late the latest may be.
    pub windows: Windows,
    /// What ties the starts of two parts.
    pub ties: Vec<Tie>,
    /// Per part, the ties that start there.
    pub ties_from: Vec<Vec<u32>>,
    /// Per part, the ties that end there.
    pub ties_to: Vec<Vec<u32>>,
    /// Per visit, the price of leaving it out, scaled.
    pub left_out: Vec<i64>,
    /// Visits that cannot be made, and what every plan pays whatever it does, scaled.
    pub impossible: (Vec<bool>, i64),
    /// Per part, what a route must remember so as not to do it twice.
    pub item: Vec<u32>,
    /// Per item, the items remembered while standing there, itself first.
    pub near: Vec<Vec<u32>>,
    /// Per pair of items, the position of the second among those near the first; 255 if absent.
    pub position: Vec<u8>,
}

impl<'p> Relaxed<'p> {
    /// Reads a problem.
    pub fn of(problem: &'p Problem) -> Relaxed<'p> {
        let parts = problem.parts.len();
        let mut relaxed = Relaxed {
            problem,
            weights: problem.weights,
            classes: Vec::new(),
            windows: Windows {
                floor: vec![-NEVER; parts],
                roof: vec![NEVER; parts],
                greatest: (0, PRICE_MAX),
            },
            ties: Vec::new(),
            ties_from: vec![Vec::new(); parts],
            ties_to: vec![Vec::new(); parts],
            left_out: Vec::new(),
            impossible: (vec![false; problem.visits.len()], 0),
            item: Vec::new(),
            near: Vec::new(),
            position: Vec::new(),
        };
        for visit in &problem.visits {
            let points = relaxed.weighted(visit.unassigned.tier, visit.unassigned.points);
            let told = relaxed.weighted(TOLD, visit.unassigned_told);
            relaxed.left_out.push((points + told) * SCALE);
        }
        for (visit, spec) in problem.visits.iter().enumerate() {
            let lacks = |part: u32| problem.fitting[part as usize].is_empty();
            if spec.barred || spec.parts.clone().any(lacks) {
                relaxed.make_impossible(visit);
            }
        }
        for route in &problem.routes {
            if route.next_stop != NONE {
                let price = relaxed.weighted(TOLD, problem.next_stop_price);
                relaxed.impossible.1 += price * SCALE;
            }
        }
        relaxed.sort_routes();
        relaxed.remember();
        relaxed.tie();
        relaxed
    }

    /// Notes what ties parts of one visit.
    fn tie(&mut self) {
        let problem = self.problem;
        for group in &problem.groups {
            for &from in group {
                let others = group.iter().filter(|other| **other != from);
                self.ties.extend(others.map(|&to| Tie { from, to, least: 0 }));
            }
        }
        for (to, lags) in problem.lags_in.iter().enumerate() {
            let tie = |lag: &Lag| Tie { from: lag.other, to: to as u32, least: lag.least };
            self.ties.extend(lags.iter().map(tie));
        }
        for (at, tie) in self.ties.iter().enumerate() {
            self.ties_from[tie.from as usize].push(at as u32);
            self.ties_to[tie.to as usize].push(at as u32);
        }
    }

    /// Narrows the windows as far as meetings and the greatest lateness allow.
    pub fn narrow(&mut self) {
        if self.problem.greatest_lateness > 0 {
            for part in 0..self.problem.parts.len() {
                let roof = self.last_start(part as u32, self.windows.greatest.1);
                self.windows.roof[part] = self.windows.roof[part].min(roof);
            }
        }
        for _ in 0..NARROWINGS {
            if !self.narrow_once() {
                break;
            }
        }
    }

    /// Lowers roofs to where lateness alone would cost more than a plan at hand, whose scaled price
    /// is `target`: no better plan starts anything later. Nothing when some price is a reward.
    pub fn stay_below(&mut self, target: i64) {
        let problem = self.problem;
        let is_free = |route: &RouteSpec| route.travel_price >= 0 && route.overtime_price >= 0;
        let has_rewards = problem.fits.iter().any(|fit| fit.cost < 0 || fit.told_cost < 0)
            || problem.hour_prices.iter().flatten().any(|row| row.2 < 0)
            || problem.visits.iter().any(|visit| visit.unassigned.points < 0)
            || !problem.routes.iter().all(is_free);
        if has_rewards {
            return;
        }
        for part in 0..problem.parts.len() {
            let each = self.late_price(part) + problem.greatest_lateness * SCALE;
            if each > 0 {
                let roof = self.last_start(part as u32, target / each);
                self.windows.roof[part] = self.windows.roof[part].min(roof);
            }
        }
    }

    /// The latest start whose lateness costs no more points than that.
    fn last_start(&self, part: u32, points: i64) -> i32 {
        let due = self.problem.parts[part as usize].due;
        if due >= NEVER {
            return NEVER;
        }
        let (mut kept, mut broken) = (0, NEVER - due.max(0));
        while broken - kept > 1 {
            let middle = kept + (broken - kept) / 2;
            let is_kept = self.late_points(part, due + middle) <= points;
            *(if is_kept { &mut kept } else { &mut broken }) = middle;
        }
        due + if kept + 1 >= NEVER - due.max(0) { NEVER - due } else { kept }
    }

    /// Points of a tier in the weighted sum.
    pub fn weighted(&self, tier: usize, points: i64) -> i64 {
        points.saturating_mul(self.weights[tier]).clamp(-PRICE_MAX, PRICE_MAX)
    }

    fn make_impossible(&mut self, visit: usize) {
        self.impossible.0[visit] = true;
        self.impossible.1 += self.left_out[visit];
    }

    /// Puts routes that are alike into one class.
    fn sort_routes(&mut self) {
        let problem = self.problem;
        let mut fits: Vec<Fitting> = vec![Vec::new(); problem.routes.len()];
        for (part, fitting) in problem.fitting.iter().enumerate() {
            if self.impossible.0[problem.parts[part].visit as usize] {
                continue;
            }
            for &(route, fit) in fitting {
                fits[route as usize].push((part as u32, fit));
            }
        }
        let mut alike: BTreeMap<(String, Fitting), Vec<u32>> = BTreeMap::new();
        for (route, fitting) in fits.into_iter().enumerate() {
            let mut spec = problem.routes[route].clone();
            (spec.crew, spec.slot, spec.rest_to) = (0, 0, Vec::new());
            // Written out, so that fields of tomorrow keep routes apart as well.
            alike.entry((format!("{spec:?}"), fitting)).or_default().push(route as u32);
        }
        for ((_, fitting), routes) in alike {
            let mut class = Class {
                count: routes.len() as i64,
                route: routes[0],
                parts: fitting.iter().map(|entry| entry.0).collect(),
                fit_of: vec![NONE; problem.parts.len()],
            };
            for (part, fit) in fitting {
                class.fit_of[part as usize] = fit;
            }
            self.classes.push(class);
        }
        self.classes.sort_by_key(|class| class.route);
    }

    /// What routes remember: whole visits where no crew may do two parts of one, else parts.
    fn remember(&mut self) {
        let problem = self.problem;
        let mut places = Vec::new();
        for part in &problem.parts {
            let visit = &problem.visits[part.visit as usize];
            let first = self.item.last().copied();
            let before = self.item.len().checked_sub(1).map(|at| problem.parts[at].visit);
            let same = !visit.same_crew_allowed && before == Some(part.visit);
            match first {
                Some(item) if same => self.item.push(item),
                _ => {
                    self.item.push(places.len() as u32);
                    places.push(part.place);
                }
            }
        }
        self.position = vec![u8::MAX; places.len() * places.len()];
        for (item, &here) in places.iter().enumerate() {
            let mut others: Vec<u32> = (0..places.len() as u32).collect();
            others.sort_by_key(|&other| {
                let there = places[other as usize];
                let both = i64::from(problem.travel(here, there));
                let both = both + i64::from(problem.travel(there, here));
                (other as usize != item, both, other)
            });
            others.truncate(MEMORY);
            for (at, &other) in others.iter().enumerate() {
                self.position[item * places.len() + other as usize] = at as u8;
            }
            self.near.push(others);
        }
    }

    /// Where an item stands among those remembered at another; 255 if it is not.
    #[inline]
    pub fn position(&self, here: u32, other: u32) -> u8 {
        self.position[here as usize * self.near.len() + other as usize]
    }

    /// Raises floors and lowers roofs by what each route can reach and by meetings.
    fn narrow_once(&mut self) -> bool {
        let problem = self.problem;
        let parts = problem.parts.len();
        let mut earliest = vec![NEVER; parts];
        let mut latest = vec![-NEVER; parts];
        for class in &self.classes {
            let reached = self.reach(class);
            for &part in &class.parts {
                let fit = &problem.fits[class.fit_of[part as usize] as usize];
                let roof = problem.last_start(fit, self.windows.roof[part as usize]);
                let at = part as usize;
                if reached[at] <= roof {
                    earliest[at] = earliest[at].min(reached[at]);
                    latest[at] = latest[at].max(roof);
                }
            }
        }
        for group in &problem.groups {
            let floor = group.iter().map(|&part| earliest[part as usize]).max().unwrap_or(0);
            let roof = group.iter().map(|&part| latest[part as usize]).min().unwrap_or(0);
            for &part in group {
                (earliest[part as usize], latest[part as usize]) = (floor, roof);
            }
        }
        for (part, lags) in problem.lags_in.iter().enumerate() {
            for lag in lags {
                let other = lag.other as usize;
                earliest[part] = earliest[part].max(earliest[other].saturating_add(lag.least));
                latest[other] = latest[other].min(latest[part].saturating_sub(lag.least));
            }
        }
        let mut changed = false;
        for part in 0..parts {
            if earliest[part] > self.windows.floor[part] || latest[part] < self.windows.roof[part] {
                self.windows.floor[part] = self.windows.floor[part].max(earliest[part]);
                self.windows.roof[part] = self.windows.roof[part].min(latest[part]);
                changed = true;
            }
        }
        changed
    }

    /// The earliest start at each part, whatever a route of the class does before.
    fn reach(&self, class: &Class) -> Vec<i32> {
        let problem = self.problem;
        let route = &problem.routes[class.route as usize];
        let mut start = vec![NEVER; problem.parts.len()];
        let mut open: Vec<u32> = class.parts.clone();
        for &part in &class.parts {
            let ready = route.from + problem.gap(route.start_place, self.place(part));
            start[part as usize] = self.start(class, part, ready);
        }
        while let Some(at) = (0..open.len()).min_by_key(|&at| (start[open[at] as usize], open[at]))
        {
            let here = open.swap_remove(at);
            if start[here as usize] >= NEVER {
                break;
            }
            let spec = &problem.parts[here as usize];
            let done = start[here as usize] + spec.service;
            for &part in &open {
                let ready = done + problem.gap(spec.place, self.place(part));
                if ready < start[part as usize] {
                    let found = self.start(class, part, ready);
                    start[part as usize] = start[part as usize].min(found);
                }
            }
        }
        start
    }

    /// The place of a part.
    #[inline]
    pub fn place(&self, part: u32) -> u32 {
        self.problem.parts[part as usize].place
    }

    /// The start of a part on a route of the class that is ready then; [`NEVER`] if it is too late.
    #[inline]
    pub fn start(&self, class: &Class, part: u32, ready: i32) -> i32 {
        let fit = &self.problem.fits[class.fit_of[part as usize] as usize];
        let start = self.problem.next_start(fit, ready.max(self.windows.floor[part as usize]));
        if start > self.windows.roof[part as usize] { NEVER } else { start }
    }

    /// Points of being late, not yet weighted; no more than counts.
    #[inline]
    pub fn late_points(&self, part: u32, start: i32) -> i64 {
        let spec = &self.problem.parts[part as usize];
        if start <= spec.due {
            return 0;
        }
        let lateness = &self.problem.lateness[spec.lateness as usize];
        let most = PRICE_MAX / self.weights[lateness.tier].max(1);
        lateness.price(start - spec.due).min(most)
    }

    /// What a point of lateness of a part costs by itself, scaled.
    pub fn late_price(&self, part: usize) -> i64 {
        let lateness = self.problem.parts[part].lateness as usize;
        self.problem.lateness.get(lateness).map_or(0, |spec| self.weights[spec.tier] * SCALE)
    }

    /// Points of a part that starts then or later on a route of the class, lateness left out.
    #[inline]
    pub fn own_price(&self, class: &Class, part: u32, start: i32) -> i64 {
        let problem = self.problem;
        let fit = &problem.fits[class.fit_of[part as usize] as usize];
        let load = problem.parts[part as usize].load;
        let mut price = self.weighted(COST, fit.cost + problem.fairness * load * load);
        if fit.hours != NONE {
            let rows = &problem.hour_prices[fit.hours as usize];
            let turns = rows.iter().flat_map(|row| [row.0, row.1]);
            let least = least_from(start, fit.to, turns, |at| problem.hour_price(fit, at));
            price += self.weighted(COST, least);
        }
        if fit.told != NONE {
            let told = &problem.told[fit.told as usize];
            let turn = |time: &i32| [time - told.tolerance, time + told.tolerance + 1];
            let turns = told.times.iter().flat_map(turn);
            let least = least_from(start, fit.to, turns, |at| problem.told_price(fit, at));
            price += self.weighted(TOLD, least);
        }
        price + self.weighted(TOLD, fit.told_cost)
    }

    /// Points of setting out to a part first.
    pub fn set_out(&self, class: &Class, part: u32) -> i64 {
        let route = &self.problem.routes[class.route as usize];
        let ticks = self.problem.travel(route.start_place, self.place(part));
        let expected = if route.next_stop == part { self.problem.next_stop_price } else { 0 };
        self.weighted(COST, i64::from(ticks) * route.travel_price) - self.weighted(TOLD, expected)
    }

    /// Points of going home after a part that ends then; `None` when it is too late for that.
    #[inline]
    pub fn go_home(&self, class: &Class, part: u32, end: i32) -> Option<i64> {
        let problem = self.problem;
        let route = &problem.routes[class.route as usize];
        let place = self.place(part);
        let back = end + problem.gap(place, route.end_place);
        if back > route.latest {
            return None;
        }
        let ticks = i64::from(problem.travel(place, route.end_place)) * route.travel_price;
        let over = i64::from((back - route.to).max(0)) * route.overtime_price;
        Some(self.weighted(COST, ticks + over))
    }
}

/// The least of a price that is the same between turns, over all moments from `start` to `last`.
fn least_from(
    start: i32,
    last: i32,
    turns: impl Iterator<Item = i32>,
    price: impl Fn(i32) -> i64,
) -> i64 {
    let later = turns.filter(|turn| (start..=last).contains(turn)).map(&price).min();
    price(start).min(later.unwrap_or(i64::MAX))
}
