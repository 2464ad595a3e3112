//! A plan as calendars (iCalendar, RFC 5545): one per crew, one event per stop.

use icalendar::{Calendar as Ical, Component, Event, EventLike};
use jiff::Timestamp;

use super::{known_shifts, title};
use crate::domain::{CrewId, Instant, Place, ShiftPlan, Stop, StopWhat, World};

/// The calendar of one crew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CrewCalendar {
    /// Whose it is.
    pub crew: CrewId,
    /// A name for its file, unlike that of any other crew: `lakarbil-1.ics`.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

/// A calendar for every crew that visits anyone, in the order of the plan. The ids of events name
/// the shift and the visit's part, so that a calendar read again moves events and adds none twice.
pub fn crew_calendars(world: &World, plan: &crate::domain::Plan) -> Vec<CrewCalendar> {
    let mut calendars: Vec<(CrewId, Ical)> = Vec::new();
    for (shift_plan, crew, _) in known_shifts(plan, world) {
        let at = calendars.iter().position(|(id, _)| *id == crew.id).unwrap_or_else(|| {
            let mut calendar = Ical::new();
            calendar.name(crew.id.as_str());
            calendars.push((crew.id.clone(), calendar));
            calendars.len() - 1
        });
        for stop in &shift_plan.stops {
            calendars[at].1.push(event(world, shift_plan, stop));
        }
    }
    let mut names: Vec<String> = Vec::new();
    calendars
        .into_iter()
        .map(|(crew, calendar)| {
            let file_name = unused_name(&crew, &names);
            names.push(file_name.clone());
            CrewCalendar { crew, file_name, text: calendar.to_string() }
        })
        .collect()
}

fn event(world: &World, shift_plan: &ShiftPlan, stop: &Stop) -> Event {
    let place = world.place(&stop.place);
    let mut event = Event::new();
    event
        .uid(&event_id(shift_plan, &stop.what))
        // The stamp is the time of the facts: the same plan gives the same calendar at any hour.
        .add_property("DTSTAMP", utc(world.as_of))
        .add_property("DTSTART", utc(stop.start))
        .add_property("DTEND", utc(stop.end))
        .summary(&summary(world, &stop.what));
    if let Some(place) = place {
        event.location(place_name(place));
        event.add_property("GEO", format!("{};{}", place.point.lat(), place.point.lon()));
    }
    event.done()
}

/// The same for the same part on the same shift in every plan.
fn event_id(shift_plan: &ShiftPlan, what: &StopWhat) -> String {
    match what {
        StopWhat::Part { visit, part } => format!("{}/{visit}/{part}@rond", shift_plan.shift),
        StopWhat::Break { index } => format!("{}/rast/{index}@rond", shift_plan.shift),
    }
}

/// The visit's id, kind and role: never who the patient is.
fn summary(world: &World, what: &StopWhat) -> String {
    let mut words = title(what);
    if let StopWhat::Part { visit, part } = what
        && let Some(visit) = world.visit(visit)
    {
        let role = visit.parts.get(*part).map(|part| part.role.as_str()).unwrap_or_default();
        words.push_str(&format!(" ({}, {role})", visit.kind));
        if visit.parts.len() > 1 {
            words.push_str(", sambesök");
        }
    }
    words
}

fn place_name(place: &Place) -> &str {
    if place.name.is_empty() { place.id.as_str() } else { &place.name }
}

/// A moment in the basic form of ISO 8601, UTC.
fn utc(moment: Instant) -> String {
    let timestamp = Timestamp::from_second(moment.0).unwrap_or(Timestamp::MAX);
    timestamp.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The crew's id with only letters and digits that every file system takes; numbered when two ids
/// become the same.
fn unused_name(crew: &CrewId, taken: &[String]) -> String {
    let plain: String = crew
        .as_str()
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            other if other.is_ascii_alphanumeric() => other,
            _ => '-',
        })
        .collect();
    let first = format!("{plain}.ics");
    let numbered = (2..).map(|number| format!("{plain}-{number}.ics"));
    // There are endlessly many numbers and only so many names taken.
    std::iter::once(first).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}
