//! The audit: every rule and every price asked in turn, and what they answer.

use super::reading::{Given, PlanPart, Reading, Round};
use super::{HARD_RULES, PRICES};
use crate::domain::{
    CrewId, MunicipalityId, Party, Plan, Score, ShiftId, Tier, Visit, VisitId, World,
};
use crate::travel::Matrix;

/// A hard rule: what it is called, what it says, how it is judged.
pub struct HardRule {
    /// Its name in files and messages; never changes once published.
    pub code: &'static str,
    /// The rule in one Swedish sentence.
    pub sentence_sv: &'static str,
    /// The rule in one English sentence.
    pub sentence_en: &'static str,
    pub(super) check: fn(&Reading<'_>) -> Vec<Violation>,
}

/// A price: what it is called, what it charges for, how it is counted.
pub struct Price {
    /// Its name in files and messages; never changes once published.
    pub code: &'static str,
    /// The price in one Swedish sentence.
    pub sentence_sv: &'static str,
    /// The price in one English sentence.
    pub sentence_en: &'static str,
    pub(super) lines: fn(&Reading<'_>) -> Vec<PriceLine>,
}

/// Whom and what a violation or a price line is about, as far as it can be said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subject {
    /// The visit.
    pub visit: Option<VisitId>,
    /// Position of the part in the visit.
    pub part: Option<usize>,
    /// The crew.
    pub crew: Option<CrewId>,
    /// The shift.
    pub shift: Option<ShiftId>,
}

impl Subject {
    /// A part as it stands in the plan.
    pub(super) fn given(given: &Given<'_>) -> Subject {
        Subject {
            visit: Some(given.visit.id.clone()),
            part: Some(given.index),
            crew: Some(given.round.crew.clone()),
            shift: Some(given.round.shift.clone()),
        }
    }

    /// A shift as it stands in the plan.
    pub(super) fn round(round: &Round<'_>) -> Subject {
        Subject {
            crew: Some(round.plan.crew.clone()),
            shift: Some(round.plan.shift.clone()),
            ..Subject::default()
        }
    }

    /// A visit as a whole.
    pub(super) fn visit(visit: &Visit) -> Subject {
        Subject { visit: Some(visit.id.clone()), ..Subject::default() }
    }
}

/// A hard rule that the plan breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The rule's code.
    pub rule: &'static str,
    /// Is it what a dispatcher's pin asks for? Such a violation is kept and reported.
    pub excused_by_pin: bool,
    /// Whom and what it is about.
    pub subject: Subject,
    /// What is wrong, in Swedish.
    pub sentence_sv: String,
    /// What is wrong, in English.
    pub sentence_en: String,
}

impl Violation {
    pub(super) fn new(rule: &HardRule, subject: Subject, sv: String, en: String) -> Violation {
        Violation {
            rule: rule.code,
            excused_by_pin: false,
            subject,
            sentence_sv: sv,
            sentence_en: en,
        }
    }

    pub(super) fn excused_if(mut self, excused: bool) -> Violation {
        self.excused_by_pin = excused;
        self
    }
}

/// One line of the bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceLine {
    /// The tier it is charged in.
    pub tier: Tier,
    /// The price's code.
    pub code: &'static str,
    /// Whom and what it is charged for.
    pub subject: Subject,
    /// Points; never negative, and lines of none are left out.
    pub points: i64,
    /// The patient's municipality, where a patient is concerned.
    pub municipality: Option<MunicipalityId>,
    /// Who answers for it: none, one, or several that cannot be told apart.
    pub parties: Vec<Party>,
    /// What it is charged for, in Swedish.
    pub sentence_sv: String,
    /// What it is charged for, in English.
    pub sentence_en: String,
}

/// Legal, or not?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// No hard rule is broken.
    Legal,
    /// Only what a dispatcher's pins ask for is broken.
    LegalButForPins,
    /// Such a plan never leaves the program.
    Illegal,
}

/// What the rules say of a plan.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Legal, or not.
    pub verdict: Verdict,
    /// Every hard rule broken, in the order of the rules, then of the plan.
    pub violations: Vec<Violation>,
    /// The sum of the lines.
    pub score: Score,
    /// Everything charged, in the order of the prices, then of the plan.
    pub lines: Vec<PriceLine>,
}

/// Judges a plan from anywhere: every hard rule, every price.
pub fn audit(world: &World, travel: &Matrix, plan: &Plan) -> Audit {
    audit_reading(&Reading::new(world, travel, plan))
}

/// Judges a part of a plan by itself: every hard rule on its shifts and visits, and their prices.
/// `plan` has the stops of the part's shifts and the unassigned among its visits.
pub fn audit_of_part(world: &World, travel: &Matrix, plan: &Plan, part: &PlanPart) -> Audit {
    audit_reading(&Reading::of_part(world, travel, plan, part))
}

/// What a part of a plan is charged for. A visit of the part that is neither made nor unassigned
/// is charged as unassigned.
pub fn bill_of_part(
    world: &World,
    travel: &Matrix,
    plan: &Plan,
    part: &PlanPart,
) -> Vec<PriceLine> {
    bill(&Reading::of_part(world, travel, plan, part)).1
}

fn audit_reading(reading: &Reading<'_>) -> Audit {
    let violations: Vec<Violation> =
        HARD_RULES.iter().flat_map(|rule| (rule.check)(reading)).collect();
    let verdict = if violations.is_empty() {
        Verdict::Legal
    } else if violations.iter().all(|violation| violation.excused_by_pin) {
        Verdict::LegalButForPins
    } else {
        Verdict::Illegal
    };
    let (score, lines) = bill(reading);
    Audit { verdict, violations, score, lines }
}

/// What a plan costs, and for what. Meaningful for plans that break no hard rule.
pub fn score(world: &World, travel: &Matrix, plan: &Plan) -> (Score, Vec<PriceLine>) {
    bill(&Reading::new(world, travel, plan))
}

fn bill(reading: &Reading<'_>) -> (Score, Vec<PriceLine>) {
    let lines: Vec<PriceLine> = PRICES
        .iter()
        .flat_map(|price| (price.lines)(reading))
        .filter(|line| line.points != 0)
        .collect();
    let mut score = Score::default();
    for line in &lines {
        score.tiers[line.tier.index()] += line.points;
    }
    (score, lines)
}
