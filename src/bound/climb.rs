//! Multipliers that make the bound high: steps along a running mean of what the cheapest routes
//! leave over (the volume algorithm, Barahona & Anbil 2000).
//!
//! Any multipliers give a true bound, for it is found anew in whole numbers at every step: what is
//! done in floating point here decides how good the bound is, never whether it holds.

use rayon::prelude::*;

use super::price::{Cheapest, Multipliers, cheapest};
use super::relaxed::{Relaxed, SCALE};

/// Weight of the newest routes in the running mean, first and last.
const NEWEST: (f64, f64) = (0.2, 0.01);
/// First step, as a share of what would close the gap at once.
const STEP: f64 = 0.3;
/// Steps without a gain after which the step is shortened.
const PATIENCE: usize = 8;
/// A step shorter than this moves nothing any more.
const STEP_MIN: f64 = 1e-4;

/// The highest bound found and what it was found with.
pub struct Summit {
    /// The bound, scaled.
    pub bound: i64,
    /// Its multipliers.
    pub multipliers: Multipliers,
    /// Per class, the cheapest price (0 or less), scaled.
    pub prices: Vec<i64>,
}

/// Climbs until `rounds` steps are done or `labels` labels looked at. `target` is the scaled
/// price of a plan at hand.
pub fn climb(relaxed: &Relaxed<'_>, target: i64, rounds: usize, labels: u64) -> Option<Summit> {
    let parts = relaxed.problem.parts.len();
    let mut left = labels;
    let start = target / (parts as i64).max(1);
    let multipliers = Multipliers { earned: vec![start; parts], greatest: vec![0; parts] };
    let mut centre = Point::of(&multipliers);
    let (mut summit, mut mean) = judge(relaxed, multipliers, &mut left)?;
    let (mut step, mut newest, mut waited) = (STEP, NEWEST.0, 0);
    // Lateness is counted in points, parts are counted by one: this makes their steps alike.
    let scale_late = 0.5 * SCALE as f64 / (start as f64).max(SCALE as f64);
    for _ in 0..rounds {
        let goal = target.max(summit.bound + summit.bound.abs() / 1000);
        let norm: f64 = mean.parts.iter().map(|g| g * g).sum::<f64>()
            + mean.late.iter().map(|g| (g * scale_late).powi(2)).sum::<f64>();
        if norm < 1e-12 || step < STEP_MIN || summit.bound >= target {
            break;
        }
        let length = step * (goal - summit.bound) as f64 / norm;
        let trial = centre.moved(relaxed, &mean, length, scale_late);
        let Some((found, slope)) = judge(relaxed, trial.rounded(), &mut left) else { break };
        mean.blend(&slope, newest);
        if found.bound > summit.bound {
            let gain = found.bound - summit.bound;
            (summit, centre, waited) = (found, trial, 0);
            if gain as f64 > 0.01 * (goal - summit.bound) as f64 {
                step = (step * 1.1).min(2.0);
            }
        } else {
            waited += 1;
            if waited >= PATIENCE {
                waited = 0;
                step *= 0.66;
                newest = (newest * 0.8).max(NEWEST.1);
            }
        }
    }
    Some(summit)
}

/// Multipliers before they are rounded.
struct Point {
    earned: Vec<f64>,
    greatest: Vec<f64>,
}

impl Point {
    fn of(multipliers: &Multipliers) -> Point {
        Point {
            earned: multipliers.earned.iter().map(|value| *value as f64).collect(),
            greatest: multipliers.greatest.iter().map(|value| *value as f64).collect(),
        }
    }

    fn moved(&self, relaxed: &Relaxed<'_>, mean: &Slope, length: f64, scale_late: f64) -> Point {
        let earned = self.earned.iter().zip(&mean.parts).map(|(value, g)| value + length * g);
        let late = length * scale_late * scale_late;
        let greatest = self.greatest.iter().zip(&mean.late).map(|(value, g)| value + late * g);
        let mut greatest: Vec<f64> = greatest.collect();
        shorten(&mut greatest, (relaxed.problem.greatest_lateness * SCALE) as f64);
        Point { earned: earned.collect(), greatest }
    }

    fn rounded(&self) -> Multipliers {
        Multipliers {
            earned: self.earned.iter().map(|value| value.round() as i64).collect(),
            // Down, so that together they stay within what the greatest lateness costs.
            greatest: self.greatest.iter().map(|value| value.floor() as i64).collect(),
        }
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
            if *value > candidate {
                cut = candidate;
            }
        }
    }
    for value in values {
        *value = (*value - cut).max(0.0);
    }
}

/// Which way the bound rises: per part what is left over of it, and how late it is.
struct Slope {
    parts: Vec<f64>,
    late: Vec<f64>,
}

impl Slope {
    fn blend(&mut self, newer: &Slope, weight: f64) {
        let mix = |old: &mut f64, new: &f64| *old += weight * (new - *old);
        self.parts.iter_mut().zip(&newer.parts).for_each(|(old, new)| mix(old, new));
        self.late.iter_mut().zip(&newer.late).for_each(|(old, new)| mix(old, new));
    }
}

/// The bound at these multipliers. `None` when the labels are used up.
fn judge(
    relaxed: &Relaxed<'_>,
    multipliers: Multipliers,
    labels: &mut u64,
) -> Option<(Summit, Slope)> {
    let problem = relaxed.problem;
    let share = *labels;
    let find = |class| cheapest(relaxed, class, &multipliers, share);
    let found: Vec<Option<Cheapest>> = relaxed.classes.par_iter().map(find).collect();
    let found: Vec<Cheapest> = found.into_iter().collect::<Option<_>>()?;
    let used: u64 = found.iter().map(|route| route.labels).sum();
    *labels = labels.checked_sub(used)?;
    let mut slope =
        Slope { parts: vec![1.0; problem.parts.len()], late: vec![0.0; problem.parts.len()] };
    let mut bound = relaxed.impossible.1;
    for (visit, spec) in problem.visits.iter().enumerate() {
        let parts = spec.parts.start as usize..spec.parts.end as usize;
        let earned: i64 = multipliers.earned[parts.clone()].iter().sum();
        let is_out = earned > relaxed.left_out[visit];
        if relaxed.impossible.0[visit] || is_out {
            slope.parts[parts].fill(0.0);
        }
        if !relaxed.impossible.0[visit] {
            bound += earned.min(relaxed.left_out[visit]);
        }
    }
    for (class, route) in relaxed.classes.iter().zip(&found) {
        bound += class.count * route.price;
        for &(part, start) in &route.stops {
            let count = class.count as f64;
            slope.parts[part as usize] -= count;
            slope.late[part as usize] += count * relaxed.lateness(part, start).1 as f64;
        }
    }
    let prices = found.iter().map(|route| route.price).collect();
    Some((Summit { bound, multipliers, prices }, slope))
}
