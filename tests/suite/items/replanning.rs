//! What a plan owes to the one before it, to the dispatcher, and to the hour that it is.

use rond::domain::{
    CrewId, Event, EventId, KindId, PartId, PinWhat, Recorded, ShiftId, Step, StopWhat, VisitId,
};

use super::day::{AWAY, BESIDE, Day, FAR_FIRST, NEAR_FIRST, lag, within};

#[test]
fn a_start_that_was_told_is_kept() {
    let mut day = Day::two_cars();
    day.planned_before("beside", &[("home", 10, 0)], true);
    assert_eq!(day.plan(), "beside 09:50 home", "ten minutes are no other time");
    day.planned_before("beside", &[("home", 10, 0)], false);
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn who_was_told_to_come_comes() {
    let mut day = Day::two_cars();
    day.planned_before("away", &[("home", 8, 50)], true);
    assert_eq!(day.plan(), AWAY);
    day.facts.previous = None;
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn the_next_stop_of_a_crew_under_way_stays_the_next() {
    let mut day = Day::on_the_way();
    day.facts.as_of = day.at(8, 0);
    day.planned_before("car", &[("far", 8, 50), ("near", 10, 0)], false);
    assert_eq!(day.plan(), FAR_FIRST);
    day.facts.previous = None;
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn a_crew_goes_first_where_it_is_on_its_way_to() {
    let mut day = Day::on_the_way();
    day.crew("car").shifts[0].first = vec![part("far")];
    assert_eq!(day.plan(), FAR_FIRST);
    day.crew("car").shifts[0].first.clear();
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn an_order_that_is_settled_is_kept_and_others_come_after_it() {
    let mut day = Day::on_the_way();
    day.visit("nearer", 5, &[("doctor", 30)]);
    assert_eq!(day.plan(), "car 08:05 nearer, 08:40 near, 10:20 far");
    day.crew("car").shifts[0].first = vec![part("near"), part("far")];
    assert_eq!(day.plan(), "car 08:10 near, 09:50 far, 11:05 nearer");
}

#[test]
fn who_is_on_its_way_comes_though_another_is_nearer() {
    let mut day = Day::two_cars();
    day.crew("away").shifts[0].first = vec![part("home")];
    assert_eq!(day.plan(), AWAY);
    day.crew("away").shifts[0].first.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn what_a_crew_is_on_its_way_to_does_not_make_room_for_what_is_more_urgent() {
    let mut day = Day::two_cars();
    day.crew("beside").shifts.clear();
    day.crew("away").shifts[0].hours = day.span((8, 0), (11, 0));
    day.visit("urgent", 50, &[("doctor", 60)]).kind = KindId::new("unplanned");
    day.promise("unplanned", within(600));
    day.planned_before("away", &[("home", 8, 50)], false);
    day.crew("away").shifts[0].first = vec![part("home")];
    assert_eq!(day.plan(), "away 08:50 home | not urgent");
    day.crew("away").shifts[0].first.clear();
    assert_eq!(day.plan(), "away 08:50 urgent | not home");
}

#[test]
fn a_crew_that_is_on_its_way_elsewhere_than_planned_goes_there_first() {
    let mut day = Day::on_the_way();
    day.facts.as_of = day.at(8, 0);
    let mut rolling = day.rolling();
    assert_eq!(day.told(&rolling.plan()), NEAR_FIRST);
    let what = StopWhat::Part { visit: VisitId::new("far"), part: 0 };
    let under_way = Event::Progress { shift: ShiftId::new("car"), what, step: Step::UnderWay };
    let recorded = Recorded {
        id: EventId::new("under way"),
        valid_at: day.at(8, 0),
        recorded_at: day.at(8, 0),
        by: "car".to_owned(),
        why: None,
        event: under_way,
    };
    rolling.apply(&recorded).expect("a crew may go where it likes");
    assert_eq!(day.told(&rolling.plan()), FAR_FIRST);
    assert_eq!(rolling.rest().world.crews[0].shifts[0].first, [part("far")]);
}

/// The first part of a visit.
fn part(visit: &str) -> PartId {
    PartId { visit: VisitId::new(visit), part: 0 }
}

#[test]
fn nothing_happens_before_now() {
    let mut day = Day::two_cars();
    day.facts.as_of = day.at(10, 0);
    assert_eq!(day.plan(), "beside 10:10 home");
    day.facts.as_of = day.at(0, 0);
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_pinned_crew_comes_whatever_it_costs() {
    let mut day = Day::two_cars();
    day.crew("away").roles.clear();
    day.pin("home", PinWhat::Crew(CrewId::new("away")));
    assert_eq!(day.plan(), AWAY);
    day.facts.pins.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_crew_pinned_away_stays_away() {
    let mut day = Day::two_cars();
    day.pin("home", PinWhat::NotCrew(CrewId::new("beside")));
    assert_eq!(day.plan(), AWAY);
    day.facts.pins.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_pinned_start_is_kept_outside_the_homes_windows_too() {
    let mut day = Day::two_cars();
    day.visit_named("home").windows = vec![day.span((8, 0), (9, 0))];
    day.pin("home", PinWhat::Start(day.at(10, 0)));
    assert_eq!(day.plan(), "beside 10:00 home");
    day.facts.pins.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_visit_is_pinned_to_an_afternoon() {
    let mut day = Day::two_cars();
    day.pin("home", PinWhat::Within(day.span((13, 0), (15, 0))));
    assert_eq!(day.plan(), "beside 13:00 home");
    day.facts.pins.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_visit_pinned_as_unassigned_is_left_to_the_dispatcher() {
    let mut day = Day::two_cars();
    day.pin("home", PinWhat::Unassigned);
    assert_eq!(day.plan(), "not home");
    day.facts.pins.clear();
    assert_eq!(day.plan(), BESIDE);
}

/// A doctor and a nurse, who may come at any times, and a pin on their visit.
fn pinned_apart(what: impl FnOnce(&Day) -> PinWhat) -> Day {
    let mut day = Day::new();
    day.visit("home", 10, &[("doctor", 30), ("nurse", 30)]).meetings.clear();
    day.car("car", "depot");
    day.nurse("nurse", "depot", "town");
    let what = what(&day);
    day.pin("home", what);
    day
}

#[test]
fn a_start_pinned_for_the_whole_visit_is_that_of_every_part() {
    let mut day = pinned_apart(|day| PinWhat::Start(day.at(10, 0)));
    assert_eq!(day.plan(), "car 10:00 home | nurse 10:00 home");
    day.facts.pins[0].part = Some(1);
    assert_eq!(day.plan(), "car 08:10 home | nurse 10:00 home");
    day.visit_named("home").meetings = vec![lag(0, 1, 30, 60)];
    assert_eq!(day.plan(), "car 09:00 home | nurse 10:00 home");
    day.facts.pins[0].part = None;
    assert_eq!(day.plan(), "not home", "both at ten is not as agreed");
}

#[test]
fn a_part_pinned_as_unassigned_leaves_out_the_visit() {
    let mut day = pinned_apart(|_| PinWhat::Unassigned);
    day.facts.pins[0].part = Some(1);
    assert_eq!(day.plan(), "not home");
    day.facts.pins.clear();
    assert_eq!(day.plan(), "car 08:10 home | nurse 08:10 home");
}

#[test]
fn a_visit_pinned_to_two_starts_is_left_to_the_dispatcher() {
    let mut day = Day::two_cars();
    day.pin("home", PinWhat::Start(day.at(10, 0)));
    day.pin("home", PinWhat::Start(day.at(11, 0)));
    assert_eq!(day.plan(), "not home");
    day.facts.pins.pop();
    assert_eq!(day.plan(), "beside 10:00 home");
}
