//! `rond roads` through its commands, on a real extract.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::program::{expect, folder, rond, text};

/// An extract, unless there are none: then that is said.
fn extract(name: &str) -> Option<PathBuf> {
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let path = Path::new(&root).join("roads").join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED: no extract {}; set ROND_BENCH", path.display());
    None
}

#[test]
fn an_extract_is_imported_shown_and_driven_on() {
    let Some(extract) = extract("liechtenstein.osm.pbf") else { return };
    let folder = folder("roads", "driven");
    let network = folder.join("valley.roads");
    let (page, faults) =
        expect(&rond(&["roads", "import", text(&extract), "--out", text(&network)]), 0);
    assert_eq!(faults, "", "no progress line where nobody looks");
    assert!(page.contains("© OpenStreetMap contributors, ODbL"), "{page}");
    let (page, _) = expect(&rond(&["roads", "info", text(&network)]), 0);
    assert!(page.contains("made from   liechtenstein.osm.pbf"), "{page}");

    // Vaduz to Balzers and what is written of it.
    let (vaduz, balzers) = ("47.1410,9.5209", "47.0660,9.5020");
    let (gpx, geojson) = (folder.join("way.gpx"), folder.join("way.geojson"));
    let files = ["--gpx", text(&gpx), "--geojson", text(&geojson)];
    let there = [&["roads", "route", text(&network), vaduz, balzers], &files[..]].concat();
    let (page, _) = expect(&rond(&there), 0);
    assert!(page.contains(" min · ") && page.contains("ODbL"), "{page}");
    assert!(fs::read_to_string(gpx).is_ok_and(|text| text.contains("<trkpt lat=\"47.14")));
    let line: geojson::GeoJson = fs::read_to_string(geojson)
        .expect("it was just written")
        .parse()
        .expect("GeoJSON of ours is GeoJSON");
    assert!(matches!(line, geojson::GeoJson::FeatureCollection(all) if all.features.len() == 1));

    let (json, _) = expect(&rond(&["roads", "route", text(&network), vaduz, balzers, "--json"]), 0);
    let answer: Value = serde_json::from_str(&json).expect("JSON and nothing else");
    let metres = answer["route"]["metres"].as_i64().unwrap_or_default();
    assert!((8_000..14_000).contains(&metres), "{json}");
}

#[test]
fn a_place_without_roads_is_the_answer_no() {
    let Some(extract) = extract("lund-station.osm.pbf") else { return };
    let network = folder("roads", "no").join("lund.roads");
    expect(&rond(&["roads", "import", text(&extract), "--out", text(&network)]), 0);
    let away = rond(&["roads", "route", text(&network), "55.707,13.187", "59.0,18.0", "--json"]);
    let (json, _) = expect(&away, 1);
    let answer: Value = serde_json::from_str(&json).expect("JSON and nothing else");
    assert_eq!(answer["cause"], "destination_too_far");
    assert_eq!(answer["route"], Value::Null);
}

#[test]
fn a_network_is_measured_and_its_own_legs_agree() {
    let Some(extract) = extract("lund-station.osm.pbf") else { return };
    let network = folder("roads", "measured").join("lund.roads");
    expect(&rond(&["roads", "import", text(&extract), "--out", text(&network)]), 0);
    let bench = |flags: &[&str]| {
        let small = ["--pairs", "577", "--places", "40", "--matrix", "60", "--seed", "2"];
        rond(&[&["bench", "roads", text(&network)], &small[..], flags].concat())
    };
    let (line, faults) = expect(&bench(&["--json"]), 0);
    assert_eq!((faults.as_str(), line.lines().count()), ("", 1));
    let answer: Value = serde_json::from_str(&line).expect("JSON and nothing else");
    let (agreement, speed) = (&answer["agreement"], &answer["speed"]);
    assert_eq!((&agreement["pairs"], &agreement["unreachable"]), (&1152.into(), &0.into()));
    assert_eq!(
        (&agreement["osrm"], &speed["osrm_table_wall_seconds"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!((&speed["places"], &speed["matrix_places"]), (&40.into(), &60.into()));
    assert_eq!(speed["one_to_one_differing"], 0);
    let (page, _) = expect(&bench(&[]), 0);
    assert!(page.contains("ODbL") && page.contains("random pairs 1152, without a way 0"), "{page}");
    // Nobody listens there; that is said, and no figures come out.
    let (page, faults) = expect(&bench(&["--osrm", "http://127.0.0.1:9"]), 2);
    assert!(page.is_empty() && faults.contains("E0702"), "{page}{faults}");
}

#[test]
fn files_that_cannot_be_used_are_exit_2_with_a_code() {
    let folder = folder("roads", "faults");
    let prose = folder.join("prose.txt");
    fs::write(&prose, "this is no map, it is a sentence that goes on for a while")
        .expect("written");
    let out = folder.join("x.roads");
    let (_, faults) = expect(&rond(&["roads", "import", text(&prose), "--out", text(&out)]), 2);
    assert!(faults.contains("E0801"), "{faults}");
    assert!(!out.exists());
    let (_, faults) = expect(&rond(&["roads", "info", text(&prose)]), 2);
    assert!(faults.contains("E0804"), "{faults}");
    let (_, faults) = expect(&rond(&["roads", "info", "no/such.roads"]), 2);
    assert!(faults.contains("E0800"), "{faults}");
    expect(&rond(&["roads", "route", text(&out), "55.7", "13.2"]), 2);
    if let Some(extract) = extract("lund-station.osm.pbf") {
        let nowhere = prose.join("x.roads");
        expect(&rond(&["roads", "import", text(&extract), "--out", text(&nowhere)]), 3);
    }
}
