//! What the programme minimises.

use good_lp::{Expression, Variable};
use rond::domain::TIERS;

use super::model::{End, Line, Model};
use super::sheet::{constant, not, sum};

const COST: usize = TIERS - 1;
/// Loads, in minutes, at which the square gets a tangent.
const TANGENT_STEP: usize = 15;
const TANGENT_LAST: usize = 240;

impl Model<'_> {
    pub(super) fn add_prices(&mut self) {
        for visit in 0..self.day.parts_of.len() {
            let (tier, points) = self.day.price_of_leaving_out(visit);
            self.objective[tier] += self.left_out[visit] * points as f64;
            self.price_lateness(visit);
        }
        for given in self.parts.iter().flatten() {
            for piece in &given.pieces {
                self.objective[COST] += piece.is_on * piece.cost as f64;
            }
        }
        for at in 0..self.lines.len() {
            self.price_driving(at);
            self.price_waiting(at);
            self.price_load(at);
        }
    }

    fn price_lateness(&mut self, visit: usize) {
        let facts = &self.day.world.visits[visit];
        let Some((promise, deadline)) = self.day.world.deadline_of(facts) else { return };
        let judged = self.day.parts_of[visit][self.day.world.judged_part(facts)];
        let Some(given) = &self.parts[judged] else { return };
        let last = given.pieces.iter().map(|piece| piece.to).max().unwrap_or(0);
        let (lateness, deadline) = (&promise.lateness, deadline.0 - self.origin);
        if last <= deadline {
            return;
        }
        let most = (last - deadline) / lateness.unit.0 + 1;
        let units = self.sheet.integer(0, most);
        // Half a second less than a unit begun: starts are whole seconds, give or take an error.
        let late = given.start - constant(deadline) - Expression::from(0.5);
        let left_out = self.left_out[visit];
        self.sheet.at_least(units * lateness.unit.0 as f64, late, left_out.into());
        let points = self.sheet.number(0, lateness.cap);
        let capped = self.sheet.binary();
        let mut sum_of_steps = constant(0);
        for (above, step) in &lateness.steps {
            let beyond = self.sheet.number(0, most);
            self.sheet.at_least(beyond.into(), units - constant(*above), constant(0));
            sum_of_steps += beyond * *step as f64;
        }
        self.sheet.at_least(points.into(), sum_of_steps, Expression::from(capped) + left_out);
        self.sheet.at_least(points.into(), constant(lateness.cap), not(capped));
        self.objective[promise.tier.index()] += points;
    }

    fn price_driving(&mut self, at: usize) {
        let line = &self.lines[at];
        let prices = &self.day.world.policy.prices;
        let facts = &self.day.routes[line.route];
        let driven: Expression = line.arcs.iter().map(|arc| arc.is_on * arc.travel as f64).sum();
        self.objective[COST] += driven * prices.travel_second as f64;
        if facts.latest > facts.to {
            let overtime = self.sheet.number(0, facts.latest - facts.to);
            let end = constant(facts.to - self.origin);
            self.sheet.at_least(overtime.into(), line.back - end, not(line.used));
            self.objective[COST] += overtime * prices.overtime_second as f64;
        }
    }

    /// From the first visit's start to the return, whatever is neither service, set-up, travel nor
    /// break is waiting.
    fn price_waiting(&mut self, at: usize) {
        let line = &self.lines[at];
        let facts = &self.day.routes[line.route];
        let (from, latest) = (facts.from - self.origin, facts.latest - self.origin);
        let first = self.sheet.number(from, latest);
        let mut busy = constant(0);
        for arc in &line.arcs {
            match arc.from {
                End::Start | End::Back => {
                    if let End::Part(part) = arc.to
                        && let Some(given) = &self.parts[part]
                    {
                        self.sheet.at_least(given.start.into(), first.into(), not(arc.is_on));
                    }
                }
                End::Part(_) => {
                    busy += arc.is_on * arc.gap as f64;
                    for (due, taken) in facts.breaks.iter().zip(&arc.breaks) {
                        if let Some(taken) = *taken {
                            busy += taken * due.length as f64;
                        }
                    }
                }
            }
        }
        for (part, by) in self.given_by(line) {
            busy += by * self.day.parts[part].service as f64;
        }
        let waiting = self.sheet.number(0, latest - from);
        self.sheet.row((waiting - (line.back - first - busy)).geq(0.0));
        self.objective[COST] += waiting * facts.waiting_price as f64;
    }

    /// The square of a sum of loads, by the products of all pairs. Tangents of the square bring the
    /// bound near before all is whole.
    fn price_load(&mut self, at: usize) {
        let price = self.day.world.policy.prices.fairness_minute_squared as f64;
        let given = self.given_by(&self.lines[at]);
        let load = |part: usize| self.day.parts[part].load as f64;
        let (mut total, mut square) = (constant(0), constant(0));
        for (position, &(one, by_one)) in given.iter().enumerate() {
            total += by_one * load(one);
            square += by_one * (load(one) * load(one));
            for &(other, by_other) in &given[position + 1..] {
                let both = self.sheet.number(0, 1);
                let least = sum([by_one, by_other]) - constant(1);
                self.sheet.at_least(both.into(), least, constant(0));
                square += both * (2.0 * load(one) * load(other));
            }
        }
        for touches in (TANGENT_STEP..=TANGENT_LAST).step_by(TANGENT_STEP) {
            let touches = touches as f64;
            let tangent = total.clone() * (2.0 * touches) - touches * touches;
            self.sheet.row((square.clone() - tangent).geq(0.0));
        }
        self.objective[COST] += square * price;
    }

    /// The parts that the shift may give.
    fn given_by(&self, line: &Line) -> Vec<(usize, Variable)> {
        let parts = self.parts.iter().enumerate();
        let given = parts.filter_map(|(part, given)| {
            given.as_ref().and_then(|given| given.by[line.route]).map(|by| (part, by))
        });
        given.collect()
    }
}
