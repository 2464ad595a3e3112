//! The one form of error: `application/problem+json` (RFC 9457), with the codes that files have.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::Refusal;
use crate::live::{Fault, RETRY_AFTER};
use crate::wire;

/// The media type of errors.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong.
#[derive(Serialize, JsonSchema, Debug)]
pub(super) struct Problem {
    /// Names the kind of problem: `urn:rond:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status.
    status: u16,
    /// As in `docs/errors.md`.
    code: String,
    /// What is wrong, in a sentence.
    title: String,
    /// Everything that is wrong with what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    problems: Vec<Item>,
}

/// One thing that is wrong with what was sent.
#[derive(Serialize, JsonSchema, Debug)]
struct Item {
    code: &'static str,
    /// Where, as a JSON pointer into what was sent.
    path: String,
    cause: String,
    action: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:rond:problem:{code}"),
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.into(),
            problems: Vec::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// Nothing has this id.
    pub(super) fn unknown(what: &'static str, id: &str) -> Problem {
        let refusal = Refusal::Unknown { what, id: id.chars().take(100).collect() };
        Problem::new(StatusCode::NOT_FOUND, refusal.code(), refusal.to_string())
    }

    /// A header or a query that is not as it must be.
    pub(super) fn usage(title: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "L0301", title)
    }
}

impl From<Vec<wire::Problem>> for Problem {
    fn from(problems: Vec<wire::Problem>) -> Problem {
        let count = problems.len();
        let title = match count {
            1 => "1 problem".to_owned(),
            several => format!("{several} problems"),
        };
        let code = problems.first().map_or("E0603", |first| first.code);
        let items = problems.into_iter().map(|problem| Item {
            code: problem.code,
            path: problem.path,
            cause: problem.cause,
            action: problem.action,
        });
        let problems = items.collect();
        Problem { problems, ..Problem::new(StatusCode::BAD_REQUEST, code, title) }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let status = match &fault {
            Fault::Busy => StatusCode::TOO_MANY_REQUESTS,
            Fault::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Fault::KeyTaken { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Refused(refusal) => match refusal {
                Refusal::Unknown { what: "suggestion", .. } => StatusCode::NOT_FOUND,
                Refusal::Unknown { .. }
                | Refusal::NoSuchPart { .. }
                | Refusal::NoSuchBreak { .. }
                | Refusal::TooLate { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                Refusal::Duplicate { .. }
                | Refusal::Over { .. }
                | Refusal::Begun { .. }
                | Refusal::NotHeld { .. }
                | Refusal::SlotGone { .. }
                | Refusal::Outdated
                | Refusal::Full { .. } => StatusCode::CONFLICT,
            },
        };
        Problem::new(status, fault.code(), fault.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Whoever made it took the status from a `StatusCode`.
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
        let mut response = (status, kind, body).into_response();
        let again = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
        if again.contains(&status) {
            let after = HeaderValue::from(RETRY_AFTER);
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}
