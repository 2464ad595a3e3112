//! World → Problem: names become numbers, rules become windows, policy becomes points.
//!
//! What `rules/` says in sentences is said here in numbers once more; property tests hold the two
//! together. Ticks are seconds since the beginning of the horizon or, if earlier, since `as_of`.

use std::collections::BTreeMap;

use crate::domain::{
    Crew, DelregionId, Instant, MunicipalityId, Part, Party, Patient, PinWhat, Scope, Seconds,
    Shift, Span, Stop, StopWhat, Visit, World,
};
use crate::solver::problem::{
    BreakSpec, Fit, Lag, LatenessSpec, NEVER, NONE, PartSpec, Points, RouteSpec, ToldSpec,
    VisitSpec,
};
use crate::solver::{Earlier, Problem};
use crate::travel::Matrix;

use super::hours::HourPrices;

/// Exchange rates of the tiers when one change is judged: each swamps what the next can amount to
/// in a single insertion (4 million points of tier 4 are 4.6 days of driving).
const WEIGHTS: [i64; 4] = [1 << 42, 1 << 30, 1 << 22, 1];
/// The annealing begins at the price of so many hundredths of a typical leg, and ends at so many.
const TEMPERATURE_PERCENT: (i64, i64) = (300, 6);
/// A typical leg is found from so many visits and so many of each one's nearest.
const LEG_SAMPLE: (usize, usize) = (200, 5);

/// A world in the solver's numbers, and the way back.
pub struct Compiled {
    /// What the solver sees.
    pub problem: Problem,
    /// The moment of tick 0.
    pub origin: Instant,
    /// Per route: position of the crew, and of the shift in the crew's shifts.
    pub shifts: Vec<(usize, usize)>,
    /// Per route: for each of its breaks the position in the shift's breaks.
    pub breaks: Vec<Vec<usize>>,
    /// Where the previous plan had its parts.
    pub earlier: Vec<Earlier>,
}

/// Compiles a world.
pub fn compile(world: &World, travel: &Matrix) -> Compiled {
    let mut compiler = Compiler::new(world);
    compiler.lay_roads(travel);
    compiler.add_routes();
    for visit in &world.visits {
        compiler.add_visit(visit);
    }
    compiler.add_previous();
    compiler.finish()
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
            ..Problem::default()
        };
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
            breaks: specs,
            rest_to: Vec::new(),
            slot: 0,
            next_stop: NONE,
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

    fn add_visit(&mut self, visit: &'w Visit) {
        let world = self.world;
        let at = self.problem.visits.len();
        let first = self.problem.parts.len() as u32;
        let patient = world.patient_of(visit);
        let place = world.place_position(&patient.place) as u32;
        let deadline = world.deadline_of(visit);
        let judged = world.judged_part(visit);
        let promise = deadline.map(|(promise, _)| promise);
        let table = promise.and_then(|promise| {
            world.policy.promises.iter().position(|other| std::ptr::eq(other, promise))
        });
        for (index, part) in visit.parts.iter().enumerate() {
            let due = deadline.filter(|_| index == judged).map(|(_, moment)| self.tick(moment));
            self.problem.parts.push(PartSpec {
                visit: at as u32,
                place,
                service: ticks(part.service),
                due: due.unwrap_or(NEVER),
                lateness: table.map_or(0, |table| table as u32 + 1),
                load: part.service.minutes_begun(),
                group: NONE,
            });
            self.problem.lags_in.push(Vec::new());
            self.problem.lags_out.push(Vec::new());
        }
        self.tie_by_meetings(visit, first);
        let (unassigned, unassigned_told) = self.price_of_leaving_out(visit, at);
        self.problem.visits.push(VisitSpec {
            parts: first..first + visit.parts.len() as u32,
            unassigned,
            unassigned_told,
            meets: !visit.meetings.is_empty(),
            has_lags: self.problem.lags_in[first as usize..].iter().any(|lags| !lags.is_empty()),
            same_crew_allowed: visit.same_crew_allowed,
            barred: self.pins_of(visit, 0).any(|what| *what == PinWhat::Unassigned),
        });
        for (index, part) in visit.parts.iter().enumerate() {
            let fitting = self.fitting(visit, patient, at, index, part);
            self.problem.fitting.push(fitting);
        }
    }

    fn tie_by_meetings(&mut self, visit: &Visit, first: u32) {
        let mut group_of: Vec<usize> = (0..visit.parts.len()).collect();
        for meeting in &visit.meetings {
            let together = meeting.lag_min == Seconds::ZERO && meeting.lag_max == Seconds::ZERO;
            if together {
                let (from, to) = (group_of[meeting.second], group_of[meeting.first]);
                group_of.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
                continue;
            }
            let (a, b) = (first + meeting.first as u32, first + meeting.second as u32);
            let (least, most) = (ticks(meeting.lag_min), ticks(meeting.lag_max));
            let lags_in = &mut self.problem.lags_in;
            lags_in[b as usize].push(Lag { other: a, least });
            lags_in[a as usize].push(Lag { other: b, least: -most });
            let lags_out = &mut self.problem.lags_out;
            lags_out[a as usize].push(Lag { other: b, least });
            lags_out[b as usize].push(Lag { other: a, least: -most });
        }
        for leader in 0..visit.parts.len() {
            let members: Vec<u32> = (0..visit.parts.len())
                .filter(|&part| group_of[part] == leader)
                .map(|part| first + part as u32)
                .collect();
            if members.is_empty() {
                continue;
            }
            let group = self.problem.groups.len() as u32;
            members.iter().for_each(|&part| self.problem.parts[part as usize].group = group);
            self.problem.groups.push(members);
        }
    }

    /// Points of the visit's own tier, and of tier 3 for those who were told of it.
    fn price_of_leaving_out(&self, visit: &Visit, at: usize) -> (Points, i64) {
        let world = self.world;
        let price = match world.promise_of(visit) {
            Some(promise) if world.is_deferrable(visit) => {
                Points { tier: 3, points: promise.deferred }
            }
            Some(promise) => {
                Points { tier: promise.tier.index(), points: promise.lateness.unassigned() }
            }
            None => {
                let kind = world.policy.kinds.iter().find(|kind| kind.id == visit.kind);
                let (tier, points) =
                    kind.map_or((1, 1), |kind| (kind.unassigned.0.index(), kind.unassigned.1));
                Points { tier, points }
            }
        };
        let told = (0..visit.parts.len()).filter_map(|part| self.told.get(&(at, part)));
        let audiences: usize = told.map(|(stop, _)| stop.told.len()).sum();
        (price, audiences as i64 * world.policy.prices.told_moved)
    }

    fn pins_of<'a>(
        &self,
        visit: &'a Visit,
        part: usize,
    ) -> impl Iterator<Item = &'w PinWhat> + use<'a, 'w> {
        let pins = self.world.pins.iter().filter(move |pin| {
            pin.visit == visit.id && pin.part.is_none_or(|pinned| pinned == part)
        });
        // A start pinned for the whole visit is that of its first part.
        let of_part = pins.filter(move |pin| {
            !(pin.part.is_none() && part > 0 && matches!(pin.what, PinWhat::Start(_)))
        });
        of_part.map(|pin| &pin.what)
    }

    /// The routes that a part fits, with how.
    fn fitting(
        &mut self,
        visit: &'w Visit,
        patient: &'w Patient,
        at: usize,
        index: usize,
        part: &'w Part,
    ) -> Vec<(u32, u32)> {
        let world = self.world;
        let pins: Vec<&PinWhat> = self.pins_of(visit, index).collect();
        let windows = self.start_windows(visit, part, &pins);
        let mut fitting = Vec::new();
        for (c, crew) in world.crews.iter().enumerate() {
            let Some(lending) = self.may_do(crew, patient, part, &pins) else { continue };
            for position in 0..self.routes_of_crew[c].len() {
                let route = self.routes_of_crew[c][position];
                let stretches = self.starts_on(route, part, &windows, lending.as_deref());
                if stretches.is_empty() {
                    continue;
                }
                let fit = self.fit(crew, patient, part, (at, index), stretches);
                fitting.push((route, fit));
            }
        }
        fitting
    }

    /// Stretches in which the part may start, whoever comes; both ends included.
    fn start_windows(&self, visit: &Visit, part: &Part, pins: &[&PinWhat]) -> Vec<(i32, i32)> {
        let earliest = self.tick(self.world.earliest_start(visit));
        let pinned = pins.iter().find_map(|what| match what {
            PinWhat::Start(moment) => Some(self.tick(*moment)),
            _ => None,
        });
        let service = ticks(part.service);
        let mut windows: Vec<(i32, i32)> = match pinned {
            Some(start) => vec![(start, start)],
            None if visit.windows.is_empty() => vec![(earliest, NEVER - 1)],
            None => {
                let spans = visit.windows.iter();
                spans.map(|span| (self.tick(span.from()), self.tick(span.to()) - service)).collect()
            }
        };
        for what in pins {
            if let PinWhat::Within(span) = what {
                let (from, to) = (self.tick(span.from()), self.tick(span.to()));
                windows = windows.iter().map(|w| (w.0.max(from), w.1.min(to))).collect();
            }
        }
        windows.retain_mut(|window| {
            window.0 = window.0.max(earliest);
            window.0 <= window.1
        });
        windows
    }

    /// May the crew do the part at all? `Some(row positions)` of lending that it needs, empty slice
    /// meaning that it needs none.
    fn may_do(
        &self,
        crew: &Crew,
        patient: &Patient,
        part: &Part,
        pins: &[&PinWhat],
    ) -> Option<Option<Vec<usize>>> {
        if pins.iter().any(|what| matches!(what, PinWhat::NotCrew(other) if *other == crew.id)) {
            return None;
        }
        let mut pinned = pins.iter().filter_map(|what| match what {
            PinWhat::Crew(other) => Some(*other == crew.id),
            _ => None,
        });
        match pinned.next() {
            Some(true) => return Some(None),
            Some(false) => return None,
            None => {}
        }
        if !crew.roles.contains(&part.role)
            || !part.skills.iter().all(|skill| crew.skills.contains(skill))
        {
            return None;
        }
        let municipality = self.municipality_of_place(patient);
        let areas = &self.world.policy.areas;
        let scope = areas.iter().find(|rule| rule.crew_kind == crew.kind).map(|rule| rule.scope);
        match scope {
            None | Some(Scope::Anywhere) => Some(None),
            Some(Scope::OwnMunicipality) => {
                (crew.employer == Party::Municipality(municipality.clone())).then_some(None)
            }
            Some(Scope::OwnDelregion) => {
                let there = self.world.region.delregion_of(municipality)?;
                if *there == crew.home_delregion {
                    return Some(None);
                }
                let rows = self.lending_rows(crew, there);
                (!rows.is_empty()).then_some(Some(rows))
            }
        }
    }

    fn lending_rows(&self, crew: &Crew, there: &DelregionId) -> Vec<usize> {
        let rows = self.world.policy.lending.iter().enumerate();
        let fitting = rows.filter(|(_, row)| {
            row.from == crew.home_delregion
                && row.to == *there
                && row.crew_kinds.contains(&crew.kind)
        });
        fitting.map(|(at, _)| at).collect()
    }

    fn municipality_of_place(&self, patient: &Patient) -> &'w MunicipalityId {
        &self.world.places[self.world.place_position(&patient.place)].municipality
    }

    /// Stretches in which the part may start on this route.
    fn starts_on(
        &self,
        route: u32,
        part: &Part,
        windows: &[(i32, i32)],
        lending: Option<&[usize]>,
    ) -> Vec<(i32, i32)> {
        let spec = &self.problem.routes[route as usize];
        let (from, to) = (spec.from, spec.latest - ticks(part.service));
        let on_shift = windows.iter().map(|window| (window.0.max(from), window.1.min(to)));
        let on_shift = on_shift.filter(|window| window.0 <= window.1);
        let Some(rows) = lending else { return on_shift.collect() };
        let mut stretches: Vec<(i32, i32)> = Vec::new();
        for window in on_shift {
            for span in rows.iter().flat_map(|&row| &self.lending[row]) {
                // The end of the lending hours is outside them.
                let (from, to) = (self.tick(span.from()), self.tick(span.to()) - 1);
                let shared = (window.0.max(from), window.1.min(to));
                if shared.0 <= shared.1 {
                    stretches.push(shared);
                }
            }
        }
        joined(stretches)
    }

    /// The number of a fit, new or seen before.
    fn fit(
        &mut self,
        crew: &Crew,
        patient: &'w Patient,
        part: &'w Part,
        (at, index): (usize, usize),
        stretches: Vec<(i32, i32)>,
    ) -> u32 {
        let (from, to) = (stretches[0].0, stretches[stretches.len() - 1].1);
        let starts = if stretches.len() == 1 {
            NONE
        } else {
            intern(&mut self.starts_index, &mut self.problem.starts, stretches)
        };
        let hours = self.hours.of(&mut self.problem, patient, part, crew, (from, to));
        let prices = &self.world.policy.prices;
        let (mut told, mut told_cost) = (NONE, 0);
        if let Some((stop, shift_crew)) = self.told.get(&(at, index)) {
            if self.world.crews[*shift_crew].id == crew.id {
                let spec = ToldSpec {
                    times: stop.told.iter().map(|told| self.tick(told.time)).collect(),
                    tolerance: ticks(self.world.policy.told_tolerance),
                    points: prices.told_moved,
                };
                told = intern(&mut self.told_index, &mut self.problem.told, spec);
            } else {
                told_cost = stop.told.len() as i64 * prices.told_moved;
            }
        }
        let cost = self.border_price(crew, patient) + self.continuity_price(crew, patient, part);
        let fit = Fit { from, to, starts, cost, hours, told_cost, told };
        intern(&mut self.fit_index, &mut self.problem.fits, fit)
    }

    fn border_price(&self, crew: &Crew, patient: &Patient) -> i64 {
        let there = self.world.region.delregion_of(self.municipality_of_place(patient));
        let crosses = there.is_some_and(|there| *there != crew.home_delregion);
        if crosses { self.world.policy.prices.border } else { 0 }
    }

    fn continuity_price(&self, crew: &Crew, patient: &Patient, part: &Part) -> i64 {
        let prices = &self.world.policy.prices;
        if part.role != prices.continuity_role {
            return 0;
        }
        let same_unit = patient.unit.is_some() && crew.unit == patient.unit;
        match (&patient.named_doctor, &patient.unit) {
            (Some(named), _) if *named == crew.id => 0,
            (Some(_), _) if same_unit => prices.continuity_unit,
            (Some(_), _) => prices.continuity_other,
            (None, Some(_)) if !same_unit => prices.continuity_other,
            (None, _) => 0,
        }
    }

    fn add_previous(&mut self) {
        let world = self.world;
        let Some(previous) = &world.previous else { return };
        for shift_plan in &previous.shifts {
            let found = self.shifts.iter().position(|&(c, s)| {
                world.crews[c].shifts[s].id == shift_plan.shift
                    && world.crews[c].id == shift_plan.crew
            });
            let Some(route) = found else { continue };
            let (c, s) = self.shifts[route];
            let under_way = world.crews[c].shifts[s].hours.covers(world.as_of);
            let mut expects = under_way;
            for (rank, stop) in shift_plan.stops.iter().enumerate() {
                let StopWhat::Part { visit, part } = &stop.what else { continue };
                let node = self.part_node(visit, *part);
                if expects && stop.start >= world.as_of {
                    expects = false;
                    self.problem.routes[route].next_stop = node.unwrap_or(NONE);
                }
                if let Some(part) = node {
                    self.earlier.push(Earlier { route: route as u32, rank: rank as u32, part });
                }
            }
        }
    }

    fn part_node(&self, visit: &crate::domain::VisitId, part: usize) -> Option<u32> {
        let spec = &self.problem.visits[self.world.visit_position(visit)?];
        let node = spec.parts.start + part as u32;
        spec.parts.contains(&node).then_some(node)
    }

    fn finish(mut self) -> Compiled {
        let leg = typical_leg(&self.problem) * self.world.policy.prices.travel_second;
        let (first, last) = TEMPERATURE_PERCENT;
        self.problem.temperatures = ((leg * first / 100).max(1), (leg * last / 100).max(1));
        Compiled {
            problem: self.problem,
            origin: self.origin,
            shifts: self.shifts,
            breaks: self.breaks,
            earlier: self.earlier,
        }
    }
}

/// Seconds as ticks; what lies further than [`NEVER`] lies there.
fn ticks(length: Seconds) -> i32 {
    length.0.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
}

/// The position of a value in a list without duplicates, put there if new.
pub(super) fn intern<T: Ord + Clone>(
    index: &mut BTreeMap<T, u32>,
    list: &mut Vec<T>,
    value: T,
) -> u32 {
    if let Some(&at) = index.get(&value) {
        return at;
    }
    let at = list.len() as u32;
    list.push(value.clone());
    index.insert(value, at);
    at
}

/// Stretches in order, those that touch or overlap joined.
fn joined(mut stretches: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    stretches.sort_unstable();
    let mut joined: Vec<(i32, i32)> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.0 <= last.1.saturating_add(1) => last.1 = last.1.max(stretch.1),
            _ => joined.push(stretch),
        }
    }
    joined
}

/// The stops of the previous plan that somebody was told of, with the position of their crew.
fn told_stops(world: &World) -> BTreeMap<(usize, usize), (&Stop, usize)> {
    let mut told = BTreeMap::new();
    let Some(previous) = &world.previous else { return told };
    for shift in &previous.shifts {
        let Some(crew) = world.crews.iter().position(|crew| crew.id == shift.crew) else {
            continue;
        };
        for stop in shift.stops.iter().filter(|stop| !stop.told.is_empty()) {
            if let StopWhat::Part { visit, part } = &stop.what
                && let Some(visit) = world.visit_position(visit)
            {
                told.insert((visit, *part), (stop, crew));
            }
        }
    }
    told
}

/// Ticks of a typical leg between near visits: the mean over a sample.
fn typical_leg(problem: &Problem) -> i64 {
    let places: Vec<u32> = problem
        .visits
        .iter()
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
