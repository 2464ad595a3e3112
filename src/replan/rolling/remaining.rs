//! What is left of a day that goes on, as a day of its own: what is done is cut off, every crew
//! starts where it is and when it is free, and what has begun stays as it is.
//!
//! Reality bends rules that plans may not: a crew on its way to a door arrives when it arrives,
//! and a shift that cannot be home in time any more goes home as soon as it can.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::domain::{
    Crew, Facts, Instant, Live, Meeting, Part, PartId, Pin, PinWhat, Plan, Progress, Seconds,
    Shift, ShiftId, Span, Stop, StopWhat, Visit, VisitId, World,
};
use crate::travel::{Drive, Matrix};

/// The parts that crews are on their way to, with their shifts.
type Headed = BTreeMap<PartId, ShiftId>;

/// The rest of a day.
#[derive(Clone, Debug)]
pub struct Remaining {
    /// What is left to plan. Its places are those of the day, in the same order.
    pub world: World,
    /// Per visit that has begun: which of its parts are left.
    parts: BTreeMap<VisitId, Vec<usize>>,
}

impl Remaining {
    /// A stop of the day as it is called in the rest; nothing when it is done.
    pub fn in_rest(&self, what: &StopWhat) -> Option<StopWhat> {
        match what {
            StopWhat::Break { .. } => Some(what.clone()),
            StopWhat::Part { visit, part } => {
                self.world.visit(visit)?;
                let part = match self.parts.get(visit) {
                    None => *part,
                    Some(left) => left.iter().position(|at| at == part)?,
                };
                Some(StopWhat::Part { visit: visit.clone(), part })
            }
        }
    }

    /// A stop of the rest as it is called in the day.
    pub fn in_day(&self, what: &StopWhat) -> StopWhat {
        match what {
            StopWhat::Part { visit, part } => {
                let part = self.parts.get(visit).map_or(*part, |left| left[*part]);
                StopWhat::Part { visit: visit.clone(), part }
            }
            StopWhat::Break { .. } => what.clone(),
        }
    }
}

/// The rest of a day from `as_of` on. `plan` is what was planned of it, in the names of the day.
pub fn remaining(live: &Live, travel: &Matrix, plan: &[Stops], as_of: Instant) -> Remaining {
    let day = live.world();
    let mut pins: Vec<Pin> = Vec::new();
    let mut crews = Vec::with_capacity(day.crews.len());
    let mut headed = Headed::new();
    for crew in &day.crews {
        let mut left = Crew { shifts: Vec::new(), ..crew.clone() };
        for shift in &crew.shifts {
            let found = ShiftLeft { live, travel, as_of }.of(shift);
            let Some((shift, heading)) = found else { continue };
            if let Some(StopWhat::Part { visit, part }) = heading
                && let Entry::Vacant(nobody) = headed.entry(PartId { visit: visit.clone(), part })
            {
                // Of two that are on their way to the same, the first does it.
                nobody.insert(shift.id.clone());
                pins.push(Pin {
                    visit,
                    part: Some(part),
                    what: PinWhat::Crew(crew.id.clone()),
                    reason: "på väg dit".to_owned(),
                    by: "rond".to_owned(),
                });
            }
            left.shifts.push(shift);
        }
        crews.push(left);
    }
    let mut parts = BTreeMap::new();
    let mut visits = Vec::with_capacity(day.visits.len());
    for visit in &day.visits {
        if live.is_cancelled(&visit.id) {
            continue;
        }
        let is_headed = headed.keys().any(|part| part.visit == visit.id);
        let Some((visit, left)) = visit_left(live, visit, is_headed, as_of) else { continue };
        if let Some(left) = left {
            parts.insert(visit.id.clone(), left);
        }
        visits.push(visit);
    }
    pins.extend(day.pins.iter().cloned());
    let facts = Facts {
        as_of,
        horizon: day.horizon,
        region: day.region.clone(),
        policy: day.policy.clone(),
        places: day.places.clone(),
        patients: day.patients.clone(),
        visits,
        crews,
        previous: None,
        pins: Vec::new(),
        traffic: day.traffic.clone(),
    };
    // Everything in it is of a world that hangs together, and no id is in it twice.
    let world = World::new(facts).expect("a part of a whole world");
    let mut rest = Remaining { world, parts };
    let pins = pins.into_iter().filter_map(|pin| pin_left(&rest, pin)).collect();
    rest.world.set_pins(pins);
    set_first_stops(&mut rest, day, &headed);
    let previous = previous(live, &rest, plan);
    rest.world.set_previous(Some(previous));
    rest
}

/// The planned stops of one shift, in the names of the day, with their starts.
#[derive(Clone, Debug)]
pub struct Stops {
    /// The shift.
    pub shift: crate::domain::ShiftId,
    /// The stops in order.
    pub stops: Vec<Stop>,
}

/// What shifts still do first: where they are on their way to, and then what the day says of them.
fn set_first_stops(rest: &mut Remaining, day: &World, headed: &Headed) {
    for shift in day.crews.iter().flat_map(|crew| &crew.shifts) {
        let heading = headed.iter().filter(|(_, on)| **on == shift.id).map(|(part, _)| part);
        let settled = shift.first.iter().filter(|part| !headed.contains_key(part));
        let left = heading.chain(settled).filter_map(|PartId { visit, part }| {
            let what = StopWhat::Part { visit: visit.clone(), part: *part };
            match rest.in_rest(&what)? {
                StopWhat::Part { visit, part } => Some(PartId { visit, part }),
                StopWhat::Break { .. } => None,
            }
        });
        let left = left.collect();
        rest.world.set_first_stops(&shift.id, left);
    }
}

fn pin_left(rest: &Remaining, pin: Pin) -> Option<Pin> {
    let Some(part) = pin.part else {
        return rest.world.visit(&pin.visit).is_some().then_some(pin);
    };
    let what = StopWhat::Part { visit: pin.visit.clone(), part };
    match rest.in_rest(&what)? {
        StopWhat::Part { part, .. } => Some(Pin { part: Some(part), ..pin }),
        StopWhat::Break { .. } => None,
    }
}

/// What was planned, as far as it is still to come, with what people were told.
fn previous(live: &Live, rest: &Remaining, plan: &[Stops]) -> Plan {
    let mut previous = Plan::default();
    for planned in plan {
        let Some((crew, shift)) = rest.world.shift(&planned.shift) else { continue };
        let stops = planned.stops.iter().filter_map(|stop| {
            let told = match &stop.what {
                StopWhat::Part { visit, part } => live.told(visit, *part).to_vec(),
                StopWhat::Break { .. } => Vec::new(),
            };
            Some(Stop { what: rest.in_rest(&stop.what)?, told, ..stop.clone() })
        });
        previous.shifts.push(crate::domain::ShiftPlan {
            crew: crew.id.clone(),
            shift: shift.id.clone(),
            depart: shift.hours.from(),
            stops: stops.collect(),
            travel_back: Seconds::ZERO,
            metres_back: crate::domain::Metres(0),
            back: shift.hours.to(),
        });
    }
    previous
}

struct ShiftLeft<'a> {
    live: &'a Live,
    travel: &'a Matrix,
    as_of: Instant,
}

impl ShiftLeft<'_> {
    /// What is left of a shift, and where it is heading if it is on its way. Nothing when it is
    /// over.
    fn of(&self, shift: &Shift) -> Option<(Shift, Option<StopWhat>)> {
        let mut left = Shift { first: Vec::new(), ..shift.clone() };
        let mut from = shift.hours.from();
        let mut reported: Vec<(&StopWhat, &Progress)> = self.live.progress_of(&shift.id).collect();
        reported.sort_by_key(|(what, progress)| (progress.last(), (*what).clone()));
        let mut heading: Option<(&StopWhat, &Progress)> = None;
        for (what, progress) in reported {
            if progress.has_begun() {
                from = from.max(self.free_after(shift, what, progress));
                match what {
                    StopWhat::Part { visit, .. } => {
                        if let Some(visit) = self.live.world().visit(visit) {
                            left.start_place = self.live.world().place_of(visit).id.clone();
                        }
                    }
                    // A break that was had is not due again.
                    StopWhat::Break { index } => {
                        let gone = Span::new(shift.hours.from(), shift.hours.from());
                        if let (Some(due), Some(gone)) = (left.breaks.get_mut(*index), gone) {
                            due.window = gone;
                        }
                    }
                }
                heading = None;
            } else if self.is_wanted(what) {
                heading = Some((what, progress));
            }
        }
        let heading = heading.filter(|(what, _)| self.is_part_open(what));
        from = from.max(self.live.late_until(&shift.id).unwrap_or(from));
        let mut to = shift.hours.to();
        if let Some(off) = self.live.off_from(&shift.id) {
            to = to.min(off);
            left.overtime_max = Seconds::ZERO;
        }
        let latest = to + left.overtime_max;
        if let Some((what, progress)) = heading {
            from = self.head_for(&mut left, what, progress, from).max(from);
        } else if latest <= from.max(self.as_of) {
            return None;
        }
        let to = to.max(from);
        left.overtime_max = (latest - to).max(Seconds::ZERO);
        left.hours = Span::new(from, to)?;
        if let Some((what, _)) = heading {
            self.let_it_end(&mut left, what);
        }
        Some((left, heading.map(|(what, _)| what.clone())))
    }

    /// When the crew is free after a stop that has begun.
    fn free_after(&self, shift: &Shift, what: &StopWhat, progress: &Progress) -> Instant {
        if let Some(finished) = progress.finished {
            return finished;
        }
        let length = match what {
            StopWhat::Part { visit, part } => {
                let visit = self.live.world().visit(visit);
                visit.and_then(|visit| visit.parts.get(*part)).map(|part| part.service)
            }
            StopWhat::Break { index } => shift.breaks.get(*index).map(|due| due.length),
        };
        let by_plan = progress.started.map(|start| start + length.unwrap_or_default());
        let ends = progress.ends.map(|(_, ends)| ends).or(by_plan).unwrap_or(self.as_of);
        // It is not over before somebody says so.
        ends.max(self.as_of)
    }

    fn is_wanted(&self, what: &StopWhat) -> bool {
        match what {
            StopWhat::Part { visit, .. } => {
                self.live.world().visit(visit).is_some() && !self.live.is_cancelled(visit)
            }
            StopWhat::Break { .. } => false,
        }
    }

    /// Has nobody else begun the part?
    fn is_part_open(&self, what: &StopWhat) -> bool {
        match what {
            StopWhat::Part { visit, part } => self.live.begun_by(visit, *part).is_none(),
            StopWhat::Break { .. } => false,
        }
    }

    /// Lets the shift go on from the door that it is on its way to. Returns when it is there.
    fn head_for(
        &self,
        left: &mut Shift,
        what: &StopWhat,
        progress: &Progress,
        free: Instant,
    ) -> Instant {
        let day = self.live.world();
        let StopWhat::Part { visit, .. } = what else { return free };
        let Some(visit) = day.visit(visit) else { return free };
        let there = day.place_of(visit);
        // Start places are places of the day.
        let (from, to) = (day.place_position(&left.start_place), day.place_position(&there.id));
        let setup = if from == to { Seconds::ZERO } else { there.setup };
        left.start_place = there.id.clone();
        if let Some(arrived) = progress.arrived {
            return arrived + setup;
        }
        let leaves = progress.under_way.unwrap_or(free).max(free);
        let by_table = self.travel.leg(from, to).map_or(Seconds::ZERO, |leg| leg.seconds);
        let drive = Drive { world: day, from: &day.places[from], to: there, by_table };
        drive.arrival(leaves).max(self.as_of) + setup
    }

    /// A shift that is on its way somewhere does that, and goes home, however late it is.
    fn let_it_end(&self, left: &mut Shift, what: &StopWhat) {
        let day = self.live.world();
        let StopWhat::Part { visit, part } = what else { return };
        let Some(visit) = day.visit(visit) else { return };
        let service = visit.parts.get(*part).map_or(Seconds::ZERO, |part| part.service);
        let here = day.place_position(&left.start_place);
        let home = day.place_position(&left.end_place);
        let by_table = self.travel.leg(here, home).map_or(Seconds::ZERO, |leg| leg.seconds);
        let (from, to) = (&day.places[here], &day.places[home]);
        let begins = left.hours.from().max(self.as_of);
        let back = Drive { world: day, from, to, by_table }.arrival(begins + service);
        left.overtime_max = left.overtime_max.max(back - left.hours.to());
    }
}

/// What is left of a visit, and which parts those are when they are not all.
fn visit_left(
    live: &Live,
    visit: &Visit,
    is_headed: bool,
    as_of: Instant,
) -> Option<(Visit, Option<Vec<usize>>)> {
    let begun: Vec<Option<Span>> =
        (0..visit.parts.len()).map(|part| begun(live, visit, part, as_of)).collect();
    let mut left = visit.clone();
    if is_headed {
        // Whoever is on the way is let in when she comes.
        left.windows.clear();
    }
    if begun.iter().all(Option::is_none) {
        return Some((left, None));
    }
    let open: Vec<usize> = (0..begun.len()).filter(|&part| begun[part].is_none()).collect();
    if open.is_empty() {
        return None;
    }
    left.parts = open.iter().map(|&part| visit.parts[part].clone()).collect();
    let position = |part: usize| open.iter().position(|&at| at == part);
    let kept = visit.meetings.iter().filter_map(|meeting| {
        let (first, second) = (position(meeting.first)?, position(meeting.second)?);
        Some(Meeting { first, second, ..*meeting })
    });
    left.meetings = kept.collect();
    // Whoever comes late to a meeting comes while the other is still there, or not at all.
    let ends = begun.iter().flatten().map(|span| span.to()).max().unwrap_or(as_of);
    let longest = left.parts.iter().map(|part: &Part| part.service).max().unwrap_or_default();
    let until = ends.max(as_of) + longest;
    left.windows = Span::new(as_of.min(ends), until).into_iter().collect();
    Some((left, Some(open)))
}

/// From when to when a part that has begun takes.
fn begun(live: &Live, visit: &Visit, part: usize, as_of: Instant) -> Option<Span> {
    let (_, progress) = live.begun_by(&visit.id, part)?;
    let start = progress.started.or(progress.finished).or(progress.ends.map(|(said, _)| said))?;
    let by_plan = start + visit.parts[part].service;
    let ends = progress.finished.or(progress.ends.map(|(_, ends)| ends));
    let ends = ends.unwrap_or_else(|| by_plan.max(as_of));
    Span::new(start, ends.max(start))
}
