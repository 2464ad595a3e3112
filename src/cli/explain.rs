//! `rond explain`: why a visit goes to whom it goes to, or why nobody can make it.
//!
//! Everything is judged anew against the plan as it stands; nothing is remembered from the search.

use std::path::PathBuf;

use clap::Args;

use super::Answer;
use super::failure::Failure;
use super::files;
use super::print::{Alternative, Explanation, Price, explain_page};
use super::travel::TravelArguments;
use crate::domain::{
    CrewId, KindId, Pin, PinWhat, Plan, Promise, Score, StopWhat, TIERS, Tier, Visit, VisitId,
    VisitKind, World,
};
use crate::replan;
use crate::rules::{self, Verdict};
use crate::solver::{Budget, CHAINS, Settings};
use crate::travel::Matrix;

/// Positions judged to find what one other crew would cost.
const WORK_PER_CREW: u64 = 200_000;
/// Points for leaving out the visit in question: more than all else in its tier can amount to.
const LEFT_OUT_POINTS: i64 = 100_000;
/// Points for leaving it for later, in tier 4.
const DEFERRED_POINTS: i64 = 1_000_000_000;
/// Other crews that get a price for one part; the rest are only said to be able to come.
const CREWS_PRICED_MAX: usize = 5;

/// What `rond explain` is asked.
#[derive(Args)]
pub struct ExplainArguments {
    /// The day file
    #[arg(value_name = "DAY.json")]
    day: PathBuf,
    /// The plan file
    #[arg(value_name = "PLAN.json")]
    plan: PathBuf,
    /// Id of the visit
    #[arg(value_name = "VISIT")]
    visit: String,
    #[command(flatten)]
    travel: TravelArguments,
}

/// Explains.
pub fn run(arguments: &ExplainArguments) -> Result<Answer, Failure> {
    let world = files::read_day(&arguments.day)?;
    let plan = files::read_plan(&arguments.plan, &world)?;
    let id = VisitId::new(&arguments.visit);
    let Some(visit) = world.visit(&id) else {
        return Err(Failure::Input(format!(
            "{} has no visit {id}; its visits are {}",
            arguments.day.display(),
            some_ids(&world)
        )));
    };
    let travel = arguments.travel.table_of(&world, &plan)?;
    let asked = Question { world: &world, travel: &travel, plan: &plan, visit };
    let alternatives = (0..visit.parts.len()).map(|part| asked.alternatives(part)).collect();
    let explanation = Explanation { visit, plan: &plan, alternatives };
    files::print(&explain_page(&world, &travel, &explanation))?;
    Ok(Answer::Done)
}

fn some_ids(world: &World) -> String {
    let ids: Vec<&str> = world.visits.iter().take(8).map(|visit| visit.id.as_str()).collect();
    let more = if world.visits.len() > ids.len() { ", …" } else { "" };
    format!("{}{more}", ids.join(", "))
}

struct Question<'a> {
    world: &'a World,
    travel: &'a Matrix,
    plan: &'a Plan,
    visit: &'a Visit,
}

impl Question<'_> {
    /// Every crew with the part's role, but for the one that gives it now: what is in the way, or
    /// what it would cost.
    fn alternatives(&self, part: usize) -> Vec<Alternative> {
        let role = &self.visit.parts[part].role;
        let giver = giver(self.plan, &self.visit.id, part);
        let crews = self.world.crews.iter();
        let others = crews.filter(|crew| Some(&crew.id) != giver && crew.roles.contains(role));
        let mut alternatives: Vec<Alternative> = others
            .map(|crew| Alternative {
                crew: crew.id.clone(),
                obstacle: rules::obstacle(self.world, self.travel, self.visit, part, crew),
                price: Price::NotAsked,
            })
            .collect();
        if giver.is_some() {
            let before = self.as_it_stands();
            let able = alternatives.iter_mut().filter(|other| other.obstacle.is_none());
            for alternative in able.take(CREWS_PRICED_MAX) {
                let before = before.as_ref();
                let price = before.and_then(|before| self.price(part, &alternative.crew, before));
                alternative.price = price.map_or(Price::NoPlaceFound, Price::More);
            }
        }
        alternatives
    }

    /// The world in which the plan is what was decided before.
    fn as_it_stands(&self) -> Option<World> {
        let mut facts = self.world.clone().into_facts();
        facts.previous = Some(self.plan.clone());
        World::new(facts).ok()
    }

    /// What the whole plan costs more when this crew gives the part and all else may adapt;
    /// nothing when a short search finds no such plan.
    fn price(&self, part: usize, crew: &CrewId, before: &World) -> Option<[i64; TIERS]> {
        let world = self.what_if(part, crew, before)?;
        let settings = Settings {
            seed: 1,
            threads: 1,
            chains: CHAINS,
            budget: Budget::Work(WORK_PER_CREW),
            observer: &|_, _| {},
        };
        let plan = replan::plan(&world, self.travel, settings).ok()?.plan;
        // The plan is judged by what is really agreed: a pin may have set a rule aside.
        let audit = rules::audit(before, self.travel, &plan);
        if audit.verdict == Verdict::Illegal || giver(&plan, &self.visit.id, part) != Some(crew) {
            return None;
        }
        let Score { tiers: now } = rules::audit(before, self.travel, self.plan).score;
        Some(std::array::from_fn(|tier| audit.score.tiers[tier] - now[tier]))
    }

    /// The world in which only this crew may give the part, and leaving the visit out costs more
    /// than anything else could.
    fn what_if(&self, part: usize, crew: &CrewId, before: &World) -> Option<World> {
        let mut facts = before.clone().into_facts();
        let kind = KindId::new(format!("{} what-if", self.visit.kind));
        let visit = facts.visits.iter_mut().find(|visit| visit.id == self.visit.id)?;
        visit.kind = kind.clone();
        let policy = &mut facts.policy;
        let mut promises: Vec<Promise> = policy.promises.clone();
        promises.retain(|promise| promise.kind == self.visit.kind);
        for promise in &mut promises {
            promise.kind = kind.clone();
            promise.lateness.cap = promise.lateness.cap.max(LEFT_OUT_POINTS);
            promise.deferred = DEFERRED_POINTS;
        }
        policy.promises.extend(promises);
        policy.kinds.push(VisitKind { id: kind, unassigned: (Tier::Unplanned, LEFT_OUT_POINTS) });
        facts.pins.push(Pin {
            visit: self.visit.id.clone(),
            part: Some(part),
            what: PinWhat::Crew(crew.clone()),
            reason: "what if".to_owned(),
            by: "explain".to_owned(),
        });
        World::new(facts).ok()
    }
}

/// The crew that gives a part in a plan.
fn giver<'p>(plan: &'p Plan, visit: &VisitId, part: usize) -> Option<&'p CrewId> {
    let what = StopWhat::Part { visit: visit.clone(), part };
    let mut shifts = plan.shifts.iter();
    shifts.find(|shift| shift.stops.iter().any(|stop| stop.what == what)).map(|shift| &shift.crew)
}
