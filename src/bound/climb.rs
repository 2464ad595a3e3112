//! Multipliers that make the bound high: steps along a running mean of what the cheapest routes
//! leave over (the volume algorithm, Barahona & Anbil 2000).
//!
//! Any multipliers give a true bound, for it is found anew in whole numbers at every step: what is
//! done in floating point here decides how good the bound is, never whether it holds.

use rayon::prelude::*;

use super::price::{Cheapest, Multipliers, cheapest};
use super::relaxed::{PRICE_MAX, Relaxed, SCALE};

/// Weight of the newest routes in the running mean, first and last.
const NEWEST: (f64, f64) = (0.2, 0.01);
/// First step, as a share of what would close the gap at once.
const STEP: f64 = 0.3;
/// Steps without a gain after which the step is shortened.
const PATIENCE: usize = 8;
/// A step shorter than this moves nothing any more.
const STEP_MIN: f64 = 1e-4;

/// The highest bound found and what it was found with.
#[derive(Clone)]
pub struct Summit {
    /// The bound, scaled.
    pub bound: i64,
    /// Its multipliers.
    pub multipliers: Multipliers,
    /// Per class, the cheapest price (0 or less), scaled.
    pub prices: Vec<i64>,
}

/// What the routes were like on the way, newest most: a plan in shares.
pub struct Mean {
    /// Per part, what is left over of it.
    parts: Vec<f64>,
    /// Per part, its lateness in points.
    late: Vec<f64>,
    /// Per tie, points of lateness that should have been forced upon the other and were not.
    forced: Vec<f64>,
    /// Per part, its start.
    pub start: Vec<f64>,
    /// The greatest lateness in points, round by round.
    pub peak: f64,
}

impl Mean {
    /// The greatest lateness of any part in the mean.
    pub fn greatest(&self) -> f64 {
        self.late.iter().fold(0.0, |greatest, late| late.max(greatest))
    }

    fn blend(&mut self, newer: &Mean, weight: f64) {
        let mix = |old: &mut f64, new: &f64| *old += weight * (new - *old);
        self.parts.iter_mut().zip(&newer.parts).for_each(|(old, new)| mix(old, new));
        self.late.iter_mut().zip(&newer.late).for_each(|(old, new)| mix(old, new));
        self.forced.iter_mut().zip(&newer.forced).for_each(|(old, new)| mix(old, new));
        // A part that nobody made this time has no start to mix in.
        let starts = self.start.iter_mut().zip(&newer.start).zip(&newer.parts);
        starts.filter(|(_, left)| **left < 1.0).for_each(|((old, new), _)| mix(old, new));
        mix(&mut self.peak, &newer.peak);
    }
}

/// Multipliers to start from when nothing is known but the scaled price of a plan.
pub fn level_ground(relaxed: &Relaxed<'_>, target: i64) -> Multipliers {
    let parts = relaxed.problem.parts.len();
    Multipliers {
        earned: vec![target / (parts as i64).max(1); parts],
        greatest: vec![0; parts],
        forced: vec![0; relaxed.ties.len()],
        late: (0..parts).map(|part| relaxed.late_price(part)).collect(),
    }
}

/// Climbs until `rounds` steps are done or `labels` labels looked at, which it counts down.
/// `target` is the scaled price of a plan at hand. `None` when the labels are used up at once.
pub fn climb(
    relaxed: &Relaxed<'_>,
    start: Multipliers,
    target: i64,
    rounds: usize,
    labels: &mut u64,
) -> Option<(Summit, Mean)> {
    let mut centre = Point::of(&start);
    let (mut summit, mut mean) = judge(relaxed, start, labels)?;
    let (mut step, mut newest, mut waited) = (STEP, NEWEST.0, 0);
    // Lateness is counted in points, parts are counted by one: this makes their steps alike.
    let each = target as f64 / relaxed.problem.parts.len().max(1) as f64;
    let scale_late = 0.5 * SCALE as f64 / each.max(SCALE as f64);
    for _ in 0..rounds {
        let goal = target.max(summit.bound + summit.bound.abs() / 1000);
        let mut norm: f64 = mean.parts.iter().map(|g| g * g).sum();
        let late = mean.late.iter().chain(&mean.forced);
        norm += late.map(|g| (g * scale_late).powi(2)).sum::<f64>();
        if norm < 1e-12 || step < STEP_MIN || summit.bound >= target {
            break;
        }
        let length = step * (goal - summit.bound) as f64 / norm;
        let trial = centre.moved(relaxed, &mean, length, length * scale_late * scale_late);
        let Some((found, newer)) = judge(relaxed, trial.rounded(relaxed), labels) else { break };
        mean.blend(&newer, newest);
        if found.bound > summit.bound {
            let gain = found.bound - summit.bound;
            if gain as f64 > 0.01 * (goal - summit.bound) as f64 {
                step = (step * 1.1).min(2.0);
            }
            (summit, centre, waited) = (found, trial, 0);
        } else {
            waited += 1;
            if waited >= PATIENCE {
                waited = 0;
                step *= 0.66;
                newest = (newest * 0.8).max(NEWEST.1);
            }
        }
    }
    Some((summit, mean))
}

/// Multipliers before they are rounded.
struct Point {
    earned: Vec<f64>,
    greatest: Vec<f64>,
    forced: Vec<f64>,
}

impl Point {
    fn of(multipliers: &Multipliers) -> Point {
        let floats = |values: &[i64]| values.iter().map(|value| *value as f64).collect();
        Point {
            earned: floats(&multipliers.earned),
            greatest: floats(&multipliers.greatest),
            forced: floats(&multipliers.forced),
        }
    }

    fn moved(&self, relaxed: &Relaxed<'_>, mean: &Mean, length: f64, late: f64) -> Point {
        let by = |values: &[f64], slope: &[f64], length: f64| -> Vec<f64> {
            values.iter().zip(slope).map(|(value, g)| value + length * g).collect()
        };
        let mut greatest = by(&self.greatest, &mean.late, late);
        shorten(&mut greatest, (relaxed.problem.greatest_lateness * SCALE) as f64);
        let mut forced = by(&self.forced, &mean.forced, late);
        for (part, ties) in relaxed.ties_to.iter().enumerate() {
            let mut own: Vec<f64> = ties.iter().map(|&tie| forced[tie as usize]).collect();
            shorten(&mut own, relaxed.late_price(part) as f64 + greatest[part].floor());
            for (&tie, value) in ties.iter().zip(own) {
                forced[tie as usize] = value;
            }
        }
        Point { earned: by(&self.earned, &mean.parts, length), greatest, forced }
    }

    /// Down, where what is paid together must stay within a limit.
    fn rounded(&self, relaxed: &Relaxed<'_>) -> Multipliers {
        let floors = |values: &[f64]| -> Vec<i64> {
            values.iter().map(|value| value.floor() as i64).collect()
        };
        let (mut greatest, mut forced) = (floors(&self.greatest), floors(&self.forced));
        // What floating point got wrong must not make a bound that is none.
        if greatest.iter().sum::<i64>() > relaxed.problem.greatest_lateness * SCALE {
            greatest.fill(0);
        }
        let mut late: Vec<i64> = Vec::with_capacity(greatest.len());
        for (part, ties) in relaxed.ties_to.iter().enumerate() {
            let whole = relaxed.late_price(part) + greatest[part];
            let mut spared: i64 = ties.iter().map(|&tie| forced[tie as usize]).sum();
            if spared > whole {
                ties.iter().for_each(|&tie| forced[tie as usize] = 0);
                spared = 0;
            }
            late.push(whole - spared);
        }
        let most = 2 * PRICE_MAX * SCALE;
        let clamped = |value: &f64| (value.round() as i64).clamp(-most, most);
        Multipliers { earned: self.earned.iter().map(clamped).collect(), greatest, forced, late }
    }
}

/// The nearest point with no value below 0 and a sum of at most `most`.
fn shorten(values: &mut [f64], most: f64) {
    let sum: f64 = values.iter().map(|value| value.max(0.0)).sum();
    let mut cut = 0.0;
    if sum > most {
        let mut sorted = values.to_vec();
        sorted.sort_by(|one, other| other.total_cmp(one));
        let mut so_far = 0.0;
        for (at, value) in sorted.iter().enumerate() {
            so_far += value;
            let candidate = (so_far - most) / (at + 1) as f64;
            if *value >= candidate {
                cut = candidate;
            }
        }
    }
    for value in values {
        *value = (*value - cut).max(0.0);
    }
}

/// The bound at these multipliers. `None` when the labels are used up.
fn judge(
    relaxed: &Relaxed<'_>,
    multipliers: Multipliers,
    labels: &mut u64,
) -> Option<(Summit, Mean)> {
    let problem = relaxed.problem;
    let share = *labels;
    let find = |class| cheapest(relaxed, class, &multipliers, share);
    let found: Vec<Option<Cheapest>> = relaxed.classes.par_iter().map(find).collect();
    let found: Vec<Cheapest> = found.into_iter().collect::<Option<_>>()?;
    let used: u64 = found.iter().map(|route| route.labels).sum();
    *labels = labels.checked_sub(used)?;
    let parts = problem.parts.len();
    let mut mean = Mean {
        parts: vec![1.0; parts],
        late: vec![0.0; parts],
        forced: vec![0.0; relaxed.ties.len()],
        start: relaxed.windows.floor.iter().map(|floor| f64::from(*floor)).collect(),
        peak: 0.0,
    };
    // What is not paid part by part towards the greatest lateness is paid for the least there is.
    let paid: i64 = multipliers.greatest.iter().sum();
    let unpaid = (problem.greatest_lateness * SCALE - paid).max(0);
    let mut bound = relaxed.impossible.1 + unpaid * relaxed.windows.greatest.0;
    for (visit, spec) in problem.visits.iter().enumerate() {
        let parts = spec.parts.start as usize..spec.parts.end as usize;
        let earned: i64 = multipliers.earned[parts.clone()].iter().sum();
        if relaxed.impossible.0[visit] || earned > relaxed.left_out[visit] {
            mean.parts[parts].fill(0.0);
        }
        if !relaxed.impossible.0[visit] {
            bound += earned.min(relaxed.left_out[visit]);
        }
    }
    for (class, route) in relaxed.classes.iter().zip(&found) {
        bound = bound.saturating_add(class.count.saturating_mul(route.price));
        for &(part, start) in &route.stops {
            mean.count(relaxed, part, start, class.count as f64);
        }
    }
    let prices = found.iter().map(|route| route.price).collect();
    Some((Summit { bound, multipliers, prices }, mean))
}

impl Mean {
    fn count(&mut self, relaxed: &Relaxed<'_>, part: u32, start: i32, count: f64) {
        let at = part as usize;
        let late = relaxed.late_points(part, start) as f64;
        self.parts[at] -= count;
        self.late[at] += count * late;
        self.peak = self.peak.max(late);
        self.start[at] = f64::from(start);
        for &tie in &relaxed.ties_to[at] {
            self.forced[tie as usize] -= count * late;
        }
        for &at in &relaxed.ties_from[at] {
            let tie = &relaxed.ties[at as usize];
            let forced = relaxed.late_points(tie.to, start + tie.least) as f64;
            self.forced[at as usize] += count * forced;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn what_is_shared_out_stays_within_its_limit() {
        let shortened = |values: &[f64], most: f64| {
            let mut values = values.to_vec();
            shorten(&mut values, most);
            values
        };
        assert_eq!(shortened(&[1.0, 2.0], 4.0), [1.0, 2.0]);
        assert_eq!(shortened(&[-1.0, 2.0], 4.0), [0.0, 2.0]);
        assert_eq!(shortened(&[5.0, 3.0, 0.5], 4.0), [3.0, 1.0, 0.0]);
        assert_eq!(shortened(&[-1.0, 9.0], 4.0), [0.0, 4.0]);
        assert_eq!(shortened(&[0.3, 2.0], 0.0), [0.0, 0.0]);
    }
}
