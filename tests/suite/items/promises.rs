//! What is promised: within hours, within working days, by priority, by the hour of request.

use jiff::civil::{Date, date};
use rond::domain::{DeadlineRule, KindId, Tier};

use super::day::{Day, FAR_FIRST, NEAR_FIRST, hours, within};

#[test]
fn the_promise_of_unplanned_visits_comes_before_short_drives() {
    let mut day = Day::on_the_way();
    day.visit_named("far").kind = KindId::new("unplanned");
    day.visit_named("far").requested_at = day.at(7, 0);
    day.promise("unplanned", within(120));
    assert_eq!(day.plan(), FAR_FIRST);
    day.facts.policy.promises.clear();
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn the_policy_says_how_long_is_promised() {
    let mut day = Day::on_the_way();
    day.visit_named("far").kind = KindId::new("unplanned");
    day.visit_named("far").requested_at = day.at(7, 0);
    day.promise("unplanned", within(120));
    assert_eq!(day.plan(), FAR_FIRST);
    day.facts.policy.promises[0].deadline = within(180);
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn the_most_urgent_are_promised_more() {
    let mut day = Day::on_the_way();
    day.promise("other", within(9 * 60)).priority = Some(1);
    day.promise("other", within(12 * 60));
    day.visit_named("far").priority = 1;
    assert_eq!(day.plan(), FAR_FIRST);
    day.facts.policy.promises.remove(0);
    assert_eq!(day.plan(), NEAR_FIRST);
}

#[test]
fn requests_by_night_are_promised_more() {
    let mut day = Day::on_the_way();
    day.promise("other", within(9 * 60 + 30)).hours = Some(hours(0, 6));
    day.visit_named("near").requested_at = day.at(6, 30);
    assert_eq!(day.plan(), FAR_FIRST);
    day.facts.policy.promises[0].hours = Some(hours(6, 7));
    assert_eq!(day.plan(), NEAR_FIRST);
}

/// A planned visit asked for on a Tuesday and promised within so many working days. On Wednesday
/// the car is at the depot, far away; on the next Monday at the garage, near.
fn planned(wednesday: Date, working_days: u16) -> String {
    let mut day = Day::starting(wednesday);
    day.visit("home", 50, &[("doctor", 30)]).kind = KindId::new("planned");
    day.visit_named("home").requested_at = day.at(-14, 0);
    day.promise("planned", DeadlineRule::WorkingDays(working_days)).tier = Tier::Planned;
    let monday = day.shift("monday", "garage", (5 * 24 + 8, 0), (5 * 24 + 16, 0));
    day.car("wednesday", "depot").shifts.push(monday);
    day.plan()
}

#[test]
fn a_planned_visit_is_promised_in_working_days() {
    let ordinary = date(2026, 12, 16);
    assert_eq!(planned(ordinary, 3), "wednesday 08:50 home", "by Friday");
    assert_eq!(planned(ordinary, 4), "monday Mon 08:10 home", "Monday is the fourth");
}

#[test]
fn holidays_are_no_working_days() {
    assert_eq!(planned(date(2026, 12, 23), 2), "monday Mon 08:10 home", "Christmas");
    assert_eq!(planned(date(2026, 12, 16), 2), "wednesday 08:50 home");
    assert_eq!(planned(date(2027, 3, 24), 3), "monday Mon 08:10 home", "Easter");
    assert_eq!(planned(date(2027, 3, 17), 3), "wednesday 08:50 home");
}
