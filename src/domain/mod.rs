//! The nouns: what is so (facts), what is agreed (policy), what is planned.
//!
//! Flows in: parsed files and, later, events. Flows out: a [`World`] and a [`Plan`]. This room must
//! never know JSON, HTTP, roads or the solver's indices.

pub mod calendar;
pub mod crew;
pub mod event;
pub mod ids;
pub mod live;
pub mod place;
pub mod plan;
pub mod policy;
pub mod provenance;
pub mod region_facts;
pub mod time;
pub mod traffic;
pub mod visit;
pub mod world;

pub use calendar::{Calendar, DayClass, Hours};
pub use crew::{Break, Crew, Party, Shift};
pub use event::{
    Change, CrewOn, Event, Flag, Improved, Placed, Recorded, Refusal, Request, ShiftOrder, Slot,
    Step,
};
pub use ids::*;
pub use live::{Applied, Effect, Live, Memory, Progress};
pub use place::{Municipality, Place, Point, Region};
pub use plan::{Plan, Reason, Score, ShiftPlan, Stop, StopWhat, Told, Unassigned};
pub use policy::{
    AreaRule, CareForm, DeadlineRule, Lateness, Lending, Policy, Prices, Promise, Responsibility,
    Scope, TIERS, Tier, VisitKind,
};
pub use provenance::{Provenance, Served, TableFingerprint, Why};
pub use region_facts::{Locality, MunicipalityFacts, RegionFacts};
pub use time::{Instant, Metres, Seconds, Span};
pub use traffic::{Incident, Traffic, TrafficArea, TrafficHours};
pub use visit::{MUNICIPAL_ROLE, Meeting, Part, PartId, Patient, Pin, PinWhat, Visit};
pub use world::{Facts, World, WorldError};
