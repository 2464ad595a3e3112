//! A day on one straight road: every place has its minute of the road, and driving takes as many
//! minutes as lie between two. The depot is at minute 0, the garage at minute 60.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rond::domain::*;
use rond::replan::rolling::Rolling;
use rond::replan::{PlanError, plan};
use rond::solver::{Budget, Settings};
use rond::travel::{Leg, Matrix, TravelModel};

/// Facts open to change, and how to tell their plan.
pub struct Day {
    first: Date,
    pub facts: Facts,
}

/// The plan of [`Day::two_cars`] when the car nearby may come, and when it may not.
pub const BESIDE: &str = "beside 08:10 home";
pub const AWAY: &str = "away 08:50 home";
/// The plan of [`Day::on_the_way`] when nothing hurries, and when the far patient does.
pub const NEAR_FIRST: &str = "car 08:10 near, 09:50 far";
pub const FAR_FIRST: &str = "car 08:50 far, 10:00 near";

impl Day {
    /// Nobody to visit and nobody at work, on Monday 2026-11-23; nothing promised, all areas bind.
    pub fn new() -> Day {
        Day::starting(date(2026, 11, 23))
    }

    /// The same on another date.
    pub fn starting(first: Date) -> Day {
        let midnight = Calendar::stockholm().at_minute(first, 0);
        let week = Seconds::from_minutes(8 * 1440);
        let facts = Facts {
            as_of: midnight,
            horizon: Span::new(midnight, midnight + week).expect("a week has a positive length"),
            region: region(),
            policy: policy(),
            places: Vec::new(),
            patients: Vec::new(),
            visits: Vec::new(),
            crews: Vec::new(),
            previous: None,
            pins: Vec::new(),
            traffic: Traffic::default(),
        };
        let mut day = Day { first, facts };
        day.place("depot", 0);
        day.place("garage", 60);
        day
    }

    /// One visit of 30 minutes at minute 50, and two cars: `beside` it, from the garage, and `away`
    /// at the depot.
    pub fn two_cars() -> Day {
        Day::two_cars_on(date(2026, 11, 23))
    }

    /// The same on another date.
    pub fn two_cars_on(first: Date) -> Day {
        let mut day = Day::starting(first);
        day.visit("home", 50, &[("doctor", 30)]);
        day.car("beside", "garage");
        day.car("away", "depot");
        day
    }

    /// A car on its way from the depot to the garage, with an hour's visit `near` the depot and a
    /// short one `far` from it: `near` first saves driving.
    pub fn on_the_way() -> Day {
        let mut day = Day::new();
        day.visit("near", 10, &[("doctor", 60)]);
        day.visit("far", 50, &[("doctor", 30)]);
        day.car("car", "depot").shifts[0].end_place = PlaceId::new("garage");
        day
    }

    /// When the clock on the wall shows this; hours from 24 on are the next days'.
    pub fn at(&self, hour: i64, minute: u16) -> Instant {
        let date = self.first.saturating_add((hour.div_euclid(24)).days());
        Calendar::stockholm().at_minute(date, hour.rem_euclid(24) as u16 * 60 + minute)
    }

    /// From one (hour, minute) to another.
    pub fn span(&self, from: (i64, u16), to: (i64, u16)) -> Span {
        let span = Span::new(self.at(from.0, from.1), self.at(to.0, to.1));
        span.expect("a test's spans end after they begin")
    }

    /// A place of `town` at this minute of the road.
    pub fn place(&mut self, id: &str, minute: i32) -> &mut Place {
        self.facts.places.push(Place {
            id: PlaceId::new(id),
            name: String::new(),
            point: Point::from_degrees(f64::from(minute) / 100.0, 13.0).expect("on the globe"),
            municipality: MunicipalityId::new("town"),
            setup: Seconds::ZERO,
        });
        self.facts.places.last_mut().expect("just added")
    }

    /// A visit without a promise, asked for at midnight, to a patient at a place of its own, all
    /// with the same id. Parts are (role, minutes) and start together.
    pub fn visit(&mut self, id: &str, minute: i32, parts: &[(&str, i64)]) -> &mut Visit {
        self.place(id, minute);
        self.facts.patients.push(Patient {
            id: PatientId::new(id),
            place: PlaceId::new(id),
            care_form: CareFormId::new("enrolled"),
            named_doctor: None,
            unit: None,
            municipality: MunicipalityId::new("town"),
        });
        let part = |&(role, minutes): &(&str, i64)| Part {
            role: RoleId::new(role),
            skills: Vec::new(),
            service: Seconds::from_minutes(minutes),
        };
        let requested_at = self.at(0, 0);
        self.facts.visits.push(Visit {
            id: VisitId::new(id),
            patient: PatientId::new(id),
            kind: KindId::new("other"),
            requested_at,
            priority: 2,
            windows: Vec::new(),
            parts: parts.iter().map(part).collect(),
            meetings: (1..parts.len()).map(|second| lag(0, second, 0, 0)).collect(),
            same_crew_allowed: false,
        });
        self.facts.visits.last_mut().expect("just added")
    }

    /// A visit that was added before.
    pub fn visit_named(&mut self, id: &str) -> &mut Visit {
        let mut visits = self.facts.visits.iter_mut();
        visits.find(|visit| visit.id.as_str() == id).expect("tests name known visits")
    }

    /// The patient of a visit that was added before.
    pub fn patient(&mut self, id: &str) -> &mut Patient {
        let mut patients = self.facts.patients.iter_mut();
        patients.find(|patient| patient.id.as_str() == id).expect("tests name known patients")
    }

    /// A doctor's car of the north, 8–16 from and to this place. Its first shift has its id.
    pub fn car(&mut self, id: &str, place: &str) -> &mut Crew {
        let shift = self.shift(id, place, (8, 0), (16, 0));
        self.facts.crews.push(Crew {
            id: CrewId::new(id),
            kind: CrewKindId::new("car"),
            roles: [RoleId::new("doctor")].into(),
            skills: [].into(),
            employer: Party::Region,
            unit: None,
            home_delregion: DelregionId::new("north"),
            shifts: vec![shift],
        });
        self.facts.crews.last_mut().expect("just added")
    }

    /// A nurse of this municipality, otherwise as [`Day::car`].
    pub fn nurse(&mut self, id: &str, place: &str, municipality: &str) -> &mut Crew {
        let crew = self.car(id, place);
        crew.kind = CrewKindId::new("nurse");
        crew.roles = [RoleId::new("nurse")].into();
        crew.employer = Party::Municipality(MunicipalityId::new(municipality));
        crew
    }

    /// A crew that was added before.
    pub fn crew(&mut self, id: &str) -> &mut Crew {
        let mut crews = self.facts.crews.iter_mut();
        crews.find(|crew| crew.id.as_str() == id).expect("tests name known crews")
    }

    /// A shift from and to one place, without breaks or overtime.
    pub fn shift(&self, id: &str, place: &str, from: (i64, u16), to: (i64, u16)) -> Shift {
        Shift {
            id: ShiftId::new(id),
            start_place: PlaceId::new(place),
            end_place: PlaceId::new(place),
            hours: self.span(from, to),
            overtime_max: Seconds::ZERO,
            breaks: Vec::new(),
            first: Vec::new(),
        }
    }

    /// Promises a kind of visit its doctor within so long, the promise of unplanned visits.
    pub fn promise(&mut self, kind: &str, deadline: DeadlineRule) -> &mut Promise {
        let minute = Seconds::from_minutes(1);
        self.facts.policy.promises.push(Promise {
            id: RuleId::new(kind),
            kind: KindId::new(kind),
            care_form: None,
            priority: None,
            hours: None,
            deadline,
            judged_role: RoleId::new("doctor"),
            tier: Tier::Unplanned,
            lateness: Lateness { unit: minute, steps: vec![(0, 1)], cap: 600 },
            deferred: 36_000,
        });
        self.facts.policy.promises.last_mut().expect("just added")
    }

    /// A dispatcher's override of a whole visit.
    pub fn pin(&mut self, visit: &str, what: PinWhat) -> &mut Pin {
        let (reason, by) = ("asked for".to_owned(), "dispatcher".to_owned());
        self.facts.pins.push(Pin { visit: VisitId::new(visit), part: None, what, reason, by });
        self.facts.pins.last_mut().expect("just added")
    }

    /// The plan before this one had this shift: (visit, hour, minute) in order, each visit's first
    /// part. The patients were told, or not.
    pub fn planned_before(&mut self, shift: &str, stops: &[(&str, i64, u16)], is_told: bool) {
        let stops = stops.iter().map(|&(visit, hour, minute)| {
            let start = self.at(hour, minute);
            let told = Told { audience: "patient".to_owned(), time: start };
            Stop {
                what: StopWhat::Part { visit: VisitId::new(visit), part: 0 },
                place: PlaceId::new(visit),
                travel: Seconds::ZERO,
                metres: Metres(0),
                arrive: start,
                start,
                end: start,
                slack: Seconds::ZERO,
                held_until: None,
                told: if is_told { vec![told] } else { Vec::new() },
            }
        });
        let shift_plan = ShiftPlan {
            crew: CrewId::new(shift),
            shift: ShiftId::new(shift),
            depart: self.at(8, 0),
            stops: stops.collect(),
            travel_back: Seconds::ZERO,
            metres_back: Metres(0),
            back: self.at(16, 0),
        };
        let plan = Plan { shifts: vec![shift_plan], ..Plan::default() };
        self.facts.previous = Some(plan);
    }

    /// The plan that the search finds, told in words.
    pub fn plan(&self) -> String {
        let world = World::new(self.facts.clone()).expect("a test's facts hang together");
        let travel = Matrix::of_places(&Road, &world.places);
        let observer = &|_: f64, _: &[i64; TIERS]| ();
        let settings =
            Settings { seed: 1, threads: 1, chains: 2, budget: Budget::Work(20_000), observer };
        match plan(&world, &travel, settings) {
            Ok(outcome) => self.told(&outcome.plan),
            Err(PlanError::Rejected(audit)) => panic!("not legal: {:#?}", audit.violations),
        }
    }

    /// The day as it goes on.
    pub fn rolling(&self) -> Rolling {
        let world = World::new(self.facts.clone()).expect("a test's facts hang together");
        let travel = Matrix::of_places(&Road, &world.places);
        Rolling::open(world, travel, Arc::new(Road))
    }

    /// A plan in words.
    pub fn told(&self, plan: &Plan) -> String {
        let shifts = plan.shifts.iter().map(|shift| {
            let stops: Vec<String> = shift.stops.iter().map(|stop| self.told_stop(stop)).collect();
            format!("{} {}", shift.shift, stops.join(", "))
        });
        let left = plan.unassigned.iter().map(|left| format!("not {}", left.visit));
        shifts.chain(left).collect::<Vec<_>>().join(" | ")
    }

    fn told_stop(&self, stop: &Stop) -> String {
        let calendar = Calendar::stockholm();
        let (date, minute) = (calendar.date(stop.start), calendar.minute_of_day(stop.start));
        let weekday =
            if date == self.first { String::new() } else { date.strftime("%a ").to_string() };
        let what = match &stop.what {
            StopWhat::Part { visit, .. } => visit.as_str(),
            StopWhat::Break { .. } => "break",
        };
        format!("{weekday}{:02}:{:02} {what}", minute / 60, minute % 60)
    }
}

/// The second part starts so many minutes after the first: at least, and at most.
pub fn lag(first: usize, second: usize, least: i64, most: i64) -> Meeting {
    let (lag_min, lag_max) = (Seconds::from_minutes(least), Seconds::from_minutes(most));
    Meeting { first, second, lag_min, lag_max }
}

/// Every day between these hours of the clock.
pub fn hours(from: u16, to: u16) -> Hours {
    Hours { days: vec![DayClass::Any], from_minute: from * 60, to_minute: to * 60 }
}

/// A deadline so many minutes after the request.
pub fn within(minutes: i64) -> DeadlineRule {
    DeadlineRule::Within(Seconds::from_minutes(minutes))
}

struct Road;

impl TravelModel for Road {
    fn profile(&self) -> &str {
        "road"
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let minutes = ((from.lat() - to.lat()).abs() * 100.0).round() as i64;
        Some(Leg { seconds: Seconds::from_minutes(minutes), metres: Metres(minutes * 1000) })
    }
}

fn region() -> Region {
    let rows = [("town", "north"), ("next-town", "north"), ("port", "south")];
    let municipality = |(id, delregion): (&str, &str)| Municipality {
        id: MunicipalityId::new(id),
        name: id.to_owned(),
        delregion: DelregionId::new(delregion),
    };
    let municipalities = rows.map(municipality).map(|entry| (entry.id.clone(), entry));
    Region { name: "two halves".to_owned(), municipalities: municipalities.into() }
}

fn policy() -> Policy {
    let kind = |id, points| VisitKind { id: KindId::new(id), unassigned: (Tier::Planned, points) };
    let area = |kind, scope| AreaRule { crew_kind: CrewKindId::new(kind), scope };
    let care_form = |id| CareForm { id: CareFormId::new(id), kinds: Vec::new() };
    Policy {
        name: "test".to_owned(),
        kinds: vec![
            kind("unplanned", 50),
            kind("planned", 50),
            kind("other", 50),
            kind("death", 150),
        ],
        care_forms: ["enrolled", "temporary"].map(care_form).to_vec(),
        promises: Vec::new(),
        areas: vec![area("car", Scope::OwnDelregion), area("nurse", Scope::OwnMunicipality)],
        lending: Vec::new(),
        responsibility: Vec::new(),
        rest: Seconds::from_minutes(11 * 60),
        told_tolerance: Seconds::from_minutes(10),
        prices: Prices {
            told_moved: 5,
            next_stop_changed: 3,
            travel_second: 1,
            waiting_second_region: 1,
            waiting_second_municipality: 1,
            overtime_second: 100,
            border: 60,
            continuity_unit: 3_600,
            continuity_other: 36_000,
            continuity_role: RoleId::new("doctor"),
            responsibility: 36_000,
            fairness_minute_squared: 0,
        },
    }
}
