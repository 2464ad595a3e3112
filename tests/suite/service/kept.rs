//! A plan that is set down and taken up again goes on exactly as the one that was not.

use std::sync::Arc;

use rond::domain::{Live, Recorded};
use rond::live::Kept;
use rond::replan::rolling::{Roads, Rolling, Written};
use rond::travel::{CoarseRoads, Matrix};
use rond::wire::{self, SnapshotParts};

use super::{times, world_of};
use crate::rolling::rolling;
use crate::support::goings_on::GoingsOn;

/// So often a plan is set down in a test.
const ROUNDS: usize = 5;
/// So many events come between.
const EVENTS: usize = 16;

fn set_down_and_taken_up(rolling: &Rolling) -> Rolling {
    let text = Kept::of(rolling).text();
    let read = wire::read_snapshot(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let SnapshotParts { world, memory, shifts, list_versions, plan_version } = read;
    let roads: Roads = Arc::new(CoarseRoads::skane());
    let mut travel = Matrix::of_places(&*roads, &world.places);
    travel.make_room();
    let written = Written { lists: shifts, list_versions, version: plan_version };
    Rolling::restored(Live::restored(world, memory), written, travel, roads)
}

/// Both take the event in; they must come to the same.
fn take(kept: &mut Rolling, again: &mut Rolling, event: &Recorded, of: &str, going: &mut GoingsOn) {
    let one = kept.apply(event);
    let other = again.apply(event);
    assert_eq!(format!("{one:?}"), format!("{other:?}"), "{of}: {:?}", event.event);
    if let Ok(reaction) = &one {
        going.hear(event, reaction);
    }
    let same = Kept::of(kept).text() == Kept::of(again).text();
    assert!(same, "{of}: they have gone apart with {:?}", event.event);
    assert_eq!(kept.score(), again.score(), "{of}: {:?}", event.event);
}

#[test]
fn a_plan_taken_up_before_a_tick_goes_on_as_the_one_that_was_never_set_down() {
    for seed in 0..times("ROND_SEEDS", 20) {
        let mut kept = rolling(world_of(seed));
        let mut going = GoingsOn::from(seed, kept.live().now());
        going.wait((seed as i64 % 5) * 3_000);
        for round in 0..ROUNDS {
            for _ in 0..EVENTS {
                let event = going.next(&kept);
                if let Ok(reaction) = kept.apply(&event) {
                    going.hear(&event, &reaction);
                }
            }
            let mut again = set_down_and_taken_up(&kept);
            let of = format!("seed {seed}, round {round}");
            assert!(Kept::of(&kept).text() == Kept::of(&again).text(), "{of}: as it was set down");
            let tick = going.tick();
            take(&mut kept, &mut again, &tick, &of, &mut going);
            for _ in 0..EVENTS {
                let event = going.next(&kept);
                take(&mut kept, &mut again, &event, &of, &mut going);
            }
        }
    }
}
