//! A made-up day that plays itself: visits are asked for when their hour has come, and crews report
//! what the plan says they do, a little early or late.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::domain::{
    DelregionId, Event, EventId, Instant, Progress, Recorded, Request, Seconds, ShiftId, ShiftPlan,
    Step, Stop, StopWhat, Visit, World,
};
use crate::live::{Answered, Clock, NewReport, Service};
use crate::simulate::{self, GenerateRequest};
use crate::wire;

/// Whose reports these are.
const BY: &str = "demo";
/// The crews are looked after so often.
const ROUND: Duration = Duration::from_millis(250);
/// Every so many visits is asked for during the day, whenever the generator has it known.
const ASKED_ONE_IN: usize = 6;

/// A made-up day.
pub struct Demo {
    /// The day as it begins.
    pub day: World,
    /// Where its events are stored while it lasts.
    pub store: String,
    coming: Vec<Visit>,
}

impl Demo {
    /// A day of the southeast.
    pub fn made_up() -> Result<Demo, Failure> {
        let request = GenerateRequest {
            delregioner: vec![DelregionId::new("Sydost")],
            first_date: jiff::civil::date(2026, 11, 30),
            days: 1,
            scale_percent: 100,
            load_percent: 75,
            seed: 7,
        };
        let policy = wire::shipped_policy();
        let made = simulate::generate(wire::shipped_region_facts(), policy, &request);
        // The request is one that the generator takes; a test makes the demo's day.
        let mut facts = made.map_err(|why| Failure::Outside(format!("{why:?}")))?;
        let opens = facts.as_of;
        let hours = Seconds::from_minutes(8 * 60).0;
        let count = facts.visits.len() as i64;
        let mut coming = Vec::new();
        let mut known = Vec::new();
        for (at, mut visit) in facts.visits.into_iter().enumerate() {
            if visit.requested_at <= opens && at % ASKED_ONE_IN == 0 && visit.windows.is_empty() {
                visit.requested_at = opens + Seconds(hours * at as i64 / count);
            }
            let is_coming = visit.requested_at > opens;
            if is_coming { &mut coming } else { &mut known }.push(visit);
        }
        facts.visits = known;
        facts.pins.retain(|pin| facts.visits.iter().any(|visit| visit.id == pin.visit));
        coming.sort_by(|a, b| (b.requested_at, &b.id).cmp(&(a.requested_at, &a.id)));
        let day = World::new(facts).map_err(|why| Failure::Outside(format!("{why:?}")))?;
        let file = std::env::temp_dir().join(format!("rond-demo-{}.db", std::process::id()));
        Ok(Demo { day, store: format!("sqlite:{}", file.display()), coming })
    }

    /// Plays the day until its horizon ends.
    pub async fn play(mut self, service: Service, clock: Arc<dyn Clock>) {
        while clock.now() < self.day.horizon.to() {
            let now = clock.now();
            while self.coming.last().is_some_and(|visit| visit.requested_at <= now) {
                if let Some(visit) = self.coming.pop() {
                    ask(&service, visit, now).await;
                }
            }
            let view = service.view();
            for list in &view.plan.lists {
                let due = due(list, now, |what| {
                    view.plan.progress.get(&(list.shift.clone(), what.clone())).copied()
                });
                if let Some((what, step)) = due {
                    let shift: ShiftId = list.shift.clone();
                    report(&service, Event::Progress { shift, what, step }, now).await;
                }
            }
            tokio::time::sleep(ROUND).await;
        }
    }
}

/// The next thing that the crew of a list reports, if its hour has come.
fn due(
    list: &ShiftPlan,
    now: Instant,
    progress: impl Fn(&StopWhat) -> Option<Progress>,
) -> Option<(StopWhat, Step)> {
    let mut leaves = list.depart;
    for stop in &list.stops {
        let known = progress(&stop.what).unwrap_or_default();
        if known.finished.is_some() {
            leaves = stop.end;
            continue;
        }
        return step_due(stop, &known, leaves, now).map(|step| (stop.what.clone(), step));
    }
    None
}

fn step_due(stop: &Stop, known: &Progress, leaves: Instant, now: Instant) -> Option<Step> {
    let is_break = matches!(stop.what, StopWhat::Break { .. });
    let begins = known.started.unwrap_or(stop.start);
    // Some take a little longer than planned, others are quick.
    let takes = stop.end - stop.start;
    let drift = Seconds(takes.0 * (begins.0 / 60 % 5 - 2) / 20);
    if known.started.is_some() {
        return (now >= begins + takes + drift).then_some(Step::Finished);
    }
    if now >= stop.start {
        return Some(Step::Started);
    }
    if is_break {
        return None;
    }
    if known.arrived.is_none() && now >= stop.arrive {
        return Some(Step::Arrived);
    }
    let is_on_the_way = known.under_way.is_some() || known.arrived.is_some();
    (!is_on_the_way && now >= leaves && now >= stop.arrive - stop.travel).then_some(Step::UnderWay)
}

async fn ask(service: &Service, visit: Visit, now: Instant) {
    let request = Request {
        visit,
        patient: None,
        place: None,
        held_until: None,
        slots: None,
        tell: vec!["patient".to_owned()],
    };
    report(service, Event::Requested(Box::new(request)), now).await;
}

async fn report(service: &Service, event: Event, now: Instant) {
    let id: EventId = Service::new_id();
    let recorded =
        Recorded { id, valid_at: now, recorded_at: now, by: BY.to_owned(), why: None, event };
    let render = Box::new(|_: &crate::live::Outcome<'_>| Answered::empty());
    // A step that the plan has gone beyond meanwhile is refused, and comes again if it is due.
    let _ = service.report(NewReport { recorded, request_hash: None, render }).await;
}
