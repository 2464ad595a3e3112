//! Crews, their shifts and breaks.

use std::collections::BTreeMap;

use super::pins::part;
use super::{Context, PartCounts, every, minutes, position};
use crate::domain::{
    Break, Crew, CrewId, CrewKindId, DelregionId, MunicipalityId, PartId, Party, PlaceId, RoleId,
    Seconds, Shift, ShiftId, SkillId, Span, UnitId, VisitId,
};
use crate::wire::document::Node;
use crate::wire::moment::{span, write};
use crate::wire::problem::{E0207, E0409, E0410, E0411, E0508, Problems};

/// More shifts than this are not planned at once.
pub(super) const SHIFTS_MAX: usize = 10_000;
/// No shift is longer than a day and a night, with the hour that autumn adds.
const SHIFT_MAX: Seconds = Seconds::from_minutes(25 * 60);

/// Who a crew is and what it can do. Its shifts are those that are whole; a faulty one is reported,
/// and does not make the crew unknown to other checks.
pub(super) fn crew<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    part_counts: PartCounts,
    problems: &mut Problems,
) -> Option<Crew> {
    let employer = employer(node, context, problems);
    let home_delregion = context.delregioner.named(node, "home_delregion", problems);
    let unit = node.optional("unit", |node, key| node.text(key));
    let shifts = shifts(node, context, part_counts, problems);
    Some(Crew {
        id: CrewId::new(node.text("id")?),
        kind: CrewKindId::new(node.text("kind")?),
        roles: node.texts("roles")?.into_iter().map(RoleId::new).collect(),
        skills: node.texts("skills")?.into_iter().map(SkillId::new).collect(),
        employer: employer?,
        unit: unit?.map(UnitId::new),
        home_delregion: DelregionId::new(home_delregion?),
        shifts,
    })
}

fn employer<'a>(node: &Node<'a>, context: &Context<'a>, problems: &mut Problems) -> Option<Party> {
    if node.text("employer")? == "region" {
        return Some(Party::Region);
    }
    let municipality = context.municipalities.named(node, "employer", problems)?;
    Some(Party::Municipality(MunicipalityId::new(municipality)))
}

/// Are there more shifts than can be planned at once?
pub(super) fn count_shifts(crews: &[Node], problems: &mut Problems) {
    let count: usize = crews.iter().map(|crew| crew.items("shifts").len()).sum();
    if count > SHIFTS_MAX {
        let cause = format!("there are {count} shifts, more than {SHIFTS_MAX}");
        problems.add(E0207, "/crews", cause, "Split the file by delregion or by week");
    }
}

fn shifts<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    part_counts: PartCounts,
    problems: &mut Problems,
) -> Vec<Shift> {
    let mut hours: Vec<(Span, Node)> = Vec::new();
    let mut shifts = Vec::new();
    for item in node.items("shifts") {
        let start_place = context.places.named(&item, "start_place", problems);
        let end_place = context.places.named_if_given(&item, "end_place", problems);
        let overtime_max = item.optional("overtime_max_minutes", minutes);
        let span = span(&item, &context.calendar, problems);
        let breaks = breaks(&item, span, context, problems);
        let first = first(&item, context, part_counts, problems);
        let Some(span) = span else { continue };
        if span.length() > SHIFT_MAX {
            let cause = format!("the shift lasts {} minutes", span.length().minutes_begun());
            problems.add(E0411, item.path(), cause, "Split it into several shifts");
        }
        hours.push((span, item.clone()));
        let whole = || {
            let start_place = PlaceId::new(start_place?);
            Some(Shift {
                id: ShiftId::new(item.text("id")?),
                end_place: end_place?.map_or_else(|| start_place.clone(), PlaceId::new),
                start_place,
                hours: span,
                overtime_max: overtime_max?.unwrap_or(Seconds::ZERO),
                breaks: breaks?,
                first: first?,
            })
        };
        shifts.extend(whole());
    }
    hours.sort_by_key(|(span, _)| (span.from(), span.to()));
    for pair in hours.windows(2) {
        let ((before, before_node), (after, after_node)) = (&pair[0], &pair[1]);
        if after.from() < before.to() {
            let end = write(before.to(), &context.calendar);
            let cause = format!("it starts before {} ends at {end}", before_node.path());
            problems.add(E0409, after_node.path(), cause, "Move or shorten one of them");
        }
    }
    shifts.sort_by_key(|shift: &Shift| shift.hours.from());
    shifts
}

/// The breaks of a shift, in order of time.
fn breaks(
    shift: &Node,
    hours: Option<Span>,
    context: &Context,
    problems: &mut Problems,
) -> Option<Vec<Break>> {
    let mut found = Vec::new();
    let whole = every(shift.items("breaks"), |item| {
        let window = span(item, &context.calendar, problems);
        let length = minutes(item, "length_minutes");
        let (window, length) = (window?, length?);
        if window.length() < length {
            let (length, room) = (length.minutes_begun(), window.length().minutes_begun());
            let cause = format!("the break takes {length} minutes, its window has {room}");
            problems.add(E0410, item.path(), cause, "Widen the window or shorten the break");
        } else if hours.is_some_and(|hours| !hours.holds(window.from(), window.to())) {
            let cause = "its window reaches outside the shift";
            problems.add(E0410, item.path(), cause, "Let the window lie within the shift");
        }
        found.push((window, item.path().to_owned()));
        Some(Break { window, length })
    });
    found.sort();
    for pair in found.windows(2) {
        if pair[1].0.from() < pair[0].0.to() {
            let cause = format!("its window overlaps that of {}", pair[0].1);
            problems.add(E0410, &pair[1].1, cause, "Let breaks have windows of their own");
        }
    }
    let mut breaks = whole?;
    breaks.sort_by_key(|due| due.window.from());
    Some(breaks)
}

/// What a shift does first, in order.
fn first<'a>(
    shift: &Node<'a>,
    context: &Context<'a>,
    part_counts: PartCounts,
    problems: &mut Problems,
) -> Option<Vec<PartId>> {
    every(shift.items("first"), |item| {
        let visit = context.visits.named(item, "visit", problems);
        let part = part(item, "part", visit, part_counts, problems);
        Some(PartId { visit: VisitId::new(visit?), part: part? })
    })
}

/// Does any part come first twice?
pub(super) fn check_first(crews: &[Node], problems: &mut Problems) {
    let mut seen: BTreeMap<(&str, usize), String> = BTreeMap::new();
    let shifts = crews.iter().flat_map(|crew| crew.items("shifts"));
    for item in shifts.flat_map(|shift| shift.items("first")) {
        let (Some(visit), Some(part)) = (item.text("visit"), position(&item, "part")) else {
            continue;
        };
        match seen.get(&(visit, part)) {
            Some(path) => {
                let cause = format!("part {part} of visit {visit:.100?} comes first at {path}");
                problems.add(E0508, item.path(), cause, "Keep one of them");
            }
            None => drop(seen.insert((visit, part), item.path().to_owned())),
        }
    }
}
