//! Who is not visited in this plan, and why; those that can wait stand apart.

use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::table::{Side, Table, cell, toned};
use super::words;
use crate::domain::{Plan, Reason, Unassigned, Visit, World};
use crate::rules;
use crate::travel::Matrix;

const COLUMNS: [(&str, Side); 7] = [
    ("visit", Side::Left),
    ("patient", Side::Left),
    ("kind", Side::Left),
    ("municipality", Side::Left),
    ("requested", Side::Left),
    ("deadline", Side::Left),
    ("why", Side::Left),
];

/// The unassigned, then the deferred; nothing when there are none.
pub fn section(ink: Ink, world: &World, travel: &Matrix, plan: &Plan) -> String {
    let (deferred, unassigned): (Vec<_>, Vec<_>) =
        plan.unassigned.iter().partition(|left| left.deferred);
    let mut text = String::new();
    for (heading, left_out) in [
        ("Unassigned", unassigned),
        ("Deferred: left for after the horizon, with the promise unbroken", deferred),
    ] {
        let mut table = Table::new(&COLUMNS);
        for left in left_out {
            if let Some(visit) = world.visit(&left.visit) {
                table.add(row(world, travel, visit, left));
            }
        }
        if !table.is_empty() {
            let _ =
                write!(text, "{}\n{}", ink.paint(Tone::Strong, heading), table.lines(ink, "  "));
        }
    }
    text
}

fn row(
    world: &World,
    travel: &Matrix,
    visit: &Visit,
    left: &Unassigned,
) -> Vec<super::table::Cell> {
    let deadline = world.deadline_of(visit);
    let tone = if left.deferred { Tone::Plain } else { Tone::Bad };
    let roles: Vec<&str> = visit.parts.iter().map(|part| part.role.as_str()).collect();
    vec![
        toned(tone, visit.id.as_str()),
        cell(visit.patient.as_str()),
        cell(format!("{} ({})", visit.kind, roles.join(" + "))),
        cell(words::municipality(world, &world.place_of(visit).municipality)),
        cell(words::day_and_clock(world, visit.requested_at)),
        cell(deadline.map_or(String::new(), |(_, moment)| words::day_and_clock(world, moment))),
        cell(why(world, travel, visit, &left.reason)),
    ]
}

/// The reason in words; for a part that nobody can do, the rule that is in most crews' way.
pub fn why(world: &World, travel: &Matrix, visit: &Visit, reason: &Reason) -> String {
    match reason {
        Reason::ProvenImpossible { part } => {
            let role = &visit.parts[*part].role;
            let obstacle = nearest_obstacle(world, travel, visit, *part);
            format!("impossible: no crew can give the part of {role} ({obstacle})")
        }
        Reason::NoPlaceInThisPlan => {
            "no place: every crew and position was tried, with one other visit moved".to_owned()
        }
        Reason::NotFoundWithinBudget => {
            "not found within the budget: not every place was tried; search longer".to_owned()
        }
        Reason::Pinned => "pinned: a dispatcher keeps it out".to_owned(),
    }
}

/// What is in the way of the crews that come closest: they have the role, or there are none such.
fn nearest_obstacle(world: &World, travel: &Matrix, visit: &Visit, part: usize) -> String {
    let role = &visit.parts[part].role;
    let mut with_role = world.crews.iter().filter(|crew| crew.roles.contains(role)).peekable();
    if with_role.peek().is_none() {
        return "nobody has this role".to_owned();
    }
    let mut rules: Vec<(&str, usize)> = Vec::new();
    for (crew, shift) in with_role.flat_map(|crew| crew.shifts.iter().map(move |s| (crew, s))) {
        if let Some(obstacle) = rules::why_not(world, travel, visit, part, crew, shift) {
            match rules.iter_mut().find(|(rule, _)| *rule == obstacle.rule) {
                Some((_, times)) => *times += 1,
                None => rules.push((obstacle.rule, 1)),
            }
        }
    }
    rules.sort_by_key(|(rule, times)| (std::cmp::Reverse(*times), *rule));
    let shares: Vec<String> = rules
        .iter()
        .map(|(rule, times)| format!("{rule}: {}", words::count(*times, "shift")))
        .collect();
    if shares.is_empty() { "nobody has a shift".to_owned() } else { shares.join(", ") }
}
