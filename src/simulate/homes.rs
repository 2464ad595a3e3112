//! Where people are in one municipality: homes, SÄBO, vårdcentraler, bases.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::rates::Rates;
use crate::domain::{
    CareFormId, Locality, MunicipalityFacts, MunicipalityId, Patient, PatientId, Place, PlaceId,
    Point, RegionFacts, Seconds, UnitId,
};

/// Inhabitants per vårdcentral that sends out doctors, and the most of them in one municipality.
const INHABITANTS_PER_UNIT: u64 = 25_000;
const UNITS_MAX: u64 = 12;
/// A municipality of this size has a mobile team of its own.
const TEAM_POPULATION: u32 = 40_000;
/// A municipality of this size has therapists that make joint visits.
const THERAPIST_POPULATION: u32 = 30_000;

/// A municipality with everyone in it who has been drawn so far.
pub(super) struct Homes<'a> {
    pub(super) id: MunicipalityId,
    pub(super) name: &'a str,
    pub(super) facts: &'a MunicipalityFacts,
    pub(super) places: Vec<Place>,
    pub(super) patients: Vec<Patient>,
    /// Patients that live in a SÄBO, by position.
    pub(super) units: Vec<Unit>,
    /// Where municipal nurses and therapists start.
    pub(super) base: PlaceId,
    localities: Vec<&'a Locality>,
    dice: Dice,
    enrolled: BTreeMap<u64, usize>,
    sabo: BTreeMap<u64, PlaceId>,
    enrolled_total: u64,
    in_sabo: u64,
    patients_per_sabo: u64,
    rural: u64,
}

/// A vårdcentral or a mobile team.
pub(super) struct Unit {
    pub(super) id: UnitId,
    pub(super) place: PlaceId,
    pub(super) is_team: bool,
}

impl<'a> Homes<'a> {
    /// A municipality with its bases and nobody in it yet. `is_centre`: it has a mobile team
    /// whatever its size, as the largest of its delregion.
    pub(super) fn new(
        facts: &'a RegionFacts,
        id: &MunicipalityId,
        is_centre: bool,
        rates: &Rates,
        (seed, scale_percent): (u64, u64),
    ) -> Homes<'a> {
        let own = &facts.municipalities[id];
        let mut localities: Vec<&Locality> =
            facts.localities.iter().filter(|locality| &locality.municipality == id).collect();
        localities.sort_by_key(|locality| std::cmp::Reverse(locality.population));
        let enrolled = u64::from(own.population) * u64::from(own.enrolled_per_1000);
        let enrolled_total = (enrolled * scale_percent / 100_000).max(1);
        let mut homes = Homes {
            id: id.clone(),
            name: &facts.region.municipalities[id].name,
            facts: own,
            places: Vec::new(),
            patients: Vec::new(),
            units: Vec::new(),
            base: PlaceId::new(""),
            localities,
            dice: Dice::new(seed, &format!("homes {id}")),
            enrolled: BTreeMap::new(),
            sabo: BTreeMap::new(),
            enrolled_total,
            in_sabo: enrolled_total * rates.in_sabo / 1_000,
            patients_per_sabo: rates.patients_per_sabo,
            rural: rates.rural,
        };
        homes.open_bases(is_centre);
        homes
    }

    fn open_bases(&mut self, is_centre: bool) {
        let base_point = self.centre(0);
        self.base = self.open(format!("Hemsjukvården {}", self.name), base_point, 0);
        let count = (u64::from(self.facts.population) / INHABITANTS_PER_UNIT).clamp(1, UNITS_MAX);
        for n in 1..=count {
            let point = match (n, self.localities.first()) {
                (1, _) | (_, None) => self.centre(0),
                // The larger the town, the more of its vårdcentraler lie spread in it.
                (_, Some(town)) if u64::from(town.population) >= n * INHABITANTS_PER_UNIT => {
                    let (point, area_ha) = (town.point, town.area_ha / 2);
                    self.dice.point_in_disc(point, area_ha, &self.facts.outline)
                }
                _ => self.centre(n as usize - 1),
            };
            let name = format!("VC {} {n}", self.name);
            let place = self.open(name.clone(), point, 0);
            self.units.push(Unit { id: UnitId::new(name), place, is_team: false });
        }
        if is_centre || self.facts.population >= TEAM_POPULATION {
            let id = UnitId::new(format!("Mobilt team {}", self.name));
            self.units.push(Unit { id, place: self.base.clone(), is_team: true });
        }
    }

    /// Does the municipality have therapists for joint visits?
    pub(super) fn has_therapists(&self) -> bool {
        self.facts.population >= THERAPIST_POPULATION
    }

    /// How many are enrolled.
    pub(super) fn enrolled_total(&self) -> u64 {
        self.enrolled_total
    }

    /// An enrolled patient, each as likely as any other: by position in `patients`.
    pub(super) fn enrolled_patient(&mut self, dice: &mut Dice) -> usize {
        let number = dice.below(self.enrolled_total);
        self.enrolled_number(number)
    }

    /// Some neighbours in one SÄBO, at most `count`; none when nobody lives in one.
    pub(super) fn sabo_neighbours(&mut self, count: u64, dice: &mut Dice) -> Vec<usize> {
        if self.in_sabo == 0 {
            return Vec::new();
        }
        let first = dice.below(self.in_sabo);
        let house = first / self.patients_per_sabo;
        let last = ((house + 1) * self.patients_per_sabo).min(self.in_sabo).min(first + count);
        (first..last).map(|number| self.enrolled_number(number)).collect()
    }

    fn enrolled_number(&mut self, number: u64) -> usize {
        if let Some(&at) = self.enrolled.get(&number) {
            return at;
        }
        let place = if number < self.in_sabo {
            self.sabo_place(number / self.patients_per_sabo)
        } else {
            self.home()
        };
        let unit = self.dice.below(self.units.len() as u64) as usize;
        // Half of the enrolled belong to the mobile team where there is one.
        let unit = match self.units.last() {
            Some(team) if team.is_team && self.dice.chance(500) => self.units.len() - 1,
            _ => unit,
        };
        let at = self.admit(place, "enrolled", Some(self.units[unit].id.clone()));
        self.enrolled.insert(number, at);
        at
    }

    /// Somebody at home who is not enrolled, by position in `patients`.
    pub(super) fn other_patient(&mut self, care_form: &str) -> usize {
        let place = self.home();
        self.admit(place, care_form, None)
    }

    fn admit(&mut self, place: PlaceId, care_form: &str, unit: Option<UnitId>) -> usize {
        let at = self.patients.len();
        self.patients.push(Patient {
            id: PatientId::new(format!("pat-{}-{:04}", self.id, at + 1)),
            place,
            care_form: CareFormId::new(care_form),
            named_doctor: None,
            unit,
            municipality: self.id.clone(),
        });
        at
    }

    fn sabo_place(&mut self, number: u64) -> PlaceId {
        if let Some(place) = self.sabo.get(&number) {
            return place.clone();
        }
        let point = self.point_in_locality();
        let place = self.open(format!("SÄBO {} {}", self.name, number + 1), point, 300);
        self.sabo.insert(number, place.clone());
        place
    }

    /// Does the patient at this position live in a SÄBO?
    pub(super) fn is_in_sabo(&self, patient: usize) -> bool {
        self.sabo.values().any(|place| *place == self.patients[patient].place)
    }

    fn home(&mut self) -> PlaceId {
        let rural = if self.dice.chance(self.rural) {
            self.dice.point_in_outline(&self.facts.outline)
        } else {
            None
        };
        let point = rural.unwrap_or_else(|| self.point_in_locality());
        let setup = self.dice.between(120, 300, 60);
        self.open(String::new(), point, setup)
    }

    fn point_in_locality(&mut self) -> Point {
        let weights: Vec<u64> =
            self.localities.iter().map(|locality| u64::from(locality.population.max(1))).collect();
        if weights.is_empty() {
            return self.centre(0);
        }
        let locality = self.localities[self.dice.weighted(&weights)];
        self.dice.point_in_disc(locality.point, locality.area_ha, &self.facts.outline)
    }

    /// The centre of the locality with this rank by size; the largest when there are fewer.
    fn centre(&self, rank: usize) -> Point {
        let locality = self.localities.get(rank).or(self.localities.first());
        let corner = self.facts.outline.first().and_then(|ring| ring.first()).copied();
        // `generate` has refused municipalities with neither a locality nor an outline.
        locality.map(|locality| locality.point).or(corner).expect("it lies somewhere")
    }

    fn open(&mut self, name: String, point: Point, setup: i64) -> PlaceId {
        let id = PlaceId::new(format!("adr-{}-{:04}", self.id, self.places.len() + 1));
        self.places.push(Place {
            id: id.clone(),
            name,
            point,
            municipality: self.id.clone(),
            setup: Seconds(setup),
        });
        id
    }
}
