//! What is to be solved, in dense numbers: no names, no calendar, no people.
//!
//! A `Problem` is immutable and valid for one solve. Times are *ticks* since an origin that the
//! maker chooses (seconds for a day, thousandths of the published unit for an instance); prices are
//! whole points. Nodes are numbered once: first the parts of all visits, then the breaks, then each
//! route's start and end.

use std::ops::Range;

use super::traffic::Traffic;

/// Number of score tiers.
pub const TIERS: usize = 4;
/// The tier of travel and all that is weighed against it.
pub const COST: usize = 3;
/// The tier of told times.
pub const TOLD: usize = 2;
/// Later than anything: "no limit" and "no way there". Far from overflow when two are added.
pub const NEVER: i32 = 1 << 29;
/// No such entry.
pub const NONE: u32 = u32::MAX;

/// A price in points, with its tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Points {
    /// Position of the tier.
    pub tier: usize,
    /// How much.
    pub points: i64,
}

/// A visit: its parts are the nodes of `parts`; all are done or none.
#[derive(Clone, Debug)]
pub struct VisitSpec {
    /// Its parts.
    pub parts: Range<u32>,
    /// What it costs to leave it out.
    pub unassigned: Points,
    /// Points of tier 3 besides: people were told of it.
    pub unassigned_told: i64,
    /// Does a meeting tie any of its parts?
    pub meets: bool,
    /// Does a meeting at a lag other than zero tie any of its parts?
    pub has_lags: bool,
    /// May one crew do several of its parts, one after the other?
    pub same_crew_allowed: bool,
    /// Is it kept out of the plan, whatever would fit?
    pub barred: bool,
    /// Must it stay in the plan once it is there, whatever would be cheaper?
    pub kept: bool,
}

/// One part of a visit.
#[derive(Clone, Debug)]
pub struct PartSpec {
    /// The visit it belongs to.
    pub visit: u32,
    /// Where.
    pub place: u32,
    /// How long.
    pub service: i32,
    /// Latest start without lateness; [`NEVER`] if no promise is judged on this part.
    pub due: i32,
    /// Position in [`Problem::lateness`].
    pub lateness: u32,
    /// What it adds to its route's load, in a unit of the maker's choice: minutes of service in a
    /// day (for fairness), goods in a published instance (for [`RouteSpec::load_max`]).
    pub load: i64,
    /// Position in [`Problem::groups`].
    pub group: u32,
}

/// `start(to) ≥ start(from) + least`, between two parts of one visit (least may be negative).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lag {
    /// The part at the other end.
    pub other: u32,
    /// The least lag.
    pub least: i32,
}

/// What lateness costs.
#[derive(Clone, Debug)]
pub struct LatenessSpec {
    /// The tier it is priced in.
    pub tier: usize,
    /// Ticks per unit; lateness is counted in units begun.
    pub unit: i32,
    /// `(above, points)`: every unit above the `above`-th costs `points` more.
    pub steps: Vec<(i64, i64)>,
    /// No lateness costs more.
    pub cap: i64,
}

impl LatenessSpec {
    /// Points for being late by `late` ticks.
    #[inline]
    pub fn price(&self, late: i32) -> i64 {
        if late <= 0 {
            return 0;
        }
        if self.unit == 1 && self.steps.len() == 1 {
            return (i64::from(late) * self.steps[0].1).min(self.cap);
        }
        let units = i64::from((late + self.unit - 1) / self.unit);
        let points: i64 =
            self.steps.iter().map(|(above, points)| (units - above).max(0) * points).sum();
        points.min(self.cap)
    }
}

/// How a part fits a route: when it may start there and what that costs besides travel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fit {
    /// Earliest start.
    pub from: i32,
    /// Latest start.
    pub to: i32,
    /// Position in [`Problem::starts`] when the starts between have holes; else [`NONE`].
    pub starts: u32,
    /// Points in tier 4: border, continuity.
    pub cost: i64,
    /// Position in [`Problem::hour_prices`]; [`NONE`] if the hour doesn't matter.
    pub hours: u32,
    /// Points in tier 3 whatever the start: told of another crew.
    pub told_cost: i64,
    /// Position in [`Problem::told`]; [`NONE`] if the start was told to nobody.
    pub told: u32,
}

/// Starts that were told, of the crew that is judged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ToldSpec {
    /// Told starts, one per audience.
    pub times: Vec<i32>,
    /// Further from a told start than this counts as moved.
    pub tolerance: i32,
    /// Points per audience.
    pub points: i64,
}

/// A break of a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BreakSpec {
    /// Earliest start.
    pub from: i32,
    /// Latest start.
    pub to: i32,
    /// How long.
    pub length: i32,
}

/// A route: one shift of one crew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouteSpec {
    /// The crew; a crew has a route per shift.
    pub crew: u32,
    /// Where it starts.
    pub start_place: u32,
    /// Where it ends.
    pub end_place: u32,
    /// Leaves no earlier.
    pub from: i32,
    /// Back without overtime.
    pub to: i32,
    /// Back at the very latest.
    pub latest: i32,
    /// Tier 4 points per tick driven.
    pub travel_price: i64,
    /// Tier 4 points per tick waited after the first visit.
    pub waiting_price: i64,
    /// Tier 4 points per tick of overtime.
    pub overtime_price: i64,
    /// No more than this may its parts' loads add up to; `i64::MAX` for no limit.
    pub load_max: i64,
    /// Its breaks, in order.
    pub breaks: Vec<BreakSpec>,
    /// Later routes of the same crew that must not start before this one's end plus the rest.
    pub rest_to: Vec<(u32, i32)>,
    /// Parts of visits on routes of different slots never meet in time (different days).
    pub slot: u32,
    /// The part that its crew has been told to go to next: [`NONE`] if it may be any.
    pub next_stop: u32,
    /// Parts that it does first, in this order: those of them that are in the plan stand on this
    /// route, before all its other parts. No part comes first twice.
    pub first: Vec<u32>,
}

/// Tier 4 points for what only whole routes show. See [`super::whole_routes`].
#[derive(Clone, Debug)]
pub struct RoutePrices {
    /// Per tick of waiting after the first stop.
    pub waiting: i64,
    /// Per tick of lateness of any part.
    pub lateness: i64,
    /// Per tick back after the shift's end.
    pub overtime: i64,
    /// Per tick of the greatest lateness of all parts.
    pub greatest_lateness: i64,
    /// Per tick of the greatest idle time of all routes, unused ones included.
    pub greatest_idle: i64,
    /// Per tick that a route's work lies from the mean of all routes.
    pub imbalance: i64,
    /// Do crews leave when the shift starts, instead of as late as pays?
    pub leaves_at_start: bool,
    /// How many stops may become later by a delay: [`RoutePrices::yields_for`].
    pub yields: usize,
    /// Per part its first window.
    pub windows: Vec<WindowSpec>,
    /// The windows after the first ones.
    pub later_windows: Vec<WindowSpec>,
    /// Per part: is it a rest of the crew instead of a visit to anyone?
    pub rests: Vec<bool>,
}

/// A window of a part.
#[derive(Clone, Copy, Debug)]
pub struct WindowSpec {
    /// It opens then.
    pub from: i32,
    /// Latest start that is not late.
    pub due: i32,
    /// Position in [`RoutePrices::later_windows`] of the next one; [`NONE`] if it is the last.
    pub next: u32,
}

/// Dense and checked once. See the module's head for the numbering of nodes.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// How many places.
    pub places: usize,
    /// Ticks from place to place, row by row; set-up not included; [`NEVER`] where there is no way.
    pub travel: Vec<i32>,
    /// Ticks of set-up per place, spent when the stop before was at another place.
    pub setup: Vec<i32>,
    /// Hours at which legs take other than the table's time; none when they never do. Prices of
    /// travel are by the table at all hours.
    pub traffic: Option<Traffic>,
    /// The visits.
    pub visits: Vec<VisitSpec>,
    /// The parts of all visits, in the order of the visits.
    pub parts: Vec<PartSpec>,
    /// Sets of parts of one visit that start together; a part alone is a group of one.
    pub groups: Vec<Vec<u32>>,
    /// Per part, what its start must wait for: `start(part) ≥ start(other) + least`.
    pub lags_in: Vec<Vec<Lag>>,
    /// Per part, what waits for it: `start(other) ≥ start(part) + least`.
    pub lags_out: Vec<Vec<Lag>>,
    /// The routes.
    pub routes: Vec<RouteSpec>,
    /// Price functions of lateness.
    pub lateness: Vec<LatenessSpec>,
    /// Distinct fits.
    pub fits: Vec<Fit>,
    /// Per part, the routes it fits with the position in `fits`, sorted by route.
    pub fitting: Vec<Vec<(u32, u32)>>,
    /// Lists of stretches in which a start may lie (both ends included), sorted, apart.
    pub starts: Vec<Vec<(i32, i32)>>,
    /// Lists of `(from, to, points)`: a start in `from..to` costs `points` in tier 4.
    pub hour_prices: Vec<Vec<(i32, i32, i64)>>,
    /// Told starts.
    pub told: Vec<ToldSpec>,
    /// Tier 3 points when a route's first visit is not the `next_stop`.
    pub next_stop_price: i64,
    /// Tier 4 points per square of a route's load.
    pub fairness: i64,
    /// Tier 4 points per tick of the greatest lateness of all (a published objective).
    pub greatest_lateness: i64,
    /// Prices of whole routes, where times are priced so (a published objective): then nothing else
    /// of waiting, lateness and overtime has a price, and routes have no breaks.
    pub route_prices: Option<RoutePrices>,
    /// Exchange rates of the tiers for judging one change: earlier tiers must swamp later ones.
    pub weights: [i64; TIERS],
    /// Of a hundred ruins, how many scatter instead of taking strings: more where other things than
    /// travel tie routes together.
    pub scattered_percent: u32,
    /// First and last temperature of the annealing, in points of tier 4.
    pub temperatures: (i64, i64),
}

impl Problem {
    /// Number of nodes: parts, breaks, two per route.
    pub fn node_count(&self) -> usize {
        let breaks: usize = self.routes.iter().map(|route| route.breaks.len()).sum();
        self.parts.len() + breaks + 2 * self.routes.len()
    }

    /// Ticks from place to place, set-up not included.
    #[inline]
    pub fn travel(&self, from: u32, to: u32) -> i32 {
        self.travel[from as usize * self.places + to as usize]
    }

    /// Ticks from the end of a stop to the earliest start at the next: travel and set-up.
    #[inline]
    pub fn gap(&self, from: u32, to: u32) -> i32 {
        let travel = self.travel[from as usize * self.places + to as usize];
        if from == to { travel } else { travel + self.setup[to as usize] }
    }

    /// Earliest start at a place for whoever is done at another: travel at that hour, and set-up.
    #[inline]
    pub fn ready(&self, done: i32, from: u32, to: u32) -> i32 {
        match &self.traffic {
            None => done.saturating_add(self.gap(from, to)),
            Some(traffic) => self.ready_in_traffic(traffic, done, from, to),
        }
    }

    /// The latest moment to be done at a place and still be ready at the other by then; `NEVER`
    /// when that has no limit.
    #[inline]
    pub fn done_by(&self, limit: i32, from: u32, to: u32) -> i32 {
        if limit >= NEVER {
            return NEVER;
        }
        match &self.traffic {
            None => limit - self.gap(from, to),
            Some(traffic) => {
                let setup = if from == to { 0 } else { self.setup[to as usize] };
                traffic.leave(limit - setup, (from, to), self.travel(from, to))
            }
        }
    }

    fn ready_in_traffic(&self, traffic: &Traffic, done: i32, from: u32, to: u32) -> i32 {
        let setup = if from == to { 0 } else { self.setup[to as usize] };
        traffic.arrive(done, (from, to), self.travel(from, to)).saturating_add(setup)
    }

    /// The fit of a part on a route, if it fits at all.
    #[inline]
    pub fn fit_of(&self, part: u32, route: u32) -> Option<u32> {
        let fitting = &self.fitting[part as usize];
        fitting.binary_search_by_key(&route, |entry| entry.0).ok().map(|at| fitting[at].1)
    }

    /// Earliest allowed start at or after `time`; [`NEVER`] if there is none.
    #[inline]
    pub fn next_start(&self, fit: &Fit, time: i32) -> i32 {
        let time = time.max(fit.from);
        if time > fit.to {
            return NEVER;
        }
        if fit.starts == NONE {
            return time;
        }
        let stretches = &self.starts[fit.starts as usize];
        stretches.iter().find(|(_, to)| time <= *to).map_or(NEVER, |(from, _)| time.max(*from))
    }

    /// Latest allowed start at or before `time`; `-NEVER` if there is none.
    #[inline]
    pub fn last_start(&self, fit: &Fit, time: i32) -> i32 {
        let time = time.min(fit.to);
        if time < fit.from {
            return -NEVER;
        }
        if fit.starts == NONE {
            return time;
        }
        let stretches = &self.starts[fit.starts as usize];
        let found = stretches.iter().rev().find(|(from, _)| time >= *from);
        found.map_or(-NEVER, |(_, to)| time.min(*to))
    }

    /// Points of tier 4 for starting at this hour.
    #[inline]
    pub fn hour_price(&self, fit: &Fit, start: i32) -> i64 {
        if fit.hours == NONE {
            return 0;
        }
        let rows = &self.hour_prices[fit.hours as usize];
        rows.iter().find(|(from, to, _)| *from <= start && start < *to).map_or(0, |row| row.2)
    }

    /// Points of tier 3 for starting then, the crew being the one that was told.
    #[inline]
    pub fn told_price(&self, fit: &Fit, start: i32) -> i64 {
        if fit.told == NONE {
            return 0;
        }
        let told = &self.told[fit.told as usize];
        let moved = told.times.iter().filter(|time| (start - **time).abs() > told.tolerance);
        moved.count() as i64 * told.points
    }

    /// The earliest start for which a told start would not count as moved, if any was told.
    pub fn hold_of(&self, fit: &Fit) -> Option<i32> {
        if fit.told == NONE {
            return None;
        }
        let told = &self.told[fit.told as usize];
        told.times.iter().max().map(|time| time - told.tolerance)
    }
}
