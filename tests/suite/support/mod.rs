//! What the tests of several rooms share: random worlds, a policy in code, and slow oracles that
//! work straight from the World and know nothing of the solver.

pub mod dice;
pub mod policy;
pub mod travel;
pub mod worlds;
