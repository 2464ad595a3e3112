//! A plan that goes on: random requests, cancellations, reports and improvements on made-up days.
//! After every event the plain rules accept the plan and count the same score; what was offered is
//! what it costs; the same events give the same plan again.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rond::domain::{
    DelregionId, Event, EventId, Facts, Flag, Instant, Live, Patient, Placed, Recorded, Refusal,
    Request, Seconds, ShiftPlan, Span, Step, StopWhat, Visit, World,
};
use rond::replan::rolling::{Choice, Reaction, Roads, Rolling};
use rond::rules::Verdict;
use rond::travel::{CoarseRoads, Matrix};
use rond::wire;

const SHIPPED_WEEK: &str = include_str!("../../data/days/sydost-vecka.json");

/// The first day of the shipped week, and the visits that are asked for while it goes on.
pub fn day(seed: u64) -> (World, Vec<Visit>) {
    let world = wire::read_day(SHIPPED_WEEK).expect("the shipped week is whole").world;
    let from = world.horizon.from();
    let to = from + Seconds::from_minutes(24 * 60);
    let mut facts: Facts = world.into_facts();
    facts.horizon = Span::new(from, to).expect("a day");
    facts.crews.iter_mut().for_each(|crew| crew.shifts.retain(|s| s.hours.from() < to));
    facts.previous = None;
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    facts.visits.shuffle(&mut random);
    facts.visits.truncate(60);
    facts.pins.clear();
    let now = facts.as_of;
    facts.visits.iter_mut().for_each(|visit| visit.requested_at = visit.requested_at.min(now));
    let coming = facts.visits.split_off(40);
    (World::new(facts).expect("a part of a whole world"), coming)
}

pub fn rolling(world: World) -> Rolling {
    let roads: Roads = Arc::new(CoarseRoads::skane());
    let travel = Matrix::of_places(&*roads, &world.places);
    Rolling::open(world, travel, roads)
}

pub fn recorded(number: usize, at: Instant, event: Event) -> Recorded {
    Recorded {
        id: EventId::new(format!("e-{number}")),
        valid_at: at,
        recorded_at: at,
        by: "test".to_owned(),
        why: None,
        event,
    }
}

pub fn asked(visit: &Visit) -> Request {
    Request {
        visit: visit.clone(),
        patient: None,
        place: None,
        held_until: None,
        slots: None,
        tell: vec!["patient".to_owned()],
    }
}

fn assert_sound(rolling: &Rolling, after: &str) {
    let audit = rolling.audit();
    let said: Vec<&str> = audit.violations.iter().map(|v| v.sentence_en.as_str()).collect();
    assert_ne!(audit.verdict, Verdict::Illegal, "after {after}: {said:?}");
    assert_eq!(audit.score, rolling.score(), "after {after}");
}

/// Plays a morning: requests, cancellations, work begun and done, time going on, improvements.
fn play(rolling: &mut Rolling, coming: &[Visit]) -> Vec<Recorded> {
    let mut log = Vec::new();
    let mut now = rolling.live().now();
    let mut take = |rolling: &mut Rolling, now: Instant, event: Event| {
        let recorded = recorded(log.len(), now, event);
        let reaction = rolling.apply(&recorded).expect("it can be");
        assert_sound(rolling, &format!("{:?}", recorded.event));
        let part = rolling.audit_of(&reaction.changed);
        assert_ne!(part.verdict, Verdict::Illegal, "{:?}", part.violations);
        log.push(recorded);
        reaction
    };
    for (at, visit) in coming.iter().enumerate() {
        now = now + Seconds(90);
        let reaction = take(rolling, now, Event::Requested(Box::new(asked(visit))));
        assert_offers(&reaction);
        match at % 5 {
            0 => drop(take(rolling, now, Event::Tick)),
            1 => drop(take(rolling, now, Event::Cancelled { visit: visit.id.clone() })),
            2 => {
                for (shift, what) in first_stops(rolling) {
                    let step = if at % 2 == 0 { Step::UnderWay } else { Step::Started };
                    take(rolling, now, Event::Progress { shift, what, step });
                }
            }
            3 => {
                if let Some(found) = rolling.job(at as u64, 300_000).run()
                    && let Some(improved) = rolling.worth_giving_out(&found)
                {
                    let before = rolling.score();
                    take(rolling, now, Event::Improved(Box::new(improved.clone())));
                    let gain = std::array::from_fn(|tier| {
                        before.tiers[tier] - rolling.score().tiers[tier]
                    });
                    assert_eq!(improved.gain, gain, "what was promised to pay is what pays");
                }
            }
            _ => {}
        }
    }
    log
}

fn assert_offers(reaction: &Reaction) {
    let options: Vec<&Choice> = reaction.options.iter().collect();
    assert!(options.windows(2).all(|pair| pair[0].tiers <= pair[1].tiers), "the best first");
    for choice in options {
        for (tier, points) in choice.tiers.iter().enumerate() {
            let billed = choice.prices.iter().filter(|price| price.tier.index() == tier);
            let billed: i64 = billed.map(|price| price.points).sum();
            assert_eq!(billed, *points, "every point has its line: {choice:?}");
        }
    }
}

/// The next stop of the first two shifts that have one which is a visit.
fn first_stops(rolling: &Rolling) -> Vec<(rond::domain::ShiftId, StopWhat)> {
    let world = rolling.live().world();
    let shifts = world.crews.iter().flat_map(|crew| &crew.shifts);
    let next = shifts.filter_map(|shift| {
        let plan = rolling.stops(&shift.id)?;
        let stop = plan.stops.first()?;
        matches!(stop.what, StopWhat::Part { .. }).then(|| (shift.id.clone(), stop.what.clone()))
    });
    next.take(2).collect()
}

#[test]
fn after_every_event_the_plan_is_legal_and_its_score_is_that_of_the_plain_rules() {
    for seed in 0..6 {
        let (world, coming) = day(seed);
        let mut rolling = rolling(world);
        assert_sound(&rolling, "the beginning");
        play(&mut rolling, &coming);
    }
}

#[test]
fn the_same_events_give_the_same_plan_again() {
    let (world, coming) = day(11);
    let mut first = rolling(world.clone());
    let log = play(&mut first, &coming);
    let mut second = rolling(world);
    for recorded in &log {
        second.apply(recorded).expect("it could be the first time");
    }
    assert_eq!(wire::write_plan(&first.plan()), wire::write_plan(&second.plan()));
    assert_eq!(first.version(), second.version());
}

#[test]
fn the_price_offered_is_the_price_realised() {
    for seed in 20..26 {
        let (world, coming) = day(seed);
        let mut rolling = rolling(world);
        let now = rolling.live().now();
        for (at, visit) in coming.iter().take(8).enumerate() {
            let request = Request { tell: Vec::new(), ..asked(visit) };
            let version = rolling.version();
            let options = rolling.options(&request, now).expect("it can be asked for");
            assert_eq!(rolling.version(), version, "asking changes nothing");
            let Some(choice) = options.get(at % options.len().max(1)) else { continue };
            // What leaving it out costs is part of the price of having it.
            let mut out = rolling.clone();
            let slots = Some(choice.slots.clone());
            let taken = Event::Requested(Box::new(Request { slots, ..request.clone() }));
            let reaction = rolling.apply(&recorded(at, now, taken));
            let reaction = reaction.unwrap_or_else(|why| panic!("{why}: {choice:?}"));
            assert_eq!(reaction.chosen.as_ref(), Some(choice), "as it was offered");
            let best = Event::Requested(Box::new(request));
            let reaction = out.apply(&recorded(at, now, best)).expect("it was offered");
            let best = reaction.chosen.expect("there was an option");
            let realised: Vec<i64> =
                (0..4).map(|tier| rolling.score().tiers[tier] - out.score().tiers[tier]).collect();
            let offered: Vec<i64> =
                (0..4).map(|tier| choice.tiers[tier] - best.tiers[tier]).collect();
            assert_eq!(realised, offered);
        }
    }
}

#[test]
fn a_place_that_follows_a_stop_that_is_gone_is_refused() {
    let (world, coming) = day(3);
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let first = Event::Requested(Box::new(asked(&coming[0])));
    rolling.apply(&recorded(0, now, first)).expect("it can be");
    let is_of_first = |what: &StopWhat| match what {
        StopWhat::Part { visit, .. } => *visit == coming[0].id,
        StopWhat::Break { .. } => false,
    };
    let after_it = |choice: &&Choice| {
        choice.slots.iter().any(|slot| slot.after.as_ref().is_some_and(is_of_first))
    };
    let offered = coming[1..].iter().find_map(|visit| {
        let options = rolling.options(&asked(visit), now).expect("it can be asked for");
        let choice = options.iter().find(after_it)?.clone();
        Some((visit, choice))
    });
    let (visit, choice) = offered.expect("somebody may come right after");
    let gone = Event::Cancelled { visit: coming[0].id.clone() };
    rolling.apply(&recorded(1, now, gone)).expect("it can be");
    let before = wire::write_plan(&rolling.plan());
    let request = Request { slots: Some(choice.slots), ..asked(visit) };
    let refused = rolling.apply(&recorded(2, now, Event::Requested(Box::new(request))));
    let refused = refused.expect_err("the stop before is gone");
    assert_eq!(refused, Refusal::SlotGone { visit: visit.id.clone() });
    assert_eq!(wire::write_plan(&rolling.plan()), before, "nothing has changed");
    let none = Event::Placed(Box::new(Placed { visit: visit.id.clone(), slots: Vec::new() }));
    let refused = rolling.apply(&recorded(3, now, none)).expect_err("it was never taken in");
    assert_eq!(refused.code(), "L0101");
}

#[test]
fn a_refused_event_changes_nothing() {
    let (world, coming) = day(4);
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let request = Event::Requested(Box::new(asked(&coming[0])));
    rolling.apply(&recorded(0, now, request.clone())).expect("it can be");
    let before = wire::write_plan(&rolling.plan());
    let twice = rolling.apply(&recorded(1, now, request)).expect_err("it is there already");
    assert_eq!(twice.code(), "L0102");
    let late = Recorded {
        valid_at: now - Seconds::from_minutes(24 * 60 + 1),
        ..recorded(2, now, Event::Tick)
    };
    assert_eq!(rolling.apply(&late).expect_err("more than a day ago").code(), "L0108");
    assert_eq!(wire::write_plan(&rolling.plan()), before);
}

/// Reports of crews reach us in any order and more than once: what is known then is the same.
#[test]
fn reports_in_any_order_and_twice_leave_the_same_facts() {
    let (world, _) = day(5);
    let delregion = DelregionId::new("Sydost");
    assert!(world.crews.iter().all(|crew| crew.home_delregion == delregion));
    let now = world.as_of;
    let visits: Vec<Visit> = world.visits.iter().take(12).cloned().collect();
    let shifts: Vec<_> =
        world.crews.iter().flat_map(|crew| crew.shifts.iter().map(|s| s.id.clone())).collect();
    let mut reports = Vec::new();
    for (at, visit) in visits.iter().enumerate() {
        let what = StopWhat::Part { visit: visit.id.clone(), part: 0 };
        let steps = [
            Step::UnderWay,
            Step::Arrived,
            Step::Started,
            Step::Overrun { ends: now + Seconds(4_000) },
            if at % 4 == 0 { Step::Admitted } else { Step::Finished },
        ];
        for (minute, step) in steps.into_iter().enumerate() {
            let shift = shifts[at % shifts.len()].clone();
            let valid_at = now + Seconds((at + 10 * minute) as i64 * 60);
            let event = Event::Progress { shift, what: what.clone(), step };
            let recorded_at = now + Seconds(7_200);
            reports.push(Recorded { valid_at, recorded_at, ..recorded(reports.len(), now, event) });
        }
    }
    let mut clean = Live::open(world.clone());
    for report in &reports {
        clean.apply(report).expect("reality is never refused");
    }
    for seed in 0..1_000 {
        let mut mixed: Vec<&Recorded> = reports.iter().chain(&reports[..10]).collect();
        mixed.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
        let mut live = Live::open(world.clone());
        for report in mixed {
            live.apply(report).expect("reality is never refused");
        }
        let known = |live: &Live| {
            let progress: Vec<_> =
                live.all_progress().map(|(s, w, p)| (s.clone(), w.clone(), *p)).collect();
            let cancelled: Vec<bool> =
                live.world().visits.iter().map(|visit| live.is_cancelled(&visit.id)).collect();
            (progress, cancelled)
        };
        assert_eq!(known(&live), known(&clean), "seed {seed}");
    }
}

/// A cancellation that overtook its request had the request refused when it named its slots.
#[test]
fn a_request_that_was_cancelled_before_it_came_is_taken_in_and_left_out() {
    let (world, coming) = day(7);
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let visit = &coming[0];
    let slots = rolling.options(&asked(visit), now).expect("it can be asked for")[0].slots.clone();
    let cancelled = Event::Cancelled { visit: visit.id.clone() };
    let reaction = rolling.apply(&recorded(0, now, cancelled)).expect("reality");
    assert_eq!(reaction.flags, [Flag::OfUnknown]);
    let request = Request { slots: Some(slots), ..asked(visit) };
    let event = Event::Requested(Box::new(request));
    let reaction = rolling.apply(&recorded(1, now, event)).expect("it can be");
    assert_eq!(reaction.flags, [Flag::CancelledBefore]);
    assert!(reaction.chosen.is_none() && reaction.options.is_empty());
    assert_sound(&rolling, "a request that was cancelled before");
}

/// A patient who is known and lives elsewhere now got no options, and her slots were forgotten.
#[test]
fn a_patient_who_has_moved_is_offered_what_others_are() {
    let (world, coming) = day(8);
    let visit = coming[0].clone();
    let elsewhere = world.places.last().expect("a place").id.clone();
    let patient = Patient { place: elsewhere, ..world.patient_of(&visit).clone() };
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let request = Request { patient: Some(patient), ..asked(&visit) };
    let options = rolling.options(&request, now).expect("it can be asked for");
    let choice = options.last().expect("a place");
    let slots = Some(choice.slots.clone());
    let event = Event::Requested(Box::new(Request { slots, ..request }));
    let reaction = rolling.apply(&recorded(0, now, event)).expect("it was offered");
    assert_eq!(reaction.chosen.as_ref(), Some(choice));
    assert_sound(&rolling, "a request of one who has moved");
}

/// Two cars on their way to the same door left nobody who could make the visit.
#[test]
fn two_crews_on_their_way_to_the_same_door_leave_one_that_makes_the_visit() {
    let (world, _) = day(9);
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let (shift, what) = first_stops(&rolling)[0].clone();
    let StopWhat::Part { visit, part } = &what else { unreachable!("first_stops gives parts") };
    let world = rolling.live().world();
    let role = &world.visit(visit).expect("it is planned").parts[*part].role;
    let others = world.crews.iter().filter(|crew| crew.roles.contains(role));
    let others = others.flat_map(|crew| &crew.shifts).map(|shift| shift.id.clone());
    let other = others.into_iter().find(|other| *other != shift).expect("another one");
    for (number, shift) in [shift, other].into_iter().enumerate() {
        let event = Event::Progress { shift, what: what.clone(), step: Step::UnderWay };
        rolling.apply(&recorded(number, now, event)).expect("reality is never refused");
        assert_sound(&rolling, "two on their way");
    }
    assert!(rolling.unassigned().all(|left_out| left_out.visit != *visit));
}

/// Slack is nothing that a crew works by: a list was called another for it.
#[test]
fn a_list_that_reads_the_same_is_not_a_changed_list() {
    let (world, coming) = day(10);
    let mut rolling = rolling(world);
    let now = rolling.live().now();
    let lists = |rolling: &Rolling| {
        let world = rolling.live().world();
        let shifts = world.crews.iter().flat_map(|crew| &crew.shifts);
        let read = |plan: ShiftPlan| {
            let stops = plan.stops.into_iter().map(|s| (s.what, s.arrive, s.start, s.end));
            (plan.depart, plan.back, stops.collect::<Vec<_>>())
        };
        let lists = shifts.map(|shift| (shift.id.clone(), rolling.stops(&shift.id).map(read)));
        lists.collect::<BTreeMap<_, _>>()
    };
    for (number, visit) in coming.iter().enumerate() {
        let before = lists(&rolling);
        let event = Event::Requested(Box::new(asked(visit)));
        let reaction = rolling.apply(&recorded(number, now, event)).expect("it can be");
        let after = lists(&rolling);
        for (shift, list) in &after {
            assert_eq!(before[shift] != *list, reaction.changed.contains(shift), "{shift}");
        }
    }
}
