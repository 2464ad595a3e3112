//! What a way of OpenStreetMap is to a car.

use super::access::{self, Access};
use super::speed;
use super::tags::{self, Tags};

/// One way round of a way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drive {
    /// km/h.
    pub speed: f64,
    /// How much of that a driver who may choose would count it for: 1, or less on narrow and
    /// service roads.
    pub liking: f64,
    /// Only for those who have business there.
    pub restricted: bool,
}

/// A way that a car can drive on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct WayDrive {
    /// Along it and against it; `None`: not that way round.
    pub ways: [Option<Drive>; 2],
    /// Seconds for the whole way, where it says so itself (ferries).
    pub crossing_seconds: Option<f64>,
    /// A ferry, or a train for cars.
    pub ferry: bool,
    /// A roundabout.
    pub roundabout: bool,
    /// A drive may begin and end here.
    pub doorstep: bool,
}

/// km/h where a way says that cars may, and nothing else is known.
const DEFAULT_SPEED: f64 = 10.0;

/// Classes whose restricted ones are open to those with business there.
const RESTRICTED_CLASSES: [&str; 16] = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "residential",
    "living_street",
    "unclassified",
    "service",
    "winter_road",
    "ice_road",
];

/// What a car makes of these tags; `None` when it cannot drive there at all.
pub fn way_drive(tags: &Tags<'_>) -> Option<WayDrive> {
    let highway = tags.get("highway").unwrap_or_default();
    let route = tags.get("route").unwrap_or_default();
    if (highway.is_empty() && route.is_empty()) || is_closed(tags, highway) {
        return None;
    }
    let words = tags.both_ways(&access::HIERARCHY);
    let Allowed { mut open, mut restricted } = allowed(tags, highway, words);
    if open == [false; 2] {
        return None;
    }
    let against = against_oneway(tags, highway);
    open = [0, 1].map(|side| open[side] && !against[side]);
    let ferry = route_speed(route);
    if tags.is("service", "emergency_access") {
        return None;
    }
    let movable = tags.is("bridge", "movable");
    let slow = ferry.or(movable.then_some(5.0));
    let crossing_seconds = slow
        .and_then(|_| tags.get("duration"))
        .and_then(tags::duration_seconds)
        .map(|seconds| seconds.max(1.0));
    if tags.is("hov", "designated") {
        restricted = [true; 2];
    }
    let speeds = speeds(tags, highway, slow, words, &mut open)?;
    let two_way = open == [true; 2];
    let ways = [0, 1].map(|side| {
        let driven = open[side] && (speeds[side] > 0.0 || crossing_seconds.is_some());
        driven.then(|| Drive {
            speed: speeds[side],
            liking: liking(tags, two_way, side),
            restricted: restricted[side],
        })
    });
    let private_service = highway == "service" && words[0] == Some("private");
    (ways != [None; 2]).then_some(WayDrive {
        ways,
        crossing_seconds,
        ferry: ferry.is_some(),
        roundabout: matches!(tags.get("junction"), Some("roundabout")),
        doorstep: ferry.is_none() && !private_service,
    })
}

/// Who may drive a way, along and against it.
struct Allowed {
    open: [bool; 2],
    restricted: [bool; 2],
}

/// By its words of access and its limits of size.
fn allowed(tags: &Tags<'_>, highway: &str, words: [Option<&str>; 2]) -> Allowed {
    let fits = access::fits(tags);
    let restricted = words.map(|word| {
        word.map(access::access) == Some(Access::Restricted)
            && RESTRICTED_CLASSES.contains(&highway)
    });
    let open = [0, 1].map(|side| {
        let closed = match words[side].map(access::access) {
            Some(Access::Closed) => true,
            // Where a class has no restricted roads, such a road is closed.
            Some(Access::Restricted) => words[side] != Some("unknown"),
            _ => false,
        };
        fits[side] && (!closed || restricted[side])
    });
    Allowed { open, restricted }
}

/// Closed to everybody, or not there yet.
fn is_closed(tags: &Tags<'_>, highway: &str) -> bool {
    tags.is("area", "yes")
        || matches!(highway, "steps" | "construction" | "proposed" | "reversible" | "impassable")
        || tags.is("railway", "construction")
        || tags
            .get("construction")
            .is_some_and(|value| !matches!(value, "no" | "widening" | "minor"))
        || (highway.is_empty() && tags.get("proposed").is_some())
        || tags.is("oneway", "reversible")
        || tags.is("impassable", "yes")
        || tags.is("status", "impassable")
}

/// Which way round is against the oneway.
fn against_oneway(tags: &Tags<'_>, highway: &str) -> [bool; 2] {
    let word = tags
        .first_of(&["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"])
        .or_else(|| tags.get("oneway"));
    match word {
        Some("-1") => [true, false],
        Some("yes" | "1" | "true") => [false, true],
        Some("no") => [false, false],
        _ => {
            let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
            [false, highway == "motorway" || round]
        }
    }
}

fn route_speed(route: &str) -> Option<f64> {
    match route {
        "ferry" => Some(5.0),
        "shuttle_train" => Some(10.0),
        _ => None,
    }
}

/// km/h along and against; `None` when there is none at all.
fn speeds(
    tags: &Tags<'_>,
    highway: &str,
    slow: Option<f64>,
    words: [Option<&str>; 2],
    open: &mut [bool; 2],
) -> Option<[f64; 2]> {
    let mut speeds = [0.0; 2];
    if let Some(speed) = slow.or_else(|| speed::of_class(highway)) {
        speeds = [speed; 2];
    } else {
        for (side, speed) in speeds.iter_mut().enumerate() {
            match words[side].map(access::access) {
                Some(Access::Open | Access::Other) => *speed = DEFAULT_SPEED,
                Some(Access::Restricted) if words[side] == Some("unknown") => {
                    *speed = DEFAULT_SPEED;
                }
                Some(_) => {}
                None => open[side] &= words[1 - side].is_none(),
            }
        }
        if speeds == [0.0; 2] {
            return None;
        }
    }
    for (side, limit) in speed::by_limit(tags).into_iter().enumerate() {
        speeds[side] = limit.unwrap_or(speeds[side]);
    }
    if let Some(most) = speed::of_ground(tags) {
        speeds = speeds.map(|speed| speed.min(most));
    }
    Some(speeds)
}

/// What a driver who may choose counts the speed for.
fn liking(tags: &Tags<'_>, two_way: bool, side: usize) -> f64 {
    let service = match tags.get("service") {
        Some(
            "alley" | "parking" | "parking_aisle" | "driveway" | "drive-through" | "drive-thru",
        ) => 0.5,
        _ => 1.0,
    };
    let alternating = if tags.is("oneway", "alternating") { 0.4 } else { 1.0 };
    let side_road = if matches!(tags.get("side_road"), Some("yes" | "rotary")) { 0.8 } else { 1.0 };
    let yields = match tags.get("priority") {
        Some("forward") => side == 1,
        Some("backward") => side == 0,
        _ => false,
    };
    let priority = if yields { 0.7 } else { 1.0 };
    [service, narrow(tags, two_way), alternating, side_road, priority]
        .into_iter()
        .fold(1.0, f64::min)
}

/// Where two cars have to share one lane.
fn narrow(tags: &Tags<'_>, two_way: bool) -> f64 {
    if !two_way {
        return 1.0;
    }
    let lanes = tags.get("lanes").and_then(|lanes| {
        let digits = lanes.find(|c: char| !c.is_ascii_digit()).unwrap_or(lanes.len());
        lanes[..digits].parse::<u32>().ok()
    });
    if lanes.is_some_and(|lanes| lanes <= 1) {
        return 0.5;
    }
    match tags.get("width").and_then(tags::metres) {
        Some(width) if width <= 3.0 => 0.5,
        Some(width) if width < 4.0 => 0.6,
        Some(width) if width < 5.0 => 0.75,
        Some(width) if width < 6.0 => 0.8,
        _ if tags.is("lane_markings", "no") => 0.75,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{WayDrive, way_drive};
    use crate::roads::profile::Tags;

    fn of(tags: &[(&'static str, &'static str)]) -> Option<WayDrive> {
        way_drive(&Tags(tags.to_vec()))
    }

    fn speeds(tags: &[(&'static str, &'static str)]) -> [Option<f64>; 2] {
        of(tags).map_or([None; 2], |way| way.ways.map(|drive| Some(drive?.speed)))
    }

    #[test]
    fn speed_is_of_the_limit_or_else_of_the_class_and_of_the_ground() {
        assert_eq!(speeds(&[("highway", "primary")]), [Some(65.0); 2]);
        assert_eq!(speeds(&[("highway", "primary"), ("maxspeed", "70")]), [Some(56.0); 2]);
        let gravel = [("highway", "tertiary"), ("maxspeed", "70"), ("surface", "gravel")];
        assert_eq!(speeds(&gravel), [Some(40.0); 2]);
        assert_eq!(speeds(&[("highway", "footway")]), [None; 2]);
        assert_eq!(speeds(&[("highway", "track"), ("motor_vehicle", "yes")]), [Some(10.0); 2]);
    }

    #[test]
    fn oneways_are_driven_one_way_round() {
        let residential = |tag| speeds(&[("highway", "residential"), tag]);
        assert_eq!(residential(("oneway", "yes")), [Some(25.0), None]);
        assert_eq!(residential(("oneway", "-1")), [None, Some(25.0)]);
        assert_eq!(residential(("junction", "roundabout")), [Some(25.0), None]);
        assert_eq!(residential(("oneway", "no")), [Some(25.0); 2]);
        assert_eq!(residential(("oneway", "reversible")), [None; 2]);
        assert_eq!(speeds(&[("highway", "motorway")]), [Some(90.0), None]);
    }

    #[test]
    fn closed_and_restricted_roads_are_told_apart() {
        let service = |word| of(&[("highway", "service"), ("access", word)]);
        assert_eq!(service("no"), None);
        let private = service("private").expect("one may drive to its end");
        assert!(private.ways.iter().flatten().all(|drive| drive.restricted));
        assert!(!private.doorstep);
        let open = of(&[("highway", "service"), ("access", "no"), ("motorcar", "yes")]);
        assert!(open.is_some_and(|way| way.doorstep));
        assert_eq!(of(&[("highway", "track"), ("access", "private")]), None);
        assert_eq!(of(&[("highway", "residential"), ("maxheight", "1.8")]), None);
    }

    #[test]
    fn narrow_roads_are_liked_less_but_are_no_slower() {
        let lane = of(&[("highway", "tertiary"), ("lanes", "1")]).expect("a road");
        assert!(lane.ways.iter().flatten().all(|d| d.liking == 0.5 && d.speed == 40.0));
        let one_way = [("highway", "tertiary"), ("lanes", "1"), ("oneway", "yes")];
        let one_way = of(&one_way).expect("a road");
        assert!(one_way.ways.iter().flatten().all(|drive| drive.liking == 1.0));
    }

    #[test]
    fn a_ferry_for_cars_is_a_way_and_one_for_walkers_is_not() {
        let ferry = of(&[("route", "ferry"), ("duration", "00:30")]).expect("a ferry");
        assert!(ferry.ferry && !ferry.doorstep);
        assert_eq!(ferry.crossing_seconds, Some(1_800.0));
        assert_eq!(of(&[("route", "ferry"), ("motor_vehicle", "no")]), None);
        assert_eq!(of(&[("route", "bus")]), None);
    }
}
