//! The shipped table: read once, checked whole.

use serde::Deserialize;

use super::cost::Cost;
use super::waters::Waters;
use crate::domain::Point;

/// data/roads/skane-coarse.json, as data/scripts/make_roads.py writes it.
const SKANE: &str = include_str!("../../../data/roads/skane-coarse.json");
const FORMAT: &str = "rond-coarse-roads";
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Document {
    format: String,
    version: u32,
    name: String,
    attribution: String,
    classes: Vec<Class>,
    nodes: Vec<(f64, f64)>,
    edges: Vec<Road>,
    ferries: Vec<Ferry>,
    waters: Vec<Outline>,
    islands: Vec<Outline>,
}

#[derive(Deserialize)]
struct Class {
    name: String,
    km_h: u32,
}

/// Nodes, metres, class, metres of it in streets.
#[derive(Deserialize)]
struct Road(usize, usize, u32, usize, u32);

/// Nodes, metres, seconds of crossing, mean seconds of waiting at the quay.
#[derive(Deserialize)]
struct Ferry(usize, usize, u32, u32, u32);

#[derive(Deserialize)]
struct Outline {
    ring: Vec<(f64, f64)>,
}

/// What a table says, in our own terms.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) attribution: String,
    pub(super) nodes: Vec<Point>,
    /// Both ways alike.
    pub(super) edges: Vec<(u16, u16, Cost)>,
    pub(super) waters: Waters,
}

/// Why a table is not usable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableError {
    /// Not JSON, or not of this shape: what and where.
    Shape(String),
    /// Another format, or another version of it.
    Version(String, u32),
    /// A number that names a node or a class that is not there, or is no number for its place.
    OutOfRange(&'static str),
}

impl std::fmt::Display for TableError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TableError::Shape(what) => write!(formatter, "not a table of roads: {what}"),
            TableError::Version(format, version) => {
                write!(formatter, "{format} {version} instead of {FORMAT} {VERSION}")
            }
            TableError::OutOfRange(what) => write!(formatter, "{what} out of range"),
        }
    }
}

impl std::error::Error for TableError {}

/// The table of Skåne.
pub(super) fn skane() -> Table {
    // Shipped within the program, and a test reads it: it is whole.
    read(SKANE).expect("the shipped table of roads is whole")
}

/// A table from its text.
pub(super) fn read(text: &str) -> Result<Table, TableError> {
    let document: Document =
        serde_json::from_str(text).map_err(|error| TableError::Shape(error.to_string()))?;
    if document.format != FORMAT || document.version != VERSION {
        return Err(TableError::Version(document.format, document.version));
    }
    let nodes = points(&document.nodes)?;
    if nodes.is_empty() || nodes.len() > usize::from(u16::MAX) {
        return Err(TableError::OutOfRange("number of nodes"));
    }
    let edges = edges(&document, nodes.len())?;
    let waters = Waters::new(rings(&document.waters)?, rings(&document.islands)?);
    let Document { name, attribution, .. } = document;
    Ok(Table { name, attribution, nodes, edges, waters })
}

fn edges(document: &Document, nodes: usize) -> Result<Vec<(u16, u16, Cost)>, TableError> {
    if document.classes.iter().any(|class| class.km_h == 0) {
        return Err(TableError::OutOfRange("speed"));
    }
    let street = document.classes.iter().find(|class| class.name == "street");
    let street = street.ok_or(TableError::OutOfRange("class street"))?.km_h;
    let within = |a: usize, b: usize| match (u16::try_from(a), u16::try_from(b)) {
        (Ok(from), Ok(to)) if a < nodes && b < nodes => Ok((from, to)),
        _ => Err(TableError::OutOfRange("node")),
    };
    let mut edges = Vec::new();
    for &Road(a, b, metres, class, in_streets) in &document.edges {
        let (from, to) = within(a, b)?;
        let class = document.classes.get(class).ok_or(TableError::OutOfRange("class"))?;
        let outside = metres.checked_sub(in_streets).ok_or(TableError::OutOfRange("streets"))?;
        let driving = Cost::driving(outside, class.km_h).and(Cost::driving(in_streets, street));
        edges.push((from, to, driving));
    }
    for &Ferry(a, b, metres, crossing, wait) in &document.ferries {
        let (from, to) = within(a, b)?;
        edges.push((from, to, Cost::new(1000 * u64::from(crossing + wait), u64::from(metres))));
    }
    Ok(edges)
}

fn rings(outlines: &[Outline]) -> Result<Vec<Vec<Point>>, TableError> {
    let ring = |outline: &Outline| match outline.ring.len() {
        0..3 => Err(TableError::OutOfRange("corners of a ring")),
        _ => points(&outline.ring),
    };
    outlines.iter().map(ring).collect()
}

fn points(degrees: &[(f64, f64)]) -> Result<Vec<Point>, TableError> {
    let point = |&(lat, lon)| Point::from_degrees(lat, lon).ok_or(TableError::OutOfRange("point"));
    degrees.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole_and_says_whose_it_is() {
        let table = skane();
        assert_eq!(table.name, "skane-approximate");
        assert!(table.attribution.contains("OpenStreetMap") && table.attribution.contains("ODbL"));
        assert!(table.nodes.len() > 500 && table.edges.len() > table.nodes.len());
    }

    #[test]
    fn a_faulty_table_is_refused_with_its_fault() {
        let faulty = |from: &str, to: &str| {
            let text = r#"{"format": "rond-coarse-roads", "version": 1, "name": "n",
                "attribution": "a", "classes": [{"name": "street", "km_h": 30}],
                "nodes": [[55.5, 13.5], [55.6, 13.5]], "edges": [[0, 1, 900, 0, 100]],
                "ferries": [], "waters": [], "islands": []}"#;
            assert!(read(text).is_ok() && text.contains(from));
            read(&text.replace(from, to)).err()
        };
        assert_eq!(faulty("[0, 1,", "[0, 2,"), Some(TableError::OutOfRange("node")));
        assert_eq!(faulty("900, 0", "900, 1"), Some(TableError::OutOfRange("class")));
        assert_eq!(faulty("0, 100", "0, 901"), Some(TableError::OutOfRange("streets")));
        assert_eq!(faulty("30", "0"), Some(TableError::OutOfRange("speed")));
        assert_eq!(faulty("[55.5", "[95.5"), Some(TableError::OutOfRange("point")));
        let ring = r#""waters": [{"ring": [[55.5, 13.5], [55.6, 13.5]]}]"#;
        let corners = Some(TableError::OutOfRange("corners of a ring"));
        assert_eq!(faulty(r#""waters": []"#, ring), corners);
        let version = faulty("\"version\": 1", "\"version\": 2");
        assert_eq!(version, Some(TableError::Version(FORMAT.into(), 2)));
        assert!(matches!(faulty("\"nodes\"", "\"knots\""), Some(TableError::Shape(_))));
    }
}
