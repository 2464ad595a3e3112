//! Tiny problems for unit tests: places on a line, one tick apart.

use super::problem::{
    COST, Fit, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};

/// Places on the line; routes start and end at place 0.
const PLACES: usize = 20;
/// Routes are back by then.
pub(crate) const DAY: i32 = 1_000;

/// A problem of so many routes that are alike, with no visits yet.
pub(crate) fn problem_of_routes(routes: u32) -> Problem {
    let mut problem = Problem {
        places: PLACES,
        setup: vec![0; PLACES],
        lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: Vec::new(), cap: 0 }],
        weights: [1 << 40, 1 << 28, 1 << 20, 1],
        temperatures: (10, 1),
        ..Problem::default()
    };
    for from in 0..PLACES as i32 {
        problem.travel.extend((0..PLACES as i32).map(|to| (from - to).abs()));
    }
    problem.routes = (0..routes).map(route).collect();
    problem
}

/// A route of a crew.
pub(crate) fn route(crew: u32) -> RouteSpec {
    RouteSpec {
        crew,
        start_place: 0,
        end_place: 0,
        from: 0,
        to: DAY,
        latest: DAY,
        travel_price: 1,
        waiting_price: 0,
        overtime_price: 0,
        load_max: i64::MAX,
        breaks: Vec::new(),
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
    }
}

/// Adds a visit of one part that fits every route at any time.
pub(crate) fn part_at(problem: &mut Problem, place: u32, load: i64) -> u32 {
    let first = problem.parts.len() as u32;
    let fit = add_fit(problem, 0, DAY);
    add_part(problem, place, load, fit);
    add_visit(problem, first..first + 1);
    first
}

/// Adds a visit of two parts by two crews that start together.
pub(crate) fn pair_at(problem: &mut Problem, place: u32, load: i64) -> u32 {
    let first = problem.parts.len() as u32;
    let fit = add_fit(problem, 0, DAY);
    add_part(problem, place, load, fit);
    add_part(problem, place, load, fit);
    problem.groups.pop();
    problem.parts[first as usize + 1].group -= 1;
    problem.groups[problem.parts[first as usize].group as usize].push(first + 1);
    add_visit(problem, first..first + 2);
    first
}

/// Adds a way to fit: starts between two moments.
pub(crate) fn add_fit(problem: &mut Problem, from: i32, to: i32) -> u32 {
    let fit = Fit { from, to, starts: NONE, cost: 0, hours: NONE, told_cost: 0, told: NONE };
    problem.fits.push(fit);
    problem.fits.len() as u32 - 1
}

fn add_part(problem: &mut Problem, place: u32, load: i64, fit: u32) {
    let group = problem.groups.len() as u32;
    problem.groups.push(vec![problem.parts.len() as u32]);
    problem.parts.push(PartSpec {
        visit: problem.visits.len() as u32,
        place,
        service: 1,
        due: NEVER,
        lateness: 0,
        load,
        group,
    });
    let routes = 0..problem.routes.len() as u32;
    problem.fitting.push(routes.map(|route| (route, fit)).collect());
    problem.lags_in.push(Vec::new());
    problem.lags_out.push(Vec::new());
}

fn add_visit(problem: &mut Problem, parts: std::ops::Range<u32>) {
    problem.visits.push(VisitSpec {
        meets: parts.len() > 1,
        parts,
        unassigned: Points { tier: 0, points: 1_000 },
        unassigned_told: 0,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}
