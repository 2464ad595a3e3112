//! Names of things that outlive a run. Each kind of thing has an id type of its own, so that a crew
//! can never be looked up with a patient's id.

use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The text of the id, as it stands in files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", &self.0)
            }
        }
    )*};
}

ids! {
    /// A visit to one patient, with one or more parts.
    VisitId;
    /// A pseudonymous patient: never a name, never a personal number.
    PatientId;
    /// An address: a home, a SÄBO, a vårdcentral, a depot.
    PlaceId;
    /// A doctor, a läkarbil, a municipal nurse: whoever has a route of their own.
    CrewId;
    /// One working shift of one crew.
    ShiftId;
    /// A vårdcentral or a mobile team.
    UnitId;
    /// A municipality's SCB code, such as `1280`.
    MunicipalityId;
    /// A delregion, such as `Sydost`.
    DelregionId;
    /// What a part of a visit asks of a crew: `doctor`, `nurse`, `physiotherapist`, …
    RoleId;
    /// Something a crew must be able to do besides its role.
    SkillId;
    /// Kind of visit: `unplanned`, `planned`, `death`, …
    KindId;
    /// Care form of the patient: `enrolled`, `temporary`, `risk`, …
    CareFormId;
    /// Kind of crew: `doctor`, `läkarbil`, `nurse`, …
    CrewKindId;
    /// Name of a rule or a promise in the policy file.
    RuleId;
    /// Something that happened, as whoever reported it calls it.
    EventId;
}
