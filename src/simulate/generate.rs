//! A day or a week from the figures of a region.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::demand::Demand;
use super::dice::Dice;
use super::homes::Homes;
use super::period::Period;
use super::rates::Rates;
use super::staffing::{Staffing, Work};
use crate::domain::{
    Crew, CrewId, DelregionId, Facts, MunicipalityFacts, MunicipalityId, PlaceId, Policy,
    RegionFacts, Traffic, UnitId, Visit, VisitId,
};

/// Longer periods are simulated, not planned.
const DAYS_MAX: u16 = 28;
const SCALE_PERCENT_MAX: u32 = 10_000;

/// What to generate.
#[derive(Clone, Debug)]
pub struct GenerateRequest {
    /// These delregioner; none means all.
    pub delregioner: Vec<DelregionId>,
    /// The first day; planning begins at 07:00 on it.
    pub first_date: Date,
    /// How many days, 1..=28.
    pub days: u16,
    /// Enrolment and need, as a percentage of the region's figures, 1..=10 000.
    pub scale_percent: u32,
    /// How much of the crews' hours the work should fill, 10..=200: the higher the tighter.
    pub load_percent: u32,
    /// The same seed gives the same days.
    pub seed: u64,
}

/// Why nothing was generated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GenerateError {
    /// The region has no such delregion.
    UnknownDelregion(DelregionId),
    /// The number is outside its bounds.
    OutOfBounds {
        /// `days`, `scale` or `load`.
        what: &'static str,
        /// The least and the greatest that is allowed.
        bounds: (u32, u32),
    },
    /// A municipality has no figures, or neither a locality nor an outline to live in.
    NoFigures(MunicipalityId),
    /// The policy lacks a kind or a care form that generated visits have.
    PolicyLacks(&'static str),
}

/// The facts of the days asked for: known in advance, requests of later hours included. What is
/// requested after `as_of` can't be started before its request.
pub fn generate(
    facts: &RegionFacts,
    policy: &Policy,
    request: &GenerateRequest,
) -> Result<Facts, GenerateError> {
    check(facts, policy, request)?;
    let period = Period::new(request.first_date, request.days);
    let rates = Rates::on_the_way();
    let mut staffing = Staffing {
        period: &period,
        load_percent: u64::from(request.load_percent),
        crews: Vec::new(),
    };
    let (mut places, mut patients, mut visits) = (Vec::new(), Vec::new(), Vec::new());
    for delregion in chosen(facts, request) {
        let mut towns = towns(facts, &delregion, request, &rates);
        let mut needs = Vec::new();
        for homes in &mut towns {
            let seed = (request.seed, u64::from(request.scale_percent));
            needs.push(Demand::new(homes, &period, &rates, seed).draw());
        }
        staff(&mut staffing, &delregion, &towns, &needs, request.seed);
        visits.extend(needs.into_iter().flatten());
        for mut homes in towns {
            name_doctors(&mut homes, &staffing.crews, &rates, request.seed);
            places.append(&mut homes.places);
            patients.append(&mut homes.patients);
        }
    }
    number(&mut visits);
    Ok(Facts {
        as_of: period.as_of,
        horizon: period.horizon,
        region: facts.region.clone(),
        policy: policy.clone(),
        places,
        patients,
        visits,
        crews: staffing.crews,
        previous: None,
        pins: Vec::new(),
        traffic: Traffic::default(),
    })
}

fn check(
    facts: &RegionFacts,
    policy: &Policy,
    request: &GenerateRequest,
) -> Result<(), GenerateError> {
    let bounded = [
        ("days", u32::from(request.days), (1, u32::from(DAYS_MAX))),
        ("scale", request.scale_percent, (1, SCALE_PERCENT_MAX)),
        ("load", request.load_percent, (10, 200)),
    ];
    for (what, value, bounds) in bounded {
        if !(bounds.0..=bounds.1).contains(&value) {
            return Err(GenerateError::OutOfBounds { what, bounds });
        }
    }
    let known =
        |id: &DelregionId| facts.region.municipalities.values().any(|entry| &entry.delregion == id);
    if let Some(unknown) = request.delregioner.iter().find(|id| !known(id)) {
        return Err(GenerateError::UnknownDelregion(unknown.clone()));
    }
    for id in facts.region.municipalities.keys() {
        let has_locality = facts.localities.iter().any(|locality| &locality.municipality == id);
        let has_place = |own: &MunicipalityFacts| {
            has_locality || own.outline.iter().any(|ring| !ring.is_empty())
        };
        if !facts.municipalities.get(id).is_some_and(has_place) {
            return Err(GenerateError::NoFigures(id.clone()));
        }
    }
    for kind in ["unplanned", "planned", "preventive", "death"] {
        if !policy.kinds.iter().any(|known| known.id.as_str() == kind) {
            return Err(GenerateError::PolicyLacks(kind));
        }
    }
    for form in ["enrolled", "temporary", "risk", "other"] {
        if !policy.care_forms.iter().any(|known| known.id.as_str() == form) {
            return Err(GenerateError::PolicyLacks(form));
        }
    }
    Ok(())
}

/// The delregioner asked for, in the order of their ids.
fn chosen(facts: &RegionFacts, request: &GenerateRequest) -> Vec<DelregionId> {
    let entries = facts.region.municipalities.values();
    let mut all: Vec<DelregionId> = entries.map(|entry| entry.delregion.clone()).collect();
    all.sort();
    all.dedup();
    all.retain(|id| request.delregioner.is_empty() || request.delregioner.contains(id));
    all
}

/// The municipalities of a delregion, the largest first.
fn towns<'a>(
    facts: &'a RegionFacts,
    delregion: &DelregionId,
    request: &GenerateRequest,
    rates: &Rates,
) -> Vec<Homes<'a>> {
    let entries = facts.region.municipalities.values();
    let mut ids: Vec<&MunicipalityId> =
        entries.filter(|entry| &entry.delregion == delregion).map(|entry| &entry.id).collect();
    ids.sort_by_key(|id| (std::cmp::Reverse(facts.municipalities[*id].population), *id));
    let seed = (request.seed, u64::from(request.scale_percent));
    let open =
        |(rank, id): (usize, &&MunicipalityId)| Homes::new(facts, id, rank == 0, rates, seed);
    ids.iter().enumerate().map(open).collect()
}

/// Crews for the work of one delregion.
fn staff(
    staffing: &mut Staffing,
    delregion: &DelregionId,
    towns: &[Homes],
    needs: &[Vec<Visit>],
    seed: u64,
) {
    let period = staffing.period;
    let work_of = |role: &str| -> Vec<Work> {
        towns.iter().zip(needs).map(|(homes, need)| Work::of(role, need, homes, period)).collect()
    };
    let doctors = work_of("doctor");
    let total = doctors.iter().copied().fold(Work::default(), Work::plus);
    // The car by day takes its part of what is asked for by day.
    let by_car = 300 * period.working_dates().len() as u64;
    let left_per_mille = total.day.saturating_sub(by_car) * 1_000 / total.day.max(1);
    for ((homes, nurse), doctor) in towns.iter().zip(work_of("nurse")).zip(doctors) {
        let mut dice = Dice::new(seed, &format!("staff {}", homes.id));
        staffing.doctors(homes, delregion, doctor.day * left_per_mille / 1_000);
        staffing.nurses(homes, delregion, nurse, &mut dice);
    }
    let therapy = work_of("physiotherapist").into_iter().zip(work_of("occupational_therapist"));
    for (homes, (physio, occupational)) in towns.iter().zip(therapy) {
        if homes.has_therapists() {
            staffing.therapists(homes, delregion, physio.plus(occupational).day);
        }
    }
    let places: Vec<PlaceId> = towns.iter().take(3).map(|homes| homes.base.clone()).collect();
    staffing.cars(delregion, &places, total);
}

/// Gives enrolled patients a named doctor of their unit, as many as the rates say.
fn name_doctors(homes: &mut Homes, crews: &[Crew], rates: &Rates, seed: u64) {
    let mut by_unit: BTreeMap<&UnitId, Vec<&CrewId>> = BTreeMap::new();
    for crew in crews {
        if let Some(unit) = &crew.unit {
            by_unit.entry(unit).or_default().push(&crew.id);
        }
    }
    let mut dice = Dice::new(seed, &format!("named doctors {}", homes.id));
    for at in 0..homes.patients.len() {
        let share = if homes.is_in_sabo(at) { rates.named_doctor_sabo } else { rates.named_doctor };
        let patient = &mut homes.patients[at];
        let doctors = patient.unit.as_ref().and_then(|unit| by_unit.get(unit));
        if let Some(doctors) = doctors
            && dice.chance(share)
        {
            let doctor = doctors[dice.below(doctors.len() as u64) as usize];
            patient.named_doctor = Some(doctor.clone());
        }
    }
}

/// Orders the visits by request and numbers them.
fn number(visits: &mut [Visit]) {
    visits.sort_by(|a, b| (a.requested_at, &a.patient).cmp(&(b.requested_at, &b.patient)));
    for (at, visit) in visits.iter_mut().enumerate() {
        visit.id = VisitId::new(format!("b-{:04}", at + 1));
    }
}
