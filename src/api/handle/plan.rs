//! The plan, what has changed of it, and the list of one shift.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{json, versioned};
use crate::api::App;
use crate::api::ask::{Named, Query};
use crate::api::problem::Problem;
use crate::api::shape::{Changes, Plan, StopList};
use crate::domain::ShiftId;
use crate::live::View;

/// The whole plan.
pub(in crate::api) async fn plan(
    State(app): State<App>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let view = app.service.view();
    let etag = format!("\"{}\"", view.seq.0);
    Ok(versioned(&headers, &etag, || {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (StatusCode::OK, kind, written(&app, &view)).into_response()
    }))
}

/// The plan as text; written once per event, however many ask for it.
fn written(app: &App, view: &View) -> Bytes {
    // Nothing in here panics with the lock held.
    let mut kept = app.plan.lock().expect("never poisoned");
    if let Some((seq, text)) = &*kept
        && *seq == view.seq.0
    {
        return text.clone();
    }
    let text = Bytes::from(serde_json::to_vec(&Plan::of(view)).unwrap_or_default());
    *kept = Some((view.seq.0, text.clone()));
    text
}

/// The lists that have changed since a version of the plan.
pub(in crate::api) async fn changes(
    State(app): State<App>,
    query: Query,
) -> Result<Response, Problem> {
    let query = query.only(&["since"])?;
    let since = query.number("since", 0, i64::MAX)?.unwrap_or(0);
    let view = app.service.view();
    Ok(json(StatusCode::OK, &Changes::since(&view, since.unsigned_abs())))
}

/// The stops of a shift that are still to come.
pub(in crate::api) async fn stops(
    State(app): State<App>,
    Named(shift): Named,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let view = app.service.view();
    let shift = ShiftId::new(shift);
    let version = view.plan.list_versions.get(&shift).copied().unwrap_or(0);
    let Some(list) = view.plan.list(&shift) else {
        let known = shift.clone();
        let is_known = app.service.ask(move |rolling| {
            rolling.live().world().shift(&known).map(|(crew, own)| (crew.id.clone(), own.hours))
        });
        let Some((crew, hours)) = is_known.await? else {
            return Err(Problem::unknown("shift", shift.as_str()));
        };
        let list = StopList::empty(&shift, &crew, hours, &view);
        return Ok(json(StatusCode::OK, &list));
    };
    // What was reported of its stops is on it, too, and where its crew is.
    let etag = format!("\"{version}-{}\"", view.seq.0);
    Ok(versioned(&headers, &etag, || json(StatusCode::OK, &StopList::of(list, &view))))
}
