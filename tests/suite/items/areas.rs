//! Who may work where and who answers when: employers, delregioner, lending, hours of the clock.

use jiff::civil::date;
use rond::domain::{
    CrewKindId, DelregionId, Lending, MunicipalityId, Party, Responsibility, RoleId,
};
use rond::wire::read_region;

use super::day::{AWAY, BESIDE, Day, hours, within};

/// A nurse beside the home and one away, each employed by a municipality.
fn two_nurses(beside: &str, away: &str) -> Day {
    let mut day = Day::new();
    day.visit("home", 50, &[("nurse", 30)]);
    day.nurse("beside", "garage", beside);
    day.nurse("away", "depot", away);
    day
}

#[test]
fn a_nurse_works_for_her_own_municipality() {
    let mut day = two_nurses("next-town", "town");
    assert_eq!(day.plan(), AWAY);
    day.crew("beside").employer = Party::Municipality(MunicipalityId::new("town"));
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn the_patients_own_municipality_sends_the_nurse_wherever_she_stays() {
    let mut day = two_nurses("town", "next-town");
    day.facts.policy.areas.clear();
    day.patient("home").municipality = MunicipalityId::new("next-town");
    assert_eq!(day.plan(), AWAY);
    day.patient("home").municipality = MunicipalityId::new("town");
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn a_car_stays_in_its_delregion() {
    let mut day = Day::two_cars();
    day.crew("beside").home_delregion = DelregionId::new("south");
    assert_eq!(day.plan(), AWAY);
    day.facts.policy.areas.clear();
    assert_eq!(day.plan(), BESIDE);
}

/// Two cars, the one beside of the south; cars of the south may come north at these hours.
fn lent(from: u16, to: u16) -> Day {
    let mut day = Day::two_cars();
    day.crew("beside").home_delregion = DelregionId::new("south");
    day.facts.policy.lending.push(Lending {
        from: DelregionId::new("south"),
        to: DelregionId::new("north"),
        crew_kinds: vec![CrewKindId::new("car")],
        hours: hours(from, to),
    });
    day
}

#[test]
fn a_car_is_lent_between_a_pair_of_delregioner() {
    let mut day = lent(8, 16);
    assert_eq!(day.plan(), BESIDE);
    let row = &mut day.facts.policy.lending[0];
    std::mem::swap(&mut row.from, &mut row.to);
    assert_eq!(day.plan(), AWAY);
}

#[test]
fn a_car_is_lent_at_named_hours() {
    assert_eq!(lent(12, 16).plan(), "beside 12:00 home");
    assert_eq!(lent(8, 16).plan(), BESIDE);
    assert_eq!(lent(16, 24).plan(), AWAY);
}

#[test]
fn crossing_a_border_has_a_price() {
    let mut day = lent(8, 16);
    day.facts.policy.prices.border = 36_000;
    assert_eq!(day.plan(), AWAY);
    day.facts.policy.prices.border = 0;
    assert_eq!(day.plan(), BESIDE);
}

#[test]
fn who_answers_is_decided_by_the_hour() {
    let mut day = Day::two_cars();
    day.crew("away").kind = CrewKindId::new("vårdcentral");
    day.facts.policy.responsibility.push(Responsibility {
        care_form: None,
        role: RoleId::new("doctor"),
        hours: hours(8, 12),
        crew_kinds: vec![CrewKindId::new("vårdcentral")],
    });
    assert_eq!(day.plan(), AWAY);
    day.visit_named("home").windows = vec![day.span((12, 0), (13, 0))];
    assert_eq!(day.plan(), "beside 12:00 home");
    day.visit_named("home").windows.clear();
    day.facts.policy.responsibility.clear();
    assert_eq!(day.plan(), BESIDE);
}

/// The night of this date, on which the car beside may come from 3 by the clock on the wall, and
/// the patient asks for a doctor at 1:30.
fn night(month: i8, day: i8, year: i16, promised_minutes: i64) -> String {
    let mut day = Day::two_cars_on(date(year, month, day));
    let night = day.span((1, 30), (8, 0));
    day.facts.crews.iter_mut().for_each(|crew| crew.shifts[0].hours = night);
    day.crew("beside").home_delregion = DelregionId::new("south");
    day.facts.policy.lending = lent(3, 8).facts.policy.lending;
    day.visit_named("home").requested_at = day.at(1, 30);
    day.promise("other", within(promised_minutes));
    day.plan()
}

#[test]
fn hours_are_the_clocks_and_promises_are_not_when_the_clock_is_changed() {
    assert_eq!(night(3, 21, 2027, 60), "away 02:20 home");
    assert_eq!(night(3, 28, 2027, 60), "beside 03:00 home", "half an hour after the request");
    assert_eq!(night(10, 18, 2026, 120), "beside 03:00 home");
    assert_eq!(night(10, 25, 2026, 120), "away 02:20 home", "03:00 is two and a half hours on");
}

/// A region with two delregioner of which no code has heard, and the town in this one.
fn mountains_or_coast(delregion: &str) -> Day {
    let text = format!(
        r#"{{"format": "rond-region", "version": 1, "name": "Elsewhere",
        "bounds": {{"south": -1.0, "west": 12.0, "north": 2.0, "east": 14.0}},
        "delregioner": [{{"id": "Fjäll", "name": "Fjäll"}}, {{"id": "Kust", "name": "Kust"}}],
        "municipalities": [
            {{"id": "town", "name": "Stad", "delregion": "{delregion}"}},
            {{"id": "high", "name": "Topp", "delregion": "Fjäll"}},
            {{"id": "low", "name": "Hamn", "delregion": "Kust"}}
        ]}}"#
    );
    let mut day = Day::two_cars();
    day.facts.region = read_region(&text).expect("a whole region file");
    day.crew("beside").home_delregion = DelregionId::new("Kust");
    day.crew("away").home_delregion = DelregionId::new("Fjäll");
    day
}

#[test]
fn the_borders_of_another_regions_file_bind() {
    assert_eq!(mountains_or_coast("Fjäll").plan(), AWAY);
    assert_eq!(mountains_or_coast("Kust").plan(), BESIDE);
}
