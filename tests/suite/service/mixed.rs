//! Reports of a day come twice, in another order and up to a day late. What is known in the end is
//! the same as if all had come at once and in order, and the plan is legal.

use std::collections::{BTreeMap, BTreeSet};

use rond::domain::{
    Event, EventId, Instant, Progress, Recorded, Request, Seconds, ShiftId, Step, StopWhat, Visit,
    VisitId, World,
};
use rond::replan::rolling::Rolling;
use rond::rules::Verdict;

use super::times;
use crate::rolling::{asked, day, rolling};
use crate::support::dice::Dice;

/// The latest report comes so long after what it reports.
const LATE: i64 = 23 * 3_600;

/// What is known of a day, whatever order it became known in.
#[derive(PartialEq, Eq, Debug)]
struct Known {
    visits: BTreeSet<VisitId>,
    cancelled: BTreeSet<VisitId>,
    held: BTreeMap<VisitId, Instant>,
    progress: BTreeMap<(ShiftId, StopWhat), Progress>,
}

impl Known {
    fn of(rolling: &Rolling) -> Known {
        let memory = rolling.live().memory();
        Known {
            visits: rolling.live().world().visits.iter().map(|visit| visit.id.clone()).collect(),
            cancelled: memory.cancelled.keys().cloned().collect(),
            held: memory.held.clone(),
            progress: memory.progress.clone(),
        }
    }
}

/// The reports of a morning, in the order in which things happened.
fn morning(world: &World, coming: &[Visit], dice: &mut Dice) -> Vec<Recorded> {
    let mut reports: Vec<(Instant, Event)> = Vec::new();
    let begin = world.as_of;
    let shifts = world.crews.iter().flat_map(|crew| &crew.shifts);
    let shifts: Vec<ShiftId> = shifts.map(|shift| shift.id.clone()).collect();
    let mut visits: Vec<(Instant, &Visit)> =
        world.visits[..12].iter().map(|v| (begin, v)).collect();
    for visit in &coming[..10] {
        let at = begin + Seconds(dice.within(0..=3_600));
        let held = dice.chance(30).then(|| begin + Seconds(48 * 3_600));
        let visit_now = Visit { requested_at: at, ..visit.clone() };
        let request = Request { visit: visit_now, held_until: held, ..asked(visit) };
        reports.push((at, Event::Requested(Box::new(request))));
        visits.push((at, visit));
    }
    for (from, visit) in visits {
        let mut at = from + Seconds(dice.within(60..=1_200));
        if dice.chance(30) {
            reports.push((at, Event::Cancelled { visit: visit.id.clone() }));
            if dice.chance(70) {
                continue;
            }
        }
        let what = StopWhat::Part { visit: visit.id.clone(), part: 0 };
        let shift = dice.pick(&shifts).clone();
        let last = if dice.chance(25) { Step::Admitted } else { Step::Finished };
        let steps = [
            Step::UnderWay,
            Step::Arrived,
            Step::Started,
            Step::Overrun { ends: begin + Seconds(5_400) },
            last,
        ];
        for step in steps.into_iter().take(dice.within(0..=5) as usize) {
            let shift = shift.clone();
            reports.push((at, Event::Progress { shift, what: what.clone(), step }));
            at = at + Seconds(dice.within(60..=900));
        }
    }
    reports.sort_by_key(|(at, _)| *at);
    let numbered = reports.into_iter().enumerate().map(|(number, (at, event))| Recorded {
        id: EventId::new(format!("report-{number}")),
        valid_at: at,
        recorded_at: at,
        by: "test".to_owned(),
        why: None,
        event,
    });
    numbered.collect()
}

/// Takes reports in as the service does: each id once, and what is refused is refused.
fn take_in(rolling: &mut Rolling, reports: &[Recorded], of: &str) {
    let mut seen = BTreeSet::new();
    for report in reports {
        if seen.insert(report.id.clone()) && rolling.apply(report).is_err() {
            seen.remove(&report.id);
        }
        assert_ne!(rolling.audit().verdict, Verdict::Illegal, "{of}: after {:?}", report.event);
    }
    let last = reports.last().expect("some").recorded_at;
    let tick = Recorded { id: EventId::new("last"), event: Event::Tick, ..reports[0].clone() };
    let tick = Recorded { valid_at: last, recorded_at: last, ..tick };
    rolling.apply(&tick).expect("time is never refused");
    assert_ne!(rolling.audit().verdict, Verdict::Illegal, "{of}: in the end");
}

#[test]
fn reports_twice_and_in_any_order_and_late_leave_the_same_facts_and_a_legal_plan() {
    for seed in 0..times("ROND_SEEDS", 20) {
        let mut dice = Dice::new(seed);
        let (world, coming) = day(seed);
        let clean = morning(&world, &coming, &mut dice);
        let mut expected = rolling(world.clone());
        take_in(&mut expected, &clean, &format!("seed {seed}, in order"));

        // Some are sent twice under their id, some as if they were others.
        let mut mixed = clean.clone();
        for report in &clean {
            if dice.chance(30) {
                mixed.push(report.clone());
            } else if dice.chance(20) {
                let id = EventId::new(format!("{}-again", report.id));
                mixed.push(Recorded { id, ..report.clone() });
            }
        }
        let mut mixed = dice.shuffled(mixed);
        // They come in over an hour, some of them as late as may be.
        let latest = clean.last().expect("some").valid_at;
        let first = if seed % 3 == 0 { latest + Seconds(LATE - 3_600) } else { latest };
        let count = mixed.len() as i64;
        for (number, report) in mixed.iter_mut().enumerate() {
            report.recorded_at = first + Seconds(number as i64 * 1_800 / count);
        }
        let mut late = rolling(world);
        take_in(&mut late, &mixed, &format!("seed {seed}, mixed"));
        assert_eq!(Known::of(&late), Known::of(&expected), "seed {seed}");
    }
}
