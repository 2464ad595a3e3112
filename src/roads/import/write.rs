//! The import, step by step.

use std::path::Path;

use super::contract::{Contracted, contract};
use super::grid::pieces;
use super::rank::{Ranked, rank};
use super::read::{Extract, MISSING, read};
use super::segment::{Streets, cut};
use super::turns::turns;
use super::{Progress, SPAN_MOST_KM, Stage};
use crate::roads::RoadsError;
use crate::roads::file::{self, SECTIONS};
use crate::roads::geometry;
use crate::roads::network::About;

/// The licence asks that this is shown.
const ATTRIBUTION: &str = "© OpenStreetMap contributors, ODbL";

/// Makes a network of an `.osm.pbf` file and writes it to `out`.
pub fn import(from: &Path, out: &Path, progress: &mut Progress<'_>) -> Result<About, RoadsError> {
    let (about, words) = prepare(from, progress)?;
    progress(Stage::Write, 0.5);
    file::write(out, bytemuck::cast_slice(&words))?;
    Ok(about)
}

/// Makes the bytes of a network of an `.osm.pbf` file, in words of eight.
pub fn prepare(from: &Path, progress: &mut Progress<'_>) -> Result<(About, Vec<u64>), RoadsError> {
    let extract = read(from, progress)?;
    let source = from.file_name().unwrap_or_default().to_string_lossy();
    made_of(extract, &source, progress)
}

/// Makes the bytes of a network of an extract that was read from a file of this name.
pub fn made_of(
    mut extract: Extract,
    source: &str,
    progress: &mut Progress<'_>,
) -> Result<(About, Vec<u64>), RoadsError> {
    is_a_region(&extract)?;
    progress(Stage::Streets, 0.0);
    let mut streets = cut(&mut extract);
    let turns = turns(&extract, &mut streets);
    let points: Vec<[i32; 2]> =
        streets.shape.iter().map(|&node| extract.points[node as usize]).collect();
    let places: Vec<[i64; 2]> = places(&extract, &streets);
    let date = extract.date;
    drop(extract);
    progress(Stage::Order, 0.0);
    let ranked = rank(&streets, &places, &turns)?;
    drop(turns);
    progress(Stage::Contract, 0.0);
    let contracted = contract(ranked.edge_segment.len(), &ranked.turns, &ranked.edge_costs);
    progress(Stage::Write, 0.0);
    Ok(assemble(source, date, &streets, &points, &ranked, &contracted))
}

/// From corner to corner no more than a network can span.
fn is_a_region(extract: &Extract) -> Result<(), RoadsError> {
    let known = extract.points.iter().filter(|point| **point != MISSING);
    let corners = known.fold([[i32::MAX; 2], [i32::MIN; 2]], |[low, high], point| {
        [
            [0, 1].map(|axis| low[axis].min(point[axis])),
            [0, 1].map(|axis| high[axis].max(point[axis])),
        ]
    });
    if corners[0][0] > corners[1][0] {
        return Err(RoadsError::NoRoads);
    }
    let kilometres = (geometry::metres(corners[0], corners[1]) / 1000.0) as u64;
    if kilometres > SPAN_MOST_KM {
        return Err(RoadsError::TooLarge { kilometres });
    }
    Ok(())
}

/// East and north of each junction in metres.
fn places(extract: &Extract, streets: &Streets) -> Vec<[i64; 2]> {
    let point = |node: &u32| extract.points[*node as usize];
    let Some(origin) = streets.junctions.first().map(point) else { return Vec::new() };
    let place = |node| geometry::plane(origin, point(node)).map(|metres| metres.round() as i64);
    streets.junctions.iter().map(place).collect()
}

fn assemble(
    source: &str,
    date: Option<i64>,
    streets: &Streets,
    all_points: &[[i32; 2]],
    ranked: &Ranked,
    contracted: &Contracted,
) -> (About, Vec<u64>) {
    let mut shape_first = vec![0_u32];
    let mut points: Vec<[i32; 2]> = Vec::new();
    let mut starts = Vec::new();
    let mut metres = 0.0;
    for &old in &ranked.segments {
        let segment = &streets.segments[old as usize];
        if segment.drive.doorstep {
            let pieces = segment.end - segment.first - 1;
            starts.extend((0..pieces).map(|piece| (points.len() + piece) as u32));
        }
        points.extend_from_slice(&all_points[segment.first..segment.end]);
        shape_first.push(points.len() as u32);
        metres += segment.metres;
    }
    let pieces = pieces(&points, &starts);
    let (shape, prices) = (&contracted.shape, &contracted.prices);
    let about = About {
        name: name(source),
        source: source.to_owned(),
        data_date: date.and_then(|date| Some(jiff::Timestamp::from_second(date).ok()?.to_string())),
        attribution: ATTRIBUTION.to_owned(),
        segments: ranked.segments.len() as u64,
        edges: ranked.edge_segment.len() as u64,
        turns: ranked.turns.len() as u64,
        arcs: (shape.up_other.len() + shape.down_other.len()) as u64,
        metres: metres as u64,
        grid: pieces.grid,
    };
    let mut turn_first = vec![0_u32; ranked.edge_segment.len() + 1];
    ranked.turns.iter().for_each(|turn| turn_first[turn.from as usize + 1] += 1);
    (1..turn_first.len()).for_each(|at| turn_first[at] += turn_first[at - 1]);
    let turn_to: Vec<u32> = ranked.turns.iter().map(|turn| turn.to).collect();
    let turn_cost: Vec<u64> = ranked.turns.iter().map(|turn| turn.cost.0).collect();
    let about_text = about.json().to_string();
    let sections: [&[u8]; SECTIONS] = [
        about_text.as_bytes(),
        bytemuck::cast_slice(&shape_first),
        bytemuck::cast_slice(&points),
        bytemuck::cast_slice(&ranked.segment_edges),
        bytemuck::cast_slice(&ranked.edge_segment),
        bytemuck::cast_slice(&ranked.edge_costs),
        bytemuck::cast_slice(&turn_first),
        bytemuck::cast_slice(&turn_to),
        bytemuck::cast_slice(&turn_cost),
        bytemuck::cast_slice(&shape.parent),
        bytemuck::cast_slice(&shape.up_first),
        bytemuck::cast_slice(&shape.up_other),
        bytemuck::cast_slice(&prices.up_cost),
        bytemuck::cast_slice(&prices.up_via),
        bytemuck::cast_slice(&shape.down_first),
        bytemuck::cast_slice(&shape.down_other),
        bytemuck::cast_slice(&prices.down_cost),
        bytemuck::cast_slice(&prices.down_via),
        bytemuck::cast_slice(&pieces.first),
        bytemuck::cast_slice(&pieces.pieces),
    ];
    (about, file::assemble(&sections))
}

/// `porto` of `porto.osm.pbf`.
fn name(source: &str) -> String {
    let short = source.split('.').next().filter(|name| !name.is_empty());
    short.unwrap_or("roads").to_owned()
}
