//! Where things are: points, addresses, municipalities and delregioner.

use std::collections::BTreeMap;

use super::ids::{DelregionId, MunicipalityId, PlaceId};
use super::time::Seconds;

/// A point on the earth (WGS 84) in whole millionths of a degree: about a decimetre.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Point {
    lat_microdegrees: i32,
    lon_microdegrees: i32,
}

impl Point {
    /// The point at these degrees, or nothing when they are not on the globe.
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Point> {
        let on_globe = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        on_globe.then(|| Point {
            lat_microdegrees: (lat * 1e6).round() as i32,
            lon_microdegrees: (lon * 1e6).round() as i32,
        })
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_microdegrees) / 1e6
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_microdegrees) / 1e6
    }
}

/// An address. Several patients may live at one; set-up time is spent once per arrival there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// What people call it; may be empty.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// The municipality it lies in.
    pub municipality: MunicipalityId,
    /// Parking, stairs, door: spent before the start when the stop before was at another address.
    pub setup: Seconds,
}

/// A municipality and the delregion it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Municipality {
    /// SCB code.
    pub id: MunicipalityId,
    /// Its name.
    pub name: String,
    /// The delregion it belongs to.
    pub delregion: DelregionId,
}

/// A region: its municipalities, each in one delregion. Data, not code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Region {
    /// What the region is called.
    pub name: String,
    /// Every municipality by its id.
    pub municipalities: BTreeMap<MunicipalityId, Municipality>,
}

impl Region {
    /// The delregion that a municipality belongs to.
    pub fn delregion_of(&self, municipality: &MunicipalityId) -> Option<&DelregionId> {
        self.municipalities.get(municipality).map(|entry| &entry.delregion)
    }
}
