//! How times, lengths, numbers and parties are written for people.

use jiff::Timestamp;

use crate::domain::{Instant, Metres, MunicipalityId, Party, Seconds, TIERS, World};

/// The time of day, `08:35`.
pub fn clock(world: &World, moment: Instant) -> String {
    formatted(world, moment, "%H:%M")
}

/// The day and the time, `Mon 23 Nov 08:35`.
pub fn day_and_clock(world: &World, moment: Instant) -> String {
    formatted(world, moment, "%a %-d %b %H:%M")
}

/// The day in full, `Monday 23 November 2026`.
pub fn day(world: &World, moment: Instant) -> String {
    formatted(world, moment, "%A %-d %B %Y")
}

/// RFC 3339 with the offset of the place, as in files.
pub fn rfc_3339(world: &World, moment: Instant) -> String {
    formatted(world, moment, "%Y-%m-%dT%H:%M:%S%:z")
}

fn formatted(world: &World, moment: Instant, format: &str) -> String {
    // Every moment of a world lies in years that the calendar knows: `wire` sees to it.
    let timestamp = Timestamp::from_second(moment.0).unwrap_or(Timestamp::MAX);
    timestamp.to_zoned(world.calendar().zone().clone()).strftime(format).to_string()
}

/// A length of time to the minute: `25 min`, `1 h 05`, `3 d 4 h`; seconds only below a minute.
pub fn length(length: Seconds) -> String {
    let sign = if length.0 < 0 { "−" } else { "" };
    let seconds = length.0.abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{seconds} s"),
        (0, 0, minutes) => format!("{sign}{minutes} min"),
        (0, hours, minutes) => format!("{sign}{hours} h {minutes:02}"),
        (days, hours, _) => format!("{sign}{days} d {hours} h"),
    }
}

/// A length that is nothing worth writing when it is zero.
pub fn length_if_any(of: Seconds) -> String {
    if of == Seconds::ZERO { String::new() } else { length(of) }
}

/// Kilometres, `84 km`.
pub fn kilometres(metres: Metres) -> String {
    format!("{} km", (metres.0 + 500) / 1000)
}

/// A whole number in groups of three, `12 345`.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The tiers of a score, `0 · 12 · 0 · 38 211`.
pub fn tiers(score: &[i64; TIERS]) -> String {
    score.map(number).join(" · ")
}

/// `1 visit`, `2 visits`.
pub fn count(how_many: usize, thing: &str) -> String {
    let ending = if how_many == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", number(how_many as i64))
}

/// What a municipality is called.
pub fn municipality(world: &World, id: &MunicipalityId) -> String {
    world.region.municipalities.get(id).map_or_else(|| id.to_string(), |entry| entry.name.clone())
}

/// What a party is called: the Region, or the municipality's name.
pub fn party(world: &World, party: &Party) -> String {
    match party {
        Party::Region => "Region".to_owned(),
        Party::Municipality(id) => municipality(world, id),
    }
}

/// What several parties are called.
pub fn parties(world: &World, several: &[Party]) -> String {
    let names: Vec<String> = several.iter().map(|one| party(world, one)).collect();
    if names.is_empty() { "nobody in particular".to_owned() } else { names.join(" + ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_at_a_glance() {
        let of = |seconds| length(Seconds(seconds));
        assert_eq!([of(0), of(59), of(60), of(3900)], ["0 s", "59 s", "1 min", "1 h 05"]);
        assert_eq!([of(-780), of(90_000)], ["−13 min", "1 d 1 h"]);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([number(7), number(1234), number(-1_234_567)], ["7", "1 234", "−1 234 567"]);
    }
}
