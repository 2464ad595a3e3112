//! Small random worlds in code, tight enough that their rules bind.
//!
//! Everything is drawn from one seed, in a fixed order. A [`Shape`] says how much there may be of
//! what; all shares are percentages.

mod crews;
mod first_stops;
mod previous;
mod traffic;
mod visits;

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::Date;
use rond::domain::{
    Calendar, CrewKindId, DayClass, DelregionId, Facts, Instant, Lending, Municipality,
    MunicipalityId, Place, PlaceId, Point, Region, Seconds, Span, Traffic, World,
};

use super::dice::Dice;
use super::policy::{hours, test_policy};

/// How much there may be of what.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Number of visits.
    pub visits: RangeInclusive<i64>,
    /// The first visits are joint: so many at least.
    pub joint_min: usize,
    /// Number of crews, two at least.
    pub crews: RangeInclusive<i64>,
    /// Number of days.
    pub days: RangeInclusive<i64>,
    /// Minutes of a day shift.
    pub shift_minutes: RangeInclusive<i64>,
    /// Visits of a doctor and a nurse who start together.
    pub joint: u32,
    /// Joint visits where the nurse comes 5–20 minutes first.
    pub lag: u32,
    /// Joint visits with a third part.
    pub three_parts: u32,
    /// Visits of two parts in a row that one crew may do.
    pub sequential: u32,
    /// Visits with one window.
    pub one_window: u32,
    /// Visits with two windows.
    pub two_windows: u32,
    /// Shifts with a break (one in four of them with two).
    pub breaks: u32,
    /// Shifts that allow overtime.
    pub overtime: u32,
    /// Worlds with two delregioner or three, and lending at some hours.
    pub borders: u32,
    /// Worlds of several days where evening shifts are followed by early ones.
    pub rest: u32,
    /// Parts that need a skill.
    pub skills: u32,
    /// Patients who share an address with another.
    pub shared: u32,
    /// Places with set-up time.
    pub setup: u32,
    /// Visits that are unplanned.
    pub unplanned: u32,
    /// Visits after a death, and preventive ones: no promise.
    pub unpromised: u32,
    /// Planned visits whose deadline may lie beyond the horizon.
    pub deferrable: u32,
    /// Patients with a named doctor or a unit.
    pub continuity: u32,
    /// Worlds with a previous plan and told times.
    pub previous: u32,
    /// Visits with a pin.
    pub pins: u32,
    /// Worlds where driving takes longer or shorter at some hours.
    pub traffic: u32,
    /// Shifts that do something first.
    pub first: u32,
}

impl Shape {
    /// For the exact referee: at most seven visits, two or more joint; nothing told or pinned.
    pub fn tiny() -> Shape {
        Shape {
            visits: 4..=7,
            joint_min: 2,
            crews: 3..=4,
            days: 1..=2,
            shift_minutes: 180..=330,
            joint: 20,
            lag: 35,
            three_parts: 0,
            sequential: 5,
            one_window: 15,
            two_windows: 35,
            breaks: 45,
            overtime: 60,
            borders: 60,
            rest: 60,
            skills: 10,
            shared: 20,
            setup: 30,
            unplanned: 40,
            unpromised: 20,
            deferrable: 25,
            continuity: 40,
            previous: 0,
            pins: 0,
            traffic: 0,
            first: 20,
        }
    }

    /// For properties: every feature, in small doses.
    pub fn small() -> Shape {
        Shape {
            visits: 1..=12,
            joint_min: 0,
            crews: 2..=6,
            days: 1..=3,
            shift_minutes: 180..=420,
            joint: 40,
            lag: 35,
            three_parts: 15,
            sequential: 10,
            one_window: 25,
            two_windows: 25,
            breaks: 50,
            overtime: 60,
            borders: 60,
            rest: 50,
            skills: 15,
            shared: 25,
            setup: 40,
            unplanned: 40,
            unpromised: 20,
            deferrable: 30,
            continuity: 50,
            previous: 50,
            pins: 12,
            traffic: 35,
            first: 25,
        }
    }
}

/// The world of this seed and shape.
pub fn random_world(seed: u64, shape: &Shape) -> World {
    let mut maker = Maker::new(seed, shape);
    maker.add_region();
    maker.add_crews();
    maker.add_visits();
    maker.add_previous();
    maker.add_pins();
    maker.add_traffic();
    maker.add_first_stops();
    match World::new(maker.facts) {
        Ok(world) => world,
        Err(errors) => panic!("seed {seed}: the random world does not hang together: {errors:?}"),
    }
}

/// A world in the making.
struct Maker<'a> {
    dice: Dice,
    shape: &'a Shape,
    calendar: Calendar,
    days: Vec<Date>,
    facts: Facts,
}

/// Municipality, delregion, and where its centre lies, in kilometres.
const MUNICIPALITIES: [(&str, &str, f64, f64); 4] = [
    ("1280", "Malmö", 0.0, 0.0),
    ("1233", "Sydväst", 3.0, -4.0),
    ("1287", "Sydväst", 8.0, -5.0),
    ("1286", "Sydost", 7.0, 3.0),
];

/// First days to plan: an ordinary week, the eves of Christmas, and both changes of the clock.
const FIRST_DAYS: [Date; 5] = [
    Date::constant(2026, 11, 23),
    Date::constant(2026, 11, 26),
    Date::constant(2026, 12, 23),
    Date::constant(2026, 10, 24),
    Date::constant(2026, 3, 28),
];

impl<'a> Maker<'a> {
    fn new(seed: u64, shape: &'a Shape) -> Maker<'a> {
        let mut dice = Dice::new(seed);
        let calendar = Calendar::stockholm();
        let first = *dice.pick(&FIRST_DAYS);
        let count = dice.within(shape.days.clone());
        let days: Vec<Date> = (0..count).map(|day| first.saturating_add(day.days())).collect();
        // There is at least one day in every shape.
        let last = *days.last().expect("a world has a day");
        let horizon = Span::new(calendar.at_minute(first, 0), calendar.at_minute(last, 1440));
        let as_of = calendar.at_minute(first, 7 * 60) + Seconds(dice.within(0..=5) * 900);
        let facts = Facts {
            as_of,
            horizon: horizon.expect("the first day begins before the last one ends"),
            region: Region::default(),
            policy: test_policy(),
            places: Vec::new(),
            patients: Vec::new(),
            visits: Vec::new(),
            crews: Vec::new(),
            previous: None,
            pins: Vec::new(),
            traffic: Traffic::default(),
        };
        Maker { dice, shape, calendar, days, facts }
    }

    /// One municipality, or several in several delregioner that lend at some hours.
    fn add_region(&mut self) {
        let several = self.dice.chance(self.shape.borders);
        let count = if several { self.dice.within(2..=4) as usize } else { 1 };
        self.facts.region.name = "test".to_owned();
        for (id, delregion, east, north) in &MUNICIPALITIES[..count] {
            let municipality = Municipality {
                id: MunicipalityId::new(id),
                name: (*id).to_owned(),
                delregion: DelregionId::new(delregion),
            };
            self.facts.region.municipalities.insert(municipality.id.clone(), municipality);
            self.add_place(&format!("centre-{id}"), id, (*east, *north), 0);
        }
        let delregions = ["Malmö", "Sydväst", "Sydost"];
        for from in delregions {
            for to in delregions {
                if several && from != to && self.dice.chance(60) {
                    let first = self.dice.within(7..=12) as u16 * 60;
                    let last = first + self.dice.within(1..=9) as u16 * 60;
                    self.facts.policy.lending.push(Lending {
                        from: DelregionId::new(from),
                        to: DelregionId::new(to),
                        crew_kinds: vec![CrewKindId::new("doctor"), CrewKindId::new("läkarbil")],
                        hours: hours(DayClass::Any, first, last),
                    });
                }
            }
        }
        // The hour when responsibility passes over falls inside many shifts.
        let handover = self.dice.within(8..=13) as u16 * 60;
        self.facts.policy.responsibility[0].hours.from_minute = handover;
    }

    /// A place at about so many kilometres east and north; no two places share a point.
    fn add_place(&mut self, id: &str, municipality: &str, at: (f64, f64), setup_minutes: i64) {
        let nudge = self.facts.places.len() as f64 * 0.01;
        let (lat, lon) = (55.5 + (at.1 + nudge) / 111.0, 13.2 + at.0 / 63.0);
        self.facts.places.push(Place {
            id: PlaceId::new(id),
            name: id.to_owned(),
            // Skåne lies on the globe.
            point: Point::from_degrees(lat, lon).expect("a point on the globe"),
            municipality: MunicipalityId::new(municipality),
            setup: Seconds::from_minutes(setup_minutes),
        });
    }

    /// A home near the centre of a municipality, sometimes with set-up time.
    fn add_home(&mut self, name: &str, municipality: &str) -> PlaceId {
        let centre = MUNICIPALITIES.iter().find(|(id, ..)| *id == municipality);
        let (_, _, east, north) = *centre.expect("a municipality of the table");
        let east = east + self.dice.within(-50..=50) as f64 / 10.0;
        let north = north + self.dice.within(-50..=50) as f64 / 10.0;
        let setup = if self.dice.chance(self.shape.setup) { self.dice.within(2..=15) } else { 0 };
        let id = format!("home-{name}");
        self.add_place(&id, municipality, (east, north), setup);
        PlaceId::new(&id)
    }

    fn municipalities(&self) -> Vec<MunicipalityId> {
        self.facts.region.municipalities.keys().cloned().collect()
    }

    fn at(&self, day: usize, minute: i64) -> Instant {
        self.calendar.at_minute(self.days[day], minute as u16)
    }

    fn any_shift_hours(&mut self) -> Span {
        let spans: Vec<Span> = self
            .facts
            .crews
            .iter()
            .flat_map(|crew| crew.shifts.iter().map(|shift| shift.hours))
            .collect();
        *self.dice.pick(&spans)
    }
}
