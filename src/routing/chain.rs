//! One table from several sources: each place is served by the first source that reaches it.
//!
//! A place reaches the others in a source when it has a road near it (a leg to itself) and there
//! are ways to and from at least half of all that have one. Where it does, single legs without a
//! way stay without one: that is what the source says. A place that does not is left to the next
//! source, with its row and column. So a leg comes from the later source of its two places.

use super::NOT_REACHED;
use crate::domain::{Instant, Place, PlaceId, Point, Provenance, Served, TableFingerprint, Why};
use crate::travel::{Leg, LegTable};

/// What a source has said of the points left to it.
pub(super) struct Answer {
    pub(super) source: String,
    pub(super) data: Option<String>,
    pub(super) fetched: Option<Instant>,
    /// Kept from earlier, because the source does not answer now, and why.
    pub(super) stored: Option<Why>,
    pub(super) attribution: Option<String>,
    /// From each of the points left to each point.
    pub(super) rows: LegTable,
    /// From each point to each of the points left; nothing when all are left, and rows say it all.
    pub(super) columns: Option<LegTable>,
}

/// A table on its way.
pub(super) struct Chain {
    points: Vec<Point>,
    table: LegTable,
    /// Of each point, the position in `answers` of what serves it.
    served_by: Vec<Option<usize>>,
    answers: Vec<Facts>,
    /// Why sources so far did not serve all.
    whys: Vec<Why>,
}

/// What provenance says of an answer, without its legs.
struct Facts {
    source: String,
    data: Option<String>,
    fetched: Option<Instant>,
    is_stored: bool,
    attribution: Option<String>,
    why: Option<Why>,
}

impl Chain {
    /// Points, each once; none of them served.
    pub(super) fn new(points: Vec<Point>) -> Chain {
        let table = LegTable::new(points.len(), points.len());
        let served_by = vec![None; points.len()];
        Chain { points, table, served_by, answers: Vec::new(), whys: Vec::new() }
    }

    pub(super) fn points(&self) -> &[Point] {
        &self.points
    }

    /// Positions of the points that nobody serves yet.
    pub(super) fn left(&self) -> Vec<usize> {
        (0..self.points.len()).filter(|&at| self.served_by[at].is_none()).collect()
    }

    /// A source serves nobody, and why.
    pub(super) fn pass_over(&mut self, why: Why) {
        self.whys.push(why);
    }

    /// Takes what a source says. The last one serves all that is left.
    pub(super) fn take(&mut self, answer: Answer, is_last: bool) {
        let left = self.left();
        for (at, &place) in left.iter().enumerate() {
            for other in 0..self.points.len() {
                self.table.set(place, other, answer.rows.leg(at, other));
                if let Some(columns) = &answer.columns {
                    self.table.set(other, place, columns.leg(other, at));
                }
            }
        }
        let has_no_road = |place: &usize| self.table.leg(*place, *place).is_none();
        let off_road: Vec<usize> = left.iter().copied().filter(has_no_road).collect();
        let mut reached: Vec<usize> = left
            .iter()
            .copied()
            .filter(|&place| is_last || self.reaches(place, &off_road))
            .collect();
        // One alone has no leg that could come from here.
        if reached.len() == 1 && left.len() == self.points.len() && left.len() > 1 {
            reached.clear();
        }
        left.iter().for_each(|&place| self.table.set(place, place, Some(Leg::NONE)));
        self.whys.extend(answer.stored.clone());
        for &place in &reached {
            self.served_by[place] = Some(self.answers.len());
        }
        self.answers.push(Facts {
            source: answer.source.clone(),
            data: answer.data,
            fetched: answer.fetched,
            is_stored: answer.stored.is_some(),
            attribution: answer.attribution,
            why: joined(&self.whys),
        });
        if reached.len() < left.len() {
            let text = match &answer.stored {
                Some(_) => format!("stored legs of {} lack them", answer.source),
                None => format!("no road near them in {}, or no way to most others", answer.source),
            };
            self.whys.push(Why { code: NOT_REACHED.to_owned(), text });
        }
    }

    /// Is there a road near, and are there ways to and from half of all that have one?
    fn reaches(&self, place: usize, off_road: &[usize]) -> bool {
        // Positions are in order.
        let is_off = |place: usize| off_road.binary_search(&place).is_ok();
        if is_off(place) {
            return false;
        }
        let others = (0..self.points.len()).filter(|&other| other != place && !is_off(other));
        let (mut count, mut cut_off) = (1, 0);
        for other in others {
            let has_ways =
                self.table.leg(place, other).is_some() && self.table.leg(other, place).is_some();
            count += 1;
            cut_off += usize::from(!has_ways);
        }
        2 * cut_off <= count
    }

    /// The legs between the places, and who served which. Every point has to be served.
    pub(super) fn finished(
        self,
        places: &[Place],
        position_of: impl Fn(Point) -> usize,
    ) -> (LegTable, impl FnOnce(TableFingerprint) -> Provenance) {
        let positions: Vec<usize> = places.iter().map(|place| position_of(place.point)).collect();
        let is_same = positions.iter().enumerate().all(|(at, &position)| at == position);
        let table = if is_same && positions.len() == self.points.len() {
            self.table.clone()
        } else {
            let mut table = LegTable::new(places.len(), places.len());
            for (row, &from) in positions.iter().enumerate() {
                for (column, &to) in positions.iter().enumerate() {
                    table.set(row, column, self.table.leg(from, to));
                }
            }
            table
        };
        let served = self.served(places, &positions);
        let profile = match served.as_slice() {
            [only] => only.source.clone(),
            _ => "mixed".to_owned(),
        };
        (table, |fingerprint| Provenance { profile, fingerprint, served })
    }

    fn served(&self, places: &[Place], positions: &[usize]) -> Vec<Served> {
        let by = |answer: usize| -> Vec<PlaceId> {
            let of_it = places.iter().zip(positions);
            let of_it = of_it.filter(|(_, at)| self.served_by[**at] == Some(answer));
            of_it.map(|(place, _)| place.id.clone()).collect()
        };
        let mut served: Vec<Served> = Vec::new();
        for (position, facts) in self.answers.iter().enumerate() {
            let places = by(position);
            // With no places at all, the last source has nothing to serve, and is named.
            let is_named =
                !places.is_empty() || (positions.is_empty() && position + 1 == self.answers.len());
            if is_named {
                served.push(Served {
                    source: facts.source.clone(),
                    data: facts.data.clone(),
                    fetched: facts.fetched,
                    is_stored: facts.is_stored,
                    count: places.len(),
                    places,
                    why: facts.why.clone(),
                    attribution: facts.attribution.clone(),
                });
            }
        }
        let most = (0..served.len()).rev().max_by_key(|&at| served[at].count);
        if let Some(most) = most {
            served[most].places.clear();
        }
        served
    }
}

/// All reasons as one, under the code of the first.
fn joined(whys: &[Why]) -> Option<Why> {
    let texts: Vec<&str> = whys.iter().map(|why| why.text.as_str()).collect();
    Some(Why { code: whys.first()?.code.clone(), text: texts.join("; ") })
}
