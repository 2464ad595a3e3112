//! The programme's variables: who gives what, in which order, with breaks where.

use good_lp::{Constraint, Expression, IntoAffineExpression, Solution, Variable};
use rond::domain::TIERS;

use super::super::arrangement::{Arrangement, Halt};
use super::super::day::Day;
use super::sheet::{Answer, Sheet, constant, not, sum};

/// An end of an arc.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The shift's start.
    Start,
    /// A part.
    Part(usize),
    /// The shift's end.
    Back,
}

/// What may follow what on a shift.
pub struct Arc {
    /// What comes before.
    pub from: End,
    /// What comes after.
    pub to: End,
    /// Is it so?
    pub is_on: Variable,
    /// Per break of the shift: is it taken on the way? `None` if there is no time for it.
    pub breaks: Vec<Option<Variable>>,
    /// Seconds of travel.
    pub travel: i64,
    /// Seconds of travel and set-up.
    pub gap: i64,
}

/// A shift in the programme.
pub struct Line {
    /// Position in the day's routes.
    pub route: usize,
    /// Does it visit anyone?
    pub used: Variable,
    /// What may follow what.
    pub arcs: Vec<Arc>,
    /// Not left before this.
    pub depart: Variable,
    /// When it is back.
    pub back: Variable,
    /// Start of each break.
    pub breaks: Vec<Variable>,
}

/// A window, or what is left of it between two hand-overs of responsibility, on one shift.
pub struct Piece {
    /// The shift.
    pub route: usize,
    /// First start.
    pub from: i64,
    /// Last start.
    pub to: i64,
    /// Position of the window among those of the part on the shift.
    pub window: usize,
    /// First start of that window.
    pub window_from: i64,
    /// Points of tier 4: border, continuity, responsibility.
    pub cost: i64,
    /// Does the part start in it?
    pub is_on: Variable,
}

/// A part in the programme.
pub struct Given {
    /// Per route, is it given by that shift? `None` if it cannot be.
    pub by: Vec<Option<Variable>>,
    /// Where it may start.
    pub pieces: Vec<Piece>,
    /// When it starts: the same variable for parts that start together.
    pub start: Variable,
    /// At most its arrival and set-up.
    pub ready: Variable,
}

/// What came of solving the programme tier by tier.
pub enum Found {
    /// The best price and its arrangement.
    Best([i64; TIERS], Arrangement),
    /// There is none.
    Nothing,
    /// It was too hard.
    GivenUp,
}

/// The programme of a day. Times are seconds from the first that matters.
pub struct Model<'d> {
    /// The day.
    pub day: &'d Day<'d>,
    /// The moment of second 0.
    pub origin: i64,
    /// Variables and rows.
    pub sheet: Sheet,
    /// Per visit: is it left out?
    pub left_out: Vec<Variable>,
    /// The parts; `None` for those of visits that nobody can make.
    pub parts: Vec<Option<Given>>,
    /// The shifts.
    pub lines: Vec<Line>,
    /// What to minimise, tier by tier.
    pub objective: [Expression; TIERS],
}

impl<'d> Model<'d> {
    /// The whole programme.
    pub fn of(day: &'d Day<'d>) -> Model<'d> {
        let mut model = Model {
            day,
            origin: day.routes.iter().map(|route| route.from).min().unwrap_or(0),
            sheet: Sheet::default(),
            left_out: Vec::new(),
            parts: Vec::new(),
            lines: Vec::new(),
            objective: std::array::from_fn(|_| constant(0)),
        };
        for visit in 0..day.parts_of.len() {
            model.add_visit(visit);
        }
        for route in 0..day.routes.len() {
            model.add_line(route);
        }
        model.add_flow();
        model.add_times();
        model.add_supports();
        model.add_prices();
        model
    }

    fn add_visit(&mut self, visit: usize) {
        let left_out = self.sheet.binary();
        self.left_out.push(left_out);
        let parts = &self.day.parts_of[visit];
        let Some(groups) = self.groups(visit) else {
            self.sheet.row(Expression::from(left_out).eq(1.0));
            self.parts.extend(parts.iter().map(|_| None));
            return;
        };
        let mut starts: Vec<Option<Variable>> = vec![None; parts.len()];
        for (index, &part) in parts.iter().enumerate() {
            let (leader, from, to) = groups[index];
            let made = starts[leader];
            let start = made.unwrap_or_else(|| self.sheet.number(from, to));
            starts[leader] = Some(start);
            let given = self.given(part, start, (from, to));
            let by = sum(given.by.iter().flatten().copied());
            self.sheet.row((by + left_out).eq(1.0));
            self.parts.push(Some(given));
        }
        for (at, &one) in parts.iter().enumerate() {
            for &other in &parts[at + 1..] {
                self.keep_crews_apart(visit, one, other);
            }
        }
    }

    /// Per part of the visit, the first one that starts together with it, and the range of starts.
    /// `None` when some part cannot start at all, or a pin keeps the visit out.
    fn groups(&self, visit: usize) -> Option<Vec<(usize, i64, i64)>> {
        let parts = &self.day.parts_of[visit];
        let mut groups: Vec<usize> = (0..parts.len()).collect();
        for meeting in &self.day.world.visits[visit].meetings {
            if meeting.lag_min.0 == 0 && meeting.lag_max.0 == 0 {
                let (from, to) = (groups[meeting.second], groups[meeting.first]);
                groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
        let mut ranges = vec![(i64::MIN, i64::MAX); parts.len()];
        for (index, &part) in parts.iter().enumerate() {
            let fits = || self.day.fits[part].iter().flatten();
            let from = fits().map(|fit| fit.starts[0].0).min()? - self.origin;
            let to = fits().filter_map(|fit| fit.starts.last()).map(|last| last.1).max()?;
            let range = &mut ranges[groups[index]];
            *range = (range.0.max(from), range.1.min(to - self.origin));
        }
        let all = groups.iter().map(|&group| (group, ranges[group].0, ranges[group].1));
        let all: Vec<(usize, i64, i64)> = all.collect();
        let possible = all.iter().all(|(_, from, to)| from <= to);
        (possible && !self.day.is_barred(visit)).then_some(all)
    }

    fn given(&mut self, part: usize, start: Variable, range: (i64, i64)) -> Given {
        let day = self.day;
        let handovers = day.handovers();
        let mut given = Given {
            by: Vec::new(),
            pieces: Vec::new(),
            start,
            ready: self.sheet.number(range.0.min(0), range.1),
        };
        for route in 0..day.routes.len() {
            let Some(fit) = &day.fits[part][route] else {
                given.by.push(None);
                continue;
            };
            let by = self.sheet.binary();
            given.by.push(Some(by));
            let first = given.pieces.len();
            for (window, &(window_from, to)) in fit.starts.iter().enumerate() {
                let mut from = window_from;
                while from <= to {
                    let next = handovers.iter().find(|&&moment| moment > from);
                    let last = next.map_or(to, |next| to.min(next - 1));
                    given.pieces.push(Piece {
                        route,
                        from: from - self.origin,
                        to: last - self.origin,
                        window,
                        window_from: window_from - self.origin,
                        cost: fit.cost + day.responsibility(part, route, from),
                        is_on: self.sheet.binary(),
                    });
                    from = last + 1;
                }
            }
            let pieces = sum(given.pieces[first..].iter().map(|piece| piece.is_on));
            self.sheet.row((pieces - by).eq(0.0));
        }
        given
    }

    fn keep_crews_apart(&mut self, visit: usize, one: usize, other: usize) {
        if self.day.world.visits[visit].same_crew_allowed {
            return;
        }
        for crew in 0..self.day.world.crews.len() {
            let mut by_crew = constant(0);
            for part in [one, other] {
                let Some(given) = &self.parts[part] else { continue };
                for (route, by) in given.by.iter().enumerate() {
                    if let Some(by) = by
                        && self.day.routes[route].crew == crew
                    {
                        by_crew += *by;
                    }
                }
            }
            self.sheet.row(by_crew.leq(1.0));
        }
    }

    fn add_line(&mut self, route: usize) {
        let facts = &self.day.routes[route];
        let (from, latest) = (facts.from - self.origin, facts.latest - self.origin);
        let used = self.sheet.binary();
        let depart = self.sheet.number(from, latest);
        let back = self.sheet.number(from, latest);
        let breaks = facts.breaks.iter().map(|due| (due.from - self.origin, due.to - self.origin));
        let breaks = breaks.map(|(from, to)| self.sheet.number(from, to)).collect();
        let parts = (0..self.day.parts.len()).filter(|&part| self.is_given_by(part, route));
        let parts: Vec<End> = parts.map(End::Part).collect();
        let mut arcs = Vec::new();
        for &from in [End::Start].iter().chain(&parts) {
            for &to in parts.iter().chain(&[End::Back]) {
                if from != to
                    && (from, to) != (End::Start, End::Back)
                    && self.are_in_turn(from, to)
                    && let Some(arc) = self.arc(route, from, to)
                {
                    arcs.push(arc);
                }
            }
        }
        self.lines.push(Line { route, used, arcs, depart, back, breaks });
    }

    fn is_given_by(&self, part: usize, route: usize) -> bool {
        self.parts[part].as_ref().is_some_and(|given| given.by[route].is_some())
    }

    /// May the one come right after the other?
    fn are_in_turn(&self, from: End, to: End) -> bool {
        match (from, to) {
            (End::Part(before), End::Part(after)) => {
                self.day.turns[before] <= self.day.turns[after]
            }
            _ => true,
        }
    }

    /// The arc, unless there is no way or no time for it.
    fn arc(&mut self, route: usize, from: End, to: End) -> Option<Arc> {
        let day = self.day;
        let facts = &day.routes[route];
        let (here, leaves) = match from {
            End::Start => (facts.start_place, facts.from),
            // An end of an arc is a part that fits the route.
            End::Part(part) => {
                let first = day.fits[part][route].as_ref().expect("a fit").starts[0].0;
                (day.parts[part].place, first + day.parts[part].service)
            }
            End::Back => return None,
        };
        let (travel, gap, due) = match to {
            End::Start => return None,
            End::Part(part) => {
                let there = day.parts[part].place;
                let starts = &day.fits[part][route].as_ref().expect("a fit").starts;
                let due = starts.last().expect("a stretch").1;
                (day.travel(here, there)?, day.gap(here, there)?, due)
            }
            End::Back => {
                let travel = day.travel(here, facts.end_place)?;
                (travel, travel, facts.latest)
            }
        };
        if leaves + gap > due {
            return None;
        }
        let mut breaks = Vec::new();
        for rest in &facts.breaks {
            let fits = leaves <= rest.to && leaves.max(rest.from) + rest.length + gap <= due;
            breaks.push(fits.then(|| self.sheet.binary()));
        }
        Some(Arc { from, to, is_on: self.sheet.binary(), breaks, travel, gap })
    }

    /// What comes in goes out; every break is taken once, on an arc that is driven.
    fn add_flow(&mut self) {
        for line in &self.lines {
            let touching = |end: End| {
                let into = line.arcs.iter().filter(move |arc| arc.to == end);
                let out = line.arcs.iter().filter(move |arc| arc.from == end);
                (sum(into.map(|arc| arc.is_on)), sum(out.map(|arc| arc.is_on)))
            };
            self.sheet.row((touching(End::Start).1 - line.used).eq(0.0));
            self.sheet.row((touching(End::Back).0 - line.used).eq(0.0));
            for (part, given) in self.parts.iter().enumerate() {
                let Some(by) = given.as_ref().and_then(|given| given.by[line.route]) else {
                    continue;
                };
                let (into, out) = touching(End::Part(part));
                self.sheet.row((into - by).eq(0.0));
                self.sheet.row((out - by).eq(0.0));
                self.sheet.row((Expression::from(by) - line.used).leq(0.0));
                for other in part + 1..self.parts.len() {
                    let pair = [End::Part(part), End::Part(other)];
                    let between = line
                        .arcs
                        .iter()
                        .filter(|arc| [arc.from, arc.to] == pair || [arc.to, arc.from] == pair);
                    // There and back at once would be a circle.
                    self.sheet.row((sum(between.map(|arc| arc.is_on)) - by).leq(0.0));
                }
            }
            for index in 0..line.breaks.len() {
                let taken = line.arcs.iter().filter_map(|arc| arc.breaks[index]);
                self.sheet.row((sum(taken) - line.used).eq(0.0));
                for arc in &line.arcs {
                    if let Some(taken) = arc.breaks[index] {
                        self.sheet.row((Expression::from(taken) - arc.is_on).leq(0.0));
                    }
                }
            }
        }
    }

    /// The best price, tier by tier, and its arrangement, if any is no dearer than `at_most`.
    pub fn solve(&self, at_most: Option<[i64; TIERS]>) -> Found {
        let mut fixed = Vec::new();
        let mut score = [0; TIERS];
        let mut found = None;
        for tier in 0..TIERS {
            let objective = &self.objective[tier];
            if objective.linear_coefficients().next().is_none() && tier + 1 < TIERS {
                continue;
            }
            let mut rows: Vec<Constraint> = fixed.clone();
            if let Some(at_most) = at_most.filter(|at_most| at_most[..tier] == score[..tier]) {
                rows.push(objective.clone().leq(at_most[tier] as f64 + 0.5));
            }
            let solution = match self.sheet.solve(objective, &rows) {
                Answer::Best(solution) => solution,
                Answer::Nothing => return Found::Nothing,
                Answer::GivenUp => return Found::GivenUp,
            };
            score[tier] = objective.eval_with(&solution).round() as i64;
            fixed.push(objective.clone().leq(score[tier] as f64 + 0.5));
            found = Some(solution);
        }
        let is_on = |variable: Variable| found.as_ref().is_some_and(|s| s.value(variable) > 0.5);
        Found::Best(score, self.arrangement(&is_on))
    }

    fn arrangement(&self, is_on: &dyn Fn(Variable) -> bool) -> Arrangement {
        let mut arrangement = Arrangement::empty(self.day);
        for line in self.lines.iter().filter(|line| is_on(line.used)) {
            let mut halts = Vec::new();
            let mut at = End::Start;
            while at != End::Back {
                let next = line.arcs.iter().find(|arc| arc.from == at && is_on(arc.is_on));
                let arc = next.expect("what comes in goes out");
                for (index, taken) in arc.breaks.iter().enumerate() {
                    if taken.is_some_and(is_on) {
                        halts.push(Halt::Break(index));
                    }
                }
                if let End::Part(part) = arc.to {
                    halts.push(Halt::Part(part));
                }
                at = arc.to;
            }
            arrangement.routes[line.route] = halts;
        }
        arrangement
    }

    /// Never finds this arrangement again.
    pub fn set_aside(&mut self, arrangement: &Arrangement) {
        let mut differences = constant(0);
        for line in &self.lines {
            let halts = &arrangement.routes[line.route];
            let used = arrangement.is_used(line.route);
            for arc in &line.arcs {
                let (is_on, taken) = if used { reads(halts, arc) } else { (false, Vec::new()) };
                differences += if is_on { not(arc.is_on) } else { arc.is_on.into() };
                for (index, variable) in arc.breaks.iter().enumerate() {
                    if let Some(variable) = *variable {
                        let is_taken = taken.contains(&index);
                        differences += if is_taken { not(variable) } else { variable.into() };
                    }
                }
            }
        }
        self.sheet.row(differences.geq(1.0));
    }
}

/// Does the order of stops go along the arc, and which breaks are taken on the way?
fn reads(halts: &[Halt], arc: &Arc) -> (bool, Vec<usize>) {
    let (mut from, mut taken) = (End::Start, Vec::new());
    for halt in halts {
        match *halt {
            Halt::Break(index) => taken.push(index),
            Halt::Part(part) => {
                if from == arc.from && arc.to == End::Part(part) {
                    return (true, taken);
                }
                from = End::Part(part);
                taken.clear();
            }
        }
    }
    (from == arc.from && arc.to == End::Back, taken)
}
