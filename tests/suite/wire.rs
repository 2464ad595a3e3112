//! Files: what we write we read back exactly, and nothing that we are given makes us panic.

use proptest::prelude::*;
use rond::domain::{
    Instant, Metres, Plan, Provenance, Reason, Score, Seconds, ShiftPlan, Stop, StopWhat,
    TableFingerprint, Told, Unassigned, VisitId, Why, World,
};
use rond::wire::{
    Format, Problem, crew_calendars, errors_page, plan_csv, plan_geojson, read_day, read_plan,
    read_policy, read_region, schema, shipped_policy, shipped_region, write_day, write_plan,
    write_policy, write_region,
};
use serde_json::Value;

use crate::support::dice::Dice;
use crate::support::worlds::{Shape, random_world};

/// The day of six visits that ships.
pub const SIX_VISITS: &str = include_str!("../../data/days/sex-besok.json");

fn six_visits() -> World {
    read_day(SIX_VISITS).expect("the day of six visits is whole").world
}

#[test]
fn the_day_of_six_visits_is_whole_and_written_as_it_was_read() {
    let day = read_day(SIX_VISITS).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    assert!(day.notes.is_empty());
    assert_eq!((day.world.visits.len(), day.world.crews.len()), (6, 4));
    let given: Value = serde_json::from_str(SIX_VISITS).expect("JSON");
    let written: Value = serde_json::from_str(&write_day(&day.world)).expect("JSON");
    let mut differences = Vec::new();
    compare(&given, &written, "", &mut differences);
    assert_eq!(differences, Vec::<String>::new());
}

/// What is in the file that was given and not the same in the one written. What was left out may
/// have been written as its default.
fn compare(given: &Value, written: &Value, path: &str, differences: &mut Vec<String>) {
    match (given, written) {
        (Value::Object(fields), Value::Object(_)) => {
            for (key, value) in fields {
                let other = written.get(key).unwrap_or(&Value::Null);
                compare(value, other, &format!("{path}/{key}"), differences);
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (at, (item, other)) in items.iter().zip(others).enumerate() {
                compare(item, other, &format!("{path}/{at}"), differences);
            }
        }
        _ if given == written => {}
        _ => differences.push(format!("{path}: {given} became {written}")),
    }
}

#[test]
fn the_shipped_policy_and_region_are_whole_and_written_as_they_were_read() {
    assert_eq!(shipped_region().municipalities.len(), 33);
    assert_eq!(shipped_policy().promises.len(), 2);
    let policy = write_policy(shipped_policy());
    assert_eq!(write_policy(&read_policy(&policy).expect("our own policy")), policy);
    let region = write_region(shipped_region());
    assert_eq!(write_region(&read_region(&region).expect("our own region")), region);
}

#[test]
fn random_days_are_read_back_exactly() {
    let mut read_back = 0;
    for seed in 0..400 {
        let mut facts = random_world(seed, &Shape::small()).into_facts();
        // A file may lend only between delregioner that there are, and random worlds give care
        // forms visits that they do not allow.
        facts.policy.care_forms.iter_mut().for_each(|form| form.kinds.clear());
        // Lengths in files are whole minutes.
        for part in facts.visits.iter_mut().flat_map(|visit| &mut visit.parts) {
            part.service = Seconds::from_minutes(part.service.minutes_begun());
        }
        let region = facts.region.clone();
        facts.policy.lending.retain(|row| {
            [&row.from, &row.to].into_iter().all(|id| {
                region.municipalities.values().any(|municipality| municipality.delregion == *id)
            })
        });
        let world = World::new(facts).expect("the world without some lending rows");
        let text = write_day(&world);
        match read_day(&text) {
            Ok(day) => {
                read_back += 1;
                assert_eq!(write_day(&day.world), text, "seed {seed}");
                let (read, made) = (facts_of(&day.world), facts_of(&world));
                let difference = read.lines().zip(made.lines()).find(|(one, other)| one != other);
                assert_eq!(difference, None, "seed {seed}");
            }
            // Random worlds may hold visits that nobody can ever make; files must not.
            Err(problems) => {
                let others = |problem: &&Problem| {
                    !["E0406", "E0408", "E0501", "E0504", "E0507"].contains(&problem.code)
                };
                let others: Vec<Problem> = problems.iter().filter(others).cloned().collect();
                assert!(others.is_empty(), "seed {seed}: {}", lines(&others));
            }
        }
    }
    assert!(read_back > 100, "only {read_back} random days of 400 were read back");
}

/// All facts of a world, for comparing.
fn facts_of(world: &World) -> String {
    format!("{:#?}", world.clone().into_facts())
}

#[test]
fn a_previous_plan_may_speak_of_what_is_gone_and_that_is_noted() {
    let world = six_visits();
    let mut plan = random_plan(&world, 7);
    plan.shifts[0].stops[0].what = StopWhat::Part { visit: VisitId::new("gone"), part: 0 };
    plan.shifts[0].stops[0].told = vec![Told { audience: "patient".to_owned(), time: world.as_of }];
    plan.shifts[0].stops.truncate(1);
    plan.shifts.truncate(1);
    plan.unassigned.clear();
    let mut facts = world.into_facts();
    facts.previous = Some(plan);
    let world = World::new(facts).expect("the previous plan is not looked into");
    let day = read_day(write_day(&world)).unwrap_or_else(|list| panic!("{}", lines(&list)));
    let notes: Vec<String> = day.notes.iter().map(ToString::to_string).collect();
    let expected = "Note at /previous/shifts/0/stops/0/visit: the previous plan speaks of visit \
                    gone, which is gone; patient had been told of it.";
    assert_eq!(notes, [expected]);
    let previous = day.world.previous.as_ref().expect("the previous plan is kept");
    assert_eq!(previous.shifts[0].stops.len(), 1, "what was told is not forgotten");
}

#[test]
fn the_default_for_several_parts_is_that_they_start_together() {
    let mut day: Value = serde_json::from_str(SIX_VISITS).expect("JSON");
    let visit = day.pointer_mut("/visits/0").and_then(Value::as_object_mut).expect("a visit");
    visit.remove("meetings");
    let world = read_day(day.to_string()).expect("a whole day").world;
    let meeting = world.visits[0].meetings[0];
    assert_eq!((meeting.first, meeting.second), (0, 1));
    assert_eq!((meeting.lag_min, meeting.lag_max), (Seconds::ZERO, Seconds::ZERO));
}

#[test]
fn a_region_of_another_name_works_as_well() {
    let region = r#"{
        "format": "rond-region", "version": 1, "name": "Halland",
        "delregioner": [{"id": "Norra", "name": "Norra Halland"}],
        "municipalities": [{"id": "1384", "name": "Kungsbacka", "delregion": "Norra"}]
    }"#;
    assert!(read_region(region).is_ok());
    let mut day: Value = serde_json::from_str(SIX_VISITS).expect("JSON");
    day["region"] = serde_json::from_str(region).expect("JSON");
    for list in ["places", "crews"] {
        for item in day[list].as_array_mut().expect("a list") {
            if list == "places" {
                item["municipality"] = "1384".into();
            } else {
                item["home_delregion"] = "Norra".into();
                if item["employer"] != "region" {
                    item["employer"] = "1384".into();
                }
            }
        }
    }
    let day = read_day(day.to_string()).unwrap_or_else(|list| panic!("{}", lines(&list)));
    assert_eq!(day.world.region.municipalities.len(), 1);
    assert!(write_day(&day.world).contains("Kungsbacka"), "what is not shipped is written");
}

#[test]
fn a_day_as_large_as_can_be_is_read() {
    let mut day: Value = serde_json::from_str(SIX_VISITS).expect("JSON");
    let visit = day["visits"][1].clone();
    let visits = (0..50_000).map(|number| {
        let mut visit = visit.clone();
        visit["id"] = format!("b{number}").into();
        visit
    });
    day["visits"] = visits.collect();
    let text = day.to_string();
    let read = read_day(&text).unwrap_or_else(|list| panic!("{}", lines(&list)));
    assert_eq!(read.world.visits.len(), 50_000);
}

#[test]
fn schemas_name_their_format() {
    for format in Format::ALL {
        let schema = schema(format);
        assert_eq!(schema["title"], format.name());
        assert_eq!(schema["properties"]["format"]["const"], format.name());
    }
    assert!(errors_page().contains("E0501"));
}

#[test]
fn a_plan_becomes_a_table_a_map_and_calendars() {
    let world = six_visits();
    let plan = random_plan(&world, 3);
    let stops: usize = plan.shifts.iter().map(|shift| shift.stops.len()).sum();
    let table = plan_csv(&world, &plan);
    assert_eq!(table.lines().count(), stops + 1);
    assert!(table.starts_with("crew,crew_kind,shift,stop,visit,part,role,"));

    let map: Value = serde_json::from_str(&plan_geojson(&world, &plan)).expect("GeoJSON is JSON");
    let features = map["features"].as_array().expect("a collection of features");
    let of_type =
        |name: &str| features.iter().filter(|feature| feature["geometry"]["type"] == name).count();
    assert_eq!(of_type("LineString"), plan.shifts.len());
    let breaks = plan.shifts.iter().flat_map(|shift| &shift.stops);
    let breaks = breaks.filter(|stop| matches!(stop.what, StopWhat::Break { .. })).count();
    assert_eq!(of_type("Point"), stops - breaks + plan.unassigned.len());

    let calendars = crew_calendars(&world, &plan);
    let events: usize =
        calendars.iter().map(|calendar| calendar.text.matches("BEGIN:VEVENT").count()).sum();
    assert_eq!(events, stops);
    assert_eq!(calendars, crew_calendars(&world, &plan), "no clock and no chance is in them");
    assert!(calendars.iter().all(|calendar| calendar.file_name.is_ascii()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn plans_are_read_back_exactly(seed in 0u64..1_000_000) {
        let world = six_visits();
        let plan = random_plan(&world, seed);
        let text = write_plan(&plan);
        let read = read_plan(&text, &world)
            .unwrap_or_else(|problems| panic!("{}", lines(&problems)));
        prop_assert_eq!(format!("{:?}", read), format!("{:?}", plan));
        prop_assert_eq!(write_plan(&read), text);
    }

    #[test]
    fn no_bytes_make_us_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_day(&bytes);
        let _ = read_policy(&bytes);
        let _ = read_region(&bytes);
    }

    #[test]
    fn no_changed_bytes_make_us_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = SIX_VISITS.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_day(&bytes);
    }

    #[test]
    fn no_changed_values_make_us_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..6)
    ) {
        let mut day: Value = serde_json::from_str(SIX_VISITS).expect("JSON");
        for (at, value) in changes {
            let mut paths = Vec::new();
            pointers(&day, String::new(), &mut paths);
            let path = &paths[at.index(paths.len())];
            *day.pointer_mut(path).expect("a path of the day") = value;
        }
        if let Err(problems) = read_day(day.to_string()) {
            prop_assert!(!problems.is_empty());
            // The last resort of the reading, for what no check has found.
            let unnamed = problems.iter().find(|problem| problem.cause.contains("no check"));
            prop_assert!(unnamed.is_none(), "{}", lines(&problems));
        }
    }
}

/// Values that fit nowhere, or nearly.
pub fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-20i64..2000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(Value::from("2026-03-29T02:30:00+01:00")),
        Just(Value::from("2026-03-10T12:00:00+01:00")),
        Just(Value::from("p1")),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!([[0, 0], {"id": 3}])),
    ]
}

/// The paths of every value of a document.
pub fn pointers(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, format!("{path}/{at}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                pointers(field, format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
    found.push(path);
}

/// A plan with every field drawn: far from legal, but well-formed.
pub fn random_plan(world: &World, seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let mut shifts = Vec::new();
    for crew in &world.crews {
        for shift in &crew.shifts {
            let count = dice.within(1..=4);
            let stops = (0..count).map(|_| random_stop(world, shift.breaks.len(), &mut dice));
            shifts.push(ShiftPlan {
                crew: crew.id.clone(),
                shift: shift.id.clone(),
                stops: stops.collect(),
                depart: random_instant(world, &mut dice),
                travel_back: Seconds(dice.within(0..=10_000)),
                metres_back: Metres(dice.within(0..=100_000)),
                back: random_instant(world, &mut dice),
            });
        }
    }
    let reasons = [
        Reason::ProvenImpossible { part: 0 },
        Reason::NoPlaceInThisPlan,
        Reason::NotFoundWithinBudget,
        Reason::Pinned,
    ];
    let unassigned = Unassigned {
        visit: dice.pick(&world.visits).id.clone(),
        deferred: dice.chance(50),
        reason: dice.pick(&reasons).clone(),
    };
    let tiers = [0; 4].map(|_| dice.within(0..=1_000_000_000));
    let travel = dice.chance(50).then(|| random_provenance(world, &mut dice));
    Plan { shifts, unassigned: vec![unassigned], score: Score { tiers }, travel }
}

fn random_provenance(world: &World, dice: &mut Dice) -> Provenance {
    let text = |text: &str| text.to_owned();
    let fingerprint = TableFingerprint(dice.within(0..=1_000_000_000) as u64);
    let mut provenance = Provenance::of_one("osrm", fingerprint, world.places.len());
    let first = &mut provenance.served[0];
    first.fetched = Some(random_instant(world, dice));
    first.is_stored = dice.chance(50);
    first.data = dice.chance(50).then(|| text("2026-11-01"));
    first.attribution = dice.chance(50).then(|| text("© OpenStreetMap contributors"));
    let mut second = Provenance::of_one("straight-line", fingerprint, 1).served.remove(0);
    second.places = vec![dice.pick(&world.places).id.clone()];
    second.why = Some(Why { code: text("E0706"), text: text("no road near") });
    provenance.served.push(second);
    provenance
}

fn random_stop(world: &World, breaks: usize, dice: &mut Dice) -> Stop {
    let visit = dice.pick(&world.visits).clone();
    let part = dice.within(0..=visit.parts.len() as i64 - 1) as usize;
    let what = if breaks > 0 && dice.chance(30) {
        StopWhat::Break { index: 0 }
    } else {
        StopWhat::Part { visit: visit.id.clone(), part }
    };
    let told = Told { audience: "patient".to_owned(), time: random_instant(world, dice) };
    Stop {
        what,
        place: dice.pick(&world.places).id.clone(),
        travel: Seconds(dice.within(0..=10_000)),
        metres: Metres(dice.within(0..=100_000)),
        arrive: random_instant(world, dice),
        start: random_instant(world, dice),
        end: random_instant(world, dice),
        slack: Seconds(dice.within(-100..=100_000)),
        held_until: dice.chance(30).then(|| random_instant(world, dice)),
        told: if dice.chance(50) { vec![told] } else { Vec::new() },
    }
}

/// A moment within a year, with seconds; clock changes included.
fn random_instant(world: &World, dice: &mut Dice) -> Instant {
    world.as_of + Seconds(dice.within(0..=31_536_000))
}

/// Problems, one per line.
pub fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}
