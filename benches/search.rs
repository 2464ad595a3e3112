//! How long the steps of the search take on the shipped Malmö day. Each bench first holds its
//! answer to a checksum: a faster step with another answer is not the same step.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rond::replan::compile::compile;
use rond::solver::construct::construct;
use rond::solver::insert::{Effort, Inserter};
use rond::solver::state::State;
use rond::solver::{Budget, CHAINS, Problem, Settings, Solution, solve};
use rond::travel::{CoarseRoads, Matrix};

const DAY: &str = include_str!("../data/days/malmo-dag.json");
const SEED: u64 = 1;
const WORK: u64 = 100_000;
const EVERYTHING: Effort = Effort { blink_one_in: None, exhaustive: true };

fn problem() -> Problem {
    let day = rond::wire::read_day(DAY).expect("the shipped day is whole");
    let travel = Matrix::of_places(CoarseRoads::skane(), &day.world.places);
    compile(&day.world, &travel).problem
}

fn planned(problem: &Problem) -> State<'_> {
    let mut state = State::empty(problem);
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    construct(&mut state, &mut Inserter::default(), &mut random);
    state
}

fn search(problem: &Problem) -> Solution {
    let settings = Settings {
        seed: SEED,
        threads: 1,
        chains: CHAINS,
        budget: Budget::Work(WORK),
        observer: &|_, _| (),
    };
    solve(problem, settings, &[])
}

/// Every legal pair of positions of a joint visit, in a plan of the whole day without it.
fn joint_insertion(criterion: &mut Criterion) {
    let problem = problem();
    let mut state = planned(&problem);
    let joint = (0..problem.visits.len() as u32)
        .find(|&visit| {
            problem.visits[visit as usize].parts.len() == 2 && state.assigned[visit as usize]
        })
        .expect("the Malmö day has joint visits");
    state.take_out(joint);
    assert!(state.refresh(), "taking a visit out of this plan breaks nothing");
    let mut inserter = Inserter::default();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut price = || {
        let found = inserter.best_place(&mut state, joint, EVERYTHING, &mut random);
        found.map(|place| place.price)
    };
    let checksum = price();
    assert!(checksum.is_some(), "where it was, it fits");
    criterion.bench_function("best place of a joint visit", |bencher| {
        bencher.iter(|| assert_eq!(black_box(price()), checksum));
    });
}

fn first_plan(criterion: &mut Criterion) {
    let problem = problem();
    let checksum = planned(&problem).score();
    criterion.bench_function("first plan of a day", |bencher| {
        bencher.iter(|| assert_eq!(black_box(planned(&problem)).score(), checksum));
    });
}

fn whole_search(criterion: &mut Criterion) {
    let problem = problem();
    let checksum = search(&problem);
    criterion.bench_function("search of 100 000 positions", |bencher| {
        bencher.iter(|| assert_eq!(black_box(search(&problem)), checksum));
    });
}

criterion_group!(benches, joint_insertion, first_plan, whole_search);
criterion_main!(benches);
