//! The stream of what happens: server-sent events whose ids are places in the log, so that a
//! listener who was away goes on where she was.

use std::collections::VecDeque;
use std::convert::Infallible;
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
use crate::live::{Fault, Heard, Listening, News};
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
    let mut ear = Ear { waiting: VecDeque::new(), coming, app, seen: Seq::ZERO, _permit: permit };
    match missed {
        Some(missed) => ear.waiting.extend(missed.iter().map(|heard| message(heard))),
        None => {
            let reset = ear.reset();
            ear.waiting.push_back(reset);
        }
    }
    let events = stream::unfold(ear, |mut ear| async move {
        let next = ear.next().await?;
        Some((Ok::<Event, Infallible>(next), ear))
    });
    let alive = KeepAlive::new().interval(SIGN_OF_LIFE);
    Ok(Sse::new(events).keep_alive(alive).into_response())
}

struct Ear {
    waiting: VecDeque<Event>,
    coming: Receiver<News>,
    app: App,
    /// The listener was told to look at the plan, and it knows of everything up to here.
    seen: Seq,
    _permit: OwnedSemaphorePermit,
}

impl Ear {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        loop {
            let news = tokio::select! {
                news = self.coming.recv() => news,
                () = self.app.service.stopping() => return None,
            };
            match news {
                Ok(News::Heard(heard)) if heard.seq > self.seen => return Some(message(&heard)),
                Ok(News::Anew(after)) if after > self.seen => return Some(self.reset()),
                Ok(_) => {}
                // Too slow a listener has missed some: she has to look at the whole plan.
                Err(RecvError::Lagged(_)) => {
                    self.coming = self.coming.resubscribe();
                    return Some(self.reset());
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// What was missed is not kept any more: look at the whole plan, and go on from here. Called
    /// once what comes is listened to, so that nothing falls in between.
    fn reset(&mut self) -> Event {
        let seq = self.app.service.view().seq;
        self.seen = seq;
        let data = format!("{{\"seq\":{}}}", seq.0);
        Event::default().id(seq.0.to_string()).event("reset").data(data)
    }
}

fn message(heard: &Heard) -> Event {
    // Shapes have text keys only.
    let data = serde_json::to_string(&shape::Heard::from(heard)).unwrap_or_default();
    Event::default().id(heard.seq.0.to_string()).event(heard.kind).data(data)
}
