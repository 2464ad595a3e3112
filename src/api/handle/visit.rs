//! Visits and crews.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::json;
use crate::api::App;
use crate::api::ask::{Named, Query};
use crate::api::problem::Problem;
use crate::api::shape::{Crews, Explained, VisitPage, Wanted, visit_of};
use crate::domain::{Refusal, VisitId};
use crate::live::Fault;

/// So many visits are on a page when nobody says.
const PAGE: i64 = 100;
/// No page is longer.
const PAGE_MAX: i64 = 1_000;

/// Visits, some at a time.
pub(in crate::api) async fn visits(
    State(app): State<App>,
    query: Query,
) -> Result<Response, Problem> {
    let query = query.only(&["after", "limit"])?;
    let limit = query.number("limit", 1, PAGE_MAX)?.unwrap_or(PAGE);
    let after = query.text("after").map(ToOwned::to_owned);
    let wanted = Wanted { after: after.clone(), limit: limit as usize };
    let page = app.service.ask(move |rolling| VisitPage::of(rolling, &wanted)).await?;
    match page {
        Some(page) => Ok(json(StatusCode::OK, &page)),
        None => Err(Problem::unknown("visit", &after.unwrap_or_default())),
    }
}

/// One visit.
pub(in crate::api) async fn visit(
    State(app): State<App>,
    Named(id): Named,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let wanted = VisitId::new(&id);
    let visit = app.service.ask(move |rolling| visit_of(rolling, &wanted)).await?;
    visit.map(|visit| json(StatusCode::OK, &visit)).ok_or_else(|| Problem::unknown("visit", &id))
}

/// Why a visit has the crews that it has, and who else could come.
pub(in crate::api) async fn explain(
    State(app): State<App>,
    Named(id): Named,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let wanted = VisitId::new(&id);
    match app.service.explain(wanted).await? {
        Ok(parts) => Ok(json(StatusCode::OK, &Explained::of(&id, &parts))),
        Err(Refusal::Unknown { .. }) => Err(Problem::unknown("visit", &id)),
        Err(refusal) => Err(Fault::Refused(refusal).into()),
    }
}

/// All crews and their shifts.
pub(in crate::api) async fn crews(
    State(app): State<App>,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let crews = app.service.ask(|rolling| Crews::of(rolling.live())).await?;
    Ok(json(StatusCode::OK, &crews))
}
