//! How the service is, its figures, and what it can do.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::json;
use crate::api::shape::Ready;
use crate::api::{App, document};

/// It runs.
pub(in crate::api) async fn live() -> Response {
    json(StatusCode::OK, &serde_json::json!({ "status": "live" }))
}

/// It can take requests in; or why not.
pub(in crate::api) async fn ready(State(app): State<App>) -> Response {
    let (ready, serves) = Ready::of(&app.service.health(), app.service.now());
    let status = if serves { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = json(status, &ready);
    if !serves {
        let after = crate::live::RETRY_AFTER.into();
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    response
}

/// Figures for Prometheus.
pub(in crate::api) async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics.text(&app.service.health(), &app.service.view());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// The document of all routes.
pub(in crate::api) async fn openapi() -> Response {
    json(StatusCode::OK, &document())
}
