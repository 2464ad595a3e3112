//! The prices, one file each.

pub mod border;
pub mod continuity;
pub mod fairness;
pub mod next_stop;
pub mod overtime;
pub mod promise;
pub mod responsibility;
pub mod told;
pub mod travel_cost;
pub mod waiting;
