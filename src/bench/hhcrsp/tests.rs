//! A tiny instance, followed by hand: two caregivers, three patients, one of each kind of meeting.
//!
//! Office to anyone 10 and back 10, between patients 5, but from `far` to `near` 7.

use super::instance::{Instance, InstanceError};
use super::judge::judge;
use super::problem::problem_of;
use super::schedule::{Route, Schedule, Stop, schedule_of};
use crate::solver::problem::NEVER;
use crate::solver::{Budget, Settings, solve};

const TINY: &str = r#"{
  "patients": [
    {"id": "near", "time_window": [0.0, 100.0],
     "required_caregivers": [{"service": "wash", "duration": 20.0}]},
    {"id": "far", "time_window": [29.99999999999999, 40.0],
     "required_caregivers": [{"service": "wash"}, {"service": "lift", "duration": 20}],
     "synchronization": {"type": "simultaneous"}},
    {"id": "late", "time_window": [50.0, 60.0],
     "required_caregivers": [{"service": "lift"}, {"service": "wash"}],
     "synchronization": {"type": "sequential", "distance": [15, 30]}}
  ],
  "services": [{"id": "wash", "default_duration": 20}, {"id": "lift", "default_duration": 10}],
  "caregivers": [{"id": "ann", "abilities": ["wash"]}, {"id": "bo", "abilities": ["wash", "lift"]}],
  "central_offices": [{"id": "office"}],
  "distances": [[0, 10, 10, 10], [10, 0, 5, 5], [10, 7, 0, 5], [10, 5, 5, 0]]
}"#;

fn tiny() -> Instance {
    Instance::read(TINY.as_bytes()).expect("the tiny instance is well formed")
}

fn stop(patient: &str, service: &str, start: f64, end: f64) -> Stop {
    let (patient, service) = (patient.to_owned(), service.to_owned());
    Stop { patient, service, arrival_time: start, departure_time: end }
}

/// Ann: near 10–30, far 35–55. Bo: far 35–55, late 60–70, then late again 75–95.
fn by_hand() -> Schedule {
    let ann = vec![stop("near", "wash", 10.0, 30.0), stop("far", "wash", 35.0, 55.0)];
    let bo = vec![
        stop("far", "lift", 35.0, 55.0),
        stop("late", "lift", 60.0, 70.0),
        stop("late", "wash", 75.0, 95.0),
    ];
    let route = |name: &str, locations| Route { caregiver_id: name.to_owned(), locations };
    Schedule { routes: vec![route("ann", ann), route("bo", bo)] }
}

#[test]
fn the_objective_is_a_third_of_travel_tardiness_and_the_greatest() {
    let verdict = judge(&tiny(), &by_hand());
    assert_eq!(verdict.faults, Vec::<String>::new());
    // Ann 10 + 5 + 10, Bo 10 + 5 + 0 + 10; only the last service starts late, by 15.
    assert_eq!((verdict.travel, verdict.tardiness, verdict.greatest), (50.0, 15.0, 15.0));
    assert!((verdict.objective - 80.0 / 3.0).abs() < 1e-9);
}

#[test]
fn each_fault_is_found() {
    let check = |what: &str, change: fn(&mut Schedule)| {
        let mut schedule = by_hand();
        change(&mut schedule);
        let faults = judge(&tiny(), &schedule).faults;
        assert!(faults.iter().any(|fault| fault.contains(what)), "{what} not in {faults:?}");
    };
    check("starts before arriving", |plan| move_stop(plan, 0, 0, -1.0));
    check("starts before the window", |plan| move_stop(plan, 1, 0, -7.0));
    check("served by two at once", |plan| move_stop(plan, 0, 1, 1.0));
    check("14 between starts, not 15 to 30", |plan| move_stop(plan, 1, 2, -1.0));
    check("31 between starts, not 15 to 30", |plan| move_stop(plan, 1, 2, 16.0));
    check("does not last", |plan| plan.routes[0].locations[0].departure_time += 1.0);
    check("is not served", |plan| plan.routes[0].locations.truncate(1));
    check("is served twice", |plan| {
        let again = plan.routes[0].locations[0].clone();
        plan.routes[0].locations.push(again);
    });
    check("lacks the ability", |plan| {
        let lifted = plan.routes[1].locations.remove(0);
        plan.routes[0].locations.push(lifted);
    });
    check("is served by bo twice at once", |plan| {
        let washed = plan.routes[0].locations.remove(1);
        plan.routes[1].locations.insert(1, washed);
    });
    check("is no patient", |plan| plan.routes[0].locations[0].patient = "nobody".to_owned());
    check("does not need", |plan| plan.routes[0].locations[0].service = "lift".to_owned());
    check("is no caregiver", |plan| plan.routes[0].caregiver_id = "nobody".to_owned());
    check("has two routes", |plan| plan.routes[0].caregiver_id = "bo".to_owned());
    check("starts before arriving", |plan| plan.routes[0].locations[0].arrival_time = f64::NAN);
}

fn move_stop(schedule: &mut Schedule, route: usize, at: usize, by: f64) {
    let stop = &mut schedule.routes[route].locations[at];
    stop.arrival_time += by;
    stop.departure_time += by;
}

#[test]
fn the_problem_keeps_directions_windows_and_meetings() {
    let problem = problem_of(&tiny());
    assert_eq!((problem.travel(2, 1), problem.travel(1, 2)), (7_000, 5_000));
    assert_eq!(problem.groups, [vec![0], vec![1, 2], vec![3], vec![4]]);
    let lag = |part: usize| problem.lags_in[part].iter().map(|lag| (lag.other, lag.least)).next();
    assert_eq!((lag(3), lag(4)), (Some((4, -30_000)), Some((3, 15_000))));
    let fit = problem.fits[problem.fit_of(1, 0).expect("ann can wash") as usize];
    assert_eq!((fit.from, fit.to, problem.parts[1].due), (29_000, NEVER, 40_000));
    assert_eq!(problem.fit_of(2, 0), None, "ann cannot lift");
    assert_eq!((problem.parts[2].service, problem.parts[3].service), (20_000, 10_000));
}

#[test]
fn the_search_finds_a_plan_no_worse_than_the_one_by_hand() {
    let instance = tiny();
    let problem = problem_of(&instance);
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 2,
        budget: Budget::Work(50_000),
        observer: &|_, _| (),
    };
    let solution = solve(&problem, settings, &[]);
    let schedule = schedule_of(&instance, &solution).expect("starts that keep all meetings");
    let verdict = judge(&instance, &schedule);
    assert_eq!(verdict.faults, Vec::<String>::new());
    assert!(verdict.objective <= judge(&instance, &by_hand()).objective + 1e-9);
    assert!((solution.score[3] as f64 / 3_000.0 - verdict.objective).abs() < 1e-6);
}

#[test]
fn what_is_no_instance_is_refused_with_a_reason() {
    let check = |from: &str, to: &str, expected: InstanceError| {
        assert!(TINY.contains(from), "{from}");
        let read = Instance::read(TINY.replacen(from, to, 1).as_bytes());
        assert_eq!(read.map(|_| ()), Err(expected));
    };
    check("[10, 5, 5, 0]", "[10, 5, 5]", InstanceError::NotSquare);
    check("[10, 5, 5, 0]", "[10, 5, -5, 0]", InstanceError::Number("distances".to_owned()));
    check("\"bo\"", "\"ann\"", InstanceError::Twice("ann".to_owned()));
    check(
        "\"service\": \"wash\"",
        "\"service\": \"\"",
        InstanceError::UnknownService("near".into()),
    );
    check("\"lift\"}, {", "\"wash\"}, {", InstanceError::Services("late".to_owned()));
    check("[15, 30]", "[30, 15]", InstanceError::Order("late".to_owned()));
    check("[50.0, 60.0]", "[50.0, 1e9]", InstanceError::Number("late".to_owned()));
    let read = Instance::read(b"{\"patients\": []}");
    assert!(matches!(read, Err(InstanceError::Shape(why)) if why.contains("services")));
}
