//! Why a crew cannot give a part, whatever else is planned: the first hard rule that forbids it on
//! a shift with nothing else to do. It never errs when it forbids; what it lets pass may still fail
//! beside other visits.

use super::HARD_RULES;
use super::audit::{HardRule, Subject, Violation};
use super::hard::{area, earliest, first_stops, pins, role, shift_hours, skill, travel, window};
use super::words::{clock, length};
use crate::domain::{Crew, Part, Pin, PinWhat, PlaceId, Seconds, Shift, Span, Visit, World};
use crate::travel::{Drive, Matrix};

/// The first rule that keeps this crew, on this shift, from giving this part of the visit at all.
/// `shift` must be one of the crew's own and `part` a position in the visit's parts.
pub fn why_not(
    world: &World,
    travel: &Matrix,
    visit: &Visit,
    part: usize,
    crew: &Crew,
    shift: &Shift,
) -> Option<Violation> {
    let question = Question::new(world, travel, visit, part);
    question.obstacle(crew, shift).map(|obstacle| question.sentence(crew, shift, obstacle))
}

/// Nothing when some shift of the crew could give this part of the visit; else the rule in the way
/// of the shift that gets furthest.
pub fn obstacle(
    world: &World,
    travel: &Matrix,
    visit: &Visit,
    part: usize,
    crew: &Crew,
) -> Option<Violation> {
    let mut obstacles = Vec::new();
    for shift in &crew.shifts {
        obstacles.push(why_not(world, travel, visit, part, crew, shift)?);
    }
    let progress = |obstacle: &Violation| {
        HARD_RULES.iter().position(|rule| rule.code == obstacle.rule).unwrap_or(0)
    };
    let rank = obstacles.iter().map(&progress).max()?;
    obstacles.into_iter().find(|obstacle| progress(obstacle) == rank)
}

/// The first part of a visit that no crew can give on any of its shifts.
pub fn impossible_part(world: &World, travel: &Matrix, visit: &Visit) -> Option<usize> {
    (0..visit.parts.len()).find(|&index| {
        let question = Question::new(world, travel, visit, index);
        let mut shifts =
            world.crews.iter().flat_map(|crew| crew.shifts.iter().map(move |shift| (crew, shift)));
        shifts.all(|(crew, shift)| question.obstacle(crew, shift).is_some())
    })
}

#[derive(Clone, Copy)]
struct Question<'a> {
    world: &'a World,
    travel: &'a Matrix,
    visit: &'a Visit,
    index: usize,
    part: &'a Part,
    /// The shift that is to do the part first, if any is.
    bound_to: Option<&'a Shift>,
}

/// What is in the way.
enum Obstacle<'a> {
    Pinned(&'a Pin),
    BoundTo(&'a Shift),
    Role,
    Skill,
    Where(Where),
    When(When),
}

/// What is in the way of going there.
enum Where {
    Area,
    LendingHours,
    NoWay,
}

/// What is in the way of being there in time.
enum When {
    ShiftTooShort(Seconds),
    TooLate,
    Window,
}

impl<'a> Question<'a> {
    fn new(world: &'a World, travel: &'a Matrix, visit: &'a Visit, index: usize) -> Question<'a> {
        let bound_to = first_stops::shift_of(world, visit, index);
        Question { world, travel, visit, index, part: &visit.parts[index], bound_to }
    }

    fn obstacle(&self, crew: &Crew, shift: &Shift) -> Option<Obstacle<'a>> {
        if let Some(other) = self.bound_to.filter(|other| other.id != shift.id) {
            return Some(Obstacle::BoundTo(other));
        }
        self.crew_obstacle(crew).or_else(|| match self.starts(shift) {
            Err(obstacle) => Some(obstacle),
            Ok(_) if pins::sets_crew(self.world, self.visit, self.index, crew) => None,
            Ok(starts) => {
                let allowed = |span: &Span| {
                    area::allowed_starts(self.world, crew, self.visit, self.part, *span)
                };
                starts
                    .iter()
                    .all(|span| allowed(span).is_empty())
                    .then_some(Obstacle::Where(Where::LendingHours))
            }
        })
    }

    /// What the crew itself is or may not do, at any hour.
    fn crew_obstacle(&self, crew: &Crew) -> Option<Obstacle<'a>> {
        let (world, visit) = (self.world, self.visit);
        let forbids = |pin: &&Pin| match &pin.what {
            PinWhat::Crew(id) => *id != crew.id,
            PinWhat::NotCrew(id) => *id == crew.id,
            PinWhat::Unassigned => true,
            PinWhat::Start(_) | PinWhat::Within(_) => false,
        };
        if let Some(pin) = pins::on(world, visit, self.index).find(forbids) {
            return Some(Obstacle::Pinned(pin));
        }
        if pins::sets_crew(world, visit, self.index, crew) {
            return None;
        }
        if !role::has_role(crew, self.part) {
            return Some(Obstacle::Role);
        }
        if skill::lacking(crew, self.part).is_some() {
            return Some(Obstacle::Skill);
        }
        let ever = area::may_ever_work(world, crew, visit, self.part);
        (!ever).then_some(Obstacle::Where(Where::Area))
    }

    /// The starts that a shift with nothing else to do leaves: spans whose ends are starts too.
    fn starts(&self, shift: &Shift) -> Result<Vec<Span>, Obstacle<'a>> {
        let world = self.world;
        let home = world.place_of(self.visit);
        let at = world.place_position(&home.id);
        let out = self.travel.leg(world.place_position(&shift.start_place), at);
        let back = self.travel.leg(at, world.place_position(&shift.end_place));
        let (Some(out), Some(back)) = (out, back) else {
            return Err(Obstacle::Where(Where::NoWay));
        };
        let setup = if shift.start_place == home.id { Seconds::ZERO } else { home.setup };
        // The ends of a shift are places of its world.
        let base = |id: &PlaceId| &world.places[world.place_position(id)];
        let (start, end) = (base(&shift.start_place), base(&shift.end_place));
        let out = Drive { world, from: start, to: home, by_table: out.seconds };
        let back = Drive { world, from: home, to: end, by_table: back.seconds };
        let (begins, ends) = (shift.hours.from(), shift.hours.to() + shift.overtime_max);
        let last = back.departure(ends) - self.part.service;
        let Some(hours) = Span::new(out.arrival(begins) + setup, last) else {
            let needed = (out.arrival(begins) - begins) + setup + (ends - last);
            return Err(Obstacle::When(When::ShiftTooShort(needed)));
        };
        let first = out.arrival(world.work_from(shift)) + setup;
        let first = first.max(world.earliest_start(self.visit));
        let Some(hours) = Span::new(first.max(hours.from()), last) else {
            return Err(Obstacle::When(When::TooLate));
        };
        let starts = self.within_windows(hours);
        if starts.is_empty() {
            return Err(Obstacle::When(When::Window));
        }
        self.within_pins(starts)
    }

    fn within_windows(&self, starts: Span) -> Vec<Span> {
        let pinned = pins::on(self.world, self.visit, self.index)
            .any(|pin| matches!(pin.what, PinWhat::Start(_)));
        if pinned || self.visit.windows.is_empty() {
            return vec![starts];
        }
        let windows = self.visit.windows.iter();
        windows
            .filter_map(|window| Span::new(window.from(), window.to() - self.part.service))
            .filter_map(|window| window.meet(starts))
            .collect()
    }

    fn within_pins(&self, mut starts: Vec<Span>) -> Result<Vec<Span>, Obstacle<'a>> {
        for pin in pins::on(self.world, self.visit, self.index) {
            let pinned = match pin.what {
                PinWhat::Start(time) => Span::new(time, time),
                PinWhat::Within(span) => Some(span),
                PinWhat::Crew(_) | PinWhat::NotCrew(_) | PinWhat::Unassigned => None,
            };
            let Some(pinned) = pinned else { continue };
            starts = starts.into_iter().filter_map(|span| span.meet(pinned)).collect();
            if starts.is_empty() {
                return Err(Obstacle::Pinned(pin));
            }
        }
        Ok(starts)
    }

    fn sentence(&self, crew: &Crew, shift: &Shift, obstacle: Obstacle<'_>) -> Violation {
        let (rule, sv, en) = self.reason(crew, shift, obstacle);
        let (id, visit, number) = (&crew.id, &self.visit.id, self.index + 1);
        let (on, role) = (&shift.id, &self.part.role);
        let sv = format!(
            "Tur {id} på pass {on} kan inte göra besök {visit} del {number} ({role}): {sv}."
        );
        let en = format!(
            "Crew {id} on shift {on} cannot give visit {visit} part {number} ({role}): {en}."
        );
        let subject = Subject {
            visit: Some(visit.clone()),
            part: Some(self.index),
            crew: Some(id.clone()),
            shift: Some(on.clone()),
        };
        Violation::new(rule, subject, sv, en)
    }

    fn reason(
        &self,
        crew: &Crew,
        shift: &Shift,
        obstacle: Obstacle<'_>,
    ) -> (&'static HardRule, String, String) {
        match obstacle {
            Obstacle::Pinned(pin) => {
                (&pins::RULE, format!("låst ({})", pin.reason), format!("pinned ({})", pin.reason))
            }
            Obstacle::BoundTo(Shift { id, .. }) => (
                &first_stops::RULE,
                format!("pass {id} ska göra det först"),
                format!("shift {id} is to do it first"),
            ),
            Obstacle::Role => {
                (&role::RULE, "har inte rollen".to_owned(), "has not the role".to_owned())
            }
            Obstacle::Skill => {
                let skill = skill::lacking(crew, self.part).map_or("", |skill| skill.as_str());
                let sv = format!("saknar kompetensen {skill}");
                (&skill::RULE, sv, format!("lacks skill {skill}"))
            }
            Obstacle::Where(obstacle) => self.where_reason(obstacle),
            Obstacle::When(obstacle) => self.when_reason(shift, obstacle),
        }
    }

    fn where_reason(&self, obstacle: Where) -> (&'static HardRule, String, String) {
        let home = self.world.place_of(self.visit);
        let (place, municipality) = (&home.id, &home.municipality);
        match obstacle {
            Where::NoWay => (
                &travel::RULE,
                format!("det finns ingen väg till {place}"),
                format!("there is no way to {place}"),
            ),
            Where::LendingHours => (
                &area::RULE,
                format!("lånas inte ut till {place} då besöket går att göra"),
                format!("is not lent to {place} when the visit can be made"),
            ),
            Where::Area => (
                &area::RULE,
                format!("får inte arbeta vid {place} (kommun {municipality})"),
                format!("may not work at {place} (municipality {municipality})"),
            ),
        }
    }

    fn when_reason(&self, shift: &Shift, obstacle: When) -> (&'static HardRule, String, String) {
        let hours = window::spell(self.world, &[shift.hours]);
        match obstacle {
            When::ShiftTooShort(needed) => {
                let needed = length(needed);
                (
                    &shift_hours::RULE,
                    format!("{needed} med resor ryms inte i {hours}"),
                    format!("{needed} with travel does not fit in {hours}"),
                )
            }
            When::Window => {
                let windows = window::spell(self.world, &self.visit.windows);
                (
                    &window::RULE,
                    format!("hemmets tider ({windows}) passar inte passet ({hours})"),
                    format!("the home's times ({windows}) do not suit the shift ({hours})"),
                )
            }
            When::TooLate => {
                let first = clock(self.world, self.world.earliest_start(self.visit));
                (
                    &earliest::RULE,
                    format!("från {first} räcker inte passet ({hours}) till"),
                    format!("from {first} on there is too little left of the shift ({hours})"),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Day, at, span};
    use super::*;
    use crate::domain::{
        CrewId, CrewKindId, DayClass, DelregionId, Hours, Lending, PartId, SkillId, VisitId,
    };

    fn visiting(place: &str) -> Day {
        let mut day = Day::new();
        day.visit("v1", place, &[("doctor", 30)]);
        day
    }

    /// The rule that keeps the car from the visit.
    fn obstacle(day: &Day) -> Option<&'static str> {
        let (world, travel) = (day.world(), day.travel());
        let car = &world.crews[0];
        let said = why_not(&world, &travel, &world.visits[0], 0, car, &car.shifts[0]);
        said.map(|violation| violation.rule)
    }

    fn impossible(day: &Day) -> Option<usize> {
        let world = day.world();
        impossible_part(&world, &day.travel(), &world.visits[0])
    }

    #[test]
    fn what_an_empty_shift_can_do_is_not_forbidden() {
        assert_eq!(obstacle(&visiting("home-1")), None);
        assert_eq!(impossible(&visiting("home-1")), None);
    }

    #[test]
    fn the_crew_itself_may_be_wrong() {
        let mut day = visiting("home-1");
        day.facts.visits[0].parts[0].skills = vec![SkillId::new("ultrasound")];
        assert_eq!(obstacle(&day), Some("skill"));
        assert_eq!(impossible(&day), Some(0));
        day.pin("v1", None, PinWhat::Crew(CrewId::new("car")));
        assert_eq!(obstacle(&day), None);
        day.pin("v1", None, PinWhat::NotCrew(CrewId::new("car")));
        assert_eq!(obstacle(&day), Some("pins"));
        assert_eq!(obstacle(&visiting("island")), Some("travel"));
    }

    #[test]
    fn lending_must_come_at_an_hour_when_the_visit_can_be_made() {
        assert_eq!(obstacle(&visiting("far-south")), Some("area"));
        for (to_minute, rule) in [(9 * 60, Some("area")), (9 * 60 + 1, None)] {
            let mut day = visiting("far-south");
            day.facts.visits[0].windows = vec![span((9, 0), (10, 0))];
            day.facts.policy.lending.push(Lending {
                from: DelregionId::new("north"),
                to: DelregionId::new("south"),
                crew_kinds: vec![CrewKindId::new("car")],
                hours: Hours { days: vec![DayClass::Any], from_minute: 0, to_minute },
            });
            assert_eq!(obstacle(&day), rule);
        }
    }

    #[test]
    fn what_another_shift_is_to_do_first_is_no_other_crews() {
        let mut day = visiting("home-1");
        day.facts.crews[1].shifts[0].first = vec![PartId { visit: VisitId::new("v1"), part: 0 }];
        assert_eq!(obstacle(&day), Some("first_stops"));
        assert_eq!(impossible(&day), Some(0), "the nurse's shift is to do it, and cannot");
        let shift = &mut day.facts.crews[1].shifts[0];
        let first = std::mem::take(&mut shift.first);
        day.facts.crews[0].shifts[0].first = first;
        assert_eq!((obstacle(&day), impossible(&day)), (None, None));
    }

    #[test]
    fn the_hours_may_be_wrong() {
        let mut day = visiting("home-1");
        day.facts.crews[0].shifts[0].hours = span((8, 0), (8, 19));
        assert_eq!(obstacle(&day), Some("shift_hours"));
        day.facts.crews[0].shifts[0].hours = span((8, 0), (8, 20));
        assert_eq!(obstacle(&day), None, "with half an hour of overtime");

        let mut day = visiting("home-1");
        day.facts.visits[0].requested_at = at(15, 51);
        assert_eq!(obstacle(&day), Some("earliest"));

        let mut day = visiting("home-1");
        day.facts.visits[0].windows = vec![span((7, 0), (8, 39)), span((16, 0), (18, 0))];
        assert_eq!(obstacle(&day), Some("window"));
        day.pin("v1", None, PinWhat::Start(at(9, 0)));
        assert_eq!(obstacle(&day), None);
    }
}
