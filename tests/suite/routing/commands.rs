//! The program itself with a routing server, and with everything that can be wrong with one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::fault_proxy::{Fault, FaultProxy};
use crate::support::osrm_server::{OsrmServer, free_port};

const TINY_DAY: &str = "data/days/sex-besok.json";

/// The six visits' day with every place moved to the streets south of the station of Lund.
fn day_in_lund(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("routing").join(test);
    // It may be there from an earlier run, or not; whether it could be made shows at once.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let day = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY_DAY));
    let mut day: Value = serde_json::from_str(&day.expect("shipped")).expect("JSON");
    let places = day["places"].as_array_mut().expect("a day has places");
    for (at, place) in places.iter_mut().enumerate() {
        place["lat"] = Value::from(55.7037 + 0.0002 * at as f64);
        place["lon"] = Value::from(13.1845 + 0.0006 * (at * 5 % 7) as f64);
    }
    let file = folder.join("day.json");
    fs::write(&file, day.to_string()).expect("can be written");
    file
}

/// Runs a command, and gives its exit code, standard output and standard error.
fn rond(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rond"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("ROND_OSRM")
        .env_remove("ROND_TRAVEL_CACHE")
        .output()
        .expect("the program that was just built runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn planned(day: &str, flags: &[&str]) -> Value {
    let (code, out, err) = rond(&[&["plan", day, "--work", "20000", "--json"], flags].concat());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let answer: Value = serde_json::from_str(&out).expect("JSON and nothing else");
    assert_eq!(answer["audit"]["verdict"], "legal");
    assert!(answer["plan"]["shifts"].as_array().is_some_and(|shifts| !shifts.is_empty()));
    answer["plan"]["travel"].clone()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

#[test]
fn a_plan_comes_out_and_says_so_whatever_is_wrong_with_the_server() {
    let day = day_in_lund("faults");
    for (fault, code, attempts) in [
        (Fault::Silence, "E0703", 1),
        (Fault::Status(500), "E0704", 3),
        (Fault::CutOff, "E0706", 3),
        (Fault::NotJson, "E0707", 3),
        (Fault::OtherJson, "E0708", 3),
        // Halved until one leg is too many.
        (Fault::TooBig, "E0705", 6),
        // Every place in turn has no road near it.
        (Fault::NoSegment, "E0709", 6),
        (Fault::NoWay, "E0709", 1),
    ] {
        let proxy = FaultProxy::start(None, fault);
        let address = proxy.address();
        let travel = planned(text(&day), &["--osrm", &address]);
        assert_eq!(travel["profile"], "skane-approximate", "{fault:?}: {travel}");
        assert_eq!(travel["served"][0]["why"]["code"], code, "{fault:?}: {travel}");
        assert!(proxy.questions() <= attempts, "{fault:?}: {} questions", proxy.questions());
        assert!(!travel.to_string().contains("13.18"), "says where people live: {travel}");
    }
    let nobody = format!("http://{}", free_port());
    let travel = planned(text(&day), &["--osrm", &nobody]);
    assert_eq!(travel["served"][0]["why"]["code"], "E0702");
    let (code, page, _) = rond(&["plan", text(&day), "--work", "20000", "--osrm", &nobody]);
    assert_eq!(code, Some(0));
    assert!(page.contains("travel times: skane-approximate; E0702: OSRM is not there"), "{page}");
}

#[test]
fn an_address_that_is_none_is_wrong_usage() {
    let day = day_in_lund("address");
    let (code, _, err) = rond(&["plan", text(&day), "--osrm", "localhost:5000"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("E0701"), "{err}");
}

#[test]
fn a_plan_made_with_osrm_can_be_checked_when_the_server_is_gone() {
    let Some(server) = OsrmServer::start("lund-station", 100) else { return };
    let day = day_in_lund("gone");
    let (plan, cache) = (day.with_file_name("plan.json"), day.with_file_name("cache"));
    let csv = day.with_file_name("plan.csv");
    let address = server.address();
    let with_cache = ["--osrm", &address, "--travel-cache", text(&cache)];
    let out = ["--out", text(&plan), "--csv", text(&csv)];
    let travel = planned(text(&day), &[&with_cache[..], &out].concat());
    assert_eq!((&travel["profile"], &travel["served"][0]["why"]), (&"osrm".into(), &Value::Null));
    assert!(travel["served"][0]["fetched"].is_string());
    let stops = fs::read_to_string(&csv).expect("written");
    assert!(stops.lines().skip(1).all(|line| line.ends_with(",osrm")), "{stops}");
    drop(server);
    // With what was kept: the same legs, and planning goes on with them, flagged.
    let check = ["check", text(&day), text(&plan)];
    let (code, page, _) = rond(&[&check[..], &with_cache].concat());
    assert!(code == Some(0) && page.contains("osrm, asked"), "{page}");
    let again = planned(text(&day), &with_cache);
    assert_eq!(again["fingerprint"], travel["fingerprint"]);
    assert_eq!(again["served"][0]["stored"], true);
    assert_eq!(again["served"][0]["why"]["code"], "E0702");
    // Without it the legs are others, and the page says that this is why.
    let (code, page, _) = rond(&check);
    assert_eq!(code, Some(1));
    assert!(page.contains("Note: the plan was made with other travel times (osrm"), "{page}");
    let (_, answer, _) = rond(&[&check[..], &["--json"]].concat());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(
        (&answer["travel_as_planned"], &answer["travel"]["profile"]),
        (&false.into(), &"skane-approximate".into())
    );
    let (_, page, _) = rond(&["explain", text(&day), text(&plan), "b1"]);
    assert!(page.contains("Note: the plan was made with other travel times"), "{page}");
}

#[test]
fn a_cache_that_cannot_be_written_costs_nothing_but_a_line() {
    let Some(server) = OsrmServer::start("lund-station", 100) else { return };
    let day = day_in_lund("unwritable");
    let below_a_file = day.join("cache");
    let flags = ["--osrm", &server.address(), "--travel-cache", text(&below_a_file)];
    let (code, page, err) = rond(&[&["plan", text(&day), "--work", "20000"], &flags[..]].concat());
    assert!(code == Some(0) && page.contains("travel times: osrm"), "{page}");
    assert!(err.contains("E0711"), "{err}");
}
