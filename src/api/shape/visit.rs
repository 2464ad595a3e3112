//! Visits and crews as they are now.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::ProgressOut;
use crate::domain::{self, Live, StopWhat};
use crate::replan::rolling::Rolling;
use crate::wire::time_text;

/// Visits, some at a time.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct VisitPage {
    visits: Vec<Visit>,
    /// Ask for those after this one to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    next_after: Option<String>,
}

/// A visit as it is now.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Visit {
    id: String,
    patient: String,
    kind: String,
    priority: u8,
    requested_at: String,
    /// Latest start that keeps the promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    deadline: Option<String>,
    /// `planned`, `unassigned`, `held`, `begun`, `done` or `cancelled`.
    state: &'static str,
    /// Held until then, and gone unless confirmed before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    held_until: Option<String>,
    parts: Vec<PartOut>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PartOfVisit")]
struct PartOut {
    role: String,
    service_minutes: i64,
    /// Who does it, or has done it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    crew: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    shift: Option<String>,
    /// When it starts by the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ProgressOut")]
    progress: Option<ProgressOut>,
    /// Who was told which start.
    told: Vec<Told>,
}

#[derive(Serialize, JsonSchema)]
struct Told {
    audience: String,
    time: String,
}

/// Which visits of a page.
pub(in crate::api) struct Wanted {
    /// Those after this one.
    pub(in crate::api) after: Option<String>,
    /// So many.
    pub(in crate::api) limit: usize,
}

impl VisitPage {
    /// A page of visits, in the order in which they became known. Nothing when no visit has the id
    /// that it shall begin after.
    pub(in crate::api) fn of(rolling: &Rolling, wanted: &Wanted) -> Option<VisitPage> {
        let visits = &rolling.live().world().visits;
        let from = match &wanted.after {
            None => 0,
            Some(after) => visits.iter().position(|visit| visit.id.as_str() == after)? + 1,
        };
        let page = &visits[from..visits.len().min(from + wanted.limit)];
        let is_last = from + page.len() >= visits.len();
        let next = page.last().filter(|_| !is_last).map(|visit| visit.id.to_string());
        let stops = Stops::of(rolling);
        Some(VisitPage {
            visits: page.iter().map(|visit| stops.visit(visit)).collect(),
            next_after: next,
        })
    }
}

/// A visit as it is now, if there is one with this id.
pub(in crate::api) fn visit_of(rolling: &Rolling, id: &domain::VisitId) -> Option<Visit> {
    let visit = rolling.live().world().visit(id)?;
    Some(Stops::of(rolling).visit(visit))
}

struct Stops<'a> {
    rolling: &'a Rolling,
    stops: std::collections::BTreeMap<&'a StopWhat, (&'a domain::ShiftPlan, &'a domain::Stop)>,
}

impl<'a> Stops<'a> {
    fn of(rolling: &'a Rolling) -> Stops<'a> {
        let lists = rolling.lists().map(|list| &**list);
        let parts = lists.flat_map(|list| list.stops.iter().map(move |stop| (list, stop)));
        let parts = parts.filter(|(_, stop)| matches!(stop.what, StopWhat::Part { .. }));
        Stops { rolling, stops: parts.map(|(list, stop)| (&stop.what, (list, stop))).collect() }
    }

    fn visit(&self, visit: &domain::Visit) -> Visit {
        let live = self.rolling.live();
        let deadline = live.world().deadline_of(visit).map(|(_, moment)| time_text(moment));
        let parts = (0..visit.parts.len()).map(|part| self.part(live, visit, part));
        Visit {
            id: visit.id.to_string(),
            patient: visit.patient.to_string(),
            kind: visit.kind.to_string(),
            priority: visit.priority,
            requested_at: time_text(visit.requested_at),
            deadline,
            state: self.state(live, visit),
            held_until: live.held_until(&visit.id).map(time_text),
            parts: parts.collect(),
        }
    }

    fn state(&self, live: &Live, visit: &domain::Visit) -> &'static str {
        let begun = |part| live.begun_by(&visit.id, part).map(|(_, progress)| progress);
        let parts = 0..visit.parts.len();
        if live.is_cancelled(&visit.id) {
            "cancelled"
        } else if parts.clone().all(|part| begun(part).is_some_and(|p| p.finished.is_some())) {
            "done"
        } else if parts.clone().any(|part| begun(part).is_some()) {
            "begun"
        } else if live.held_until(&visit.id).is_some() {
            "held"
        } else if self.rolling.unassigned().any(|left_out| left_out.visit == visit.id) {
            "unassigned"
        } else {
            "planned"
        }
    }

    fn part(&self, live: &Live, visit: &domain::Visit, part: usize) -> PartOut {
        let what = StopWhat::Part { visit: visit.id.clone(), part };
        let planned = self.stops.get(&what);
        let begun = live.begun_by(&visit.id, part);
        let shift = begun.map(|(shift, _)| shift).or(planned.map(|(list, _)| &list.shift));
        let crew = shift.and_then(|shift| live.world().shift(shift)).map(|(crew, _)| &crew.id);
        let progress = shift.and_then(|shift| live.progress(shift, &what));
        let told = live
            .told(&visit.id, part)
            .iter()
            .map(|told| Told { audience: told.audience.clone(), time: time_text(told.time) });
        PartOut {
            role: visit.parts[part].role.to_string(),
            service_minutes: visit.parts[part].service.minutes_begun(),
            crew: crew.map(ToString::to_string),
            shift: shift.map(ToString::to_string),
            start: planned.map(|(_, stop)| time_text(stop.start)),
            end: planned.map(|(_, stop)| time_text(stop.end)),
            progress: progress.map(ProgressOut::from),
            told: told.collect(),
        }
    }
}

/// All crews.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Crews {
    crews: Vec<Crew>,
}

/// A crew.
#[derive(Serialize, JsonSchema)]
pub(in crate::api) struct Crew {
    id: String,
    kind: String,
    roles: Vec<String>,
    home_delregion: String,
    shifts: Vec<ShiftOut>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ShiftOfCrew")]
struct ShiftOut {
    id: String,
    from: String,
    to: String,
    /// When it ended before its time, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    off_from: Option<String>,
    /// Until when it does nothing, if it was reported late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    late_until: Option<String>,
}

impl Crews {
    pub(in crate::api) fn of(live: &Live) -> Crews {
        let shift = |shift: &domain::Shift| ShiftOut {
            id: shift.id.to_string(),
            from: time_text(shift.hours.from()),
            to: time_text(shift.hours.to()),
            off_from: live.off_from(&shift.id).map(time_text),
            late_until: live.late_until(&shift.id).map(time_text),
        };
        let crew = |crew: &domain::Crew| Crew {
            id: crew.id.to_string(),
            kind: crew.kind.to_string(),
            roles: crew.roles.iter().map(ToString::to_string).collect(),
            home_delregion: crew.home_delregion.to_string(),
            shifts: crew.shifts.iter().map(shift).collect(),
        };
        Crews { crews: live.world().crews.iter().map(crew).collect() }
    }
}
