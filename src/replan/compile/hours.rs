//! Who answers at which hour, as prices over the solver's ticks.

use std::collections::BTreeMap;

use crate::domain::{CareFormId, Crew, CrewKindId, Instant, Part, Patient, RoleId, Span, World};
use crate::solver::Problem;

use super::intern;
use crate::solver::problem::{NEVER, NONE};

/// Stretches `(from, to, points)` in which a part costs extra.
type Rows = Vec<(i32, i32, i64)>;

/// Prices by hour per care form, role and kind of crew, found once each.
pub(super) struct HourPrices<'w> {
    world: &'w World,
    origin: Instant,
    /// Per row of the policy, when it holds.
    spans: Vec<Vec<Span>>,
    whole: BTreeMap<(CareFormId, RoleId, CrewKindId), Rows>,
    index: BTreeMap<Rows, u32>,
}

impl<'w> HourPrices<'w> {
    pub(super) fn new(world: &'w World, origin: Instant, reach: Span) -> HourPrices<'w> {
        let calendar = world.calendar();
        let rows = world.policy.responsibility.iter();
        let spans = rows.map(|row| calendar.spans_of(&row.hours, reach)).collect();
        HourPrices { world, origin, spans, whole: BTreeMap::new(), index: BTreeMap::new() }
    }

    /// The position in the problem's hour prices for starts within `from..=to`; [`NONE`] when none
    /// of them costs anything.
    pub(super) fn of(
        &mut self,
        problem: &mut Problem,
        patient: &Patient,
        part: &Part,
        crew: &Crew,
        (from, to): (i32, i32),
    ) -> u32 {
        if self.spans.is_empty() {
            return NONE;
        }
        let key = (patient.care_form.clone(), part.role.clone(), crew.kind.clone());
        if !self.whole.contains_key(&key) {
            let rows = self.rows(&key);
            self.whole.insert(key.clone(), rows);
        }
        let clipped: Rows =
            self.whole[&key].iter().filter(|row| row.0 <= to && row.1 > from).copied().collect();
        if clipped.is_empty() {
            return NONE;
        }
        intern(&mut self.index, &mut problem.hour_prices, clipped)
    }

    /// At every moment the first row that fits decides; between two borders of any row nothing
    /// changes.
    fn rows(&self, (care_form, role, kind): &(CareFormId, RoleId, CrewKindId)) -> Rows {
        let policy = &self.world.policy;
        let fitting: Vec<usize> = (0..policy.responsibility.len())
            .filter(|&at| {
                let row = &policy.responsibility[at];
                row.role == *role && row.care_form.as_ref().is_none_or(|form| form == care_form)
            })
            .collect();
        let spans = fitting.iter().flat_map(|&at| &self.spans[at]);
        let mut borders: Vec<Instant> = spans.flat_map(|span| [span.from(), span.to()]).collect();
        borders.sort();
        borders.dedup();
        let mut rows = Rows::new();
        for pair in borders.windows(2) {
            let decides =
                fitting.iter().find(|&&at| self.spans[at].iter().any(|span| span.covers(pair[0])));
            let answers =
                decides.is_none_or(|&at| policy.responsibility[at].crew_kinds.contains(kind));
            if !answers {
                let tick = |moment: Instant| {
                    (moment - self.origin).0.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
                };
                rows.push((tick(pair[0]), tick(pair[1]), policy.prices.responsibility));
            }
        }
        rows
    }
}
