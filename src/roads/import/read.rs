//! Reading an extract: first the ways that a car can drive on and the turns that are forbidden,
//! then the points that these need, and nothing else.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use osmpbf::{BlobDecode, BlobReader, ByteOffset, PrimitiveBlock, RelMemberType};

use super::{Progress, Stage};
use crate::roads::RoadsError;
use crate::roads::profile::{Obstacle, Tags, WayDrive, obstacles, way_drive};

/// A point that ways name and the extract does not hold.
pub const MISSING: [i32; 2] = [i32::MIN; 2];

/// What a network is made from.
pub struct Extract {
    /// Latitude and longitude of each point in ten-millionths of a degree, or [`MISSING`].
    pub points: Vec<[i32; 2]>,
    /// What stands at points, in the order of the points.
    pub obstacles: Vec<(u32, Obstacle)>,
    /// The ways.
    pub ways: Vec<Way>,
    /// The points of all ways, one after the other.
    pub way_points: Vec<u32>,
    /// Forbidden turns.
    pub restrictions: Vec<Restriction>,
    /// Seconds since 1970 of the data, when the file says.
    pub date: Option<i64>,
}

/// A way that a car can drive on.
pub struct Way {
    /// Its id.
    pub id: i64,
    /// How.
    pub drive: WayDrive,
    /// Its points: from here in `way_points`…
    pub first: usize,
    /// …up to here.
    pub end: usize,
}

/// Some turns at a point are forbidden, or all but some.
pub struct Restriction {
    /// Coming by this way.
    pub from: i64,
    /// At this point.
    pub via: u32,
    /// Going on by this way.
    pub to: i64,
    /// This turn is the only one allowed, instead of forbidden.
    pub only: bool,
}

struct RawRestriction {
    from: i64,
    via: i64,
    to: i64,
    only: bool,
}

#[derive(Default)]
struct Ways {
    ways: Vec<Way>,
    refs: Vec<i64>,
    restrictions: Vec<RawRestriction>,
    node_blobs: Vec<ByteOffset>,
    date: Option<i64>,
}

/// Reads it in two passes; only what roads need is kept.
pub fn read(path: &Path, progress: &mut Progress<'_>) -> Result<Extract, RoadsError> {
    let size = std::fs::metadata(path)?.len().max(1);
    let mut share = |stage, offset: Option<ByteOffset>| {
        progress(stage, offset.map_or(0.0, |offset| offset.0 as f64 / size as f64));
    };
    let Ways { ways, refs, restrictions, node_blobs, date } = read_ways(path, &mut share)?;
    if ways.is_empty() {
        return Err(RoadsError::NoRoads);
    }
    let mut ids = refs.clone();
    ids.sort_unstable();
    ids.dedup();
    let place = |id: &i64| ids.binary_search(id).ok().map(|at| at as u32);
    let way_points: Vec<u32> = refs.iter().filter_map(place).collect();
    drop(refs);
    let restrictions = restrictions
        .into_iter()
        .filter_map(|raw| {
            let RawRestriction { from, via, to, only } = raw;
            Some(Restriction { from, via: place(&via)?, to, only })
        })
        .collect();
    let mut points = vec![MISSING; ids.len()];
    let mut found = Vec::new();
    let mut reader =
        BlobReader::new_seekable(BufReader::new(File::open(path)?)).map_err(foreign)?;
    for offset in node_blobs {
        share(Stage::Points, Some(offset));
        let blob = reader.blob_from_offset(offset).map_err(foreign)?;
        let block = blob.to_primitiveblock().map_err(foreign)?;
        read_points(&block, &ids, &mut points, &mut found);
    }
    found.sort_by_key(|(point, _)| *point);
    Ok(Extract { points, obstacles: found, ways, way_points, restrictions, date })
}

fn foreign(error: osmpbf::Error) -> RoadsError {
    match error.into_kind() {
        osmpbf::ErrorKind::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            RoadsError::System(error)
        }
        other => RoadsError::NotOpenStreetMap(format!("{other:?}").chars().take(80).collect()),
    }
}

fn read_ways(
    path: &Path,
    share: &mut impl FnMut(Stage, Option<ByteOffset>),
) -> Result<Ways, RoadsError> {
    let mut all = Ways::default();
    let mut begun = false;
    for blob in BlobReader::from_path(path).map_err(foreign)? {
        let blob = blob.map_err(foreign)?;
        share(Stage::Ways, blob.offset());
        match blob.decode().map_err(foreign)? {
            BlobDecode::OsmHeader(header) => {
                begun = true;
                all.date = header.osmosis_replication_timestamp();
                understood(header.required_features())?;
            }
            BlobDecode::OsmData(block) if begun => {
                if has_nodes(&block) {
                    all.node_blobs.extend(blob.offset());
                }
                all.take(&block);
            }
            BlobDecode::OsmData(_) => break,
            BlobDecode::Unknown(_) => {}
        }
    }
    if begun { Ok(all) } else { Err(RoadsError::NotOpenStreetMap("it has no header".to_owned())) }
}

fn understood(features: &[String]) -> Result<(), RoadsError> {
    let known = ["OsmSchema-V0.6", "DenseNodes"];
    match features.iter().find(|feature| !known.contains(&feature.as_str())) {
        Some(other) => Err(RoadsError::NotOpenStreetMap(format!("it needs {other}"))),
        None => Ok(()),
    }
}

fn has_nodes(block: &PrimitiveBlock) -> bool {
    block
        .groups()
        .any(|group| group.dense_nodes().next().is_some() || group.nodes().next().is_some())
}

impl Ways {
    fn take(&mut self, block: &PrimitiveBlock) {
        for group in block.groups() {
            for way in group.ways() {
                let tags = Tags(way.tags().collect());
                let Some(drive) = way_drive(&tags) else { continue };
                let first = self.refs.len();
                self.refs.extend(way.refs());
                let end = self.refs.len();
                self.ways.push(Way { id: way.id(), drive, first, end });
            }
            for relation in group.relations() {
                let tags = Tags(relation.tags().collect());
                if let Some(only) = restriction_kind(&tags) {
                    self.take_restriction(&relation, only);
                }
            }
        }
    }

    fn take_restriction(&mut self, relation: &osmpbf::Relation<'_>, only: bool) {
        let (mut from, mut via, mut to) = (Vec::new(), Vec::new(), Vec::new());
        for member in relation.members() {
            match (member.role().unwrap_or_default(), member.member_type.clone()) {
                ("from", RelMemberType::Way) => from.push(member.member_id),
                ("to", RelMemberType::Way) => to.push(member.member_id),
                ("via", RelMemberType::Node) => via.push(member.member_id),
                // Forbidden by way of another way: those are rare, and not heeded.
                ("via", _) => return,
                _ => {}
            }
        }
        let [via] = via.as_slice() else { return };
        for &from in &from {
            for &to in &to {
                self.restrictions.push(RawRestriction { from, via: *via, to, only });
            }
        }
    }
}

/// Does a relation forbid turns to cars (`false`), or allow only one (`true`)?
fn restriction_kind(tags: &Tags<'_>) -> Option<bool> {
    if !tags.get("type")?.starts_with("restriction") {
        return None;
    }
    let spared = |word: &str| matches!(word.trim(), "motorcar" | "motor_vehicle" | "vehicle");
    if tags.get("except").is_some_and(|except| except.split(';').any(spared)) {
        return None;
    }
    let value = tags.first_of(&[
        "restriction:motorcar",
        "restriction:motor_vehicle",
        "restriction:vehicle",
        "restriction",
    ])?;
    match value {
        value if value.starts_with("only_") => Some(true),
        value if value.starts_with("no_") => Some(false),
        _ => None,
    }
}

fn read_points(
    block: &PrimitiveBlock,
    ids: &[i64],
    points: &mut [[i32; 2]],
    found: &mut Vec<(u32, Obstacle)>,
) {
    let mut take = |id: i64, point: [i32; 2], tags: &Tags<'_>| {
        let Ok(at) = ids.binary_search(&id) else { return };
        points[at] = point;
        found.extend(obstacles(tags).map(|obstacle| (at as u32, obstacle)));
    };
    for group in block.groups() {
        for node in group.dense_nodes() {
            if ids.binary_search(&node.id()).is_ok() {
                let tags = Tags(node.tags().collect());
                take(node.id(), [node.decimicro_lat(), node.decimicro_lon()], &tags);
            }
        }
        for node in group.nodes() {
            let tags = Tags(node.tags().collect());
            take(node.id(), [node.decimicro_lat(), node.decimicro_lon()], &tags);
        }
    }
}
