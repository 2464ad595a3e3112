//! How times, lengths, parts and parties are written in sentences.

use super::reading::Given;
use crate::domain::{Instant, Party, Seconds, World};

/// Local date and time to the minute: `2026-11-23 10:40`.
pub fn clock(world: &World, moment: Instant) -> String {
    let date = world.calendar().date(moment);
    let minute = world.calendar().minute_of_day(moment);
    format!("{date} {:02}:{:02}", minute / 60, minute % 60)
}

/// A length of time: whole minutes where it is so, seconds shown where it is not.
pub fn length(length: Seconds) -> String {
    match (length.0 / 60, length.0 % 60) {
        (minutes, 0) => format!("{minutes} min"),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {} s", seconds.abs()),
    }
}

/// A part in Swedish: `besök V1 del 2 (nurse)`. People count parts from 1.
pub fn part_sv(given: &Given<'_>) -> String {
    format!("besök {} del {} ({})", given.visit.id, given.index + 1, given.part.role)
}

/// A part in English: `visit V1 part 2 (nurse)`.
pub fn part_en(given: &Given<'_>) -> String {
    format!("visit {} part {} ({})", given.visit.id, given.index + 1, given.part.role)
}

/// A party in Swedish.
pub fn party_sv(world: &World, party: &Party) -> String {
    match party {
        Party::Region => "regionen".to_owned(),
        Party::Municipality(id) => match world.region.municipalities.get(id) {
            Some(municipality) => format!("{} kommun", municipality.name),
            None => format!("kommun {id}"),
        },
    }
}

/// A party in English.
pub fn party_en(world: &World, party: &Party) -> String {
    match party {
        Party::Region => "the Region".to_owned(),
        Party::Municipality(id) => match world.region.municipalities.get(id) {
            Some(municipality) => format!("the municipality of {}", municipality.name),
            None => format!("municipality {id}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_in_minutes_and_lose_no_seconds() {
        assert_eq!(length(Seconds(0)), "0 min");
        assert_eq!(length(Seconds(59)), "59 s");
        assert_eq!(length(Seconds(600)), "10 min");
        assert_eq!(length(Seconds(605)), "10 min 5 s");
        assert_eq!(length(Seconds(-605)), "-10 min 5 s");
    }
}
