//! Plans in the formats of other programs: tables, maps, calendars. They are written, never read.

mod calendars;
mod geojson;
mod table;

pub use calendars::{CrewCalendar, crew_calendars};
pub use geojson::plan_geojson;
pub use table::plan_csv;

use crate::domain::{ShiftPlan, StopWhat, World};

/// What a stop is, in words: the visit's id, or a break.
fn title(what: &StopWhat) -> String {
    match what {
        StopWhat::Part { visit, .. } => visit.to_string(),
        StopWhat::Break { .. } => "rast".to_owned(),
    }
}

/// The shifts of the plan that are in the world's crews, in the plan's order.
fn known_shifts<'a>(
    plan: &'a crate::domain::Plan,
    world: &'a World,
) -> impl Iterator<Item = (&'a ShiftPlan, &'a crate::domain::Crew, &'a crate::domain::Shift)> {
    plan.shifts.iter().filter_map(|shift_plan| {
        let (crew, shift) = world.shift(&shift_plan.shift)?;
        Some((shift_plan, crew, shift))
    })
}
