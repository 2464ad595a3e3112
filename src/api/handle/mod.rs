//! What each route does.

mod health;
mod plan;
mod report;
mod stream;
mod suggestion;
mod visit;

pub(super) use health::{live, metrics, openapi, ready};
pub(super) use plan::{changes, plan, stops};
pub(super) use report::{event, request};
pub(super) use stream::{STREAMS_MAX, stream};
pub(super) use suggestion::{accept, reject, suggestions};
pub(super) use visit::{crews, explain, visit, visits};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::live::Answered;

/// JSON that always serialises: shapes have text keys only.
fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// An answer that is stored, or was stored before.
fn answered(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (status, kind, answered.body).into_response();
    if answered.is_again {
        let name = HeaderName::from_static("idempotent-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// Does the caller have this version already?
fn has(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| {
        known.split(',').any(|one| {
            let one = one.trim();
            one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag
        })
    })
}

/// The answer to somebody who has this version, or the version.
fn versioned(headers: &HeaderMap, etag: &str, body: impl FnOnce() -> Response) -> Response {
    let mut response =
        if has(headers, etag) { StatusCode::NOT_MODIFIED.into_response() } else { body() };
    // It is made of digits and quotation marks.
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    let cache = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}
