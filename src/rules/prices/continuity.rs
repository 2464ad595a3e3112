//! Continuity: the named doctor comes, else somebody of the patient's unit, else somebody else.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::{Given, Reading};
use super::super::words::{part_en, part_sv};
use crate::domain::{Crew, Patient, Prices, Tier};

pub const PRICE: Price = Price {
    code: "continuity",
    sentence_sv: "En annan än den fasta läkarkontakten eller patientens enhet kostar.",
    sentence_en: "Anyone but the named doctor or the patient's unit costs.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let prices = &reading.world.policy.prices;
    let asked = |given: &&Given<'_>| given.part.role == prices.continuity_role;
    let mut found = Vec::new();
    for given in reading.parts().filter(asked) {
        let Some(crew) = given.crew else { continue };
        let patient = reading.world.patient_of(given.visit);
        let (sv, en) = (part_sv(given), part_en(given));
        let wanted = match (&patient.named_doctor, &patient.unit) {
            (Some(named), _) => named.to_string(),
            (None, Some(unit)) => unit.to_string(),
            (None, None) => continue,
        };
        found.push(PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::given(given),
            points: points(prices, patient, crew),
            municipality: Some(patient.municipality.clone()),
            parties: vec![crew.employer.clone()],
            sentence_sv: format!("Tur {} i stället för {wanted} gör {sv}.", crew.id),
            sentence_en: format!("Crew {} instead of {wanted} gives {en}.", crew.id),
        });
    }
    found
}

fn points(prices: &Prices, patient: &Patient, crew: &Crew) -> i64 {
    let same_unit = patient.unit.is_some() && patient.unit == crew.unit;
    match (&patient.named_doctor, &patient.unit) {
        (Some(named), _) if *named == crew.id => 0,
        (Some(_), _) if same_unit => prices.continuity_unit,
        (None, Some(_)) if same_unit => 0,
        (None, None) => 0,
        (Some(_), _) | (None, Some(_)) => prices.continuity_other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::{CrewId, UnitId};

    /// The car belongs to unit `vc-1`.
    fn patient_with(named: Option<&str>, unit: Option<&str>) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.facts.patients[0].named_doctor = named.map(CrewId::new);
        day.facts.patients[0].unit = unit.map(UnitId::new);
        day.facts.crews[0].unit = Some(UnitId::new("vc-1"));
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn the_named_doctor_or_without_one_the_unit_costs_nothing() {
        assert_eq!(patient_with(Some("car"), Some("vc-2")).points("continuity"), 0);
        assert_eq!(patient_with(None, Some("vc-1")).points("continuity"), 0);
        assert_eq!(patient_with(None, None).points("continuity"), 0);
    }

    #[test]
    fn the_named_doctors_unit_costs_less_than_anyone_else() {
        assert_eq!(patient_with(Some("nurse"), Some("vc-1")).points("continuity"), 13);
        assert_eq!(patient_with(Some("nurse"), Some("vc-2")).points("continuity"), 17);
        assert_eq!(patient_with(Some("nurse"), None).points("continuity"), 17);
        assert_eq!(patient_with(None, Some("vc-2")).points("continuity"), 17);
    }

    #[test]
    fn only_the_role_that_continuity_speaks_of_is_charged() {
        let mut day = patient_with(Some("car"), None);
        day.visit("v2", "home-1", &[("nurse", 30)]);
        day.facts.patients[1].unit = Some(UnitId::new("vc-1"));
        day.round("nurse", &[("v2", 0, at(9, 0))]);
        assert_eq!(day.points("continuity"), 0);
    }
}
