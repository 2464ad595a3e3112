//! Days on which what shifts do first makes no sense.

use serde_json::json;

use super::{Broken, Set};

const CAR: &str = "/crews/0/shifts/0/first";
const NURSE: &str = "/crews/2/shifts/0/first";

pub fn cases() -> Vec<Broken> {
    let part = |visit: &str, part: i64| json!({"visit": visit, "part": part});
    vec![
        Broken {
            name: "first stops that there are not",
            changes: vec![Set(CAR, json!([part("b9", 0), part("b3", 1), part("b1", 0)]))],
            faults: &[
                ("E0302", "/crews/0/shifts/0/first/0/visit"),
                ("E0303", "/crews/0/shifts/0/first/1/part"),
            ],
        },
        Broken {
            name: "a part that comes first twice, on one shift and on two",
            changes: vec![
                Set(CAR, json!([part("b1", 0), part("b3", 0), part("b1", 0)])),
                Set(NURSE, json!([part("b1", 1), part("b3", 0)])),
            ],
            faults: &[
                ("E0508", "/crews/0/shifts/0/first/2"),
                ("E0508", "/crews/2/shifts/0/first/1"),
            ],
        },
        Broken {
            name: "first stops of no shape",
            changes: vec![Set(
                CAR,
                json!([{"visit": "b1"}, "b3", {"visit": "b4", "part": -1, "why": "nearest"}]),
            )],
            faults: &[
                ("E0202", "/crews/0/shifts/0/first/0/part"),
                ("E0201", "/crews/0/shifts/0/first/1"),
                ("E0205", "/crews/0/shifts/0/first/2/part"),
                ("E0203", "/crews/0/shifts/0/first/2/why"),
            ],
        },
    ]
}
