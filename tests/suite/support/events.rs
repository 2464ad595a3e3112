//! Random events of every kind, about things of a world and about things that it does not have.

use rond::domain::{
    Break, CareFormId, Change, Crew, CrewId, CrewOn, Event, EventId, Improved, Instant, KindId,
    Meeting, Part, Patient, PatientId, Pin, PinWhat, Place, PlaceId, Placed, Point, Recorded,
    Request, RoleId, Seconds, Shift, ShiftId, ShiftOrder, SkillId, Slot, Span, Step, StopWhat,
    Visit, VisitId, World,
};

use super::dice::Dice;
use super::worlds::{Shape, random_world};

/// A random world whose lengths are whole minutes, as those of files are.
pub fn world_of_minutes(seed: u64) -> World {
    let mut facts = random_world(seed, &Shape::small()).into_facts();
    for part in facts.visits.iter_mut().flat_map(|visit| &mut visit.parts) {
        part.service = Seconds::from_minutes(part.service.minutes_begun());
    }
    World::new(facts).expect("a world with longer parts is one")
}

/// What happens in a world.
pub struct Happening<'a> {
    world: &'a World,
    dice: &'a mut Dice,
    number: usize,
}

/// A random event of this kind, with this number in its id and in those of new things.
pub fn random_event(world: &World, kind: &str, number: usize, dice: &mut Dice) -> Recorded {
    let mut happening = Happening { world, dice, number };
    let event = happening.event(kind);
    let valid_at = happening.moment();
    let Happening { dice, .. } = happening;
    Recorded {
        id: EventId::new(format!("e-{number}")),
        valid_at,
        recorded_at: valid_at + Seconds(dice.within(-200..=2000)),
        by: (*dice.pick(&["leda", "bil 3 \"Öst\"", "\u{1}☂\n"])).to_owned(),
        why: dice.chance(30).then(|| "hon ringde\tigen \\ 😀".to_owned()),
        event,
    }
}

impl Happening<'_> {
    fn event(&mut self, kind: &str) -> Event {
        match kind {
            "requested" => Event::Requested(Box::new(self.request())),
            "changed" => Event::Changed(Box::new(self.change())),
            "cancelled" => Event::Cancelled { visit: self.visit_id() },
            "confirmed" => Event::Confirmed { visit: self.visit_id() },
            "crew_on" => Event::CrewOn(Box::new(self.crew_on())),
            "crew_off" => Event::CrewOff { shift: self.shift_id(), from: self.moment() },
            "crew_late" => Event::CrewLate { shift: self.shift_id(), until: self.moment() },
            "position" => Event::Position { crew: self.crew_id(), point: self.point() },
            "progress" => {
                Event::Progress { shift: self.shift_id(), what: self.stop(), step: self.step() }
            }
            "pinned" => Event::Pinned(Box::new(self.pin())),
            "unpinned" => Event::Unpinned { visit: self.visit_id(), part: self.maybe_part() },
            "told" => Event::Told {
                visit: self.visit_id(),
                part: self.dice.within(0..=2) as usize,
                audience: (*self.dice.pick(&["patient", "crew", "1280"])).to_owned(),
                time: self.moment(),
            },
            "acknowledged" => {
                Event::Acknowledged { shift: self.shift_id(), version: self.any_number() }
            }
            "placed" => {
                Event::Placed(Box::new(Placed { visit: self.visit_id(), slots: self.slots(2) }))
            }
            "improved" => Event::Improved(Box::new(self.improved())),
            "tick" => Event::Tick,
            other => panic!("no event is of the kind {other}"),
        }
    }

    /// Within half a day of the beginning, to the second.
    fn moment(&mut self) -> Instant {
        self.world.as_of + Seconds(self.dice.within(0..=43_200))
    }

    fn maybe_moment(&mut self) -> Option<Instant> {
        self.dice.chance(40).then(|| self.moment())
    }

    fn maybe_part(&mut self) -> Option<usize> {
        self.dice.chance(40).then(|| self.dice.within(0..=1) as usize)
    }

    fn any_number(&mut self) -> u64 {
        match self.dice.within(0..=4) {
            0 => u64::MAX,
            1 => i64::MAX as u64,
            _ => self.dice.within(0..=50) as u64,
        }
    }

    fn visit_id(&mut self) -> VisitId {
        let is_known = !self.world.visits.is_empty() && self.dice.chance(90);
        if is_known { self.dice.pick(&self.world.visits).id.clone() } else { VisitId::new("gone") }
    }

    fn crew_id(&mut self) -> CrewId {
        self.dice.pick(&self.world.crews).id.clone()
    }

    fn shift_id(&mut self) -> ShiftId {
        let shifts = self.world.crews.iter().flat_map(|crew| &crew.shifts);
        let shifts: Vec<&Shift> = shifts.collect();
        self.dice.pick(&shifts).id.clone()
    }

    fn place_id(&mut self) -> PlaceId {
        self.dice.pick(&self.world.places).id.clone()
    }

    fn point(&mut self) -> Point {
        let [lat, lon] = [54_000_000i64, 12_000_000]
            .map(|from| (from + self.dice.within(0..=3_000_000)) as f64 / 1e6);
        Point::from_degrees(lat, lon).expect("a point on the globe")
    }

    fn stop(&mut self) -> StopWhat {
        if self.dice.chance(20) {
            return StopWhat::Break { index: self.dice.within(0..=1) as usize };
        }
        StopWhat::Part { visit: self.visit_id(), part: self.dice.within(0..=1) as usize }
    }

    fn maybe_stop(&mut self) -> Option<StopWhat> {
        self.dice.chance(60).then(|| self.stop())
    }

    fn slots(&mut self, parts: usize) -> Vec<Slot> {
        let slot = |part| Slot { part, shift: self.shift_id(), after: self.maybe_stop() };
        (0..parts).map(slot).collect()
    }

    fn step(&mut self) -> Step {
        let ends = self.moment();
        let steps = [
            Step::UnderWay,
            Step::Arrived,
            Step::Started,
            Step::Overrun { ends },
            Step::Finished,
            Step::Admitted,
        ];
        *self.dice.pick(&steps)
    }

    /// Windows in order of time and apart, sometimes none.
    fn windows(&mut self) -> Vec<Span> {
        let mut from = self.moment();
        let mut windows = Vec::new();
        for _ in 0..self.dice.within(0..=3) {
            let to = from + Seconds(self.dice.within(1..=20_000));
            windows.push(Span::new(from, to).expect("it ends later"));
            from = to + Seconds(self.dice.within(0..=5_000));
        }
        windows
    }

    fn minutes(&mut self) -> Seconds {
        Seconds::from_minutes(self.dice.within(1..=90))
    }

    fn visit(&mut self, patient: &PatientId) -> Visit {
        let count = self.dice.within(1..=3) as usize;
        let skills: Vec<SkillId> =
            if self.dice.chance(30) { vec![SkillId::new("pump")] } else { Vec::new() };
        let part =
            |role: &str, service| Part { role: RoleId::new(role), skills: skills.clone(), service };
        let parts =
            ["doctor", "nurse", "nurse"][..count].iter().map(|role| part(role, self.minutes()));
        let parts: Vec<Part> = parts.collect();
        let meeting = |second| Meeting {
            first: 0,
            second,
            lag_min: Seconds::from_minutes(self.dice.within(-30..=0)),
            lag_max: Seconds::from_minutes(self.dice.within(0..=30)),
        };
        Visit {
            id: VisitId::new(format!("new-{}", self.number)),
            patient: patient.clone(),
            kind: KindId::new(["unplanned", "planned"][count % 2]),
            meetings: (1..count).map(meeting).collect(),
            parts,
            requested_at: self.moment(),
            priority: self.dice.within(1..=9) as u8,
            windows: self.windows(),
            same_crew_allowed: self.dice.chance(20),
        }
    }

    fn request(&mut self) -> Request {
        let place = self.dice.chance(50).then(|| self.place());
        let at = place.as_ref().map_or_else(|| self.place_id(), |place| place.id.clone());
        let municipalities: Vec<_> = self.world.region.municipalities.keys().collect();
        let municipality = (*self.dice.pick(&municipalities)).clone();
        let is_new = place.is_some() || self.world.patients.is_empty() || self.dice.chance(30);
        let patient = is_new.then(|| Patient {
            id: PatientId::new(format!("new-{}", self.number)),
            place: at,
            care_form: CareFormId::new("enrolled"),
            named_doctor: self.dice.chance(30).then(|| self.crew_id()),
            unit: None,
            municipality,
        });
        let of = match &patient {
            Some(patient) => patient.id.clone(),
            None => self.dice.pick(&self.world.patients).id.clone(),
        };
        let visit = self.visit(&of);
        let slots = self.dice.chance(20).then(|| self.slots(visit.parts.len()));
        let tell = if self.dice.chance(50) { vec!["patient".to_owned()] } else { Vec::new() };
        Request { visit, patient, place, held_until: self.maybe_moment(), slots, tell }
    }

    fn change(&mut self) -> Change {
        Change {
            visit: self.visit_id(),
            windows: self.dice.chance(50).then(|| self.windows()),
            priority: self.dice.chance(50).then(|| self.dice.within(1..=9) as u8),
            service: self.dice.chance(50).then(|| {
                let count = self.dice.within(1..=2);
                (0..count).map(|_| self.minutes()).collect()
            }),
        }
    }

    fn place(&mut self) -> Place {
        let municipalities: Vec<_> = self.world.region.municipalities.keys().collect();
        Place {
            id: PlaceId::new(format!("new-{}", self.number)),
            name: (*self.dice.pick(&["", "Grå huset, 2 tr"])).to_owned(),
            municipality: (*self.dice.pick(&municipalities)).clone(),
            point: self.point(),
            setup: Seconds::from_minutes(self.dice.within(0..=20)),
        }
    }

    /// A new crew, or one that there is with one shift more.
    fn crew_on(&mut self) -> CrewOn {
        let mut crew: Crew = self.dice.pick(&self.world.crews).clone();
        if self.dice.chance(50) {
            crew.id = CrewId::new(format!("new-{}", self.number));
        }
        let places = if self.dice.chance(50) { vec![self.place()] } else { Vec::new() };
        let start_place = places.first().map_or_else(|| self.place_id(), |place| place.id.clone());
        let from = self.moment();
        let hour = |hours: i64| from + Seconds::from_minutes(60 * hours);
        let lunch = Span::new(hour(2), hour(4)).expect("it ends later");
        let breaks = vec![Break { window: lunch, length: Seconds::from_minutes(30) }];
        crew.shifts = vec![Shift {
            id: ShiftId::new(format!("new-{}", self.number)),
            end_place: self.place_id(),
            start_place,
            hours: Span::new(from, hour(8)).expect("it ends later"),
            overtime_max: Seconds::from_minutes(self.dice.within(0..=60)),
            breaks: if self.dice.chance(50) { breaks } else { Vec::new() },
            first: Vec::new(),
        }];
        CrewOn { crew, places }
    }

    fn pin(&mut self) -> Pin {
        let from = self.moment();
        let within = Span::new(from, from + Seconds(3_601)).expect("it ends later");
        let choices = [
            PinWhat::Crew(self.crew_id()),
            PinWhat::NotCrew(self.crew_id()),
            PinWhat::Start(from),
            PinWhat::Within(within),
            PinWhat::Unassigned,
        ];
        Pin {
            visit: self.visit_id(),
            part: self.maybe_part(),
            what: self.dice.pick(&choices).clone(),
            reason: "so it was agreed".to_owned(),
            by: "a dispatcher".to_owned(),
        }
    }

    fn improved(&mut self) -> Improved {
        let orders = (0..self.dice.within(0..=3)).map(|_| {
            let count = self.dice.within(0..=4);
            let stops = (0..count).map(|_| (self.stop(), self.maybe_moment()));
            let stops = stops.collect();
            ShiftOrder { shift: self.shift_id(), stops }
        });
        let orders = orders.collect();
        let gain = [i64::MIN, -1, i64::MAX, self.dice.within(-900..=900)];
        Improved { orders, gain, seed: self.any_number(), work: self.any_number() }
    }
}
