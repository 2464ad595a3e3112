//! Before and after: two runs of the same instances beside each other.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::row::{Row, Standing, read_rows};

/// Runs `rond bench compare`.
pub fn run(old: &Path, new: &Path) -> ExitCode {
    match (read_rows(old), read_rows(new)) {
        (Ok(old), Ok(new)) => {
            // A reader that has seen enough may close the pipe: not worth a panic.
            let _ = std::io::stdout().write_all(table_of(&old, &new).as_bytes());
            ExitCode::SUCCESS
        }
        (Err(why), _) | (_, Err(why)) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

/// Per instance that both runs have, then per set: before, after, change, wins, ties and losses.
pub fn table_of(old: &[Row], new: &[Row]) -> String {
    let is_same = |one: &Row, other: &Row| {
        one.instance == other.instance && (one.set == other.set || other.set.is_empty())
    };
    let pairs: Vec<(&Row, &Row)> = (new.iter())
        .filter_map(|new| Some((old.iter().rev().find(|old| is_same(new, old))?, new)))
        .collect();
    let wide = pairs.iter().map(|(_, new)| new.instance.chars().count()).max().unwrap_or(0).max(8);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<14} {:<wide$} {:>14} {:>14} {:>9}",
        "set", "instance", "before", "after", "change %"
    );
    for (old, new) in &pairs {
        let mark = match new.against(old) {
            Standing::Better => "+",
            Standing::Equal => "",
            Standing::Worse => "−",
        };
        let change = new.change(old).map_or("–".to_owned(), |change| format!("{change:+.3}"));
        let (before, after) = (result(old), result(new));
        let (set, name) = (&new.set, &new.instance);
        let line = format!("{set:<14} {name:<wide$} {before:>14} {after:>14} {change:>9} {mark}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let mut sets: Vec<&str> = pairs.iter().map(|(_, new)| new.set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    for &set in &sets {
        let of_set: Vec<_> = pairs.iter().filter(|(_, new)| new.set == set).copied().collect();
        text += &total(set, &of_set);
    }
    if sets.len() > 1 {
        text += &total("all", &pairs);
    }
    let missing = old.iter().filter(|old| !new.iter().any(|new| is_same(new, old))).count();
    if missing > 0 || pairs.len() < new.len() {
        let _ = writeln!(text, "only before: {missing}, only after: {}", new.len() - pairs.len());
    }
    text
}

fn result(row: &Row) -> String {
    let objective = match row.objective {
        Some(objective) => format!("{objective:.3}"),
        None => format!("open, {} out", row.unserved),
    };
    row.vehicles.map_or(objective.clone(), |vehicles| format!("{vehicles} / {objective}"))
}

fn total(set: &str, pairs: &[(&Row, &Row)]) -> String {
    let count =
        |standing: Standing| pairs.iter().filter(|(old, new)| new.against(old) == standing).count();
    let (wins, ties) = (count(Standing::Better), count(Standing::Equal));
    let losses = count(Standing::Worse);
    let changes: Vec<f64> = pairs.iter().filter_map(|(old, new)| new.change(old)).collect();
    let mean = match changes.len() {
        0 => "–".to_owned(),
        count => format!("{:+.3} %", changes.iter().sum::<f64>() / count as f64),
    };
    format!("{set:<14} {wins} wins, {ties} ties, {losses} losses; mean change {mean}\n")
}

#[cfg(test)]
mod tests {
    use super::table_of;
    use crate::cli::bench::row::tests::row;

    #[test]
    fn wins_ties_and_losses_are_counted_and_the_change_is_the_mean() {
        let old = [row("a", 100.0), row("b", 100.0), row("c", 100.0), row("gone", 1.0)];
        let mut open = row("c", 0.0);
        (open.objective, open.unserved) = (None, 1);
        let new = [row("a", 98.0), row("b", 100.0), open, row("new", 1.0)];
        let text = table_of(&old, &new);
        assert!(text.contains("-2.000 +"), "{text}");
        assert!(text.contains("open, 1 out"), "{text}");
        assert!(text.contains("1 wins, 1 ties, 1 losses; mean change -1.000 %"), "{text}");
        assert!(text.contains("only before: 1, only after: 1"), "{text}");
    }
}
