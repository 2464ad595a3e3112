//! What users would lose without each thing that a day knows of: for every item a tiny day, planned
//! with it and once more with it taken away. The two plans differ, and in the way expected.
//!
//! Plans are told in a line per shift: `car 08:10 near, 09:50 far`. Another day than the first is
//! named (`Tue 08:10 near`); a visit that nobody makes comes last (`not far`).

mod areas;
mod crews;
mod day;
mod patients;
mod promises;
mod replanning;
mod traffic;
mod visits;
