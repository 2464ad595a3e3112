//! A plan that runs: kept as it stands from one request to the next, changed one visit at a time.
//!
//! A [`Problem`] is numbered once, so it is made with room for visits to come
//! ([`Problem::make_room`]); a [`Snapshot`] keeps the plan between two changes. Everything here is
//! exact: what is offered is what the plan then costs.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::insert::Inserter;
use super::judge::Placement;
use super::near::Nearby;
use super::options::Offer;
use super::problem::{Lag, NEVER, NONE, PartSpec, Points, Problem, TIERS, VisitSpec};
use super::ruin::Neighbours;
use super::search::{Allowance, Chain, Snapshot};
use super::state::{Kind, State};
use super::{SolutionStop, take_over};

/// A stop of a route's order: its node, and the start before which it is held (`-NEVER` if not).
pub type Laid = (u32, i32);

/// A part as it comes into a problem that runs.
pub struct NewPart {
    /// How long it takes.
    pub service: i32,
    /// Latest start without lateness; [`NEVER`] if no promise is judged on it.
    pub due: i32,
    /// Position in [`Problem::lateness`].
    pub lateness: u32,
    /// What it adds to its route's load.
    pub load: i64,
    /// The routes it fits with the position in [`Problem::fits`], sorted by route.
    pub fitting: Vec<(u32, u32)>,
    /// What its start must wait for, with positions within the visit in place of parts.
    pub lags_in: Vec<Lag>,
    /// What waits for its start, likewise.
    pub lags_out: Vec<Lag>,
    /// Position of one of the parts that start together with it, the same for all of them.
    pub leader: usize,
}

/// A visit as it comes into a problem that runs.
pub struct NewVisit {
    /// Where.
    pub place: u32,
    /// Its parts.
    pub parts: Vec<NewPart>,
    /// What it costs to leave it out.
    pub unassigned: Points,
    /// Points of tier 3 besides: people were told of it.
    pub unassigned_told: i64,
    /// Does a meeting tie any of its parts?
    pub meets: bool,
    /// May one crew do several of its parts?
    pub same_crew_allowed: bool,
    /// Is it kept out of the plan?
    pub barred: bool,
}

impl Problem {
    /// Adds a visit. Must be called before any state of the problem is made.
    pub fn add_visit(&mut self, new: NewVisit) {
        let visit = self.visits.len() as u32;
        let first = self.parts.len() as u32;
        let count = new.parts.len();
        for leader in 0..count {
            let members = new.parts.iter().enumerate().filter(|(_, part)| part.leader == leader);
            let members: Vec<u32> = members.map(|(at, _)| first + at as u32).collect();
            if !members.is_empty() {
                self.groups.push(members);
            }
        }
        self.visits.push(new.spec(first));
        for part in &new.parts {
            let spec = part.spec(visit, new.place);
            self.parts.push(spec);
        }
        for (group, members) in self.groups.iter().enumerate().rev() {
            if members[0] < first {
                break;
            }
            for &member in members {
                self.parts[member as usize].group = group as u32;
            }
        }
        for part in new.parts {
            self.lags_in.push(in_problem(part.lags_in, first));
            self.lags_out.push(in_problem(part.lags_out, first));
            self.fitting.push(part.fitting);
        }
    }

    /// Adds so many empty visits of so many parts each, and as many places that lead nowhere, for
    /// what is still to come. Must be called before any state of the problem is made.
    pub fn make_room(&mut self, visits: usize, parts: usize, places: usize) {
        for _ in 0..visits {
            let visit = self.visits.len() as u32;
            let first = self.parts.len() as u32;
            self.visits.push(VisitSpec {
                parts: first..first,
                unassigned: Points { tier: 0, points: 0 },
                unassigned_told: 0,
                meets: false,
                has_lags: false,
                same_crew_allowed: false,
                barred: true,
                kept: false,
            });
            for part in first..first + parts as u32 {
                let group = self.groups.len() as u32;
                self.groups.push(vec![part]);
                self.parts.push(PartSpec {
                    visit,
                    place: 0,
                    service: 0,
                    due: NEVER,
                    lateness: 0,
                    load: 0,
                    group,
                });
                self.lags_in.push(Vec::new());
                self.lags_out.push(Vec::new());
                self.fitting.push(Vec::new());
            }
        }
        self.widen(places);
    }

    fn widen(&mut self, more: usize) {
        let (old, new) = (self.places, self.places + more);
        let mut travel = vec![NEVER; new * new];
        for from in 0..old {
            let row = &self.travel[from * old..(from + 1) * old];
            travel[from * new..from * new + old].copy_from_slice(row);
        }
        for place in old..new {
            travel[place * new + place] = 0;
        }
        self.travel = travel;
        self.setup.resize(new, 0);
        self.places = new;
    }

    /// Fills a place that led nowhere. `out` gives the ticks to every other place, `back` those
    /// from it, both in the order of the places.
    pub fn fill_place(&mut self, place: u32, setup: i32, out: &[i32], back: &[i32]) {
        let (at, size) = (place as usize, self.places);
        self.setup[at] = setup;
        for (other, (&there, &here)) in out.iter().zip(back).enumerate() {
            self.travel[at * size + other] = there;
            self.travel[other * size + at] = here;
        }
    }

    /// Fills an empty visit. The snapshot of the plan learns of its parts, and leaves it out.
    /// `false`, and nothing done, when it has more parts than there was room made for.
    pub fn fill_visit(&mut self, visit: u32, new: NewVisit, plan: &mut Snapshot) -> bool {
        let first = self.visits[visit as usize].parts.start;
        let room = self.parts[first as usize..].iter().take_while(|part| part.visit == visit);
        if room.count() < new.parts.len() {
            return false;
        }
        // The groups of an empty visit are its parts, each alone.
        let first_group = self.parts[first as usize].group;
        for (at, part) in new.parts.iter().enumerate() {
            let node = first as usize + at;
            let group = first_group + part.leader as u32;
            if part.leader != at {
                self.groups[first_group as usize + at].clear();
                self.groups[group as usize].push(node as u32);
                self.groups[group as usize].sort_unstable();
            }
            self.parts[node] = PartSpec { group, ..part.spec(visit, new.place) };
            plan.nodes[node].place = new.place;
            plan.nodes[node].service = part.service;
        }
        self.visits[visit as usize] = new.spec(first);
        for (at, part) in new.parts.into_iter().enumerate() {
            let node = first as usize + at;
            self.lags_in[node] = in_problem(part.lags_in, first);
            self.lags_out[node] = in_problem(part.lags_out, first);
            self.fitting[node] = part.fitting;
        }
        true
    }

    /// Nobody wants the visit any more: it must not be in the plan when this is called.
    pub fn retire_visit(&mut self, visit: u32) {
        let spec = &mut self.visits[visit as usize];
        spec.barred = true;
        spec.unassigned = Points { tier: 0, points: 0 };
        spec.unassigned_told = 0;
    }
}

impl NewVisit {
    fn spec(&self, first: u32) -> VisitSpec {
        VisitSpec {
            parts: first..first + self.parts.len() as u32,
            unassigned: self.unassigned,
            unassigned_told: self.unassigned_told,
            meets: self.meets,
            has_lags: self.parts.iter().any(|part| !part.lags_in.is_empty()),
            same_crew_allowed: self.same_crew_allowed,
            barred: self.barred,
            kept: false,
        }
    }
}

impl NewPart {
    fn spec(&self, visit: u32, place: u32) -> PartSpec {
        PartSpec {
            visit,
            place,
            service: self.service,
            due: self.due,
            lateness: self.lateness,
            load: self.load,
            group: NONE,
        }
    }
}

/// Lags between positions of a visit as lags between parts of the problem.
fn in_problem(lags: Vec<Lag>, first: u32) -> Vec<Lag> {
    lags.into_iter().map(|lag| Lag { other: first + lag.other, ..lag }).collect()
}

/// A plan of a problem at work: what it costs to change it, and changing it.
pub struct Running<'p> {
    state: State<'p>,
    inserter: Inserter,
    random: Pcg64Mcg,
}

impl<'p> Running<'p> {
    /// The plan of a snapshot.
    pub fn of(problem: &'p Problem, plan: &Snapshot) -> Running<'p> {
        let mut state = State::empty(problem);
        plan.put_into(&mut state);
        Running::at(state)
    }

    /// Routes with nothing on them but their breaks.
    pub fn empty(problem: &'p Problem) -> Running<'p> {
        let mut state = State::empty(problem);
        state.commit();
        Running::at(state)
    }

    fn at(state: State<'p>) -> Running<'p> {
        // Exhaustive insertion draws no lots: the seed decides nothing.
        Running { state, inserter: Inserter::default(), random: Pcg64Mcg::seed_from_u64(0) }
    }

    /// The plan as it stands.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.state)
    }

    /// What it costs.
    pub fn score(&self) -> [i64; TIERS] {
        self.state.score()
    }

    /// Is the visit in the plan?
    pub fn has(&self, visit: u32) -> bool {
        self.state.assigned[visit as usize]
    }

    /// Does the route visit anyone?
    pub fn is_used(&self, route: u32) -> bool {
        self.state.is_used(route)
    }

    /// The node that a route begins with: what comes first on it comes right after this.
    pub fn start_node(&self, route: u32) -> u32 {
        self.state.start_node(route)
    }

    /// Does the stop stand on the route, be it used or not?
    pub fn is_on(&self, node: u32, route: u32) -> bool {
        self.state.nodes[node as usize].route == route
    }

    /// The route that a part is on; `None` when it is absent.
    pub fn route_of(&self, part: u32) -> Option<u32> {
        self.state.is_present(part).then(|| self.state.nodes[part as usize].route)
    }

    /// The stops of a route as they would stand in a solution; none when it visits nobody.
    pub fn stops(&self, route: u32) -> Vec<SolutionStop> {
        super::stops_of(&self.state, route)
    }

    /// Start of every part that is in the plan, `None` for those that are not.
    pub fn starts(&self) -> Vec<Option<i32>> {
        let parts = self.state.problem.parts.len();
        let nodes = self.state.nodes[..parts].iter();
        nodes.map(|node| (node.route != NONE).then_some(node.start)).collect()
    }

    /// The best places for an absent visit, each with other crews and with its whole price.
    pub fn offers(&mut self, visit: u32, count: usize) -> Vec<Offer> {
        self.inserter.best_offers(&mut self.state, visit, count, &mut self.random)
    }

    /// Puts an absent visit there. `false`, and nothing changed, when it does not fit.
    pub fn put(&mut self, visit: u32, placements: &[Placement]) -> bool {
        let done = !self.has(visit) && self.state.insert_checked(visit, placements);
        if done {
            self.state.commit();
        }
        done
    }

    /// Runs `look` with the visit put there, and takes it back. `None` when it does not fit.
    pub fn tried<T>(
        &mut self,
        visit: u32,
        placements: &[Placement],
        look: impl FnOnce(&Running<'p>) -> T,
    ) -> Option<T> {
        let mark = self.state.mark();
        if self.has(visit) || !self.state.insert_checked(visit, placements) {
            return None;
        }
        let seen = look(self);
        self.state.rewind(mark);
        Some(seen)
    }

    /// Takes a visit out. `false`, and nothing changed, when the others cannot stay as they are
    /// without it: a break may come earlier, and what is after it later.
    pub fn take_out(&mut self, visit: u32) -> bool {
        let mark = self.state.mark();
        self.state.take_out(visit);
        let done = self.state.refresh();
        if done {
            self.state.commit();
        } else {
            self.state.rewind(mark);
        }
        done
    }

    /// The order of every route, breaks among the stops; none for a route that visits nobody.
    pub fn orders(&self) -> Vec<Vec<Laid>> {
        (0..self.state.problem.routes.len() as u32).map(|route| self.order(route)).collect()
    }

    /// The order of one route.
    pub fn order(&self, route: u32) -> Vec<Laid> {
        if !self.is_used(route) {
            return Vec::new();
        }
        let laid = |node: u32| {
            let at = &self.state.nodes[node as usize];
            (node, if at.kind == Kind::Part { at.hold } else { -NEVER })
        };
        self.state.stops(route).map(laid).collect()
    }

    /// Lays orders on empty routes, all at once. `false`, and nothing changed, when a part does not
    /// fit its route, a visit is not whole, a first stop does not come first, or a hard limit is
    /// broken.
    pub fn lay(&mut self, orders: &[Vec<Laid>]) -> bool {
        let problem = self.state.problem;
        let mark = self.state.mark();
        let parts = problem.parts.len();
        let mut laid = vec![0_u32; problem.visits.len()];
        let mut fits = true;
        for (route, order) in orders.iter().enumerate() {
            let route = route as u32;
            let mut prev = self.state.start_node(route);
            for &(node, hold) in order {
                if (node as usize) < parts {
                    let Some(fit) = problem.fit_of(node, route) else {
                        fits = false;
                        continue;
                    };
                    if self.state.is_present(node) {
                        fits = false;
                        continue;
                    }
                    self.state.lay_part(node, prev, fit, hold);
                    laid[problem.parts[node as usize].visit as usize] += 1;
                } else {
                    self.state.lay_break(node, prev);
                }
                prev = node;
            }
        }
        let whole = laid
            .iter()
            .zip(&problem.visits)
            .all(|(&laid, spec)| laid == 0 || (laid as usize == spec.parts.len() && !spec.barred));
        let has_room = (0..problem.routes.len() as u32).all(|route| self.state.has_room(route, 0));
        let may_stand = has_room && self.goes_with_others(orders) && self.state.keeps_turns();
        let done = if fits && whole && may_stand {
            self.state.refresh()
        } else {
            self.state.drop_changes()
        };
        if done {
            self.state.commit();
        } else {
            self.state.rewind(mark);
        }
        done
    }

    /// No crew has two parts of a visit that needs several crews.
    fn goes_with_others(&self, orders: &[Vec<Laid>]) -> bool {
        let problem = self.state.problem;
        let mut crews: Vec<(u32, u32)> = Vec::new();
        for (route, order) in orders.iter().enumerate() {
            for &(node, _) in order.iter().filter(|laid| (laid.0 as usize) < problem.parts.len()) {
                let visit = problem.parts[node as usize].visit;
                if !problem.visits[visit as usize].same_crew_allowed {
                    crews.push((visit, problem.routes[route].crew));
                }
            }
        }
        crews.sort_unstable();
        crews.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// Puts the parts of orders that cannot all stand back one visit after the other, as far as
    /// they fit where they were.
    pub fn lay_what_fits(&mut self, orders: &[Vec<Laid>]) {
        let parts = self.state.problem.parts.len();
        let mut earlier = Vec::new();
        for (route, order) in orders.iter().enumerate() {
            let of_parts = order.iter().filter(|laid| (laid.0 as usize) < parts);
            earlier.extend(of_parts.enumerate().map(|(rank, &(part, _))| super::Earlier {
                route: route as u32,
                rank: rank as u32,
                part,
            }));
        }
        take_over(&mut self.state, &earlier);
    }

    /// Puts every absent visit in its best place, the dearest to leave out first, and looks once
    /// more at those that found none: with each single other visit ejected, as far as `work`
    /// judged positions go. Says why each of those that stay out does.
    pub fn complete(&mut self, work: u64) -> Vec<(u32, super::Why)> {
        super::construct::construct(&mut self.state, &mut self.inserter, &mut self.random);
        let limit = self.inserter.work.saturating_add(work);
        super::last_pass::last_pass(
            &mut self.state,
            &mut self.inserter,
            &mut self.random,
            &|used| used > limit,
        )
    }
}

/// Searches on from a plan with so many judged positions, around some of its visits if any are
/// named. Same problem, plan, seed and work: same answer. Never worse than the plan.
pub fn improve(
    problem: &Problem,
    plan: &Snapshot,
    seed: u64,
    work: u64,
    around: &[u32],
) -> Snapshot {
    let mut state = State::empty(problem);
    plan.put_into(&mut state);
    let mut chain = Chain::new(state, seed);
    chain.inserter.look_near(std::sync::Arc::new(Nearby::of(problem)));
    chain.stay_around(around);
    chain.run(&Neighbours::of(problem), Allowance::Work(work), 1.0);
    chain.best
}
