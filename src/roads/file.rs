//! The file of a network: a head, a list of sections, the sections; little-endian, each at a
//! multiple of eight bytes, so that it can be used where it lies.
//!
//! ```text
//! 0   8   rondroad
//! 8   4   version
//! 12  4   number of sections
//! 16  8   length of the whole file
//! 24  4   CRC-32 of everything after the head
//! 28  4   CRC-32 of the 28 bytes before
//! 32  16  for each section: where it begins, how long it is
//! ```

use std::fs::{self, File};
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use super::RoadsError;

const MAGIC: &[u8; 8] = b"rondroad";
/// The version that this program writes and reads.
pub const VERSION: u32 = 1;
const HEAD: usize = 32;

#[cfg(target_endian = "big")]
compile_error!("road networks are read where they lie, and are little-endian");

/// What a section holds; its number is its place in the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// JSON: what the network is, and its grid.
    About,
    /// Where the points of each segment begin.
    ShapeFirst,
    /// Latitude and longitude of points.
    Points,
    /// Two for each segment: its edge along, and its edge against.
    SegmentEdges,
    /// For each edge twice its segment, plus one against it.
    EdgeSegment,
    /// What driving each edge costs.
    EdgeCost,
    /// Where the turns from each edge begin.
    TurnFirst,
    /// The edge turned into.
    TurnTo,
    /// What the turn itself costs.
    TurnCost,
    /// Of the hierarchy; see there.
    Parent,
    /// Of the hierarchy.
    UpFirst,
    /// Of the hierarchy.
    UpOther,
    /// Of the hierarchy.
    UpCost,
    /// Of the hierarchy.
    UpVia,
    /// Of the hierarchy.
    DownFirst,
    /// Of the hierarchy.
    DownOther,
    /// Of the hierarchy.
    DownCost,
    /// Of the hierarchy.
    DownVia,
    /// Where the pieces of each cell begin.
    GridFirst,
    /// Pieces near each cell: the number of their first point.
    GridPiece,
}

/// How many sections there are.
pub const SECTIONS: usize = Section::GridPiece as usize + 1;

/// The bytes of a file with these sections, in the order of [`Section`].
pub fn assemble(sections: &[&[u8]; SECTIONS]) -> Vec<u64> {
    let list = HEAD + SECTIONS * 16;
    let total = list + sections.iter().map(|bytes| bytes.len().next_multiple_of(8)).sum::<usize>();
    let mut words = vec![0_u64; total / 8];
    let file: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let mut at = list;
    for (number, bytes) in sections.iter().enumerate() {
        let entry = HEAD + number * 16;
        file[entry..entry + 8].copy_from_slice(&(at as u64).to_le_bytes());
        file[entry + 8..entry + 16].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        file[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len().next_multiple_of(8);
    }
    let sum = crc32fast::hash(&file[HEAD..]);
    file[..8].copy_from_slice(MAGIC);
    file[8..12].copy_from_slice(&VERSION.to_le_bytes());
    file[12..16].copy_from_slice(&(SECTIONS as u32).to_le_bytes());
    file[16..24].copy_from_slice(&(total as u64).to_le_bytes());
    file[24..28].copy_from_slice(&sum.to_le_bytes());
    let head = crc32fast::hash(&file[..28]);
    file[28..32].copy_from_slice(&head.to_le_bytes());
    words
}

/// Where the sections of a file are; everything is checked first.
pub fn sections(file: &[u8]) -> Result<Vec<Range<usize>>, RoadsError> {
    if file.len() < HEAD || file[..8] != *MAGIC {
        return Err(if MAGIC.starts_with(&file[..file.len().min(8)]) && !file.is_empty() {
            RoadsError::CutOff { found: file.len() as u64, expected: HEAD as u64 }
        } else {
            RoadsError::NotRoads
        });
    }
    let found = word(file, 8);
    if found != VERSION {
        return Err(RoadsError::OtherVersion { found, known: VERSION });
    }
    if crc32fast::hash(&file[..28]) != word(file, 28) {
        return Err(RoadsError::Damaged);
    }
    let expected = long(file, 16);
    if file.len() as u64 != expected {
        return Err(RoadsError::CutOff { found: file.len() as u64, expected });
    }
    if crc32fast::hash(&file[HEAD..]) != word(file, 24) || word(file, 12) as usize != SECTIONS {
        return Err(RoadsError::Damaged);
    }
    (0..SECTIONS)
        .map(|number| {
            let from = long(file, HEAD + number * 16) as usize;
            let end = from.checked_add(long(file, HEAD + number * 16 + 8) as usize);
            let end = end.filter(|end| *end <= file.len() && from.is_multiple_of(8));
            end.map(|end| from..end).ok_or(RoadsError::Damaged)
        })
        .collect()
}

/// The checksum of a file that was found whole.
pub fn checksum(file: &[u8]) -> u32 {
    word(file, 24)
}

fn word(file: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]])
}

fn long(file: &[u8], at: usize) -> u64 {
    u64::from(word(file, at)) | u64::from(word(file, at + 4)) << 32
}

/// Writes a file so that it is there whole or not at all: to one beside it first, then renamed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), RoadsError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(RoadsError::NotWritten)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = Path::new(&beside);
    let written = File::create(beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(beside, path));
    if written.is_err() {
        // What is left of it helps nobody; that it cannot be removed either, neither.
        let _ = fs::remove_file(beside);
    }
    written.map_err(RoadsError::NotWritten)
}
