//! The summary of a run, per set and size class.

use std::fmt::Write;

use super::row::{Row, Standing, standing};

/// Upper ends of the size classes.
const CLASSES: [usize; 12] = [10, 20, 25, 50, 75, 80, 100, 200, 300, 400, 500, 1_000];

/// Per set and size class, then per set, then of all: mean and worst gap, how many are no worse
/// than the best known, and how many were left open.
pub fn summary_of(rows: &[Row], equal: f64) -> String {
    let class_of = |row: &Row| CLASSES.iter().find(|class| row.size <= **class).copied();
    let mut sets: Vec<&str> = rows.iter().map(|row| row.set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    let mut text = format!(
        "{:<14} {:<8} {:>9} {:>11} {:>12}  {:<15} {}\n",
        "set", "size", "instances", "mean gap %", "worst gap %", "best or better", "open"
    );
    for &set in &sets {
        let of_set = || rows.iter().filter(|row| row.set == set);
        let mut classes = 0;
        for class in CLASSES.map(Some).into_iter().chain([None]) {
            let size = class.map_or("more".to_owned(), |class| format!("to {class}"));
            let of_class: Vec<&Row> = of_set().filter(|row| class_of(row) == class).collect();
            classes += usize::from(!of_class.is_empty());
            text += &line(set, &size, &of_class, equal);
        }
        if classes > 1 {
            text += &line(set, "all", &of_set().collect::<Vec<&Row>>(), equal);
        }
    }
    if sets.len() > 1 {
        text += &line("all", "all", &rows.iter().collect::<Vec<&Row>>(), equal);
    }
    text
}

fn line(set: &str, size: &str, rows: &[&Row], equal: f64) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let gaps: Vec<f64> = rows.iter().filter_map(|row| row.gap).collect();
    let known: Vec<&&Row> = rows.iter().filter(|row| row.best_known.is_some()).collect();
    let is_reached = |row: &&&Row| {
        let best = (0, row.best_known_vehicles, row.best_known);
        standing(row.result(), best, equal) != Standing::Worse
    };
    let reached = known.iter().filter(|row| is_reached(row)).count();
    let open = rows.iter().filter(|row| row.unserved > 0).count();
    let mut text = format!("{set:<14} {size:<8} {:>9}", rows.len());
    // Writing to a string cannot fail.
    if gaps.is_empty() {
        let _ = write!(text, " {:>11} {:>12}", "–", "–");
    } else {
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let worst = gaps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let _ = write!(text, " {mean:>11.3} {worst:>12.3}");
    }
    let _ = write!(text, "  {:<15} {open}", format!("{reached} of {}", known.len()));
    if rows.iter().any(|row| row.best_known_vehicles.is_some()) {
        let fewest = |row: &&&Row| row.unserved == 0 && row.vehicles <= row.best_known_vehicles;
        let fewest = known.iter().filter(|row| fewest(row)).count();
        let _ = write!(text, "  fewest vehicles {fewest} of {}", known.len());
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::summary_of;
    use crate::cli::bench::row::tests::row;

    #[test]
    fn gaps_are_summed_up_per_class_and_open_ones_counted() {
        let mut open = row("c", 0.0);
        (open.objective, open.gap, open.unserved) = (None, None, 2);
        let text = summary_of(&[row("a", 90.0), row("b", 99.0), open], 0.001);
        let expected =
            "s              to 10            3       5.000       10.000  1 of 3          1";
        assert_eq!(text.lines().nth(1), Some(expected));
        assert_eq!(text.lines().count(), 2);
    }
}
