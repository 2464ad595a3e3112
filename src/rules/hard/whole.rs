//! Whole: every visit is either made, with all its parts once each, or stands once among the
//! unassigned, marked as deferred exactly when its promise outlives the horizon.

use std::collections::{BTreeMap, BTreeSet};

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use crate::domain::{StopWhat, Unassigned, Visit, VisitId};

pub const RULE: HardRule = HardRule {
    code: "whole",
    sentence_sv: "Varje besök görs med alla sina delar, var och en en gång, eller står en gång \
                  bland de oplanerade.",
    sentence_en: "Every visit is made with all its parts, each once, or stands once among the \
                  unassigned.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut unassigned: BTreeMap<&VisitId, Vec<&Unassigned>> = BTreeMap::new();
    for entry in &reading.plan.unassigned {
        unassigned.entry(&entry.visit).or_default().push(entry);
    }
    let garbled = garbled(reading);
    let visits = reading.visits().filter(|visit| !garbled.contains(&visit.id));
    visits
        .filter_map(|visit| {
            let entries = unassigned.get(&visit.id).map_or(&[][..], Vec::as_slice);
            let (sv, en) = fault(reading, visit, entries)?;
            let sv = format!("Besök {} {sv}.", visit.id);
            let en = format!("Visit {} {en}.", visit.id);
            Some(Violation::new(&RULE, Subject::visit(visit), sv, en))
        })
        .collect()
}

/// What is wrong with a visit, if anything, after "Besök V1" and "Visit V1".
fn fault(
    reading: &Reading<'_>,
    visit: &Visit,
    entries: &[&Unassigned],
) -> Option<(String, String)> {
    let mut times = vec![0_usize; visit.parts.len()];
    for given in reading.parts_of(&visit.id) {
        times[given.index] += 1;
    }
    if let Some(index) = times.iter().position(|&times| 1 < times) {
        let number = index + 1;
        return Some((
            format!("får del {number} mer än en gång"),
            format!("has part {number} more than once"),
        ));
    }
    let is_made = times.contains(&1);
    if let (true, Some(index)) = (is_made, times.iter().position(|&times| times == 0)) {
        let (number, role) = (index + 1, &visit.parts[index].role);
        return Some((
            format!("görs utan del {number} ({role})"),
            format!("is made without part {number} ({role})"),
        ));
    }
    let said = match (is_made, entries) {
        (true, []) => return None,
        (false, [entry]) if entry.deferred == reading.world.is_deferrable(visit) => return None,
        (true, _) => ("är både planerat och oplanerat", "is both planned and unassigned"),
        (false, []) => ("saknas i planen", "is missing from the plan"),
        (false, [entry]) if entry.deferred => (
            "kallas uppskjutet men löftet går ut inom perioden",
            "is called deferred but its promise ends within the horizon",
        ),
        (false, [_]) => (
            "kallas inte uppskjutet fast löftet går ut efter perioden",
            "is not called deferred although its promise ends after the horizon",
        ),
        (false, _) => {
            ("står flera gånger bland de oplanerade", "stands several times among the unassigned")
        }
    };
    Some((said.0.to_owned(), said.1.to_owned()))
}

/// Visits with a stop for a part that they do not have: `known` says so, and which parts are
/// missing cannot be told.
fn garbled<'a>(reading: &Reading<'a>) -> BTreeSet<&'a VisitId> {
    let stops = reading.plan.shifts.iter().flat_map(|shift| &shift.stops);
    stops
        .filter_map(|stop| match &stop.what {
            StopWhat::Part { visit, part } => {
                let parts = reading.world.visit(visit)?.parts.len();
                (parts <= *part).then_some(visit)
            }
            StopWhat::Break { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    fn joint() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30), ("nurse", 30)]);
        day
    }

    #[test]
    fn all_parts_once_or_unassigned_once_is_legal() {
        let mut day = joint();
        day.leave("v1");
        assert_eq!(day.broken(), [""; 0]);

        let mut day = joint();
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.round("nurse", &[("v1", 1, at(9, 0))]);
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn a_missing_part_a_doubled_part_or_a_lost_visit_is_refused() {
        let mut day = joint();
        day.round("car", &[("v1", 0, at(9, 0))]);
        assert_eq!(day.broken(), ["whole"]);

        let mut day = joint();
        day.round("car", &[("v1", 0, at(9, 0)), ("v1", 0, at(10, 0))]);
        day.round("nurse", &[("v1", 1, at(9, 0))]);
        assert_eq!(day.broken(), ["whole"]);

        assert_eq!(joint().broken(), ["whole"]);
    }

    #[test]
    fn planned_and_unassigned_at_once_is_refused() {
        let mut day = joint();
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.round("nurse", &[("v1", 1, at(9, 0))]);
        day.leave("v1");
        assert_eq!(day.broken(), ["whole"]);

        let mut day = joint();
        day.leave("v1");
        day.leave("v1");
        assert_eq!(day.broken(), ["whole"]);
    }

    #[test]
    fn deferred_is_said_exactly_of_promises_that_outlive_the_horizon() {
        let mut day = joint();
        day.leave("v1");
        day.plan.unassigned[0].deferred = true;
        assert_eq!(day.broken(), ["whole"]);
    }
}
