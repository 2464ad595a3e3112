//! Every route of a class that a better plan could have: those whose price is so little above the
//! cheapest that they fit under the plan at hand.
//!
//! Depth first, with a bound on what the rest of a route can earn: the same prices, by stretches of
//! time and from the back, where a route may come back to a visit but not at once (2-cycles are
//! left out as in Houck, Picard, Queyranne & Vemuganti 1980).

use super::price::Multipliers;
use super::relaxed::{Class, Relaxed, SCALE};
use crate::solver::problem::{COST, NEVER};

/// Stretches of time for the bound on the rest of a route.
const STRETCHES: i32 = 600;
/// More than so many: the visits are too short for the horizon.
const STRETCHES_MAX: i32 = 4_000;

/// A route without regard to meetings.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its class.
    pub class: u32,
    /// Its parts in order.
    pub parts: Vec<u32>,
    /// The parts as a set.
    pub set: u128,
    /// What it costs above the cheapest of its class, scaled.
    pub excess: i64,
}

/// All routes of a class with at most `slack` above the cheapest, whose price is `least`. `None`
/// when there are more than `routes_max`, or finding them takes more than `steps` allow.
pub fn routes_within(
    relaxed: &Relaxed<'_>,
    class: u32,
    multipliers: &Multipliers,
    (least, slack): (i64, i64),
    (routes_max, steps): (usize, &mut u64),
) -> Option<Vec<Route>> {
    let spec = &relaxed.classes[class as usize];
    if spec.parts.is_empty() {
        return Some(Vec::new());
    }
    let rest = Rest::of(relaxed, spec, multipliers)?;
    let mut walk = Walk {
        relaxed,
        class: spec,
        multipliers,
        rest,
        limit: least.saturating_add(slack),
        found: Vec::new(),
        path: Vec::new(),
        on_path: vec![false; relaxed.near.len()],
        routes_max,
        steps,
    };
    let route = &relaxed.problem.routes[spec.route as usize];
    for &part in &spec.parts {
        let ready = route.from + relaxed.problem.gap(route.start_place, relaxed.place(part));
        let price = relaxed.set_out(spec, part) * SCALE;
        walk.visit(part, ready, price, u32::MAX)?;
    }
    let routes = walk.found.into_iter().map(|(parts, price)| Route {
        class,
        set: parts.iter().fold(0, |set, part| set | 1 << part),
        parts,
        excess: price - least,
    });
    Some(routes.collect())
}

/// The price of starting a part then, scaled, without the way there.
#[inline]
fn price_at(
    relaxed: &Relaxed<'_>,
    class: &Class,
    multipliers: &Multipliers,
    part: u32,
    start: i32,
) -> i64 {
    relaxed.own_price(class, part, start) * SCALE - multipliers.earned[part as usize]
        + multipliers.price_of_lateness(relaxed, part, start)
}

/// The price of driving from part to part, scaled.
#[inline]
fn drive(relaxed: &Relaxed<'_>, class: &Class, from: u32, to: u32) -> i64 {
    let ticks = relaxed.problem.travel(relaxed.place(from), relaxed.place(to));
    let price = relaxed.problem.routes[class.route as usize].travel_price;
    relaxed.weighted(COST, i64::from(ticks) * price) * SCALE
}

struct Walk<'w, 'p> {
    relaxed: &'w Relaxed<'p>,
    class: &'w Class,
    multipliers: &'w Multipliers,
    rest: Rest,
    limit: i64,
    found: Vec<(Vec<u32>, i64)>,
    path: Vec<u32>,
    on_path: Vec<bool>,
    routes_max: usize,
    steps: &'w mut u64,
}

impl Walk<'_, '_> {
    /// Goes on with `part`, which is ready then; `None` when the limits are reached.
    fn visit(&mut self, part: u32, ready: i32, price: i64, before: u32) -> Option<()> {
        let (relaxed, class) = (self.relaxed, self.class);
        let start = relaxed.start(class, part, ready);
        if start >= NEVER {
            return Some(());
        }
        let price = price + price_at(relaxed, class, self.multipliers, part, start);
        if price + self.rest.after(part, start, before) > self.limit {
            return Some(());
        }
        *self.steps = self.steps.checked_sub(1)?;
        let item = relaxed.item[part as usize] as usize;
        self.on_path[item] = true;
        self.path.push(part);
        let spec = &relaxed.problem.parts[part as usize];
        let done = start + spec.service;
        if let Some(home) = relaxed.go_home(class, part, done) {
            let price = price + home * SCALE;
            if price <= self.limit {
                self.found.push((self.path.clone(), price));
            }
        }
        if self.found.len() > self.routes_max {
            return None;
        }
        for &next in &class.parts {
            if !self.on_path[relaxed.item[next as usize] as usize] {
                let ready = done + relaxed.problem.gap(spec.place, relaxed.place(next));
                let price = price + drive(relaxed, class, part, next);
                self.visit(next, ready, price, part)?;
            }
        }
        self.path.pop();
        self.on_path[item] = false;
        Some(())
    }
}

/// What the rest of a route costs at least, by part and stretch of time.
struct Rest {
    from: i32,
    width: i32,
    count: usize,
    /// Per part and stretch: the least price, the next part then, the least with another next.
    least: Vec<(i64, u32, i64)>,
    /// No less than any rest.
    floor: i64,
}

impl Rest {
    fn of(relaxed: &Relaxed<'_>, class: &Class, multipliers: &Multipliers) -> Option<Rest> {
        let problem = relaxed.problem;
        let windows = &relaxed.windows;
        let parts = || class.parts.iter().map(|&part| part as usize);
        let from = parts().map(|part| windows.floor[part]).min()?;
        let to = parts().map(|part| windows.roof[part].min(NEVER / 2)).max()?;
        // Nothing may end in the stretch it starts in: the rest is known from the back.
        let shortest = parts().map(|part| problem.parts[part].service).min()?;
        let width = shortest.min((to - from).max(0) / STRETCHES + 1);
        if width < 1 || (to - from) / width > STRETCHES_MAX {
            return None;
        }
        let count = ((to - from).max(0) / width) as usize + 1;
        let floor: i64 = parts().map(|part| -multipliers.earned[part].max(0)).sum();
        let none = (i64::MAX / 4, u32::MAX, i64::MAX / 4);
        let least = vec![none; count * problem.parts.len()];
        let mut rest = Rest { from, width, count, least, floor };
        for stretch in (0..count).rev() {
            for &part in &class.parts {
                let at = part as usize * count + stretch;
                rest.least[at] = rest.found(relaxed, class, multipliers, part, stretch);
            }
        }
        Some(rest)
    }

    fn found(
        &self,
        relaxed: &Relaxed<'_>,
        class: &Class,
        multipliers: &Multipliers,
        part: u32,
        stretch: usize,
    ) -> (i64, u32, i64) {
        let begin = self.from + stretch as i32 * self.width;
        let begin = begin.max(relaxed.windows.floor[part as usize]);
        let spec = &relaxed.problem.parts[part as usize];
        let done = begin + spec.service;
        let home = relaxed.go_home(class, part, done).map_or(i64::MAX / 4, |home| home * SCALE);
        let mut best = (home, u32::MAX, i64::MAX / 4);
        for &next in &class.parts {
            let ready = done + relaxed.problem.gap(spec.place, relaxed.place(next));
            if relaxed.item[next as usize] == relaxed.item[part as usize] {
                continue;
            }
            let start = relaxed.start(class, next, ready);
            if start >= NEVER {
                continue;
            }
            let price = drive(relaxed, class, part, next)
                + price_at(relaxed, class, multipliers, next, start)
                + self.after(next, start, part);
            if price < best.0 {
                best = (price, next, best.0);
            } else if price < best.2 {
                best.2 = price;
            }
        }
        best
    }

    /// No less than what a route costs after a part that starts then, when it does not go back to
    /// the part before.
    #[inline]
    fn after(&self, part: u32, start: i32, before: u32) -> i64 {
        let stretch = ((start - self.from) / self.width) as usize;
        if stretch >= self.count {
            return self.floor;
        }
        let (price, next, other) = self.least[part as usize * self.count + stretch];
        if next != u32::MAX && next == before { other } else { price }
    }
}
