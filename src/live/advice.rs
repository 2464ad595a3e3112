//! What a search aside has found: given out at once, or put before a dispatcher who decides.

use crate::domain::{Improved, Instant, Refusal};
use crate::replan::rolling::{Found, Rolling};

use super::Fault;

/// So many suggestions wait at a time; the oldest gives way.
const WAITING_MAX: usize = 20;

/// Which better plans go straight to the crews.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GivingOut {
    /// Those that change nobody's next stop and nothing that people were told, and those that save
    /// an unplanned promise; the others are suggested.
    #[default]
    Calm,
    /// All that are worth their disturbance.
    All,
    /// None: each is suggested.
    None,
}

/// A better plan that waits for a yes.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// Its number.
    pub id: u64,
    /// The orders, and what they save.
    pub improved: Improved,
    /// When it was found.
    pub made_at: Instant,
    /// What the search has found, and whom it would disturb.
    pub found: Found,
}

/// What is to be done with a better plan.
pub(super) enum Advice {
    /// Give it out.
    GiveOut,
    /// Let somebody decide.
    Suggest(Box<Suggestion>),
    /// It waits already.
    Drop,
}

/// Suggestions that wait.
#[derive(Default)]
pub(super) struct Suggestions {
    made: u64,
    waiting: Vec<Suggestion>,
}

impl Suggestions {
    /// Is the better plan given out at once?
    pub(super) fn advice(
        &self,
        found: &Found,
        improved: &Improved,
        giving_out: GivingOut,
        made_at: Instant,
    ) -> Advice {
        let saves_unplanned = improved.gain[0] > 0;
        let is_calm = found.next_stops.is_empty() && found.notices.is_empty();
        let goes_out = match giving_out {
            GivingOut::All => true,
            GivingOut::Calm => is_calm || saves_unplanned,
            GivingOut::None => false,
        };
        if goes_out {
            return Advice::GiveOut;
        }
        if self.waiting.iter().any(|known| known.improved.orders == improved.orders) {
            return Advice::Drop;
        }
        Advice::Suggest(Box::new(Suggestion {
            id: 0,
            improved: improved.clone(),
            made_at,
            found: found.clone(),
        }))
    }

    pub(super) fn add(&mut self, suggestion: Suggestion) {
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.remove(0);
        }
        self.made += 1;
        self.waiting.push(Suggestion { id: self.made, ..suggestion });
    }

    /// Those that would still better the plan as it is now.
    pub(super) fn current(&mut self, rolling: &Rolling) -> Vec<Suggestion> {
        self.waiting.retain(|known| rolling.worth_giving_out(&known.found).is_some());
        self.waiting.clone()
    }

    /// Takes a suggestion out, to be given out or not.
    pub(super) fn take(&mut self, id: u64) -> Result<Suggestion, Fault> {
        let at = self.waiting.iter().position(|known| known.id == id);
        let unknown = || Refusal::Unknown { what: "suggestion", id: id.to_string() };
        at.map(|at| self.waiting.remove(at)).ok_or_else(|| Fault::Refused(unknown()))
    }
}
