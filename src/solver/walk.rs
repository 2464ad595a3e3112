//! Which positions of a part are judged: all of them, or those where it can pay.

use std::sync::Arc;

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter};
use super::judge::Position;
use super::near::Nearby;
use super::problem::{NEVER, NONE, PartSpec};
use super::state::{Kind, Plain, State};

/// What walks remember from one to the next.
pub(super) struct Walker {
    /// What is near by; without it every walk is a wide one.
    pub nearby: Option<Arc<Nearby>>,
    /// Is a wide walk to follow when nothing was found near by?
    pub falls_back: bool,
    /// Do walks look everywhere?
    is_wide: bool,
    /// Has a walk left anything out?
    left_out: bool,
    /// Was a place passed over for its price alone?
    pub was_dear: bool,
    until_blink: u32,
    /// Per node, the last walk that judged the position behind it.
    seen: Vec<u32>,
    /// Per class of alike routes, the walk that met it last and how many empty ones it met.
    empty_met: Vec<(u32, u32)>,
    epoch: u32,
}

impl Default for Walker {
    fn default() -> Self {
        Walker {
            nearby: None,
            falls_back: true,
            is_wide: true,
            left_out: false,
            was_dear: false,
            until_blink: 0,
            seen: Vec::new(),
            empty_met: Vec::new(),
            epoch: 0,
        }
    }
}

impl Walker {
    /// Before a visit is looked for.
    pub fn begin(&mut self, effort: Effort) {
        self.is_wide = effort.exhaustive || self.nearby.is_none();
        self.left_out = false;
        self.was_dear = false;
    }

    /// Nothing was found: is there more to be looked at, and worth it? From now on walks are wide.
    pub fn goes_further(&mut self) -> bool {
        let goes = self.left_out && self.falls_back;
        self.is_wide = true;
        goes
    }

    fn begin_walk(&mut self, state: &State<'_>) {
        let (nodes, classes) = (state.nodes.len(), state.alike.classes);
        if self.seen.len() != nodes || self.empty_met.len() != classes || self.epoch == u32::MAX {
            self.seen.clear();
            self.seen.resize(nodes, 0);
            self.empty_met.clear();
            self.empty_met.resize(classes, (0, 0));
            self.epoch = 0;
        }
        self.epoch += 1;
    }

    /// Is the route empty, and have as many empty ones that are its like been met in this walk as
    /// a visit of so many crews can tell apart?
    #[inline]
    fn is_spare(&mut self, state: &State<'_>, route: u32, crews: u32) -> bool {
        let class = state.alike.class_of[route as usize];
        if class == NONE || state.is_used(route) {
            return false;
        }
        let met = &mut self.empty_met[class as usize];
        if met.0 != self.epoch {
            *met = (self.epoch, 0);
        }
        met.1 += 1;
        met.1 > crews
    }

    /// Is the position behind this node new in this walk?
    #[inline]
    fn is_new(&mut self, prev: u32) -> bool {
        let seen = &mut self.seen[prev as usize];
        let is_new = *seen != self.epoch;
        *seen = self.epoch;
        is_new
    }
}

/// A part that is walked for, and what is the same at all its positions.
#[derive(Clone, Copy)]
struct Sought<'s, 'p> {
    state: &'s State<'p>,
    part: u32,
    spec: &'p PartSpec,
    /// Ticks from its place to every other.
    onward: &'p [i32],
    /// How many crews its visit needs at most.
    crews: u32,
    effort: Effort,
}

impl<'s, 'p> Sought<'s, 'p> {
    fn of(state: &'s State<'p>, part: u32, effort: Effort) -> Sought<'s, 'p> {
        let problem = state.problem;
        let spec = &problem.parts[part as usize];
        let onward = &problem.travel[spec.place as usize * problem.places..][..problem.places];
        let crews = problem.visits[spec.visit as usize].parts.len() as u32;
        Sought { state, part, spec, onward, crews, effort }
    }
}

impl Inserter {
    /// Judges positions of a part whose price can be less than the limit, which every position
    /// taken sets anew.
    pub(super) fn walk(
        &mut self,
        state: &State<'_>,
        part: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
        limit: i64,
        take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        if let Some(prices) = &state.problem.route_prices {
            let is_overlooked = |inserter: &mut Self| inserter.blinks(effort, random);
            return self.walk_by_route(state, prices, part, is_overlooked, take);
        }
        let sought = Sought::of(state, part, effort);
        if !self.walker.is_wide
            && let Some(nearby) = self.walker.nearby.take()
        {
            if !nearby.links_of(part).is_empty() && !state.first_stops.has(part) {
                self.walk_near(sought, &nearby, random, limit, take);
                self.walker.nearby = Some(nearby);
                return;
            }
            self.walker.nearby = Some(nearby);
        }
        match state.plain {
            Some(plain) => self.walk_wide_plainly(sought, plain, random, limit, take),
            None => self.walk_wide(sought, random, limit, take),
        }
    }

    /// Every position of every route that the part fits.
    fn walk_wide(
        &mut self,
        sought: Sought<'_, '_>,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let Sought { state, part, spec, crews, .. } = sought;
        let problem = state.problem;
        self.walker.begin_walk(state);
        for &(route, fit_at) in state.fitting(part) {
            if !state.has_room(route, spec.load) || self.walker.is_spare(state, route, crews) {
                continue;
            }
            let fit = &problem.fits[fit_at as usize];
            let end = state.end_node(route);
            let mut prev = state.start_node(route);
            while prev != end {
                let node = &state.nodes[prev as usize];
                if node.start + node.service > fit.to {
                    break;
                }
                self.judge_here(sought, prev, fit_at, random, &mut limit, &mut take);
                prev = node.next;
            }
        }
    }

    #[inline]
    fn judge_here(
        &mut self,
        sought: Sought<'_, '_>,
        prev: u32,
        fit_at: u32,
        random: &mut Pcg64Mcg,
        limit: &mut i64,
        take: &mut impl FnMut(&mut Self, Position) -> i64,
    ) {
        let Sought { state, part, .. } = sought;
        let fit = &state.problem.fits[fit_at as usize];
        let next = state.nodes[prev as usize].next;
        self.work += 1;
        if state.nodes[next as usize].latest < fit.from || self.blinks(sought.effort, random) {
            return;
        }
        for hold in std::iter::once(-NEVER).chain(state.problem.hold_of(fit)) {
            if let Some(position) = state.judge(part, prev, fit_at, hold)
                && position.bound < *limit
            {
                *limit = take(self, position);
            }
        }
    }

    /// [`Inserter::walk_wide`] where [`State::judge`] comes down to a few sums, most of them not
    /// needed: what a position costs in lateness alone often rules it out, and with it all later
    /// ones of the route.
    fn walk_wide_plainly(
        &mut self,
        sought: Sought<'_, '_>,
        plain: Plain,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let Sought { state, part, spec, crews, .. } = sought;
        let problem = state.problem;
        self.walker.begin_walk(state);
        for &(route, fit_at) in &problem.fitting[part as usize] {
            if !state.has_room(route, spec.load) || self.walker.is_spare(state, route, crews) {
                continue;
            }
            let fit = &problem.fits[fit_at as usize];
            let end = state.end_node(route);
            let mut prev = state.start_node(route);
            while prev != end {
                let node = &state.nodes[prev as usize];
                let done = node.start + node.service;
                let late = i64::from((done - spec.due).max(0)) * plain.slope;
                if done > fit.to || late >= limit {
                    break;
                }
                if let Some(position) =
                    self.judge_plainly(sought, plain, prev, (route, fit_at), random, limit)
                {
                    limit = take(self, position);
                }
                prev = node.next;
            }
        }
    }

    /// A position whose bound is below the limit.
    #[inline(always)]
    fn judge_plainly(
        &mut self,
        sought: Sought<'_, '_>,
        plain: Plain,
        prev: u32,
        (route, fit_at): (u32, u32),
        random: &mut Pcg64Mcg,
        limit: i64,
    ) -> Option<Position> {
        let Sought { state, spec, onward, .. } = sought;
        let problem = state.problem;
        let fit = &problem.fits[fit_at as usize];
        let late_price = |ticks: i32| i64::from(ticks.max(0)) * plain.slope;
        let node = &state.nodes[prev as usize];
        let next = &state.nodes[node.next as usize];
        self.work += 1;
        let there = problem.travel(node.place, spec.place);
        let early = (node.start + node.service + there).max(fit.from);
        let back = onward[next.place as usize] + spec.service;
        let roof = next.free - back;
        let late = fit.to.min(next.latest - back);
        let lateness = late_price(early - spec.due);
        let pushed = late_price(early - roof);
        if early > late || self.blinks(sought.effort, random) {
            return None;
        }
        if lateness + pushed >= limit {
            self.walker.was_dear = true;
            return None;
        }
        let mut ticks = there + back - spec.service;
        if state.is_used(route) {
            ticks -= problem.travel(node.place, next.place);
        }
        let price = i64::from(ticks) * plain.travel_price + fit.cost + lateness;
        let bound = price + pushed;
        let (fit, hold) = (fit_at, -NEVER);
        self.walker.was_dear |= bound >= limit;
        (bound < limit).then_some(Position {
            price,
            bound,
            roof,
            early,
            late,
            prev,
            route,
            fit,
            hold,
        })
    }

    /// Just before and just after the parts that are near, and on empty routes.
    fn walk_near(
        &mut self,
        sought: Sought<'_, '_>,
        nearby: &Nearby,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let Sought { state, part, spec, .. } = sought;
        self.walker.left_out = true;
        self.walker.begin_walk(state);
        for &link in nearby.links_of(part) {
            let node = &state.nodes[link.part() as usize];
            if node.route == NONE {
                continue;
            }
            let goes_on = link.comes_before();
            let prev = if goes_on { link.part() } else { node.prev };
            if !self.walker.is_new(prev) || !state.has_room(node.route, spec.load) {
                continue;
            }
            let Some(fit) = nearby.fit_of(state.problem, part, node.route) else { continue };
            let at = (node.route, fit);
            match state.plain {
                Some(plain) => {
                    let found = self.judge_plainly(sought, plain, prev, at, random, limit);
                    if let Some(position) = found {
                        limit = take(self, position);
                    }
                }
                None => {
                    self.judge_gap(sought, prev, goes_on, fit, random, &mut limit, &mut take);
                }
            }
        }
        self.walk_empty(sought, nearby, random, limit, take);
    }

    /// The nodes behind which it can pay to put a part, each with its route; all that it fits when
    /// walks are wide.
    pub(super) fn gaps(&mut self, state: &State<'_>, part: u32, gaps: &mut Vec<(u32, u32)>) {
        gaps.clear();
        let walker = &mut self.walker;
        match walker.nearby.take() {
            Some(nearby)
                if !walker.is_wide
                    && !nearby.links_of(part).is_empty()
                    && !state.first_stops.has(part) =>
            {
                walker.left_out = true;
                walker.begin_walk(state);
                for &link in nearby.links_of(part) {
                    let node = &state.nodes[link.part() as usize];
                    let prev = if link.comes_before() { link.part() } else { node.prev };
                    if node.route != NONE && walker.is_new(prev) {
                        gaps.push((prev, node.route));
                    }
                }
                for kind in nearby.kinds_of(part) {
                    let is_empty = |&&route: &&u32| state.is_open(route) && !state.is_used(route);
                    let empty = kind.iter().find(is_empty);
                    gaps.extend(empty.map(|&route| (state.start_node(route), route)));
                }
                walker.nearby = Some(nearby);
            }
            nearby => {
                walker.nearby = nearby;
                walker.begin_walk(state);
                for &(route, _) in state.fitting(part) {
                    if !state.is_open(route) || walker.is_spare(state, route, 1) {
                        continue;
                    }
                    let end = state.end_node(route);
                    let mut prev = state.start_node(route);
                    while prev != end {
                        gaps.push((prev, route));
                        prev = state.nodes[prev as usize].next;
                    }
                }
            }
        }
    }

    /// As many empty routes of each kind that is near as the visit has parts.
    fn walk_empty(
        &mut self,
        sought: Sought<'_, '_>,
        nearby: &Nearby,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let Sought { state, part, .. } = sought;
        let problem = state.problem;
        let wanted = problem.visits[sought.spec.visit as usize].parts.len();
        for kind in nearby.kinds_of(part) {
            let is_empty = |route: &&u32| state.is_open(**route) && !state.is_used(**route);
            let empty = kind.iter().filter(is_empty);
            for &route in empty.take(wanted) {
                let Some(fit) = nearby.fit_of(problem, part, route) else { break };
                let start = state.start_node(route);
                self.judge_gap(sought, start, true, fit, random, &mut limit, &mut take);
            }
        }
    }

    /// The position behind a node and, over breaks, those further that way.
    #[expect(clippy::too_many_arguments, reason = "the hottest loop; its caller is just above")]
    #[inline]
    fn judge_gap(
        &mut self,
        sought: Sought<'_, '_>,
        mut prev: u32,
        goes_on: bool,
        fit_at: u32,
        random: &mut Pcg64Mcg,
        limit: &mut i64,
        take: &mut impl FnMut(&mut Self, Position) -> i64,
    ) {
        let state = sought.state;
        let to = state.problem.fits[fit_at as usize].to;
        loop {
            let node = &state.nodes[prev as usize];
            if node.start + node.service <= to {
                self.judge_here(sought, prev, fit_at, random, limit, take);
            }
            let is_break = |node: u32| state.nodes[node as usize].kind == Kind::Break;
            prev = match goes_on {
                true if is_break(node.next) => node.next,
                false if is_break(prev) => node.prev,
                _ => return,
            };
            if !self.walker.is_new(prev) {
                return;
            }
        }
    }

    /// Is this position overlooked? The distance to the next one overlooked is drawn, not each
    /// answer.
    #[inline]
    fn blinks(&mut self, effort: Effort, random: &mut Pcg64Mcg) -> bool {
        let Some(one_in) = effort.blink_one_in else { return false };
        if self.walker.until_blink > 0 {
            self.walker.until_blink -= 1;
            return false;
        }
        self.walker.until_blink = random.random_range(0..2 * one_in);
        true
    }
}
