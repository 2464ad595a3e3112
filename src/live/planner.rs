//! The one thread that changes the plan. It takes commands in the order they come, stamps and
//! applies events, stages them for the store, and lets the search go on aside.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant as RealInstant};

use tokio::sync::{mpsc, oneshot};

use super::advice::{Advice, Suggestions};
use super::keeper::{Repeated, Staged};
use super::recover::{self, Kept, Opened};
use super::view::{Heard, PlanView, View, visit_of};
use super::{Answered, Fault, Outcome, Render, Service, Shared, micros};
use crate::domain::{CrewId, Event, Instant, Point, Recorded, ShiftId};
use crate::replan::rolling::{Found, Job, Reaction, Rolling};
use crate::store::{Answer, NewRecord, Seq};
use crate::wire;

/// So long the planner goes on taking commands before it hands over what it has staged.
const STEP: Duration = Duration::from_millis(2);
/// Keys of so many requests are known without asking the store.
const KEYS_KEPT: usize = 20_000;
/// When taking the events since the last snapshot in again would take longer, there is a new one.
const REPLAY_MAX: Duration = Duration::from_millis(500);
/// A search aside begins no sooner than this after the one before.
const SEARCH_PAUSE: Duration = Duration::from_secs(1);
/// Positions that the searches after a change may judge, one after the other.
const SEARCH_WORK: [u64; 4] = [300_000, 1_000_000, 3_000_000, 10_000_000];
/// So long after the store has failed it is tried again.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// What the planner is asked to do.
pub(super) enum Command {
    /// Take an event in.
    Report(Box<Report>),
    /// Look at the plan.
    Look(Box<dyn FnOnce(&mut Planner) -> super::keeper::Done + Send>),
    /// Give a suggestion out.
    Accept {
        suggestion: u64,
        by: String,
        render: Render,
        reply: oneshot::Sender<Result<Answered, Fault>>,
    },
    /// A search aside has come to its end.
    Searched(Option<Found>),
    /// The store has failed: what was staged since is lost.
    StoreFailed,
    /// Take nothing more in, and stop once everything is stored.
    Stop,
}

/// An event that somebody reports.
pub(super) struct Report {
    pub(super) recorded: Recorded,
    /// What the same request sent again is known by: its key is the event's id.
    pub(super) request_hash: Option<[u8; 32]>,
    pub(super) render: Render,
    pub(super) reply: oneshot::Sender<Result<Answered, Fault>>,
}

/// The planner's own.
pub(super) struct Planner {
    pub(super) rolling: Rolling,
    pub(super) seq: Seq,
    pub(super) suggestions: Suggestions,
    shared: Arc<Shared>,
    staged: mpsc::Sender<Staged>,
    searches: SyncSender<Box<Job>>,
    plan_view: Arc<PlanView>,
    /// Per shift the version of the plan that changed its list last, as far as it is known.
    changed_at: BTreeMap<ShiftId, u64>,
    keys: BTreeMap<String, [u8; 32]>,
    keys_in_order: VecDeque<String>,
    is_searching: bool,
    searches_left: VecDeque<u64>,
    last_search: RealInstant,
    next_tick: RealInstant,
    /// What taking in again what came since the last snapshot would take.
    since_snapshot: Duration,
    is_broken: bool,
    next_try: RealInstant,
    is_stopping: bool,
}

/// What a step of the planner has changed.
#[derive(Default)]
struct Changed {
    plan: bool,
    positions: bool,
}

impl Planner {
    pub(super) fn new(
        opened: Opened,
        shared: Arc<Shared>,
        staged: mpsc::Sender<Staged>,
        searches: SyncSender<Box<Job>>,
    ) -> Planner {
        let now = RealInstant::now();
        let changed_at = all_changed(&opened.rolling);
        Planner {
            plan_view: Arc::new(PlanView::of(&opened.rolling, &changed_at)),
            changed_at,
            rolling: opened.rolling,
            seq: opened.seq,
            suggestions: Suggestions::default(),
            shared,
            staged,
            searches,
            keys: BTreeMap::new(),
            keys_in_order: VecDeque::new(),
            is_searching: false,
            searches_left: SEARCH_WORK.into(),
            last_search: now,
            next_tick: now,
            since_snapshot: opened.took,
            is_broken: false,
            next_try: now,
            is_stopping: false,
        }
    }

    /// Runs until it is told to stop.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        while !self.is_stopping {
            let first = match commands.recv_timeout(self.patience()) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if self.is_broken {
                self.while_broken(first);
                continue;
            }
            let mut staged = Staged::default();
            let mut changed = Changed::default();
            let begun = RealInstant::now();
            let mut next = first;
            loop {
                if let Some(command) = next.take() {
                    self.take(command, &mut staged, &mut changed);
                }
                if self.is_broken || self.is_stopping || begun.elapsed() >= STEP {
                    break;
                }
                match commands.try_recv() {
                    Ok(command) => next = Some(command),
                    Err(_) => break,
                }
            }
            if !self.is_broken {
                self.tick_if_due(&mut staged, &mut changed);
                self.hand_over(staged, &changed);
                self.search_if_worth_it();
            }
        }
        let last = Staged { is_last: true, ..Staged::default() };
        let _ = self.staged.blocking_send(last);
    }

    fn patience(&self) -> Duration {
        if self.is_broken {
            return STORE_PAUSE;
        }
        let until_tick = self.next_tick.saturating_duration_since(RealInstant::now());
        let searches = !self.is_searching && !self.searches_left.is_empty();
        until_tick.min(if searches { SEARCH_PAUSE } else { Duration::from_secs(1) })
    }

    fn take(&mut self, command: Command, staged: &mut Staged, changed: &mut Changed) {
        match command {
            Command::Report(report) => self.report(*report, staged, changed),
            Command::Look(look) => {
                let done = look(self);
                staged.done.push(done);
            }
            Command::Accept { suggestion, by, render, reply } => {
                let given_out = self.accept(suggestion, by, staged, changed);
                let answered =
                    given_out.map(|(recorded, reaction)| self.answer(&recorded, &reaction, render));
                answer_when_stored(answered, reply, staged);
            }
            Command::Searched(found) => {
                self.is_searching = false;
                if let Some(found) = found {
                    self.give_out(&found, staged, changed);
                }
            }
            Command::StoreFailed => {
                self.is_broken = true;
                self.next_try = RealInstant::now() + STORE_PAUSE;
            }
            Command::Stop => self.is_stopping = true,
        }
    }

    fn report(&mut self, report: Report, staged: &mut Staged, changed: &mut Changed) {
        let Report { recorded, request_hash, render, reply } = report;
        let key = recorded.id.to_string();
        if let Some(hash) = request_hash
            && let Some(known) = self.keys.get(&key)
        {
            if *known == hash {
                staged.repeated.push(Repeated { key, reply });
            } else {
                let _ = reply.send(Err(Fault::KeyTaken { key }));
            }
            return;
        }
        let applied = self.apply(recorded, staged, changed);
        let answered = applied.map(|(recorded, reaction)| {
            let answered = self.answer(&recorded, &reaction, render);
            if let Some(request_hash) = request_hash {
                self.remember(key.clone(), request_hash);
                staged.answers.push(Answer {
                    key,
                    request_hash: request_hash.to_vec(),
                    status: answered.status,
                    body: answered.body.clone(),
                    made_at: micros(recorded.recorded_at),
                });
            }
            answered
        });
        answer_when_stored(answered, reply, staged);
    }

    fn answer(&self, recorded: &Recorded, reaction: &Reaction, render: Render) -> Answered {
        render(&Outcome { seq: self.seq, recorded, reaction, rolling: &self.rolling })
    }

    fn remember(&mut self, key: String, hash: [u8; 32]) {
        if self.keys_in_order.len() >= KEYS_KEPT
            && let Some(oldest) = self.keys_in_order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        self.keys_in_order.push_back(key.clone());
        self.keys.insert(key, hash);
    }

    /// Stamps an event, applies it, stages it.
    fn apply(
        &mut self,
        mut recorded: Recorded,
        staged: &mut Staged,
        changed: &mut Changed,
    ) -> Result<(Recorded, Reaction), Fault> {
        // Time does not go back in the log.
        recorded.recorded_at = recorded.recorded_at.max(self.rolling.live().now());
        let begun = RealInstant::now();
        let reaction = self.rolling.apply(&recorded).map_err(Fault::Refused)?;
        self.since_snapshot += begun.elapsed();
        self.seq = Seq(self.seq.0 + 1);
        staged.records.push(NewRecord {
            event_id: recorded.id.to_string(),
            recorded_at: micros(recorded.recorded_at),
            kind: wire::event_kind(&recorded.event).to_owned(),
            body: wire::write_event(&recorded),
        });
        self.note(&recorded, &reaction, staged, changed);
        Ok((recorded, reaction))
    }

    fn note(
        &mut self,
        recorded: &Recorded,
        reaction: &Reaction,
        staged: &mut Staged,
        changed: &mut Changed,
    ) {
        let version = self.rolling.version();
        for shift in &reaction.changed {
            self.changed_at.insert(shift.clone(), version);
        }
        let is_position = matches!(recorded.event, Event::Position { .. });
        changed.positions |= is_position;
        changed.plan |= !is_position;
        let is_tick = matches!(recorded.event, Event::Tick);
        let is_quiet = is_tick && reaction.changed.is_empty() && reaction.flags.is_empty();
        if !is_quiet {
            staged.heard.push(Arc::new(Heard {
                seq: self.seq,
                kind: wire::event_kind(&recorded.event),
                at: recorded.recorded_at,
                visit: visit_of(&recorded.event).cloned(),
                changed: reaction.changed.clone(),
                flags: reaction.flags.clone(),
                notices: reaction.notices.clone(),
                plan_version: self.rolling.version(),
            }));
        }
        let is_own = matches!(recorded.event, Event::Tick | Event::Improved(_));
        if !reaction.changed.is_empty() && !is_own {
            self.searches_left = SEARCH_WORK.into();
        }
    }

    fn hand_over(&mut self, mut staged: Staged, changed: &Changed) {
        let is_empty = staged.records.is_empty()
            && staged.done.is_empty()
            && staged.repeated.is_empty()
            && staged.fresh_after.is_none();
        if is_empty {
            return;
        }
        if changed.plan || staged.fresh_after.is_some() {
            self.plan_view = Arc::new(PlanView::of(&self.rolling, &self.changed_at));
        }
        if changed.plan || changed.positions || staged.fresh_after.is_some() {
            staged.view = Some(self.view());
        }
        // Waits while the store is behind: that is the back-pressure.
        let _ = self.staged.blocking_send(staged);
    }

    pub(super) fn view(&self) -> View {
        let live = self.rolling.live();
        let position = |crew: &CrewId| Some((crew.clone(), live.position(crew)?));
        let positions: BTreeMap<CrewId, (Instant, Point)> =
            live.world().crews.iter().filter_map(|crew| position(&crew.id)).collect();
        View {
            seq: self.seq,
            at: live.now(),
            plan: self.plan_view.clone(),
            positions: Arc::new(positions),
        }
    }

    /// Lets time go on, if it is time. A plan that would take long to come to again is kept first:
    /// a tick goes on from exactly what is kept.
    fn tick_if_due(&mut self, staged: &mut Staged, changed: &mut Changed) {
        if RealInstant::now() < self.next_tick {
            return;
        }
        self.next_tick = RealInstant::now() + self.shared.tick_every();
        if self.since_snapshot >= REPLAY_MAX {
            self.since_snapshot = Duration::ZERO;
            self.keep_snapshot(staged);
        }
        self.tick(staged, changed);
    }

    /// Keeps the plan as it is, once all that it knows of is stored: it must never know of more
    /// than the log.
    fn keep_snapshot(&self, staged: &mut Staged) {
        let (kept, seq, shared) = (Kept::of(&self.rolling), self.seq, self.shared.clone());
        staged.done.push(Box::new(move |stored| {
            if stored.is_ok() {
                // In a thread of its own: nobody waits for it.
                drop(std::thread::spawn(move || shared.keep_snapshot(seq, &kept.text())));
            }
        }));
    }

    fn tick(&mut self, staged: &mut Staged, changed: &mut Changed) {
        let event = self.own_event(Event::Tick);
        // Time is never refused.
        let _ = self.apply(event, staged, changed);
    }

    /// An event of the service's own.
    fn own_event(&self, event: Event) -> Recorded {
        let now = self.shared.clock.now().max(self.rolling.live().now());
        Recorded {
            id: Service::new_id(),
            valid_at: now,
            recorded_at: now,
            by: "rond".to_owned(),
            why: None,
            event,
        }
    }

    fn search_if_worth_it(&mut self) {
        let is_time = self.last_search.elapsed() >= SEARCH_PAUSE;
        if self.is_searching || self.is_stopping || !is_time {
            return;
        }
        let Some(work) = self.searches_left.pop_front() else { return };
        let seed = self.rolling.version();
        let job = Box::new(self.rolling.job(seed, work));
        self.is_searching = self.searches.try_send(job).is_ok();
        self.last_search = RealInstant::now();
    }

    /// Gives a better plan out, or suggests it to whoever decides.
    fn give_out(&mut self, found: &Found, staged: &mut Staged, changed: &mut Changed) {
        let Some(improved) = self.rolling.worth_giving_out(found) else { return };
        let now = self.rolling.live().now();
        match self.suggestions.advice(found, &improved, self.shared.giving_out, now) {
            Advice::GiveOut => {
                let event = self.own_event(Event::Improved(Box::new(improved)));
                // Seen a moment ago to be better than what there is.
                let _ = self.apply(event, staged, changed);
                self.searches_left = SEARCH_WORK.into();
            }
            Advice::Suggest(suggestion) => self.suggestions.add(*suggestion),
            Advice::Drop => {}
        }
    }

    /// A suggestion that somebody decided on becomes an event.
    fn accept(
        &mut self,
        id: u64,
        by: String,
        staged: &mut Staged,
        changed: &mut Changed,
    ) -> Result<(Recorded, Reaction), Fault> {
        let suggestion = self.suggestions.take(id)?;
        let mut event = self.own_event(Event::Improved(Box::new(suggestion.improved)));
        event.by = by;
        self.apply(event, staged, changed)
    }

    /// Nothing is taken in while the store cannot be written. Then the planner begins anew from
    /// what is stored.
    fn while_broken(&mut self, command: Option<Command>) {
        match command {
            Some(Command::Report(report)) => {
                let _ = report.reply.send(Err(unwritable()));
            }
            Some(Command::Accept { reply, .. }) => {
                let _ = reply.send(Err(unwritable()));
            }
            Some(Command::Look(look)) => look(self)(Err(unwritable())),
            Some(Command::Searched(_)) => self.is_searching = false,
            Some(Command::StoreFailed) => {}
            Some(Command::Stop) => self.is_stopping = true,
            None => {}
        }
        if self.next_try <= RealInstant::now() && !self.is_stopping {
            self.next_try = RealInstant::now() + STORE_PAUSE;
            self.begin_anew();
        }
    }

    fn begin_anew(&mut self) {
        let shared = self.shared.clone();
        let opened = shared.runtime.block_on(recover::recover(&shared.store, &shared.travel));
        match opened {
            Ok(opened) => {
                self.changed_at = all_changed(&opened.rolling);
                self.rolling = opened.rolling;
                self.seq = opened.seq;
                self.since_snapshot = opened.took;
                self.keys.clear();
                self.keys_in_order.clear();
                self.suggestions = Suggestions::default();
                self.is_broken = false;
                // A tick shows whether the store can be written again.
                let mut staged = Staged { fresh_after: Some(self.seq), ..Staged::default() };
                let mut changed = Changed::default();
                self.tick(&mut staged, &mut changed);
                self.hand_over(staged, &changed);
            }
            Err(why) => tracing::warn!("the store cannot be read yet: {why}"),
        }
    }
}

/// Which version changed which list is not kept: any may be another than a reader has.
fn all_changed(rolling: &Rolling) -> BTreeMap<ShiftId, u64> {
    let version = rolling.version();
    rolling.versions().keys().map(|shift| (shift.clone(), version)).collect()
}

fn unwritable() -> Fault {
    Fault::Unavailable { why: "the store cannot be written".to_owned() }
}

/// What comes of an event depends on what is staged before it, a refusal too: that has to be stored
/// before anybody hears of it.
fn answer_when_stored(
    answered: Result<Answered, Fault>,
    reply: oneshot::Sender<Result<Answered, Fault>>,
    staged: &mut Staged,
) {
    staged.done.push(Box::new(move |stored| {
        // Whoever asked may have gone.
        let _ = reply.send(stored.and(answered));
    }));
}
