//! A visit is asked for: it enters the rest of the day as it is compiled, and gets a place.

use crate::domain::{Applied, Effect, Flag, Place, Point, Recorded, Refusal, Request, VisitId};
use crate::solver::judge::Placement;
use crate::solver::running::Running;

use super::{ROOM, Reaction, Rolling};

impl Rolling {
    pub(super) fn request(
        &mut self,
        recorded: &Recorded,
        request: &Request,
    ) -> Result<Reaction, Refusal> {
        let visit = &request.visit.id;
        if let Some(slots) = &request.slots {
            // Does it fit where it was offered? Seen on a copy, so that nothing is to be undone.
            let mut trial = self.clone();
            trial.admit(recorded, request)?;
            if !trial.is_settled(visit) {
                trial.placements(visit, slots)?;
            }
        }
        let mut flags = self.admit(recorded, request)?;
        if self.is_settled(visit) {
            return Ok(self.written_down(flags));
        }
        let options = self.best_choices(visit);
        let chosen = match &request.slots {
            Some(slots) => Some(self.placements(visit, slots)?),
            None => options.first().map(|(_, placements)| placements.clone()),
        };
        let options = options.into_iter().map(|(choice, _)| choice).collect();
        let mut reaction = match chosen {
            Some(placements) => self.place(visit, &placements)?,
            None => {
                // What leaving it out costs belongs to the score now.
                self.snapshot = Running::of(&self.compiled.problem, &self.snapshot).snapshot();
                self.leave_out(visit);
                flags.push(Flag::Unassigned(visit.clone()));
                self.written_down(Vec::new())
            }
        };
        self.tell(request, &reaction);
        reaction.flags.splice(0..0, flags);
        reaction.options = options;
        Ok(reaction)
    }

    /// Has a report overtaken the request, that the visit is not wanted or that it has begun?
    fn is_settled(&self, visit: &VisitId) -> bool {
        self.live.is_cancelled(visit) || self.live.has_begun(visit)
    }

    /// Takes a visit into the facts and, if it is wanted, into the rest of the day and its numbers.
    fn admit(&mut self, recorded: &Recorded, request: &Request) -> Result<Vec<Flag>, Refusal> {
        let Applied { flags, effect } = self.live.apply(recorded)?;
        self.learn_roads();
        let needs_anew = match &effect {
            Effect::None => false,
            Effect::Came(visit) => !self.enter(visit, request),
            Effect::Gone(_) | Effect::Facts => true,
        };
        if needs_anew {
            self.compile_anew(ROOM);
        }
        Ok(flags)
    }

    /// Takes a visit into the rest of the day as it is compiled, if there is room for it.
    fn enter(&mut self, visit: &VisitId, request: &Request) -> bool {
        self.rest.world.add_request(request).is_ok()
            && self.rest.world.visit(visit).is_some_and(|visit| {
                let (rest, travel) = (&self.rest.world, &self.travel);
                self.compiled.enter(rest, travel, visit, &mut self.snapshot).is_some()
            })
    }

    /// Legs to and from the places that are new.
    pub(super) fn learn_roads(&mut self) {
        let places = &self.live.world().places;
        let known = self.travel.size();
        if places.len() == known {
            return;
        }
        let mut points: Vec<Point> = places[..known].iter().map(|place| place.point).collect();
        for Place { point, .. } in &places[known..] {
            self.travel.add_place(&*self.roads, &points, *point);
            points.push(*point);
        }
    }

    /// Puts a visit there, in whatever place it had before.
    pub(super) fn place(
        &mut self,
        visit: &VisitId,
        placements: &[Placement],
    ) -> Result<Reaction, Refusal> {
        let gone = || Refusal::SlotGone { visit: visit.clone() };
        let at = self.compiled.position(visit).ok_or_else(gone)?;
        let mut running = Running::of(&self.compiled.problem, &self.snapshot);
        if running.has(at) && !running.take_out(at) {
            return Err(gone());
        }
        let before = Rolling::seen(&running);
        if !running.put(at, placements) {
            return Err(gone());
        }
        let chosen = self.choice(&running, at, placements, &before);
        self.snapshot = running.snapshot();
        self.unassigned.remove(visit);
        let mut reaction = self.written_down(Vec::new());
        reaction.chosen = Some(chosen);
        Ok(reaction)
    }

    /// Notes who is told of a visit that was just placed.
    fn tell(&mut self, request: &Request, reaction: &Reaction) {
        let Some(chosen) = &reaction.chosen else { return };
        for audience in &request.tell {
            for part in &chosen.parts {
                // A request with more audiences than there is room for was refused.
                let _ = self.live.tell(&request.visit.id, part.part, audience, part.start);
            }
        }
    }
}
