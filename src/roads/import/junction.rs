//! Junctions: which segments meet there, and what is forbidden.

use super::read::{Extract, Restriction};
use super::segment::Streets;
use crate::roads::profile::Obstacle;

/// A segment's end at a junction: the segment, and whether it is its last point that lies there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentEnd {
    /// The segment.
    pub segment: u32,
    /// Its end, not its beginning.
    pub last: bool,
}

impl SegmentEnd {
    /// The edge that arrives here along this segment.
    pub fn arriving(self) -> u32 {
        self.segment * 2 + u32::from(!self.last)
    }

    /// The edge that leaves from here along this segment.
    pub fn leaving(self) -> u32 {
        self.segment * 2 + u32::from(self.last)
    }
}

/// What is known of every junction.
pub struct Junctions<'e> {
    extract: &'e Extract,
    first: Vec<usize>,
    ends: Vec<SegmentEnd>,
    restrictions: Vec<&'e Restriction>,
}

impl<'e> Junctions<'e> {
    /// Numbers the junctions of these streets, in place of the points that segments end at.
    pub fn of(extract: &'e Extract, streets: &mut Streets) -> Junctions<'e> {
        let mut junctions: Vec<u32> =
            streets.segments.iter().flat_map(|segment| segment.ends).collect();
        junctions.sort_unstable();
        junctions.dedup();
        let mut first = vec![0; junctions.len() + 1];
        for segment in &mut streets.segments {
            segment.ends = segment.ends.map(|node| {
                // Every end is in the list: it was made from them.
                junctions.binary_search(&node).unwrap_or_default() as u32
            });
            segment.ends.iter().for_each(|&junction| first[junction as usize + 1] += 1);
        }
        (1..first.len()).for_each(|at| first[at] += first[at - 1]);
        let mut next = first.clone();
        let none = SegmentEnd { segment: 0, last: false };
        let mut ends = vec![none; first.last().copied().unwrap_or_default()];
        for (at, segment) in streets.segments.iter().enumerate() {
            for (last, junction) in [(false, segment.ends[0]), (true, segment.ends[1])] {
                ends[next[junction as usize]] = SegmentEnd { segment: at as u32, last };
                next[junction as usize] += 1;
            }
        }
        streets.junctions = junctions;
        let mut restrictions: Vec<&Restriction> = extract.restrictions.iter().collect();
        restrictions.sort_by_key(|row| row.via);
        Junctions { extract, first, ends, restrictions }
    }

    /// The segment ends that meet there.
    pub fn ends(&self, junction: usize) -> &[SegmentEnd] {
        &self.ends[self.first[junction]..self.first[junction + 1]]
    }

    /// What stands there.
    pub fn obstacles(&self, node: u32) -> &'e [(u32, Obstacle)] {
        let rows = &self.extract.obstacles;
        let from = rows.partition_point(|row| row.0 < node);
        &rows[from..from + rows[from..].partition_point(|row| row.0 == node)]
    }

    /// Turns forbidden there.
    pub fn restrictions(&self, node: u32) -> &[&'e Restriction] {
        let rows = &self.restrictions;
        let from = rows.partition_point(|row| row.via < node);
        &rows[from..from + rows[from..].partition_point(|row| row.via == node)]
    }
}
