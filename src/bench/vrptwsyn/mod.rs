//! VRPTWSyn: vehicle routing with hard windows in which some visits start together.
//!
//! D. Bredström and M. Rönnqvist, European Journal of Operational Research 191(1), 2008. A pair of
//! visits is one visit of two parts by two vehicles; the objective is the travel of all. Some cases
//! cannot be served in full: what is left out is said, and the instance stays open. Read in this
//! order: [`instance`], [`problem`], [`judge`], [`reading`].

pub mod instance;
pub mod judge;
pub mod problem;
pub mod reading;
#[cfg(test)]
mod tests;

pub use instance::Instance;
pub use judge::{Routes, Verdict, judge};
pub use problem::problem_of;
pub use reading::Reading;
