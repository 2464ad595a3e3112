//! What the approximate roads of Skåne hold to.

use super::*;
use crate::travel::Matrix;

fn at(lat: f64, lon: f64) -> Point {
    Point::from_degrees(lat, lon).expect("a point on the globe")
}

/// Between the centres of two towns: minutes as route planners tell without traffic, rounded; typed
/// in from general knowledge, not measured.
const KNOWN: &[(&str, (f64, f64), &str, (f64, f64), f64)] = &[
    ("Malmö", MALMO, "Lund", LUND, 20.0),
    ("Malmö", MALMO, "Kristianstad", KRISTIANSTAD, 70.0),
    ("Malmö", MALMO, "Helsingborg", HELSINGBORG, 50.0),
    ("Malmö", MALMO, "Ystad", YSTAD, 50.0),
    ("Malmö", MALMO, "Trelleborg", TRELLEBORG, 32.0),
    ("Malmö", MALMO, "Landskrona", LANDSKRONA, 35.0),
    ("Malmö", MALMO, "Simrishamn", SIMRISHAMN, 80.0),
    ("Lund", LUND, "Eslöv", ESLOV, 23.0),
    ("Lund", LUND, "Hässleholm", HASSLEHOLM, 57.0),
    ("Lund", LUND, "Hörby", HORBY, 32.0),
    ("Kristianstad", KRISTIANSTAD, "Hässleholm", HASSLEHOLM, 28.0),
    ("Kristianstad", KRISTIANSTAD, "Simrishamn", SIMRISHAMN, 58.0),
    ("Ystad", YSTAD, "Simrishamn", SIMRISHAMN, 37.0),
    ("Ystad", YSTAD, "Tomelilla", TOMELILLA, 18.0),
    ("Ystad", YSTAD, "Trelleborg", TRELLEBORG, 45.0),
    ("Helsingborg", HELSINGBORG, "Ängelholm", ANGELHOLM, 27.0),
    ("Helsingborg", HELSINGBORG, "Hässleholm", HASSLEHOLM, 68.0),
    ("Helsingborg", HELSINGBORG, "Kristianstad", KRISTIANSTAD, 87.0),
    ("Hässleholm", HASSLEHOLM, "Osby", OSBY, 28.0),
    ("Kristianstad", KRISTIANSTAD, "Åhus", AHUS, 20.0),
    ("Eslöv", ESLOV, "Landskrona", LANDSKRONA, 32.0),
];
const MALMO: (f64, f64) = (55.605, 13.000);
const LUND: (f64, f64) = (55.704, 13.193);
const KRISTIANSTAD: (f64, f64) = (56.031, 14.155);
const HELSINGBORG: (f64, f64) = (56.046, 12.694);
const YSTAD: (f64, f64) = (55.430, 13.820);
const TRELLEBORG: (f64, f64) = (55.376, 13.157);
const LANDSKRONA: (f64, f64) = (55.871, 12.831);
const SIMRISHAMN: (f64, f64) = (55.557, 14.350);
const ESLOV: (f64, f64) = (55.839, 13.304);
const HASSLEHOLM: (f64, f64) = (56.159, 13.767);
const HORBY: (f64, f64) = (55.851, 13.662);
const TOMELILLA: (f64, f64) = (55.543, 13.954);
const ANGELHOLM: (f64, f64) = (56.243, 12.862);
const OSBY: (f64, f64) = (56.382, 13.993);
const AHUS: (f64, f64) = (55.923, 14.296);

#[test]
fn known_pairs() {
    for &(a, pa, b, pb, minutes) in KNOWN {
        let leg = CoarseRoads::skane().leg(at(pa.0, pa.1), at(pb.0, pb.1)).unwrap();
        let straight = StraightLine.leg(at(pa.0, pa.1), at(pb.0, pb.1)).unwrap();
        let m = leg.seconds.0 as f64 / 60.0;
        eprintln!("{a}-{b}: known {minutes} ours {m:.1} ({:+.0} %) {} km; straight {:.1}", 100.0*(m/minutes-1.0), leg.metres.0/1000, straight.seconds.0 as f64/60.0);
    }
    let net = &CoarseRoads::skane().network;
    let mut worst = 0;
    for a in 0..net.nodes.len() { for b in 0..net.nodes.len() {
        let (x, y) = (&net.nodes[a], &net.nodes[b]);
        if x.island != y.island { continue; }
        let d = local::local(x.at.chord_km(&y.at));
        if d < net.row(a)[b] { worst += 1; }
    }}
    eprintln!("not closed (chord) {worst}");
    let t = std::time::Instant::now();
    let table = table::skane(); let n = Network::new(table);
    eprintln!("build {:?}", t.elapsed());
    let t = std::time::Instant::now();
    for a in 0..n.nodes.len() { n.row(a); }
    eprintln!("rows {:?}", t.elapsed());
    let mut points = Vec::new();
    let mut x: u64 = 1;
    for _ in 0..5000 { let mut r = || { x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); (x >> 33) as f64 / (1u64<<31) as f64 };
        points.push(at(55.4 + r()*1.0, 13.0 + r()*1.3)); }
    let t = std::time::Instant::now();
    let m = Matrix::build(CoarseRoads::skane(), &points);
    eprintln!("matrix {:?}", t.elapsed());
    let s: usize = points.iter().map(|&p| { let st = access::Stop::of(p, &n); st.door_count() }).sum();
    eprintln!("doors {}", s as f64/5000.0);
    let _ = m;
}
