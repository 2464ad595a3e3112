//! The chain of sources, with models that reach some places and not others.

use rond::domain::{Instant, Metres, Point, Seconds};
use rond::routing::{MemoryCache, SourceSettings, Sources};
use rond::travel::{Leg, Matrix, StraightLine, TravelModel};

use super::{at_sea, places_at, points_in_lund};

/// Knows the roads north of a latitude, all of one length, and no way across a longitude.
struct NorthOf {
    name: &'static str,
    lat: f64,
    river: f64,
    seconds: i64,
}

impl TravelModel for NorthOf {
    fn profile(&self) -> &str {
        self.name
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        let knows = |point: Point| point.lat() > self.lat;
        let is_west = |point: Point| point.lon() < self.river;
        let length = if from == to { 0 } else { self.seconds };
        (knows(from) && knows(to) && is_west(from) == is_west(to))
            .then_some(Leg { seconds: Seconds(length), metres: Metres(length) })
    }

    fn data(&self) -> Option<&str> {
        Some("2026-11-01")
    }

    fn attribution(&self) -> Option<&str> {
        Some("© somebody")
    }
}

fn roads() -> NorthOf {
    NorthOf { name: "roads", lat: 55.65, river: 0.0, seconds: 60 }
}

fn chain(networks: Vec<Box<dyn TravelModel + Send + Sync>>) -> Sources {
    let settings = SourceSettings { networks, ..SourceSettings::default() };
    Sources::new(settings).expect("no address to be wrong")
}

/// Who serves how many.
fn served(matrix: &Matrix) -> Vec<(&str, usize)> {
    let served = matrix.provenance().served.iter();
    served.map(|served| (served.source.as_str(), served.count)).collect()
}

#[test]
fn without_any_source_the_straight_line_serves_all_and_nothing_is_amiss() {
    let points = points_in_lund(5, 1);
    let places = places_at(&points);
    let matrix = chain(Vec::new()).table(&places, Instant(0));
    let straight = Matrix::of_places(&StraightLine, &places);
    assert_eq!(matrix.provenance(), straight.provenance());
    assert!(!matrix.provenance().is_degraded());
    let empty = chain(Vec::new()).table(&[], Instant(0));
    assert_eq!((empty.size(), empty.profile()), (0, "straight-line"));
}

#[test]
fn each_place_is_served_by_the_first_source_that_reaches_it() {
    let mut points = points_in_lund(4, 2);
    points.extend([at_sea(), Point::from_degrees(0.0, 0.0).expect("on the globe")]);
    let south = NorthOf { name: "coarse", lat: 50.0, river: 0.0, seconds: 600 };
    let matrix =
        chain(vec![Box::new(roads()), Box::new(south)]).table(&places_at(&points), Instant(0));
    assert_eq!(served(&matrix), [("roads", 4), ("coarse", 1), ("straight-line", 1)]);
    let leg = |from, to| matrix.leg(from, to).map(|leg| leg.seconds.0);
    assert_eq!(
        (leg(0, 1), leg(0, 4), leg(4, 0), leg(4, 4)),
        (Some(60), Some(600), Some(600), Some(0))
    );
    assert!(leg(0, 5).is_some_and(|seconds| seconds > 10_000), "the straight line to the equator");
    let provenance = matrix.provenance();
    let codes =
        provenance.served.iter().map(|served| served.why.as_ref().map(|why| why.code.as_str()));
    assert_eq!(codes.collect::<Vec<_>>(), [None, Some("E0709"), Some("E0709")]);
    let ids = |at: usize| places_at(&points)[at].id.clone();
    assert_eq!(provenance.source_of_leg(&ids(0), &ids(4)).source, "coarse");
    assert_eq!(provenance.source_of_leg(&ids(5), &ids(4)).source, "straight-line");
    assert_eq!(provenance.source_of_leg(&ids(1), &ids(0)).source, "roads");
}

#[test]
fn a_way_that_is_not_there_stays_so_between_places_that_are_reached() {
    let mut points = points_in_lund(40, 3);
    points.sort_by(|a, b| a.lon().total_cmp(&b.lon()));
    let few_west = points[3].lon() - 1e-7;
    let river = NorthOf { river: few_west, ..roads() };
    let matrix = chain(vec![Box::new(river)]).table(&places_at(&points), Instant(0));
    // Three places cut off from the 37 others are left to the next source.
    assert_eq!(served(&matrix), [("roads", 37), ("straight-line", 3)]);
    let middle = points[20].lon() - 1e-7;
    let river = NorthOf { river: middle, ..roads() };
    // One home twice, on the eastern side.
    points.push(points[39]);
    let matrix = chain(vec![Box::new(river)]).table(&places_at(&points), Instant(0));
    // Neither half is the lesser: what the source says of the river is believed.
    assert_eq!(served(&matrix), [("roads", 41)]);
    assert_eq!((matrix.leg(0, 39), matrix.leg(39, 0)), (None, None));
    assert_eq!(matrix.leg(40, 39).map(|leg| leg.seconds), Some(Seconds::ZERO), "the same point");
}

#[test]
fn a_network_is_asked_once_when_its_tables_are_kept() {
    let points = points_in_lund(10, 4);
    let places = places_at(&points);
    let cache =
        || Some(Box::new(MemoryCache::new(1 << 20)) as Box<dyn rond::routing::Cache + Send + Sync>);
    let settings = SourceSettings {
        networks: vec![Box::new(roads())],
        cache: cache(),
        ..SourceSettings::default()
    };
    let sources = Sources::new(settings).expect("no address to be wrong");
    let first = sources.table(&places[..9], Instant(0));
    let grown = sources.table(&places, Instant(0));
    assert_eq!(served(&first), [("roads", 9)]);
    assert_eq!(served(&grown), [("roads", 10)]);
    assert_eq!(grown.provenance().served[0].data.as_deref(), Some("2026-11-01"));
    assert_eq!(grown.provenance().served[0].attribution.as_deref(), Some("© somebody"));
    let found = sources.table_of(&places, Instant(0), grown.provenance());
    assert_eq!(found.provenance(), grown.provenance());
}
