//! A line of the answer, written and read.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Objectives of rows closer than this are equal.
const EQUAL: f64 = 0.001;

/// One instance of one run. Rows written by earlier versions can be read where they matter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The instance.
    pub instance: String,
    /// The folder it came from.
    pub set: String,
    /// Its visits, patients or customers.
    #[serde(alias = "patients")]
    pub size: usize,
    /// The judged objective in the set's own convention; none when the instance was left open.
    pub objective: Option<f64>,
    /// How many must be served and are not.
    #[serde(default)]
    pub unserved: usize,
    /// Vehicles used, where the fewest come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicles: Option<usize>,
    /// CPU seconds of the whole process.
    pub cpu_seconds: f64,
    /// Seconds by the wall clock.
    pub wall_seconds: f64,
    /// Positions judged.
    pub work: u64,
    /// Ruins tried.
    pub iterations: u64,
    /// The seed.
    pub seed: u64,
    /// The threads.
    pub threads: usize,
    /// The best known objective.
    pub best_known: Option<f64>,
    /// The vehicles of the best known solution, where the fewest come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_known_vehicles: Option<usize>,
    /// Per cent above the best known objective; none with another number of vehicles.
    pub gap: Option<f64>,
    /// No solution has a lower objective, if that was asked for and found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<f64>,
    /// Per cent above that at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_proven: Option<f64>,
    /// Always: what is not legal has no row.
    pub legal: bool,
    /// What the objective is made of.
    #[serde(flatten)]
    pub components: BTreeMap<String, serde_json::Value>,
}

/// How one result stands to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is better.
    Better,
    /// They are equal.
    Equal,
    /// It is worse.
    Worse,
}

/// Unserved, vehicles where they come first, and objective: what results are compared by.
pub type Result = (usize, Option<usize>, Option<f64>);

/// Compares two results of one instance.
pub fn standing(one: Result, other: Result, equal: f64) -> Standing {
    let ranked = one.0.cmp(&other.0);
    let ranked = ranked.then(one.1.unwrap_or(0).cmp(&other.1.unwrap_or(0)));
    let ranked = ranked.then_with(|| match (one.2, other.2) {
        (Some(one), Some(other)) if (one - other).abs() > equal => one.total_cmp(&other),
        _ => std::cmp::Ordering::Equal,
    });
    match ranked {
        std::cmp::Ordering::Less => Standing::Better,
        std::cmp::Ordering::Equal => Standing::Equal,
        std::cmp::Ordering::Greater => Standing::Worse,
    }
}

impl Row {
    /// What it is compared by.
    pub fn result(&self) -> Result {
        (self.unserved, self.vehicles, self.objective)
    }

    /// Compares it with the same instance of another run.
    pub fn against(&self, old: &Row) -> Standing {
        standing(self.result(), old.result(), EQUAL)
    }

    /// Per cent that its objective lies above that of another run; none where the number of
    /// vehicles differs or either was left open.
    pub fn change(&self, old: &Row) -> Option<f64> {
        if self.vehicles != old.vehicles {
            return None;
        }
        per_cent_above(self.objective?, old.objective?)
    }

    /// Writes it to standard output.
    pub fn print(&self) {
        if let Ok(line) = serde_json::to_string(self) {
            // A reader that has seen enough may close the pipe: not worth a panic.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }
}

/// Per cent that one objective lies above another; none above nothing.
pub fn per_cent_above(objective: f64, other: f64) -> Option<f64> {
    (other != 0.0).then(|| rounded((objective / other - 1.0) * 100.0, 4))
}

/// A number with so many decimals.
pub fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    // Nothing is never written as less than nothing.
    (number * scale).round() / scale + 0.0
}

/// The value that so great a share lies at or below; nothing of nothing.
pub fn at_share(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * share).ceil() as usize;
    values.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// The rows of a file of lines.
pub fn read_rows(path: &Path) -> std::result::Result<Vec<Row>, String> {
    let text = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row = serde_json::from_str(line);
        rows.push(row.map_err(|why| format!("{}:{}: {why}", path.display(), at + 1))?);
    }
    Ok(rows)
}

#[cfg(test)]
pub mod tests {
    use super::{Row, Standing, standing};

    /// A row as an earlier version wrote it.
    const OLD: &str = r#"{"instance":"a","set":"s","patients":10,"objective":100.0,"travel":60.0,
        "cpu_seconds":1.0,"wall_seconds":1.0,"work":5,"iterations":2,"seed":1,"threads":1,
        "best_known":90.0,"gap":11.1,"legal":true}"#;

    /// A row to be changed.
    pub fn row(instance: &str, objective: f64) -> Row {
        let row: Row = serde_json::from_str(OLD).expect("a row");
        let gap = Some((objective / 90.0 - 1.0) * 100.0);
        Row { instance: instance.to_owned(), objective: Some(objective), gap, ..row }
    }

    #[test]
    fn a_row_of_an_earlier_version_is_read_and_written_with_its_components() {
        let row: Row = serde_json::from_str(OLD).expect("a row");
        assert_eq!((row.size, row.unserved, row.vehicles), (10, 0, None));
        let written = serde_json::to_string(&row).expect("a line");
        assert!(written.contains("\"travel\":60.0") && written.contains("\"size\":10"));
        assert!(!written.contains("vehicles"));
    }

    #[test]
    fn served_comes_before_vehicles_and_vehicles_before_distance() {
        let check = |one, other, expected| assert_eq!(standing(one, other, 0.01), expected);
        check((0, None, Some(5.0)), (0, None, Some(5.005)), Standing::Equal);
        check((0, None, Some(4.0)), (0, None, Some(5.0)), Standing::Better);
        check((0, Some(3), Some(4.0)), (0, Some(2), Some(5.0)), Standing::Worse);
        check((1, None, None), (0, None, Some(5.0)), Standing::Worse);
        check((1, None, None), (1, None, None), Standing::Equal);
    }
}
