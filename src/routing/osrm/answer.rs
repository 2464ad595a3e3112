//! What OSRM answers, read with suspicion: counts, signs and sizes are checked before use.

use serde::Deserialize;

use super::error::OsrmError;
use crate::domain::{Metres, Point, Seconds};
use crate::travel::Leg;

/// The codes that need handling of their own.
pub(super) const TOO_BIG: &str = "TooBig";
const NO_SEGMENT: &str = "NoSegment";
/// A position in the message of `NoSegment` stands after this.
const COORDINATE: &str = "coordinate ";
/// The longest drive on earth is shorter, in seconds and in metres.
const NUMBER_MAX: f64 = 1e9;
/// Between two points on one stretch of road, OSRM may answer a few tenths less than nothing: that
/// is nothing. This much less is a fault.
const NUMBER_MIN: f64 = -5.0;

/// Every answer, whatever was asked.
#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    message: Option<String>,
    data_version: Option<String>,
    durations: Option<Vec<Vec<Option<f64>>>>,
    distances: Option<Vec<Vec<Option<f64>>>>,
    sources: Option<Vec<Option<Waypoint>>>,
    waypoints: Option<Vec<Option<Waypoint>>>,
    routes: Option<Vec<RouteAnswer>>,
}

/// Where a coordinate was put on the road.
#[derive(Deserialize)]
struct Waypoint {
    distance: Option<f64>,
}

#[derive(Deserialize)]
struct RouteAnswer {
    duration: f64,
    distance: f64,
    geometry: String,
}

/// A block of legs.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Block {
    /// Row by row.
    pub(super) legs: Vec<Option<Leg>>,
    /// How far from the road each source is, in metres, when that was asked for.
    pub(super) snapped: Option<Vec<f64>>,
    /// Of the server's roads.
    pub(super) data_version: Option<String>,
}

/// A way along roads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// How long and how far.
    pub leg: Leg,
    /// Along which points.
    pub line: Vec<Point>,
}

/// Refused because a coordinate has no road near it: which, if the message says so.
pub(super) fn without_road(error: &OsrmError) -> Option<Option<usize>> {
    let OsrmError::Refused { code, message } = error else { return None };
    (code == NO_SEGMENT).then(|| {
        let (_, position) = message.split_once(COORDINATE)?;
        position.trim().parse().ok()
    })
}

/// What a `/table` of so many rows and columns says.
pub(super) fn block(
    status: u16,
    text: &[u8],
    rows: usize,
    columns: usize,
    with_waypoints: bool,
) -> Result<Block, OsrmError> {
    let answer = whole(status, text)?;
    let durations = checked(answer.durations, rows, columns, "no durations of the size asked for")?;
    let distances = checked(answer.distances, rows, columns, "no distances of the size asked for")?;
    let legs = durations.into_iter().flatten().zip(distances.into_iter().flatten());
    let legs = legs
        .map(|(seconds, metres)| seconds.zip(metres).map(|(s, m)| leg(s, m)).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let snapped = match (with_waypoints, answer.sources) {
        (false, _) => None,
        (true, Some(sources)) if sources.len() == rows => Some(distances_of(sources)?),
        (true, _) => return Err(OsrmError::WrongShape("no waypoint per source")),
    };
    Ok(Block { legs, snapped, data_version: answer.data_version })
}

/// What a `/route` between two points says, with how far from the road each is.
pub(super) fn route(status: u16, text: &[u8]) -> Result<(Route, Vec<f64>), OsrmError> {
    let answer = whole(status, text)?;
    let first = answer.routes.and_then(|routes| routes.into_iter().next());
    let found = first.ok_or(OsrmError::WrongShape("no route"))?;
    let waypoints = answer.waypoints.filter(|waypoints| waypoints.len() == 2);
    let snapped = distances_of(waypoints.ok_or(OsrmError::WrongShape("no two waypoints"))?)?;
    let leg = leg(found.duration, found.distance)?;
    let line = polyline::decode_polyline(&found.geometry, 6)
        .map_err(|_| OsrmError::WrongShape("a line that cannot be decoded"))?;
    let line = line.coords().map(|at| Point::from_degrees(at.y, at.x)).collect::<Option<Vec<_>>>();
    let line = line.ok_or(OsrmError::WrongShape("a line that leaves the globe"))?;
    Ok((Route { leg, line }, snapped))
}

/// An answer whose code is `Ok`.
fn whole(status: u16, text: &[u8]) -> Result<Answer, OsrmError> {
    let answer: Result<Answer, serde_json::Error> = serde_json::from_slice(text);
    let is_success = (200..300).contains(&status);
    match answer {
        Ok(answer) => match answer.code.as_deref() {
            Some("Ok") if is_success => Ok(answer),
            Some(code) if code != "Ok" && status < 500 => Err(OsrmError::Refused {
                code: code.to_owned(),
                message: answer.message.unwrap_or_default(),
            }),
            _ if is_success => Err(OsrmError::WrongShape("no code")),
            _ => Err(OsrmError::Status(status)),
        },
        Err(_) if !is_success => Err(OsrmError::Status(status)),
        Err(error) if error.is_data() => Err(OsrmError::WrongShape("fields of other types")),
        Err(_) => Err(OsrmError::NotJson),
    }
}

fn checked(
    table: Option<Vec<Vec<Option<f64>>>>,
    rows: usize,
    columns: usize,
    fault: &'static str,
) -> Result<Vec<Vec<Option<f64>>>, OsrmError> {
    let is_right = |table: &Vec<Vec<Option<f64>>>| {
        table.len() == rows && table.iter().all(|row| row.len() == columns)
    };
    table.filter(is_right).ok_or(OsrmError::WrongShape(fault))
}

/// Seconds come with one decimal. Rounded up, legs stay shortest ones: no way round over a third
/// place gets shorter than the leg.
fn leg(seconds: f64, metres: f64) -> Result<Leg, OsrmError> {
    let is_sane = |number: f64| (NUMBER_MIN..=NUMBER_MAX).contains(&number);
    if !is_sane(seconds) || !is_sane(metres) {
        return Err(OsrmError::WrongShape("a leg that cannot be"));
    }
    let tenths = (seconds.max(0.0) * 10.0).round() as i64;
    let metres = metres.max(0.0).round() as i64;
    Ok(Leg { seconds: Seconds((tenths + 9) / 10), metres: Metres(metres) })
}

fn distances_of(waypoints: Vec<Option<Waypoint>>) -> Result<Vec<f64>, OsrmError> {
    let distances = waypoints.into_iter().map(|waypoint| waypoint?.distance);
    let distances: Option<Vec<f64>> = distances.collect();
    distances.ok_or(OsrmError::WrongShape("a waypoint without its distance"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Block, OsrmError> {
        block(200, text.as_bytes(), 1, 2, true)
    }

    #[test]
    fn a_table_is_read_with_its_nulls_and_snapping() {
        let text = r#"{"code":"Ok","durations":[[0.1,null]],"distances":[[12.6,null]],
            "sources":[{"distance":3.5,"name":"Storgatan"}],"data_version":"d1"}"#;
        let block = of(text).expect("a whole answer");
        let first = Leg { seconds: Seconds(1), metres: Metres(13) };
        assert_eq!(block.legs, [Some(first), None]);
        assert_eq!(block.snapped, Some(vec![3.5]));
        assert_eq!(block.data_version.as_deref(), Some("d1"));
    }

    #[test]
    fn a_little_less_than_nothing_is_nothing() {
        let text = br#"{"code":"Ok","durations":[[-0.1,0.2]],"distances":[[-0.3,0]]}"#;
        let block = block(200, text, 1, 2, false).expect("a whole answer");
        let seconds = block.legs.iter().flatten().map(|leg| (leg.seconds.0, leg.metres.0));
        assert_eq!(seconds.collect::<Vec<_>>(), [(0, 0), (1, 0)]);
    }

    #[test]
    fn every_other_answer_is_an_error_of_its_own() {
        let wrong = |text: &str| of(text).expect_err("a fault").code();
        assert_eq!(wrong("{\"code\":\"Ok\","), "E0707");
        assert_eq!(wrong("<html>"), "E0707");
        assert_eq!(wrong("[]"), "E0708");
        assert_eq!(wrong("{}"), "E0708");
        assert_eq!(wrong(r#"{"code":"Ok","durations":[[1,2]],"distances":[[1]]}"#), "E0708");
        assert_eq!(wrong(r#"{"code":"Ok","durations":[[1,"a"]],"distances":[[1,2]]}"#), "E0708");
        let negative = r#"{"code":"Ok","durations":[[-9,2]],"distances":[[1,2]]}"#;
        assert_eq!(wrong(negative), "E0708");
        let endless = r#"{"code":"Ok","durations":[[1e300,2]],"distances":[[1,2]]}"#;
        assert_eq!(wrong(endless), "E0708");
        let silent = r#"{"code":"Ok","durations":[[1,2]],"distances":[[1,2]]}"#;
        assert_eq!(wrong(silent), "E0708", "waypoints were asked for");
        assert_eq!(wrong(r#"{"code":"NoTable","message":"no"}"#), "E0705");
        assert_eq!(block(500, b"{}", 1, 2, false), Err(OsrmError::Status(500)));
        assert_eq!(block(404, b"<html>", 1, 2, false), Err(OsrmError::Status(404)));
        let code = br#"{"code":"Ok"}"#;
        assert_eq!(block(503, code, 1, 2, false), Err(OsrmError::Status(503)));
    }

    #[test]
    fn the_coordinate_without_a_road_is_named() {
        let refused = |code: &str, message: &str| OsrmError::Refused {
            code: code.to_owned(),
            message: message.to_owned(),
        };
        let told = refused("NoSegment", "Could not find a matching segment for coordinate 12");
        assert_eq!(without_road(&told), Some(Some(12)));
        assert_eq!(without_road(&refused("NoSegment", "somewhere")), Some(None));
        assert_eq!(without_road(&refused("TooBig", "coordinate 1")), None);
    }

    #[test]
    fn a_route_comes_with_its_line() {
        let text = r#"{"code":"Ok","routes":[{"duration":61.0,"distance":250.4,
            "geometry":"_izlhA_c~a_@_ibE_ibE"}],"waypoints":[{"distance":1.0},{"distance":2.0}]}"#;
        let (route, snapped) = route(200, text.as_bytes()).expect("a whole answer");
        assert_eq!(route.leg, Leg { seconds: Seconds(61), metres: Metres(250) });
        assert_eq!(route.line.len(), 2);
        assert_eq!(snapped, [1.0, 2.0]);
    }
}
