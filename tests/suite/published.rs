//! Every published instance at hand gets a legal solution at the objective the search promised.

use std::path::{Path, PathBuf};

use rond::bench::hhcrsp::{Instance, TICKS_PER_UNIT, judge, problem_of, schedule_of};
use rond::solver::problem::COST;
use rond::solver::{Budget, Settings, solve};

/// Judged positions per instance: enough to ruin and recreate each a few hundred times.
const WORK: u64 = 200_000;
/// Published numbers have three decimals.
const EQUAL: f64 = 1e-3;

#[test]
fn published_home_care_instances_get_legal_solutions_at_the_promised_objective() {
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let folder = Path::new(&root).join("hhcrsp");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    if files.is_empty() {
        eprintln!("SKIPPED: no published instances in {}; set ROND_BENCH", folder.display());
        return;
    }
    for file in &files {
        check(file);
    }
    println!("{} published instances solved and judged", files.len());
}

fn check(file: &Path) {
    let name = file.display();
    let text = std::fs::read(file).expect("a file that was just listed");
    let instance = Instance::read(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
    let problem = problem_of(&instance);
    let settings = Settings {
        seed: 1,
        threads: 2,
        chains: 2,
        budget: Budget::Work(WORK),
        observer: &|_, _| (),
    };
    let solution = solve(&problem, settings, &[]);
    let schedule = schedule_of(&instance, &solution);
    let schedule = schedule.unwrap_or_else(|| panic!("{name}: no starts keep its meetings"));
    let verdict = judge(&instance, &schedule);
    assert!(verdict.faults.is_empty(), "{name}: {:?}", verdict.faults);
    let promised = solution.score[COST] as f64 / TICKS_PER_UNIT / 3.0;
    let judged = verdict.objective;
    assert!((promised - judged).abs() < EQUAL, "{name}: promised {promised}, judged {judged}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
}
