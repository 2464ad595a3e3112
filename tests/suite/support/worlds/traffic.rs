//! Hours and incidents that change how long driving takes.

use rond::domain::{DayClass, Incident, Seconds, Span, TrafficArea, TrafficHours};

use super::Maker;
use super::hours;

impl Maker<'_> {
    /// Slow hours here and there, a fast one, and sometimes an incident at an odd second.
    pub(super) fn add_traffic(&mut self) {
        if !self.dice.chance(self.shape.traffic) {
            return;
        }
        for _ in 0..self.dice.within(1..=3) {
            let first = self.dice.within(7 * 60..=13 * 60) as u16;
            let last = first + self.dice.within(10..=240) as u16;
            let row = TrafficHours {
                area: self.any_area(),
                hours: hours(DayClass::Any, first, last),
                percent: self.dice.within(70..=260) as u32,
            };
            self.facts.traffic.hours.push(row);
        }
        if self.dice.chance(40) {
            let from = self.any_shift_hours().from() + Seconds(self.dice.within(0..=9_999));
            let until = from + Seconds(self.dice.within(1..=9_999));
            let incident = Incident {
                area: self.any_area(),
                // It ends after it begins.
                span: Span::new(from, until).expect("a span"),
                percent: self.dice.within(110..=900) as u32,
                reason: "a tree across the road".to_owned(),
            };
            self.facts.traffic.incidents.push(incident);
        }
    }

    fn any_area(&mut self) -> TrafficArea {
        let region = &self.facts.region;
        let mut areas = vec![TrafficArea::Everywhere];
        for municipality in region.municipalities.values() {
            areas.push(TrafficArea::Municipality(municipality.id.clone()));
            areas.push(TrafficArea::Delregion(municipality.delregion.clone()));
        }
        self.dice.pick(&areas).clone()
    }
}
