//! A plan as a table: one row per stop, for spreadsheets.

use csv::Writer;

use super::{known_shifts, title};
use crate::domain::{Crew, Plan, ShiftPlan, Stop, StopWhat, Told, World};
use crate::wire::moment::write;

const HEADER: [&str; 21] = [
    "crew",
    "crew_kind",
    "shift",
    "stop",
    "visit",
    "part",
    "role",
    "kind",
    "patient",
    "place",
    "place_name",
    "municipality",
    "travel_seconds",
    "metres",
    "arrive",
    "start",
    "end",
    "slack_seconds",
    "held_until",
    "told",
    "travel_source",
];

/// The plan as CSV (RFC 4180), a header and one row per stop, in the order of the plan. Stops are
/// counted from 1; a break has the visit `rast`. The last column says where each travel time came
/// from.
pub fn plan_csv(world: &World, plan: &Plan) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and every row has the width of the header.
    writer.write_record(HEADER).expect("memory takes the header");
    for (shift_plan, crew, shift) in known_shifts(plan, world) {
        let mut before = &shift.start_place;
        for (at, stop) in shift_plan.stops.iter().enumerate() {
            let source = plan.travel.as_ref().map(|of| of.source_of_leg(before, &stop.place));
            let source = source.map(|served| served.source.clone()).unwrap_or_default();
            before = &stop.place;
            let row = row(world, crew, shift_plan, at, stop, source);
            writer.write_record(row).expect("memory takes a row of the header's width");
        }
    }
    let bytes = writer.into_inner().expect("memory takes the last rows");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn row(
    world: &World,
    crew: &Crew,
    shift_plan: &ShiftPlan,
    at: usize,
    stop: &Stop,
    travel_source: String,
) -> [String; HEADER.len()] {
    let time = |moment| write(moment, world.calendar());
    let told = |told: &Told| format!("{} {}", told.audience, time(told.time));
    let place = world.place(&stop.place);
    let [part, role, kind, patient] = visit_columns(world, &stop.what);
    [
        crew.id.to_string(),
        crew.kind.to_string(),
        shift_plan.shift.to_string(),
        (at + 1).to_string(),
        title(&stop.what),
        part,
        role,
        kind,
        patient,
        stop.place.to_string(),
        place.map(|place| place.name.clone()).unwrap_or_default(),
        place.map(|place| place.municipality.to_string()).unwrap_or_default(),
        stop.travel.0.to_string(),
        stop.metres.0.to_string(),
        time(stop.arrive),
        time(stop.start),
        time(stop.end),
        stop.slack.0.to_string(),
        stop.held_until.map(time).unwrap_or_default(),
        stop.told.iter().map(told).collect::<Vec<_>>().join("; "),
        travel_source,
    ]
}

/// Part, role, kind and patient of a stop; empty for a break.
fn visit_columns(world: &World, what: &StopWhat) -> [String; 4] {
    let StopWhat::Part { visit, part } = what else { return Default::default() };
    let Some(visit) = world.visit(visit) else { return Default::default() };
    let role = visit.parts.get(*part).map(|part| part.role.to_string()).unwrap_or_default();
    [part.to_string(), role, visit.kind.to_string(), visit.patient.to_string()]
}
