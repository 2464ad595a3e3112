//! What the rules say of a plan: every violation, then promises and score.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::{promises, score, travel_times, verdict, words};
use crate::domain::{Plan, World};
use crate::rules::{Audit, HARD_RULES, PromiseOutcome, Violation};
use crate::travel::Matrix;

/// The whole page of `rond check`.
pub fn check_page(
    world: &World,
    travel: &Matrix,
    plan: &Plan,
    audit: &Audit,
    outcomes: &[PromiseOutcome],
) -> String {
    let ink = Ink::of_standard_output();
    let changed = travel_times::changed(world, plan, travel.provenance());
    let mut text = changed.map(|note| format!("{note}\n")).unwrap_or_default();
    text.push_str(&violations(ink, audit));
    let promised = promises::section(ink, world, outcomes);
    if !promised.is_empty() {
        let _ = writeln!(text, "{promised}");
    }
    let _ = writeln!(text, "{}", score::section(ink, audit));
    text.push_str(&travel_times::lines(world, travel.provenance()));
    let _ = writeln!(text, "{}", verdict(ink, audit));
    if plan.score != audit.score {
        let _ = writeln!(
            text,
            "The plan file says tiers {}: that is not what the rules find.",
            words::tiers(&plan.score.tiers)
        );
    }
    text
}

/// Rule by rule what is broken; nothing when nothing is.
fn violations(ink: Ink, audit: &Audit) -> String {
    let mut by_rule: BTreeMap<&str, Vec<&Violation>> = BTreeMap::new();
    for violation in &audit.violations {
        by_rule.entry(violation.rule).or_default().push(violation);
    }
    let mut text = String::new();
    for rule in &HARD_RULES {
        let Some(broken) = by_rule.get(rule.code) else { continue };
        let heading = format!("{}: {}", rule.code, rule.sentence_en);
        let _ = writeln!(text, "{}", ink.paint(Tone::Bad, &heading));
        for violation in broken {
            let pinned = if violation.excused_by_pin { " [asked for by a pin]" } else { "" };
            let _ = writeln!(text, "  {}{pinned}", violation.sentence_en);
        }
        text.push('\n');
    }
    text
}
