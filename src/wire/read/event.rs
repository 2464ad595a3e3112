//! Events of the log, and reports: what a caller sends, to be made into one.
//!
//! An event is read without the facts of the day, on any thread. So ids of visits, patients,
//! places, crews and shifts are taken as they stand; whoever takes the event in refuses those that
//! name nothing.

use serde_json::Value;

use super::crews::crew;
use super::known::Known;
use super::pins::pin;
use super::places::{patient, place, point};
use super::plan::PlanReader;
use super::region::RegionReading;
use super::visits::{Filled, visit, windows};
use super::{
    Context, MunicipalityOfPlace, SENSE, checked_minutes, every, exact, natural, position,
    read_document,
};
use crate::domain::{
    Calendar, Change, CrewId, CrewOn, Event, EventId, Improved, Instant, Placed, Recorded, Request,
    ShiftId, ShiftOrder, Slot, Step, StopWhat, TIERS, VisitId, World,
};
use crate::wire::document::{Node, parse};
use crate::wire::moment::moment;
use crate::wire::problem::{E0105, E0201, E0202, E0204, E0603, Problem, Problems};
use crate::wire::schema::{Checker, Form, NOT_REPORTED};
use crate::wire::shape::EVENT_KINDS;

/// No report with more bytes than this is read.
pub const REPORT_BYTES_MAX: usize = 500_000;

/// What reading an event looks at: the calendar, the region, and the words of the policy. It holds
/// for as long as these do, whatever becomes of visits, patients, crews and places.
pub struct Terms {
    context: Context<'static>,
}

impl Terms {
    /// Those of a day.
    pub fn of(world: &World) -> Terms {
        let region = RegionReading::of(&world.region);
        let delregioner = world.region.municipalities.values().map(|of| of.delregion.to_string());
        let municipalities = world.region.municipalities.keys().map(ToString::to_string);
        let kinds = world.policy.kinds.iter().map(|kind| kind.id.to_string());
        let care_forms = world.policy.care_forms.iter().map(|form| form.id.to_string());
        let context = Context {
            calendar: world.calendar().clone(),
            municipalities: Known::these("municipality", municipalities),
            delregioner: Known::these("delregion", delregioner),
            kinds: Known::these("kind", kinds),
            care_forms: Known::these("care form", care_forms),
            places: Known::any("place"),
            patients: Known::any("patient"),
            crews: Known::any("crew"),
            visits: Known::any("visit"),
            policy: None,
            region,
        };
        Terms { context }
    }
}

/// What is written down of a report when it comes in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// The event's id: 1 to 200 characters.
    pub id: EventId,
    /// Now, by the clock of whoever takes it in.
    pub recorded_at: Instant,
    /// Who reports it: 1 to 200 characters.
    pub by: String,
    /// The id of the visit, for a request that brings none: 1 to 100 characters.
    pub visit: VisitId,
}

/// The event of a whole document of the log.
///
/// # Errors
/// Every problem that it has.
pub fn read_event(text: impl AsRef<[u8]>, terms: &Terms) -> Result<Recorded, Vec<Problem>> {
    let mut problems = Problems::default();
    let Some(document) = parse(text.as_ref(), &mut problems) else {
        return Err(problems.into_list());
    };
    let kind = kind_of(&document, &mut problems);
    let checker = kind.and_then(|kind| Checker::of_event(kind, Form::Logged));
    let (Some(kind), Some(checker)) = (kind, checker) else { return Err(problems.into_list()) };
    read_document(&document, checker, problems, |node, problems| {
        // It has been taken in before: what is read again must not fail.
        problems.pass_over(&SENSE);
        let context: &Context = &terms.context;
        let valid_at = moment(node, "valid_at", &context.calendar, problems);
        let recorded_at = moment(node, "recorded_at", &context.calendar, problems);
        let event = event(node, kind, Filled::default(), context, problems);
        Some(Recorded {
            id: EventId::new(node.text("id")?),
            valid_at: valid_at?,
            recorded_at: recorded_at?,
            by: node.text("by")?.to_owned(),
            why: node.optional("why", |node, key| node.text(key))?.map(str::to_owned),
            event: event?,
        })
    })
}

/// The event of a report. Its id, who reported it and when it was recorded come from the stamp and
/// must not be in the text; its kind is that given here or, if none is, that in the text. What was
/// so at no other moment was so when it was recorded. A request may leave out the id of its visit,
/// and when it was asked for: that is when it was so.
///
/// # Errors
/// Every problem that the text has, with paths in the text.
pub fn read_report(
    text: impl AsRef<[u8]>,
    kind: Option<&str>,
    terms: &Terms,
    stamp: &Stamp,
) -> Result<Recorded, Vec<Problem>> {
    let text = text.as_ref();
    let mut problems = Problems::default();
    if text.len() > REPORT_BYTES_MAX {
        let cause = format!("the report has {} bytes, more than {REPORT_BYTES_MAX}", text.len());
        problems.add(E0105, "", cause, "Report one thing at a time");
        return Err(problems.into_list());
    }
    let Some(document) = parse(text, &mut problems) else { return Err(problems.into_list()) };
    let (kind, form) = match kind {
        Some(given) => (known_kind(given, "", &mut problems), Form::ReportedOfKind),
        None => (kind_of(&document, &mut problems), Form::Reported),
    };
    let kind = kind.filter(|kind| is_reported(kind, form, &mut problems));
    let checker = kind.and_then(|kind| Checker::of_event(kind, form));
    let (Some(kind), Some(checker)) = (kind, checker) else { return Err(problems.into_list()) };
    read_document(&document, checker, problems, |node, problems| {
        let context: &Context = &terms.context;
        let valid_at = if node.has("valid_at") {
            moment(node, "valid_at", &context.calendar, problems)
        } else {
            Some(stamp.recorded_at)
        };
        let filled = Filled { id: Some(stamp.visit.as_str()), requested_at: valid_at };
        let event = event(node, kind, filled, context, problems);
        Some(Recorded {
            id: stamp.id.clone(),
            valid_at: valid_at?,
            recorded_at: stamp.recorded_at,
            by: stamp.by.clone(),
            why: node.optional("why", |node, key| node.text(key))?.map(str::to_owned),
            event: event?,
        })
    })
}

/// The kind that a document says it is of; reported when it says none that there is.
fn kind_of(document: &Value, problems: &mut Problems) -> Option<&'static str> {
    let given = match document {
        Value::Object(fields) => fields.get("kind"),
        _ => {
            let cause = "an event is not of the type object";
            problems.add(E0201, "", cause, "Write a value of the type object");
            return None;
        }
    };
    match given {
        Some(Value::String(kind)) => known_kind(kind, "/kind", problems),
        Some(_) => {
            let cause = "the kind is not of the type string";
            problems.add(E0201, "/kind", cause, "Write a value of the type string");
            None
        }
        None => {
            problems.add(E0202, "/kind", "the field is missing", "Add it");
            None
        }
    }
}

fn known_kind(given: &str, path: &str, problems: &mut Problems) -> Option<&'static str> {
    let known = EVENT_KINDS.into_iter().find(|known| *known == given);
    if known.is_none() {
        let kinds = EVENT_KINDS.join(", ");
        let cause = format!("there is no event of the kind {given:.100?}");
        problems.add(E0204, path, cause, format!("Write one of {kinds}"));
    }
    known
}

fn is_reported(kind: &str, form: Form, problems: &mut Problems) -> bool {
    let is_reported = !NOT_REPORTED.contains(&kind);
    if !is_reported {
        let path = if form == Form::Reported { "/kind" } else { "" };
        let cause = format!("an event of the kind {kind} is no report");
        problems.add(E0204, path, cause, "Leave it to the service, which makes it itself");
    }
    is_reported
}

/// What happened, by a document of this kind.
fn event<'a>(
    node: &Node<'a>,
    kind: &str,
    filled: Filled<'a>,
    context: &Context<'a>,
    problems: &mut Problems,
) -> Option<Event> {
    let time = |key: &str, problems: &mut Problems| moment(node, key, &context.calendar, problems);
    let visit = || node.text("visit").map(VisitId::new);
    let shift = || node.text("shift").map(ShiftId::new);
    Some(match kind {
        "requested" => Event::Requested(Box::new(request(node, filled, context, problems)?)),
        "changed" => Event::Changed(Box::new(change(node, context, problems)?)),
        "cancelled" => Event::Cancelled { visit: visit()? },
        "confirmed" => Event::Confirmed { visit: visit()? },
        "crew_on" => Event::CrewOn(Box::new(crew_on(node, context, problems)?)),
        "crew_off" => Event::CrewOff { from: time("from", problems)?, shift: shift()? },
        "crew_late" => Event::CrewLate { until: time("until", problems)?, shift: shift()? },
        "position" => {
            let point = point(node, context, problems)?;
            Event::Position { crew: CrewId::new(node.text("crew")?), point }
        }
        "progress" => progress(node, context, problems)?,
        "pinned" => Event::Pinned(Box::new(pin(&node.field("pin")?, context, None, problems)?)),
        "unpinned" => Event::Unpinned { visit: visit()?, part: node.optional("part", position)? },
        "told" => Event::Told {
            time: time("time", problems)?,
            visit: visit()?,
            part: position(node, "part")?,
            audience: node.text("audience")?.to_owned(),
        },
        "acknowledged" => Event::Acknowledged {
            version: natural(node, "list_version", problems)?,
            shift: shift()?,
        },
        "placed" => {
            let slots = slots(node, &context.calendar, problems)?;
            Event::Placed(Box::new(Placed { visit: visit()?, slots }))
        }
        "improved" => Event::Improved(Box::new(improved(node, &context.calendar, problems)?)),
        "tick" => Event::Tick,
        _ => return None,
    })
}

fn request<'a>(
    node: &Node<'a>,
    filled: Filled<'a>,
    context: &Context<'a>,
    problems: &mut Problems,
) -> Option<Request> {
    let visit = node.field("visit").map(|node| visit(&node, context, filled, problems));
    let place = node.optional("place", |node, key| place(&node.field(key)?, context, problems));
    let patient = node.optional("patient", |node, key| {
        let of_place = municipality_of_place(node, context);
        let patient_node = node.field(key)?;
        check_municipality(&patient_node, node, problems);
        patient(&patient_node, context, &of_place, problems)
    });
    let held_until =
        node.optional("held_until", |node, key| moment(node, key, &context.calendar, problems));
    let slots = node.optional("slots", |node, _| slots(node, &context.calendar, problems));
    let tell = node.texts("tell")?.into_iter().map(str::to_owned).collect();
    Some(Request {
        visit: visit?.whole()?,
        patient: patient?,
        place: place?,
        held_until: held_until?,
        slots: slots?,
        tell,
    })
}

/// The municipality of the place that comes with a request, if it does.
fn municipality_of_place<'a>(request: &Node<'a>, context: &Context<'a>) -> MunicipalityOfPlace<'a> {
    let place = request.field("place");
    let given = place.and_then(|place| Some((place.text("id")?, place.text("municipality")?)));
    given.into_iter().filter(|(_, id)| context.municipalities.contains(id)).collect()
}

/// A patient whose place does not come with the request must say her municipality.
fn check_municipality(patient: &Node, request: &Node, problems: &mut Problems) {
    let place = request.field("place");
    let comes_along = match place.as_ref().map(|place| place.text("id")) {
        // A place without an id has been reported: it may be hers.
        Some(None) => true,
        Some(id) => id == patient.text("place"),
        None => false,
    };
    if !patient.has("municipality") && !comes_along && patient.text("place").is_some() {
        let cause = "the field is missing, and the patient's place does not come with the request";
        problems.add(E0202, patient.path_of("municipality"), cause, "Add it, or add the place");
    }
}

fn change(node: &Node, context: &Context, problems: &mut Problems) -> Option<Change> {
    let windows = node.optional("windows", |node, _| windows(node, context, problems));
    let priority = node.optional("priority", |node, key| u8::try_from(node.whole(key)?).ok());
    let service = node.optional("service_minutes", |node, key| {
        every(node.items(key), |item| item.as_whole().and_then(checked_minutes))
    });
    Some(Change {
        visit: VisitId::new(node.text("visit")?),
        windows: windows?,
        priority: priority?,
        service: service?,
    })
}

fn crew_on<'a>(node: &Node<'a>, context: &Context<'a>, problems: &mut Problems) -> Option<CrewOn> {
    let crew_node = node.field("crew");
    let crew = crew_node.and_then(|node| {
        let shifts = node.items("shifts").len();
        let crew = crew(&node, context, None, problems)?;
        (crew.shifts.len() == shifts).then_some(crew)
    });
    let places = every(node.items("places"), |item| place(item, context, problems));
    Some(CrewOn { crew: crew?, places: places? })
}

fn progress(node: &Node, context: &Context, problems: &mut Problems) -> Option<Event> {
    let stop = node.field("stop").and_then(|stop| stop_name(&stop, &context.calendar, problems));
    let ends = node.optional("ends", |node, key| moment(node, key, &context.calendar, problems));
    let step = match (node.text("step")?, node.has("ends")) {
        ("overrun", false) => {
            let cause = "the field is missing, and an overrun has an end";
            problems.add(E0202, node.path_of("ends"), cause, "Say when it will end");
            return None;
        }
        ("overrun", true) => Step::Overrun { ends: ends?? },
        (step, true) => {
            let cause = format!("the step is {step:.100?}, and only an overrun has an end");
            let action = "Remove `ends`, or let the step be \"overrun\"";
            problems.add(E0603, node.path_of("ends"), cause, action);
            return None;
        }
        ("under_way", false) => Step::UnderWay,
        ("arrived", false) => Step::Arrived,
        ("started", false) => Step::Started,
        ("finished", false) => Step::Finished,
        ("admitted", false) => Step::Admitted,
        _ => return None,
    };
    Some(Event::Progress { shift: ShiftId::new(node.text("shift")?), what: stop?, step })
}

fn slots(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Vec<Slot>> {
    if !node.is_list("slots") {
        return None;
    }
    every(node.items("slots"), |item| {
        let after =
            item.optional("after", |item, key| stop_name(&item.field(key)?, calendar, problems));
        Some(Slot {
            part: position(item, "part")?,
            shift: ShiftId::new(item.text("shift")?),
            after: after?,
        })
    })
}

fn stop_name(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<StopWhat> {
    PlanReader::of_anything(calendar).stop_name(node, problems)
}

fn improved(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Improved> {
    let orders = every(node.items("orders"), |item| {
        let stops = every(item.items("stops"), |item| ordered(item, calendar, problems));
        Some(ShiftOrder { shift: ShiftId::new(item.text("shift")?), stops: stops? })
    });
    let gain = every(node.items("gain"), |item| {
        exact(item.as_whole(), item.as_number(), || item.path().to_owned(), problems)
    });
    let (seed, work) = (natural(node, "seed", problems), natural(node, "work", problems));
    let gain: [i64; TIERS] = gain?.try_into().ok()?;
    Some(Improved { orders: orders?, gain, seed: seed?, work: work? })
}

/// A stop in an order, and the moment before which it does not start.
fn ordered(
    node: &Node,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<(StopWhat, Option<Instant>)> {
    let stop = node.field("stop").and_then(|stop| stop_name(&stop, calendar, problems));
    let held_until = node.optional("held_until", |node, key| moment(node, key, calendar, problems));
    Some((stop?, held_until?))
}
