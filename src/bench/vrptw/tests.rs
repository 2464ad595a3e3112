use super::instance::InstanceError;
use super::{Instance, Objective, Reading, judge, problem_of};
use crate::bench::set::Published;
use crate::solver::{Budget, Settings};

/// Three customers on a line at 3, 4 and 5 by 0 and one at (0, 7); two fit into a vehicle.
const TINY: &str = "TINY\n\nVEHICLE\nNUMBER     CAPACITY\n  3         20\n\nCUSTOMER\n\
    CUST NO.  XCOORD.    YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME\n \n\
    0 0 0 0 0 100 0\r\n    1 3 0 10 0 50 1\n 2 4 0 10 10 50 1\n 3 5 0 10 0 50 1\n\
    4 1 7 5 0 90 1\n\n";

fn tiny() -> Instance {
    Instance::read(TINY.as_bytes()).expect("a well-formed instance")
}

fn by_hand() -> Vec<Vec<usize>> {
    vec![vec![1, 2], vec![3, 4]]
}

#[test]
fn a_plan_made_by_hand_is_judged_as_by_hand() {
    let root = |square: f64| square.sqrt();
    let exact = 3.0 + 1.0 + 4.0 + 5.0 + root(16.0 + 49.0) + root(50.0);
    let verdict = judge(&tiny(), &by_hand(), Objective::Vehicles);
    assert_eq!((verdict.faults.len(), verdict.vehicles, verdict.unserved), (0, 2, 0));
    assert!((verdict.distance - exact).abs() < 1e-9);
    let verdict = judge(&tiny(), &by_hand(), Objective::Distance);
    assert!((verdict.distance - (13.0 + 8.0 + 7.0)).abs() < 1e-9, "{}", verdict.distance);
}

#[test]
fn every_fault_is_found() {
    let check = |expected: &str, routes: &[&[usize]]| {
        let routes: Vec<Vec<usize>> = routes.iter().map(|route| route.to_vec()).collect();
        let faults = judge(&tiny(), &routes, Objective::Distance).faults;
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    };
    check("carries 30", &[&[1, 2, 3], &[4]]);
    check("too many", &[&[1], &[2], &[3], &[4]]);
    check("served twice", &[&[1, 1], &[2, 3]]);
    check("5 is no customer", &[&[5]]);
    check("0 is no customer", &[&[1, 0]]);
    let mut instance = tiny();
    instance.nodes[3].due = 4.0;
    instance.nodes[0].due = 9.0;
    let faults = judge(&instance, &by_hand(), Objective::Distance).faults;
    assert!(faults.iter().any(|fault| fault.starts_with("3 starts at 5")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("back too late")), "{faults:?}");
    assert_eq!(judge(&tiny(), &[vec![2]], Objective::Distance).unserved, 3);
}

#[test]
fn the_problem_counts_in_tenths_or_finer_and_never_too_short() {
    let problem = problem_of(&tiny(), Objective::Distance);
    assert_eq!((problem.travel(0, 1), problem.travel(0, 4)), (30, 70));
    assert_eq!((problem.fits[1].from, problem.fits[1].to), (100, 500));
    assert_eq!((problem.routes.len(), problem.routes[0].load_max), (3, 20_000));
    let problem = problem_of(&tiny(), Objective::Vehicles);
    assert_eq!(problem.travel(0, 1), 3_000_000);
    assert_eq!(problem.travel(0, 4), 7_071_068);
}

#[test]
fn the_search_keeps_its_promise_in_both_conventions() {
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 1,
        budget: Budget::Work(20_000),
        observer: &|_, _| (),
    };
    for objective in [Objective::Distance, Objective::Vehicles] {
        let reading = Reading::of(TINY.as_bytes(), objective).expect("a well-formed instance");
        let judged = reading.judged(&reading.search(settings));
        assert_eq!((judged.why_not(), judged.unserved), (None, 0));
        assert_eq!(judged.components, [("vehicles_used", 2.0)]);
    }
}

#[test]
fn what_is_no_instance_is_refused_with_a_reason() {
    let check = |from: &str, to: &str, expected: InstanceError| {
        assert!(TINY.contains(from), "{from}");
        let read = Instance::read(TINY.replacen(from, to, 1).as_bytes());
        assert_eq!(read, Err(expected));
    };
    check("NUMBER", "COUNT", InstanceError::Shape("there is no line NUMBER CAPACITY"));
    check("  3         20", "  3.5       20", InstanceError::Line(5));
    check("  3         20", "  0         20", InstanceError::Line(5));
    check("1 3 0 10 0 50 1", "1 3 0 10 0 50", InstanceError::Line(11));
    check("1 3 0 10 0 50 1", "1 3 0 10 0 x 1", InstanceError::Line(11));
    check("1 3 0 10 0 50 1", "1 3 0 -10 0 50 1", InstanceError::Line(11));
    check("1 3 0 10 0 50 1", "1 3 0 10 0 nan 1", InstanceError::Line(11));
    check("1 3 0 10 0 50 1", "2 3 0 10 0 50 1", InstanceError::Numbering(11));
    check("1 3 0 10 0 50 1", "1 3 0 10 60 50 1", InstanceError::Order(1));
    let heading = TINY.split("0 0 0 0 0 100").next().expect("a heading");
    let read = Instance::read(heading.as_bytes());
    assert_eq!(read, Err(InstanceError::Shape("there is no depot")));
    assert_eq!(Instance::read(b"\xff"), Err(InstanceError::Shape("it is no text")));
}
