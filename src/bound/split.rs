//! All plans, split into stretches by when meetings start and how late the latest part is: the
//! bound is that of the worst stretch, and the worst is split next.

use std::collections::BTreeMap;

use super::Effort;
use super::climb::{Mean, Summit, climb, level_ground};
use super::close::{Limits, close};
use super::price::Multipliers;
use super::relaxed::{Relaxed, SCALE, Windows};

/// Share of the rounds that a part of a stretch gets: it starts where the whole one ended.
const ROUNDS_ONE_IN: usize = 6;

/// Share of the rounds in which a cut is tasted.
const TASTE_ONE_IN: usize = 30;
/// Cuts that are tasted.
const CUTS: usize = 5;
/// Gaps below this share of the price are tried to be closed by trying all plans.
const TRIED_ONE_IN: i64 = 20;
/// How much is tried at a time.
const TRIES: Limits = Limits { routes: 100_000, steps: 10_000_000 };

/// Plans that keep these windows, and what is known of them.
struct Stretch {
    /// When parts may start.
    windows: Windows,
    /// No plan is below, scaled.
    bound: i64,
    /// The highest bound of its own and its multipliers.
    summit: Summit,
    /// Where it may be split.
    cuts: Vec<Cut>,
    /// Trying all plans was too much at this gap.
    too_wide: i64,
}

#[derive(Clone, Copy)]
enum Cut {
    /// A part starts then at the latest, or later.
    Start(u32, i32),
    /// The greatest lateness is at most that, or more.
    Greatest(i64),
}

/// Splits until the effort is used up. Returns the scaled bound, no higher than `target`, the
/// scaled price of a plan at hand; `None` when the effort does not suffice for any bound.
pub fn split(relaxed: &mut Relaxed<'_>, mut target: i64, effort: Effort) -> Option<i64> {
    let mut labels = effort.labels;
    let ground = level_ground(relaxed, target);
    let whole = relaxed.windows.clone();
    let whole = explore(relaxed, whole, ground, target, effort.rounds, &mut labels)?;
    let (mut open, mut count) = (BTreeMap::new(), 0);
    insert(&mut open, whole, target, &mut count);
    while let Some((_, mut stretch)) = open.pop_first() {
        relaxed.windows = stretch.windows.clone();
        if let Some(least) = stretch.close(relaxed, target) {
            // Either nothing here is better than the plan at hand, or here is a better one.
            target = target.min(least);
            continue;
        }
        if stretch.cuts.is_empty() || count >= effort.stretches {
            return Some(stretch.bound);
        }
        let Some(halves) = stretch.split(relaxed, target, effort.rounds, &mut labels) else {
            return Some(stretch.bound);
        };
        for half in halves {
            insert(&mut open, half, target, &mut count);
        }
    }
    Some(target)
}

fn insert(
    open: &mut BTreeMap<(i64, usize), Stretch>,
    stretch: Stretch,
    target: i64,
    count: &mut usize,
) {
    *count += 1;
    // Whole points: a bound above the point before the plan's is as good as the plan's.
    if stretch.bound <= target - SCALE {
        open.insert((stretch.bound, *count), stretch);
    }
}

fn explore(
    relaxed: &mut Relaxed<'_>,
    windows: Windows,
    mut start: Multipliers,
    target: i64,
    rounds: usize,
    labels: &mut u64,
) -> Option<Stretch> {
    relaxed.windows = windows;
    relaxed.narrow();
    forgo(relaxed, &mut start);
    let (summit, mean) = climb(relaxed, start, target, rounds, labels)?;
    let cuts = cuts_of(relaxed, &mean);
    let windows = relaxed.windows.clone();
    Some(Stretch { windows, bound: summit.bound, summit, cuts, too_wide: target / TRIED_ONE_IN })
}

/// Visits that no window is left for earn what leaving them out costs: no route can make them.
fn forgo(relaxed: &Relaxed<'_>, multipliers: &mut Multipliers) {
    for (visit, spec) in relaxed.problem.visits.iter().enumerate() {
        let is_lost = |part: &u32| {
            relaxed.windows.floor[*part as usize] > relaxed.windows.roof[*part as usize]
        };
        let Some(lost) = spec.parts.clone().find(is_lost) else { continue };
        let parts = spec.parts.start as usize..spec.parts.end as usize;
        let earned: i64 = multipliers.earned[parts].iter().sum();
        let missing = relaxed.left_out[visit] - earned;
        multipliers.earned[lost as usize] += missing.max(0);
    }
}

/// Where the mean breaks most what was left out of the problem, worst first.
fn cuts_of(relaxed: &Relaxed<'_>, mean: &Mean) -> Vec<Cut> {
    let windows = &relaxed.windows;
    let mut cuts = Vec::new();
    for tie in &relaxed.ties {
        let at = tie.from as usize;
        let own = mean.start[at];
        let others = mean.start[tie.to as usize] - f64::from(tie.least);
        if own - others > 1.0 && windows.floor[at] < windows.roof[at] {
            let middle = ((own + others) / 2.0).floor() as i32;
            let middle = middle.clamp(windows.floor[at], windows.roof[at] - 1);
            cuts.push((own - others, Cut::Start(tie.from, middle)));
        }
    }
    let (least, most) = windows.greatest;
    let shared = mean.greatest().max(least as f64);
    if relaxed.problem.greatest_lateness > 0 && mean.peak - shared > 1.0 && least < most {
        let middle = ((mean.peak + shared) / 2.0).floor() as i64;
        // Tried always: it is the only one of its kind.
        cuts.push((f64::INFINITY, Cut::Greatest(middle.clamp(least, most - 1))));
    }
    cuts.sort_by(|one, other| other.0.total_cmp(&one.0));
    cuts.into_iter().map(|(_, cut)| cut).take(CUTS).collect()
}

impl Stretch {
    /// The least price in the stretch, or `target` if none is below, when few plans are left.
    fn close(&mut self, relaxed: &Relaxed<'_>, target: i64) -> Option<i64> {
        let gap = target - self.summit.bound;
        if gap > self.too_wide {
            return None;
        }
        let closed = close(relaxed, &self.summit, target, TRIES);
        if closed.is_none() {
            // Not again before much less is left.
            self.too_wide = gap - gap / 8;
        }
        closed
    }

    /// The two halves at the cut that raises the bound most.
    fn split(
        &self,
        relaxed: &mut Relaxed<'_>,
        target: i64,
        rounds: usize,
        labels: &mut u64,
    ) -> Option<[Stretch; 2]> {
        let mut best: Option<[Stretch; 2]> = None;
        for cut in &self.cuts {
            let [before, after] = self.halves(cut);
            let start = || self.summit.multipliers.clone();
            let taste = rounds / TASTE_ONE_IN;
            let before = explore(relaxed, before, start(), target, taste, labels)?;
            let after = explore(relaxed, after, start(), target, taste, labels)?;
            let worth = |halves: &[Stretch; 2]| {
                let bounds = [halves[0].bound.min(target), halves[1].bound.min(target)];
                (bounds[0].min(bounds[1]), bounds[0] + bounds[1])
            };
            let halves = [before, after];
            if best.as_ref().is_none_or(|best| worth(&halves) > worth(best)) {
                best = Some(halves);
            }
        }
        let mut halves = best?;
        for half in &mut halves {
            let start = half.summit.multipliers.clone();
            let windows = half.windows.clone();
            let rounds = rounds / ROUNDS_ONE_IN;
            let tasted = half.bound;
            *half = explore(relaxed, windows, start, target, rounds, labels)?;
            half.bound = half.bound.max(self.bound).max(tasted);
            half.too_wide = self.too_wide;
        }
        Some(halves)
    }

    fn halves(&self, cut: &Cut) -> [Windows; 2] {
        let (mut before, mut after) = (self.windows.clone(), self.windows.clone());
        match *cut {
            Cut::Start(part, at) => {
                before.roof[part as usize] = at;
                after.floor[part as usize] = at + 1;
            }
            Cut::Greatest(points) => {
                before.greatest.1 = points;
                after.greatest.0 = points + 1;
            }
        }
        [before, after]
    }
}
