//! Promises kept and broken: per municipality, and per party that answers for the broken ones.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::table::{Cell, Side, Table, cell, toned};
use super::words;
use crate::domain::{Seconds, World};
use crate::rules::{Outcome, PromiseOutcome};

const COLUMNS: [(&str, Side); 8] = [
    ("municipality", Side::Left),
    ("delregion", Side::Left),
    ("promises", Side::Right),
    ("kept", Side::Right),
    ("broken", Side::Right),
    ("deferred", Side::Right),
    ("kept %", Side::Right),
    ("worst", Side::Right),
];

/// What became of some promises.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    kept: usize,
    broken: usize,
    deferred: usize,
    worst: Seconds,
}

impl Tally {
    fn add(&mut self, outcome: &PromiseOutcome) {
        match outcome.outcome {
            Outcome::Kept => self.kept += 1,
            Outcome::Broken => self.broken += 1,
            Outcome::Deferred => self.deferred += 1,
        }
        self.worst = self.worst.max(outcome.late);
    }

    fn cells(&self, name: String, delregion: String) -> Vec<Cell> {
        let judged = self.kept + self.broken;
        let share = if judged == 0 { String::new() } else { per_cent(self.kept, judged) };
        let or_blank =
            |count: usize| if count == 0 { String::new() } else { words::number(count as i64) };
        vec![
            cell(name),
            cell(delregion),
            cell(words::number((judged + self.deferred) as i64)),
            toned(Tone::Good, words::number(self.kept as i64)),
            toned(Tone::Bad, or_blank(self.broken)),
            cell(or_blank(self.deferred)),
            cell(share),
            cell(if self.worst == Seconds::ZERO {
                String::new()
            } else {
                format!("{} late", words::length(self.worst))
            }),
        ]
    }
}

/// Rounded down: 100 stands only where nothing is broken.
fn per_cent(part: usize, whole: usize) -> String {
    (part * 100 / whole).to_string()
}

/// The tables; nothing when nothing was promised.
pub fn section(ink: Ink, world: &World, outcomes: &[PromiseOutcome]) -> String {
    if outcomes.is_empty() {
        return String::new();
    }
    let mut all = Tally::default();
    let mut places: BTreeMap<(String, String), Tally> = BTreeMap::new();
    for outcome in outcomes {
        let delregion = outcome.delregion.as_ref().map_or(String::new(), ToString::to_string);
        let name = words::municipality(world, &outcome.municipality);
        places.entry((delregion, name)).or_default().add(outcome);
        all.add(outcome);
    }
    let mut table = Table::new(&COLUMNS);
    for ((delregion, name), tally) in &places {
        table.add(tally.cells(name.clone(), delregion.clone()));
    }
    if places.len() > 1 {
        table.add(all.cells("all".to_owned(), String::new()));
    }
    let heading = ink.paint(Tone::Strong, "Promises");
    format!("{heading}\n{}{}", table.lines(ink, "  "), parties(ink, world, outcomes))
}

/// Broken promises by the party whose crew came last or is missing.
fn parties(ink: Ink, world: &World, outcomes: &[PromiseOutcome]) -> String {
    let mut tallies: BTreeMap<(String, &str), (usize, usize)> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.outcome == Outcome::Broken) {
        let key = (words::parties(world, &outcome.parties), outcome.rule.as_str());
        let (late, unassigned) = tallies.entry(key).or_default();
        match outcome.start {
            Some(_) => *late += 1,
            None => *unassigned += 1,
        }
    }
    let mut text = String::new();
    for ((party, rule), (late, unassigned)) in tallies {
        let _ = writeln!(
            text,
            "  {} answers for {late} late and {unassigned} unassigned of the promise {rule}",
            ink.paint(Tone::Strong, &party)
        );
    }
    text
}
