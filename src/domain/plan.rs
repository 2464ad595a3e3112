//! What comes out: per shift the stops, the unassigned with reasons, the score.

use super::ids::{CrewId, PlaceId, ShiftId, VisitId};
use super::policy::TIERS;
use super::provenance::Provenance;
use super::time::{Instant, Metres, Seconds};

/// Who goes where, when, together with whom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// The shifts that visit anyone, in the order of the crews in the world, then of time.
    pub shifts: Vec<ShiftPlan>,
    /// The visits that nobody makes, in the order of the world.
    pub unassigned: Vec<Unassigned>,
    /// What it is worth, as `rules` sees it.
    pub score: Score,
    /// Where the travel times that it was made with came from, if it says so.
    pub travel: Option<Provenance>,
}

/// The work of one shift.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShiftPlan {
    /// The crew.
    pub crew: CrewId,
    /// The shift.
    pub shift: ShiftId,
    /// When it leaves the start place: as late as the first stop's start allows.
    pub depart: Instant,
    /// Visits and breaks in order of time.
    pub stops: Vec<Stop>,
    /// Driving time from the last stop to the end place.
    pub travel_back: Seconds,
    /// Road length from the last stop to the end place.
    pub metres_back: Metres,
    /// When it is back at the end place.
    pub back: Instant,
}

/// One stop: a visit's part, or a break.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// What is done.
    pub what: StopWhat,
    /// Where; a break is at the place of the stop before it.
    pub place: PlaceId,
    /// Driving time from the place before.
    pub travel: Seconds,
    /// Road length from the place before.
    pub metres: Metres,
    /// When the crew is there; set-up time comes after it.
    pub arrive: Instant,
    /// When it starts. The earliest moment that all rules on times allow, given the order of stops
    /// and what this stop waits for.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// How much later it could start with every hard rule still kept, all else in the same order.
    pub slack: Seconds,
    /// Not to start before this, because it was told: part of the plan, chosen by the search.
    pub held_until: Option<Instant>,
    /// Who has been told which start.
    pub told: Vec<Told>,
}

/// What a stop is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StopWhat {
    /// The part at this position of the visit.
    Part {
        /// The visit.
        visit: VisitId,
        /// Position of the part in the visit.
        part: usize,
    },
    /// The break at this position of the shift.
    Break {
        /// Position of the break in the shift.
        index: usize,
    },
}

/// A start that somebody has been told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Who: `patient`, `crew`, `municipality`, …
    pub audience: String,
    /// The start they were told.
    pub time: Instant,
}

/// A visit that nobody makes in this plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unassigned {
    /// The visit.
    pub visit: VisitId,
    /// Left for after the horizon with its promise unbroken.
    pub deferred: bool,
    /// Why nobody makes it.
    pub reason: Reason,
}

/// Why a visit is unassigned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// No crew and shift can do this part at all, whatever else is planned.
    ProvenImpossible {
        /// Position of the part that nobody can do.
        part: usize,
    },
    /// Every crew and position of this plan was tried, with one other visit ejected, and none fits.
    NoPlaceInThisPlan,
    /// The work budget ended before every place was tried.
    NotFoundWithinBudget,
    /// A dispatcher's pin keeps it out.
    Pinned,
}

/// Points per tier; fewer is better, an earlier tier outranks all later ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Score {
    /// Points, the most important tier first.
    pub tiers: [i64; TIERS],
}
