//! Times in files: RFC 3339 with the offset of Swedish time, whole seconds.

use jiff::Timestamp;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset};

use super::document::Node;
use super::problem::{E0401, E0402, E0403, E0404, E0405, Problems};
use crate::domain::{Calendar, Instant, Span};

/// The form that the schema asks for; whatever else is wrong with a time is told here.
pub(super) const TIME_PATTERN: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$";

/// The first year of which times are read.
const YEAR_MIN: i16 = 2000;
/// The last year of which times are read.
const YEAR_MAX: i16 = 2099;

/// The time of a field; a fault of it is reported unless the schema has done so.
pub(super) fn moment(
    node: &Node,
    key: &str,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Instant> {
    let text = node.text(key)?;
    if !has_form(text) {
        return None;
    }
    match parse(text, calendar) {
        Ok(moment) => Some(moment),
        Err(fault) => {
            problems.add(fault.code, node.path_of(key), fault.cause, fault.action);
            None
        }
    }
}

/// The stretch from field `from` to field `to`; it must not be empty.
pub(super) fn span(node: &Node, calendar: &Calendar, problems: &mut Problems) -> Option<Span> {
    let from = moment(node, "from", calendar, problems);
    let to = moment(node, "to", calendar, problems);
    let (from, to) = (from?, to?);
    if to <= from {
        let (from, to) = (write(from, calendar), write(to, calendar));
        let cause = format!("it ends {to}, and starts {from}");
        problems.add(E0405, node.path(), cause, "Let `to` be later than `from`");
        return None;
    }
    Span::new(from, to)
}

/// A moment as it stands in files: the wall clock in Sweden and its offset.
pub(super) fn write(moment: Instant, calendar: &Calendar) -> String {
    let timestamp = Timestamp::from_second(moment.0).unwrap_or(Timestamp::MAX);
    let zoned = timestamp.to_zoned(calendar.zone().clone());
    zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Does the text look like a time, digit by digit? The same as [`TIME_PATTERN`].
fn has_form(text: &str) -> bool {
    let matches = |form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(found, wanted)| match wanted {
                b'0' => found.is_ascii_digit(),
                b'+' => found == b'+' || found == b'-',
                other => found == other,
            })
    };
    matches("0000-00-00T00:00:00Z") || matches("0000-00-00T00:00:00+00:00")
}

struct Fault {
    code: &'static str,
    cause: String,
    action: String,
}

fn parse(text: &str, calendar: &Calendar) -> Result<Instant, Fault> {
    let unknown = || Fault {
        code: E0401,
        cause: format!("no calendar or clock shows {text}"),
        action: "Correct the date or the time".to_owned(),
    };
    let pieces = Pieces::parse(text).map_err(|_| unknown())?;
    let time = pieces.time().ok_or_else(unknown)?;
    let given = pieces.offset().ok_or_else(unknown)?;
    let civil = pieces.date().to_datetime(time);
    if !(YEAR_MIN..=YEAR_MAX).contains(&civil.year()) {
        return Err(Fault {
            code: E0404,
            cause: format!("{text} lies outside the years {YEAR_MIN}–{YEAR_MAX}"),
            action: "Correct the year".to_owned(),
        });
    }
    let offset = given.to_numeric_offset();
    let timestamp = offset.to_timestamp(civil).map_err(|_| unknown())?;
    let moment = Instant(timestamp.as_second());
    // A time in UTC says nothing of the wall clock, so it cannot contradict it.
    if matches!(given, PiecesOffset::Zulu) {
        return Ok(moment);
    }
    let right = calendar.zone().to_ambiguous_timestamp(civil).offset();
    let is_right = match right {
        AmbiguousOffset::Unambiguous { offset: right } => offset == right,
        AmbiguousOffset::Fold { before, after } => offset == before || offset == after,
        AmbiguousOffset::Gap { .. } => false,
    };
    if is_right { Ok(moment) } else { Err(contradiction(text, right, moment, calendar)) }
}

/// The time contradicts the wall clock in Sweden: how, and what it should be.
fn contradiction(
    text: &str,
    right: AmbiguousOffset,
    moment: Instant,
    calendar: &Calendar,
) -> Fault {
    let same = write(moment, calendar);
    match right {
        AmbiguousOffset::Gap { .. } => Fault {
            code: E0402,
            cause: format!("the clock in Sweden skips {}, going over to summer time", &text[..19]),
            action: format!("Write {same} if that moment is meant"),
        },
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            Fault {
                code: E0403,
                cause: format!("Swedish time has the offset {} at {}", sign(offset), &text[..19]),
                action: format!(
                    "Write {}{}, or {same} if that is meant",
                    &text[..19],
                    sign(offset)
                ),
            }
        }
    }
}

fn sign(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<i64, &'static str> {
        assert!(has_form(text), "{text}");
        parse(text, &Calendar::stockholm()).map(|moment| moment.0).map_err(|fault| fault.code)
    }

    #[test]
    fn times_are_read_with_winter_and_summer_offsets() {
        assert_eq!(read("2026-03-09T08:00:00+01:00"), Ok(1_773_039_600));
        assert_eq!(read("2026-03-09T07:00:00Z"), Ok(1_773_039_600));
        assert_eq!(
            read("2026-07-01T08:00:00+02:00"),
            read("2026-07-01T06:00:00Z"),
            "summer time is two hours ahead"
        );
    }

    #[test]
    fn times_that_the_clock_in_sweden_never_shows_are_refused() {
        assert_eq!(read("2026-03-29T02:30:00+01:00"), Err(E0402));
        assert_eq!(read("2026-03-29T02:30:00+02:00"), Err(E0402));
        assert!(read("2026-03-29T01:59:59+01:00").is_ok());
        assert_eq!(read("2026-03-29T03:00:00+01:00"), Err(E0403));
        assert_eq!(read("2026-07-01T08:00:00+01:00"), Err(E0403));
        assert_eq!(read("2026-02-30T08:00:00+01:00"), Err(E0401));
        assert_eq!(read("2026-13-01T08:00:00+01:00"), Err(E0401));
        assert_eq!(read("1926-03-01T08:00:00+01:00"), Err(E0404));
    }

    #[test]
    fn the_hour_that_comes_twice_has_two_right_offsets() {
        let first = read("2026-10-25T02:30:00+02:00");
        let second = read("2026-10-25T02:30:00+01:00");
        assert_eq!(second.map(|moment| moment - 3600), first);
    }

    #[test]
    fn what_is_written_is_read_as_the_same_moment() {
        let calendar = Calendar::stockholm();
        for seconds in (1_773_039_600..1_805_000_000).step_by(1_234_567) {
            assert_eq!(read(&write(Instant(seconds), &calendar)), Ok(seconds));
        }
    }
}
