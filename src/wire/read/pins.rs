//! Pins: a dispatcher's overrides.

use super::{Context, PartCounts, position};
use crate::domain::{CrewId, Pin, PinWhat, VisitId};
use crate::wire::document::Node;
use crate::wire::moment::{moment, span};
use crate::wire::problem::{E0303, E0602, Problems};

/// What a pin may say, exactly one of them.
const CHOICES: [&str; 5] = ["crew", "not_crew", "start", "within", "unassigned"];

pub(super) fn pin<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    part_counts: PartCounts,
    problems: &mut Problems,
) -> Option<Pin> {
    let visit = context.visits.named(node, "visit", problems);
    let part = node.optional("part", |node, key| part(node, key, visit, part_counts, problems));
    let what = what(node, context, problems);
    Some(Pin {
        visit: VisitId::new(visit?),
        part: part?,
        what: what?,
        reason: node.text("reason")?.to_owned(),
        by: node.text("by")?.to_owned(),
    })
}

/// The part of a visit that a field gives, if it has one.
pub(super) fn part(
    node: &Node,
    key: &str,
    visit: Option<&str>,
    part_counts: PartCounts,
    problems: &mut Problems,
) -> Option<usize> {
    let at = position(node, key)?;
    let visit = visit?;
    let Some(part_counts) = part_counts else { return Some(at) };
    let &count = part_counts.get(visit)?;
    if at >= count {
        let cause = format!("the visit has {count} parts, counted from 0, and no {at}");
        problems.add(E0303, node.path_of(key), cause, "Name a part of this visit");
        return None;
    }
    Some(at)
}

fn what<'a>(node: &Node<'a>, context: &Context<'a>, problems: &mut Problems) -> Option<PinWhat> {
    let given: Vec<&str> = CHOICES.into_iter().filter(|choice| node.has(choice)).collect();
    let &[choice] = given.as_slice() else {
        let cause = format!("{} of {} are given", given.len(), CHOICES.join(", "));
        problems.add(E0602, node.path(), cause, "Give exactly one of them");
        return None;
    };
    let crew =
        |problems: &mut Problems| context.crews.named(node, choice, problems).map(CrewId::new);
    match choice {
        "crew" => crew(problems).map(PinWhat::Crew),
        "not_crew" => crew(problems).map(PinWhat::NotCrew),
        "start" => moment(node, choice, &context.calendar, problems).map(PinWhat::Start),
        "within" => span(&node.field(choice)?, &context.calendar, problems).map(PinWhat::Within),
        _ => node.flag(choice)?.then_some(PinWhat::Unassigned),
    }
}
