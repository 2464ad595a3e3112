//! Requests and reports: what changes the plan.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{answered, json};
use crate::api::App;
use crate::api::ask::{By, Key, Query};
use crate::api::problem::Problem;
use crate::api::shape::{Accepted, Options};
use crate::domain::{Event, Recorded, Seconds};
use crate::live::{Answered, NewReport, Outcome, Render};
use crate::wire;

/// A visit is asked for: or, as a dry run, where it could go.
pub(in crate::api) async fn request(
    State(app): State<App>,
    by: By,
    key: Key,
    query: Query,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let query = query.only(&["dry_run", "hold_minutes"])?;
    let is_dry_run = query.flag("dry_run")?;
    let hold = query.number("hold_minutes", 1, 60)?;
    let body = json_body(&headers, body)?;
    let hold_text = hold.unwrap_or(0).to_string();
    let (stamp, hash) = key.stamp(&app.service, by, &[b"requests", hold_text.as_bytes(), &body]);
    let mut recorded = wire::read_report(&body, Some("requested"), app.service.terms(), &stamp)?;
    let Event::Requested(request) = &mut recorded.event else {
        return Err(Problem::usage("it is no request"));
    };
    if is_dry_run {
        let options = app.service.options((**request).clone()).await?;
        return Ok(json(StatusCode::OK, &Options::of(&options)));
    }
    if let Some(minutes) = hold {
        request.held_until = Some(stamp.recorded_at + Seconds::from_minutes(minutes));
    }
    report(&app, recorded, hash).await
}

/// Anything else that happens.
pub(in crate::api) async fn event(
    State(app): State<App>,
    by: By,
    key: Key,
    query: Query,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let body = json_body(&headers, body)?;
    let (stamp, hash) = key.stamp(&app.service, by, &[b"events", &body]);
    let recorded = wire::read_report(&body, None, app.service.terms(), &stamp)?;
    report(&app, recorded, hash).await
}

async fn report(
    app: &App,
    recorded: Recorded,
    request_hash: Option<[u8; 32]>,
) -> Result<Response, Problem> {
    let report = NewReport { recorded, request_hash, render: accepted() };
    Ok(answered(app.service.report(report).await?))
}

/// Writes the answer to an event that was accepted.
pub(super) fn accepted() -> Render {
    Box::new(|outcome: &Outcome<'_>| Answered {
        status: StatusCode::CREATED.as_u16(),
        // Shapes have text keys only.
        body: serde_json::to_string(&Accepted::of(outcome)).unwrap_or_default(),
        is_again: false,
    })
}

/// The body, if it says that it is JSON and is not too large.
fn json_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or("").trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    if !is_json {
        let title = "the body is not said to be application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "L0306", title));
    }
    body.map_err(|rejected| {
        let status = rejected.status();
        Problem::new(status, "L0307", format!("the body cannot be read: {rejected}"))
    })
}
