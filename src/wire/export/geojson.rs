//! A plan as a map (GeoJSON, RFC 7946): a line per shift and a point per stop.

use geojson::feature::Id;
use geojson::{Feature, FeatureCollection, Geometry, JsonObject, Position};
use serde_json::json;

use super::{known_shifts, title};
use crate::domain::{Crew, Plan, Point, Shift, ShiftPlan, Stop, StopWhat, World};
use crate::wire::moment::write;
use crate::wire::shape::travel_value;

/// The plan as GeoJSON: for every shift its route as a LineString, straight from stop to stop, and
/// its visits as Points; then the unassigned visits as Points of their own. Beside them stands
/// where the travel times came from, with what must be shown of it.
pub fn plan_geojson(world: &World, plan: &Plan) -> String {
    let mut features = Vec::new();
    for (shift_plan, crew, shift) in known_shifts(plan, world) {
        features.push(route(world, crew, shift, shift_plan));
        let stops = shift_plan.stops.iter().enumerate();
        features.extend(stops.filter_map(|(at, stop)| point(world, crew, shift_plan, at, stop)));
    }
    for unassigned in &plan.unassigned {
        let Some(visit) = world.visit(&unassigned.visit) else { continue };
        let properties = json!({
            "what": "unassigned",
            "visit": visit.id.as_str(),
            "kind": visit.kind.as_str(),
            "deferred": unassigned.deferred,
        });
        let geometry = Geometry::new_point(position(world.place_of(visit).point));
        features.push(feature(visit.id.to_string(), geometry, properties));
    }
    let foreign_members = plan.travel.as_ref().and_then(|travel| {
        let travel = travel_value(travel, world.calendar());
        json!({ "travel": travel }).as_object().cloned()
    });
    let collection = FeatureCollection { bbox: None, features, foreign_members };
    format!("{collection}\n")
}

fn route(world: &World, crew: &Crew, shift: &Shift, shift_plan: &ShiftPlan) -> Feature {
    let stops = shift_plan.stops.iter().map(|stop| &stop.place);
    let places = std::iter::once(&shift.start_place).chain(stops).chain([&shift.end_place]);
    let points = places.filter_map(|place| world.place(place)).map(|place| place.point);
    let mut line: Vec<Position> = points.map(position).collect();
    line.dedup();
    // A line has two ends at least, even when the crew stays where it is.
    if line.len() == 1 {
        line.push(line[0].clone());
    }
    let properties = json!({
        "what": "route",
        "crew": crew.id.as_str(),
        "crew_kind": crew.kind.as_str(),
        "shift": shift.id.as_str(),
        "delregion": crew.home_delregion.as_str(),
        "depart": write(shift_plan.depart, world.calendar()),
        "back": write(shift_plan.back, world.calendar()),
        "stops": shift_plan.stops.len(),
    });
    feature(shift.id.to_string(), Geometry::new_line_string(line), properties)
}

/// A stop; breaks are where the stop before them is, and are not drawn.
fn point(
    world: &World,
    crew: &Crew,
    shift_plan: &ShiftPlan,
    at: usize,
    stop: &Stop,
) -> Option<Feature> {
    let StopWhat::Part { visit, part } = &stop.what else { return None };
    let place = world.place(&stop.place)?;
    let visit = world.visit(visit)?;
    let properties = json!({
        "what": "stop",
        "number": at + 1,
        "crew": crew.id.as_str(),
        "shift": shift_plan.shift.as_str(),
        "visit": title(&stop.what),
        "part": part,
        "parts": visit.parts.len(),
        "role": visit.parts.get(*part).map(|part| part.role.as_str()),
        "kind": visit.kind.as_str(),
        "place": place.id.as_str(),
        "municipality": place.municipality.as_str(),
        "arrive": write(stop.arrive, world.calendar()),
        "start": write(stop.start, world.calendar()),
        "end": write(stop.end, world.calendar()),
        "slack_seconds": stop.slack.0,
    });
    let id = format!("{}/{}/{part}", shift_plan.shift, visit.id);
    Some(feature(id, Geometry::new_point(position(place.point)), properties))
}

fn feature(id: String, geometry: Geometry, properties: serde_json::Value) -> Feature {
    let properties: Option<JsonObject> = properties.as_object().cloned();
    Feature {
        bbox: None,
        geometry: Some(geometry),
        id: Some(Id::String(id)),
        properties,
        foreign_members: None,
    }
}

/// GeoJSON puts the longitude first.
fn position(point: Point) -> Position {
    Position::from([point.lon(), point.lat()])
}
