//! Days of the right shape that make no sense.

use serde_json::{Value, json};

use super::{Broken, Push, Set};

pub fn cases() -> Vec<Broken> {
    let mut cases = ids();
    cases.extend(times());
    cases.extend(shifts());
    cases.extend(windows());
    cases.extend(people());
    cases.extend(among_faults());
    cases.extend(meetings());
    cases.extend(places_and_pins());
    cases.extend(previous_plans());
    cases.extend(traffic());
    cases
}

/// A time on the day of the six visits.
fn at(clock: &str) -> String {
    format!("2026-03-10T{clock}:00+01:00")
}

fn span(from: &str, to: &str) -> Value {
    json!({"from": at(from), "to": at(to)})
}

fn traffic() -> Vec<Broken> {
    let rush = json!({"days": ["working"], "from": "07:00", "to": "09:00"});
    vec![Broken {
        name: "traffic in two areas at once, nowhere, backwards, and faster than anyone drives",
        changes: vec![Set(
            "/traffic",
            json!({
                "hours": [
                    {"delregion": "Malmö", "municipality": "1280", "hours": rush, "percent": 130},
                    {"delregion": "Atlantis", "hours": rush, "percent": 130},
                    {"hours": rush, "percent": 1}
                ],
                "incidents": [
                    {"from": at("12:00"), "to": at("11:00"), "percent": 200, "reason": "snö"}
                ]
            }),
        )],
        faults: &[
            ("E0602", "/traffic/hours/0"),
            ("E0302", "/traffic/hours/1/delregion"),
            ("E0205", "/traffic/hours/2/percent"),
            ("E0405", "/traffic/incidents/0"),
        ],
    }]
}

fn ids() -> Vec<Broken> {
    vec![
        Broken {
            name: "ids used twice",
            changes: vec![
                Set("/places/6/id", json!("hem-tomelilla")),
                Set("/patients/4/place", json!("hem-tomelilla")),
                Set("/patients/3/id", json!("p3")),
                Set("/visits/3/patient", json!("p3")),
                Set("/visits/4/id", json!("b1")),
                Set("/crews/1/id", json!("läkare-ystad")),
                Set("/crews/3/shifts/0/id", json!("ssk-ystad-tis")),
            ],
            faults: &[
                ("E0301", "/places/6/id"),
                ("E0301", "/patients/3/id"),
                ("E0301", "/visits/4/id"),
                ("E0301", "/crews/1/id"),
                ("E0301", "/crews/3/shifts/0/id"),
            ],
        },
        Broken {
            name: "ids that name nothing",
            changes: vec![
                Set("/visits/0/patient", json!("p9")),
                Set("/visits/1/kind", json!("akut")),
                Set("/patients/2/place", json!("hem-borta")),
                Set("/patients/3/care_form", json!("listad")),
                Set("/patients/1/named_doctor", json!("dr-x")),
                Set("/crews/0/shifts/0/start_place", json!("vc-borta")),
            ],
            faults: &[
                ("E0302", "/visits/0/patient"),
                ("E0302", "/visits/1/kind"),
                ("E0302", "/patients/2/place"),
                ("E0302", "/patients/3/care_form"),
                ("E0302", "/patients/1/named_doctor"),
                ("E0302", "/crews/0/shifts/0/start_place"),
            ],
        },
        Broken {
            name: "a crew of no employer and no delregion: nobody is blamed for lacking it",
            changes: vec![
                Set("/crews/3/employer", json!("1299")),
                Set("/crews/1/home_delregion", json!("Österlen")),
            ],
            faults: &[("E0302", "/crews/3/employer"), ("E0302", "/crews/1/home_delregion")],
        },
    ]
}

fn times() -> Vec<Broken> {
    vec![
        Broken {
            name: "times in the hour that summer time skips",
            changes: vec![
                Set("/visits/0/requested_at", json!("2026-03-29T02:30:00+01:00")),
                Set("/visits/1/requested_at", json!("2026-03-29T02:00:00+02:00")),
            ],
            faults: &[("E0402", "/visits/0/requested_at"), ("E0402", "/visits/1/requested_at")],
        },
        Broken {
            name: "offsets that Sweden does not have then",
            changes: vec![
                Set("/as_of", json!("2026-03-10T07:00:00+02:00")),
                Set("/visits/2/requested_at", json!("2025-07-01T07:00:00+01:00")),
                Set("/visits/3/requested_at", json!("2026-03-01T07:00:00-05:00")),
            ],
            faults: &[
                ("E0403", "/as_of"),
                ("E0403", "/visits/2/requested_at"),
                ("E0403", "/visits/3/requested_at"),
            ],
        },
        Broken {
            name: "dates and times that no calendar and no clock has",
            changes: vec![
                Set("/visits/0/requested_at", json!("2026-02-30T07:00:00+01:00")),
                Set("/visits/1/requested_at", json!("2026-13-01T07:00:00+01:00")),
                Set("/visits/2/requested_at", json!("2026-03-01T24:30:00+01:00")),
                Set("/visits/3/requested_at", json!("1926-03-01T07:00:00+01:00")),
                Set("/visits/4/requested_at", json!("9999-12-31T07:00:00+01:00")),
            ],
            faults: &[
                ("E0401", "/visits/0/requested_at"),
                ("E0401", "/visits/1/requested_at"),
                ("E0401", "/visits/2/requested_at"),
                ("E0404", "/visits/3/requested_at"),
                ("E0404", "/visits/4/requested_at"),
            ],
        },
        Broken {
            name: "a horizon the wrong way round",
            changes: vec![Set("/horizon", span("18:00", "07:00"))],
            faults: &[("E0405", "/horizon")],
        },
        Broken {
            name: "a horizon of a year",
            changes: vec![Set("/horizon/to", json!("2027-03-10T07:00:00+01:00"))],
            faults: &[("E0412", "/horizon")],
        },
        Broken {
            name: "now is after the horizon",
            changes: vec![Set("/as_of", json!(at("18:00")))],
            faults: &[("E0413", "/as_of")],
        },
    ]
}

fn shifts() -> Vec<Broken> {
    let shift = |id: &str, from: &str, to: &str| {
        let (from, to) = (at(from), at(to));
        json!({"id": id, "start_place": "vc-ystad", "from": from, "to": to})
    };
    vec![
        Broken {
            name: "shifts that overlap, two of them",
            changes: vec![
                Push("/crews/0/shifts", shift("a", "15:00", "20:00")),
                Push("/crews/0/shifts", shift("b", "19:30", "21:00")),
                Push("/crews/2/shifts", shift("c", "06:00", "07:31")),
            ],
            faults: &[
                ("E0409", "/crews/0/shifts/1"),
                ("E0409", "/crews/0/shifts/2"),
                ("E0409", "/crews/2/shifts/0"),
            ],
        },
        Broken {
            name: "shifts that end before they start, or last for days",
            changes: vec![
                Set("/crews/0/shifts/0/to", json!(at("07:00"))),
                Set("/crews/1/shifts/0/to", json!("2026-03-12T08:00:00+01:00")),
            ],
            faults: &[("E0405", "/crews/0/shifts/0"), ("E0411", "/crews/1/shifts/0")],
        },
        Broken {
            name: "breaks longer than their windows, outside the shift, on top of one another",
            changes: vec![
                Set("/crews/0/shifts/0/breaks/0/length_minutes", json!(121)),
                Set(
                    "/crews/1/shifts/0/breaks",
                    json!([
                        {"from": at("16:30"), "to": at("17:30"), "length_minutes": 30},
                    ]),
                ),
                Set(
                    "/crews/2/shifts/0/breaks",
                    json!([
                        {"from": at("11:00"), "to": at("12:00"), "length_minutes": 30},
                        {"from": at("11:30"), "to": at("13:00"), "length_minutes": 30},
                    ]),
                ),
            ],
            faults: &[
                ("E0410", "/crews/0/shifts/0/breaks/0"),
                ("E0410", "/crews/1/shifts/0/breaks/0"),
                ("E0410", "/crews/2/shifts/0/breaks/1"),
            ],
        },
    ]
}

fn windows() -> Vec<Broken> {
    vec![
        Broken {
            name: "windows the wrong way round, empty, overlapping",
            changes: vec![
                Set("/visits/0/windows", json!([span("12:00", "10:00"), span("13:00", "13:00")])),
                Set("/visits/1/windows/1", span("09:30", "11:00")),
            ],
            faults: &[
                ("E0405", "/visits/0/windows/0"),
                ("E0405", "/visits/0/windows/1"),
                ("E0407", "/visits/1/windows/1"),
            ],
        },
        Broken {
            name: "windows too short for what is to be done in them",
            changes: vec![
                Set("/visits/2/windows", json!([span("09:00", "09:20"), span("10:00", "10:29")])),
                Set("/visits/1/windows", json!([span("09:00", "09:35")])),
            ],
            faults: &[
                ("E0406", "/visits/2/parts/0/service_minutes"),
                ("E0406", "/visits/1/parts/0/service_minutes"),
            ],
        },
        Broken {
            name: "windows that closed before anybody asked",
            changes: vec![
                Set("/visits/0/windows", json!([span("05:00", "06:30")])),
                Set("/visits/1/requested_at", json!(at("15:00"))),
            ],
            faults: &[("E0408", "/visits/0/windows"), ("E0408", "/visits/1/windows")],
        },
    ]
}

fn people() -> Vec<Broken> {
    vec![
        Broken {
            name: "roles and skills that nobody has",
            changes: vec![
                Set("/visits/0/parts/1/role", json!("nuse")),
                Set("/visits/2/parts/0/skills", json!(["ultraljud"])),
                Set("/visits/5/parts/0/role", json!("physiotherapist")),
            ],
            faults: &[
                ("E0501", "/visits/0/parts/1"),
                ("E0501", "/visits/2/parts/0"),
                ("E0501", "/visits/5/parts/0"),
            ],
        },
        Broken {
            name: "nurses of the wrong municipality, doctors of the wrong delregion",
            changes: vec![
                Set("/places/4/municipality", json!("1291")),
                Set("/places/6/municipality", json!("1293")),
                Set("/patients/5/place", json!("hem-brosarp")),
                Set("/crews/1/kind", json!("doctor")),
                Set("/patients/1/municipality", json!("1286")),
            ],
            faults: &[
                ("E0501", "/visits/0/parts/1"),
                ("E0501", "/visits/1/parts/1"),
                ("E0501", "/visits/4/parts/0"),
                ("E0501", "/visits/5/parts/0"),
            ],
        },
        Broken {
            name: "two nurses at once where there is one, unless one may do both",
            changes: vec![
                Push("/visits/0/parts", json!({"role": "nurse", "service_minutes": 20})),
                Push("/visits/1/parts", json!({"role": "nurse", "service_minutes": 20})),
                Set("/visits/1/same_crew_allowed", json!(true)),
            ],
            faults: &[("E0507", "/visits/0/parts")],
        },
        Broken {
            name: "kinds that the care form does not allow",
            changes: vec![
                Set("/patients/1/care_form", json!("temporary")),
                Set("/visits/4/kind", json!("unplanned")),
            ],
            faults: &[("E0506", "/visits/1/kind"), ("E0506", "/visits/4/kind")],
        },
    ]
}

fn among_faults() -> Vec<Broken> {
    vec![
        Broken {
            name: "faults hide nothing: other patients, pins and parts are still looked at",
            changes: vec![
                Set("/patients/0/care_form", json!("listad")),
                Set("/patients/1/care_form", json!("temporary")),
                Set("/visits/1/parts/0/service_minutes", json!(0.5)),
                Set("/visits/1/parts/1/role", json!("nuse")),
                Set("/visits/4/parts/0/role", json!("nuse")),
                Set(
                    "/pins",
                    json!([{"visit": "b5", "crew": "ssk-lund", "reason": "vill", "by": "anhörig"}]),
                ),
            ],
            faults: &[
                ("E0302", "/patients/0/care_form"),
                ("E0506", "/visits/1/kind"),
                ("E0201", "/visits/1/parts/0/service_minutes"),
                ("E0501", "/visits/1/parts/1"),
                ("E0302", "/pins/0/crew"),
            ],
        },
        Broken {
            name: "a part pinned to a crew is done by it, whatever the rules say",
            changes: vec![
                Set("/visits/4/parts/0/role", json!("nuse")),
                Set("/visits/0/parts/0/role", json!("nuse")),
                Set("/visits/0/parts/1/role", json!("nuse")),
                Set(
                    "/pins",
                    json!([
                        {"visit": "b5", "crew": "ssk-ystad", "reason": "vill", "by": "anhörig"},
                        {"visit": "b1", "part": 1, "crew": "ssk-ystad", "reason": "x", "by": "x"},
                    ]),
                ),
            ],
            faults: &[("E0501", "/visits/0/parts/0")],
        },
        Broken {
            name: "a crew without shifts does nothing",
            changes: vec![Set("/crews/3/shifts", json!([]))],
            faults: &[("E0501", "/visits/1/parts/1"), ("E0501", "/visits/4/parts/0")],
        },
    ]
}

fn meetings() -> Vec<Broken> {
    vec![
        Broken {
            name: "lags the wrong way round, and meetings of parts that are not there",
            changes: vec![
                Set("/visits/0/meetings/0/lag_minutes", json!([20, 10])),
                Set("/visits/1/meetings/0/second", json!(2)),
                Set("/visits/2/meetings", json!([{"first": 0, "second": 0}])),
            ],
            faults: &[
                ("E0502", "/visits/0/meetings/0/lag_minutes"),
                ("E0303", "/visits/1/meetings/0/second"),
                ("E0505", "/visits/2/meetings/0"),
            ],
        },
        Broken {
            name: "meetings that contradict one another",
            changes: vec![
                Push(
                    "/visits/0/meetings",
                    json!(
                        {"first": 1, "second": 0, "lag_minutes": [5, 10]}
                    ),
                ),
                Push(
                    "/visits/1/meetings",
                    json!(
                        {"first": 0, "second": 1, "lag_minutes": [15, 20]}
                    ),
                ),
            ],
            faults: &[("E0503", "/visits/0/meetings"), ("E0503", "/visits/1/meetings")],
        },
        Broken {
            name: "lags longer than the windows leave room for",
            changes: vec![
                Set("/visits/0/windows", json!([span("09:00", "10:00")])),
                Set("/visits/0/meetings/0/lag_minutes", json!([31, 60])),
                Set("/visits/1/meetings/0/lag_minutes", json!([91, 219])),
            ],
            faults: &[
                ("E0504", "/visits/0/meetings/0/lag_minutes"),
                ("E0504", "/visits/1/meetings/0/lag_minutes"),
            ],
        },
    ]
}

fn places_and_pins() -> Vec<Broken> {
    let pin = |more: Value| {
        let mut pin = json!({"visit": "b1", "reason": "anhörig", "by": "samordnaren"});
        for (key, value) in more.as_object().into_iter().flatten() {
            pin[key] = value.clone();
        }
        pin
    };
    let pins = json!([
        pin(json!({"visit": "b9", "crew": "ssk-ystad"})),
        pin(json!({"crew": "ssk-lund"})),
        pin(json!({})),
        pin(json!({"crew": "ssk-ystad", "unassigned": true})),
        pin(json!({"part": 2, "crew": "ssk-ystad"})),
        pin(json!({"within": span("12:00", "11:00")})),
        pin(json!({"unassigned": false})),
        pin(json!({"start": at("25:00"), "reason": ""})),
    ]);
    vec![
        Broken {
            name: "homes outside every area",
            changes: vec![
                Set("/places/3/lat", json!(13.8)),
                Set("/places/3/lon", json!(55.43)),
                Set("/places/4/lat", json!(59.33)),
                Set("/places/5/municipality", json!("0180")),
            ],
            faults: &[
                ("E0601", "/places/3"),
                ("E0601", "/places/4"),
                ("E0302", "/places/5/municipality"),
            ],
        },
        Broken {
            name: "pins that hold nothing, or too much",
            changes: vec![Set("/pins", pins)],
            faults: &[
                ("E0302", "/pins/0/visit"),
                ("E0302", "/pins/1/crew"),
                ("E0602", "/pins/2"),
                ("E0602", "/pins/3"),
                ("E0303", "/pins/4/part"),
                ("E0405", "/pins/5/within"),
                ("E0204", "/pins/6/unassigned"),
                ("E0401", "/pins/7/start"),
                ("E0206", "/pins/7/reason"),
            ],
        },
    ]
}

fn previous_plans() -> Vec<Broken> {
    let stop = |more: Value| {
        let mut stop = json!({
            "place": "sabo-ystad", "travel_seconds": 300, "metres": 2000, "arrive": at("09:00"),
            "start": at("09:10"), "end": at("09:40"), "slack_seconds": 0,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            stop[key] = value.clone();
        }
        stop
    };
    let previous = json!({
        "format": "rond-plan",
        "version": 1,
        "score": {"unplanned": 0, "planned": 0, "told": 0, "cost": 1.5},
        "shifts": [{
            "crew": "läkare-ystad", "shift": "läkare-ystad-tis", "depart": at("08:55"),
            "stops": [
                stop(json!({"visit": "b3", "part": 0})),
                stop(json!({"visit": "b3"})),
                stop(json!({"visit": "b3", "part": 0, "break": 0})),
                stop(json!({"visit": "b4", "part": 0, "start": "2026-03-10T09:00:00+02:00"})),
                stop(json!({"break": 0, "told": [{"audience": "crew"}]})),
            ],
            "travel_back_seconds": -1, "metres_back": 2000, "back": at("10:00"),
        }],
        "unassigned": [
            {"visit": "b1", "deferred": false, "reason": "proven_impossible"},
            {"visit": "b2", "deferred": false, "reason": "no time"},
        ],
    });
    vec![Broken {
        name: "a previous plan with faults in it",
        changes: vec![Set("/previous", previous)],
        faults: &[
            ("E0201", "/previous/score/cost"),
            ("E0602", "/previous/shifts/0/stops/1"),
            ("E0602", "/previous/shifts/0/stops/2"),
            ("E0403", "/previous/shifts/0/stops/3/start"),
            ("E0202", "/previous/shifts/0/stops/4/told/0/time"),
            ("E0205", "/previous/shifts/0/travel_back_seconds"),
            ("E0603", "/previous/unassigned/0"),
            ("E0204", "/previous/unassigned/1/reason"),
        ],
    }]
}
