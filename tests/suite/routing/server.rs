//! The client against a real osrm-routed.

use std::time::Duration;

use rond::domain::{Instant, Point, Seconds};
use rond::routing::{MemoryCache, Osrm, OsrmError, OsrmSettings, SourceSettings, Sources};
use rond::travel::Matrix;

use super::{at_sea, places_at, points_in_lund};
use crate::support::fault_proxy::{Fault, FaultProxy};
use crate::support::osrm_server::{OsrmServer, free_port};

const LUND: &str = "lund-station";
/// Longer than any of this takes: no test of these is about time.
const LONG: Duration = Duration::from_secs(60);

fn client(address: String) -> Osrm {
    Osrm::new(patient(address)).expect("an address")
}

fn patient(address: String) -> OsrmSettings {
    OsrmSettings { patience: LONG, ..OsrmSettings::at(address) }
}

fn sources(address: String) -> Sources {
    let cache = Box::new(MemoryCache::new(1 << 24));
    let osrm = Some(patient(address));
    Sources::new(SourceSettings { osrm, cache: Some(cache), ..SourceSettings::default() })
        .expect("an address")
}

#[test]
fn a_table_says_what_routes_say() {
    let Some(server) = OsrmServer::start(LUND, 100) else { return };
    let osrm = client(server.address());
    let points = points_in_lund(8, 1);
    let answered = osrm.legs(&points, &points).expect("a server that answers");
    let mut ways = 0;
    for (row, &from) in points.iter().enumerate() {
        for (column, &to) in points.iter().enumerate().filter(|(column, _)| *column != row) {
            let route = osrm.route(from, to).expect("a server that answers");
            let leg = answered.table.leg(row, column);
            assert_eq!(leg.is_some(), route.is_some(), "{row} to {column}");
            let Some((leg, route)) = leg.zip(route) else { continue };
            ways += 1;
            assert_eq!(leg.seconds, route.leg.seconds, "{row} to {column}");
            assert!((leg.metres.0 - route.leg.metres.0).abs() <= 1, "{row} to {column}");
            assert!(!route.line.is_empty());
            let first = route.line[0];
            assert!((first.lat() - from.lat()).abs() < 0.01, "latitude first in ours");
        }
    }
    assert!(ways > 30, "{ways} ways in the extract");
}

#[test]
fn a_server_that_allows_little_is_asked_in_small_blocks() {
    let (Some(narrow), Some(wide)) = (OsrmServer::start(LUND, 10), OsrmServer::start(LUND, 500))
    else {
        return;
    };
    let points = points_in_lund(45, 2);
    let (narrow, wide) = (client(narrow.address()), client(wide.address()));
    let in_blocks = narrow.legs(&points, &points).expect("a server that answers");
    let at_once = wide.legs(&points, &points).expect("a server that answers");
    assert_eq!(in_blocks, at_once);
    assert_eq!(wide.questions(), 1);
    let asked = narrow.questions();
    // What it allows is remembered: the second time nothing is refused.
    assert_eq!(narrow.legs(&points[..20], &points[..20]).map(|a| a.table.rows()), Ok(20));
    assert!(narrow.questions() - asked <= 16, "{} more", narrow.questions() - asked);
}

#[test]
fn a_point_far_from_roads_is_named_and_hinders_nobody() {
    let Some(server) = OsrmServer::start(LUND, 100) else { return };
    let osrm = client(server.address());
    let mut points = points_in_lund(6, 3);
    points.insert(2, at_sea());
    let answered = osrm.legs(&points, &points).expect("a server that answers");
    assert_eq!(answered.without_road.iter().collect::<Vec<_>>(), [&at_sea()]);
    assert_eq!(answered.table.leg(2, 2), None);
    points.remove(2);
    let without = osrm.legs(&points, &points).expect("a server that answers");
    assert_eq!(answered.table.leg(0, 6), without.table.leg(0, 5));
    assert_eq!(osrm.route(points[0], at_sea()), Ok(None));
    let lonely = osrm.legs(&[at_sea()], &[at_sea()]).expect("nothing has to be asked");
    assert_eq!(lonely.table.leg(0, 0).map(|leg| leg.seconds), Some(Seconds::ZERO));
}

#[test]
fn a_place_that_osrm_does_not_reach_is_served_by_the_next_and_said() {
    let Some(server) = OsrmServer::start(LUND, 100) else { return };
    let mut points = points_in_lund(6, 4);
    points.push(at_sea());
    let matrix = sources(server.address()).table(&places_at(&points), Instant(1_000));
    let provenance = matrix.provenance();
    assert_eq!((matrix.profile(), provenance.served.len()), ("mixed", 2));
    let [osrm, straight] = [&provenance.served[0], &provenance.served[1]];
    assert_eq!((osrm.source.as_str(), osrm.count, osrm.why.as_ref()), ("osrm", 6, None));
    assert_eq!(osrm.fetched, Some(Instant(1_000)));
    assert!(osrm.attribution.as_ref().is_some_and(|text| text.contains("OpenStreetMap")));
    assert_eq!(straight.source, "straight-line");
    assert_eq!(straight.places, [places_at(&points)[6].id.clone()]);
    assert_eq!(straight.why.as_ref().map(|why| why.code.as_str()), Some("E0709"));
    assert!(matrix.leg(6, 0).is_some() && matrix.leg(0, 6).is_some());
}

#[test]
fn what_is_kept_grows_by_what_is_new_and_serves_while_the_server_is_down() {
    let Some(server) = OsrmServer::start(LUND, 100) else { return };
    let proxy = FaultProxy::start(Some(server.at), Fault::Nothing);
    let chain = sources(proxy.address());
    let points = points_in_lund(21, 5);
    let table = |points: &[Point], now| chain.table(&places_at(points), Instant(now));
    let first = table(&points[..20], 1_000);
    assert_eq!((first.profile(), proxy.questions()), ("osrm", 1));
    // A few legs to see that nothing has changed.
    let again = table(&points[..20], 2_000);
    assert_eq!((again.provenance(), proxy.questions()), (first.provenance(), 2));
    // The same, the new row, and the new column.
    let grown = table(&points, 3_000);
    assert_eq!((grown.profile(), proxy.questions()), ("osrm", 5));
    let fresh = sources(server.address()).table(&places_at(&points), Instant(3_000));
    assert_eq!(grown.provenance().fingerprint, fresh.provenance().fingerprint);
    // Gone: all that is kept serves, and one place more does not take the rest with it.
    proxy.set(Fault::Status(502));
    let stored = table(&points, 4_000);
    assert_eq!(stored.provenance().fingerprint, grown.provenance().fingerprint);
    let served = &stored.provenance().served[0];
    assert!(served.is_stored && served.fetched == Some(Instant(1_000)), "{served:?}");
    assert_eq!(served.why.as_ref().map(|why| why.code.as_str()), Some("E0704"));
    let asked = proxy.questions();
    let with_new = [&points[..], &points_in_lund(1, 99)].concat();
    let mixed = table(&with_new, 5_000);
    assert_eq!((mixed.profile(), proxy.questions()), ("mixed", asked), "down once, down for good");
    assert_eq!(mixed.provenance().served[1].count, 1);
    // A plan made with it finds the very same table again.
    let found = chain.table_of(&places_at(&with_new), Instant(6_000), mixed.provenance());
    assert!(same_legs(&found, &mixed) && found.provenance() == mixed.provenance());
}

#[test]
fn faults_that_pass_are_not_seen() {
    let Some(server) = OsrmServer::start(LUND, 10) else { return };
    let proxy = FaultProxy::start(Some(server.at), Fault::EveryOther);
    let one_at_a_time = OsrmSettings { at_once: 1, ..patient(proxy.address()) };
    let osrm = Osrm::new(one_at_a_time).expect("an address");
    let points = points_in_lund(12, 6);
    let direct = client(server.address()).legs(&points, &points);
    assert_eq!(osrm.legs(&points, &points), direct);
    assert!(direct.is_ok());
}

#[test]
fn every_fault_has_its_name_and_its_number_of_attempts() {
    let points = points_in_lund(3, 7);
    for (fault, error, attempts) in [
        (Fault::Silence, OsrmError::TimedOut, 1),
        (Fault::Status(500), OsrmError::Status(500), 3),
        (Fault::Status(404), OsrmError::Status(404), 1),
        (Fault::CutOff, OsrmError::CutOff, 3),
        (Fault::NotJson, OsrmError::NotJson, 3),
        (Fault::OtherJson, OsrmError::WrongShape("no durations of the size asked for"), 3),
    ] {
        let proxy = FaultProxy::start(None, fault);
        let silent = Duration::from_millis(300);
        let patience = if fault == Fault::Silence { silent } else { LONG };
        let settings = OsrmSettings { patience, ..OsrmSettings::at(proxy.address()) };
        let osrm = Osrm::new(settings).expect("an address");
        assert_eq!(osrm.legs(&points, &points), Err(error), "{fault:?}");
        assert_eq!(proxy.questions(), attempts, "{fault:?}");
    }
    let osrm = client(format!("http://{}", free_port()));
    assert_eq!(osrm.legs(&points, &points), Err(OsrmError::NotThere));
}

fn same_legs(one: &Matrix, other: &Matrix) -> bool {
    let all = 0..one.size();
    one.size() == other.size()
        && all.clone().all(|from| all.clone().all(|to| one.leg(from, to) == other.leg(from, to)))
}
