//! A plan that goes on: every event gives a legal plan at once, the same for the same events.
//!
//! Flows in: events, one after the other. Flows out: what changed in the plan, with options and
//! their prices where a visit is asked for. [`Rolling`] holds the facts, the rest of the day in the
//! solver's numbers, and the plan of it. A request, a cancellation, a chosen place and an
//! improvement change the plan as it stands; any other event has the rest of the day compiled anew
//! and the plan laid on it as far as it still fits.

mod agree;
mod explain;
mod improve;
mod kept;
mod numbers;
mod offer;
mod remaining;
mod request;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::{
    Applied, Effect, Event, Flag, Instant, Live, Plan, Provenance, Reason, Recorded, Refusal,
    Request, Score, Seconds, ShiftId, ShiftOrder, ShiftPlan, Unassigned, VisitId, World,
};
use crate::rules::{self, Audit};
use crate::solver::running::Running;
use crate::solver::search::Snapshot;
use crate::solver::{SolutionStop, Why};
use crate::travel::{Matrix, TravelModel};

use super::compile::{Compiled, Room, compile_with_room};
use super::decompile;

pub use explain::{Could, ExplainedPart};
pub use improve::{Found, Job};
pub use kept::Written;
pub use offer::{Choice, ChosenPart, Delay, PriceChange};
pub use remaining::Remaining;
use remaining::{Stops, remaining};

/// Room for what may come until the rest of the day is compiled anew.
const ROOM: Room = Room { visits: 768, parts: 4, places: 256 };
/// A stop is not moved before so long from now: people have to hear of it first.
const NOTICE: Seconds = Seconds::from_minutes(1);
/// Judged positions that looking once more at visits without a place may take.
const LAST_LOOK_WORK: u64 = 2_000_000;
/// So many options are offered for a request.
pub const OPTIONS: usize = 5;

/// Where legs to new places come from.
pub type Roads = Arc<dyn TravelModel + Send + Sync>;

/// A day that goes on, and the plan of what is left of it.
#[derive(Clone)]
pub struct Rolling {
    live: Live,
    roads: Roads,
    travel: Matrix,
    rest: Remaining,
    compiled: Compiled,
    snapshot: Snapshot,
    /// Per route of the rest, in the names of the day.
    shifts: Vec<Option<Arc<ShiftPlan>>>,
    /// Per route the stops that its list was written from; none since the rest was compiled last.
    solved: Vec<Vec<SolutionStop>>,
    /// Has something been reported since the rest was compiled that it should know of before
    /// anything is put into it?
    is_behind: bool,
    /// Visits without a place, and why.
    unassigned: BTreeMap<VisitId, Unassigned>,
    /// How often each shift's list has changed.
    versions: BTreeMap<ShiftId, u64>,
    version: u64,
}

/// What an event came to.
#[derive(Clone, Debug, Default)]
pub struct Reaction {
    /// What should not be so, and yet was accepted.
    pub flags: Vec<Flag>,
    /// Shifts whose list is another than before.
    pub changed: Vec<ShiftId>,
    /// Of a visit that was asked for: where it could go, the best first, each with its price.
    pub options: Vec<Choice>,
    /// Of a visit that was asked for or placed: where it is now.
    pub chosen: Option<Choice>,
    /// People who were told something that is so no longer, and have to be told again.
    pub notices: Vec<Notice>,
}

/// Somebody was told a start that has moved by more than they would shrug at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The visit.
    pub visit: VisitId,
    /// Position of the part in the visit.
    pub part: usize,
    /// Who.
    pub audience: String,
    /// What they were told.
    pub was: Instant,
    /// What is so now; `None` when nobody comes.
    pub now: Option<Instant>,
}

impl Rolling {
    /// A day that begins with these facts. What its previous plan has is kept as far as it fits,
    /// everything else is put where it fits best.
    pub fn open(world: World, travel: Matrix, roads: Roads) -> Rolling {
        let previous: Vec<Stops> = world
            .previous
            .iter()
            .flat_map(|plan| &plan.shifts)
            .map(|shift| Stops { shift: shift.shift.clone(), stops: shift.stops.clone() })
            .collect();
        let live = Live::open(world);
        let as_of = live.now();
        let rest = remaining(&live, &travel, &previous, as_of);
        let compiled = compile_with_room(&rest.world, &travel, ROOM);
        let snapshot = Running::empty(&compiled.problem).snapshot();
        let mut rolling = Rolling {
            live,
            roads,
            travel,
            rest,
            compiled,
            snapshot,
            shifts: Vec::new(),
            solved: Vec::new(),
            is_behind: false,
            unassigned: BTreeMap::new(),
            versions: BTreeMap::new(),
            version: 0,
        };
        let orders = orders_of(&previous);
        rolling.lay(&orders);
        rolling.write_down();
        rolling
    }

    /// The facts.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// What is left of the day, as the plan sees it.
    pub fn rest(&self) -> &Remaining {
        &self.rest
    }

    /// Driving times between the places of the day.
    pub fn travel(&self) -> &Matrix {
        &self.travel
    }

    /// How many changes the plan has seen.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many changes the list of a shift has seen.
    pub fn version_of(&self, shift: &ShiftId) -> u64 {
        self.versions.get(shift).copied().unwrap_or(0)
    }

    /// The plan of what is left, in the names of the rest.
    pub fn plan(&self) -> Plan {
        Plan {
            shifts: self.shifts.iter().flatten().map(|shift| self.in_rest(shift)).collect(),
            unassigned: self.unassigned.values().cloned().collect(),
            score: self.score(),
            travel: Some(self.provenance().clone()),
        }
    }

    /// The stops still to come of one shift, if it has any, in the names of the day.
    pub fn stops(&self, shift: &ShiftId) -> Option<ShiftPlan> {
        self.lists().find(|plan| plan.shift == *shift).map(|plan| (**plan).clone())
    }

    /// The lists of all shifts that have stops to come, in the names of the day.
    pub fn lists(&self) -> impl Iterator<Item = &Arc<ShiftPlan>> {
        self.shifts.iter().flatten()
    }

    /// How often the list of each shift has changed.
    pub fn versions(&self) -> &BTreeMap<ShiftId, u64> {
        &self.versions
    }

    /// Is there a report that the plan does not look at yet? It agrees with the plan; the next
    /// event that puts something into the plan takes it into account first.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// A list in the names of the rest.
    fn in_rest(&self, list: &ShiftPlan) -> ShiftPlan {
        let mut plan = list.clone();
        for stop in &mut plan.stops {
            // Every list was written from this rest.
            if let Some(what) = self.rest.in_rest(&stop.what) {
                stop.what = what;
            }
        }
        plan
    }

    /// Who is not visited, and why.
    pub fn unassigned(&self) -> impl Iterator<Item = &Unassigned> {
        self.unassigned.values()
    }

    /// What the plan costs.
    pub fn score(&self) -> Score {
        Score { tiers: self.snapshot.score }
    }

    /// Where the driving times came from.
    pub fn provenance(&self) -> &Provenance {
        self.travel.provenance()
    }

    /// What the plain rules say of the plan as it stands.
    pub fn audit(&self) -> Audit {
        rules::audit(&self.rest.world, &self.travel, &self.plan())
    }

    /// Takes an event in.
    ///
    /// # Errors
    /// A [`Refusal`] when it cannot be; then nothing has changed.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<Reaction, Refusal> {
        if self.is_behind && puts_in(&recorded.event) {
            // On a copy: a refused event leaves everything as it was.
            let mut caught_up = self.clone();
            let before = caught_up.anew(Vec::new());
            let after = caught_up.take(recorded)?;
            *self = caught_up;
            return Ok(before.then(after));
        }
        self.take(recorded)
    }

    fn take(&mut self, recorded: &Recorded) -> Result<Reaction, Refusal> {
        match &recorded.event {
            Event::Requested(request) => self.request(recorded, request),
            Event::Placed(placed) => {
                self.live.open_visit(&placed.visit)?;
                let placements = self.placements(&placed.visit, &placed.slots)?;
                let Applied { flags, .. } = self.live.apply(recorded)?;
                let reaction = self.place(&placed.visit, &placements)?;
                Ok(Reaction { flags, ..reaction })
            }
            Event::Improved(improved) => {
                let plan = self.with_orders(&improved.orders)?;
                let Applied { flags, .. } = self.live.apply(recorded)?;
                self.snapshot = plan;
                self.recount_unassigned();
                Ok(self.written_down(flags))
            }
            _ => {
                let agrees = self.agrees(recorded);
                let Applied { flags, effect } = self.live.apply(recorded)?;
                match effect {
                    Effect::Facts if agrees => {
                        self.is_behind = true;
                        Ok(Reaction { flags, ..Reaction::default() })
                    }
                    Effect::None => Ok(Reaction { flags, ..Reaction::default() }),
                    Effect::Gone(visits) if self.let_go(&visits) => Ok(self.written_down(flags)),
                    Effect::Gone(_) | Effect::Came(_) | Effect::Facts => Ok(self.anew(flags)),
                }
            }
        }
    }

    /// Where a visit could go that nobody has asked for yet, the best first; nothing is changed.
    ///
    /// # Errors
    /// A [`Refusal`] as for the request itself.
    pub fn options(&self, request: &Request, now: Instant) -> Result<Vec<Choice>, Refusal> {
        let mut trial = self.clone();
        let recorded = Recorded {
            id: crate::domain::EventId::new("dry run"),
            valid_at: now,
            recorded_at: now,
            by: String::new(),
            why: None,
            event: Event::Requested(Box::new(Request { slots: None, ..request.clone() })),
        };
        trial.apply(&recorded).map(|reaction| reaction.options)
    }

    /// Notes why a visit has no place.
    fn leave_out(&mut self, visit: &VisitId) {
        let Some(known) = self.rest.world.visit(visit) else { return };
        let impossible = rules::impossible_part(&self.rest.world, &self.travel, known);
        let is_pinned = self
            .rest
            .world
            .pins
            .iter()
            .any(|pin| pin.visit == *visit && pin.what == crate::domain::PinWhat::Unassigned);
        let reason = match impossible {
            _ if is_pinned => Reason::Pinned,
            Some(part) => Reason::ProvenImpossible { part },
            None => Reason::NotFoundWithinBudget,
        };
        let deferred = self.rest.world.is_deferrable(known);
        let unassigned = Unassigned { visit: visit.clone(), deferred, reason };
        self.unassigned.insert(visit.clone(), unassigned);
    }

    /// Who has a place now is unassigned no longer, and the other way round.
    fn recount_unassigned(&mut self) {
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        let mut left_out = Vec::new();
        for (at, visit) in self.compiled.visits.iter().enumerate() {
            let Some(visit) = visit else { continue };
            if running.has(at as u32) {
                self.unassigned.remove(visit);
            } else if !self.unassigned.contains_key(visit) {
                left_out.push(visit.clone());
            }
        }
        for visit in left_out {
            self.leave_out(&visit);
        }
    }

    /// Takes visits out that nobody wants any more. `false` when the plan must be laid anew.
    fn let_go(&mut self, visits: &[VisitId]) -> bool {
        let mut running = Running::of(&self.compiled.problem, &self.snapshot);
        let mut gone = Vec::new();
        for visit in visits {
            let Some(at) = self.compiled.position(visit) else { return false };
            if running.has(at) && !running.take_out(at) {
                return false;
            }
            gone.push(at);
        }
        self.snapshot = running.snapshot();
        for (visit, at) in visits.iter().zip(gone) {
            self.compiled.retire(at);
            self.rest.world.remove_visit(visit);
            self.unassigned.remove(visit);
        }
        // What leaving them out cost is not part of the score any more.
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        self.snapshot = running.snapshot();
        true
    }

    /// The rest of the day compiled anew, and the plan laid on it as far as it fits.
    fn anew(&mut self, flags: Vec<Flag>) -> Reaction {
        self.learn_roads();
        self.compile_anew(ROOM);
        self.written_down(flags)
    }

    fn compile_anew(&mut self, room: Room) {
        let plan = self.day_stops();
        let as_of = self.live.now() + NOTICE;
        self.rest = remaining(&self.live, &self.travel, &plan, as_of);
        self.compiled = compile_with_room(&self.rest.world, &self.travel, room);
        self.solved.clear();
        self.is_behind = false;
        self.lay(&orders_of(&plan));
    }

    /// What is planned, in the names of the day.
    fn day_stops(&self) -> Vec<Stops> {
        let of =
            |list: &Arc<ShiftPlan>| Stops { shift: list.shift.clone(), stops: list.stops.clone() };
        self.lists().map(of).collect()
    }

    /// Lays orders on the compiled rest as far as they fit, and what has no place in its best.
    fn lay(&mut self, orders: &[ShiftOrder]) {
        let laid = self.laid(orders);
        let mut running = Running::empty(&self.compiled.problem);
        if !running.lay(&laid) {
            running.lay_what_fits(&laid);
        }
        let left_out = running.complete(LAST_LOOK_WORK);
        self.snapshot = running.snapshot();
        self.unassigned = self.with_reasons(&left_out);
    }

    fn with_reasons(&self, left_out: &[(u32, Why)]) -> BTreeMap<VisitId, Unassigned> {
        let known = left_out.iter().filter_map(|&(visit, why)| {
            let entry = decompile::unassigned(&self.rest.world, &self.compiled, visit, why)?;
            Some((entry.visit.clone(), entry))
        });
        known.collect()
    }
}

/// Does the event put something into the plan as it is compiled?
fn puts_in(event: &Event) -> bool {
    matches!(
        event,
        Event::Requested(_) | Event::Placed(_) | Event::Improved(_) | Event::Cancelled { .. }
    )
}

impl Reaction {
    /// This and then that, as one.
    fn then(mut self, next: Reaction) -> Reaction {
        self.changed.extend(next.changed);
        self.changed.sort();
        self.changed.dedup();
        self.flags.extend(next.flags);
        self.notices.extend(next.notices);
        Reaction { options: next.options, chosen: next.chosen, ..self }
    }
}

/// The order of the stops of each shift.
fn orders_of(plan: &[Stops]) -> Vec<ShiftOrder> {
    let order = |shift: &Stops| ShiftOrder {
        shift: shift.shift.clone(),
        stops: shift.stops.iter().map(|stop| (stop.what.clone(), stop.held_until)).collect(),
    };
    plan.iter().map(order).collect()
}
