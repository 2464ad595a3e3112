//! `rond roads route`: the fastest way between two points.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::failure::Failure;
use super::super::{Answer, files};
use super::open;
use crate::domain::Point;
use crate::roads::{NoRoute, RoadNetwork, Route};

/// What `rond roads route` is asked.
#[derive(Args)]
pub struct RouteArguments {
    /// A road network
    #[arg(value_name = "X.roads")]
    network: PathBuf,
    /// Where from: latitude and longitude
    #[arg(value_name = "LAT,LON", value_parser = point, allow_hyphen_values = true)]
    from: Point,
    /// Where to: latitude and longitude
    #[arg(value_name = "LAT,LON", value_parser = point, allow_hyphen_values = true)]
    to: Point,
    /// Write the way as GeoJSON, for any map
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
    /// Write the way as GPX, for navigators
    #[arg(long, value_name = "FILE")]
    gpx: Option<PathBuf>,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

/// `55.70,13.19`.
fn point(text: &str) -> Result<Point, String> {
    let degrees = text.split_once(',').and_then(|(lat, lon)| {
        Point::from_degrees(lat.trim().parse().ok()?, lon.trim().parse().ok()?)
    });
    degrees.ok_or_else(|| "write latitude and longitude in degrees, such as 55.70,13.19".to_owned())
}

/// Finds it, prints it, and writes what is asked for. No way is the answer no.
pub fn run(arguments: &RouteArguments) -> Result<Answer, Failure> {
    let network = open(&arguments.network)?;
    match network.route(arguments.from, arguments.to) {
        Ok(route) => {
            if let Some(path) = &arguments.geojson {
                files::write(path, &geojson(&network, &route))?;
            }
            if let Some(path) = &arguments.gpx {
                files::write(path, &gpx(&network, &route))?;
            }
            let text =
                if arguments.json { answer(&network, &route) } else { page(&network, &route) };
            files::print(&text)?;
            Ok(Answer::Done)
        }
        Err(none) => {
            let text = if arguments.json { refusal(&network, none) } else { format!("{none}\n") };
            files::print(&text)?;
            Ok(Answer::No)
        }
    }
}

fn page(network: &RoadNetwork, route: &Route) -> String {
    let tenths = |part: i64, of: i64| format!("{}.{}", part / of, part % of * 10 / of);
    let mut text = format!(
        "{} min · {} km\n",
        tenths(route.leg.seconds.0, 60),
        tenths(route.leg.metres.0, 1_000)
    );
    for (what, away) in [("start", route.from_away), ("destination", route.to_away)] {
        if away.0 > 0 {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{what}: nearest road {} m away", away.0);
        }
    }
    let date = network.data_date().unwrap_or("date unknown");
    let _ = writeln!(text, "{} ({date}) · {}", network.name(), network.attribution());
    text
}

fn answer(network: &RoadNetwork, route: &Route) -> String {
    let answer = json!({
        "route": {
            "seconds": route.leg.seconds.0,
            "metres": route.leg.metres.0,
            "from_away_metres": route.from_away.0,
            "to_away_metres": route.to_away.0,
            "line": line(route),
        },
        "network": network.name(),
        "data_date": network.data_date(),
        "attribution": network.attribution(),
    });
    format!("{answer:#}\n")
}

fn refusal(network: &RoadNetwork, none: NoRoute) -> String {
    let cause = match none {
        NoRoute::From(_) => "start_too_far",
        NoRoute::To(_) => "destination_too_far",
        NoRoute::Unreachable => "unreachable",
    };
    let answer = json!({
        "route": null,
        "cause": cause,
        "en": none.to_string(),
        "network": network.name(),
    });
    format!("{answer:#}\n")
}

/// Longitude before latitude, as GeoJSON has it.
fn line(route: &Route) -> Vec<[f64; 2]> {
    route.line.iter().map(|point| [point.lon(), point.lat()]).collect()
}

fn geojson(network: &RoadNetwork, route: &Route) -> String {
    let answer = json!({
        "type": "FeatureCollection",
        "features": [{
            "type": "Feature",
            "geometry": { "type": "LineString", "coordinates": line(route) },
            "properties": {
                "seconds": route.leg.seconds.0,
                "metres": route.leg.metres.0,
                "network": network.name(),
                "attribution": network.attribution(),
            },
        }],
    });
    format!("{answer}\n")
}

fn gpx(network: &RoadNetwork, route: &Route) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a text cannot fail.
    let _ = write!(
        text,
        "<gpx version=\"1.1\" creator=\"rond\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n\
         <metadata><name>{}</name><copyright author=\"{}\"/></metadata>\n<trk><trkseg>\n",
        escaped(network.name()),
        escaped(network.attribution()),
    );
    for point in &route.line {
        let _ = writeln!(text, "<trkpt lat=\"{:.6}\" lon=\"{:.6}\"/>", point.lat(), point.lon());
    }
    text.push_str("</trkseg></trk>\n</gpx>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::point;

    #[test]
    fn points_are_latitude_and_longitude() {
        assert!(point("55.70,13.19").is_ok());
        assert!(point("-33.9, 18.4").is_ok());
        assert!(point("95,13").is_err());
        assert!(point("Lund").is_err());
    }
}
