//! `rond bench live`: a day that goes on. Nine of ten visits are planned, the others are asked for
//! and cancelled one after the other; then time goes on, and a search runs aside.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;

use super::row::{at_share, rounded};
use crate::domain::{self, Event, EventId, Recorded, Request, TIERS, Visit, World, WorldError};
use crate::replan::rolling::{Reaction, Roads, Rolling};
use crate::rules::Verdict;
use crate::travel::{CoarseRoads, Matrix};
use crate::wire;

/// One visit in so many is asked for instead of planned.
const ASKED_ONE_IN: usize = 10;

/// `rond bench live`.
#[derive(Clone, Debug, Args)]
pub struct LiveArguments {
    /// The day file
    #[arg(value_name = "DAY.json")]
    day: PathBuf,
    /// Judged positions of the search aside
    #[arg(long, default_value_t = 5_000_000)]
    work: u64,
    /// Seed of the search aside
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The answer: one line. Milliseconds by the wall clock.
#[derive(Debug, Default, Serialize)]
struct Line {
    planned: usize,
    crews: usize,
    requests: usize,
    /// The first plan of the day.
    open: f64,
    request_p50: f64,
    request_p99: f64,
    request_longest: f64,
    cancel_p50: f64,
    /// The plain rules on the shifts that a request changed.
    rules_p50: f64,
    rules_longest: f64,
    /// The plain rules on the whole plan.
    rules_whole: f64,
    /// The rest of the day compiled and laid anew.
    tick: f64,
    search: f64,
    /// What the search found, if it is worth giving out.
    gain: Option<[i64; TIERS]>,
    /// What the plan cost in the end: the same for the same day, work and seed.
    score: [i64; TIERS],
}

/// Runs `rond bench live`.
pub fn run(arguments: &LiveArguments) -> ExitCode {
    match measured(arguments) {
        Ok(line) => {
            // A line of numbers always serialises.
            println!("{}", serde_json::to_string(&line).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn measured(arguments: &LiveArguments) -> Result<Line, String> {
    let path = arguments.day.display();
    let text = std::fs::read(&arguments.day).map_err(|why| format!("{path}: {why}"))?;
    let day = wire::read_day(text).map_err(|problems| {
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        format!("{path}: {}", listed.join("\n"))
    })?;
    let (world, asked) = divided(day.world).map_err(|why| format!("{path}: {why:?}"))?;
    let roads: Roads = Arc::new(CoarseRoads::skane());
    let travel = Matrix::of_places(&*roads, &world.places);
    let mut line = Line {
        planned: world.visits.len(),
        crews: world.crews.len(),
        requests: asked.len(),
        ..Line::default()
    };
    let (rolling, took) = timed(|| Rolling::open(world, travel, roads));
    line.open = took;
    let mut played = Played { rolling, number: 0 };
    played.ask_and_cancel(&asked, &mut line)?;
    line.tick = played.take(Event::Tick)?.1;
    let job = played.rolling.job(arguments.seed, arguments.work);
    let (found, took) = timed(|| job.run());
    line.search = took;
    let found = found.and_then(|found| played.rolling.worth_giving_out(&found));
    line.gain = found.as_ref().map(|improved| improved.gain);
    if let Some(improved) = found {
        played.take(Event::Improved(Box::new(improved)))?;
    }
    let (audit, took) = timed(|| played.rolling.audit());
    line.rules_whole = took;
    line.score = played.rolling.score().tiers;
    if audit.verdict == Verdict::Illegal || audit.score.tiers != line.score {
        return Err("the plain rules reject the plan: a defect of this program".to_owned());
    }
    Ok(line)
}

/// The day without its last visits, and those, asked for when the day begins.
fn divided(world: World) -> Result<(World, Vec<Visit>), Vec<WorldError>> {
    let mut facts = world.into_facts();
    let kept = facts.visits.len() - facts.visits.len() / ASKED_ONE_IN;
    let mut asked = facts.visits.split_off(kept);
    asked.iter_mut().for_each(|visit| visit.requested_at = facts.as_of);
    let is_asked = |id: &domain::VisitId| asked.iter().any(|visit| visit.id == *id);
    facts.pins.retain(|pin| !is_asked(&pin.visit));
    for shift in facts.crews.iter_mut().flat_map(|crew| &mut crew.shifts) {
        shift.first.retain(|part| !is_asked(&part.visit));
    }
    Ok((World::new(facts)?, asked))
}

struct Played {
    rolling: Rolling,
    number: usize,
}

impl Played {
    fn ask_and_cancel(&mut self, asked: &[Visit], line: &mut Line) -> Result<(), String> {
        let (mut requests, mut cancels, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for visit in asked {
            let request = Request {
                visit: visit.clone(),
                patient: None,
                place: None,
                held_until: None,
                slots: None,
                tell: Vec::new(),
            };
            let (reaction, took) = self.take(Event::Requested(Box::new(request)))?;
            requests.push(took);
            let (audit, took) = timed(|| self.rolling.audit_of(&reaction.changed));
            rules.push(took);
            if audit.verdict == Verdict::Illegal {
                return Err(format!("visit {}: the plain rules reject the plan", visit.id));
            }
            cancels.push(self.take(Event::Cancelled { visit: visit.id.clone() })?.1);
        }
        let longest = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
        line.request_longest = longest(&requests);
        line.rules_longest = longest(&rules);
        line.request_p50 = at_share(requests.clone(), 0.5);
        line.request_p99 = at_share(requests, 0.99);
        line.cancel_p50 = at_share(cancels, 0.5);
        line.rules_p50 = at_share(rules, 0.5);
        Ok(())
    }

    /// Takes an event in; says how long that took.
    fn take(&mut self, event: Event) -> Result<(Reaction, f64), String> {
        self.number += 1;
        let now = self.rolling.live().now();
        let recorded = Recorded {
            id: EventId::new(self.number.to_string()),
            valid_at: now,
            recorded_at: now,
            by: "bench".to_owned(),
            why: None,
            event,
        };
        let (reaction, took) = timed(|| self.rolling.apply(&recorded));
        reaction.map(|reaction| (reaction, took)).map_err(|refusal| refusal.to_string())
    }
}

/// What comes of it, and how many milliseconds it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = work();
    (done, milliseconds(begun.elapsed()))
}

fn milliseconds(length: Duration) -> f64 {
    rounded(length.as_secs_f64() * 1e3, 3)
}
