//! The random worlds of the tests: the same seed gives the same world, and all features come up.

use crate::support::travel::random_travel;
use crate::support::worlds::{Shape, random_world};

#[test]
fn the_same_seed_gives_the_same_world() {
    for seed in 0..50 {
        let (first, second) =
            (random_world(seed, &Shape::small()), random_world(seed, &Shape::small()));
        assert_eq!(format!("{first:?}"), format!("{second:?}"), "seed {seed}");
        let (there, again) = (random_travel(seed, &first), random_travel(seed, &second));
        assert_eq!(format!("{there:?}"), format!("{again:?}"), "seed {seed}");
    }
}

#[test]
fn every_feature_comes_up_in_random_worlds() {
    let worlds: Vec<_> = (0..200).map(|seed| random_world(seed, &Shape::small())).collect();
    let share = |has: &dyn Fn(&rond::domain::World) -> bool| {
        worlds.iter().filter(|world| has(world)).count()
    };
    assert!(share(&|w| w.visits.iter().any(|v| v.windows.len() == 2)) > 50);
    assert!(share(&|w| w.visits.iter().any(|v| v.parts.len() == 3)) > 20);
    assert!(share(&|w| w.visits.iter().any(|v| v.same_crew_allowed)) > 20);
    assert!(share(&|w| w.visits.iter().any(|v| w.is_deferrable(v))) > 20);
    assert!(share(&|w| w.previous.as_ref().is_some_and(|plan| !plan.shifts.is_empty())) > 50);
    assert!(share(&|w| !w.pins.is_empty()) > 50);
    assert!(share(&|w| !w.policy.lending.is_empty()) > 50);
    assert!(share(&|w| w.crews.iter().any(|c| c.shifts.iter().any(|s| !s.breaks.is_empty()))) > 50);
}
