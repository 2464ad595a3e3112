//! A tiny instance, followed by hand: two caregivers who have lunch, four patients.

use super::instance::{Instance, InstanceError};
use super::judge::{Verdict, judge};
use super::problem::problem_of;
use super::schedule::{LUNCH, Route, Schedule, Stop, schedule_of};
use crate::solver::problem::COST;
use crate::solver::{Budget, Settings, solve};

/// From the depot to anyone 10 and back 20, between patients 5.
const TINY: &str = r#"{
  "metadata": {
    "origin": "by hand", "time_window_met": "at_service_end",
    "cost_components": {
      "travel_time": 1, "total_tardiness": 2, "highest_tardiness": 3, "total_waiting_time": 4,
      "total_extra_time": 5, "max_idle_time": 6, "caregiver_preferences": 7,
      "optional_patients": 100, "missed_lunch_break": 50, "workload_balance": 1
    }
  },
  "terminal_points": [{"id": "depot", "distance_matrix_index": 0}],
  "caregivers": [
    {"id": "ann", "abilities": ["wash", "lift"], "departing_point": "depot",
     "arrival_point": "depot", "working_shift": {"start": 0, "end": 200}, "lunch_break": true},
    {"id": "bo", "abilities": ["wash"], "departing_point": "depot", "arrival_point": "depot",
     "working_shift": {"start": 0, "end": 100}, "lunch_break": true}
  ],
  "patients": [
    {"id": "near", "distance_matrix_index": 1, "required_services": [{"service": "wash"}],
     "time_windows": [{"start": 0, "end": 40}, {"start": 60, "end": 90}],
     "preferred_caregivers": ["bo"]},
    {"id": "both", "distance_matrix_index": 2,
     "required_services": [{"service": "wash", "duration": 30}, {"service": "lift"}],
     "time_windows": [{"start": 20, "end": 60}], "synchronization": {"type": "simultaneous"}},
    {"id": "turn", "distance_matrix_index": 3, "optional": true,
     "required_services": [{"service": "lift"}, {"service": "wash"}],
     "time_windows": [{"start": 100, "end": 150}],
     "synchronization": {"type": "sequential", "distance": {"min": 30, "max": 40}}},
    {"id": "far", "distance_matrix_index": 4, "optional": true,
     "required_services": [{"service": "wash"}], "time_windows": [{"start": 0, "end": 300}],
     "incompatible_caregivers": ["bo"]}
  ],
  "services": [{"id": "wash", "default_duration": 20}, {"id": "lift", "default_duration": 10}],
  "lunch_breaks": {"start": 60, "end": 80, "min_duration": 15},
  "distances": [[0, 10, 10, 10, 10], [20, 0, 5, 5, 5], [20, 5, 0, 5, 5], [20, 5, 5, 0, 5],
                [20, 5, 5, 5, 0]]
}"#;

fn tiny() -> Instance {
    Instance::read(TINY.as_bytes()).expect("the tiny instance is well formed")
}

fn stop(patient: &str, service: &str, start: i64, end: i64) -> Stop {
    let (patient, service) = (patient.to_owned(), service.to_owned());
    Stop { patient, service, arrival_time: start, departure_time: end }
}

/// Ann: both, lunch, turn twice. Bo: near, both, lunch. Nobody goes far.
fn by_hand() -> Schedule {
    let ann = vec![
        stop("both", "lift", 35, 45),
        stop("depot", LUNCH, 65, 80),
        stop("turn", "lift", 100, 110),
        stop("turn", "wash", 130, 150),
    ];
    let bo = vec![
        stop("near", "wash", 10, 30),
        stop("both", "wash", 35, 65),
        stop("depot", LUNCH, 80, 95),
    ];
    let route = |name: &str, locations| Route { caregiver_id: name.to_owned(), locations };
    let mut schedule = Schedule { routes: vec![route("ann", ann), route("bo", bo)] };
    // The way back to the depot takes 20, so Bo cannot be there at 80.
    schedule.routes[1].locations[2].arrival_time = 85;
    schedule.routes[1].locations[2].departure_time = 100;
    schedule
}

/// By hand again, with a lunch that may start at 85.
fn with_later_lunch() -> Instance {
    let mut instance = tiny();
    if let Some(lunch) = &mut instance.lunch_breaks {
        lunch.end = 85;
    }
    instance
}

#[test]
fn every_component_is_counted_as_published() {
    let verdict = judge(&with_later_lunch(), &by_hand());
    assert_eq!(verdict.faults, Vec::<String>::new());
    // Ann 10 + 20 + 10 + 0 + 20, Bo 10 + 5 + 20 + 0.
    assert_eq!(verdict.travel_time, 95);
    // "both" should end by 60 and ends at 65 with Bo.
    assert_eq!((verdict.total_tardiness, verdict.highest_tardiness), (5, 5));
    // Ann waits from 90 to 100 and from 110 to 130; she leaves for "both" just in time.
    assert_eq!(verdict.total_waiting_time, 30);
    // Ann is back at 170 of 200, Bo at 100 of 100.
    assert_eq!(verdict.total_extra_time, 0);
    // Ann leaves at 25: 25 + 10 + 20 + 30. Bo: none.
    assert_eq!(verdict.max_idle_time, 85);
    assert_eq!((verdict.caregiver_preferences, verdict.optional_patients), (0, 1));
    assert_eq!(verdict.missed_lunch_break, 0);
    // Ann drives and serves for 60 + 40, Bo for 35 + 50: 7.5 from the mean, each rounded up.
    assert_eq!(verdict.workload_balance, 16);
    assert_eq!(verdict.objective, 95 + 2 * 5 + 3 * 5 + 4 * 30 + 6 * 85 + 100 + 16);
}

#[test]
fn a_start_between_two_windows_is_late_for_the_first_of_them() {
    let mut schedule = by_hand();
    schedule.routes[1].locations.clear();
    schedule.routes[1].locations.push(stop("near", "wash", 50, 70));
    assert_eq!(judge(&tiny(), &schedule).highest_tardiness, 30);
    schedule.routes[1].locations[0] = stop("near", "wash", 60, 80);
    // What is left of the lateness is Ann's part of "both", which Bo no longer gives.
    assert_eq!(judge(&tiny(), &schedule).highest_tardiness, 0);
}

#[test]
fn each_fault_is_found() {
    let check = |what: &str, change: fn(&mut Schedule)| {
        let mut schedule = by_hand();
        change(&mut schedule);
        let faults = judge(&with_later_lunch(), &schedule).faults;
        assert!(faults.iter().any(|fault| fault.contains(what)), "{what} not in {faults:?}");
    };
    check("starts before arriving", |plan| plan.routes[1].locations[1].arrival_time -= 1);
    check("leaves before the shift", |plan| plan.routes[1].locations[0].arrival_time = 9);
    check("5 between starts, not 0 to 0", |plan| plan.routes[1].locations[1].arrival_time = 40);
    check("41 between starts, not 30 to 40", |plan| {
        plan.routes[0].locations[3] = stop("turn", "wash", 141, 161);
    });
    check("takes less time", |plan| plan.routes[0].locations[0].departure_time -= 1);
    check("lunch at the wrong time", |plan| plan.routes[1].locations[2].arrival_time = 86);
    check("lunch at the wrong time", |plan| plan.routes[0].locations[1].departure_time = 79);
    check("is served in part", |plan| plan.routes[0].locations.truncate(3));
    check("is served twice", |plan| {
        let again = plan.routes[1].locations[0].clone();
        plan.routes[1].locations.push(again);
    });
    check("must not come", |plan| {
        plan.routes[1].locations.push(stop("far", "wash", 120, 140));
    });
    check("lacks the ability", |plan| {
        plan.routes[1].locations.push(stop("turn", "lift", 120, 130));
    });
    check("starts before the window", |plan| {
        plan.routes[1].locations[1] = stop("both", "wash", 15, 45);
    });
    check("has two routes", |plan| plan.routes.push(plan.routes[0].clone()));
    check("is no caregiver", |plan| plan.routes[0].caregiver_id = "cy".to_owned());
    let mut short = by_hand();
    short.routes[1].locations.remove(0);
    assert_eq!(judge(&with_later_lunch(), &short).unserved, 1);
}

#[test]
fn what_the_search_promises_is_what_the_judge_says() {
    for text in [TINY.to_owned(), TINY.replace("by hand", "bazirha")] {
        for seed in 0..20 {
            let instance = Instance::read(text.as_bytes()).expect("the tiny instance");
            let verdict = searched(&instance, seed);
            assert_eq!(verdict.0.faults, Vec::<String>::new());
            assert_eq!((verdict.0.unserved, verdict.0.objective), (0, verdict.1), "seed {seed}");
        }
    }
}

/// What the judge says of a short search, and what the search promised.
fn searched(instance: &Instance, seed: u64) -> (Verdict, i64) {
    let problem = problem_of(instance);
    let budget = Budget::Work(20_000);
    let solution = solve(
        &problem,
        Settings { seed, threads: 1, chains: 1, budget, observer: &|_, _| () },
        &[],
    );
    (judge(instance, &schedule_of(instance, &solution)), solution.score[COST])
}

#[test]
fn hard_components_become_rules() {
    let text = TINY.replace(r#""total_tardiness": 2"#, r#""total_tardiness": "HARD""#);
    let text = text.replace(r#""total_extra_time": 5"#, r#""total_extra_time": "HARD""#);
    let instance = Instance::read(text.as_bytes()).expect("a whole instance");
    let (verdict, promised) = searched(&instance, 1);
    assert_eq!(verdict.faults, Vec::<String>::new());
    assert_eq!((verdict.total_tardiness, verdict.total_extra_time), (0, 0));
    assert_eq!(verdict.objective, promised);
}

#[test]
fn broken_instances_are_refused_with_a_reason() {
    let check = |from: &str, to: &str, expected: InstanceError| {
        let text = TINY.replacen(from, to, 1);
        assert_eq!(Instance::read(text.as_bytes()).expect_err("a fault"), expected, "{from}");
    };
    let named = |name: &str| name.to_owned();
    check(r#""id": "both""#, r#""id": "near""#, InstanceError::Twice(named("near")));
    check(
        r#"{"service": "lift"}]"#,
        r#"{"service": "sing"}]"#,
        InstanceError::Unknown(named("both")),
    );
    check(
        r#""end": 40}, "#,
        r#""end": 40}, {"start": 70, "end": 75}, "#,
        InstanceError::Order(named("near")),
    );
    check("[[0, 10,", "[[-1, 10,", InstanceError::Number(named("distances")));
    check("[[0, 10,", "[[10,", InstanceError::Distances(named("distances")));
    let index = r#""distance_matrix_index": 4"#;
    check(index, r#""distance_matrix_index": 5"#, InstanceError::Distances(named("far")));
    assert!(matches!(Instance::read(b"{}"), Err(InstanceError::Shape(_))));
}
