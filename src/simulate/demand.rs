//! Who asks for what, and when: the visits of one municipality.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::dice::Dice;
use super::homes::Homes;
use super::period::Period;
use super::rates::{HOURS_OFF, HOURS_WORKING, Rates};
use crate::domain::{
    Instant, KindId, Meeting, Part, PatientId, RoleId, Seconds, SkillId, Span, Visit, VisitId,
};

/// Skills of nurses that visits ask for. The first nurse of a municipality has the first, the
/// second nurse the other; where only one works every day, she has both.
pub(super) const NURSE_SKILLS: [&str; 2] = ["infusion", "sårvård"];
/// The skill of doctors that visits ask for: a mobile team has it.
pub(super) const DOCTOR_SKILL: &str = "palliativ";

/// Joint unplanned visits are asked for between these minutes: at night the doctor comes alone.
const JOINT_MINUTES: std::ops::Range<u16> = 420..1_200;
/// What is asked for later than this before the end of the period belongs to the next one.
const LAST_REQUEST: Seconds = Seconds::from_minutes(120);

/// What draws the visits of one municipality.
pub(super) struct Demand<'a, 'b> {
    pub(super) homes: &'b mut Homes<'a>,
    pub(super) period: &'b Period,
    pub(super) rates: &'b Rates,
    pub(super) scale_percent: u64,
    pub(super) dice: Dice,
    visits: Vec<Visit>,
    planned_patients: BTreeSet<usize>,
}

impl<'a, 'b> Demand<'a, 'b> {
    /// Nothing asked for yet.
    pub(super) fn new(
        homes: &'b mut Homes<'a>,
        period: &'b Period,
        rates: &'b Rates,
        (seed, scale_percent): (u64, u64),
    ) -> Demand<'a, 'b> {
        let dice = Dice::new(seed, &format!("demand {}", homes.id));
        let planned_patients = BTreeSet::new();
        Demand { homes, period, rates, scale_percent, dice, visits: Vec::new(), planned_patients }
    }

    /// Every visit of the period. Ids are given later, when all municipalities are known.
    pub(super) fn draw(mut self) -> Vec<Visit> {
        let population = u64::from(self.homes.facts.population) * self.scale_percent / 100;
        let weekly = |per_100000: u64| population * per_100000 * 10;
        let enrolled = self.homes.enrolled_total();
        for date in self.period.dates.clone() {
            let rates = self.rates;
            self.urgent(date, "enrolled", enrolled * rates.unplanned_per_1000_enrolled * 1_000);
            self.urgent(date, "temporary", weekly(rates.temporary_per_100000));
            self.urgent(date, "other", weekly(rates.other_per_100000));
            self.deaths(date, weekly(rates.deaths_per_100000));
        }
        for date in self.period.working_dates() {
            // A week of work is done on five days.
            self.planned(date, enrolled * self.rates.planned_per_1000_enrolled * 1_000 / 5);
            self.preventive(date, weekly(self.rates.preventive_per_100000) / 5);
        }
        self.visits
    }

    /// Unplanned visits asked for on a date.
    fn urgent(&mut self, date: Date, care_form: &str, weekly_millionths: u64) {
        for _ in 0..self.dice.count(self.share_of_week(date, weekly_millionths)) {
            let Some((requested_at, minute)) = self.moment_on(date) else { continue };
            let patient = match care_form {
                "enrolled" => self.homes.enrolled_patient(&mut self.dice),
                _ => self.homes.other_patient(care_form),
            };
            let may_be_joint = JOINT_MINUTES.contains(&minute);
            let (parts, meetings) = if may_be_joint && self.dice.chance(self.rates.unplanned_joint)
            {
                self.joint(25, 45)
            } else {
                (vec![self.part("doctor", 25, 45)], Vec::new())
            };
            let priority = 1 + u8::from(self.dice.chance(300));
            self.ask(patient, "unplanned", requested_at, priority, (parts, meetings));
        }
    }

    fn deaths(&mut self, date: Date, weekly_millionths: u64) {
        for _ in 0..self.dice.count(self.share_of_week(date, weekly_millionths)) {
            let Some((requested_at, _)) = self.moment_on(date) else { continue };
            let patient = if self.dice.chance(500) {
                self.homes.enrolled_patient(&mut self.dice)
            } else {
                self.homes.other_patient("temporary")
            };
            let parts = vec![self.part("doctor", 30, 60)];
            self.ask(patient, "death", requested_at, 3, (parts, Vec::new()));
        }
    }

    /// Planned visits whose share of the work falls on a date; most are due on it.
    fn planned(&mut self, date: Date, daily_millionths: u64) {
        let mut left = self.dice.count(daily_millionths);
        while left > 0 {
            let mut patients = Vec::new();
            if self.dice.chance(self.rates.planned_as_round / 4) {
                // A round has four visits on the average: a quarter of their share begins one.
                let count = self.dice.between(2, 6, 1) as u64;
                patients = self.homes.sabo_neighbours(count.min(left), &mut self.dice);
            }
            if patients.is_empty() {
                patients.push(self.homes.enrolled_patient(&mut self.dice));
            }
            let requested_at = self.planned_request(date);
            for patient in patients {
                left = left.saturating_sub(1);
                if self.planned_patients.insert(patient) {
                    self.planned_visit(patient, requested_at);
                }
            }
        }
    }

    fn planned_visit(&mut self, patient: usize, requested_at: Instant) {
        let kind = self.dice.below(1_000);
        let rates = self.rates;
        let (mut parts, mut meetings) = if kind < rates.planned_joint {
            self.joint(30, 45)
        } else if kind < rates.planned_joint + rates.planned_nurse {
            (vec![self.part("nurse", 20, 45)], Vec::new())
        } else {
            (vec![self.part("doctor", 20, 40)], Vec::new())
        };
        if parts.len() == 2 && self.homes.has_therapists() && self.dice.chance(rates.planned_three)
        {
            parts.push(self.part("physiotherapist", 30, 45));
            let lag_max = Seconds::from_minutes(15);
            meetings.push(Meeting { first: 0, second: 2, lag_min: Seconds::ZERO, lag_max });
        }
        for part in &mut parts {
            if part.role.as_str() == "nurse" && self.dice.chance(rates.nurse_skill) {
                let skill = NURSE_SKILLS[self.dice.below(2) as usize];
                part.skills.push(SkillId::new(skill));
            }
            if part.role.as_str() == "doctor"
                && self.homes.units.iter().any(|unit| unit.is_team)
                && self.dice.chance(rates.doctor_skill)
            {
                part.skills.push(SkillId::new(DOCTOR_SKILL));
            }
        }
        self.ask(patient, "planned", requested_at, 3, (parts, meetings));
    }

    /// Asked for five working days before the date, so that the promise ends with it; or lately.
    fn planned_request(&mut self, date: Date) -> Instant {
        let minute = self.dice.between(8 * 60, 16 * 60 + 45, 15);
        let due_on = self.period.at(self.period.working_day_before(date, 5), minute);
        if !self.dice.chance(self.rates.planned_new) {
            return due_on;
        }
        // Asked for on the day before: due in the week after.
        self.period.at(self.period.working_day_before(date, 1), minute)
    }

    fn preventive(&mut self, date: Date, daily_millionths: u64) {
        for _ in 0..self.dice.count(daily_millionths) {
            let patient = self.homes.other_patient("risk");
            let minute = self.dice.between(8 * 60, 16 * 60, 15);
            let days_before = self.dice.between(3, 10, 1) as u16;
            let requested_at =
                self.period.at(self.period.working_day_before(date, days_before), minute);
            let drawn = self.dice.below(10);
            let needs = match drawn {
                0..2 if self.homes.has_therapists() => self.sequence(),
                0..6 => (vec![self.part("nurse", 30, 45)], Vec::new()),
                _ => (vec![self.part("doctor", 25, 40)], Vec::new()),
            };
            self.ask(patient, "preventive", requested_at, 4, needs);
        }
    }

    fn ask(
        &mut self,
        patient: usize,
        kind: &str,
        requested_at: Instant,
        priority: u8,
        (parts, meetings): (Vec<Part>, Vec<Meeting>),
    ) {
        let windows = match kind {
            "planned" | "preventive" => self.windows(patient, requested_at),
            _ => Vec::new(),
        };
        let same_crew_allowed = parts.iter().all(|part| part.role.as_str().ends_with("therapist"));
        self.visits.push(Visit {
            id: VisitId::new(""),
            patient: PatientId::new(self.homes.patients[patient].id.as_str()),
            kind: KindId::new(kind),
            requested_at,
            priority,
            windows,
            same_crew_allowed: same_crew_allowed && parts.len() > 1,
            parts,
            meetings,
        });
    }

    /// When the home can be visited: on every working day that is left, at the hours of the home.
    fn windows(&mut self, patient: usize, requested_at: Instant) -> Vec<Span> {
        const LEAST: Seconds = Seconds::from_minutes(60);
        let is_in_sabo = self.homes.is_in_sabo(patient);
        let hours: &[(i64, i64)] = match self.dice.below(20) {
            // Never over lunch.
            _ if is_in_sabo => &[(510, 690), (780, 1_020)],
            0..10 => &[(480, 1_020)],
            10..13 => &[(480, 750)],
            13..16 => &[(720, 1_020)],
            _ => &[(510, 690), (810, 990)],
        };
        let period = self.period;
        let spans = period.working_dates().into_iter().flat_map(|date| {
            hours.iter().filter_map(move |&(from, to)| period.span(date, from, to))
        });
        let left = spans.filter_map(|span| Span::new(span.from().max(requested_at), span.to()));
        left.filter(|span| span.length() >= LEAST).collect()
    }

    /// Doctor and nurse at the home: together, or the nurse first.
    fn joint(&mut self, least: i64, greatest: i64) -> (Vec<Part>, Vec<Meeting>) {
        let doctor = self.part("doctor", least, greatest);
        let mut nurse = Part { role: RoleId::new("nurse"), ..doctor.clone() };
        let (first, second, lag_min, lag_max) = if self.dice.chance(self.rates.nurse_first) {
            nurse.service += Seconds::from_minutes(15);
            (1, 0, Seconds::from_minutes(10), Seconds::from_minutes(20))
        } else {
            (0, 1, Seconds::ZERO, Seconds::ZERO)
        };
        (vec![doctor, nurse], vec![Meeting { first, second, lag_min, lag_max }])
    }

    /// A physiotherapist, then an occupational therapist; one who is both may do both.
    fn sequence(&mut self) -> (Vec<Part>, Vec<Meeting>) {
        let first = self.part("physiotherapist", 30, 30);
        let second = self.part("occupational_therapist", 30, 30);
        let lag_max = Seconds::from_minutes(180);
        let meeting = Meeting { first: 0, second: 1, lag_min: first.service, lag_max };
        (vec![first, second], vec![meeting])
    }

    fn part(&mut self, role: &str, least: i64, greatest: i64) -> Part {
        let service = Seconds::from_minutes(self.dice.between(least, greatest, 5));
        Part { role: RoleId::new(role), skills: Vec::new(), service }
    }

    /// What falls on a date of what a week brings.
    fn share_of_week(&self, date: Date, weekly_millionths: u64) -> u64 {
        let (working, off): (u64, u64) = (HOURS_WORKING.iter().sum(), HOURS_OFF.iter().sum());
        let week = 5 * working + 2 * off;
        let weight = if self.period.calendar.is_working_day(date) { working } else { off };
        // After the weekend and before it more is asked for.
        let per_mille = match date.weekday() {
            Weekday::Monday => 1_150,
            Weekday::Friday => 1_050,
            Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday => 950,
            Weekday::Saturday | Weekday::Sunday => 975,
        };
        weekly_millionths * weight / week * per_mille / 1_000
    }

    /// A moment of a date by the weights of its hours, with its minute; nothing when it has passed
    /// already or belongs to the next period.
    fn moment_on(&mut self, date: Date) -> Option<(Instant, u16)> {
        let hours = match self.period.calendar.is_working_day(date) {
            true => &HOURS_WORKING,
            false => &HOURS_OFF,
        };
        let minute = self.dice.weighted(hours) as i64 * 60 + self.dice.below(60) as i64;
        let moment = self.period.at(date, minute);
        let is_in_time =
            moment >= self.period.as_of && moment <= self.period.horizon.to() - LAST_REQUEST;
        is_in_time.then_some((moment, minute as u16))
    }
}
