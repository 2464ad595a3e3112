//! HHCRSP: home health care routing and scheduling with two caregivers at some doors.
//!
//! D. Mankowska, F. Meisel and C. Bierwirth, Health Care Management Science 17, 2014; the JSON form
//! is that of S. Ceschia, L. Di Gaspero, R. M. Rosati and A. Schaerf. The objective is a third of
//! the sum of travel, tardiness and the greatest tardiness of any service. Read in this order:
//! [`instance`], [`problem`], [`schedule`], [`judge`], [`reading`].

pub mod instance;
pub mod judge;
pub mod problem;
pub mod reading;
pub mod schedule;
#[cfg(test)]
mod tests;

pub use instance::Instance;
pub use judge::{Verdict, judge};
pub use problem::{TICKS_PER_UNIT, problem_of};
pub use reading::Reading;
pub use schedule::{Schedule, schedule_of};
