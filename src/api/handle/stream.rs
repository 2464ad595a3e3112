//! The stream of what happens: server-sent events whose ids are places in the log, so that a
//! listener who was away goes on where she was.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::api::App;
use crate::api::ask::Query;
use crate::api::problem::Problem;
use crate::api::shape;
use crate::live::{Fault, Heard, Listening};
use crate::store::Seq;

/// So many listen at a time.
pub(in crate::api) const STREAMS_MAX: usize = 1_000;
/// A sign of life is sent every so often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Listens.
pub(in crate::api) async fn stream(
    State(app): State<App>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.only(&["after"])?;
    let permit = app.streams.clone().try_acquire_owned().map_err(|_| Problem::from(Fault::Busy))?;
    let after = match headers.get("last-event-id").map(|id| id.to_str()) {
        // A browser sends what we sent; anything else is no place in the log.
        Some(id) => Some(id.ok().and_then(|id| id.parse().ok()).unwrap_or(i64::MAX)),
        None => query.number("after", 0, i64::MAX)?,
    };
    let Listening { missed, coming } = app.service.listen(after.map(Seq));
    let mut waiting = VecDeque::new();
    match missed {
        Some(missed) => waiting.extend(missed.iter().map(|heard| message(heard))),
        None => waiting.push_back(reset(app.service.view().seq)),
    }
    let state = Ear { waiting, coming, app, _permit: permit };
    let events = stream::unfold(state, |mut ear| async move {
        let next = ear.next().await?;
        Some((Ok::<Event, Infallible>(next), ear))
    });
    let alive = KeepAlive::new().interval(SIGN_OF_LIFE);
    Ok(Sse::new(events).keep_alive(alive).into_response())
}

struct Ear {
    waiting: VecDeque<Event>,
    coming: Receiver<Arc<Heard>>,
    app: App,
    _permit: OwnedSemaphorePermit,
}

impl Ear {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        let heard = tokio::select! {
            heard = self.coming.recv() => heard,
            () = self.app.service.stopping() => return None,
        };
        match heard {
            Ok(heard) => Some(message(&heard)),
            // Too slow a listener has missed some: she has to look at the whole plan.
            Err(RecvError::Lagged(_)) => Some(reset(self.app.service.view().seq)),
            Err(RecvError::Closed) => None,
        }
    }
}

fn message(heard: &Heard) -> Event {
    // Shapes have text keys only.
    let data = serde_json::to_string(&shape::Heard::from(heard)).unwrap_or_default();
    Event::default().id(heard.seq.0.to_string()).event(heard.kind).data(data)
}

/// What was missed is not kept any more: look at the whole plan, and go on from here.
fn reset(seq: Seq) -> Event {
    let data = format!("{{\"seq\":{}}}", seq.0);
    Event::default().id(seq.0.to_string()).event("reset").data(data)
}
