//! The network as a model of travel: legs, tables and routes.

use super::climb::Start;
use super::cost::Cost;
use super::fastest::bias;
use super::network::RoadNetwork;
use super::table::{Halves, rows};
use super::{NoRoute, NotSnapped, Route, Snapped};
use crate::domain::Point;
use crate::travel::{Leg, TravelModel};

impl TravelModel for RoadNetwork {
    fn profile(&self) -> &str {
        &self.profile
    }

    fn data(&self) -> Option<&str> {
        self.data.as_deref()
    }

    fn attribution(&self) -> Option<&str> {
        Some(&self.about().attribution)
    }

    /// Each block looks anew for the roads that lead to its columns.
    fn rows_at_once(&self) -> usize {
        512
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let (from, to) = (self.snap(from).ok()?, self.snap(to).ok()?);
        self.cost_between(&from, &to).leg()
    }

    fn legs(&self, from: &[Point], to: &[Point]) -> Vec<Option<Leg>> {
        self.costs(&self.snap_all(from), &self.snap_all(to)).into_iter().map(Cost::leg).collect()
    }
}

impl RoadNetwork {
    /// The fastest way from one point to another, with the line it takes.
    pub fn route(&self, from: Point, to: Point) -> Result<Route, NoRoute> {
        let from = self.snap(from).map_err(NoRoute::From)?;
        let to = self.snap(to).map_err(NoRoute::To)?;
        let (cost, edges) = self.way_between(&from, &to).ok_or(NoRoute::Unreachable)?;
        let leg = cost.leg().ok_or(NoRoute::Unreachable)?;
        let line = self.line(&from, &to, &edges);
        Ok(Route { leg, line, from_away: from.away, to_away: to.away })
    }

    /// What it costs from each to each, row by row.
    pub(super) fn costs(
        &self,
        from: &[Result<Snapped, NotSnapped>],
        to: &[Result<Snapped, NotSnapped>],
    ) -> Vec<Cost> {
        let known = |all: &[Result<Snapped, NotSnapped>]| -> (Vec<usize>, Vec<Snapped>) {
            let known = all.iter().enumerate();
            known.filter_map(|(at, place)| Some((at, *place.as_ref().ok()?))).unzip()
        };
        let (from_at, from_places) = known(from);
        let (to_at, to_places) = known(to);
        let mut costs = vec![Cost::FAR; from.len() * to.len()];
        if from_places.is_empty() || to_places.is_empty() {
            return costs;
        }
        let forward = from_places.len() <= to_places.len();
        let table = if forward {
            self.forward_rows(&from_places, &to_places)
        } else {
            self.backward_rows(&from_places, &to_places)
        };
        for (outer, row) in table.into_iter().enumerate() {
            for (inner, cost) in row.into_iter().enumerate() {
                let (row, column) = if forward { (outer, inner) } else { (inner, outer) };
                costs[from_at[row] * to.len() + to_at[column]] = cost;
            }
        }
        costs
    }

    /// A row for each place that one comes from.
    pub(super) fn forward_rows(&self, from: &[Snapped], to: &[Snapped]) -> Vec<Vec<Cost>> {
        let halves = Halves { shape: self.hierarchy(), climb: self.up(), sweep: self.down() };
        let outer: Vec<Vec<Start>> = from.iter().map(|place| self.feet(place)).collect();
        let inner: Vec<Vec<Start>> = to.iter().map(|place| self.feet(place)).collect();
        rows(&halves, &outer, &edges(&inner), |row, column, costs| {
            if from[row].segment == to[column].segment {
                return self.cost_between(&from[row], &to[column]);
            }
            let ends = costs.iter().zip(&inner[column]).filter(|(cost, _)| !cost.is_far());
            ends.map(|(cost, end)| cost.without(end.cost)).min().unwrap_or(Cost::FAR)
        })
    }

    /// A row for each place that one goes to.
    pub(super) fn backward_rows(&self, from: &[Snapped], to: &[Snapped]) -> Vec<Vec<Cost>> {
        let halves = Halves { shape: self.hierarchy(), climb: self.down(), sweep: self.up() };
        let biased: Vec<(Cost, Vec<Start>)> =
            to.iter().map(|place| bias(&self.feet(place))).collect();
        let outer: Vec<Vec<Start>> = biased.iter().map(|(_, starts)| starts.clone()).collect();
        let inner: Vec<Vec<Start>> = from.iter().map(|place| self.feet(place)).collect();
        rows(&halves, &outer, &edges(&inner), |row, column, costs| {
            if to[row].segment == from[column].segment {
                return self.cost_between(&from[column], &to[row]);
            }
            let starts = costs.iter().zip(&inner[column]).filter(|(cost, _)| !cost.is_far());
            let least = starts.map(|(cost, start)| cost.and(start.cost)).min();
            least.map_or(Cost::FAR, |cost| cost.without(biased[row].0))
        })
    }

    /// The line of a way, from where it begins on its first edge to where it ends on its last.
    fn line(&self, from: &Snapped, to: &Snapped, edges: &[u32]) -> Vec<Point> {
        let mut line: Vec<[i32; 2]> = vec![from.point];
        for (at, &edge) in edges.iter().enumerate() {
            let (segment, against) = self.segment_of(edge);
            let points = &self.points()[self.shape(segment)];
            let mut shape: Vec<(f64, [i32; 2])> = shares(points);
            if against {
                shape.reverse();
                shape.iter_mut().for_each(|(share, _)| *share = 1.0 - *share);
            }
            let along = |share: f64| if against { 1.0 - share } else { share };
            let begins = if at == 0 { along(from.share) } else { 0.0 };
            let ends = if at + 1 == edges.len() { along(to.share) } else { 1.0 };
            let driven = shape.into_iter().filter(|(share, _)| begins < *share && *share < ends);
            line.extend(driven.map(|(_, point)| point));
            let whole = at + 1 < edges.len();
            let last = if against { points.first() } else { points.last() };
            line.extend(last.filter(|_| whole));
        }
        line.push(to.point);
        line.dedup();
        let degrees = |units: i32| f64::from(units) / 1e7;
        line.into_iter()
            .filter_map(|[lat, lon]| Point::from_degrees(degrees(lat), degrees(lon)))
            .collect()
    }
}

fn edges(places: &[Vec<Start>]) -> Vec<Vec<u32>> {
    places.iter().map(|feet| feet.iter().map(|foot| foot.edge).collect()).collect()
}

/// Each point of a line with the share of the line that lies before it.
fn shares(points: &[[i32; 2]]) -> Vec<(f64, [i32; 2])> {
    let mut before = vec![0.0];
    for pair in points.windows(2) {
        before.push(before[before.len() - 1] + super::geometry::metres(pair[0], pair[1]));
    }
    let whole = before[before.len() - 1].max(f64::MIN_POSITIVE);
    before.into_iter().map(|metres| metres / whole).zip(points.iter().copied()).collect()
}
