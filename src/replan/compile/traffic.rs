//! Traffic as clocks over the solver's ticks.

use std::collections::BTreeMap;

use super::intern;
use crate::domain::traffic::AS_IN_THE_TABLE;
use crate::domain::{Instant, Place, Span, TrafficArea, World};
use crate::solver::problem::NEVER;
use crate::solver::traffic::{DriveClock, Traffic, UNITS_PER_TICK};

/// A row of the world's traffic: where, when, how much.
struct Row<'w> {
    area: &'w TrafficArea,
    spans: Vec<Span>,
    percent: u32,
}

/// The traffic of a world within `reach`; none when the table holds at all hours.
pub(super) fn traffic(world: &World, origin: Instant, reach: Span) -> Option<Traffic> {
    if world.traffic.is_even() {
        return None;
    }
    let calendar = world.calendar();
    let recurring = world.traffic.hours.iter().map(|row| Row {
        area: &row.area,
        spans: calendar.spans_of(&row.hours, reach),
        percent: row.percent,
    });
    let happened = world.traffic.incidents.iter().map(|row| Row {
        area: &row.area,
        spans: vec![row.span],
        percent: row.percent,
    });
    let rows: Vec<Row<'_>> = recurring.chain(happened).collect();
    // Places that the same rows hold for are of one class.
    let mut index = BTreeMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    let class_of = world
        .places
        .iter()
        .map(|place| intern(&mut index, &mut classes, rows_for(world, place, &rows)))
        .collect();
    let mut clocks = Clocks { rows: &rows, origin, index: BTreeMap::new(), clocks: Vec::new() };
    let mut clock_of = Vec::with_capacity(classes.len() * classes.len());
    for from in &classes {
        for to in &classes {
            clock_of.push(clocks.of(from, to));
        }
    }
    Some(Traffic { class_of, clock_of, clocks: clocks.clocks, classes: classes.len() })
}

fn rows_for(world: &World, place: &Place, rows: &[Row<'_>]) -> Vec<usize> {
    let holds = |at: &usize| rows[*at].area.holds(place, &world.region);
    (0..rows.len()).filter(holds).collect()
}

struct Clocks<'w> {
    rows: &'w [Row<'w>],
    origin: Instant,
    index: BTreeMap<Vec<(i32, i64)>, u32>,
    clocks: Vec<DriveClock>,
}

impl Clocks<'_> {
    /// The clock of legs between two classes; none where no row holds.
    fn of(&mut self, from: &[usize], to: &[usize]) -> Option<u32> {
        let rows: Vec<&Row<'_>> = from.iter().chain(to).map(|&at| &self.rows[at]).collect();
        let edges = rows.iter().flat_map(|row| &row.spans);
        let mut edges: Vec<Instant> = edges.flat_map(|span| [span.from(), span.to()]).collect();
        edges.sort_unstable();
        edges.dedup();
        if edges.is_empty() {
            return None;
        }
        let segments: Vec<(i32, i64)> = edges
            .into_iter()
            .map(|edge| {
                let holds = rows.iter().filter(|row| row.spans.iter().any(|s| s.covers(edge)));
                let percent = holds.map(|row| row.percent).max().unwrap_or(AS_IN_THE_TABLE);
                let tick = (edge - self.origin).0.clamp(-i64::from(NEVER) + 1, i64::from(NEVER));
                (tick as i32, pace(percent))
            })
            .collect();
        if let Some(&known) = self.index.get(&segments) {
            return Some(known);
        }
        let at = self.clocks.len() as u32;
        self.clocks.push(DriveClock::new(&segments));
        self.index.insert(segments, at);
        Some(at)
    }
}

/// Units that a tick brings at this percentage, rounded up.
fn pace(percent: u32) -> i64 {
    let percent = i64::from(percent);
    (UNITS_PER_TICK * i64::from(AS_IN_THE_TABLE) + percent - 1) / percent
}
