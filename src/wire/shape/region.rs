//! The region file, `rond-region`: municipalities and the delregioner they belong to.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::VERSION;
use crate::domain::Region;

/// A region: its delregioner and municipalities.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rond-region")]
pub(in crate::wire) struct RegionFile {
    /// Always `rond-region`.
    #[schemars(extend("const" = "rond-region"))]
    format: &'static str,
    /// Always 1.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// What the region is called.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Homes outside these bounds are taken for mistakes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BoundsFile")]
    bounds: Option<BoundsFile>,
    /// The delregioner.
    #[schemars(length(min = 1, max = 1000))]
    delregioner: Vec<DelregionFile>,
    /// The municipalities, each in one delregion.
    #[schemars(length(min = 1, max = 1000))]
    municipalities: Vec<MunicipalityFile>,
}

/// The least and the greatest latitude and longitude, in degrees.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Bounds")]
struct BoundsFile {
    #[schemars(range(min = -90, max = 90))]
    south: f64,
    #[schemars(range(min = -180, max = 180))]
    west: f64,
    #[schemars(range(min = -90, max = 90))]
    north: f64,
    #[schemars(range(min = -180, max = 180))]
    east: f64,
}

/// A delregion.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Delregion")]
struct DelregionFile {
    /// Its id, such as `Sydost`.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// What it is called.
    #[schemars(length(min = 1, max = 200))]
    name: String,
}

/// A municipality.
#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Municipality")]
struct MunicipalityFile {
    /// Its SCB code, such as `1280`.
    #[schemars(length(min = 1, max = 100))]
    id: String,
    /// What it is called.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// The delregion it belongs to.
    #[schemars(length(min = 1, max = 100))]
    delregion: String,
}

impl From<&Region> for RegionFile {
    fn from(region: &Region) -> RegionFile {
        let delregioner: BTreeSet<_> =
            region.municipalities.values().map(|municipality| &municipality.delregion).collect();
        RegionFile {
            format: "rond-region",
            version: VERSION,
            name: region.name.clone(),
            bounds: None,
            delregioner: delregioner
                .into_iter()
                .map(|id| DelregionFile { id: id.to_string(), name: id.to_string() })
                .collect(),
            municipalities: region
                .municipalities
                .values()
                .map(|municipality| MunicipalityFile {
                    id: municipality.id.to_string(),
                    name: municipality.name.clone(),
                    delregion: municipality.delregion.to_string(),
                })
                .collect(),
        }
    }
}

impl RegionFile {
    /// The file as a JSON value.
    pub(in crate::wire) fn into_value(self) -> Value {
        // Only maps with keys that are no texts fail to serialise, and there are none.
        serde_json::to_value(self).expect("shapes have text keys only")
    }
}
