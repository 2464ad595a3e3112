//! What is known of a crew: what it can do, and when and where it works.

use rond::domain::{Break, PlaceId, RoleId, Seconds, SkillId};

use super::day::{AWAY, BESIDE, Day, NEAR_FIRST, within};

#[test]
fn only_who_has_the_role_gives_the_part() {
    let mut day = Day::two_cars();
    day.crew("beside").roles = [RoleId::new("assistant")].into();
    assert_eq!(day.plan(), AWAY);
    day.crew("beside").roles.insert(RoleId::new("doctor"));
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn only_who_has_the_skill_gives_the_part() {
    let mut day = Day::two_cars();
    day.visit_named("home").parts[0].skills = vec![SkillId::new("ultrasound")];
    day.crew("away").skills.insert(SkillId::new("ultrasound"));
    assert_eq!(day.plan(), AWAY);
    day.visit_named("home").parts[0].skills.clear();
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn the_search_chooses_the_day() {
    let mut day = Day::new();
    day.visit("home", 50, &[("doctor", 30)]);
    let tuesday = day.shift("tuesday", "garage", (24 + 8, 0), (24 + 16, 0));
    day.car("monday", "depot").shifts.push(tuesday);
    assert_eq!(day.plan(), "tuesday Tue 08:10 home");
    day.crew("monday").shifts.pop();
    assert_eq!(day.plan(), "monday 08:50 home");
}

#[test]
fn a_tour_goes_from_the_start_place_to_the_end_place() {
    let mut day = Day::on_the_way();
    assert_eq!(day.plan(), NEAR_FIRST);
    let shift = &mut day.crew("car").shifts[0];
    (shift.start_place, shift.end_place) = (PlaceId::new("garage"), PlaceId::new("depot"));
    assert_eq!(day.plan(), "car 08:10 far, 09:20 near");
}

#[test]
fn work_is_done_within_the_hours_of_the_shift() {
    let mut day = Day::two_cars();
    day.crew("beside").shifts[0].hours = day.span((8, 0), (8, 49));
    assert_eq!(day.plan(), AWAY);
    day.crew("beside").shifts[0].hours = day.span((8, 0), (8, 50));
    assert_eq!(day.plan(), BESIDE);
    day.crew("beside").shifts[0].hours = day.span((10, 0), (16, 0));
    assert_eq!(day.plan(), "beside 10:10 home");
}

#[test]
fn overtime_is_paid_for() {
    let mut day = Day::two_cars();
    day.crew("beside").shifts[0].hours = day.span((8, 0), (8, 40));
    day.crew("beside").shifts[0].overtime_max = Seconds::from_minutes(30);
    assert_eq!(day.plan(), AWAY);
    day.facts.policy.prices.overtime_second = 0;
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn overtime_ends_at_its_greatest() {
    let mut day = Day::two_cars();
    day.facts.policy.prices.overtime_second = 0;
    day.crew("beside").shifts[0].hours = day.span((8, 0), (8, 40));
    day.crew("beside").shifts[0].overtime_max = Seconds::from_minutes(9);
    assert_eq!(day.plan(), AWAY);
    day.crew("beside").shifts[0].overtime_max = Seconds::from_minutes(10);
    assert_eq!(day.plan(), BESIDE);
}

/// Two visits on the way, the second at a home that must be left by 9:40.
fn with_break() -> Day {
    let mut day = Day::new();
    day.visit("near", 10, &[("doctor", 30)]);
    day.visit("far", 20, &[("doctor", 30)]);
    day.visit_named("far").windows = vec![day.span((8, 0), (9, 40))];
    day.car("car", "depot").shifts[0].end_place = PlaceId::new("garage");
    let window = day.span((8, 30), (9, 10));
    let length = Seconds::from_minutes(20);
    day.crew("car").shifts[0].breaks.push(Break { window, length });
    day
}

#[test]
fn a_break_is_had_and_the_rest_of_the_day_waits_for_it() {
    let mut day = with_break();
    assert_eq!(day.plan(), "car 08:10 near, 08:40 break, 09:10 far");
    day.crew("car").shifts[0].breaks.clear();
    assert_eq!(day.plan(), "car 08:10 near, 08:50 far");
}

#[test]
fn a_break_is_had_where_it_does_least_harm() {
    let mut day = with_break();
    day.crew("car").shifts[0].breaks[0].window = day.span((8, 30), (12, 0));
    day.promise("other", within(9 * 60));
    assert_eq!(day.plan(), "car 08:10 near, 08:50 far, 09:20 break");
}

#[test]
fn eleven_hours_of_rest_lie_between_two_shifts() {
    let mut day = Day::new();
    day.visit("evening", 10, &[("doctor", 30)]);
    day.visit("morning", 10, &[("doctor", 30)]);
    day.visit_named("evening").windows = vec![day.span((20, 0), (21, 0))];
    day.visit_named("morning").windows = vec![day.span((30, 0), (36, 0))];
    let shifts = vec![
        day.shift("late", "depot", (16, 0), (22, 0)),
        day.shift("early", "depot", (30, 0), (38, 0)),
    ];
    day.car("car", "depot").shifts = shifts;
    assert_eq!(day.plan(), "late 20:00 evening | early Tue 07:50 morning");
    day.facts.policy.rest = Seconds::ZERO;
    assert_eq!(day.plan(), "late 20:00 evening | early Tue 06:10 morning");
}
