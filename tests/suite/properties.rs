//! What must hold on every day: ten thousand random ones, each walked through at random and then
//! planned.

use std::sync::atomic::{AtomicU64, Ordering};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rond::domain::World;
use rond::replan::compile::{Compiled, compile};
use rond::replan::decompile::decompile;
use rond::rules;
use rond::solver::insert::{Effort, Inserter};
use rond::solver::judge::Placement;
use rond::solver::problem::{NEVER, NONE, TIERS};
use rond::solver::state::{Kind, State};
use rond::solver::{Budget, Settings, Solution};
use rond::travel::Matrix;

use crate::support::oracle;
use crate::support::travel::random_travel;
use crate::support::worlds::{Shape, random_world};

/// Days in all, and how many of them must have shown each thing that is hard.
const DAYS: u64 = 10_000;
const SEEN_MIN: u64 = 500;
/// Changes per day in the random walk, and work of its search.
const CHANGES: usize = 14;
const WORK: u64 = 4_000;
/// One day in so many limits the loads of its routes, to so much.
const LIMITED_ONE_IN: u64 = 4;
const LOADS_MAX: [i64; 3] = [45, 90, 150];

/// How many days showed what.
#[derive(Default)]
struct Seen {
    binding_meetings: AtomicU64,
    refused_deadlocks: AtomicU64,
    breaks: AtomicU64,
    overtime: AtomicU64,
    borders: AtomicU64,
    two_windows: AtomicU64,
    full_routes: AtomicU64,
    slow_legs: AtomicU64,
    first_stops: AtomicU64,
}

#[test]
fn ten_thousand_random_days() {
    let seen = Seen::default();
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= DAYS {
                        break;
                    }
                    Day::new(seed).live_through(&seen);
                }
            });
        }
    });
    let counts = [
        ("binding meetings", &seen.binding_meetings),
        ("refused deadlocks", &seen.refused_deadlocks),
        ("breaks", &seen.breaks),
        ("overtime", &seen.overtime),
        ("borders", &seen.borders),
        ("two windows", &seen.two_windows),
        ("full routes", &seen.full_routes),
        ("slow legs", &seen.slow_legs),
        ("first stops before others", &seen.first_stops),
    ];
    for (what, count) in &counts {
        println!("{what}: {} of {DAYS} random days", count.load(Ordering::Relaxed));
    }
    for (what, count) in &counts {
        let count = count.load(Ordering::Relaxed);
        assert!(count >= SEEN_MIN, "only {count} of {DAYS} days had {what}");
    }
}

/// One random day.
struct Day {
    seed: u64,
    world: World,
    travel: Matrix,
    compiled: Compiled,
    random: Pcg64Mcg,
}

impl Day {
    fn new(seed: u64) -> Day {
        let world = random_world(seed, &Shape::small());
        let travel = random_travel(seed, &world);
        let mut compiled = compile(&world, &travel);
        if seed.is_multiple_of(LIMITED_ONE_IN) {
            // No day limits loads, but the search must keep limits wherever there are any.
            for (at, route) in compiled.problem.routes.iter_mut().enumerate() {
                route.load_max = LOADS_MAX[(seed as usize / 4 + at) % LOADS_MAX.len()];
            }
        }
        Day { seed, world, travel, compiled, random: Pcg64Mcg::seed_from_u64(seed) }
    }

    fn live_through(mut self, seen: &Seen) {
        let deadlocks = self.walk();
        add(&seen.refused_deadlocks, deadlocks > 0);
        let solution = self.solve();
        let state = self.state_of(&solution);
        self.check_loads(&state);
        self.note_what_was_seen(&state, seen);
        self.check_against_the_rules(&solution);
    }

    /// Inserts and removes at random and holds every step to brute force.
    fn walk(&mut self) -> u64 {
        let mut random = self.random.clone();
        let mut state = State::empty(&self.compiled.problem);
        let mut inserter = Inserter::default();
        let mut deadlocks = 0;
        let count = self.world.visits.len() as u32;
        for _ in 0..CHANGES {
            let visit = random.random_range(0..count);
            if state.assigned[visit as usize] {
                let mark = state.mark();
                state.take_out(visit);
                if !state.refresh() {
                    // A break moves to the place of the stop before it, from where the next stop
                    // may be further; and in traffic the way past a home may be quicker. No other
                    // way leads from taking out to coming later.
                    let problem = &self.compiled.problem;
                    let with_breaks = problem.routes.iter().any(|route| !route.breaks.is_empty());
                    let may = with_breaks || problem.traffic.is_some();
                    assert!(may, "seed {}: taking {visit} out broke a limit", self.seed);
                    state.rewind(mark);
                }
                state.commit();
            } else {
                deadlocks += self.try_at_random(&mut state, visit, &mut random);
                self.insert_best(&mut state, &mut inserter, visit, &mut random);
            }
            self.check_times(&state);
            self.check_loads(&state);
            self.check_first_stops(&state);
            self.check_costs(&state);
        }
        deadlocks
    }

    /// Puts a visit at random positions if no deadlock forbids it; says whether one did.
    fn try_at_random(&self, state: &mut State<'_>, visit: u32, random: &mut Pcg64Mcg) -> u64 {
        let problem = &self.compiled.problem;
        let spec = &problem.visits[visit as usize];
        if spec.parts.len() < 2 || spec.barred || !spec.meets {
            return 0;
        }
        let mut deadlocks = 0;
        for _ in 0..4 {
            let Some(placements) = random_placements(state, visit, random) else { continue };
            let behind: Vec<u32> =
                placements.iter().map(|place| state.nodes[place.prev as usize].next).collect();
            let mut refused = false;
            for (one, &behind) in behind.iter().enumerate() {
                for (other, placement) in placements.iter().enumerate() {
                    refused |= one != other && state.leads_to(behind, placement.prev);
                }
            }
            let truly = oracle::would_deadlock(state, &placements);
            assert!(refused || !truly, "seed {}: a deadlock of visit {visit} accepted", self.seed);
            deadlocks += u64::from(refused && truly);
        }
        deadlocks
    }

    fn insert_best(
        &self,
        state: &mut State<'_>,
        inserter: &mut Inserter,
        visit: u32,
        random: &mut Pcg64Mcg,
    ) {
        let effort = Effort { blink_one_in: Some(3), exhaustive: false };
        let Some(place) = inserter.best_place(state, visit, effort, random) else { return };
        let place = place.clone();
        let before = state.score();
        let starts: Vec<i32> = state.nodes.iter().map(|node| node.start).collect();
        let Some(promise) = state.promise(visit, &place.placements) else { return };
        assert_eq!(state.score(), before, "seed {}: a promise left something behind", self.seed);
        assert!(state.insert(visit, &place.placements), "seed {}: promised, not kept", self.seed);
        state.commit();
        let after = state.score();
        let effect: [i64; TIERS] = std::array::from_fn(|tier| after[tier] - before[tier]);
        assert_eq!(promise, effect, "seed {}: the effect is not what was promised", self.seed);
        let moved = state.nodes.iter().zip(&starts).any(|(node, start)| {
            node.kind != Kind::Part && node.start != *start && node.kind != Kind::End
        }) || (0..self.compiled.problem.parts.len()).any(|part| {
            let of_visit = self.compiled.problem.parts[part].visit == visit;
            !of_visit && state.is_present(part as u32) && state.nodes[part].start != starts[part]
        });
        if !moved && self.compiled.problem.visits[visit as usize].parts.len() == 1 {
            self.check_judged_price(visit, place.price, &effect);
        }
    }

    /// Where nothing else moves, the price judged in constant time is the effect to the point.
    fn check_judged_price(&self, visit: u32, judged: i64, effect: &[i64; TIERS]) {
        let problem = &self.compiled.problem;
        let spec = &problem.visits[visit as usize];
        let mut effect = *effect;
        effect[spec.unassigned.tier] += spec.unassigned.points;
        effect[2] += spec.unassigned_told;
        let weighed: i64 =
            effect.iter().zip(&problem.weights).map(|(points, weight)| points * weight).sum();
        assert_eq!(judged, weighed, "seed {}: visit {visit} judged at another price", self.seed);
    }

    fn check_times(&self, state: &State<'_>) {
        let (starts, latest) = (oracle::earliest_starts(state), oracle::latest_starts(state));
        for (at, node) in state.nodes.iter().enumerate() {
            if node.route != NONE && state.is_used(node.route) {
                let what = format!("seed {}: node {at} ({:?})", self.seed, node.kind);
                assert_eq!(node.start, starts[at], "{what}: earliest start");
                assert_eq!(node.latest, latest[at], "{what}: latest start");
            }
        }
    }

    fn check_loads(&self, state: &State<'_>) {
        for (at, route) in self.compiled.problem.routes.iter().enumerate() {
            let load = state.routes[at].load;
            assert!(load <= route.load_max, "seed {}: route {at} carries {load}", self.seed);
        }
    }

    /// Those that come first stand on their own route, in order, before all others.
    fn check_first_stops(&self, state: &State<'_>) {
        for (at, route) in self.compiled.problem.routes.iter().enumerate() {
            let parts = parts_on(state, at as u32);
            let present = route.first.iter().filter(|&&part| state.is_present(part));
            let present: Vec<u32> = present.copied().collect();
            assert!(parts.starts_with(&present), "seed {}: {present:?} on {at}", self.seed);
        }
    }

    fn check_costs(&self, state: &State<'_>) {
        let mut again = State::empty(&self.compiled.problem);
        rond::solver::search::Snapshot::of(state).put_into(&mut again);
        assert_eq!(again.score(), state.score(), "seed {}: costs drifted", self.seed);
    }

    fn solve(&self) -> Solution {
        let settings = Settings {
            seed: self.seed,
            threads: 1,
            chains: 2,
            budget: Budget::Work(WORK),
            observer: &|_, _| (),
        };
        rond::solver::solve(&self.compiled.problem, settings, &self.compiled.earlier)
    }

    fn state_of(&self, solution: &Solution) -> State<'_> {
        let mut state = State::empty(&self.compiled.problem);
        oracle::lay(&mut state, solution);
        state
    }

    fn check_against_the_rules(&self, solution: &Solution) {
        let plan = decompile(&self.world, &self.travel, &self.compiled, solution);
        let audit = rules::audit(&self.world, &self.travel, &plan);
        let legal = audit.verdict != rules::Verdict::Illegal;
        assert!(legal, "seed {}: {:#?}", self.seed, audit.violations);
        assert_eq!(audit.score.tiers, solution.score, "seed {}: {:#?}", self.seed, audit.lines);
    }

    fn note_what_was_seen(&self, state: &State<'_>, seen: &Seen) {
        let problem = &self.compiled.problem;
        let present = |part: &u32| state.is_present(*part);
        let parts: Vec<u32> = (0..problem.parts.len() as u32).filter(present).collect();
        let waits_for_partner = |part: &u32| {
            let node = &state.nodes[*part as usize];
            let fit = &problem.fits[node.fit as usize];
            problem.next_start(fit, node.ready.max(node.hold)) < node.start
        };
        add(&seen.binding_meetings, parts.iter().any(waits_for_partner));
        let used = |route: &u32| state.is_used(*route);
        let routes: Vec<u32> = (0..problem.routes.len() as u32).filter(used).collect();
        let has_break = |route: &u32| !problem.routes[*route as usize].breaks.is_empty();
        add(&seen.breaks, routes.iter().any(has_break));
        let late = |route: &u32| state.nodes[state.end_node(*route) as usize].late > 0;
        add(&seen.overtime, routes.iter().any(late));
        let crosses = |part: &u32| {
            let spec = &problem.parts[*part as usize];
            let place = &self.world.places[spec.place as usize];
            let (crew, _) = self.compiled.shifts[state.nodes[*part as usize].route as usize];
            let there = self.world.region.delregion_of(&place.municipality);
            there != Some(&self.world.crews[crew].home_delregion)
        };
        add(&seen.borders, parts.iter().any(crosses));
        let two = |part: &u32| {
            let visit = problem.parts[*part as usize].visit;
            self.world.visits[visit as usize].windows.len() >= 2
        };
        add(&seen.two_windows, parts.iter().any(two));
        let slow = |part: &u32| {
            let node = &state.nodes[*part as usize];
            let prev = &state.nodes[node.prev as usize];
            let done = prev.start.saturating_add(prev.service);
            node.ready > done + problem.gap(prev.place, node.place)
        };
        add(&seen.slow_legs, parts.iter().any(slow));
        let goes_on = |route: &u32| {
            let parts = parts_on(state, *route);
            let first = &problem.routes[*route as usize].first;
            1 < parts.len() && first.contains(&parts[0])
        };
        add(&seen.first_stops, routes.iter().any(goes_on));
        // No service of these days is shorter than a quarter of an hour.
        let full = |route: &u32| !state.has_room(*route, 15);
        add(&seen.full_routes, routes.iter().any(full));
    }
}

fn parts_on(state: &State<'_>, route: u32) -> Vec<u32> {
    state.stops(route).filter(|&stop| state.nodes[stop as usize].kind == Kind::Part).collect()
}

fn add(count: &AtomicU64, seen: bool) {
    count.fetch_add(u64::from(seen), Ordering::Relaxed);
}

/// A random fitting route and gap for each part, crews apart.
fn random_placements(
    state: &State<'_>,
    visit: u32,
    random: &mut Pcg64Mcg,
) -> Option<Vec<Placement>> {
    let problem = state.problem;
    let mut crews = Vec::new();
    let mut placements = Vec::new();
    for part in problem.visits[visit as usize].parts.clone() {
        let fitting = &problem.fitting[part as usize];
        if fitting.is_empty() {
            return None;
        }
        let (route, fit) = fitting[random.random_range(0..fitting.len())];
        let crew = problem.routes[route as usize].crew;
        if crews.contains(&crew) {
            return None;
        }
        crews.push(crew);
        let mut gaps = vec![state.start_node(route)];
        gaps.extend(state.stops(route));
        let prev = gaps[random.random_range(0..gaps.len())];
        placements.push(Placement { part, prev, fit, hold: -NEVER });
    }
    Some(placements)
}
