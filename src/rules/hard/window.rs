//! Window: every part lies wholly inside one of the hours when the home can be visited. A `Start`
//! pin sets this aside for the start that it names.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{clock, part_en, part_sv};
use super::pins;
use crate::domain::{Span, World};

pub const RULE: HardRule = HardRule {
    code: "window",
    sentence_sv: "Varje del ligger helt inom en av de tider då hemmet kan besökas.",
    sentence_en: "Every part lies wholly inside one of the times when the home can be visited.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let world = reading.world;
    let mut found = Vec::new();
    for given in reading.parts() {
        let windows = &given.visit.windows;
        let (start, end) = (given.stop.start, given.stop.start + given.part.service);
        if windows.is_empty() || windows.iter().any(|window| window.holds(start, end)) {
            continue;
        }
        let (from, to) = (clock(world, start), clock(world, end));
        let list = spell(world, windows);
        let sv = format!("{from}–{to} ligger utanför hemmets tider ({list}): {}.", part_sv(given));
        let en = format!("{from}–{to} is outside the home's times ({list}): {}.", part_en(given));
        let pinned = pins::sets_start(world, given.visit, given.index, start);
        found.push(Violation::new(&RULE, Subject::given(given), sv, en).excused_if(pinned));
    }
    found
}

/// The windows, as people write them.
pub fn spell(world: &World, windows: &[Span]) -> String {
    let spelled: Vec<String> = windows
        .iter()
        .map(|window| format!("{}–{}", clock(world, window.from()), clock(world, window.to())))
        .collect();
    spelled.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::super::Verdict;
    use super::super::super::fixture::{Day, at, span};
    use crate::domain::PinWhat;

    fn starting(hour: i64, minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.facts.visits[0].windows = vec![span((9, 0), (10, 0)), span((13, 0), (14, 0))];
        day.round("car", &[("v1", 0, at(hour, minute))]);
        day
    }

    #[test]
    fn any_one_window_will_do_and_both_ends_may_touch() {
        assert_eq!(starting(9, 0).broken(), [""; 0]);
        assert_eq!(starting(9, 30).broken(), [""; 0]);
        assert_eq!(starting(13, 10).broken(), [""; 0]);
    }

    #[test]
    fn a_part_that_sticks_out_is_refused() {
        assert_eq!(starting(9, 31).broken(), ["window"]);
        assert_eq!(starting(11, 0).broken(), ["window"]);
    }

    #[test]
    fn a_pinned_start_is_kept_and_reported() {
        let mut day = starting(11, 0);
        day.pin("v1", None, PinWhat::Start(at(11, 0)));
        assert_eq!(day.audit().verdict, Verdict::LegalButForPins);
    }
}
