//! The programme's times: what starts must wait for, and that each waits for something.

use good_lp::{Expression, Variable};

use super::model::{Arc, End, Line, Model};
use super::sheet::{constant, not, sum};

impl Model<'_> {
    /// Lower bounds of all starts, and windows.
    pub(super) fn add_times(&mut self) {
        for part in 0..self.parts.len() {
            let Some(given) = &self.parts[part] else { continue };
            for piece in &given.pieces {
                let off = || not(piece.is_on);
                self.sheet.at_least(given.start.into(), constant(piece.from), off());
                self.sheet.at_least(constant(piece.to), given.start.into(), off());
            }
        }
        for tie in &self.day.ties {
            let visit = self.day.parts[tie.from].visit;
            if let (Some(one), Some(other)) = (&self.parts[tie.from], &self.parts[tie.to])
                && one.start != other.start
            {
                let least = one.start + constant(tie.least);
                self.sheet.at_least(other.start.into(), least, self.left_out[visit].into());
            }
        }
        for at in 0..self.lines.len() {
            for arc in 0..self.lines[at].arcs.len() {
                self.add_arc_times(at, arc);
            }
        }
        let rest = self.day.world.policy.rest.0;
        for (earlier, later) in self.rests() {
            let (earlier, later) = (&self.lines[earlier], &self.lines[later]);
            let off = not(earlier.used) + not(later.used);
            self.sheet.at_least(later.depart.into(), earlier.back + constant(rest), off);
        }
    }

    /// Pairs of shifts of one crew where the rest after the one can push the other.
    fn rests(&self) -> Vec<(usize, usize)> {
        let rest = self.day.world.policy.rest.0;
        let mut pairs = Vec::new();
        for earlier in 0..self.lines.len() {
            for later in earlier + 1..self.lines.len() {
                let (one, other) = (&self.day.routes[earlier], &self.day.routes[later]);
                if one.crew == other.crew && other.from < one.latest + rest {
                    pairs.push((earlier, later));
                }
            }
        }
        pairs
    }

    /// When the crew is done at the beginning of an arc.
    fn leaves(&self, line: &Line, end: End) -> Expression {
        match end {
            End::Part(part) => self.start(part) + constant(self.day.parts[part].service),
            End::Start | End::Back => line.depart.into(),
        }
    }

    fn start(&self, part: usize) -> Expression {
        // Arcs lead only to parts that somebody can give.
        self.parts[part].as_ref().expect("a part in the programme").start.into()
    }

    fn add_arc_times(&mut self, at: usize, arc: usize) {
        let line = &self.lines[at];
        let arc = &line.arcs[arc];
        let arrives: Expression = match arc.to {
            End::Part(part) => self.start(part),
            End::Start | End::Back => line.back.into(),
        };
        let leaves = self.leaves(line, arc.from);
        let least = leaves.clone() + constant(arc.gap);
        let mut rows = vec![(arrives.clone(), least, not(arc.is_on))];
        for (index, taken) in arc.breaks.iter().enumerate() {
            let Some(taken) = *taken else { continue };
            let length = self.day.routes[line.route].breaks[index].length;
            let begins: Expression = line.breaks[index].into();
            let least = begins.clone() + constant(length + arc.gap);
            rows.push((begins, leaves.clone(), not(taken)));
            rows.push((arrives.clone(), least, not(taken)));
        }
        for (left, right, off) in rows {
            self.sheet.at_least(left, right, off);
        }
    }

    /// Every start equals one of its lower bounds.
    pub(super) fn add_supports(&mut self) {
        for visit in 0..self.day.parts_of.len() {
            self.support_visit(visit);
        }
        for at in 0..self.lines.len() {
            self.support_depart(at);
            for index in 0..self.lines[at].breaks.len() {
                self.support_break(at, index);
            }
            for arc in 0..self.lines[at].arcs.len() {
                self.limit_ready(at, arc);
            }
        }
    }

    fn support_visit(&mut self, visit: usize) {
        let parts = self.day.parts_of[visit].clone();
        for (index, &part) in parts.iter().enumerate() {
            let Some(given) = &self.parts[part] else { return };
            let start = given.start;
            let together = |other: &&usize| {
                self.parts[**other].as_ref().is_some_and(|other| other.start == start)
            };
            // The first of those that start together speaks for all.
            if parts[..index].iter().any(|other| together(&other)) {
                continue;
            }
            let group: Vec<usize> = parts.iter().filter(together).copied().collect();
            let mut supports = Vec::new();
            for &member in &group {
                supports.extend(self.support_member(member));
            }
            for (other, least) in self.lags_into(&group) {
                let by_lag = self.sheet.binary();
                supports.push(by_lag);
                let bound = other + constant(least);
                self.sheet.at_least(bound, start.into(), not(by_lag));
            }
            self.sheet.row((sum(supports) + self.left_out[visit]).eq(1.0));
            self.give_reasons(&group);
        }
    }

    /// The starts outside the group that tie it, with the lags.
    fn lags_into(&self, group: &[usize]) -> Vec<(Variable, i64)> {
        let into = self.day.ties.iter().filter(|tie| group.contains(&tie.to));
        let outside = into.filter(|tie| !group.contains(&tie.from));
        let starts = outside
            .filter_map(|tie| self.parts[tie.from].as_ref().map(|other| (other.start, tie.least)));
        starts.collect()
    }

    /// By the opening of its window, or by its arrival.
    fn support_member(&mut self, part: usize) -> [Variable; 2] {
        let (by_window, by_arrival) = (self.sheet.binary(), self.sheet.binary());
        let Some(given) = &self.parts[part] else { return [by_window, by_arrival] };
        for piece in &given.pieces {
            if piece.from == piece.window_from {
                let off = not(by_window) + not(piece.is_on);
                self.sheet.at_least(constant(piece.from), given.start.into(), off);
            } else {
                self.sheet.row((Expression::from(by_window) + piece.is_on).leq(1.0));
            }
        }
        self.sheet.at_least(given.ready.into(), given.start.into(), not(by_arrival));
        [by_window, by_arrival]
    }

    /// A start lies in a later window only when something rules out the one before.
    fn give_reasons(&mut self, group: &[usize]) {
        for &part in group {
            let Some(given) = &self.parts[part] else { return };
            let later: Vec<(Variable, i64)> = given
                .pieces
                .iter()
                .filter(|piece| piece.window > 0)
                .map(|piece| {
                    let before = given.pieces.iter().filter(|other| {
                        other.route == piece.route && other.window + 1 == piece.window
                    });
                    // There is a window before every later one.
                    (piece.is_on, before.map(|other| other.to).max().expect("a window before"))
                })
                .collect();
            for (is_on, before) in later {
                self.give_reason(group, is_on, before + 1);
            }
        }
    }

    fn give_reason(&mut self, group: &[usize], is_on: Variable, least: i64) {
        let mut reasons = Vec::new();
        for &member in group {
            let Some(given) = &self.parts[member] else { continue };
            let ready = given.ready;
            let windows = given.pieces.iter().filter(|piece| piece.window_from >= least);
            // Its own window is no reason for itself, but the window of another member is.
            reasons.extend(windows.map(|piece| piece.is_on).filter(|other| *other != is_on));
            let by_arrival = self.sheet.binary();
            reasons.push(by_arrival);
            self.sheet.at_least(ready.into(), constant(least), not(by_arrival));
        }
        for (other, lag) in self.lags_into(group) {
            let by_lag = self.sheet.binary();
            reasons.push(by_lag);
            self.sheet.at_least(other + constant(lag), constant(least), not(by_lag));
        }
        self.sheet.row((sum(reasons) - is_on).geq(0.0));
    }

    fn support_depart(&mut self, at: usize) {
        let line = &self.lines[at];
        let from = self.day.routes[line.route].from - self.origin;
        let rest = self.day.world.policy.rest.0;
        let by_hours = self.sheet.binary();
        let mut supports = vec![by_hours];
        self.sheet.at_least(constant(from), line.depart.into(), not(by_hours));
        for (earlier, later) in self.rests() {
            if later == at {
                let earlier = &self.lines[earlier];
                let by_rest = self.sheet.binary();
                supports.push(by_rest);
                let bound = earlier.back + constant(rest);
                self.sheet.at_least(bound, line.depart.into(), not(by_rest));
                self.sheet.row((Expression::from(by_rest) - earlier.used).leq(0.0));
            }
        }
        self.sheet.row(sum(supports).eq(1.0));
    }

    fn support_break(&mut self, at: usize, index: usize) {
        let line = &self.lines[at];
        let from = self.day.routes[line.route].breaks[index].from - self.origin;
        let begins: Expression = line.breaks[index].into();
        let by_window = self.sheet.binary();
        let mut rows = vec![(constant(from), begins.clone(), not(by_window))];
        for arc in &line.arcs {
            if let Some(taken) = arc.breaks[index] {
                let off = Expression::from(by_window) + not(taken);
                rows.push((self.leaves(line, arc.from), begins.clone(), off));
            }
        }
        for (left, right, off) in rows {
            self.sheet.at_least(left, right, off);
        }
    }

    /// A part is ready no later than the crew that comes along the arc.
    fn limit_ready(&mut self, at: usize, arc: usize) {
        let line = &self.lines[at];
        let arc = &line.arcs[arc];
        let End::Part(part) = arc.to else { return };
        let Some(given) = &self.parts[part] else { return };
        let ready: Expression = given.ready.into();
        let arrives = self.leaves(line, arc.from) + constant(arc.gap);
        let taken = sum(arc.breaks.iter().flatten().copied());
        let mut rows = vec![(arrives, not(arc.is_on) + taken)];
        for (index, taken) in arc.breaks.iter().enumerate() {
            let Some(taken) = *taken else { continue };
            let length = self.day.routes[line.route].breaks[index].length;
            let arrives = line.breaks[index] + constant(length + arc.gap);
            rows.push((arrives, not(taken) + later_breaks(arc, index)));
        }
        for (arrives, off) in rows {
            self.sheet.at_least(arrives, ready.clone(), off);
        }
    }
}

/// How many breaks after this one are taken on the arc.
fn later_breaks(arc: &Arc, index: usize) -> Expression {
    sum(arc.breaks[index + 1..].iter().flatten().copied())
}
