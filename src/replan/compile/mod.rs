//! World → Problem: names become numbers, rules become windows, policy becomes points.
//!
//! What `rules/` says in sentences is said here in numbers once more; property tests hold the two
//! together. Ticks are seconds since the beginning of the horizon or, if earlier, since `as_of`.

mod fits;
mod hours;
mod previous;
mod traffic;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    Crew, Instant, PartId, Party, Seconds, Shift, Span, Stop, Told, Visit, VisitId, World,
};
use crate::solver::problem::{BreakSpec, Fit, LatenessSpec, NEVER, NONE, RouteSpec, ToldSpec};
use crate::solver::search::Snapshot;
use crate::solver::{Earlier, Problem};
use crate::travel::Matrix;

use hours::HourPrices;
use previous::told_stops;

/// Exchange rates of the tiers when one change is judged: each swamps what the next can amount to
/// in a single insertion (4 million points of tier 4 are 4.6 days of driving).
const WEIGHTS: [i64; 4] = [1 << 42, 1 << 30, 1 << 22, 1];
/// The annealing begins at the price of so many hundredths of a typical leg, and ends at so many.
const TEMPERATURE_PERCENT: (i64, i64) = (300, 6);
/// Fairness and continuity weigh as much as travel in a day, so most ruins scatter; with more
/// visits than this, what is near matters more.
const SCATTERED_PERCENT: (u32, u32) = (85, 20);
const SMALL_VISITS: usize = 300;
/// A typical leg is found from so many visits and so many of each one's nearest.
const LEG_SAMPLE: (usize, usize) = (200, 5);

/// A world in the solver's numbers, and the way back.
#[derive(Clone)]
pub struct Compiled {
    /// What the solver sees.
    pub problem: Problem,
    /// The moment of tick 0.
    pub origin: Instant,
    /// Per route: position of the crew, and of the shift in the crew's shifts.
    pub shifts: Vec<(usize, usize)>,
    /// Per route: for each of its breaks the position in the shift's breaks.
    pub breaks: Vec<Vec<usize>>,
    /// Per visit of the solver, which it is: `None` where there is room for one to come, or where
    /// one is no longer wanted.
    pub visits: Vec<Option<VisitId>>,
    /// Where the previous plan had its parts.
    pub earlier: Vec<Earlier>,
    /// What people were told of parts by the previous plan: it stays a fact.
    pub told: BTreeMap<PartId, Vec<Told>>,
    room: RoomLeft,
}

/// How much can still come into a compiled world.
#[derive(Clone, Copy, Default)]
struct RoomLeft {
    /// The next visit to be filled.
    visit: usize,
    /// The next place to be filled.
    place: usize,
}

/// Room to compile a world with, for what is still to come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Visits.
    pub visits: usize,
    /// Parts of each at most.
    pub parts: usize,
    /// Places.
    pub places: usize,
}

/// Compiles a world.
pub fn compile(world: &World, travel: &Matrix) -> Compiled {
    compile_with_room(world, travel, Room { visits: 0, parts: 0, places: 0 })
}

/// Compiles a world with room for visits that come later, by [`Compiled::enter`].
pub fn compile_with_room(world: &World, travel: &Matrix, room: Room) -> Compiled {
    let mut compiler = Compiler::new(world);
    compiler.lay_roads(travel);
    compiler.add_routes();
    for visit in &world.visits {
        compiler.add_visit(visit);
    }
    compiler.add_previous();
    compiler.add_first_stops();
    compiler.finish(room)
}

impl Compiled {
    /// Takes in a visit of the world that came after it was compiled; nothing else of the world may
    /// have changed. The plan is kept as it is, without the visit. `None`, and nothing done, when
    /// there is no room left.
    pub fn enter(
        &mut self,
        world: &World,
        travel: &Matrix,
        visit: &Visit,
        plan: &mut Snapshot,
    ) -> Option<u32> {
        let place = world.place_position(&world.patient_of(visit).place);
        let is_new = place >= self.room.place;
        let has_room = self.room.visit < self.problem.visits.len()
            && place <= self.room.place
            && place < self.problem.places;
        if !has_room {
            return None;
        }
        let at = self.room.visit;
        let mut compiler = Compiler::new(world);
        let traffic = compiler.problem.traffic.take();
        std::mem::swap(&mut compiler.problem, &mut self.problem);
        compiler.origin = self.origin;
        compiler.routes_of_crew = vec![Vec::new(); world.crews.len()];
        for (route, &(crew, _)) in self.shifts.iter().enumerate() {
            compiler.routes_of_crew[crew].push(route as u32);
        }
        if is_new {
            // The hours of driving there are in no class of the places that were known.
            compiler.problem.traffic = traffic;
            compiler.lay_road_to(travel, place);
        }
        let new = compiler.in_numbers(visit, at);
        std::mem::swap(&mut compiler.problem, &mut self.problem);
        if !self.problem.fill_visit(at as u32, new, plan) {
            return None;
        }
        self.room.visit += 1;
        self.room.place += usize::from(is_new);
        self.visits[at] = Some(visit.id.clone());
        Some(at as u32)
    }

    /// The position of a visit in the problem.
    pub fn position(&self, visit: &VisitId) -> Option<u32> {
        self.visits.iter().position(|known| known.as_ref() == Some(visit)).map(|at| at as u32)
    }

    /// Forgets a visit that nobody wants any more; it must not be in the plan.
    pub fn retire(&mut self, visit: u32) {
        self.problem.retire_visit(visit);
        self.visits[visit as usize] = None;
    }
}

struct Compiler<'w> {
    world: &'w World,
    origin: Instant,
    problem: Problem,
    shifts: Vec<(usize, usize)>,
    breaks: Vec<Vec<usize>>,
    /// Routes of each crew, in the order of its shifts.
    routes_of_crew: Vec<Vec<u32>>,
    fit_index: BTreeMap<Fit, u32>,
    starts_index: BTreeMap<Vec<(i32, i32)>, u32>,
    told_index: BTreeMap<ToldSpec, u32>,
    hours: HourPrices<'w>,
    /// Stretches in which a delregion lends a kind of crew to another, per lending row.
    lending: Vec<Vec<Span>>,
    told: BTreeMap<(usize, usize), (&'w Stop, usize)>,
    visits: Vec<Option<VisitId>>,
    earlier: Vec<Earlier>,
}

impl<'w> Compiler<'w> {
    fn new(world: &'w World) -> Compiler<'w> {
        let origin = world.horizon.from().min(world.as_of);
        let calendar = world.calendar();
        // A shift may run past the horizon's end, a day at most for any law that we know.
        let reach = Span::new(origin, world.horizon.to() + Seconds::from_minutes(2 * 1440));
        let reach = reach.unwrap_or(world.horizon);
        let lending =
            world.policy.lending.iter().map(|row| calendar.spans_of(&row.hours, reach)).collect();
        let mut problem = Problem {
            fairness: world.policy.prices.fairness_minute_squared,
            next_stop_price: world.policy.prices.next_stop_changed,
            weights: WEIGHTS,
            scattered_percent: if world.visits.len() <= SMALL_VISITS {
                SCATTERED_PERCENT.0
            } else {
                SCATTERED_PERCENT.1
            },
            ..Problem::default()
        };
        problem.traffic = traffic::traffic(world, origin, reach);
        // Entry 0 is for parts that no promise is judged on.
        problem.lateness.push(LatenessSpec { tier: 1, unit: 1, steps: Vec::new(), cap: 0 });
        for promise in &world.policy.promises {
            problem.lateness.push(LatenessSpec {
                tier: promise.tier.index(),
                unit: ticks(promise.lateness.unit).max(1),
                steps: promise.lateness.steps.clone(),
                cap: promise.lateness.cap,
            });
        }
        Compiler {
            world,
            origin,
            problem,
            shifts: Vec::new(),
            breaks: Vec::new(),
            routes_of_crew: Vec::new(),
            fit_index: BTreeMap::new(),
            starts_index: BTreeMap::new(),
            told_index: BTreeMap::new(),
            hours: HourPrices::new(world, origin, reach),
            lending,
            told: told_stops(world),
            visits: Vec::new(),
            earlier: Vec::new(),
        }
    }

    fn tick(&self, moment: Instant) -> i32 {
        ticks(moment - self.origin)
    }

    fn lay_roads(&mut self, travel: &Matrix) {
        let size = self.world.places.len();
        self.problem.places = size;
        self.problem.setup = self.world.places.iter().map(|place| ticks(place.setup)).collect();
        self.problem.travel = Vec::with_capacity(size * size);
        for from in 0..size {
            let row =
                (0..size).map(|to| travel.leg(from, to).map_or(NEVER, |leg| ticks(leg.seconds)));
            self.problem.travel.extend(row);
        }
    }

    /// The road to a place that there was only room for, and from it.
    fn lay_road_to(&mut self, travel: &Matrix, place: usize) {
        let ticks_of =
            |from: usize, to: usize| travel.leg(from, to).map_or(NEVER, |leg| ticks(leg.seconds));
        let out: Vec<i32> = (0..=place).map(|other| ticks_of(place, other)).collect();
        let back: Vec<i32> = (0..=place).map(|other| ticks_of(other, place)).collect();
        let setup = ticks(self.world.places[place].setup);
        self.problem.fill_place(place as u32, setup, &out, &back);
    }

    fn add_routes(&mut self) {
        let world = self.world;
        for (c, crew) in world.crews.iter().enumerate() {
            let first = self.problem.routes.len() as u32;
            for (s, shift) in crew.shifts.iter().enumerate() {
                self.add_route(c, s, crew, shift);
            }
            let routes: Vec<u32> = (first..self.problem.routes.len() as u32).collect();
            self.tie_by_rest(&routes);
            self.routes_of_crew.push(routes);
        }
        self.number_slots();
    }

    fn add_route(&mut self, c: usize, s: usize, crew: &Crew, shift: &Shift) {
        let world = self.world;
        let prices = &world.policy.prices;
        let mut breaks = Vec::new();
        let mut specs = Vec::new();
        for (at, due) in world.breaks_due(shift) {
            breaks.push(at);
            specs.push(BreakSpec {
                from: self.tick(due.window.from()),
                to: self.tick(due.window.to() - due.length),
                length: ticks(due.length),
            });
        }
        let waiting_price = match crew.employer {
            Party::Region => prices.waiting_second_region,
            Party::Municipality(_) => prices.waiting_second_municipality,
        };
        self.problem.routes.push(RouteSpec {
            crew: c as u32,
            start_place: world.place_position(&shift.start_place) as u32,
            end_place: world.place_position(&shift.end_place) as u32,
            from: self.tick(world.work_from(shift)),
            to: self.tick(shift.hours.to()),
            latest: self.tick(shift.hours.to() + shift.overtime_max),
            travel_price: prices.travel_second,
            waiting_price,
            overtime_price: prices.overtime_second,
            load_max: i64::MAX,
            breaks: specs,
            rest_to: Vec::new(),
            slot: 0,
            next_stop: NONE,
            first: Vec::new(),
        });
        self.shifts.push((c, s));
        self.breaks.push(breaks);
    }

    /// Notes where the daily rest can push a later shift of the same crew.
    fn tie_by_rest(&mut self, routes: &[u32]) {
        let rest = ticks(self.world.policy.rest);
        for (at, &earlier) in routes.iter().enumerate() {
            for &later in &routes[at + 1..] {
                let back = self.problem.routes[earlier as usize].latest;
                if self.problem.routes[later as usize].from < back + rest {
                    self.problem.routes[earlier as usize].rest_to.push((later, rest));
                }
            }
        }
    }

    /// What each shift does first. What the previous plan had of it stays in the plan.
    fn add_first_stops(&mut self) {
        let world = self.world;
        let planned: BTreeSet<u32> = self.earlier.iter().map(|entry| entry.part).collect();
        for route in 0..self.shifts.len() {
            let (c, s) = self.shifts[route];
            let first = world.crews[c].shifts[s].first.iter();
            let parts = first.filter_map(|id| self.part_node(&id.visit, id.part));
            let parts: Vec<u32> = parts.collect();
            for part in parts.iter().filter(|part| planned.contains(part)) {
                let visit = self.problem.parts[*part as usize].visit;
                self.problem.visits[visit as usize].kept = true;
            }
            self.problem.routes[route].first = parts;
        }
    }

    /// Routes whose shifts can't meet in time, even with the longest lag, get different slots.
    fn number_slots(&mut self) {
        let meetings = self.world.visits.iter().flat_map(|visit| &visit.meetings);
        let lag = meetings.map(|meeting| ticks(meeting.lag_max)).max().unwrap_or(0).max(0);
        let mut order: Vec<usize> = (0..self.problem.routes.len()).collect();
        order.sort_by_key(|&route| self.problem.routes[route].from);
        let (mut slot, mut end) = (0, -NEVER);
        for route in order {
            let spec = &mut self.problem.routes[route];
            if spec.from > end.saturating_add(lag) && end > -NEVER {
                slot += 1;
            }
            end = end.max(spec.latest);
            spec.slot = slot;
        }
    }

    fn finish(mut self, room: Room) -> Compiled {
        let room_left = RoomLeft { visit: self.problem.visits.len(), place: self.problem.places };
        if room.visits > 0 || room.places > 0 {
            self.problem.make_room(room.visits, room.parts, room.places);
        }
        self.visits.resize(self.problem.visits.len(), None);
        let leg = typical_leg(&self.problem) * self.world.policy.prices.travel_second;
        let (first, last) = TEMPERATURE_PERCENT;
        self.problem.temperatures = ((leg * first / 100).max(1), (leg * last / 100).max(1));
        Compiled {
            problem: self.problem,
            origin: self.origin,
            shifts: self.shifts,
            breaks: self.breaks,
            visits: self.visits,
            earlier: self.earlier,
            told: previous::told(self.world),
            room: room_left,
        }
    }
}

/// Seconds as ticks; what lies further than [`NEVER`] lies there.
fn ticks(length: Seconds) -> i32 {
    length.0.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
}

/// The position of a value in a list without duplicates, put there if new.
fn intern<T: Ord + Clone>(index: &mut BTreeMap<T, u32>, list: &mut Vec<T>, value: T) -> u32 {
    if let Some(&at) = index.get(&value) {
        return at;
    }
    let at = list.len() as u32;
    list.push(value.clone());
    index.insert(value, at);
    at
}

/// Ticks of a typical leg between near visits: the mean over a sample.
fn typical_leg(problem: &Problem) -> i64 {
    let places: Vec<u32> = problem
        .visits
        .iter()
        .filter(|visit| !visit.parts.is_empty())
        .map(|visit| problem.parts[visit.parts.start as usize].place)
        .collect();
    let step = (places.len() / LEG_SAMPLE.0).max(1);
    let (mut sum, mut count) = (0, 0);
    for &from in places.iter().step_by(step) {
        let mut legs: Vec<i32> = places
            .iter()
            .map(|&to| problem.travel(from, to))
            .filter(|&leg| leg > 0 && leg < NEVER)
            .collect();
        legs.sort_unstable();
        for leg in legs.iter().take(LEG_SAMPLE.1) {
            sum += i64::from(*leg);
            count += 1;
        }
    }
    if count == 0 { 1 } else { (sum / count).max(1) }
}
