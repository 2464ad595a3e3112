//! Which part fits which route: roles, skills, areas, windows and pins as stretches of starts.

use crate::domain::{
    Crew, DelregionId, MunicipalityId, Part, Party, Patient, PinWhat, Scope, Visit,
};
use crate::solver::problem::{Fit, NEVER, NONE, ToldSpec};

use super::{Compiler, intern, ticks};

impl<'w> Compiler<'w> {
    pub(super) fn pins_of<'a>(
        &self,
        visit: &'a Visit,
        part: usize,
    ) -> impl Iterator<Item = &'w PinWhat> + use<'a, 'w> {
        let pins = self.world.pins.iter().filter(move |pin| {
            pin.visit == visit.id && pin.part.is_none_or(|pinned| pinned == part)
        });
        pins.map(|pin| &pin.what)
    }

    /// The routes that a part fits, with how.
    pub(super) fn fitting(
        &mut self,
        visit: &'w Visit,
        patient: &'w Patient,
        at: usize,
        index: usize,
        part: &'w Part,
    ) -> Vec<(u32, u32)> {
        let world = self.world;
        let pins: Vec<&PinWhat> = self.pins_of(visit, index).collect();
        let windows = self.start_windows(visit, part, &pins);
        let mut fitting = Vec::new();
        for (c, crew) in world.crews.iter().enumerate() {
            let Some(lending) = self.may_do(crew, patient, part, &pins) else { continue };
            for position in 0..self.routes_of_crew[c].len() {
                let route = self.routes_of_crew[c][position];
                let stretches = self.starts_on(route, part, &windows, lending.as_deref());
                if stretches.is_empty() {
                    continue;
                }
                let fit = self.fit(crew, patient, part, (at, index), stretches);
                fitting.push((route, fit));
            }
        }
        fitting
    }

    /// Stretches in which the part may start, whoever comes; both ends included.
    fn start_windows(&self, visit: &Visit, part: &Part, pins: &[&PinWhat]) -> Vec<(i32, i32)> {
        let earliest = self.tick(self.world.earliest_start(visit));
        let mut starts = pins.iter().filter_map(|what| match what {
            PinWhat::Start(moment) => Some(self.tick(*moment)),
            _ => None,
        });
        let pinned = starts.next();
        if starts.any(|other| Some(other) != pinned) {
            return Vec::new();
        }
        let service = ticks(part.service);
        let mut windows: Vec<(i32, i32)> = match pinned {
            Some(start) => vec![(start, start)],
            None if visit.windows.is_empty() => vec![(earliest, NEVER - 1)],
            None => {
                let spans = visit.windows.iter();
                spans.map(|span| (self.tick(span.from()), self.tick(span.to()) - service)).collect()
            }
        };
        for what in pins {
            if let PinWhat::Within(span) = what {
                let (from, to) = (self.tick(span.from()), self.tick(span.to()));
                windows = windows.iter().map(|w| (w.0.max(from), w.1.min(to))).collect();
            }
        }
        windows.retain_mut(|window| {
            window.0 = window.0.max(earliest);
            window.0 <= window.1
        });
        windows
    }

    /// May the crew do the part at all? `Some(row positions)` of lending that it needs, empty slice
    /// meaning that it needs none.
    fn may_do(
        &self,
        crew: &Crew,
        patient: &Patient,
        part: &Part,
        pins: &[&PinWhat],
    ) -> Option<Option<Vec<usize>>> {
        if pins.iter().any(|what| matches!(what, PinWhat::NotCrew(other) if *other == crew.id)) {
            return None;
        }
        // Where pins name two crews, neither may come: every pin is kept.
        let mut pinned = pins.iter().filter_map(|what| match what {
            PinWhat::Crew(other) => Some(*other == crew.id),
            _ => None,
        });
        if let Some(first) = pinned.next() {
            return (first && pinned.all(|is_this| is_this)).then_some(None);
        }
        if !crew.roles.contains(&part.role)
            || !self.world.employer_may_give(&crew.employer, patient, part)
            || !part.skills.iter().all(|skill| crew.skills.contains(skill))
        {
            return None;
        }
        let municipality = self.municipality_of_place(patient);
        let areas = &self.world.policy.areas;
        let scope = areas.iter().find(|rule| rule.crew_kind == crew.kind).map(|rule| rule.scope);
        match scope {
            None | Some(Scope::Anywhere) => Some(None),
            Some(Scope::OwnMunicipality) => {
                (crew.employer == Party::Municipality(municipality.clone())).then_some(None)
            }
            Some(Scope::OwnDelregion) => {
                let there = self.world.region.delregion_of(municipality)?;
                if *there == crew.home_delregion {
                    return Some(None);
                }
                let rows = self.lending_rows(crew, there);
                (!rows.is_empty()).then_some(Some(rows))
            }
        }
    }

    fn lending_rows(&self, crew: &Crew, there: &DelregionId) -> Vec<usize> {
        let rows = self.world.policy.lending.iter().enumerate();
        let fitting = rows.filter(|(_, row)| {
            row.from == crew.home_delregion
                && row.to == *there
                && row.crew_kinds.contains(&crew.kind)
        });
        fitting.map(|(at, _)| at).collect()
    }

    fn municipality_of_place(&self, patient: &Patient) -> &'w MunicipalityId {
        &self.world.places[self.world.place_position(&patient.place)].municipality
    }

    /// Stretches in which the part may start on this route.
    fn starts_on(
        &self,
        route: u32,
        part: &Part,
        windows: &[(i32, i32)],
        lending: Option<&[usize]>,
    ) -> Vec<(i32, i32)> {
        let spec = &self.problem.routes[route as usize];
        let (from, to) = (spec.from, spec.latest - ticks(part.service));
        let on_shift = windows.iter().map(|window| (window.0.max(from), window.1.min(to)));
        let on_shift = on_shift.filter(|window| window.0 <= window.1);
        let Some(rows) = lending else { return on_shift.collect() };
        let mut stretches: Vec<(i32, i32)> = Vec::new();
        for window in on_shift {
            for span in rows.iter().flat_map(|&row| &self.lending[row]) {
                // The end of the lending hours is outside them.
                let (from, to) = (self.tick(span.from()), self.tick(span.to()) - 1);
                let shared = (window.0.max(from), window.1.min(to));
                if shared.0 <= shared.1 {
                    stretches.push(shared);
                }
            }
        }
        joined(stretches)
    }

    /// The number of a fit, new or seen before.
    fn fit(
        &mut self,
        crew: &Crew,
        patient: &'w Patient,
        part: &'w Part,
        (at, index): (usize, usize),
        stretches: Vec<(i32, i32)>,
    ) -> u32 {
        let (from, to) = (stretches[0].0, stretches[stretches.len() - 1].1);
        let starts = if stretches.len() == 1 {
            NONE
        } else {
            intern(&mut self.starts_index, &mut self.problem.starts, stretches)
        };
        let hours = self.hours.of(&mut self.problem, patient, part, crew, (from, to));
        let prices = &self.world.policy.prices;
        let (mut told, mut told_cost) = (NONE, 0);
        if let Some((stop, shift_crew)) = self.told.get(&(at, index)) {
            if self.world.crews[*shift_crew].id == crew.id {
                let spec = ToldSpec {
                    times: stop.told.iter().map(|told| self.tick(told.time)).collect(),
                    tolerance: ticks(self.world.policy.told_tolerance),
                    points: prices.told_moved,
                };
                told = intern(&mut self.told_index, &mut self.problem.told, spec);
            } else {
                told_cost = stop.told.len() as i64 * prices.told_moved;
            }
        }
        let cost = self.border_price(crew, patient) + self.continuity_price(crew, patient, part);
        let fit = Fit { from, to, starts, cost, hours, told_cost, told };
        intern(&mut self.fit_index, &mut self.problem.fits, fit)
    }

    fn border_price(&self, crew: &Crew, patient: &Patient) -> i64 {
        let there = self.world.region.delregion_of(self.municipality_of_place(patient));
        let crosses = there.is_some_and(|there| *there != crew.home_delregion);
        if crosses { self.world.policy.prices.border } else { 0 }
    }

    fn continuity_price(&self, crew: &Crew, patient: &Patient, part: &Part) -> i64 {
        let prices = &self.world.policy.prices;
        if part.role != prices.continuity_role {
            return 0;
        }
        let same_unit = patient.unit.is_some() && crew.unit == patient.unit;
        match (&patient.named_doctor, &patient.unit) {
            (Some(named), _) if *named == crew.id => 0,
            (Some(_), _) if same_unit => prices.continuity_unit,
            (Some(_), _) => prices.continuity_other,
            (None, Some(_)) if !same_unit => prices.continuity_other,
            (None, _) => 0,
        }
    }
}

/// Stretches in order, those that touch or overlap joined.
fn joined(mut stretches: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    stretches.sort_unstable();
    let mut joined: Vec<(i32, i32)> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.0 <= last.1.saturating_add(1) => last.1 = last.1.max(stretch.1),
            _ => joined.push(stretch),
        }
    }
    joined
}
