//! What happens: the closed list of facts that change a day.
//!
//! An event says who reported it, when it was so, and when it was recorded. Plans are no events:
//! they are derived. What people were promised or told, and which improvement was given out, are.

use super::crew::Crew;
use super::ids::{CrewId, EventId, ShiftId, VisitId};
use super::place::{Place, Point};
use super::plan::StopWhat;
use super::time::{Instant, Seconds, Span};
use super::visit::{Patient, Pin, Visit};

/// Reports older than this are refused: nothing can be done about them any more.
pub const LATE_MAX: Seconds = Seconds::from_minutes(24 * 60);
/// A report from further in the future than this comes from a clock that is wrong: it is flagged.
pub const EARLY_MAX: Seconds = Seconds::from_minutes(5);

/// An event with all that is recorded of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Chosen by whoever reports it; the same id twice is the same event.
    pub id: EventId,
    /// When it was so.
    pub valid_at: Instant,
    /// When it was recorded; the service's own clock.
    pub recorded_at: Instant,
    /// Who reported it.
    pub by: String,
    /// Why, in their words.
    pub why: Option<String>,
    /// What happened.
    pub event: Event,
}

/// What can happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A visit is asked for.
    Requested(Box<Request>),
    /// What was asked for is another than it was.
    Changed(Box<Change>),
    /// The visit is no longer wanted.
    Cancelled {
        /// The visit.
        visit: VisitId,
    },
    /// A visit that was only held is wanted.
    Confirmed {
        /// The visit.
        visit: VisitId,
    },
    /// A crew is there that was not, or has other shifts than before.
    CrewOn(Box<CrewOn>),
    /// A shift ends at this moment: off, ill, a broken car.
    CrewOff {
        /// The shift.
        shift: ShiftId,
        /// From when on.
        from: Instant,
    },
    /// A shift begins, or goes on, no earlier than this.
    CrewLate {
        /// The shift.
        shift: ShiftId,
        /// Until when it does nothing.
        until: Instant,
    },
    /// Where a crew is.
    Position {
        /// The crew.
        crew: CrewId,
        /// Where.
        point: Point,
    },
    /// How far a crew has come with a stop.
    Progress {
        /// The shift.
        shift: ShiftId,
        /// The stop.
        what: StopWhat,
        /// How far.
        step: Step,
    },
    /// A dispatcher's override.
    Pinned(Box<Pin>),
    /// Every override of the visit, or of this part of it, is lifted.
    Unpinned {
        /// The visit.
        visit: VisitId,
        /// The part; `None` lifts all of the visit's.
        part: Option<usize>,
    },
    /// Somebody was told when a part of a visit starts.
    Told {
        /// The visit.
        visit: VisitId,
        /// Position of the part in the visit.
        part: usize,
        /// Who: `patient`, `crew`, `municipality`, …
        audience: String,
        /// The start they were told.
        time: Instant,
    },
    /// A crew has seen its stop list.
    Acknowledged {
        /// The shift.
        shift: ShiftId,
        /// Which version of the list.
        version: u64,
    },
    /// A dispatcher chose where a visit goes.
    Placed(Box<Placed>),
    /// A better order of stops is given out.
    Improved(Box<Improved>),
    /// Time goes on.
    Tick,
}

/// A visit that is asked for, with its patient and place when they are new.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The visit.
    pub visit: Visit,
    /// Its patient, if she is not known or has moved.
    pub patient: Option<Patient>,
    /// The patient's place, if it is not known.
    pub place: Option<Place>,
    /// Held until then, and gone unless confirmed before.
    pub held_until: Option<Instant>,
    /// Where it goes; `None` means the best place there is.
    pub slots: Option<Vec<Slot>>,
    /// Who is told the start at once: `patient`, `municipality`, …
    pub tell: Vec<String>,
}

/// What is changed of a visit; `None` leaves it as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The visit.
    pub visit: VisitId,
    /// When the home can be visited; an empty list means at any time.
    pub windows: Option<Vec<Span>>,
    /// The most urgent is 1.
    pub priority: Option<u8>,
    /// How long each part takes.
    pub service: Option<Vec<Seconds>>,
}

/// A crew as it is from now on, and the places of its shifts that are not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CrewOn {
    /// The crew with its shifts; those known before and not named are kept.
    pub crew: Crew,
    /// New places.
    pub places: Vec<Place>,
}

/// A visit goes where a dispatcher wants it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    /// The visit.
    pub visit: VisitId,
    /// One slot per part.
    pub slots: Vec<Slot>,
}

/// A gap in a plan: on this shift, right after this stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// Position of the part in the visit.
    pub part: usize,
    /// The shift.
    pub shift: ShiftId,
    /// The stop before it; `None` means that it comes first.
    pub after: Option<StopWhat>,
}

/// The order of the stops of one shift.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShiftOrder {
    /// The shift.
    pub shift: ShiftId,
    /// Its stops, breaks among them, each with the moment before which it does not start.
    pub stops: Vec<(StopWhat, Option<Instant>)>,
}

/// New orders for some shifts, with the search that found them, so that it can be done again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Improved {
    /// The shifts whose order is another than before.
    pub orders: Vec<ShiftOrder>,
    /// What the plan costs less, per tier: the gain that pays for the change.
    pub gain: [i64; super::policy::TIERS],
    /// Seed of the search.
    pub seed: u64,
    /// Positions judged by it.
    pub work: u64,
}

/// How far a crew has come with a stop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// On the way there.
    UnderWay,
    /// At the address.
    Arrived,
    /// Begun.
    Started,
    /// It will end only then.
    Overrun {
        /// When it will end.
        ends: Instant,
    },
    /// Done.
    Finished,
    /// Done, and the patient taken to hospital: her later visits fall away.
    Admitted,
}

/// An event that cannot be: nothing was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Nothing has this id.
    Unknown {
        /// `visit`, `patient`, `shift`, …
        what: &'static str,
        /// The id.
        id: String,
    },
    /// Something else has this id already.
    Duplicate {
        /// `visit`, `patient`, …
        what: &'static str,
        /// The id.
        id: String,
    },
    /// The visit was cancelled or is over.
    Over {
        /// The visit.
        visit: VisitId,
    },
    /// The visit has begun.
    Begun {
        /// The visit.
        visit: VisitId,
    },
    /// The visit is not held, or the time for it is out.
    NotHeld {
        /// The visit.
        visit: VisitId,
    },
    /// The visit has no part at this position.
    NoSuchPart {
        /// The visit.
        visit: VisitId,
        /// The position.
        part: usize,
    },
    /// The shift has no break at this position.
    NoSuchBreak {
        /// The shift.
        shift: ShiftId,
        /// The position.
        index: usize,
    },
    /// The report is older than [`LATE_MAX`].
    TooLate {
        /// When it was so.
        valid_at: Instant,
    },
    /// The place that was chosen is not free any more.
    SlotGone {
        /// The visit.
        visit: VisitId,
    },
    /// New orders were found for a plan that is not so any more, or that they do not better.
    Outdated,
    /// There is no more room: a bound of the service is reached.
    Full {
        /// `visits`, `places`, …
        what: &'static str,
        /// The bound.
        bound: usize,
    },
}

impl Refusal {
    /// Its name in answers; never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown { .. } => "L0101",
            Refusal::Duplicate { .. } => "L0102",
            Refusal::Over { .. } => "L0103",
            Refusal::Begun { .. } => "L0104",
            Refusal::NotHeld { .. } => "L0105",
            Refusal::NoSuchPart { .. } => "L0106",
            Refusal::NoSuchBreak { .. } => "L0107",
            Refusal::TooLate { .. } => "L0108",
            Refusal::SlotGone { .. } => "L0109",
            Refusal::Full { .. } => "L0110",
            Refusal::Outdated => "L0111",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Unknown { what, id } => write!(f, "no {what} has the id {id:?}"),
            Refusal::Duplicate { what, id } => write!(f, "another {what} has the id {id:?}"),
            Refusal::Over { visit } => write!(f, "visit {visit} is cancelled or done"),
            Refusal::Begun { visit } => write!(f, "visit {visit} has begun"),
            Refusal::NotHeld { visit } => write!(f, "visit {visit} is not held any more"),
            Refusal::NoSuchPart { visit, part } => {
                write!(f, "visit {visit} has no part {part}, counted from 0")
            }
            Refusal::NoSuchBreak { shift, index } => {
                write!(f, "shift {shift} has no break {index}, counted from 0")
            }
            Refusal::TooLate { valid_at } => {
                write!(f, "it was so at {valid_at:?}, more than a day ago")
            }
            Refusal::SlotGone { visit } => {
                write!(f, "the place chosen for visit {visit} is not free any more")
            }
            Refusal::Outdated => write!(f, "the plan is another than these orders were found for"),
            Refusal::Full { what, bound } => write!(f, "there are {bound} {what}, and no more fit"),
        }
    }
}

/// Something that was accepted although it should not be so: reality is never refused.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Flag {
    /// Reported finished, and never started.
    NeverStarted,
    /// Reported by another shift than the plan has it on.
    OtherShift,
    /// Reported of a visit that was cancelled.
    OfCancelled,
    /// Reported of a visit that is not known (yet).
    OfUnknown,
    /// Asked for after it had been cancelled.
    CancelledBefore,
    /// An older report than one there was already; what came later stands.
    Outdated,
    /// Reported from the future: somebody's clock is wrong.
    ClockAhead,
    /// Of an old version of the stop list.
    OldList,
    /// A later visit of a patient in hospital, taken away.
    FellAway(VisitId),
    /// It was held and nobody confirmed it in time.
    HoldExpired(VisitId),
    /// It has no place in the plan.
    Unassigned(VisitId),
}

impl Flag {
    /// Its name in answers; never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            Flag::NeverStarted => "never_started",
            Flag::OtherShift => "other_shift",
            Flag::OfCancelled => "of_cancelled",
            Flag::OfUnknown => "of_unknown",
            Flag::CancelledBefore => "cancelled_before",
            Flag::Outdated => "outdated",
            Flag::ClockAhead => "clock_ahead",
            Flag::OldList => "old_list",
            Flag::FellAway(_) => "fell_away",
            Flag::HoldExpired(_) => "hold_expired",
            Flag::Unassigned(_) => "unassigned",
        }
    }

    /// The visit that it is about besides the event's own.
    pub fn visit(&self) -> Option<&VisitId> {
        match self {
            Flag::FellAway(visit) | Flag::HoldExpired(visit) | Flag::Unassigned(visit) => {
                Some(visit)
            }
            _ => None,
        }
    }
}
