//! What a legal plan is, and what a good one is: the truth that every plan must pass.
//!
//! Flows in: a world, its travel table, a plan from anywhere. Flows out: an [`Audit`]: every hard
//! rule broken and every point charged, each with a Swedish and an English sentence. Plainly
//! written and slow on purpose: the search computes the same faster, and tests hold it to this
//! room, which must never know how a plan was found.
//!
//! - `hard/`: one file per hard rule. The rules do not overlap: one fault breaks one rule.
//! - `prices/`: one file per price. The score is the sum of their lines.
//! - `outcomes`: promises kept and broken, per municipality and party.
//! - `why_not`: the first rule that keeps a crew from a part, whatever else is planned.
//!
//! What the times mean and what is priced: docs/decisions/0001-times-and-prices.md.

mod audit;
#[cfg(test)]
mod fixture;
mod hard;
mod outcomes;
mod prices;
mod reading;
mod why_not;
mod words;

pub use audit::{
    Audit, HardRule, Price, PriceLine, Subject, Verdict, Violation, audit, audit_of_part,
    bill_of_part, score,
};
pub use hard::area::may_work_at;
pub use outcomes::{Outcome, PromiseOutcome, promises};
pub use reading::PlanPart;
pub use why_not::{impossible_part, obstacle, why_not};

/// Every hard rule. What cannot be done within them is left unassigned, with a reason.
pub static HARD_RULES: [HardRule; 15] = [
    hard::known::RULE,
    hard::whole::RULE,
    hard::role::RULE,
    hard::skill::RULE,
    hard::area::RULE,
    hard::same_crew::RULE,
    hard::window::RULE,
    hard::earliest::RULE,
    hard::travel::RULE,
    hard::meeting::RULE,
    hard::shift_hours::RULE,
    hard::breaks::RULE,
    hard::rest::RULE,
    hard::pins::RULE,
    hard::first_stops::RULE,
];

/// Every price, the most important tier first.
pub static PRICES: [Price; 10] = [
    prices::promise::PRICE,
    prices::told::PRICE,
    prices::next_stop::PRICE,
    prices::responsibility::PRICE,
    prices::continuity::PRICE,
    prices::border::PRICE,
    prices::overtime::PRICE,
    prices::waiting::PRICE,
    prices::travel_cost::PRICE,
    prices::fairness::PRICE,
];
