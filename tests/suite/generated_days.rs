//! Generated days of Skåne: the same for the same seed, in proportion, and doable by someone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use rond::domain::{
    Crew, DelregionId, Facts, Part, Party, Scope, Seconds, Visit, World, region_facts,
};
use rond::simulate::{GenerateError, GenerateRequest, generate};
use rond::wire::{read_day, shipped_policy, shipped_region_facts, write_day};

/// A Tuesday without a holiday near.
const TUESDAY: jiff::civil::Date = date(2026, 9, 15);
const MONDAY: jiff::civil::Date = date(2026, 9, 14);

fn request(delregioner: &[&str], days: u16, seed: u64) -> GenerateRequest {
    GenerateRequest {
        delregioner: delregioner.iter().map(DelregionId::new).collect(),
        first_date: if days == 1 { TUESDAY } else { MONDAY },
        days,
        scale_percent: 100,
        load_percent: 60,
        seed,
    }
}

fn facts_of(request: &GenerateRequest) -> Facts {
    generate(shipped_region_facts(), shipped_policy(), request).expect("a request within bounds")
}

fn world_of(request: &GenerateRequest) -> World {
    World::new(facts_of(request)).expect("generated facts hang together")
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_seed_another() {
    let malmo = |seed| write_day(&world_of(&request(&["Malmö"], 1, seed)));
    assert_eq!(malmo(1), malmo(1));
    assert_ne!(malmo(1), malmo(2));
}

#[test]
fn another_staffing_leaves_the_demand_as_it_was() {
    let loose = facts_of(&request(&["Sydost"], 7, 3));
    let tight = facts_of(&GenerateRequest { load_percent: 120, ..request(&["Sydost"], 7, 3) });
    assert_eq!(format!("{:?}", loose.visits), format!("{:?}", tight.visits));
    let shifts = |facts: &Facts| facts.crews.iter().map(|crew| crew.shifts.len()).sum::<usize>();
    assert!(shifts(&tight) < shifts(&loose));
}

#[test]
fn a_malmo_day_has_about_eighty_visits_a_third_of_them_joint() {
    let (mut visits, mut crews, mut joint, mut deaths) = (0, 0, 0, 0);
    for seed in 0..10 {
        let request = GenerateRequest { load_percent: 45, ..request(&["Malmö"], 1, seed) };
        let facts = facts_of(&request);
        assert!((50..=115).contains(&facts.visits.len()), "seed {seed}: {}", facts.visits.len());
        visits += facts.visits.len();
        crews += facts.crews.len();
        joint += facts.visits.iter().filter(|visit| visit.parts.len() >= 2).count();
        deaths += facts.visits.iter().filter(|visit| visit.kind.as_str() == "death").count();
    }
    assert!((700..=900).contains(&visits), "{visits} in ten days");
    assert!((260..=340).contains(&crews), "{crews} in ten days");
    assert!((280..=400).contains(&(joint * 1_000 / visits)), "{joint} joint of {visits}");
    assert!((10..=60).contains(&deaths), "{deaths} deaths in ten days");
}

#[test]
fn the_southeast_corner_asks_for_far_more_than_its_share() {
    let facts = facts_of(&request(&[], 5, 1));
    let mut by_municipality: BTreeMap<&str, usize> = BTreeMap::new();
    let town: BTreeMap<_, _> =
        facts.patients.iter().map(|patient| (&patient.id, &patient.municipality)).collect();
    for visit in &facts.visits {
        *by_municipality.entry(town[&visit.patient].as_str()).or_default() += 1;
    }
    assert_eq!(by_municipality.len(), 33, "everywhere somebody asks");
    // Simrishamn has 20 enrolled per 1 000, Vellinge 4 and nearly twice the inhabitants.
    assert!(by_municipality["1291"] > 2 * by_municipality["1233"], "{by_municipality:?}");
}

#[test]
fn places_lie_in_their_municipality_and_it_in_the_delregion_asked_for() {
    let world = world_of(&request(&["Sydost"], 7, 2));
    let sydost = DelregionId::new("Sydost");
    let known = shipped_region_facts();
    let mut inside = 0;
    for place in &world.places {
        assert_eq!(world.region.delregion_of(&place.municipality), Some(&sydost), "{place:?}");
        let own = &known.municipalities[&place.municipality];
        inside += usize::from(is_near(place.point, own));
    }
    assert!(inside * 100 >= world.places.len() * 98, "{inside} of {}", world.places.len());
    for patient in &world.patients {
        let place = world.place(&patient.place).expect("the world is whole");
        assert_eq!(place.municipality, patient.municipality);
    }
    for crew in &world.crews {
        assert_eq!(crew.home_delregion, sydost);
    }
}

/// Within the box around the outline: outlines are too generalised for more.
fn is_near(point: rond::domain::Point, own: &region_facts::MunicipalityFacts) -> bool {
    const MARGIN: f64 = 0.03;
    let corners = || own.outline.iter().flatten();
    let least = |of: fn(&rond::domain::Point) -> f64| corners().map(of).fold(180.0, f64::min);
    let greatest = |of: fn(&rond::domain::Point) -> f64| corners().map(of).fold(-180.0, f64::max);
    (least(|c| c.lat()) - MARGIN..greatest(|c| c.lat()) + MARGIN).contains(&point.lat())
        && (least(|c| c.lon()) - MARGIN..greatest(|c| c.lon()) + MARGIN).contains(&point.lon())
}

#[test]
fn everything_asked_for_can_be_done_by_someone_at_some_time() {
    for (delregioner, days, seed) in
        [(vec!["Malmö"], 1, 1), (vec!["Sydost"], 7, 1), (vec![], 5, 4), (vec!["Nordost"], 3, 9)]
    {
        let world = world_of(&request(&delregioner, days, seed));
        for visit in &world.visits {
            for part in &visit.parts {
                assert!(
                    world.crews.iter().any(|crew| can_do(&world, crew, visit, part)),
                    "nobody can do {visit:?}: {part:?}"
                );
            }
        }
    }
}

fn can_do(world: &World, crew: &Crew, visit: &Visit, part: &Part) -> bool {
    let municipality = &world.place_of(visit).municipality;
    let scope = world.policy.areas.iter().find(|area| area.crew_kind == crew.kind);
    let is_in_area = match scope.map(|area| area.scope) {
        Some(Scope::OwnMunicipality) => crew.employer == Party::Municipality(municipality.clone()),
        Some(Scope::OwnDelregion) => {
            Some(&crew.home_delregion) == world.region.delregion_of(municipality)
        }
        Some(Scope::Anywhere) | None => true,
    };
    let is_able = crew.roles.contains(&part.role)
        && part.skills.iter().all(|skill| crew.skills.contains(skill));
    let earliest = world.earliest_start(visit);
    let has_time = crew.shifts.iter().any(|shift| {
        let from = world.work_from(shift).max(earliest);
        let to = shift.hours.to() + shift.overtime_max;
        let fits = |from: rond::domain::Instant, to| to - from >= part.service;
        match visit.windows.as_slice() {
            [] => fits(from, to),
            windows => windows.iter().any(|w| fits(from.max(w.from()), to.min(w.to()))),
        }
    });
    is_in_area && is_able && has_time
}

#[test]
fn the_promises_of_planned_visits_can_still_be_kept_on_the_first_morning() {
    let world = world_of(&request(&[], 5, 1));
    let mut due_in_period = 0;
    for visit in world.visits.iter().filter(|visit| visit.kind.as_str() == "planned") {
        let (_, deadline) = world.deadline_of(visit).expect("planned visits have a promise");
        assert!(deadline > world.as_of + Seconds::from_minutes(60), "{visit:?}");
        due_in_period += usize::from(!world.is_deferrable(visit));
    }
    assert!(due_in_period > 500, "{due_in_period}");
}

#[test]
fn a_week_holds_what_makes_planning_hard() {
    let world = world_of(&request(&["Sydost"], 7, 1));
    let count = |holds: &dyn Fn(&Visit) -> bool| world.visits.iter().filter(|v| holds(v)).count();
    assert!(count(&|v| v.parts.len() == 3) >= 1, "three parts");
    assert!(count(&|v| v.meetings.iter().any(|m| m.lag_min > Seconds::ZERO)) >= 5, "lags");
    assert!(count(&|v| v.windows.len() >= 6) >= 20, "two windows a day");
    assert!(count(&|v| v.parts.iter().any(|p| !p.skills.is_empty())) >= 5, "skills");
    assert!(count(&|v| v.requested_at > world.as_of) >= 30, "asked for later in the week");
    assert!(count(&|v| v.kind.as_str() == "death") >= 1, "deaths");
    assert!(count(&|v| v.same_crew_allowed) >= 1, "one crew may do both parts");
    let mut at_place: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for patient in &world.patients {
        at_place.entry(&patient.place).or_default().insert(&patient.id);
    }
    assert!(at_place.values().any(|patients| patients.len() >= 4), "a SÄBO with many patients");
    assert!(world.patients.iter().any(|patient| patient.named_doctor.is_some()));
    let rests = |crew: &Crew| {
        crew.shifts.windows(2).any(|two| two[1].hours.from() - two[0].hours.to() < Seconds(39_600))
    };
    assert!(world.crews.iter().any(rests), "a turn too short to work both shifts whole");
}

#[test]
fn generated_days_are_valid_files() {
    for request in [request(&["Malmö"], 1, 1), request(&["Sydost"], 7, 1), request(&[], 1, 1)] {
        let world = world_of(&request);
        let text = write_day(&world);
        let day = read_day(&text).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(day.world.visits.len(), world.visits.len());
        assert_eq!(write_day(&day.world), text);
    }
}

#[test]
fn requests_out_of_bounds_are_refused() {
    let refuse = |request: GenerateRequest| {
        generate(shipped_region_facts(), shipped_policy(), &request).map(|_| ()).unwrap_err()
    };
    assert!(matches!(
        refuse(GenerateRequest { days: 0, ..request(&[], 1, 1) }),
        GenerateError::OutOfBounds { what: "days", .. }
    ));
    assert!(matches!(
        refuse(GenerateRequest { load_percent: 0, ..request(&[], 1, 1) }),
        GenerateError::OutOfBounds { what: "load", .. }
    ));
    assert_eq!(
        refuse(request(&["Sydost", "Norrland"], 1, 1)),
        GenerateError::UnknownDelregion(DelregionId::new("Norrland"))
    );
}

#[test]
fn the_shipped_days_are_those_that_the_commands_in_their_notes_write() {
    let first_date = date(2026, 11, 23);
    let malmo = GenerateRequest { load_percent: 50, first_date, ..request(&["Malmö"], 1, 1) };
    let sydost = GenerateRequest { load_percent: 70, first_date, ..request(&["Sydost"], 5, 1) };
    for (name, request) in [("malmo-dag", malmo), ("sydost-vecka", sydost)] {
        let path = format!("{}/data/days/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let shipped = std::fs::read_to_string(&path).expect("the day is part of the repository");
        let same = shipped == write_day(&world_of(&request));
        assert!(same, "{name} is out of step: make it again, see data/README.md");
    }
}
