//! The hard rules, one file each.

pub mod area;
pub mod breaks;
pub mod earliest;
pub mod first_stops;
pub mod known;
pub mod meeting;
pub mod pins;
pub mod rest;
pub mod role;
pub mod same_crew;
pub mod shift_hours;
pub mod skill;
pub mod travel;
pub mod whole;
pub mod window;
