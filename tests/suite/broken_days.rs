//! Broken day files: each fault is found, in one reading, with its code and its path, and nothing
//! else is said. Every case is the day of six visits with some things changed in it.

mod first_stops;
mod sense;
mod shape;
mod texts;

use rond::wire::{PROBLEMS_MAX, Problem, read_day};
use serde_json::Value;

use crate::wire::{SIX_VISITS, lines};

/// A day file with faults in it.
struct Broken {
    /// What is wrong with it.
    name: &'static str,
    /// What is changed in the good day.
    changes: Vec<Change>,
    /// Code and path of every fault, and of nothing else.
    faults: &'static [(&'static str, &'static str)],
}

/// One change of a document.
enum Change {
    /// The value at the path becomes this one; the last key may be new.
    Set(&'static str, Value),
    /// The field at the path goes.
    Remove(&'static str),
    /// The list at the path gets one more item.
    Push(&'static str, Value),
}

use Change::{Push, Remove, Set};

impl Change {
    fn apply(self, day: &mut Value) {
        match self {
            Set(path, value) => {
                let (parent, key) = parent(day, path);
                match parent {
                    Value::Array(items) => items[key.parse::<usize>().expect("a place")] = value,
                    other => other[key] = value,
                }
            }
            Remove(path) => {
                let (parent, key) = parent(day, path);
                let removed = parent.as_object_mut().and_then(|fields| fields.remove(key));
                assert!(removed.is_some(), "nothing to remove at {path}");
            }
            Push(path, value) => {
                let list = day.pointer_mut(path).and_then(Value::as_array_mut);
                list.unwrap_or_else(|| panic!("no list at {path}")).push(value);
            }
        }
    }
}

fn parent<'v, 'p>(day: &'v mut Value, path: &'p str) -> (&'v mut Value, &'p str) {
    let (parent, key) = path.rsplit_once('/').expect("a path with a slash");
    (day.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")), key)
}

/// Reads each broken day and compares what is said with what is wrong.
fn check(cases: Vec<Broken>) -> usize {
    let count = cases.len();
    let mut complaints = String::new();
    for Broken { name, changes, faults } in cases {
        let mut day: Value = serde_json::from_str(SIX_VISITS).expect("the good day is JSON");
        for change in changes {
            change.apply(&mut day);
        }
        let problems = problems(name, day.to_string().as_bytes());
        let mut found: Vec<(&str, &str)> =
            problems.iter().map(|problem| (problem.code, problem.path.as_str())).collect();
        let mut expected = faults.to_vec();
        found.sort();
        expected.sort();
        if found != expected {
            let said = lines(&problems);
            complaints.push_str(&format!("{name}: expected {expected:?}, but was told\n{said}\n"));
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
    count
}

fn problems(name: &str, text: &[u8]) -> Vec<Problem> {
    match read_day(text) {
        Ok(_) => panic!("{name}: was read as if nothing were wrong"),
        Err(problems) => {
            for problem in &problems {
                assert!(!problem.cause.is_empty() && !problem.action.is_empty(), "{name}");
            }
            problems
        }
    }
}

#[test]
fn at_least_forty_broken_days_are_refused_with_every_fault_named() {
    let cases = [shape::cases(), sense::cases(), first_stops::cases()];
    let count = cases.into_iter().map(check).sum::<usize>() + texts::check_all();
    assert!(count >= 40, "only {count} broken days");
}

#[test]
fn noise_in_the_form_of_json_has_only_so_many_problems() {
    let text = format!("{{\"visits\": [{}0]}}", "1,".repeat(40_000));
    let problems = problems("forty thousand visits that are none", text.as_bytes());
    assert_eq!(problems.len(), PROBLEMS_MAX + 1);
    assert_eq!(problems[PROBLEMS_MAX].code, "E0109");
}
