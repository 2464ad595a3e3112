//! Crews report that they keep to the plan, and nothing is compiled anew for it. Whatever is put
//! into the plan next must know of it all the same.

use std::collections::BTreeMap;

use rond::domain::{Event, ShiftId, ShiftPlan, StopWhat};
use rond::replan::rolling::{Reaction, Rolling};
use rond::rules::Verdict;

use super::{times, world_of};
use crate::rolling::rolling;
use crate::support::goings_on::GoingsOn;

/// Has the crew reported the stop, and not yet its end?
fn is_touched(rolling: &Rolling, shift: &ShiftId, what: &StopWhat) -> bool {
    rolling.live().progress(shift, what).is_some_and(|known| known.finished.is_none())
}

/// What every crew is at or on its way to.
fn touched(rolling: &Rolling) -> BTreeMap<ShiftId, (usize, ShiftPlan)> {
    let mut found = BTreeMap::new();
    for list in rolling.lists() {
        let last = list.stops.iter().rposition(|s| is_touched(rolling, &list.shift, &s.what));
        if let Some(last) = last {
            found.insert(list.shift.clone(), (last, (**list).clone()));
        }
    }
    found
}

fn assert_nothing_comes_first(rolling: &Rolling, after: &str) {
    for list in rolling.lists() {
        let mut others = None;
        for stop in &list.stops {
            if !is_touched(rolling, &list.shift, &stop.what) {
                others = others.or(Some(&stop.what));
            } else if let Some(other) = others {
                let audit = rolling.audit();
                panic!("{after}: {other:?} is before {:?}: {:?}", stop.what, audit.violations);
            }
        }
    }
}

/// No option begins before what the crew was at or on its way to is over.
fn assert_options(
    rolling: &Rolling,
    before: &BTreeMap<ShiftId, (usize, ShiftPlan)>,
    reaction: &Reaction,
    after: &str,
) {
    for choice in reaction.options.iter().chain(&reaction.chosen) {
        for slot in &choice.slots {
            let Some((last, list)) = before.get(&slot.shift) else { continue };
            let is_begun = |what: &StopWhat| {
                rolling.live().progress(&slot.shift, what).is_some_and(|p| p.has_begun())
            };
            if is_begun(&list.stops[*last].what) {
                continue;
            }
            // The first stops that are only begun are not on the list any more.
            let position = slot
                .after
                .as_ref()
                .and_then(|what| list.stops.iter().position(|stop| stop.what == *what));
            let is_own = matches!((&slot.after, position), (Some(_), None));
            assert!(
                is_own || position.is_some_and(|position| position >= *last),
                "{after}: {slot:?} is offered before {:?}",
                list.stops[*last].what
            );
        }
        for part in &choice.parts {
            let known = rolling.live().progress_of(&part.shift);
            let begun = known.filter_map(|(_, progress)| progress.started).max();
            assert!(begun.is_none_or(|begun| part.start >= begun), "{after}: {part:?}");
        }
    }
}

#[test]
fn nothing_is_put_before_a_stop_that_was_reported_begun_or_under_way() {
    let (mut while_behind, mut placed) = (0, 0);
    for seed in 0..times("ROND_SEEDS", 20) {
        let mut rolling = rolling(world_of(seed));
        let mut going = GoingsOn::from(seed, rolling.live().now());
        for number in 0..80 {
            let is_asked = number % 4 == 3;
            let event = if is_asked {
                let event = going.of_kind("requested", &rolling).expect("always thought of");
                Some(going.recorded(event))
            } else if number % 23 == 0 {
                Some(going.tick())
            } else {
                going.on_time(&rolling)
            };
            let Some(event) = event else { break };
            let after = format!("seed {seed}, event {number}");
            let (was_behind, before) = (rolling.is_behind(), touched(&rolling));
            let Ok(reaction) = rolling.apply(&event) else { continue };
            if matches!(event.event, Event::Requested(_)) {
                while_behind += usize::from(was_behind && !before.is_empty());
                placed += usize::from(reaction.chosen.is_some());
                assert_options(&rolling, &before, &reaction, &after);
                assert_nothing_comes_first(&rolling, &after);
                assert_ne!(rolling.audit().verdict, Verdict::Illegal, "{after}");
            }
        }
    }
    println!("{while_behind} requests came while reports were not yet looked at, {placed} placed");
    assert!(while_behind > 20 && placed > 20, "{while_behind}, {placed}");
}
