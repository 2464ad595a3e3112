//! Snapshots: a day that goes on is taken up again exactly as it was set down, whatever it holds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rond::domain::{
    CareFormId, CrewId, DelregionId, Event, EventId, Facts, Instant, KindId, Live, Municipality,
    MunicipalityId, Party, Place, PlaceId, Point, Recorded, RoleId, Seconds, ShiftId, ShiftPlan,
    Span, StopWhat, Told, VisitId, World,
};
use rond::wire::{
    EVENT_KINDS, Problem, read_day, read_snapshot, shipped_policy, shipped_region, write_snapshot,
};
use serde_json::Value;

use crate::support::dice::Dice;
use crate::support::events::{random_event, world_of_minutes};
use crate::wire::{SIX_VISITS, any_value, lines, pointers, random_plan};

fn six_visits() -> World {
    read_day(SIX_VISITS).expect("the day of six visits is whole").world
}

/// A day on which much has happened, most of it taken in.
fn eventful(world: World, seed: u64, events: usize) -> (Live, usize) {
    let mut dice = Dice::new(seed);
    let mut live = Live::open(world);
    let mut taken_in = 0;
    for number in 0..events {
        let kind = *dice.pick(&EVENT_KINDS);
        let event = random_event(live.world(), kind, number, &mut dice);
        taken_in += usize::from(live.apply(&event).is_ok());
    }
    (live, taken_in)
}

/// The plan with which `seed` goes, and how often its lists have become others.
fn plan_of(world: &World, seed: u64) -> (Vec<ShiftPlan>, BTreeMap<ShiftId, u64>) {
    if world.visits.is_empty() {
        return (Vec::new(), BTreeMap::new());
    }
    let shifts = random_plan(world, seed).shifts;
    let versions = shifts.iter().enumerate().map(|(at, plan)| (plan.shift.clone(), at as u64));
    let mut versions: BTreeMap<ShiftId, u64> = versions.collect();
    versions.insert(ShiftId::new("over and \"gone\""), u64::MAX);
    (shifts, versions)
}

/// Sets the day down and takes it up again.
fn assert_read_back(live: &Live, seed: u64) {
    let (shifts, versions) = plan_of(live.world(), seed);
    let write = |live: &Live, shifts: &[ShiftPlan], versions: &_| {
        write_snapshot(live.world(), live.memory(), shifts, versions, seed)
    };
    let text = write(live, &shifts, &versions);
    let read = read_snapshot(&text).unwrap_or_else(|list| panic!("seed {seed}: {}", lines(&list)));
    assert_eq!(read.shifts, shifts, "seed {seed}");
    assert_eq!(read.list_versions, versions, "seed {seed}");
    assert_eq!(read.plan_version, seed);
    let restored = Live::restored(read.world, read.memory);
    assert!(restored == *live, "seed {seed}: another day was taken up than was set down");
    assert_eq!(write(&restored, &shifts, &versions), text, "seed {seed}");
}

#[test]
fn random_days_are_taken_up_as_they_were_set_down() {
    let mut taken_in = 0;
    for seed in 0..300 {
        let (live, count) = eventful(world_of_minutes(seed), seed, 60);
        taken_in += count;
        assert_read_back(&live, seed);
    }
    assert!(taken_in > 300 * 20, "only {taken_in} events of {} were taken in", 300 * 60);
}

#[test]
fn a_day_of_the_shipped_policy_and_region_goes_on_with_them() {
    let (live, _) = eventful(six_visits(), 11, 200);
    assert_read_back(&live, 11);
    let text = write_snapshot(live.world(), live.memory(), [], &BTreeMap::new(), 0);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    // A later program may ship others, and the day must go on with those that it began with.
    assert_eq!(value["day"]["policy"]["name"], shipped_policy().name.as_str());
    assert_eq!(value["day"]["region"]["name"], shipped_region().name.as_str());
}

#[test]
fn facts_that_no_day_file_may_hold_do_not_keep_a_service_from_starting() {
    let mut facts: Facts = six_visits().into_facts();
    let as_of = facts.as_of;
    // Closed before it was asked for, and too short for its parts.
    let early = as_of + Seconds(-7200);
    facts.visits[0].windows = vec![Span::new(early, early + Seconds(60)).expect("a minute")];
    // Nobody has this role.
    facts.visits[1].parts[0].role = RoleId::new("astronaut");
    // A kind and a care form that the policy does not have.
    facts.visits[2].kind = KindId::new("unheard-of");
    facts.patients[0].care_form = CareFormId::new("unheard-of");
    facts.patients[1].named_doctor = Some(CrewId::new("retired"));
    // In the Atlantic, in a municipality of its own delregion.
    let id = MunicipalityId::new("9999");
    let delregion = DelregionId::new("Atlantis");
    let municipality = Municipality { id: id.clone(), name: String::new(), delregion };
    facts.region.municipalities.insert(id.clone(), municipality);
    facts.places.push(Place {
        id: PlaceId::new("buoy"),
        name: String::new(),
        point: Point::from_degrees(0.0, 0.0).expect("on the globe"),
        municipality: id,
        setup: Seconds::from_minutes(500),
    });
    // Two shifts at the same time, longer than a day, of a crew of a delregion that is gone.
    let crew = &mut facts.crews[0];
    crew.employer = Party::Municipality(MunicipalityId::new("gone"));
    crew.home_delregion = DelregionId::new("gone");
    let mut shift = crew.shifts[0].clone();
    shift.id = ShiftId::new("and again");
    let hours = shift.hours;
    shift.hours = Span::new(hours.from(), hours.to() + Seconds(200_000)).expect("longer");
    crew.shifts.push(shift);
    // The horizon is over.
    facts.as_of = facts.horizon.to() + Seconds(1);
    let live = Live::open(World::new(facts).expect("it hangs together"));
    assert_read_back(&live, 0);
}

#[test]
fn what_was_planned_before_is_kept_though_it_speaks_of_what_is_gone() {
    let world = six_visits();
    let mut plan = random_plan(&world, 7);
    plan.shifts[0].stops[0].what = StopWhat::Part { visit: VisitId::new("gone"), part: 40 };
    plan.shifts[0].stops[0].told = vec![Told { audience: "patient".to_owned(), time: world.as_of }];
    plan.shifts[1].stops[0].what = StopWhat::Break { index: 7 };
    let mut facts = world.into_facts();
    facts.previous = Some(plan);
    let live = Live::open(World::new(facts).expect("the previous plan is not looked into"));
    assert_eq!(live.told(&VisitId::new("gone"), 40).len(), 1);
    assert_read_back(&live, 3);
}

#[test]
fn more_pins_than_a_day_file_holds_are_kept() {
    let world = six_visits();
    let mut pins = world.pins.clone();
    let Event::Pinned(pin) = random_event(&world, "pinned", 0, &mut Dice::new(1)).event else {
        panic!("a pin was asked for")
    };
    let mut pin = *pin;
    pin.visit = world.visits[0].id.clone();
    pin.part = Some(0);
    pins.extend(std::iter::repeat_n(pin, 50_001));
    let mut facts = world.into_facts();
    facts.pins = pins;
    let live = Live::open(World::new(facts).expect("it hangs together"));
    let text = write_snapshot(live.world(), live.memory(), [], &BTreeMap::new(), 0);
    let read = read_snapshot(&text).unwrap_or_else(|list| panic!("{}", lines(&list)));
    assert!(read.world == *live.world());
}

#[test]
fn both_hours_of_an_autumn_night_are_told_apart() {
    // 2026-10-25T02:30:00 by the clock on the wall, for the first and for the second time.
    let first = Instant(1_792_888_200);
    let world = six_visits();
    let mut live = Live::open(world);
    let visits = [0, 1].map(|at| live.world().visits[at].id.clone());
    for (visit, at) in visits.into_iter().zip([first, first + Seconds(3600)]) {
        let event = Event::Cancelled { visit };
        let (id, by) = (EventId::new("e"), "test".to_owned());
        let recorded = Recorded { id, valid_at: at, recorded_at: at, by, why: None, event };
        live.apply(&recorded).expect("it can be cancelled");
    }
    assert_eq!(live.memory().cancelled.len(), 2);
    assert_read_back(&live, 1);
}

#[test]
fn a_snapshot_of_another_version_is_not_read() {
    let live = Live::open(six_visits());
    let text = write_snapshot(live.world(), live.memory(), [], &BTreeMap::new(), 0);
    let other = text.replacen(r#""version":1"#, r#""version":2"#, 1);
    let problems = read_snapshot(other).expect_err("it may mean anything");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["E0108"]);
    let problems = read_snapshot(SIX_VISITS).expect_err("it is a day");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["E0107"]);
}

#[test]
fn a_snapshot_whose_facts_do_not_hang_together_is_not_read() {
    let live = Live::open(six_visits());
    let text = write_snapshot(live.world(), live.memory(), [], &BTreeMap::new(), 0);
    let patient = live.world().visits[0].patient.to_string();
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    let patients = value["day"]["patients"].as_array_mut().expect("a list");
    patients.retain(|row| row["id"] != patient.as_str());
    let problems = read_snapshot(value.to_string()).expect_err("a patient is missing");
    assert!(problems.iter().all(|problem| problem.code == "E0302"), "{}", lines(&problems));
    assert!(problems[0].cause.contains(&patient), "{}", lines(&problems));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_changed_values_make_a_snapshot_panic(
        seed in 0u64..20,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4)
    ) {
        let (live, _) = eventful(world_of_minutes(seed), seed, 30);
        let (shifts, versions) = plan_of(live.world(), seed);
        let text = write_snapshot(live.world(), live.memory(), &shifts, &versions, 0);
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        for (at, other) in changes {
            let mut paths = Vec::new();
            pointers(&value, String::new(), &mut paths);
            *value.pointer_mut(&paths[at.index(paths.len())]).expect("a path of it") = other;
        }
        let read: Result<_, Vec<Problem>> = read_snapshot(value.to_string());
        prop_assert!(read.is_ok() || read.is_err_and(|problems| !problems.is_empty()));
    }
}
