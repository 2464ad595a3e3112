//! The search against what is proven to be the best, on tiny worlds.

use crate::support::brute::best_by_brute_force;
use crate::support::day::Day;
use crate::support::timing::limits_of;
use crate::support::travel::random_travel;
use crate::support::worlds::{Shape, random_world};
use crate::support::written_plan::plan_of;

/// No tiny world needs more arrangements than this.
const TIMED_MAX: u64 = 3_000_000;

/// The two oracles of timing, raising starts until nothing asks for more and shortest paths, agree.
#[test]
fn two_ways_to_time_an_order_agree() {
    for seed in 0..40 {
        let world = random_world(seed, &Shape::tiny());
        let matrix = random_travel(seed, &world);
        let day = Day::new(&world, &matrix);
        let best = best_by_brute_force(&day, TIMED_MAX).expect("a tiny world");
        let timing = best.arrangement.earliest(&day).expect("the best can be kept");
        let plan = plan_of(&day, &best.arrangement, &timing);
        let limits = limits_of(&day, &plan).expect("the best can be kept");
        for (shift, earliest) in plan.shifts.iter().zip(&limits.earliest) {
            for (stop, earliest) in shift.stops.iter().zip(earliest) {
                assert_eq!(stop.start, *earliest, "seed {seed}");
                assert!(stop.slack.0 >= 0, "seed {seed}");
            }
        }
    }
}
