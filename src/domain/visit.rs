//! What patients need: visits, their parts, and how the parts must meet.

use super::ids::{
    CareFormId, CrewId, KindId, MunicipalityId, PatientId, PlaceId, RoleId, SkillId, UnitId,
    VisitId,
};
use super::time::{Instant, Seconds, Span};

/// A pseudonymous patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patient {
    /// Pseudonymous id.
    pub id: PatientId,
    /// Where she lives or stays.
    pub place: PlaceId,
    /// Her care form: `enrolled`, `temporary`, `risk`, …
    pub care_form: CareFormId,
    /// Fast läkarkontakt: the crew that is or carries her named doctor.
    pub named_doctor: Option<CrewId>,
    /// The vårdcentral or mobile team she belongs to.
    pub unit: Option<UnitId>,
    /// Whose nurses answer for her; her home municipality, normally that of the place.
    pub municipality: MunicipalityId,
}

/// The role that the municipalities answer for: HS-avtalet gives home care up to and including
/// nurse level to them, and all else at home to the Region.
pub const MUNICIPAL_ROLE: &str = "nurse";

/// One role needed at a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The role that must be given.
    pub role: RoleId,
    /// What the crew must be able to do besides.
    pub skills: Vec<SkillId>,
    /// How long the part takes at the patient's side.
    pub service: Seconds,
}

/// One part of one visit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartId {
    /// The visit.
    pub visit: VisitId,
    /// Position of the part in the visit.
    pub part: usize,
}

/// How two parts of a visit must meet: `start(second) − start(first)` lies in `[lag_min, lag_max]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meeting {
    /// Position of the first part in the visit.
    pub first: usize,
    /// Position of the second part in the visit.
    pub second: usize,
    /// Least lag; 0 with `lag_max` 0 means that they start together.
    pub lag_min: Seconds,
    /// Greatest lag.
    pub lag_max: Seconds,
}

/// A visit to a patient's home.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Who is visited.
    pub patient: PatientId,
    /// Kind of visit, which decides the promise: `unplanned`, `planned`, `death`, …
    pub kind: KindId,
    /// When it was asked for; the promise's clock starts here and nothing starts before it.
    pub requested_at: Instant,
    /// 1 is the most urgent; only promises look at it.
    pub priority: u8,
    /// When the home can be visited: every part lies wholly inside one of these. Sorted, apart.
    /// Empty means at any time.
    pub windows: Vec<Span>,
    /// The roles needed, one crew each. All of them come, or the visit is unassigned.
    pub parts: Vec<Part>,
    /// How the parts meet. Parts that no meeting ties may come at any time within the windows.
    pub meetings: Vec<Meeting>,
    /// May one crew with both roles do several parts, one after the other?
    pub same_crew_allowed: bool,
}

/// A dispatcher's override: kept and reported, never undone in silence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pin {
    /// The visit it holds.
    pub visit: VisitId,
    /// The part it holds; `None` means every part.
    pub part: Option<usize>,
    /// What it holds fast.
    pub what: PinWhat,
    /// Why, in the dispatcher's words.
    pub reason: String,
    /// Who set it.
    pub by: String,
}

/// What a pin holds fast.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PinWhat {
    /// This crew does it, whatever the rules on roles, skills and areas say.
    Crew(CrewId),
    /// Anyone but this crew.
    NotCrew(CrewId),
    /// It starts at this moment, whatever the home's windows say.
    Start(Instant),
    /// It starts within this stretch (a day, an afternoon).
    Within(Span),
    /// It is left unassigned.
    Unassigned,
}
