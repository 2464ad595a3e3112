//! Times and deadlocks by brute force: every constraint relaxed until nothing moves.

use rond::solver::Solution;
use rond::solver::judge::Placement;
use rond::solver::problem::{NEVER, NONE, Problem};
use rond::solver::state::{Kind, Node, State};

/// More sweeps than this over all constraints mean a circle.
const SWEEPS_MAX: usize = 4_000;

/// The least starts that keep every constraint, node by node; absent nodes have any value.
pub fn earliest_starts(state: &State<'_>) -> Vec<i32> {
    let problem = state.problem;
    let mut starts = vec![-NEVER; state.nodes.len()];
    for _ in 0..SWEEPS_MAX {
        let mut moved = false;
        for (at, node) in state.nodes.iter().enumerate() {
            if node.route == NONE {
                continue;
            }
            let spec = &problem.routes[node.route as usize];
            let mut least = starts[at];
            if node.kind == Kind::Start {
                least = least.max(spec.from);
                for (earlier, other) in problem.routes.iter().enumerate() {
                    for &(later, rest) in &other.rest_to {
                        if later == node.route && state.is_used(earlier as u32) {
                            least =
                                least.max(starts[state.end_node(earlier as u32) as usize] + rest);
                        }
                    }
                }
            } else {
                let prev = &state.nodes[node.prev as usize];
                let done = starts[node.prev as usize].saturating_add(prev.service);
                let ready = problem.ready(done, prev.place, node.place);
                least = least.max(ready);
            }
            match node.kind {
                Kind::Break => least = least.max(state.break_spec(at as u32).from),
                Kind::Part => least = part_start(state, at, least, &starts),
                Kind::Start | Kind::End => {}
            }
            moved |= least != starts[at];
            starts[at] = least;
        }
        if !moved {
            return starts;
        }
    }
    panic!("the starts never settle");
}

fn part_start(state: &State<'_>, at: usize, least: i32, starts: &[i32]) -> i32 {
    let problem = state.problem;
    let node = &state.nodes[at];
    let mut least = least.max(node.hold);
    for &other in &problem.groups[problem.parts[at].group as usize] {
        least = least.max(starts[other as usize]);
    }
    for lag in &problem.lags_in[at] {
        least = least.max(starts[lag.other as usize] + lag.least);
    }
    problem.next_start(&problem.fits[node.fit as usize], least)
}

/// The greatest starts that keep every constraint.
pub fn latest_starts(state: &State<'_>) -> Vec<i32> {
    let problem = state.problem;
    let mut latest = vec![NEVER; state.nodes.len()];
    for _ in 0..SWEEPS_MAX {
        let mut moved = false;
        for (at, node) in state.nodes.iter().enumerate() {
            if node.route == NONE {
                continue;
            }
            let spec = &problem.routes[node.route as usize];
            let mut most = latest[at];
            if node.kind == Kind::End {
                most = most.min(spec.latest);
                for &(later, rest) in &spec.rest_to {
                    if state.is_used(later) {
                        most = most.min(latest[state.start_node(later) as usize] - rest);
                    }
                }
            } else {
                let next = &state.nodes[node.next as usize];
                let limit = latest[node.next as usize];
                most = most.min(last_done(problem, limit, node, next) - node.service);
            }
            match node.kind {
                Kind::Break => most = most.min(state.break_spec(at as u32).to),
                Kind::Part => most = part_latest(state, at, most, &latest),
                Kind::Start | Kind::End => {}
            }
            moved |= most != latest[at];
            latest[at] = most;
        }
        if !moved {
            return latest;
        }
    }
    panic!("the latest starts never settle");
}

/// The latest moment to be done at one node and be ready at the next by `limit`: by halving.
fn last_done(problem: &Problem, limit: i32, node: &Node, next: &Node) -> i32 {
    if problem.traffic.is_none() {
        return limit - problem.gap(node.place, next.place);
    }
    let (mut low, mut high) = (limit - 2 * NEVER, limit + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if problem.ready(middle, node.place, next.place) <= limit {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn part_latest(state: &State<'_>, at: usize, most: i32, latest: &[i32]) -> i32 {
    let problem = state.problem;
    let mut most = most;
    for &other in &problem.groups[problem.parts[at].group as usize] {
        most = most.min(latest[other as usize]);
    }
    for lag in &problem.lags_out[at] {
        most = most.min(latest[lag.other as usize] - lag.least);
    }
    problem.last_start(&problem.fits[state.nodes[at].fit as usize], most)
}

/// Would a stop have to come before itself if a visit were put there? By walking everywhere.
pub fn would_deadlock(state: &State<'_>, placements: &[Placement]) -> bool {
    placements.iter().enumerate().any(|(one, placement)| {
        let mut reached = vec![false; state.nodes.len()];
        let mut stack = vec![state.nodes[placement.prev as usize].next];
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut reached[at as usize], true) {
                continue;
            }
            stack.extend(followers(state, at));
        }
        let others = placements.iter().enumerate().filter(|(other, _)| *other != one);
        others.into_iter().any(|(_, other)| reached[other.prev as usize])
    })
}

/// The nodes that cannot start before this one.
fn followers(state: &State<'_>, at: u32) -> Vec<u32> {
    let problem = state.problem;
    let node = &state.nodes[at as usize];
    let mut followers = Vec::new();
    if node.kind == Kind::End {
        let rests = &problem.routes[node.route as usize].rest_to;
        followers.extend(rests.iter().map(|(later, _)| state.start_node(*later)));
        return followers;
    }
    followers.push(node.next);
    if node.kind == Kind::Part {
        let group = problem.parts[at as usize].group;
        followers.extend(problem.groups[group as usize].iter().copied());
        let lags = problem.lags_out[at as usize].iter();
        let forward = lags.filter(|lag| lag.least >= 0 && state.is_present(lag.other));
        followers.extend(forward.map(|lag| lag.other));
    }
    followers
}

/// Puts a solution into an empty state, stop by stop.
pub fn lay(state: &mut State<'_>, solution: &Solution) {
    let problem = state.problem;
    for (route, stops) in solution.routes.iter().enumerate() {
        let mut prev = state.start_node(route as u32);
        for stop in stops {
            if (stop.node as usize) < problem.parts.len() {
                // The solution used this fit, so it is there.
                let fit = problem.fit_of(stop.node, route as u32).unwrap_or(NONE);
                state.lay_part(stop.node, prev, fit, stop.hold);
            } else {
                state.lay_break(stop.node, prev);
            }
            prev = stop.node;
        }
    }
    assert!(state.refresh(), "the solution cannot be driven");
    state.commit();
}
