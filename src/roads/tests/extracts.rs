//! Exactness on real extracts: whatever the hierarchy says is what Dijkstra says.

use std::path::PathBuf;

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::oracle::costs_from;
use crate::domain::Point;
use crate::roads::cost::Cost;
use crate::roads::import::prepare;
use crate::roads::{RoadNetwork, Snapped};
use crate::travel::TravelModel;

const FROM: usize = 104;
const TO: usize = 200;

/// The folder of extracts, unless it is not there: then that is said.
fn folder() -> Option<PathBuf> {
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let folder = PathBuf::from(root).join("roads");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no extracts in {}; set ROND_BENCH", folder.display());
    None
}

fn network(name: &str) -> Option<RoadNetwork> {
    let path = folder()?.join(format!("{name}.osm.pbf"));
    let (_, words) = prepare(&path, &mut |_, _| {}).expect("an extract that can be imported");
    Some(RoadNetwork::of_bytes(bytemuck::cast_slice(&words)).expect("what was just made"))
}

/// Points all over the map that lie near some road.
fn points(network: &RoadNetwork, count: usize, random: &mut impl Rng) -> Vec<Point> {
    let all = network.points();
    let mut points = Vec::new();
    while points.len() < count {
        let [lat, lon] = all[random.random_range(0..all.len())].map(|units| f64::from(units) / 1e7);
        let away = [(); 2].map(|()| random.random_range(-0.002..0.002));
        points.extend(
            Point::from_degrees(lat + away[0], lon + away[1])
                .filter(|point| network.snap(*point).is_ok()),
        );
    }
    points
}

/// More than 20 000 pairs: one to one, and the table both ways of filling it.
fn every_way_is_the_oracles(name: &str) {
    let Some(network) = network(name) else { return };
    let mut random = Pcg64Mcg::seed_from_u64(4);
    let all = points(&network, FROM + TO, &mut random);
    let places: Vec<Snapped> = network.snap_all(&all).into_iter().flatten().collect();
    let (from, to) = places.split_at(FROM);
    let expected: Vec<Vec<Cost>> =
        from.par_iter().map(|place| costs_from(&network, place, to)).collect();
    assert_eq!(network.forward_rows(from, to), expected, "{name}: rows from each place");
    let columns = network.backward_rows(from, to);
    let turned: Vec<Vec<Cost>> =
        (0..FROM).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
    assert_eq!(turned, expected, "{name}: columns to each place");
    for (place, row) in from.iter().zip(&expected) {
        for (other, cost) in to.iter().zip(row) {
            assert_eq!(network.cost_between(place, other), *cost, "{name}: {place:?} {other:?}");
        }
    }
    the_edges_of_a_way_add_up(&network, from, to);
}

/// A way's cost is that of its edges and turns, one after the other.
fn the_edges_of_a_way_add_up(network: &RoadNetwork, from: &[Snapped], to: &[Snapped]) {
    for (one, other) in from.iter().zip(to) {
        let Some((cost, edges)) = network.way_between(one, other) else { continue };
        let rest = |place: &Snapped, edge: u32| {
            let feet = network.feet(place);
            feet.iter().find(|foot| foot.edge == edge).expect("a way begins and ends there").cost
        };
        let mut sum = rest(one, edges[0]);
        for pair in edges.windows(2) {
            let mut turns = network.turns_from(pair[0]);
            let (_, turn) = turns.find(|(to, _)| *to == pair[1]).expect("a turn that exists");
            sum = sum.and(Cost(turn));
        }
        assert_eq!(sum.without(rest(other, edges[edges.len() - 1])), cost);
    }
}

#[test]
fn a_station_is_exact() {
    every_way_is_the_oracles("lund-station");
}

#[test]
fn a_city_state_is_exact() {
    every_way_is_the_oracles("monaco");
}

#[test]
fn a_valley_is_exact() {
    every_way_is_the_oracles("liechtenstein");
}

#[test]
fn half_a_capital_is_exact() {
    every_way_is_the_oracles("oslo-east");
}

#[test]
fn a_made_up_skane_is_exact() {
    every_way_is_the_oracles("skane_synth");
}

#[test]
fn a_region_is_exact() {
    every_way_is_the_oracles("porto");
}

#[test]
fn another_pace_is_exact_too_and_slower() {
    let Some(network) = network("liechtenstein") else { return };
    let slow = network.at_pace(|point| if point.lat() > 47.15 { 150 } else { 100 });
    let mut random = Pcg64Mcg::seed_from_u64(5);
    let all = points(&network, 40, &mut random);
    let places: Vec<Snapped> = network.snap_all(&all).into_iter().flatten().collect();
    let (from, to) = places.split_at(20);
    let mut slower = 0;
    for (place, row) in from.iter().zip(slow.forward_rows(from, to)) {
        assert_eq!(row, costs_from(&slow, place, to));
        for (other, cost) in to.iter().zip(row) {
            let before = network.cost_between(place, other);
            assert!(cost.weight_tenths() >= before.weight_tenths());
            slower += usize::from(cost > before);
        }
    }
    assert!(slower > 100, "{slower} of 400 ways touch the north");
}

#[test]
fn a_table_has_the_legs_that_are_asked_for_one_by_one() {
    let Some(network) = network("monaco") else { return };
    let mut random = Pcg64Mcg::seed_from_u64(6);
    let mut all = points(&network, 12, &mut random);
    // Out at sea, and the same point twice.
    all.extend(Point::from_degrees(43.0, 8.0));
    all.push(all[0]);
    for (from, to) in [(&all[..], &all[..3]), (&all[..3], &all[..]), (&all[..1], &all[..])] {
        let table = network.legs(from, to);
        for (row, one) in table.chunks(to.len()).zip(from) {
            for (leg, other) in row.iter().zip(to) {
                assert_eq!(*leg, network.leg(*one, *other));
            }
        }
    }
    assert_eq!(network.leg(all[12], all[0]), None, "nobody drives out to sea");
    assert_eq!(network.leg(all[0], all[13]).map(|leg| leg.seconds.0), Some(0));
}
