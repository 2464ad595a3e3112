//! Published instances with best known results, to measure the search against the world.
//!
//! Flows in: an instance file as its authors published it. Flows out: a [`crate::solver::Problem`]
//! with *their* objective in place of a day's prices, but the same timing and moves; then their
//! solution format, with a verdict by a judge that knows nothing of the solver. [`set`] is what the
//! harness sees of each set; [`synthetic`] makes problems up, to measure growth. Never in here:
//! people, promises, clocks, or what a good day is.

pub mod best_known;
pub mod hhcrsp;
pub mod running;
pub mod set;
pub mod synthetic;
pub mod uhhc;
pub mod vrptw;
pub mod vrptwsyn;
