//! UHHC: unified home health care routing and scheduling.
//!
//! S. Ceschia, L. Di Gaspero, R. M. Rosati and A. Schaerf, International Transactions in
//! Operational Research, 2026: several depots, shifts with overtime, skills, lunch breaks, optional
//! patients, several windows, preferences and incompatibilities, pairs of services at once or in
//! sequence, and up to ten weighted components of cost. Read in this order: [`instance`],
//! [`problem`], [`schedule`], [`judge`],
//! [`reading`].

pub mod instance;
pub mod judge;
pub mod problem;
pub mod reading;
pub mod schedule;
#[cfg(test)]
mod tests;

pub use instance::Instance;
pub use judge::{Verdict, judge};
pub use problem::problem_of;
pub use reading::Reading;
pub use schedule::{Schedule, schedule_of};
