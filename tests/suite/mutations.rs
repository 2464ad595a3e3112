//! Each hard rule, and no other, refuses the faults that are its own.
//!
//! Method: random days are made plan first, with the world's facts laid around the plan, and with
//! so much room between stops that a fault reaches nothing else. Every day is legal; one fault is
//! put into it; the rules broken must be exactly the one that the fault belongs to. Every way of
//! going wrong is tried on a hundred days.

mod faults;
mod roomy;
mod rounds;

use std::collections::BTreeSet;

use rond::domain::{Plan, StopWhat};
use rond::rules::{HARD_RULES, Verdict, audit, impossible_part, why_not};

use crate::support::dice::Dice;
use faults::{FAULTS, Fault};
use roomy::{Bound, RoomyDay, twin_shift};

const DAYS_PER_FAULT: usize = 100;
const SEEDS_MAX: u64 = 3_000;

fn broken(day: &RoomyDay, plan: &Plan) -> (BTreeSet<&'static str>, Verdict, String) {
    let audit = audit(&day.world, &day.travel, plan);
    let rules = audit.violations.iter().map(|violation| violation.rule).collect();
    let said: Vec<&str> =
        audit.violations.iter().map(|violation| violation.sentence_en.as_str()).collect();
    (rules, audit.verdict, said.join(" / "))
}

fn try_fault(fault: &Fault) {
    let mut tried = 0;
    for seed in 0..SEEDS_MAX {
        let day = RoomyDay::new(seed);
        let Some(faulty) = (fault.put)(&day, &mut Dice::new(seed)) else { continue };
        let (rules, verdict, said) = broken(&day, &faulty);
        let name = fault.name;
        assert_eq!(rules, BTreeSet::from([fault.rule]), "seed {seed}, {name}: {said}");
        assert_eq!(verdict, Verdict::Illegal, "seed {seed}, {name}: {said}");
        tried += 1;
        if tried == DAYS_PER_FAULT {
            return;
        }
    }
    panic!("{}: only {tried} of {SEEDS_MAX} days had room for it", fault.name);
}

fn refused_by_that_rule_alone(rule: &str) {
    for fault in FAULTS.iter().filter(|fault| fault.rule == rule) {
        try_fault(fault);
    }
}

#[test]
fn every_roomy_day_is_legal_before_anything_goes_wrong() {
    for seed in 0..300 {
        let day = RoomyDay::new(seed);
        let (_, verdict, said) = broken(&day, &day.plan);
        assert_eq!(verdict, Verdict::Legal, "seed {seed}: {said}");
    }
}

#[test]
fn what_a_legal_day_does_is_never_called_impossible() {
    for seed in 0..300 {
        let RoomyDay { world, travel, plan, .. } = RoomyDay::new(seed);
        for (round, stop) in rounds::part_positions(&plan) {
            let round = &plan.shifts[round];
            let StopWhat::Part { visit, part } = &round.stops[stop].what else { continue };
            let visit = world.visit(visit).expect("a known visit");
            let (crew, shift) = world.shift(&round.shift).expect("a known shift");
            let said = why_not(&world, &travel, visit, *part, crew, shift);
            assert_eq!(said, None, "seed {seed}");
            assert_eq!(impossible_part(&world, &travel, visit), None, "seed {seed}");
        }
    }
}

#[test]
fn a_twin_that_may_not_come_is_told_the_rule_that_forbids_it() {
    let expected = [("roleless", "role"), ("stranger", "area"), ("islander", "travel")];
    for seed in 0..100 {
        let day = RoomyDay::new(seed);
        for (round, stop) in rounds::part_positions(&day.plan) {
            let round = &day.plan.shifts[round];
            let StopWhat::Part { visit, part } = &round.stops[stop].what else { continue };
            if day.bounds[visit] != Bound::Free {
                continue;
            }
            let visit = day.world.visit(visit).expect("a known visit");
            for (name, rule) in expected {
                let shift = twin_shift(&round.shift, name);
                let (crew, shift) = day.world.shift(&shift).expect("a twin's shift");
                let said = why_not(&day.world, &day.travel, visit, *part, crew, shift);
                assert_eq!(said.map(|said| said.rule), Some(rule), "seed {seed}, {name}");
            }
        }
    }
}

#[test]
fn every_hard_rule_has_faults_of_its_own() {
    for rule in &HARD_RULES {
        assert!(FAULTS.iter().any(|fault| fault.rule == rule.code), "{}", rule.code);
    }
}

#[test]
fn known_alone_refuses_what_is_not_there() {
    refused_by_that_rule_alone("known");
}

#[test]
fn whole_alone_refuses_visits_half_made_lost_or_doubled() {
    refused_by_that_rule_alone("whole");
}

#[test]
fn role_alone_refuses_a_crew_without_the_role() {
    refused_by_that_rule_alone("role");
}

#[test]
fn skill_alone_refuses_a_crew_without_the_skill() {
    refused_by_that_rule_alone("skill");
}

#[test]
fn area_alone_refuses_a_crew_where_it_may_not_work() {
    refused_by_that_rule_alone("area");
}

#[test]
fn same_crew_alone_refuses_one_crew_for_two_parts() {
    refused_by_that_rule_alone("same_crew");
}

#[test]
fn window_alone_refuses_a_part_outside_the_homes_times() {
    refused_by_that_rule_alone("window");
}

#[test]
fn earliest_alone_refuses_what_happens_too_early() {
    refused_by_that_rule_alone("earliest");
}

#[test]
fn travel_alone_refuses_a_crew_that_cannot_be_there_then() {
    refused_by_that_rule_alone("travel");
}

#[test]
fn meeting_alone_refuses_those_who_miss_each_other() {
    refused_by_that_rule_alone("meeting");
}

#[test]
fn shift_hours_alone_refuses_leaving_early_and_coming_back_late() {
    refused_by_that_rule_alone("shift_hours");
}

#[test]
fn breaks_alone_refuses_a_break_lost_moved_or_cut() {
    refused_by_that_rule_alone("breaks");
}

#[test]
fn rest_alone_refuses_a_night_too_short() {
    refused_by_that_rule_alone("rest");
}

#[test]
fn pins_alone_refuses_undoing_what_a_dispatcher_has_pinned() {
    refused_by_that_rule_alone("pins");
}

#[test]
fn first_stops_alone_refuses_what_a_shift_was_to_do_first_elsewhere_or_later() {
    refused_by_that_rule_alone("first_stops");
}

#[test]
fn another_crew_is_told_which_shift_a_first_stop_is_bound_to() {
    let mut asked = 0;
    for seed in 0..300 {
        let day = RoomyDay::new(seed);
        for (round, stop) in rounds::part_positions(&day.plan) {
            let round = &day.plan.shifts[round];
            let StopWhat::Part { visit, part } = &round.stops[stop].what else { continue };
            if day.bounds[visit] != Bound::First {
                continue;
            }
            let visit = day.world.visit(visit).expect("a known visit");
            let shift = twin_shift(&round.shift, "equal");
            let (crew, shift) = day.world.shift(&shift).expect("a twin's shift");
            let said = why_not(&day.world, &day.travel, visit, *part, crew, shift);
            assert_eq!(said.map(|said| said.rule), Some("first_stops"), "seed {seed}");
            asked += 1;
        }
    }
    assert!(asked >= 100, "only {asked} first stops in three hundred days");
}
