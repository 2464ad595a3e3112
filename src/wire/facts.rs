//! The figures of a region: `rond-region-facts`, with the outlines of the municipalities beside it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::read::shipped_region;
use crate::domain::{Locality, MunicipalityFacts, MunicipalityId, Point, Region, RegionFacts};

/// Why the figures of a region could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FactsError {
    /// The file of figures is not as it must be.
    Figures(String),
    /// The file of outlines is not as it must be.
    Outlines(String),
    /// A municipality that the region does not have.
    UnknownMunicipality(MunicipalityId),
    /// A municipality of the region that has no figures.
    NoFigures(MunicipalityId),
    /// A locality or a corner that lies nowhere on the globe.
    OffTheGlobe(String),
}

impl fmt::Display for FactsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactsError::Figures(why) => write!(f, "the file of figures can't be read: {why}"),
            FactsError::Outlines(why) => write!(f, "the file of outlines can't be read: {why}"),
            FactsError::UnknownMunicipality(id) => write!(f, "the region has no municipality {id}"),
            FactsError::NoFigures(id) => write!(f, "municipality {id} has no figures"),
            FactsError::OffTheGlobe(what) => write!(f, "{what} lies nowhere on the globe"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    format: String,
    version: u32,
    #[serde(rename = "name")]
    _name: String,
    municipalities: Vec<MunicipalityRow>,
    localities: Vec<LocalityRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MunicipalityRow {
    id: String,
    population: u32,
    enrolled_per_1000: u32,
    area_ha: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocalityRow {
    name: String,
    municipality: String,
    lat: f64,
    lon: f64,
    population: u32,
    area_ha: u32,
}

#[derive(Deserialize)]
struct OutlinesFile {
    features: Vec<OutlineFeature>,
}

#[derive(Deserialize)]
struct OutlineFeature {
    id: String,
    geometry: Geometry,
}

/// The two shapes that an area has in GeoJSON; corners are longitude, latitude.
#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

/// Reads the figures of a region, and its outlines (GeoJSON) where there are any.
pub fn read_region_facts(
    region: Region,
    figures: &str,
    outlines: Option<&str>,
) -> Result<RegionFacts, FactsError> {
    let file: FactsFile =
        serde_json::from_str(figures).map_err(|error| FactsError::Figures(error.to_string()))?;
    if (file.format.as_str(), file.version) != ("rond-region-facts", 1) {
        let found = format!("{} version {}", file.format, file.version);
        return Err(FactsError::Figures(format!(
            "rond-region-facts version 1 wanted, not {found}"
        )));
    }
    let known = |id: &str| {
        let id = MunicipalityId::new(id);
        let is_known = region.municipalities.contains_key(&id);
        if is_known { Ok(id) } else { Err(FactsError::UnknownMunicipality(id)) }
    };
    let mut municipalities = BTreeMap::new();
    for row in file.municipalities {
        let facts = MunicipalityFacts {
            population: row.population,
            enrolled_per_1000: row.enrolled_per_1000,
            area_ha: row.area_ha,
            outline: Vec::new(),
        };
        municipalities.insert(known(&row.id)?, facts);
    }
    if let Some(id) = region.municipalities.keys().find(|id| !municipalities.contains_key(*id)) {
        return Err(FactsError::NoFigures(id.clone()));
    }
    let mut localities = Vec::new();
    for row in file.localities {
        let point = Point::from_degrees(row.lat, row.lon)
            .ok_or_else(|| FactsError::OffTheGlobe(row.name.clone()))?;
        localities.push(Locality {
            name: row.name,
            municipality: known(&row.municipality)?,
            point,
            population: row.population,
            area_ha: row.area_ha,
        });
    }
    for (id, outline) in read_outlines(outlines)? {
        if let Some(facts) = municipalities.get_mut(&known(&id)?) {
            facts.outline = outline;
        }
    }
    Ok(RegionFacts { region, municipalities, localities })
}

/// The figures of Skåne.
pub fn shipped_region_facts() -> &'static RegionFacts {
    static FACTS: LazyLock<RegionFacts> = LazyLock::new(|| {
        let region = shipped_region().clone();
        // The files are part of the program; a test reads them.
        read_region_facts(region, SHIPPED_FIGURES, Some(SHIPPED_OUTLINES))
            .expect("the shipped figures are whole")
    });
    &FACTS
}

const SHIPPED_FIGURES: &str = include_str!("../../data/regions/skane-facts.json");
const SHIPPED_OUTLINES: &str = include_str!("../../data/regions/skane-outlines.geojson");

type Outline = Vec<Vec<Point>>;

fn read_outlines(text: Option<&str>) -> Result<Vec<(String, Outline)>, FactsError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let file: OutlinesFile =
        serde_json::from_str(text).map_err(|error| FactsError::Outlines(error.to_string()))?;
    let mut outlines = Vec::new();
    for feature in file.features {
        let pieces = match feature.geometry {
            Geometry::Polygon(rings) => vec![rings],
            Geometry::MultiPolygon(pieces) => pieces,
        };
        // Only the outer ring of each piece: a lake in the middle is no matter here.
        let rings = pieces.into_iter().filter_map(|rings| rings.into_iter().next());
        let corner = |[lon, lat]: [f64; 2]| {
            Point::from_degrees(lat, lon)
                .ok_or_else(|| FactsError::OffTheGlobe(format!("a corner of {}", feature.id)))
        };
        let outline: Result<Outline, FactsError> =
            rings.map(|ring| ring.into_iter().map(corner).collect()).collect();
        outlines.push((feature.id, outline?));
    }
    Ok(outlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_figures_are_those_of_skane() {
        let facts = shipped_region_facts();
        assert_eq!(facts.municipalities.len(), 33);
        assert_eq!(facts.localities.len(), 248);
        let population: u32 = facts.municipalities.values().map(|own| own.population).sum();
        assert_eq!(population, 1_377_827);
        assert!(facts.municipalities.values().all(|own| !own.outline.is_empty()));
        let in_localities: u32 = facts.localities.iter().map(|place| place.population).sum();
        let share = f64::from(in_localities) / f64::from(population);
        assert!((0.90..0.94).contains(&share), "SCB says 91.5 %: {share}");
    }

    #[test]
    fn what_is_wrong_with_figures_is_said() {
        let region = || shipped_region().clone();
        let read = |text: &str| read_region_facts(region(), text, None).map(|_| ());
        assert!(matches!(read("{"), Err(FactsError::Figures(_))));
        let head = r#"{"format": "rond-region-facts", "version": 1, "name": "X", "localities": []"#;
        let none = format!("{head}, \"municipalities\": []}}");
        assert_eq!(read(&none), Err(FactsError::NoFigures(MunicipalityId::new("1214"))));
        let row = r#"{"id": "9", "population": 1, "enrolled_per_1000": 1, "area_ha": 1}"#;
        let unknown = format!("{head}, \"municipalities\": [{row}]}}");
        assert_eq!(read(&unknown), Err(FactsError::UnknownMunicipality(MunicipalityId::new("9"))));
        let of_day = SHIPPED_FIGURES.replace("rond-region-facts", "rond-day");
        assert!(matches!(read(&of_day), Err(FactsError::Figures(_))));
        let lost = SHIPPED_FIGURES.replace("55.5968", "155.5968");
        assert_eq!(read(&lost), Err(FactsError::OffTheGlobe("Malmö".to_owned())));
    }
}
