//! What the parties have agreed on, as data: kinds of visit, promises, areas, lending,
//! responsibility, and what things are worth against each other.

use super::calendar::{Calendar, Hours};
use super::ids::{CareFormId, CrewKindId, DelregionId, KindId, RoleId, RuleId};
use super::time::{Instant, Seconds};

/// Number of score tiers.
pub const TIERS: usize = 4;

/// A tier of the score; the first is the most important.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tier {
    /// 1: promises of unplanned visits.
    Unplanned,
    /// 2: promises of planned visits, and kinds without a promise left unassigned.
    Planned,
    /// 3: what has been told to people.
    Told,
    /// 4: continuity, borders, fairness, travel, waiting, overtime.
    Cost,
}

impl Tier {
    /// All tiers, the most important first.
    pub const ALL: [Tier; TIERS] = [Tier::Unplanned, Tier::Planned, Tier::Told, Tier::Cost];

    /// Position in a score, from 0.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Everything agreed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// What the policy is called.
    pub name: String,
    /// Kinds of visit.
    pub kinds: Vec<VisitKind>,
    /// Care forms.
    pub care_forms: Vec<CareForm>,
    /// Promises; the first that fits a visit is its promise.
    pub promises: Vec<Promise>,
    /// Where each kind of crew may work; a kind not named may work anywhere.
    pub areas: Vec<AreaRule>,
    /// Which delregion may borrow whom from which, and when.
    pub lending: Vec<Lending>,
    /// Who should answer for whom at which hours; the first row that fits decides.
    pub responsibility: Vec<Responsibility>,
    /// Daily rest between two shifts that visit anyone.
    pub rest: Seconds,
    /// A told time moved by more than this, either way, counts as moved.
    pub told_tolerance: Seconds,
    /// What things are worth against each other in tier 3 and 4.
    pub prices: Prices,
}

/// A kind of visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VisitKind {
    /// Its id.
    pub id: KindId,
    /// Price of leaving one unassigned that no promise covers.
    pub unassigned: (Tier, i64),
}

/// A care form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CareForm {
    /// Its id.
    pub id: CareFormId,
    /// Kinds of visit that a patient in it can have; empty means every kind.
    pub kinds: Vec<KindId>,
}

/// A promise of time, and what breaking it costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// Its name, shown with every deadline it gives.
    pub id: RuleId,
    /// The kind of visit that it covers.
    pub kind: KindId,
    /// The care form it is for; `None` means every one.
    pub care_form: Option<CareFormId>,
    /// The priority it is for; `None` means every one.
    pub priority: Option<u8>,
    /// The hours of request it is for; `None` means at any time.
    pub hours: Option<Hours>,
    /// How the deadline is found from the moment of request.
    pub deadline: DeadlineRule,
    /// The role whose start is judged; a visit without it is judged on its first part.
    pub judged_role: RoleId,
    /// The tier it is priced in: `Unplanned` or `Planned`.
    pub tier: Tier,
    /// What lateness costs; unassigned costs the cap plus one.
    pub lateness: Lateness,
    /// Price in tier 4 of leaving the visit for later, when its deadline lies beyond the horizon.
    pub deferred: i64,
}

/// From request to deadline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeadlineRule {
    /// So long after the request.
    Within(Seconds),
    /// At the end (24:00) of the n-th working day after the day of request.
    WorkingDays(u16),
}

impl DeadlineRule {
    /// The latest start that keeps the promise.
    pub fn deadline(self, requested_at: Instant, calendar: &Calendar) -> Instant {
        match self {
            DeadlineRule::Within(length) => requested_at + length,
            DeadlineRule::WorkingDays(count) => calendar.end_of_working_day(requested_at, count),
        }
    }
}

/// Price of lateness: convex in steps, then capped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lateness {
    /// Lateness is counted in units begun of this length.
    pub unit: Seconds,
    /// `(above, points)`: every unit above the `above`-th costs `points` more. Each points > 0.
    pub steps: Vec<(i64, i64)>,
    /// No lateness costs more than this.
    pub cap: i64,
}

impl Lateness {
    /// Points for a start this late; none when it is on time.
    pub fn price(&self, late: Seconds) -> i64 {
        let units = late.units_begun(self.unit);
        let points: i64 =
            self.steps.iter().map(|(above, points)| (units - above).max(0) * points).sum();
        points.min(self.cap)
    }

    /// Points for leaving the visit unassigned: more than any lateness.
    pub fn unassigned(&self) -> i64 {
        self.cap + 1
    }
}

/// Where a kind of crew may work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AreaRule {
    /// The kind of crew.
    pub crew_kind: CrewKindId,
    /// Its area.
    pub scope: Scope,
}

/// An area that a crew is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The municipality that employs it, always: no lending.
    OwnMunicipality,
    /// Its home delregion; elsewhere only where a lending row allows it.
    OwnDelregion,
    /// Anywhere.
    Anywhere,
}

/// Crews of `from` may work in `to` at these hours, judged at the part's start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lending {
    /// The delregion that lends.
    pub from: DelregionId,
    /// The delregion that borrows.
    pub to: DelregionId,
    /// The kinds of crew lent.
    pub crew_kinds: Vec<CrewKindId>,
    /// When.
    pub hours: Hours,
}

/// Who should give the judged role at these hours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Responsibility {
    /// The care form it is for; `None` means every one.
    pub care_form: Option<CareFormId>,
    /// The role it speaks of.
    pub role: RoleId,
    /// When, judged at the part's start.
    pub hours: Hours,
    /// The kinds of crew that answer then.
    pub crew_kinds: Vec<CrewKindId>,
}

/// Points of tier 3 and 4. All are whole and none is negative.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prices {
    /// Tier 3, per audience told of a stop whose time moved or whose crew changed.
    pub told_moved: i64,
    /// Tier 3, per shift under way whose next stop is another than before.
    pub next_stop_changed: i64,
    /// Tier 4, per second driven.
    pub travel_second: i64,
    /// Tier 4, per second that a Region crew waits at a door, from its second stop on.
    pub waiting_second_region: i64,
    /// Tier 4, per second that a municipal crew waits at a door, from its second stop on.
    pub waiting_second_municipality: i64,
    /// Tier 4, per second back after the shift's end.
    pub overtime_second: i64,
    /// Tier 4, per part done across a delregion border.
    pub border: i64,
    /// Tier 4, when another crew of the patient's unit comes than the named doctor.
    pub continuity_unit: i64,
    /// Tier 4, when a crew from outside the unit comes.
    pub continuity_other: i64,
    /// The role that continuity speaks of.
    pub continuity_role: RoleId,
    /// Tier 4, per part given by a kind of crew that does not answer at that hour.
    pub responsibility: i64,
    /// Tier 4, per square of the minutes at patients' sides, summed per shift: evens out the load.
    pub fairness_minute_squared: i64,
}
