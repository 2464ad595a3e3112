//! The day file, `rond-day`: the facts of a day or a week, its policy and region, the plan before.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::crews::CrewFile;
use super::traffic::TrafficFile;
use super::{PlanFile, PolicyFile, RegionFile, VERSION, minutes, texts};
use crate::domain::{Calendar, Meeting, Part, Patient, Pin, PinWhat, Place, Span, Visit, World};
use crate::wire::moment::{TIME_PATTERN, write};
use crate::wire::{shipped_policy, shipped_region};

/// What is to be planned, for whom, by whom, and what has been promised already.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rond-day")]
pub(in crate::wire) struct DayFile {
    /// Always `rond-day`.
    #[schemars(extend("const" = "rond-day"))]
    format: &'static str,
    /// Always 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// Now: nothing starts before it.
    #[schemars(regex(pattern = TIME_PATTERN))]
    as_of: String,
    /// The stretch being planned.
    horizon: SpanFile,
    /// The region; absent means Skåne as the program ships it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RegionFile")]
    region: Option<RegionFile>,
    /// What is agreed on; absent means the agreement in Skåne as the program ships it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PolicyFile")]
    policy: Option<PolicyFile>,
    /// Every address.
    #[schemars(length(max = 100_000))]
    places: Vec<PlaceFile>,
    /// Every patient.
    #[schemars(length(max = 100_000))]
    patients: Vec<PatientFile>,
    /// Every visit.
    #[schemars(length(max = 50_000))]
    visits: Vec<VisitFile>,
    /// Every crew.
    #[schemars(length(max = 10_000))]
    crews: Vec<CrewFile>,
    /// The plan before this one, with what was told to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PlanFile")]
    previous: Option<PlanFile>,
    /// Overrides: kept and reported, never undone in silence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50_000))]
    pins: Vec<PinFile>,
    /// Where and when driving does not take what the travel table says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TrafficFile")]
    traffic: Option<TrafficFile>,
}

/// A stretch of time.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Span")]
pub(super) struct SpanFile {
    #[schemars(regex(pattern = TIME_PATTERN))]
    from: String,
    #[schemars(regex(pattern = TIME_PATTERN))]
    to: String,
}

/// An address. Several patients may live at one.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Place")]
pub(super) struct PlaceFile {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 200))]
    name: String,
    /// Degrees north.
    #[schemars(range(min = -90, max = 90))]
    lat: f64,
    /// Degrees east.
    #[schemars(range(min = -180, max = 180))]
    lon: f64,
    /// SCB code of the municipality it lies in.
    #[schemars(length(min = 1, max = 100))]
    municipality: String,
    /// Parking, stairs, door: spent once per arrival.
    #[serde(default)]
    #[schemars(range(min = 0, max = 120))]
    setup_minutes: i64,
}

/// A pseudonymous patient: never a name or a personal number.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Patient")]
pub(super) struct PatientFile {
    /// Pseudonymous id.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// Where she lives or stays.
    #[schemars(length(min = 1, max = 100))]
    place: String,
    /// Her care form.
    #[schemars(length(min = 1, max = 100))]
    care_form: String,
    /// Fast läkarkontakt: the crew that is or carries her named doctor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    named_doctor: Option<String>,
    /// The vårdcentral or mobile team she belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    unit: Option<String>,
    /// SCB code of her home municipality; absent means that of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    municipality: Option<String>,
}

/// A visit to a patient's home.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Visit")]
pub(super) struct VisitFile {
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// Who is visited.
    #[schemars(length(min = 1, max = 100))]
    patient: String,
    /// Kind of visit, one of the policy's.
    #[schemars(length(min = 1, max = 100))]
    kind: String,
    /// When it was asked for; the promise's clock starts here.
    #[schemars(regex(pattern = TIME_PATTERN))]
    requested_at: String,
    /// 1 is the most urgent; absent means 2. Only promises look at it.
    #[serde(default = "priority_default")]
    #[schemars(range(min = 1, max = 9))]
    priority: u8,
    /// When the home can be visited; absent or empty means at any time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    windows: Vec<SpanFile>,
    /// The roles needed, one crew each.
    #[schemars(length(min = 1, max = 10))]
    parts: Vec<PartFile>,
    /// How the parts meet; absent means that all start together, empty that they are not tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<MeetingFile>", length(max = 50))]
    meetings: Option<Vec<MeetingFile>>,
    /// May one crew do several parts, one after the other?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    same_crew_allowed: bool,
}

/// One role needed at a visit.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Part")]
struct PartFile {
    /// `doctor`, `nurse`, …
    #[schemars(length(min = 1, max = 100))]
    role: String,
    /// What the crew must be able to do besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 100)))]
    skills: Vec<String>,
    /// How long it takes at the patient's side.
    #[schemars(range(min = 1, max = 720))]
    service_minutes: i64,
}

/// The start of part `second` less the start of part `first` lies within the lag.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Meeting")]
struct MeetingFile {
    /// Position of a part in the visit, from 0.
    #[schemars(range(min = 0, max = 1000))]
    first: usize,
    /// Position of another part.
    #[schemars(range(min = 0, max = 1000))]
    second: usize,
    /// Least and greatest lag; absent means [0, 0]: they start together.
    #[serde(default)]
    #[schemars(inner(range(min = -1440, max = 1440)))]
    lag_minutes: [i64; 2],
}

/// A dispatcher's override. Exactly one of `crew`, `not_crew`, `start`, `within`, `unassigned`.
#[derive(Serialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Pin")]
pub(super) struct PinFile {
    /// The visit it holds.
    #[schemars(length(min = 1, max = 100))]
    visit: String,
    /// Position of the part it holds; absent means every part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    part: Option<usize>,
    /// This crew does it, whatever the rules on roles, skills and areas say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    crew: Option<String>,
    /// Anyone but this crew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    not_crew: Option<String>,
    /// It starts at this moment, whatever the home's windows say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    start: Option<String>,
    /// It starts within this stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "SpanFile")]
    within: Option<SpanFile>,
    /// It is left unassigned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(extend("const" = true))]
    unassigned: bool,
    /// Why, in the dispatcher's words.
    #[schemars(length(min = 1, max = 1000))]
    reason: String,
    /// Who set it.
    #[schemars(length(min = 1, max = 100))]
    by: String,
}

fn priority_default() -> u8 {
    crate::wire::read::PRIORITY_DEFAULT
}

impl From<&World> for DayFile {
    fn from(world: &World) -> DayFile {
        // What the program ships is left out: it is what an absent field means.
        let mut file = DayFile::whole(world);
        file.region = file.region.filter(|region| *region != RegionFile::from(shipped_region()));
        file.policy = file.policy.filter(|policy| *policy != PolicyFile::from(shipped_policy()));
        file
    }
}

impl DayFile {
    /// With the policy and the region, be they the shipped ones or not: another version of the
    /// program may ship others.
    pub(super) fn whole(world: &World) -> DayFile {
        let calendar = world.calendar();
        DayFile {
            format: "rond-day",
            version: VERSION,
            as_of: write(world.as_of, calendar),
            horizon: SpanFile::new(world.horizon, calendar),
            region: Some(RegionFile::from(&world.region)),
            policy: Some(PolicyFile::from(&world.policy)),
            places: world.places.iter().map(PlaceFile::from).collect(),
            patients: world
                .patients
                .iter()
                .map(|patient| PatientFile::new(patient, world))
                .collect(),
            visits: world.visits.iter().map(|visit| VisitFile::new(visit, calendar)).collect(),
            crews: world.crews.iter().map(|crew| CrewFile::new(crew, calendar)).collect(),
            previous: world.previous.as_ref().map(|plan| PlanFile::new(plan, calendar)),
            pins: world.pins.iter().map(|pin| PinFile::new(pin, calendar)).collect(),
            traffic: (!world.traffic.is_even()).then(|| TrafficFile::new(&world.traffic, calendar)),
        }
    }

    /// The file as a JSON value.
    pub(in crate::wire) fn into_value(self) -> Value {
        // Only maps with keys that are no texts fail to serialise, and there are none.
        serde_json::to_value(self).expect("shapes have text keys only")
    }
}

impl SpanFile {
    pub(super) fn new(span: Span, calendar: &Calendar) -> SpanFile {
        SpanFile { from: write(span.from(), calendar), to: write(span.to(), calendar) }
    }
}

impl From<&Place> for PlaceFile {
    fn from(place: &Place) -> PlaceFile {
        PlaceFile {
            id: place.id.to_string(),
            name: place.name.clone(),
            lat: place.point.lat(),
            lon: place.point.lon(),
            municipality: place.municipality.to_string(),
            setup_minutes: minutes(place.setup),
        }
    }
}

impl PatientFile {
    fn new(patient: &Patient, world: &World) -> PatientFile {
        let at_home = world
            .place(&patient.place)
            .is_some_and(|place| place.municipality == patient.municipality);
        let municipality = (!at_home).then(|| patient.municipality.to_string());
        PatientFile { municipality, ..PatientFile::whole(patient) }
    }

    /// With the municipality, whatever that of the place is.
    pub(super) fn whole(patient: &Patient) -> PatientFile {
        PatientFile {
            id: patient.id.to_string(),
            place: patient.place.to_string(),
            care_form: patient.care_form.to_string(),
            named_doctor: patient.named_doctor.as_ref().map(ToString::to_string),
            unit: patient.unit.as_ref().map(ToString::to_string),
            municipality: Some(patient.municipality.to_string()),
        }
    }
}

impl VisitFile {
    pub(super) fn new(visit: &Visit, calendar: &Calendar) -> VisitFile {
        VisitFile {
            id: visit.id.to_string(),
            patient: visit.patient.to_string(),
            kind: visit.kind.to_string(),
            requested_at: write(visit.requested_at, calendar),
            priority: visit.priority,
            windows: visit.windows.iter().map(|span| SpanFile::new(*span, calendar)).collect(),
            parts: visit.parts.iter().map(PartFile::from).collect(),
            // A single part needs no meetings; for several, absent and empty mean different things.
            meetings: (visit.parts.len() > 1)
                .then(|| visit.meetings.iter().map(MeetingFile::from).collect()),
            same_crew_allowed: visit.same_crew_allowed,
        }
    }
}

impl From<&Part> for PartFile {
    fn from(part: &Part) -> PartFile {
        PartFile {
            role: part.role.to_string(),
            skills: texts(&part.skills),
            service_minutes: minutes(part.service),
        }
    }
}

impl From<&Meeting> for MeetingFile {
    fn from(meeting: &Meeting) -> MeetingFile {
        MeetingFile {
            first: meeting.first,
            second: meeting.second,
            lag_minutes: [meeting.lag_min.0.div_euclid(60), meeting.lag_max.0.div_euclid(60)],
        }
    }
}

impl PinFile {
    pub(super) fn new(pin: &Pin, calendar: &Calendar) -> PinFile {
        let mut file = PinFile {
            visit: pin.visit.to_string(),
            part: pin.part,
            reason: pin.reason.clone(),
            by: pin.by.clone(),
            ..PinFile::default()
        };
        match &pin.what {
            PinWhat::Crew(crew) => file.crew = Some(crew.to_string()),
            PinWhat::NotCrew(crew) => file.not_crew = Some(crew.to_string()),
            PinWhat::Start(moment) => file.start = Some(write(*moment, calendar)),
            PinWhat::Within(span) => file.within = Some(SpanFile::new(*span, calendar)),
            PinWhat::Unassigned => file.unassigned = true,
        }
        file
    }
}
