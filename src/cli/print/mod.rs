//! What a dispatcher wants to see of a plan, as text.
//!
//! Flows in: the world, the plan, what the rules say of it. Flows out: a page. Every figure comes
//! from the plan or from `rules`; nothing is judged here.

mod check_page;
mod crews;
mod explain_page;
mod ink;
mod left_out;
mod promises;
mod score;
mod table;
mod travel_times;
pub mod words;

pub use check_page::check_page;
pub use explain_page::{Alternative, Explanation, Price, explain_page};

use std::fmt::Write;

use crate::domain::{Plan, Score, StopWhat, TIERS, World};
use crate::rules::{Audit, PromiseOutcome, Verdict};
use crate::travel::Matrix;
use ink::{Ink, Tone};

/// How a plan was found.
#[derive(Clone, Copy, Debug)]
pub struct Searched {
    /// The seed of the search.
    pub seed: u64,
    /// Positions judged.
    pub work: u64,
    /// The first plan's score, before any improvement.
    pub first_score: [i64; TIERS],
    /// How many visits the first plan left out.
    pub first_unassigned: usize,
}

/// The whole page of `rond plan`: crews, who is left out, promises, score.
pub fn plan_page(
    world: &World,
    travel: &Matrix,
    plan: &Plan,
    audit: &Audit,
    outcomes: &[PromiseOutcome],
    searched: Option<&Searched>,
) -> String {
    let ink = Ink::of_standard_output();
    let sections = [
        crews::section(ink, world, plan),
        left_out::section(ink, world, travel, plan),
        promises::section(ink, world, outcomes),
        score::section(ink, audit),
        summary(ink, world, travel, plan, audit, searched),
    ];
    sections.iter().filter(|section| !section.is_empty()).cloned().collect::<Vec<_>>().join("\n")
}

/// The last lines, where the eye rests: how much was planned, and is it legal?
fn summary(
    ink: Ink,
    world: &World,
    travel: &Matrix,
    plan: &Plan,
    audit: &Audit,
    searched: Option<&Searched>,
) -> String {
    let deferred = plan.unassigned.iter().filter(|left| left.deferred).count();
    let unassigned = plan.unassigned.len() - deferred;
    let mut text = ink.paint(Tone::Strong, "Summary");
    let planned = world.visits.len().saturating_sub(plan.unassigned.len());
    let _ = writeln!(
        text,
        "\n  {} of {} assigned, {unassigned} unassigned, {deferred} deferred; {} used of {}",
        words::number(planned as i64),
        words::count(world.visits.len(), "visit"),
        words::count(plan.shifts.len(), "shift"),
        world.crews.iter().map(|crew| crew.shifts.len()).sum::<usize>(),
    );
    let joint = world.visits.iter().filter(|visit| !visit.meetings.is_empty()).count();
    let _ = writeln!(
        text,
        "  {}, {joint} of the visits joint; policy: {}",
        words::count(stops_of(plan), "stop"),
        world.policy.name,
    );
    if let Some(searched) = searched {
        let Searched { seed, work, first_score, first_unassigned } = searched;
        let _ = writeln!(
            text,
            "  {} positions judged with seed {seed}; the first plan left out {first_unassigned} \
             and had tiers {}",
            words::number(i64::try_from(*work).unwrap_or(i64::MAX)),
            words::tiers(first_score),
        );
    }
    text.push_str(&travel_times::lines(world, travel.provenance()));
    let _ = writeln!(text, "  {}", verdict(ink, audit));
    text
}

fn stops_of(plan: &Plan) -> usize {
    let stops = plan.shifts.iter().flat_map(|shift| &shift.stops);
    stops.filter(|stop| matches!(stop.what, StopWhat::Part { .. })).count()
}

/// Legal or not, in a sentence, with the score.
fn verdict(ink: Ink, audit: &Audit) -> String {
    let Score { tiers } = audit.score;
    let (tone, sentence) = match audit.verdict {
        Verdict::Legal => (Tone::Good, "Legal: every hard rule is kept"),
        Verdict::LegalButForPins => {
            (Tone::Warning, "Legal but for pins: only what dispatchers' pins ask for is broken")
        }
        Verdict::Illegal => (Tone::Bad, "Not legal: hard rules are broken"),
    };
    format!("{}; tiers {}", ink.paint(tone, sentence), words::tiers(&tiers))
}
