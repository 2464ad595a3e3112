//! The program itself, run through its commands: what goes in, what comes out, the exit codes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::program::{expect, folder, rond, text};

const TINY_DAY: &str = "data/days/sex-besok.json";

/// The tiny day planned with little work, written to a file.
fn planned(test: &str) -> PathBuf {
    let plan = folder("doors", test).join("plan.json");
    let output = rond(&["plan", TINY_DAY, "--work", "50000", "--out", text(&plan)]);
    expect(&output, 0);
    plan
}

#[test]
fn plan_prints_crews_meetings_promises_and_score() {
    let output = rond(&["plan", TINY_DAY, "--work", "50000"]);
    let (page, faults) = expect(&output, 0);
    assert_eq!(faults, "", "no progress line where nobody looks");
    for wanted in ["⇄ ssk-ystad", "⇄ läkare-ystad", "Promises", "1 unplanned promises", "Legal"]
    {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    assert!(!page.contains('\u{1b}'), "colour where there is no terminal");
}

#[test]
fn the_same_seed_and_work_give_the_same_page_on_any_number_of_threads() {
    let page = |threads| {
        let arguments =
            ["plan", TINY_DAY, "--work", "50000", "--seed", "7", "--threads", threads, "--json"];
        expect(&rond(&arguments), 0).0
    };
    assert_eq!(page("1"), page("2"));
    assert_eq!(page("1"), page("4"));
}

#[test]
fn json_is_json_and_nothing_else() {
    let output = rond(&["plan", TINY_DAY, "--work", "50000", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("stdout is one JSON value");
    assert_eq!(answer["plan"]["format"], "rond-plan");
    assert_eq!(answer["audit"]["verdict"], "legal");
    assert_eq!(answer["audit"]["promises"].as_array().map(Vec::len), Some(4));
    assert_eq!(answer["audit"]["tiers"].as_array().map(Vec::len), Some(4));
}

#[test]
fn plan_writes_every_file_that_is_asked_for() {
    let folder = folder("doors", "files");
    let (plan, csv) = (folder.join("new/plan.json"), folder.join("plan.csv"));
    let (map, calendars) = (folder.join("plan.geojson"), folder.join("ical"));
    let output = rond(&[
        "plan",
        TINY_DAY,
        "--work",
        "50000",
        "--out",
        text(&plan),
        "--csv",
        text(&csv),
        "--geojson",
        text(&map),
        "--ical",
        text(&calendars),
    ]);
    expect(&output, 0);
    let stops = fs::read_to_string(&csv).expect("the table was written");
    assert!(stops.lines().count() >= 9, "a header and a row per stop:\n{stops}");
    let map = fs::read_to_string(&map).expect("the map was written");
    let map: Value = serde_json::from_str(&map).expect("GeoJSON is JSON");
    assert_eq!(map["type"], "FeatureCollection");
    let calendars: Vec<_> = fs::read_dir(&calendars).expect("a folder").flatten().collect();
    assert!(!calendars.is_empty());
    for calendar in calendars {
        let text = fs::read_to_string(calendar.path()).expect("a calendar");
        assert!(text.starts_with("BEGIN:VCALENDAR"), "{text}");
    }
}

#[test]
fn a_plan_written_by_us_is_read_by_check_and_is_legal() {
    let plan = planned("check");
    let (page, _) = expect(&rond(&["check", TINY_DAY, text(&plan)]), 0);
    assert!(page.contains("Legal"), "{page}");
}

#[test]
fn check_says_no_and_names_what_is_broken() {
    let plan = planned("broken");
    let written = fs::read_to_string(&plan).expect("just written");
    let mut value: Value = serde_json::from_str(&written).expect("a plan file is JSON");
    // A nurse who stays at home: her part of the joint visit is nobody's.
    let shifts = value["shifts"].as_array_mut().expect("a plan has shifts");
    shifts.retain(|shift| shift["crew"] != "ssk-ystad");
    fs::write(&plan, value.to_string()).expect("can be written again");
    let (page, _) = expect(&rond(&["check", TINY_DAY, text(&plan)]), 1);
    assert!(page.contains("b1") && page.contains("Not legal"), "{page}");
    let output = rond(&["check", TINY_DAY, text(&plan), "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("stdout is one JSON value");
    assert_eq!(answer["audit"]["verdict"], "illegal");
    assert!(answer["audit"]["violations"].as_array().is_some_and(|all| !all.is_empty()));
}

#[test]
fn a_plan_that_is_late_by_now_is_repaired_and_every_broken_rule_reported() {
    let plan = planned("late");
    let day = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY_DAY));
    let mut day: Value = serde_json::from_str(&day.expect("shipped")).expect("JSON");
    let written = fs::read_to_string(&plan).expect("just written");
    let planned: Value = serde_json::from_str(&written).expect("a plan file is JSON");
    // Nobody has left at half past eight, and one home closes before its planned hour.
    day["as_of"] = Value::from("2026-03-10T08:30:00+01:00");
    day["visits"][2]["windows"] = serde_json::json!([
        { "from": "2026-03-10T07:00:00+01:00", "to": "2026-03-10T10:00:00+01:00" }
    ]);
    day["previous"] = planned;
    let file = plan.with_file_name("late.json");
    fs::write(&file, day.to_string()).expect("can be written");
    let output = rond(&["check", text(&file), text(&plan), "--json"]);
    let (_, _) = expect(&output, 1);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("stdout is one JSON value");
    let violations = answer["audit"]["violations"].as_array().expect("a list");
    let names = |word: &str| violations.iter().any(|broken| broken.to_string().contains(word));
    assert!(violations.len() >= 2 && names("08:30") && names("10:00"), "{violations:#?}");
    let mended = plan.with_file_name("mended.json");
    let (page, _) =
        expect(&rond(&["plan", text(&file), "--work", "50000", "--out", text(&mended)]), 0);
    assert!(page.contains("Legal"), "{page}");
    expect(&rond(&["check", text(&file), text(&mended)]), 0);
}

#[test]
fn explain_says_who_when_and_who_else() {
    let plan = planned("explain");
    let (page, _) = expect(&rond(&["explain", TINY_DAY, text(&plan), "b1"]), 0);
    for wanted in ["Visit b1", "promised by", "margin", "ssk-ystad", "area", "ssk-tomelilla"] {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    let (_, fault) = expect(&rond(&["explain", TINY_DAY, text(&plan), "b99"]), 2);
    assert!(fault.contains("b99"), "{fault}");
}

#[test]
fn explain_says_why_nobody_comes() {
    let folder = folder("doors", "nobody");
    let day = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY_DAY));
    let mut day: Value = serde_json::from_str(&day.expect("shipped")).expect("JSON");
    // The home can be visited only when the nurses have gone home.
    day["visits"][0]["windows"] = serde_json::json!([
        { "from": "2026-03-10T16:30:00+01:00", "to": "2026-03-10T17:30:00+01:00" }
    ]);
    let (file, plan) = (folder.join("day.json"), folder.join("plan.json"));
    fs::write(&file, day.to_string()).expect("can be written");
    let arguments = ["plan", text(&file), "--work", "50000", "--out", text(&plan)];
    let (page, _) = expect(&rond(&arguments), 0);
    assert!(page.contains("Unassigned") && page.contains("impossible"), "{page}");
    let (page, _) = expect(&rond(&["explain", text(&file), text(&plan), "b1"]), 0);
    assert!(page.contains("impossible") && page.contains("ssk-ystad"), "{page}");
}

#[test]
fn a_generated_day_can_be_planned_and_the_same_seed_gives_the_same_file() {
    let folder = folder("doors", "generate");
    let (day, again) = (folder.join("day.json"), folder.join("again.json"));
    for file in [&day, &again] {
        let file = text(file);
        let arguments = ["--delregion", "Sydväst", "--date", "2026-09-15", "--seed", "3"];
        let output =
            rond(&[&["generate"], &arguments[..], &["--scale", "0.5", "--out", file]].concat());
        let (said, _) = expect(&output, 0);
        assert!(said.contains("visits"), "{said}");
    }
    let same = fs::read(&day).expect("written") == fs::read(&again).expect("written");
    assert!(same, "the same seed, two days");
    let plan = folder.join("plan.json");
    let arguments = ["plan", text(&day), "--work", "100000", "--out", text(&plan)];
    expect(&rond(&arguments), 0);
    expect(&rond(&["check", text(&day), text(&plan)]), 0);
}

#[test]
fn generate_refuses_what_it_cannot_make() {
    let file = folder("doors", "refused").join("day.json");
    let generate = |arguments: &[&str]| {
        let rest = ["--date", "2026-09-15", "--seed", "1", "--out", text(&file)];
        expect(&rond(&[&["generate"], arguments, &rest[..]].concat()), 2).1
    };
    assert!(generate(&["--delregion", "Blekinge"]).contains("Sydost"), "names those there are");
    assert!(generate(&["--all", "--days", "400"]).contains("--days"));
    assert!(generate(&["--all", "--scale", "0"]).contains("--scale"));
    generate(&[]);
    generate(&["--all", "--delregion", "Malmö"]);
    assert!(!file.exists());
}

#[test]
fn schemas_are_json_schemas() {
    for format in ["day", "plan", "policy", "region"] {
        let output = rond(&["schema", format]);
        expect(&output, 0);
        let schema: Value = serde_json::from_slice(&output.stdout).expect("a schema is JSON");
        assert!(schema["$schema"].is_string() && schema["properties"].is_object(), "{format}");
    }
    let output = rond(&["schema", "event"]);
    expect(&output, 0);
    let schema: Value = serde_json::from_slice(&output.stdout).expect("a schema is JSON");
    assert_eq!(schema["oneOf"].as_array().map(Vec::len), Some(rond::wire::EVENT_KINDS.len()));
}

#[test]
fn bad_input_is_exit_2_with_every_problem() {
    let folder = folder("doors", "bad");
    let file = folder.join("day.json");
    let mut day: Value = serde_json::from_str(
        &fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY_DAY)).expect("shipped"),
    )
    .expect("JSON");
    day["visits"][0]["patient"] = Value::from("nobody");
    day["visits"][1]["parts"][0]["service_minutes"] = Value::from("long");
    fs::write(&file, day.to_string()).expect("can be written");
    let (out, faults) = expect(&rond(&["plan", text(&file)]), 2);
    assert_eq!(out, "");
    assert!(faults.contains("/visits/0/patient"), "{faults}");
    assert!(faults.contains("/visits/1/parts/0"), "{faults}");
    expect(&rond(&["plan", "no-such-file.json"]), 2);
    expect(&rond(&["check", TINY_DAY, TINY_DAY]), 2);
}

#[test]
fn wrong_usage_is_exit_2() {
    for arguments in [
        &["plan"] as &[&str],
        &["plan", TINY_DAY, "--seconds", "1", "--work", "1"],
        &["plan", TINY_DAY, "--seconds", "-1"],
        &["plan", TINY_DAY, "--threads", "0"],
        &["schema", "nonsense"],
        &["nonsense"],
    ] {
        expect(&rond(arguments), 2);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_exit_3() {
    let folder = folder("doors", "unwritable");
    // The folder itself is no file that could be written.
    let output = rond(&["plan", TINY_DAY, "--work", "1000", "--out", text(&folder)]);
    let (_, fault) = expect(&output, 3);
    assert!(fault.contains("cannot write"), "{fault}");
}

#[test]
fn the_walkthrough_shows_what_the_program_prints() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/walkthrough.md"))
            .expect("the page is part of the repository");
    let plan = planned("walkthrough");
    let (printed, _) = expect(&rond(&["plan", TINY_DAY, "--work", "50000"]), 0);
    let (body, _) = printed.split_once("Summary").expect("the page ends with a summary");
    assert_eq!(block(&page, "$ rond plan"), body.trim_end());
    let (printed, _) = expect(&rond(&["explain", TINY_DAY, text(&plan), "b2"]), 0);
    assert_eq!(block(&page, "$ rond explain"), printed.trim_end());
}

/// What stands in a page below a command, up to the end of its block.
fn block<'p>(page: &'p str, command: &str) -> &'p str {
    let (_, after) = page.split_once(command).expect("the page shows the command");
    let (_, block) = after.split_once('\n').expect("and what it prints");
    block.split("\n```").next().unwrap_or_default().trim_end()
}
