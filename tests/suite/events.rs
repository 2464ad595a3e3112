//! Events and reports: what we write we read back exactly, a report is filled in as promised, and
//! every fault of a text is told at once with its place.

use proptest::prelude::*;
use rond::domain::{Event, EventId, Instant, Patient, Recorded, Seconds, VisitId, World};
use rond::wire::{
    EVENT_KINDS, Problem, REPORT_BYTES_MAX, Stamp, Terms, event_kind, event_schema, read_day,
    read_event, read_report, report_schema, reports_schema, write_event,
};
use serde_json::{Value, json};

use crate::support::dice::Dice;
use crate::support::events::{random_event, world_of_minutes};
use crate::wire::{SIX_VISITS, any_value, lines, pointers};

fn six_visits() -> World {
    read_day(SIX_VISITS).expect("the day of six visits is whole").world
}

/// 2026-03-09T08:00:00+01:00
const NOW: Instant = Instant(1_773_039_600);

fn stamp() -> Stamp {
    Stamp {
        id: EventId::new("e-1"),
        recorded_at: NOW,
        by: "the partner's system".to_owned(),
        visit: VisitId::new("v-1"),
    }
}

/// A report of the day of six visits, or the codes and paths of what is wrong with it.
fn report(kind: Option<&str>, text: &Value) -> Result<Recorded, Vec<String>> {
    let terms = Terms::of(&six_visits());
    read_report(text.to_string(), kind, &terms, &stamp()).map_err(|list| codes(&list))
}

fn codes(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code, problem.path)).collect()
}

fn visit() -> Value {
    json!({
        "patient": "p1",
        "kind": "unplanned",
        "parts": [{ "role": "doctor", "service_minutes": 30 }],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn events_of_every_kind_are_read_back_exactly(seed in 0u64..1_000_000) {
        let world = world_of_minutes(seed);
        let terms = Terms::of(&world);
        let mut dice = Dice::new(seed);
        for (number, kind) in EVENT_KINDS.iter().enumerate() {
            let event = random_event(&world, kind, number, &mut dice);
            let text = write_event(&event);
            prop_assert_eq!(event_kind(&event.event), *kind);
            prop_assert!(!text.contains('\n'), "one line: {}", text);
            let read = read_event(&text, &terms)
                .unwrap_or_else(|problems| panic!("{text}\n{}", lines(&problems)));
            prop_assert_eq!(&read, &event);
            prop_assert_eq!(write_event(&read), text);
        }
    }

    #[test]
    fn no_bytes_make_an_event_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let terms = Terms::of(&six_visits());
        let _ = read_event(&bytes, &terms);
        let _ = read_report(&bytes, None, &terms, &stamp());
        let _ = read_report(&bytes, Some("requested"), &terms, &stamp());
    }

    #[test]
    fn no_changed_values_make_an_event_panic(
        seed in 0u64..1_000_000,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4)
    ) {
        let world = world_of_minutes(seed % 20);
        let terms = Terms::of(&world);
        let kind = EVENT_KINDS[seed as usize % EVENT_KINDS.len()];
        let event = random_event(&world, kind, 0, &mut Dice::new(seed));
        let mut text: Value = serde_json::from_str(&write_event(&event)).expect("JSON");
        for (at, value) in changes {
            let mut paths = Vec::new();
            pointers(&text, String::new(), &mut paths);
            let path = &paths[at.index(paths.len())];
            *text.pointer_mut(path).expect("a path of the event") = value;
        }
        let logged = read_event(text.to_string(), &terms);
        if let Some(fields) = text.as_object_mut() {
            fields.retain(|name, _| !["id", "recorded_at", "by"].contains(&name.as_str()));
        }
        let reported = read_report(text.to_string(), None, &terms, &stamp());
        for read in [logged, reported] {
            match read {
                // What was taken in once can always be taken in again.
                Ok(read) => prop_assert_eq!(read_event(write_event(&read), &terms), Ok(read)),
                // The last resort of the reading is for what no check has found.
                Err(problems) => {
                    let is_unnamed = |problem: &Problem| problem.cause.contains("no check");
                    let is_named = !problems.iter().any(is_unnamed);
                    prop_assert!(is_named && !problems.is_empty(), "{text}\n{}", lines(&problems));
                }
            }
        }
    }
}

#[test]
fn a_report_is_filled_in_by_whoever_takes_it_in() {
    let read = report(Some("requested"), &json!({ "visit": visit() })).expect("a whole report");
    assert_eq!((read.id.as_str(), read.by.as_str()), ("e-1", "the partner's system"));
    assert_eq!((read.recorded_at, read.valid_at, &read.why), (NOW, NOW, &None));
    let Event::Requested(request) = &read.event else { panic!("{read:?}") };
    assert_eq!((request.visit.id.as_str(), request.visit.requested_at), ("v-1", NOW));

    let text = json!({
        "kind": "requested",
        "valid_at": "2026-03-09T07:30:00+01:00",
        "why": "worse than yesterday",
        "visit": visit(),
    });
    let read = report(None, &text).expect("a whole report");
    assert_eq!((read.recorded_at, read.valid_at), (NOW, NOW + Seconds(-1800)));
    assert_eq!(read.why.as_deref(), Some("worse than yesterday"));
    let Event::Requested(request) = &read.event else { panic!("{read:?}") };
    assert_eq!(request.visit.requested_at, NOW + Seconds(-1800), "asked for when it was so");

    let mut own = visit();
    own["id"] = "mine".into();
    own["requested_at"] = "2026-03-09T06:00:00+01:00".into();
    let read = report(Some("requested"), &json!({ "visit": own })).expect("a whole report");
    let Event::Requested(request) = &read.event else { panic!("{read:?}") };
    assert_eq!(request.visit.id.as_str(), "mine");
    assert_eq!(request.visit.requested_at, NOW + Seconds(-7200));
}

#[test]
fn a_report_that_is_read_can_be_read_from_the_log() {
    let terms = Terms::of(&six_visits());
    let read = report(Some("requested"), &json!({ "visit": visit() })).expect("a whole report");
    assert_eq!(read_event(write_event(&read), &terms).as_ref(), Ok(&read));
}

#[test]
fn what_is_filled_in_is_never_a_fault_of_the_text() {
    let terms = Terms::of(&six_visits());
    // A clock at its very beginning, and an id that no text may bring.
    let odd = Stamp { recorded_at: Instant(0), visit: VisitId::new(""), ..stamp() };
    let text = json!({ "visit": visit() }).to_string();
    let read = read_report(text, Some("requested"), &terms, &odd);
    assert_eq!(read.map(|read| read.valid_at), Ok(Instant(0)));
}

#[test]
fn several_threads_read_by_the_same_terms() {
    let world = six_visits();
    let terms = Terms::of(&world);
    let text = write_event(&random_event(&world, "requested", 0, &mut Dice::new(3)));
    let read: Vec<_> = std::thread::scope(|scope| {
        let threads = [0; 4].map(|_| scope.spawn(|| read_event(&text, &terms)));
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    assert!(read.iter().all(|event| event.is_ok() && *event == read[0]));
}

#[test]
fn what_is_stamped_must_not_be_sent() {
    let text = json!({
        "kind": "tick", "id": "e", "by": "me", "recorded_at": "2026-03-09T08:00:00+01:00",
        "visit": "b1",
    });
    let expected = ["E0203 /kind", "E0203 /id", "E0203 /by", "E0203 /recorded_at"];
    let mut found = report(Some("cancelled"), &text).expect_err("it says what is not its own");
    found.sort();
    let mut expected = expected.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_kind_that_nobody_reports_is_refused() {
    for kind in ["improved", "tick"] {
        assert_eq!(report(None, &json!({ "kind": kind })), Err(vec!["E0204 /kind".to_owned()]));
        assert_eq!(report(Some(kind), &json!({})), Err(vec!["E0204 ".to_owned()]));
    }
    assert_eq!(report(None, &json!({ "kind": "eaten" })), Err(vec!["E0204 /kind".to_owned()]));
    assert_eq!(report(None, &json!({ "kind": 7 })), Err(vec!["E0201 /kind".to_owned()]));
    assert_eq!(report(None, &json!({})), Err(vec!["E0202 /kind".to_owned()]));
    assert_eq!(report(None, &json!([])), Err(vec!["E0201 ".to_owned()]));
    assert_eq!(report(Some("cancelled"), &json!([])), Err(vec!["E0201 ".to_owned()]));
}

#[test]
fn every_fault_of_a_report_is_told_at_once() {
    let mut faulty = visit();
    faulty["kind"] = "nonsense".into();
    faulty["priority"] = 0.into();
    faulty["parts"][0]["service_minutes"] = "long".into();
    let text = json!({
        "visit": faulty,
        "valid_at": "2026-03-29T02:30:00+01:00",
        "held_until": "later",
        "place": { "id": "here", "lat": 15.0, "lon": 55.0, "municipality": "9999" },
        "patient": { "id": "p1", "place": "elsewhere", "care_form": "none" },
        "slots": [{ "part": 0, "shift": "s", "after": { "visit": "b1", "break": 0 } }],
        "colour": "red",
    });
    let mut found = report(Some("requested"), &text).expect_err("it is full of faults");
    found.sort();
    let expected = [
        "E0201 /visit/parts/0/service_minutes",
        "E0202 /patient/municipality",
        "E0203 /colour",
        "E0205 /visit/priority",
        "E0206 /held_until",
        "E0302 /patient/care_form",
        "E0302 /place/municipality",
        "E0302 /visit/kind",
        "E0402 /valid_at",
        "E0601 /place",
        "E0602 /slots/0/after",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_patient_lives_in_the_municipality_of_the_place_that_comes_along() {
    let place = json!({ "id": "here", "lat": 55.6, "lon": 13.0, "municipality": "1280" });
    let patient = json!({ "id": "p1", "place": "here", "care_form": "enrolled" });
    let text = json!({ "visit": visit(), "patient": patient, "place": place });
    let read = report(Some("requested"), &text).expect("a whole report");
    let Event::Requested(request) = &read.event else { panic!("{read:?}") };
    let municipality = |patient: &Patient| patient.municipality.to_string();
    assert_eq!(request.patient.as_ref().map(municipality).as_deref(), Some("1280"));

    let text = json!({ "visit": visit(), "patient": patient });
    let found = report(Some("requested"), &text);
    assert_eq!(found, Err(vec!["E0202 /patient/municipality".to_owned()]));
}

#[test]
fn an_overrun_has_an_end_and_nothing_else_has() {
    let stop = json!({ "visit": "b1", "part": 0 });
    let ends = "2026-03-09T09:00:00+01:00";
    let with = json!({ "shift": "s", "stop": stop, "step": "overrun", "ends": ends });
    assert!(report(Some("progress"), &with).is_ok());
    let without = json!({ "shift": "s", "stop": stop, "step": "overrun" });
    assert_eq!(report(Some("progress"), &without), Err(vec!["E0202 /ends".to_owned()]));
    let other = json!({ "shift": "s", "stop": stop, "step": "arrived", "ends": ends });
    assert_eq!(report(Some("progress"), &other), Err(vec!["E0603 /ends".to_owned()]));
}

#[test]
fn a_report_is_held_to_sense_and_the_log_is_not() {
    let mut closed = visit();
    closed["windows"] =
        json!([{ "from": "2026-03-09T06:00:00+01:00", "to": "2026-03-09T07:00:00+01:00" }]);
    let found = report(Some("requested"), &json!({ "visit": closed }));
    assert_eq!(found, Err(vec!["E0408 /visit/windows".to_owned()]));
    // It was taken in once, so the day must come up again with it.
    closed["id"] = "v-1".into();
    closed["requested_at"] = "2026-03-09T08:00:00+01:00".into();
    let text = json!({
        "kind": "requested", "id": "e-1", "by": "me", "visit": closed,
        "valid_at": "2026-03-09T08:00:00+01:00", "recorded_at": "2026-03-09T08:00:00+01:00",
    });
    let terms = Terms::of(&six_visits());
    assert!(read_event(text.to_string(), &terms).is_ok());
}

#[test]
fn numbers_keep_every_digit_or_are_refused() {
    let text = |seed: &str| {
        format!(
            r#"{{"kind":"improved","id":"e","valid_at":"2026-03-09T08:00:00+01:00",
            "recorded_at":"2026-03-09T08:00:00+01:00","by":"b","orders":[],
            "gain":[0,0,0,1],"seed":{seed},"work":0}}"#
        )
    };
    let terms = Terms::of(&six_visits());
    let read = read_event(text("18446744073709551615"), &terms).expect("a whole event");
    let Event::Improved(improved) = read.event else { panic!("{read:?}") };
    assert_eq!(improved.seed, u64::MAX);
    let problems = read_event(text("1e18"), &terms).expect_err("not known to its last digit");
    assert_eq!(codes(&problems), ["E0205 /seed"]);
}

#[test]
fn a_report_too_large_is_refused_before_it_is_read() {
    let text = " ".repeat(REPORT_BYTES_MAX + 1);
    let terms = Terms::of(&six_visits());
    let problems = read_report(text, Some("tick"), &terms, &stamp()).expect_err("too large");
    assert_eq!(codes(&problems), ["E0105 "]);
}

#[test]
fn the_schema_takes_every_event_and_tells_kinds_apart() {
    let schema = event_schema();
    let check = jsonschema::validator_for(&schema).expect("it is a schema");
    let mut dice = Dice::new(5);
    for seed in 0..20 {
        let world = world_of_minutes(seed);
        for (number, kind) in EVENT_KINDS.iter().enumerate() {
            let text = write_event(&random_event(&world, kind, number, &mut dice));
            let event: Value = serde_json::from_str(&text).expect("JSON");
            assert!(check.is_valid(&event), "{text}");
            let mut other = event;
            other["kind"] = "eaten".into();
            assert!(!check.is_valid(&other), "{other}");
        }
    }
}

#[test]
fn the_schemas_of_reports_take_what_is_read_and_nothing_that_is_stamped() {
    let text = json!({ "visit": visit() });
    let of_kind = jsonschema::validator_for(&report_schema("requested")).expect("a schema");
    assert!(of_kind.is_valid(&text));
    let mut with_kind = text.clone();
    with_kind["kind"] = "requested".into();
    assert!(!of_kind.is_valid(&with_kind), "the kind is known from elsewhere");
    let of_any = jsonschema::validator_for(&reports_schema()).expect("a schema");
    assert!(of_any.is_valid(&with_kind) && !of_any.is_valid(&text));
    for stamped in ["id", "by", "recorded_at"] {
        with_kind[stamped] = "2026-03-09T08:00:00+01:00".into();
        assert!(!of_any.is_valid(&with_kind), "{stamped}");
        with_kind.as_object_mut().expect("an object").shift_remove(stamped);
    }
    for kind in ["tick", "improved", "eaten"] {
        assert_eq!(report_schema(kind), Value::Bool(false), "nobody reports {kind}");
    }
}
