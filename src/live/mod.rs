//! A day as it happens: events come in, are stored, and everybody sees the plan that follows.
//!
//! Flows in: reports, requests and questions from many callers. Flows out: answers that are given
//! only when what they speak of is stored; the plan as it is stored; a stream of what happens.
//! One thread changes the plan (`planner`), one task stores what it did, several events in a
//! transaction (`keeper`), and one thread searches for better plans aside. The queues between them
//! are bounded: whoever comes when they are full is told to come again. This room knows no HTTP.

mod advice;
mod clock;
mod fault;
mod health;
mod keeper;
mod planner;
mod recover;
mod view;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot, watch};

pub use advice::{GivingOut, Suggestion};
pub use clock::{Clock, HandClock, PlayedClock, SteadyClock};
pub use fault::{Fault, StartError};
pub use health::Health;
pub use recover::{GOING_ON, Kept, OPENED, Opened, RecoverError, TravelSource, left_at, replayed};
pub use view::{Heard, Listening, News, PlanView, View};

use crate::domain::{Event, EventId, Instant, Recorded, Refusal, Request, Seconds, VisitId, World};
use crate::replan::rolling::{Choice, ExplainedPart, Job, Reaction, Rolling};
use crate::store::{Answer, Micros, Seq, Snapshot, Store, StoreError};
use crate::wire::{self, Terms};
use planner::{Command, Planner, Report};

/// Commands that wait for the planner.
const QUEUE: usize = 4_096;
/// Events that change the plan, under way at a time.
const HEAVY: usize = 32;
/// Events that only note something, under way at a time.
const LIGHT: usize = 2_048;
/// Steps of the planner that wait for the store.
const STAGED: usize = 64;
/// Whoever is told to come again waits so many seconds.
pub const RETRY_AFTER: u64 = 1;

/// How the service runs.
pub struct LiveSettings {
    /// Where events are stored.
    pub store: Store,
    /// The day, if the store holds none yet.
    pub day: Option<World>,
    /// Where driving times come from.
    pub travel: TravelSource,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Time goes on in the plan every so often.
    pub tick: Seconds,
    /// Which better plans go straight to the crews.
    pub giving_out: GivingOut,
}

/// What an event came to, before its answer is written.
pub struct Outcome<'a> {
    /// Its place in the log.
    pub seq: Seq,
    /// The event as it is stored.
    pub recorded: &'a Recorded,
    /// What it came to.
    pub reaction: &'a Reaction,
    /// The plan since then.
    pub rolling: &'a Rolling,
}

/// Writes the answer to an event.
pub type Render = Box<dyn FnOnce(&Outcome<'_>) -> Answered + Send>;

/// An answer as it is given and kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// Its HTTP status.
    pub status: u16,
    /// Its text.
    pub body: String,
    /// Is it the answer to the same request sent before?
    pub is_again: bool,
}

impl Answered {
    /// An answer that nobody reads.
    pub fn empty() -> Answered {
        Answered { status: 204, body: String::new(), is_again: false }
    }

    fn again(answer: Answer) -> Answered {
        Answered { status: answer.status, body: answer.body, is_again: true }
    }
}

/// An event to be reported.
pub struct NewReport {
    /// The event.
    pub recorded: Recorded,
    /// Checksum of the request, if its caller gave the key that is the event's id.
    pub request_hash: Option<[u8; 32]>,
    /// Writes the answer.
    pub render: Render,
}

/// What all parts of the service look at.
struct Shared {
    store: Arc<Store>,
    travel: TravelSource,
    clock: Arc<dyn Clock>,
    runtime: tokio::runtime::Handle,
    broadcast: view::Broadcast,
    giving_out: GivingOut,
    /// The last batch could not be stored: nothing is taken in.
    is_store_down: AtomicBool,
    /// What was looked up last could not be read, and nothing was stored since.
    is_store_unread: AtomicBool,
    tick: Seconds,
    stopping: watch::Sender<bool>,
    fatal: OnceLock<StoreError>,
    has_snapshot_failed: AtomicBool,
    refused_busy: AtomicU64,
}

impl Shared {
    fn tick_every(&self) -> Duration {
        self.clock.in_reality(self.tick)
    }

    /// Shuts the door. What a disk that failed has really kept is known only after a new start, and
    /// a store that another process has is not ours: then the service stops.
    fn store_failed(&self, error: &StoreError) {
        tracing::error!("{}: {error}", error.code());
        self.is_store_down.store(true, Ordering::SeqCst);
        if error.is_fatal() {
            // The first one is told.
            let _ = self.fatal.set(error.clone());
            self.stopping.send_replace(true);
        }
    }

    /// Keeps a snapshot once it is sure that it can be read again.
    fn keep_snapshot(&self, seq: Seq, text: &str) {
        let is_readable = wire::read_snapshot(text).is_ok();
        let kept = is_readable.then(|| {
            let snapshot = Snapshot { seq, format: GOING_ON, body: text.into() };
            self.runtime.block_on(self.store.save_snapshot(&snapshot))
        });
        let has_failed = !matches!(kept, Some(Ok(())));
        if has_failed {
            tracing::warn!("the snapshot after event {} could not be kept: {kept:?}", seq.0);
        }
        self.has_snapshot_failed.store(has_failed, Ordering::SeqCst);
    }
}

/// The service, for all its callers.
#[derive(Clone)]
pub struct Service {
    commands: SyncSender<Command>,
    heavy: Arc<Semaphore>,
    light: Arc<Semaphore>,
    view: watch::Receiver<View>,
    shared: Arc<Shared>,
    terms: Arc<Terms>,
}

/// The threads of the service, to be waited for at its end.
pub struct Running {
    shared: Arc<Shared>,
    planner: std::thread::JoinHandle<()>,
    keeper: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Waits until everything that was taken in is stored.
    ///
    /// # Errors
    /// The failure of the store that made the service stop.
    pub async fn ended(self) -> Result<(), StoreError> {
        let planner = self.planner;
        let joined = tokio::task::spawn_blocking(move || planner.join()).await;
        let kept = self.keeper.await;
        if !matches!(joined, Ok(Ok(()))) || kept.is_err() {
            tracing::error!("a thread of the service has ended before its time");
        }
        self.shared.fatal.get().map_or(Ok(()), |failure| Err(failure.clone()))
    }
}

/// Starts the service: takes up what is stored, or begins with the day that is given.
///
/// # Errors
/// A [`StartError`].
pub async fn start(settings: LiveSettings) -> Result<(Service, Running), StartError> {
    let LiveSettings { store, day, travel, clock, tick, giving_out } = settings;
    begin_log(&store, day.as_ref()).await?;
    let opened = recover::recover(&store, &travel).await?;
    let store = Arc::new(store);
    let shared = Arc::new(Shared {
        store: store.clone(),
        travel,
        clock,
        runtime: tokio::runtime::Handle::current(),
        broadcast: view::Broadcast::after(opened.seq),
        giving_out,
        is_store_down: AtomicBool::new(false),
        is_store_unread: AtomicBool::new(false),
        tick,
        stopping: watch::channel(false).0,
        fatal: OnceLock::new(),
        has_snapshot_failed: AtomicBool::new(false),
        refused_busy: AtomicU64::new(0),
    });
    let terms = Arc::new(Terms::of(opened.rolling.live().world()));
    let (commands, inbox) = sync_channel(QUEUE);
    let (staged, to_store) = mpsc::channel(STAGED);
    let searches = search_aside(commands.clone());
    let planner = Planner::new(opened, shared.clone(), staged, searches);
    let (seen, view) = watch::channel(planner.view());
    let keeper =
        tokio::spawn(keeper::keep(store, to_store, seen, shared.clone(), commands.clone()));
    let planner = std::thread::Builder::new()
        .name("planner".to_owned())
        .spawn(move || planner.run(&inbox))
        // Without a thread to plan on there is nothing to serve.
        .expect("the system gives a thread");
    let service = Service {
        commands,
        heavy: Arc::new(Semaphore::new(HEAVY)),
        light: Arc::new(Semaphore::new(LIGHT)),
        view,
        shared: shared.clone(),
        terms,
    };
    Ok((service, Running { shared, planner, keeper }))
}

/// The log begins with the day, unless it has begun already.
async fn begin_log(store: &Store, day: Option<&World>) -> Result<(), StartError> {
    let first = store.first_snapshot().await?;
    match (first, day) {
        (None, None) => Err(StartError::Recover(RecoverError::Empty)),
        (None, Some(day)) => {
            let body = wire::write_day(day).into_bytes();
            Ok(store.save_snapshot(&Snapshot { seq: Seq::ZERO, format: OPENED, body }).await?)
        }
        (Some(first), Some(day)) if first.body != wire::write_day(day).as_bytes() => {
            Err(StartError::OtherDay)
        }
        (Some(_), _) => Ok(()),
    }
}

/// The thread that searches; one search at a time.
fn search_aside(commands: SyncSender<Command>) -> SyncSender<Box<Job>> {
    let (searches, inbox) = sync_channel::<Box<Job>>(1);
    let search = move || {
        for job in inbox {
            if commands.send(Command::Searched(job.run())).is_err() {
                return;
            }
        }
    };
    // Without it the plan is legal all the same, only never bettered; there is a thread though.
    let _ = std::thread::Builder::new().name("search".to_owned()).spawn(search);
    searches
}

impl Service {
    /// What reading an event looks at.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Now, by the service's clock.
    pub fn now(&self) -> Instant {
        self.shared.clock.now()
    }

    /// The plan as it is stored.
    pub fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// Listens to what happens from after `since` on.
    pub fn listen(&self, since: Option<Seq>) -> Listening {
        self.shared.broadcast.listen(since, self.view().seq)
    }

    /// Takes an event in. Returns when it is stored.
    ///
    /// # Errors
    /// A [`Fault`]; then nothing has happened, except that of [`Fault::Unavailable`] this is not
    /// always known: the same request sent again with its key is told.
    pub async fn report(&self, report: NewReport) -> Result<Answered, Fault> {
        self.is_open()?;
        if let Some(hash) = report.request_hash {
            let key = report.recorded.id.as_str();
            match self.looked_up(self.shared.store.answer_of(key).await)? {
                None => {}
                Some(answer) if answer.request_hash[..] == hash => {
                    return Ok(Answered::again(answer));
                }
                Some(_) => return Err(Fault::KeyTaken { key: key.to_owned() }),
            }
            // An event that came without a key has an id all the same, which is nobody's key.
            if self.looked_up(self.shared.store.find(key).await)?.is_some() {
                return Err(Fault::KeyTaken { key: key.to_owned() });
            }
        }
        let is_light = matches!(
            report.recorded.event,
            Event::Position { .. } | Event::Acknowledged { .. } | Event::Told { .. }
        );
        let permits = if is_light { &self.light } else { &self.heavy };
        let _permit = permits.try_acquire().map_err(|_| self.busy())?;
        let (reply, answer) = oneshot::channel();
        let NewReport { recorded, request_hash, render } = report;
        let report = Box::new(Report { recorded, request_hash, render, reply });
        self.send(Command::Report(report))?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Gives a suggestion out.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn accept(
        &self,
        suggestion: u64,
        by: String,
        render: Render,
    ) -> Result<Answered, Fault> {
        self.is_open()?;
        let _permit = self.heavy.try_acquire().map_err(|_| self.busy())?;
        let (reply, answer) = oneshot::channel();
        self.send(Command::Accept { suggestion, by, render, reply })?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Takes a suggestion away without giving it out.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn reject(&self, suggestion: u64) -> Result<(), Fault> {
        self.look(move |planner| planner.suggestions.take(suggestion).map(drop)).await?
    }

    /// The suggestions that wait.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn suggestions(&self) -> Result<Vec<Suggestion>, Fault> {
        self.look(|planner| planner.suggestions.current(&planner.rolling)).await
    }

    /// Where a visit could go; nothing is changed.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn options(&self, request: Request) -> Result<Vec<Choice>, Fault> {
        let now = self.now();
        let _permit = self.heavy.try_acquire().map_err(|_| self.busy())?;
        let options = self.look(move |planner| {
            let now = now.max(planner.rolling.live().now());
            planner.rolling.options(&request, now).map_err(Fault::Refused)
        });
        options.await?
    }

    /// Asks something of the facts and the plan.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Rolling) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let _permit = self.light.try_acquire().map_err(|_| self.busy())?;
        self.look(|planner| question(&planner.rolling)).await
    }

    /// Why a visit has the crews that it has, and who else could come.
    ///
    /// # Errors
    /// A [`Fault`], and inside it a [`Refusal`] when there is nothing to explain.
    pub async fn explain(
        &self,
        visit: VisitId,
    ) -> Result<Result<Vec<ExplainedPart>, Refusal>, Fault> {
        let _permit = self.heavy.try_acquire().map_err(|_| self.busy())?;
        self.look(move |planner| planner.rolling.explain(&visit)).await
    }

    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Planner) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Look(Box::new(move |planner| {
            let seen = look(planner);
            Box::new(move |stored| {
                // Whoever asked may have gone.
                let _ = reply.send(stored.map(|()| seen));
            })
        })))?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Takes nothing more in, and stops once everything is stored.
    pub fn stop(&self) {
        self.shared.stopping.send_replace(true);
        let commands = self.commands.clone();
        // The queue may be full, and this caller must not wait.
        std::thread::spawn(move || drop(commands.send(Command::Stop)));
    }

    /// Returns when the service is about to stop.
    pub async fn stopping(&self) {
        let mut stopping = self.shared.stopping.subscribe();
        // It lives as long as this handle does.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// An id for an event that its caller has not named.
    pub fn new_id() -> EventId {
        EventId::new(uuid::Uuid::now_v7().to_string())
    }

    fn is_open(&self) -> Result<(), Fault> {
        if *self.shared.stopping.borrow() {
            return Err(stopped());
        }
        if self.shared.is_store_down.load(Ordering::SeqCst) {
            return Err(Fault::Unavailable { why: "the store cannot be written".to_owned() });
        }
        Ok(())
    }

    /// What was looked up in the store; that it cannot be read is seen by all.
    fn looked_up<T>(&self, found: Result<T, StoreError>) -> Result<T, Fault> {
        self.shared.is_store_unread.store(found.is_err(), Ordering::SeqCst);
        found.map_err(|error| Fault::of_store(&error))
    }

    fn send(&self, command: Command) -> Result<(), Fault> {
        self.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => self.busy(),
            TrySendError::Disconnected(_) => stopped(),
        })
    }

    fn busy(&self) -> Fault {
        self.shared.refused_busy.fetch_add(1, Ordering::Relaxed);
        Fault::Busy
    }
}

fn stopped() -> Fault {
    Fault::Unavailable { why: "the service is stopping".to_owned() }
}

/// A moment as the store keeps it.
fn micros(moment: Instant) -> Micros {
    Micros(moment.0.saturating_mul(1_000_000))
}
