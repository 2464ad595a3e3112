//! What every request is held to: its size, its time, where it comes from, and that even what no
//! route answers is answered in the one form of error.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use super::App;
use super::problem::Problem;

/// No body is larger.
pub(super) const BODY_MAX: usize = 256 * 1024;
/// No answer but a stream takes longer.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// The routes with all that every request is held to.
pub(super) fn guarded(routes: Router<App>, app: &App) -> Router<App> {
    routes
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(from_here))
        .layer(middleware::from_fn_with_state(app.clone(), counted))
}

async fn no_route() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "L0302", "there is no such route; see /openapi.json")
}

async fn no_method() -> Problem {
    let title = "the route does not answer to this method; see /openapi.json";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "L0303", title)
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_MAX, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let title = "it took too long; whether it was done is told when it is sent again";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "L0304", title).into_response()
        }
    }
}

/// A page from elsewhere must not reach a service of this machine through its user's browser: the
/// name it is called by is of this machine, and so is the page that calls it.
async fn from_here(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    if !host.is_none_or(is_loopback) || !(is_reading || is_own_page(headers)) {
        let title = "the service is called by another name than that of this machine, or by a page \
                     from elsewhere";
        return Problem::new(StatusCode::FORBIDDEN, "L0305", title).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn is_own_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or("");
    let host = origin.strip_prefix("http://").or(origin.strip_prefix("https://"));
    host.is_some_and(is_loopback)
}

/// `localhost`, `127.0.0.1` or `[::1]`, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

async fn counted(
    State(app): State<App>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let begun = Instant::now();
    let response = next.run(request).await;
    let route = path.as_ref().map_or("none", MatchedPath::as_str);
    app.metrics.answered(&method, route, response.status(), begun.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_its_names() {
        for name in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(name), "{name}");
        }
        for name in ["rond.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "::1"] {
            assert!(!is_loopback(name), "{name}");
        }
    }
}
