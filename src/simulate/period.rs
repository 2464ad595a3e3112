//! The days that are generated.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{Calendar, Instant, Span};

/// Planning begins at this minute of the first day.
const AS_OF_MINUTE: u16 = 7 * 60;

/// A stretch of whole days, planned from the first morning.
pub(super) struct Period {
    pub(super) calendar: Calendar,
    pub(super) dates: Vec<Date>,
    pub(super) as_of: Instant,
    pub(super) horizon: Span,
}

impl Period {
    /// `days` days from `first` on, at least one.
    pub(super) fn new(first: Date, days: u16) -> Period {
        let calendar = Calendar::stockholm();
        let dates: Vec<Date> =
            (0..i32::from(days.max(1))).map(|n| first.saturating_add(n.days())).collect();
        let from = calendar.at_minute(first, 0);
        let to = calendar.at_minute(*dates.last().unwrap_or(&first), 1440);
        Period {
            as_of: calendar.at_minute(first, AS_OF_MINUTE),
            // Midnight of a day never lies before that of an earlier day.
            horizon: Span::new(from, to).expect("days follow one another"),
            calendar,
            dates,
        }
    }

    /// The moment on a date when the clock shows `minute` minutes after midnight.
    pub(super) fn at(&self, date: Date, minute: i64) -> Instant {
        self.calendar.at_minute(date, minute.clamp(0, 1440) as u16)
    }

    /// The stretch on a date between two minutes after midnight; beyond 1440 it is the next day.
    /// Cut to what can still be planned; nothing when nothing is left.
    pub(super) fn span(&self, date: Date, from: i64, to: i64) -> Option<Span> {
        let moment = |minute: i64| match minute {
            ..=1440 => self.at(date, minute),
            _ => self.at(date.saturating_add(1.days()), minute - 1440),
        };
        let plannable = Span::new(self.as_of, self.horizon.to())?;
        let span = Span::new(moment(from), moment(to))?.meet(plannable)?;
        (span.length().0 > 0).then_some(span)
    }

    /// Its working days, in order.
    pub(super) fn working_dates(&self) -> Vec<Date> {
        self.dates.iter().copied().filter(|date| self.calendar.is_working_day(*date)).collect()
    }

    /// Its other days, in order.
    pub(super) fn off_dates(&self) -> Vec<Date> {
        self.dates.iter().copied().filter(|date| !self.calendar.is_working_day(*date)).collect()
    }

    /// The `count`-th working day before a date.
    pub(super) fn working_day_before(&self, date: Date, count: u16) -> Date {
        let mut date = date;
        let mut left = count;
        while left > 0 {
            date = date.saturating_add(-(1.days()));
            left -= u16::from(self.calendar.is_working_day(date));
        }
        date
    }
}
