//! What the rules say of a plan: every violation, then promises and score.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ink::{Ink, Tone};
use super::{promises, score, verdict, words};
use crate::domain::{Plan, World};
use crate::rules::{Audit, HARD_RULES, PromiseOutcome, Violation};

/// The whole page of `rond check`.
pub fn check_page(
    world: &World,
    plan: &Plan,
    audit: &Audit,
    outcomes: &[PromiseOutcome],
) -> String {
    let ink = Ink::of_standard_output();
    let mut text = violations(ink, audit);
    let promised = promises::section(ink, world, outcomes);
    if !promised.is_empty() {
        let _ = writeln!(text, "{promised}");
    }
    let _ = writeln!(text, "{}\n{}", score::section(ink, audit), verdict(ink, audit));
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
