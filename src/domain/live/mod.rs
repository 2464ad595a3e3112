//! A day as it goes on: the facts, and what has been reported since.
//!
//! Reports of a stop may come late, twice and in any order: what is kept of them is the same
//! whichever came first. Reality is never refused, only flagged. What cannot be is refused, and
//! then nothing has changed.

mod take_in;

use std::collections::BTreeMap;

use super::event::{EARLY_MAX, Flag, LATE_MAX, Recorded, Refusal, Step};
use super::ids::{CrewId, ShiftId, VisitId};
use super::place::Point;
use super::plan::{StopWhat, Told};
use super::time::Instant;
use super::world::World;

/// More visits than this are not held at once.
pub const VISITS_MAX: usize = 50_000;
/// Nor more places than this.
pub const PLACES_MAX: usize = 100_000;
/// A stop is told to no more audiences than this.
pub const AUDIENCES_MAX: usize = 10;

/// The facts of a day that goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Live {
    world: World,
    memory: Memory,
}

/// What has been reported besides the facts themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Memory {
    /// The latest moment that anything was recorded.
    pub now: Instant,
    /// Since when a visit is no longer wanted; it may be one that nobody has asked for yet.
    pub cancelled: BTreeMap<VisitId, Instant>,
    /// Until when a visit is held that nobody has confirmed.
    pub held: BTreeMap<VisitId, Instant>,
    /// How far a shift has come with a stop.
    pub progress: BTreeMap<(ShiftId, StopWhat), Progress>,
    /// When a shift ends before its time.
    pub off: BTreeMap<ShiftId, Instant>,
    /// Until when a shift does nothing.
    pub late: BTreeMap<ShiftId, Instant>,
    /// Where a crew was last, and when.
    pub positions: BTreeMap<CrewId, (Instant, Point)>,
    /// Who was told which start of a part, by its position in the visit.
    pub told: BTreeMap<(VisitId, usize), Vec<Told>>,
    /// The version of its list that the crew of a shift has seen last.
    pub acknowledged: BTreeMap<ShiftId, u64>,
}

/// How far a shift has come with one stop: per step the latest time that was reported for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// On the way since.
    pub under_way: Option<Instant>,
    /// There since.
    pub arrived: Option<Instant>,
    /// Begun.
    pub started: Option<Instant>,
    /// The last word on when it will end: when that was said, and what.
    pub ends: Option<(Instant, Instant)>,
    /// Done.
    pub finished: Option<Instant>,
    /// Was the patient taken to hospital?
    pub admitted: bool,
}

impl Progress {
    /// Has the stop begun, or is it over?
    pub fn has_begun(&self) -> bool {
        self.started.is_some() || self.finished.is_some() || self.ends.is_some()
    }

    /// The moment of the last step that was reported.
    pub fn last(&self) -> Option<Instant> {
        let said = self.ends.map(|(said, _)| said);
        [self.under_way, self.arrived, self.started, said, self.finished].into_iter().max()?
    }

    /// Notes a step. `false` when something later was known of the same step already.
    fn note(&mut self, step: Step, at: Instant) -> bool {
        let known = match step {
            Step::UnderWay => &mut self.under_way,
            Step::Arrived => &mut self.arrived,
            Step::Started => &mut self.started,
            Step::Overrun { ends } => {
                let is_news = self.ends.is_none_or(|known| (at, ends) > known);
                if is_news {
                    self.ends = Some((at, ends));
                }
                return is_news;
            }
            Step::Finished | Step::Admitted => &mut self.finished,
        };
        let is_news = known.is_none_or(|known| at > known);
        if is_news {
            *known = Some(at);
        }
        let is_first_word = step == Step::Admitted && !self.admitted;
        self.admitted |= step == Step::Admitted;
        is_news || is_first_word
    }
}

/// What an event changed of the facts, as far as planning is concerned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Nothing that a plan looks at.
    None,
    /// There is one more visit.
    Came(VisitId),
    /// These visits are no longer wanted.
    Gone(Vec<VisitId>),
    /// Something that any stop may depend on.
    Facts,
}

/// What became of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// What should not be so, and yet was accepted.
    pub flags: Vec<Flag>,
    /// What is different now.
    pub effect: Effect,
}

impl Live {
    /// A day that begins with these facts.
    pub fn open(world: World) -> Live {
        let mut told = BTreeMap::new();
        for stop in world.previous.iter().flat_map(|plan| &plan.shifts).flat_map(|s| &s.stops) {
            if let StopWhat::Part { visit, part } = &stop.what
                && !stop.told.is_empty()
            {
                told.insert((visit.clone(), *part), stop.told.clone());
            }
        }
        let memory = Memory {
            now: world.as_of,
            cancelled: BTreeMap::new(),
            held: BTreeMap::new(),
            progress: BTreeMap::new(),
            off: BTreeMap::new(),
            late: BTreeMap::new(),
            positions: BTreeMap::new(),
            told,
            acknowledged: BTreeMap::new(),
        };
        Live { world, memory }
    }

    /// A day that goes on where it was, with its facts and all that had been reported by then.
    pub fn restored(world: World, memory: Memory) -> Live {
        Live { world, memory }
    }

    /// All that has been reported besides the facts.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The facts, cancelled and finished visits among them.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The latest moment that anything was recorded.
    pub fn now(&self) -> Instant {
        self.memory.now
    }

    /// How far a shift has come with a stop, if anything was reported.
    pub fn progress(&self, shift: &ShiftId, what: &StopWhat) -> Option<&Progress> {
        self.memory.progress.get(&(shift.clone(), what.clone()))
    }

    /// Everything reported of stops, shift by shift.
    pub fn all_progress(&self) -> impl Iterator<Item = (&ShiftId, &StopWhat, &Progress)> {
        self.memory.progress.iter().map(|((shift, what), progress)| (shift, what, progress))
    }

    /// What was reported of the stops of one shift.
    pub fn progress_of(&self, shift: &ShiftId) -> impl Iterator<Item = (&StopWhat, &Progress)> {
        let first = StopWhat::Part { visit: VisitId::new(""), part: 0 };
        let range = self.memory.progress.range((shift.clone(), first)..);
        let own = range.take_while(move |((of, _), _)| of == shift);
        own.map(|((_, what), progress)| (what, progress))
    }

    /// Was the visit cancelled?
    pub fn is_cancelled(&self, visit: &VisitId) -> bool {
        self.memory.cancelled.contains_key(visit)
    }

    /// Until when a visit is held that nobody has confirmed.
    pub fn held_until(&self, visit: &VisitId) -> Option<Instant> {
        self.memory.held.get(visit).copied()
    }

    /// Until when the shift does nothing, if it was reported late.
    pub fn late_until(&self, shift: &ShiftId) -> Option<Instant> {
        self.memory.late.get(shift).copied()
    }

    /// When the shift ends before its time, if so.
    pub fn off_from(&self, shift: &ShiftId) -> Option<Instant> {
        self.memory.off.get(shift).copied()
    }

    /// Where a crew was last, and when.
    pub fn position(&self, crew: &CrewId) -> Option<(Instant, Point)> {
        self.memory.positions.get(crew).copied()
    }

    /// Who was told which start of a part.
    pub fn told(&self, visit: &VisitId, part: usize) -> &[Told] {
        self.memory.told.get(&(visit.clone(), part)).map_or(&[], Vec::as_slice)
    }

    /// The version of its list that a crew has seen last.
    pub fn acknowledged(&self, shift: &ShiftId) -> Option<u64> {
        self.memory.acknowledged.get(shift).copied()
    }

    /// Takes a fact in.
    ///
    /// # Errors
    /// A [`Refusal`] when it cannot be; then nothing has changed.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<Applied, Refusal> {
        let at = recorded.valid_at;
        if at + LATE_MAX < recorded.recorded_at {
            return Err(Refusal::TooLate { valid_at: at });
        }
        let mut flags = Vec::new();
        if recorded.recorded_at + EARLY_MAX < at {
            flags.push(Flag::ClockAhead);
        }
        let effect = self.take_in(&recorded.event, at, recorded.recorded_at, &mut flags)?;
        self.memory.now = self.memory.now.max(recorded.recorded_at);
        Ok(Applied { flags, effect })
    }

    /// Notes that somebody was told a start, in place of what they were told before.
    ///
    /// # Errors
    /// [`Refusal::Full`] when more audiences have been told than anybody has.
    pub fn tell(
        &mut self,
        visit: &VisitId,
        part: usize,
        audience: &str,
        time: Instant,
    ) -> Result<(), Refusal> {
        let told = self.memory.told.entry((visit.clone(), part)).or_default();
        let is_full = told.len() >= AUDIENCES_MAX;
        match told.iter_mut().find(|told| told.audience == audience) {
            Some(known) => known.time = time,
            None if is_full => {
                return Err(Refusal::Full { what: "audiences", bound: AUDIENCES_MAX });
            }
            None => told.push(Told { audience: audience.to_owned(), time }),
        }
        Ok(())
    }

    /// Forgets what was told of a part: they have been told that nobody comes.
    pub fn untell(&mut self, visit: &VisitId, part: usize) {
        self.memory.told.remove(&(visit.clone(), part));
    }

    /// Has any part of the visit begun?
    pub fn has_begun(&self, visit: &VisitId) -> bool {
        self.memory.progress.iter().any(|((_, what), progress)| {
            matches!(what, StopWhat::Part { visit: of, .. } if of == visit) && progress.has_begun()
        })
    }

    /// The shift that has begun a part, or is done with it, if any.
    pub fn begun_by(&self, visit: &VisitId, part: usize) -> Option<(&ShiftId, &Progress)> {
        let what = StopWhat::Part { visit: visit.clone(), part };
        let found = self
            .memory
            .progress
            .iter()
            .find(|((_, of), progress)| *of == what && progress.has_begun());
        found.map(|((shift, _), progress)| (shift, progress))
    }
}
