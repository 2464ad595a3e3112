//! The Swedish working-day calendar and local time in Europe/Stockholm.
//!
//! Public holidays: lag (1989:253) om allmänna helgdagar. Midsummer Eve, Christmas Eve and New
//! Year's Eve count as holidays as well: lag (1930:173) om beräkning av lagstadgad tid, §2.

use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::time::{Instant, Span};

/// Local time and working days of the place where the visits are made.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

/// Which days a rule holds on; a day may be of several classes at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayClass {
    /// Every day.
    Any,
    /// A day of the week.
    Weekday(Weekday),
    /// A working day by law.
    Working,
    /// Any other day.
    NonWorking,
}

/// Hours of the day on some days: from `from_minute` up to `to_minute` after local midnight, as the
/// clock on the wall shows them (on the day of a clock change too).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    /// The days it holds on: any of these.
    pub days: Vec<DayClass>,
    /// 0..=1440
    pub from_minute: u16,
    /// 0..=1440; greater than `from_minute`
    pub to_minute: u16,
}

impl Calendar {
    /// Europe/Stockholm, from the time zone data that the program carries.
    pub fn stockholm() -> Calendar {
        // The bundled data always holds this zone; a system without it falls back to the rule in
        // force since 1996 (EU directive 2000/84/EC), which is the same for every date we plan.
        let zone = TimeZone::get("Europe/Stockholm").unwrap_or_else(|_| {
            TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
        });
        Calendar { zone }
    }

    /// The time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The local date of a moment.
    pub fn date(&self, moment: Instant) -> Date {
        self.zone.to_datetime(timestamp(moment)).date()
    }

    /// Minutes after local midnight by the clock on the wall, 0..1440.
    pub fn minute_of_day(&self, moment: Instant) -> u16 {
        let time = self.zone.to_datetime(timestamp(moment)).time();
        (time.hour() as u16) * 60 + time.minute() as u16
    }

    /// The moment when the wall clock shows `minute` minutes after midnight of `date` (1440 is the
    /// next midnight). In the hour that a clock change skips, the first moment after it; in the
    /// hour that it repeats, the first of the two.
    pub fn at_minute(&self, date: Date, minute: u16) -> Instant {
        let (date, minute) = if minute >= 1440 { (tomorrow(date), 0) } else { (date, minute) };
        let civil = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        let moment = match self.zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil).ok(),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil).ok(),
            // Read with the offset after the change, a time in the gap lies before the change.
            AmbiguousOffset::Gap { after, .. } => {
                after.to_timestamp(civil).ok().and_then(|early| {
                    self.zone.following(early).next().map(|change| change.timestamp())
                })
            }
        };
        // Nothing only beyond the years that can be told, so later than any plan.
        moment.map_or(Instant(i64::MAX / 4), |moment| Instant(moment.as_second()))
    }

    /// Is it a working day: not Saturday, Sunday, a public holiday or one of the three eves?
    pub fn is_working_day(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(date)
    }

    /// The end (24:00 local) of the `count`-th working day after the day of `moment`; day 1 is the
    /// first working day after it.
    pub fn end_of_working_day(&self, moment: Instant, count: u16) -> Instant {
        let mut date = self.date(moment);
        let mut left = count;
        while left > 0 {
            date = tomorrow(date);
            if self.is_working_day(date) {
                left -= 1;
            }
        }
        self.at_minute(date, 1440)
    }

    /// Is the date of this class?
    pub fn is_of_class(&self, date: Date, class: DayClass) -> bool {
        match class {
            DayClass::Any => true,
            DayClass::Weekday(weekday) => date.weekday() == weekday,
            DayClass::Working => self.is_working_day(date),
            DayClass::NonWorking => !self.is_working_day(date),
        }
    }

    /// Does the moment fall in these hours?
    pub fn in_hours(&self, moment: Instant, hours: &Hours) -> bool {
        let date = self.date(moment);
        hours.days.iter().any(|class| self.is_of_class(date, *class))
            && self.at_minute(date, hours.from_minute) <= moment
            && moment < self.at_minute(date, hours.to_minute)
    }

    /// The stretches of `within` that fall in these hours, in order.
    pub fn spans_of(&self, hours: &Hours, within: Span) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut date = self.date(within.from());
        let last = self.date(within.to());
        while date <= last {
            if hours.days.iter().any(|class| self.is_of_class(date, *class)) {
                let from = self.at_minute(date, hours.from_minute);
                let to = self.at_minute(date, hours.to_minute);
                if let Some(span) = Span::new(from, to).and_then(|span| span.meet(within))
                    && span.length().0 > 0
                {
                    spans.push(span);
                }
            }
            date = tomorrow(date);
        }
        spans
    }
}

/// Is the date a public holiday, or an eve that counts as one?
pub fn is_holiday(date: Date) -> bool {
    let (month, day) = (date.month(), date.day());
    let fixed = matches!(
        (month, day),
        (1, 1) | (1, 6) | (5, 1) | (6, 6) | (12, 24) | (12, 25) | (12, 26) | (12, 31)
    );
    // Midsummer Eve is the Friday 19–25 June, Midsummer Day the Saturday after it, All Saints' Day
    // the Saturday 31 October – 6 November.
    let midsummer = month == 6
        && ((date.weekday() == Weekday::Friday && (19..=25).contains(&day))
            || (date.weekday() == Weekday::Saturday && (20..=26).contains(&day)));
    let all_saints = date.weekday() == Weekday::Saturday
        && ((month == 10 && day == 31) || (month == 11 && day <= 6));
    let from_easter = (date - easter_sunday(date.year())).get_days();
    // Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday.
    let movable = matches!(from_easter, -2 | 0 | 1 | 39 | 49);
    fixed || midsummer || all_saints || movable
}

/// Easter Sunday of a Gregorian year. Meeus, Jones and Butcher's algorithm (Meeus, Astronomical
/// Algorithms, 1991, chapter 8).
fn easter_sunday(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::constant(year as i16, month as i8, day as i8)
}

fn tomorrow(date: Date) -> Date {
    date.saturating_add(1.days())
}

fn timestamp(moment: Instant) -> Timestamp {
    Timestamp::from_second(moment.0).unwrap_or_else(|_| {
        Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::ZERO).unwrap_or(Timestamp::MAX)
    })
}

#[cfg(test)]
mod tests;
