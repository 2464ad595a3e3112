//! A kept table as a file: a mark with the version, a head (network, times, points), the legs; head
//! and legs each with a checksum, so that the head alone says whether the file is the one wanted.

use std::io::{self, Read};

use super::Kept;
use crate::domain::{Instant, Point};
use crate::travel::{LegTable, mixed};

/// Kind and version.
const MARK: &[u8; 12] = b"rond-legs 1\n";
/// No head of ours is longer: a million points.
const HEAD_BYTES_MAX: u32 = 16 << 20;

/// What stands before the legs.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Head {
    pub(super) network: String,
    pub(super) data: Option<String>,
    pub(super) fetched: Instant,
    pub(super) points: Vec<Point>,
}

/// The whole file of a table.
pub(super) fn written(kept: &Kept) -> Vec<u8> {
    let mut head = Vec::new();
    put_text(&mut head, &kept.network);
    head.push(u8::from(kept.data.is_some()));
    put_text(&mut head, kept.data.as_deref().unwrap_or_default());
    head.extend(kept.fetched.0.to_le_bytes());
    for point in &kept.points {
        for degrees in [point.lat(), point.lon()] {
            // Points are whole millionths of a degree.
            head.extend(((degrees * 1e6).round() as i32).to_le_bytes());
        }
    }
    let numbers = kept.table.seconds().chain(kept.table.metres());
    let legs: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    let mut file = Vec::with_capacity(MARK.len() + 20 + head.len() + legs.len());
    file.extend(MARK);
    file.extend((head.len() as u32).to_le_bytes());
    file.extend(checksum(&head).to_le_bytes());
    file.extend(head);
    file.extend(checksum(&legs).to_le_bytes());
    file.extend(legs);
    file
}

/// The head of a file; an error when it is damaged or of another version.
pub(super) fn read_head(file: &mut impl Read) -> io::Result<Head> {
    let mut mark = [0; MARK.len()];
    file.read_exact(&mut mark)?;
    let length = u32::from_le_bytes(bytes(file)?);
    if mark != *MARK || length > HEAD_BYTES_MAX {
        return Err(damaged("the mark"));
    }
    let sum = u64::from_le_bytes(bytes(file)?);
    let mut head = vec![0; length as usize];
    file.read_exact(&mut head)?;
    if checksum(&head) != sum {
        return Err(damaged("the head"));
    }
    let mut rest = head.as_slice();
    let network = text(&mut rest)?;
    let has_data = bytes::<1>(&mut rest)? == [1];
    let data = text(&mut rest)?;
    let fetched = Instant(i64::from_le_bytes(bytes(&mut rest)?));
    let mut points = Vec::with_capacity(rest.len() / 8);
    while !rest.is_empty() {
        let lat = f64::from(i32::from_le_bytes(bytes(&mut rest)?)) / 1e6;
        let lon = f64::from(i32::from_le_bytes(bytes(&mut rest)?)) / 1e6;
        points.push(Point::from_degrees(lat, lon).ok_or_else(|| damaged("a point"))?);
    }
    Ok(Head { network, data: has_data.then_some(data), fetched, points })
}

/// The legs after the head.
pub(super) fn read_legs(file: &mut impl Read, head: Head) -> io::Result<Kept> {
    let sum = u64::from_le_bytes(bytes(file)?);
    let size = head.points.len();
    let mut legs = Vec::new();
    file.take(8 * (size * size) as u64 + 1).read_to_end(&mut legs)?;
    if checksum(&legs) != sum {
        return Err(damaged("the legs"));
    }
    let number = |four: &[u8]| u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
    let mut seconds: Vec<u32> = legs.chunks_exact(4).map(number).collect();
    let metres = seconds.split_off(seconds.len() / 2);
    let table = LegTable::from_numbers(size, seconds, metres)
        .filter(|table| table.rows() == size)
        .ok_or_else(|| damaged("the count of legs"))?;
    let Head { network, data, fetched, points } = head;
    Ok(Kept { network, data, fetched, points, table })
}

/// Finds damage, not malice.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    words.fold(mixed(bytes.len() as u64), |sum, word| mixed(sum ^ word))
}

fn put_text(head: &mut Vec<u8>, text: &str) {
    head.extend((text.len() as u32).to_le_bytes());
    head.extend(text.as_bytes());
}

fn text(rest: &mut &[u8]) -> io::Result<String> {
    let length = u32::from_le_bytes(bytes(rest)?) as usize;
    let (text, after) = rest.split_at_checked(length).ok_or_else(|| damaged("a text"))?;
    *rest = after;
    String::from_utf8(text.to_vec()).map_err(|_| damaged("a text"))
}

fn bytes<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what} is damaged"))
}
