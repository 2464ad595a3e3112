//! Cutting ways into segments: stretches of road on which nothing can be decided and nothing
//! changes, from junction to junction.

use super::read::{Extract, MISSING, Way};
use crate::roads::cost::Cost;
use crate::roads::geometry;
use crate::roads::profile::{Drive, WayDrive};

/// A stretch of road between two junctions, with one speed each way round.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The junctions at its ends; may be the same.
    pub ends: [u32; 2],
    /// How it is driven.
    pub drive: WayDrive,
    /// The ways that its first and last stretch belong to.
    pub ways: [i64; 2],
    /// Its points: from here in the shape…
    pub first: usize,
    /// …up to here.
    pub end: usize,
    /// Its length.
    pub metres: f64,
    /// What it costs along and against.
    pub costs: [Option<Cost>; 2],
}

/// Junctions and the segments between them.
#[derive(Default)]
pub struct Streets {
    /// The point of the extract that each junction is.
    pub junctions: Vec<u32>,
    /// The segments.
    pub segments: Vec<Segment>,
    /// The points of all segments, one after the other: places in the extract's points.
    pub shape: Vec<u32>,
}

/// An unbroken part of a way: points `first..end` of the runs' points.
struct Run {
    way: usize,
    first: usize,
    end: usize,
}

/// Cuts the ways of an extract.
pub fn cut(extract: &mut Extract) -> Streets {
    let (runs, nodes) = runs(extract);
    give_crossings_their_speed(extract);
    let mut breaks = breaks(extract, &runs, &nodes);
    let next = joins(extract, &runs, &nodes, &mut breaks);
    let mut has_previous = vec![false; runs.len()];
    next.iter().flatten().for_each(|&run| has_previous[run] = true);

    let mut streets =
        Cutter { extract, runs: &runs, nodes: &nodes, next: &next, done: Streets::default() };
    let mut seen = vec![false; runs.len()];
    for run in (0..runs.len()).filter(|&run| !has_previous[run]) {
        streets.walk(run, &breaks, &mut seen);
    }
    // What is left are rings of runs without any junction: one is made.
    for run in 0..runs.len() {
        if !seen[run] {
            breaks[nodes[runs[run].first] as usize] = true;
            streets.walk(run, &breaks, &mut seen);
        }
    }
    streets.done
}

/// The ways without the points that the extract does not hold, and without points twice in a row.
fn runs(extract: &Extract) -> (Vec<Run>, Vec<u32>) {
    let (mut runs, mut nodes) = (Vec::new(), Vec::new());
    for (way, row) in extract.ways.iter().enumerate() {
        let mut first = nodes.len();
        let close = |nodes: &mut Vec<u32>, first: usize, runs: &mut Vec<Run>| {
            if nodes.len() - first >= 2 {
                runs.push(Run { way, first, end: nodes.len() });
            } else {
                nodes.truncate(first);
            }
            nodes.len()
        };
        for &node in &extract.way_points[row.first..row.end] {
            if extract.points[node as usize] == MISSING {
                first = close(&mut nodes, first, &mut runs);
            } else if nodes.len() == first || nodes.last() != Some(&node) {
                nodes.push(node);
            }
        }
        close(&mut nodes, first, &mut runs);
    }
    (runs, nodes)
}

/// A crossing that says how long it takes has the speed that fits.
fn give_crossings_their_speed(extract: &mut Extract) {
    let Extract { ways, way_points, points, .. } = extract;
    for Way { drive, first, end, .. } in ways.iter_mut() {
        let Some(seconds) = drive.crossing_seconds else { continue };
        let known: Vec<[i32; 2]> = way_points[*first..*end]
            .iter()
            .map(|&node| points[node as usize])
            .filter(|point| *point != MISSING)
            .collect();
        let metres: f64 = known.windows(2).map(|pair| geometry::metres(pair[0], pair[1])).sum();
        for side in drive.ways.iter_mut().flatten() {
            side.speed = (metres / seconds * 3.6).max(0.1);
        }
    }
}

/// Where roads meet, end, or something stands.
fn breaks(extract: &Extract, runs: &[Run], nodes: &[u32]) -> Vec<bool> {
    let mut degrees = vec![0_u8; extract.points.len()];
    for run in runs {
        for at in run.first..run.end {
            let inner = at > run.first && at + 1 < run.end;
            let degree = &mut degrees[nodes[at] as usize];
            *degree = degree.saturating_add(1 + u8::from(inner));
        }
    }
    let mut breaks: Vec<bool> = degrees.iter().map(|&degree| degree != 2).collect();
    extract.obstacles.iter().for_each(|(node, _)| breaks[*node as usize] = true);
    extract.restrictions.iter().for_each(|row| breaks[row.via as usize] = true);
    breaks
}

/// Which run goes on where another ends, with nothing between them: same way round, driven alike.
fn joins(
    extract: &Extract,
    runs: &[Run],
    nodes: &[u32],
    breaks: &mut [bool],
) -> Vec<Option<usize>> {
    let mut ends: Vec<(u32, usize, bool)> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        ends.push((nodes[run.first], at, false));
        ends.push((nodes[run.end - 1], at, true));
    }
    ends.retain(|(node, ..)| !breaks[*node as usize]);
    ends.sort_unstable();
    let mut next = vec![None; runs.len()];
    for meeting in ends.chunk_by(|one, other| one.0 == other.0) {
        let drive = |run: usize| &extract.ways[runs[run].way].drive;
        let joined = match meeting {
            [(_, one, one_ends), (_, other, other_ends)] => {
                let (from, to) = if *one_ends { (*one, *other) } else { (*other, *one) };
                let fit = one_ends != other_ends && one != other && drive(from) == drive(to);
                fit.then_some((from, to))
            }
            _ => None,
        };
        match joined {
            Some((from, to)) => next[from] = Some(to),
            None => breaks[meeting[0].0 as usize] = true,
        }
    }
    next
}

struct Cutter<'e> {
    extract: &'e Extract,
    runs: &'e [Run],
    nodes: &'e [u32],
    next: &'e [Option<usize>],
    done: Streets,
}

impl Cutter<'_> {
    /// Cuts a run and those that it goes on as.
    fn walk(&mut self, start: usize, breaks: &[bool], seen: &mut [bool]) {
        let mut run = start;
        let mut first = self.done.shape.len();
        let mut first_way = self.extract.ways[self.runs[run].way].id;
        self.done.shape.push(self.nodes[self.runs[run].first]);
        while !std::mem::replace(&mut seen[run], true) {
            let Run { way, first: from, end } = self.runs[run];
            for &node in &self.nodes[from + 1..end] {
                self.done.shape.push(node);
                if breaks[node as usize] {
                    self.close(first, way, first_way);
                    first = self.done.shape.len();
                    first_way = self.extract.ways[way].id;
                    self.done.shape.push(node);
                }
            }
            let Some(on) = self.next[run] else { break };
            run = on;
        }
        // The last point was pushed as the beginning of a segment that does not come.
        self.done.shape.truncate(first);
    }

    /// Makes a segment of the shape from `first` on.
    fn close(&mut self, first: usize, way: usize, first_way: i64) {
        let end = self.done.shape.len();
        let way = &self.extract.ways[way];
        let points: Vec<[i32; 2]> = self.done.shape[first..end]
            .iter()
            .map(|&node| self.extract.points[node as usize])
            .collect();
        let metres: f64 = points.windows(2).map(|pair| geometry::metres(pair[0], pair[1])).sum();
        self.done.segments.push(Segment {
            ends: [self.done.shape[first], self.done.shape[end - 1]],
            drive: way.drive,
            ways: [first_way, way.id],
            first,
            end,
            metres,
            costs: way.drive.ways.map(|drive| Some(cost(drive?, &points, metres))),
        });
    }
}

/// Tenths are rounded from point to point, as OSRM does.
fn cost(drive: Drive, points: &[[i32; 2]], metres: f64) -> Cost {
    let (mut weight, mut time) = (0, 0);
    for pair in points.windows(2) {
        let seconds = geometry::metres(pair[0], pair[1]) / (drive.speed / 3.6);
        time += ((seconds * 10.0).round() as u64).max(1);
        weight += ((seconds / drive.liking * 10.0).round() as u64).max(1);
    }
    Cost::new(weight, time, metres.round() as u64)
}
