//! From events to their shapes.

use super::{
    AcknowledgedFile, BodyFile, ChangedFile, CrewLateFile, CrewOffFile, CrewOnFile, EventFile,
    HeadFile, ImprovedFile, OfVisitFile, OrderFile, OrderedFile, PinnedFile, PlacedFile,
    PositionFile, ProgressFile, RequestedFile, SlotFile, StepFile, StopNameFile, TickFile,
    ToldOfFile, UnpinnedFile, event_kind,
};
use crate::domain::{
    Calendar, Change, CrewOn, Event, Improved, Instant, Recorded, Request, Seconds, ShiftOrder,
    Slot, Span, Step, StopWhat,
};
use crate::wire::moment::write;
use crate::wire::shape::crews::CrewFile;
use crate::wire::shape::day::{PatientFile, PinFile, PlaceFile, SpanFile, VisitFile};
use crate::wire::shape::minutes;

impl EventFile {
    /// An event as a file, with times by the wall clock of `calendar`.
    pub(in crate::wire) fn new(recorded: &Recorded, calendar: &Calendar) -> EventFile {
        EventFile {
            kind: event_kind(&recorded.event),
            head: HeadFile {
                id: recorded.id.to_string(),
                valid_at: write(recorded.valid_at, calendar),
                recorded_at: write(recorded.recorded_at, calendar),
                by: recorded.by.clone(),
                why: recorded.why.clone(),
            },
            body: BodyFile::new(&recorded.event, calendar),
        }
    }
}

impl BodyFile {
    fn new(event: &Event, calendar: &Calendar) -> BodyFile {
        let time = |moment: Instant| write(moment, calendar);
        match event {
            Event::Requested(request) => {
                BodyFile::Requested(Box::new(RequestedFile::new(request, calendar)))
            }
            Event::Changed(change) => BodyFile::Changed(ChangedFile::new(change, calendar)),
            Event::Cancelled { visit } | Event::Confirmed { visit } => {
                BodyFile::Visit(OfVisitFile { visit: visit.to_string() })
            }
            Event::CrewOn(on) => BodyFile::CrewOn(CrewOnFile::new(on, calendar)),
            Event::CrewOff { shift, from } => {
                BodyFile::CrewOff(CrewOffFile { shift: shift.to_string(), from: time(*from) })
            }
            Event::CrewLate { shift, until } => {
                BodyFile::CrewLate(CrewLateFile { shift: shift.to_string(), until: time(*until) })
            }
            Event::Position { crew, point } => BodyFile::Position(PositionFile {
                crew: crew.to_string(),
                lat: point.lat(),
                lon: point.lon(),
            }),
            Event::Progress { shift, what, step } => {
                let (step, ends) = steps(*step);
                let (shift, stop) = (shift.to_string(), StopNameFile::from(what));
                BodyFile::Progress(ProgressFile { shift, stop, step, ends: ends.map(time) })
            }
            Event::Pinned(pin) => BodyFile::Pinned(PinnedFile { pin: PinFile::new(pin, calendar) }),
            Event::Unpinned { visit, part } => {
                BodyFile::Unpinned(UnpinnedFile { visit: visit.to_string(), part: *part })
            }
            Event::Told { visit, part, audience, time: told } => BodyFile::Told(ToldOfFile {
                visit: visit.to_string(),
                part: *part,
                audience: audience.clone(),
                time: time(*told),
            }),
            Event::Acknowledged { shift, version } => BodyFile::Acknowledged(AcknowledgedFile {
                shift: shift.to_string(),
                list_version: *version,
            }),
            Event::Placed(placed) => BodyFile::Placed(PlacedFile {
                visit: placed.visit.to_string(),
                slots: placed.slots.iter().map(SlotFile::from).collect(),
            }),
            Event::Improved(improved) => BodyFile::Improved(ImprovedFile::new(improved, calendar)),
            Event::Tick => BodyFile::Tick(TickFile {}),
        }
    }
}

impl RequestedFile {
    fn new(request: &Request, calendar: &Calendar) -> RequestedFile {
        RequestedFile {
            visit: VisitFile::new(&request.visit, calendar),
            patient: request.patient.as_ref().map(PatientFile::whole),
            place: request.place.as_ref().map(PlaceFile::from),
            held_until: request.held_until.map(|moment| write(moment, calendar)),
            slots: request.slots.as_ref().map(|slots| slots.iter().map(SlotFile::from).collect()),
            tell: request.tell.clone(),
        }
    }
}

impl ChangedFile {
    fn new(change: &Change, calendar: &Calendar) -> ChangedFile {
        let spans =
            |spans: &Vec<Span>| spans.iter().map(|span| SpanFile::new(*span, calendar)).collect();
        let services =
            |services: &Vec<Seconds>| services.iter().map(|service| minutes(*service)).collect();
        ChangedFile {
            visit: change.visit.to_string(),
            windows: change.windows.as_ref().map(spans),
            priority: change.priority,
            service_minutes: change.service.as_ref().map(services),
        }
    }
}

impl CrewOnFile {
    fn new(on: &CrewOn, calendar: &Calendar) -> CrewOnFile {
        CrewOnFile {
            crew: CrewFile::new(&on.crew, calendar),
            places: on.places.iter().map(PlaceFile::from).collect(),
        }
    }
}

/// A step and, with an overrun, its end.
fn steps(step: Step) -> (StepFile, Option<Instant>) {
    match step {
        Step::UnderWay => (StepFile::UnderWay, None),
        Step::Arrived => (StepFile::Arrived, None),
        Step::Started => (StepFile::Started, None),
        Step::Overrun { ends } => (StepFile::Overrun, Some(ends)),
        Step::Finished => (StepFile::Finished, None),
        Step::Admitted => (StepFile::Admitted, None),
    }
}

impl ImprovedFile {
    fn new(improved: &Improved, calendar: &Calendar) -> ImprovedFile {
        let ordered = |(what, held_until): &(StopWhat, Option<Instant>)| OrderedFile {
            stop: StopNameFile::from(what),
            held_until: held_until.map(|moment| write(moment, calendar)),
        };
        let order = |order: &ShiftOrder| OrderFile {
            shift: order.shift.to_string(),
            stops: order.stops.iter().map(ordered).collect(),
        };
        ImprovedFile {
            orders: improved.orders.iter().map(order).collect(),
            gain: improved.gain,
            seed: improved.seed,
            work: improved.work,
        }
    }
}

impl From<&Slot> for SlotFile {
    fn from(slot: &Slot) -> SlotFile {
        SlotFile {
            part: slot.part,
            shift: slot.shift.to_string(),
            after: slot.after.as_ref().map(StopNameFile::from),
        }
    }
}

impl From<&StopWhat> for StopNameFile {
    fn from(what: &StopWhat) -> StopNameFile {
        match what {
            StopWhat::Part { visit, part } => StopNameFile {
                visit: Some(visit.to_string()),
                part: Some(*part),
                break_index: None,
            },
            StopWhat::Break { index } => {
                StopNameFile { break_index: Some(*index), ..StopNameFile::default() }
            }
        }
    }
}
