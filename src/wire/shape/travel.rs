//! Where a plan's travel times came from, as it stands in a plan file.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::domain::{Calendar, PlaceId, Provenance, Served, Why};
use crate::wire::moment::{TIME_PATTERN, write};

/// What a fingerprint looks like.
const FINGERPRINT_PATTERN: &str = "^[0-9a-f]{16}$";

/// Where the travel times came from.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Travel")]
pub(super) struct TravelFile {
    /// The only source, or `mixed`.
    #[schemars(length(min = 1, max = 100))]
    profile: String,
    /// Of every leg: another fingerprint, other travel times.
    #[schemars(regex(pattern = FINGERPRINT_PATTERN))]
    fingerprint: String,
    /// The sources, the best first.
    #[schemars(length(min = 1, max = 100))]
    served: Vec<ServedFile>,
}

/// What one source served. A leg comes from the later source of its two places.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Served")]
struct ServedFile {
    /// The source: `osrm`, `straight-line`, …
    #[schemars(length(min = 1, max = 100))]
    source: String,
    /// Of what date or version its roads are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(max = 1000))]
    data: Option<String>,
    /// When the oldest of its legs was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME_PATTERN))]
    fetched: Option<String>,
    /// Kept from an earlier answer, because the source did not answer.
    #[serde(default, skip_serializing_if = "is_not")]
    stored: bool,
    /// How many places.
    #[schemars(range(min = 0, max = 1_000_000))]
    count: usize,
    /// Which; left out for the source that served all the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200_000))]
    places: Vec<String>,
    /// Why no better source served them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WhyFile")]
    why: Option<WhyFile>,
    /// What must be shown wherever the times are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(max = 1000))]
    attribution: Option<String>,
}

/// Why a better source did not serve.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Why")]
struct WhyFile {
    /// As in `docs/errors.md`.
    #[schemars(length(max = 20))]
    code: String,
    /// In a few words.
    #[schemars(length(max = 1000))]
    text: String,
}

impl TravelFile {
    pub(super) fn new(provenance: &Provenance, calendar: &Calendar) -> TravelFile {
        let served = |served: &Served| ServedFile {
            source: served.source.clone(),
            data: served.data.clone(),
            fetched: served.fetched.map(|moment| write(moment, calendar)),
            stored: served.is_stored,
            count: served.count,
            places: served.places.iter().map(PlaceId::to_string).collect(),
            why: served
                .why
                .as_ref()
                .map(|Why { code, text }| WhyFile { code: code.clone(), text: text.clone() }),
            attribution: served.attribution.clone(),
        };
        TravelFile {
            profile: provenance.profile.clone(),
            fingerprint: provenance.fingerprint.to_string(),
            served: provenance.served.iter().map(served).collect(),
        }
    }
}

/// As it stands in a plan file.
pub(in crate::wire) fn travel_value(provenance: &Provenance, calendar: &Calendar) -> Value {
    // Only maps with keys that are no texts fail to serialise, and there are none.
    serde_json::to_value(TravelFile::new(provenance, calendar)).expect("shapes have text keys only")
}

fn is_not(flag: &bool) -> bool {
    !flag
}
