//! `rond explain`: why a visit goes to whom it goes to, or why nobody can make it.
//!
//! Everything is judged anew against the plan as it stands; nothing is remembered from the search.

use std::path::PathBuf;

use clap::Args;

use super::Answer;
use super::failure::Failure;
use super::files::{self, Day};
use super::print::{Alternative, Explanation, explain_page};
use crate::domain::{Crew, Pin, PinWhat, Plan, Score, StopWhat, TIERS, Visit, VisitId, World};
use crate::replan;
use crate::rules::{self, HARD_RULES, Violation};
use crate::solver::{Budget, Settings};
use crate::travel::Matrix;

/// Positions judged to find what one other crew would cost.
const WORK_PER_CREW: u64 = 200_000;
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
}

/// Explains.
pub fn run(arguments: &ExplainArguments) -> Result<Answer, Failure> {
    let Day { world, travel } = files::read_day(&arguments.day)?;
    let plan = files::read_plan(&arguments.plan, &world)?;
    let id = VisitId::new(&arguments.visit);
    let Some(visit) = world.visit(&id) else {
        return Err(Failure::Input(format!(
            "{} has no visit {id}; its visits are {}",
            arguments.day.display(),
            some_ids(&world)
        )));
    };
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
        let giver = self.giver(part);
        let crews = self.world.crews.iter();
        let others = crews.filter(|crew| Some(&crew.id) != giver && crew.roles.contains(role));
        let mut alternatives: Vec<Alternative> = others
            .map(|crew| Alternative {
                crew: crew.id.clone(),
                obstacle: self.obstacle(part, crew),
                price: None,
            })
            .collect();
        if giver.is_some() {
            let before = self.as_it_stands();
            let able = alternatives.iter_mut().filter(|other| other.obstacle.is_none());
            for alternative in able.take(CREWS_PRICED_MAX) {
                alternative.price =
                    before.as_ref().and_then(|before| self.price(part, alternative, before));
            }
        }
        alternatives
    }

    fn giver(&self, part: usize) -> Option<&crate::domain::CrewId> {
        let what = StopWhat::Part { visit: self.visit.id.clone(), part };
        let mut shifts = self.plan.shifts.iter();
        shifts
            .find(|shift| shift.stops.iter().any(|stop| stop.what == what))
            .map(|shift| &shift.crew)
    }

    /// Nothing when some shift of the crew could give the part; else the rule in the way of the
    /// shift that gets furthest.
    fn obstacle(&self, part: usize, crew: &Crew) -> Option<Violation> {
        let mut obstacles = Vec::new();
        for shift in &crew.shifts {
            obstacles.push(rules::why_not(self.world, self.travel, self.visit, part, crew, shift)?);
        }
        let progress = |obstacle: &Violation| {
            HARD_RULES.iter().position(|rule| rule.code == obstacle.rule).unwrap_or(0)
        };
        let rank = obstacles.iter().map(&progress).max()?;
        obstacles.into_iter().find(|obstacle| progress(obstacle) == rank)
    }

    /// The world in which the plan is what was decided before.
    fn as_it_stands(&self) -> Option<World> {
        let mut facts = self.world.clone().into_facts();
        facts.previous = Some(self.plan.clone());
        World::new(facts).ok()
    }

    /// What the whole plan costs more when this crew gives the part and all else may adapt.
    fn price(&self, part: usize, other: &Alternative, before: &World) -> Option<[i64; TIERS]> {
        let mut facts = before.clone().into_facts();
        facts.pins.retain(|pin| !(pin.visit == self.visit.id && pin.part == Some(part)));
        facts.pins.push(Pin {
            visit: self.visit.id.clone(),
            part: Some(part),
            what: PinWhat::Crew(other.crew.clone()),
            reason: "what if".to_owned(),
            by: "explain".to_owned(),
        });
        let world = World::new(facts).ok()?;
        let settings = Settings {
            seed: 1,
            threads: 1,
            budget: Budget::Work(WORK_PER_CREW),
            observer: &|_, _| {},
        };
        let outcome = replan::plan(&world, self.travel, settings).ok()?;
        let Score { tiers: now } = rules::audit(before, self.travel, self.plan).score;
        let then = outcome.plan.score.tiers;
        Some(std::array::from_fn(|tier| then[tier] - now[tier]))
    }
}
