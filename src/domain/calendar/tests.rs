//! The calendar against published tables and the two days of the year that do not have 24 hours.

use jiff::civil::{Date, date};

use super::*;
use crate::domain::Seconds;

/// Days off from Monday to Friday, a line per year; where it comes from stands in the file.
const DAYS_OFF: &str = include_str!("../../../tests/data/working_days_2020_2040.txt");

fn is_listed_as_off(day: Date) -> bool {
    let year = format!("{}:", day.year());
    let mut lines = DAYS_OFF.lines();
    let line = lines.find(|line| line.starts_with(&year)).expect("every year has its line");
    let wanted = format!("{:02}-{:02}", day.month(), day.day());
    line.split(' ').any(|listed| listed == wanted)
}

/// The moment that a clock with this offset from UTC shows: `moment(day, 9, 30, 2)` is 09:30+02:00.
fn moment(day: Date, hour: i64, minute: i64, offset: i64) -> Instant {
    let days = (day - date(1970, 1, 1)).get_days();
    Instant(i64::from(days) * 86_400 + (hour - offset) * 3_600 + minute * 60)
}

#[test]
fn working_days_of_2020_to_2040_are_those_of_the_table() {
    let calendar = Calendar::stockholm();
    let mut day = date(2020, 1, 1);
    let mut working = 0;
    while day.year() <= 2040 {
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let expected = !is_weekend && !is_listed_as_off(day);
        assert_eq!(calendar.is_working_day(day), expected, "{day}");
        working += i32::from(expected);
        day = tomorrow(day);
    }
    assert_eq!(working, 5_279);
}

#[test]
fn holidays_at_weekends_are_known_too() {
    for (year, month, day) in
        [(2026, 4, 5), (2026, 5, 24), (2026, 6, 6), (2026, 6, 20), (2026, 10, 31), (2025, 11, 1)]
    {
        assert!(is_holiday(date(year, month, day)), "{year}-{month}-{day}");
    }
    assert!(!is_holiday(date(2026, 10, 30)), "the eve of All Saints' is a working day");
    assert!(!is_holiday(date(2026, 4, 2)), "Maundy Thursday is a working day");
    assert!(!is_holiday(date(2026, 5, 25)), "Whit Monday is no holiday since 2005");
}

#[test]
fn five_working_days_end_at_midnight_of_the_fifth() {
    let calendar = Calendar::stockholm();
    let end_of = |day: Date, offset| moment(day, 24, 0, offset);
    // An ordinary week: asked on a Tuesday, kept until the end of the next Tuesday.
    let asked = moment(date(2026, 2, 3), 10, 0, 1);
    assert_eq!(calendar.end_of_working_day(asked, 5), end_of(date(2026, 2, 10), 1));
    // Asked on a Saturday: Monday is day 1.
    let asked = moment(date(2026, 2, 7), 23, 59, 1);
    assert_eq!(calendar.end_of_working_day(asked, 5), end_of(date(2026, 2, 13), 1));
}

#[test]
fn five_working_days_step_over_easter_midsummer_and_christmas() {
    let calendar = Calendar::stockholm();
    let cases = [
        // Maundy Thursday 2026: Good Friday and Easter Monday fall away.
        (moment(date(2026, 4, 2), 9, 0, 2), moment(date(2026, 4, 13), 24, 0, 2)),
        // The Monday of Midsummer week 2026: the eve on Friday falls away.
        (moment(date(2026, 6, 15), 9, 0, 2), moment(date(2026, 6, 23), 24, 0, 2)),
        // 23 December 2026, a Wednesday: 24, 25 and 31 December and 1 and 6 January fall away.
        (moment(date(2026, 12, 23), 15, 0, 1), moment(date(2027, 1, 5), 24, 0, 1)),
        // 30 December 2026: New Year's Eve, New Year's Day and Epiphany fall away.
        (moment(date(2026, 12, 30), 8, 0, 1), moment(date(2027, 1, 11), 24, 0, 1)),
        // The week in which the clocks go forward: the end of the day is that of summer time.
        (moment(date(2026, 3, 26), 9, 0, 1), moment(date(2026, 4, 2), 24, 0, 2)),
    ];
    for (asked, end) in cases {
        assert_eq!(calendar.end_of_working_day(asked, 5), end, "asked at {asked:?}");
    }
}

#[test]
fn a_day_of_23_hours_and_one_of_25() {
    let calendar = Calendar::stockholm();
    let length = |day| calendar.at_minute(day, 1440) - calendar.at_minute(day, 0);
    assert_eq!(length(date(2026, 3, 29)), Seconds(23 * 3_600));
    assert_eq!(length(date(2026, 10, 25)), Seconds(25 * 3_600));
    assert_eq!(length(date(2026, 6, 1)), Seconds(24 * 3_600));
    assert_eq!(
        calendar.end_of_working_day(moment(date(2026, 3, 27), 12, 0, 1), 1),
        moment(date(2026, 3, 30), 24, 0, 2)
    );
}

#[test]
fn the_hour_that_is_skipped_and_the_hour_that_comes_twice() {
    let calendar = Calendar::stockholm();
    let spring = date(2026, 3, 29);
    // 02:30 does not exist: the first moment that does is 03:00 summer time.
    assert_eq!(calendar.at_minute(spring, 120), moment(spring, 3, 0, 2));
    assert_eq!(calendar.at_minute(spring, 150), moment(spring, 3, 0, 2));
    assert_eq!(calendar.at_minute(spring, 180), moment(spring, 3, 0, 2));
    assert_eq!(calendar.minute_of_day(moment(spring, 1, 59, 1)), 119);
    assert_eq!(calendar.minute_of_day(moment(spring, 3, 0, 2)), 180);
    let autumn = date(2026, 10, 25);
    assert_eq!(calendar.at_minute(autumn, 150), moment(autumn, 2, 30, 2));
    assert_eq!(calendar.minute_of_day(moment(autumn, 2, 30, 2)), 150);
    assert_eq!(calendar.minute_of_day(moment(autumn, 2, 30, 1)), 150);
    assert_eq!(calendar.date(moment(autumn, 23, 59, 1)), autumn);
}

fn every_day(from_minute: u16, to_minute: u16) -> Hours {
    Hours { days: vec![DayClass::Any], from_minute, to_minute }
}

#[test]
fn hours_follow_the_wall_clock_when_it_changes() {
    let calendar = Calendar::stockholm();
    let within = |day: Date| {
        Span::new(calendar.at_minute(day, 0), calendar.at_minute(day, 1440)).expect("in order")
    };
    let night = every_day(0, 480);
    let length = |day| calendar.spans_of(&night, within(day))[0].length();
    assert_eq!(length(date(2026, 3, 29)), Seconds(7 * 3_600));
    assert_eq!(length(date(2026, 10, 25)), Seconds(9 * 3_600));
    let spring = date(2026, 3, 29);
    assert!(calendar.in_hours(moment(spring, 7, 59, 2), &night));
    assert!(!calendar.in_hours(moment(spring, 8, 0, 2), &night));
    // Hours inside the hour that comes twice hold both times the wall clock shows them.
    let autumn = date(2026, 10, 25);
    let repeated = every_day(120, 180);
    assert!(calendar.in_hours(moment(autumn, 2, 30, 2), &repeated));
    assert!(calendar.in_hours(moment(autumn, 2, 30, 1), &repeated));
    // Hours that lie wholly inside the skipped hour hold at no moment.
    let skipped = every_day(125, 175);
    assert_eq!(calendar.spans_of(&skipped, within(spring)), Vec::new());
    assert!(!calendar.in_hours(moment(spring, 3, 10, 2), &skipped));
}

#[test]
fn in_hours_and_spans_of_agree_at_every_quarter() {
    let calendar = Calendar::stockholm();
    let kinds = [
        vec![DayClass::Any],
        vec![DayClass::Working],
        vec![DayClass::NonWorking],
        vec![DayClass::Weekday(Weekday::Sunday), DayClass::Weekday(Weekday::Monday)],
    ];
    for first in [date(2026, 3, 27), date(2026, 10, 23), date(2026, 12, 23)] {
        let from = calendar.at_minute(first, 300);
        let within = Span::new(from, from + Seconds(4 * 86_400)).expect("in order");
        for days in &kinds {
            for (from_minute, to_minute) in [(0, 1440), (480, 1080), (90, 200), (150, 1440)] {
                let hours = Hours { days: days.clone(), from_minute, to_minute };
                let spans = calendar.spans_of(&hours, within);
                let mut at = within.from();
                while at < within.to() {
                    let inside = spans.iter().any(|span| span.covers(at));
                    assert_eq!(calendar.in_hours(at, &hours), inside, "{at:?} {hours:?}");
                    at = at + Seconds(900);
                }
            }
        }
    }
}

#[test]
fn classes_of_a_day_off_and_of_a_working_day() {
    let calendar = Calendar::stockholm();
    let midsummer_eve = date(2026, 6, 19);
    assert!(calendar.is_of_class(midsummer_eve, DayClass::Any));
    assert!(calendar.is_of_class(midsummer_eve, DayClass::Weekday(Weekday::Friday)));
    assert!(calendar.is_of_class(midsummer_eve, DayClass::NonWorking));
    assert!(!calendar.is_of_class(midsummer_eve, DayClass::Working));
    assert!(calendar.is_of_class(date(2026, 6, 18), DayClass::Working));
}
