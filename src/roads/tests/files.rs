//! Files that are not what they should be: each is told from the others, none is believed.

use std::fs;
use std::path::PathBuf;

use crate::roads::import::{import, tests::grid_network};
use crate::roads::{RoadNetwork, RoadsError};

/// A file of its own for each test, gone when the test is over.
struct Scrap(PathBuf);

impl Scrap {
    fn of(name: &str, bytes: &[u8]) -> Scrap {
        let folder = std::env::temp_dir();
        let path = folder.join(format!("rond-roads-{}-{name}", std::process::id()));
        fs::write(&path, bytes).expect("a folder for scraps");
        Scrap(path)
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn opened(name: &str, bytes: &[u8]) -> Result<(), RoadsError> {
    let scrap = Scrap::of(name, bytes);
    RoadNetwork::open(&scrap.0).map(|_| ())
}

#[test]
fn a_whole_network_opens() {
    let bytes = grid_network();
    assert!(opened("whole", &bytes).is_ok());
    assert!(RoadNetwork::of_bytes(&bytes).is_ok());
}

#[test]
fn a_network_cut_off_anywhere_is_refused() {
    let bytes = grid_network();
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        let found = RoadNetwork::of_bytes(&bytes[..length]).map(|_| ());
        assert!(
            matches!(found, Err(RoadsError::CutOff { .. } | RoadsError::NotRoads)),
            "{length}: {found:?}"
        );
    }
    assert!(matches!(opened("nothing", &[]), Err(RoadsError::CutOff { .. })));
    let longer = [&bytes[..], &[0; 8]].concat();
    assert!(matches!(opened("longer", &longer), Err(RoadsError::CutOff { .. })));
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let bytes = grid_network();
    for at in (12..bytes.len()).step_by(bytes.len() / 300) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let found = RoadNetwork::of_bytes(&flipped).map(|_| ());
        assert!(matches!(found, Err(RoadsError::Damaged)), "{at}: {found:?}");
    }
}

#[test]
fn a_network_of_another_version_says_so() {
    let mut bytes = grid_network();
    bytes[8] = 99;
    let found = opened("version", &bytes);
    assert!(matches!(found, Err(RoadsError::OtherVersion { found: 99, .. })), "{found:?}");
}

#[test]
fn any_other_file_is_no_network() {
    let found = opened("text", b"{\"format\": \"rond-day\", \"version\": 1, \"places\": []}");
    assert!(matches!(found, Err(RoadsError::NotRoads)), "{found:?}");
    let found = RoadNetwork::open(&PathBuf::from("no/such/file.roads")).map(|_| ());
    assert!(matches!(found, Err(RoadsError::System(_))), "{found:?}");
}

fn imported(name: &str, bytes: &[u8]) -> Result<(), RoadsError> {
    let scrap = Scrap::of(name, bytes);
    let out = scrap.0.with_extension("roads");
    let made = import(&scrap.0, &out, &mut |_, _| {}).map(|_| ());
    assert!(made.is_ok() || !out.exists(), "a failed import leaves nothing behind");
    let _ = fs::remove_file(out);
    made
}

/// A block of the `.osm.pbf` format without compression: its type and its content.
fn block(kind: &str, content: &[u8]) -> Vec<u8> {
    let field =
        |number: u8, bytes: &[u8]| [&[number << 3 | 2, bytes.len() as u8][..], bytes].concat();
    let blob = field(1, content);
    let head = [&field(1, kind.as_bytes())[..], &[3 << 3, blob.len() as u8]].concat();
    [&(head.len() as u32).to_be_bytes()[..], &head, &blob].concat()
}

/// A head that asks the reader to understand this.
fn head(feature: &str) -> Vec<u8> {
    let content = [&[4 << 3 | 2, feature.len() as u8][..], feature.as_bytes()].concat();
    block("OSMHeader", &content)
}

#[test]
fn an_extract_without_roads_says_so() {
    let found = imported("empty", &head("OsmSchema-V0.6"));
    assert!(matches!(found, Err(RoadsError::NoRoads)), "{found:?}");
}

#[test]
fn what_is_no_extract_says_so() {
    for (name, bytes) in [
        ("no-bytes", &b""[..]),
        ("prose", b"this is no map, it is a sentence that goes on for a while"),
        ("feature", &head("TimeTravel")[..]),
        ("cut", &head("OsmSchema-V0.6")[..20]),
    ] {
        let found = imported(name, bytes);
        assert!(matches!(found, Err(RoadsError::NotOpenStreetMap(_))), "{name}: {found:?}");
    }
}
