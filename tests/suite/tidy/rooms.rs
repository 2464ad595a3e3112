//! Arrows between rooms point one way. The table of docs/architecture.md, as data.

use super::source::{SourceFile, code_only, rust_files};

/// A room, and which rooms it may use, wholly or only these names of it.
struct Room {
    name: &'static str,
    may_use: &'static [Door],
}

enum Door {
    Whole(&'static str),
    Only(&'static str, &'static [&'static str]),
}

use Door::{Only, Whole};

/// Units and sizes: what a room that knows indices instead of people may have of the domain.
const UNITS: Door =
    Only("domain", &["time", "Instant", "Seconds", "Span", "Metres", "Score", "Tier", "TIERS"]);
const TABLE: Door = Only("travel", &["matrix", "Matrix", "Leg"]);

const ROOMS: &[Room] = &[
    Room { name: "domain", may_use: &[] },
    Room { name: "travel", may_use: &[Whole("domain")] },
    Room { name: "roads", may_use: &[Whole("domain"), Whole("travel")] },
    Room { name: "routing", may_use: &[Whole("domain"), Whole("travel")] },
    Room { name: "store", may_use: &[] },
    Room { name: "wire", may_use: &[Whole("domain")] },
    Room { name: "rules", may_use: &[Whole("domain"), Whole("travel")] },
    Room { name: "solver", may_use: &[UNITS, TABLE] },
    Room { name: "bound", may_use: &[UNITS, TABLE, Whole("solver")] },
    Room {
        name: "replan",
        may_use: &[Whole("domain"), Whole("travel"), Whole("rules"), Whole("solver")],
    },
    Room {
        name: "simulate",
        may_use: &[Whole("domain"), Whole("travel"), Whole("rules"), Whole("replan")],
    },
    Room { name: "bench", may_use: &[UNITS, TABLE, Whole("solver")] },
    Room {
        name: "live",
        may_use: &[
            Whole("domain"),
            TABLE,
            Whole("wire"),
            Only("replan", &["rolling"]),
            Whole("store"),
        ],
    },
    Room {
        name: "api",
        may_use: &[
            Whole("domain"),
            Whole("wire"),
            Whole("rules"),
            Only("replan", &["rolling"]),
            Only("store", &["Seq"]),
            Whole("live"),
        ],
    },
    Room {
        name: "cli",
        may_use: &[
            Whole("domain"),
            Whole("travel"),
            Whole("roads"),
            Whole("wire"),
            Whole("rules"),
            Whole("solver"),
            Whole("bound"),
            Whole("replan"),
            Whole("simulate"),
            Whole("bench"),
            Whole("routing"),
            Whole("store"),
            Whole("live"),
            Whole("api"),
        ],
    },
];

#[test]
fn every_room_uses_only_the_rooms_it_may() {
    let mut complaints = Vec::new();
    for file in rust_files(&["src"]) {
        let Some(room) = room_of(&file) else { continue };
        for path in crate_paths(&file) {
            if !may_use(room, &path) {
                complaints.push(format!("{}: {} may not use {}", file.path, room.name, path.0));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_folder_of_the_source_is_a_room_of_the_table() {
    for file in rust_files(&["src"]) {
        let known =
            matches!(file.path.as_str(), "src/lib.rs" | "src/main.rs") || room_of(&file).is_some();
        assert!(known, "{}: no such room in tests/suite/tidy/rooms.rs", file.path);
    }
}

fn room_of(file: &SourceFile) -> Option<&'static Room> {
    let inside = file.path.strip_prefix("src/")?;
    let name = inside.split_once('/').map_or(inside.trim_end_matches(".rs"), |(room, _)| room);
    ROOMS.iter().find(|room| room.name == name)
}

/// A room that is named after `crate::`, and what is taken from it.
struct CratePath(String, Vec<String>);

fn may_use(room: &Room, path: &CratePath) -> bool {
    let CratePath(used, names) = path;
    let is_a_room = ROOMS.iter().any(|room| room.name == used);
    if used == room.name || !is_a_room {
        return true;
    }
    room.may_use.iter().any(|door| match door {
        Whole(whole) => whole == used,
        Only(part, allowed) => {
            part == used
                && !names.is_empty()
                && names.iter().all(|name| allowed.contains(&name.as_str()))
        }
    })
}

/// Every path of a file that goes through the top of the crate: `crate::room::…`, and `super::`
/// often enough to leave the room.
fn crate_paths(file: &SourceFile) -> Vec<CratePath> {
    let code: String = file.code.split_whitespace().collect::<Vec<_>>().join(" ");
    let code = code.replace(" ::", "::").replace(":: ", "::");
    let depth = file.path.matches('/').count() - usize::from(file.path.ends_with("/mod.rs"));
    let mut paths = Vec::new();
    for lead in ["crate::".to_owned(), "super::".repeat(depth), "rond::".to_owned()] {
        for (at, _) in code.match_indices(&lead) {
            let tail = &code[at + lead.len()..];
            for branch in branches(tail) {
                let mut steps = branch.split("::");
                let room = steps.next().unwrap_or_default().trim().to_owned();
                let rest = steps.collect::<Vec<_>>().join("::");
                let names = branches(&rest)
                    .iter()
                    .map(|name| name_of(name.split("::").next().unwrap_or_default()))
                    .filter(|name| !name.is_empty())
                    .collect();
                paths.push(CratePath(name_of(&room), names));
            }
        }
    }
    paths
}

/// `{a, b::{c, d}}` is two branches, `a` and `b::{c, d}`; anything else is one: itself.
fn branches(text: &str) -> Vec<String> {
    let text = text.trim_start();
    let Some(inside) = text.strip_prefix('{') else {
        let end = end_of_path(text);
        return vec![text[..end].to_owned()];
    };
    let mut all = vec![String::new()];
    let mut open = 0;
    for character in inside.chars() {
        match character {
            '}' if open == 0 => break,
            ',' if open == 0 => all.push(String::new()),
            _ => {
                open += i32::from(character == '{') - i32::from(character == '}');
                if let Some(last) = all.last_mut() {
                    last.push(character);
                }
            }
        }
    }
    all.iter().map(|branch| branch.trim().to_owned()).filter(|b| !b.is_empty()).collect()
}

/// Where a path ends in running code: at the first character that can't be part of one, or after
/// the brace that closes its list.
fn end_of_path(text: &str) -> usize {
    let mut open = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' if open > 0 || text[..at].ends_with("::") => open += 1,
            '}' if open == 1 => return at + 1,
            '}' if open > 1 => open -= 1,
            _ if open > 0 => {}
            c if c.is_alphanumeric() || c == '_' || c == ':' => {}
            _ => return at,
        }
    }
    text.len()
}

fn name_of(step: &str) -> String {
    step.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_forbidden_arrow_is_seen_however_it_is_written() {
    let written = [
        "use crate::wire::read_day;",
        "use crate::{domain::Plan, wire};",
        "fn f() { crate::wire::read_day(); }",
        "use super::super::wire;",
        "use crate::{\n    travel::{Leg, Matrix},\n    wire::{read_day, read_plan},\n};",
    ];
    for text in written {
        let file = in_rules(text);
        let seen = crate_paths(&file).iter().any(|path| !may_use(room("rules"), path));
        assert!(seen, "not seen: {text}");
    }
    let allowed = in_rules("use crate::{domain::Plan, travel::{Leg, Matrix}}; // crate::wire");
    assert!(crate_paths(&allowed).iter().all(|path| may_use(room("rules"), path)));
}

#[test]
fn the_solver_may_have_units_but_no_people() {
    let solver = room("solver");
    let allowed =
        |text: &str| crate_paths(&in_rules(text)).iter().all(|path| may_use(solver, path));
    assert!(allowed("use crate::domain::{Instant, Seconds}; use crate::domain::time::Span;"));
    assert!(!allowed("use crate::domain::{Instant, World};"));
    assert!(!allowed("use crate::domain;"));
    assert!(!allowed("use crate::travel::StraightLine;"));
}

fn room(name: &str) -> &'static Room {
    ROOMS.iter().find(|room| room.name == name).expect("a room of the table")
}

fn in_rules(text: &str) -> SourceFile {
    SourceFile {
        path: "src/rules/timing.rs".to_owned(),
        text: text.to_owned(),
        code: code_only(text),
    }
}
