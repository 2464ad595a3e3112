//! A plan taken up again where it was left: what has to be kept of it, and how it goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::{Live, ShiftId, ShiftPlan};
use crate::solver::running::Running;
use crate::travel::Matrix;

use super::super::compile::compile_with_room;
use super::{NOTICE, ROOM, Roads, Rolling, Stops, orders_of, remaining};

/// The plan as it was written down last.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The lists, in the names of the day.
    pub lists: Vec<ShiftPlan>,
    /// How often the list of each shift has changed.
    pub list_versions: BTreeMap<ShiftId, u64>,
    /// How many changes the plan has seen.
    pub version: u64,
}

impl Rolling {
    /// What has to be kept of the plan, beside the facts, to go on with it.
    pub fn written(&self) -> Written {
        Written {
            lists: self.lists().map(|list| (**list).clone()).collect(),
            list_versions: self.versions.clone(),
            version: self.version,
        }
    }

    /// The day and its plan as they were kept. The lists are shown as they were; the next event
    /// that the plan depends on has the rest of the day compiled first. A plan that was kept just
    /// before a [`Tick`](crate::domain::Event::Tick) goes on with it exactly as it would have.
    pub fn restored(live: Live, written: Written, travel: Matrix, roads: Roads) -> Rolling {
        let of = |list: &ShiftPlan| Stops { shift: list.shift.clone(), stops: list.stops.clone() };
        let plan: Vec<Stops> = written.lists.iter().map(of).collect();
        let as_of = live.now() + NOTICE;
        let rest = remaining(&live, &travel, &plan, as_of);
        let compiled = compile_with_room(&rest.world, &travel, ROOM);
        let snapshot = Running::empty(&compiled.problem).snapshot();
        let mut rolling = Rolling {
            live,
            roads,
            travel,
            rest,
            compiled,
            snapshot,
            shifts: Vec::new(),
            solved: Vec::new(),
            is_behind: true,
            unassigned: BTreeMap::new(),
            versions: written.list_versions,
            version: written.version,
        };
        rolling.lay(&orders_of(&plan));
        rolling.shifts = written.lists.into_iter().map(|list| Some(Arc::new(list))).collect();
        rolling
    }
}
