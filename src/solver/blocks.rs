//! Blocks: chains side by side in one large plan, each with crews and visits of its own.
//!
//! Two chains that walk the whole of a region do half as much in each neighbourhood, and of what
//! they find the better half is kept. Here the crews are divided by where their visits lie; a chain
//! changes only the routes of its own block, and takes out and puts in only visits that lie wholly
//! within it. At the end of a round the blocks are put together, so that every gain counts, and
//! the border is drawn elsewhere for the next one.
//!
//! Blocks meet in joint visits across the border, and nowhere else: shifts of one crew, with the
//! rests between them, lie in one block. While blocks are apart, such visits are *fixed*: they
//! start when they did, no sooner and no later. So what a chain does never moves a stop of another
//! block, and the blocks fit together whatever each of them became.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::Settings;
use super::problem::{NEVER, NONE, Problem};
use super::search::{Chain, Snapshot};
use super::state::{Node, State};
use super::timing::Scratch;

/// With fewer parts chains exchange their best plans instead.
const PARTS_MIN: usize = 1_000;
/// Rounds, with a border of its own each.
const ROUNDS: u32 = 20;
/// The rest of the budget is for the whole plan: what fits only elsewhere finds its place then.
const SHARE: f64 = 0.95;
/// Room of a route that takes nothing, not even a visit without a load.
const CLOSED: i64 = i64::MIN / 2;

/// Which block each route and each visit belongs to.
pub(super) struct Blocks {
    of_route: Vec<u32>,
    /// [`NONE`] of a visit across the border: it stays where it is.
    of_visit: Vec<u32>,
}

/// Do blocks pay, and is nothing priced over routes of several blocks?
pub(super) fn pay(problem: &Problem, chains: usize) -> bool {
    let is_by_route = problem.route_prices.is_some() || problem.greatest_lateness != 0;
    chains > 1 && problem.parts.len() >= PARTS_MIN && !is_by_route
}

impl Blocks {
    /// Divides the crews into so many blocks of about as many parts, along a line drawn at random.
    pub fn of(problem: &Problem, plan: &Snapshot, count: usize, random: &mut Pcg64Mcg) -> Blocks {
        let part = random.random_range(0..problem.parts.len());
        let one = problem.parts[part].place;
        let far = |place: &u32| (problem.travel(one, *place) < NEVER, problem.travel(one, *place));
        let places = problem.parts.iter().map(|part| part.place);
        let other = places.max_by_key(far).unwrap_or(one);
        let along =
            |place: u32| i64::from(problem.travel(one, place) - problem.travel(other, place));
        let (of_route, ends) = routes_along(problem, plan, count, along);
        let of_visit = problem.visits.iter().map(|visit| {
            let route = |part: u32| plan.nodes[part as usize].route;
            let first = visit.parts.start;
            if route(first) == NONE {
                let at = along(problem.parts[first as usize].place);
                return ends.iter().filter(|end| **end <= at).count() as u32;
            }
            let block = |part: u32| of_route[route(part) as usize];
            let is_within = visit.parts.clone().all(|part| block(part) == block(first));
            if is_within { block(first) } else { NONE }
        });
        Blocks { of_visit: of_visit.collect(), of_route }
    }

    /// The block of a node of a plan that was divided so.
    fn of_node(&self, problem: &Problem, plan: &Snapshot, node: u32) -> u32 {
        let of_visit = problem
            .parts
            .get(node as usize)
            .map_or(NONE, |part| self.of_visit[part.visit as usize]);
        if of_visit != NONE {
            return of_visit;
        }
        // Across the border are only visits that are in the plan.
        self.of_route[plan.nodes[node as usize].route as usize]
    }

    /// The parts that must start when they do, so that no block moves a stop of another.
    fn fixed_parts<'a>(&'a self, state: &'a State<'_>) -> impl Iterator<Item = u32> + use<'a> {
        let problem = state.problem;
        let across = (0..problem.visits.len()).filter(|&visit| self.of_visit[visit] == NONE);
        let parts = across.flat_map(|visit| problem.visits[visit].parts.clone());
        parts.filter(|&part| state.is_present(part) && !state.scratch.is_alone(part))
    }
}

/// The block of every route, and where along the line each block but the first begins.
fn routes_along(
    problem: &Problem,
    plan: &Snapshot,
    count: usize,
    along: impl Fn(u32) -> i64,
) -> (Vec<u32>, Vec<i64>) {
    let crews = problem.routes.iter().map(|route| route.crew as usize + 1).max().unwrap_or(0);
    let mut sums = vec![(0, 0); crews];
    for (spec, node) in problem.parts.iter().zip(&plan.nodes) {
        if let Some(route) = problem.routes.get(node.route as usize) {
            let sum = &mut sums[route.crew as usize];
            *sum = (sum.0 + along(spec.place), sum.1 + 1);
        }
    }
    let mut bases = vec![0; crews];
    for route in &problem.routes {
        bases[route.crew as usize] = along(route.start_place);
    }
    let at = |crew: usize| {
        let (sum, parts) = sums[crew];
        if parts > 0 { sum / parts } else { bases[crew] }
    };
    let mut order: Vec<usize> = (0..crews).collect();
    order.sort_by_key(|&crew| (at(crew), crew));
    let whole: i64 = sums.iter().map(|sum| sum.1).sum();
    let mut of_crew = vec![0; crews];
    let mut ends = Vec::new();
    let mut before = 0;
    for crew in order {
        let block = (before * count as i64 / whole.max(1)).min(count as i64 - 1);
        while (ends.len() as i64) < block {
            ends.push(at(crew));
        }
        of_crew[crew] = block as u32;
        before += sums[crew].1;
    }
    (problem.routes.iter().map(|route| of_crew[route.crew as usize]).collect(), ends)
}

/// Walks round by round, for most of the budget; `run` lets all chains walk until a share of it is
/// used.
pub(super) fn walk<'p>(
    chains: &mut [Chain<'p>],
    settings: &Settings<'_>,
    run: impl Fn(&mut [Chain<'p>], f64),
) {
    let mut random = Pcg64Mcg::seed_from_u64(settings.seed);
    for round in 1..=ROUNDS {
        let plan = chains[0].best.clone();
        let blocks = divide(chains, &plan, &mut random);
        let until = SHARE * f64::from(round) / f64::from(ROUNDS);
        run(chains, until);
        unite(chains, &plan, &blocks);
        (settings.observer)(until, &chains[0].best.score);
    }
}

/// Gives each chain a block of the plan that all stand at.
pub(super) fn divide(chains: &mut [Chain<'_>], plan: &Snapshot, random: &mut Pcg64Mcg) -> Blocks {
    let blocks = Blocks::of(chains[0].state.problem, plan, chains.len(), random);
    for (own, chain) in chains.iter_mut().enumerate() {
        chain.enter(&blocks, plan, own as u32);
    }
    blocks
}

/// Puts the blocks together and makes all chains go on from the whole, or from the plan before if
/// the whole is no better.
pub(super) fn unite(chains: &mut [Chain<'_>], plan: &Snapshot, blocks: &Blocks) {
    let mut nodes = plan.nodes.clone();
    let problem = chains[0].state.problem;
    for (node, at) in nodes.iter_mut().enumerate() {
        let block = blocks.of_node(problem, plan, node as u32);
        *at = chains[block as usize].best.nodes[node];
    }
    let first = &mut chains[0];
    first.leave();
    let united = first.state.stand_at(&nodes, plan, blocks);
    let united = match united {
        Some(united) if united.score <= plan.score => united,
        _ => plan.clone(),
    };
    for chain in chains {
        chain.leave();
        chain.adopt(&united);
    }
}

impl Chain<'_> {
    /// Walks only within a block from now on.
    fn enter(&mut self, blocks: &Blocks, plan: &Snapshot, own: u32) {
        plan.put_into(&mut self.state);
        self.ruiner.frozen = blocks.of_visit.iter().map(|block| *block != own).collect();
        self.seeds = (0..blocks.of_visit.len() as u32).collect();
        self.seeds.retain(|&visit| !self.ruiner.is_frozen(visit));
        for (route, block) in blocks.of_route.iter().enumerate() {
            if *block != own {
                self.state.routes[route].room = CLOSED;
            }
        }
        self.state.fix(blocks);
        self.best = Snapshot::of(&self.state);
        self.start_anew();
    }

    fn leave(&mut self) {
        self.ruiner.frozen.clear();
        self.seeds = (0..self.state.problem.visits.len() as u32).collect();
        self.state.scratch.fixed.clear();
    }
}

impl Scratch {
    /// Must the part start when it is held until, and no later?
    #[inline]
    pub(super) fn is_fixed(&self, part: u32) -> bool {
        self.fixed.get(part as usize).is_some_and(|is_fixed| *is_fixed)
    }
}

impl State<'_> {
    /// Does the route take anything at all?
    #[inline]
    pub(super) fn is_open(&self, route: u32) -> bool {
        self.routes[route as usize].room > CLOSED
    }

    /// Makes every joint visit across the border start when it does.
    fn fix(&mut self, blocks: &Blocks) {
        let fixed_parts: Vec<u32> = blocks.fixed_parts(self).collect();
        self.scratch.fixed = vec![false; self.problem.parts.len()];
        for part in fixed_parts {
            self.scratch.fixed[part as usize] = true;
            self.set_hold(part, self.nodes[part as usize].start);
        }
        let kept = self.refresh();
        debug_assert!(kept, "everything starts when it did");
        self.commit();
    }

    /// Stands where the blocks put together stand, nothing fixed any more. `None` if it cannot.
    fn stand_at(&mut self, nodes: &[Node], plan: &Snapshot, blocks: &Blocks) -> Option<Snapshot> {
        self.nodes.copy_from_slice(nodes);
        self.recount(self.problem);
        let fixed_parts: Vec<u32> = blocks.fixed_parts(self).collect();
        for part in fixed_parts {
            self.set_hold(part, plan.nodes[part as usize].hold);
        }
        let kept = self.refresh();
        self.commit();
        kept.then(|| Snapshot::of(self))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixture::{add_fit, pair_at, part_at, problem_of_routes};
    use super::super::insert::{Effort, Inserter};
    use super::super::near::Nearby;
    use super::super::problem::Lag;
    use super::super::ruin::Neighbours;
    use super::super::search::Allowance;
    use super::super::state::Kind;
    use super::super::{Budget, Earlier, solve, take_over};
    use super::*;

    const CHAINS: usize = 2;

    /// Visits along a line with windows, every third by two crews, half of them at a lag; crews
    /// start from either end, and two shifts in five are a crew's second one.
    fn line() -> Problem {
        let routes = 60;
        let mut problem = problem_of_routes(routes);
        for visit in 0..760 {
            let place = visit * 7 % 19 + 1;
            let from = (visit * 37 % 80) as i32;
            let fit = add_fit(&mut problem, from, from + 25);
            let first = match visit % 3 {
                0 => pair_at(&mut problem, place, 1),
                _ => part_at(&mut problem, place, 1),
            };
            for fitting in &mut problem.fitting[first as usize..] {
                fitting.iter_mut().for_each(|entry| entry.1 = fit);
            }
            if visit % 6 == 0 {
                tie_at_a_lag(&mut problem, first);
            }
        }
        for (at, route) in problem.routes.iter_mut().enumerate() {
            (route.waiting_price, route.latest, route.to) = (1, 110, 100);
            if at % 2 == 1 {
                (route.start_place, route.end_place) = (19, 19);
            }
        }
        problem
    }

    /// The second part starts two to four ticks after the first, instead of with it.
    fn tie_at_a_lag(problem: &mut Problem, first: u32) {
        let (one, other) = (first as usize, first as usize + 1);
        problem.groups[problem.parts[one].group as usize].pop();
        problem.parts[other].group = problem.groups.len() as u32;
        problem.groups.push(vec![first + 1]);
        for (from, to, least) in [(one, other, 2), (other, one, -4)] {
            problem.lags_out[from].push(Lag { other: to as u32, least });
            problem.lags_in[to].push(Lag { other: from as u32, least });
        }
        let visit = problem.parts[one].visit as usize;
        problem.visits[visit].has_lags = true;
    }

    fn chains_of(problem: &Problem) -> Vec<Chain<'_>> {
        let mut state = State::empty(problem);
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut inserter = Inserter::default();
        // Half of all positions overlooked: a plan that leaves much to gain.
        let effort = Effort { blink_one_in: Some(1), exhaustive: false };
        for visit in 0..problem.visits.len() as u32 {
            if let Some(place) = inserter.best_place(&mut state, visit, effort, &mut random) {
                state.insert(visit, &place.placements);
            }
        }
        let first = Snapshot::of(&state);
        let nearby = Arc::new(Nearby::of(problem));
        let chain = |seed: usize| {
            let mut own = State::empty(problem);
            first.put_into(&mut own);
            let mut chain = Chain::new(own, seed as u64);
            chain.inserter.look_near(Arc::clone(&nearby));
            chain
        };
        (0..CHAINS).map(chain).collect()
    }

    /// All that the search knows of a plan's times, worked out anew from its order alone.
    fn timed_anew(problem: &Problem, plan: &Snapshot) -> (Vec<(i32, i32, i32)>, [i64; 4]) {
        let mut stood = State::empty(problem);
        plan.put_into(&mut stood);
        let mut earlier = Vec::new();
        for route in 0..problem.routes.len() as u32 {
            for (rank, part) in stood.stops(route).enumerate() {
                earlier.push(Earlier { route, rank: rank as u32, part });
            }
        }
        let mut state = State::empty(problem);
        take_over(&mut state, &earlier);
        (times(&Snapshot::of(&state)), state.score())
    }

    fn times(plan: &Snapshot) -> Vec<(i32, i32, i32)> {
        let present = |node: &&Node| node.kind != Kind::Part || node.route != NONE;
        plan.nodes.iter().filter(present).map(|at| (at.start, at.latest, at.free)).collect()
    }

    #[test]
    fn united_blocks_keep_both_gains_and_have_the_times_of_their_order() {
        let problem = line();
        let mut chains = chains_of(&problem);
        let neighbours = Neighbours::of(&problem);
        let mut border = Pcg64Mcg::seed_from_u64(5);
        let mut fixed = 0;
        for round in 1..=4 {
            let plan = chains[0].best.clone();
            let blocks = divide(&mut chains, &plan, &mut border);
            fixed += chains[0].state.scratch.fixed.iter().filter(|fixed| **fixed).count();
            for chain in &mut chains {
                chain.run(&neighbours, Allowance::Work(400_000), f64::from(round) / 4.0);
            }
            let gain = |chain: &Chain<'_>| plan.score[3] - chain.best.score[3];
            let gains: i64 = chains.iter().map(gain).sum();
            let all_in = chains.iter().all(|chain| chain.best.score[..3] == plan.score[..3]);
            unite(&mut chains, &plan, &blocks);
            let united = &chains[0].best;
            assert!(united.score < plan.score, "{:?} {:?}", united.score, plan.score);
            // Visits no longer fixed may start sooner, which can only spare waiting or add it.
            assert!(!all_in || united.score[3] <= plan.score[3] - gains / 2);
            assert_eq!((times(united), united.score), timed_anew(&problem, united));
        }
        assert!(fixed > 0, "no visit lies across the border: nothing is tested");
    }

    #[test]
    fn a_chain_leaves_everything_outside_its_block_where_and_when_it_was() {
        let problem = line();
        let mut chains = chains_of(&problem);
        let plan = chains[0].best.clone();
        let blocks = divide(&mut chains, &plan, &mut Pcg64Mcg::seed_from_u64(5));
        let own = &mut chains[0];
        own.run(&Neighbours::of(&problem), Allowance::Work(200_000), 1.0);
        assert!(own.best.score < plan.score);
        for (node, before) in plan.nodes.iter().enumerate() {
            let after = &own.best.nodes[node];
            if blocks.of_node(&problem, &plan, node as u32) != 0 {
                let at = |node: &Node| (node.route, node.prev, node.next, node.start);
                assert_eq!(at(before), at(after), "{node}");
            }
        }
    }

    #[test]
    fn shifts_of_a_crew_lie_in_one_block_and_every_block_has_its_share() {
        let mut problem = line();
        for route in &mut problem.routes {
            route.crew /= 2;
        }
        let chains = chains_of(&problem);
        let plan = &chains[0].best;
        for count in [2, 3, 5] {
            let blocks = Blocks::of(&problem, plan, count, &mut Pcg64Mcg::seed_from_u64(2));
            assert!(blocks.of_route.chunks(2).all(|shifts| shifts[0] == shifts[1]));
            let routes = |block: usize| {
                blocks.of_route.iter().filter(|other| **other == block as u32).count()
            };
            assert!((0..count).all(|block| routes(block) >= 60 / count / 3), "{count}");
        }
    }

    #[test]
    fn threads_do_not_change_the_answer_of_blocks() {
        let problem = line();
        assert!(pay(&problem, CHAINS));
        let solution = |threads, chains| {
            let budget = Budget::Work(300_000);
            solve(
                &problem,
                Settings { seed: 3, threads, chains, budget, observer: &|_, _| () },
                &[],
            )
        };
        for chains in [2, 3] {
            let one = solution(1, chains);
            assert!(one.score < one.first_score && one.iterations > 0);
            assert_eq!(one, solution(2, chains));
            assert_eq!(one, solution(4, chains));
        }
    }
}
