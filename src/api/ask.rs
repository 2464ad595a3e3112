//! What a request says besides its body: who sends it, under which key, and its query.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::domain::{EventId, VisitId};
use crate::live::Service;
use crate::wire::Stamp;

/// Whoever does not say who they are.
const NOBODY: &str = "lokal";
/// Longest name and longest key.
const NAME_MAX: usize = 100;

/// Who asks.
pub(super) struct By(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<By, Problem> {
        Ok(By(named(&parts.headers, "x-rond-user")?.unwrap_or_else(|| NOBODY.to_owned())))
    }
}

/// The key under which a request is known when it is sent again.
pub(super) struct Key(pub(super) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Problem> {
        Ok(Key(named(&parts.headers, "idempotency-key")?))
    }
}

impl Key {
    /// The stamp of a report, and the checksum of its request when it has a key.
    pub(super) fn stamp(
        self,
        service: &Service,
        by: By,
        request: &[&[u8]],
    ) -> (Stamp, Option<[u8; 32]>) {
        let own = Service::new_id();
        let visit = VisitId::new(own.as_str());
        let hash = self.0.as_ref().map(|_| {
            let mut hash = Sha256::new();
            for part in request {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            hash.finalize().into()
        });
        let id = self.0.map_or(own, EventId::new);
        (Stamp { id, recorded_at: service.now(), by: by.0, visit }, hash)
    }
}

fn named(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let is_visible = |text: &&str| {
        (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let text = value.to_str().ok().filter(is_visible);
    let wrong = || {
        Problem::usage(format!("the header {name} is not 1 to {NAME_MAX} visible ASCII characters"))
    };
    text.map(|text| Some(text.to_owned())).ok_or_else(wrong)
}

/// The id that the path names.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Named(id))
            .map_err(|why| Problem::usage(format!("the path cannot be read: {why}")))
    }
}

/// A query, field by field.
pub(super) struct Query(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query, Problem> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|why| Problem::usage(format!("the query cannot be read: {why}")))?;
        let mut fields = BTreeMap::new();
        for (name, value) in pairs.0 {
            if fields.insert(name.clone(), value).is_some() {
                return Err(Problem::usage(format!("the query has {name:.50?} twice")));
            }
        }
        Ok(Query(fields))
    }
}

impl Query {
    /// Only these fields may be in it.
    pub(super) fn only(self, names: &[&str]) -> Result<Query, Problem> {
        match self.0.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => {
                Err(Problem::usage(format!("the query has an unknown field {name:.50?}")))
            }
            None => Ok(self),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// `true` or `false`; absent means false.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                Err(Problem::usage(format!("{name} is {other:.50?}, neither true nor false")))
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, name: &str, min: i64, max: i64) -> Result<Option<i64>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (min..=max).contains(number));
        let wrong = || {
            Problem::usage(format!("{name} is {text:.50?}, not a whole number from {min} to {max}"))
        };
        number.map(Some).ok_or_else(wrong)
    }
}
