//! What readers see: the plan as it was stored last, and what was heard since they looked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::sync::broadcast;

use crate::domain::{
    CrewId, Event, Flag, Instant, Live, Point, Progress, Provenance, Score, ShiftId, ShiftPlan,
    StopWhat, Unassigned, VisitId,
};
use crate::replan::rolling::{Notice, Rolling};
use crate::store::Seq;

/// So many messages are kept for those who were away.
const KEPT: usize = 8_192;
/// A listener who is further behind than this has to look at the whole plan again.
const LAG_MAX: usize = 1_024;

/// The plan at a moment; everything in it is stored.
#[derive(Clone)]
pub struct View {
    /// The last event that it knows of.
    pub seq: Seq,
    /// When that was recorded.
    pub at: Instant,
    /// The lists and what was reported of them.
    pub plan: Arc<PlanView>,
    /// Where crews were last, and when.
    pub positions: Arc<BTreeMap<CrewId, (Instant, Point)>>,
}

/// The lists of a plan and what was reported of them.
pub struct PlanView {
    /// How many changes the plan has seen.
    pub version: u64,
    /// The lists of all shifts that have stops to come.
    pub lists: Vec<Arc<ShiftPlan>>,
    /// Per shift how often its list has changed.
    pub list_versions: BTreeMap<ShiftId, u64>,
    /// Per shift the version of the plan that changed its list last.
    pub changed_at: BTreeMap<ShiftId, u64>,
    /// Per shift the version of its list that the crew has seen.
    pub acknowledged: BTreeMap<ShiftId, u64>,
    /// What was reported of stops that are on a list.
    pub progress: BTreeMap<(ShiftId, StopWhat), Progress>,
    /// Who is not visited, and why.
    pub unassigned: Vec<Unassigned>,
    /// What the plan costs.
    pub score: Score,
    /// Where driving times come from.
    pub provenance: Provenance,
}

impl PlanView {
    pub(super) fn of(rolling: &Rolling, changed_at: &BTreeMap<ShiftId, u64>) -> PlanView {
        let live: &Live = rolling.live();
        let lists: Vec<Arc<ShiftPlan>> = rolling.lists().cloned().collect();
        let mut progress = BTreeMap::new();
        for list in &lists {
            for stop in &list.stops {
                if let Some(known) = live.progress(&list.shift, &stop.what) {
                    progress.insert((list.shift.clone(), stop.what.clone()), *known);
                }
            }
        }
        let acknowledged = lists
            .iter()
            .filter_map(|list| Some((list.shift.clone(), live.acknowledged(&list.shift)?)));
        PlanView {
            version: rolling.version(),
            list_versions: rolling.versions().clone(),
            changed_at: changed_at.clone(),
            acknowledged: acknowledged.collect(),
            progress,
            unassigned: rolling.unassigned().cloned().collect(),
            score: rolling.score(),
            provenance: rolling.provenance().clone(),
            lists,
        }
    }

    /// The list of a shift, if it has stops to come.
    pub fn list(&self, shift: &ShiftId) -> Option<&Arc<ShiftPlan>> {
        self.lists.iter().find(|list| list.shift == *shift)
    }
}

/// Something that happened, as listeners hear of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// Its place in the log.
    pub seq: Seq,
    /// The kind of event.
    pub kind: &'static str,
    /// When it was recorded.
    pub at: Instant,
    /// The visit that it is about, if it is about one.
    pub visit: Option<VisitId>,
    /// Shifts whose list is another than before.
    pub changed: Vec<ShiftId>,
    /// What should not be so, and yet was accepted.
    pub flags: Vec<Flag>,
    /// Who has to be told something else than they were.
    pub notices: Vec<Notice>,
    /// The version of the plan since then.
    pub plan_version: u64,
}

/// What a listener is told.
#[derive(Clone, Debug)]
pub enum News {
    /// Something happened.
    Heard(Arc<Heard>),
    /// More was stored, up to this place in the log, than anybody can be told of: look at the whole
    /// plan.
    Anew(Seq),
}

/// What listeners have heard lately, and those who listen.
pub(super) struct Broadcast {
    sender: broadcast::Sender<News>,
    kept: Mutex<Kept>,
}

struct Kept {
    heard: VecDeque<Arc<Heard>>,
    /// Everything after this place in the log is kept.
    since: Seq,
}

/// A listener's ear: what was missed, then what comes.
pub struct Listening {
    /// What was heard since the moment that was asked for; nothing when that is too long ago, or
    /// before the service was started, and the whole plan has to be looked at again.
    pub missed: Option<Vec<Arc<Heard>>>,
    /// What comes.
    pub coming: broadcast::Receiver<News>,
}

impl Broadcast {
    /// Begins to listen after a place in the log.
    pub(super) fn after(since: Seq) -> Broadcast {
        let (sender, _) = broadcast::channel(LAG_MAX);
        Broadcast { sender, kept: Mutex::new(Kept { heard: VecDeque::new(), since }) }
    }

    pub(super) fn tell(&self, heard: Vec<Arc<Heard>>) {
        // Nobody panics with the lock held: there is nothing in here that could.
        let mut kept = self.kept.lock().expect("never poisoned");
        for heard in heard {
            if kept.heard.len() >= KEPT
                && let Some(oldest) = kept.heard.pop_front()
            {
                kept.since = oldest.seq;
            }
            kept.heard.push_back(heard.clone());
            // That nobody listens is no fault.
            let _ = self.sender.send(News::Heard(heard));
        }
    }

    /// Events up to this place in the log were stored, and it is not known any more what they came
    /// to: everybody has to look at the whole plan.
    pub(super) fn begin_anew(&self, after: Seq) {
        let mut kept = self.kept.lock().expect("never poisoned");
        kept.heard.clear();
        kept.since = after;
        // That nobody listens is no fault.
        let _ = self.sender.send(News::Anew(after));
    }

    /// Listens from after `since` on; `now` is the last event there is.
    pub(super) fn listen(&self, since: Option<Seq>, now: Seq) -> Listening {
        let kept = self.kept.lock().expect("never poisoned");
        let coming = self.sender.subscribe();
        let missed = match since {
            None => Some(Vec::new()),
            Some(since) if since < kept.since || since > now => None,
            Some(since) => {
                Some(kept.heard.iter().filter(|heard| heard.seq > since).cloned().collect())
            }
        };
        Listening { missed, coming }
    }

    /// How many listen.
    pub(super) fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }
}

/// The visit that an event is about, if it is about one.
pub(super) fn visit_of(event: &Event) -> Option<&VisitId> {
    match event {
        Event::Requested(request) => Some(&request.visit.id),
        Event::Changed(change) => Some(&change.visit),
        Event::Cancelled { visit }
        | Event::Confirmed { visit }
        | Event::Unpinned { visit, .. }
        | Event::Told { visit, .. } => Some(visit),
        Event::Pinned(pin) => Some(&pin.visit),
        Event::Placed(placed) => Some(&placed.visit),
        Event::Progress { what: StopWhat::Part { visit, .. }, .. } => Some(visit),
        _ => None,
    }
}
