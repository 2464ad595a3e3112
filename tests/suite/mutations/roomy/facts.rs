//! What roomy days have in common: two days, five crews, a few homes and the roads between them.

use rond::domain::*;
use rond::travel::{Leg, TravelModel};

use crate::support::dice::Dice;
use crate::support::policy::{hours, test_policy};

/// Crews 0, 1 and 2 are läkarbilar, 3 and 4 nurses.
pub const CREWS: usize = 5;

/// Minutes after midnight of the first day: the hours of both days' shifts.
const HOURS: [(i64, i64); 2] = [(480, 990), (1530, 2130)];

/// Minute of the day when the neighbours may be lent a läkarbil.
const LENDING_FROM: u16 = 13 * 60;

/// So many minutes after midnight of the first day, Monday 2026-11-23.
pub fn minute(minute: i64) -> Instant {
    let midnight = Calendar::stockholm().at_minute(jiff::civil::date(2026, 11, 23), 0);
    midnight + Seconds::from_minutes(minute)
}

/// Up to 20 minutes between any two places; none to the island.
pub struct Roads;

impl TravelModel for Roads {
    fn profile(&self) -> &str {
        "roomy"
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        if 60.0 <= from.lat() || 60.0 <= to.lat() {
            return None;
        }
        let (north, east) = (to.lat() - from.lat(), to.lon() - from.lon());
        let uphill = if 0.0 < north { 30 } else { 0 };
        let seconds = 120 + uphill + ((north.abs() + east.abs()) * 5_000.0).round() as i64;
        Some(Leg { seconds: Seconds(seconds), metres: Metres(seconds * 11) })
    }
}

/// The facts, with nobody to visit yet.
pub fn facts(dice: &mut Dice) -> Facts {
    let mut policy = test_policy();
    policy.lending = vec![Lending {
        from: DelregionId::new("Malmö"),
        to: DelregionId::new("Sydväst"),
        crew_kinds: vec![CrewKindId::new("läkarbil")],
        hours: hours(DayClass::Any, LENDING_FROM, 24 * 60),
    }];
    Facts {
        as_of: minute(500),
        horizon: Span::new(minute(0), minute(2 * 1440)).expect("in order"),
        region: region(),
        policy,
        places: places(dice),
        patients: Vec::new(),
        visits: Vec::new(),
        crews: (0..CREWS).map(crew).collect(),
        previous: None,
        pins: Vec::new(),
        traffic: Traffic::default(),
    }
}

fn region() -> Region {
    let rows = [("1280", "Malmö"), ("1233", "Sydväst"), ("1286", "Sydost")];
    let row = |(id, delregion): (&str, &str)| {
        let (id, delregion) = (MunicipalityId::new(id), DelregionId::new(delregion));
        (id.clone(), Municipality { name: id.to_string(), id, delregion })
    };
    Region { name: "test".to_owned(), municipalities: rows.into_iter().map(row).collect() }
}

fn places(dice: &mut Dice) -> Vec<Place> {
    let homes = ["depot", "h1", "h2", "h3", "h4", "h5", "abroad-1", "abroad-2", "island"];
    let mut place = |id: &str| {
        let latitude = if id == "island" { 61.0 } else { 55.5 + dice.within(0..=99) as f64 / 1e3 };
        let longitude = 13.0 + dice.within(0..=99) as f64 / 1e3;
        Place {
            id: PlaceId::new(id),
            name: String::new(),
            point: Point::from_degrees(latitude, longitude).expect("on the globe"),
            municipality: MunicipalityId::new(if id.starts_with('a') { "1233" } else { "1280" }),
            setup: Seconds(dice.within(0..=300)),
        }
    };
    homes.map(&mut place).to_vec()
}

fn crew(at: usize) -> Crew {
    let is_car = at < 3;
    let id = if is_car { format!("car-{at}") } else { format!("nurse-{at}") };
    let roles: &[&str] = if is_car { &["doctor", "physiotherapist"] } else { &["nurse"] };
    let shift = |day: usize| Shift {
        id: ShiftId::new(format!("{id}-day-{day}")),
        start_place: PlaceId::new("depot"),
        end_place: PlaceId::new("depot"),
        hours: Span::new(minute(HOURS[day].0), minute(HOURS[day].1)).expect("in order"),
        overtime_max: Seconds::from_minutes(30),
        breaks: Vec::new(),
        first: Vec::new(),
    };
    Crew {
        kind: CrewKindId::new(if is_car { "läkarbil" } else { "nurse" }),
        roles: roles.iter().map(RoleId::new).collect(),
        skills: [SkillId::new("ultrasound")].into(),
        employer: match is_car {
            true => Party::Region,
            false => Party::Municipality(MunicipalityId::new("1280")),
        },
        unit: None,
        home_delregion: DelregionId::new("Malmö"),
        shifts: (0..HOURS.len()).map(shift).collect(),
        id: CrewId::new(id),
    }
}
