//! A table per crew and shift, in order of time.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::table::{Cell, Side, Table, cell, toned};
use super::words;
use crate::domain::{
    Crew, Instant, Metres, Pin, PinWhat, Place, Plan, Seconds, Shift, ShiftPlan, Stop, StopWhat,
    Visit, VisitId, World,
};

const COLUMNS: [(&str, Side); 12] = [
    ("arrive", Side::Left),
    ("start", Side::Left),
    ("end", Side::Left),
    ("visit", Side::Left),
    ("patient", Side::Left),
    ("kind", Side::Left),
    ("place", Side::Left),
    ("meets", Side::Left),
    ("margin", Side::Right),
    ("waits", Side::Right),
    ("slack", Side::Right),
    ("note", Side::Left),
];

/// Every used shift, day by day.
pub fn section(ink: Ink, world: &World, plan: &Plan) -> String {
    let company = Company::of(plan);
    let mut days: BTreeMap<_, Vec<(&ShiftPlan, &Crew, &Shift)>> = BTreeMap::new();
    for shift_plan in &plan.shifts {
        if let Some((crew, shift)) = world.shift(&shift_plan.shift) {
            let date = world.calendar().date(shift.hours.from());
            days.entry(date).or_default().push((shift_plan, crew, shift));
        }
    }
    let mut text = String::new();
    for shifts in days.values() {
        let heading = shifts.first().map(|(_, _, shift)| words::day(world, shift.hours.from()));
        let _ = writeln!(text, "{}\n", ink.paint(Tone::Strong, &heading.unwrap_or_default()));
        for (shift_plan, crew, shift) in shifts {
            text.push_str(&heading_of(ink, world, shift_plan, crew, shift));
            text.push_str(&table_of(world, &company, shift_plan, crew, shift).lines(ink, "  "));
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    if text.is_empty() { "No crew visits anyone.\n".to_owned() } else { text + "\n" }
}

/// `läkarbil-1 · läkarbil, Region, Sydost · 08:00–17:00 · out 08:12, back 16:40, 84 km, 6 visits`
fn heading_of(
    ink: Ink,
    world: &World,
    shift_plan: &ShiftPlan,
    crew: &Crew,
    shift: &Shift,
) -> String {
    let stops = shift_plan.stops.iter();
    let visits = stops.clone().filter(|stop| matches!(stop.what, StopWhat::Part { .. })).count();
    let metres = stops.map(|stop| stop.metres).sum::<Metres>() + shift_plan.metres_back;
    let overtime = (shift_plan.back - shift.hours.to()).max(Seconds::ZERO);
    let overtime = match overtime {
        Seconds::ZERO => String::new(),
        over => ink.paint(Tone::Warning, &format!(", {} overtime", words::length(over))),
    };
    format!(
        "{} · {}, {}, {} · {}–{} · out {}, back {}{overtime}, {}, {}\n",
        ink.paint(Tone::Strong, crew.id.as_str()),
        crew.kind,
        words::party(world, &crew.employer),
        crew.home_delregion,
        words::clock(world, shift.hours.from()),
        words::clock(world, shift.hours.to()),
        words::clock(world, shift_plan.depart),
        words::clock(world, shift_plan.back),
        words::kilometres(metres),
        words::count(visits, "visit"),
    )
}

fn table_of(
    world: &World,
    company: &Company<'_>,
    shift_plan: &ShiftPlan,
    crew: &Crew,
    shift: &Shift,
) -> Table {
    let mut table = Table::new(&COLUMNS);
    let mut here = &shift.start_place;
    for stop in &shift_plan.stops {
        let place = world.place(&stop.place);
        let setup = place.filter(|_| *here != stop.place).map_or(Seconds::ZERO, |at| at.setup);
        here = &stop.place;
        let waits = words::length_if_any(stop.start - stop.arrive - setup);
        let mut row = vec![
            cell(words::clock(world, stop.arrive)),
            cell(words::clock(world, stop.start)),
            cell(words::clock(world, stop.end)),
        ];
        match &stop.what {
            StopWhat::Break { .. } => {
                let blank = || cell("");
                row.extend([toned(Tone::Faint, "rast"), blank(), blank(), blank(), blank()]);
                row.extend([blank(), cell(waits), cell(words::length(stop.slack)), blank()]);
            }
            StopWhat::Part { visit, part } => {
                let Some(visit) = world.visit(visit) else { continue };
                row.extend(visit_cells(world, company, visit, *part, stop, place));
                row.extend([cell(waits), cell(words::length(stop.slack))]);
                row.push(note(world, crew, visit, *part, stop, place));
            }
        }
        table.add(row);
    }
    table
}

/// Visit, patient, kind, place, whom the crew meets, margin to the promise.
fn visit_cells(
    world: &World,
    company: &Company<'_>,
    visit: &Visit,
    part: usize,
    stop: &Stop,
    place: Option<&Place>,
) -> [Cell; 6] {
    let role = &visit.parts[part].role;
    let name = place.map_or("", |place| if place.name.is_empty() { "" } else { &place.name });
    let town = place.map_or(String::new(), |at| words::municipality(world, &at.municipality));
    let at = if name.is_empty() { stop.place.to_string() } else { name.to_owned() };
    [
        cell(visit.id.as_str()),
        cell(visit.patient.as_str()),
        cell(format!("{} ({role})", visit.kind)),
        cell(if at.contains(&town) { at } else { format!("{at}, {town}") }),
        cell(company.met(visit, part, stop)),
        margin(world, visit, part, stop),
    ]
}

/// How long before the deadline the judged part starts; how late, if it is late.
fn margin(world: &World, visit: &Visit, part: usize, stop: &Stop) -> Cell {
    match world.deadline_of(visit) {
        Some((_, deadline)) if world.judged_part(visit) == part => {
            let left = deadline - stop.start;
            let is_late = left < Seconds::ZERO;
            toned(if is_late { Tone::Bad } else { Tone::Good }, words::length(left))
        }
        _ => cell(""),
    }
}

/// What else must be seen: crossed borders, holds, told times that moved, pins.
fn note(
    world: &World,
    crew: &Crew,
    visit: &Visit,
    part: usize,
    stop: &Stop,
    place: Option<&Place>,
) -> Cell {
    let mut notes = Vec::new();
    let delregion = place.and_then(|place| world.region.delregion_of(&place.municipality));
    if let Some(delregion) = delregion.filter(|there| **there != crew.home_delregion) {
        notes.push(format!("lent to {delregion}"));
    }
    if let Some(until) = stop.held_until {
        notes.push(format!("held until {}", words::clock(world, until)));
    }
    for told in &stop.told {
        let moved = stop.start - told.time;
        let is_moved = moved.0.abs() > world.policy.told_tolerance.0;
        let moved = if is_moved { ", moved" } else { "" };
        notes.push(format!("{} told {}{moved}", told.audience, words::clock(world, told.time)));
    }
    let pins = world.pins.iter().filter(|pin| pin.visit == visit.id);
    let held = pins.filter(|pin| pin.part.is_none_or(|pinned| pinned == part));
    notes.extend(held.map(|pin| pinned(world, pin)));
    toned(Tone::Warning, notes.join("; "))
}

fn pinned(world: &World, pin: &Pin) -> String {
    let what = match &pin.what {
        PinWhat::Crew(crew) => format!("to {crew}"),
        PinWhat::NotCrew(crew) => format!("not to {crew}"),
        PinWhat::Start(start) => format!("at {}", words::clock(world, *start)),
        PinWhat::Within(span) => format!(
            "between {} and {}",
            words::day_and_clock(world, span.from()),
            words::day_and_clock(world, span.to())
        ),
        PinWhat::Unassigned => "to nobody".to_owned(),
    };
    format!("pinned {what} by {}: {}", pin.by, pin.reason)
}

/// Who else is at each visit, and when.
struct Company<'p> {
    parts: BTreeMap<&'p VisitId, Vec<(usize, &'p ShiftPlan, Instant)>>,
}

impl<'p> Company<'p> {
    fn of(plan: &'p Plan) -> Company<'p> {
        let mut parts: BTreeMap<&VisitId, Vec<_>> = BTreeMap::new();
        for shift_plan in &plan.shifts {
            for stop in &shift_plan.stops {
                if let StopWhat::Part { visit, part } = &stop.what {
                    parts.entry(visit).or_default().push((*part, shift_plan, stop.start));
                }
            }
        }
        Company { parts }
    }

    /// `⇄ nurse-3`; `⇄ nurse-3 +15 min` when she starts later; `& nurse-3` when no meeting ties
    /// them.
    fn met(&self, visit: &Visit, part: usize, stop: &Stop) -> String {
        let others = self.parts.get(&visit.id).into_iter().flatten();
        let others = others.filter(|(other, _, _)| *other != part);
        let met = others.map(|(other, shift_plan, start)| {
            let is_tied = visit.meetings.iter().any(|meeting| {
                let pair = (meeting.first, meeting.second);
                pair == (part, *other) || pair == (*other, part)
            });
            let mark = if is_tied { "⇄" } else { "&" };
            let lag = *start - stop.start;
            let plus = if lag > Seconds::ZERO { "+" } else { "" };
            let lag = match lag {
                Seconds::ZERO => String::new(),
                lag => format!(" {plus}{}", words::length(lag)),
            };
            format!("{mark} {}{lag}", shift_plan.crew)
        });
        met.collect::<Vec<_>>().join(", ")
    }
}
