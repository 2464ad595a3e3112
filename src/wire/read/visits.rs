//! Visits, their windows and parts.

use super::meetings::{self, meetings};
use super::{Context, PRIORITY_DEFAULT, minutes};
use crate::domain::{
    Instant, KindId, Meeting, Part, Patient, PatientId, RoleId, SkillId, Span, Visit, VisitId,
};
use crate::wire::document::Node;
use crate::wire::moment::{moment, span, write};
use crate::wire::problem::{E0406, E0407, E0408, E0506, Problems};

/// What is whole of a visit; the checks that need no more than this go on when the rest is not.
pub(super) struct VisitReading<'a> {
    /// Where it stands in the file.
    pub(super) node: Node<'a>,
    /// The patient, if there is one with this id.
    pub(super) patient: Option<&'a str>,
    /// Its parts, each if whole.
    pub(super) parts: Vec<Option<Part>>,
    id: Option<&'a str>,
    kind: Option<&'a str>,
    requested_at: Option<Instant>,
    /// Nothing if any of them is faulty.
    windows: Option<Vec<Span>>,
    meetings: Option<Vec<Meeting>>,
}

/// What a visit is taken to say where it says nothing.
#[derive(Clone, Copy, Default)]
pub(super) struct Filled<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) requested_at: Option<Instant>,
}

pub(super) fn visit<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    filled: Filled<'a>,
    problems: &mut Problems,
) -> VisitReading<'a> {
    let parts: Vec<Option<Part>> = node.items("parts").iter().map(part).collect();
    let reading = VisitReading {
        node: node.clone(),
        patient: context.patients.named(node, "patient", problems),
        kind: context.kinds.named(node, "kind", problems),
        id: if node.has("id") { node.text("id") } else { filled.id },
        requested_at: if node.has("requested_at") {
            moment(node, "requested_at", &context.calendar, problems)
        } else {
            filled.requested_at
        },
        windows: windows(node, context, problems),
        meetings: meetings(node, parts.len(), problems),
        parts,
    };
    check_windows(&reading, context, problems);
    if let (Some(windows), Some(meetings)) = (&reading.windows, &reading.meetings) {
        let services: Vec<_> =
            reading.parts.iter().map(|part| part.as_ref().map(|part| part.service)).collect();
        let open = open_windows(windows, reading.requested_at);
        meetings::check(node, &services, meetings, &open, problems);
    }
    reading
}

impl VisitReading<'_> {
    /// The visit, if all of it is whole.
    pub(super) fn whole(&self) -> Option<Visit> {
        let priority = self.node.optional("priority", |node, key| node.whole(key));
        let same_crew = self.node.optional("same_crew_allowed", |node, key| node.flag(key));
        Some(Visit {
            id: VisitId::new(self.id?),
            patient: PatientId::new(self.patient?),
            kind: KindId::new(self.kind?),
            requested_at: self.requested_at?,
            priority: match priority? {
                Some(given) => u8::try_from(given).ok()?,
                None => PRIORITY_DEFAULT,
            },
            windows: self.windows.clone()?,
            parts: self.parts.iter().cloned().collect::<Option<Vec<Part>>>()?,
            meetings: self.meetings.clone()?,
            same_crew_allowed: same_crew?.unwrap_or(false),
        })
    }

    /// Does the patient's care form allow visits of this kind?
    pub(super) fn check_kind(&self, patient: &Patient, context: &Context, problems: &mut Problems) {
        let (Some(kind), Some(policy)) = (self.kind, &context.policy) else { return };
        let form = policy.care_forms.iter().find(|form| form.id == patient.care_form);
        let Some(form) = form else { return };
        if form.kinds.is_empty() || form.kinds.iter().any(|allowed| allowed.as_str() == kind) {
            return;
        }
        let allowed: Vec<&str> = form.kinds.iter().map(KindId::as_str).collect();
        let cause = format!(
            "patient {} has the care form {}, which allows {}, not {kind}",
            patient.id,
            form.id,
            allowed.join(", "),
        );
        let action = "Correct the kind, or the patient's care form, or the policy";
        problems.add(E0506, self.node.path_of("kind"), cause, action);
    }
}

fn part(node: &Node) -> Option<Part> {
    Some(Part {
        role: RoleId::new(node.text("role")?),
        skills: node.texts("skills")?.into_iter().map(SkillId::new).collect(),
        service: minutes(node, "service_minutes")?,
    })
}

/// The windows in order of time; nothing if any of them is faulty.
pub(super) fn windows(
    node: &Node,
    context: &Context,
    problems: &mut Problems,
) -> Option<Vec<Span>> {
    let items = node.items("windows");
    let is_list = !node.has("windows") || node.is_list("windows");
    let count = items.len();
    let mut found: Vec<(Span, &str)> = items
        .iter()
        .filter_map(|item| Some((span(item, &context.calendar, problems)?, item.path())))
        .collect();
    found.sort();
    for pair in found.windows(2) {
        if pair[1].0.from() < pair[0].0.to() {
            let cause = format!("it overlaps {}", pair[0].1);
            problems.add(E0407, pair[1].1, cause, "Join them into one");
        }
    }
    (is_list && found.len() == count).then(|| found.into_iter().map(|(span, _)| span).collect())
}

/// What is left of the windows once the visit has been requested.
fn open_windows(windows: &[Span], requested_at: Option<Instant>) -> Vec<Span> {
    let open = |span: &Span| match requested_at {
        Some(moment) => Span::new(span.from().max(moment), span.to()),
        None => Some(*span),
    };
    windows.iter().filter_map(open).collect()
}

/// Is there a window for every part?
fn check_windows(reading: &VisitReading, context: &Context, problems: &mut Problems) {
    let Some(windows) = &reading.windows else { return };
    let Some(last) = windows.last() else { return };
    if let Some(requested_at) = reading.requested_at
        && last.to() <= requested_at
    {
        let requested_at = write(requested_at, &context.calendar);
        let cause = format!(
            "the last window closes {}, the visit was requested {requested_at}",
            write(last.to(), &context.calendar)
        );
        let action = "Correct `requested_at` or the windows";
        problems.add(E0408, reading.node.path_of("windows"), cause, action);
    }
    let longest = windows.iter().map(|span| span.length()).max();
    for (part, node) in reading.parts.iter().zip(reading.node.items("parts")) {
        if let (Some(part), Some(longest)) = (part, longest)
            && part.service > longest
        {
            let (service, room) = (part.service.minutes_begun(), longest.0 / 60);
            let cause =
                format!("the part takes {service} minutes, and the longest window has {room}");
            let action = "Widen a window or shorten the part";
            problems.add(E0406, node.path_of("service_minutes"), cause, action);
        }
    }
}
