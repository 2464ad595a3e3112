//! `rond bench` through the program itself, on tiny instances made by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Two customers for one vehicle, and one that nobody reaches in time.
const OPEN: &str = "OPEN\nVEHICLE\nNUMBER CAPACITY\n2 10\nCUSTOMER\nCUST NO. XCOORD.\n\
    0 0 0 0 0 100 0\n1 3 4 5 0 50 1\n2 6 8 5 0 50 1\n3 30 40 1 0 10 1\n";

/// A folder with instances in it, empty otherwise.
fn folder(test: &str, instances: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench_doors").join(test);
    // It may be there from an earlier run, or not; whether it could be made shows at once.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("set")).expect("the target folder can be written");
    for (name, text) in instances {
        fs::write(folder.join("set").join(name), text).expect("the folder was just made");
    }
    folder
}

fn bench(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rond"))
        .arg("bench")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program that was just built runs")
}

#[track_caller]
fn expect(output: &Output, code: i32) -> (Vec<Value>, String) {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
    let rows = out.lines().filter(|line| line.starts_with('{'));
    (rows.map(|line| serde_json::from_str(line).expect("a row is JSON")).collect(), err)
}

fn solvable() -> String {
    OPEN.lines()
        .filter(|line| !line.starts_with("3 30"))
        .map(|line| line.to_owned() + "\n")
        .collect()
}

#[test]
fn a_row_a_solution_and_a_summary_for_every_instance() {
    let text = solvable();
    let folder = folder("row", &[("one.txt", &text), ("note.md", "no instance")]);
    fs::write(folder.join("bks.csv"), "instance,distance_only\none,20\n").expect("a table");
    let output = bench(&folder, &["vrptw", "set", "--work", "2000", "--out", "plans"]);
    let (rows, summary) = expect(&output, 0);
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((&row["instance"], &row["set"]), (&Value::from("one"), &Value::from("set")));
    let number = |key: &str| row[key].as_f64();
    assert_eq!((number("objective"), number("gap")), (Some(20.0), Some(0.0)));
    assert_eq!(
        (number("size"), number("unserved"), number("seed")),
        (Some(2.0), Some(0.0), Some(1.0))
    );
    assert_eq!(row["legal"], Value::from(true));
    let plan = fs::read_to_string(folder.join("plans/one.txt")).expect("the solution");
    let mut stops: Vec<&str> = plan.split_whitespace().collect();
    stops.sort_unstable();
    assert_eq!((stops, plan.lines().count()), (vec!["1", "2"], 1));
    assert!(summary.contains("1 of 1"), "{summary}");
}

#[test]
fn what_cannot_be_served_is_left_open_and_no_failure() {
    let folder = folder("open", &[("open.txt", OPEN)]);
    for objective in ["distance", "vehicles"] {
        let arguments =
            ["vrptw", "set", "--work", "2000", "--objective", objective, "--out", "plans"];
        let (rows, said) = expect(&bench(&folder, &arguments), 0);
        assert_eq!((&rows[0]["objective"], &rows[0]["unserved"]), (&Value::Null, &Value::from(1)));
        assert!(said.contains("open: left open: 1 that must be served are not"), "{said}");
        assert!(!folder.join("plans").exists(), "half a solution is none");
    }
}

#[test]
fn two_runs_are_set_beside_each_other() {
    let text = solvable();
    let folder = folder("against", &[("one.txt", &text)]);
    let first = bench(&folder, &["vrptw", "set", "--work", "2000"]);
    fs::write(folder.join("old.jsonl"), &first.stdout).expect("the folder is there");
    let arguments = ["vrptw", "set", "--work", "2000", "--against", "old.jsonl"];
    let (_, said) = expect(&bench(&folder, &arguments), 0);
    assert!(said.contains("0 wins, 1 ties, 0 losses"), "{said}");
    let table = bench(&folder, &["compare", "old.jsonl", "old.jsonl"]);
    assert_eq!(table.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&table.stdout).contains("0 wins, 1 ties, 0 losses"));
    expect(&bench(&folder, &["compare", "old.jsonl", "gone.jsonl"]), 2);
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_goes_on() {
    let text = solvable();
    let folder = folder("unreadable", &[("bad.txt", "nothing"), ("one.txt", &text)]);
    let (rows, said) = expect(&bench(&folder, &["vrptw", "set", "--work", "2000"]), 2);
    assert_eq!(rows.len(), 1);
    assert!(said.contains("set/bad.txt: not a VRPTW instance"), "{said}");
    expect(&bench(&folder, &["vrptw", "gone.txt", "--work", "2000"]), 2);
}

#[test]
fn a_day_that_goes_on_is_measured_and_ends_the_same_every_time() {
    let folder = folder("live", &[]);
    let week = include_str!("../../data/days/sydost-vecka.json");
    fs::write(folder.join("week.json"), week).expect("the folder is there");
    let arguments = ["live", "week.json", "--work", "300000"];
    let ends: Vec<Value> = (0..2)
        .map(|_| {
            let (rows, _) = expect(&bench(&folder, &arguments), 0);
            let row = &rows[0];
            assert_eq!((row["planned"].as_u64(), row["requests"].as_u64()), (Some(301), Some(33)));
            row["score"].clone()
        })
        .collect();
    assert_eq!(ends[0], ends[1]);
    fs::write(folder.join("torn.json"), &week[..week.len() / 2]).expect("the folder is there");
    let (_, said) = expect(&bench(&folder, &["live", "torn.json"]), 2);
    assert!(said.contains("torn.json: E0103"), "{said}");
}
