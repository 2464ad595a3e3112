//! From what is stored to the plan as it was: the newest snapshot, and the events since.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant as RealInstant};

use crate::domain::{Instant, Live, Memory, World};
use crate::replan::rolling::{Roads, Rolling, Written};
use crate::store::{Seq, Snapshot, Store, StoreError};
use crate::travel::Matrix;
use crate::wire::{self, SnapshotParts, Terms};

/// The form of the snapshot that the log begins with: a day file.
pub const OPENED: u32 = 1;
/// The form of the snapshots that are kept while the day goes on.
pub const GOING_ON: u32 = 2;
/// So many events are read at a time.
const PAGE: usize = 1_000;

/// Where driving times come from: those between the places of a day, and those to new places.
pub type TravelSource = Arc<dyn Fn(&World) -> Result<(Matrix, Roads), String> + Send + Sync>;

/// Why a day cannot be taken up again.
#[derive(Debug)]
pub enum RecoverError {
    /// The store cannot be read.
    Store(StoreError),
    /// Nothing was ever stored.
    Empty,
    /// What is stored cannot be understood.
    Unreadable {
        /// Which event or snapshot.
        seq: Seq,
        /// What is wrong with it.
        why: String,
    },
    /// There are no driving times.
    Travel(String),
}

impl fmt::Display for RecoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecoverError::Store(error) => error.fmt(f),
            RecoverError::Empty => f.write_str("the store holds no day yet"),
            RecoverError::Unreadable { seq, why } => {
                write!(f, "event or snapshot {} in the store cannot be read: {why}", seq.0)
            }
            RecoverError::Travel(why) => f.write_str(why),
        }
    }
}

impl From<StoreError> for RecoverError {
    fn from(error: StoreError) -> RecoverError {
        RecoverError::Store(error)
    }
}

/// What has to be kept of a day that goes on.
pub struct Kept {
    world: World,
    memory: Memory,
    written: Written,
}

impl Kept {
    /// What has to be kept of a day.
    pub fn of(rolling: &Rolling) -> Kept {
        Kept {
            world: rolling.live().world().clone(),
            memory: rolling.live().memory().clone(),
            written: rolling.written(),
        }
    }

    /// The snapshot as it is stored.
    pub fn text(&self) -> String {
        let Written { lists, list_versions, version } = &self.written;
        wire::write_snapshot(&self.world, &self.memory, lists, list_versions, *version)
    }
}

/// A day taken up again.
pub struct Opened {
    /// The facts and the plan.
    pub rolling: Rolling,
    /// The last event that they know of.
    pub seq: Seq,
    /// How long it took to take in the events since the snapshot.
    pub took: Duration,
}

/// The day as it was opened.
///
/// # Errors
/// A [`RecoverError`].
async fn opened_day(store: &Store) -> Result<World, RecoverError> {
    let Some(first) = store.first_snapshot().await? else { return Err(RecoverError::Empty) };
    let unreadable = |why| RecoverError::Unreadable { seq: first.seq, why };
    if first.seq != Seq::ZERO || first.format != OPENED {
        return Err(unreadable("the log does not begin with a day".to_owned()));
    }
    wire::read_day(&first.body).map(|day| day.world).map_err(|problems| unreadable(said(&problems)))
}

/// When the day in the store was left, or begins; the day given stands in for one in the store.
///
/// # Errors
/// A [`RecoverError`].
pub async fn left_at(store: &Store, day: Option<&World>) -> Result<Instant, RecoverError> {
    let last = store.last_seq().await?;
    if last > Seq::ZERO
        && let Some(record) = store.read_from(Seq(last.0 - 1), 1).await?.pop()
    {
        return Ok(Instant(record.event.recorded_at.0 / 1_000_000));
    }
    match day {
        Some(day) => Ok(day.as_of),
        None => Ok(opened_day(store).await?.as_of),
    }
}

/// The plan as it was: the newest snapshot, and the events since.
///
/// # Errors
/// A [`RecoverError`].
pub async fn recover(store: &Store, travel: &TravelSource) -> Result<Opened, RecoverError> {
    let Some(snapshot) = store.latest_snapshot().await? else { return Err(RecoverError::Empty) };
    replayed(store, travel, snapshot, None, |_, _| Ok(())).await
}

/// The plan from a snapshot on, up to an event or to the last. `each` sees the plan after each.
///
/// # Errors
/// A [`RecoverError`], that of `each` too.
pub async fn replayed(
    store: &Store,
    travel: &TravelSource,
    snapshot: Snapshot,
    upto: Option<Seq>,
    mut each: impl FnMut(Seq, &Rolling) -> Result<(), RecoverError>,
) -> Result<Opened, RecoverError> {
    let mut seq = snapshot.seq;
    let mut rolling = taken_up(&snapshot, travel)?;
    drop(snapshot);
    let terms = Terms::of(rolling.live().world());
    let mut took = Duration::ZERO;
    loop {
        let page = store.read_from(seq, PAGE).await?;
        if page.is_empty() {
            return Ok(Opened { rolling, seq, took });
        }
        for record in page {
            if upto.is_some_and(|upto| record.seq > upto) {
                return Ok(Opened { rolling, seq, took });
            }
            seq = record.seq;
            let unreadable = |why| RecoverError::Unreadable { seq: record.seq, why };
            let event = wire::read_event(record.event.body.as_bytes(), &terms)
                .map_err(|problems| unreadable(said(&problems)))?;
            let begun = RealInstant::now();
            // Only what was not refused is in the log.
            rolling.apply(&event).map_err(|refusal| unreadable(refusal.to_string()))?;
            took += begun.elapsed();
            each(seq, &rolling)?;
        }
    }
}

fn taken_up(snapshot: &Snapshot, travel: &TravelSource) -> Result<Rolling, RecoverError> {
    let unreadable = |why| RecoverError::Unreadable { seq: snapshot.seq, why };
    match snapshot.format {
        OPENED => {
            let day = wire::read_day(&snapshot.body);
            let world = day.map_err(|problems| unreadable(said(&problems)))?.world;
            let (matrix, roads) = travel(&world).map_err(RecoverError::Travel)?;
            Ok(Rolling::open(world, matrix, roads))
        }
        GOING_ON => {
            let parts = wire::read_snapshot(&snapshot.body);
            let parts = parts.map_err(|problems| unreadable(said(&problems)))?;
            let SnapshotParts { world, memory, shifts, list_versions, plan_version } = parts;
            let (matrix, roads) = travel(&world).map_err(RecoverError::Travel)?;
            let live = Live::restored(world, memory);
            let written = Written { lists: shifts, list_versions, version: plan_version };
            Ok(Rolling::restored(live, written, matrix, roads))
        }
        other => Err(unreadable(format!("form {other} is not known to this program"))),
    }
}

fn said(problems: &[wire::Problem]) -> String {
    let said: Vec<String> = problems.iter().take(3).map(ToString::to_string).collect();
    said.join("; ")
}
