//! A plan read against its world: every id looked up once, so that the rules can speak of people,
//! places and parts. What the world does not know is left out here, and `hard/known.rs` says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    Break, Crew, Instant, Part, Party, Place, Plan, Seconds, Shift, ShiftId, ShiftPlan, Stop,
    StopWhat, Visit, VisitId, World,
};
use crate::travel::Matrix;

/// A plan and the world that it is for.
pub struct Reading<'a> {
    pub world: &'a World,
    pub travel: &'a Matrix,
    pub plan: &'a Plan,
    /// In the order of the plan.
    pub rounds: Vec<Round<'a>>,
    given: BTreeMap<&'a VisitId, Vec<Given<'a>>>,
    /// What the reading is about, when it is not the whole plan.
    part: Option<&'a PlanPart>,
}

/// A part of a plan that can be judged by itself: some visits, all the shifts that have a part of
/// them, and all shifts of the crews that work those.
#[derive(Clone, Debug, Default)]
pub struct PlanPart {
    /// The visits that are judged.
    pub visits: BTreeSet<VisitId>,
    /// The shifts that are judged.
    pub shifts: BTreeSet<ShiftId>,
}

/// A shift's work.
pub struct Round<'a> {
    pub plan: &'a ShiftPlan,
    pub crew: Option<&'a Crew>,
    pub shift: Option<&'a Shift>,
    pub halts: Vec<Halt<'a>>,
}

/// A stop, and how the crew comes to it.
pub struct Halt<'a> {
    pub stop: &'a Stop,
    pub what: What<'a>,
    /// Where the crew truly is before it; the plan's own word only for a stop that nobody knows.
    pub place_before: Option<&'a Place>,
    /// Where the stop truly is.
    pub place: Option<&'a Place>,
    /// End of the stop before, or the departure.
    pub end_before: Instant,
}

/// What a stop is in the world.
pub enum What<'a> {
    Part(Given<'a>),
    Break(usize, &'a Break),
    Unknown,
}

/// A part that stands in the plan.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub visit: &'a Visit,
    pub index: usize,
    pub part: &'a Part,
    pub place: &'a Place,
    pub stop: &'a Stop,
    pub round: &'a ShiftPlan,
    pub crew: Option<&'a Crew>,
}

impl<'a> Reading<'a> {
    pub fn new(world: &'a World, travel: &'a Matrix, plan: &'a Plan) -> Reading<'a> {
        let rounds: Vec<Round<'a>> =
            plan.shifts.iter().map(|shift_plan| read_round(world, shift_plan)).collect();
        let mut given: BTreeMap<&VisitId, Vec<Given<'_>>> = BTreeMap::new();
        for part in rounds.iter().flat_map(Round::parts) {
            given.entry(&part.visit.id).or_default().push(*part);
        }
        Reading { world, travel, plan, rounds, given, part: None }
    }

    /// A reading of a part of a plan: `plan` has the stops of the part's shifts, and the part's
    /// visits among its unassigned.
    pub fn of_part(
        world: &'a World,
        travel: &'a Matrix,
        plan: &'a Plan,
        part: &'a PlanPart,
    ) -> Reading<'a> {
        Reading { part: Some(part), ..Reading::new(world, travel, plan) }
    }

    /// The visits that the reading is about, in the order of the world, or of their ids when it is
    /// about a part of the plan.
    pub fn visits(&self) -> Box<dyn Iterator<Item = &'a Visit> + 'a> {
        let world = self.world;
        match self.part {
            None => Box::new(world.visits.iter()),
            Some(part) => Box::new(part.visits.iter().filter_map(|id| world.visit(id))),
        }
    }

    /// Is the reading about this visit?
    pub fn is_about(&self, visit: &VisitId) -> bool {
        self.part.is_none_or(|part| part.visits.contains(visit))
    }

    /// Is the reading about this shift?
    pub fn is_about_shift(&self, shift: &ShiftId) -> bool {
        self.part.is_none_or(|part| part.shifts.contains(shift))
    }

    /// Every part in the plan, shift by shift.
    pub fn parts(&self) -> impl Iterator<Item = &Given<'a>> {
        self.rounds.iter().flat_map(Round::parts)
    }

    /// Every known part of a visit that stands in the plan, in the order of the plan.
    pub fn parts_of(&self, visit: &VisitId) -> &[Given<'a>] {
        self.given.get(visit).map_or(&[], Vec::as_slice)
    }

    /// The one place in the plan where a part is given; nothing when it is missing or given twice.
    pub fn only(&self, visit: &VisitId, index: usize) -> Option<Given<'a>> {
        let mut found = self.parts_of(visit).iter().filter(|given| given.index == index);
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }
}

impl<'a> Round<'a> {
    /// The parts of visits, in order.
    pub fn parts(&self) -> impl Iterator<Item = &Given<'a>> {
        self.halts.iter().filter_map(|halt| match &halt.what {
            What::Part(given) => Some(given),
            What::Break(..) | What::Unknown => None,
        })
    }

    /// Who answers for it: the crew's employer.
    pub fn party(&self) -> Vec<Party> {
        self.crew.map(|crew| crew.employer.clone()).into_iter().collect()
    }

    /// Does it visit anyone?
    pub fn is_used(&self) -> bool {
        self.parts().next().is_some()
    }
}

impl Halt<'_> {
    /// Time to park, climb and ring, spent when the crew comes from another address.
    pub fn setup(&self) -> Seconds {
        match (self.place_before, self.place) {
            (Some(before), Some(place)) if before.id != place.id => place.setup,
            _ => Seconds::ZERO,
        }
    }
}

fn read_round<'a>(world: &'a World, plan: &'a ShiftPlan) -> Round<'a> {
    let crew = world.crew(&plan.crew);
    let shift = world.shift(&plan.shift).map(|(_, shift)| shift);
    let mut place_before = shift.and_then(|shift| world.place(&shift.start_place));
    let mut end_before = plan.depart;
    let mut halts = Vec::with_capacity(plan.stops.len());
    for stop in &plan.stops {
        let what = read_stop(world, plan, shift, crew, stop);
        let place = match &what {
            What::Part(given) => Some(given.place),
            What::Break(..) => place_before,
            What::Unknown => world.place(&stop.place),
        };
        halts.push(Halt { stop, what, place_before, place, end_before });
        place_before = place;
        end_before = stop.end;
    }
    Round { plan, crew, shift, halts }
}

fn read_stop<'a>(
    world: &'a World,
    round: &'a ShiftPlan,
    shift: Option<&'a Shift>,
    crew: Option<&'a Crew>,
    stop: &'a Stop,
) -> What<'a> {
    match &stop.what {
        StopWhat::Part { visit, part: index } => {
            let Some(visit) = world.visit(visit) else { return What::Unknown };
            let Some(part) = visit.parts.get(*index) else { return What::Unknown };
            let place = world.place_of(visit);
            What::Part(Given { visit, index: *index, part, place, stop, round, crew })
        }
        StopWhat::Break { index } => shift
            .and_then(|shift| shift.breaks.get(*index))
            .map_or(What::Unknown, |due| What::Break(*index, due)),
    }
}
