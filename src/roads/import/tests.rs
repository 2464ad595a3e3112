//! Small maps drawn by hand, and what may be driven on them.

use super::read::{Extract, Restriction, Way};
use super::write::made_of;
use crate::domain::Point;
use crate::roads::profile::{Tags, obstacles, way_drive};
use crate::roads::{NoRoute, RoadNetwork, Route};

/// A map: points a hundredth of a degree apart, ways between them.
#[derive(Default)]
struct Map {
    extract: Option<Extract>,
}

/// Longitude of one step: 55.7° N makes it about 627 m; a step of latitude is 1 112 m.
const STEP: i32 = 100_000;
const ORIGIN: [i32; 2] = [557_000_000, 131_000_000];

impl Map {
    /// With points at these places, in steps to the north and to the east.
    fn with(places: &[[i32; 2]]) -> Map {
        let points = places.iter().map(|p| [ORIGIN[0] + p[0] * STEP, ORIGIN[1] + p[1] * STEP]);
        Map {
            extract: Some(Extract {
                points: points.collect(),
                obstacles: Vec::new(),
                ways: Vec::new(),
                way_points: Vec::new(),
                restrictions: Vec::new(),
                date: Some(1_700_000_000),
            }),
        }
    }

    fn extract(&mut self) -> &mut Extract {
        self.extract.as_mut().expect("a map has one until it is made")
    }

    fn way(mut self, tags: &[(&'static str, &'static str)], points: &[u32]) -> Map {
        let drive = way_drive(&Tags(tags.to_vec())).expect("a way for cars");
        let extract = self.extract();
        let first = extract.way_points.len();
        extract.way_points.extend_from_slice(points);
        let id = extract.ways.len() as i64;
        extract.ways.push(Way { id, drive, first, end: first + points.len() });
        self
    }

    fn road(self, points: &[u32]) -> Map {
        self.way(&[("highway", "residential")], points)
    }

    fn at(mut self, point: u32, tags: &[(&'static str, &'static str)]) -> Map {
        self.extract().obstacles.extend(obstacles(&Tags(tags.to_vec())).map(|row| (point, row)));
        self
    }

    fn restriction(mut self, from: i64, via: u32, to: i64, only: bool) -> Map {
        self.extract().restrictions.push(Restriction { from, via, to, only });
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let extract = self.extract.take().expect("a map has one until it is made");
        let made = made_of(extract, "by-hand.osm.pbf", &mut |_, _| {});
        bytemuck::cast_slice(&made.expect("a map with roads").1).to_vec()
    }

    fn made(self) -> RoadNetwork {
        RoadNetwork::of_bytes(&self.bytes()).expect("what was just made")
    }
}

fn at(north: f64, east: f64) -> Point {
    let degrees = |axis: usize, steps: f64| f64::from(ORIGIN[axis]) / 1e7 + steps * 0.01;
    Point::from_degrees(degrees(0, north), degrees(1, east)).expect("a point of the map")
}

fn route(network: &RoadNetwork, from: Point, to: Point) -> Route {
    network.route(from, to).expect("a way")
}

/// A square of four roads with four ends:
/// ```text
///     6       7
///     |       |
/// 8 - 2 - - - 3
///     |       |
///     0 - - - 1 - 4
///     |
///     5
/// ```
fn square() -> Map {
    Map::with(&[[0, 0], [0, 2], [2, 0], [2, 2], [0, 3], [-1, 0], [3, 0], [3, 2], [2, -1]])
}

/// The bytes of a network of a square.
pub fn grid_network() -> Vec<u8> {
    square().road(&[0, 1, 3, 2, 0]).road(&[5, 0]).road(&[1, 4]).road(&[2, 6]).bytes()
}

#[test]
fn minutes_and_metres_are_those_of_the_road() {
    let network = square().road(&[0, 1, 3, 2, 0]).road(&[5, 0]).road(&[1, 4]).made();
    let route = route(&network, at(0.0, 0.2), at(0.0, 1.8));
    // 1.6 steps east, at 25 km/h.
    assert!((route.leg.metres.0 - 1_003).abs() <= 3, "{:?}", route.leg);
    assert!((route.leg.seconds.0 - 144).abs() <= 1, "{:?}", route.leg);
    assert_eq!(route.line.len(), 2);
}

#[test]
fn a_oneway_is_driven_round_the_block() {
    let oneway = [("highway", "residential"), ("oneway", "yes")];
    let network = square().way(&oneway, &[0, 1, 3, 2, 0]).road(&[5, 0]).made();
    let there = route(&network, at(0.0, 0.5), at(0.0, 1.5));
    let back = route(&network, at(0.0, 1.5), at(0.0, 0.5));
    assert!((there.leg.metres.0 - 627).abs() <= 2, "{:?}", there.leg);
    // The whole ring but the step between.
    assert!((back.leg.metres.0 - (2 * 1_254 + 2 * 2_224 - 627)).abs() <= 8, "{:?}", back.leg);
    assert!(back.line.len() >= 6);
}

#[test]
fn a_forbidden_turn_is_not_made() {
    let roads =
        |map: Map| map.road(&[5, 0]).road(&[0, 1]).road(&[1, 3]).road(&[3, 2]).road(&[2, 0]);
    let free = roads(square()).made();
    let forbidden = roads(square()).restriction(0, 0, 1, false).made();
    let only = roads(square()).restriction(0, 0, 4, true).made();
    let (from, to) = (at(-0.5, 0.0), at(0.0, 0.5));
    let metres = |network: &RoadNetwork| route(network, from, to).leg.metres.0;
    assert!(metres(&free) < 1_000);
    assert!(metres(&forbidden) > 5_000, "round the block: {}", metres(&forbidden));
    assert_eq!(metres(&only), metres(&forbidden));
    // Other turns at the same junction are as before.
    let back = |network: &RoadNetwork| route(network, to, from).leg;
    assert_eq!(back(&free), back(&forbidden));
}

#[test]
fn a_barrier_lets_nobody_through_and_a_gate_takes_a_minute() {
    let roads =
        |map: Map| map.road(&[5, 0]).road(&[0, 1, 4]).road(&[1, 3]).road(&[3, 2]).road(&[2, 0]);
    let free = roads(square()).made();
    let gate = roads(square()).at(1, &[("barrier", "gate")]).made();
    let barrier = roads(square()).at(1, &[("barrier", "bollard")]).made();
    let (from, to) = (at(0.0, 0.5), at(0.0, 1.5));
    let beyond = at(1.0, 2.0);
    let seconds = |network: &RoadNetwork, to| route(network, from, to).leg.seconds.0;
    assert_eq!(seconds(&gate, to), seconds(&free, to), "not on the way");
    assert_eq!(seconds(&gate, beyond), seconds(&free, beyond) + 60);
    let round = route(&barrier, from, beyond).leg.metres.0;
    assert!(round > route(&free, from, beyond).leg.metres.0 + 1_000, "{round}");
}

#[test]
fn a_part_that_cannot_be_left_is_not_part_of_the_network() {
    let oneway = [("highway", "residential"), ("oneway", "yes")];
    let network = square().road(&[0, 1, 3, 2, 0]).road(&[5, 0]).way(&oneway, &[1, 4]).made();
    let there = network.snap(at(0.0, 3.0)).expect("the junction before is near enough");
    assert!(there.away.0 > 600, "{there:?}");
    // An island, with a road of its own: the nearest road of the network is across the water.
    let island = Map::with(&[[0, 0], [0, 2], [2, 0], [0, 30], [0, 31], [-1, 0]])
        .road(&[0, 1, 2, 0])
        .road(&[0, 5])
        .road(&[3, 4])
        .made();
    let refused = island.route(at(0.0, 0.0), at(0.0, 30.0)).map(|_| ());
    assert!(matches!(refused, Err(NoRoute::To(_))), "{refused:?}");
    let refused = island.route(at(0.0, 30.0), at(0.0, 0.0)).map(|_| ());
    assert!(matches!(refused, Err(NoRoute::From(_))), "{refused:?}");
}

#[test]
fn a_ferry_takes_as_long_as_it_says_and_nobody_starts_on_it() {
    let ferry = [("route", "ferry"), ("duration", "00:20")];
    let network = Map::with(&[[0, 0], [0, 2], [2, 0], [0, 10], [0, 12], [2, 10]])
        .road(&[0, 1, 2, 0])
        .way(&ferry, &[1, 3])
        .road(&[3, 4, 5, 3])
        .made();
    let over = route(&network, at(0.0, 1.9), at(0.0, 10.1)).leg;
    assert!((1_200..1_260).contains(&over.seconds.0), "{over:?}");
    let amid = network.snap(at(0.0, 6.0)).expect("a shore within 5 km");
    assert!((amid.away.0 - 4 * 627).abs() < 5, "{amid:?}");
}

#[test]
fn a_private_road_is_driven_to_its_end_but_not_through() {
    let private = [("highway", "residential"), ("access", "private")];
    // Ends at two corners, to turn round at.
    let network = Map::with(&[[0, 0], [0, 2], [3, 0], [3, 2], [4, 0], [4, 2]])
        .way(&private, &[0, 1])
        .road(&[0, 2, 4])
        .road(&[2, 3])
        .road(&[5, 3, 1])
        .made();
    let through = route(&network, at(0.5, 0.0), at(0.5, 2.0)).leg;
    assert!(through.metres.0 > 6_000, "round by the public road: {through:?}");
    let into = route(&network, at(0.5, 0.0), at(0.0, 0.5)).leg;
    assert!(into.metres.0 < 1_000, "{into:?}");
}

#[test]
fn places_are_on_the_nearest_road_both_ways_round() {
    let network = square().road(&[0, 1, 3, 2, 0]).road(&[5, 0]).made();
    let near = network.snap(at(0.1, 1.0)).expect("a road");
    assert!((near.away.0 - 111).abs() <= 1, "{near:?}");
    // To the left and to the right of where one stands.
    let east = route(&network, at(0.1, 1.0), at(0.0, 1.5)).leg;
    let west = route(&network, at(0.1, 1.0), at(0.0, 0.5)).leg;
    assert!((east.metres.0 - west.metres.0).abs() <= 1);
    assert!((east.metres.0 - 313).abs() <= 2, "{east:?}");
    let here = route(&network, at(0.1, 1.0), at(0.1, 1.0)).leg;
    assert_eq!((here.seconds.0, here.metres.0), (0, 0));
    let pole = Point::from_degrees(90.0, 13.0).expect("a point of the globe");
    for far in [at(-20.0, 0.0), at(0.0, 30.0), pole] {
        assert_eq!(network.snap(far).map_err(|away| away.limit.0), Err(5_000));
    }
}

#[test]
fn a_map_cut_at_its_edge_keeps_what_is_inside() {
    let mut map = square().road(&[0, 1, 3, 2, 0]).road(&[5, 0, 4]);
    map.extract().points[4] = super::read::MISSING;
    let network = map.made();
    assert!(network.route(at(-0.5, 0.0), at(0.0, 1.0)).is_ok());
}

#[test]
fn the_same_map_gives_the_same_bytes() {
    assert_eq!(grid_network(), grid_network());
}
