//! What must not stand in the source.

use super::source::{gather, rust_files, top};

/// Rooms that must be deterministic: no clock, no files, no order of hashes.
const CORE_ROOMS: &[&str] = &["domain", "travel", "rules", "solver", "bound", "replan"];

/// What a core room must never name, and what to do instead.
const NOT_IN_CORE: &[(&str, &str)] = &[
    ("HashMap", "its order is no order: BTreeMap, or a Vec by index"),
    ("HashSet", "its order is no order: BTreeSet, or a Vec by index"),
    ("std::time", "time comes in as an argument"),
    ("SystemTime", "time comes in as an argument"),
    ("Timestamp::now", "time comes in as an argument"),
    ("Zoned::now", "time comes in as an argument"),
    ("Instant::now", "time comes in as an argument"),
    ("std::fs", "files belong to cli"),
    ("std::env", "settings come in as arguments"),
    ("std::net", "the network belongs to the outer rooms"),
    ("thread_rng", "randomness comes in as a seed"),
    ("println!", "printing belongs to cli"),
    ("print!(", "printing belongs to cli"),
];

/// What must stand nowhere.
const NOWHERE: &[&str] = &["dbg!(", "todo!(", "unimplemented!(", "#[ignore", "should_panic"];

/// Names of folders that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "types", "misc"];

#[test]
fn the_core_rooms_are_pure() {
    let mut complaints = Vec::new();
    for room in CORE_ROOMS {
        for file in rust_files(&[&format!("src/{room}")]) {
            for (word, instead) in NOT_IN_CORE.iter().filter(|(word, _)| file.code.contains(word)) {
                complaints.push(format!("{}: {word}: {instead}", file.path));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn only_cli_ends_the_process() {
    for file in rust_files(&["src"]) {
        let may = file.path.starts_with("src/cli/") || file.path == "src/main.rs";
        assert!(may || !file.code.contains("process::exit"), "{} ends the process", file.path);
    }
}

#[test]
fn nothing_unfinished_is_left() {
    let mut complaints = Vec::new();
    for file in rust_files(&["src", "tests", "benches"]) {
        for word in NOWHERE.iter().filter(|word| file.code.contains(**word)) {
            complaints.push(format!("{}: {word}", file.path));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn no_folder_has_a_name_that_says_nothing() {
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches", "docs", "data"] {
        gather(&top().join(folder), &mut paths);
    }
    for path in paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!EMPTY_NAMES.contains(&stem.as_str()), "{}: what is it?", path.display());
    }
}
