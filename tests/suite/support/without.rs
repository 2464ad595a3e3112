//! Worlds with one thing taken away, to see whether it mattered.

use rond::domain::{Facts, Scope, Seconds, World};

/// Something that can be taken away from a world.
pub struct Item {
    /// What it is.
    pub name: &'static str,
    /// Takes it away.
    pub remove: fn(&mut Facts),
}

/// What must be seen to matter.
pub const ITEMS: [Item; 7] = [
    Item { name: "break", remove: no_breaks },
    Item { name: "two windows", remove: one_window },
    Item { name: "lag interval", remove: together },
    Item { name: "border", remove: no_borders },
    Item { name: "overtime", remove: no_overtime },
    Item { name: "rest", remove: no_rest },
    Item { name: "first stops", remove: no_first_stops },
];

/// The world without the item.
pub fn without(world: &World, item: &Item) -> World {
    let mut facts = world.clone().into_facts();
    (item.remove)(&mut facts);
    // Nothing that another thing refers to is taken away.
    World::new(facts).expect("a world that hangs together")
}

fn no_breaks(facts: &mut Facts) {
    for crew in &mut facts.crews {
        crew.shifts.iter_mut().for_each(|shift| shift.breaks.clear());
    }
}

/// The second window closes.
fn one_window(facts: &mut Facts) {
    facts.visits.iter_mut().for_each(|visit| visit.windows.truncate(1));
}

/// Parts that were to come one after the other need not meet any more.
fn together(facts: &mut Facts) {
    for visit in &mut facts.visits {
        visit.meetings.retain(|meeting| meeting.lag_max == Seconds::ZERO);
    }
}

/// Everyone may work everywhere at all hours, at the same price.
fn no_borders(facts: &mut Facts) {
    for area in &mut facts.policy.areas {
        if area.scope == Scope::OwnDelregion {
            area.scope = Scope::Anywhere;
        }
    }
}

fn no_overtime(facts: &mut Facts) {
    for crew in &mut facts.crews {
        crew.shifts.iter_mut().for_each(|shift| shift.overtime_max = Seconds::ZERO);
    }
}

fn no_rest(facts: &mut Facts) {
    facts.policy.rest = Seconds::ZERO;
}

fn no_first_stops(facts: &mut Facts) {
    for crew in &mut facts.crews {
        crew.shifts.iter_mut().for_each(|shift| shift.first.clear());
    }
}
