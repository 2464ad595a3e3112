//! Who goes out: crews and their shifts.

use std::collections::BTreeSet;

use super::ids::{
    CrewId, CrewKindId, DelregionId, MunicipalityId, PlaceId, RoleId, ShiftId, SkillId, UnitId,
};
use super::time::{Seconds, Span};
use super::visit::PartId;

/// Who employs a crew, and so answers for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Party {
    /// The Region: doctors and läkarbilar.
    Region,
    /// A municipality: nurses.
    Municipality(MunicipalityId),
}

/// A doctor, a läkarbil with its doctor and assistant, a municipal nurse, …
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crew {
    /// Its id.
    pub id: CrewId,
    /// Kind of crew; area, lending and responsibility rules speak of it.
    pub kind: CrewKindId,
    /// The roles it can give.
    pub roles: BTreeSet<RoleId>,
    /// What else it can do.
    pub skills: BTreeSet<SkillId>,
    /// Who answers for it.
    pub employer: Party,
    /// Its vårdcentral or mobile team.
    pub unit: Option<UnitId>,
    /// The delregion it belongs to.
    pub home_delregion: DelregionId,
    /// Its shifts, in order of time, not overlapping.
    pub shifts: Vec<Shift>,
}

/// One stretch of work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shift {
    /// Its id, unique within the day file.
    pub id: ShiftId,
    /// Where it starts.
    pub start_place: PlaceId,
    /// Where it ends.
    pub end_place: PlaceId,
    /// The crew leaves `start_place` no earlier and should be back at `end_place` no later.
    pub hours: Span,
    /// Back later than `hours` by at most this: priced; beyond it is forbidden.
    pub overtime_max: Seconds,
    /// Breaks, each to be had on a shift that visits anyone. Windows sorted, not overlapping.
    pub breaks: Vec<Break>,
    /// What it does first, in this order, breaks apart: the crew is under way to it, or the order
    /// is settled. Of these parts, those that are in the plan stand on this shift, before all
    /// others.
    pub first: Vec<PartId>,
}

/// A break: it lies wholly inside its window, at the place of the stop before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Break {
    /// When it may be.
    pub window: Span,
    /// How long it is.
    pub length: Seconds,
}
