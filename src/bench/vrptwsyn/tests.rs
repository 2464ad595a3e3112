use super::instance::InstanceError;
use super::{Instance, Reading, Routes, judge, problem_of};
use crate::bench::set::Published;
use crate::solver::problem::NEVER;
use crate::solver::{Budget, Settings};

/// Two vehicles; visits 1 and 3 are one door with two people, so no vehicle drives between them.
const TINY: &str = r#"{
    "name": "tiny", "literature_name": "0T", "horizon": 100, "hours_per_unit": 0.1, "vehicles": 2,
    "visits": [
        {"id": 1, "service": 10, "window": [20, 40], "preference": [1.5, -2.5]},
        {"id": 2, "service": 5, "window": [0, 100], "preference": [0, 0]},
        {"id": 3, "service": 30, "window": [25, 50], "preference": [0, 0]}
    ],
    "sync_pairs": [[1, 3]],
    "travel": [[0, 10, 5, 10], [10, 0, 6, 10000], [5, 6, 0, 6], [10, 10000, 6, 0]]
}"#;

fn tiny() -> Instance {
    Instance::read(TINY.as_bytes()).expect("a well-formed instance")
}

fn by_hand() -> Routes {
    Routes { routes: vec![vec![(2, 5), (1, 25)], vec![(3, 25)]] }
}

#[test]
fn a_plan_made_by_hand_is_judged_as_by_hand() {
    let verdict = judge(&tiny(), &by_hand());
    assert_eq!(verdict.faults, Vec::<String>::new());
    assert_eq!((verdict.travel, verdict.unserved), (5 + 6 + 10 + 10 + 10, 0));
}

#[test]
fn every_fault_is_found() {
    let check = |expected: &str, change: fn(&mut Routes)| {
        let mut plan = by_hand();
        change(&mut plan);
        let faults = judge(&tiny(), &plan).faults;
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    };
    check("too many", |plan| plan.routes.push(Vec::new()));
    check("3 starts outside", |plan| plan.routes[1][0].1 = 51);
    check("1 starts outside", |plan| plan.routes[0][1].1 = 19);
    check("1 starts before the vehicle", |plan| plan.routes[0][0].1 = 20);
    check("do not start together", |plan| plan.routes[0][1].1 = 26);
    check("of one vehicle", |plan| {
        plan.routes = vec![vec![(1, 25), (3, 25)]];
    });
    check("forbidden leg", |plan| {
        plan.routes = vec![vec![(1, 25), (3, 25)]];
    });
    check("only one is served", |plan| plan.routes.truncate(1));
    check("served twice", |plan| plan.routes[1].push((2, 61)));
    check("after the horizon", |plan| plan.routes[0].push((2, 91)));
    check("9 is no visit", |plan| plan.routes[1].push((9, 61)));
}

#[test]
fn what_nobody_comes_to_is_counted_and_no_fault() {
    let verdict = judge(&tiny(), &Routes::default());
    assert_eq!((verdict.faults.len(), verdict.unserved, verdict.travel), (0, 3, 0));
}

#[test]
fn the_problem_has_one_visit_per_pair_and_no_forbidden_way() {
    let problem = problem_of(&tiny());
    assert_eq!(problem.visits.len(), 2);
    assert_eq!(problem.groups, [vec![0, 1], vec![2]]);
    let places: Vec<u32> = problem.parts.iter().map(|part| part.place).collect();
    assert_eq!(places, [1, 3, 2]);
    assert_eq!((problem.travel(1, 3), problem.travel(1, 2)), (NEVER, 6));
}

#[test]
fn the_search_keeps_its_promise_and_leaves_open_what_cannot_be() {
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 1,
        budget: Budget::Work(5_000),
        observer: &|_, _| (),
    };
    let reading = Reading::of(TINY.as_bytes()).expect("a well-formed instance");
    let judged = reading.judged(&reading.search(settings));
    assert_eq!((judged.why_not(), judged.unserved, judged.objective), (None, 0, 41.0));
    let text = TINY.replace("[25, 50]", "[45, 50]");
    let open = Reading::of(text.as_bytes()).expect("well formed, but nobody can be at both doors");
    let judged = open.judged(&open.search(settings));
    assert_eq!((judged.why_not(), judged.unserved), (None, 2));
}

#[test]
fn what_is_no_instance_is_refused_with_a_reason() {
    let check = |from: &str, to: &str, expected: InstanceError| {
        assert!(TINY.contains(from), "{from}");
        let read = Instance::read(TINY.replacen(from, to, 1).as_bytes());
        assert_eq!(read.map(|_| ()), Err(expected));
    };
    check("[0, 10, 5, 10]", "[0, 10, 5]", InstanceError::NotSquare);
    check("[0, 10, 5, 10]", "[0, 10, -5, 10]", InstanceError::Number("travel".to_owned()));
    check("\"id\": 2", "\"id\": 4", InstanceError::Numbering);
    check("[20, 40]", "[40, 20]", InstanceError::Order(1));
    check("\"service\": 5", "\"service\": -5", InstanceError::Number("visit 2".to_owned()));
    check("[[1, 3]]", "[[1, 1]]", InstanceError::Pair(1, 1));
    check("[[1, 3]]", "[[1, 3], [3, 2]]", InstanceError::Pair(3, 2));
    check("[[1, 3]]", "[[1, 4]]", InstanceError::Pair(1, 4));
    let read = Instance::read(b"{\"horizon\": 1}");
    assert!(matches!(read, Err(InstanceError::Shape(why)) if why.contains("vehicles")));
}
