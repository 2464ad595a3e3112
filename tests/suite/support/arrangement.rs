//! An order of stops on every shift, its plain timing and its price.

use rond::domain::TIERS;

use super::day::Day;

/// A stop of an arrangement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Halt {
    /// The part at this position of the day.
    Part(usize),
    /// The break at this position of the route's breaks.
    Break(usize),
}

/// Per route its stops in order; a route without a part is not used. Holds are left out: a tiny
/// world has told nobody anything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Arrangement {
    /// Stops per route.
    pub routes: Vec<Vec<Halt>>,
}

/// When everything starts.
pub struct Timing {
    /// Start per route and stop.
    pub starts: Vec<Vec<i64>>,
    /// When each route is back.
    pub backs: Vec<i64>,
}

impl Arrangement {
    /// Nobody is visited.
    pub fn empty(day: &Day) -> Arrangement {
        let breaks = |count: usize| (0..count).map(Halt::Break).collect();
        Arrangement { routes: day.routes.iter().map(|route| breaks(route.breaks.len())).collect() }
    }

    /// Does the route visit anyone?
    pub fn is_used(&self, route: usize) -> bool {
        self.routes[route].iter().any(|halt| matches!(halt, Halt::Part(_)))
    }

    /// The route that each part is on.
    pub fn route_of_parts(&self, day: &Day) -> Vec<Option<usize>> {
        let mut routes = vec![None; day.parts.len()];
        for (at, route) in self.routes.iter().enumerate() {
            for halt in route {
                if let Halt::Part(part) = *halt {
                    routes[part] = Some(at);
                }
            }
        }
        routes
    }

    /// The place of each stop of a route.
    pub fn places(&self, day: &Day, route: usize) -> Vec<usize> {
        let mut here = day.routes[route].start_place;
        let mut places = Vec::new();
        for halt in &self.routes[route] {
            if let Halt::Part(part) = *halt {
                here = day.parts[part].place;
            }
            places.push(here);
        }
        places
    }

    /// The earliest starts, or nothing when the order cannot be kept.
    pub fn earliest(&self, day: &Day) -> Option<Timing> {
        self.raise_starts(day, false)
    }

    /// Starts that no arrangement with more visits put into this one can undercut, or nothing when
    /// none of them can be kept. The earliest starts are no such bound: a visit put in before a
    /// break moves the break to its place, from where the next may be nearer. So here a break only
    /// says when it is over, and that it takes its time besides all driving.
    pub fn bound(&self, day: &Day) -> Option<Timing> {
        self.raise_starts(day, true)
    }

    /// Raises starts until nothing asks for more; what goes round in a circle ends past its limit.
    fn raise_starts(&self, day: &Day, is_bound: bool) -> Option<Timing> {
        let mut start_of_part = vec![i64::MIN / 4; day.parts.len()];
        let mut timing = Timing {
            starts: self.routes.iter().map(|stops| vec![i64::MIN / 4; stops.len()]).collect(),
            backs: vec![i64::MIN / 4; self.routes.len()],
        };
        let placed = self.route_of_parts(day);
        loop {
            let mut raised = false;
            for tie in &day.ties {
                if placed[tie.from].is_some() && placed[tie.to].is_some() {
                    let least = start_of_part[tie.from] + tie.least;
                    if start_of_part[tie.to] < least {
                        start_of_part[tie.to] = least;
                        raised = true;
                    }
                }
            }
            for route in (0..self.routes.len()).filter(|&route| self.is_used(route)) {
                raised |= self.pass_along(day, route, is_bound, &mut start_of_part, &mut timing)?;
            }
            if !raised {
                return Some(timing);
            }
        }
    }

    /// Raises the starts along one route. `None` when a limit is broken.
    fn pass_along(
        &self,
        day: &Day,
        route: usize,
        is_bound: bool,
        start_of_part: &mut [i64],
        timing: &mut Timing,
    ) -> Option<bool> {
        let facts = &day.routes[route];
        let mut raised = false;
        let rest = day.world.policy.rest.0;
        let mut clock = facts.from;
        for earlier in 0..route {
            if day.routes[earlier].crew == facts.crew && self.is_used(earlier) {
                clock = clock.max(timing.backs[earlier] + rest);
            }
        }
        let mut here = facts.start_place;
        // When the crew could set off but for the breaks' windows.
        let mut sets_off = clock;
        for (at, halt) in self.routes[route].iter().enumerate() {
            let start = match *halt {
                Halt::Break(index) => {
                    let due = &facts.breaks[index];
                    let start = clock.max(due.from).max(timing.starts[route][at]);
                    if start > due.to {
                        return None;
                    }
                    clock = start + due.length;
                    sets_off += due.length;
                    start
                }
                Halt::Part(part) => {
                    let gap = day.gap(here, day.parts[part].place)?;
                    let ready = if is_bound { clock.max(sets_off + gap) } else { clock + gap };
                    let stretches = &day.fits[part][route].as_ref()?.starts;
                    let ready = ready.max(start_of_part[part]);
                    let stretch = stretches.iter().find(|stretch| ready <= stretch.1)?;
                    let start = ready.max(stretch.0);
                    raised |= start > start_of_part[part];
                    start_of_part[part] = start;
                    here = day.parts[part].place;
                    clock = start + day.parts[part].service;
                    sets_off = clock;
                    start
                }
            };
            raised |= start > timing.starts[route][at];
            timing.starts[route][at] = start;
        }
        let way = day.travel(here, facts.end_place)?;
        let back = if is_bound { clock.max(sets_off + way) } else { clock + way };
        if back > facts.latest {
            return None;
        }
        raised |= back > timing.backs[route];
        timing.backs[route] = back;
        Some(raised)
    }

    /// What the arrangement costs, tier by tier. With `bound`, only what further visits can never
    /// make cheaper: no waiting, no responsibility, and nothing for visits not `decided`.
    pub fn price(&self, day: &Day, timing: &Timing, bound: Option<&[bool]>) -> [i64; TIERS] {
        let mut tiers = [0; TIERS];
        let placed = self.route_of_parts(day);
        for (visit, parts) in day.parts_of.iter().enumerate() {
            let is_left_out = parts.iter().any(|&part| placed[part].is_none());
            if is_left_out && bound.is_none_or(|decided| decided[visit]) {
                let (tier, points) = day.price_of_leaving_out(visit);
                tiers[tier] += points;
            }
        }
        for route in (0..self.routes.len()).filter(|&route| self.is_used(route)) {
            self.price_route(day, route, timing, bound.is_some(), &mut tiers);
        }
        tiers
    }

    fn price_route(
        &self,
        day: &Day,
        route: usize,
        timing: &Timing,
        is_bound: bool,
        tiers: &mut [i64; TIERS],
    ) {
        let facts = &day.routes[route];
        let prices = &day.world.policy.prices;
        let (mut here, mut clock, mut after_visit) = (facts.start_place, facts.from, false);
        let (mut load, mut driven, mut waited, mut cost) = (0, 0, 0, 0);
        for (halt, &start) in self.routes[route].iter().zip(&timing.starts[route]) {
            match *halt {
                Halt::Break(index) => {
                    waited += if after_visit { start - clock } else { 0 };
                    clock = start + facts.breaks[index].length;
                }
                Halt::Part(part) => {
                    let due = &day.parts[part];
                    // A timing exists, so every leg does.
                    let gap = day.gap(here, due.place).expect("a way");
                    waited += if after_visit { start - clock - gap } else { 0 };
                    driven += day.travel(here, due.place).expect("a way");
                    load += due.load;
                    cost += day.fits[part][route].as_ref().expect("a fit").cost;
                    cost += if is_bound { 0 } else { day.responsibility(part, route, start) };
                    price_lateness(day, part, start, tiers);
                    (here, clock, after_visit) = (due.place, start + due.service, true);
                }
            }
        }
        driven += day.travel(here, facts.end_place).expect("a way");
        cost += driven * prices.travel_second;
        cost += if is_bound { 0 } else { waited * facts.waiting_price };
        cost += (timing.backs[route] - facts.to).max(0) * prices.overtime_second;
        cost += load * load * prices.fairness_minute_squared;
        tiers[TIERS - 1] += cost;
    }
}

fn price_lateness(day: &Day, part: usize, start: i64, tiers: &mut [i64; TIERS]) {
    let due = &day.parts[part];
    let visit = &day.world.visits[due.visit];
    if day.world.judged_part(visit) != due.part {
        return;
    }
    let Some((promise, deadline)) = day.world.deadline_of(visit) else { return };
    let lateness = &promise.lateness;
    let late = start - deadline.0;
    if late <= 0 {
        return;
    }
    let units = (late + lateness.unit.0 - 1) / lateness.unit.0;
    let steps = lateness.steps.iter().filter(|(above, _)| units > *above);
    let points: i64 = steps.map(|(above, points)| (units - above) * points).sum();
    tiers[promise.tier.index()] += points.min(lateness.cap);
}
