//! A world in plain numbers for the oracles: who may do what when, and what it costs.
//!
//! Written from the contract on times and prices, and from nothing of the solver. Slow and simple
//! on purpose: it is what the search and the exact referee are measured against.

use rond::domain::{
    Crew, DelregionId, Instant, Part, Party, PinWhat, Scope, Seconds, Shift, Span, TIERS, Visit,
    World,
};
use rond::travel::Matrix;

/// One shift of one crew. Moments are seconds since 1970.
pub struct Route {
    /// Position of the crew in the world.
    pub crew: usize,
    /// Position of the shift in the crew's shifts.
    pub shift: usize,
    /// Leaves no earlier.
    pub from: i64,
    /// Back without overtime.
    pub to: i64,
    /// Back at the very latest.
    pub latest: i64,
    /// Position of the place where it starts.
    pub start_place: usize,
    /// Position of the place where it ends.
    pub end_place: usize,
    /// The breaks that can still be had.
    pub breaks: Vec<BreakDue>,
    /// Points per second waited.
    pub waiting_price: i64,
}

/// A break that can still be had.
pub struct BreakDue {
    /// Position in the shift's breaks.
    pub index: usize,
    /// Earliest start.
    pub from: i64,
    /// Latest start.
    pub to: i64,
    /// How long.
    pub length: i64,
}

/// One part of a visit.
pub struct PartDue {
    /// Position of the visit in the world.
    pub visit: usize,
    /// Position of the part in the visit.
    pub part: usize,
    /// Position of the place.
    pub place: usize,
    /// How long, in seconds.
    pub service: i64,
    /// How long, in minutes begun.
    pub load: i64,
}

/// How a part fits a route.
pub struct Fit {
    /// Stretches in which it may start, both ends included; sorted and apart. The hours of lending
    /// are among them: a start waits for them as for a window.
    pub starts: Vec<(i64, i64)>,
    /// Points of tier 4 whatever the start: border and continuity.
    pub cost: i64,
}

/// `start(to) ≥ start(from) + least`, between parts.
pub struct Tie {
    /// Position of the part that is waited for.
    pub from: usize,
    /// Position of the part that waits.
    pub to: usize,
    /// The least lag; may be negative.
    pub least: i64,
}

/// A world in plain numbers.
pub struct Day<'w> {
    /// The world.
    pub world: &'w World,
    /// Its travel times.
    pub matrix: &'w Matrix,
    /// Every shift.
    pub routes: Vec<Route>,
    /// Every part of every visit, in order.
    pub parts: Vec<PartDue>,
    /// Per visit, the positions of its parts.
    pub parts_of: Vec<Vec<usize>>,
    /// Per part and route, how it fits, if it does.
    pub fits: Vec<Vec<Option<Fit>>>,
    /// Per part its place among those that its shift does first; after all of them for others.
    pub turns: Vec<usize>,
    /// What the meetings ask.
    pub ties: Vec<Tie>,
}

impl<'w> Day<'w> {
    /// The world in plain numbers.
    pub fn new(world: &'w World, matrix: &'w Matrix) -> Day<'w> {
        let mut day = Day {
            world,
            matrix,
            routes: Vec::new(),
            parts: Vec::new(),
            parts_of: Vec::new(),
            fits: Vec::new(),
            turns: Vec::new(),
            ties: Vec::new(),
        };
        for crew in 0..world.crews.len() {
            for shift in 0..world.crews[crew].shifts.len() {
                day.routes.push(route(world, crew, shift));
            }
        }
        for visit in 0..world.visits.len() {
            day.add_visit(visit);
        }
        day
    }

    fn add_visit(&mut self, at: usize) {
        let visit = &self.world.visits[at];
        let first = self.parts.len();
        let place = self.world.place_position(&self.world.patient_of(visit).place);
        for (index, part) in visit.parts.iter().enumerate() {
            self.parts.push(PartDue {
                visit: at,
                part: index,
                place,
                service: part.service.0,
                load: part.service.minutes_begun(),
            });
            let turns: Vec<Option<usize>> =
                self.routes.iter().map(|route| self.turn(visit, index, route)).collect();
            let is_bound = turns.iter().any(Option::is_some);
            let may_give = |route: usize| !is_bound || turns[route].is_some();
            let fits = (0..self.routes.len()).map(|route| {
                may_give(route).then(|| self.fit(visit, index, &self.routes[route])).flatten()
            });
            let fits = fits.collect();
            self.fits.push(fits);
            self.turns.push(turns.into_iter().flatten().next().unwrap_or(usize::MAX));
        }
        self.parts_of.push((first..self.parts.len()).collect());
        for meeting in &visit.meetings {
            let (a, b) = (first + meeting.first, first + meeting.second);
            self.ties.push(Tie { from: a, to: b, least: meeting.lag_min.0 });
            self.ties.push(Tie { from: b, to: a, least: -meeting.lag_max.0 });
        }
    }

    /// Seconds from the end of a stop at one place to the earliest start at another: travel and,
    /// when it is another place, set-up. `None` when no way leads there.
    pub fn gap(&self, from: usize, to: usize) -> Option<i64> {
        let setup = if from == to { 0 } else { self.world.places[to].setup.0 };
        self.travel(from, to).map(|travel| travel + setup)
    }

    /// Seconds of driving. `None` when no way leads there.
    pub fn travel(&self, from: usize, to: usize) -> Option<i64> {
        self.matrix.leg(from, to).map(|leg| leg.seconds.0)
    }

    /// The crew of a route.
    pub fn crew(&self, route: usize) -> &'w Crew {
        &self.world.crews[self.routes[route].crew]
    }

    /// The shift of a route.
    pub fn shift(&self, route: usize) -> &'w Shift {
        &self.crew(route).shifts[self.routes[route].shift]
    }

    /// Points of tier 4 when the kind of crew does not answer for the patient at that hour.
    pub fn responsibility(&self, part: usize, route: usize, start: i64) -> i64 {
        let due = &self.parts[part];
        let visit = &self.world.visits[due.visit];
        let care_form = &self.world.patient_of(visit).care_form;
        let decides = self.world.policy.responsibility.iter().find(|row| {
            row.role == visit.parts[due.part].role
                && row.care_form.as_ref().is_none_or(|form| form == care_form)
                && self.world.calendar().in_hours(Instant(start), &row.hours)
        });
        match decides {
            Some(row) if !row.crew_kinds.contains(&self.crew(route).kind) => {
                self.world.policy.prices.responsibility
            }
            _ => 0,
        }
    }

    /// Moments at which the price of responsibility may change.
    pub fn handovers(&self) -> Vec<i64> {
        let reach = reach(self.world);
        let calendar = self.world.calendar();
        let rows = self.world.policy.responsibility.iter();
        let spans = rows.flat_map(|row| calendar.spans_of(&row.hours, reach));
        let mut moments: Vec<i64> = spans.flat_map(|span| [span.from().0, span.to().0]).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// Tier and points of leaving a visit out; what was told is not among them.
    pub fn price_of_leaving_out(&self, visit: usize) -> (usize, i64) {
        let world = self.world;
        let visit = &world.visits[visit];
        if let Some((promise, deadline)) = world.deadline_of(visit) {
            return match deadline > world.horizon.to() {
                true => (TIERS - 1, promise.deferred),
                false => (promise.tier.index(), promise.lateness.cap + 1),
            };
        }
        let kind = world.policy.kinds.iter().find(|kind| kind.id == visit.kind);
        // Every visit of a test world is of a kind that its policy knows.
        let (tier, points) = kind.expect("a known kind").unassigned;
        (tier.index(), points)
    }

    /// Is the visit kept out of the plan by a pin?
    pub fn is_barred(&self, visit: usize) -> bool {
        let id = &self.world.visits[visit].id;
        self.world.pins.iter().any(|pin| pin.visit == *id && pin.what == PinWhat::Unassigned)
    }

    /// Its place among those parts that the shift does first, if it is one of them.
    fn turn(&self, visit: &Visit, index: usize, route: &Route) -> Option<usize> {
        let first = &self.world.crews[route.crew].shifts[route.shift].first;
        first.iter().position(|part| part.visit == visit.id && part.part == index)
    }

    fn fit(&self, visit: &Visit, index: usize, route: &Route) -> Option<Fit> {
        let crew = &self.world.crews[route.crew];
        let pins: Vec<&PinWhat> = self
            .world
            .pins
            .iter()
            .filter(|pin| pin.visit == visit.id && pin.part.is_none_or(|part| part == index))
            .map(|pin| &pin.what)
            .collect();
        let part = &visit.parts[index];
        let hours = self.may_do(crew, visit, part, &pins)?;
        let service = part.service.0;
        let first = self.world.earliest_start(visit).0.max(route.from);
        let last = route.latest - service;
        let mut starts = windows(visit, service, &pins);
        starts = shared(&starts, &[(first, last)]);
        starts = shared(&starts, &hours);
        for what in pins {
            if let PinWhat::Within(span) = what {
                starts = shared(&starts, &[(span.from().0, span.to().0)]);
            }
        }
        let cost = self.border(crew, visit) + self.continuity(crew, visit, part);
        (!starts.is_empty()).then_some(Fit { starts, cost })
    }

    /// The stretches in which the crew may start the part by role, skill, area and pins; `None` if
    /// it may not do it at all.
    fn may_do(
        &self,
        crew: &Crew,
        visit: &Visit,
        part: &Part,
        pins: &[&PinWhat],
    ) -> Option<Vec<(i64, i64)>> {
        let always = vec![(i64::MIN / 4, i64::MAX / 4)];
        if pins.iter().any(|what| matches!(what, PinWhat::NotCrew(id) if *id == crew.id)) {
            return None;
        }
        for what in pins {
            if let PinWhat::Crew(id) = what {
                return (*id == crew.id).then_some(always);
            }
        }
        let has_skills = part.skills.iter().all(|skill| crew.skills.contains(skill));
        if !crew.roles.contains(&part.role) || !has_skills {
            return None;
        }
        let own = &self.world.patient_of(visit).municipality;
        if part.role.as_str() == "nurse" && crew.employer != Party::Municipality(own.clone()) {
            return None;
        }
        let place = self.world.place_of(visit);
        let rule = self.world.policy.areas.iter().find(|rule| rule.crew_kind == crew.kind);
        match rule.map(|rule| rule.scope) {
            None | Some(Scope::Anywhere) => Some(always),
            Some(Scope::OwnMunicipality) => {
                (crew.employer == Party::Municipality(place.municipality.clone())).then_some(always)
            }
            Some(Scope::OwnDelregion) => {
                let there = self.world.region.delregion_of(&place.municipality)?;
                if *there == crew.home_delregion {
                    return Some(always);
                }
                let lent = self.lent_to(crew, there);
                (!lent.is_empty()).then_some(lent)
            }
        }
    }

    fn lent_to(&self, crew: &Crew, there: &DelregionId) -> Vec<(i64, i64)> {
        let rows = self.world.policy.lending.iter().filter(|row| {
            row.from == crew.home_delregion
                && row.to == *there
                && row.crew_kinds.contains(&crew.kind)
        });
        let spans = rows
            .flat_map(|row| self.world.calendar().spans_of(&row.hours, reach(self.world)))
            // The end of the hours lies outside them.
            .map(|span| (span.from().0, span.to().0 - 1));
        let mut spans: Vec<(i64, i64)> = spans.collect();
        spans.sort_unstable();
        spans
    }

    fn border(&self, crew: &Crew, visit: &Visit) -> i64 {
        let there = self.world.region.delregion_of(&self.world.place_of(visit).municipality);
        let crosses = there.is_some_and(|there| *there != crew.home_delregion);
        if crosses { self.world.policy.prices.border } else { 0 }
    }

    fn continuity(&self, crew: &Crew, visit: &Visit, part: &Part) -> i64 {
        let prices = &self.world.policy.prices;
        let patient = self.world.patient_of(visit);
        if part.role != prices.continuity_role {
            return 0;
        }
        let of_unit = patient.unit.is_some() && patient.unit == crew.unit;
        match &patient.named_doctor {
            Some(named) if *named == crew.id => 0,
            Some(_) if of_unit => prices.continuity_unit,
            None if of_unit || patient.unit.is_none() => 0,
            _ => prices.continuity_other,
        }
    }
}

fn route(world: &World, crew: usize, at: usize) -> Route {
    let shift = &world.crews[crew].shifts[at];
    let prices = &world.policy.prices;
    let waiting_price = match world.crews[crew].employer {
        Party::Region => prices.waiting_second_region,
        Party::Municipality(_) => prices.waiting_second_municipality,
    };
    let breaks = world.breaks_due(shift).map(|(index, due)| BreakDue {
        index,
        from: due.window.from().0,
        to: (due.window.to() - due.length).0,
        length: due.length.0,
    });
    Route {
        crew,
        shift: at,
        from: world.work_from(shift).0,
        to: shift.hours.to().0,
        latest: (shift.hours.to() + shift.overtime_max).0,
        start_place: world.place_position(&shift.start_place),
        end_place: world.place_position(&shift.end_place),
        breaks: breaks.collect(),
        waiting_price,
    }
}

/// Starts that the home's windows or a pinned start allow.
fn windows(visit: &Visit, service: i64, pins: &[&PinWhat]) -> Vec<(i64, i64)> {
    for what in pins {
        if let PinWhat::Start(moment) = what {
            return vec![(moment.0, moment.0)];
        }
    }
    if visit.windows.is_empty() {
        return vec![(i64::MIN / 4, i64::MAX / 4)];
    }
    let starts = visit.windows.iter().map(|window| (window.from().0, window.to().0 - service));
    starts.filter(|(from, to)| from <= to).collect()
}

/// What two lists of stretches share, joined where it touches.
fn shared(one: &[(i64, i64)], other: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    for a in one {
        for b in other {
            let (from, to) = (a.0.max(b.0), a.1.min(b.1));
            if from <= to {
                stretches.push((from, to));
            }
        }
    }
    stretches.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (from, to) in stretches {
        match joined.last_mut() {
            Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// As far as any shift of a test world may run.
fn reach(world: &World) -> Span {
    let to = world.horizon.to() + Seconds::from_minutes(1440);
    Span::new(world.horizon.from(), to).expect("a horizon is not negative")
}
