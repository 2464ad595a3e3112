//! Regions.

use super::known::Known;
use super::{SHIPPED_REGION, shipped_document, shipped_region};
use crate::domain::{DelregionId, Municipality, MunicipalityId, Point, Region};
use crate::wire::document::Node;
use crate::wire::problem::Problems;

/// A region and the bounds that its homes must lie in.
pub(super) struct RegionReading {
    pub(super) region: Region,
    pub(super) bounds: Option<Bounds>,
}

impl RegionReading {
    /// A region that has been read. Only the region that ships still has its bounds.
    pub(super) fn of(region: &Region) -> RegionReading {
        let document = (region == shipped_region()).then(|| shipped_document(SHIPPED_REGION));
        let bounds = document.and_then(|document| bounds(&Node::root(&document)));
        RegionReading { region: region.clone(), bounds }
    }
}

/// A rectangle on the map.
pub(super) struct Bounds {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

impl Bounds {
    /// Is the point in it or near it? Crews may start a little outside the region.
    pub(super) fn hold(&self, point: Point) -> bool {
        const MARGIN_DEGREES: f64 = 0.25;
        (self.south - MARGIN_DEGREES..=self.north + MARGIN_DEGREES).contains(&point.lat())
            && (self.west - MARGIN_DEGREES..=self.east + MARGIN_DEGREES).contains(&point.lon())
    }
}

/// The region of a document that holds nothing else.
pub(super) fn region(node: &Node, problems: &mut Problems) -> Option<Region> {
    let delregioner = Known::of_list("delregion", node, "delregioner", problems);
    Known::of_list("municipality", node, "municipalities", problems);
    Some(region_reading(node, &delregioner, problems).region)
}

/// What is whole of a region.
pub(super) fn region_reading<'a>(
    node: &Node<'a>,
    delregioner: &Known<'a>,
    problems: &mut Problems,
) -> RegionReading {
    let mut municipalities = std::collections::BTreeMap::new();
    for item in node.items("municipalities") {
        let delregion = delregioner.named(&item, "delregion", problems);
        if let (Some(id), Some(delregion)) = (item.text("id"), delregion) {
            let id = MunicipalityId::new(id);
            let name = item.text("name").unwrap_or_default().to_owned();
            let delregion = DelregionId::new(delregion);
            municipalities.insert(id.clone(), Municipality { id, name, delregion });
        }
    }
    let name = node.text("name").unwrap_or_default().to_owned();
    RegionReading { region: Region { name, municipalities }, bounds: bounds(node) }
}

fn bounds(node: &Node) -> Option<Bounds> {
    let node = node.field("bounds")?;
    Some(Bounds {
        south: node.number("south")?,
        west: node.number("west")?,
        north: node.number("north")?,
        east: node.number("east")?,
    })
}
