//! The document of all routes, OpenAPI 3.1, made from their table.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::problem::{PROBLEM_JSON, Problem};
use super::routes::{ROUTES, Route};
use super::shape;
use crate::wire;

/// Where a field of a request stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
}

/// What a field of a request may be.
#[derive(Clone, Copy)]
enum Kind {
    /// 1 to 100 characters.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Number(i64, i64),
}

/// A field of the path, the query or the headers.
pub(super) struct Field {
    name: &'static str,
    place: Place,
    kind: Kind,
    summary: &'static str,
}

impl Field {
    pub(super) const fn path(name: &'static str, summary: &'static str) -> Field {
        Field { name, place: Place::Path, kind: Kind::Text, summary }
    }

    pub(super) const fn text(name: &'static str, summary: &'static str) -> Field {
        Field { name, place: Place::Query, kind: Kind::Text, summary }
    }

    pub(super) const fn header(name: &'static str, summary: &'static str) -> Field {
        Field { name, place: Place::Header, kind: Kind::Text, summary }
    }

    pub(super) const fn flag(name: &'static str, summary: &'static str) -> Field {
        Field { name, place: Place::Query, kind: Kind::Flag, summary }
    }

    pub(super) const fn number(
        name: &'static str,
        min: i64,
        max: i64,
        summary: &'static str,
    ) -> Field {
        Field { name, place: Place::Query, kind: Kind::Number(min, max), summary }
    }

    fn document(&self) -> Value {
        let schema = match (self.kind, self.place) {
            (Kind::Text, Place::Header) => {
                json!({ "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$" })
            }
            (Kind::Text, _) => json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
            (Kind::Flag, _) => json!({ "type": "boolean" }),
            (Kind::Number(min, max), _) => {
                json!({ "type": "integer", "minimum": min, "maximum": max })
            }
        };
        let place = match self.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
        };
        json!({
            "name": self.name,
            "in": place,
            "required": self.place == Place::Path,
            "description": self.summary,
            "schema": schema,
        })
    }
}

/// What a route answers.
pub(super) struct Answer {
    status: u16,
    summary: &'static str,
    media: Option<&'static str>,
    schema: Option<fn() -> Value>,
}

impl Answer {
    pub(super) const fn json(status: u16, summary: &'static str, schema: fn() -> Value) -> Answer {
        Answer { status, summary, media: Some("application/json"), schema: Some(schema) }
    }

    pub(super) const fn stream(
        status: u16,
        summary: &'static str,
        schema: fn() -> Value,
    ) -> Answer {
        Answer { status, summary, media: Some("text/event-stream"), schema: Some(schema) }
    }

    pub(super) const fn text(status: u16, summary: &'static str) -> Answer {
        Answer { status, summary, media: Some("text/plain"), schema: Some(stream_text) }
    }

    pub(super) const fn empty(status: u16, summary: &'static str) -> Answer {
        Answer { status, summary, media: None, schema: None }
    }
}

/// The schema of a shape.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().into()
}

pub(super) fn accepted() -> Value {
    schema_of::<shape::Accepted>()
}

pub(super) fn options_or_accepted() -> Value {
    json!({ "anyOf": [schema_of::<shape::Options>(), accepted()] })
}

pub(super) fn request_body() -> Value {
    wire::report_schema("requested")
}

pub(super) fn event_body() -> Value {
    wire::reports_schema()
}

pub(super) fn stream_text() -> Value {
    json!({ "type": "string" })
}

/// What can go wrong on any route, on those that read what is sent, and on those that may refuse.
const ALWAYS: &[(u16, &str)] = &[
    (400, "Something is wrong with what was sent."),
    (403, "The service was called by another name than that of this machine."),
    (429, "Too much is under way: come again."),
    (503, "It cannot be done now: come again."),
];
const WITH_BODY: &[(u16, &str)] =
    &[(413, "The body is too large."), (415, "The body is not said to be JSON.")];
const WITH_REFUSAL: &[(u16, &str)] = &[
    (409, "It cannot be as things are now."),
    (422, "It speaks of something that is not there, or the key was used for something else."),
];
const WITH_NAME: &[(u16, &str)] = &[(404, "Nothing has this id.")];

/// The document, OpenAPI 3.1.
pub fn document() -> Value {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route, &mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "rond",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Medical home visits: requests with priced options, a plan that goes \
                            on, stop lists. Times are RFC 3339 with the offset of Swedish time. \
                            Errors are problem+json with codes of docs/errors.md.",
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn operation(route: &Route, schemas: &mut Map<String, Value>) -> Value {
    let mut answers = Map::new();
    let mut wrong: Vec<(u16, &str)> = ALWAYS.to_vec();
    wrong.extend(if route.body.is_some() { WITH_BODY } else { &[] });
    wrong.extend(if route.may_be_refused { WITH_REFUSAL } else { &[] });
    wrong.extend(if route.names_something { WITH_NAME } else { &[] });
    wrong.sort_unstable();
    let problem = moved(schema_of::<Problem>(), "Problem", schemas);
    for (status, summary) in wrong {
        let mut answer = json!({
            "description": summary,
            "content": { PROBLEM_JSON: { "schema": problem } },
        });
        if [429, 503].contains(&status) {
            answer["headers"] = json!({
                "Retry-After": { "description": "Seconds.", "schema": { "type": "integer" } }
            });
        }
        answers.insert(status.to_string(), answer);
    }
    for answer in route.answers {
        let known = answers.entry(answer.status.to_string()).or_insert_with(|| json!({}));
        known["description"] = answer.summary.into();
        if let (Some(media), Some(schema)) = (answer.media, answer.schema) {
            let name = format!("{}_{}", route.name, answer.status);
            known["content"][media] = json!({ "schema": moved(schema(), &name, schemas) });
        }
    }
    let roles = route.roles.iter().map(|(role, area)| {
        json!({
            "role": role.name(), "area": area.name()
        })
    });
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.summary,
        "parameters": route.fields.iter().map(Field::document).collect::<Vec<_>>(),
        "responses": answers,
        "x-roles": roles.collect::<Vec<_>>(),
    });
    if let Some(body) = route.body {
        let schema = moved(body(), &format!("{}_body", route.name), schemas);
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema } },
        });
    }
    operation
}

/// Moves the definitions of a schema to those of the document, and returns what refers to it. Two
/// shapes of one name that are not the same would be a fault of ours, which a test finds.
fn moved(mut schema: Value, name: &str, schemas: &mut Map<String, Value>) -> Value {
    let own = schema.as_object_mut().and_then(|own| own.remove("$defs"));
    let mut definitions = match own {
        Some(Value::Object(definitions)) => definitions,
        _ => Map::new(),
    };
    for inner in schema.as_object_mut().into_iter().flat_map(|own| own.values_mut()) {
        // Schemas joined by `anyOf` bring definitions of their own.
        for one in inner.as_array_mut().into_iter().flatten() {
            let own = one.as_object_mut().and_then(|own| own.remove("$defs"));
            if let Some(Value::Object(more)) = own {
                definitions.extend(more);
            }
        }
    }
    for (name, mut definition) in definitions {
        point_to_components(&mut definition);
        schemas.insert(name, definition);
    }
    point_to_components(&mut schema);
    if let Some(own) = schema.as_object_mut() {
        own.remove("$schema");
    }
    let title = schema["title"].as_str().unwrap_or(name).to_owned();
    schemas.insert(title.clone(), schema);
    json!({ "$ref": format!("#/components/schemas/{title}") })
}

fn point_to_components(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => {
                        *target = target.replace("#/$defs/", "#/components/schemas/");
                    }
                    other => point_to_components(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_components),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_the_one_that_is_checked_in() {
        let text = format!("{:#}\n", document());
        let known = include_str!("../../docs/openapi.json");
        assert!(text == known, "docs/openapi.json is not what `rond schema api` prints now");
    }

    #[test]
    fn every_route_says_who_may_call_it_and_of_which_area() {
        for route in ROUTES {
            assert!(!route.roles.is_empty(), "{}", route.path);
            let is_of_patients = route.path.starts_with("/v1/");
            let sees_all = route.roles.iter().any(|(_, area)| area.name() == "everywhere");
            assert!(!(is_of_patients && sees_all), "{} shows patients to anybody", route.path);
        }
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document = document();
        let mut wanted = Vec::new();
        references(&document, &mut wanted);
        assert!(wanted.len() > 50);
        for target in wanted {
            let found = document.pointer(target.trim_start_matches('#'));
            assert!(found.is_some(), "{target}");
        }
    }

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(target) if name == "$ref" => found.push(target.clone()),
                        other => references(other, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
}
