//! The facts of a day or a week, complete and consistent: whoever holds a `World` need check
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::Calendar;
use super::crew::{Break, Crew, Party, Shift};
use super::event::{Refusal, Request};
use super::ids::{CrewId, PatientId, PlaceId, ShiftId, VisitId};
use super::place::{Place, Region};
use super::plan::Plan;
use super::policy::{Policy, Promise};
use super::time::{Instant, Span};
use super::traffic::Traffic;
use super::visit::{MUNICIPAL_ROLE, Part, PartId, Patient, Pin, Visit};

/// Facts as they are gathered, before they are known to hang together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Now: nothing starts before it.
    pub as_of: Instant,
    /// The stretch being planned.
    pub horizon: Span,
    /// Municipalities and delregioner.
    pub region: Region,
    /// What is agreed on.
    pub policy: Policy,
    /// Every address.
    pub places: Vec<Place>,
    /// Every patient.
    pub patients: Vec<Patient>,
    /// Every visit.
    pub visits: Vec<Visit>,
    /// Every crew.
    pub crews: Vec<Crew>,
    /// The plan before this one, with what was told.
    pub previous: Option<Plan>,
    /// Overrides.
    pub pins: Vec<Pin>,
    /// Where and when driving does not take what the travel table says.
    pub traffic: Traffic,
}

/// Facts whose references all resolve. Read through `Deref`; changed only by making a new one.
#[derive(Clone, Debug)]
pub struct World {
    facts: Facts,
    calendar: Calendar,
    place_index: BTreeMap<PlaceId, usize>,
    patient_index: BTreeMap<PatientId, usize>,
    visit_index: BTreeMap<VisitId, usize>,
    crew_index: BTreeMap<CrewId, usize>,
    shift_index: BTreeMap<ShiftId, (usize, usize)>,
}

/// An id that is used twice or that names nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorldError {
    /// Two things of this kind have the same id.
    Duplicate {
        /// `place`, `patient`, …
        what: &'static str,
        /// The id.
        id: String,
    },
    /// Something refers to an id that is not there.
    Unknown {
        /// `place`, `patient`, …
        what: &'static str,
        /// The id.
        id: String,
    },
}

/// The indices and the calendar follow from the facts.
impl PartialEq for World {
    fn eq(&self, other: &World) -> bool {
        self.facts == other.facts
    }
}

impl Eq for World {}

impl std::ops::Deref for World {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl World {
    /// Facts made into a world, or every id that is used twice or names nothing. The richer checks
    /// of files (with paths and advice) are made in `wire`, before this.
    pub fn new(facts: Facts) -> Result<World, Vec<WorldError>> {
        let mut errors = Vec::new();
        let place_index = index("place", facts.places.iter().map(|p| p.id.clone()), &mut errors);
        let patient_index =
            index("patient", facts.patients.iter().map(|p| p.id.clone()), &mut errors);
        let visit_index = index("visit", facts.visits.iter().map(|v| v.id.clone()), &mut errors);
        let crew_index = index("crew", facts.crews.iter().map(|c| c.id.clone()), &mut errors);
        let mut shift_index = BTreeMap::new();
        for (c, crew) in facts.crews.iter().enumerate() {
            for (s, shift) in crew.shifts.iter().enumerate() {
                if shift_index.insert(shift.id.clone(), (c, s)).is_some() {
                    errors.push(WorldError::Duplicate { what: "shift", id: shift.id.to_string() });
                }
                for place in [&shift.start_place, &shift.end_place] {
                    known("place", place_index.contains_key(place), place.as_str(), &mut errors);
                }
            }
        }
        for place in &facts.places {
            let in_region = facts.region.municipalities.contains_key(&place.municipality);
            known("municipality", in_region, place.municipality.as_str(), &mut errors);
        }
        for patient in &facts.patients {
            let place = &patient.place;
            known("place", place_index.contains_key(place), place.as_str(), &mut errors);
            let in_region = facts.region.municipalities.contains_key(&patient.municipality);
            known("municipality", in_region, patient.municipality.as_str(), &mut errors);
        }
        for visit in &facts.visits {
            let patient = &visit.patient;
            known("patient", patient_index.contains_key(patient), patient.as_str(), &mut errors);
        }
        for pin in &facts.pins {
            known("visit", visit_index.contains_key(&pin.visit), pin.visit.as_str(), &mut errors);
        }
        check_first_stops(&facts, &visit_index, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let calendar = Calendar::stockholm();
        Ok(World {
            facts,
            calendar,
            place_index,
            patient_index,
            visit_index,
            crew_index,
            shift_index,
        })
    }

    /// The facts, to be changed and made into another world.
    pub fn into_facts(self) -> Facts {
        self.facts
    }

    /// Takes in one more visit, with its patient and place where they are new; a patient who is
    /// known lives where the request says from now on.
    ///
    /// # Errors
    /// A [`Refusal`] when an id is used twice or names nothing; then nothing has changed.
    pub fn add_request(&mut self, request: &Request) -> Result<(), Refusal> {
        let unknown = |what, id: &str| Refusal::Unknown { what, id: id.to_owned() };
        let duplicate = |what, id: &str| Refusal::Duplicate { what, id: id.to_owned() };
        let Request { visit, patient, place, .. } = request;
        if self.visit_index.contains_key(&visit.id) {
            return Err(duplicate("visit", visit.id.as_str()));
        }
        if let Some(place) = place {
            // Asked again with the same address: that is no other place.
            if self.place(&place.id).is_some_and(|known| known != place) {
                return Err(duplicate("place", place.id.as_str()));
            }
            if !self.facts.region.municipalities.contains_key(&place.municipality) {
                return Err(unknown("municipality", place.municipality.as_str()));
            }
        }
        match patient {
            None if !self.patient_index.contains_key(&visit.patient) => {
                return Err(unknown("patient", visit.patient.as_str()));
            }
            Some(patient) if patient.id != visit.patient => {
                return Err(unknown("patient", visit.patient.as_str()));
            }
            Some(patient) => {
                let is_new = place.as_ref().is_some_and(|place| place.id == patient.place);
                if !is_new && !self.place_index.contains_key(&patient.place) {
                    return Err(unknown("place", patient.place.as_str()));
                }
                if !self.facts.region.municipalities.contains_key(&patient.municipality) {
                    return Err(unknown("municipality", patient.municipality.as_str()));
                }
            }
            None => {}
        }
        if let Some(place) = place
            && !self.place_index.contains_key(&place.id)
        {
            self.place_index.insert(place.id.clone(), self.facts.places.len());
            self.facts.places.push(place.clone());
        }
        if let Some(patient) = patient {
            match self.patient_index.get(&patient.id) {
                Some(&at) => self.facts.patients[at] = patient.clone(),
                None => {
                    self.patient_index.insert(patient.id.clone(), self.facts.patients.len());
                    self.facts.patients.push(patient.clone());
                }
            }
        }
        self.visit_index.insert(visit.id.clone(), self.facts.visits.len());
        self.facts.visits.push(visit.clone());
        Ok(())
    }

    /// Takes a visit out, with its overrides. Nothing happens if there is none.
    pub fn remove_visit(&mut self, id: &VisitId) {
        let Some(at) = self.visit_index.remove(id) else { return };
        self.facts.visits.remove(at);
        self.visit_index.values_mut().filter(|other| at < **other).for_each(|other| *other -= 1);
        self.facts.pins.retain(|pin| pin.visit != *id);
        let shifts = self.facts.crews.iter_mut().flat_map(|crew| &mut crew.shifts);
        shifts.for_each(|shift| shift.first.retain(|first| first.visit != *id));
    }

    /// What a shift does first, in place of what it was to do first: parts of this world that come
    /// first on no other shift. Nothing happens if there is no such shift.
    pub fn set_first_stops(&mut self, shift: &ShiftId, first: Vec<PartId>) {
        let has_part =
            |id: &PartId| self.visit(&id.visit).is_some_and(|visit| id.part < visit.parts.len());
        debug_assert!(first.iter().all(has_part));
        if let Some(&(c, s)) = self.shift_index.get(shift) {
            self.facts.crews[c].shifts[s].first = first;
        }
    }

    /// The plan before this one, in place of the one there was.
    pub fn set_previous(&mut self, previous: Option<Plan>) {
        self.facts.previous = previous;
    }

    /// The visit with this id is like this from now on. Nothing happens if there is none.
    pub fn replace_visit(&mut self, visit: Visit) {
        if let Some(&at) = self.visit_index.get(&visit.id) {
            let (id, parts) = (visit.id.clone(), visit.parts.len());
            self.facts.visits[at] = visit;
            let shifts = self.facts.crews.iter_mut().flat_map(|crew| &mut crew.shifts);
            let is_there = |first: &PartId| first.visit != id || first.part < parts;
            shifts.for_each(|shift| shift.first.retain(is_there));
        }
    }

    /// Overrides in place of those there were; each must be of a visit of this world.
    pub fn set_pins(&mut self, pins: Vec<Pin>) {
        debug_assert!(pins.iter().all(|pin| self.visit_index.contains_key(&pin.visit)));
        self.facts.pins = pins;
    }

    /// Local time and working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The place with this id, by its position in `places`. The id must be one of this world's own.
    pub fn place_position(&self, id: &PlaceId) -> usize {
        self.place_index[id]
    }

    /// The place with this id, if there is one.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.place_index.get(id).map(|&at| &self.facts.places[at])
    }

    /// The patient with this id, if there is one.
    pub fn patient(&self, id: &PatientId) -> Option<&Patient> {
        self.patient_index.get(id).map(|&at| &self.facts.patients[at])
    }

    /// The patient that a visit of this world is made to.
    pub fn patient_of(&self, visit: &Visit) -> &Patient {
        &self.facts.patients[self.patient_index[&visit.patient]]
    }

    /// The place where a visit of this world is made.
    pub fn place_of(&self, visit: &Visit) -> &Place {
        let patient = self.patient_of(visit);
        &self.facts.places[self.place_index[&patient.place]]
    }

    /// The visit with this id, if there is one.
    pub fn visit(&self, id: &VisitId) -> Option<&Visit> {
        self.visit_index.get(id).map(|&at| &self.facts.visits[at])
    }

    /// The position of a visit in `visits`, if there is one with this id.
    pub fn visit_position(&self, id: &VisitId) -> Option<usize> {
        self.visit_index.get(id).copied()
    }

    /// The crew with this id, if there is one.
    pub fn crew(&self, id: &CrewId) -> Option<&Crew> {
        self.crew_index.get(id).map(|&at| &self.facts.crews[at])
    }

    /// The shift with this id and the crew that works it, if there is one.
    pub fn shift(&self, id: &ShiftId) -> Option<(&Crew, &Shift)> {
        let &(c, s) = self.shift_index.get(id)?;
        Some((&self.facts.crews[c], &self.facts.crews[c].shifts[s]))
    }

    /// The promise that covers a visit: the first of the policy's that fits.
    pub fn promise_of(&self, visit: &Visit) -> Option<&Promise> {
        let care_form = &self.patient_of(visit).care_form;
        self.facts.policy.promises.iter().find(|promise| {
            promise.kind == visit.kind
                && promise.care_form.as_ref().is_none_or(|form| form == care_form)
                && promise.priority.is_none_or(|priority| priority == visit.priority)
                && promise
                    .hours
                    .as_ref()
                    .is_none_or(|hours| self.calendar.in_hours(visit.requested_at, hours))
        })
    }

    /// The promise that covers a visit and the latest start that keeps it.
    pub fn deadline_of(&self, visit: &Visit) -> Option<(&Promise, Instant)> {
        let promise = self.promise_of(visit)?;
        Some((promise, promise.deadline.deadline(visit.requested_at, &self.calendar)))
    }

    /// The part whose start the visit's promise is judged on.
    pub fn judged_part(&self, visit: &Visit) -> usize {
        let role = self.promise_of(visit).map(|promise| &promise.judged_role);
        visit.parts.iter().position(|part| Some(&part.role) == role).unwrap_or(0)
    }

    /// May the visit be left for after the horizon with its promise unbroken?
    pub fn is_deferrable(&self, visit: &Visit) -> bool {
        self.deadline_of(visit).is_some_and(|(_, deadline)| deadline > self.facts.horizon.to())
    }

    /// May a crew of this employer give the part? What municipal nurses give is given only by those
    /// of the patient's own municipality; who gives the other roles is for the area rules to say.
    pub fn employer_may_give(&self, employer: &Party, patient: &Patient, part: &Part) -> bool {
        part.role.as_str() != MUNICIPAL_ROLE
            || *employer == Party::Municipality(patient.municipality.clone())
    }

    /// A shift's crew does nothing before this: its hours, now, the horizon's beginning.
    pub fn work_from(&self, shift: &Shift) -> Instant {
        shift.hours.from().max(self.facts.as_of).max(self.facts.horizon.from())
    }

    /// The breaks of a shift that can still be had, each with its position in the shift.
    pub fn breaks_due<'a>(
        &self,
        shift: &'a Shift,
    ) -> impl Iterator<Item = (usize, &'a Break)> + use<'a> {
        let work_from = self.work_from(shift);
        let can_be_had = move |due: &Break| due.window.to() - due.length >= work_from;
        shift.breaks.iter().enumerate().filter(move |(_, due)| can_be_had(due))
    }

    /// Nothing of the visit starts before this: now, the request, or the horizon's beginning.
    pub fn earliest_start(&self, visit: &Visit) -> Instant {
        self.facts.as_of.max(visit.requested_at).max(self.facts.horizon.from())
    }
}

fn index<Id: Ord + ToString>(
    what: &'static str,
    ids: impl Iterator<Item = Id>,
    errors: &mut Vec<WorldError>,
) -> BTreeMap<Id, usize> {
    let mut index = BTreeMap::new();
    for (at, id) in ids.enumerate() {
        let text = id.to_string();
        if index.insert(id, at).is_some() {
            errors.push(WorldError::Duplicate { what, id: text });
        }
    }
    index
}

/// What shifts do first: parts that there are, each on one shift, once.
fn check_first_stops(
    facts: &Facts,
    visit_index: &BTreeMap<VisitId, usize>,
    errors: &mut Vec<WorldError>,
) {
    let mut seen = BTreeSet::new();
    for first in facts.crews.iter().flat_map(|crew| &crew.shifts).flat_map(|shift| &shift.first) {
        let visit = visit_index.get(&first.visit).map(|&at| &facts.visits[at]);
        let is_known = visit.is_some_and(|visit| first.part < visit.parts.len());
        let id = format!("{} part {}", first.visit, first.part);
        known("part", is_known, &id, errors);
        if !seen.insert(first) {
            errors.push(WorldError::Duplicate { what: "first stop", id });
        }
    }
}

fn known(what: &'static str, is_known: bool, id: &str, errors: &mut Vec<WorldError>) {
    if !is_known {
        errors.push(WorldError::Unknown { what, id: id.to_owned() });
    }
}
