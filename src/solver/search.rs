//! Ruin and recreate with annealing, in chains that exchange their best at fixed shares of the
//! budget, or, in large plans, walk in blocks of it (`blocks`).
//!
//! The number of chains is fixed, each has its own seed and its own share of the work, and
//! exchanges happen in the order of the chains: so the answer does not depend on the number of
//! threads.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter};
use super::problem::{COST, Points, TIERS};
use super::ruin::{Neighbours, Ruiner};
use super::state::{Kind, Mark, Node, State};

/// One position in this many is overlooked by the recreation.
const BLINK_ONE_IN: u32 = 100;
/// The same after a ruin that scatters: few visits, each to be seen in a new light.
const BLINK_SCATTERED_ONE_IN: u32 = 25;
/// First and last temperature of the tiers above cost, in points.
const TIER_TEMPERATURES: (f64, f64) = (20.0, 0.1);
/// Points of a tier above cost that no luck outweighs, even when it is hottest.
const MUST: i64 = 50 * TIER_TEMPERATURES.0 as i64;
/// Absent visits tried again per iteration besides those just taken out.
const RETRIES_MAX: usize = 8;
/// With few newcomers in a plan, one ruin in this many is anywhere, the others around them.
const FAR_ONE_IN: u32 = 4;
/// Around a newcomer are so many visits.
const AROUND_MAX: usize = 48;
/// How often a break of a ruined route is moved.
const BREAK_MOVES_SHARE: f64 = 0.5;
/// Visits are put back so as to bring the greatest idle time down by up to this.
const IDLE_AIM: i32 = 8;
/// Iterations between two looks at the budget.
const STRIDE: u32 = 16;

/// When a chain has used up its share.
#[derive(Clone, Copy)]
pub enum Allowance<'c> {
    /// So many judged positions.
    Work(u64),
    /// So many seconds of a clock that the caller brings: the search itself never asks the time.
    Time {
        /// Seconds per chain.
        seconds: f64,
        /// Seconds since some moment, on the chain's own thread.
        clock: &'c (dyn Fn() -> f64 + Sync),
    },
}

/// A plan kept aside.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) nodes: Vec<Node>,
    /// What it costs.
    pub score: [i64; TIERS],
}

/// One walk through the plans.
pub struct Chain<'p> {
    /// Where it stands.
    pub state: State<'p>,
    /// The best it has seen.
    pub best: Snapshot,
    /// Positions judged and how many of them before the annealing began.
    pub inserter: Inserter,
    /// Ruins tried.
    pub iterations: u64,
    work_at_start: u64,
    seconds_used: f64,
    score: [i64; TIERS],
    pub(super) random: Pcg64Mcg,
    pub(super) ruiner: Ruiner,
    /// Visits to begin ruins at.
    pub(super) seeds: Vec<u32>,
    absent: Vec<u32>,
    absent_at: Vec<u32>,
    pub(super) to_insert: Vec<u32>,
    mean_route: f64,
    /// Does putting a visit in never make a plan cheaper, and must every visit be in?
    prices_only_add: bool,
    /// The few visits that a plan to start from did not have.
    newcomers: Vec<u32>,
    dirty: Vec<u32>,
    is_dirty: Vec<bool>,
}

const NOT_ABSENT: u32 = u32::MAX;

impl<'p> Chain<'p> {
    /// A chain that starts from `state`.
    pub fn new(mut state: State<'p>, seed: u64) -> Chain<'p> {
        state.commit();
        let score = state.score();
        let best = Snapshot::of(&state);
        let node_count = state.nodes.len();
        let visit_count = state.assigned.len();
        let prices_only_add = state.prices_only_add();
        let mut chain = Chain {
            state,
            best,
            inserter: Inserter::default(),
            iterations: 0,
            work_at_start: 0,
            seconds_used: 0.0,
            score,
            random: Pcg64Mcg::seed_from_u64(seed),
            ruiner: Ruiner::default(),
            seeds: (0..visit_count as u32).collect(),
            absent: Vec::new(),
            absent_at: vec![NOT_ABSENT; visit_count],
            to_insert: Vec::new(),
            mean_route: 1.0,
            prices_only_add,
            newcomers: Vec::new(),
            dirty: Vec::new(),
            is_dirty: vec![false; node_count],
        };
        for visit in 0..visit_count as u32 {
            chain.note_absence(visit);
        }
        chain
    }

    /// Share of the allowance used so far.
    fn share(&self, allowance: Allowance<'_>, begun: f64) -> f64 {
        match allowance {
            Allowance::Work(work) => {
                (self.inserter.work - self.work_at_start) as f64 / work.max(1) as f64
            }
            Allowance::Time { seconds, clock } => {
                (self.seconds_used + clock() - begun) / seconds.max(1e-9)
            }
        }
    }

    /// Walks on until this share of the allowance is used.
    pub fn run(&mut self, neighbours: &Neighbours, allowance: Allowance<'_>, until: f64) {
        let clock = |allowance: Allowance<'_>| match allowance {
            Allowance::Work(_) => 0.0,
            Allowance::Time { clock, .. } => clock(),
        };
        let begun = clock(allowance);
        if self.seeds.is_empty() {
            return;
        }
        let routes = &self.state.routes;
        let used = routes.iter().filter(|route| route.parts > 0).count().max(1);
        let placed: u32 = routes.iter().map(|route| route.parts).sum();
        self.mean_route = f64::from(placed) / used as f64;
        let mut share = self.share(allowance, begun);
        let mut stride = 0;
        let mut temperature = self.temperatures(share);
        while share < until {
            self.iterate(neighbours, &temperature);
            self.iterations += 1;
            stride += 1;
            if stride == STRIDE {
                stride = 0;
                // Judging nothing (every visit out of reach) must not last for ever.
                self.inserter.work += 1;
                share = self.share(allowance, begun);
                temperature = self.temperatures(share);
            }
        }
        self.seconds_used += clock(allowance) - begun;
    }

    /// Walks mostly around these visits from now on.
    pub fn stay_around(&mut self, newcomers: &[u32]) {
        self.newcomers = newcomers.to_vec();
    }

    /// The visit around which to take out others.
    fn seed(&mut self, neighbours: &Neighbours) -> u32 {
        let random = &mut self.random;
        if self.newcomers.is_empty() || random.random_range(0..FAR_ONE_IN) == 0 {
            return self.seeds[random.random_range(0..self.seeds.len() as u32) as usize];
        }
        let newcomer = self.newcomers[random.random_range(0..self.newcomers.len())];
        let near = neighbours.of_visit(newcomer);
        match random.random_range(0..=near.len().min(AROUND_MAX)) {
            0 => newcomer,
            at => near[at - 1],
        }
    }

    fn temperatures(&self, share: f64) -> [f64; TIERS] {
        let fall = |from: f64, to: f64| from * (to / from).powf(share.clamp(0.0, 1.0));
        let mut temperatures = [fall(TIER_TEMPERATURES.0, TIER_TEMPERATURES.1); TIERS];
        let (from, to) = self.state.problem.temperatures;
        temperatures[COST] = fall(from.max(1) as f64, to.max(1) as f64);
        temperatures
    }

    fn iterate(&mut self, neighbours: &Neighbours, temperatures: &[f64; TIERS]) {
        if self.moved_a_meeting(temperatures) {
            return;
        }
        if self.state.problem.route_prices.is_some() {
            let below = self.random.random_range(-IDLE_AIM..=IDLE_AIM).max(0);
            self.inserter.aim_below(&self.state, below);
        }
        let mark = self.state.mark();
        let seed = self.seed(neighbours);
        let mean_route = self.mean_route;
        self.ruiner.ruin(&mut self.state, neighbours, seed, mean_route, &mut self.random);
        if !self.state.refresh() {
            self.state.rewind(mark);
            return;
        }
        self.move_breaks();
        self.choose_order(neighbours, seed);
        let patience = self.draw_patience();
        if self.recreate(patience * temperatures[COST]) && self.has_lost_nothing_kept() {
            self.decide(mark, temperatures, patience);
        } else {
            self.state.rewind(mark);
        }
    }

    /// Is every visit that must stay in the plan back again?
    fn has_lost_nothing_kept(&self) -> bool {
        let state = &self.state;
        let is_back = |&visit: &u32| state.assigned[visit as usize];
        let is_kept = |visit: u32| state.problem.visits[visit as usize].kept;
        self.ruiner.removed.iter().all(|visit| is_back(visit) || !is_kept(*visit))
    }

    /// Breaks of the routes just ruined move to another gap now and then.
    fn move_breaks(&mut self) {
        let problem = self.state.problem;
        for index in 0..self.ruiner.routes.len() {
            let route = self.ruiner.routes[index];
            let breaks = problem.routes[route as usize].breaks.len() as u32;
            if breaks == 0 || self.random.random::<f64>() > BREAK_MOVES_SHARE {
                continue;
            }
            let node = self.state.first_break(route) + self.random.random_range(0..breaks);
            // Between the breaks around it, so that breaks keep their order.
            let mut gaps = Vec::new();
            let mut before = self.state.nodes[node as usize].prev;
            loop {
                gaps.push(before);
                if self.state.nodes[before as usize].kind != Kind::Part {
                    break;
                }
                before = self.state.nodes[before as usize].prev;
            }
            let mut after = self.state.nodes[node as usize].next;
            while self.state.nodes[after as usize].kind == Kind::Part {
                gaps.push(after);
                after = self.state.nodes[after as usize].next;
            }
            let prev = gaps[self.random.random_range(0..gaps.len())];
            let mark = self.state.mark();
            self.state.move_break(node, prev);
            if !self.state.refresh() {
                self.state.rewind(mark);
            }
        }
    }

    /// What to insert, and in which order: the removed visits and some of those absent before.
    fn choose_order(&mut self, neighbours: &Neighbours, seed: u32) {
        let problem = self.state.problem;
        let mut list = std::mem::take(&mut self.to_insert);
        list.clear();
        list.extend_from_slice(&self.ruiner.removed);
        if self.absent.len() <= RETRIES_MAX {
            list.extend_from_slice(&self.absent);
        } else {
            let near = std::iter::once(&seed).chain(neighbours.of_visit(seed));
            let near = near.filter(|&&visit| self.absent_at[visit as usize] != NOT_ABSENT);
            let before = list.len();
            list.extend(near.take(RETRIES_MAX - 2));
            for _ in 0..2 {
                let visit = self.absent[self.random.random_range(0..self.absent.len())];
                if !list[before..].contains(&visit) {
                    list.push(visit);
                }
            }
        }
        let random = &mut self.random;
        for at in (1..list.len()).rev() {
            list.swap(at, random.random_range(0..=at));
        }
        let first = |visit: u32| problem.visits[visit as usize].parts.start as usize;
        let from_depot = |visit: u32| {
            let route = problem.fitting[first(visit)].first().map_or(0, |entry| entry.0);
            let depot = problem.routes.get(route as usize).map_or(0, |spec| spec.start_place);
            problem.travel(depot, problem.parts[first(visit)].place)
        };
        let fit = |visit: u32| problem.fitting[first(visit)].first().map(|entry| entry.1);
        let window = |visit: u32| {
            fit(visit).map_or((0, 0), |fit| {
                let fit = &problem.fits[fit as usize];
                (fit.from, fit.to.min(problem.parts[first(visit)].due))
            })
        };
        let parts = |visit: u32| problem.visits[visit as usize].parts.len();
        let choices = |visit: u32| {
            let parts = problem.visits[visit as usize].parts.clone();
            parts.map(|part| problem.fitting[part as usize].len()).min().unwrap_or(0)
        };
        let load = |visit: u32| {
            let parts = problem.visits[visit as usize].parts.clone();
            parts.map(|part| problem.parts[part as usize].load).sum::<i64>()
        };
        // 4 : 2 : 1 : 1 : 1 : 1 : 1, and 4 for what is hard to carry where loads are limited.
        let orders = if self.state.has_load_limits { 15 } else { 11 };
        match random.random_range(0..orders) {
            0..4 => {}
            11.. => list.sort_by_key(|&visit| std::cmp::Reverse(load(visit))),
            4..6 => list.sort_by_key(|&visit| std::cmp::Reverse(from_depot(visit))),
            6 => list.sort_by_key(|&visit| from_depot(visit)),
            7 => list.sort_by_key(|&visit| window(visit).0),
            8 => list.sort_by_key(|&visit| std::cmp::Reverse(window(visit).1)),
            9 => list.sort_by_key(|&visit| std::cmp::Reverse(parts(visit))),
            _ => list.sort_by_key(|&visit| choices(visit)),
        }
        // What must be in or outranks everything else goes in first, in whatever order was drawn.
        let rank = |visit: u32| {
            let spec = &problem.visits[visit as usize];
            (!spec.kept, spec.unassigned.tier)
        };
        list.sort_by_key(|&visit| rank(visit));
        self.to_insert = list;
    }

    /// How many temperatures worse the next plan may be: drawn first, so that a recreation that
    /// cannot be taken any more need not be finished.
    pub(super) fn draw_patience(&mut self) -> f64 {
        let luck: f64 = self.random.random();
        -luck.ln()
    }

    /// Puts back what was taken out. `false` as soon as the plan costs too much, where putting in
    /// only adds: it is left half done.
    fn recreate(&mut self, loss_max: f64) -> bool {
        let gives_up = self.prices_only_add && self.absent.is_empty();
        let allowed = self.score[COST].saturating_add(loss_max.ceil() as i64);
        let problem = self.state.problem;
        let scattered = self.ruiner.scattered;
        let one_in = if scattered { BLINK_SCATTERED_ONE_IN } else { BLINK_ONE_IN };
        let effort = Effort { blink_one_in: Some(one_in), exhaustive: false };
        for index in 0..self.to_insert.len() {
            let visit = self.to_insert[index];
            // What was in has a place; what was absent before hardly finds one far away.
            let was_in = self.absent_at[visit as usize] == NOT_ABSENT;
            self.inserter.fall_back(was_in);
            let must = was_in && problem.visits[visit as usize].kept;
            let limit = if must { i64::MAX } else { problem.price_of_leaving_out(visit) };
            if gives_up {
                self.inserter.ceiling = allowed.saturating_sub(self.state.score()[COST]);
            }
            let found = self.inserter.best_place(&mut self.state, visit, effort, &mut self.random);
            if gives_up && found.is_none() {
                self.inserter.ceiling = i64::MAX;
                return false;
            }
            if let Some(place) = found
                && place.price < limit
            {
                self.state.insert(visit, &place.placements);
            }
        }
        self.inserter.ceiling = i64::MAX;
        true
    }

    /// Keeps what came out, or puts everything back.
    pub(super) fn decide(&mut self, mark: Mark, temperatures: &[f64; TIERS], patience: f64) {
        let score = self.state.score();
        let worse = (0..TIERS).find(|&tier| score[tier] != self.score[tier]);
        if let Some(tier) = worse
            && score[tier] > self.score[tier]
        {
            let loss = (score[tier] - self.score[tier]) as f64;
            if loss >= temperatures[tier] * patience {
                self.state.rewind(mark);
                return;
            }
        }
        self.score = score;
        for index in 0..self.state.node_log.len() {
            let node = self.state.node_log[index].0;
            if !self.is_dirty[node as usize] {
                self.is_dirty[node as usize] = true;
                self.dirty.push(node);
            }
        }
        for index in 0..self.to_insert.len() {
            self.note_absence(self.to_insert[index]);
        }
        self.state.commit();
        if score < self.best.score {
            self.best.score = score;
            for node in self.dirty.drain(..) {
                self.best.nodes[node as usize] = self.state.nodes[node as usize];
                self.is_dirty[node as usize] = false;
            }
        }
    }

    fn note_absence(&mut self, visit: u32) {
        let at = self.absent_at[visit as usize];
        let absent = !self.state.assigned[visit as usize]
            && !self.state.problem.visits[visit as usize].barred
            && !self.ruiner.is_frozen(visit);
        if absent && at == NOT_ABSENT {
            self.absent_at[visit as usize] = self.absent.len() as u32;
            self.absent.push(visit);
        } else if !absent && at != NOT_ABSENT {
            self.absent.swap_remove(at as usize);
            if let Some(&moved) = self.absent.get(at as usize) {
                self.absent_at[moved as usize] = at;
            }
            self.absent_at[visit as usize] = NOT_ABSENT;
        }
    }

    /// Goes on from another plan.
    pub fn adopt(&mut self, snapshot: &Snapshot) {
        snapshot.put_into(&mut self.state);
        self.best = snapshot.clone();
        self.start_anew();
    }

    /// After changes made from outside, of which the best plan knows.
    pub(super) fn start_anew(&mut self) {
        self.score = self.state.score();
        for node in self.dirty.drain(..) {
            self.is_dirty[node as usize] = false;
        }
        for visit in 0..self.absent_at.len() as u32 {
            self.note_absence(visit);
        }
    }
}

impl State<'_> {
    /// Does putting a visit in never make the plan cheaper, and must every visit be in? (Legs that
    /// break the triangle inequality aside.)
    fn prices_only_add(&self) -> bool {
        let problem = self.problem;
        let mut lateness = problem.lateness.iter();
        let is_must = |price: &Points| price.tier < COST && price.points >= MUST;
        self.plain.is_some()
            && problem.visits.iter().all(|visit| is_must(&visit.unassigned))
            && lateness.all(|late| late.tier == COST || late.steps.is_empty())
    }
}

impl Snapshot {
    /// The plan as it stands.
    pub fn of(state: &State<'_>) -> Snapshot {
        Snapshot { nodes: state.nodes.clone(), score: state.score() }
    }

    /// Makes a state of the same problem stand here.
    pub fn put_into(&self, state: &mut State<'_>) {
        state.nodes.copy_from_slice(&self.nodes);
        state.recount(state.problem);
        state.commit();
    }
}
