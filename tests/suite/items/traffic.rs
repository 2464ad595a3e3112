//! Driving at the hours of the day: rush hours that recur, and incidents.

use rond::domain::{Incident, TrafficArea, TrafficHours};

use super::day::{BESIDE, Day, NEAR_FIRST, hours};

#[test]
fn rush_hours_make_a_crew_later() {
    let mut day = Day::on_the_way();
    assert_eq!(day.plan(), NEAR_FIRST);
    let area = TrafficArea::Everywhere;
    let rush = hours(9, 12);
    day.facts.traffic.hours.push(TrafficHours { area, hours: rush, percent: 300 });
    assert_eq!(day.plan(), "car 08:10 near, 11:10 far");
}

#[test]
fn an_incident_puts_a_home_out_of_reach() {
    let mut day = Day::two_cars();
    day.visit_named("home").windows = vec![day.span((8, 0), (9, 0))];
    assert_eq!(day.plan(), BESIDE);
    let incident = Incident {
        area: TrafficArea::Everywhere,
        span: day.span((8, 0), (9, 0)),
        percent: 300,
        reason: "a tree across the road".to_owned(),
    };
    day.facts.traffic.incidents.push(incident);
    assert_eq!(day.plan(), "beside 08:30 home");
    day.facts.traffic.incidents[0].percent = 310;
    assert_eq!(day.plan(), "not home");
}
