//! A day as it goes on: the facts, and what has been reported since.
//!
//! Reports of the same stop may come late, twice and in any order: what is kept of them is the same
//! whichever came first. Reality is never refused, only flagged; what cannot be is refused, and then
//! nothing has changed.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{
    Change, CrewOn, EARLY_MAX, Event, Flag, LATE_MAX, Recorded, Refusal, Request, Slot, Step,
};
use super::ids::{CrewId, PatientId, ShiftId, VisitId};
use super::place::Point;
use super::plan::{StopWhat, Told};
use super::time::Instant;
use super::visit::Visit;
use super::world::World;

/// More visits than this are not held at once.
pub const VISITS_MAX: usize = 50_000;
/// Nor more places than this.
pub const PLACES_MAX: usize = 100_000;
/// A stop is told to no more audiences than this.
const AUDIENCES_MAX: usize = 10;

/// The facts of a day that goes on.
#[derive(Clone, Debug)]
pub struct Live {
    world: World,
    now: Instant,
    cancelled: BTreeMap<VisitId, Instant>,
    held: BTreeMap<VisitId, Instant>,
    progress: BTreeMap<(ShiftId, StopWhat), Progress>,
    off: BTreeMap<ShiftId, Instant>,
    late: BTreeMap<ShiftId, Instant>,
    positions: BTreeMap<CrewId, (Instant, Point)>,
    told: BTreeMap<(VisitId, usize), Vec<Told>>,
    acknowledged: BTreeMap<ShiftId, u64>,
}

/// How far a shift has come with one stop: per step the latest time that was reported for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// On the way since.
    pub under_way: Option<Instant>,
    /// There since.
    pub arrived: Option<Instant>,
    /// Begun.
    pub started: Option<Instant>,
    /// The last word on when it will end: when that was said, and what.
    pub ends: Option<(Instant, Instant)>,
    /// Done.
    pub finished: Option<Instant>,
    /// Was the patient taken to hospital?
    pub admitted: bool,
}

impl Progress {
    /// Has the stop begun, or is it over?
    pub fn has_begun(&self) -> bool {
        self.started.is_some() || self.finished.is_some() || self.ends.is_some()
    }

    /// The moment of the last step that was reported.
    pub fn last(&self) -> Option<Instant> {
        let said = self.ends.map(|(said, _)| said);
        [self.under_way, self.arrived, self.started, said, self.finished].into_iter().max()?
    }

    /// Notes a step. `false` when something later was known of the same step already.
    fn note(&mut self, step: Step, at: Instant) -> bool {
        let known = match step {
            Step::UnderWay => &mut self.under_way,
            Step::Arrived => &mut self.arrived,
            Step::Started => &mut self.started,
            Step::Overrun { ends } => {
                let is_news = self.ends.is_none_or(|known| (at, ends) > known);
                if is_news {
                    self.ends = Some((at, ends));
                }
                return is_news;
            }
            Step::Finished | Step::Admitted => &mut self.finished,
        };
        let is_news = known.is_none_or(|known| at > known);
        if is_news {
            *known = Some(at);
        }
        let is_first_word = step == Step::Admitted && !self.admitted;
        self.admitted |= step == Step::Admitted;
        is_news || is_first_word
    }
}

/// What an event changed of the facts, as far as planning is concerned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Nothing that a plan looks at.
    None,
    /// There is one more visit.
    Came(VisitId),
    /// These visits are no longer wanted.
    Gone(Vec<VisitId>),
    /// Something that any stop may depend on.
    Facts,
}

/// What became of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// What should not be so, and yet was accepted.
    pub flags: Vec<Flag>,
    /// What is different now.
    pub effect: Effect,
}

impl Live {
    /// A day that begins with these facts.
    pub fn open(world: World) -> Live {
        let mut told = BTreeMap::new();
        for stop in world.previous.iter().flat_map(|plan| &plan.shifts).flat_map(|s| &s.stops) {
            if let StopWhat::Part { visit, part } = &stop.what
                && !stop.told.is_empty()
            {
                told.insert((visit.clone(), *part), stop.told.clone());
            }
        }
        Live {
            now: world.as_of,
            world,
            cancelled: BTreeMap::new(),
            held: BTreeMap::new(),
            progress: BTreeMap::new(),
            off: BTreeMap::new(),
            late: BTreeMap::new(),
            positions: BTreeMap::new(),
            told,
            acknowledged: BTreeMap::new(),
        }
    }

    /// The facts, cancelled and finished visits among them.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The latest moment that anything was recorded.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How far a shift has come with a stop, if anything was reported.
    pub fn progress(&self, shift: &ShiftId, what: &StopWhat) -> Option<&Progress> {
        self.progress.get(&(shift.clone(), what.clone()))
    }

    /// Everything reported of stops, shift by shift.
    pub fn all_progress(&self) -> impl Iterator<Item = (&ShiftId, &StopWhat, &Progress)> {
        self.progress.iter().map(|((shift, what), progress)| (shift, what, progress))
    }

    /// What was reported of the stops of one shift.
    pub fn progress_of(&self, shift: &ShiftId) -> impl Iterator<Item = (&StopWhat, &Progress)> {
        let first = StopWhat::Part { visit: VisitId::new(""), part: 0 };
        let range = self.progress.range((shift.clone(), first)..);
        let own = range.take_while(move |((of, _), _)| of == shift);
        own.map(|((_, what), progress)| (what, progress))
    }

    /// Was the visit cancelled?
    pub fn is_cancelled(&self, visit: &VisitId) -> bool {
        self.cancelled.contains_key(visit)
    }

    /// Until when a visit is held that nobody has confirmed.
    pub fn held_until(&self, visit: &VisitId) -> Option<Instant> {
        self.held.get(visit).copied()
    }

    /// Until when the shift does nothing, if it was reported late.
    pub fn late_until(&self, shift: &ShiftId) -> Option<Instant> {
        self.late.get(shift).copied()
    }

    /// When the shift ends before its time, if so.
    pub fn off_from(&self, shift: &ShiftId) -> Option<Instant> {
        self.off.get(shift).copied()
    }

    /// Where a crew was last, and when.
    pub fn position(&self, crew: &CrewId) -> Option<(Instant, Point)> {
        self.positions.get(crew).copied()
    }

    /// Who was told which start of a part.
    pub fn told(&self, visit: &VisitId, part: usize) -> &[Told] {
        self.told.get(&(visit.clone(), part)).map_or(&[], Vec::as_slice)
    }

    /// The version of its list that a crew has seen last.
    pub fn acknowledged(&self, shift: &ShiftId) -> Option<u64> {
        self.acknowledged.get(shift).copied()
    }

    /// Takes a fact in.
    ///
    /// # Errors
    /// A [`Refusal`] when it cannot be; then nothing has changed.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<Applied, Refusal> {
        let at = recorded.valid_at;
        if at + LATE_MAX < recorded.recorded_at {
            return Err(Refusal::TooLate { valid_at: at });
        }
        let mut flags = Vec::new();
        if recorded.recorded_at + EARLY_MAX < at {
            flags.push(Flag::ClockAhead);
        }
        let effect = self.take_in(&recorded.event, at, recorded.recorded_at, &mut flags)?;
        self.now = self.now.max(recorded.recorded_at);
        Ok(Applied { flags, effect })
    }

    fn take_in(
        &mut self,
        event: &Event,
        at: Instant,
        recorded_at: Instant,
        flags: &mut Vec<Flag>,
    ) -> Result<Effect, Refusal> {
        match event {
            Event::Requested(request) => self.request(request, flags),
            Event::Changed(change) => self.change(change),
            Event::Cancelled { visit } => self.cancel(visit, at, flags),
            Event::Confirmed { visit } => self.confirm(visit),
            Event::CrewOn(on) => self.crew_on(on),
            Event::CrewOff { shift, from } => {
                self.known_shift(shift)?;
                let earlier = self.off.get(shift).is_none_or(|known| from < known);
                if earlier {
                    self.off.insert(shift.clone(), *from);
                }
                Ok(if earlier { Effect::Facts } else { Effect::None })
            }
            Event::CrewLate { shift, until } => {
                self.known_shift(shift)?;
                let later = self.late.get(shift).is_none_or(|known| until > known);
                if later {
                    self.late.insert(shift.clone(), *until);
                }
                Ok(if later { Effect::Facts } else { Effect::None })
            }
            Event::Position { crew, point } => {
                self.world.crew(crew).ok_or_else(|| unknown("crew", crew.as_str()))?;
                match self.positions.get(crew) {
                    Some((known, _)) if *known >= at => flags.push(Flag::Outdated),
                    _ => drop(self.positions.insert(crew.clone(), (at, *point))),
                }
                Ok(Effect::None)
            }
            Event::Progress { shift, what, step } => self.step(shift, what, *step, at, flags),
            Event::Pinned(pin) => {
                self.known_part(&pin.visit, pin.part.unwrap_or(0))?;
                let mut pins = self.world.pins.clone();
                pins.push((**pin).clone());
                self.world.set_pins(pins);
                Ok(Effect::Facts)
            }
            Event::Unpinned { visit, part } => {
                self.known_part(visit, part.unwrap_or(0))?;
                let mut pins = self.world.pins.clone();
                pins.retain(|pin| {
                    pin.visit != *visit || part.is_some_and(|part| pin.part != Some(part))
                });
                let effect =
                    if pins.len() == self.world.pins.len() { Effect::None } else { Effect::Facts };
                self.world.set_pins(pins);
                Ok(effect)
            }
            Event::Told { visit, part, audience, time } => {
                self.known_part(visit, *part)?;
                self.tell(visit, *part, audience, *time)?;
                Ok(Effect::Facts)
            }
            Event::Acknowledged { shift, version } => {
                self.known_shift(shift)?;
                let known = self.acknowledged.entry(shift.clone()).or_default();
                if *known > *version {
                    flags.push(Flag::OldList);
                }
                *known = (*known).max(*version);
                Ok(Effect::None)
            }
            Event::Placed(placed) => {
                let visit = self.open_visit(&placed.visit)?;
                self.known_slots(visit, &placed.slots)?;
                Ok(Effect::None)
            }
            Event::Improved(improved) => {
                for order in &improved.orders {
                    self.known_shift(&order.shift)?;
                }
                Ok(Effect::None)
            }
            Event::Tick => Ok(self.tick(recorded_at, flags)),
        }
    }

    fn request(&mut self, request: &Request, flags: &mut Vec<Flag>) -> Result<Effect, Refusal> {
        let visit = &request.visit;
        if self.world.visit(&visit.id).is_some() {
            return Err(Refusal::Duplicate { what: "visit", id: visit.id.to_string() });
        }
        for (what, count, bound) in [
            ("visits", self.world.visits.len(), VISITS_MAX),
            ("places", self.world.places.len(), PLACES_MAX),
        ] {
            if count >= bound {
                return Err(Refusal::Full { what, bound });
            }
        }
        let moves = request.patient.as_ref().is_some_and(|patient| {
            let known = self.world.patient(&patient.id);
            known.is_some_and(|known| known.place != patient.place)
        });
        if let Some(slots) = &request.slots {
            self.known_slots(visit, slots)?;
        }
        self.world.add_request(request)?;
        if self.is_in_hospital(&visit.patient, visit.requested_at) {
            self.cancelled.insert(visit.id.clone(), visit.requested_at);
            flags.push(Flag::FellAway(visit.id.clone()));
            return Ok(if moves { Effect::Facts } else { Effect::None });
        }
        if let Some(until) = request.held_until {
            self.held.insert(visit.id.clone(), until);
        }
        if self.is_cancelled(&visit.id) {
            flags.push(Flag::CancelledBefore);
            return Ok(if moves { Effect::Facts } else { Effect::None });
        }
        Ok(if moves { Effect::Facts } else { Effect::Came(visit.id.clone()) })
    }

    fn change(&mut self, change: &Change) -> Result<Effect, Refusal> {
        let mut visit = self.open_visit(&change.visit)?.clone();
        if self.has_begun(&visit.id) {
            return Err(Refusal::Begun { visit: visit.id });
        }
        if let Some(windows) = &change.windows {
            visit.windows.clone_from(windows);
        }
        visit.priority = change.priority.unwrap_or(visit.priority);
        if let Some(services) = &change.service {
            if services.len() != visit.parts.len() {
                let part = services.len();
                return Err(Refusal::NoSuchPart { visit: visit.id, part });
            }
            for (part, service) in visit.parts.iter_mut().zip(services) {
                part.service = *service;
            }
        }
        self.world.replace_visit(visit);
        Ok(Effect::Facts)
    }

    fn cancel(
        &mut self,
        visit: &VisitId,
        at: Instant,
        flags: &mut Vec<Flag>,
    ) -> Result<Effect, Refusal> {
        if self.world.visit(visit).is_none() {
            // It may have overtaken the request itself.
            if self.cancelled.len() >= VISITS_MAX {
                return Err(Refusal::Full { what: "cancelled visits", bound: VISITS_MAX });
            }
            flags.push(Flag::OfUnknown);
            self.cancelled.entry(visit.clone()).or_insert(at);
            return Ok(Effect::None);
        }
        if self.is_cancelled(visit) {
            return Ok(Effect::None);
        }
        if self.has_begun(visit) {
            return Err(Refusal::Begun { visit: visit.clone() });
        }
        self.cancelled.insert(visit.clone(), at);
        self.held.remove(visit);
        Ok(Effect::Gone(vec![visit.clone()]))
    }

    fn confirm(&mut self, visit: &VisitId) -> Result<Effect, Refusal> {
        self.open_visit(visit)?;
        match self.held.remove(visit) {
            Some(_) => Ok(Effect::None),
            None => Err(Refusal::NotHeld { visit: visit.clone() }),
        }
    }

    fn crew_on(&mut self, on: &CrewOn) -> Result<Effect, Refusal> {
        let mut facts = self.world.clone().into_facts();
        facts.places.extend(on.places.iter().cloned());
        match facts.crews.iter_mut().find(|crew| crew.id == on.crew.id) {
            None => facts.crews.push(on.crew.clone()),
            Some(known) => {
                let mut crew = on.crew.clone();
                let is_named = |id: &ShiftId| on.crew.shifts.iter().any(|shift| shift.id == *id);
                crew.shifts.extend(known.shifts.iter().filter(|s| !is_named(&s.id)).cloned());
                crew.shifts.sort_by_key(|shift| (shift.hours.from(), shift.id.clone()));
                *known = crew;
            }
        }
        self.world = World::new(facts).map_err(first_refusal)?;
        // Who is on again is neither off nor late any more.
        for shift in &on.crew.shifts {
            self.off.remove(&shift.id);
            self.late.remove(&shift.id);
        }
        Ok(Effect::Facts)
    }

    fn step(
        &mut self,
        shift: &ShiftId,
        what: &StopWhat,
        step: Step,
        at: Instant,
        flags: &mut Vec<Flag>,
    ) -> Result<Effect, Refusal> {
        self.known_shift(shift)?;
        match what {
            StopWhat::Part { visit, part } => match self.world.visit(visit) {
                None => flags.push(Flag::OfUnknown),
                Some(known) if *part >= known.parts.len() => {
                    return Err(Refusal::NoSuchPart { visit: visit.clone(), part: *part });
                }
                Some(_) if self.is_cancelled(visit) => flags.push(Flag::OfCancelled),
                Some(_) => {}
            },
            StopWhat::Break { index } => {
                let breaks = self.world.shift(shift).map_or(0, |(_, shift)| shift.breaks.len());
                if *index >= breaks {
                    return Err(Refusal::NoSuchBreak { shift: shift.clone(), index: *index });
                }
            }
        }
        let known = self.progress.entry((shift.clone(), what.clone())).or_default();
        if matches!(step, Step::Finished | Step::Admitted) && known.started.is_none() {
            flags.push(Flag::NeverStarted);
        }
        let outdated = known.last().is_some_and(|last| last > at);
        let is_news = known.note(step, at);
        let has_begun = known.has_begun();
        if outdated {
            flags.push(Flag::Outdated);
        }
        // Whatever was said before: somebody is there and at work.
        if let (true, StopWhat::Part { visit, .. }) = (has_begun, what) {
            self.cancelled.remove(visit);
        }
        if let (Step::Admitted, StopWhat::Part { visit, .. }) = (step, what)
            && let Some(patient) = self.world.visit(visit).map(|visit| visit.patient.clone())
        {
            self.let_fall_away(&patient, visit, at, flags);
        }
        Ok(if is_news { Effect::Facts } else { Effect::None })
    }

    /// The later visits of a patient in hospital: nobody finds her at home.
    fn let_fall_away(
        &mut self,
        patient: &PatientId,
        done: &VisitId,
        at: Instant,
        flags: &mut Vec<Flag>,
    ) {
        let visits = self.world.visits.iter().filter(|visit| visit.patient == *patient);
        let others: BTreeSet<VisitId> = visits
            .filter(|visit| visit.id != *done && visit.requested_at <= at)
            .map(|visit| visit.id.clone())
            .collect();
        for visit in others {
            if !self.is_cancelled(&visit) && !self.has_begun(&visit) {
                self.cancelled.insert(visit.clone(), at);
                self.held.remove(&visit);
                flags.push(Flag::FellAway(visit));
            }
        }
    }

    /// Was the patient taken to hospital at this moment or later?
    fn is_in_hospital(&self, patient: &PatientId, since: Instant) -> bool {
        self.progress.iter().any(|((_, what), progress)| {
            progress.admitted
                && progress.finished.is_some_and(|at| at >= since)
                && matches!(what, StopWhat::Part { visit, .. }
                    if self.world.visit(visit).is_some_and(|visit| visit.patient == *patient))
        })
    }

    fn tick(&mut self, now: Instant, flags: &mut Vec<Flag>) -> Effect {
        let expired: Vec<VisitId> = self
            .held
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for visit in &expired {
            self.held.remove(visit);
            if !self.has_begun(visit) {
                self.cancelled.insert(visit.clone(), now);
                flags.push(Flag::HoldExpired(visit.clone()));
            }
        }
        // Time itself changes what is still possible.
        Effect::Facts
    }

    /// Notes that somebody was told a start, in place of what they were told before.
    ///
    /// # Errors
    /// [`Refusal::Full`] when more audiences have been told than anybody has.
    pub fn tell(
        &mut self,
        visit: &VisitId,
        part: usize,
        audience: &str,
        time: Instant,
    ) -> Result<(), Refusal> {
        let told = self.told.entry((visit.clone(), part)).or_default();
        let is_full = told.len() >= AUDIENCES_MAX;
        match told.iter_mut().find(|told| told.audience == audience) {
            Some(known) => known.time = time,
            None if is_full => {
                return Err(Refusal::Full { what: "audiences", bound: AUDIENCES_MAX });
            }
            None => told.push(Told { audience: audience.to_owned(), time }),
        }
        Ok(())
    }

    /// Has any part of the visit begun?
    pub fn has_begun(&self, visit: &VisitId) -> bool {
        self.progress.iter().any(|((_, what), progress)| {
            matches!(what, StopWhat::Part { visit: of, .. } if of == visit) && progress.has_begun()
        })
    }

    /// The shift that has begun a part, or is done with it, if any.
    pub fn begun_by(&self, visit: &VisitId, part: usize) -> Option<(&ShiftId, &Progress)> {
        let what = StopWhat::Part { visit: visit.clone(), part };
        let found =
            self.progress.iter().find(|((_, of), progress)| *of == what && progress.has_begun());
        found.map(|((shift, _), progress)| (shift, progress))
    }

    fn known_shift(&self, shift: &ShiftId) -> Result<(), Refusal> {
        self.world.shift(shift).map(|_| ()).ok_or_else(|| unknown("shift", shift.as_str()))
    }

    fn known_part(&self, visit: &VisitId, part: usize) -> Result<&Visit, Refusal> {
        let known = self.world.visit(visit).ok_or_else(|| unknown("visit", visit.as_str()))?;
        if part >= known.parts.len() {
            return Err(Refusal::NoSuchPart { visit: visit.clone(), part });
        }
        Ok(known)
    }

    fn open_visit(&self, visit: &VisitId) -> Result<&Visit, Refusal> {
        let known = self.known_part(visit, 0)?;
        if self.is_cancelled(visit) {
            return Err(Refusal::Over { visit: visit.clone() });
        }
        Ok(known)
    }

    /// Is there one slot for each part, on shifts that there are?
    fn known_slots(&self, visit: &Visit, slots: &[Slot]) -> Result<(), Refusal> {
        let parts = visit.parts.len();
        for slot in slots {
            self.known_shift(&slot.shift)?;
            if slot.part >= parts {
                return Err(Refusal::NoSuchPart { visit: visit.id.clone(), part: slot.part });
            }
        }
        let named: BTreeSet<usize> = slots.iter().map(|slot| slot.part).collect();
        if named.len() != parts || slots.len() != parts {
            return Err(Refusal::SlotGone { visit: visit.id.clone() });
        }
        Ok(())
    }
}

fn unknown(what: &'static str, id: &str) -> Refusal {
    Refusal::Unknown { what, id: id.to_owned() }
}

/// What keeps facts from hanging together, as the refusal of the event that brought them.
fn first_refusal(errors: Vec<super::world::WorldError>) -> Refusal {
    match errors.into_iter().next() {
        Some(super::world::WorldError::Duplicate { what, id }) => Refusal::Duplicate { what, id },
        Some(super::world::WorldError::Unknown { what, id }) => Refusal::Unknown { what, id },
        None => unknown("crew", ""),
    }
}
