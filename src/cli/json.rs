//! What `--json` prints: for machines, stable, with nothing else on standard output.

use serde_json::{Value, json};

use super::print::words::rfc_3339;
use crate::domain::{MunicipalityId, Party, Plan, Tier, World};
use crate::rules::{Audit, Outcome, PRICES, PromiseOutcome, Subject, Verdict, Violation};
use crate::travel::Matrix;
use crate::wire;

/// The answer of `plan --json`: the plan as in a plan file, and what the rules say of it.
pub fn plan_answer(
    world: &World,
    plan: &Plan,
    audit: &Audit,
    outcomes: &[PromiseOutcome],
) -> String {
    // A plan file of ours is JSON: null would show that it is not, and a test would see it.
    let plan = serde_json::from_str(&wire::write_plan(plan)).unwrap_or(Value::Null);
    let answer = json!({ "plan": plan, "audit": audit_value(world, audit, outcomes) });
    format!("{answer:#}\n")
}

/// The answer of `check --json`. `travel_as_planned` is null when the plan does not say what it was
/// made with.
pub fn audit_answer(
    world: &World,
    travel: &Matrix,
    plan: &Plan,
    audit: &Audit,
    outcomes: &[PromiseOutcome],
) -> String {
    let here = travel.provenance();
    let made_with = plan.travel.as_ref().map(|made_with| made_with.fingerprint);
    let answer = json!({
        "audit": audit_value(world, audit, outcomes),
        "travel": wire::travel_value(here),
        "travel_as_planned": made_with.map(|fingerprint| fingerprint == here.fingerprint),
    });
    format!("{answer:#}\n")
}

fn audit_value(world: &World, audit: &Audit, outcomes: &[PromiseOutcome]) -> Value {
    let violations: Vec<Value> = audit.violations.iter().map(violation).collect();
    let promises: Vec<Value> = outcomes.iter().map(|outcome| promise(world, outcome)).collect();
    let verdict = match audit.verdict {
        Verdict::Legal => "legal",
        Verdict::LegalButForPins => "legal_but_for_pins",
        Verdict::Illegal => "illegal",
    };
    json!({
        "verdict": verdict,
        "tiers": audit.score.tiers,
        "violations": violations,
        "prices": prices(audit),
        "promises": promises,
    })
}

fn violation(broken: &Violation) -> Value {
    let Subject { visit, part, crew, shift } = &broken.subject;
    json!({
        "rule": broken.rule,
        "excused_by_pin": broken.excused_by_pin,
        "visit": visit.as_ref().map(ToString::to_string),
        "part": part,
        "crew": crew.as_ref().map(ToString::to_string),
        "shift": shift.as_ref().map(ToString::to_string),
        "sv": broken.sentence_sv,
        "en": broken.sentence_en,
    })
}

/// The lines of the bill, summed by tier and by what they charge for.
fn prices(audit: &Audit) -> Vec<Value> {
    let mut sums = Vec::new();
    for tier in Tier::ALL {
        for price in &PRICES {
            let lines =
                audit.lines.iter().filter(|line| line.tier == tier && line.code == price.code);
            let points: Vec<i64> = lines.map(|line| line.points).collect();
            if !points.is_empty() {
                sums.push(json!({
                    "tier": tier.index() + 1,
                    "code": price.code,
                    "points": points.iter().sum::<i64>(),
                    "times": points.len(),
                }));
            }
        }
    }
    sums
}

fn promise(world: &World, outcome: &PromiseOutcome) -> Value {
    let what = match outcome.outcome {
        Outcome::Kept => "kept",
        Outcome::Broken => "broken",
        Outcome::Deferred => "deferred",
    };
    let parties: Vec<String> = outcome.parties.iter().map(party).collect();
    json!({
        "visit": outcome.visit.as_str(),
        "promise": outcome.rule.as_str(),
        "outcome": what,
        "deadline": rfc_3339(world, outcome.deadline),
        "start": outcome.start.map(|start| rfc_3339(world, start)),
        "late_seconds": outcome.late.0,
        "municipality": MunicipalityId::as_str(&outcome.municipality),
        "delregion": outcome.delregion.as_ref().map(ToString::to_string),
        "parties": parties,
    })
}

/// `region`, or the municipality's code.
fn party(party: &Party) -> String {
    match party {
        Party::Region => "region".to_owned(),
        Party::Municipality(id) => id.to_string(),
    }
}
