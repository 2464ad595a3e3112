//! Days that could have been: who asks for a visit, where and when, and who is there to make it.
//!
//! Flows in: the figures of a region, a policy, a seed. Flows out: the facts of a day or a week,
//! the same for the same seed on every machine. This room must never know files, the clock or the
//! solver. Rates and shares are in [`Rates`], one sentence each.

mod demand;
mod dice;
mod generate;
mod homes;
mod period;
mod rates;
mod staffing;

pub use generate::{GenerateError, GenerateRequest, generate};
pub use rates::Rates;
