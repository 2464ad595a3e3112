//! Days that have not the shape of a day.

use serde_json::json;

use super::{Broken, Push, Remove, Set};

pub fn cases() -> Vec<Broken> {
    let mut cases = fields();
    cases.extend(values());
    cases.extend(numbers());
    cases.extend(texts());
    cases.extend(policies());
    cases.extend(regions());
    cases
}

fn fields() -> Vec<Broken> {
    vec![
        Broken {
            name: "fields missing at every level",
            changes: vec![
                Remove("/as_of"),
                Remove("/horizon/to"),
                Remove("/places/3/lat"),
                Remove("/visits/0/parts/1/service_minutes"),
                Remove("/crews/2/shifts/0/from"),
            ],
            faults: &[
                ("E0202", "/as_of"),
                ("E0202", "/horizon/to"),
                ("E0202", "/places/3/lat"),
                ("E0202", "/visits/0/parts/1/service_minutes"),
                ("E0202", "/crews/2/shifts/0/from"),
            ],
        },
        Broken {
            name: "whole lists missing: what refers to them is not blamed",
            changes: vec![Remove("/places"), Remove("/crews")],
            faults: &[("E0202", "/places"), ("E0202", "/crews")],
        },
        Broken {
            name: "fields that nobody knows",
            changes: vec![
                Set("/comment", json!("hej")),
                Set("/visits/1/diagnosis", json!("I50")),
                Set("/crews/0/shifts/0/breaks/0/paid", json!(true)),
                Set("/patients/2/a~b", json!(1)),
            ],
            faults: &[
                ("E0203", "/comment"),
                ("E0203", "/visits/1/diagnosis"),
                ("E0203", "/crews/0/shifts/0/breaks/0/paid"),
                ("E0203", "/patients/2/a~0b"),
            ],
        },
        Broken {
            name: "ids that are numbers: references to them are not blamed",
            changes: vec![
                Set("/places/0/id", json!(7)),
                Set("/patients/0/id", json!(1)),
                Set("/crews/0/id", json!(null)),
            ],
            faults: &[
                ("E0201", "/places/0/id"),
                ("E0201", "/patients/0/id"),
                ("E0201", "/crews/0/id"),
            ],
        },
        Broken {
            name: "version and format missing",
            changes: vec![Remove("/version"), Remove("/format")],
            faults: &[("E0202", "/version"), ("E0202", "/format")],
        },
        Broken {
            name: "version and format of wrong types",
            changes: vec![Set("/version", json!("1")), Set("/format", json!(["rond-day"]))],
            faults: &[("E0201", "/version"), ("E0201", "/format")],
        },
    ]
}

fn values() -> Vec<Broken> {
    vec![
        Broken {
            name: "wrong types",
            changes: vec![
                Set("/visits/0/parts/0/service_minutes", json!("40")),
                Set("/visits/1/windows", json!("morning")),
                Set("/visits/2", json!("b3")),
                Set("/horizon", json!([])),
                Set("/crews/1/roles", json!("doctor")),
                Set("/visits/0/same_crew_allowed", json!("no")),
            ],
            faults: &[
                ("E0201", "/visits/0/parts/0/service_minutes"),
                ("E0201", "/visits/1/windows"),
                ("E0201", "/visits/2"),
                ("E0201", "/horizon"),
                ("E0201", "/crews/1/roles"),
                ("E0201", "/visits/0/same_crew_allowed"),
            ],
        },
        Broken {
            name: "nothing where something must be",
            changes: vec![
                Set("/visits/0/parts", json!([])),
                Set("/crews/1/roles", json!([])),
                Set("/visits/1/id", json!("")),
                Set("/visits/2/patient", json!(null)),
            ],
            faults: &[
                ("E0207", "/visits/0/parts"),
                ("E0207", "/crews/1/roles"),
                ("E0206", "/visits/1/id"),
                ("E0201", "/visits/2/patient"),
            ],
        },
    ]
}

fn numbers() -> Vec<Broken> {
    vec![
        Broken {
            name: "service times that no visit has",
            changes: vec![
                Set("/visits/0/parts/0/service_minutes", json!(0)),
                Set("/visits/0/parts/1/service_minutes", json!(-5)),
                Set("/visits/2/parts/0/service_minutes", json!(721)),
                Set("/visits/3/parts/0/service_minutes", json!(20.5)),
            ],
            faults: &[
                ("E0205", "/visits/0/parts/0/service_minutes"),
                ("E0205", "/visits/0/parts/1/service_minutes"),
                ("E0205", "/visits/2/parts/0/service_minutes"),
                ("E0201", "/visits/3/parts/0/service_minutes"),
            ],
        },
        Broken {
            name: "huge numbers",
            changes: vec![
                Set("/visits/2/parts/0/service_minutes", json!(i64::MAX)),
                Set("/visits/3/parts/0/service_minutes", json!(1e300)),
                Set("/places/1/setup_minutes", json!(u64::MAX)),
                Set("/crews/0/shifts/0/overtime_max_minutes", json!(9e15)),
                Set("/visits/0/priority", json!(300)),
                Set("/visits/0/meetings/0/lag_minutes", json!([i64::MIN, i64::MAX])),
            ],
            faults: &[
                ("E0205", "/visits/2/parts/0/service_minutes"),
                ("E0205", "/visits/3/parts/0/service_minutes"),
                ("E0205", "/places/1/setup_minutes"),
                ("E0205", "/crews/0/shifts/0/overtime_max_minutes"),
                ("E0205", "/visits/0/priority"),
                ("E0205", "/visits/0/meetings/0/lag_minutes/0"),
                ("E0205", "/visits/0/meetings/0/lag_minutes/1"),
            ],
        },
        Broken {
            name: "a latitude off the globe, a longitude in words",
            changes: vec![Set("/places/3/lat", json!(955.43)), Set("/places/4/lon", json!("öst"))],
            faults: &[("E0205", "/places/3/lat"), ("E0201", "/places/4/lon")],
        },
        Broken {
            name: "lags that are no pairs",
            changes: vec![
                Set("/visits/0/meetings/0/lag_minutes", json!([5])),
                Set("/visits/1/meetings/0/lag_minutes", json!([0, 5, 10])),
            ],
            faults: &[
                ("E0207", "/visits/0/meetings/0/lag_minutes"),
                ("E0207", "/visits/1/meetings/0/lag_minutes"),
            ],
        },
    ]
}

fn texts() -> Vec<Broken> {
    vec![
        Broken {
            name: "times that do not look like times",
            changes: vec![
                Set("/as_of", json!("2026-03-10 07:00")),
                Set("/visits/0/requested_at", json!("i går")),
                Set("/visits/1/windows/0/from", json!("2026-03-10T09:00:00")),
                Set("/visits/2/requested_at", json!(1_773_000_000)),
            ],
            faults: &[
                ("E0206", "/as_of"),
                ("E0206", "/visits/0/requested_at"),
                ("E0206", "/visits/1/windows/0/from"),
                ("E0201", "/visits/2/requested_at"),
            ],
        },
        Broken {
            name: "names longer than any name",
            changes: vec![
                Set("/places/0/name", json!("x".repeat(201))),
                Set("/crews/2/kind", json!("y".repeat(101))),
            ],
            faults: &[("E0206", "/places/0/name"), ("E0206", "/crews/2/kind")],
        },
    ]
}

fn policies() -> Vec<Broken> {
    let policy: serde_json::Value =
        serde_json::from_str(include_str!("../../../data/policy/skane.json")).expect("JSON");
    vec![
        Broken {
            name: "a policy with words that are not allowed, and promises without a deadline",
            changes: vec![
                Set("/policy", policy.clone()),
                Set("/policy/areas/0/scope", json!("everywhere")),
                Set("/policy/promises/0/tier", json!("cost")),
                Set("/policy/promises/0/lateness/steps/0/points", json!(0)),
                Remove("/policy/promises/1/working_days"),
                Set("/policy/responsibility/0/hours/days/0", json!("workday")),
                Set("/policy/responsibility/1/hours/to", json!("25:00")),
                Set("/policy/prices/border", json!(-1)),
            ],
            faults: &[
                ("E0204", "/policy/areas/0/scope"),
                ("E0204", "/policy/promises/0/tier"),
                ("E0205", "/policy/promises/0/lateness/steps/0/points"),
                ("E0602", "/policy/promises/1"),
                ("E0204", "/policy/responsibility/0/hours/days/0"),
                ("E0206", "/policy/responsibility/1/hours/to"),
                ("E0205", "/policy/prices/border"),
            ],
        },
        Broken {
            name: "a policy that speaks of what it does not have",
            changes: vec![
                Set("/policy", policy),
                Set("/policy/promises/0/kind", json!("urgent")),
                Set("/policy/care_forms/1/kinds/0", json!("urgent")),
                Set("/policy/responsibility/0/care_form", json!("listed")),
                Set("/policy/lending/0/from", json!("Skaraborg")),
                Set(
                    "/policy/lending/1/hours",
                    json!({"days": ["any"], "from": "22:00", "to": "06:00"}),
                ),
                Set("/policy/kinds/3/id", json!("planned")),
                Set("/visits/5/kind", json!("planned")),
            ],
            faults: &[
                ("E0302", "/policy/promises/0/kind"),
                ("E0302", "/policy/care_forms/1/kinds/0"),
                ("E0302", "/policy/care_forms/1/kinds/1"),
                ("E0302", "/policy/care_forms/2/kinds/2"),
                ("E0302", "/policy/responsibility/0/care_form"),
                ("E0302", "/policy/lending/0/from"),
                ("E0405", "/policy/lending/1/hours"),
                ("E0301", "/policy/kinds/3/id"),
            ],
        },
    ]
}

fn regions() -> Vec<Broken> {
    let region: serde_json::Value =
        serde_json::from_str(include_str!("../../../data/regions/skane.json")).expect("JSON");
    vec![Broken {
        name: "a region without one of its municipalities, and one in no delregion",
        changes: vec![
            Set("/region", region),
            Set("/region/municipalities/0/delregion", json!("Sydvästra")),
            Set("/region/municipalities/1/id", json!("1214")),
            Push("/region/municipalities", json!({"id": "9999", "name": "Ny"})),
            Set("/region/bounds/north", json!(99)),
        ],
        faults: &[
            ("E0302", "/region/municipalities/0/delregion"),
            ("E0301", "/region/municipalities/1/id"),
            ("E0202", "/region/municipalities/33/delregion"),
            ("E0205", "/region/bounds/north"),
        ],
    }]
}
