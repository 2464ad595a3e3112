//! VRPTW: vehicle routing with hard windows and capacities, in the text format of M. Solomon
//! (Operations Research 35(2), 1987) and of H. Gehring and J. Homberger (1999).
//!
//! Two conventions that must never be mixed: the shortest distance, with legs cut to one decimal;
//! or the fewest vehicles first and then the distance, in double precision. Read in this order:
//! [`instance`], [`problem`], [`judge`], [`reading`].

pub mod instance;
pub mod judge;
pub mod problem;
pub mod reading;
#[cfg(test)]
mod tests;

pub use instance::{Instance, Objective};
pub use judge::{Verdict, judge};
pub use problem::problem_of;
pub use reading::Reading;
