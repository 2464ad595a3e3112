//! Traffic: where and when driving takes longer (or shorter) than the travel table says.

use super::calendar::{Calendar, Hours};
use super::ids::{DelregionId, MunicipalityId};
use super::place::{Place, Region};
use super::time::{Instant, Span};

/// Driving as the travel table has it.
pub const AS_IN_THE_TABLE: u32 = 100;

/// Hours and incidents that change how long driving takes. Empty: the table holds at all hours.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Traffic {
    /// What recurs: rush hours, quiet nights.
    pub hours: Vec<TrafficHours>,
    /// What has happened: a closed road, snow.
    pub incidents: Vec<Incident>,
}

/// Hours at which driving in an area takes this share of the table's time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrafficHours {
    /// Where.
    pub area: TrafficArea,
    /// When.
    pub hours: Hours,
    /// Per cent of the table's time; 130 takes three tenths longer.
    pub percent: u32,
}

/// Something that slows an area down for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incident {
    /// Where.
    pub area: TrafficArea,
    /// From when until when.
    pub span: Span,
    /// Per cent of the table's time.
    pub percent: u32,
    /// What has happened, in words.
    pub reason: String,
}

/// An area in which traffic is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TrafficArea {
    /// The whole region.
    Everywhere,
    /// A delregion.
    Delregion(DelregionId),
    /// A municipality.
    Municipality(MunicipalityId),
}

impl TrafficArea {
    /// Does the place lie in it?
    pub fn holds(&self, place: &Place, region: &Region) -> bool {
        match self {
            TrafficArea::Everywhere => true,
            TrafficArea::Delregion(id) => region.delregion_of(&place.municipality) == Some(id),
            TrafficArea::Municipality(id) => place.municipality == *id,
        }
    }
}

impl Traffic {
    /// Does the table hold at all hours?
    pub fn is_even(&self) -> bool {
        self.hours.is_empty() && self.incidents.is_empty()
    }

    /// Per cent of the table's time that driving takes at a moment around a place: the greatest of
    /// what is known of its area then.
    pub fn percent_at(
        &self,
        place: &Place,
        region: &Region,
        moment: Instant,
        calendar: &Calendar,
    ) -> Option<u32> {
        let recurring = self
            .hours
            .iter()
            .filter(|row| row.area.holds(place, region) && calendar.in_hours(moment, &row.hours))
            .map(|row| row.percent);
        let happened = self
            .incidents
            .iter()
            .filter(|row| row.area.holds(place, region) && row.span.covers(moment))
            .map(|row| row.percent);
        recurring.chain(happened).max()
    }
}
