//! Stores what was taken in, several events in one transaction, strictly in order, and only then
//! lets anybody know of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{mpsc, oneshot, watch};

use super::planner::Command;
use super::view::{Heard, View};
use super::{Answered, Fault, Shared};
use crate::store::{Answer, Batch, NewRecord, Seq, Store, StoreError};

/// So many events go into one transaction at most.
const RECORDS_MAX: usize = 256;

/// What happens once everything staged before it is stored, or cannot be.
pub(super) type Done = Box<dyn FnOnce(Result<(), Fault>) + Send>;

/// A step of the planner, to be stored.
#[derive(Default)]
pub(super) struct Staged {
    pub(super) records: Vec<NewRecord>,
    pub(super) answers: Vec<Answer>,
    /// Requests sent again: answered from the store, once what came before is in it.
    pub(super) repeated: Vec<Repeated>,
    pub(super) done: Vec<Done>,
    pub(super) heard: Vec<Arc<Heard>>,
    pub(super) view: Option<View>,
    /// The planner has begun anew after this place in the log: what follows hangs together again.
    pub(super) fresh_after: Option<Seq>,
    /// The last one.
    pub(super) is_last: bool,
}

/// A request that came before with the same key and the same text.
pub(super) struct Repeated {
    pub(super) key: String,
    pub(super) reply: oneshot::Sender<Result<Answered, Fault>>,
}

impl Staged {
    fn take_in(&mut self, other: Staged) {
        self.records.extend(other.records);
        self.answers.extend(other.answers);
        self.repeated.extend(other.repeated);
        self.done.extend(other.done);
        self.heard.extend(other.heard);
        self.view = other.view.or(self.view.take());
        self.is_last |= other.is_last;
    }

    fn refuse(self, fault: &Fault) {
        for done in self.done {
            done(Err(fault.clone()));
        }
        for repeated in self.repeated {
            // Whoever asked may have gone.
            let _ = repeated.reply.send(Err(fault.clone()));
        }
    }
}

/// Stores what is staged until the last of it; returns the store.
pub(super) async fn keep(
    store: Arc<Store>,
    mut staged: mpsc::Receiver<Staged>,
    view: watch::Sender<View>,
    shared: Arc<Shared>,
    planner: std::sync::mpsc::SyncSender<Command>,
) {
    let mut waiting: Option<Staged> = None;
    let mut is_broken = false;
    loop {
        let next = match waiting.take() {
            Some(next) => Some(next),
            None => staged.recv().await,
        };
        let Some(mut batch) = next else { return };
        if batch.fresh_after.is_some() {
            is_broken = false;
        }
        if is_broken {
            batch.refuse(&Fault::Unavailable { why: "the store has failed".to_owned() });
            continue;
        }
        while batch.records.len() < RECORDS_MAX {
            match staged.try_recv() {
                Ok(next) if next.fresh_after.is_some() => {
                    waiting = Some(next);
                    break;
                }
                Ok(next) => batch.take_in(next),
                Err(_) => break,
            }
        }
        let is_last = batch.is_last;
        if let Err(error) = store_and_tell(&store, batch, &view, &shared).await {
            is_broken = true;
            shared.store_failed(&error);
            let planner = planner.clone();
            // The planner may be busy, and must not wait for us while we wait for it.
            tokio::task::spawn_blocking(move || drop(planner.send(Command::StoreFailed)));
        }
        if is_last {
            return;
        }
    }
}

async fn store_and_tell(
    store: &Store,
    mut batch: Staged,
    view: &watch::Sender<View>,
    shared: &Shared,
) -> Result<Option<Seq>, StoreError> {
    let records = std::mem::take(&mut batch.records);
    let answers = std::mem::take(&mut batch.answers);
    let stored = match records.is_empty() {
        true => None,
        false => match store.append(&Batch { records, answers }).await {
            Ok(last) => {
                shared.is_store_unread.store(false, Ordering::SeqCst);
                Some(last)
            }
            Err(error) => {
                batch.refuse(&Fault::of_store(&error));
                return Err(error);
            }
        },
    };
    // A batch that got no answer may have been stored, and nobody has heard of it.
    let unheard = batch.fresh_after.filter(|after| *after > view.borrow().seq);
    if let Some(seen) = batch.view {
        view.send_replace(seen);
    }
    if batch.fresh_after.is_some() {
        shared.is_store_down.store(false, Ordering::SeqCst);
    }
    if let Some(after) = unheard {
        shared.broadcast.begin_anew(after);
    }
    shared.broadcast.tell(batch.heard);
    for done in batch.done {
        done(Ok(()));
    }
    for Repeated { key, reply } in batch.repeated {
        let answer = store.answer_of(&key).await;
        let _ = reply.send(match answer {
            Ok(Some(answer)) => Ok(Answered::again(answer)),
            Ok(None) => Err(Fault::Unavailable { why: "its answer is not kept".to_owned() }),
            Err(error) => Err(Fault::of_store(&error)),
        });
    }
    Ok(stored)
}
