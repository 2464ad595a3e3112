//! Rond plans medical home visits: who goes where, when, together with whom.
//!
//! ```text
//! day file ─▶ wire ─▶ World ─▶ replan.compile ─▶ solver ─▶ rules.audit ─▶ Plan ─▶ wire ─▶ files
//! ```
//!
//! Rooms in reading order; each says in its own head what it is for and what it must never know.

pub mod api;
pub mod bench;
pub mod bound;
pub mod cli;
pub mod domain;
pub mod live;
pub mod replan;
pub mod roads;
pub mod routing;
pub mod rules;
pub mod simulate;
pub mod solver;
pub mod store;
pub mod travel;
pub mod wire;
