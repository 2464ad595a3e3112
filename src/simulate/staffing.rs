//! Who is there: nurses and therapists of a municipality, doctors of its units, läkarbilar of its
//! delregion, as many as keep a given share of their hours busy.

use jiff::civil::Date;

use super::demand::{DOCTOR_SKILL, NURSE_SKILLS};
use super::dice::Dice;
use super::homes::Homes;
use super::period::Period;
use crate::domain::{
    Break, Crew, CrewId, CrewKindId, DelregionId, Party, PlaceId, RoleId, Seconds, Shift, ShiftId,
    SkillId, Span, UnitId, Visit,
};

/// Minutes after midnight, from–to, of each kind of shift.
const NURSE_DAY: (i64, i64) = (420, 960);
const NURSE_EVENING: (i64, i64) = (870, 1_320);
const NURSE_MORNING: (i64, i64) = (450, 720);
const TEAM_DAY: (i64, i64) = (480, 1_020);
const UNIT_HALVES: [(i64, i64); 2] = [(480, 720), (780, 1_020)];
const THERAPIST_DAY: (i64, i64) = (480, 990);
const CAR_DAY: (i64, i64) = (480, 990);
const CAR_EVENING: (i64, i64) = (930, 1_380);
const CAR_NIGHT: (i64, i64) = (1_350, 1_860);

/// Hours of a full shift and of half a one that visits can fill, without the break.
const FULL_SHIFT_MINUTES: u64 = 500;
const HALF_SHIFT_MINUTES: u64 = 240;
/// Unplanned visits asked for from this hour on belong to the evening.
const EVENING_MINUTE: u16 = 930;

/// Minutes of work, travel included, that a role has to do.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Work {
    /// On working days, by day.
    pub(super) day: u64,
    /// In the evening and at night of any day.
    pub(super) evening: u64,
    /// By day on other days.
    pub(super) off_day: u64,
}

impl Work {
    /// What the visits of a municipality ask of a role.
    pub(super) fn of(role: &str, visits: &[Visit], homes: &Homes, period: &Period) -> Work {
        let parts = |visit: &Visit| -> Vec<Seconds> {
            let asked = visit.parts.iter().filter(|part| part.role.as_str() == role);
            asked.map(|part| part.service).collect()
        };
        let count: usize = visits.iter().map(|visit| parts(visit).len()).sum();
        let leg = leg_minutes(homes.facts.area_ha, count as u64 / period.dates.len() as u64);
        let mut work = Work::default();
        for visit in visits {
            let minutes: u64 = parts(visit)
                .iter()
                .map(|service| service.minutes_begun() as u64 + leg + SETUP_MINUTES)
                .sum();
            let can_wait = !visit.windows.is_empty();
            let date = period.calendar.date(visit.requested_at);
            let minute = period.calendar.minute_of_day(visit.requested_at);
            if can_wait {
                work.day += minutes;
            } else if !(NURSE_DAY.0 as u16..EVENING_MINUTE).contains(&minute) {
                work.evening += minutes;
            } else if period.calendar.is_working_day(date) {
                work.day += minutes;
            } else {
                work.off_day += minutes;
            }
        }
        work
    }

    /// Both together.
    pub(super) fn plus(self, other: Work) -> Work {
        Work {
            day: self.day + other.day,
            evening: self.evening + other.evening,
            off_day: self.off_day + other.off_day,
        }
    }
}

/// Parking, stairs and door.
const SETUP_MINUTES: u64 = 3;

/// A usual leg when so many stops a day lie in so large an area: the distance to a near neighbour.
fn leg_minutes(area_ha: u32, stops_a_day: u64) -> u64 {
    let area_km2 = f64::from(area_ha) / 100.0;
    let km = 0.6 * (area_km2 / stops_a_day.max(1) as f64).sqrt();
    (3.0 + 1.4 * km.min(15.0)).round() as u64
}

/// What all crews of a period have in common.
pub(super) struct Staffing<'a> {
    pub(super) period: &'a Period,
    /// Share of the hours that the work should fill.
    pub(super) load_percent: u64,
    pub(super) crews: Vec<Crew>,
}

/// A crew before it has shifts.
struct Line<'a> {
    name: String,
    kind: &'a str,
    roles: &'a [&'a str],
    skills: Vec<SkillId>,
    employer: Party,
    unit: Option<UnitId>,
    delregion: &'a DelregionId,
    place: &'a PlaceId,
    overtime_minutes: i64,
}

impl Staffing<'_> {
    /// How many shifts of so many minutes the work takes.
    fn shifts_for(&self, minutes: u64, shift_minutes: u64) -> u64 {
        (minutes * 100).div_ceil((shift_minutes * self.load_percent).max(1))
    }

    /// Nurses of a municipality: by day, in the evening, on other days; always one at least.
    pub(super) fn nurses(
        &mut self,
        homes: &Homes,
        home: &DelregionId,
        work: Work,
        dice: &mut Dice,
    ) {
        let period = self.period;
        let working = period.working_dates();
        let shifts = self.shifts_for(work.day, FULL_SHIFT_MINUTES);
        let lines = lines(shifts, &working);
        // Only one who works every day is sure to be there when her skill is needed.
        let full = lines.iter().filter(|dates| dates.len() == working.len()).count();
        for (n, dates) in lines.into_iter().enumerate() {
            let mut line = self.municipal(homes, home, format!("SSK {} {}", homes.name, n + 1));
            for (at, skill) in NURSE_SKILLS.into_iter().enumerate() {
                if n == at.min(full - 1) || dice.chance(120) {
                    line.skills.push(SkillId::new(skill));
                }
            }
            let earlier = dice.between(0, 60, 30);
            self.add(line, dates.iter().map(|date| (*date, later(NURSE_DAY, earlier))));
        }
        let evenings = self.shifts_for(work.evening, 420).div_ceil(period.dates.len() as u64);
        for n in 1..=evenings.max(1) {
            let line = self.municipal(homes, home, format!("SSK {} kväll {n}", homes.name));
            let mut shifts: Vec<_> =
                period.dates.iter().map(|date| (*date, NURSE_EVENING)).collect();
            // A short turn now and then: evening, then the next morning. Only one of the two can
            // be worked to its end with eleven hours of rest.
            if let Some(date) = period.dates.get(1 + n as usize % 3) {
                shifts.push((*date, NURSE_MORNING));
            }
            shifts.sort();
            self.add(line, shifts.into_iter());
        }
        let off = period.off_dates();
        if !off.is_empty() {
            let shifts = self.shifts_for(work.off_day, FULL_SHIFT_MINUTES);
            for (n, dates) in lines_of(shifts, &off).into_iter().enumerate() {
                let name = format!("SSK {} helg {}", homes.name, n + 1);
                let line = self.municipal(homes, home, name);
                self.add(line, dates.into_iter().map(|date| (date, NURSE_DAY)));
            }
        }
    }

    /// Therapists of a municipality, one of whom is both kinds of therapist.
    pub(super) fn therapists(&mut self, homes: &Homes, home: &DelregionId, minutes: u64) {
        let shifts = self.shifts_for(minutes, FULL_SHIFT_MINUTES);
        for (n, dates) in lines(shifts, &self.period.working_dates()).into_iter().enumerate() {
            let name = format!("Rehab {} {}", homes.name, n + 1);
            let roles: &[&str] = match n {
                0 => &["physiotherapist", "occupational_therapist"],
                _ => &["physiotherapist"],
            };
            let line = Line { kind: "physiotherapist", roles, ..self.municipal(homes, home, name) };
            self.add(line, dates.into_iter().map(|date| (date, THERAPIST_DAY)));
        }
    }

    /// Doctors of a municipality's vårdcentraler, half a day each, and of its mobile team.
    pub(super) fn doctors(&mut self, homes: &Homes, home: &DelregionId, minutes: u64) {
        let working = self.period.working_dates();
        let mut left = minutes;
        if let Some(team) = homes.units.iter().find(|unit| unit.is_team) {
            left = minutes / 2;
            let shifts = self.shifts_for(minutes - left, FULL_SHIFT_MINUTES);
            for (n, dates) in lines(shifts, &working).into_iter().enumerate() {
                let line = Line {
                    name: format!("{} {}", team.id, n + 1),
                    kind: "mobile_team",
                    roles: &["doctor"],
                    // The first of the team works every day.
                    skills: (n == 0).then(|| SkillId::new(DOCTOR_SKILL)).into_iter().collect(),
                    employer: Party::Region,
                    unit: Some(team.id.clone()),
                    delregion: home,
                    place: &team.place,
                    overtime_minutes: 45,
                };
                self.add(line, dates.into_iter().map(|date| (date, TEAM_DAY)));
            }
        }
        let units: Vec<_> = homes.units.iter().filter(|unit| !unit.is_team).collect();
        let shifts = self.shifts_for(left, HALF_SHIFT_MINUTES);
        for (n, dates) in lines(shifts, &working).into_iter().enumerate() {
            let unit = units[n % units.len()];
            let half = UNIT_HALVES[(n + n / units.len()) % 2];
            let line = Line {
                name: format!("Läkare {} {}", unit.id, n / units.len() + 1),
                kind: "doctor",
                roles: &["doctor"],
                skills: Vec::new(),
                employer: Party::Region,
                unit: Some(unit.id.clone()),
                delregion: home,
                place: &unit.place,
                overtime_minutes: 20,
            };
            self.add(line, dates.into_iter().map(|date| (date, half)));
        }
    }

    /// Läkarbilar of a delregion, round the clock: by day, in the evening, at night. A car is one
    /// crew, whoever is on duty in it. `places`: where the cars stand, the main one first.
    pub(super) fn cars(&mut self, home: &DelregionId, places: &[PlaceId], work: Work) {
        let period = self.period;
        let days = period.dates.len() as u64;
        let evenings = self.shifts_for(work.evening * 3 / 4, 430).div_ceil(days).max(1);
        let off = period.off_dates();
        let off_days = match off.len() as u64 {
            0 => 0,
            count => self.shifts_for(work.off_day, FULL_SHIFT_MINUTES).div_ceil(count).max(1),
        };
        let turns = [("dag", CAR_DAY), ("kväll", CAR_EVENING), ("natt", CAR_NIGHT)];
        for (turn, hours) in turns {
            let count = match turn {
                "dag" => off_days.max(1),
                "kväll" => evenings,
                _ => 1,
            };
            for n in 0..count {
                let dates = period.dates.iter().filter(|date| {
                    // More than one car by day only when the others are off.
                    turn != "dag" || n == 0 || off.contains(date)
                });
                let line = Line {
                    name: format!("Läkarbil {home} {turn} {}", n + 1),
                    kind: "läkarbil",
                    roles: &["doctor"],
                    skills: Vec::new(),
                    employer: Party::Region,
                    unit: None,
                    delregion: home,
                    place: &places[n as usize % places.len()],
                    overtime_minutes: 60,
                };
                self.add(line, dates.map(|date| (*date, hours)));
            }
        }
    }

    fn municipal<'a>(&self, homes: &'a Homes, home: &'a DelregionId, name: String) -> Line<'a> {
        Line {
            name,
            kind: "nurse",
            roles: &["nurse"],
            skills: Vec::new(),
            employer: Party::Municipality(homes.id.clone()),
            unit: None,
            delregion: home,
            place: &homes.base,
            overtime_minutes: 30,
        }
    }

    fn add(&mut self, line: Line, hours: impl Iterator<Item = (Date, (i64, i64))>) {
        let mut shifts: Vec<Shift> = Vec::new();
        for (date, (from, to)) in hours {
            let Some(span) = self.period.span(date, from, to) else { continue };
            if span.length() < Seconds::from_minutes(60) {
                continue;
            }
            shifts.push(Shift {
                id: ShiftId::new(format!("{} {date} {:02}", line.name, from / 60)),
                start_place: line.place.clone(),
                end_place: line.place.clone(),
                hours: span,
                overtime_max: Seconds::from_minutes(line.overtime_minutes),
                breaks: break_of(span).into_iter().collect(),
                first: Vec::new(),
            });
        }
        if shifts.is_empty() {
            return;
        }
        self.crews.push(Crew {
            id: CrewId::new(line.name),
            kind: CrewKindId::new(line.kind),
            roles: line.roles.iter().map(RoleId::new).collect(),
            skills: line.skills.into_iter().collect(),
            employer: line.employer,
            unit: line.unit,
            home_delregion: line.delregion.clone(),
            shifts,
        });
    }
}

/// Half an hour in the middle of a shift of more than five hours.
fn break_of(hours: Span) -> Option<Break> {
    const LENGTH: Seconds = Seconds::from_minutes(30);
    if hours.length() <= Seconds::from_minutes(300) {
        return None;
    }
    let from = hours.from() + Seconds::from_minutes(180);
    let to = (hours.from() + Seconds::from_minutes(330)).min(hours.to());
    Some(Break { window: Span::new(from, to)?, length: LENGTH })
}

fn later((from, to): (i64, i64), minutes: i64) -> (i64, i64) {
    (from + minutes, to + minutes)
}

/// So many shifts on these dates as lines: full ones and at last one that works some of the dates,
/// spread evenly. At least one full line, so that every date has somebody.
fn lines(shifts: u64, dates: &[Date]) -> Vec<Vec<Date>> {
    if dates.is_empty() { Vec::new() } else { lines_of(shifts, dates) }
}

fn lines_of(shifts: u64, dates: &[Date]) -> Vec<Vec<Date>> {
    let length = dates.len() as u64;
    let shifts = shifts.max(length);
    let mut lines = vec![dates.to_vec(); (shifts / length) as usize];
    let rest = shifts % length;
    if rest > 0 {
        lines.push((0..rest).map(|n| dates[(n * length / rest) as usize]).collect());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn shifts_become_full_lines_and_a_part_time_one() {
        let dates: Vec<Date> = (1..=5).map(|day| date(2026, 3, day)).collect();
        assert_eq!(lines_of(0, &dates).len(), 1);
        let lines = lines_of(12, &dates);
        let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
        assert_eq!(lengths, [5, 5, 2]);
        assert_eq!(lines[2], [dates[0], dates[2]]);
    }

    #[test]
    fn a_half_day_has_no_break_and_a_full_day_has_one_inside() {
        let period = Period::new(date(2026, 3, 2), 1);
        let span = |(from, to)| period.span(date(2026, 3, 2), from, to).expect("in the period");
        assert!(break_of(span(UNIT_HALVES[0])).is_none());
        let due = break_of(span(TEAM_DAY)).expect("nine hours have a break");
        assert!(span(TEAM_DAY).holds(due.window.from(), due.window.to()));
        assert!(due.window.length() >= due.length);
    }
}
