//! A day for tests, small enough to reckon with by hand: a läkarbil and a municipal nurse of
//! `town`, who start and end at `depot`, on a Monday. Every leg takes 10 minutes and 5 km; no road
//! goes to `island`.

use std::collections::BTreeMap;

use super::{Audit, PromiseOutcome, audit, promises};
use crate::domain::*;
use crate::travel::{Leg, Matrix, TravelModel};

/// In place of a visit's id in [`Day::round`]: a break.
pub const BREAK: &str = "break";

/// The moment when the clock on the wall shows this, on Monday 2026-11-23; hours from 24 on are
/// Tuesday's.
pub fn at(hour: i64, minute: i64) -> Instant {
    let midnight = Calendar::stockholm().at_minute(jiff::civil::date(2026, 11, 23), 0);
    midnight + Seconds::from_minutes(hour * 60 + minute)
}

/// From one (hour, minute) to another of that Monday.
pub fn span(from: (i64, i64), to: (i64, i64)) -> Span {
    Span::new(at(from.0, from.1), at(to.0, to.1)).expect("a test's spans end after they begin")
}

/// Facts and a plan, both open to change.
pub struct Day {
    pub facts: Facts,
    pub plan: Plan,
}

impl Day {
    /// Nobody to visit yet. Crew 0 is `car`, crew 1 is `nurse`; shifts of the same names, 8–16.
    pub fn new() -> Day {
        let facts = Facts {
            as_of: at(0, 0),
            horizon: span((0, 0), (48, 0)),
            region: region(),
            policy: policy(),
            places: places(),
            patients: Vec::new(),
            visits: Vec::new(),
            crews: vec![
                crew("car", "doctor", Party::Region),
                crew("nurse", "nurse", Party::Municipality(MunicipalityId::new("town"))),
            ],
            previous: None,
            pins: Vec::new(),
            traffic: Traffic::default(),
        };
        Day { facts, plan: Plan::default() }
    }

    /// An unplanned visit asked for at 7:00, to a patient of its own at this place. Parts are
    /// (role, service minutes); they start together.
    pub fn visit(&mut self, id: &str, place: &str, parts: &[(&str, i64)]) {
        let place_id = PlaceId::new(place);
        let place = self.facts.places.iter().find(|place| place.id == place_id);
        let municipality = place.expect("tests name known places").municipality.clone();
        self.facts.patients.push(Patient {
            id: PatientId::new(id),
            place: place_id,
            care_form: CareFormId::new("enrolled"),
            named_doctor: None,
            unit: None,
            municipality,
        });
        let part = |&(role, minutes): &(&str, i64)| Part {
            role: RoleId::new(role),
            skills: Vec::new(),
            service: Seconds::from_minutes(minutes),
        };
        let together =
            |second| Meeting { first: 0, second, lag_min: Seconds(0), lag_max: Seconds(0) };
        self.facts.visits.push(Visit {
            id: VisitId::new(id),
            patient: PatientId::new(id),
            kind: KindId::new("unplanned"),
            requested_at: at(7, 0),
            priority: 1,
            windows: Vec::new(),
            parts: parts.iter().map(part).collect(),
            meetings: (1..parts.len()).map(together).collect(),
            same_crew_allowed: false,
        });
    }

    /// A second shift, `<crew>-tuesday`, the day after.
    pub fn tuesday_shift(&mut self, crew: &str, from: (i64, i64), to: (i64, i64)) {
        let hours = span((24 + from.0, from.1), (24 + to.0, to.1));
        let id = CrewId::new(crew);
        let crew = self.facts.crews.iter_mut().find(|crew| crew.id == id);
        let crew = crew.expect("tests name known crews");
        crew.shifts.push(shift(&format!("{}-tuesday", crew.id), hours));
    }

    /// Plans a shift: (visit or [`BREAK`], part or break, start) in order. The fields follow from
    /// the starts: it leaves just in time for the first.
    pub fn round(&mut self, shift: &str, stops: &[(&str, usize, Instant)]) {
        let round = Leaving { world: &self.world(), travel: &self.travel() }.plan(shift, stops);
        self.plan.shifts.push(round);
    }

    /// Leaves a visit unassigned.
    pub fn leave(&mut self, visit: &str) {
        let (visit, reason) = (VisitId::new(visit), Reason::NoPlaceInThisPlan);
        self.plan.unassigned.push(Unassigned { visit, deferred: false, reason });
    }

    /// Pins a visit, or one of its parts.
    pub fn pin(&mut self, visit: &str, part: Option<usize>, what: PinWhat) {
        let (reason, by) = ("asked for".to_owned(), "dispatcher".to_owned());
        self.facts.pins.push(Pin { visit: VisitId::new(visit), part, what, reason, by });
    }

    pub fn world(&self) -> World {
        World::new(self.facts.clone()).expect("a test's facts hang together")
    }

    pub fn travel(&self) -> Matrix {
        Matrix::of_places(&TenMinutes, &self.facts.places)
    }

    pub fn audit(&self) -> Audit {
        audit(&self.world(), &self.travel(), &self.plan)
    }

    pub fn promises(&self) -> Vec<PromiseOutcome> {
        promises(&self.world(), &self.travel(), &self.plan)
    }

    /// The rules that the plan breaks, each once.
    pub fn broken(&self) -> Vec<&'static str> {
        let mut broken: Vec<&str> = self.audit().violations.iter().map(|one| one.rule).collect();
        broken.dedup();
        broken
    }

    /// What the plan pays of this price.
    pub fn points(&self, code: &str) -> i64 {
        let lines = self.audit().lines;
        lines.iter().filter(|line| line.code == code).map(|line| line.points).sum()
    }
}

struct Leaving<'a> {
    world: &'a World,
    travel: &'a Matrix,
}

impl Leaving<'_> {
    fn plan(&self, shift: &str, stops: &[(&str, usize, Instant)]) -> ShiftPlan {
        let (crew, shift) = self.world.shift(&ShiftId::new(shift)).expect("a known shift");
        let mut place = shift.start_place.clone();
        let mut planned: Vec<Stop> = Vec::new();
        for &(name, index, start) in stops {
            let (what, next, length) = if name == BREAK {
                (StopWhat::Break { index }, place.clone(), shift.breaks[index].length)
            } else {
                let visit = self.world.visit(&VisitId::new(name)).expect("a known visit");
                let home = self.world.place_of(visit).id.clone();
                let what = StopWhat::Part { visit: visit.id.clone(), part: index };
                (what, home, visit.parts[index].service)
            };
            let leg = self.leg(&place, &next);
            let setup = match self.world.place(&next) {
                Some(home) if home.id != place => home.setup,
                _ => Seconds::ZERO,
            };
            let arrive = planned.last().map_or(start - setup, |stop| stop.end + leg.seconds);
            planned.push(Stop {
                what,
                place: next.clone(),
                travel: leg.seconds,
                metres: leg.metres,
                arrive,
                start,
                end: start + length,
                slack: Seconds::ZERO,
                held_until: None,
                told: Vec::new(),
            });
            place = next;
        }
        let first = planned.first().map_or(shift.hours.from(), |stop| stop.arrive - stop.travel);
        let end = planned.last().map_or(first, |stop| stop.end);
        let back = self.leg(&place, &shift.end_place);
        ShiftPlan {
            crew: crew.id.clone(),
            shift: shift.id.clone(),
            depart: first,
            stops: planned,
            travel_back: back.seconds,
            metres_back: back.metres,
            back: end + back.seconds,
        }
    }

    fn leg(&self, from: &PlaceId, to: &PlaceId) -> Leg {
        let (from, to) = (self.world.place_position(from), self.world.place_position(to));
        self.travel.leg(from, to).unwrap_or(Leg { seconds: Seconds(600), metres: Metres(5000) })
    }
}

struct TenMinutes;

impl TravelModel for TenMinutes {
    fn profile(&self) -> &str {
        "ten minutes"
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let on_island = |point: Point| 60.0 <= point.lat();
        let leg = Leg { seconds: Seconds(600), metres: Metres(5000) };
        (!on_island(from) && !on_island(to)).then_some(leg)
    }
}

fn region() -> Region {
    let rows = [("town", "north"), ("next-town", "north"), ("south-town", "south")];
    let municipalities: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(id, delregion)| {
            let (id, name) = (MunicipalityId::new(id), id.to_owned());
            let delregion = DelregionId::new(delregion);
            (id.clone(), Municipality { id, name, delregion })
        })
        .collect();
    Region { name: "test".to_owned(), municipalities }
}

fn places() -> Vec<Place> {
    let place = |id: &str, latitude: f64, municipality: &str, setup_minutes: i64| Place {
        id: PlaceId::new(id),
        name: String::new(),
        point: Point::from_degrees(latitude, 13.0).expect("on the globe"),
        municipality: MunicipalityId::new(municipality),
        setup: Seconds::from_minutes(setup_minutes),
    };
    vec![
        place("depot", 55.0, "town", 0),
        place("home-1", 55.1, "town", 0),
        place("home-2", 55.2, "town", 0),
        place("stairs", 55.3, "town", 5),
        place("next-town", 55.4, "next-town", 0),
        place("far-south", 55.5, "south-town", 0),
        place("island", 61.0, "town", 0),
    ]
}

fn crew(id: &str, role: &str, employer: Party) -> Crew {
    Crew {
        id: CrewId::new(id),
        kind: CrewKindId::new(id),
        roles: [RoleId::new(role)].into(),
        skills: [].into(),
        employer,
        unit: None,
        home_delregion: DelregionId::new("north"),
        shifts: vec![shift(id, span((8, 0), (16, 0)))],
    }
}

fn shift(id: &str, hours: Span) -> Shift {
    Shift {
        id: ShiftId::new(id),
        start_place: PlaceId::new("depot"),
        end_place: PlaceId::new("depot"),
        hours,
        overtime_max: Seconds::from_minutes(30),
        breaks: Vec::new(),
        first: Vec::new(),
    }
}

fn policy() -> Policy {
    let area = |kind: &str, scope| AreaRule { crew_kind: CrewKindId::new(kind), scope };
    Policy {
        name: "test".to_owned(),
        kinds: ["unplanned", "death"]
            .map(|id| VisitKind { id: KindId::new(id), unassigned: (Tier::Planned, 50) })
            .to_vec(),
        care_forms: vec![CareForm { id: CareFormId::new("enrolled"), kinds: Vec::new() }],
        promises: vec![Promise {
            id: RuleId::new("two-hours"),
            kind: KindId::new("unplanned"),
            care_form: None,
            priority: None,
            hours: None,
            deadline: DeadlineRule::Within(Seconds::from_minutes(120)),
            judged_role: RoleId::new("doctor"),
            tier: Tier::Unplanned,
            lateness: Lateness { unit: Seconds::from_minutes(10), steps: vec![(0, 10)], cap: 100 },
            deferred: 7,
        }],
        areas: vec![area("car", Scope::OwnDelregion), area("nurse", Scope::OwnMunicipality)],
        lending: Vec::new(),
        responsibility: Vec::new(),
        rest: Seconds::from_minutes(11 * 60),
        told_tolerance: Seconds::from_minutes(10),
        prices: Prices {
            told_moved: 5,
            next_stop_changed: 3,
            travel_second: 1,
            waiting_second_region: 2,
            waiting_second_municipality: 3,
            overtime_second: 4,
            border: 11,
            continuity_unit: 13,
            continuity_other: 17,
            continuity_role: RoleId::new("doctor"),
            responsibility: 19,
            fairness_minute_squared: 0,
        },
    }
}
