//! Every published instance at hand gets a legal solution at the objective the search promised, or
//! is left open.

use std::path::{Path, PathBuf};

use rond::bench::set::Set;
use rond::bench::vrptw::Objective;
use rond::solver::{Budget, Settings};

/// Judged positions per instance: enough to ruin and recreate each a few hundred times.
const WORK: u64 = 200_000;
/// Of the published instances with hard windows, a search this short leaves at most one in so many
/// open.
const OPEN_ONE_IN: usize = 2;

#[test]
fn published_home_care_instances_get_legal_solutions_at_the_promised_objective() {
    assert_eq!(solve_all(Set::Hhcrsp, "hhcrsp"), 0, "everyone can be served, if tardily");
}

#[test]
fn published_unified_home_care_instances_get_legal_solutions_at_the_promised_objective() {
    solve_all(Set::Uhhc, "uhhc");
}

#[test]
fn published_synchronised_instances_get_legal_solutions_or_are_left_open() {
    solve_all(Set::Vrptwsyn, "vrptwsyn");
}

#[test]
fn published_vehicle_routing_instances_get_legal_solutions_of_least_distance() {
    solve_all(Set::Vrptw(Objective::Distance), "vrptw");
}

#[test]
fn published_vehicle_routing_instances_get_legal_solutions_on_few_vehicles() {
    solve_all(Set::Vrptw(Objective::Vehicles), "vrptw");
}

/// Solves what lies in the folder; says how many instances were left open.
fn solve_all(set: Set, folder: &str) -> usize {
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let folder = Path::new(&root).join(folder);
    let mut files = Vec::new();
    collect(&folder, set.extension(), &mut files);
    if files.is_empty() {
        eprintln!("SKIPPED: no published instances in {}; set ROND_BENCH", folder.display());
        return 0;
    }
    let open = files.iter().filter(|file| check(set, file)).count();
    println!("{} published instances solved and judged, {open} left open", files.len());
    assert!(open * OPEN_ONE_IN <= files.len(), "{open} of {} left open", files.len());
    open
}

/// Was it left open?
fn check(set: Set, file: &Path) -> bool {
    let name = file.display();
    let text = std::fs::read(file).expect("a file that was just listed");
    let instance = set.read(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
    let settings = Settings {
        seed: 1,
        threads: 2,
        chains: 2,
        budget: Budget::Work(WORK),
        observer: &|_, _| (),
    };
    let judged = instance.judged(&instance.search(settings));
    assert_eq!(judged.why_not(), None, "{name}");
    judged.unserved > 0
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
}
