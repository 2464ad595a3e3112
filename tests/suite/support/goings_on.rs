//! What happens to a plan that goes on: random events as a service is sent them, most of them
//! sensible, some not.

use rond::domain::{
    Event, EventId, Instant, Patient, PatientId, Place, PlaceId, Placed, Point, Recorded, Request,
    Seconds, ShiftPlan, Step, Stop, StopWhat, Visit, VisitId,
};
use rond::replan::rolling::{Choice, Reaction, Rolling};

use super::dice::Dice;
use super::events::random_event;

/// Kinds of events, each as often as its weight says.
const KINDS: [(&str, usize); 18] = [
    ("requested", 25),
    ("cancelled", 10),
    ("agreeing", 20),
    ("progress", 6),
    ("tick", 15),
    ("told", 6),
    ("pinned", 3),
    ("unpinned", 2),
    ("changed", 3),
    ("crew_late", 2),
    ("crew_off", 1),
    ("crew_on", 1),
    ("improved", 5),
    ("placed", 4),
    ("confirmed", 2),
    ("position", 2),
    ("acknowledged", 2),
    ("wild", 2),
];
/// Positions that a search between two events may judge.
const SEARCH_WORK: u64 = 60_000;

/// Events, one after the other.
pub struct GoingsOn {
    dice: Dice,
    number: usize,
    now: Instant,
    /// Where the visit that was asked for last could go.
    offered: Option<(VisitId, Vec<Choice>)>,
}

impl GoingsOn {
    /// Events from now on.
    pub fn from(seed: u64, now: Instant) -> GoingsOn {
        GoingsOn { dice: Dice::new(seed), number: 0, now, offered: None }
    }

    /// The next event; time goes on by a few minutes at most.
    pub fn next(&mut self, rolling: &Rolling) -> Recorded {
        self.now = self.now + Seconds(self.dice.within(0..=300));
        let all: Vec<&str> =
            KINDS.iter().flat_map(|(kind, weight)| std::iter::repeat_n(*kind, *weight)).collect();
        let kind = *self.dice.pick(&all);
        let event = self.of_kind(kind, rolling).unwrap_or(Event::Tick);
        self.recorded(event)
    }

    /// An event of this kind, if one can be thought of.
    pub fn of_kind(&mut self, kind: &str, rolling: &Rolling) -> Option<Event> {
        match kind {
            "requested" => Some(Event::Requested(Box::new(self.request(rolling)))),
            "cancelled" => {
                let visits = &rolling.live().world().visits;
                Some(Event::Cancelled { visit: self.dice.pick(visits).id.clone() })
            }
            "agreeing" => self.agreeing(rolling),
            "told" => self.told(rolling),
            "improved" => {
                let found = rolling.job(self.number as u64, SEARCH_WORK).run()?;
                let improved = rolling.worth_giving_out(&found)?;
                Some(Event::Improved(Box::new(improved)))
            }
            "placed" => {
                let (visit, choices) = self.offered.clone()?;
                let choice = choices.get(self.dice.within(0..=4) as usize)?;
                Some(Event::Placed(Box::new(Placed { visit, slots: choice.slots.clone() })))
            }
            "confirmed" => {
                let held: Vec<&VisitId> = rolling.live().memory().held.keys().collect();
                let visit = (!held.is_empty()).then(|| (*self.dice.pick(&held)).clone())?;
                Some(Event::Confirmed { visit })
            }
            "tick" => Some(Event::Tick),
            "wild" => {
                let kinds = ["requested", "placed", "improved", "told", "cancelled"];
                let kind = *self.dice.pick(&kinds);
                Some(self.wild(kind, rolling))
            }
            other => Some(self.wild(other, rolling)),
        }
    }

    /// An event as it is recorded now; some are reported a little late.
    pub fn recorded(&mut self, event: Event) -> Recorded {
        self.number += 1;
        let late = if self.dice.chance(20) { self.dice.within(0..=1200) } else { 0 };
        Recorded {
            id: EventId::new(format!("going-on-{}", self.number)),
            valid_at: self.now - Seconds(late),
            recorded_at: self.now,
            by: "test".to_owned(),
            why: None,
            event,
        }
    }

    /// Time goes on.
    pub fn tick(&mut self) -> Recorded {
        let tick = self.recorded(Event::Tick);
        Recorded { valid_at: self.now, ..tick }
    }

    /// What an event came to: the options of a request can be chosen from later.
    pub fn hear(&mut self, recorded: &Recorded, reaction: &Reaction) {
        if let Event::Requested(request) = &recorded.event {
            self.offered = Some((request.visit.id.clone(), reaction.options.clone()));
        }
    }

    fn wild(&mut self, kind: &str, rolling: &Rolling) -> Event {
        let number = 100_000 + self.number;
        random_event(rolling.live().world(), kind, number, &mut self.dice).event
    }

    /// A visit like one of those there are, asked for now; sometimes of somebody new.
    fn request(&mut self, rolling: &Rolling) -> Request {
        let world = rolling.live().world();
        let like = self.dice.pick(&world.visits).clone();
        let mut visit = Visit {
            id: VisitId::new(format!("asked-{}", self.number)),
            requested_at: self.now,
            windows: Vec::new(),
            ..like
        };
        let known = world.patient_of(&visit).clone();
        let (mut patient, mut place) = (None, None);
        if self.dice.chance(30) {
            let near = world.place_of(&visit).clone();
            let at = self.near(near.point);
            let id = PlaceId::new(format!("home-{}", self.number));
            let id_of_patient = PatientId::new(format!("patient-{}", self.number));
            visit.patient = id_of_patient.clone();
            patient = Some(Patient { id: id_of_patient, place: id.clone(), ..known });
            place = Some(Place { id, point: at, ..near });
        } else if self.dice.chance(10) {
            // She has moved.
            patient = Some(Patient { place: self.dice.pick(&world.places).id.clone(), ..known });
        }
        let held = self.dice.chance(20).then(|| self.now + Seconds(self.dice.within(60..=1800)));
        let tell = if self.dice.chance(50) { vec!["patient".to_owned()] } else { Vec::new() };
        let mut request = Request { visit, patient, place, held_until: held, slots: None, tell };
        if self.dice.chance(25)
            && let Ok(options) = rolling.options(&request, self.now)
            && !options.is_empty()
        {
            request.slots = Some(self.dice.pick(&options).slots.clone());
        }
        request
    }

    fn near(&mut self, point: Point) -> Point {
        let off = |dice: &mut Dice| dice.within(-20_000..=20_000) as f64 / 1e6;
        let (lat, lon) = (point.lat() + off(&mut self.dice), point.lon() + off(&mut self.dice));
        Point::from_degrees(lat, lon).unwrap_or(point)
    }

    /// A crew reports the next step of its list, as a rule before it is due.
    pub fn agreeing(&mut self, rolling: &Rolling) -> Option<Event> {
        let lists: Vec<&ShiftPlan> = rolling.lists().map(|list| &**list).collect();
        let list = (!lists.is_empty()).then(|| *self.dice.pick(&lists))?;
        let (what, step, _) = self.next_due(rolling, list)?;
        Some(Event::Progress { shift: list.shift.clone(), what, step })
    }

    /// What the crew of a list does next, and when by the plan.
    fn next_due(
        &mut self,
        rolling: &Rolling,
        list: &ShiftPlan,
    ) -> Option<(StopWhat, Step, Instant)> {
        let known = |stop: &Stop| {
            rolling.live().progress(&list.shift, &stop.what).copied().unwrap_or_default()
        };
        let at = list.stops.iter().position(|stop| known(stop).finished.is_none())?;
        let stop = &list.stops[at];
        let progress = known(stop);
        let is_part = matches!(stop.what, StopWhat::Part { .. });
        let leaves = at.checked_sub(1).map_or(list.depart, |before| list.stops[before].end);
        let (step, due) = if progress.started.is_some() {
            let over = Step::Overrun { ends: stop.end };
            (if self.dice.chance(20) { over } else { Step::Finished }, stop.end)
        } else if progress.arrived.is_some() || !is_part || self.dice.chance(20) {
            (Step::Started, stop.start)
        } else if progress.under_way.is_some() {
            (Step::Arrived, stop.arrive)
        } else {
            (Step::UnderWay, leaves)
        };
        Some((stop.what.clone(), step, due))
    }

    fn told(&mut self, rolling: &Rolling) -> Option<Event> {
        let lists: Vec<&ShiftPlan> = rolling.lists().map(|list| &**list).collect();
        let list = (!lists.is_empty()).then(|| *self.dice.pick(&lists))?;
        let stop: &Stop = (!list.stops.is_empty()).then(|| self.dice.pick(&list.stops))?;
        let StopWhat::Part { visit, part } = &stop.what else { return None };
        let time = stop.start + Seconds(self.dice.within(-900..=900));
        let audience = (*self.dice.pick(&["patient", "municipality"])).to_owned();
        Some(Event::Told { visit: visit.clone(), part: *part, audience, time })
    }

    /// The step that is due first, reported just before it is.
    pub fn on_time(&mut self, rolling: &Rolling) -> Option<Recorded> {
        let mut first: Option<(Instant, Event)> = None;
        for list in rolling.lists() {
            let Some((what, step, due)) = self.next_due(rolling, list) else { continue };
            if first.as_ref().is_none_or(|(known, _)| due < *known) {
                first = Some((due, Event::Progress { shift: list.shift.clone(), what, step }));
            }
        }
        let (due, event) = first?;
        self.now = self.now.max(due - Seconds(self.dice.within(0..=120)));
        let recorded = self.recorded(event);
        Some(Recorded { valid_at: self.now, ..recorded })
    }

    /// Lets so many seconds go by.
    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now + Seconds(seconds);
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.now
    }
}
