//! Breaks: on a shift that visits anyone, every break that can still be had is had once, in order,
//! for its whole length, inside its window.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Reading, Round, What};
use super::super::words::{clock, length};
use crate::domain::Shift;

pub const RULE: HardRule = HardRule {
    code: "breaks",
    sentence_sv: "Varje rast tas en gång, i ordning, hela sin längd och inom sin tid.",
    sentence_en: "Every break is had once, in order, for its whole length and inside its window.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for round in reading.rounds.iter().filter(|round| round.is_used()) {
        let Some(shift) = round.shift else { continue };
        check_places(reading, round, shift, &mut found);
        check_times(reading, round, &mut found);
    }
    found
}

/// Each break once, in order.
fn check_places(
    reading: &Reading<'_>,
    round: &Round<'_>,
    shift: &Shift,
    found: &mut Vec<Violation>,
) {
    let had: Vec<usize> = round
        .halts
        .iter()
        .filter_map(|halt| match halt.what {
            What::Break(index, _) => Some(index),
            What::Part(_) | What::Unknown => None,
        })
        .collect();
    for (index, due) in reading.world.breaks_due(shift) {
        if !had.contains(&index) {
            let (from, to) =
                (clock(reading.world, due.window.from()), clock(reading.world, due.window.to()));
            let (long, number) = (length(due.length), index + 1);
            found.push(violation(
                round,
                &format!("rast {number} ({long}, {from}–{to}) saknas"),
                &format!("break {number} ({long}, {from}–{to}) is missing"),
            ));
        }
    }
    if let Some(pair) = had.windows(2).find(|pair| pair[1] <= pair[0]) {
        let (one, other) = (pair[0] + 1, pair[1] + 1);
        found.push(violation(
            round,
            &format!("rast {other} kommer efter rast {one}"),
            &format!("break {other} comes after break {one}"),
        ));
    }
}

/// Each break inside its window, as long as it should be.
fn check_times(reading: &Reading<'_>, round: &Round<'_>, found: &mut Vec<Violation>) {
    for halt in &round.halts {
        let What::Break(index, due) = halt.what else { continue };
        let number = index + 1;
        let (start, end) = (halt.stop.start, halt.stop.end);
        if end - start != due.length {
            let (is, should) = (length(end - start), length(due.length));
            found.push(violation(
                round,
                &format!("rast {number} är {is}, inte {should}"),
                &format!("break {number} is {is}, not {should}"),
            ));
        } else if !due.window.holds(start, end) {
            let world = reading.world;
            let (start, end) = (clock(world, start), clock(world, end));
            let (from, to) = (clock(world, due.window.from()), clock(world, due.window.to()));
            found.push(violation(
                round,
                &format!("rast {number} {start}–{end} ligger utanför {from}–{to}"),
                &format!("break {number} {start}–{end} is outside {from}–{to}"),
            ));
        }
    }
}

fn violation(round: &Round<'_>, sv: &str, en: &str) -> Violation {
    let shift = &round.plan.shift;
    let (sv, en) = (format!("Pass {shift}: {sv}."), format!("Shift {shift}: {en}."));
    Violation::new(&RULE, Subject::round(round), sv, en)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{BREAK, Day, at, span};
    use crate::domain::{Break, Seconds};

    fn with_breaks(count: usize) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        let windows = [span((11, 0), (13, 0)), span((13, 0), (15, 0))];
        let breaks = windows[..count].iter();
        day.facts.crews[0].shifts[0].breaks =
            breaks.map(|&window| Break { window, length: Seconds::from_minutes(30) }).collect();
        day
    }

    #[test]
    fn each_break_inside_its_window_is_legal() {
        let mut day = with_breaks(2);
        let stops = [("v1", 0, at(9, 0)), (BREAK, 0, at(12, 30)), (BREAK, 1, at(13, 0))];
        day.round("car", &stops);
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn a_break_missing_late_doubled_short_or_out_of_order_is_refused() {
        let visit = ("v1", 0, at(9, 0));
        for stops in [
            vec![visit],
            vec![visit, (BREAK, 0, at(12, 31))],
            vec![visit, (BREAK, 0, at(11, 0)), (BREAK, 0, at(12, 0))],
        ] {
            let mut day = with_breaks(1);
            day.round("car", &stops);
            assert_eq!(day.broken(), ["breaks"]);
        }
        let mut day = with_breaks(1);
        day.round("car", &[visit, (BREAK, 0, at(11, 0))]);
        day.facts.crews[0].shifts[0].breaks[0].length = Seconds::from_minutes(31);
        assert_eq!(day.broken(), ["breaks"]);
    }

    #[test]
    fn a_break_that_can_no_longer_be_had_is_not_asked_for() {
        let mut day = with_breaks(1);
        day.facts.as_of = at(12, 31);
        day.facts.visits[0].requested_at = at(12, 31);
        day.round("car", &[("v1", 0, at(13, 0))]);
        assert_eq!(day.broken(), [""; 0]);
        day.facts.as_of = at(12, 30);
        assert_eq!(day.broken(), ["breaks"]);
    }
}
