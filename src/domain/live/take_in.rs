//! What each event does to the facts.

use std::collections::BTreeSet;

use super::{AUDIENCES_MAX, Effect, Live, PLACES_MAX, VISITS_MAX};
use crate::domain::event::{Change, CrewOn, Event, Flag, Refusal, Request, Slot, Step};
use crate::domain::ids::{CrewId, PatientId, ShiftId, VisitId};
use crate::domain::place::Point;
use crate::domain::plan::StopWhat;
use crate::domain::time::Instant;
use crate::domain::visit::{Pin, Visit};
use crate::domain::world::{World, WorldError};

impl Live {
    pub(super) fn take_in(
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
            Event::CrewOff { shift, from } => self.crew_off(shift, *from),
            Event::CrewLate { shift, until } => self.crew_late(shift, *until),
            Event::Position { crew, point } => self.position_of(crew, *point, at, flags),
            Event::Progress { shift, what, step } => self.step(shift, what, *step, at, flags),
            Event::Pinned(pin) => self.pin(pin),
            Event::Unpinned { visit, part } => self.unpin(visit, *part),
            Event::Told { visit, part, audience, time } => {
                self.known_part(visit, *part)?;
                self.tell(visit, *part, audience, *time)?;
                // It has a price, which the plan learns when the rest is compiled next.
                Ok(Effect::None)
            }
            Event::Acknowledged { shift, version } => {
                self.known_shift(shift)?;
                let known = self.memory.acknowledged.entry(shift.clone()).or_default();
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

    fn crew_off(&mut self, shift: &ShiftId, from: Instant) -> Result<Effect, Refusal> {
        self.known_shift(shift)?;
        let earlier = self.memory.off.get(shift).is_none_or(|known| from < *known);
        if earlier {
            self.memory.off.insert(shift.clone(), from);
        }
        Ok(if earlier { Effect::Facts } else { Effect::None })
    }

    fn crew_late(&mut self, shift: &ShiftId, until: Instant) -> Result<Effect, Refusal> {
        self.known_shift(shift)?;
        let later = self.memory.late.get(shift).is_none_or(|known| until > *known);
        if later {
            self.memory.late.insert(shift.clone(), until);
        }
        Ok(if later { Effect::Facts } else { Effect::None })
    }

    fn position_of(
        &mut self,
        crew: &CrewId,
        point: Point,
        at: Instant,
        flags: &mut Vec<Flag>,
    ) -> Result<Effect, Refusal> {
        self.world.crew(crew).ok_or_else(|| unknown("crew", crew.as_str()))?;
        match self.memory.positions.get(crew) {
            Some((known, _)) if *known >= at => flags.push(Flag::Outdated),
            _ => drop(self.memory.positions.insert(crew.clone(), (at, point))),
        }
        Ok(Effect::None)
    }

    fn pin(&mut self, pin: &Pin) -> Result<Effect, Refusal> {
        self.known_part(&pin.visit, pin.part.unwrap_or(0))?;
        let mut pins = self.world.pins.clone();
        pins.push(pin.clone());
        self.world.set_pins(pins);
        Ok(Effect::Facts)
    }

    fn unpin(&mut self, visit: &VisitId, part: Option<usize>) -> Result<Effect, Refusal> {
        self.known_part(visit, part.unwrap_or(0))?;
        let mut pins = self.world.pins.clone();
        pins.retain(|pin| pin.visit != *visit || part.is_some_and(|part| pin.part != Some(part)));
        let is_other = pins.len() != self.world.pins.len();
        self.world.set_pins(pins);
        Ok(if is_other { Effect::Facts } else { Effect::None })
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
        if request.tell.len() > AUDIENCES_MAX {
            return Err(Refusal::Full { what: "audiences", bound: AUDIENCES_MAX });
        }
        let moves = request.patient.as_ref().is_some_and(|patient| {
            let known = self.world.patient(&patient.id);
            known.is_some_and(|known| known.place != patient.place)
        });
        if let Some(slots) = &request.slots {
            self.known_slots(visit, slots)?;
        }
        self.world.add_request(request)?;
        if self.has_begun(&visit.id) {
            // Reports of the work overtook the request.
            if let Some(at) = self.admitted_at(&visit.id) {
                self.let_fall_away(&visit.patient, &visit.id, at, flags);
            }
            return Ok(Effect::Facts);
        }
        if self.is_in_hospital(&visit.patient, visit.requested_at) {
            self.memory.cancelled.insert(visit.id.clone(), visit.requested_at);
            flags.push(Flag::FellAway(visit.id.clone()));
            return Ok(if moves { Effect::Facts } else { Effect::None });
        }
        if self.is_cancelled(&visit.id) {
            flags.push(Flag::CancelledBefore);
            return Ok(if moves { Effect::Facts } else { Effect::None });
        }
        if let Some(until) = request.held_until {
            self.memory.held.insert(visit.id.clone(), until);
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
        if self.has_begun(visit) {
            return Err(Refusal::Begun { visit: visit.clone() });
        }
        if self.world.visit(visit).is_none() {
            // It may have overtaken the request itself.
            if self.memory.cancelled.len() >= VISITS_MAX {
                return Err(Refusal::Full { what: "cancelled visits", bound: VISITS_MAX });
            }
            flags.push(Flag::OfUnknown);
            self.memory.cancelled.entry(visit.clone()).or_insert(at);
            return Ok(Effect::None);
        }
        if self.is_cancelled(visit) {
            return Ok(Effect::None);
        }
        self.memory.cancelled.insert(visit.clone(), at);
        self.memory.held.remove(visit);
        Ok(Effect::Gone(vec![visit.clone()]))
    }

    fn confirm(&mut self, visit: &VisitId) -> Result<Effect, Refusal> {
        self.open_visit(visit)?;
        match self.memory.held.remove(visit) {
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
            self.memory.off.remove(&shift.id);
            self.memory.late.remove(&shift.id);
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
        let known = self.memory.progress.entry((shift.clone(), what.clone())).or_default();
        if matches!(step, Step::Finished | Step::Admitted) && known.started.is_none() {
            flags.push(Flag::NeverStarted);
        }
        let outdated = known.last().is_some_and(|last| last > at);
        let is_news = known.note(step, at);
        let has_begun = known.has_begun();
        let admitted = known.finished.filter(|_| known.admitted);
        if outdated {
            flags.push(Flag::Outdated);
        }
        // Whatever was said before: somebody is there and at work.
        if let (true, StopWhat::Part { visit, .. }) = (has_begun, what) {
            self.memory.cancelled.remove(visit);
            self.memory.held.remove(visit);
        }
        if let (Some(admitted), StopWhat::Part { visit, .. }) = (admitted, what)
            && let Some(patient) = self.world.visit(visit).map(|visit| visit.patient.clone())
        {
            self.let_fall_away(&patient, visit, admitted, flags);
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
                self.memory.cancelled.insert(visit.clone(), at);
                self.memory.held.remove(&visit);
                flags.push(Flag::FellAway(visit));
            }
        }
    }

    /// When the patient of a visit was taken to hospital from it, if she was.
    fn admitted_at(&self, visit: &VisitId) -> Option<Instant> {
        let of_visit = self.memory.progress.iter().filter(|((_, what), progress)| {
            progress.admitted && matches!(what, StopWhat::Part { visit: of, .. } if of == visit)
        });
        of_visit.filter_map(|(_, progress)| progress.finished).max()
    }

    /// Was the patient taken to hospital at this moment or later?
    fn is_in_hospital(&self, patient: &PatientId, since: Instant) -> bool {
        self.memory.progress.iter().any(|((_, what), progress)| {
            progress.admitted
                && progress.finished.is_some_and(|at| at >= since)
                && matches!(what, StopWhat::Part { visit, .. }
                    if self.world.visit(visit).is_some_and(|visit| visit.patient == *patient))
        })
    }

    fn tick(&mut self, now: Instant, flags: &mut Vec<Flag>) -> Effect {
        let expired: Vec<VisitId> = self
            .memory
            .held
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for visit in &expired {
            self.memory.held.remove(visit);
            if !self.has_begun(visit) {
                self.memory.cancelled.insert(visit.clone(), now);
                flags.push(Flag::HoldExpired(visit.clone()));
            }
        }
        // Time itself changes what is still possible.
        Effect::Facts
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

    /// A visit that is wanted.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] and [`Refusal::Over`].
    pub fn open_visit(&self, visit: &VisitId) -> Result<&Visit, Refusal> {
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
fn first_refusal(errors: Vec<WorldError>) -> Refusal {
    match errors.into_iter().next() {
        Some(WorldError::Duplicate { what, id }) => Refusal::Duplicate { what, id },
        Some(WorldError::Unknown { what, id }) => Refusal::Unknown { what, id },
        None => unknown("crew", ""),
    }
}
