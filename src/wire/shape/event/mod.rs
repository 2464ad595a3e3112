//! Events, as they stand in the log and as they are reported: the fields that all have, and those
//! of each kind.

mod writing;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use super::crews::CrewFile;
use super::day::{PatientFile, PinFile, PlaceFile, SpanFile, VisitFile};
use crate::domain::{Event, TIERS};
use crate::wire::moment::TIME_PATTERN;

/// Every kind of event, by the value of its field `kind`.
pub const EVENT_KINDS: [&str; 16] = [
    "requested",
    "changed",
    "cancelled",
    "confirmed",
    "crew_on",
    "crew_off",
    "crew_late",
    "position",
    "progress",
    "pinned",
    "unpinned",
    "told",
    "acknowledged",
    "placed",
    "improved",
    "tick",
];

/// The kind of an event, one of [`EVENT_KINDS`].
pub fn event_kind(event: &Event) -> &'static str {
    match event {
        Event::Requested(_) => "requested",
        Event::Changed(_) => "changed",
        Event::Cancelled { .. } => "cancelled",
        Event::Confirmed { .. } => "confirmed",
        Event::CrewOn(_) => "crew_on",
        Event::CrewOff { .. } => "crew_off",
        Event::CrewLate { .. } => "crew_late",
        Event::Position { .. } => "position",
        Event::Progress { .. } => "progress",
        Event::Pinned(_) => "pinned",
        Event::Unpinned { .. } => "unpinned",
        Event::Told { .. } => "told",
        Event::Acknowledged { .. } => "acknowledged",
        Event::Placed(_) => "placed",
        Event::Improved(_) => "improved",
        Event::Tick => "tick",
    }
}

/// An event as it is written: first what it is, then what all have, then what its kind has.
#[derive(Serialize)]
pub(in crate::wire) struct EventFile {
    kind: &'static str,
    #[serde(flatten)]
    head: HeadFile,
    #[serde(flatten)]
    body: BodyFile,
}

/// What every event has.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct HeadFile {
    /// The same id twice is the same event.
    #[schemars(length(min = 1, max = 200))]
    id: String,
    /// When it was so.
    #[schemars(regex(pattern = TIME_PATTERN))]
    valid_at: String,
    /// When it was recorded.
    #[schemars(regex(pattern = TIME_PATTERN))]
    recorded_at: String,
    /// Who reported it.
    #[schemars(length(min = 1, max = 200))]
    by: String,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 1000))]
    why: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum BodyFile {
    Requested(Box<RequestedFile>),
    Changed(ChangedFile),
    Visit(OfVisitFile),
    CrewOn(CrewOnFile),
    CrewOff(CrewOffFile),
    CrewLate(CrewLateFile),
    Position(PositionFile),
    Progress(ProgressFile),
    Pinned(PinnedFile),
    Unpinned(UnpinnedFile),
    Told(ToldOfFile),
    Acknowledged(AcknowledgedFile),
    Placed(PlacedFile),
    Improved(ImprovedFile),
    Tick(TickFile),
}

/// A visit is asked for, with its patient and place where they are new or other than before.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestedFile {
    visit: VisitFile,
    /// The patient, when she is not known or has moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PatientFile")]
    patient: Option<PatientFile>,
    /// The patient's place, when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PlaceFile")]
    place: Option<PlaceFile>,
    /// Held until then, and gone unless confirmed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    held_until: Option<String>,
    /// Where it goes, a slot per part; absent means the best place there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<SlotFile>", length(min = 1, max = 10))]
    slots: Option<Vec<SlotFile>>,
    /// Who is told the start at once: `patient`, `municipality`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10), inner(length(min = 1, max = 100)))]
    tell: Vec<String>,
}

/// What was asked for is another than it was; what is absent stays as it is.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedFile {
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// When the home can be visited; empty means at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<SpanFile>", length(max = 100))]
    windows: Option<Vec<SpanFile>>,
    /// 1 is the most urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 9))]
    priority: Option<u8>,
    /// How long each part takes at the patient's side, all of them in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<i64>", length(min = 1, max = 10), inner(range(min = 1, max = 720)))]
    service_minutes: Option<Vec<i64>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfVisitFile {
    #[schemars(length(min = 1, max = 100))]
    visit: String,
}

/// A crew is there that was not, or has other shifts than before; those not named are kept.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CrewOnFile {
    crew: CrewFile,
    /// The places of its shifts that are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    places: Vec<PlaceFile>,
}

/// A shift ends before its time.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CrewOffFile {
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// From when on.
    #[schemars(regex(pattern = TIME_PATTERN))]
    from: String,
}

/// A shift begins, or goes on, later.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CrewLateFile {
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// Until when it does nothing.
    #[schemars(regex(pattern = TIME_PATTERN))]
    until: String,
}

/// Where a crew is.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PositionFile {
    #[schemars(length(min = 1, max = 100))]
    crew: String,
    /// Degrees north.
    #[schemars(range(min = -90, max = 90))]
    lat: f64,
    /// Degrees east.
    #[schemars(range(min = -180, max = 180))]
    lon: f64,
}

/// How far a crew has come with a stop.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProgressFile {
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    stop: StopNameFile,
    /// How far; `admitted` means done, and the patient taken to hospital.
    step: StepFile,
    /// With `overrun`, and only there: when it will end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    ends: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Step")]
enum StepFile {
    UnderWay,
    Arrived,
    Started,
    Overrun,
    Finished,
    Admitted,
}

/// A dispatcher's override.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PinnedFile {
    pin: PinFile,
}

/// Overrides of a visit are lifted.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UnpinnedFile {
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// Position of the part whose overrides are lifted; absent means all of the visit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    part: Option<usize>,
}

/// Somebody was told when a part of a visit starts.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ToldOfFile {
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// Position of the part in the visit, from 0.
    #[schemars(range(min = 0, max = 1000))]
    part: usize,
    /// Who: `patient`, `crew`, `municipality`, …
    #[schemars(length(min = 1, max = 100))]
    audience: String,
    /// The start they were told.
    #[schemars(regex(pattern = TIME_PATTERN))]
    time: String,
}

/// A crew has seen its list of stops.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AcknowledgedFile {
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// Which version of the list.
    list_version: u64,
}

/// A dispatcher chose where a visit goes.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlacedFile {
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// A slot per part.
    #[schemars(length(min = 1, max = 10))]
    slots: Vec<SlotFile>,
}

/// A better order of stops is given out, with the search that found it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImprovedFile {
    /// The shifts whose order is another than before.
    #[schemars(length(max = 10_000))]
    orders: Vec<OrderFile>,
    /// What the plan costs less, in points per tier, the most important first.
    gain: [i64; TIERS],
    /// Seed of the search.
    seed: u64,
    /// Positions judged by it.
    work: u64,
}

/// The stops of a shift, in order.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Order")]
struct OrderFile {
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// Breaks among them.
    #[schemars(length(max = 1000))]
    stops: Vec<OrderedFile>,
}

/// A stop and the moment before which it does not start.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ordered")]
struct OrderedFile {
    stop: StopNameFile,
    /// Not to start before this, because it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    held_until: Option<String>,
}

/// Time goes on.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TickFile {}

/// A gap in a plan.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Slot")]
struct SlotFile {
    /// Position of the part in the visit, from 0.
    #[schemars(range(min = 0, max = 1000))]
    part: usize,
    #[schemars(length(min = 1, max = 100))]
    shift: String,
    /// The stop right before it; absent means that it comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "StopNameFile")]
    after: Option<StopNameFile>,
}

/// Which stop: a visit's part (`visit` and `part`), or a break (`break`); positions count from 0.
#[derive(Serialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StopName")]
pub(super) struct StopNameFile {
    /// The visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    visit: Option<String>,
    /// Position of the part in the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    part: Option<usize>,
    /// Position of the break in the shift, in order of time.
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    break_index: Option<usize>,
}

/// The schema of the fields that only events of this kind have; nothing when there is no such kind.
pub(in crate::wire) fn fields_of(kind: &str, generator: &mut SchemaGenerator) -> Option<Schema> {
    Some(match kind {
        "requested" => RequestedFile::json_schema(generator),
        "changed" => ChangedFile::json_schema(generator),
        "cancelled" | "confirmed" => OfVisitFile::json_schema(generator),
        "crew_on" => CrewOnFile::json_schema(generator),
        "crew_off" => CrewOffFile::json_schema(generator),
        "crew_late" => CrewLateFile::json_schema(generator),
        "position" => PositionFile::json_schema(generator),
        "progress" => ProgressFile::json_schema(generator),
        "pinned" => PinnedFile::json_schema(generator),
        "unpinned" => UnpinnedFile::json_schema(generator),
        "told" => ToldOfFile::json_schema(generator),
        "acknowledged" => AcknowledgedFile::json_schema(generator),
        "placed" => PlacedFile::json_schema(generator),
        "improved" => ImprovedFile::json_schema(generator),
        "tick" => TickFile::json_schema(generator),
        _ => return None,
    })
}
