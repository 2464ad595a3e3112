//! Random legal days with room: each crew does at most one thing every two hours, and each visit is
//! bound by one thing at most, tightly. Beside every crew stand twins that differ in one respect,
//! have the same shifts, and do nothing.

mod facts;

use std::collections::{BTreeMap, BTreeSet};

use rond::domain::*;
use rond::travel::Matrix;

use super::rounds;
use crate::support::dice::Dice;
use facts::{CREWS, Roads, facts, minute};

/// What binds the start or the crew of a visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    Free,
    /// The start, within 5 minutes.
    Window,
    /// The start, to at most 5 minutes earlier.
    Request,
    /// The same.
    Hold,
    /// The start, exactly.
    PinStart,
    /// The start, within 5 minutes.
    PinWithin,
    /// The crew.
    PinCrew,
    /// Not the crew's equal twin.
    PinNotCrew,
    /// The crew must have a skill.
    Skill,
    /// Across the border, where lending begins at 13:00, up to 10 minutes before.
    Lent,
    /// Two parts, within 5 minutes of each other's lag.
    Meeting,
    /// Two parts of roles that one crew has, untied.
    Untied,
    /// The shift, which does it before what is not bound so.
    First,
}

/// How a twin differs from the crew it stands beside; it has the name as a suffix.
pub const TWINS: [&str; 5] = ["equal", "roleless", "skilless", "stranger", "islander"];

/// Minutes after midnight of the first day at which something may begin: two a crew would collide
/// with nothing in between, whatever moves by a quarter of an hour.
const SLOTS: [&[i64]; 2] = [&[540, 660, 780, 900], &[1740, 1860, 1980]];
/// A day (in truth two), its legal plan, and what binds each visit.
pub struct RoomyDay {
    pub world: World,
    pub travel: Matrix,
    pub plan: Plan,
    pub bounds: BTreeMap<VisitId, Bound>,
    /// The plan with one more visit, which a pin keeps out.
    pub with_pinned_out: Option<Plan>,
}

/// One thing that a crew does.
struct Doing {
    crew: usize,
    day: usize,
    what: StopWhat,
    start: Instant,
    held_until: Option<Instant>,
}

struct Maker {
    dice: Dice,
    facts: Facts,
    doings: Vec<Doing>,
    bounds: BTreeMap<VisitId, Bound>,
}

impl RoomyDay {
    /// The day of this seed.
    pub fn new(seed: u64) -> RoomyDay {
        let mut dice = Dice::new(seed);
        let facts = facts(&mut dice);
        let mut maker = Maker { dice, facts, doings: Vec::new(), bounds: BTreeMap::new() };
        for (day, slots) in SLOTS.iter().enumerate() {
            for slot in 0..slots.len() {
                maker.fill(day, slot);
            }
        }
        for _ in 0..maker.dice.within(1..=3) {
            maker.leave_one();
        }
        maker.add_twins();
        maker.settle_first_stops();
        let pinned_out = maker.pin_one_out();
        maker.finish(pinned_out)
    }
}

impl Maker {
    fn fill(&mut self, day: usize, slot: usize) {
        let mut idle = self.dice.shuffled((0..CREWS).collect::<Vec<usize>>());
        while let Some(crew) = idle.pop() {
            let jitter = Seconds(self.dice.within(0..=600));
            let start = minute(SLOTS[day][slot]) + jitter;
            let is_break_slot = day == 0 && slot % 2 == 1;
            if is_break_slot && self.dice.chance(40) {
                self.add_break(crew, start);
            } else if self.dice.chance(30) {
                let is_car = |other: &usize| *other < 3;
                let partner = idle.iter().position(|other| is_car(other) || is_car(&crew));
                if let Some(partner) = partner {
                    let partner = idle.remove(partner);
                    self.add_joint(day, crew.min(partner), crew.max(partner), start);
                }
            } else if self.dice.chance(75) {
                self.add_single(day, slot, crew, start);
            }
        }
    }

    fn add_break(&mut self, crew: usize, start: Instant) {
        let length = Seconds::from_minutes(self.dice.within(15..=30));
        let (before, after) = (self.margin(), self.margin());
        let window = Span::new(start - before, start + length + after).expect("in order");
        let breaks = &mut self.facts.crews[crew].shifts[0].breaks;
        let what = StopWhat::Break { index: breaks.len() };
        breaks.push(Break { window, length });
        self.doings.push(Doing { crew, day: 0, what, start, held_until: None });
    }

    /// Up to 5 minutes.
    fn margin(&mut self) -> Seconds {
        Seconds(self.dice.within(0..=300))
    }

    fn add_single(&mut self, day: usize, slot: usize, crew: usize, start: Instant) {
        use Bound::*;
        let all =
            [Free, Free, Window, Request, Hold, PinStart, PinWithin, PinCrew, PinNotCrew, Skill];
        let mut bound = *self.dice.pick(&all);
        if crew < 3 && (day, slot) == (0, 2) && self.dice.chance(60) {
            bound = Lent;
        }
        let role = if crew < 3 { "doctor" } else { "nurse" };
        let id = self.add_visit(bound, &[role], bound == Lent);
        let visit = self.facts.visits.last_mut().expect("just added");
        let end = start + visit.parts[0].service;
        let (before, after) =
            (Seconds(self.dice.within(0..=300)), Seconds(self.dice.within(0..=300)));
        let tight = Span::new(start - before, end + after).expect("in order");
        let mut held_until = None;
        let mut pin = None;
        match bound {
            Window => {
                let other = Span::new(end + Seconds(10_800), end + Seconds(14_400));
                visit.windows = vec![tight, other.expect("in order")];
            }
            Request => visit.requested_at = tight.from(),
            Hold => held_until = Some(tight.from()),
            PinStart => pin = Some(PinWhat::Start(start)),
            PinWithin => {
                let within = Span::new(start - before, start + after).expect("in order");
                pin = Some(PinWhat::Within(within));
            }
            PinCrew => pin = Some(PinWhat::Crew(self.facts.crews[crew].id.clone())),
            PinNotCrew => {
                pin = Some(PinWhat::NotCrew(twin(self.facts.crews[crew].id.as_str(), "equal")));
            }
            Skill => visit.parts[0].skills = vec![SkillId::new("ultrasound")],
            Free | Lent | Meeting | Untied | First => {}
        }
        if let Some(what) = pin {
            self.add_pin(&id, what);
        }
        let what = StopWhat::Part { visit: id, part: 0 };
        self.doings.push(Doing { crew, day, what, start, held_until });
    }

    /// A läkarbil and another crew. Two läkarbilar are a doctor and a physiotherapist.
    fn add_joint(&mut self, day: usize, car: usize, other: usize, start: Instant) {
        let is_untied = other < 3 && self.dice.chance(60);
        let bound = if is_untied { Bound::Untied } else { Bound::Meeting };
        let second_role = if other < 3 { "physiotherapist" } else { "nurse" };
        let id = self.add_visit(bound, &["doctor", second_role], false);
        let lag = Seconds(if self.dice.chance(40) { 0 } else { self.dice.within(-600..=600) });
        let (less, more) = (self.margin(), self.margin());
        if bound == Bound::Meeting {
            let (lag_min, lag_max) = (lag - less, lag + more);
            let visit = self.facts.visits.last_mut().expect("just added");
            visit.meetings = vec![Meeting { first: 0, second: 1, lag_min, lag_max }];
        }
        for (part, crew, start) in [(0, car, start), (1, other, start + lag)] {
            let what = StopWhat::Part { visit: id.clone(), part };
            self.doings.push(Doing { crew, day, what, start, held_until: None });
        }
    }

    /// A visit that nobody makes.
    fn leave_one(&mut self) {
        self.add_visit(Bound::Free, &["doctor"], false);
    }

    fn add_visit(&mut self, bound: Bound, roles: &[&str], is_abroad: bool) -> VisitId {
        let id = VisitId::new(format!("v{}", self.facts.visits.len()));
        let homes: &[&str] =
            if is_abroad { &["abroad-1", "abroad-2"] } else { &["h1", "h2", "h3", "h4", "h5"] };
        self.facts.patients.push(Patient {
            id: PatientId::new(id.as_str()),
            place: PlaceId::new(self.dice.pick(homes)),
            care_form: CareFormId::new("enrolled"),
            named_doctor: None,
            unit: None,
            municipality: MunicipalityId::new(if is_abroad { "1233" } else { "1280" }),
        });
        let dice = &mut self.dice;
        let parts = roles.iter().map(|role| Part {
            role: RoleId::new(role),
            skills: Vec::new(),
            service: Seconds::from_minutes(dice.within(20..=30)),
        });
        self.facts.visits.push(Visit {
            id: id.clone(),
            patient: PatientId::new(id.as_str()),
            parts: parts.collect(),
            kind: KindId::new(self.dice.pick(&["unplanned", "planned", "death"])),
            requested_at: minute(0),
            priority: 1,
            windows: Vec::new(),
            meetings: Vec::new(),
            same_crew_allowed: false,
        });
        self.bounds.insert(id.clone(), bound);
        id
    }

    fn add_pin(&mut self, visit: &VisitId, what: PinWhat) {
        let (visit, reason) = (visit.clone(), "asked for".to_owned());
        self.facts.pins.push(Pin { visit, part: None, what, reason, by: "test".to_owned() });
    }

    fn add_twins(&mut self) {
        for crew in 0..CREWS {
            for name in TWINS {
                let mut other = self.facts.crews[crew].clone();
                other.id = twin(other.id.as_str(), name);
                for shift in &mut other.shifts {
                    shift.id = twin_shift(&shift.id, name);
                    if name == "islander" {
                        shift.start_place = PlaceId::new("island");
                    }
                }
                match name {
                    "roleless" => other.roles = BTreeSet::new(),
                    "skilless" => other.skills = BTreeSet::new(),
                    "stranger" if crew < 3 => other.home_delregion = DelregionId::new("Sydost"),
                    "stranger" => {
                        other.employer = Party::Municipality(MunicipalityId::new("1286"));
                    }
                    _ => {}
                }
                self.facts.crews.push(other);
            }
        }
    }

    /// One or two free visits that a crew goes to first anyway are settled, on some shifts.
    fn settle_first_stops(&mut self) {
        for (crew, day) in (0..CREWS).flat_map(|crew| (0..SLOTS.len()).map(move |day| (crew, day)))
        {
            if !self.dice.chance(60) {
                continue;
            }
            let parts = self.doings.iter().filter(|doing| (doing.crew, doing.day) == (crew, day));
            let parts = parts.filter_map(|doing| match &doing.what {
                StopWhat::Part { visit, part } => {
                    Some(PartId { visit: visit.clone(), part: *part })
                }
                StopWhat::Break { .. } => None,
            });
            let free = parts.take_while(|part| self.bounds[&part.visit] == Bound::Free);
            let first: Vec<PartId> = free.take(self.dice.within(1..=2) as usize).collect();
            for part in &first {
                self.bounds.insert(part.visit.clone(), Bound::First);
            }
            self.facts.crews[crew].shifts[day].first = first;
        }
    }

    /// A free visit of a crew that has another stop that day, to be kept out by a pin.
    fn pin_one_out(&mut self) -> Option<VisitId> {
        let others = |doing: &Doing| {
            let same = |other: &&Doing| (other.crew, other.day) == (doing.crew, doing.day);
            let parts = self.doings.iter().filter(same).filter(|other| is_part(&other.what));
            parts.count()
        };
        let found = self.doings.iter().find_map(|doing| match &doing.what {
            StopWhat::Part { visit, .. } if self.bounds[visit] == Bound::Free => {
                (2 <= others(doing)).then(|| visit.clone())
            }
            _ => None,
        })?;
        self.add_pin(&found, PinWhat::Unassigned);
        Some(found)
    }

    fn finish(self, pinned_out: Option<VisitId>) -> RoomyDay {
        let world = World::new(self.facts).expect("roomy days hang together");
        let travel = Matrix::of_places(&Roads, &world.places);
        let plan = plan(&world, &travel, &self.doings, pinned_out.as_ref());
        let with_pinned_out = pinned_out.map(|_| plan_all(&world, &travel, &self.doings));
        RoomyDay { world, travel, plan, bounds: self.bounds, with_pinned_out }
    }
}

fn is_part(what: &StopWhat) -> bool {
    matches!(what, StopWhat::Part { .. })
}

fn plan_all(world: &World, travel: &Matrix, doings: &[Doing]) -> Plan {
    plan(world, travel, doings, None)
}

/// The plan of all doings but those of one visit; whoever nobody visits is unassigned.
fn plan(world: &World, travel: &Matrix, doings: &[Doing], without: Option<&VisitId>) -> Plan {
    let kept = |doing: &&Doing| match &doing.what {
        StopWhat::Part { visit, .. } => Some(visit) != without,
        StopWhat::Break { .. } => true,
    };
    let mut plan = Plan::default();
    for crew in 0..CREWS {
        for day in 0..SLOTS.len() {
            let (id, shift) = (&world.crews[crew].id, &world.crews[crew].shifts[day].id);
            let of_round = |doing: &&Doing| (doing.crew, doing.day) == (crew, day);
            let done: Vec<&Doing> = doings.iter().filter(of_round).filter(kept).collect();
            if !done.iter().any(|doing| is_part(&doing.what)) {
                continue;
            }
            let stops = done.iter().map(|doing| {
                let stop = rounds::stop(world, shift, doing.what.clone(), doing.start);
                Stop { held_until: doing.held_until, ..stop }
            });
            let stops = stops.collect();
            plan.shifts.push(rounds::round(world, travel, id.clone(), shift.clone(), stops));
        }
    }
    let planned: BTreeSet<VisitId> = plan
        .shifts
        .iter()
        .flat_map(|round| &round.stops)
        .filter_map(|stop| rounds::visit_of(stop).cloned())
        .collect();
    let left = world.visits.iter().filter(|visit| !planned.contains(&visit.id));
    plan.unassigned = left
        .map(|visit| Unassigned {
            visit: visit.id.clone(),
            deferred: world.is_deferrable(visit),
            reason: Reason::NoPlaceInThisPlan,
        })
        .collect();
    plan
}

/// The twin of a crew.
pub fn twin(crew: &str, name: &str) -> CrewId {
    CrewId::new(format!("{crew}-{name}"))
}

/// The shift that a twin works beside this one.
pub fn twin_shift(shift: &ShiftId, name: &str) -> ShiftId {
    ShiftId::new(format!("{shift}-{name}"))
}
