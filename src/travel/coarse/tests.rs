//! What the approximate roads of Skåne hold to.

use std::sync::OnceLock;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::globe::Position;
use super::*;
use crate::travel::Matrix;

/// Latitude and longitude.
type Town = (f64, f64);

/// Between the centres of two towns: minutes of driving without traffic, rounded, as anyone finds
/// them in a route planner. Typed in; not measured.
const KNOWN: &[(Town, Town, f64)] = &[
    (MALMO, LUND, 20.0),
    (MALMO, KRISTIANSTAD, 70.0),
    (MALMO, HELSINGBORG, 50.0),
    (MALMO, YSTAD, 50.0),
    (MALMO, TRELLEBORG, 32.0),
    (MALMO, LANDSKRONA, 35.0),
    (MALMO, SIMRISHAMN, 80.0),
    (LUND, ESLOV, 23.0),
    (LUND, HASSLEHOLM, 57.0),
    (LUND, HORBY, 32.0),
    (KRISTIANSTAD, HASSLEHOLM, 28.0),
    (KRISTIANSTAD, SIMRISHAMN, 58.0),
    (KRISTIANSTAD, AHUS, 20.0),
    (YSTAD, SIMRISHAMN, 37.0),
    (YSTAD, TOMELILLA, 20.0),
    (YSTAD, TRELLEBORG, 45.0),
    (HELSINGBORG, ANGELHOLM, 27.0),
    (HELSINGBORG, HASSLEHOLM, 68.0),
    (HELSINGBORG, KRISTIANSTAD, 87.0),
    (HASSLEHOLM, OSBY, 28.0),
    (ESLOV, LANDSKRONA, 32.0),
];
const MALMO: Town = (55.605, 13.000);
const LUND: Town = (55.704, 13.193);
const KRISTIANSTAD: Town = (56.031, 14.155);
const HELSINGBORG: Town = (56.046, 12.694);
const YSTAD: Town = (55.430, 13.820);
const TRELLEBORG: Town = (55.376, 13.157);
const LANDSKRONA: Town = (55.871, 12.831);
const SIMRISHAMN: Town = (55.557, 14.350);
const ESLOV: Town = (55.839, 13.304);
const HASSLEHOLM: Town = (56.159, 13.767);
const HORBY: Town = (55.851, 13.662);
const TOMELILLA: Town = (55.543, 13.954);
const ANGELHOLM: Town = (56.243, 12.862);
const OSBY: Town = (56.382, 13.993);
const AHUS: Town = (55.923, 14.296);
/// Kyrkbacken, on Ven.
const VEN: Town = (55.911, 12.674);

/// Rounding of two legs against one.
const ROUNDING: i64 = 2;

fn at((lat, lon): Town) -> Point {
    Point::from_degrees(lat, lon).expect("a point on the globe")
}

fn minutes(model: &dyn TravelModel, from: Town, to: Town) -> f64 {
    let leg = model.leg(at(from), at(to)).expect("there is a way everywhere in Skåne");
    leg.seconds.0 as f64 / 60.0
}

fn ours(from: Town, to: Town) -> f64 {
    minutes(CoarseRoads::skane(), from, to)
}

/// Homes anywhere in Skåne, on dry land, and their table.
fn homes() -> &'static (Vec<Point>, Matrix) {
    static HOMES: OnceLock<(Vec<Point>, Matrix)> = OnceLock::new();
    HOMES.get_or_init(|| {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut points = Vec::new();
        while points.len() < 300 {
            let (lat, lon) = (random.random_range(55.40..56.40), random.random_range(12.85..14.30));
            let point = at((lat, lon));
            if !CoarseRoads::skane().network.waters.is_wet(&Position::of(point)) {
                points.push(point);
            }
        }
        let table = Matrix::build(CoarseRoads::skane(), &points);
        (points, table)
    })
}

#[test]
fn known_driving_times_come_out_within_a_fifth_and_half_of_them_within_seven_per_cent() {
    let mut errors: Vec<f64> =
        KNOWN.iter().map(|&(from, to, known)| (ours(from, to) / known - 1.0).abs()).collect();
    errors.sort_by(f64::total_cmp);
    assert!(errors[errors.len() - 1] <= 0.20, "{errors:?}");
    assert!(errors[errors.len() / 2] <= 0.07, "{errors:?}");
}

#[test]
fn nobody_drives_across_a_lake_or_a_bay() {
    for (what, from, to, at_least) in [
        ("Östra Ringsjön", (55.882, 13.615), (55.876, 13.505), 1.2),
        ("Västra Ringsjön", (55.893, 13.425), (55.876, 13.505), 1.15),
        ("Ivösjön, west to east", (56.100, 14.305), (56.115, 14.530), 1.4),
        ("Ivösjön, south to north", (56.056, 14.340), (56.160, 14.430), 1.4),
        ("Vombsjön", (55.660, 13.555), (55.695, 13.640), 1.15),
        ("Hammarsjön", (55.985, 14.145), (55.985, 14.265), 1.3),
        ("Immeln", (56.270, 14.290), (56.270, 14.390), 1.3),
        ("Skälderviken", (56.280, 12.500), (56.427, 12.630), 2.0),
        ("Lommabukten", MALMO, (55.757, 12.900), 1.2),
        ("Höllviken", (55.415, 12.850), (55.522, 12.895), 1.4),
    ] {
        let times = ours(from, to) / minutes(&StraightLine, from, to);
        assert!(times >= at_least, "{what}: {times:.2} times the straight line");
    }
}

#[test]
fn no_node_stands_in_water() {
    let network = &CoarseRoads::skane().network;
    assert!(network.nodes.iter().all(|node| !network.waters.is_wet(&node.at)));
}

#[test]
fn ven_needs_its_ferry_and_then_has_roads_of_its_own() {
    // Half an hour of crossing, and the mean wait of 58 minutes.
    for mainland in [LANDSKRONA, MALMO, HELSINGBORG] {
        assert!(ours(mainland, VEN) >= 88.0 + 3.0);
        assert!(ours(mainland, VEN) <= ours(mainland, LANDSKRONA) + 88.0 + 15.0);
    }
    assert!(ours((55.8995, 12.7195), VEN) < 10.0, "from the quay to the village");
    let leg = CoarseRoads::skane().leg(at(LANDSKRONA), at(VEN));
    assert!(leg.is_some_and(|leg| (10_000..20_000).contains(&leg.metres.0)));
}

#[test]
fn whoever_sees_the_name_sees_that_it_is_approximate_and_whose_it_is() {
    let matrix = Matrix::build(CoarseRoads::skane(), &[at(LANDSKRONA), at(VEN)]);
    assert!(matrix.profile().contains("approximate"));
    let shown = matrix.provenance().served[0].attribution.as_deref().unwrap_or_default();
    for wanted in ["© OpenStreetMap contributors", "ODbL"] {
        assert!(shown.contains(wanted), "{shown}");
    }
}

#[test]
fn within_a_town_it_is_the_straight_line_model() {
    for (from, to) in [(YSTAD, (55.435, 13.835)), (TOMELILLA, (55.548, 13.945))] {
        let straight = StraightLine.leg(at(from), at(to));
        assert_eq!(CoarseRoads::skane().leg(at(from), at(to)), straight);
    }
}

#[test]
fn far_from_the_network_it_is_the_straight_line_model() {
    let (stockholm, copenhagen) = ((59.33, 18.07), (55.676, 12.568));
    for (from, to) in [(MALMO, stockholm), (stockholm, MALMO), (MALMO, copenhagen)] {
        let straight = StraightLine.leg(at(from), at(to));
        assert_eq!(CoarseRoads::skane().leg(at(from), at(to)), straight);
    }
}

#[test]
fn there_and_back_are_alike_and_no_leg_is_faster_than_a_car() {
    let (points, table) = homes();
    for from in 0..points.len() {
        for to in 0..from {
            let leg = table.leg(from, to).expect("there is a way everywhere in Skåne");
            assert_eq!(table.leg(to, from), Some(leg));
            let km = Position::of(points[from]).km(&Position::of(points[to]));
            let hours = leg.seconds.0 as f64 / 3600.0;
            assert!(km <= 110.0 * hours + 0.1, "{km} km in {hours} h");
            assert!(leg.metres.0 as f64 >= 1000.0 * km * 0.99, "{leg:?} over {km} km");
        }
    }
}

#[test]
fn no_detour_through_a_third_place_is_faster() {
    let (points, table) = homes();
    let seconds = |from, to| table.leg(from, to).expect("a way everywhere").seconds.0;
    for from in 0..points.len() {
        for through in 0..points.len() {
            for to in (through % 7..from).step_by(7) {
                let detour = seconds(from, through) + seconds(through, to);
                assert!(seconds(from, to) <= detour + ROUNDING, "{from} {through} {to}");
            }
        }
    }
}

#[test]
fn the_table_is_the_same_leg_by_leg_and_block_by_block() {
    let (points, table) = homes();
    let roads = CoarseRoads::skane();
    let in_blocks: Vec<Option<Leg>> =
        points.chunks(37).flat_map(|rows| roads.legs(rows, points)).collect();
    for (index, leg) in in_blocks.into_iter().enumerate() {
        let (from, to) = (index / points.len(), index % points.len());
        if from != to {
            assert_eq!(leg, table.leg(from, to));
        }
        if index % 97 == 0 && from != to {
            assert_eq!(leg, roads.leg(points[from], points[to]));
        }
    }
}

#[test]
fn between_nodes_local_roads_are_never_faster_than_the_network() {
    let network = &CoarseRoads::skane().network;
    for (from, a) in network.nodes.iter().enumerate() {
        for (to, b) in network.nodes.iter().enumerate().filter(|(_, b)| a.island == b.island) {
            // The length through the ground first: the way round is asked for where it matters.
            if local::local(a.at.chord_km(&b.at)) < network.row(from)[to] {
                let straight = local::local(network.way_km(a, b));
                assert!(straight >= network.row(from)[to], "nodes {from} and {to}");
            }
        }
    }
}

#[test]
fn the_local_curve_is_smooth_at_its_bend() {
    let milliseconds = |km| local::local(km).milliseconds();
    let (before, bend, after) = (milliseconds(2.499), milliseconds(2.5), milliseconds(2.501));
    assert!((bend - before).abs_diff(after - bend) <= 1);
    for km in [0.0, 0.4, 2.5, 7.0, 90.0] {
        assert!(local::at_least_milliseconds(km) <= milliseconds(km));
    }
}
