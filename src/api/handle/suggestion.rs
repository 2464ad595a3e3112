//! Better plans that wait for a yes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::report::accepted;
use super::{answered, json};
use crate::api::App;
use crate::api::ask::{By, Named, Query};
use crate::api::problem::Problem;
use crate::api::shape::Suggestions;

/// Those that wait.
pub(in crate::api) async fn suggestions(
    State(app): State<App>,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    Ok(json(StatusCode::OK, &Suggestions::of(&app.service.suggestions().await?)))
}

/// Gives one out.
pub(in crate::api) async fn accept(
    State(app): State<App>,
    Named(id): Named,
    by: By,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let number = numbered(&id)?;
    Ok(answered(app.service.accept(number, by.0, accepted()).await?))
}

/// Takes one away.
pub(in crate::api) async fn reject(
    State(app): State<App>,
    Named(id): Named,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    app.service.reject(numbered(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn numbered(id: &str) -> Result<u64, Problem> {
    id.parse().map_err(|_| Problem::unknown("suggestion", id))
}
