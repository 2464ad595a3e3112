//! Meeting: the parts of a visit that are tied to each other start with the lag that their meeting
//! asks for.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{clock, length};

pub const RULE: HardRule = HardRule {
    code: "meeting",
    sentence_sv: "De som ska mötas hos patienten börjar med den tidsskillnad som mötet kräver.",
    sentence_en: "Those who are to meet at the patient's start as far apart as the meeting says.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let world = reading.world;
    let mut found = Vec::new();
    for visit in reading.visits() {
        for meeting in &visit.meetings {
            // A part missing or doubled is `whole`'s to judge.
            let Some(first) = reading.only(&visit.id, meeting.first) else { continue };
            let Some(second) = reading.only(&visit.id, meeting.second) else { continue };
            let lag = second.stop.start - first.stop.start;
            if (meeting.lag_min..=meeting.lag_max).contains(&lag) {
                continue;
            }
            let id = &visit.id;
            let (one, other) = (&first.round.crew, &second.round.crew);
            let (one_at, other_at) =
                (clock(world, first.stop.start), clock(world, second.stop.start));
            let (lag, least, most) =
                (length(lag), length(meeting.lag_min), length(meeting.lag_max));
            let sv = format!(
                "Besök {id}: tur {one} börjar {one_at} och tur {other} {other_at}, {lag} efter; \
                 mötet kräver {least} till {most}."
            );
            let en = format!(
                "Visit {id}: crew {one} starts at {one_at} and crew {other} at {other_at}, {lag} \
                 after; the meeting asks for {least} to {most}."
            );
            found.push(Violation::new(&RULE, Subject::given(&second), sv, en));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::Seconds;

    fn joint(doctor_minute: i64, nurse_minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30), ("nurse", 30)]);
        day.round("car", &[("v1", 0, at(9, doctor_minute))]);
        day.round("nurse", &[("v1", 1, at(9, nurse_minute))]);
        day
    }

    #[test]
    fn starting_together_is_meeting() {
        assert_eq!(joint(0, 0).broken(), [""; 0]);
    }

    #[test]
    fn starting_apart_is_not() {
        assert_eq!(joint(0, 1).broken(), ["meeting"]);
        assert_eq!(joint(1, 0).broken(), ["meeting"]);
    }

    #[test]
    fn a_lag_interval_includes_both_its_ends() {
        for (lag, broken) in [(9, 1), (10, 0), (20, 0), (21, 1)] {
            let mut day = joint(0, lag);
            day.facts.visits[0].meetings[0].lag_min = Seconds::from_minutes(10);
            day.facts.visits[0].meetings[0].lag_max = Seconds::from_minutes(20);
            assert_eq!(day.broken().len(), broken, "lag of {lag} minutes");
        }
    }
}
