//! Plans: those of plan files, and the previous plan in a day file.

use std::collections::{BTreeMap, BTreeSet};

use super::travel::provenance;
use super::{every, position};
use crate::domain::{
    Calendar, CrewId, Metres, PlaceId, Plan, Reason, Score, Seconds, ShiftId, ShiftPlan, Stop,
    StopWhat, Told, Unassigned, VisitId, World,
};
use crate::wire::document::Node;
use crate::wire::moment::moment;
use crate::wire::problem::{E0302, E0303, E0602, E0603, Note, Problems};

/// The things that a plan can speak of.
#[derive(Default)]
pub(super) struct Things<'a> {
    pub(super) places: BTreeSet<&'a str>,
    pub(super) crews: BTreeSet<&'a str>,
    /// How many parts each visit has.
    pub(super) visits: BTreeMap<&'a str, usize>,
    /// The crew of each shift and how many breaks it has.
    pub(super) shifts: BTreeMap<&'a str, (&'a str, usize)>,
}

impl<'a> Things<'a> {
    pub(super) fn of_world(world: &'a World) -> Things<'a> {
        let visits = world.visits.iter().map(|visit| (visit.id.as_str(), visit.parts.len()));
        let shifts = world.crews.iter().flat_map(|crew| {
            let crew_id = crew.id.as_str();
            crew.shifts.iter().map(move |shift| (shift.id.as_str(), (crew_id, shift.breaks.len())))
        });
        Things {
            places: world.places.iter().map(|place| place.id.as_str()).collect(),
            crews: world.crews.iter().map(|crew| crew.id.as_str()).collect(),
            visits: visits.collect(),
            shifts: shifts.collect(),
        }
    }
}

/// Reads a plan. Of a plan file, all that it speaks of must be there. A previous plan may speak of
/// what is gone: that is kept and noted, so that nobody who was told something is forgotten in
/// silence; only positions past the end of a list are left out, and noted as well. Where nothing is
/// known of the things, all is taken as it stands.
pub(super) struct PlanReader<'a, 'n> {
    calendar: &'a Calendar,
    things: Option<&'a Things<'a>>,
    notes: Option<&'n mut Vec<Note>>,
}

impl<'a, 'n> PlanReader<'a, 'n> {
    /// With `notes` it is a previous plan.
    pub(super) fn new(
        calendar: &'a Calendar,
        things: &'a Things<'a>,
        notes: Option<&'n mut Vec<Note>>,
    ) -> PlanReader<'a, 'n> {
        PlanReader { calendar, things: Some(things), notes }
    }

    /// Of a plan that is taken as it stands, whatever it speaks of.
    pub(super) fn of_anything(calendar: &'a Calendar) -> PlanReader<'a, 'n> {
        PlanReader { calendar, things: None, notes: None }
    }

    pub(super) fn plan(&mut self, node: &Node, problems: &mut Problems) -> Option<Plan> {
        let shifts = every(node.items("shifts"), |item| self.shift(item, problems));
        let unassigned = every(node.items("unassigned"), |item| self.unassigned(item, problems));
        let travel =
            node.optional("travel", |node, key| provenance(node, key, self.calendar, problems));
        let score = node.field("score")?;
        let tier = |key| score.whole(key);
        Some(Plan {
            score: Score {
                tiers: [tier("unplanned")?, tier("planned")?, tier("told")?, tier("cost")?],
            },
            shifts: shifts?,
            unassigned: unassigned?,
            travel: travel?,
        })
    }

    fn shift(&mut self, node: &Node, problems: &mut Problems) -> Option<ShiftPlan> {
        let crew = node.text("crew");
        let shift = node.text("shift");
        let things = self.things;
        if let Some(crew) = crew {
            let is_known = things.is_some_and(|things| things.crews.contains(crew));
            self.expect(is_known, "crew", crew, node, problems);
        }
        let known = shift.and_then(|shift| things?.shifts.get(shift).copied());
        if let Some(shift) = shift {
            self.expect(known.is_some(), "shift", shift, node, problems);
        }
        if let (Some(crew), Some((owner, _))) = (crew, known)
            && crew != owner
            && things.is_some_and(|things| things.crews.contains(crew))
        {
            let cause = format!("the shift is one of crew {owner}, not of {crew}");
            self.fault(E0603, node.path_of("shift"), cause, "Correct one of the two", problems);
        }
        let breaks = known.map(|(_, breaks)| breaks);
        let mut stops = Vec::new();
        let mut are_whole = true;
        for item in node.items("stops") {
            match self.what(&item, breaks, problems) {
                What::Stop(what) => match self.stop(&item, what, problems) {
                    Some(stop) => stops.push(stop),
                    None => are_whole = false,
                },
                What::LeftOut => {}
                What::Faulty => are_whole = false,
            }
        }
        let depart = moment(node, "depart", self.calendar, problems);
        let back = moment(node, "back", self.calendar, problems);
        are_whole.then_some(())?;
        Some(ShiftPlan {
            crew: CrewId::new(crew?),
            shift: ShiftId::new(shift?),
            depart: depart?,
            stops,
            travel_back: seconds(node, "travel_back_seconds")?,
            metres_back: Metres(node.whole("metres_back")?),
            back: back?,
        })
    }

    /// Which stop a node names: a visit's part, or a break. Nothing when it is faulty.
    pub(super) fn stop_name(&mut self, node: &Node, problems: &mut Problems) -> Option<StopWhat> {
        match self.what(node, None, problems) {
            What::Stop(what) => Some(what),
            What::LeftOut | What::Faulty => None,
        }
    }

    fn what(&mut self, node: &Node, breaks: Option<usize>, problems: &mut Problems) -> What {
        match (node.has("visit"), node.has("part"), node.has("break")) {
            (true, true, false) => self.part(node, problems),
            (false, false, true) => {
                let Some(index) = position(node, "break") else { return What::Faulty };
                if breaks.is_some_and(|count| index >= count) {
                    let cause = format!("the shift has no break number {index}, counted from 0");
                    let path = node.path_of("break");
                    return self.past_the_end(path, cause, problems);
                }
                What::Stop(StopWhat::Break { index })
            }
            _ => {
                let cause = "a stop is `visit` and `part`, or `break`";
                problems.add(E0602, node.path(), cause, "Give either the two or the one");
                What::Faulty
            }
        }
    }

    fn part(&mut self, node: &Node, problems: &mut Problems) -> What {
        let (visit, part) = (node.text("visit"), position(node, "part"));
        let count = visit.and_then(|visit| self.things?.visits.get(visit).copied());
        if let Some(visit) = visit {
            self.expect(count.is_some(), "visit", visit, node, problems);
        }
        let (Some(visit), Some(part)) = (visit, part) else { return What::Faulty };
        if count.is_some_and(|count| part >= count) {
            let cause = format!("visit {visit} has no part number {part}, counted from 0");
            return self.past_the_end(node.path_of("part"), cause, problems);
        }
        What::Stop(StopWhat::Part { visit: VisitId::new(visit), part })
    }

    fn stop(&mut self, node: &Node, what: StopWhat, problems: &mut Problems) -> Option<Stop> {
        let place = node.text("place");
        if let Some(place) = place {
            let is_known = self.things.is_some_and(|things| things.places.contains(place));
            self.expect(is_known, "place", place, node, problems);
        }
        let arrive = moment(node, "arrive", self.calendar, problems);
        let start = moment(node, "start", self.calendar, problems);
        let end = moment(node, "end", self.calendar, problems);
        let held_until =
            node.optional("held_until", |node, key| moment(node, key, self.calendar, problems));
        let told = told_list(node, self.calendar, problems);
        Some(Stop {
            what,
            place: PlaceId::new(place?),
            travel: seconds(node, "travel_seconds")?,
            metres: Metres(node.whole("metres")?),
            arrive: arrive?,
            start: start?,
            end: end?,
            slack: seconds(node, "slack_seconds")?,
            held_until: held_until?,
            told: told?,
        })
    }

    fn unassigned(&mut self, node: &Node, problems: &mut Problems) -> Option<Unassigned> {
        let visit = node.text("visit");
        let count = visit.and_then(|visit| self.things?.visits.get(visit).copied());
        if let Some(visit) = visit {
            self.expect(count.is_some(), "visit", visit, node, problems);
        }
        let reason = match node.text("reason")? {
            "proven_impossible" if !node.has("part") => {
                let cause = "`proven_impossible` needs the `part` that nobody can do";
                problems.add(E0603, node.path(), cause, "Give the part, or another reason");
                return None;
            }
            "proven_impossible" => Reason::ProvenImpossible { part: position(node, "part")? },
            "no_place_in_this_plan" => Reason::NoPlaceInThisPlan,
            "not_found_within_budget" => Reason::NotFoundWithinBudget,
            "pinned" => Reason::Pinned,
            _ => return None,
        };
        Some(Unassigned { visit: VisitId::new(visit?), deferred: node.flag("deferred")?, reason })
    }

    /// Reports, or notes, an id that names nothing.
    fn expect(
        &mut self,
        is_known: bool,
        what: &'static str,
        id: &str,
        node: &Node,
        problems: &mut Problems,
    ) {
        if is_known || self.things.is_none() {
            return;
        }
        match &mut self.notes {
            None => {
                let cause = format!("the day has no {what} with the id {id:.100?}");
                let action = "Correct the id, or give the day that the plan was made for";
                problems.add(E0302, node.path_of(what), cause, action);
            }
            Some(notes) => notes.push(Note {
                path: node.path_of(what),
                text: format!(
                    "the previous plan speaks of {what} {id}, which is gone{}",
                    told(node)
                ),
            }),
        }
    }

    /// Reports a contradiction in a plan file; in a previous plan it is noted.
    fn fault(
        &mut self,
        code: &'static str,
        path: String,
        cause: String,
        action: &str,
        problems: &mut Problems,
    ) {
        match &mut self.notes {
            None => problems.add(code, path, cause, action),
            Some(notes) => notes.push(Note { path, text: cause }),
        }
    }

    fn past_the_end(&mut self, path: String, cause: String, problems: &mut Problems) -> What {
        let is_previous = self.notes.is_some();
        self.fault(E0303, path, cause, "Name one that there is", problems);
        if is_previous { What::LeftOut } else { What::Faulty }
    }
}

/// Who has been told which start, in the field `told`.
pub(super) fn told_list(
    node: &Node,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Vec<Told>> {
    every(node.items("told"), |item| {
        let time = moment(item, "time", calendar, problems)?;
        Some(Told { audience: item.text("audience")?.to_owned(), time })
    })
}

enum What {
    Stop(StopWhat),
    LeftOut,
    Faulty,
}

/// Who was told of a stop that is gone: they have to be told that it is.
fn told(node: &Node) -> String {
    let audiences: Vec<&str> =
        node.items("told").iter().filter_map(|item| item.text("audience")).collect();
    if audiences.is_empty() {
        String::new()
    } else {
        format!("; {} had been told of it", audiences.join(", "))
    }
}

fn seconds(node: &Node, key: &str) -> Option<Seconds> {
    node.whole(key).map(Seconds)
}
