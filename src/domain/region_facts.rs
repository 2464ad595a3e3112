//! What is known of a region besides its borders: how many live where. Generated days and, later,
//! scenarios are drawn from it.

use std::collections::BTreeMap;

use super::ids::MunicipalityId;
use super::place::{Point, Region};

/// A region with its figures. Every municipality of `region` has its row in `municipalities`.
#[derive(Clone, Debug)]
pub struct RegionFacts {
    /// Municipalities and delregioner.
    pub region: Region,
    /// The figures of each municipality.
    pub municipalities: BTreeMap<MunicipalityId, MunicipalityFacts>,
    /// Every locality, in the order of the file.
    pub localities: Vec<Locality>,
}

/// The figures of a municipality.
#[derive(Clone, Debug)]
pub struct MunicipalityFacts {
    /// Inhabitants.
    pub population: u32,
    /// Enrolled in the team-based care form per 1 000 inhabitants.
    pub enrolled_per_1000: u32,
    /// Land area in hectares.
    pub area_ha: u32,
    /// Simplified outline: one ring of corners for each piece of land. May be empty.
    pub outline: Vec<Vec<Point>>,
}

/// A locality (*tätort*).
#[derive(Clone, Debug)]
pub struct Locality {
    /// Its name.
    pub name: String,
    /// The municipality it lies in.
    pub municipality: MunicipalityId,
    /// Its centre.
    pub point: Point,
    /// Inhabitants.
    pub population: u32,
    /// Area in hectares.
    pub area_ha: u32,
}
