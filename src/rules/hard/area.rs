//! Area: a crew works where it may. A nurse's part is given by a nurse of the patient's own
//! municipality, always. A crew bound to its municipality stays there; one bound to its delregion
//! leaves it only for where a lending row sends it at that hour. A `Crew` pin sets this aside.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{clock, part_en, part_sv};
use super::pins;
use crate::domain::{
    Crew, DelregionId, Instant, Lending, Part, Party, Scope, Seconds, Span, Visit, World,
};

pub const RULE: HardRule = HardRule {
    code: "area",
    sentence_sv: "En sjuksköterska arbetar i sin egen kommun; en tur lämnar sin delregion bara dit \
                  och då utlåning gäller.",
    sentence_en: "A nurse works in her own municipality; a crew leaves its delregion only \
                  where and when lending allows it.",
    check,
};

/// May the crew give this part of the visit at any hour, as far as areas go?
pub fn may_ever_work(world: &World, crew: &Crew, visit: &Visit, part: &Part) -> bool {
    match reach(world, crew, visit, part) {
        Reach::Always => true,
        Reach::Lent(rows) => !rows.is_empty(),
        Reach::Never => false,
    }
}

/// May the crew give this part of the visit, as far as areas go, when it starts at this moment?
pub fn may_work_at(world: &World, crew: &Crew, visit: &Visit, part: &Part, start: Instant) -> bool {
    match reach(world, crew, visit, part) {
        Reach::Always => true,
        Reach::Never => false,
        Reach::Lent(rows) => rows.iter().any(|row| world.calendar().in_hours(start, &row.hours)),
    }
}

/// The stretches of `starts` at which the crew may start the part; ends are the last such second.
pub fn allowed_starts(
    world: &World,
    crew: &Crew,
    visit: &Visit,
    part: &Part,
    starts: Span,
) -> Vec<Span> {
    match reach(world, crew, visit, part) {
        Reach::Always => vec![starts],
        Reach::Never => Vec::new(),
        Reach::Lent(rows) => {
            let end = starts.to() + Seconds(1);
            let Some(within) = Span::new(starts.from(), end) else { return Vec::new() };
            let lent = rows.iter().flat_map(|row| world.calendar().spans_of(&row.hours, within));
            lent.filter_map(|span| Span::new(span.from(), span.to() - Seconds(1))).collect()
        }
    }
}

enum Reach<'a> {
    Always,
    Lent(Vec<&'a Lending>),
    Never,
}

fn reach<'a>(world: &'a World, crew: &Crew, visit: &Visit, part: &Part) -> Reach<'a> {
    let patient = world.patient_of(visit);
    let place = world.place_of(visit);
    if !world.employer_may_give(&crew.employer, patient, part) {
        return Reach::Never;
    }
    let employed_by = |municipality| crew.employer == Party::Municipality(municipality);
    let scope = world.policy.areas.iter().find(|rule| rule.crew_kind == crew.kind);
    match scope.map_or(Scope::Anywhere, |rule| rule.scope) {
        Scope::Anywhere => Reach::Always,
        Scope::OwnMunicipality if employed_by(place.municipality.clone()) => Reach::Always,
        Scope::OwnMunicipality => Reach::Never,
        Scope::OwnDelregion => {
            let there = world.region.delregion_of(&place.municipality);
            if there == Some(&crew.home_delregion) {
                return Reach::Always;
            }
            let rows = world.policy.lending.iter().filter(|row| lends(row, crew, there));
            Reach::Lent(rows.collect())
        }
    }
}

fn lends(row: &Lending, crew: &Crew, there: Option<&DelregionId>) -> bool {
    row.from == crew.home_delregion && Some(&row.to) == there && row.crew_kinds.contains(&crew.kind)
}

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let world = reading.world;
    let mut found = Vec::new();
    for given in reading.parts() {
        let Some(crew) = given.crew else { continue };
        if may_work_at(world, crew, given.visit, given.part, given.stop.start) {
            continue;
        }
        let (id, place, municipality) = (&crew.id, &given.place.id, &given.place.municipality);
        let time = clock(world, given.stop.start);
        let sv = format!(
            "Tur {id} får inte arbeta vid {place} (kommun {municipality}) {time}: {}.",
            part_sv(given)
        );
        let en = format!(
            "Crew {id} may not work at {place} (municipality {municipality}) at {time}: {}.",
            part_en(given)
        );
        found.push(
            Violation::new(&RULE, Subject::given(given), sv, en).excused_if(pins::sets_crew(
                world,
                given.visit,
                given.index,
                crew,
            )),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::Verdict;
    use super::super::super::fixture::{Day, at};
    use crate::domain::{
        CrewId, CrewKindId, DayClass, DelregionId, Hours, Lending, MunicipalityId, PinWhat,
    };

    fn given_by(crew: &str, role: &str, place: &str, hour: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", place, &[(role, 30)]);
        day.round(crew, &[("v1", 0, at(hour, 0))]);
        day
    }

    fn lend(day: &mut Day, from_minute: u16, to_minute: u16) {
        day.facts.policy.lending.push(Lending {
            from: DelregionId::new("north"),
            to: DelregionId::new("south"),
            crew_kinds: vec![CrewKindId::new("car")],
            hours: Hours { days: vec![DayClass::Any], from_minute, to_minute },
        });
    }

    #[test]
    fn at_home_everyone_may_work() {
        assert_eq!(given_by("nurse", "nurse", "home-1", 9).broken(), [""; 0]);
        assert_eq!(given_by("car", "doctor", "home-1", 9).broken(), [""; 0]);
    }

    #[test]
    fn a_nurse_never_crosses_her_municipalitys_border() {
        assert_eq!(given_by("nurse", "nurse", "next-town", 9).broken(), ["area"]);
        let mut day = given_by("nurse", "nurse", "home-1", 9);
        day.facts.patients[0].municipality = MunicipalityId::new("next-town");
        assert_eq!(day.broken(), ["area"]);
    }

    #[test]
    fn a_car_crosses_the_delregions_border_only_where_and_when_it_is_lent() {
        assert_eq!(given_by("car", "doctor", "next-town", 9).broken(), [""; 0]);
        assert_eq!(given_by("car", "doctor", "far-south", 9).broken(), ["area"]);

        let mut day = given_by("car", "doctor", "far-south", 9);
        lend(&mut day, 9 * 60, 10 * 60);
        assert_eq!(day.broken(), [""; 0]);

        let mut day = given_by("car", "doctor", "far-south", 10);
        lend(&mut day, 9 * 60, 10 * 60);
        assert_eq!(day.broken(), ["area"], "the end of the hours is outside");
    }

    #[test]
    fn a_car_that_has_the_nurses_role_is_still_no_municipal_nurse() {
        let mut day = given_by("car", "nurse", "home-1", 9);
        day.facts.crews[0].roles.insert(crate::domain::RoleId::new("nurse"));
        assert_eq!(day.broken(), ["area"]);
        day.pin("v1", None, PinWhat::Crew(CrewId::new("car")));
        assert_eq!(day.audit().verdict, Verdict::LegalButForPins);
    }
}
