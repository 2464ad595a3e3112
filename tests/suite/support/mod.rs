//! What the tests of several rooms share: random worlds, a policy in code, and slow oracles that
//! work straight from the World and know nothing of the solver.

pub mod arrangement;
pub mod brute;
pub mod day;
pub mod dice;
pub mod events;
pub mod fault_proxy;
pub mod goings_on;
pub mod link;
pub mod milp;
pub mod oracle;
pub mod osrm_server;
pub mod place;
pub mod policy;
pub mod program;
pub mod small_disk;
pub mod timing;
pub mod travel;
pub mod without;
pub mod worlds;
pub mod written_plan;
