//! What a visit asks for: its parts, how they meet, when the home can be visited.

use rond::domain::{PlaceId, RoleId, Seconds};

use super::day::{Day, lag};

/// A visit of a doctor and a nurse; the nurse's shift begins an hour later.
fn joint() -> Day {
    let mut day = Day::new();
    day.visit("home", 10, &[("doctor", 30), ("nurse", 30)]);
    day.car("car", "depot");
    let late = day.shift("nurse", "depot", (9, 0), (16, 0));
    day.nurse("nurse", "depot", "town").shifts = vec![late];
    day
}

#[test]
fn a_visit_is_made_whole_or_not_at_all() {
    let mut day = joint();
    day.facts.crews.truncate(1);
    assert_eq!(day.plan(), "not home");
    let visit = day.visit_named("home");
    visit.parts.truncate(1);
    visit.meetings.clear();
    assert_eq!(day.plan(), "car 08:10 home");
}

#[test]
fn doctor_and_nurse_are_at_the_door_together() {
    let mut day = joint();
    assert_eq!(day.plan(), "car 09:10 home | nurse 09:10 home");
    day.visit_named("home").meetings.clear();
    assert_eq!(day.plan(), "car 08:10 home | nurse 09:10 home");
}

#[test]
fn the_nurse_comes_some_time_before_the_doctor() {
    let mut day = Day::new();
    day.visit("home", 10, &[("nurse", 30), ("doctor", 30)]).meetings = vec![lag(0, 1, 30, 60)];
    day.car("car", "depot");
    day.nurse("nurse", "depot", "town");
    assert_eq!(day.plan(), "car 08:40 home | nurse 08:10 home");
    day.visit_named("home").meetings = vec![lag(0, 1, 0, 0)];
    assert_eq!(day.plan(), "car 08:10 home | nurse 08:10 home");
}

#[test]
fn the_nurse_is_not_left_waiting_longer_than_agreed() {
    let mut day = Day::new();
    day.visit("home", 10, &[("nurse", 30), ("doctor", 30)]).meetings = vec![lag(0, 1, 30, 60)];
    day.nurse("nurse", "depot", "town");
    let late = day.shift("car", "depot", (10, 0), (16, 0));
    day.car("car", "depot").shifts = vec![late];
    assert_eq!(day.plan(), "nurse 09:10 home | car 10:10 home");
    day.visit_named("home").meetings = vec![lag(0, 1, 30, 600)];
    assert_eq!(day.plan(), "nurse 08:10 home | car 10:10 home");
}

#[test]
fn a_home_with_two_windows_is_visited_in_either() {
    let mut day = Day::new();
    day.visit("home", 10, &[("doctor", 30)]);
    let late = day.shift("car", "depot", (10, 0), (16, 0));
    day.car("car", "depot").shifts = vec![late];
    day.visit_named("home").windows = vec![day.span((8, 0), (9, 0)), day.span((13, 0), (14, 0))];
    assert_eq!(day.plan(), "car 13:00 home");
    day.visit_named("home").windows.pop();
    assert_eq!(day.plan(), "not home");
    day.visit_named("home").windows.clear();
    assert_eq!(day.plan(), "car 10:10 home");
}

#[test]
fn one_crew_may_do_two_parts_after_each_other_where_the_visit_says_so() {
    let mut day = Day::new();
    let visit = day.visit("home", 10, &[("doctor", 30), ("assistant", 30)]);
    visit.meetings = vec![lag(0, 1, 30, 60)];
    visit.same_crew_allowed = true;
    day.car("car", "depot").roles.insert(RoleId::new("assistant"));
    assert_eq!(day.plan(), "car 08:10 home, 08:40 home");
    day.visit_named("home").same_crew_allowed = false;
    assert_eq!(day.plan(), "not home");
}

#[test]
fn the_car_is_parked_once_where_several_patients_live() {
    let mut day = Day::new();
    day.visit("first", 10, &[("doctor", 30)]);
    day.visit("second", 10, &[("doctor", 30)]);
    day.car("car", "depot");
    for place in &mut day.facts.places {
        place.setup = Seconds::from_minutes(10);
    }
    day.visit_named("first").windows = vec![day.span((8, 0), (9, 0))];
    day.patient("second").place = PlaceId::new("first");
    assert_eq!(day.plan(), "car 08:20 first, 08:50 second");
    day.patient("second").place = PlaceId::new("second");
    assert_eq!(day.plan(), "car 08:20 first, 09:00 second");
}

#[test]
fn nothing_starts_before_it_was_asked_for() {
    let mut day = Day::new();
    day.visit("home", 10, &[("doctor", 30)]).requested_at = Day::new().at(9, 30);
    day.car("car", "depot");
    assert_eq!(day.plan(), "car 09:30 home");
    day.visit_named("home").requested_at = day.at(0, 0);
    assert_eq!(day.plan(), "car 08:10 home");
}
