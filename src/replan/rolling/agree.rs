//! Reports that only say what the plan says. A crew that comes to its next stop in time changes
//! nothing of the plan, so the rest of the day need not be compiled for it at once.

use crate::domain::{Event, Recorded, ShiftId, ShiftPlan, Step, Stop, StopWhat};

use super::Rolling;

impl Rolling {
    /// Does the event report that a crew keeps to the plan? Asked before it is taken in.
    pub(super) fn agrees(&self, recorded: &Recorded) -> bool {
        let Event::Progress { shift, what, step } = &recorded.event else { return false };
        let at = recorded.valid_at;
        if at > recorded.recorded_at {
            return false;
        }
        let Some(list) = self.lists().find(|list| list.shift == *shift) else { return false };
        let Some((next, leaves)) = self.next_stop(list) else { return false };
        let has_started =
            self.live.progress(shift, what).is_some_and(|progress| progress.started.is_some());
        match step {
            Step::UnderWay => next.what == *what && at <= leaves,
            Step::Arrived => next.what == *what && at <= next.arrive,
            Step::Started => next.what == *what && at <= next.start && self.is_alone(what),
            Step::Overrun { ends } => {
                has_started && stop_of(list, what).is_some_and(|stop| *ends <= stop.end)
            }
            Step::Finished => has_started && stop_of(list, what).is_some_and(|stop| at <= stop.end),
            Step::Admitted => false,
        }
    }

    /// The first stop of a list that has not begun, and when the crew leaves for it.
    fn next_stop<'a>(&self, list: &'a ShiftPlan) -> Option<(&'a Stop, crate::domain::Instant)> {
        let has_begun = |shift: &ShiftId, what: &StopWhat| {
            self.live.progress(shift, what).is_some_and(|progress| progress.has_begun())
        };
        let at = list.stops.iter().position(|stop| !has_begun(&list.shift, &stop.what))?;
        let leaves = match at.checked_sub(1) {
            Some(before) => list.stops[before].end,
            None => list.depart,
        };
        Some((&list.stops[at], leaves))
    }

    /// Whoever starts a visit of several ties the others to the moment.
    fn is_alone(&self, what: &StopWhat) -> bool {
        match what {
            StopWhat::Break { .. } => true,
            StopWhat::Part { visit, .. } => {
                let visit = self.live.world().visit(visit);
                visit.is_some_and(|visit| visit.parts.len() == 1)
            }
        }
    }
}

fn stop_of<'a>(list: &'a ShiftPlan, what: &StopWhat) -> Option<&'a Stop> {
    list.stops.iter().find(|stop| stop.what == *what)
}
