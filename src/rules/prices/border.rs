//! Border: a part given across a delregion border costs, and so is seen.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::Reading;
use super::super::words::{part_en, part_sv};
use crate::domain::Tier;

pub const PRICE: Price = Price {
    code: "border",
    sentence_sv: "En del som görs utanför turens egen delregion kostar.",
    sentence_en: "A part given outside the crew's own delregion costs.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let world = reading.world;
    let mut found = Vec::new();
    for given in reading.parts() {
        let Some(crew) = given.crew else { continue };
        let Some(there) = world.region.delregion_of(&given.place.municipality) else { continue };
        let home = &crew.home_delregion;
        if there == home {
            continue;
        }
        let (sv, en) = (part_sv(given), part_en(given));
        found.push(PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::given(given),
            points: world.policy.prices.border,
            municipality: Some(world.patient_of(given.visit).municipality.clone()),
            parties: vec![crew.employer.clone()],
            sentence_sv: format!("Tur {} från {home} gör {sv} i {there}.", crew.id),
            sentence_en: format!("Crew {} of {home} gives {en} in {there}.", crew.id),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    fn at_place(place: &str) -> Day {
        let mut day = Day::new();
        day.visit("v1", place, &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn at_home_and_in_the_next_municipality_of_the_delregion_nothing_is_charged() {
        assert_eq!(at_place("home-1").points("border"), 0);
        assert_eq!(at_place("next-town").points("border"), 0);
    }

    #[test]
    fn across_the_border_it_is() {
        assert_eq!(at_place("far-south").points("border"), 11);
    }
}
