//! Traffic in the day file.

use schemars::JsonSchema;
use serde::Serialize;

use super::policy::HoursFile;
use crate::domain::{Calendar, Incident, Traffic, TrafficArea, TrafficHours};
use crate::wire::moment::{TIME_PATTERN, write};

/// Where and when driving does not take what the travel table says. The greatest percentage that
/// holds at either end of a leg counts.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Traffic")]
pub(super) struct TrafficFile {
    /// What recurs: rush hours, quiet nights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    hours: Vec<TrafficHoursFile>,
    /// What has happened: a closed road, snow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    incidents: Vec<IncidentFile>,
}

/// Hours at which driving takes this share of the table's time.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TrafficHours")]
struct TrafficHoursFile {
    /// The delregion it holds in; absent, with no municipality either, means everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    delregion: Option<String>,
    /// The municipality it holds in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    municipality: Option<String>,
    /// When.
    hours: HoursFile,
    /// Per cent of the table's time; 130 takes three tenths longer.
    #[schemars(range(min = 20, max = 1000))]
    percent: u32,
}

/// Something that slows an area down for a while.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Incident")]
struct IncidentFile {
    /// The delregion it holds in; absent, with no municipality either, means everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    delregion: Option<String>,
    /// The municipality it holds in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    municipality: Option<String>,
    /// From when.
    #[schemars(regex(pattern = TIME_PATTERN))]
    from: String,
    /// Until when.
    #[schemars(regex(pattern = TIME_PATTERN))]
    to: String,
    /// Per cent of the table's time.
    #[schemars(range(min = 20, max = 1000))]
    percent: u32,
    /// What has happened, in words.
    #[schemars(length(min = 1, max = 1000))]
    reason: String,
}

impl TrafficFile {
    pub(super) fn new(traffic: &Traffic, calendar: &Calendar) -> TrafficFile {
        TrafficFile {
            hours: traffic.hours.iter().map(TrafficHoursFile::from).collect(),
            incidents: traffic
                .incidents
                .iter()
                .map(|incident| IncidentFile::new(incident, calendar))
                .collect(),
        }
    }
}

impl From<&TrafficHours> for TrafficHoursFile {
    fn from(row: &TrafficHours) -> TrafficHoursFile {
        let (delregion, municipality) = area(&row.area);
        let hours = HoursFile::from(&row.hours);
        TrafficHoursFile { delregion, municipality, hours, percent: row.percent }
    }
}

impl IncidentFile {
    fn new(incident: &Incident, calendar: &Calendar) -> IncidentFile {
        let (delregion, municipality) = area(&incident.area);
        IncidentFile {
            delregion,
            municipality,
            from: write(incident.span.from(), calendar),
            to: write(incident.span.to(), calendar),
            percent: incident.percent,
            reason: incident.reason.clone(),
        }
    }
}

fn area(area: &TrafficArea) -> (Option<String>, Option<String>) {
    match area {
        TrafficArea::Everywhere => (None, None),
        TrafficArea::Delregion(id) => (Some(id.to_string()), None),
        TrafficArea::Municipality(id) => (None, Some(id.to_string())),
    }
}
